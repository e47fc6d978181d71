package status

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Post answers /status/ID.
func Post(r *web.Request) error {
	post, ok := r.Page.Snap.Board.Post(strings.TrimRight(r.Param("id"), ".,;:!?)"))
	if !ok {
		return web.ErrNotFound
	}
	if post.ID != r.Param("id") {
		return r.Redirect(http.StatusMovedPermanently, r.Page.Root()+"/status/"+post.ID)
	}
	return r.SendPage(func() (view.Page, error) { return postPage(r.Page, post), nil })
}

// described is what a link to the post shows elsewhere: what is affected, and
// the beginning of the newest text.
func described(e page.Context, p status.PostState) string {
	body := p.SummaryIn(e.Lang)
	for _, u := range slices.Backward(p.Updates) {
		if !u.Implicit {
			body = u.In(e.Lang)
			break
		}
	}
	sentence, lead := e.Sentence(p), e.PostLead(p.Post, body, 200)
	if sentence == page.SentenceEnd(e.PostTitle(p.Post)) && lead != "" { // the title stands beside it
		return lead
	}
	return strings.TrimSpace(sentence + " " + lead)
}

func postPage(e page.Context, p status.PostState) *view.StatusPost {
	l := e.Words()
	link := e.PostLink(p)
	v := &view.StatusPost{
		Chrome: e.Chrome("/status/" + p.ID), ID: p.ID, Kind: string(p.Kind), Heading: link.Title, Open: p.Phase == status.Open,
		Level: link.Level, StateWord: link.StateWord, Starts: link.When, Ends: link.Until, Duration: link.Duration, BodyLang: p.Lang,
		HeadingLang: p.Lang,
		Mail:        page.MailSentence(l, p.Mail), MailLevel: mailLevel(p.Mail), Affected: e.Affected(p), Unaffected: e.ComponentNames(p.Unaffected),
		UnaffectedText: e.PostText(p.Post, p.UnaffectedText), Who: e.PostText(p.Post, p.Who), Expect: e.PostText(p.Post, p.Expect),
		Supplier: p.Supplier, ETA: e.ETA(p), Next: e.NextUpdate(p), Help: e.HelpLinks(p.Post), Expired: p.Expired, Contact: e.ContactWays(),
	}
	v.Title, v.Description = v.Heading, described(e, p)
	v.Alternates = slices.DeleteFunc(v.Alternates, func(a view.Alternate) bool {
		_, ok := p.Translations[a.Lang]
		return len(p.Translations) == 0 || !ok && a.Lang != p.Lang && a.Lang != "x-default"
	})
	if p.Kind == status.Incident && p.Impact > status.ImpactNone {
		v.ImpactWord = l.T("impact." + p.Impact.String())
	}
	if !v.Ends.Known() {
		v.Ends = page.Moment(l, p.Ended)
	}
	for _, w := range p.Windows {
		v.Windows = append(v.Windows, view.Window{Start: page.Moment(l, w.Start), End: page.Moment(l, w.End)})
	}
	if _, ok := p.Title[e.Lang]; ok {
		v.HeadingLang = e.Lang
	}
	if _, ok := p.Translations[e.Lang]; !ok && p.Lang != e.Lang {
		v.Fallback = &view.Fallback{Reason: "missing", Lang: l.T("lang." + p.Lang)}
	}
	v.Workaround, v.Action = e.PostProse(p.Post, p.Workaround), e.PostProse(p.Post, p.Action)
	summary := p.SummaryIn(e.Lang)
	v.Summary, v.BodyLang = e.PostHTML(p.Post, summary, ""), p.BodyLang(summary)
	for _, u := range slices.Backward(p.Updates) {
		if u.Implicit { // made from the front matter: its text is the summary
			u.Body, u.Bodies = status.Body{}, nil
			if u.At.IsZero() {
				continue
			}
		}
		shown := update(e, p, u)
		if v.Fallback == nil && shown.Lang != e.Lang {
			shown.LangName = l.T("lang." + shown.Lang)
		}
		v.Updates = append(v.Updates, shown)
	}
	if by, ok := e.Snap.Board.Post(p.SupersededBy); ok && p.SupersededBy != "" {
		v.Superseded = &view.Link{Text: e.PostTitle(by.Post), URL: e.Root() + "/status/" + by.ID}
	}
	if p.Kind == status.Maintenance {
		v.Calendar = e.Root() + "/status/maintenance.ics"
	}
	neighbours(e, v, p)
	return v
}

// neighbours links the posts before and after.
func neighbours(e page.Context, v *view.StatusPost, p status.PostState) {
	posts := e.Snap.Board.Posts // newest first
	i := slices.IndexFunc(posts, func(o status.PostState) bool { return o.ID == p.ID })
	if i > 0 {
		v.NextPost = &view.Link{Text: e.PostTitle(posts[i-1].Post), URL: e.Root() + "/status/" + posts[i-1].ID}
	}
	if i >= 0 && i+1 < len(posts) {
		v.Previous = &view.Link{Text: e.PostTitle(posts[i+1].Post), URL: e.Root() + "/status/" + posts[i+1].ID}
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

func update(e page.Context, p status.PostState, u status.Update) view.Update {
	l := e.Words()
	v := view.Update{
		ID: u.ID, Level: updateLevel(u.State), StateWord: l.T("state." + string(u.State)), At: page.Moment(l, u.At), Edited: page.Moment(l, u.Edited),
		Body: e.PostHTML(p.Post, u.In(e.Lang), u.ID+"-"), Lang: p.BodyLang(u.In(e.Lang)),
	}
	for _, effect := range u.Affects {
		if names := e.ComponentNames([]string{effect.Component}); len(names) > 0 {
			lv := page.Level(effect.Condition)
			v.Changes = append(v.Changes, view.Affect{Name: names[0], Level: lv, StateWord: l.T("level." + lv)})
		}
	}
	if u.Corrects != "" {
		for _, other := range p.Updates {
			if other.ID == u.Corrects {
				v.Corrects = &view.Link{Text: page.Moment(l, other.At).Text, URL: "#" + other.ID}
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

// History answers /status/history/2014-03, and the newest month for
// /status/history.
func History(r *web.Request) error {
	months := r.Page.Snap.Board.Months()
	if r.Param("month") == "" {
		if len(months) == 0 {
			return web.ErrNotFound
		}
		r.CacheFor(time.Minute)
		return r.Redirect(http.StatusFound, r.Page.Root()+"/status/history/"+monthName(months[0]))
	}
	month, err := time.Parse("2006-01", r.Param("month"))
	if err != nil || month.Year() < 1980 || month.After(r.Page.Snap.At.AddDate(1, 0, 0)) {
		return web.ErrNotFound
	}
	return r.SendPage(func() (view.Page, error) {
		l := r.Page.Words()
		p := &view.StatusHistory{Chrome: r.Page.Chrome("/status/history/" + r.Param("month")), Month: l.Month(month)}
		p.Title = l.T("history.title", "month", p.Month)
		for i, m := range months {
			name := monthName(m)
			link := view.Link{Text: l.Month(time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC)), URL: r.Page.Root() + "/status/history/" + name, Current: name == r.Param("month")}
			p.Months = append(p.Months, link)
			if !link.Current {
				continue
			}
			p.Days = historyDays(r.Page, m)
			if i+1 < len(months) {
				p.Previous = &view.Link{URL: r.Page.Root() + "/status/history/" + monthName(months[i+1])}
			}
			if i > 0 {
				p.NextPage = &view.Link{URL: r.Page.Root() + "/status/history/" + monthName(months[i-1])}
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
func historyDays(e page.Context, m status.Month) []view.HistoryDay {
	var days []view.HistoryDay
	for _, post := range m.Posts {
		began := post.Began
		if began.IsZero() && post.Kind == status.Maintenance {
			began = post.Planned.Start
		}
		if began.IsZero() {
			began = post.Posted
		}
		date := view.On(e.Words(), began.Time.In(e.Snap.Library.Site.Zone))
		if n := len(days); n == 0 || days[n-1].Date.RFC3339 != date.RFC3339 {
			days = append(days, view.HistoryDay{Date: date})
		}
		days[len(days)-1].Posts = append(days[len(days)-1].Posts, e.PostLink(post))
	}
	return days
}
