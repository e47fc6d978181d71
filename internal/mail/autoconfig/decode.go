package autoconfig

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// Decode reads a file, also one of another provider: spaces around values are
// taken off, unknown elements ignored. Files that declare another encoding than
// UTF-8 are read in it. A file with a document type declaration is refused, so
// that there are no entities to expand.
func Decode(src []byte) (*Config, error) {
	if len(src) > MaxSize {
		return nil, fmt.Errorf("autoconfig: the file has %d bytes; at most %d are read", len(src), MaxSize)
	}
	if len(bytes.TrimSpace(src)) == 0 {
		return nil, errors.New("autoconfig: the file is empty")
	}
	dec, err := decoder(src)
	if err != nil {
		return nil, err
	}
	var c Config
	for {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("autoconfig: this is not XML: %w", err)
		}
		if d, ok := token.(xml.Directive); ok && bytes.HasPrefix(bytes.ToUpper(d), []byte("DOCTYPE")) {
			return nil, errors.New("autoconfig: the file has a document type declaration (DTD), which is not read")
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "clientConfig" {
			return nil, fmt.Errorf("autoconfig: the root element is <%s>, not <clientConfig>", start.Name.Local)
		}
		if err := dec.DecodeElement(&c, &start); err != nil {
			return nil, fmt.Errorf("autoconfig: %w", err)
		}
		break
	}
	if err := atEnd(dec); err != nil {
		return nil, err
	}
	c.trim()
	return &c, nil
}

var (
	markUTF8    = []byte("\xEF\xBB\xBF")
	markUTF16BE = []byte("\xFE\xFF")
	markUTF16LE = []byte("\xFF\xFE")
)

// decoder reads XML in the encoding of its byte order mark or declaration; it
// is an error when the two do not agree.
func decoder(src []byte) (*xml.Decoder, error) {
	mark := ""
	switch {
	case bytes.HasPrefix(src, markUTF8):
		mark, src = "utf-8", src[len(markUTF8):]
	case bytes.HasPrefix(src, markUTF16BE), bytes.HasPrefix(src, markUTF16LE):
		text, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(src)
		if err != nil {
			return nil, fmt.Errorf("autoconfig: this is not UTF-16: %w", err)
		}
		mark, src = "utf-16", text
	}
	dec := xml.NewDecoder(bytes.NewReader(src))
	dec.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		name := strings.ToLower(label)
		switch {
		case mark == "utf-16" && strings.HasPrefix(name, "utf-16"):
			return in, nil
		case mark != "" && name != mark:
			return nil, fmt.Errorf("the file declares the encoding %s, but begins with the byte order mark of %s", label, strings.ToUpper(mark))
		case strings.HasPrefix(name, "utf-16"):
			return nil, fmt.Errorf("the file declares the encoding %s, but is not written in it", label)
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, fmt.Errorf("the encoding %q is not known", label)
		}
		if utf8.Valid(src) && hasMultibyte(src) {
			return nil, fmt.Errorf("the file declares the encoding %s, but is written in UTF-8", label)
		}
		return enc.NewDecoder().Reader(in), nil
	}
	return dec, nil
}

func hasMultibyte(src []byte) bool {
	return slices.ContainsFunc(src, func(b byte) bool { return b >= utf8.RuneSelf })
}

// atEnd refuses everything after the root element but space and comments.
func atEnd(dec *xml.Decoder) error {
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		text, isText := token.(xml.CharData)
		_, isComment := token.(xml.Comment)
		if err != nil || !isComment && (!isText || len(bytes.TrimSpace(text)) > 0) {
			return errors.New("autoconfig: trailing data after the document")
		}
	}
}

func (c *Config) trim() {
	p := &c.Provider
	for _, s := range []*string{&p.Name, &p.ShortName, &p.ID} {
		*s = strings.TrimSpace(*s)
	}
	for i := range p.Domains {
		p.Domains[i].Name = strings.TrimSpace(p.Domains[i].Name)
	}
	for _, list := range [][]Server{p.Incoming, p.Outgoing, c.Setup} {
		for i := range list {
			s := &list[i]
			for _, v := range []*string{&s.Host, &s.SocketType, &s.URL, &s.User} {
				*v = strings.TrimSpace(*v)
			}
			trimAuth(s.Auth)
		}
	}
	for _, list := range [][]URL{c.Calendar, c.AddressBook} {
		for i := range list {
			list[i].URL, list[i].User = strings.TrimSpace(list[i].URL), strings.TrimSpace(list[i].User)
			trimAuth(list[i].Auth)
		}
	}
	if o := c.OAuth2; o != nil {
		o.Issuer, o.Scope = strings.TrimSpace(o.Issuer), strings.TrimSpace(o.Scope)
	}
}

func trimAuth(list []Auth) {
	for i := range list {
		list[i].Name = strings.TrimSpace(list[i].Name)
	}
}

// ofServer are the elements that a server may have here.
var ofServer = []string{"hostname", "port", "socketType", "url", "authentication", "username"}

// taken are the elements whose contents Import can take over or names itself.
var taken = func() map[string]bool {
	known := map[string]bool{}
	for _, p := range []string{
		"emailProvider", "emailProvider/domain", "emailProvider/displayName", "emailProvider/displayShortName",
		"webMail", "webMail/loginPage", "oAuth2", "oAuth2/issuer", "oAuth2/scope",
	} {
		known[p] = true
	}
	for _, p := range []string{"emailProvider/incomingServer", "emailProvider/outgoingServer", "setupServer", "calendar", "addressbook"} {
		known[p] = true
		for _, e := range ofServer {
			known[p+"/"+e] = true
		}
	}
	for _, e := range []string{"pop3", "pop3/leaveMessagesOnServer", "pop3/daysToLeaveMessagesOnServer"} {
		known["emailProvider/incomingServer/"+e] = true
	}
	return known
}()

const maxUnread = 20 // elements that are named

// Unread returns the paths of the elements of a file that a provider
// description has no counterpart for, each once, such as
// "emailProvider/documentation".
func Unread(src []byte) []string {
	dec, err := decoder(src)
	if err != nil {
		return nil
	}
	var list, path []string
	for len(list) < maxUnread {
		token, err := dec.Token()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			path = append(path, t.Name.Local)
			p := strings.Join(path[1:], "/")
			if p == "" || taken[p] {
				continue
			}
			if !slices.Contains(list, p) {
				list = append(list, p)
			}
			if dec.Skip() != nil {
				return list
			}
			path = path[:len(path)-1]
		case xml.EndElement:
			path = path[:max(len(path)-1, 0)]
		}
	}
	return list
}
