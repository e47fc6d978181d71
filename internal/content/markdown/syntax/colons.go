package syntax

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"signpost/internal/problem"
)

// Platforms are the words that a platform block may name, in the order in
// which they are shown.
func Platforms() []string {
	return []string{"macos", "ios", "windows", "android", "linux", "web"}
}

// Offers are the words that a condition may name besides vars.NAME and
// link.NAME: the services of a provider description and its other facts.
// A number says how many there must be: submit.2, dkim.2.
func Offers() []string {
	return []string{
		"imap", "pop3", "pop", "submit", "smtp", "caldav", "carddav", "jmap", "sieve",
		"webmail", "oauth", "mx", "spf", "dkim",
	}
}

var (
	offerForm = regexp.MustCompile(`^([a-z0-9]+)(\.[1-9][0-9]?)?(\.(tls|starttls))?$`)
	ownForm   = regexp.MustCompile(`^(vars|links?|except)\.[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$`)
)

// CheckOffer says what is wrong with a word of a condition: of "::: if", of
// "::: unless" or of the front matter's needs.
func CheckOffer(word string) error {
	if ownForm.MatchString(word) || word == "login.address" {
		return nil
	}
	m := offerForm.FindStringSubmatch(word)
	if m != nil && slices.Contains(Offers(), m[1]) {
		return nil
	}
	head, _, _ := strings.Cut(word, ".")
	hint := "a condition names a service (" + strings.Join(Offers(), ", ") + "), vars.NAME or link.NAME"
	if near := problem.Nearest(head, append(Offers(), "vars", "link")); near != "" && near != head {
		hint = problem.DidYouMean(head, append(Offers(), "vars", "link"))
	}
	return Errorf(hint, "unknown condition %q", problem.Printable(word))
}

// colonNode is a block between "::: words" and ":::": for platforms, or on a
// condition.
type colonNode struct {
	ast.BaseBlock
	platforms []string
	condition []string // of "if" and "unless"
	unless    bool
	at        int // position of the line that begins it
	end       int // position after the line that ends it
	closed    bool
	inner     int // blocks nested too deep inside, which have not ended
}

// maxColons is how deep blocks between ":::" may be nested.
const maxColons = 6

var kindColons = ast.NewNodeKind("Colons")

func (*colonNode) Kind() ast.NodeKind              { return kindColons }
func (n *colonNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type colonParser struct{}

func (colonParser) Trigger() []byte             { return []byte{':'} }
func (colonParser) CanInterruptParagraph() bool { return true }
func (colonParser) CanAcceptIndentedLine() bool { return false }

// colons returns the words after ":::" when the line begins or ends a block.
func colons(line []byte) (words []string, ok bool) {
	s := strings.TrimSpace(string(line))
	rest := strings.TrimLeft(s, ":")
	if len(s)-len(rest) < 3 {
		return nil, false
	}
	return strings.FieldsFunc(rest, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }), true
}

const (
	colonHint = `write "::: macos ios" or "::: if pop3" before and ":::" after the block, each alone on its line`
	insideFix = `a block that begins inside a list item or quotation ends inside it: indent its ":::" as far as its first line`
)

func (colonParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	words, ok := colons(line)
	if !ok {
		return nil, parser.NoChildren
	}
	n := &colonNode{at: segment.Start}
	reader.AdvanceToEOL()
	if len(words) == 0 {
		find(pc, n.at, `this ":::" ends a block, but none is open here`, colonHint)
		n.closed = true
		return n, parser.NoChildren
	}
	if outer, depth := openColons(pc); depth >= maxColons {
		if outer.inner++; outer.inner == 1 {
			find(pc, n.at, "blocks are nested too deep here", "at most 6 levels are read; one condition may name several services")
		}
		n.closed = true
		return n, parser.NoChildren
	}
	switch strings.ToLower(words[0]) {
	case "if":
		n.readCondition(words[1:], pc)
	case "unless":
		n.unless = true
		n.readCondition(words[1:], pc)
	case "else", "elif", "endif", "end":
		find(pc, n.at, `"::: `+strings.ToLower(words[0])+`" does not exist`, `end the block with ":::"; the opposite of "::: if pop3" is a block "::: unless pop3"`)
	default:
		n.readPlatforms(words, pc)
	}
	return n, parser.HasChildren
}

// openColons returns the innermost block that is open, and how many are.
func openColons(pc parser.Context) (innermost *colonNode, depth int) {
	for _, b := range pc.OpenedBlocks() {
		if n, ok := b.Node.(*colonNode); ok {
			innermost = n
			depth++
		}
	}
	return innermost, depth
}

func (n *colonNode) readCondition(words []string, pc parser.Context) {
	n.condition = []string{}
	if len(words) == 0 {
		find(pc, n.at, "the condition names nothing", `write "::: if pop3", or several names of which one is enough: "::: if caldav carddav"`)
	}
	for _, w := range words {
		if err := CheckOffer(w); err != nil {
			find(pc, n.at, err.Error(), HintOf(err))
		} else if !slices.Contains(n.condition, w) {
			n.condition = append(n.condition, w)
		}
	}
}

func (n *colonNode) readPlatforms(words []string, pc parser.Context) {
	for _, w := range words {
		w = strings.ToLower(w)
		if slices.Contains(Platforms(), w) {
			if !slices.Contains(n.platforms, w) {
				n.platforms = append(n.platforms, w)
			}
			continue
		}
		what, hint := "unknown platform \""+problem.Printable(w)+`"`, problem.DidYouMean(w, Platforms())
		switch {
		case isAdmonition(strings.Trim(w, "{}")):
			hint = `for a note write "> [!NOTE]" and "> " before its lines`
		case CheckOffer(w) == nil:
			hint = `for a condition write "::: if ` + problem.Printable(w) + `"`
		}
		find(pc, n.at, what, hint)
	}
	slices.SortFunc(n.platforms, func(a, b string) int {
		return slices.Index(Platforms(), a) - slices.Index(Platforms(), b)
	})
	for _, b := range pc.OpenedBlocks() {
		if outer, ok := b.Node.(*colonNode); ok && outer.condition == nil {
			find(pc, n.at, "a platform block begins inside another one", `end the first with ":::" before`)
			return
		}
	}
}

func (colonParser) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	n := node.(*colonNode)
	if n.closed {
		return parser.Close
	}
	line, segment := reader.PeekLine()
	last := pc.LastOpenedBlock().Node
	if words, ok := colons(line); !ok || len(words) > 0 || last.Kind() == ast.KindFencedCodeBlock || n.leftToInner(line, pc) {
		return parser.Continue | parser.HasChildren
	}
	reader.AdvanceToEOL()
	if n.inner > 0 {
		n.inner--
		return parser.Continue | parser.HasChildren
	}
	n.end = segment.Stop
	n.closed = true
	return parser.Close
}

// leftToInner reports whether a line ":::" ends a block that is open inside n:
// the innermost one whose list item the line is indented for.
func (n *colonNode) leftToInner(line []byte, pc parser.Context) bool {
	indent := len(line) - len(strings.TrimLeft(string(line), " \t"))
	below, need := false, 0
	for _, b := range pc.OpenedBlocks() {
		switch inner := b.Node.(type) {
		case *colonNode:
			if below && !inner.closed && indent >= need {
				return true
			}
			below = below || inner == n
		case *ast.ListItem:
			if below {
				need += inner.Offset
			}
		case *ast.Blockquote:
			if below {
				return false // its lines begin with ">"
			}
		}
	}
	return false
}

func (colonParser) Close(node ast.Node, _ text.Reader, pc parser.Context) {
	n := node.(*colonNode)
	if n.closed {
		return
	}
	what := "this platform block does not end"
	if n.condition != nil {
		what = "this condition does not end"
	}
	hint := colonHint
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindListItem || p.Kind() == ast.KindBlockquote {
			what, hint = what+" inside the list item or quotation in which it begins", insideFix
			break
		}
	}
	find(pc, n.at, what, hint)
}
