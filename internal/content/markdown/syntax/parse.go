package syntax

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"signpost/internal/problem"
)

// Parse reads the body of the file at path, which begins after offset lines
// and stands under a heading of the given level (0 is 1, the title).
// It returns nil when there is nothing to read. Errors mean that the file
// should not be used.
func Parse(path string, body []byte, offset, under int) (*Node, problem.List) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	b := &builder{path: path, first: offset + 1, under: max(under, 1)}
	if line, what, hint := hostile(body); line > 0 {
		b.problems.Errorf(path, offset+line, hint, "%s", what)
		return nil, b.problems
	}
	b.source = prepare(body)
	for i, c := range b.source {
		if c == '\n' {
			b.ends = append(b.ends, i)
		}
	}
	pc := parser.NewContext()
	tree := grammar().Parse(text.NewReader(b.source), parser.WithContext(pc))
	findings, _ := pc.Get(findingsKey).([]finding)
	for _, f := range findings {
		b.problems.Errorf(path, b.lineAt(f.at), f.hint, "%s", f.what)
	}
	root := &Node{Kind: Document, Line: int32(b.first)}
	root.Children = b.blocks(tree, 0)
	b.nameHeadings(root)
	b.problems.Sort()
	return root, Limited(b.problems)
}

// builder makes our tree of the CommonMark parser's.
type builder struct {
	under   int // level of the heading around the body
	path    string
	source  []byte
	first   int   // line of the file on which the source begins
	ends    []int // positions of line ends
	line    int   // of the last node that had a position
	inLink  bool
	tooDeep bool // has been reported
	budget  int  // bytes of link destinations so far: a reference can repeat a long one

	toldForeign map[foreignAt]bool
	problems    problem.List
}

func (b *builder) lineAt(pos int) int {
	i, _ := slices.BinarySearch(b.ends, pos)
	return b.first + i
}

func (b *builder) at(n ast.Node) int32 {
	if pos := n.Pos(); pos >= 0 {
		b.line = b.lineAt(pos)
	} else if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		b.line = b.lineAt(n.Lines().At(0).Start)
	}
	return int32(max(b.line, b.first))
}

func (b *builder) fail(line int32, hint, format string, args ...any) {
	b.problems.Errorf(b.path, int(line), hint, format, args...)
}

func (b *builder) deep(n ast.Node, depth int) bool {
	if depth > MaxDepth && !b.tooDeep {
		b.tooDeep = true
		b.fail(b.at(n), "at most 24 levels are read", "quotes, lists or emphasis are nested too deep here")
	}
	return depth > MaxDepth
}

func (b *builder) blocks(parent ast.Node, depth int) []*Node {
	var out []*Node
	if b.deep(parent, depth) {
		return nil
	}
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, b.block(c, depth+1)...)
	}
	return out
}

func (b *builder) block(n ast.Node, depth int) []*Node {
	out := &Node{Line: b.at(n)}
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return b.paragraph(n, out, depth)
	case *ast.Heading:
		out.Kind, out.Level = Heading, int32(n.Level)
		out.Children = b.inlines(n, depth)
		return []*Node{out}
	case *ast.ThematicBreak:
		out.Kind = Rule
		return []*Node{out}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		out.Kind, out.Text = Code, strings.TrimSuffix(string(n.Lines().Value(b.source)), "\n")
		if n.Lines().Len() > 0 {
			out.Line = int32(b.lineAt(n.Lines().At(0).Start)) // so that lines in the text count from here
		}
		b.checkText(out.Line, out.Text)
		return []*Node{out}
	case *ast.HTMLBlock:
		out.Kind = RawBlock
		out.Text = string(n.Lines().Value(b.source))
		if n.HasClosure() {
			out.Text += string(n.ClosureLine.Value(b.source))
		}
		out.Text = strings.TrimSuffix(out.Text, "\n")
		b.rawHTML(out)
		return []*Node{out}
	case *ast.Blockquote:
		out.Kind = Quote
		if kind, ok := n.AttributeString(alertAttribute); ok {
			out.Kind, out.Text = Alert, kind.(string)
		}
	case *ast.List:
		out.Kind, out.Tight = List, n.IsTight
		if n.IsOrdered() {
			out.Kind, out.Level = Ordered, int32(n.Start)
		}
		depth-- // a list and its items are one level
	case *ast.ListItem:
		out.Kind = Item
	case *extast.Table:
		out.Kind = Table
		out.Children = b.table(n, depth)
		return []*Node{out}
	case *colonNode:
		if n.condition != nil {
			return b.condition(n, out, depth)
		}
		if len(n.platforms) == 0 {
			return nil
		}
		out.Kind = Platform
		out.Extra().Platforms = n.platforms
	default:
		return nil // a link reference definition
	}
	out.Children = b.blocks(n, depth)
	return []*Node{out}
}

func (b *builder) table(t *extast.Table, depth int) []*Node {
	var rows []*Node
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		row := &Node{Kind: Row, Line: b.at(r)}
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cell := &Node{Kind: Cell, Line: b.at(c), Children: b.inlines(c, depth)}
			if i := len(row.Children); i < len(t.Alignments) {
				switch t.Alignments[i] {
				case extast.AlignRight:
					cell.Level = AlignRight
				case extast.AlignCenter:
					cell.Level = AlignCenter
				}
			}
			row.Children = append(row.Children, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// paragraph returns a paragraph, or what it stands for: directives, a figure.
func (b *builder) paragraph(n ast.Node, out *Node, depth int) []*Node {
	out.Kind, out.Children = Paragraph, b.inlines(n, depth)
	b.foreign(n)
	switch {
	case len(out.Children) == 0:
		return nil
	case len(out.Children) == 1 && out.Children[0].Kind == Image:
		out.Kind = Figure
		b.checkTexts(out)
		return []*Node{out}
	}
	var blocks []*Node
	for _, c := range out.Children {
		if c.Kind == SoftBreak {
			continue
		}
		if c.Kind != Text || !strings.HasPrefix(c.Text, "{{") || !directive.MatchString(strings.TrimSpace(c.Text)) {
			blocks = nil
			break
		}
		blocks = append(blocks, b.directive(c))
	}
	if blocks == nil {
		for _, c := range out.Children {
			b.checkTexts(c)
			b.foreignText(c)
		}
		return []*Node{out}
	}
	return blocks
}

func (b *builder) directive(t *Node) *Node {
	m := directive.FindStringSubmatch(strings.TrimSpace(t.Text))
	n := &Node{Line: t.Line, Text: m[2]}
	switch m[1] {
	case "include":
		n.Kind = Include
		if m[2] == "" || m[3] != "" {
			b.fail(n.Line, "write {{include password}}", "an include needs the name of one part")
		}
	case "settings":
		n.Kind = Settings
		n.Extra().Title = m[3]
		if m[2] == "" {
			b.fail(n.Line, "write {{settings imap}}", "the settings of which service?")
		}
	default:
		n.Kind = Profile
		if m[2] != "" || m[3] != "" {
			b.fail(n.Line, "write {{profile}}", "the profile button takes no words")
		}
	}
	return n
}

func (b *builder) inlines(parent ast.Node, depth int) []*Node {
	var out []*Node
	if b.deep(parent, depth) {
		return nil
	}
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			line := b.at(t)
			s := unescape(t.Segment.Value(b.source))
			if last := len(out) - 1; last >= 0 && out[last].Kind == Text {
				out[last].Text += s
			} else if s != "" {
				out = append(out, &Node{Kind: Text, Line: line, Text: s})
			}
			switch {
			case t.HardLineBreak():
				out = append(out, &Node{Kind: HardBreak, Line: line})
			case t.SoftLineBreak():
				out = append(out, &Node{Kind: SoftBreak, Line: line})
			}
			continue
		}
		out = append(out, b.inline(c, depth+1)...)
	}
	for len(out) > 0 && (out[len(out)-1].Kind == SoftBreak || out[len(out)-1].Kind == HardBreak) {
		out = out[:len(out)-1]
	}
	if parent.Kind() != ast.KindParagraph && parent.Kind() != ast.KindTextBlock && parent.Type() == ast.TypeBlock {
		for _, c := range out {
			b.checkTexts(c)
			b.foreignText(c)
		}
	}
	return out
}

func (b *builder) inline(n ast.Node, depth int) []*Node {
	out := &Node{Line: b.at(n)}
	switch n := n.(type) {
	case *ast.Emphasis:
		out.Kind = Emphasis
		if n.Level > 1 {
			out.Kind = Strong
		}
		out.Children = b.inlines(n, depth)
	case *extast.Strikethrough:
		out.Kind = Strike
		out.Children = b.inlines(n, depth)
	case *ast.CodeSpan:
		out.Kind, out.Text = CodeSpan, b.codeSpan(n)
	case *ast.Link:
		return b.link(out, n, depth)
	case *ast.Image:
		b.image(out, n, depth)
	case *ast.AutoLink:
		return b.autoLink(out, n)
	case *nameNode:
		out.Kind, out.Text = Name, n.target
		if b.inLink {
			b.fail(out.Line, "", "[[%s]] stands inside another link", n.target)
			out.Kind = Text
		}
	case *keysNode:
		out.Kind, out.Text = Keys, strings.Join(n.keys, "+")
	case *ast.RawHTML:
		out.Kind, out.Text = Raw, string(n.Segments.Value(b.source))
		b.rawHTML(out)
	default:
		return nil
	}
	return []*Node{out}
}

func (b *builder) codeSpan(n ast.Node) string {
	var s strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			s.Write(t.Segment.Value(b.source))
		}
	}
	return strings.ReplaceAll(s.String(), "\n", " ")
}

func (b *builder) link(out *Node, n *ast.Link, depth int) []*Node {
	out.Kind, out.Text = Link, unescape(n.Destination)
	if len(n.Title) > 0 {
		out.Extra().Title = unescape(n.Title)
	}
	outer := b.inLink
	b.inLink = true
	out.Children = b.inlines(n, depth)
	b.inLink = outer
	if label := PlainText(out.Children); strings.HasPrefix(label, "^") && len(n.Title) == 0 { // [^1] with a line [^1]: word
		b.warnForeign(int(out.Line), dialect{name: "a footnote", hint: "put the sentence in brackets where it belongs, or into a paragraph of its own"})
		return []*Node{{Kind: Text, Line: out.Line, Text: "[" + label + "]"}}
	}
	if err := CheckDestination(out.Text); b.spend(out) && err != nil {
		Report(&b.problems, b.path, int(out.Line), err)
	}
	if outer {
		return out.Children
	}
	return []*Node{out}
}

func (b *builder) image(out *Node, n *ast.Image, depth int) {
	out.Kind, out.Text = Image, unescape(n.Destination)
	out.Extra().Title = unescape(n.Title)
	out.Children = b.inlines(n, depth)
	if err := CheckPicture(out.Text); b.spend(out) && err != nil {
		Report(&b.problems, b.path, int(out.Line), err)
	}
	if strings.TrimSpace(PlainText(out.Children)) == "" {
		b.problems.Warnf(b.path, int(out.Line), "say what the picture shows: ![The account list](list.png)",
			"the picture %q has no alternative text", problem.Printable(out.Text))
	}
}

// spend counts what a link adds to the document, and reports whether that is
// still allowed: a reference definition can be used many times, and makes a
// small file large.
func (b *builder) spend(n *Node) bool {
	before := b.budget
	b.budget += len(n.Text) + len(n.Title())
	if b.budget > MaxSize && before <= MaxSize {
		b.fail(n.Line, "", "the links of this file are longer than 1 MiB together")
	}
	if b.budget > MaxSize {
		n.Text = ""
	}
	return b.budget <= MaxSize
}

func (b *builder) autoLink(out *Node, n *ast.AutoLink) []*Node {
	label := string(n.Label(b.source))
	out.Kind, out.Text = Text, label
	dest := string(n.URL(b.source))
	switch scheme, _, _ := strings.Cut(strings.ToLower(dest), ":"); {
	case n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(dest), "mailto:"):
		dest = "mailto:" + dest
	case strings.HasPrefix(label, "www."):
		dest = "https://" + label
	case !slices.Contains(Schemes, scheme):
		return []*Node{out}
	}
	if b.inLink {
		return []*Node{out}
	}
	return []*Node{{Kind: Link, Line: out.Line, Text: dest, Children: []*Node{out}}}
}

func (b *builder) rawHTML(n *Node) {
	tag, _, _ := strings.Cut(strings.TrimSpace(n.Text), "\n")
	if r := []rune(tag); len(r) > 40 {
		tag = string(r[:40]) + "…"
	}
	b.problems.Warnf(b.path, int(n.Line), "use Markdown, or put the text in backticks",
		"HTML is shown to readers as it is typed: %s", problem.Printable(Typed(tag)))
}
