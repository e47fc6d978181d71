package passage

import (
	"html"
	"strings"
	"unicode/utf8"
)

// snippetRunes is the length of a snippet's text, in characters.
const snippetRunes = 120

// Snippet returns the part of the text with the most different marked words,
// as HTML.
func Snippet(text string, ms []Match) string {
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
		if x.Start < at || x.End > to {
			continue
		}
		b.WriteString(escapeSpaces(text[at:x.Start]))
		b.WriteString("<mark>")
		b.WriteString(html.EscapeString(text[x.Start:x.End]))
		b.WriteString("</mark>")
		at = x.End
	}
	b.WriteString(strings.TrimRight(escapeSpaces(text[at:to]), " "))
	if to < len(strings.TrimRight(text, " \t\r\n")) {
		b.WriteString("…")
	}
	return b.String()
}

// bestWindow returns where the window with the heaviest set of words begins.
func bestWindow(text string, ms []Match) int {
	best, bestScore := 0, float32(-1)
	for i := range ms {
		var seen [64]bool // by concept
		var score float32
		for _, x := range ms[i:] {
			if x.End-ms[i].Start > snippetRunes {
				break
			}
			if k := int(x.Concept) % len(seen); !seen[k] {
				seen[k] = true
				score += x.Weight
			} else {
				score += .05 * x.Weight
			}
		}
		if score > bestScore {
			best, bestScore = i, score
		}
	}
	return ms[best].Start
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
	if isPlain(s) {
		return s
	}
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

// isPlain reports whether there is nothing to escape or to join.
func isPlain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == ' ' && i > 0 && s[i-1] == ' ' || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'' {
			return false
		}
	}
	return true
}
