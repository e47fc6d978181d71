package ticket

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// blocks end the line before and after them.
var blocks = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Br: true, atom.Tr: true, atom.Li: true, atom.Ul: true, atom.Ol: true,
	atom.Table: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Pre: true, atom.Hr: true, atom.Blockquote: true, atom.Section: true, atom.Article: true, atom.Dt: true, atom.Dd: true,
}

// silent elements have no text for people.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Template: true, atom.Noscript: true, atom.Svg: true,
}

// quoteMarks are classes and ids that mail programs put around what is quoted.
var quoteMarks = []string{"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "divrplyfwdmsg", "zmail_extra"}

// An htmlWriter turns tokens into lines; quoted ones begin with ">".
type htmlWriter struct {
	out    strings.Builder
	line   strings.Builder
	quoted []atom.Atom // open elements from the outermost quote inwards
	silent []atom.Atom
	pre    int
}

// htmlText returns the text of an HTML mail. It works on tokens, so that depth
// costs nothing.
func htmlText(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	w := &htmlWriter{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			w.flush()
			return w.out.String()
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken:
			w.start(z.Token())
		case html.SelfClosingTagToken:
			if t := z.Token(); blocks[t.DataAtom] {
				w.flush()
			}
		case html.EndTagToken:
			w.end(z.Token().DataAtom)
		}
	}
}

func (w *htmlWriter) start(t html.Token) {
	a := t.DataAtom
	if blocks[a] {
		w.flush()
	}
	switch {
	case len(w.silent) > 0 && a == w.silent[0]:
		w.silent = append(w.silent, a)
	case len(w.silent) == 0 && silent[a]:
		w.silent = append(w.silent, a)
	case a == atom.Pre:
		w.pre++
	case a == atom.Td || a == atom.Th:
		w.line.WriteByte(' ')
	}
	// Inside a quote only elements of its own kind are counted: that is enough
	// to find its end, however badly the rest is nested.
	if len(w.quoted) > 0 && a == w.quoted[0] || len(w.quoted) == 0 && beginsQuote(t) {
		w.quoted = append(w.quoted, a)
	}
}

func (w *htmlWriter) end(a atom.Atom) {
	if blocks[a] {
		w.flush()
	}
	if len(w.silent) > 0 && a == w.silent[0] {
		w.silent = w.silent[1:]
	}
	if len(w.quoted) > 0 && a == w.quoted[0] {
		w.quoted = w.quoted[1:]
	}
	if a == atom.Pre && w.pre > 0 {
		w.pre--
	}
}

func beginsQuote(t html.Token) bool {
	if t.DataAtom == atom.Blockquote {
		return true
	}
	if t.DataAtom != atom.Div && t.DataAtom != atom.Table && t.DataAtom != atom.Section {
		return false
	}
	for _, attr := range t.Attr {
		if attr.Key != "class" && attr.Key != "id" {
			continue
		}
		v := strings.ToLower(attr.Val)
		for _, mark := range quoteMarks {
			if strings.Contains(v, mark) {
				return true
			}
		}
	}
	return false
}

func (w *htmlWriter) text(s string) {
	if len(w.silent) > 0 {
		return
	}
	if w.pre > 0 {
		for i, l := range strings.Split(s, "\n") {
			if i > 0 {
				w.flush()
			}
			w.line.WriteString(l)
		}
		return
	}
	w.line.WriteString(strings.NewReplacer("\r", " ", "\n", " ").Replace(s))
}

// flush ends the current line. An empty element leaves an empty line, which
// separates paragraphs.
func (w *htmlWriter) flush() {
	if len(w.quoted) > 0 {
		w.out.WriteString("> ")
	}
	w.out.WriteString(strings.Join(strings.Fields(w.line.String()), " "))
	w.out.WriteByte('\n')
	w.line.Reset()
}
