package markdown

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

// Parse reads the body. Errors mean that the file should not be used; the File
// is never nil.
func (s Source) Parse() (*File, problem.List) {
	f := &File{Path: s.Path, size: len(s.Body)}
	b := &builder{path: s.Path, first: s.BodyLines + 1, under: max(s.Under, 1)}
	if len(bytes.TrimSpace(s.Body)) == 0 {
		return f, nil
	}
	if line, what, hint := hostile(s.Body); line > 0 {
		b.problems.Errorf(s.Path, s.BodyLines+line, hint, "%s", what)
		return f, b.problems
	}
	b.source = prepare(s.Body)
	for i, c := range b.source {
		if c == '\n' {
			b.ends = append(b.ends, i)
		}
	}
	pc := parser.NewContext()
	tree := grammar().Parse(text.NewReader(b.source), parser.WithContext(pc))
	findings, _ := pc.Get(findingsKey).([]finding)
	for _, f := range findings {
		b.problems.Errorf(s.Path, b.lineAt(f.at), f.hint, "%s", f.what)
	}
	f.root = &node{kind: kDocument, line: int32(b.first)}
	f.root.children = b.blocks(tree, 0)
	b.nameHeadings(f.root)
	b.problems.Sort()
	return f, limited(b.problems)
}

// builder makes our tree of the CommonMark parser's.
type builder struct {
	under    int // level of the heading around the body
	path     string
	source   []byte
	first    int   // line of the file on which the source begins
	ends     []int // positions of line ends
	line     int   // of the last node that had a position
	inLink   bool
	tooDeep  bool // has been reported
	budget   int  // bytes of link destinations so far: a reference can repeat a long one
	problems problem.List
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

func (b *builder) blocks(parent ast.Node, depth int) []*node {
	var out []*node
	if b.deep(parent, depth) {
		return nil
	}
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		out = append(out, b.block(c, depth+1)...)
	}
	return out
}

func (b *builder) block(n ast.Node, depth int) []*node {
	out := &node{line: b.at(n)}
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return b.paragraph(n, out, depth)
	case *ast.Heading:
		out.kind, out.level = kHeading, int32(n.Level)
		out.children = b.inlines(n, depth)
		return []*node{out}
	case *ast.ThematicBreak:
		out.kind = kRule
		return []*node{out}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		out.kind, out.text = kCode, strings.TrimSuffix(string(n.Lines().Value(b.source)), "\n")
		if n.Lines().Len() > 0 {
			out.line = int32(b.lineAt(n.Lines().At(0).Start)) // so that lines in the text count from here
		}
		b.checkText(out.line, out.text)
		return []*node{out}
	case *ast.HTMLBlock:
		out.kind = kRawBlock
		out.text = string(n.Lines().Value(b.source))
		if n.HasClosure() {
			out.text += string(n.ClosureLine.Value(b.source))
		}
		out.text = strings.TrimSuffix(out.text, "\n")
		b.rawHTML(out)
		return []*node{out}
	case *ast.Blockquote:
		out.kind = kQuote
		if kind, ok := n.AttributeString(alertAttribute); ok {
			out.kind, out.text = kAlert, kind.(string)
		}
	case *ast.List:
		out.kind, out.tight = kList, n.IsTight
		if n.IsOrdered() {
			out.kind, out.level = kOrdered, int32(n.Start)
		}
		depth-- // a list and its items are one level
	case *ast.ListItem:
		out.kind = kItem
	case *extast.Table:
		out.kind = kTable
		out.children = b.table(n, depth)
		return []*node{out}
	case *platformNode:
		if len(n.platforms) == 0 {
			return nil
		}
		out.kind = kPlatform
		out.extra().platforms = n.platforms
	default:
		return nil // a link reference definition
	}
	out.children = b.blocks(n, depth)
	return []*node{out}
}

func (b *builder) table(t *extast.Table, depth int) []*node {
	var rows []*node
	for r := t.FirstChild(); r != nil; r = r.NextSibling() {
		row := &node{kind: kRow, line: b.at(r)}
		for c := r.FirstChild(); c != nil; c = c.NextSibling() {
			cell := &node{kind: kCell, line: b.at(c), children: b.inlines(c, depth)}
			if i := len(row.children); i < len(t.Alignments) {
				switch t.Alignments[i] {
				case extast.AlignRight:
					cell.level = alignRight
				case extast.AlignCenter:
					cell.level = alignCenter
				}
			}
			row.children = append(row.children, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// paragraph returns a paragraph, or what it stands for: directives, a figure.
func (b *builder) paragraph(n ast.Node, out *node, depth int) []*node {
	out.kind, out.children = kParagraph, b.inlines(n, depth)
	switch {
	case len(out.children) == 0:
		return nil
	case len(out.children) == 1 && out.children[0].kind == kImage:
		out.kind = kFigure
		b.checkTexts(out)
		return []*node{out}
	}
	var blocks []*node
	for _, c := range out.children {
		if c.kind == kSoftBreak {
			continue
		}
		if c.kind != kText || !strings.HasPrefix(c.text, "{{") || !directive.MatchString(strings.TrimSpace(c.text)) {
			blocks = nil
			break
		}
		blocks = append(blocks, b.directive(c))
	}
	if blocks == nil {
		for _, c := range out.children {
			b.checkTexts(c)
		}
		return []*node{out}
	}
	return blocks
}

func (b *builder) directive(t *node) *node {
	m := directive.FindStringSubmatch(strings.TrimSpace(t.text))
	n := &node{line: t.line, text: m[2]}
	switch m[1] {
	case "include":
		n.kind = kInclude
		if m[2] == "" || m[3] != "" {
			b.fail(n.line, "write {{include password}}", "an include needs the name of one part")
		}
	case "settings":
		n.kind = kSettings
		n.extra().title = m[3]
		if m[2] == "" {
			b.fail(n.line, "write {{settings imap}}", "the settings of which service?")
		}
	default:
		n.kind = kProfile
		if m[2] != "" || m[3] != "" {
			b.fail(n.line, "write {{profile}}", "the profile button takes no words")
		}
	}
	return n
}

func (b *builder) inlines(parent ast.Node, depth int) []*node {
	var out []*node
	if b.deep(parent, depth) {
		return nil
	}
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			line := b.at(t)
			s := unescape(t.Segment.Value(b.source))
			if last := len(out) - 1; last >= 0 && out[last].kind == kText {
				out[last].text += s
			} else if s != "" {
				out = append(out, &node{kind: kText, line: line, text: s})
			}
			switch {
			case t.HardLineBreak():
				out = append(out, &node{kind: kHardBreak, line: line})
			case t.SoftLineBreak():
				out = append(out, &node{kind: kSoftBreak, line: line})
			}
			continue
		}
		out = append(out, b.inline(c, depth+1)...)
	}
	for len(out) > 0 && (out[len(out)-1].kind == kSoftBreak || out[len(out)-1].kind == kHardBreak) {
		out = out[:len(out)-1]
	}
	if parent.Kind() != ast.KindParagraph && parent.Kind() != ast.KindTextBlock && parent.Type() == ast.TypeBlock {
		for _, c := range out {
			b.checkTexts(c)
		}
	}
	return out
}

func (b *builder) inline(n ast.Node, depth int) []*node {
	out := &node{line: b.at(n)}
	switch n := n.(type) {
	case *ast.Emphasis:
		out.kind = kEmphasis
		if n.Level > 1 {
			out.kind = kStrong
		}
		out.children = b.inlines(n, depth)
	case *extast.Strikethrough:
		out.kind = kStrike
		out.children = b.inlines(n, depth)
	case *ast.CodeSpan:
		out.kind, out.text = kCodeSpan, b.codeSpan(n)
	case *ast.Link:
		return b.link(out, n, depth)
	case *ast.Image:
		b.image(out, n, depth)
	case *ast.AutoLink:
		return b.autoLink(out, n)
	case *nameNode:
		out.kind, out.text = kName, n.target
		if b.inLink {
			b.fail(out.line, "", "[[%s]] stands inside another link", n.target)
			out.kind = kText
		}
	case *keysNode:
		out.kind, out.text = kKeys, strings.Join(n.keys, "+")
	case *ast.RawHTML:
		out.kind, out.text = kRaw, string(n.Segments.Value(b.source))
		b.rawHTML(out)
	default:
		return nil
	}
	return []*node{out}
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

func (b *builder) link(out *node, n *ast.Link, depth int) []*node {
	out.kind, out.text = kLink, unescape(n.Destination)
	if len(n.Title) > 0 {
		out.extra().title = unescape(n.Title)
	}
	outer := b.inLink
	b.inLink = true
	out.children = b.inlines(n, depth)
	b.inLink = outer
	if err := checkDestination(out.text); b.spend(out) && err != nil {
		report(&b.problems, b.path, int(out.line), err)
	}
	if outer {
		return out.children
	}
	return []*node{out}
}

func (b *builder) image(out *node, n *ast.Image, depth int) {
	out.kind, out.text = kImage, unescape(n.Destination)
	out.extra().title = unescape(n.Title)
	out.children = b.inlines(n, depth)
	if err := checkPicture(out.text); b.spend(out) && err != nil {
		report(&b.problems, b.path, int(out.line), err)
	}
	if strings.TrimSpace(plainText(out.children)) == "" {
		b.problems.Warnf(b.path, int(out.line), "say what the picture shows: ![The account list](list.png)",
			"the picture %q has no alternative text", problem.Printable(out.text))
	}
}

// spend counts what a link adds to the document, and reports whether that is
// still allowed: a reference definition can be
// used many times, and makes a small file large.
func (b *builder) spend(n *node) bool {
	before := b.budget
	b.budget += len(n.text) + len(n.title())
	if b.budget > MaxSize && before <= MaxSize {
		b.fail(n.line, "", "the links of this file are longer than 1 MiB together")
	}
	if b.budget > MaxSize {
		n.text = ""
	}
	return b.budget <= MaxSize
}

func (b *builder) autoLink(out *node, n *ast.AutoLink) []*node {
	label := string(n.Label(b.source))
	out.kind, out.text = kText, label
	dest := string(n.URL(b.source))
	switch scheme, _, _ := strings.Cut(strings.ToLower(dest), ":"); {
	case n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(dest), "mailto:"):
		dest = "mailto:" + dest
	case strings.HasPrefix(label, "www."):
		dest = "https://" + label
	case !slices.Contains(schemes, scheme):
		return []*node{out}
	}
	if b.inLink {
		return []*node{out}
	}
	return []*node{{kind: kLink, line: out.line, text: dest, children: []*node{out}}}
}

func (b *builder) rawHTML(n *node) {
	tag, _, _ := strings.Cut(strings.TrimSpace(n.text), "\n")
	if r := []rune(tag); len(r) > 40 {
		tag = string(r[:40]) + "…"
	}
	b.problems.Warnf(b.path, int(n.line), "use Markdown, or put the text in backticks",
		"HTML is shown to readers as it is typed: %s", problem.Printable(typed(tag)))
}
