package syntax

import (
	"strings"

	"signpost/internal/problem"
)

// Schemes are those that a link may have; all others, javascript: and data:
// among them, are refused.
var Schemes = []string{"http", "https", "mailto", "tel"}

// SchemeOf returns what stands before the first colon of a URL, with the
// colon, or "" for a path (RFC 3986 4.2).
func SchemeOf(dest string) string {
	if i := strings.IndexAny(dest, ":/?#"); i >= 0 && dest[i] == ':' {
		return dest[:i+1]
	}
	return ""
}

// CheckDestination finds what is wrong with a link whatever the site holds.
func CheckDestination(dest string) error {
	shown := problem.Printable(Typed(dest))
	if strings.HasPrefix(dest, "{{") {
		return nil // its value is checked when it is known
	}
	switch scheme := SchemeOf(dest); {
	case dest == "":
		return Errorf("write the address in brackets: [text](../spam-filter/en.md)", "a link leads nowhere")
	case strings.ContainsFunc(dest, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }):
		return Errorf("write %20 for a space", "the link %q has characters that no address can have", shown)
	case strings.HasPrefix(dest, "//"):
		return Errorf("begin with https://", "the link %q does not say how to get there", shown)
	case scheme != "" && !allowed(scheme):
		return Errorf("links may begin with https://, http://, mailto: or tel:", "the link %q is not allowed", shown)
	}
	return nil
}

func allowed(scheme string) bool {
	for _, s := range Schemes {
		if strings.EqualFold(scheme, s+":") {
			return true
		}
	}
	return false
}

// CheckPicture finds what is wrong with the file name of a picture.
func CheckPicture(name string) error {
	shown := problem.Printable(Typed(name))
	const hint = "put the file beside the article and write its name: ![Alt](step-1.png)"
	switch {
	case name == "":
		return Errorf(hint, "a picture has no file name")
	case SchemeOf(name) != "", strings.HasPrefix(name, "/"), strings.ContainsAny(name, `?#\`),
		strings.Contains(name, "{{"), strings.Contains("/"+name+"/", "/../"),
		strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return Errorf(hint, "the picture %q is not a file beside the article", shown)
	}
	return nil
}

const unreserved = "-._~@"

// EscapePart escapes a value so that it is one part of a URL (RFC 3986 2.3).
func EscapePart(s string) string {
	return percent(s, func(c byte) bool { return strings.IndexByte(unreserved, c) >= 0 })
}

// EncodeURL escapes what cannot stand in a URL, and leaves its structure
// alone. A % that begins no escape is one itself.
func EncodeURL(s string) string {
	isHex := func(i int) bool { return i < len(s) && strings.IndexByte("0123456789abcdefABCDEF", s[i]) >= 0 }
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '%' && !(isHex(i+1) && isHex(i+2)) {
			b.WriteString("25")
		}
	}
	return percent(b.String(), func(c byte) bool { return strings.IndexByte(unreserved+"!$&'()*+,;=:/?#[]%", c) >= 0 })
}

func percent(s string, keep func(byte) bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', keep(c):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
