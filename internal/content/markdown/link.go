package markdown

import (
	"net/url"
	"strings"

	"signpost/internal/content/markdown/syntax"
	"signpost/internal/problem"
)

func picture(p place, r Resolver) (Image, error) {
	if err := syntax.CheckPicture(p.Text); err != nil {
		return Image{}, err
	}
	return r.Image(p.path, p.Text)
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
	case p.Kind == syntax.Name:
	case syntax.SchemeOf(dest) != "":
		return ref, syntax.EncodeURL(dest), false
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
	dest := p.Text
	if p.Kind == syntax.Link {
		var err error
		if dest, err = destination(p.Text, r); err != nil {
			return target{}, err
		}
		if err := syntax.CheckDestination(dest); err != nil {
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
	t := target{title: link.Title}
	if err != nil {
		return t, err
	}
	if link.Href != "" {
		if ref.Fragment != "" {
			link.Href += "#" + ref.Fragment
		}
		t.url = o.absolute(syntax.EncodeURL(link.Href))
	}
	return t, nil
}

// destination puts values into a link. One that the link begins with is taken
// as it is, being a URL; others are parts of a URL, and escaped.
func destination(dest string, r Resolver) (string, error) {
	if !strings.Contains(dest, "{{") {
		return syntax.Typed(dest), nil
	}
	first := strings.HasPrefix(dest, "{{")
	var err error
	out := substitute(dest, false, r.Value, func(v string) string {
		if first {
			first = false
			return strings.TrimSpace(v)
		}
		return syntax.EscapePart(v)
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

// absolute puts the site's address before a site-relative URL.
func (o *Options) absolute(url string) string {
	if o.Base == "" || !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") {
		return url
	}
	return strings.TrimSuffix(o.Base, "/") + url
}

// here returns the URL of an anchor of the document itself.
func (o *Options) here(fragment string) string {
	url := "#" + syntax.EncodeURL(o.IDPrefix+fragment)
	if o.Base != "" && o.Self != "" {
		return o.absolute(syntax.EncodeURL(o.Self)) + url
	}
	return url
}
