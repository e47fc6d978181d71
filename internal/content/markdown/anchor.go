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
	if stepAnchor.MatchString(id) {
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
	return norm.NFC.String(b.String())
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
