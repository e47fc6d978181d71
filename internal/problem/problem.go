// Package problem describes what is wrong with a file that a person wrote:
// where, how bad, and what to do about it.
//
// Loaders collect problems in a [List] instead of stopping at the first one,
// so that one run of "signpost check" shows everything. A file with an error
// is left out or keeps its last good version; a warning never holds a file back.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a file can be used despite the problem.
type Severity string

const (
	// Error means that the file is not used.
	Error Severity = "error"
	// Warning means that the file is used as it is.
	Warning Severity = "warning"
)

// A Problem is one finding in one file. Its JSON form is one element of the
// output of "signpost check --json".
type Problem struct {
	Path     string   `json:"path"`           // slash-separated, relative to the content folder
	Line     int      `json:"line"`           // 1-based; 0 when the problem has no line
	Severity Severity `json:"severity"`       // "error" or "warning"
	Message  string   `json:"message"`        // one sentence: what is wrong
	Hint     string   `json:"hint,omitempty"` // one sentence: what to do

	// Follows is the path of a file with errors that this problem may only be
	// a consequence of; "" when it stands for itself.
	Follows string `json:"-"`
}

// String returns "path:line: severity: message (hint)", without control characters.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Path)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	fmt.Fprintf(&b, ": %s: %s", p.Severity, p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (%s)", p.Hint)
	}
	return Printable(b.String())
}

// A List holds problems in the order in which they were found.
type List []Problem

// Errorf appends an error. The hint may be empty.
func (l *List) Errorf(path string, line int, hint, format string, args ...any) {
	*l = append(*l, Problem{Path: path, Line: line, Severity: Error, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// Warnf appends a warning. The hint may be empty.
func (l *List) Warnf(path string, line int, hint, format string, args ...any) {
	*l = append(*l, Problem{Path: path, Line: line, Severity: Warning, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// HasErrors reports whether any problem is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(p Problem) bool { return p.Severity == Error })
}

// ErrorsIn reports whether the file at path has an error.
func (l List) ErrorsIn(path string) bool {
	return slices.ContainsFunc(l, func(p Problem) bool { return p.Severity == Error && p.Path == path })
}

// ErrorsAt reports whether the line of the file at path has an error.
func (l List) ErrorsAt(path string, line int) bool {
	return slices.ContainsFunc(l, func(p Problem) bool { return p.Severity == Error && p.Path == path && p.Line == line })
}

// Sort orders the list by path and line, and drops exact repeats.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Severity, b.Severity))
	})
	seen := map[Problem]bool{}
	*l = slices.DeleteFunc(*l, func(p Problem) bool {
		again := seen[p]
		seen[p] = true
		return again
	})
}

// Nearest returns the known word that a mistyped one most likely means, or ""
// when none is close: the edit distance may be a third of the word's length,
// and always two. Of equally near words it is the first in alphabetical order.
func Nearest(word string, known []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, k := range known {
		d := Distance(strings.ToLower(word), strings.ToLower(k))
		if (d < bestDistance || d == bestDistance && k < best) && d < max(len(k), 2) {
			best, bestDistance = k, d
		}
	}
	return best
}

// DidYouMean returns a hint that names the nearest known word, or lists all of
// them when none is near and they are few.
func DidYouMean(word string, known []string) string {
	if n := Nearest(word, known); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	if sorted := slices.Compact(slices.Sorted(slices.Values(known))); len(sorted) > 0 && len(sorted) <= 24 {
		return "known: " + strings.Join(sorted, ", ")
	}
	return ""
}

// Distance is the optimal string alignment distance: insertions, deletions,
// replacements and swaps of neighbours count one each.
func Distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	var before, prev, row []int
	prev = make([]int, len(t)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row = make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, prev[j]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, prev = prev, row
	}
	return prev[len(t)]
}

// Printable replaces control characters, line separators and bidirectional
// overrides, so that text from a file or a server cannot steer a terminal or
// forge a line of a log.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case r < 0x20, r >= 0x7f && r < 0xa0, r == 0x2028, r == 0x2029,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\uFFFD'
		}
		return r
	}, s)
}
