package message

import (
	"bytes"
	"mime"
	"regexp"
	"strings"

	"github.com/emersion/go-message"
)

var (
	fieldLine = regexp.MustCompile(`^[!-9;-~]{1,200}[ \t]{0,20}:`)
	// mailField is a field that hardly begins a sentence; one of them must be
	// there before a text is taken for a message.
	mailField = regexp.MustCompile(`(?i)^(from|to|subject|date|received|return-path|message-id|mime-version|content-type|delivered-to|reply-to|x-[a-z-]{1,80}|dkim-signature|authentication-results)[ \t]{0,20}:`)
)

// split separates header and body. Lines of the header that are no
// fields are dropped, as is an mbox separator. It reports false when raw does
// not begin like a message.
func split(raw []byte) (header, body []byte, ok bool) {
	rest := bytes.TrimLeft(raw, "\r\n")
	known := 0
	var h bytes.Buffer
	for first := true; len(rest) > 0; first = false {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		line = bytes.TrimRight(line, "\r")
		field := fieldLine.Match(line[:min(len(line), 300)])
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
		case field:
			if mailField.Match(line[:min(len(line), 300)]) {
				known++
			}
			writeLine(&h, line)
		case known == 0 || h.Len() == 0:
			return nil, nil, false
		case known < 2 && !fieldLine.Match(after[:min(len(after), 300)]):
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

func decoded(e *message.Entity, field string) string {
	if s, err := e.Header.Text(field); err == nil {
		return toUTF8([]byte(s))
	}
	return toUTF8([]byte(e.Header.Get(field)))
}

// contentType reads the field of that name, as leniently as mail programs do:
// comments, parameters without quotes or values, bytes beyond ASCII (RFC 2045,
// section 5.1, is what the strict reader wants). Without one it is text/plain.
func contentType(field string) (kind string, params map[string]string) {
	if t, p, err := mime.ParseMediaType(field); err == nil && strings.Contains(t, "/") {
		return t, p
	}
	params = map[string]string{}
	for i, piece := range splitParams(withoutComments(field)) {
		if i == 0 {
			kind = strings.ToLower(strings.TrimSpace(piece))
			if f := strings.Fields(kind); len(f) > 0 {
				kind = f[0]
			}
			continue
		}
		name, value, ok := strings.Cut(piece, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		if name != "boundary" {
			if f := strings.Fields(value); len(f) > 0 && name == "charset" {
				value = strings.Trim(f[0], `"'`)
			}
		}
		if ok && name != "" && params[name] == "" {
			params[name] = value
		}
	}
	switch {
	case kind == "text":
		kind = "text/plain"
	case kind == "" || !strings.Contains(kind, "/"):
		kind = "text/plain"
	}
	return kind, params
}

// withoutComments drops what is in brackets outside quotes (RFC 5322, section 3.2.2).
func withoutComments(s string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted && i+1 < len(s):
			b.WriteString(s[i : i+2])
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
			b.WriteByte(c)
		case c == '(' && !quoted:
			depth++
		case c == ')' && !quoted && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// splitParams cuts at semicolons outside quotes.
func splitParams(s string) []string {
	var out []string
	quoted, from := false, 0
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ';' && !quoted:
			out = append(out, s[from:i])
			from = i + 1
		}
	}
	return append(out, s[from:])
}

// transferEncoding reads Content-Transfer-Encoding; what is unknown means none.
func transferEncoding(field string) string {
	switch e := strings.ToLower(strings.TrimSpace(withoutComments(field))); {
	case strings.HasPrefix(e, "base64"), strings.HasPrefix(e, "\"base64"):
		return "base64"
	case strings.HasPrefix(e, "quoted-printable"), strings.HasPrefix(e, "\"quoted-printable"):
		return "quoted-printable"
	}
	return "8bit"
}
