package ticket

import (
	"regexp"
	"strings"

	"signpost/internal/lang"
	"signpost/internal/ticket/message"
)

// What programs write around quoted and forwarded messages, in all languages.
var (
	wrote      = phrasesOf(func(m *lang.Mail) []string { return m.Wrote })
	original   = phrasesOf(func(m *lang.Mail) []string { return m.Original })
	forwarded  = phrasesOf(func(m *lang.Mail) []string { return m.Forwarded })
	replyAbove = phrasesOf(func(m *lang.Mail) []string { return m.ReplyAbove })
	bounces    = phrasesOf(func(m *lang.Mail) []string { return m.Bounces })
	headFields = fieldsOfHeads()
)

// A role is what a field of a quoted head is for.
type role uint8

const (
	noField role = iota
	fromField
	sentField
	toField
	subjectField
	otherField
)

func fieldsOfHeads() map[string]role {
	fields := map[string]role{}
	for _, l := range lang.All() {
		h := l.Mail.Head
		for r, names := range map[role][]string{fromField: h.From, sentField: h.Sent, toField: h.To, subjectField: h.Subject, otherField: h.Other} {
			for _, name := range names {
				if old, ok := fields[name]; !ok || r < old {
					fields[name] = r
				}
			}
		}
	}
	return fields
}

// headField reads a line of a quoted head, "*Von:* Anna" as well as "De : Anna".
func headField(s string) (role, string) {
	s = strings.TrimLeft(s, "*_ >")
	i := strings.IndexAny(s[:min(len(s), 60)], ":：")
	if i < 0 {
		return noField, ""
	}
	_, value, _ := strings.Cut(strings.Replace(s[i:], "：", ":", 1), ":")
	if strings.HasPrefix(value, "//") {
		return noField, ""
	}
	return headFields[strings.TrimRight(lower(s[:i]), "*_ ")], strings.Trim(value, "*_ ")
}

// headLength is the number of lines of a quoted message's head that begins
// with the first line; 0 when there are fewer than three different fields.
func headLength(lines []message.Line) int {
	if r, _ := headField(lines[0].Text); r != fromField && r != sentField && r != subjectField {
		return 0
	}
	var seen [otherField + 1]bool
	kinds, end := 0, 0
	for i, l := range lines[:min(16, len(lines))] {
		r, _ := headField(l.Text)
		if r != noField {
			if !seen[r] {
				seen[r], kinds = true, kinds+1
			}
			end = i + 1
		} else if l.Blank() && kinds >= 3 || i-end >= 3 {
			break
		}
	}
	if kinds < 3 || !seen[fromField] && !seen[sentField] {
		return 0
	}
	return end
}

// skipHead drops empty lines, marks and a quoted message's head.
func skipHead(lines []message.Line) []message.Line {
	for len(lines) > 0 && (lines[0].Blank() || rule(lines[0].Text)) {
		lines = lines[1:]
	}
	n := 0
	if len(lines) > 0 {
		n = headLength(lines)
	}
	for n < len(lines) {
		if r, _ := headField(lines[n].Text); r == noField {
			break
		}
		n++
	}
	return lines[n:]
}

// rule reports whether a line is a row of dashes or the like.
func rule(s string) bool {
	return len(s) > 1 && len(s) <= 300 && strings.Trim(s, "-_=*—–~#. ") == "" && strings.Trim(s, ". ") != ""
}

// divider reports whether a line is one that programs put above a quoted
// message, "-----Original Message-----", or a forwarded one, "Begin forwarded
// message:". Only the latter may lack the dashes.
func divider(s string) (found, forward bool) {
	if len(s) > 200 || len(s) < 4 {
		return false, false
	}
	inner := strings.Trim(s, "-_=*—–> ")
	text := lower(strings.TrimRight(inner, ":： "))
	dashed := len(s) >= len(inner)+3 && strings.ContainsRune("-_=*—–", rune(s[0])) || strings.HasPrefix(s, "—")
	switch {
	case text == "":
		return false, false
	case forwarded.whole(text) && (dashed || !strings.ContainsFunc(text, isDigit) && len(strings.Fields(text)) <= 5):
		return true, true
	case dashed && original.whole(text):
		return true, false
	}
	return false, false
}

// splitDividers gives dividers in the middle of a line lines of their own.
func splitDividers(lines []message.Line) []message.Line {
	var out []message.Line
	for _, l := range lines {
		for from := 0; ; {
			start, end := innerDivider(l.Text, from)
			if start < 0 {
				break
			}
			if before := strings.TrimSpace(l.Text[:start]); before != "" {
				out = append(out, message.Line{Text: before, Quote: l.Quote, Mark: l.Mark})
			}
			out = append(out, message.Line{Text: l.Text[start:end], Quote: l.Quote, Mark: l.Mark})
			l.Text, from = strings.TrimSpace(l.Text[end:]), 0
		}
		out = append(out, l)
	}
	return out
}

// innerDivider finds a row of dashes and the words of a divider after it.
func innerDivider(s string, from int) (start, end int) {
	for {
		i := strings.Index(s[from:], "---")
		if j := strings.Index(s[from:], "___"); i < 0 || j >= 0 && j < i {
			i = j
		}
		if i < 0 {
			return -1, -1
		}
		start = from + i
		words := start + len(s[start:]) - len(strings.TrimLeft(s[start:], "-_ "))
		rest := s[words:min(len(s), words+100)]
		if small := lower(rest); len(small) == len(rest) {
			if n := max(original.prefix(small), forwarded.prefix(small)); n > 0 {
				after := strings.TrimLeft(s[words+n:], "-_ :")
				return start, len(s) - len(after)
			}
		}
		if from = max(words, start+3); from >= len(s) {
			return -1, -1
		}
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// above reports whether a line is what ticket systems put between an answer and
// what they send: "##- Please type your reply above this line -##".
func above(s string) bool {
	return len(s) <= 200 && len(strings.Fields(s)) <= 16 && replyAbove.within(lower(s))
}

// dated finds a time of day, a year or a date of numbers.
var dated = regexp.MustCompile(`\d{1,2}[:.]\d{2}|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]|\d年|\d{1,2} ?h ?\d{2}`)

// attribution is the number of lines (at most 3) of a line such as "On 12 May
// 2026 at 10:21, Anna <anna@example.org> wrote:" at the beginning of lines; 0
// when there is none.
func attribution(lines []message.Line) int {
	joined := ""
	for n, l := range lines[:min(3, len(lines))] {
		if l.Blank() || l.Quoted() || len(joined)+len(l.Text) > 500 {
			return 0
		}
		text := strings.TrimSpace(strings.Trim(l.Text, "-_=*—"))
		joined = strings.TrimSpace(joined + " " + text)
		if strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") {
			// Over several lines it begins with the date.
			if n > 0 && (!dated.MatchString(lines[0].Text) || dated.MatchString(text)) || !attributes(joined) {
				return 0
			}
			return n + 1
		}
	}
	return 0
}

// attributes reports whether a text that ends with a colon says who wrote what is
// below: with a verb and a date or address, or, as Gmail writes it in Russian
// and Japanese, with a date and an address at the end.
func attributes(s string) bool {
	s = lower(strings.TrimRight(s, ":： "))
	address := strings.LastIndexByte(s, '@') >= 0
	date := dated.MatchString(s)
	return (address || date) && wrote.within(s) || address && date && strings.HasSuffix(strings.TrimRight(s, ") "), ">")
}
