package postings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"signpost/internal/problem"
)

// A Reason is why a query string is not understood.
type Reason string

// The reasons.
const (
	Unreadable   Reason = "unreadable" // nothing that the query language knows
	OpenQuote    Reason = "quote"      // a quotation mark without its counterpart
	UnknownField Reason = "field"
	WidePattern  Reason = "pattern" // stands for too many words
	NoRange      Reason = "range"   // a comparison, though no field is a number or a date
	TooLong      Reason = "long"
	TooMany      Reason = "parts"
)

// A QueryError says which part of a query string is not understood, and why.
type QueryError struct {
	Reason Reason
	At     int    // the character at which Part begins, the first being 1
	Part   string // "" when the whole query is meant
	Field  string // that does not exist
}

// Near returns the field that was probably meant, "" when none is similar.
func (e *QueryError) Near() string { return problem.Nearest(e.Field, FieldNames()) }

// Error says it in English.
func (e *QueryError) Error() string {
	why := ""
	switch e.Reason {
	case OpenQuote:
		why = "the quotation mark is not closed"
	case UnknownField:
		why = fmt.Sprintf("there is no field %q; %s", problem.Printable(e.Field), problem.DidYouMean(e.Field, FieldNames()))
	case WidePattern:
		why = fmt.Sprintf("a pattern begins with %d letters and has at most %d of * and ?", patternStart, patternSigns)
	case NoRange:
		why = "no field is a number or a date: comparisons are not possible"
	case TooLong:
		return fmt.Sprintf("the query is longer than %d bytes", maxAdvanced)
	case TooMany:
		return fmt.Sprintf("the query has more than %d parts", maxClauses)
	default:
		why = "this is not part of the query language; put a \\ before a sign that is meant as such"
	}
	return fmt.Sprintf("the query cannot be read at character %d, %q: %s", e.At, problem.Printable(e.Part), why)
}

// FieldNames returns the fields that a query may name.
func FieldNames() []string { return slices.Concat(fieldNames[:], exactFields) }

// A part is what stands between blanks, with the character at which it begins.
type part struct {
	text string
	at   int
}

// at adds the place to an error of a part.
func at(err error, p part) error {
	var q *QueryError
	if !errors.As(err, &q) || q.Reason == TooMany {
		return err
	}
	out := *q
	out.At, out.Part = p.at, strings.TrimSpace(p.text)
	return &out
}

// parts cuts a query string as the query language does: at blanks that are neither
// quoted nor escaped. A sign or a field's name stays with what follows.
func parts(text string) []part {
	var out []part
	all := []rune(text)
	begin := -1   // of the part
	fresh := true // a token may begin
	quoted, skip := false, false
	for i, r := range all {
		switch {
		case skip:
			skip = false
			continue
		case r == '\\':
			skip, fresh = true, false
		case quoted:
			quoted, fresh = r != '"', r == '"'
			continue
		case r == ' ' && begin >= 0 && strings.TrimRight(string(all[begin:i]), "+-:<>= ") != "" && !strings.ContainsRune("+-:<>= ", all[i-1]):
			out = append(out, part{string(all[begin:i]), begin + 1})
			begin, fresh = -1, true
			continue
		case r == ' ':
			fresh = true
			continue
		case r == '"' && fresh:
			quoted = true
		case strings.ContainsRune("+-:<>=", r):
			fresh = fresh || r == ':'
		default:
			fresh = false
		}
		if begin < 0 {
			begin = i
		}
	}
	if begin >= 0 {
		out = append(out, part{string(all[begin:]), begin + 1})
	}
	return out
}
