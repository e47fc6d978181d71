package markdown

import (
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"

	"signpost/internal/content/markdown/syntax"
)

// HTML renders the document. A value that cannot be resolved is marked as it
// was typed; a link or picture leaves its text. Why is for [Doc.Check] to say:
// strangers read this.
func (d *Doc) HTML(r Resolver, o Options) template.HTML {
	w := htmlWriter{d: d, r: orNothing(r), o: o.filled()}
	if d.root != nil {
		w.blocks(place{d.root, d.Path, nil}, false)
	}
	return template.HTML(w.b.String())
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
	syntax.Pieces(s, false, func(l string) { w.raw(html.EscapeString(l)) }, func(v syntax.Variable) {
		value, err := syntax.Value(w.r.Value, v)
		if err != nil {
			w.unresolved(v.String())
			return
		}
		w.raw(html.EscapeString(value))
	}, func(string, int) {})
}

// unresolved marks what has no value.
func (w *htmlWriter) unresolved(typed string) {
	w.raw(`<mark class="problem">`, html.EscapeString(typed), `</mark>`)
}

// fill returns a text with its values; those that do not exist stay as typed.
func fill(s string, r Resolver) string {
	return substitute(s, false, r.Value, verbatim, func(int, error) {})
}

func (w *htmlWriter) id(p place) string { return html.EscapeString(w.o.IDPrefix + p.ID()) }

func (w *htmlWriter) blocks(p place, tight bool) {
	for i, c := range p.Children {
		if tight && i > 0 && c.Kind == syntax.Paragraph {
			w.raw("\n")
		}
		w.block(p.inside(c), tight)
	}
}

func (w *htmlWriter) block(p place, tight bool) {
	switch p.Kind {
	case syntax.Heading:
		w.heading(p)
	case syntax.Paragraph:
		if tight {
			w.inlines(p)
			return
		}
		w.raw("<p>")
		w.inlines(p)
		w.raw("</p>\n")
	case syntax.Quote:
		w.raw("<blockquote>\n")
		w.blocks(p, false)
		w.raw("</blockquote>\n")
	case syntax.Alert:
		w.raw(`<div class="alert alert-`, p.Text, `" role="note">`, "\n", `<p class="alert-title">`, html.EscapeString(w.o.alert(p.Text)), "</p>\n")
		w.blocks(p, false)
		w.raw("</div>\n")
	case syntax.List, syntax.Ordered:
		w.list(p)
	case syntax.Code:
		w.raw("<pre><code>")
		w.text(p.Text)
		w.raw("\n</code></pre>\n")
	case syntax.RawBlock:
		w.raw("<p>", strings.ReplaceAll(html.EscapeString(syntax.Typed(p.Text)), "\n", "<br>\n"), "</p>\n")
	case syntax.Rule:
		w.raw("<hr>\n")
	case syntax.Table:
		w.table(p)
	case syntax.Platform:
		w.platform(p)
	case syntax.Figure:
		w.figure(p)
	case syntax.Include:
		w.blocks(p, tight)
	case syntax.Settings:
		w.settings(p)
	case syntax.Profile:
		w.profile()
	}
}

func (w *htmlWriter) heading(p place) {
	tag := "h" + strconv.Itoa(int(p.Level))
	w.raw("<", tag, ` id="`, w.id(p), `">`)
	w.inlines(p)
	w.anchor(p, fmt.Sprintf(w.o.Texts.SectionLink, plain(p.Children, w.r)))
	w.raw("</", tag, ">\n")
}

func (w *htmlWriter) anchor(p place, label string) {
	if !w.o.NoAnchors {
		w.raw(`<a class="anchor" href="`, html.EscapeString(w.o.here(p.ID())), `" aria-label="`, html.EscapeString(label), `">#</a>`)
	}
}

func (w *htmlWriter) list(p place) {
	tag, attributes := "ul", ""
	if p.Kind == syntax.Ordered {
		tag = "ol"
		if len(p.Children) > 0 && p.Children[0].ID() != "" {
			attributes = ` class="steps"`
		}
		if p.Level != 1 {
			attributes += fmt.Sprintf(` start="%d"`, p.Level)
		}
	}
	w.raw("<", tag, attributes, ">\n")
	for _, item := range p.Children {
		item := p.inside(item)
		if item.ID() != "" {
			w.raw(`<li id="`, w.id(item), `">`)
			w.anchor(item, fmt.Sprintf(w.o.Texts.StepLink, item.Step()))
		} else {
			w.raw("<li>")
		}
		w.blocks(item, p.Tight)
		w.raw("</li>\n")
	}
	w.raw("</", tag, ">\n")
}

func (w *htmlWriter) table(p place) {
	w.raw(`<div class="table" tabindex="0"><table>`, "\n")
	for i, row := range p.Children {
		tag := "td"
		switch i {
		case 0:
			tag = "th"
			w.raw("<thead>\n")
		case 1:
			w.raw("<tbody>\n")
		}
		w.raw("<tr>")
		for _, cell := range row.Children {
			w.raw("<", tag, [...]string{"", ` class="right"`, ` class="center"`}[cell.Level], ">")
			w.inlines(p.inside(cell))
			w.raw("</", tag, ">")
		}
		w.raw("</tr>\n")
		if i == 0 {
			w.raw("</thead>\n")
		}
	}
	if len(p.Children) > 1 {
		w.raw("</tbody>\n")
	}
	w.raw("</table></div>\n")
}

func (w *htmlWriter) platform(p place) {
	if !shown(p.Node, w.o.Platform) {
		return
	}
	words := p.Node.Platforms()
	w.raw(`<section class="platform" id="`, w.id(p), `" data-platform="`, strings.Join(words, " "), `">`, "\n",
		`<p class="platform-name">`, html.EscapeString(w.o.on(words)), "</p>\n")
	w.blocks(p, false)
	w.raw("</section>\n")
}

func (w *htmlWriter) figure(p place) {
	img := p.inside(p.Children[0])
	w.raw("<figure>")
	w.image(img)
	if img.Title() != "" {
		w.raw("<figcaption>")
		w.text(img.Title())
		w.raw("</figcaption>")
	}
	w.raw("</figure>\n")
}

func (w *htmlWriter) image(p place) {
	alt := plain(p.Children, w.r)
	img, err := picture(p, w.r)
	if err != nil || w.o.NoImages {
		w.raw(html.EscapeString(alt))
		return
	}
	w.raw(`<img src="`, html.EscapeString(w.o.absolute(syntax.EncodeURL(img.Src))), `" alt="`, html.EscapeString(alt), `"`)
	if img.Width > 0 && img.Height > 0 {
		w.raw(fmt.Sprintf(` width="%d" height="%d"`, img.Width, img.Height))
	}
	w.raw(` loading="lazy">`)
}

func (w *htmlWriter) settings(p place) {
	s, err := w.r.Settings(p.Text, p.Title())
	if err != nil {
		w.raw("<p>")
		w.unresolved(directiveText(p.Node))
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
		w.unresolved("{{profile}}")
		w.raw("</p>\n")
		return
	}
	w.raw(`<p class="profile"><a class="button" href="`, html.EscapeString(w.o.absolute(syntax.EncodeURL(p.Href))), `">`, html.EscapeString(p.Text), "</a></p>\n")
}

var inlineTags = map[syntax.Kind]string{syntax.Emphasis: "em", syntax.Strong: "strong", syntax.Strike: "del"}

func (w *htmlWriter) inlines(p place) {
	for _, c := range p.Children {
		w.inline(p.inside(c))
	}
}

func (w *htmlWriter) inline(p place) {
	switch p.Kind {
	case syntax.Text:
		w.text(p.Text)
	case syntax.SoftBreak:
		w.raw("\n")
	case syntax.HardBreak:
		w.raw("<br>\n")
	case syntax.Emphasis, syntax.Strong, syntax.Strike:
		w.raw("<", inlineTags[p.Kind], ">")
		w.inlines(p)
		w.raw("</", inlineTags[p.Kind], ">")
	case syntax.CodeSpan:
		w.raw("<code>")
		w.text(p.Text)
		w.raw("</code>")
	case syntax.Link, syntax.Name:
		w.link(p)
	case syntax.Image:
		w.image(p)
	case syntax.Keys:
		for i, key := range strings.Split(p.Text, "+") {
			if i > 0 {
				w.raw("+")
			}
			w.raw("<kbd>")
			w.text(key)
			w.raw("</kbd>")
		}
	case syntax.Raw:
		w.raw(html.EscapeString(syntax.Typed(p.Text)))
	}
}

func (w *htmlWriter) link(p place) {
	t, _ := w.d.target(p, w.r, w.o) // without a target its text is left
	if t.url != "" {
		w.raw(`<a href="`, html.EscapeString(t.url), `"`)
		if title := p.Title(); title != "" {
			w.raw(` title="`, html.EscapeString(fill(title, w.r)), `"`)
		}
		w.raw(">")
	}
	if p.Kind == syntax.Name {
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
	case p.Kind == syntax.Link:
		return plain(p.Children, r)
	case t.title != "":
		return t.title
	}
	return p.Text
}

// plain returns the text of inlines with their values.
func plain(inlines []*syntax.Node, r Resolver) string { return fill(syntax.PlainText(inlines), r) }

func directiveText(n *syntax.Node) string {
	s := "{{settings " + n.Text
	if n.Title() != "" {
		s += " for " + n.Title()
	}
	return s + "}}"
}
