package ticket

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // decoders for message.CharsetReader
	"golang.org/x/text/encoding/charmap"
)

// mail is what is taken from a message.
type mail struct {
	subject string
	from    string
	text    string
	hints   string // fields that name the mail program
	report  string // delivery reports (RFC 3464): looked at for codes only
}

var (
	fieldLine = regexp.MustCompile(`^[!-9;-~]+[ \t]*:`)
	// mailField is a field that hardly begins a sentence; one of them must be
	// there before a text is taken for a message.
	mailField = regexp.MustCompile(`(?i)^(from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|reply-to|x-[a-z-]+|dkim-signature|authentication-results)[ \t]*:`)
)

// splitMessage separates header and body. Lines of the header that are no
// fields are dropped, as is an mbox separator. It reports false when raw does
// not begin like a message.
func splitMessage(raw []byte) (header, body []byte, ok bool) {
	rest := bytes.TrimLeft(raw, "\r\n")
	known := 0
	var h bytes.Buffer
	for first := true; len(rest) > 0; first = false {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			if known == 0 {
				return nil, nil, false
			}
			h.WriteString("\r\n")
			return h.Bytes(), after, true
		case first && bytes.HasPrefix(line, []byte("From ")):
		case line[0] == ' ' || line[0] == '\t':
			if h.Len() == 0 {
				return nil, nil, false
			}
			writeLine(&h, line)
		case fieldLine.Match(line):
			if mailField.Match(line) {
				known++
			}
			writeLine(&h, line)
		case known == 0 || h.Len() == 0:
			return nil, nil, false
		case known < 2 && !fieldLine.Match(after):
			// "Subject: help" directly followed by prose.
			h.WriteString("\r\n")
			return h.Bytes(), rest, true
		}
		rest = after
	}
	if known < 2 {
		return nil, nil, false
	}
	h.WriteString("\r\n")
	return h.Bytes(), nil, true
}

func writeLine(h *bytes.Buffer, line []byte) {
	h.Write(line)
	h.WriteString("\r\n")
}

// readMail decodes a message. Only the limits are errors.
func readMail(header, body []byte) (mail, error) {
	e, err := message.Read(io.MultiReader(bytes.NewReader(header), bytes.NewReader(body)))
	if e == nil {
		return mail{text: toUTF8(body)}, nil
	}
	w := walker{}
	m := mail{
		subject: decoded(e, "Subject"),
		from:    decoded(e, "Reply-To") + "\n" + decoded(e, "From"),
		hints:   decoded(e, "User-Agent") + "\n" + decoded(e, "X-Mailer"),
	}
	if message.IsUnknownEncoding(err) {
		m.text = toUTF8(body)
		return m, nil
	}
	m.text, err = w.text(e, 1)
	m.report = w.report.String()
	if err == nil && strings.TrimSpace(m.text) == "" && w.parts <= 1 && strings.HasPrefix(mediaType(e), "multipart/") {
		m.text = toUTF8(body) // a multipart without its boundary
	}
	return m, err
}

func decoded(e *message.Entity, field string) string {
	if s, err := e.Header.Text(field); err == nil {
		return toUTF8([]byte(s))
	}
	return toUTF8([]byte(e.Header.Get(field)))
}

func mediaType(e *message.Entity) string {
	t, _, err := e.Header.ContentType()
	if err != nil && t == "" {
		// A damaged field, as in "text/html; charset": the type itself still counts.
		t, _, _ = strings.Cut(strings.ToLower(e.Header.Get("Content-Type")), ";")
		t = strings.TrimSpace(t)
	}
	if t == "" {
		return "text/plain"
	}
	return t
}

// A walker counts the parts of one message.
type walker struct {
	parts  int
	report bytes.Buffer
}

// text returns the readable text of an entity and everything in it.
func (w *walker) text(e *message.Entity, depth int) (string, error) {
	w.parts++
	switch {
	case w.parts > MaxParts:
		return "", ErrTooManyParts
	case depth > MaxDepth:
		return "", ErrTooDeep
	}
	switch t := mediaType(e); {
	case strings.HasPrefix(t, "multipart/"):
		return w.multipart(e, t, depth)
	case t == "message/rfc822" || t == "message/global":
		return w.attached(e, depth)
	case t == "message/delivery-status" || t == "message/global-delivery-status":
		w.report.Write(readBody(e))
		w.report.WriteByte('\n')
		return "", nil
	case strings.HasPrefix(t, "text/") && isAttachment(e):
		return "", nil
	case t == "text/html" || t == "application/xhtml+xml":
		return htmlText(toUTF8(readBody(e))), nil
	case t == "text/plain" || t == "text/enriched" || t == "text/markdown" || t == "text":
		return toUTF8(readBody(e)), nil
	}
	return "", nil
}

// multipart joins the texts of its parts; of alternatives, the plain text is
// taken, unless it only says that there is a better one.
func (w *walker) multipart(e *message.Entity, kind string, depth int) (string, error) {
	r := e.MultipartReader()
	if r == nil {
		return toUTF8(readBody(e)), nil
	}
	var plain, rich string
	var all []string
	for {
		part, err := r.NextPart()
		if part == nil {
			// The end, or damage: what has been read so far is kept.
			break
		}
		if message.IsUnknownEncoding(err) {
			w.parts++
			continue
		}
		s, err := w.text(part, depth+1)
		if err != nil {
			return "", err
		}
		if t := mediaType(part); t == "text/plain" && plain == "" {
			plain = s
		} else if strings.TrimSpace(s) != "" {
			rich = s
		}
		if strings.TrimSpace(s) != "" {
			all = append(all, s)
		}
	}
	if kind == "multipart/alternative" {
		if letters(plain) >= 20 || letters(plain)*3 >= letters(rich) {
			return plain, nil
		}
		return rich, nil
	}
	return strings.Join(all, "\n\n"), nil
}

// attached reads a message inside a message. Its text is what the customer
// forwards; its delivery report, if it is one, is read for codes.
func (w *walker) attached(e *message.Entity, depth int) (string, error) {
	inner, err := message.Read(bufio.NewReader(e.Body))
	if inner == nil || message.IsUnknownEncoding(err) {
		return "", nil
	}
	s, err := w.text(inner, depth+1)
	if err != nil {
		return "", err
	}
	return "-----Original Message-----\nFrom: …\nSubject: " + decoded(inner, "Subject") + "\n\n" + s, nil
}

func isAttachment(e *message.Entity) bool {
	d, _, err := e.Header.ContentDisposition()
	return err == nil && d == "attachment"
}

// readBody returns what could be decoded; damage ends the text early. The size
// of the message bounds it: no transfer encoding expands.
func readBody(e *message.Entity) []byte {
	b, err := io.ReadAll(io.LimitReader(e.Body, 4*MaxBytes))
	if err != nil && len(b) == 0 && errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return b
}

// letters counts the bytes that are no white space.
func letters(s string) int {
	n := 0
	for _, f := range strings.Fields(s) {
		n += len(f)
	}
	return n
}

// toUTF8 returns text as valid UTF-8; other bytes are read as Windows-1252,
// what undeclared 8-bit mail nearly always is.
func toUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(s)
}
