package markdown

import (
	"errors"
	"regexp"
	"strings"

	"signpost/internal/problem"
)

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

// Lookup returns the value of a variable; see [Resolver].
type Lookup func(name, client string) (string, error)

const word = `[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*`

var (
	variable  = regexp.MustCompile(`^\{\{[ \t^]*(` + word + `)(?:[ \t^]+for[ \t^]+(` + word + `))?[ \t^]*\}\}`)
	directive = regexp.MustCompile(`^\{\{[ \t^]*(include|settings|profile)(?:[ \t^]+(` + word + `))?(?:[ \t^]+for[ \t^]+(` + word + `))?[ \t^]*\}\}$`)
)

const bracesHint = `a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces`

// pieces cuts a text at its variables. A backslash before {{ makes it literal
// when typed is set; in the tree of a File, [braces] does. bad gets what
// looks like a variable and is none, and is also passed on as literal text.
func pieces(s string, typed bool, literal func(string), value func(Variable), bad func(text string, line int)) {
	line := 1
	for s != "" {
		i := strings.Index(s, "{{")
		if b := strings.Index(s, braces); b >= 0 && (i < 0 || b < i) {
			literal(s[:b] + "{{")
			line += strings.Count(s[:b], "\n")
			s = s[b+len(braces):]
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

// lookup returns a value that can stand in one line of text.
func lookup(value Lookup, v Variable) (string, error) {
	s, err := value(v.Name, v.Client)
	if err == nil && len(s) > maxValue {
		return "", Errorf("", "the value of %s is longer than %d bytes", v, maxValue)
	}
	return s, err
}

// substitute replaces the variables of s, and reports the lines of errors.
func substitute(s string, typed bool, value Lookup, escape func(string) string, fail func(line int, err error)) string {
	var b strings.Builder
	pieces(s, typed, func(l string) { b.WriteString(l) }, func(v Variable) {
		text, err := lookup(value, v)
		if err != nil {
			fail(v.Line, err)
			b.WriteString(v.String())
			return
		}
		b.WriteString(escape(text))
	}, func(bad string, line int) { fail(line, notAValue(bad)) })
	return b.String()
}

func notAValue(typed string) error {
	return Errorf(bracesHint, "%q is not a value", strings.ReplaceAll(typed, "^", " "))
}

func verbatim(s string) string { return s }

// Substitute replaces the variables of a one-line text (a title, a summary).
// A variable that cannot be resolved stays as typed, and the first such error
// is returned. \{{ becomes {{.
func Substitute(s string, value Lookup) (string, error) {
	var first error
	s = substitute(s, true, value, verbatim, func(_ int, err error) {
		if first == nil {
			first = err
		}
	})
	return s, first
}

// SubstituteFile replaces the variables of an attached text file (.sieve, .txt,
// .conf), byte for byte, and names the line of each that cannot be resolved.
func SubstituteFile(path string, src []byte, value Lookup) ([]byte, problem.List) {
	var problems problem.List
	if len(src) > MaxSize {
		problems.Errorf(path, 1, "", "the file has %d bytes; at most %d are read", len(src), MaxSize)
		return nil, problems
	}
	if line, what, hint := unreadable(src); line > 0 {
		problems.Errorf(path, line, hint, "%s", what)
		return nil, problems
	}
	out := substitute(string(src), true, value, verbatim, func(line int, err error) {
		report(&problems, path, line, err)
	})
	return []byte(out), problems
}

// Freeze replaces the variables of a Markdown file, front matter included, by
// their values, escaped so that they stay text: for posts that are closed and
// must keep what was true. Directives ({{settings imap}}) are not values, and
// are reported.
func Freeze(path string, src []byte, value Lookup) ([]byte, problem.List) {
	s, problems := Split(path, src)
	if problems.HasErrors() {
		return src, problems
	}
	var b strings.Builder
	keep := strings.ReplaceAll(string(src), `\{{`, `\`+braces)
	pieces(keep, false, func(l string) { b.WriteString(l) }, func(v Variable) {
		text, err := lookup(value, v)
		if err == nil && v.Line <= s.BodyLines && strings.ContainsAny(text, "\"'\\#{}[]\n\r") {
			err = Errorf("write the text out by hand", "the value of %s cannot be put into the front matter", v)
		}
		switch {
		case err != nil:
			report(&problems, path, v.Line, err)
			b.WriteString(v.String())
		case v.Line <= s.BodyLines:
			b.WriteString(text)
		default:
			b.WriteString(frozen.Replace(text))
		}
	}, func(bad string, line int) { report(&problems, path, line, notAValue(bad)) })
	return []byte(b.String()), problems
}

// frozen keeps a value text where the file is read again. Line ends would end
// a heading.
var frozen = strings.NewReplacer("{{", `\{{`, "*", `\*`, "[", `\[`, "<", `\<`, "`", "\\`", "\n", " ", "\r", " ")

// FindVariables returns the variables of a text, with lines counted from 1.
func FindVariables(s string) []Variable {
	var found []Variable
	pieces(s, true, func(string) {}, func(v Variable) { found = append(found, v) }, func(string, int) {})
	return found
}

// report adds an error to problems, with the hint that it may carry.
func report(problems *problem.List, path string, line int, err error) {
	hint := ""
	var e *Error
	if errors.As(err, &e) {
		hint = e.Hint
	}
	problems.Errorf(path, line, hint, "%s", err)
}

// checkTexts looks for what seems to be a variable and is none, in an inline
// and everything in it.
func (b *builder) checkTexts(n *node) {
	for c := range n.all() {
		if c.kind != kRaw {
			b.checkText(c.line, c.text)
			b.checkText(c.line, c.title())
		}
	}
}

func (b *builder) checkText(line int32, s string) {
	if !strings.Contains(s, "{{") {
		return
	}
	pieces(s, false, func(string) {}, func(Variable) {}, func(bad string, n int) {
		shown := problem.Printable(strings.ReplaceAll(bad, "^", " "))
		if directive.MatchString(bad) {
			b.fail(line+int32(n-1), "put empty lines around it", "%s must stand alone on its line", shown)
			return
		}
		b.fail(line+int32(n-1), bracesHint, "%s", notAValue(shown))
	})
}
