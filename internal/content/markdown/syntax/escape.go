package syntax

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
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
			s.WriteString(Braces)
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

// Escape keeps text from being read as Markdown; in a row of a table, also
// from ending a cell. It does not look at what begins a line: [EscapeStart].
func Escape(s string, inRow bool) string {
	var b strings.Builder
	before := ' '
	for i, r := range s {
		switch r {
		case '\\', '`', '*', '[', ']', '<', '~':
			b.WriteByte('\\')
		case '|':
			if inRow {
				b.WriteByte('\\')
			}
		case '_':
			after, _ := utf8.DecodeRuneInString(s[i+1:])
			if !letter(before) || !letter(after) {
				b.WriteByte('\\')
			}
		case '&':
			if entity.MatchString(s[i:]) {
				b.WriteByte('\\')
			}
		case '\n':
			r = ' '
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

var (
	startMark   = regexp.MustCompile(`^\s*(?:[-+>=#:]|~~~)`)
	startNumber = regexp.MustCompile(`^(\s*[0-9]{1,9})([.)](?:\s|$))`)
)

// EscapeStart keeps a line of text from being read as a heading or list item.
func EscapeStart(line string) string {
	if at := startMark.FindStringIndex(line); at != nil {
		trimmed := strings.TrimLeft(line, " \t")
		return `\` + trimmed
	}
	return startNumber.ReplaceAllString(line, `$1\$2`)
}

// LongestRun returns the length of the longest run of c.
func LongestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		run++
		if s[i] != c {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// EscapeURL writes a URL as the destination of a link (CommonMark 6.3).
func EscapeURL(url string) string {
	var b strings.Builder
	for i := range len(url) {
		switch {
		case url[i] == '(' || url[i] == ')':
			b.WriteByte('\\')
		case url[i] == '&' && entity.MatchString(url[i:]):
			b.WriteString("&amp;")
			continue
		}
		b.WriteByte(url[i])
	}
	return b.String()
}

// EscapeTitle writes the title of a link, for double quotes.
func EscapeTitle(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "&", "&amp;").Replace(s)
}
