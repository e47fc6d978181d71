package syntax

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
)

// condition returns a block on a condition. One that divides a list is an
// error: without the block, the rest of the list would count on with a gap.
func (b *builder) condition(n *colonNode, out *Node, depth int) []*Node {
	if len(n.condition) == 0 {
		return nil
	}
	out.Kind = Condition
	m := out.Extra()
	m.Offers, m.Before, m.After = n.condition, !b.blankBefore(n.at), !b.blankAfter(n.end)
	if n.unless {
		out.Level = 1
	}
	if first, ok := n.FirstChild().(*ast.List); ok && b.divides(n.PreviousSibling(), first, n.at) {
		b.cutList(out.Line)
	} else if last, ok := n.LastChild().(*ast.List); ok && b.continues(last, n.NextSibling(), n.end) {
		b.cutList(out.Line)
	}
	out.Children = b.blocks(n, depth)
	return []*Node{out}
}

func (b *builder) cutList(line int32) {
	b.fail(line, `put the block inside an item ("2. ::: if pop3", with the text and ":::" indented below), or write the whole list once for "::: if" and once for "::: unless"`,
		"this condition cuts a list in two")
}

// divides reports whether list, the first in a block that begins at pos, goes
// on with the list before the block.
func (b *builder) divides(before ast.Node, list *ast.List, pos int) bool {
	l, ok := before.(*ast.List)
	if !ok || l.Marker != list.Marker {
		return false
	}
	if list.IsOrdered() {
		return list.Start == l.Start+l.ChildCount()
	}
	return !b.blankBefore(pos)
}

// continues reports whether the block that ends at pos is followed by the rest
// of its last list.
func (b *builder) continues(list *ast.List, after ast.Node, pos int) bool {
	l, ok := after.(*ast.List)
	if !ok || l.Marker != list.Marker {
		return false
	}
	if l.IsOrdered() {
		return l.Start == list.Start+list.ChildCount()
	}
	return !b.blankAfter(pos)
}

// blankAfter reports whether the line that begins at pos is empty.
func (b *builder) blankAfter(pos int) bool {
	line, _, _ := bytes.Cut(b.source[min(pos, len(b.source)):], []byte("\n"))
	return len(bytes.TrimSpace(line)) == 0
}

// blankBefore reports whether the line before the one that holds pos is empty.
func (b *builder) blankBefore(pos int) bool {
	start := bytes.LastIndexByte(b.source[:pos], '\n')
	if start < 0 {
		return true
	}
	line := b.source[bytes.LastIndexByte(b.source[:start], '\n')+1 : start]
	return len(bytes.TrimSpace(line)) == 0
}
