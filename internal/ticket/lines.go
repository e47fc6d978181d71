package ticket

import (
	"strings"
	"unicode"
)

// A line is one line of a message, with what the markup around it says.
type line struct {
	text  string
	quote int // levels of ">" or of an element that indents
	mark  mark
}

// A mark is what the markup of a mail program says about a line.
type mark uint16

const (
	cited     mark = 1 << iota // in an element that quotes an earlier message
	intro                      // "On … wrote:" before it
	head                       // the head of a quoted message begins here; its text follows
	signature                  // in an element for the signature
	attached                   // a message inside the message begins here
	report                     // of a delivery report (RFC 3462)
	returned                   // of the message that a delivery report returns
	hidden                     // not shown to people
)

func (l line) is(m mark) bool { return l.mark&m != 0 }

// quoted reports whether the line may be another's words.
func (l line) quoted() bool { return l.quote > 0 || l.is(cited|intro) }

func (l line) blank() bool { return l.text == "" }

// plainLines cuts text into lines; ">" at the beginning quotes.
func plainLines(text string) []line {
	var out []line
	for s := range strings.SplitSeq(normalize(text), "\n") {
		l := line{text: s}
		for {
			rest, ok := strings.CutPrefix(l.text, ">")
			if !ok {
				break
			}
			l.text, l.quote = strings.TrimSpace(rest), l.quote+1
		}
		out = append(out, l)
	}
	for i := range out {
		// The mbox format puts a ">" before "From " at the beginning of a line.
		if l := &out[i]; l.quote == 1 && strings.HasPrefix(l.text, "From ") && !near(out, i) {
			l.quote = 0
		}
	}
	return out
}

// near reports whether a line beside the i-th is quoted.
func near(lines []line, i int) bool {
	return i > 0 && lines[i-1].quote > 0 || i+1 < len(lines) && lines[i+1].quote > 0
}

// limitLines keeps the first n bytes of what is not quoted, and a quarter of
// that of what is: an answer below a long quote is not lost.
func limitLines(lines []line, n int) []line {
	own, others := n, n/4
	out := lines[:0:0]
	for _, l := range lines {
		budget := &own
		if l.quoted() || l.is(report|returned|hidden) {
			budget = &others
		}
		if *budget <= 0 {
			continue
		}
		if len(l.text) > *budget {
			l.text = strings.ToValidUTF8(l.text[:*budget], "")
		}
		*budget -= len(l.text) + 1
		out = append(out, l)
	}
	return out
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// normalize brings text into lines ended by "\n", without invisible characters.
func normalize(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, lineEnds.Replace(s))
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "\n")
}

// cleanLine makes one line of text.
func cleanLine(s string) string {
	return strings.Join(strings.Fields(normalize(s)), " ")
}

// join returns the texts of lines.
func join(lines []line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// texts reports whether lines have any letter or digit.
func texts(lines []line) bool {
	for _, l := range lines {
		if strings.ContainsFunc(l.text, wordOrCJK) {
			return true
		}
	}
	return false
}
