package page

import (
	"slices"
	"strings"

	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/view"
)

// Level is the word of a condition in classes and catalogues.
func Level(c status.Condition) string {
	switch c {
	case status.UnderMaintenance:
		return view.LevelMaintenance
	case status.Degraded:
		return view.LevelDegraded
	case status.PartialOutage:
		return view.LevelPartial
	case status.MajorOutage:
		return view.LevelDown
	}
	return view.LevelOK
}

// worst returns the worst condition that a post gives components now, and
// those components.
func worst(effects []status.Effect) (c status.Condition, ids []string) {
	for _, e := range effects {
		if e.Condition > c {
			c, ids = e.Condition, nil
		}
		if e.Condition == c {
			ids = append(ids, e.Component)
		}
	}
	return c, ids
}

// PostLevel is how bad a post looks.
func PostLevel(p status.PostState) string {
	if p.Phase == status.Open {
		if c, _ := worst(p.Effects); c > status.Operational {
			return Level(c)
		}
	}
	switch {
	case p.Kind == status.Maintenance:
		return view.LevelMaintenance
	case p.Kind == status.Notice:
		return view.LevelNotice
	case p.Phase == status.Over:
		return view.LevelOK
	case p.Impact >= status.ImpactMajor:
		return view.LevelDown
	case p.Impact == status.ImpactMinor:
		return view.LevelDegraded
	}
	return view.LevelNotice
}

// Sentence says what an open post means now: first what is worst and since
// when, then what is less bad.
func (e Context) Sentence(p status.PostState) string {
	l := e.Words()
	c, ids := worst(p.Effects)
	names := e.ComponentNames(ids)
	if p.Kind == status.Notice || c == status.Operational || len(names) == 0 {
		return SentenceEnd(e.PostTitle(p.Post))
	}
	if c == status.UnderMaintenance {
		if end := p.Planned.End; !end.IsZero() && !end.Day && p.Kind == status.Maintenance {
			return l.T("sentence.maintenance.until", "names", l.List(names), "time", e.clock("until", end))
		}
		return l.T("sentence.maintenance", "names", l.List(names))
	}
	text := ""
	if began := Since(p, c, ids); !began.IsZero() && !began.Day {
		text = l.T("sentence."+Level(c)+".since", "n", number(l, names), "names", l.List(names), "time", e.clock("since", began))
	} else {
		text = l.T("sentence."+Level(c), "n", number(l, names), "names", l.List(names))
	}
	for c--; c >= status.Degraded; c-- {
		if names := e.ComponentNames(inCondition(p.Effects, c)); len(names) > 0 {
			text += " " + l.T("sentence."+Level(c), "n", number(l, names), "names", l.List(names))
		}
	}
	return text
}

// number is how many things the names are: "Domains and DNS" is two.
func number(l *locale.Language, names []string) int {
	if len(names) == 1 && strings.Contains(names[0], " "+l.T("list.and")+" ") {
		return 2
	}
	return len(names)
}

func inCondition(effects []status.Effect, c status.Condition) (ids []string) {
	for _, e := range effects {
		if e.Condition == c {
			ids = append(ids, e.Component)
		}
	}
	return ids
}

// Since is when the post brought components into the condition that they are
// in now; zero when that was not at one time for all of them.
func Since(p status.PostState, c status.Condition, ids []string) (at status.Moment) {
	for i := len(p.Updates); i > 0; i-- {
		held := 0
		for _, id := range inCondition(p.EffectsAfter(i), c) {
			if slices.Contains(ids, id) {
				held++
			}
		}
		switch held {
		case len(ids):
			at = p.Updates[i-1].At
		case 0:
			return at
		default:
			return status.Moment{}
		}
	}
	return at
}

// SentenceEnd gives a title the full stop of a sentence.
func SentenceEnd(s string) string {
	if s == "" || slices.Contains([]byte(".!?"), s[len(s)-1]) {
		return s
	}
	return s + "."
}

// clock is a time in a sentence, after "since" or "until": without its date
// when it is of today.
func (e Context) clock(word string, m status.Moment) string {
	l := e.Words()
	t := m.Time
	now := e.Snap.At.In(t.Location())
	text, date := l.TimeZone(t), l.ShortDate(t)
	if m.Approx {
		text = l.T("time.about") + " " + text
	}
	if t.Year() != now.Year() {
		date = l.Date(t)
	} else if t.YearDay() == now.YearDay() {
		return text
	}
	return l.T("sentence."+word+".day", "time", text, "date", date)
}

// MailSentence is the customer's first question, answered; "" when the post
// does not say.
func MailSentence(l *locale.Language, m status.MailSafety) string {
	if m == "" {
		return ""
	}
	return l.T("mail." + string(m))
}

// Alert is the line about an open post.
func (e Context) Alert(p status.PostState) view.Alert {
	l := e.Words()
	full := p.Impact >= status.ImpactMajor && p.Kind == status.Incident
	a := view.Alert{
		Full: full, Level: PostLevel(p), Text: e.Sentence(p),
		Mail: MailSentence(l, p.Mail), Since: Moment(l, p.Began), URL: e.Root() + "/status/" + p.ID,
	}
	if full {
		a.State, a.ETA = stateWord(l, p), e.ETA(p)
	}
	return a
}

// said returns, of posts with the worst first, those that tell something new: an
// incident whose components another one has brought into the same or a worse
// condition is not told again, and of two that are alike the earlier one speaks.
func said(posts []status.PostState) []status.PostState {
	var list []status.PostState
	for _, p := range posts {
		i := slices.IndexFunc(list, func(q status.PostState) bool { return covers(q, p) })
		more := slices.IndexFunc(list, func(q status.PostState) bool { return covers(p, q) })
		switch {
		case i < 0 && more >= 0:
			list[more] = p
		case i < 0:
			list = append(list, p)
		case covers(p, list[i]) && earlier(p, list[i]):
			list[i] = p
		}
	}
	return list
}

// covers reports whether what an incident does to components is all said by
// another one.
func covers(q, p status.PostState) bool {
	if q.Kind != status.Incident || p.Kind != status.Incident || len(p.Effects) == 0 || slices.Index(mailOrder, p.Mail) > slices.Index(mailOrder, q.Mail) {
		return false
	}
	return !slices.ContainsFunc(p.Effects, func(e status.Effect) bool {
		return !slices.ContainsFunc(q.Effects, func(o status.Effect) bool { return o.Component == e.Component && o.Condition >= e.Condition })
	})
}

// earlier reports whether the components came into their condition by p first.
func earlier(p, q status.PostState) bool {
	c, ids := worst(p.Effects)
	a, b := Since(p, c, ids), Since(q, c, ids)
	return !a.IsZero() && !b.IsZero() && a.Time.Before(b.Time)
}

// alerts are above every page.
func (e Context) alerts() []view.Alert {
	var list []view.Alert
	for _, p := range said(e.Snap.Board.Banners()) {
		list = append(list, e.Alert(p))
	}
	if len(list) > 0 && e.by.notices {
		list[0].Follow = e.Root() + "/status/subscribe"
	}
	return list
}

// Overall says in one sentence how everything is.
func (e Context) Overall() (level, sentence, mail string) {
	s := e.Snap.Board
	l := e.Words()
	if open := s.Open(); len(open) > 0 {
		said := said(open)
		sentence := e.Sentence(said[0])
		if len(said) > 1 {
			sentence += " " + l.T("sentence.more", "n", len(said)-1)
		}
		return PostLevel(said[0]), sentence, MailSentence(l, overallMail(open))
	}
	// What nobody will notice is no news.
	running := slices.DeleteFunc(s.InProgress(), func(p status.PostState) bool { return len(p.Effects) == 0 })
	if len(running) > 0 {
		text := ""
		for _, p := range running {
			text += " " + e.Sentence(p)
		}
		return view.LevelMaintenance, text[1:], MailSentence(l, overallMail(running))
	}
	return view.LevelOK, l.T("sentence.ok"), ""
}

var mailOrder = []status.MailSafety{status.MailSafe, status.MailDelayed, status.MailAtRisk, status.MailLost}

// overallMail is the worst that posts say of mail. That mail is safe is only
// believed when each of them says so.
func overallMail(posts []status.PostState) status.MailSafety {
	bad, silent := -1, false
	for _, p := range posts {
		bad = max(bad, slices.Index(mailOrder, p.Mail))
		silent = silent || p.Mail == ""
	}
	if bad < 0 || bad == 0 && silent {
		return ""
	}
	return mailOrder[bad]
}
