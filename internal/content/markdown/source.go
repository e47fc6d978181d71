package markdown

import (
	"signpost/internal/problem"
)

// A Source is a file whose front matter and body have been separated, but not
// read. Line ends are LF, a byte order mark is gone.
type Source struct {
	Path       string
	Front      []byte // YAML between the "---" lines; nil when there are none
	FrontLines int    // lines of the file before Front: the offset for yamldoc.Decode
	Body       []byte
	BodyLines  int // lines of the file before Body
}

// A Section is what stands under one level-two heading.
type Section struct {
	Heading string // the line without "## " and closing #s, otherwise as typed
	Line    int    // of the heading, in the file
	Source         // Path, Body and BodyLines; no front matter
}

// Split separates front matter and body. An error (file too large, not UTF-8,
// control characters, front matter that does not end) means that the file
// cannot be used.
func Split(path string, src []byte) (Source, problem.List) {
	return Source{Path: path, Body: src}, nil
}

// Sections cuts the body at its level-two headings ("## …" at the beginning of
// a line, outside fenced code). The intro is what stands before the first one.
func (s Source) Sections() (intro Source, sections []Section) {
	return s, nil
}

// Parse reads the body. Errors mean that the file should not be used; the File
// is never nil.
func (s Source) Parse() (*File, problem.List) {
	return &File{Path: s.Path}, nil
}

// Parse splits and parses a file.
func Parse(path string, src []byte) (*File, problem.List) {
	s, problems := Split(path, src)
	f, more := s.Parse()
	return f, append(problems, more...)
}
