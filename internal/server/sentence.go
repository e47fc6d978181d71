package server

import (
	"slices"
	"strings"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/view"
)

// level is the word of a condition in classes and catalogues.
func level(c status.Condition) string {
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

// postLevel is how bad a post looks.
func postLevel(p status.PostState) string {
	if p.Phase == status.Open {
		if c, _ := worst(p.Effects); c > status.Operational {
			return level(c)
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

// componentNames names components in a language; when all of a group are
// there, the group is named in their place.
func (r *request) componentNames(ids []string) []string {
	site := r.snap.Library.Site
	left := slices.Clone(ids)
	var names []string
	groups := slices.Clone(site.Groups)
	slices.SortStableFunc(groups, func(a, b status.Group) int { return len(b.Members) - len(a.Members) })
	for _, g := range groups {
		if len(g.Members) > 1 && !slices.ContainsFunc(g.Members, func(m string) bool { return !slices.Contains(left, m) }) {
			names = append(names, r.text(g.Name))
			left = slices.DeleteFunc(left, func(id string) bool { return slices.Contains(g.Members, id) })
		}
	}
	for _, c := range site.Components {
		if slices.Contains(left, c.ID) {
			names = append(names, r.text(c.Name))
		}
	}
	return names
}

// text picks the reader's language, else the site's first.
func (r *request) text(byLang map[string]string) string {
	if s := byLang[r.lang]; s != "" {
		return s
	}
	return byLang[r.snap.DefaultLanguage()]
}

// postTitle is the title with its values.
func (r *request) postTitle(p *status.Post) string {
	title, _ := markdown.Substitute(p.Title.In(r.lang), r.readerIn(p.Lang).Value)
	return title
}

// sentence says what an open post means now: first what is worst and since
// when, then what is less bad.
func (r *request) sentence(p status.PostState) string {
	l := r.words()
	c, ids := worst(p.Effects)
	names := r.componentNames(ids)
	if p.Kind == status.Notice || c == status.Operational || len(names) == 0 {
		return sentenceEnd(r.postTitle(p.Post))
	}
	if c == status.UnderMaintenance {
		if end := p.Planned.End; !end.IsZero() && !end.Day && p.Kind == status.Maintenance {
			return l.T("sentence.maintenance.until", "names", l.List(names), "time", r.clock("until", end))
		}
		return l.T("sentence.maintenance", "names", l.List(names))
	}
	text := ""
	if began := since(p, c, ids); !began.IsZero() && !began.Day {
		text = l.T("sentence."+level(c)+".since", "n", number(l, names), "names", l.List(names), "time", r.clock("since", began))
	} else {
		text = l.T("sentence."+level(c), "n", number(l, names), "names", l.List(names))
	}
	for c--; c >= status.Degraded; c-- {
		if names := r.componentNames(inCondition(p.Effects, c)); len(names) > 0 {
			text += " " + l.T("sentence."+level(c), "n", number(l, names), "names", l.List(names))
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

// since is when the post brought components into the condition that they are
// in now; zero when that was not at one time for all of them.
func since(p status.PostState, c status.Condition, ids []string) (at status.Moment) {
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

// sentenceEnd gives a title the full stop of a sentence.
func sentenceEnd(s string) string {
	if s == "" || slices.Contains([]byte(".!?"), s[len(s)-1]) {
		return s
	}
	return s + "."
}

// clock is a time in a sentence, after "since" or "until": without its date
// when it is of today.
func (r *request) clock(word string, m status.Moment) string {
	l := r.words()
	t := m.Time
	now := r.snap.At.In(t.Location())
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

// mailSentence is the customer's first question, answered; "" when the post
// does not say.
func mailSentence(l *locale.Language, m status.MailSafety) string {
	if m == "" {
		return ""
	}
	return l.T("mail." + string(m))
}

// moment shows a time as well as it is known.
func moment(l *locale.Language, m status.Moment) view.Time {
	if m.IsZero() {
		return view.Time{}
	}
	t := view.At(l, m.Time)
	if m.Day {
		t = view.On(l, m.Time)
	}
	t.Approx = m.Approx
	return t
}

// alert is the line about an open post.
func (r *request) alert(p status.PostState) view.Alert {
	l := r.words()
	full := p.Impact >= status.ImpactMajor && p.Kind == status.Incident
	a := view.Alert{
		Full: full, Level: postLevel(p), Text: r.sentence(p),
		Mail: mailSentence(l, p.Mail), Since: moment(l, p.Began), URL: r.root() + "/status/" + p.ID,
	}
	if full {
		a.State, a.ETA = stateWord(l, p), r.eta(p)
	}
	return a
}

// alerts are above every page.
func (r *request) alerts() []view.Alert {
	var list []view.Alert
	for _, p := range r.snap.Situation.Banners() {
		list = append(list, r.alert(p))
	}
	return list
}

// overall says in one sentence how everything is.
func (r *request) overall() (level, sentence, mail string) {
	s := r.snap.Situation
	l := r.words()
	if open := s.Open(); len(open) > 0 {
		p := open[0]
		sentence := r.sentence(p)
		if len(open) > 1 {
			sentence += " " + l.T("sentence.more", "n", len(open)-1)
		}
		return postLevel(p), sentence, mailSentence(l, overallMail(open))
	}
	// What nobody will notice is no news.
	running := slices.DeleteFunc(s.InProgress(), func(p status.PostState) bool { return len(p.Effects) == 0 })
	if len(running) > 0 {
		text := ""
		for _, p := range running {
			text += " " + r.sentence(p)
		}
		return view.LevelMaintenance, text[1:], mailSentence(l, overallMail(running))
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

// currentPosts are what is wrong or in progress now, and what is to come.
func (r *request) currentPosts() (now, upcoming []view.PostLink) {
	s := r.snap.Situation
	for _, p := range append(append(slices.Clone(s.Open()), s.InProgress()...), s.Notices()...) {
		now = append(now, r.postLink(p))
	}
	for _, p := range s.Upcoming() {
		upcoming = append(upcoming, r.postLink(p))
	}
	return now, upcoming
}

// postLink is a post in a list.
func (r *request) postLink(p status.PostState) view.PostLink {
	l := r.words()
	link := view.PostLink{
		Title: r.postTitle(p.Post), URL: r.root() + "/status/" + p.ID, Level: postLevel(p),
		StateWord: stateWord(l, p), Kind: string(p.Kind), When: moment(l, p.Began),
	}
	var ids []string
	for _, e := range p.Affects {
		ids = append(ids, e.Component)
	}
	link.Names = r.componentNames(ids)
	if p.Kind == status.Maintenance {
		link.When, link.Until = moment(l, p.Planned.Start), moment(l, p.Planned.End)
	}
	if !link.When.Known() {
		link.When = moment(l, p.Posted)
	}
	if start, end := p.Began, p.Ended; !start.IsZero() && !end.IsZero() && !start.Day && !end.Day && end.Time.After(start.Time) {
		link.Duration = l.Duration(end.Time.Sub(start.Time))
	}
	return link
}

// stateWord is the state of a post in words.
func stateWord(l *locale.Language, p status.PostState) string {
	switch {
	case p.Superseded:
		return l.T("state.superseded")
	case p.Expired:
		return l.T("state.expired")
	}
	return l.T("state." + string(p.State))
}
