package syntax

import (
	"bytes"
	"unicode/utf8"
)

// Limits of one file.
const (
	MaxSize    = 1 << 20 // bytes
	MaxDepth   = 24      // how deep lists, quotes and emphasis may be nested
	MaxColumns = 64      // of a table
)

// Braces stands for a literal "{{" while a text is being read: it has as many
// bytes as `\{{`, so that positions stay true, and is no character (Unicode
// 23.7), so that no text contains it.
const Braces = "\uFDD0"

// Unreadable returns the first line that is not text, or 0.
func Unreadable(src []byte) (line int, what, hint string) {
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

// prepare returns the body for the CommonMark parser, byte for byte as long as
// it was: `\{{` becomes [Braces], and a space within {{…}} becomes "^", so that
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
			copy(out[i-1:], Braces)
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
