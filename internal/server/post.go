package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/view"
)

// statusPost answers /status/ID.
func (r *request) statusPost() error {
	post, ok := r.snap.Situation.Post(strings.TrimRight(r.Param("id"), ".,;:!?)"))
	if !ok {
		return errNotFound
	}
	if post.ID != r.Param("id") {
		return r.Redirect(http.StatusMovedPermanently, r.root()+"/status/"+post.ID)
	}
	return r.page(func() (view.Page, error) { return r.postPage(post), nil })
}

func (r *request) postPage(p status.PostState) *view.StatusPost {
	l := r.words()
	link := r.postLink(p)
	v := &view.StatusPost{
		Chrome: r.chrome("/status/" + p.ID), ID: p.ID, Kind: string(p.Kind), Heading: link.Title, Open: p.Phase == status.Open,
		Level: link.Level, StateWord: link.StateWord, Starts: link.When, Ends: link.Until, Duration: link.Duration, BodyLang: p.Lang,
		Mail: mailSentence(l, p.Mail), MailLevel: mailLevel(p.Mail), Affected: r.affected(p), Unaffected: r.componentNames(p.Unaffected),
		UnaffectedText: r.postText(p.Post, p.UnaffectedText), Who: r.postText(p.Post, p.Who), Expect: r.postText(p.Post, p.Expect),
		Supplier: p.Supplier, ETA: r.eta(p), Next: r.nextUpdate(p), Help: r.helpLinks(p.Post), Expired: p.Expired, Contact: r.contactWays(),
	}
	v.Title, v.Description = v.Heading, r.sentence(p)
	v.Alternates = nil // a post is written in one language
	if p.Kind == status.Incident && p.Impact > status.ImpactNone {
		v.ImpactWord = l.T("impact." + p.Impact.String())
	}
	if !v.Ends.Known() {
		v.Ends = moment(l, p.Ended)
	}
	for _, w := range p.Windows {
		v.Windows = append(v.Windows, view.Window{Start: moment(l, w.Start), End: moment(l, w.End)})
	}
	v.Workaround = r.sentenceHTML(p.Post, p.Workaround)
	v.Action = r.sentenceHTML(p.Post, p.Action)
	v.Summary = r.postHTML(p.Post, p.Summary, "")
	for _, u := range slices.Backward(p.Updates) {
		v.Updates = append(v.Updates, r.update(p, u))
	}
	if by, ok := r.snap.Situation.Post(p.SupersededBy); ok && p.SupersededBy != "" {
		v.Superseded = &view.Link{Text: r.postTitle(by.Post), URL: r.root() + "/status/" + by.ID}
	}
	if p.Kind == status.Maintenance {
		v.Calendar = r.root() + "/status/maintenance.ics"
	}
	r.neighbours(v, p)
	return v
}

// neighbours links the posts before and after.
func (r *request) neighbours(v *view.StatusPost, p status.PostState) {
	posts := r.snap.Situation.Posts // newest first
	i := slices.IndexFunc(posts, func(o status.PostState) bool { return o.ID == p.ID })
	if i > 0 {
		v.NextPost = &view.Link{Text: r.postTitle(posts[i-1].Post), URL: r.root() + "/status/" + posts[i-1].ID}
	}
	if i >= 0 && i+1 < len(posts) {
		v.Previous = &view.Link{Text: r.postTitle(posts[i+1].Post), URL: r.root() + "/status/" + posts[i+1].ID}
	}
}

// mailLevel is the colour beside the sentence about mail.
func mailLevel(m status.MailSafety) string {
	switch m {
	case status.MailDelayed:
		return view.LevelDegraded
	case status.MailAtRisk:
		return view.LevelPartial
	case status.MailLost:
		return view.LevelDown
	}
	return view.LevelOK
}

// sentenceHTML renders one of the free texts of the front matter, which may
// hold links and values.
func (r *request) sentenceHTML(p *status.Post, t status.Text) view.HTML {
	return r.postHTML(p, status.Body{Source: t.In(r.lang), Line: 1}, "")
}

func (r *request) update(p status.PostState, u status.Update) view.Update {
	l := r.words()
	v := view.Update{
		ID: u.ID, Level: updateLevel(u.State), StateWord: l.T("state." + string(u.State)), At: moment(l, u.At), Edited: moment(l, u.Edited),
		Body: r.postHTML(p.Post, u.Body, u.ID+"-"),
	}
	for _, e := range u.Affects {
		if names := r.componentNames([]string{e.Component}); len(names) > 0 {
			lv := level(e.Condition)
			v.Changes = append(v.Changes, view.Affect{Name: names[0], Level: lv, StateWord: l.T("level." + lv)})
		}
	}
	if u.Corrects != "" {
		for _, other := range p.Updates {
			if other.ID == u.Corrects {
				v.Corrects = &view.Link{Text: moment(l, other.At).Text, URL: "#" + other.ID}
			}
		}
	}
	if u.ETA.Max > 0 {
		v.ETA = spanText(l, u.ETA)
	}
	return v
}

// spanText writes "in 30 to 45 minutes".
func spanText(l *locale.Language, s status.Span) string {
	if s.Min == s.Max {
		return l.T("eta.in", "span", l.Duration(s.Max))
	}
	from := l.Duration(s.Min)
	for _, unit := range []time.Duration{time.Minute, time.Hour} { // "30 to 45 minutes" says the unit once
		if s.Max < 60*time.Minute && unit == time.Minute || s.Max < 24*time.Hour && unit == time.Hour && s.Min%unit == 0 && s.Max%unit == 0 {
			from = l.Number(int(s.Min / unit))
		}
	}
	return l.T("eta.between", "from", from, "to", l.Duration(s.Max))
}

func updateLevel(s status.State) string {
	switch s {
	case status.Investigating, status.Reopened:
		return view.LevelDown
	case status.Identified:
		return view.LevelPartial
	case status.Monitoring:
		return view.LevelDegraded
	case status.Resolved, status.Completed, status.Postmortem:
		return view.LevelOK
	case status.Scheduled, status.Started, status.Extended:
		return view.LevelMaintenance
	}
	return view.LevelNotice
}

// history answers /status/history/2014-03, and the newest month for
// /status/history.
func (r *request) history() error {
	months := r.snap.Situation.Months()
	if r.Param("month") == "" {
		if len(months) == 0 {
			return errNotFound
		}
		r.cacheFor(time.Minute)
		return r.Redirect(http.StatusFound, r.root()+"/status/history/"+monthName(months[0]))
	}
	month, err := time.Parse("2006-01", r.Param("month"))
	if err != nil || month.Year() < 1980 || month.After(r.snap.At.AddDate(1, 0, 0)) {
		return errNotFound
	}
	return r.page(func() (view.Page, error) {
		l := r.words()
		p := &view.StatusHistory{Chrome: r.chrome("/status/history/" + r.Param("month")), Month: l.Month(month)}
		p.Title = l.T("history.title", "month", p.Month)
		for i, m := range months {
			name := monthName(m)
			link := view.Link{Text: l.Month(time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC)), URL: r.root() + "/status/history/" + name, Current: name == r.Param("month")}
			p.Months = append(p.Months, link)
			if !link.Current {
				continue
			}
			p.Days = r.historyDays(m)
			if i+1 < len(months) {
				p.Previous = &view.Link{URL: r.root() + "/status/history/" + monthName(months[i+1])}
			}
			if i > 0 {
				p.NextPage = &view.Link{URL: r.root() + "/status/history/" + monthName(months[i-1])}
			}
		}
		for _, link := range p.Months {
			if p.Previous != nil && link.URL == p.Previous.URL {
				p.Previous.Text = link.Text
			}
			if p.NextPage != nil && link.URL == p.NextPage.URL {
				p.NextPage.Text = link.Text
			}
		}
		return p, nil
	})
}

// historyDays groups the posts of a month by the day on which they began, in
// the zone of the site.
func (r *request) historyDays(m status.Month) []view.HistoryDay {
	var days []view.HistoryDay
	for _, post := range m.Posts {
		began := post.Began
		if began.IsZero() && post.Kind == status.Maintenance {
			began = post.Planned.Start
		}
		if began.IsZero() {
			began = post.Posted
		}
		date := view.On(r.words(), began.Time.In(r.snap.Library.Site.Zone))
		if n := len(days); n == 0 || days[n-1].Date.RFC3339 != date.RFC3339 {
			days = append(days, view.HistoryDay{Date: date})
		}
		days[len(days)-1].Posts = append(days[len(days)-1].Posts, r.postLink(post))
	}
	return days
}

// postPlain is a body as plain text, for feeds.
func (r *request) postPlain(p *status.Post, b status.Body) string {
	doc, _ := r.snap.Library.PostDoc(p, b)
	return doc.Text(r.readerIn(p.Lang), markdown.Options{
		Base: r.s.baseURL(r.snap), Self: r.root() + "/status/" + p.ID, Texts: markdownTexts(r.s.texts.For(p.Lang)),
	})
}

// postAbsolute is a body as HTML with absolute links, for feeds.
func (r *request) postAbsolute(p *status.Post, b status.Body) string {
	doc, _ := r.snap.Library.PostDoc(p, b)
	return string(doc.HTML(r.readerIn(p.Lang), markdown.Options{
		Base: r.s.baseURL(r.snap), Self: r.root() + "/status/" + p.ID, NoAnchors: true, Texts: markdownTexts(r.s.texts.For(p.Lang)),
	}))
}
