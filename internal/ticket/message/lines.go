package message

import (
	"strings"
	"unicode"
)

// A Line is one line of a message, with what the markup around it says.
type Line struct {
	Text  string
	Quote int // levels of ">" or of an element that indents
	Mark  Mark
}

// A Mark is what the markup of a mail program says about a line.
type Mark uint16

const (
	Cited     Mark = 1 << iota // in an element that quotes an earlier message
	Intro                      // "On … wrote:" before it
	Head                       // the head of a quoted message begins here; its text follows
	Signature                  // in an element for the signature
	Attached                   // a message inside the message begins here
	Report                     // of a delivery report (RFC 3462)
	Returned                   // of the message that a delivery report returns
	Hidden                     // not shown to people
)

// Is reports whether the line has a mark.
func (l Line) Is(m Mark) bool { return l.Mark&m != 0 }

// Quoted reports whether the line may be another's words.
func (l Line) Quoted() bool { return l.Quote > 0 || l.Is(Cited|Intro) }

// Blank reports whether the line is empty.
func (l Line) Blank() bool { return l.Text == "" }

// Plain cuts text into lines; ">" at the beginning quotes.
func Plain(text string) []Line {
	var out []Line
	for s := range strings.SplitSeq(normalize(cut(text)), "\n") {
		l := Line{Text: s}
		for {
			rest, ok := strings.CutPrefix(l.Text, ">")
			if !ok {
				break
			}
			l.Text, l.Quote = strings.TrimSpace(rest), l.Quote+1
		}
		out = append(out, l)
	}
	for i := range out {
		// The mbox format puts a ">" before "From " at the beginning of a line.
		if l := &out[i]; l.Quote == 1 && strings.HasPrefix(l.Text, "From ") && !near(out, i) {
			l.Quote = 0
		}
	}
	return out
}

// maxPlain is how much text is looked at closely, and how much quoted text besides.
const maxPlain = 256 << 10

// cut keeps the first lines that are not quoted, and the first that are, of a
// text that is far too long.
func cut(text string) string {
	if len(text) <= maxPlain {
		return text
	}
	var b strings.Builder
	own, quoted := maxPlain, maxPlain/4
	for text != "" && own > 0 {
		n := strings.IndexByte(text, '\n') + 1
		if n == 0 {
			n = len(text)
		}
		budget := &own
		if strings.HasPrefix(strings.TrimLeft(text[:min(n, 100)], " \t"), ">") {
			budget = &quoted
		}
		if k := min(n, *budget); k > 0 {
			b.WriteString(text[:k])
			*budget -= k
		}
		text = text[n:]
	}
	return strings.ToValidUTF8(b.String(), "")
}

// near reports whether a line beside the i-th is quoted.
func near(lines []Line, i int) bool {
	return i > 0 && lines[i-1].Quote > 0 || i+1 < len(lines) && lines[i+1].Quote > 0
}

// Limit keeps the first n bytes of what is not quoted, and a quarter of
// that of what is: an answer below a long quote is not lost.
func Limit(lines []Line, n int) []Line {
	own, others := n, n/4
	out := lines[:0:0]
	for _, l := range lines {
		budget := &own
		if l.Quoted() || l.Is(Report|Returned|Hidden) {
			budget = &others
		}
		if *budget <= 0 {
			continue
		}
		if len(l.Text) > *budget {
			l.Text = strings.ToValidUTF8(l.Text[:*budget], "")
		}
		*budget -= len(l.Text) + 1
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

// Clean makes one line of text.
func Clean(s string) string {
	return strings.Join(strings.Fields(normalize(s)), " ")
}

// HasText reports whether lines have any letter or digit.
func HasText(lines []Line) bool {
	for _, l := range lines {
		if strings.ContainsFunc(l.Text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			return true
		}
	}
	return false
}
