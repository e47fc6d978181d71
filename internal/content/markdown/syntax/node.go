// Package syntax reads the body of a Markdown file into a tree of blocks and
// inlines. It is where goldmark lives, and where everything is refused that
// would make a small file slow or large.
//
// [Parse] is all that package markdown needs to read; the rest is what reading
// and writing have in common: values ([Pieces]), anchors, destinations, escapes.
// The syntax is described in package markdown, whose callers use it alone.
package syntax

import (
	"iter"
	"strings"
)

// Kind says what a node is.
type Kind uint8

// The kinds. A comment says what a node holds besides its children.
const (
	Document  Kind = iota
	Heading        // Level, ID
	Paragraph      //
	Quote          //
	Alert          // Text: note, tip, warning
	List           // Tight
	Ordered        // Tight, Level: number of the first item
	Item           //
	Code           // Text
	Rule           //
	RawBlock       // Text: HTML as typed
	Table          // rows, the first of them the header
	Row            //
	Cell           // Level: AlignRight, AlignCenter or 0
	Platform       // Platforms
	Condition      // Offers: one of them is enough; Level 1: none of them may be
	Figure         // one Image
	Include        // Text: name; once expanded, More.Path and the part's blocks
	Settings       // Text: service, Title: client
	Profile        //
	Text           // Text
	SoftBreak      // a line end
	HardBreak      //
	Emphasis       //
	Strong         //
	Strike         //
	CodeSpan       // Text
	Link           // Text: destination, Title
	Image          // Text: file name, Title: caption; children: alternative text
	Name           // Text: "1042" or "apple-mail#step-3"
	Keys           // Text: "Ctrl+K"
	Raw            // Text: HTML as typed
)

// How the text of a cell is aligned.
const (
	AlignRight  = 1
	AlignCenter = 2
)

// A Node is a block or an inline. Its texts hold variables as {{name}} (with
// "^" for spaces) and literal braces as [Braces].
type Node struct {
	Kind     Kind
	Tight    bool // of a list: its paragraphs have no space between them
	Level    int32
	Line     int32 // of the file
	Text     string
	Children []*Node
	More     *More
}

// More is what only few nodes have.
type More struct {
	ID        string // anchor of a heading, step or platform block
	Title     string // of a link, caption of an image
	Platforms []string
	Offers    []string // that a condition names
	Before    bool     // of a condition: no empty line is before it
	After     bool     // of a condition: no empty line is after it
	Path      string   // of the part that an include stands for
	Number    int      // of a step
	explicit  bool     // the author has chosen the id
}

// Extra returns n.More, making it when there is none.
func (n *Node) Extra() *More {
	if n.More == nil {
		n.More = &More{}
	}
	return n.More
}

func (n *Node) rest() More {
	if n.More == nil {
		return More{}
	}
	return *n.More
}

// ID returns the node's anchor, or "".
func (n *Node) ID() string { return n.rest().ID }

// Title returns the title of a link, caption of an image or client of settings.
func (n *Node) Title() string { return n.rest().Title }

// Platforms returns the platforms of a platform block.
func (n *Node) Platforms() []string { return n.rest().Platforms }

// Offers returns what a condition names.
func (n *Node) Offers() []string { return n.rest().Offers }

// Step returns the number of an item that is a step.
func (n *Node) Step() int { return n.rest().Number }

// All yields the node and everything below it, in order.
func (n *Node) All() iter.Seq[*Node] {
	return func(yield func(*Node) bool) { n.each(yield) }
}

func (n *Node) each(yield func(*Node) bool) bool {
	if !yield(n) {
		return false
	}
	for _, c := range n.Children {
		if !c.each(yield) {
			return false
		}
	}
	return true
}

// Typed returns a text of the tree as the author typed it.
func Typed(s string) string {
	if !strings.Contains(s, "{{") && !strings.Contains(s, Braces) {
		return s
	}
	var b strings.Builder
	Pieces(s, false, func(l string) { b.WriteString(l) }, func(v Variable) { b.WriteString(v.String()) }, func(string, int) {})
	return b.String()
}

// PlainText returns the text of inlines as it is in the tree.
func PlainText(inlines []*Node) string {
	var b strings.Builder
	for _, root := range inlines {
		for n := range root.All() {
			switch n.Kind {
			case Text, CodeSpan, Keys, Raw, Name:
				b.WriteString(n.Text)
			case SoftBreak, HardBreak:
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}
