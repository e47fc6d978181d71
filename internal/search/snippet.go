package search

import (
	"html"
	"strings"
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
}

// A mark is a word to highlight.
type mark struct {
	slot   int
	weight float32
}

// newMatcher collects the written forms of all terms of the slots.
func (ix *Index) newMatcher(slots []slot) *matcher {
	m := &matcher{words: map[string]mark{}}
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

// A match is a known word in a text.
type match struct {
	start, end int
	mark
}

// matches appends the known words of a text.
func (m *matcher) matches(out []match, text string) []match {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && !asciiWord[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			if !inWord(r) {
				i += n
				continue
			}
			if ideograph(r) {
				i += n
				continue
			}
		}
		end := wordEnd(text, i)
		if m.maybe(text, i) && end-i <= maxWord {
			if k, ok := m.words[fold(normalize(text[i:end]))]; ok {
				out = append(out, match{i, end, k})
			}
		}
		i = max(end, i+1)
	}
	return out
}

// present fills in the place and the snippet of a hit. doc is shown, found is
// the document of the same group that matched.
func (m *matcher) present(h *Hit, doc, found *Document) {
	var buf [64]match
	src := doc
	if len(doc.Sections) == 0 {
		src = found
	}
	best, bestScore := -1, float32(0)
	var bestMatches []match
	for i := range src.Sections {
		s := &src.Sections[i]
		ms := m.matches(buf[:0], s.Text)
		score := m.sectionScore(s, ms)
		if score > bestScore {
			best, bestScore = i, score
			bestMatches = append(bestMatches[:0], ms...)
		}
	}
	if best >= 0 {
		s := &src.Sections[best]
		h.Anchor, h.Section = s.Anchor, s.Heading
		if len(s.Platforms) > 0 {
			h.Platform = s.Platforms[0]
		}
	}
	switch {
	case src == doc && best >= 0 && len(bestMatches) > 0:
		h.Snippet = cutSnippet(doc.Sections[best].Text, bestMatches)
	case doc.Summary != "":
		h.Snippet = cutSnippet(doc.Summary, m.matches(buf[:0], doc.Summary))
	case best >= 0 && strings.TrimSpace(src.Sections[best].Text) != "":
		h.Snippet = cutSnippet(src.Sections[best].Text, bestMatches)
	case len(src.Sections) > 0:
		h.Snippet = cutSnippet(src.Sections[0].Text, nil)
	}
}

// sectionScore prefers sections in which many different words of the query
// occur; the heading counts twice, and repeats little.
func (m *matcher) sectionScore(s *Section, ms []match) float32 {
	var buf [16]match
	var best [maxQueryWords * 2]float32
	for _, x := range m.matches(buf[:0], s.Heading) {
		best[x.slot%len(best)] = max(best[x.slot%len(best)], 2*x.weight)
	}
	var repeats float32
	for _, x := range ms {
		k := x.slot % len(best)
		if best[k] < x.weight {
			best[k] = x.weight
		} else {
			repeats += x.weight
		}
	}
	var sum float32
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
