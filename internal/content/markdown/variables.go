package markdown

import (
	"strings"

	"signpost/internal/content/markdown/syntax"
	"signpost/internal/problem"
)

// substitute replaces the variables of s, and reports the lines of errors.
func substitute(s string, typed bool, value Lookup, escape func(string) string, fail func(line int, err error)) string {
	var b strings.Builder
	syntax.Pieces(s, typed, func(l string) { b.WriteString(l) }, func(v syntax.Variable) {
		text, err := syntax.Value(value, v)
		if err != nil {
			fail(v.Line, err)
			b.WriteString(v.String())
			return
		}
		b.WriteString(escape(text))
	}, func(bad string, line int) { fail(line, syntax.NotAValue(bad)) })
	return b.String()
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
	if line, what, hint := syntax.Unreadable(src); line > 0 {
		problems.Errorf(path, line, hint, "%s", what)
		return nil, problems
	}
	out := substitute(string(src), true, value, verbatim, func(line int, err error) {
		syntax.Report(&problems, path, line, err)
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
	keep := strings.ReplaceAll(string(src), `\{{`, `\`+syntax.Braces)
	syntax.Pieces(keep, false, func(l string) { b.WriteString(l) }, func(v syntax.Variable) {
		text, err := syntax.Value(value, v)
		if err == nil && v.Line <= s.BodyLines && strings.ContainsAny(text, "\"'\\#{}[]\n\r") {
			err = Errorf("write the text out by hand", "the value of %s cannot be put into the front matter", v)
		}
		switch {
		case err != nil:
			syntax.Report(&problems, path, v.Line, err)
			b.WriteString(v.String())
		case v.Line <= s.BodyLines:
			b.WriteString(text)
		default:
			b.WriteString(frozen.Replace(text))
		}
	}, func(bad string, line int) { syntax.Report(&problems, path, line, syntax.NotAValue(bad)) })
	return []byte(b.String()), problems
}

// frozen keeps a value text where the file is read again. Line ends would end
// a heading.
var frozen = strings.NewReplacer("{{", `\{{`, "*", `\*`, "[", `\[`, "<", `\<`, "`", "\\`", "\n", " ", "\r", " ")
