package markdown

import "signpost/internal/problem"

// A Variable is one {{name}} or {{name for client}} in a text.
type Variable struct {
	Name   string // "imap.host"
	Client string // "apple-mail" or ""
	Line   int
}

// Variables returns the values that the document needs, in order, with repeats.
func (d *Doc) Variables() []Variable { return nil }

// Substitute replaces the variables of a one-line text (a title, a summary).
// A variable that cannot be resolved stays as typed, and the first such error
// is returned. \{{ becomes {{.
func Substitute(s string, value func(name, client string) (string, error)) (string, error) {
	return s, nil
}

// SubstituteFile replaces the variables of an attached text file (.sieve, .txt,
// .conf), byte for byte, and names the line of each that cannot be resolved.
func SubstituteFile(path string, src []byte, value func(name, client string) (string, error)) ([]byte, problem.List) {
	return src, nil
}

// Freeze replaces the variables of a Markdown file, front matter included, by
// their values, escaped so that they stay text: for posts that are closed and
// must keep what was true.
func Freeze(path string, src []byte, value func(name, client string) (string, error)) ([]byte, problem.List) {
	return src, nil
}

// FindVariables returns the variables of a text, with lines counted from 1.
func FindVariables(s string) []Variable { return nil }
