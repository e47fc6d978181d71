package markdown

import (
	"iter"
	"slices"

	"signpost/internal/content/markdown/syntax"
)

// A File is one parsed body, without the parts that it includes.
type File struct {
	Path string
	root *syntax.Node // nil when there is no body
	size int          // bytes of the body
}

// Empty reports whether the file has no body.
func (f *File) Empty() bool { return f == nil || f.root == nil || len(f.root.Children) == 0 }

// Literals yields every piece of text that the author typed (text, code, link
// destinations, alternative texts, captions) with its line, for instance to
// look for host names that should be variables. Variables stay as typed.
func (f *File) Literals() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		if f.Empty() {
			return
		}
		for n := range f.root.All() {
			for _, s := range []string{n.Text, n.Title()} {
				if s != "" && n.Kind != syntax.Include && !yield(int(n.Line), syntax.Typed(s)) {
					return
				}
			}
		}
	}
}

// A place is where a node of a Doc stands.
type place struct {
	*syntax.Node
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
	for _, c := range p.Children {
		if !walk(p.inside(c), yield) {
			return false
		}
	}
	return true
}

// inside returns the place of a child of p.
func (p place) inside(child *syntax.Node) place {
	q := place{child, p.path, p.platforms}
	if p.Kind == syntax.Include && p.More != nil {
		q.path = p.More.Path
	}
	if p.Kind == syntax.Platform {
		q.platforms = p.Node.Platforms()
	}
	return q
}

// shown reports whether a block is for the platform ("" for all).
func shown(n *syntax.Node, platform string) bool {
	return platform == "" || n.Kind != syntax.Platform || slices.Contains(n.Platforms(), platform)
}
