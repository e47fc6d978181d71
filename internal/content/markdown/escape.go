package markdown

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

var entity = regexp.MustCompile(`^&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});`)

// unescape resolves backslash escapes and entities (CommonMark 2.4, 2.5).
func unescape(b []byte) string {
	if !bytes.ContainsAny(b, `\&`) {
		return string(b)
	}
	var s strings.Builder
	for i := 0; i < len(b); i++ {
		switch {
		case bytes.HasPrefix(b[i:], []byte(`\{\{`)):
			s.WriteString(braces)
			i += 3
		case b[i] == '\\' && i+1 < len(b) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", b[i+1]) >= 0:
			i++
			s.WriteByte(b[i])
		case b[i] == '&':
			m := entity.Find(b[i:])
			if m == nil {
				s.WriteByte('&')
				continue
			}
			s.WriteString(character(string(m)))
			i += len(m) - 1
		default:
			s.WriteByte(b[i])
		}
	}
	return s.String()
}

// character returns what an entity stands for. One that stands for a control
// character is one for the replacement character.
func character(entity string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0x7f || r >= 0xFDD0 && r <= 0xFDEF {
			return '\uFFFD'
		}
		return r
	}, html.UnescapeString(entity))
}
