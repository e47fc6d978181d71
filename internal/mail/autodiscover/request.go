package autodiscover

import (
	"bytes"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"signpost/internal/mail/address"
)

// MaxRequest is the largest request that is read, in bytes.
const MaxRequest = 64 << 10

// The reasons for refusing a request.
var (
	ErrTooLarge = errors.New("the request is larger than 64 KiB")
	ErrInvalid  = errors.New("the request has no e-mail address")       // CodeInvalid
	ErrSchema   = errors.New("the request asks for another schema")     // CodeSchema
	ErrAddress  = errors.New("the request's e-mail address is not one") // CodeAddress
)

// CodeOf returns the code to answer for an error of [ParseRequest].
func CodeOf(err error) Code {
	switch {
	case errors.Is(err, ErrSchema):
		return CodeSchema
	case errors.Is(err, ErrAddress):
		return CodeAddress
	default:
		return CodeInvalid
	}
}

// ParseRequest reads the body of a request and returns the address it asks
// for. An error is one of this package's.
func ParseRequest(body []byte) (address.Address, error) {
	if len(body) > MaxRequest {
		return address.Address{}, ErrTooLarge
	}
	text := decodeText(body)
	email, schema := fields(text)
	if schema != "" && !strings.EqualFold(schema, schemaOutlook) {
		return address.Address{}, ErrSchema
	}
	a, err := address.Parse(email)
	if err != nil {
		// A quoted "<x>"@example.com that was not escaped looks like an element.
		email = raw(text)
		if email == "" {
			return address.Address{}, ErrInvalid
		}
		if a, err = address.Parse(email); err != nil {
			return address.Address{}, ErrAddress
		}
	}
	return a, nil
}

// fields returns the text of the first EMailAddress and
// AcceptableResponseSchema, whatever their namespace and case.
func fields(text string) (email, schema string) {
	dec := xml.NewDecoder(strings.NewReader(text))
	dec.Strict = false // unescaped & and unknown entities stay as they are
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var into *string
	for {
		token, err := dec.Token()
		if err != nil {
			break
		}
		switch t := token.(type) {
		case xml.StartElement:
			into = nil
			switch strings.ToLower(t.Name.Local) {
			case "emailaddress":
				into = &email
			case "acceptableresponseschema":
				into = &schema
			}
			if into != nil && *into != "" {
				into = nil
			}
		case xml.EndElement:
			into = nil
		case xml.CharData:
			if into != nil {
				*into += string(t)
			}
		}
	}
	return strings.TrimSpace(email), strings.TrimSpace(schema)
}

// raw returns what stands between the tags of EMailAddress, with character
// references resolved, without reading it as XML.
func raw(text string) string {
	lower := asciiLower(text)
	start := strings.Index(lower, "emailaddress>")
	if start < 0 {
		return ""
	}
	start += len("emailaddress>")
	end := strings.Index(lower[start:], "emailaddress>")
	if end < 0 {
		return ""
	}
	inner := text[start : start+end]
	if i := strings.LastIndex(inner, "</"); i >= 0 {
		inner = inner[:i]
	}
	return strings.TrimSpace(html.UnescapeString(inner))
}

// asciiLower keeps every byte in its place, unlike strings.ToLower.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// decodeText returns the body as UTF-8, by what it is and not by what it
// declares.
func decodeText(body []byte) string {
	utf16 := unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	switch {
	case bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}):
		body = body[3:]
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}), bytes.HasPrefix(body, []byte{0xFF, 0xFE}), bytes.HasPrefix(body, []byte{0, '<'}):
		body = decoded(utf16.NewDecoder().Bytes(body))
	case bytes.HasPrefix(body, []byte{'<', 0}):
		body = decoded(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder().Bytes(body))
	}
	if !utf8.Valid(body) {
		body = decoded(charmap.Windows1252.NewDecoder().Bytes(body))
	}
	return string(body)
}

func decoded(b []byte, err error) []byte {
	if err != nil {
		return nil
	}
	return b
}
