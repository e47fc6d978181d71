package ticket

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"signpost/internal/lang"
	"signpost/internal/ticket/message"
)

// What surrounds a question, in all languages.
var (
	greetings = phrasesOf(func(m *lang.Mail) []string { return m.Greetings })
	addressed = phrasesOf(func(m *lang.Mail) []string { return m.Addressed })
	thanks    = phrasesOf(func(m *lang.Mail) []string { return m.Thanks })
	thanksFor = phrasesOf(func(m *lang.Mail) []string { return m.ThanksFor })
	closings  = phrasesOf(func(m *lang.Mail) []string { return m.Closings })
	ands      = phrasesOf(func(m *lang.Mail) []string { return m.And })
	sentFrom  = phrasesOf(func(m *lang.Mail) []string { return m.SentFrom })
	footers   = phrasesOf(func(m *lang.Mail) []string { return m.Footers })
)

var (
	webAddress = regexp.MustCompile(`(?i)[<(\[]{0,3}(?:\b(?:https?|ftp)://|\bwww\.|\bmailto:)`)
	markdownTo = regexp.MustCompile(`\]\((?:https?://|mailto:)[^)\s]{0,1000}\)`)
)

// Bounds of what may follow a closing.
const (
	closingWords   = 60
	separatorWords = 150 // after "-- "
)

// A body is the customer's part of a message while it is reduced to the question.
type body struct {
	language string
	removed  strings.Builder // lines that name the sending program
}

// question drops what surrounds the question: greeting, thanks, closing,
// signature, footer, lines that programs add (which are kept as signs) and web
// addresses. What would leave nothing is not dropped.
func (b *body) question(lines []message.Line) string {
	steps := []func([]message.Line) []message.Line{withoutSignature, b.withoutSentFrom, withoutAddresses, b.withoutFooters, b.withoutEnd, withoutGreeting, withoutThanks}
	for _, step := range steps {
		if rest := step(lines); message.HasText(rest) {
			lines = rest
		}
	}
	text := strings.TrimSpace(join(lines))
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return b.withoutInlineClosing(text)
}

// withoutSignature drops what the mail program marked as the signature, unless
// the customer wrote into it.
func withoutSignature(lines []message.Line) []message.Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l message.Line) bool { return l.Is(message.Signature) && !asks(l.Text) })
}

// asks reports whether a line has an error code or a question.
func asks(s string) bool {
	return strings.ContainsAny(s, "?？") && strings.ContainsFunc(s, unicode.IsSpace) || hasCode(s)
}

// withoutSentFrom drops lines such as "Sent from my iPhone" at the end, before
// the signature.
func (b *body) withoutSentFrom(lines []message.Line) []message.Line {
	out := slices.Clone(lines)
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i].Text
		if l == "" || rule(l) {
			continue
		}
		bare := strings.TrimSpace(withoutAddress(l))
		if len(bare) < 200 && len(strings.Fields(bare)) <= 14 && sentFrom.whole(lower(strings.Trim(bare, "-–—_*[]() "))) {
			b.removed.WriteString(bare + "\n")
			out = slices.Delete(out, i, i+1)
			continue
		}
		if b.prose(l) {
			break
		}
	}
	return out
}

func withoutAddresses(lines []message.Line) []message.Line {
	out := slices.Clone(lines)
	for i, l := range out {
		out[i].Text = strings.Join(strings.Fields(withoutAddress(l.Text)), " ")
	}
	return out
}

// withoutAddress blanks web addresses.
func withoutAddress(s string) string {
	if !strings.Contains(s, ":") && !strings.Contains(s, ".") {
		return s
	}
	s = markdownTo.ReplaceAllString(s, "]")
	var b strings.Builder
	for {
		at := webAddress.FindStringIndex(s)
		if at == nil {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:at[0]] + " ")
		s = s[at[1]:]
		end := strings.IndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`<>"'`, r) })
		if end < 0 {
			end = len(s)
		}
		s = strings.TrimLeft(s[end:], ">)]")
	}
}

// withoutFooters drops paragraphs of legal and automatic text. The customer's own
// first paragraph always stays, and so does one with an error code or a question.
func (b *body) withoutFooters(lines []message.Line) []message.Line {
	var out, paragraph []message.Line
	seen := false
	end := func() {
		text := strings.ReplaceAll(join(paragraph), "\n", " ")
		if !seen || len(text) < 20 || !footers.within(lower(text[:min(len(text), 4000)])) || asks(text) {
			out = append(out, paragraph...)
			seen = seen || text != ""
		}
		paragraph = nil
	}
	for _, l := range lines {
		if l.Blank() {
			end()
			out = append(out, l)
			continue
		}
		paragraph = append(paragraph, l)
	}
	end()
	return out
}

// withoutEnd cuts at "-- " (RFC 3676, section 4.3), a closing or a row of dashes,
// when nothing but a signature follows.
func (b *body) withoutEnd(lines []message.Line) []message.Line {
	first := firstSubstance(lines)
	cut, words := len(lines), 0
	plain := true   // below is nothing but a signature
	asking := false // below is an error code or a question
	below := ""     // the next line that is not empty
	for i := len(lines) - 1; i > first; i-- {
		l := lines[i].Text
		if l == "" {
			continue
		}
		switch {
		case asking:
		case l == "--" && words < separatorWords && !b.prose(below),
			rule(l) && plain && words <= closingWords,
			plain && words <= closingWords && b.closes(l):
			cut = i
		}
		if asks(l) {
			asking = true
		}
		plain = plain && (b.closes(l) || !b.prose(l))
		words += len(strings.Fields(l))
		below = l
		if words > separatorWords {
			break
		}
	}
	for _, l := range lines[cut:] {
		b.removed.WriteString(l.Text + "\n")
	}
	return lines[:cut]
}

// firstSubstance returns the first line that is more than a greeting, thanks or a rule.
func firstSubstance(lines []message.Line) int {
	for i, l := range lines {
		s := l.Text
		if n := greets(s); n > 0 {
			s = s[n:]
		}
		if s != "" && !rule(s) && strings.ContainsFunc(s, wordOrCJK) && !onlyThanks(s) {
			return i
		}
	}
	return len(lines)
}

// closes reports whether a line ends a message: thanks or a closing, and then
// at most a name.
func (b *body) closes(s string) bool {
	n, onlyThanks := polite(s)
	if n == 0 {
		return false
	}
	most := 2
	if onlyThanks && !strings.ContainsAny(s[:n], ".!") {
		most = 1 // "thanks jo", but not "thanks it works"
	}
	return b.name(s[n:], most)
}

// onlyThanks reports whether a line is nothing but thanks or a closing, whoever is meant.
func onlyThanks(s string) bool {
	n, _ := polite(s)
	return n > 0 && capitals(s[n:])
}

// polite returns how much of a line is thanks and closings, and whether it has
// no closing. A line that asks something is not polite.
func polite(s string) (n int, onlyThanks bool) {
	small := lower(s)
	if len(s) > 120 || len(small) != len(s) {
		return 0, false
	}
	onlyThanks = true
	skip := func() {
		for n < len(small) {
			r, size := utf8.DecodeRuneInString(small[n:])
			if !unicode.IsSpace(r) && !strings.ContainsRune(",.!;:-–—~*。、！", r) {
				return
			}
			n += size
		}
	}
	for {
		if k := closings.prefix(small[n:]); k > 0 && k >= thanks.prefix(small[n:]) {
			n, onlyThanks = n+k, false
		} else if k := thanks.prefix(small[n:]); k > 0 {
			n += k
			skip()
			for k := thanksFor.prefix(small[n:]); k > 0; k = thanksFor.prefix(small[n:]) {
				n += k
				skip()
			}
		} else {
			return n, onlyThanks
		}
		end := n
		skip()
		if k := ands.prefix(small[n:]); k > 0 {
			n += k
			skip()
			if closings.prefix(small[n:]) == 0 && thanks.prefix(small[n:]) == 0 {
				return end, onlyThanks
			}
		}
	}
}

// name reports whether a text may be who signs: up to four words with capital
// letters, or some in small letters that are not ordinary words.
func (b *body) name(s string, small int) bool {
	if capitals(s) {
		return true
	}
	words := nameWords(s)
	return len(words) <= small && !slices.ContainsFunc(words, func(w string) bool { return b.frequent(w) })
}

func capitals(s string) bool {
	words := nameWords(s)
	return len(words) <= 4 && !strings.ContainsAny(s, "?？") && !slices.ContainsFunc(words, func(w string) bool {
		r, _ := utf8.DecodeRuneInString(w)
		return !unicode.IsUpper(r) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && ands.prefix(lower(w)) != len(w) && addressed.prefix(lower(w)) != len(w)
	})
}

// nameWords are the words of a text, without signs and small pictures.
func nameWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '-'
	})
}

// frequent reports whether a word is an ordinary one of the ticket's language, or
// of any when that is not known.
func (b *body) frequent(word string) bool {
	langs := frequentIn[lower(word)]
	return len(langs) > 0 && (b.language == "" || slices.Contains(langs, b.language))
}

// prose reports whether a line reads like a sentence, not like a part of a signature.
func (b *body) prose(s string) bool {
	if s == "" || asks(s) {
		return s != ""
	}
	words := strings.Fields(s)
	n, f := len(words), 0
	for _, w := range words {
		if b.frequent(strings.Trim(w, `.,;:!?()"'„“”»«`)) {
			f++
		}
	}
	r, _ := utf8.DecodeRuneInString(s)
	first := b.frequent(strings.Trim(words[0], `.,;:!?()"'„“”»«`))
	ends := strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, ":") || strings.HasSuffix(s, "…")
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || strings.HasSuffix(s, "。"):
		return strings.HasSuffix(s, "。") || utf8.RuneCountInString(s) > 20
	case n > 14:
		return true
	case strings.Contains(s, "@") || digitsIn(s) >= 7:
		return n > 8
	case n < 3:
		return false
	case n == 3:
		return f >= 2 || f == 1 && ends
	}
	return f > 0 && (ends || first || f*3 >= n) || unicode.IsLower(r)
}

func digitsIn(s string) int {
	n := 0
	for i := range len(s) {
		if isDigit(rune(s[i])) {
			n++
		}
	}
	return n
}

// withoutGreeting takes the greeting away from the first line with text.
func withoutGreeting(lines []message.Line) []message.Line {
	for i, l := range lines {
		if l.Blank() {
			continue
		}
		out := slices.Clone(lines[i:])
		if n := greets(l.Text); n > 0 {
			out[0].Text = l.Text[n:]
		}
		return out
	}
	return nil
}

// greets returns how much of a line is a greeting with whom it addresses; 0
// when the line goes on as a sentence ("Hello world page does not open").
func greets(s string) int {
	s = strings.ToValidUTF8(s[:min(len(s), 200)], "")
	small := lower(s)
	if len(small) != len(s) {
		return 0
	}
	n := greetings.prefix(small)
	if n == 0 {
		return 0
	}
	best := greetingEnd(s, n)
	for range 6 {
		at := len(s) - len(strings.TrimLeft(s[n:], " -"))
		if at == n {
			break
		}
		k := addressed.prefix(small[at:])
		if r, _ := utf8.DecodeRuneInString(s[at:]); unicode.IsUpper(r) {
			end := strings.IndexFunc(s[at:], func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune(".'/-", r) })
			if end < 0 {
				end = len(s) - at
			}
			k = max(k, end)
		}
		if k == 0 {
			break
		}
		n = at + k
		if end := greetingEnd(s, n); end > 0 {
			best = end
		}
	}
	return best
}

// greetingEnd returns where a greeting ends that reaches to n: after the signs
// that follow it, or 0 when a sentence goes on.
func greetingEnd(s string, n int) int {
	// A name may have taken the full stop.
	for n > 0 && strings.ContainsRune(".-/", rune(s[n-1])) {
		n--
	}
	rest := strings.TrimLeft(s[n:], " ")
	signs := strings.TrimLeft(rest, ",!.:;–。、！")
	switch {
	case len(signs) < len(rest), rest == "":
	case rest == "-", strings.HasPrefix(rest, "- "):
		signs = rest[1:]
	default:
		return 0
	}
	return len(s) - len(strings.TrimLeft(signs, " "))
}

// withoutThanks drops lines that are nothing but thanks or good wishes, and such
// a sentence at the beginning.
func withoutThanks(lines []message.Line) []message.Line {
	var out []message.Line
	for _, l := range lines {
		if !l.Blank() && !l.Quoted() && onlyThanks(l.Text) {
			continue
		}
		if !message.HasText(out) {
			start := strings.ToValidUTF8(l.Text[:min(len(l.Text), 120)], "")
			if n, thanks := polite(start); n > 0 && thanks && strings.ContainsAny(start[:n], ".!") {
				l.Text = l.Text[n:]
			}
		}
		out = append(out, l)
	}
	return out
}

// withoutInlineClosing cuts thanks and a name off the last line: "… my folders?
// Thanks in advance, Jo".
func (b *body) withoutInlineClosing(text string) string {
	from := strings.LastIndexByte(text, '\n') + 1
	last := text[from:]
	for i := max(0, len(last)-120); i < len(last); i++ {
		if !strings.ContainsRune(".!?)", rune(last[i])) {
			continue
		}
		tail := strings.TrimSpace(last[i+1:])
		if tail == "" || len(last) > i+1 && last[i+1] != ' ' {
			continue
		}
		if b.closes(tail) {
			return text[:from+i+1]
		}
	}
	return text
}
