package markdown

import (
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
)

// HTML renders the document. What cannot be resolved is shown as a marker.
func (d *Doc) HTML(r Resolver, o Options) template.HTML {
	w := htmlWriter{d: d, r: orNothing(r), o: o.filled()}
	if d.root != nil {
		w.blocks(place{d.root, d.Path, nil}, false)
	}
	return template.HTML(w.b.String()) //nolint:gosec // every piece was escaped
}

type htmlWriter struct {
	b strings.Builder
	d *Doc
	r Resolver
	o *Options
}

// raw writes pieces of markup; every text among them has been escaped.
func (w *htmlWriter) raw(pieces ...string) {
	for _, p := range pieces {
		w.b.WriteString(p)
	}
}

// text writes text and values.
func (w *htmlWriter) text(s string) {
	pieces(s, false, func(l string) { w.raw(html.EscapeString(l)) }, func(v Variable) {
		value, err := lookup(w.r.Value, v)
		if err != nil {
			w.problem(v.String(), err)
			return
		}
		w.raw(html.EscapeString(value))
	}, func(string, int) {})
}

// problem marks what could not be resolved.
func (w *htmlWriter) problem(shown string, err error) {
	w.raw(`<mark class="problem" title="`, html.EscapeString(err.Error()), `">`, html.EscapeString(shown), `</mark>`)
}

// attribute returns text and values for an attribute.
func (w *htmlWriter) attribute(s string) string {
	return html.EscapeString(fill(s, w.r))
}

// fill returns a text with its values; those that do not exist stay as typed.
func fill(s string, r Resolver) string {
	return substitute(s, false, r.Value, verbatim, func(int, error) {})
}

func (w *htmlWriter) id(p place) string { return html.EscapeString(w.o.IDPrefix + p.id()) }

func (w *htmlWriter) blocks(p place, tight bool) {
	for i, c := range p.children {
		if tight && i > 0 && c.kind == kParagraph {
			w.raw("\n")
		}
		w.block(p.inside(c), tight)
	}
}

func (w *htmlWriter) block(p place, tight bool) {
	switch p.kind {
	case kHeading:
		w.heading(p)
	case kParagraph:
		if tight {
			w.inlines(p)
			return
		}
		w.raw("<p>")
		w.inlines(p)
		w.raw("</p>\n")
	case kQuote:
		w.raw("<blockquote>\n")
		w.blocks(p, false)
		w.raw("</blockquote>\n")
	case kAlert:
		w.raw(`<div class="alert alert-`, p.text, `" role="note">`, "\n", `<p class="alert-title">`, html.EscapeString(w.o.alert(p.text)), "</p>\n")
		w.blocks(p, false)
		w.raw("</div>\n")
	case kList, kOrdered:
		w.list(p)
	case kCode:
		w.raw("<pre><code>")
		w.text(p.text)
		w.raw("\n</code></pre>\n")
	case kRawBlock:
		w.raw("<p>", strings.ReplaceAll(html.EscapeString(typed(p.text)), "\n", "<br>\n"), "</p>\n")
	case kRule:
		w.raw("<hr>\n")
	case kTable:
		w.table(p)
	case kPlatform:
		w.platform(p)
	case kFigure:
		w.figure(p)
	case kInclude:
		w.blocks(p, tight)
	case kSettings:
		w.settings(p)
	case kProfile:
		w.profile()
	}
}

func (w *htmlWriter) heading(p place) {
	tag := "h" + strconv.Itoa(int(p.level))
	w.raw("<", tag, ` id="`, w.id(p), `">`)
	w.inlines(p)
	w.anchor(p, fmt.Sprintf(w.o.Texts.SectionLink, plain(p.children, w.r)))
	w.raw("</", tag, ">\n")
}

func (w *htmlWriter) anchor(p place, label string) {
	if !w.o.NoAnchors {
		w.raw(`<a class="anchor" href="`, html.EscapeString(w.o.here(p.id())), `" aria-label="`, html.EscapeString(label), `">#</a>`)
	}
}

func (w *htmlWriter) list(p place) {
	tag, attributes := "ul", ""
	if p.kind == kOrdered {
		tag = "ol"
		if len(p.children) > 0 && p.children[0].step() > 0 {
			attributes = ` class="steps"`
		}
		if p.level != 1 {
			attributes += fmt.Sprintf(` start="%d"`, p.level)
		}
	}
	w.raw("<", tag, attributes, ">\n")
	for _, item := range p.children {
		item := p.inside(item)
		if n := item.step(); n > 0 {
			w.raw(`<li id="`, w.id(item), `">`)
			w.anchor(item, fmt.Sprintf(w.o.Texts.StepLink, n))
		} else {
			w.raw("<li>")
		}
		w.blocks(item, p.tight)
		w.raw("</li>\n")
	}
	w.raw("</", tag, ">\n")
}

func (w *htmlWriter) table(p place) {
	w.raw(`<div class="table" tabindex="0"><table>`, "\n")
	for i, row := range p.children {
		tag := "td"
		switch i {
		case 0:
			tag = "th"
			w.raw("<thead>\n")
		case 1:
			w.raw("<tbody>\n")
		}
		w.raw("<tr>")
		for _, cell := range row.children {
			w.raw("<", tag, [...]string{"", ` class="right"`, ` class="center"`}[cell.level], ">")
			w.inlines(p.inside(cell))
			w.raw("</", tag, ">")
		}
		w.raw("</tr>\n")
		if i == 0 {
			w.raw("</thead>\n")
		}
	}
	if len(p.children) > 1 {
		w.raw("</tbody>\n")
	}
	w.raw("</table></div>\n")
}

func (w *htmlWriter) platform(p place) {
	if !p.shown(w.o.Platform) {
		return
	}
	words := p.node.platforms()
	w.raw(`<section class="platform" id="`, w.id(p), `" data-platform="`, strings.Join(words, " "), `">`, "\n",
		`<p class="platform-name">`, html.EscapeString(w.o.on(words)), "</p>\n")
	w.blocks(p, false)
	w.raw("</section>\n")
}

func (w *htmlWriter) figure(p place) {
	img := p.inside(p.children[0])
	w.raw("<figure>")
	w.image(img)
	if img.title() != "" {
		w.raw("<figcaption>")
		w.text(img.title())
		w.raw("</figcaption>")
	}
	w.raw("</figure>\n")
}

func (w *htmlWriter) image(p place) {
	alt := plain(p.children, w.r)
	img, err := picture(p, w.r)
	if err != nil {
		w.problem(alt, err)
		return
	}
	w.raw(`<img src="`, html.EscapeString(w.o.absolute(encodeURL(img.Src))), `" alt="`, html.EscapeString(alt), `"`)
	if img.Width > 0 && img.Height > 0 {
		w.raw(fmt.Sprintf(` width="%d" height="%d"`, img.Width, img.Height))
	}
	w.raw(` loading="lazy">`)
}

func (w *htmlWriter) settings(p place) {
	s, err := w.r.Settings(p.text, p.title())
	if err != nil {
		w.raw("<p>")
		w.problem(directiveText(p.node), err)
		w.raw("</p>\n")
		return
	}
	w.raw(`<div class="table settings" tabindex="0"><table>`, "\n")
	if s.Caption != "" {
		w.raw("<caption>", html.EscapeString(s.Caption), "</caption>\n")
	}
	w.raw("<tbody>\n")
	for _, row := range s.Rows {
		value := html.EscapeString(row.Value)
		if row.Copy {
			value = `<code class="copy" data-copy="` + value + `">` + value + "</code>"
		}
		w.raw(`<tr><th scope="row">`, html.EscapeString(row.Label), "</th><td>", value, "</td></tr>\n")
	}
	w.raw("</tbody>\n</table></div>\n")
}

func (w *htmlWriter) profile() {
	p, err := w.r.Profile()
	if err != nil {
		w.raw("<p>")
		w.problem("{{profile}}", err)
		w.raw("</p>\n")
		return
	}
	w.raw(`<p class="profile"><a class="button" href="`, html.EscapeString(w.o.absolute(encodeURL(p.Href))), `">`, html.EscapeString(p.Text), "</a></p>\n")
}

var inlineTags = map[kind]string{kEmphasis: "em", kStrong: "strong", kStrike: "del"}

func (w *htmlWriter) inlines(p place) {
	for _, c := range p.children {
		w.inline(p.inside(c))
	}
}

func (w *htmlWriter) inline(p place) {
	switch p.kind {
	case kText:
		w.text(p.text)
	case kSoftBreak:
		w.raw("\n")
	case kHardBreak:
		w.raw("<br>\n")
	case kEmphasis, kStrong, kStrike:
		w.raw("<", inlineTags[p.kind], ">")
		w.inlines(p)
		w.raw("</", inlineTags[p.kind], ">")
	case kCodeSpan:
		w.raw("<code>")
		w.text(p.text)
		w.raw("</code>")
	case kLink, kName:
		w.link(p)
	case kImage:
		w.image(p)
	case kKeys:
		for i, key := range strings.Split(p.text, "+") {
			if i > 0 {
				w.raw("+")
			}
			w.raw("<kbd>")
			w.text(key)
			w.raw("</kbd>")
		}
	case kRaw:
		w.raw(html.EscapeString(typed(p.text)))
	}
}

func (w *htmlWriter) link(p place) {
	t, err := w.d.target(p, w.r, w.o)
	switch {
	case err != nil:
		w.problem(linkText(p, t, w.r), err)
		return
	case t.url != "":
		w.raw(`<a href="`, html.EscapeString(t.url), `"`)
		if title := p.title(); title != "" {
			w.raw(` title="`, w.attribute(title), `"`)
		}
		w.raw(">")
	}
	if p.kind == kName {
		w.raw(html.EscapeString(linkText(p, t, w.r)))
	} else {
		w.inlines(p)
	}
	if t.url != "" {
		w.raw("</a>")
	}
}

// linkText returns the plain text of a link.
func linkText(p place, t target, r Resolver) string {
	switch {
	case p.kind == kLink:
		return plain(p.children, r)
	case t.title != "":
		return t.title
	}
	return p.text
}

// plain returns the text of inlines with their values.
func plain(inlines []*node, r Resolver) string { return fill(plainTree(inlines), r) }

func directiveText(n *node) string {
	s := "{{settings " + n.text
	if n.title() != "" {
		s += " for " + n.title()
	}
	return s + "}}"
}
