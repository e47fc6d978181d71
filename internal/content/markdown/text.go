package markdown

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"signpost/internal/content/markdown/syntax"
)

// Text renders the document as plain text, for replies, feeds and .txt: steps
// keep their numbers, links become "text (URL)".
func (d *Doc) Text(r Resolver, o Options) string { return d.lines(r, o, false) }

// Markdown renders the document as CommonMark (tables as GFM): values
// substituted, parts in place, nothing that only this package understands.
func (d *Doc) Markdown(r Resolver, o Options) string { return d.lines(r, o, true) }

func (d *Doc) lines(r Resolver, o Options, md bool) string {
	w := textWriter{d: d, r: orNothing(r), o: o.filled(), md: md}
	w.width = w.o.Width
	if d.root == nil {
		return ""
	}
	if s := w.blocks(place{d.root, d.Path, nil}, "\n\n"); s != "" {
		return s + "\n"
	}
	return ""
}

// textWriter writes plain text, or Markdown. Blocks are strings without a line
// end; what contains them indents them.
type textWriter struct {
	d         *Doc
	r         Resolver
	o         *Options
	md        bool
	bare      bool // no marks of lists and quotations: for search
	width     int  // that is left for the text; 0 for no limit
	inRow     bool
	otherMark bool
}

func (w *textWriter) blocks(p place, between string) string {
	var out []string
	var last syntax.Kind
	other := false
	for _, c := range p.Children {
		other = w.md && last == c.Kind && (c.Kind == syntax.List || c.Kind == syntax.Ordered) && !other
		w.otherMark = other // keeps two lists apart
		s := w.block(p.inside(c))
		if s != "" {
			last = c.Kind
			out = append(out, s)
		}
	}
	return strings.Join(out, between)
}

func (w *textWriter) block(p place) string {
	switch p.Kind {
	case syntax.Heading:
		return w.heading(p)
	case syntax.Paragraph:
		return w.paragraph(w.inlines(p))
	case syntax.Quote:
		return w.indented("> ", "> ", func() string { return w.blocks(p, "\n\n") })
	case syntax.Alert:
		return w.alert(p)
	case syntax.List, syntax.Ordered:
		return w.list(p)
	case syntax.Code:
		return w.code(fill(p.Text, w.r))
	case syntax.RawBlock:
		return w.literal(syntax.Typed(p.Text))
	case syntax.Rule:
		switch {
		case w.md:
			return "---"
		case w.bare:
			return ""
		}
		return "* * *"
	case syntax.Table:
		return w.table(p)
	case syntax.Platform:
		if !shown(p.Node, w.o.Platform) {
			return ""
		}
		return w.strong(w.o.on(p.Node.Platforms())) + "\n\n" + w.blocks(p, "\n\n")
	case syntax.Figure:
		return w.figure(p)
	case syntax.Include:
		return w.blocks(p, "\n\n")
	case syntax.Settings:
		return w.settings(p)
	case syntax.Profile:
		return w.profile()
	}
	return ""
}

// paragraph finishes running text: wraps it, and keeps Markdown from reading
// its first characters as a list or heading.
func (w *textWriter) paragraph(s string) string {
	s = strings.TrimSpace(s)
	if !w.md {
		return wrap(s, w.width)
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = syntax.EscapeStart(l)
	}
	return strings.Join(lines, "\n")
}

func (w *textWriter) heading(p place) string {
	s := strings.Join(strings.Fields(w.inlines(p)), " ")
	switch {
	case s == "":
		return ""
	case w.md:
		if strings.HasSuffix(s, "#") {
			s = s[:len(s)-1] + `\#`
		}
		return strings.Repeat("#", int(p.Level)) + " " + s
	case p.Level <= 2:
		return s + "\n" + strings.Repeat([]string{"=", "-"}[max(p.Level, 1)-1], min(utf8.RuneCountInString(s), 72))
	}
	return s
}

// strong is a short line that stands for a heading.
func (w *textWriter) strong(s string) string {
	if w.md {
		return "**" + w.escape(s) + "**"
	}
	return s + ":"
}

// indented puts prefixes before the first and the other lines of what f
// returns, and leaves less room for it.
func (w *textWriter) indented(first, rest string, f func() string) string {
	if w.bare {
		return f()
	}
	width := w.width
	if w.width > 0 {
		w.width = max(w.width-utf8.RuneCountInString(rest), 24)
	}
	s := f()
	w.width = width
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		prefix := rest
		if i == 0 {
			prefix = first
		}
		lines[i] = strings.TrimRight(prefix+l, " ")
	}
	return strings.Join(lines, "\n")
}

func (w *textWriter) alert(p place) string {
	title := w.o.alert(p.Text)
	body := func() string {
		s := w.blocks(p, "\n\n")
		if w.md {
			return strings.TrimSpace("**" + w.escape(title) + "**\n\n" + s)
		}
		return strings.TrimSpace(title + ":\n" + s)
	}
	return w.indented("> ", "> ", body)
}

func (w *textWriter) list(p place) string {
	between := "\n\n"
	if p.Tight {
		between = "\n"
	}
	bullet, number := "- ", "%d. "
	if w.otherMark {
		bullet, number = "* ", "%d) "
	}
	var items []string
	for i, c := range p.Children {
		mark := bullet
		if p.Kind == syntax.Ordered {
			mark = fmt.Sprintf(number, int(p.Level)+i)
		}
		item := p.inside(c)
		items = append(items, w.indented(mark, strings.Repeat(" ", len(mark)), func() string {
			if p.Tight {
				return w.tightItem(item)
			}
			return w.blocks(item, "\n\n")
		}))
	}
	return strings.Join(items, between)
}

// tightItem writes an item without empty lines where they are not needed.
func (w *textWriter) tightItem(item place) string {
	var b strings.Builder
	for i, c := range item.Children {
		s := w.block(item.inside(c))
		if i > 0 && s != "" {
			b.WriteByte('\n')
			if c.Kind != syntax.List && c.Kind != syntax.Ordered {
				b.WriteByte('\n')
			}
		}
		b.WriteString(s)
	}
	return b.String()
}

func (w *textWriter) code(s string) string {
	if w.md {
		fence := strings.Repeat("`", max(3, syntax.LongestRun(s, '`')+1))
		return fence + "\n" + s + "\n" + fence
	}
	return w.indented("    ", "    ", func() string { return s })
}

// literal writes lines of text as they are.
func (w *textWriter) literal(s string) string {
	if !w.md {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = syntax.EscapeStart(w.escape(strings.TrimSpace(l)))
	}
	return strings.Join(lines, "\\\n")
}

func (w *textWriter) figure(p place) string {
	img := p.inside(p.Children[0])
	if w.md {
		return w.image(img)
	}
	s := w.image(img)
	if caption := fill(img.Title(), w.r); caption != "" {
		s += "\n" + caption
	}
	return s
}

func (w *textWriter) image(p place) string {
	alt := plain(p.Children, w.r)
	switch {
	case !w.md && w.o.Texts.Picture == "":
		return alt
	case !w.md:
		return "[" + w.o.Texts.Picture + ": " + alt + "]"
	}
	img, err := picture(p, w.r)
	if err != nil {
		return w.escape(alt)
	}
	title := ""
	if p.Title() != "" {
		title = ` "` + syntax.EscapeTitle(fill(p.Title(), w.r)) + `"`
	}
	return "![" + w.escape(alt) + "](" + syntax.EscapeURL(w.o.absolute(syntax.EncodeURL(img.Src))) + title + ")"
}

func (w *textWriter) settings(p place) string {
	s, err := w.r.Settings(p.Text, p.Title())
	if err != nil {
		return w.escape(directiveText(p.Node))
	}
	var lines []string
	for _, row := range s.Rows {
		value := w.escape(row.Value)
		if row.Copy {
			value = w.codeSpan(row.Value)
		}
		label := w.escape(row.Label) + ": "
		if w.md {
			label = "- " + label
		}
		lines = append(lines, label+value)
	}
	if s.Caption != "" {
		lines = append([]string{w.strong(s.Caption), ""}, lines...)
	}
	return strings.Join(lines, "\n")
}

func (w *textWriter) profile() string {
	p, err := w.r.Profile()
	if err != nil {
		return w.escape("{{profile}}")
	}
	return w.linked(w.escape(p.Text), w.o.absolute(syntax.EncodeURL(p.Href)), "")
}

func (w *textWriter) inlines(p place) string {
	var b strings.Builder
	for _, c := range p.Children {
		b.WriteString(w.inline(p.inside(c)))
	}
	return b.String()
}

func (w *textWriter) inline(p place) string {
	switch p.Kind {
	case syntax.Text:
		return w.escape(fill(p.Text, w.r))
	case syntax.SoftBreak:
		if w.md && !w.inRow {
			return "\n"
		}
		return " "
	case syntax.HardBreak:
		switch {
		case w.inRow:
			return " "
		case w.md:
			return "\\\n"
		}
		return "\n"
	case syntax.Emphasis:
		return w.marked("*", w.inlines(p))
	case syntax.Strong:
		return w.marked("**", w.inlines(p))
	case syntax.Strike:
		if !w.md {
			return "~" + w.inlines(p) + "~"
		}
		return w.marked("~~", w.inlines(p))
	case syntax.CodeSpan:
		return w.codeSpan(fill(p.Text, w.r))
	case syntax.Link, syntax.Name:
		return w.link(p)
	case syntax.Image:
		return w.image(p)
	case syntax.Keys:
		return w.marked("**", w.escape(fill(p.Text, w.r)))
	case syntax.Raw:
		return w.escape(syntax.Typed(p.Text))
	}
	return ""
}

func (w *textWriter) marked(mark, s string) string {
	if !w.md || strings.TrimSpace(s) == "" {
		return s
	}
	return mark + s + mark
}

func (w *textWriter) link(p place) string {
	t, err := w.d.target(p, w.r, w.o)
	text := w.escape(linkText(p, t, w.r))
	if p.Kind == syntax.Link {
		text = w.inlines(p)
	}
	if err != nil || t.url == "" {
		return text
	}
	return w.linked(text, t.url, fill(p.Title(), w.r))
}

// linked writes a link. In plain text, the URL is left out where it says
// nothing new, or leads nowhere outside of the page.
func (w *textWriter) linked(text, url, title string) string {
	if w.md {
		if title == "" && (text == w.escape(url) || "mailto:"+text == w.escape(url)) && !strings.ContainsAny(url, "&") && syntax.SchemeOf(url) != "" {
			return "<" + strings.TrimPrefix(url, "mailto:") + ">"
		}
		if title != "" {
			title = ` "` + syntax.EscapeTitle(title) + `"`
		}
		return "[" + text + "](" + syntax.EscapeURL(url) + title + ")"
	}
	bare := strings.TrimPrefix(strings.TrimPrefix(url, "mailto:"), "tel:")
	switch {
	case w.o.NoURLs, strings.HasPrefix(url, "#"), bare == text, strings.TrimPrefix(url, "https://") == text:
		return text
	case text == "":
		return bare
	}
	return text + " (" + bare + ")"
}
