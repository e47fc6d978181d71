// Package expect reads the search-quality file of the sample site: what
// customers type, and what they must find.
//
// Each line is "language | query | found | note". Found is "a 1" (a comes
// first), "a, b 3" (both are among the first three), "a or b 1" (any of them) or
// "nothing". A query that ends with "…" is half typed. "[name]" begins a section;
// "#" a comment. [Parse] reads the lines, [Line.Miss] judges an answer.
package expect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Line is one query with what it must find.
type Line struct {
	Number  int    // in the file
	Section string // "" before the first
	Lang    string
	Query   string
	Typing  bool     // the last word is not finished
	Want    []string // none: nothing at all is found
	Any     bool     // one of Want is enough
	Within  int      // how many of the first results count
}

// Parse reads a file. The error names the line.
func Parse(text string) ([]Line, error) {
	var out []Line
	n, section := 0, ""
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok && !strings.Contains(line, "|") {
			section = strings.TrimSuffix(name, "]")
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		l := Line{Number: n, Section: section}
		if err := l.read(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, l)
	}
	return out, nil
}

func (l *Line) read(line string) error {
	f := strings.Split(line, "|")
	if len(f) != 4 {
		return fmt.Errorf("%d columns, want language | query | found | note", len(f))
	}
	l.Lang, l.Query = strings.TrimSpace(f[0]), strings.TrimSpace(f[1])
	l.Query, l.Typing = strings.CutSuffix(l.Query, "…")
	found := strings.TrimSpace(f[2])
	if found == "nothing" {
		return nil
	}
	at := strings.LastIndexByte(found, ' ')
	if at < 0 {
		return fmt.Errorf(`%q: write "slug 1" or "nothing"`, found)
	}
	var err error
	if l.Within, err = strconv.Atoi(found[at+1:]); err != nil || l.Within < 1 {
		return fmt.Errorf("%q ends with no number", found)
	}
	separator := ","
	if l.Any = strings.Contains(found, " or "); l.Any {
		separator = " or "
	}
	for s := range strings.SplitSeq(found[:at], separator) {
		l.Want = append(l.Want, strings.TrimSpace(s))
	}
	if !l.Any && len(l.Want) > l.Within {
		return fmt.Errorf("%d results cannot be among the first %d", len(l.Want), l.Within)
	}
	return nil
}

// Miss says how an answer falls short, "" when it is as wanted.
func (l *Line) Miss(found []string) string {
	first := found[:min(len(found), l.Within)]
	got := 0
	for _, w := range l.Want {
		if slices.Contains(first, w) {
			got++
		}
	}
	switch {
	case len(l.Want) == 0 && len(found) == 0, l.Any && got > 0, len(l.Want) > 0 && got == len(l.Want):
		return ""
	}
	joined := ", "
	if l.Any {
		joined = " or "
	}
	want := "nothing"
	if len(l.Want) > 0 {
		want = fmt.Sprintf("%s within %d", strings.Join(l.Want, joined), l.Within)
	}
	return fmt.Sprintf("line %d: %s %q: want %s, found %s", l.Number, l.Lang, l.Query, want, strings.Join(found[:min(len(found), max(4, l.Within))], ", "))
}
