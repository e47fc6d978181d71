package markdown

import (
	"net/url"
	"strings"

	"signpost/internal/problem"
)

// schemes are those that a link may have; all others, javascript: and data:
// among them, are refused.
var schemes = []string{"http", "https", "mailto", "tel"}

// schemeOf returns what stands before the first colon of a URL, with the
// colon, or "" for a path (RFC 3986 4.2).
func schemeOf(dest string) string {
	if i := strings.IndexAny(dest, ":/?#"); i >= 0 && dest[i] == ':' {
		return dest[:i+1]
	}
	return ""
}

// checkDestination finds what is wrong with a link whatever the site holds.
func checkDestination(dest string) error {
	shown := problem.Printable(typed(dest))
	if strings.HasPrefix(dest, "{{") {
		return nil // its value is checked when it is known
	}
	switch scheme := schemeOf(dest); {
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
	for _, s := range schemes {
		if strings.EqualFold(scheme, s+":") {
			return true
		}
	}
	return false
}

// checkPicture finds what is wrong with the file name of a picture.
func checkPicture(name string) error {
	shown := problem.Printable(typed(name))
	const hint = "put the file beside the article and write its name: ![Alt](step-1.png)"
	switch {
	case name == "":
		return Errorf(hint, "a picture has no file name")
	case schemeOf(name) != "", strings.HasPrefix(name, "/"), strings.ContainsAny(name, `?#\`),
		strings.Contains(name, "{{"), strings.Contains("/"+name+"/", "/../"),
		strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return Errorf(hint, "the picture %q is not a file beside the article", shown)
	}
	return nil
}

func picture(p place, r Resolver) (Image, error) {
	if err := checkPicture(p.text); err != nil {
		return Image{}, err
	}
	return r.Image(p.path, p.text)
}

// target is where a link leads.
type target struct {
	url   string // "" for text only
	title string // of the page
}

// reference reads a destination without variables. When it is a URL of its
// own, ok is false and url is set.
func reference(p place, dest string) (ref Ref, url string, ok bool) {
	ref = Ref{From: p.path, Kind: ByName}
	switch {
	case p.kind == kName:
	case schemeOf(dest) != "":
		return ref, encodeURL(dest), false
	case strings.HasPrefix(dest, "/"):
		ref.Kind = BySite
	default:
		ref.Kind = ByPath
	}
	target, fragment, _ := strings.Cut(dest, "#")
	ref.Target, ref.Fragment = decoded(target), decoded(fragment)
	return ref, "", true
}

func decoded(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// target resolves a link or name node. Fragments of the document itself are
// checked here.
func (d *Doc) target(p place, r Resolver, o *Options) (target, error) {
	dest := p.text
	if p.kind == kLink {
		var err error
		if dest, err = destination(p.text, r); err != nil {
			return target{}, err
		}
		if err := checkDestination(dest); err != nil {
			return target{}, err
		}
	}
	ref, external, ok := reference(p, dest)
	if !ok {
		return target{url: external}, nil
	}
	if ref.Target == "" {
		if !d.HasAnchor(ref.Fragment) {
			return target{}, Errorf(problem.DidYouMean(ref.Fragment, d.anchors), "this page has no anchor %q", ref.Fragment)
		}
		return target{url: o.here(ref.Fragment)}, nil
	}
	link, err := r.Link(ref)
	if err != nil {
		return target{}, err
	}
	t := target{title: link.Title}
	if link.Href != "" {
		if ref.Fragment != "" {
			link.Href += "#" + ref.Fragment
		}
		t.url = o.absolute(encodeURL(link.Href))
	}
	return t, nil
}

// destination puts values into a link. One that the link begins with is taken
// as it is, being a URL; others are parts of a URL, and escaped.
func destination(dest string, r Resolver) (string, error) {
	if !strings.Contains(dest, "{{") {
		return typed(dest), nil
	}
	first := strings.HasPrefix(dest, "{{")
	var err error
	out := substitute(dest, false, r.Value, func(v string) string {
		if first {
			first = false
			return strings.TrimSpace(v)
		}
		return escapePart(v)
	}, func(_ int, e error) {
		if err == nil {
			err = e
		}
	})
	if err == nil && strings.HasPrefix(out, "{{") {
		err = Errorf("", "the link %q is not an address", problem.Printable(out))
	}
	return out, err
}

const unreserved = "-._~@"

// escapePart escapes a value so that it is one part of a URL (RFC 3986 2.3).
func escapePart(s string) string {
	return percent(s, func(c byte) bool { return strings.IndexByte(unreserved, c) >= 0 })
}

// encodeURL escapes what cannot stand in a URL, and leaves its structure
// alone. A % that begins no escape is one itself.
func encodeURL(s string) string {
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

// absolute puts the site's address before a site-relative URL.
func (o *Options) absolute(url string) string {
	if o.Base == "" || !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") {
		return url
	}
	return strings.TrimSuffix(o.Base, "/") + url
}

// here returns the URL of an anchor of the document itself.
func (o *Options) here(fragment string) string {
	url := "#" + encodeURL(o.IDPrefix+fragment)
	if o.Base != "" && o.Self != "" {
		return o.absolute(encodeURL(o.Self)) + url
	}
	return url
}
