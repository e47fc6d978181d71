package search

import (
	"html"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// snippetRunes is the length of a snippet's text, in characters.
const snippetRunes = 150

// A matcher finds the words of a query in texts without analysing them: it
// knows all written forms of the matched terms, and passes over words whose
// first two letters begin none of them.
type matcher struct {
	words map[string]mark // by folded form
	first [256][4]uint64  // second bytes that follow a first byte
	found []match
}

// A mark is a word to highlight.
type mark struct {
	slot   int
	weight float32
}

// A match is a known word in a text.
type match struct {
	start, end int
	mark
}

var matchers = sync.Pool{New: func() any { return &matcher{words: map[string]mark{}} }}

// release gives the memory back.
func (m *matcher) release() {
	clear(m.words)
	m.first = [256][4]uint64{}
	matchers.Put(m)
}

// newMatcher collects the written forms of all terms of the slots.
func (ix *Index) newMatcher(slots []slot) *matcher {
	m := matchers.Get().(*matcher)
	for i, s := range slots {
		for _, a := range s.alternatives {
			for _, w := range a.terms {
				t := &ix.terms[w.term]
				for _, form := range t.forms {
					m.learn(form, mark{i, s.weight * w.weight * t.idf})
				}
			}
		}
	}
	return m
}

func (m *matcher) learn(folded string, k mark) {
	if old, ok := m.words[folded]; ok && old.weight >= k.weight {
		return
	}
	m.words[folded] = k
	second := byte(0)
	if len(folded) > 1 {
		second = folded[1]
	}
	m.first[folded[0]][second>>6] |= 1 << (second & 63)
}

// maybe reports whether a word of the text that starts with these bytes can be
// known. Signs that fold to others always can.
func (m *matcher) maybe(text string, i int) bool {
	a, b := lower(text[i]), byte(0)
	if i+1 < len(text) {
		b = lower(text[i+1])
	}
	if a >= utf8.RuneSelf {
		return true
	}
	row := &m.first[a]
	if b >= utf8.RuneSelf || b == '\'' {
		return row[0]|row[1]|row[2]|row[3] != 0
	}
	if !asciiWord[b] {
		b = 0
	}
	return row[b>>6]&(1<<(b&63)) != 0
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// matches returns the known words of a text, and the weight of its best
// sentence: the weights of the different words in it, less for a long one.
func (m *matcher) matches(text string) ([]match, float32) {
	m.found = m.found[:0]
	best, words, first := float32(0), 0, 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && !asciiWord[c] {
			i++
			if c == '\n' || (c == '.' || c == '?' || c == '!') && (i == len(text) || text[i] <= ' ') {
				best = max(best, m.sentence(m.found[first:], words))
				words, first = 0, len(m.found)
			}
			continue
		}
		if c >= utf8.RuneSelf {
			if r, n := utf8.DecodeRuneInString(text[i:]); !inWord(r) || ideograph(r) {
				i += n
				continue
			}
		}
		end := wordEnd(text, i)
		words++
		if m.maybe(text, i) && end-i <= maxWord {
			if k, ok := m.words[fold(normalize(text[i:end]))]; ok {
				m.found = append(m.found, match{i, end, k})
			}
		}
		i = max(end, i+1)
	}
	return m.found, max(best, m.sentence(m.found[first:], words))
}

// sentence weighs one sentence.
func (m *matcher) sentence(ms []match, words int) float32 {
	if len(ms) == 0 {
		return 0
	}
	var sum float32
	for i, x := range ms {
		if !slices.ContainsFunc(ms[:min(i, 64)], func(o match) bool { return o.slot == x.slot }) {
			sum += x.weight
		}
	}
	return sum / float32(math.Sqrt(float64(words)*passageWord+5))
}

// passageWord is the weight of a word when the length of a sentence is taken.
const passageWord = 2

// passage returns the weight of the best sentence of a document.
func (m *matcher) passage(d *Document) float32 {
	_, best := m.matches(d.Title)
	for _, a := range d.Also {
		_, p := m.matches(a)
		best = max(best, p)
	}
	for i := range d.Sections {
		_, p := m.matches(d.Sections[i].Text)
		_, h := m.matches(d.Sections[i].Heading)
		best = max(best, p, h)
	}
	return best
}

// present fills in the place and the snippet of a hit; found is the document of
// its group that matched.
func (m *matcher) present(h *Hit, found *Document) {
	src := h.Doc
	if len(src.Sections) == 0 {
		src = found
	}
	best, bestScore := -1, float32(0)
	for i := range src.Sections {
		if score := m.sectionScore(&src.Sections[i]); score > bestScore {
			best, bestScore = i, score
		}
	}
	text := h.Doc.Summary
	if best >= 0 {
		s := &src.Sections[best]
		h.Anchor, h.Section = s.Anchor, s.Heading
		if len(s.Platforms) > 0 {
			h.Platform = s.Platforms[0]
		}
		if ms, _ := m.matches(s.Text); text == "" || src == h.Doc && len(ms) > 0 {
			text = s.Text
		}
	}
	if text == "" && len(src.Sections) > 0 {
		text = src.Sections[0].Text
	}
	ms, _ := m.matches(text)
	h.Snippet = cutSnippet(text, ms)
}

// sectionScore prefers sections in which many different words of the query
// occur; the heading counts twice, and repeats little.
func (m *matcher) sectionScore(s *Section) float32 {
	var best [2 * maxQueryWords]float32
	ms, _ := m.matches(s.Heading)
	for _, x := range ms {
		best[x.slot%len(best)] = 2 * x.weight
	}
	var sum, repeats float32
	ms, _ = m.matches(s.Text)
	for _, x := range ms {
		k := x.slot % len(best)
		if best[k] < x.weight {
			best[k] = x.weight
		} else {
			repeats += x.weight
		}
	}
	for _, w := range best {
		sum += w
	}
	return sum + .1*min(repeats, sum)
}

// cutSnippet returns the part of the text with the most different marked words,
// as HTML.
func cutSnippet(text string, ms []match) string {
	from := 0
	if len(ms) > 0 {
		from = bestWindow(text, ms)
	}
	from, to := window(text, from)
	var b strings.Builder
	if from > 0 {
		b.WriteString("…")
	}
	at := from
	for _, x := range ms {
		if x.start < at || x.end > to {
			continue
		}
		b.WriteString(escapeSpaces(text[at:x.start]))
		b.WriteString("<mark>")
		b.WriteString(html.EscapeString(text[x.start:x.end]))
		b.WriteString("</mark>")
		at = x.end
	}
	b.WriteString(strings.TrimRight(escapeSpaces(text[at:to]), " "))
	if to < len(strings.TrimRight(text, " \t\r\n")) {
		b.WriteString("…")
	}
	return b.String()
}

// bestWindow returns where the window with the heaviest set of words begins.
func bestWindow(text string, ms []match) int {
	best, bestScore := 0, float32(-1)
	for i := range ms {
		var seen [maxQueryWords * 2]bool
		var score float32
		for _, x := range ms[i:] {
			if x.end-ms[i].start > snippetRunes {
				break
			}
			if k := x.slot % len(seen); !seen[k] {
				seen[k] = true
				score += x.weight
			} else {
				score += .05 * x.weight
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return ms[best].start
}

// window widens a position to whole words: it begins at the sentence when that
// is near, else a few words before.
func window(text string, at int) (from, to int) {
	const before = 40
	from = max(0, at-before)
	if from > 0 {
		if i := strings.LastIndexAny(text[from:at], ".!?\n"); i >= 0 {
			from += i + 1
		} else if i := strings.IndexAny(text[from:at], " \t"); i >= 0 {
			from += i + 1
		} else {
			from = at
		}
	}
	for from < at && strings.IndexByte(" \t\r\n", text[from]) >= 0 {
		from++
	}
	if from <= at && strings.TrimSpace(text[:from]) == "" {
		from = len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	}
	n := 0
	to = from
	for to < len(text) && n < snippetRunes {
		_, w := utf8.DecodeRuneInString(text[to:])
		to += w
		n++
	}
	if to < len(text) {
		if i := strings.LastIndexAny(text[from:to], " \t\n"); i > snippetRunes/2 {
			to = from + i
		}
	}
	return from, to
}

// escapeSpaces escapes text and joins lines.
func escapeSpaces(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if r == ' ' || r == '\t' || r == '\n' || r == '\r' || r < 0x20 {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return html.EscapeString(b.String())
}
