package markdown

import (
	"iter"
	"path"
	"slices"
	"strings"
)

// A File is one parsed body, without the parts that it includes.
type File struct {
	Path string
	root *node
	size int // bytes of the body
}

// kind says what a node is.
type kind uint8

const (
	kDocument kind = iota
	kHeading
	kParagraph
	kQuote
	kAlert // text: note, tip, warning
	kList
	kOrdered // level: number of the first item
	kItem
	kCode // text
	kRule
	kRawBlock // text
	kTable
	kRow
	kCell       // level: alignment
	kPlatform   // more.platforms
	kFigure     // one kImage
	kInclude    // text: name; in a Doc, more.path and the part's blocks
	kSettings   // text: service, more.title: client
	kProfile    // {{profile}}
	kText       // text
	kSoftBreak  // a line end
	kHardBreak  // <br>
	kEmphasis   //
	kStrong     //
	kStrike     //
	kCodeSpan   // text
	kLink       // text: destination
	kImage      // text: file name, more.title: caption, children: alternative text
	kName       // text: "1042" or "apple-mail#step-3"
	kKeys       // text: "Ctrl+K"
	kRaw        // text
	alignRight  = 1
	alignCenter = 2
)

// A node is a block or an inline of the tree. Its texts hold variables as
// {{name}} (with "^" for spaces) and literal braces as [braces].
type node struct {
	kind     kind
	tight    bool // of a list: its paragraphs have no space between them
	level    int32
	line     int32
	text     string
	children []*node
	more     *more
}

// more is what only few nodes have.
type more struct {
	id        string // anchor of a heading, step or platform block
	explicit  bool   // the author has chosen the id
	title     string // of a link, caption of an image
	platforms []string
	path      string // of the part that an include stands for
	number    int    // of a step
}

func (n *node) extra() *more {
	if n.more == nil {
		n.more = &more{}
	}
	return n.more
}

func (n *node) id() string {
	if n.more == nil {
		return ""
	}
	return n.more.id
}

func (n *node) title() string {
	if n.more == nil {
		return ""
	}
	return n.more.title
}

func (n *node) platforms() []string {
	if n.more == nil {
		return nil
	}
	return n.more.platforms
}

func (n *node) step() int {
	if n.more == nil {
		return 0
	}
	return n.more.number
}

// all yields the node and everything below it, in order.
func (n *node) all() iter.Seq[*node] {
	return func(yield func(*node) bool) { n.each(yield) }
}

func (n *node) each(yield func(*node) bool) bool {
	if !yield(n) {
		return false
	}
	for _, c := range n.children {
		if !c.each(yield) {
			return false
		}
	}
	return true
}

// Empty reports whether the file has no body.
func (f *File) Empty() bool { return f == nil || f.root == nil || len(f.root.children) == 0 }

// Includes returns the names of the parts that the file includes itself, in
// order, with repeats.
func (f *File) Includes() []string {
	var names []string
	if f.Empty() {
		return names
	}
	for n := range f.root.all() {
		if n.kind == kInclude {
			names = append(names, n.text)
		}
	}
	return names
}

// Literals yields every piece of text that the author typed (text, code, link
// destinations, alternative texts, captions) with its line, for instance to
// look for host names that should be variables. Variables stay as typed.
func (f *File) Literals() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		if f.Empty() {
			return
		}
		for n := range f.root.all() {
			for _, s := range []string{n.text, n.title()} {
				if s != "" && n.kind != kInclude && !yield(int(n.line), typed(s)) {
					return
				}
			}
		}
	}
}

// typed returns a text of the tree as the author typed it.
func typed(s string) string {
	if !strings.Contains(s, "{{") && !strings.Contains(s, braces) {
		return s
	}
	var b strings.Builder
	pieces(s, false, func(l string) { b.WriteString(l) }, func(v Variable) { b.WriteString(v.String()) }, func(string, int) {})
	return b.String()
}

// A place is where a node of a Doc stands.
type place struct {
	*node
	path      string   // of the file
	platforms []string // of the platform block around it
}

// places yields everything in the document in order.
func (d *Doc) places() iter.Seq[place] {
	return func(yield func(place) bool) {
		if d.root != nil {
			walk(place{d.root, d.Path, nil}, yield)
		}
	}
}

func walk(p place, yield func(place) bool) bool {
	if !yield(p) {
		return false
	}
	for _, c := range p.children {
		if !walk(p.inside(c), yield) {
			return false
		}
	}
	return true
}

// inside returns the place of a child of p.
func (p place) inside(child *node) place {
	q := place{child, p.path, p.platforms}
	if p.kind == kInclude && p.more != nil {
		q.path = p.more.path
	}
	if p.kind == kPlatform {
		q.platforms = p.node.platforms()
	}
	return q
}

// shown reports whether a block is for the platform ("" for all).
func (n *node) shown(platform string) bool {
	return platform == "" || n.kind != kPlatform || slices.Contains(n.platforms(), platform)
}

// directory returns the folder that relative names in a file start from.
func directory(file string) string { return path.Dir(file) }
