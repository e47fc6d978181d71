package message

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
	atom.Header: true, atom.Footer: true, atom.Main: true, atom.Aside: true, atom.Center: true, atom.Form: true, atom.Fieldset: true,
	atom.Td: true, atom.Th: true, atom.Tbody: true, atom.Body: true, atom.Html: true,
}

// inRow are blocks that stay on the line of what is before them.
var inRow = map[atom.Atom]bool{atom.Td: true, atom.Th: true, atom.Tbody: true, atom.Body: true, atom.Html: true}

// void elements have no end (HTML Living Standard, section 13.1.2).
var void = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

// silent elements have no text for people.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Head: true, atom.Title: true, atom.Template: true, atom.Noscript: true, atom.Svg: true,
}

// regions are classes, ids and names by which mail programs tell what an
// element is for. A value that holds one counts, as forwarding puts "x_" before it.
var regions = []struct {
	value string
	mark  Mark
}{
	{"gmail_attr", Intro},
	{"moz-cite-prefix", Intro},
	{"reply-intro", Intro},
	{"gmail_signature", Signature},
	{"moz-signature", Signature},
	{"ms-outlook-mobile-signature", Signature},
	{"applemailsignature", Signature},
	{"protonmail_signature_block", Signature},
	{"gmail_quote", Cited},
	{"yahoo_quoted", Cited},
	{"protonmail_quote", Cited},
	{"tutanota_quote", Cited},
	{"zmail_extra", Cited},
	{"mail-editor-reference-message-container", Cited},
	{"divrplyfwdmsg", Head},
	{"__headers__", Head},
}

// An element is one that is open, with what holds inside it.
type element struct {
	atom  atom.Atom
	mark  Mark
	quote int
	zero  bool // the letters have no size
	pre   bool
}

// An htmlWriter turns tokens into lines.
type htmlWriter struct {
	lines  []Line
	line   strings.Builder
	mark   Mark // of the line
	quote  int
	open   []element
	count  map[atom.Atom]int // of open elements
	silent int               // open elements without text for people
	after  Mark              // marks of everything that follows
}

// htmlLines returns the lines of an HTML mail. It works on tokens, so that
// depth costs nothing.
func htmlLines(source string) []Line {
	z := html.NewTokenizer(strings.NewReader(source))
	w := &htmlWriter{count: map[atom.Atom]int{}}
	for {
		switch z.Next() {
		case html.ErrorToken:
			w.flush()
			return w.lines
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

// top is the innermost open element.
func (w *htmlWriter) top() element {
	if n := len(w.open); n > 0 {
		return w.open[n-1]
	}
	return element{}
}

func (w *htmlWriter) start(t html.Token) {
	a := t.DataAtom
	if blocks[a] && a != atom.Html && w.count[atom.Head] > 0 {
		w.end(atom.Head) // a head without its end
	}
	switch {
	case a == atom.P || a == atom.Li || a == atom.Tr || a == atom.Td || a == atom.Th:
		w.implied(a)
	case a == atom.Hr:
		w.flush()
		w.line.WriteString("----")
	}
	if inRow[a] {
		w.line.WriteByte(' ')
	} else if blocks[a] {
		w.flush()
	}
	if void[a] {
		return
	}
	e := w.top()
	e.atom = a
	e.pre = e.pre || a == atom.Pre
	e.read(t)
	if e.mark&Head != 0 && w.top().mark&Head == 0 {
		w.after |= Head
	}
	if silent[a] {
		w.silent++
	}
	w.open = append(w.open, e)
	w.count[a]++
}

// read takes what the attributes of an element say.
func (e *element) read(t html.Token) {
	if t.DataAtom == atom.Blockquote {
		e.quote++
	}
	for _, attr := range t.Attr {
		v := strings.ToLower(attr.Val)
		switch attr.Key {
		case "class", "id", "data-marker", "data-smartmail":
			for _, r := range regions {
				if strings.Contains(v, r.value) {
					e.mark |= r.mark
				}
			}
			if attr.Key == "id" && strings.TrimPrefix(v, "x_") == "signature" {
				e.mark |= Signature
			}
		case "name":
			if v == "quote" && t.DataAtom == atom.Div { // web.de, GMX
				e.mark |= Cited
			}
		case "type":
			if v == "cite" && t.DataAtom == atom.Blockquote {
				e.mark |= Cited
			}
		case "hidden":
			e.mark |= Hidden
		case "style":
			e.style(strings.ReplaceAll(v, " ", ""))
		}
	}
	// What somebody indented with a button is a quote only by its shape.
	if t.DataAtom == atom.Blockquote && e.mark&Cited != 0 && indented(t) {
		e.mark &^= Cited
	}
}

func indented(t html.Token) bool {
	for _, attr := range t.Attr {
		if v := strings.ReplaceAll(strings.ToLower(attr.Val), " ", ""); attr.Key == "style" && (strings.Contains(v, "border:none") || strings.Contains(v, "margin:00040px")) {
			return true
		}
	}
	return false
}

// style reads the declarations that hide text.
func (e *element) style(css string) {
	for d := range strings.SplitSeq(css, ";") {
		name, value, _ := strings.Cut(d, ":")
		value = strings.TrimSuffix(value, "!important")
		switch name {
		case "display":
			if value == "none" {
				e.mark |= Hidden
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				e.mark |= Hidden
			}
		case "mso-hide":
			if value == "all" {
				e.mark |= Hidden
			}
		case "opacity":
			if strings.Trim(value, "0.%") == "" && value != "" {
				e.mark |= Hidden
			}
		case "max-height", "max-width":
			if zeroSize(value) {
				e.mark |= Hidden
			}
		case "font-size":
			e.zero = zeroSize(value)
		}
	}
}

// zeroSize reports whether a CSS length is nothing: "0", "0px", "0.0em".
func zeroSize(v string) bool {
	number := strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz%")
	return number != "" && strings.Trim(number, "0.") == ""
}

// implied ends an element that the next of its kind ends, as <p> ends a <p>.
func (w *htmlWriter) implied(a atom.Atom) {
	if w.count[a] == 0 {
		return
	}
	for i := len(w.open) - 1; i >= max(0, len(w.open)-searched); i-- {
		switch e := w.open[i].atom; {
		case e == a || a == atom.Td && e == atom.Th || a == atom.Th && e == atom.Td:
			w.pop(i)
			return
		case blocks[e]:
			return
		}
	}
}

// searched bounds the open elements that are looked at for an end tag of an
// element inside a line.
const searched = 64

func (w *htmlWriter) end(a atom.Atom) {
	if blocks[a] && !inRow[a] {
		w.flush()
	}
	if w.count[a] == 0 {
		return
	}
	for i := len(w.open) - 1; i >= 0; i-- {
		e := w.open[i].atom
		if e == a {
			w.pop(i)
			return
		}
		if !blocks[a] && !silent[a] && (blocks[e] || len(w.open)-i > searched) {
			return // wrongly nested: the outer element goes on
		}
	}
}

// pop closes the open elements from the i-th on.
func (w *htmlWriter) pop(i int) {
	for _, e := range w.open[i:] {
		w.count[e.atom]--
		if silent[e.atom] {
			w.silent--
		}
	}
	w.open = w.open[:i]
}

func (w *htmlWriter) text(s string) {
	if w.silent > 0 {
		return
	}
	e := w.top()
	if strings.TrimSpace(s) != "" {
		m := e.mark | w.after
		if e.zero {
			m |= Hidden
		}
		if w.line.Len() > 0 && (m^w.mark)&Hidden != 0 && strings.TrimSpace(w.line.String()) != "" {
			w.flush() // what is hidden is a line of its own
		}
		w.mark, w.quote = w.mark|m, max(w.quote, e.quote)
	}
	if e.pre {
		for i, l := range strings.Split(s, "\n") {
			if i > 0 {
				w.flush()
				w.mark, w.quote = e.mark|w.after, e.quote
			}
			w.line.WriteString(l)
		}
		return
	}
	w.line.WriteString(flat.Replace(s))
}

var flat = strings.NewReplacer("\r", " ", "\n", " ")

// flush ends the current line. An empty element leaves an empty line, which
// separates paragraphs.
func (w *htmlWriter) flush() {
	text := strings.Join(strings.Fields(w.line.String()), " ")
	if text == "" || text == "----" {
		e := w.top()
		w.mark, w.quote = e.mark|w.after, e.quote
	}
	w.lines = append(w.lines, Line{normalize(text), w.quote, w.mark})
	w.line.Reset()
	w.mark, w.quote = 0, 0
}
