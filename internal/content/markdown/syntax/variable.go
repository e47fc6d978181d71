package syntax

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"signpost/internal/problem"
)

// An Error says what is wrong, and what to do.
type Error struct {
	Message string // what is wrong, one sentence without a full stop
	Hint    string // what to do
	Warning bool   // it does not keep the text from being used
	Follows string // path of a file with errors that may be the reason, or ""
}

// Errorf returns an *Error. The hint may be empty.
func Errorf(hint, format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Hint: hint}
}

func (e *Error) Error() string { return e.Message }

// A Variable is one {{name}} or {{name for client}} in a text.
type Variable struct {
	Name   string // "imap.host"
	Client string // "apple-mail" or ""
	Line   int
}

// String returns the variable as it is typed.
func (v Variable) String() string {
	if v.Client != "" {
		return "{{" + v.Name + " for " + v.Client + "}}"
	}
	return "{{" + v.Name + "}}"
}

// Lookup returns the value of a variable; client is "" or the word after "for".
type Lookup func(name, client string) (string, error)

const word = `[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*`

var (
	variable  = regexp.MustCompile(`^\{\{[ \t^]*(` + word + `)(?:[ \t^]+for[ \t^]+(` + word + `))?[ \t^]*\}\}`)
	directive = regexp.MustCompile(`^\{\{[ \t^]*(include|settings|profile)(?:[ \t^]+(` + word + `))?(?:[ \t^]+for[ \t^]+(` + word + `))?[ \t^]*\}\}$`)
)

const bracesHint = `a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces`

// Pieces cuts a text at its variables. A backslash before {{ makes it literal
// when typed is set; in the tree of a File, [Braces] does. bad gets what
// looks like a variable and is none, and is also passed on as literal text.
func Pieces(s string, typed bool, literal func(string), value func(Variable), bad func(text string, line int)) {
	line := 1
	for s != "" {
		i := strings.Index(s, "{{")
		if b := strings.Index(s, Braces); b >= 0 && (i < 0 || b < i) {
			literal(s[:b] + "{{")
			line += strings.Count(s[:b], "\n")
			s = s[b+len(Braces):]
			continue
		}
		if i < 0 {
			literal(s)
			return
		}
		line += strings.Count(s[:i], "\n")
		if typed && escaped([]byte(s[:i])) {
			literal(s[:i-1] + "{{")
			s = s[i+2:]
			continue
		}
		if i > 0 {
			literal(s[:i])
		}
		s = s[i:]
		if m := variable.FindStringSubmatch(s); m != nil && m[1] != "profile" {
			value(Variable{m[1], m[2], line})
			s = s[len(m[0]):]
			continue
		}
		end := strings.IndexAny(s, "}\n")
		if end < 0 {
			end = len(s)
		} else if strings.HasPrefix(s[end:], "}}") {
			end += 2
		}
		bad(s[:end], line)
		literal(s[:end])
		s = s[end:]
	}
}

// maxValue is the longest value that is put into a text, in bytes: the product
// of many short variables and a long value must stay small.
const maxValue = 1 << 10

// Value returns a value that can stand in one line of text.
func Value(value Lookup, v Variable) (string, error) {
	s, err := value(v.Name, v.Client)
	if err == nil && len(s) > maxValue {
		return "", Errorf("", "the value of %s is longer than %d bytes", v, maxValue)
	}
	return s, err
}

// NotAValue returns the error about what looks like a variable and is none.
func NotAValue(typed string) error {
	return Errorf(bracesHint, "%q is not a value", strings.ReplaceAll(typed, "^", " "))
}

// Report adds an error to problems, with the hint that it may carry.
func Report(problems *problem.List, path string, line int, err error) {
	p := problem.Problem{Path: path, Line: line, Severity: problem.Error, Message: err.Error(), Hint: HintOf(err)}
	var e *Error
	if errors.As(err, &e) {
		if p.Follows = e.Follows; e.Warning {
			p.Severity = problem.Warning
		}
	}
	*problems = append(*problems, p)
}

// HintOf returns what an [*Error] says to do, or "".
func HintOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Hint
	}
	return ""
}

// checkTexts looks for what seems to be a variable and is none, in an inline
// and everything in it.
func (b *builder) checkTexts(n *Node) {
	for c := range n.All() {
		if c.Kind != Raw {
			b.checkText(c.Line, c.Text)
			b.checkText(c.Line, c.Title())
		}
	}
}

func (b *builder) checkText(line int32, s string) {
	if !strings.Contains(s, "{{") {
		return
	}
	Pieces(s, false, func(string) {}, func(Variable) {}, func(bad string, n int) {
		shown := problem.Printable(strings.ReplaceAll(bad, "^", " "))
		if directive.MatchString(bad) {
			b.fail(line+int32(n-1), "put empty lines around it", "%s must stand alone on its line", shown)
			return
		}
		b.fail(line+int32(n-1), bracesHint, "%s", NotAValue(shown))
	})
}

const maxProblems = 100 // of one file

// Limited keeps the first problems: who has made so many knows what to do.
func Limited(l problem.List) problem.List {
	if len(l) <= maxProblems {
		return l
	}
	rest := l[maxProblems:]
	last := problem.Problem{Path: rest[0].Path, Line: rest[0].Line, Severity: problem.Warning, Message: fmt.Sprintf("and %d more problems", len(rest))}
	if rest.HasErrors() {
		last.Severity = problem.Error
	}
	return append(l[:maxProblems:maxProblems], last)
}
