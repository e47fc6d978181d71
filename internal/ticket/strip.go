package ticket

import (
	"slices"
	"strings"

	"signpost/internal/ticket/message"
)

// A reply is a message taken apart.
type reply struct {
	own    []message.Line // what the customer wrote
	quotes []quote        // what is quoted or forwarded
}

// A quote is a quoted or forwarded message, with its head.
type quote struct {
	lines   []message.Line
	forward bool
}

// Bounds of a piece that customers quote themselves: an error message, not a letter.
const (
	ownQuoteLines = 15
	ownQuoteBytes = 1500
	ownQuotes     = 3
)

// takeApart separates what is written by the customer from what is quoted. Lines that
// are quoted by shape only, without a word about whose they are, are the
// customer's when the customer's own text is around them.
func takeApart(lines []message.Line) reply {
	var r reply
	var shapes [][2]int // in own: where quotes by shape are
	introduced := false // by an attribution
	for i := 0; i < len(lines); {
		l := lines[i]
		if l.Quoted() {
			n := quotedLength(lines[i:])
			block := lines[i : i+n]
			if introduced || slices.ContainsFunc(block, func(l message.Line) bool { return l.Is(message.Cited | message.Intro) }) {
				r.quotes = append(r.quotes, quote{lines: block, forward: forwards(block)})
				introduced = true
			} else {
				shapes = append(shapes, [2]int{len(r.own), len(r.own) + n})
				r.own = append(r.own, block...)
			}
			i += n
			continue
		}
		if n, forward := quoteBegins(lines[i:]); n >= 0 {
			if n > 0 && quotedNext(lines[i+n:]) {
				introduced = true
				i += n
				continue
			}
			r.quotes = append(r.quotes, quote{lines[i:], forward})
			break
		}
		r.own = append(r.own, l)
		i++
	}
	return r.judge(shapes, introduced)
}

// judge decides whose the quotes by shape are.
func (r reply) judge(shapes [][2]int, introduced bool) reply {
	keep := !introduced && len(shapes) <= ownQuotes
	for _, s := range slices.Backward(shapes) {
		block := r.own[s[0]:s[1]]
		if keep && len(block) <= ownQuoteLines && len(join(block)) <= ownQuoteBytes && leads(r.own[:s[0]], r.own[s[1]:]) {
			continue
		}
		r.quotes = append([]quote{{lines: slices.Clone(block)}}, r.quotes...)
		r.own = slices.Delete(slices.Clone(r.own), s[0], s[1])
	}
	return r
}

// leads reports whether the customer's text goes on around a quote: more than a
// greeting above it, and text below or a colon above.
func leads(before, after []message.Line) bool {
	before = withoutGreeting(before)
	for _, l := range slices.Backward(before) {
		if !l.Blank() {
			return strings.HasSuffix(l.Text, ":") || firstSubstance(after) < len(after)
		}
	}
	return false
}

// quotedLength is how many lines from the first on are quoted; empty lines between
// quoted ones count.
func quotedLength(lines []message.Line) int {
	n := 0
	for i, l := range lines {
		switch {
		case l.Quoted():
			n = i + 1
		case !l.Blank():
			return n
		}
	}
	return n
}

// quoteBegins returns how many lines stand for the beginning of a quote that goes on
// to the end: a divider, an attribution (the quote follows) or none, for a head that belongs
// to the quote; -1 when none begins here.
func quoteBegins(lines []message.Line) (n int, forward bool) {
	l := lines[0]
	if l.Is(message.Head) || l.Is(message.Attached|message.Report|message.Returned) {
		return 0, l.Is(message.Attached | message.Report)
	}
	if l.Blank() {
		return -1, false
	}
	if found, forward := divider(l.Text); found {
		return 0, forward
	}
	if headLength(lines) > 0 || above(l.Text) {
		return 0, false
	}
	if n := attribution(lines); n > 0 {
		return n, false
	}
	return -1, false
}

func quotedNext(lines []message.Line) bool {
	for _, l := range lines {
		if !l.Blank() {
			return l.Quoted()
		}
	}
	return false
}

// forwards reports whether quoted lines begin with the divider of a forwarded message.
func forwards(lines []message.Line) bool {
	for _, l := range lines[:min(4, len(lines))] {
		if found, forward := divider(l.Text); found {
			return forward
		}
	}
	return false
}

// inner returns the message in a quote, without its divider, attribution and head,
// and one level less quoted.
func (q quote) inner() []message.Line {
	lines := slices.Clone(q.lines)
	least := 1 << 10
	for _, l := range lines {
		if !l.Blank() {
			least = min(least, l.Quote)
		}
	}
	for i := range lines {
		lines[i].Quote = max(0, lines[i].Quote-max(1, least))
		lines[i].Mark &^= message.Cited | message.Intro | message.Head | message.Attached | message.Report
		if lines[i].Is(message.Returned) && least > 0 {
			lines[i].Mark &^= message.Returned
		}
	}
	for len(lines) > 0 && lines[0].Blank() {
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return nil
	}
	if found, _ := divider(lines[0].Text); found || above(lines[0].Text) {
		return skipHead(lines[1:])
	}
	if n := attribution(lines); n > 0 {
		return lines[n:]
	}
	return skipHead(lines)
}

// maxBounce is how much of a delivery report is read.
const maxBounce = 4000

// question returns what the customer asks, and the lines that name the sending
// program. A delivery report that is forwarded counts too. When the customer wrote nothing
// or next to nothing, what is forwarded or quoted counts.
func question(lines []message.Line) (asked, removed string) {
	lines = slices.Clone(lines)
	for i := range lines {
		lines[i].Text = strings.ReplaceAll(lines[i].Text, "’", "'")
	}
	shown := slices.DeleteFunc(slices.Clone(lines), func(l message.Line) bool { return l.Is(message.Hidden) })
	if !message.HasText(shown) {
		shown = lines
	}
	b := &body{language: Language(join(shown))}
	asked = b.asked(shown, MaxDepth)
	return asked, b.removed.String()
}

// asked is question for one level of quotes; depth more are looked at.
func (b *body) asked(lines []message.Line, depth int) string {
	r := takeApart(lines)
	own := ""
	if message.HasText(r.own) {
		own = b.question(r.own)
	}
	for _, q := range r.quotes {
		if depth == 0 {
			break
		}
		switch {
		case own == "" || q.forward && !b.tells(own):
			if inner := b.asked(q.inner(), depth-1); inner != "" {
				return strings.TrimSpace(own + "\n\n" + inner)
			}
		case q.bounced():
			inner := q.inner()
			r := takeApart(inner[:min(len(inner), 100)])
			own += "\n\n" + cutText(strings.TrimSpace(join(r.own)), maxBounce)
		}
	}
	if own == "" && depth == MaxDepth {
		// Nothing but what is dropped elsewhere: better than nothing.
		own = strings.TrimSpace(join(lines))
	}
	return own
}

// tells reports whether a text says anything but "see below".
func (b *body) tells(s string) bool {
	words := 0
	for _, w := range nameWords(s) {
		if !b.frequent(w) {
			words++
		}
	}
	return words > 2
}

// bounced reports whether a quote is a delivery report: by what it is, by its
// sender or subject, or, when it is forwarded, by the code in it.
func (q quote) bounced() bool {
	for i, l := range q.lines[:min(len(q.lines), 30)] {
		if l.Is(message.Report) {
			return true
		}
		switch r, value := headField(l.Text); r {
		case fromField:
			v := lower(value)
			if robotName.MatchString(v) || strings.Contains(v, "mail delivery") {
				return true
			}
		case subjectField:
			if bounces.within(lower(value[:min(len(value), 300)])) {
				return true
			}
		}
		if q.forward && i > 0 && smtpReply.MatchString(l.Text[:min(len(l.Text), 500)]) {
			return true
		}
	}
	return false
}
