package markdown

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

func validAnchor(id string) bool { return anchorForm.MatchString(id) }

// anchorSet holds the anchors of a document, each with how often it was wanted.
type anchorSet map[string]int

// unique returns the id, with a number when it is taken, and takes it.
func (s anchorSet) unique(id string) string {
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

// slug makes an anchor of a heading: lower case, German and Nordic letters
// spelled out, other accents dropped, everything else a hyphen.
func slug(heading string) string {
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

// plainText returns the text of inlines, variables as typed.
func plainText(inlines []*node) string { return typed(plainTree(inlines)) }

// plainTree returns the text of inlines as it is in the tree.
func plainTree(inlines []*node) string {
	var b strings.Builder
	for _, root := range inlines {
		for n := range root.all() {
			switch n.kind {
			case kText, kCodeSpan, kKeys, kRaw, kName:
				b.WriteString(n.text)
			case kSoftBreak, kHardBreak:
				b.WriteByte(' ')
			}
		}
	}
	return b.String()
}

var explicitID = regexp.MustCompile(`[ \t]*\{#([^{}]*)\}[ \t]*$`)

// nameHeadings gives every heading its anchor, and complains about levels.
func (b *builder) nameHeadings(root *node) {
	chosen := map[string]int32{}
	var headings []*node
	level := int32(b.under)
	for n := range root.all() {
		if n.kind != kHeading {
			continue
		}
		headings = append(headings, n)
		b.explicitID(n, chosen)
		switch {
		case n.level == 1:
			b.problems.Warnf(b.path, int(n.line), `begin with "## "`, "the title is the only heading of level 1")
		case n.level > level+1:
			b.problems.Warnf(b.path, int(n.line), fmt.Sprintf("use %s here", strings.Repeat("#", int(level)+1)),
				"the heading jumps from level %d to level %d", level, n.level)
		}
		level = n.level
	}
	used := anchorSet{}
	for id := range chosen {
		used[id] = 1
	}
	for _, n := range headings {
		if !n.more.explicit {
			n.more.id = used.unique(slug(plainText(n.children)))
		}
	}
}

// explicitID takes {#id} off the end of a heading.
func (b *builder) explicitID(n *node, chosen map[string]int32) {
	m := n.extra()
	if len(n.children) == 0 {
		return
	}
	last := n.children[len(n.children)-1]
	if last.kind != kText || !strings.HasSuffix(last.text, "}") {
		return
	}
	found := explicitID.FindStringSubmatchIndex(last.text)
	if found == nil {
		return
	}
	id := last.text[found[2]:found[3]]
	last.text = last.text[:found[0]]
	switch first, twice := chosen[id]; {
	case !validAnchor(id):
		b.fail(n.line, "use letters, digits, - and _", "%q cannot be the anchor of a heading", id)
		return
	case stepAnchor.MatchString(id):
		b.fail(n.line, "choose another anchor", "anchors like %q belong to steps", id)
		return
	case twice:
		b.fail(n.line, "choose another anchor", "the anchor %q is already on line %d", id, first)
		return
	}
	m.id, m.explicit = id, true
	chosen[id] = n.line
}
