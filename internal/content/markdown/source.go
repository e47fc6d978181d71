package markdown

import (
	"bytes"

	"signpost/internal/content/markdown/syntax"
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
	Under      int // level of the heading that Body stands under; 0 is 1, the title
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
	var problems problem.List
	s := Source{Path: path}
	if len(src) > MaxSize {
		problems.Errorf(path, 1, "split it into several files", "the file has %d bytes; at most %d are read", len(src), MaxSize)
		return s, problems
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	if line, what, hint := syntax.Unreadable(src); line > 0 {
		problems.Errorf(path, line, hint, "%s", what)
		return s, problems
	}
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
	src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	s.Body = src
	first, rest, _ := bytes.Cut(src, []byte("\n"))
	if string(bytes.TrimRight(first, " \t")) != "---" {
		return s, problems
	}
	s.Front, s.FrontLines = rest, 1
	for at, n := 0, 1; at < len(rest); n++ {
		line, _, _ := bytes.Cut(rest[at:], []byte("\n"))
		next := min(at+len(line)+1, len(rest))
		if string(bytes.TrimRight(line, " \t")) == "---" {
			s.Front, s.Body, s.BodyLines = rest[:at:at], rest[next:], n+1
			return s, problems
		}
		at = next
	}
	s.Front, s.Body = nil, nil
	problems.Errorf(path, 1, `write a line "---" between the front matter and the text`, "the front matter begins here and does not end")
	return s, problems
}

// Sections cuts the body at its level-two headings ("## …" at the beginning of
// a line, outside fenced code). The intro is what stands before the first one.
func (s Source) Sections() (intro Source, sections []Section) {
	intro = Source{Path: s.Path, Front: s.Front, FrontLines: s.FrontLines, BodyLines: s.BodyLines}
	body, start, fence := &intro.Body, 0, ""
	for at, n := 0, s.BodyLines+1; at < len(s.Body); n++ {
		line, _, _ := bytes.Cut(s.Body[at:], []byte("\n"))
		next := min(at+len(line)+1, len(s.Body))
		fence = syntax.FenceAfter(fence, line)
		if heading, ok := syntax.SectionHeading(line); ok && fence == "" {
			*body = s.Body[start:at:at]
			sections = append(sections, Section{heading, n, Source{Path: s.Path, BodyLines: n}})
			body, start = &sections[len(sections)-1].Body, next
		}
		at = next
	}
	*body = s.Body[start:]
	return intro, sections
}

// Parse reads the body. Errors mean that the file should not be used; the File
// is never nil.
func (s Source) Parse() (*File, problem.List) {
	root, problems := syntax.Parse(s.Path, s.Body, s.BodyLines, s.Under)
	return &File{Path: s.Path, root: root, size: len(s.Body)}, problems
}

// Parse splits and parses a file.
func Parse(path string, src []byte) (*File, problem.List) {
	s, problems := Split(path, src)
	f, more := s.Parse()
	return f, append(problems, more...)
}
