package suggest

import (
	"regexp"
	"slices"
	"strings"

	"signpost/internal/lang"
)

// A complaint is what a message says about the parts of the service.
type complaint struct {
	failing map[lang.Part][]string // with the words that say so
	named   map[lang.Part]bool     // in statements that do not say that it works
	working map[lang.Part]bool
	failure []string // words of failure, whatever fails
	cue     bool     // it began at a time, others have it too, or an outage is suspected
	wish    bool     // a question or an order
	own     bool     // the customer's own change, quota or correspondent
	outage  bool     // an outage is suspected
	refused []string // words that say that a password is not taken
	changed bool     // the customer changed something, beside typing a wrong password
	solved  bool
	mail    bool // it is about mail
}

// permanent are replies of mail servers that concern one message or one
// mailbox (RFC 5321, section 4.2.1; RFC 3463, section 3).
var permanent = regexp.MustCompile(`\b(?:55[0-9]|5\.[0-9]{1,3}\.[0-9]{1,3})\b`)

var mailParts = []lang.Part{lang.IMAP, lang.POP3, lang.Submit, lang.Webmail}

// A reader of one message.
type complaintReader struct {
	v *vocabulary
	complaint
	reading, sending []string               // words that say that it fails, in whatever way
	hints            map[lang.Part][]string // symptoms that several parts could have
	phone, program   bool
	done             map[lang.Part]bool // works by a word for what it does; what is said to fail by the same words fails
}

// complain reads a message.
func complain(tag, text string, hosts map[string]string) complaint {
	l := lang.Of(tag)
	v := vocabularies()[lang.Technical]
	if l != nil && vocabularies()[l.Tag] != nil {
		v = vocabularies()[l.Tag]
	} else if l == nil {
		v = likeliest(text)
	}
	r := complaintReader{
		v: v, hints: map[lang.Part][]string{}, done: map[lang.Part]bool{},
		complaint: complaint{failing: map[lang.Part][]string{}, named: map[lang.Part]bool{}, working: map[lang.Part]bool{}},
	}
	r.own = permanent.MatchString(text)
	clauses := v.clauses(text, hosts)
	var all []string
	for _, c := range clauses {
		all = append(append(all, c...), "|")
	}
	r.cue = v.since.in(all) || v.others.in(all) || v.outage.in(all)
	r.outage = v.outage.in(all)
	refused, changed := v.refused.find(all), v.changed.find(all)
	r.refused = texts(all, refused)
	r.own = r.own || len(changed) > 0
	r.changed = slices.ContainsFunc(changed, func(c span) bool {
		return !slices.ContainsFunc(refused, func(s span) bool { return s.from <= c.from && c.to <= s.to })
	})
	r.wish = v.wishes.in(all) || v.weakWishes.in(all) && !r.cue
	r.mail = v.mail.in(all)
	for _, c := range clauses {
		r.clause(c)
	}
	r.spamWave(all)
	r.everything(all)
	r.conclude()
	return r.complaint
}

// likeliest is the vocabulary that knows most words of a message whose language
// is not decided; English when none knows more.
func likeliest(text string) *vocabulary {
	words := wordsOf(text)
	known := func(v *vocabulary) int {
		n := 0
		for _, list := range []*wordList{v.failures, v.negations, v.since, v.others, v.outage, v.receiving, v.sending, v.mail} {
			for _, s := range list.find(words) {
				n += s.to - s.from
			}
		}
		return n
	}
	best := vocabularies()[lang.Technical]
	most := known(best)
	for _, l := range lang.All() {
		if v := vocabularies()[l.Tag]; v != nil && known(v) > most {
			best, most = v, known(v)
		}
	}
	return best
}

// near is how many words a negation may stand from its verb.
const near = 4

// negated finds a phrase of the list that a negation stands near, with the
// negation.
func (r *complaintReader) negated(list *wordList, words []string, near int) (span, bool) {
	for _, verb := range list.find(words) {
		for _, no := range r.v.negations.find(words) {
			if s := (span{min(no.from, verb.from), max(no.to, verb.to)}); s.to-s.from <= near+verb.to-verb.from {
				return s, true
			}
		}
	}
	return span{}, false
}

// evidence is what a statement says about a part: the row of words from its
// name to the failure, or both when they stand far apart.
func evidence(words []string, name, failure span) string {
	s := span{min(name.from, failure.from), max(name.to, failure.to)}
	if s.to-s.from <= maxEvidence {
		return strings.Join(words[s.from:s.to], " ")
	}
	return strings.Join(words[name.from:name.to], " ") + " … " + strings.Join(words[failure.from:failure.to], " ")
}

const maxEvidence = 6 // words

// texts are the words of spans.
func texts(words []string, spans []span) []string {
	var out []string
	for _, s := range spans {
		out = append(out, strings.Join(words[s.from:s.to], " "))
	}
	return out
}

// clause reads one statement.
func (r *complaintReader) clause(words []string) {
	r.solved = r.solved || r.v.solved.in(words) && !slices.Contains(r.v.ask, words[0]) && !r.v.negations.in(words)
	named := map[lang.Part][]span{}
	for _, p := range lang.Parts() {
		if found := r.v.names[p].find(words); len(found) > 0 {
			named[p] = found
		}
	}
	byPOP := slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "pop") })
	byIMAP := slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, "imap") })
	if !byPOP {
		delete(named, lang.POP3) // "fetching mail" is said of both
	} else if !byIMAP {
		delete(named, lang.IMAP)
	}
	failures := r.v.failures.find(words)
	if no, ok := r.negated(r.v.works, words, 2); ok {
		failures = append(failures, no)
	}
	noMail, notReceived := r.negated(r.v.receiving, words, near)
	noSending, notSent := r.negated(r.v.sending, words, near)
	symptoms := r.symptomsOf(words, named)
	failed := len(failures) > 0 || notReceived || notSent || symptoms
	if !failed && r.v.works.in(words) {
		r.workingIn(words, named)
		return
	}
	r.phone = r.phone || r.v.phones.in(words)
	r.program = r.program || r.v.programs.in(words)
	r.failure = append(r.failure, texts(words, failures)...)
	if notReceived {
		r.reading = append(r.reading, texts(words, []span{noMail})...)
	}
	if notSent {
		r.sending = append(r.sending, texts(words, []span{noSending})...)
	}
	others := len(named)
	for _, p := range []lang.Part{lang.SignIn, lang.Delivery} {
		if named[p] != nil {
			others--
		}
	}
	if len(failures) > 0 && others == 0 && !notReceived && !notSent {
		if verbs := r.v.sending.find(words); len(verbs) > 0 {
			r.sending = append(r.sending, evidence(words, verbs[0], failures[0]))
		} else if verbs := r.v.receiving.find(words); len(verbs) > 0 {
			r.reading = append(r.reading, evidence(words, verbs[0], failures[0]))
		}
	}
	for p, found := range named {
		r.named[p] = true
		if len(failures) > 0 {
			r.failing[p] = append(r.failing[p], evidence(words, found[0], failures[0]))
		}
	}
}

// symptomsOf notes the symptoms in a statement. One that names its part, or
// what the part does, is certain; others are hints.
func (r *complaintReader) symptomsOf(words []string, named map[lang.Part][]span) bool {
	any := false
	for _, p := range lang.Parts() {
		for _, s := range r.v.symptoms[p].find(words) {
			any = true
			part := words[s.from:s.to]
			text := strings.Join(part, " ")
			switch {
			case r.v.names[p].in(part),
				(p == lang.IMAP || p == lang.POP3) && (r.v.receiving.in(part) || r.v.mail.in(part)) && len(named) == 0,
				p == lang.Submit && r.v.sending.in(part) && named[lang.Webmail] == nil:
				if p == lang.IMAP && !r.v.names[p].in(part) {
					r.reading = append(r.reading, text)
				} else if p == lang.Submit {
					r.sending = append(r.sending, text)
				} else {
					r.failing[p] = append(r.failing[p], text)
				}
			default:
				r.hints[p] = append(r.hints[p], text)
				r.failure = append(r.failure, text)
			}
		}
	}
	return any
}

// workingIn notes what a statement says to work.
func (r *complaintReader) workingIn(words []string, named map[lang.Part][]span) {
	receives, sends := r.v.receiving.in(words), r.v.sending.in(words)
	for p := range named {
		r.working[p] = true
	}
	if named[lang.IMAP] != nil {
		r.working[lang.POP3] = true
	}
	if receives {
		r.done[lang.IMAP], r.done[lang.POP3] = true, true
	}
	if sends {
		r.done[lang.Submit] = true
	}
	if len(named) == 0 && !receives && !sends && (r.v.phones.in(words) || r.v.programs.in(words) || r.v.mail.in(words)) {
		for _, p := range mailParts[:3] {
			r.done[p] = true
		}
	}
}

// spamWave notes that the spam filter fails when more spam than usual arrives.
func (r *complaintReader) spamWave(all []string) {
	spam, waves := r.v.spam.find(all), r.v.waves.find(all)
	filter := len(r.v.names[lang.SpamFilter].find(all)) > 0
	if len(spam) == 0 && !filter || len(waves) == 0 || !r.cue && r.wish || r.wish && len(spam) > 0 && !r.cue {
		return
	}
	if len(spam) > 0 && (r.cue || filter || len(waves) > 1 || len(r.hints[lang.SpamFilter]) > 0) || filter && r.cue {
		r.failing[lang.SpamFilter] = append(r.failing[lang.SpamFilter], texts(all, append(spam, waves[0]))...)
	}
}

// everything notes that all of the mail service fails.
func (r *complaintReader) everything(all []string) {
	found := texts(all, r.v.all.find(all))
	if len(found) == 0 {
		return
	}
	for p := range r.named {
		if !slices.Contains(mailParts, p) {
			return // the statement is about that part
		}
	}
	for _, p := range mailParts {
		r.failing[p] = append(r.failing[p], found...)
	}
}

// conclude finds the parts that the statements leave open.
func (r *complaintReader) conclude() {
	if _, spam := r.failing[lang.SpamFilter]; spam {
		r.reading = nil
	}
	if !r.mail && (r.named[lang.Payments] || r.named[lang.Websites] || r.named[lang.Domains]) {
		r.reading, r.sending = nil, nil // something else does not arrive
	}
	if _, ok := r.failing[lang.POP3]; ok && r.named[lang.POP3] {
		r.reading = append(r.reading, r.failing[lang.POP3]...)
	}
	if len(r.reading) > 0 {
		for _, p := range r.ways() {
			r.failing[p] = append(r.failing[p], r.reading...)
		}
	}
	if len(r.sending) > 0 {
		r.failing[lang.Submit] = append(r.failing[lang.Submit], r.sending...)
	}
	if len(r.failing) == 0 && len(r.hints) > 0 {
		for p, words := range r.hints {
			if len(r.named) == 0 || r.named[p] {
				r.failing[p] = words
			}
		}
	}
	if len(r.failing) == 0 && len(r.failure) > 0 {
		for p := range r.named {
			r.failing[p] = r.failure
		}
		if len(r.named) == 0 && r.mail {
			for _, p := range r.ways() {
				r.failing[p] = r.failure
			}
		}
		for p := range r.done {
			delete(r.failing, p)
		}
	}
	for p := range r.working {
		delete(r.failing, p)
	}
	for p, words := range r.failing {
		slices.Sort(words)
		r.failing[p] = slices.Compact(words)
	}
}

// ways are the services by which the customer reads mail: IMAP or POP when
// that is said, IMAP on phones, else either.
func (r *complaintReader) ways() []lang.Part {
	switch {
	case r.named[lang.POP3] && !r.named[lang.IMAP]:
		return []lang.Part{lang.POP3}
	case r.named[lang.IMAP], r.phone && !r.program:
		return []lang.Part{lang.IMAP}
	}
	return []lang.Part{lang.IMAP, lang.POP3}
}
