package markdown

import (
	"slices"
	"unicode/utf8"

	"signpost/internal/content/markdown/syntax"
)

// Section returns one place of the document as a document of its own: the heading with
// the anchor and what stands under it until the next heading, or the text
// before the first heading for "". The anchor of a platform block or of a step stands
// for the section around it, and chooses the block or the list.
//
// Of platform blocks only those of the platform stay, or the one that the anchor names;
// without either the section is no answer. Figures are left out. At most one list of steps stays, whole, with what stands before
// it and the alerts behind it. Section returns nil when there is no such anchor, nothing
// but a heading is left, or all that differs by platform would be left out.
func (d *Doc) Section(anchor, platform string) *Doc {
	if d.root == nil || anchor != "" && !d.HasAnchor(anchor) {
		return nil
	}
	var sections [][]*syntax.Node
	section := []*syntax.Node(nil)
	for _, block := range flat(d.root.Children) {
		if core(block).Kind == syntax.Heading {
			sections = append(sections, section)
			section = nil
		}
		section = append(section, block)
	}
	for _, s := range append(sections, section) {
		if anchor == "" || slices.ContainsFunc(s, func(n *syntax.Node) bool { return holdsAnchor(n, anchor) }) {
			return d.part(onePlace(s, anchor, platform))
		}
	}
	return nil
}

// part is a document of some blocks of d; nil when they say nothing.
func (d *Doc) part(blocks []*syntax.Node) *Doc {
	if !slices.ContainsFunc(blocks, func(n *syntax.Node) bool { return core(n).Kind != syntax.Heading }) {
		return nil
	}
	return &Doc{Path: d.Path, root: &syntax.Node{Kind: syntax.Document, Children: blocks}, anchors: d.anchors, known: d.known}
}

// flat returns blocks without the parts around them; each keeps an include of
// its own, which says where its pictures are.
func flat(blocks []*syntax.Node) []*syntax.Node {
	var out []*syntax.Node
	for _, n := range blocks {
		if n.Kind != syntax.Include {
			out = append(out, n)
			continue
		}
		for _, inner := range flat(n.Children) {
			out = append(out, with(n, inner))
		}
	}
	return out
}

// with is a copy of a node with other children.
func with(n *syntax.Node, children ...*syntax.Node) *syntax.Node {
	c := *n
	c.Children = children
	return &c
}

// core is the block itself, without the includes around it.
func core(n *syntax.Node) *syntax.Node {
	for n.Kind == syntax.Include && len(n.Children) == 1 {
		n = n.Children[0]
	}
	return n
}

func holdsAnchor(n *syntax.Node, anchor string) bool {
	for inner := range n.All() {
		if inner.ID() == anchor {
			return true
		}
	}
	return false
}

// onePlace chooses the blocks of a section for a platform.
func onePlace(section []*syntax.Node, anchor, platform string) []*syntax.Node {
	var out []*syntax.Node
	blocks, kept := 0, 0
	for _, n := range section {
		block := core(n)
		if block.Kind == syntax.Platform {
			blocks++
		}
		if block.Kind != syntax.Platform {
			out = append(out, n)
			continue
		}
		inside := block.ID() == anchor || anchor != "" && holdsAnchor(block, anchor)
		if inside || slices.Contains(block.Platforms(), platform) && !slices.ContainsFunc(section, func(o *syntax.Node) bool {
			return core(o).Kind == syntax.Platform && anchor != "" && holdsAnchor(o, anchor)
		}) {
			out = append(out, flat(block.Children)...)
			kept++
		}
	}
	if blocks > 0 && kept == 0 {
		return nil // what is left would be without what matters
	}
	out = slices.DeleteFunc(underOneHeading(slices.Clone(out), anchor), func(n *syntax.Node) bool { return core(n).Kind == syntax.Figure })
	chosen := -1
	for i, n := range out {
		if block := core(n); block.Kind == syntax.Ordered && (chosen < 0 || anchor != "" && slices.ContainsFunc(block.Children, func(item *syntax.Node) bool { return item.ID() == anchor })) {
			chosen = i
		}
	}
	if chosen < 0 {
		return out
	}
	var place []*syntax.Node
	for i, n := range out {
		switch kind := core(n).Kind; {
		case i == chosen, kind == syntax.Heading, kind == syntax.Alert:
			place = append(place, n)
		case kind == syntax.Ordered:
			if i > chosen {
				return place
			}
			place = slices.DeleteFunc(place, func(n *syntax.Node) bool { return core(n).Kind != syntax.Heading }) // of the list before
		case i < chosen, !slices.ContainsFunc(out[i:], func(n *syntax.Node) bool { return core(n).Kind == syntax.Ordered }):
			place = append(place, n)
		}
	}
	return place
}

// underOneHeading cuts blocks again when a platform block brought headings.
func underOneHeading(blocks []*syntax.Node, anchor string) []*syntax.Node {
	from := 0
	for i, n := range blocks {
		if i == 0 || core(n).Kind != syntax.Heading {
			continue
		}
		if anchor == "" || slices.ContainsFunc(blocks[from:i], func(n *syntax.Node) bool { return holdsAnchor(n, anchor) }) {
			return blocks[from:i]
		}
		if slices.ContainsFunc(blocks[i:], func(n *syntax.Node) bool { return holdsAnchor(n, anchor) }) {
			from = i
		}
	}
	return blocks[from:]
}

// Shorten leaves out whole blocks from the end, and of the last list whole items, until
// the plain text has at most limit characters. It reports whether anything was left
// out; the document is nil when not even the first block is short enough.
func (d *Doc) Shorten(r Resolver, o Options, limit int) (short *Doc, cut bool) {
	for short = d; short != nil && utf8.RuneCountInString(short.Text(r, o)) > limit; cut = true {
		blocks := short.root.Children
		last := blocks[len(blocks)-1]
		rest := slices.Clone(blocks[:len(blocks)-1])
		if list := core(last); (list.Kind == syntax.Ordered || list.Kind == syntax.List) && len(list.Children) > 1 {
			fewer := with(list, list.Children[:len(list.Children)-1]...)
			if last.Kind == syntax.Include {
				fewer = with(last, fewer)
			}
			rest = append(rest, fewer)
		}
		short = d.part(rest)
	}
	return short, cut
}
