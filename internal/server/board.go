package server

import (
	"slices"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/view"
)

const (
	barDays     = 90
	recentPosts = 5
)

// board answers /status.
func (r *request) board() error {
	return r.page(func() (view.Page, error) {
		l := r.words()
		s := r.snap.Situation
		p := &view.StatusBoard{Chrome: r.chrome("/status"), Days: barDays, Zone: r.snap.Library.Site.Zone.String()}
		p.Alerts = nil // the page itself says it
		p.Title = l.T("status.title")
		p.Level, p.Sentence, p.Mail = r.overall()
		p.Description = p.Sentence
		p.AsOf = view.At(l, s.At.In(r.snap.Library.Site.Zone).Truncate(time.Minute))
		open := slices.Concat(s.Open(), s.InProgress(), s.Notices())
		for _, post := range open {
			p.Open = append(p.Open, r.postCard(post))
		}
		for _, post := range s.Upcoming() {
			p.Upcoming = append(p.Upcoming, r.postCard(post))
		}
		p.Groups = r.componentGroups()
		if len(p.Groups) > 0 && len(p.Groups[0].Components) > 0 {
			p.From = p.Groups[0].Components[0].Days[0].Date
		}
		for _, post := range s.Posts {
			if (post.Phase == status.Over || post.Phase == status.Called) && len(p.Recent) < recentPosts {
				p.Recent = append(p.Recent, r.postLink(post))
			}
		}
		if months := s.Months(); len(months) > 0 {
			p.History = r.root() + "/status/history/" + monthName(months[0])
		}
		p.Feeds = r.statusFeeds("")
		p.Calendar = r.root() + "/status/maintenance.ics"
		return p, nil
	})
}

func monthName(m status.Month) string {
	return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// statusFeeds are the subscriptions of the board or of one component.
func (r *request) statusFeeds(component string) []view.Feed {
	base := r.root() + "/status/"
	if component != "" {
		base += "components/" + component + "/"
	}
	return []view.Feed{
		{Title: "Atom", Type: "application/atom+xml", URL: base + "feed.atom"},
		{Title: "JSON Feed", Type: "application/feed+json", URL: base + "feed.json"},
		{Title: "RSS", Type: "application/rss+xml", URL: base + "feed.rss"},
	}
}

// componentGroups are the rows of the board, by group.
func (r *request) componentGroups() []view.ComponentGroup {
	l := r.words()
	site := r.snap.Library.Site
	bars := map[string]status.Bars{}
	for _, b := range r.snap.Library.Board.Bars(r.snap.At, barDays) {
		bars[b.Component.ID] = b
	}
	var groups []view.ComponentGroup
	index := map[string]int{}
	for _, c := range r.snap.Situation.Components {
		i, ok := index[c.Group]
		if !ok {
			i = len(groups)
			index[c.Group] = i
			g := view.ComponentGroup{}
			if at := slices.IndexFunc(site.Groups, func(g status.Group) bool { return g.ID == c.Group }); at >= 0 {
				g.Name = r.text(site.Groups[at].Name)
			}
			groups = append(groups, g)
		}
		groups[i].Components = append(groups[i].Components, r.component(c, bars[c.ID], l))
	}
	return groups
}

func (r *request) component(c status.ComponentState, bars status.Bars, l *locale.Language) view.Component {
	v := view.Component{ID: c.ID, Name: r.text(c.Name), Level: level(c.Condition), URL: r.root() + "/status/components/" + c.ID + "/feed.atom"}
	v.StateWord = l.T("level." + v.Level)
	v.Since = moment(l, r.componentSince(c))
	if share, ok := bars.Uptime(); ok {
		v.Uptime = l.Percent(share / 100)
	}
	for _, d := range bars.Days {
		v.Days = append(v.Days, r.barDay(d, v.Name, l))
		if d.Down+d.Partial+d.Degraded > 0 || d.Unknown {
			v.Problems++
		}
	}
	return v
}

// componentSince is when the component came into its condition; zero when it
// works, or nobody knows.
func (r *request) componentSince(c status.ComponentState) (first status.Moment) {
	if c.Condition == status.Operational {
		return first
	}
	for _, p := range c.Posts {
		state, ok := r.snap.Situation.Post(p.ID)
		if !ok || !slices.Contains(state.Effects, status.Effect{Component: c.ID, Condition: c.Condition}) {
			continue
		}
		at := state.Began
		if state.Kind == status.Incident && c.Condition > status.UnderMaintenance {
			at = since(state, c.Condition, []string{c.ID})
		}
		if first.IsZero() || !at.IsZero() && at.Time.Before(first.Time) {
			first = at
		}
	}
	return first
}

// barDay is one bar with what it means in words.
func (r *request) barDay(d status.Day, name string, l *locale.Language) view.Day {
	v := view.Day{Date: view.On(l, d.Date), Level: view.LevelOK}
	switch {
	case d.NoData:
		v.Level = view.LevelNone
		return v
	case d.Down > 0:
		v.Level = view.LevelDown
	case d.Partial > 0:
		v.Level = view.LevelPartial
	case d.Degraded > 0 || d.Unknown:
		v.Level = view.LevelDegraded
	case d.Maintenance > 0:
		v.Level = view.LevelMaintenance
	}
	var parts []string
	for _, part := range []struct {
		level string
		time  time.Duration
	}{{view.LevelDown, d.Down}, {view.LevelPartial, d.Partial}, {view.LevelDegraded, d.Degraded}, {view.LevelMaintenance, d.Maintenance}} {
		if part.time > 0 {
			parts = append(parts, l.T("level."+part.level)+" "+l.Duration(part.time))
		}
	}
	if d.Unknown {
		parts = append(parts, l.T("bars.unknown"))
	}
	if len(parts) > 0 {
		v.Text = name + ": " + strings.Join(parts, ", ")
	}
	if len(d.Posts) > 0 {
		v.URL = r.root() + "/status/" + d.Posts[0].ID
	}
	return v
}

// postCard is an open or upcoming post with its newest update.
func (r *request) postCard(p status.PostState) view.PostCard {
	l := r.words()
	c := view.PostCard{PostLink: r.postLink(p), Mail: mailSentence(l, p.Mail), Expect: r.postText(p.Post, p.Expect)}
	if n := len(p.Updates); n > 0 {
		last := p.Updates[n-1]
		for _, b := range p.TextOf(last) {
			c.Body += r.postHTML(p.Post, b, last.ID+"-card-")
		}
		c.Updated = moment(l, last.At)
	}
	c.Affected = r.affected(p)
	c.Unaffected = r.componentNames(p.Unaffected)
	c.ETA, c.Next = r.eta(p), r.nextUpdate(p)
	c.Help = r.helpLinks(p.Post)
	return c
}

// postText is a free sentence of a post with its values.
func (r *request) postText(p *status.Post, t status.Text) string {
	s, _ := markdown.Substitute(t.In(r.lang), r.readerIn(p.Lang).Value)
	return s
}

// postHTML renders a body. prefix keeps the anchors of several bodies on one
// page apart.
func (r *request) postHTML(p *status.Post, b status.Body, prefix string) view.HTML {
	if b.Source == "" {
		return ""
	}
	doc, _ := r.snap.Library.PostDoc(p, b)
	return doc.HTML(r.readerIn(p.Lang), markdown.Options{IDPrefix: prefix, NoAnchors: true, Texts: markdownTexts(r.s.texts.For(p.Lang))})
}

// affected says what a post does to components: now, or, when it is over or
// to come, as it was announced.
func (r *request) affected(p status.PostState) []view.Affect {
	effects := p.Effects
	if p.Phase != status.Open || len(effects) == 0 {
		effects = p.Affects
	}
	var list []view.Affect
	for _, e := range effects {
		names := r.componentNames([]string{e.Component})
		if len(names) == 0 {
			continue
		}
		lv := level(e.Condition)
		if p.Kind == status.Maintenance && e.Condition == status.Operational && p.Phase != status.Open {
			lv = view.LevelMaintenance
		}
		list = append(list, view.Affect{Name: names[0], Level: lv, StateWord: r.words().T("level." + lv)})
	}
	return list
}

func (r *request) eta(p status.PostState) *view.Due {
	if p.ETA.End.IsZero() || p.Phase != status.Open {
		return nil
	}
	return &view.Due{At: moment(r.words(), p.ETA.End), Overdue: p.Overdue}
}

func (r *request) nextUpdate(p status.PostState) *view.Due {
	if p.Next.IsZero() || p.Phase != status.Open {
		return nil
	}
	return &view.Due{At: view.At(r.words(), p.Next.In(p.Zone)), Overdue: p.Late}
}

// helpLinks are the articles that a post names, as far as customers may see them.
func (r *request) helpLinks(p *status.Post) []view.ArticleLink {
	var list []view.ArticleLink
	for _, slug := range p.Help {
		if a, _ := r.snap.Help.Find(slug); a != nil {
			list = append(list, r.articleLink(a))
		}
	}
	return list
}
