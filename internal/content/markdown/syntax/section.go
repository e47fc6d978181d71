package syntax

import "strings"

// FenceAfter returns the fence that is open after the line: "" for none, or
// the characters that a closing fence must begin with (CommonMark 4.5).
func FenceAfter(open string, line []byte) string {
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

// SectionHeading returns the text of a level-two heading, without its marks.
func SectionHeading(line []byte) (string, bool) {
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
