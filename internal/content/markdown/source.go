package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

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

// braces stands for a literal "{{" while a text is being read: it has as many
// bytes as `\{{`, so that positions stay true, and is no character (Unicode
// 23.7), so that no text contains it.
const braces = "\uFDD0"

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
	if line, what, hint := unreadable(src); line > 0 {
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

// unreadable returns the first line that is not text, or 0.
func unreadable(src []byte) (line int, what, hint string) {
	line = 1
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return line, "this line is not UTF-8", "save the file as UTF-8"
		case r == '\n', r == '\r' && (i+1 == len(src) || src[i+1] != '\n'):
			line++
		case r == 0:
			return line, "a NUL character stands here", "this does not look like a text file"
		case r < 0x20 && r != '\t' && r != '\r', r == 0x7f, r >= 0xFDD0 && r <= 0xFDEF:
			return line, "a control character stands here", "delete it; it cannot be seen in most editors"
		}
		i += n
	}
	return 0, "", ""
}

// Sections cuts the body at its level-two headings ("## …" at the beginning of
// a line, outside fenced code). The intro is what stands before the first one.
func (s Source) Sections() (intro Source, sections []Section) {
	intro = Source{Path: s.Path, Front: s.Front, FrontLines: s.FrontLines, BodyLines: s.BodyLines}
	body, start, fence := &intro.Body, 0, ""
	for at, n := 0, s.BodyLines+1; at < len(s.Body); n++ {
		line, _, _ := bytes.Cut(s.Body[at:], []byte("\n"))
		next := min(at+len(line)+1, len(s.Body))
		fence = fenceAfter(fence, line)
		if heading, ok := sectionHeading(line); ok && fence == "" {
			*body = s.Body[start:at:at]
			sections = append(sections, Section{heading, n, Source{Path: s.Path, BodyLines: n}})
			body, start = &sections[len(sections)-1].Body, next
		}
		at = next
	}
	*body = s.Body[start:]
	return intro, sections
}

// fenceAfter returns the fence that is open after the line: "" for none, or
// the characters that a closing fence must begin with (CommonMark 4.5).
func fenceAfter(open string, line []byte) string {
	trimmed := strings.TrimLeft(string(line), " ")
	if len(line)-len(trimmed) > 3 || trimmed == "" || (trimmed[0] != '`' && trimmed[0] != '~') {
		return open
	}
	rest := strings.TrimLeft(trimmed, trimmed[:1])
	marks := trimmed[:len(trimmed)-len(rest)]
	switch {
	case open != "" && strings.HasPrefix(marks, open) && strings.TrimSpace(rest) == "":
		return ""
	case open == "" && len(marks) >= 3 && (marks[0] == '~' || !strings.Contains(rest, "`")):
		return marks
	}
	return open
}

func sectionHeading(line []byte) (string, bool) {
	text := strings.TrimLeft(string(line), " ")
	if len(line)-len(text) > 3 || !strings.HasPrefix(text, "##") || strings.HasPrefix(text, "###") {
		return "", false
	}
	text = text[2:]
	if text != "" && text[0] != ' ' && text[0] != '\t' {
		return "", false
	}
	text = strings.TrimSpace(text)
	if open := strings.TrimRight(text, "#"); open == "" || strings.HasSuffix(open, " ") || strings.HasSuffix(open, "\t") {
		text = strings.TrimSpace(open)
	}
	return text, true
}

// Parse splits and parses a file.
func Parse(path string, src []byte) (*File, problem.List) {
	s, problems := Split(path, src)
	f, more := s.Parse()
	return f, append(problems, more...)
}

// prepare returns the body for the CommonMark parser, byte for byte as long as
// it was: `\{{` becomes [braces], and a space within {{…}} becomes "^", so that
// {{pop3.host for apple-mail}} can be a link destination.
func prepare(body []byte) []byte {
	if !bytes.Contains(body, []byte("{{")) {
		return body
	}
	out := bytes.Clone(body)
	for at := 0; ; {
		i := bytes.Index(out[at:], []byte("{{"))
		if i < 0 {
			return out
		}
		i += at
		at = i + 2
		if escaped(out[:i]) {
			copy(out[i-1:], braces)
			continue
		}
		end := bytes.IndexAny(out[at:], "{}\n")
		if end < 0 || !bytes.HasPrefix(out[at+end:], []byte("}}")) {
			continue
		}
		for j := at; j < at+end; j++ {
			if out[j] == ' ' || out[j] == '\t' {
				out[j] = '^'
			}
		}
		at += end + 2
	}
}

// escaped reports whether an odd number of backslashes ends the text.
func escaped(before []byte) bool {
	return (len(before)-len(bytes.TrimRight(before, `\`)))%2 == 1
}

const (
	maxLine     = 16 << 10 // bytes
	maxIndent   = 200      // every two spaces may be a list in a list
	maxBrackets = 500      // "[" in a paragraph: every one may begin a link
)

// hostile finds what would make the CommonMark parser slow, and returns the
// first such line of the body, from 1, or 0.
func hostile(body []byte) (line int, what, hint string) {
	for l := range bytes.Lines(body) {
		line++
		switch {
		case len(l) > maxLine:
			return line, "this line is longer than 16 KiB", "break it into lines"
		case bytes.Count(l, []byte("[")) > maxBrackets:
			return line, "this line has more than 500 brackets", "break it into lines"
		case len(l)-len(bytes.TrimLeft(l, " \t")) > maxIndent:
			return line, "this line is indented by more than 200 spaces", "nest less"
		case columns(l) > MaxColumns:
			return line, "this table has more than 64 columns", "split the table"
		case containers(l) > MaxDepth:
			return line, "quotes and lists are nested too deep here", "at most 24 levels are read"
		}
	}
	return 0, "", ""
}

// columns counts the bars of what may be the second line of a table.
func columns(line []byte) int {
	rest := bytes.TrimRight(line, "|:- \t\n")
	return bytes.Count(line[len(rest):], []byte("|"))
}

// containers counts the block quotes and list items that may begin on a line.
func containers(line []byte) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '>':
			n++
		case (c == '-' || c == '*' || c == '+' || c == '.' || c == ')') && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
			n++
		case c == ' ', c == '\t', c == '\n', c == '-', c == '*', c == '+', c >= '0' && c <= '9', c == '.', c == ')':
		default:
			return n
		}
	}
	if len(bytes.Trim(line, "-* \t\n")) == 0 {
		return 0 // a thematic break
	}
	return n
}
