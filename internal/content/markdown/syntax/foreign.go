package syntax

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// A dialect is a piece of the Markdown of another program that would be shown
// to readers as it is typed.
type dialect struct {
	form *regexp.Regexp
	name string // what it is called, after the program that reads it
	hint string // what to write here
}

const (
	noteHint = `write "> [!NOTE]", "> [!TIP]" or "> [!WARNING]" and "> " before every line`
	attrHint = "delete it; only headings have an attribute here: ## Heading {#anchor}"
)

// lineDialects are recognised by a line of a paragraph.
var lineDialects = []dialect{
	{regexp.MustCompile(`^!!!\+?[ \t]*[A-Za-z]`), `"!!!" (an admonition of MkDocs)`, noteHint},
	{regexp.MustCompile(`^\?\?\?\+?[ \t]*[A-Za-z]`), `"???" (a folded admonition of MkDocs)`, noteHint},
	{regexp.MustCompile(`^===[!+]?[ \t]*["“']`), `"===" (a content tab of MkDocs)`, `write a platform block, "::: macos" and ":::", or a heading for each tab`},
	{regexp.MustCompile(`(?i)^(\[\[?_?toc_?\]?\]|\{:toc\}|<!-- *toc *-->)$`), "[TOC] (a table of contents)", "delete it; the page makes its own from the headings"},
	{regexp.MustCompile(`^--8<--`), `"--8<--" (a snippet of MkDocs)`, "make it a part and write {{include NAME}}"},
	{regexp.MustCompile(`^\{%-?[ \t]*[A-Za-z]`), `"{% %}" (a tag of Liquid or GitBook)`, `write Markdown in its place; for a note "> [!NOTE]", for a part {{include NAME}}`},
	{regexp.MustCompile(`^\.\.[ \t]+[A-Za-z-]+::`), `".. name::" (a directive of reStructuredText)`, noteHint},
	{regexp.MustCompile(`^\[\^[^\]]+\]:`), "a footnote", "put the sentence in brackets where it belongs, or into a paragraph of its own"},
	{regexp.MustCompile(`^\{:?[ \t]*[.#][A-Za-z][^{}]*\}$`), "an attribute list", attrHint},
	{regexp.MustCompile(`^:[ \t]+\S`), "a definition list", "write a list of bullets, or a table"},
	{regexp.MustCompile(`^\$\$`), "a formula", "write it as text or as a picture"},
}

// textDialects are recognised anywhere in running text.
var textDialects = []dialect{
	{regexp.MustCompile(`!\[\[[^\[\]\n]*\]\]`), `"![[ ]]" (an embedded file of Obsidian)`, `for a picture write ![What it shows](picture.png), for a part {{include NAME}}`},
	{regexp.MustCompile(`\[\^[^\]\s]+\]`), "a footnote", "put the sentence in brackets where it belongs, or into a paragraph of its own"},
	{regexp.MustCompile(`(?:^|[\s(])==[^\s=](?:[^=\n]*[^\s=])?==(?:[\s).,;:!?]|$)`), `"== ==" (marked text)`, "write **bold**"},
	{regexp.MustCompile(`\S[ \t]*\{:?[ \t]*\.[A-Za-z][^{}\n]*\}`), "an attribute list", attrHint},
	{regexp.MustCompile(`(?:^|\s):[a-z][a-z0-9_]+:(?:\s|$)`), "an emoji code", "write the character itself"},
}

// oldAlert is the first line of a quotation that GitHub showed as a note before
// there were alerts.
var oldAlert = regexp.MustCompile(`^\*\*(?i:note|tip|warning|important|caution|info):?\*\*:?$`)

// admonitions are the words that other programs begin a note with.
var admonitions = []string{"note", "tip", "info", "warning", "danger", "caution", "important", "hint", "success", "question", "details", "tabs", "tab-set", "admonition", "callout"}

func isAdmonition(word string) bool { return slices.Contains(admonitions, word) }

// foreign warns about lines of a paragraph that belong to another dialect.
func (b *builder) foreign(n ast.Node) {
	lines := n.Lines()
	if lines == nil {
		return
	}
	for i := range lines.Len() {
		line := lines.At(i)
		text := strings.TrimSpace(string(line.Value(b.source)))
		for _, d := range lineDialects {
			if d.form.MatchString(text) && (i == 0 || d.name != "a definition list" || lines.Len() > 1) {
				b.warnForeign(b.lineAt(line.Start), d)
				break
			}
		}
		if i == 0 && n.Parent() != nil && n.Parent().Kind() == ast.KindBlockquote && n.PreviousSibling() == nil && oldAlert.MatchString(text) {
			b.warnForeign(b.lineAt(line.Start), dialect{name: `"> **Note**" (an alert of old)`, hint: noteHint})
		}
		if i == 0 && n.Parent() != nil && n.Parent().Kind() == ast.KindListItem && n.PreviousSibling() == nil && taskItem.MatchString(text) {
			b.warnForeign(b.lineAt(line.Start), dialect{name: `"[ ]" (a task list)`, hint: "delete the brackets, or use a numbered list"})
		}
	}
}

var taskItem = regexp.MustCompile(`^\[[ xX]\][ \t]`)

// foreignText warns about pieces of running text that belong to another
// dialect. Code is not running text.
func (b *builder) foreignText(n *Node) {
	for c := range n.All() {
		if c.Kind != Text || !strings.ContainsAny(c.Text, "[={:") {
			continue
		}
		for _, d := range textDialects {
			if d.form.MatchString(c.Text) {
				b.warnForeign(int(c.Line), d)
			}
		}
	}
}

// warnForeign warns once a line about each dialect.
func (b *builder) warnForeign(line int, d dialect) {
	key := foreignAt{line, d.name}
	if b.toldForeign[key] {
		return
	}
	if b.toldForeign == nil {
		b.toldForeign = map[foreignAt]bool{}
	}
	b.toldForeign[key] = true
	b.problems.Warnf(b.path, line, d.hint, "%s is shown to readers as it is typed", d.name)
}

type foreignAt struct {
	line int
	name string
}
