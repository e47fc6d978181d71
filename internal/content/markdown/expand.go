package markdown

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"signpost/internal/content/markdown/syntax"
	"signpost/internal/problem"
)

// A Doc is a File with its parts in place, and all anchors fixed.
type Doc struct {
	Path    string
	root    *syntax.Node
	anchors []string
	known   syntax.AnchorSet
}

// Shape says what kind of document a File becomes.
type Shape struct {
	Steps bool // ordered lists are numbered steps: "kind: howto"
	// Offers says whether the provider has what a condition names ("pop3",
	// "vars.phone"); nil: all of it. An error is a problem of the name.
	Offers func(name string) (bool, error)
}

// Expand puts parts in place and gives every heading, step and platform block
// its anchor. part returns the part of a name in the reader's language, or an
// error (an [*Error] may carry a hint). Problems are errors: an unknown part, a
// loop, parts nested more than [MaxIncludes] deep, more than [MaxSize] bytes.
//
// Of the blocks on a condition, only those whose condition holds become part of
// the document, as if their first and last lines were not there; what the
// others hold is not looked at.
//
// Steps keep the numbers that their writer gave them; each list is a procedure
// of its own. Their anchors count through the whole document: "step-1",
// "step-2" … A list in a platform block goes on from the steps before it, and
// its anchors name the platforms: "step-ios-3"; a list after platform blocks
// goes on from the longest of them. Only lists that stand directly in the
// document, in a part or in a platform block are steps.
func (f *File) Expand(part func(name string) (*File, error), shape Shape) (*Doc, problem.List) {
	d := &Doc{Path: f.Path, known: syntax.AnchorSet{}}
	if f.Empty() {
		return d, nil
	}
	e := &expander{part: part, offers: shape.Offers, size: f.size}
	d.root = e.copy(f.root, f.Path, false)
	d.nameAnchors()
	if shape.Steps {
		n := numbering{d: d, reached: map[string]int{}}
		n.blocks(d.root, nil)
	}
	return d, syntax.Limited(e.problems)
}

type expander struct {
	part     func(string) (*File, error)
	offers   func(string) (bool, error)
	open     []string // names of the parts around
	size     int
	problems problem.List
}

var errTooLarge error = Errorf("include less", "with its parts, the text is larger than 1 MiB")

// copy copies the blocks below n, whose anchors belong to this document, and
// puts parts in place; inlines are shared.
func (e *expander) copy(n *syntax.Node, path string, inPlatform bool) *syntax.Node {
	out := *n
	if n.More != nil {
		m := *n.More
		out.More = &m
	}
	switch n.Kind {
	case syntax.Include:
		if err := e.include(&out, inPlatform); err != nil {
			var l problem.List
			syntax.Report(&l, path, int(n.Line), err)
			if err == errTooLarge {
				e.problems, l = l, e.problems // first, as it is what stopped us
			}
			e.problems = append(e.problems, l...)
		}
		return &out
	case syntax.Document, syntax.Quote, syntax.Alert, syntax.List, syntax.Ordered, syntax.Item, syntax.Platform:
		if n.Kind == syntax.Platform && inPlatform {
			e.problems.Errorf(path, int(n.Line), "include the part outside of platform blocks",
				"this part has a platform block, and is included in one")
		}
		var l spliced
		e.splice(&l, n.Children, path, inPlatform || n.Kind == syntax.Platform)
		out.Children = l.out
	}
	return &out
}

// spliced are blocks without those that only stood for a condition.
type spliced struct {
	out   []*syntax.Node
	seam  bool // the last line was the first or last of a condition
	joint bool // no empty line has been there since the last block
}

// splice copies blocks; those on a condition are replaced by what they hold,
// or by nothing. Lines of text around a condition are one paragraph when there
// is no empty line between them, as if the condition's lines were not there.
func (e *expander) splice(l *spliced, nodes []*syntax.Node, path string, inPlatform bool) {
	for _, c := range nodes {
		if c.Kind == syntax.Condition {
			l.joint = l.joint && c.More.Before
			if e.holds(c, path) {
				l.seam = true
				e.splice(l, c.Children, path, inPlatform)
			}
			l.seam, l.joint = true, l.joint && c.More.After
			continue
		}
		copied := e.copy(c, path, inPlatform)
		if len(copied.Children) == 0 && len(c.Children) > 0 && emptied(c.Kind) {
			continue // all that it held was on a condition
		}
		last := len(l.out) - 1
		if l.seam && l.joint && last >= 0 && c.Kind == syntax.Paragraph && l.out[last].Kind == syntax.Paragraph {
			both := *l.out[last]
			both.Children = slices.Concat(both.Children, []*syntax.Node{{Kind: syntax.SoftBreak, Line: c.Line}}, c.Children)
			l.out[last] = &both
		} else {
			l.out = append(l.out, copied)
		}
		l.seam, l.joint = false, true
	}
}

// emptied reports whether a block without content is better left out.
func emptied(k syntax.Kind) bool {
	return k == syntax.Item || k == syntax.List || k == syntax.Ordered || k == syntax.Quote || k == syntax.Alert || k == syntax.Platform
}

// holds judges a condition.
func (e *expander) holds(n *syntax.Node, path string) bool {
	any := false
	for _, name := range n.Offers() {
		has := true
		if e.offers != nil {
			var err error
			if has, err = e.offers(name); err != nil {
				syntax.Report(&e.problems, path, int(n.Line), err)
			}
		}
		any = any || has
	}
	return any != (n.Level == 1)
}

func (e *expander) include(out *syntax.Node, inPlatform bool) error {
	name := out.Text
	switch {
	case e.size > MaxSize:
		return nil // reported already
	case slices.Contains(e.open, name):
		return Errorf("take one of the includes out", "the parts include each other: %s", strings.Join(append(e.open, name), " > "))
	case len(e.open) >= MaxIncludes:
		return Errorf("include the last one directly", "parts are included more than %d deep: %s", MaxIncludes, strings.Join(append(e.open, name), " > "))
	}
	f, err := e.part(name)
	if err != nil {
		return err
	}
	if f == nil {
		return errors.New("there is no part " + name)
	}
	e.size += f.size + len(name)
	if e.size > MaxSize {
		return errTooLarge
	}
	out.Extra().Path = f.Path
	if f.Empty() {
		return nil
	}
	e.open = append(e.open, name)
	out.Children = e.copy(f.root, f.Path, inPlatform).Children
	e.open = e.open[:len(e.open)-1]
	return nil
}

// nameAnchors fixes the anchors of headings and platform blocks. Those of the
// document's own headings never change because of a part.
func (d *Doc) nameAnchors() {
	for p := range d.places() {
		if p.Kind == syntax.Heading && p.path == d.Path {
			d.known.Unique(p.ID())
		}
	}
	for p := range d.places() {
		switch {
		case p.Kind == syntax.Heading:
			if p.path != d.Path {
				p.More.ID = d.known.Unique(p.ID())
			}
			d.anchors = append(d.anchors, p.ID())
		case p.Kind == syntax.Platform:
			p.More.ID = d.known.Unique("on-" + strings.Join(p.Node.Platforms(), "-"))
			d.anchors = append(d.anchors, p.ID())
		}
	}
}

// numbering gives the steps of a document their numbers and anchors.
type numbering struct {
	d       *Doc
	common  int            // the number that readers of every platform have reached
	reached map[string]int // by platform, when it is more
}

func (n *numbering) blocks(parent *syntax.Node, platforms []string) {
	for _, c := range parent.Children {
		switch c.Kind {
		case syntax.Include:
			n.blocks(c, platforms)
		case syntax.Platform:
			n.blocks(c, c.Platforms())
		case syntax.Ordered:
			n.list(c, platforms)
		}
	}
}

func (n *numbering) list(list *syntax.Node, platforms []string) {
	step, prefix := n.common, "step-"
	if platforms == nil {
		for _, reached := range n.reached {
			step = max(step, reached)
		}
	} else {
		prefix += strings.Join(platforms, "-") + "-"
		for _, p := range platforms {
			step = max(step, n.reached[p])
		}
	}
	for i, item := range list.Children {
		step++
		m := item.Extra()
		m.Number, m.ID = int(list.Level)+i, fmt.Sprintf("%s%d", prefix, step)
		n.d.known[m.ID] = 1
		n.d.anchors = append(n.d.anchors, m.ID)
	}
	if platforms == nil {
		n.common = step
	}
	for _, p := range platforms {
		n.reached[p] = step
	}
}
