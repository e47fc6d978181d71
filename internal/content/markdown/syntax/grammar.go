package syntax

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"signpost/internal/problem"
)

// grammar is the CommonMark parser with our own syntax. It is safe for
// concurrent use.
var grammar = sync.OnceValue(func() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(append(parser.DefaultBlockParsers(), util.Prioritized(colonParser{}, 50))...),
		parser.WithInlineParsers(append(parser.DefaultInlineParsers(),
			util.Prioritized(nameParser{}, 150), // before links: [[1042]]
			util.Prioritized(keysParser{}, 450),
			util.Prioritized(extension.NewStrikethroughParser(), 500),
			util.Prioritized(extension.NewLinkifyParser(), 999))...),
		parser.WithParagraphTransformers(append(parser.DefaultParagraphTransformers(),
			util.Prioritized(alertTransformer{}, 50),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
			util.Prioritized(lengthTransformer{}, 10))...),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
})

var findingsKey = parser.NewContextKey()

// finding is a problem whose position is a byte of the body.
type finding struct {
	at         int
	what, hint string
}

func find(pc parser.Context, at int, what, hint string) {
	list, _ := pc.Get(findingsKey).([]finding)
	pc.Set(findingsKey, append(list, finding{at, what, hint}))
}

// nameNode is a link by id or slug: [[apple-mail#step-3]].
type nameNode struct {
	ast.BaseInline
	target string
}

var (
	kindName        = ast.NewNodeKind("Name")
	nameForm        = regexp.MustCompile(`^\[\[([^\[\]\n]{1,200})\]\]`)
	tableOfContents = regexp.MustCompile(`(?i)^\[\[_toc_\]\]$`)
	nameGood        = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*(#[A-Za-z0-9][A-Za-z0-9_-]*)?$`)
)

func (*nameNode) Kind() ast.NodeKind              { return kindName }
func (n *nameNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type nameParser struct{}

func (nameParser) Trigger() []byte { return []byte{'['} }

func (nameParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	m := nameForm.FindSubmatch(line)
	if m == nil {
		return nil
	}
	if !nameGood.Match(m[1]) {
		if segment.Start > 0 && block.Source()[segment.Start-1] == '!' || tableOfContents.Match(m[0]) {
			return nil // of another dialect, which is warned about
		}
		find(pc, segment.Start, "[["+problem.Printable(string(m[1]))+"]] is not the id or slug of an article",
			"write [[1042]] or [[apple-mail#step-3]]; for other words write [words](../apple-mail/en.md)")
		return nil
	}
	block.Advance(len(m[0]))
	return &nameNode{target: string(m[1])}
}

// keysNode is ++Ctrl+K++.
type keysNode struct {
	ast.BaseInline
	keys []string
}

var (
	kindKeys = ast.NewNodeKind("Keys")
	keysForm = regexp.MustCompile(`^\+\+([^\s+](?:[^+\n]{0,30}[^\s+])?(?:\+[^\s+](?:[^+\n]{0,30}[^\s+])?){0,5})\+\+`)
)

func (*keysNode) Kind() ast.NodeKind              { return kindKeys }
func (n *keysNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type keysParser struct{}

func (keysParser) Trigger() []byte { return []byte{'+'} }

func (keysParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	m := keysForm.FindSubmatch(line)
	if m == nil {
		return nil
	}
	block.Advance(len(m[0]))
	return &keysNode{keys: strings.Split(string(m[1]), "+")}
}

// alertTransformer turns the first line of a quote, "[!NOTE]", into an
// attribute of the quote.
type alertTransformer struct{}

const alertAttribute = "alert"

var (
	alertForm = regexp.MustCompile(`^\[!([A-Za-z]+)\]$`)
	alerts    = []string{"note", "tip", "warning"}
)

func (alertTransformer) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	quote := node.Parent()
	if quote == nil || quote.Kind() != ast.KindBlockquote || quote.FirstChild() != ast.Node(node) || node.Lines().Len() == 0 {
		return
	}
	first := node.Lines().At(0)
	m := alertForm.FindStringSubmatch(strings.TrimSpace(string(first.Value(reader.Source()))))
	if m == nil {
		return
	}
	kind := strings.ToLower(m[1])
	if !slices.Contains(alerts, kind) {
		find(pc, first.Start, "unknown alert [!"+m[1]+"]", "write [!NOTE], [!TIP] or [!WARNING]")
		return
	}
	quote.SetAttributeString(alertAttribute, kind)
	rest := text.NewSegments()
	rest.AppendAll(node.Lines().Sliced(1, node.Lines().Len()))
	node.SetLines(rest)
	if rest.Len() == 0 {
		quote.RemoveChild(quote, node)
	}
}

// lengthTransformer empties what is too long to be read quickly: looking for
// links and emphasis takes time that grows with the square of the length.
type lengthTransformer struct{}

const maxParagraph = 64 << 10 // bytes

func (lengthTransformer) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	if lines.Len() == 0 {
		return
	}
	start, stop := lines.At(0).Start, lines.At(lines.Len()-1).Stop
	switch {
	case stop-start > maxParagraph:
		find(pc, start, "this paragraph or table is longer than 64 KiB", "divide it with empty lines")
	case bytes.Count(reader.Source()[start:stop], []byte("[")) > maxBrackets:
		find(pc, start, "this paragraph or table has more than 500 brackets", "divide it with empty lines")
	default:
		return
	}
	node.Parent().RemoveChild(node.Parent(), node)
}
