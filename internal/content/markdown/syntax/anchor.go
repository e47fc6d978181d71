package syntax

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

var (
	anchorForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$`)
	stepAnchor = regexp.MustCompile(`^step-([a-z-]+-)?[0-9]+$`)
)

// AnchorSet holds the anchors of a document, each with how often it was wanted.
type AnchorSet map[string]int

// Unique returns the id, with a number when it is taken, and takes it.
func (s AnchorSet) Unique(id string) string {
	if strings.HasPrefix(id, "step-") && stepAnchor.MatchString(id) {
		id = "section-" + id
	}
	name := id
	for i := s[id] + 1; s[name] > 0; i++ {
		name = fmt.Sprintf("%s-%d", id, i)
	}
	s[id]++
	if name != id {
		s[name]++
	}
	return name
}

var folded = strings.NewReplacer(
	"ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "å", "aa", "ø", "oe", "æ", "ae",
	"đ", "d", "ð", "d", "þ", "th", "ł", "l", "œ", "oe", "ı", "i",
)

const maxSlug = 60 // characters

// Slug makes an anchor of a heading: lower case, German and Nordic letters
// spelled out, other accents dropped, everything else a hyphen.
func Slug(heading string) string {
	var b strings.Builder
	n, gap := 0, false
	lower := folded.Replace(strings.ToLower(norm.NFC.String(heading)))
	for _, r := range norm.NFD.String(lower) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && n > 0 {
				b.WriteByte('-')
				n++
			}
			gap = false
			b.WriteRune(r)
			n++
		case r == '\'' || r == '’':
			continue
		default:
			gap = true
		}
		if n >= maxSlug {
			break
		}
	}
	if n == 0 {
		return "section"
	}
	s := b.String()
	if i := strings.LastIndexByte(s, '-'); n >= maxSlug && i > 0 {
		s = s[:i] // no half words
	}
	return norm.NFC.String(s)
}

var explicitID = regexp.MustCompile(`[ \t]*\{#([^{}]*)\}[ \t]*$`)

// nameHeadings gives every heading its anchor, and complains about levels.
func (b *builder) nameHeadings(root *Node) {
	chosen := map[string]int32{}
	var headings []*Node
	level := int32(b.under)
	for n := range root.All() {
		if n.Kind != Heading {
			continue
		}
		headings = append(headings, n)
		b.explicitID(n, chosen)
		switch {
		case n.Level == 1:
			b.problems.Warnf(b.path, int(n.Line), `begin with "## "`, "the title is the only heading of level 1")
		case n.Level > level+1:
			b.problems.Warnf(b.path, int(n.Line), fmt.Sprintf("use %s here", strings.Repeat("#", int(level)+1)),
				"the heading jumps from level %d to level %d", level, n.Level)
		}
		level = n.Level
	}
	used := AnchorSet{}
	for id := range chosen {
		used[id] = 1
	}
	for _, n := range headings {
		if !n.More.explicit {
			n.More.ID = used.Unique(Slug(Typed(PlainText(n.Children))))
		}
	}
}

// explicitID takes {#id} off the end of a heading.
func (b *builder) explicitID(n *Node, chosen map[string]int32) {
	m := n.Extra()
	if len(n.Children) == 0 {
		return
	}
	last := n.Children[len(n.Children)-1]
	if last.Kind != Text || !strings.HasSuffix(last.Text, "}") {
		return
	}
	found := explicitID.FindStringSubmatchIndex(last.Text)
	if found == nil {
		return
	}
	id := last.Text[found[2]:found[3]]
	last.Text = last.Text[:found[0]]
	switch first, twice := chosen[id]; {
	case !anchorForm.MatchString(id):
		b.fail(n.Line, "use letters, digits, - and _", "%q cannot be the anchor of a heading", id)
		return
	case stepAnchor.MatchString(id):
		b.fail(n.Line, "choose another anchor", "anchors like %q belong to steps", id)
		return
	case twice:
		b.fail(n.Line, "choose another anchor", "the anchor %q is already on line %d", id, first)
		return
	}
	m.ID, m.explicit = id, true
	chosen[id] = n.Line
}
