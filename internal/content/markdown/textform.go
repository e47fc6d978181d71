package markdown

import (
	"strings"
	"unicode/utf8"

	"signpost/internal/content/markdown/syntax"
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
	return syntax.Escape(s, w.inRow)
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
	mark := strings.Repeat("`", syntax.LongestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return mark + s + mark
}

// table writes aligned columns, or, when they do not fit, one "heading: cell"
// a line. Markdown gets a GFM table.
func (w *textWriter) table(p place) string {
	w.inRow = true
	var cells [][]string
	var widths []int
	for _, row := range p.Children {
		var line []string
		for i, c := range row.Children {
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
		return mdTable(cells, p.Children[0])
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

func mdTable(cells [][]string, header *syntax.Node) string {
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
		for _, c := range header.Children {
			b.WriteString([...]string{" --- |", " ---: |", " :---: |"}[c.Level])
		}
	}
	return b.String()
}
