package markdown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrap breaks lines that are longer than width characters at spaces, and
// never within a word, such as a URL.
func wrap(s string, width int) string {
	if width <= 0 {
		return s
	}
	var out strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			out.WriteByte('\n')
		}
		column := 0
		for j, word := range strings.Fields(line) {
			n := utf8.RuneCountInString(word)
			switch {
			case j > 0 && column+1+n > width:
				out.WriteByte('\n')
				column = 0
			case j > 0:
				out.WriteByte(' ')
				column++
			}
			out.WriteString(word)
			column += n
		}
	}
	return out.String()
}

// escape keeps text from being read as Markdown. Plain text stays as it is.
func (w *textWriter) escape(s string) string {
	if !w.md {
		return s
	}
	var b strings.Builder
	before := ' '
	for i, r := range s {
		switch r {
		case '\\', '`', '*', '[', ']', '<', '~':
			b.WriteByte('\\')
		case '|':
			if w.inRow {
				b.WriteByte('\\')
			}
		case '_':
			after, _ := utf8.DecodeRuneInString(s[i+1:])
			if !letter(before) || !letter(after) {
				b.WriteByte('\\')
			}
		case '&':
			if entity.MatchString(s[i:]) {
				b.WriteByte('\\')
			}
		case '\n':
			r = ' '
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

var (
	startMark   = regexp.MustCompile(`^\s*(?:[-+>=#:]|~~~)`)
	startNumber = regexp.MustCompile(`^(\s*[0-9]{1,9})([.)](?:\s|$))`)
)

// escapeStart keeps a line of text from being read as a heading or list item.
func escapeStart(line string) string {
	if at := startMark.FindStringIndex(line); at != nil {
		trimmed := strings.TrimLeft(line, " \t")
		return `\` + trimmed
	}
	return startNumber.ReplaceAllString(line, `$1\$2`)
}

// codeSpan writes code within text; in plain text, as it is.
func (w *textWriter) codeSpan(s string) string {
	if !w.md || strings.TrimSpace(s) == "" {
		return s
	}
	s = strings.ReplaceAll(s, "\n", " ")
	if w.inRow {
		s = strings.ReplaceAll(s, "|", `\|`)
	}
	mark := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return mark + s + mark
}

func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		run++
		if s[i] != c {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// mdURL writes a URL as the destination of a link (CommonMark 6.3).
func mdURL(url string) string {
	var b strings.Builder
	for i := range len(url) {
		switch {
		case url[i] == '(' || url[i] == ')':
			b.WriteByte('\\')
		case url[i] == '&' && entity.MatchString(url[i:]):
			b.WriteString("&amp;")
			continue
		}
		b.WriteByte(url[i])
	}
	return b.String()
}

func mdTitle(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "&", "&amp;").Replace(s)
}

// table writes aligned columns, or, when they do not fit, one "heading: cell"
// a line. Markdown gets a GFM table.
func (w *textWriter) table(p place) string {
	w.inRow = true
	var cells [][]string
	var widths []int
	for _, row := range p.children {
		var line []string
		for i, c := range row.children {
			s := strings.TrimSpace(w.inlines(p.inside(c)))
			line = append(line, s)
			if i == len(widths) {
				widths = append(widths, 3)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(s))
		}
		cells = append(cells, line)
	}
	w.inRow = false
	total := 0
	for _, n := range widths {
		total += n + 2
	}
	switch {
	case len(cells) == 0:
		return ""
	case w.md:
		return mdTable(cells, p.children[0])
	case total-2 > max(w.width, 0) && w.width > 0 || total > 200:
		return records(cells)
	}
	var out []string
	for i, line := range cells {
		out = append(out, columnsOf(line, widths))
		if i == 0 {
			var rule []string
			for _, n := range widths {
				rule = append(rule, strings.Repeat("-", n))
			}
			out = append(out, strings.Join(rule, "  "))
		}
	}
	return strings.Join(out, "\n")
}

func columnsOf(line []string, widths []int) string {
	var b strings.Builder
	for i, s := range line {
		b.WriteString(s)
		b.WriteString(strings.Repeat(" ", widths[i]+2-utf8.RuneCountInString(s)))
	}
	return strings.TrimRight(b.String(), " ")
}

func records(cells [][]string) string {
	var out []string
	for _, line := range cells[1:] {
		var record []string
		for i, s := range line {
			if i < len(cells[0]) && cells[0][i] != "" {
				s = cells[0][i] + ": " + s
			}
			record = append(record, s)
		}
		out = append(out, strings.Join(record, "\n"))
	}
	return strings.Join(out, "\n\n")
}

func mdTable(cells [][]string, header *node) string {
	var b strings.Builder
	for i, line := range cells {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("| " + strings.Join(line, " | ") + " |")
		if i > 0 {
			continue
		}
		b.WriteString("\n|")
		for _, c := range header.children {
			b.WriteString([...]string{" --- |", " ---: |", " :---: |"}[c.level])
		}
	}
	return b.String()
}
