// Package board shows the status: the board itself, posts, the archive, feeds,
// calendar, badge, and the documents of Statuspage's API.
//
// [Board] answers /status, [Post] a post; [Statuspage] makes the handlers of
// /api/v2.
//
// Guarantees: everything comes from the snapshot, so that the status can be read
// with all else gone; an entry of a feed changes only when its update does.
package status

import (
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/content/status/uptime"
	"signpost/internal/locale"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

const (
	barDays     = 90
	recentPosts = 5
)

// Board answers /status.
func Board(r *web.Request) error {
	return r.SendPage(func() (view.Page, error) {
		l := r.Page.Words()
		s := r.Page.Snap.Board
		p := &view.StatusBoard{Chrome: r.Page.Chrome("/status"), Days: barDays, Zone: r.Page.Snap.Library.Site.Zone.String()}
		p.Alerts = nil // the page itself says it
		p.Title = l.T("status.title")
		p.Level, p.Sentence, p.Mail = r.Page.Overall()
		p.Description = p.Sentence
		p.AsOf = view.At(l, s.At.In(r.Page.Snap.Library.Site.Zone).Truncate(time.Minute))
		open := slices.Concat(s.Open(), s.InProgress(), s.Notices())
		for _, post := range open {
			p.Open = append(p.Open, r.Page.PostCard(post))
		}
		for _, post := range s.Upcoming() {
			p.Upcoming = append(p.Upcoming, r.Page.PostCard(post))
		}
		p.Groups = componentGroups(r.Page)
		if len(p.Groups) > 0 && len(p.Groups[0].Components) > 0 {
			p.From = p.Groups[0].Components[0].Days[0].Date
		}
		for _, post := range s.Posts {
			if (post.Phase == status.Over || post.Phase == status.Called) && len(p.Recent) < recentPosts {
				p.Recent = append(p.Recent, r.Page.PostLink(post))
			}
		}
		if months := s.Months(); len(months) > 0 {
			p.History = r.Page.Root() + "/status/history/" + monthName(months[0])
		}
		p.Feeds = statusFeeds(r.Page, "")
		p.Calendar = r.Page.Root() + "/status/maintenance.ics"
		return p, nil
	})
}

func monthName(m status.Month) string {
	return time.Date(m.Year, m.Month, 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// statusFeeds are the subscriptions of the board or of one component.
func statusFeeds(e page.Context, component string) []view.Feed {
	base := e.Root() + "/status/"
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
func componentGroups(e page.Context) []view.ComponentGroup {
	l := e.Words()
	site := e.Snap.Library.Site
	bars := map[string]uptime.Bars{}
	for _, b := range uptime.Of(e.Snap.Library.Board, e.Snap.At, barDays) {
		bars[b.Component.ID] = b
	}
	var groups []view.ComponentGroup
	index := map[string]int{}
	for _, c := range e.Snap.Board.Components {
		i, ok := index[c.Group]
		if !ok {
			i = len(groups)
			index[c.Group] = i
			g := view.ComponentGroup{}
			if at := slices.IndexFunc(site.Groups, func(g status.Group) bool { return g.ID == c.Group }); at >= 0 {
				g.Name = e.Text(site.Groups[at].Name)
			}
			groups = append(groups, g)
		}
		groups[i].Components = append(groups[i].Components, component(e, c, bars[c.ID], l))
	}
	return groups
}

func component(e page.Context, c status.ComponentState, bars uptime.Bars, l *locale.Language) view.Component {
	v := view.Component{ID: c.ID, Name: e.Text(c.Name), Level: page.Level(c.Condition), URL: e.Root() + "/status/components/" + c.ID + "/feed.atom"}
	v.StateWord = l.T("level." + v.Level)
	v.Since = page.Moment(l, componentSince(e, c))
	if share, ok := bars.Uptime(); ok {
		v.Uptime = l.Percent(share / 100)
	}
	for _, d := range bars.Days {
		v.Days = append(v.Days, barDay(e, d, v.Name, l))
		if d.Down+d.Partial+d.Degraded > 0 || d.Unknown {
			v.Problems++
		}
	}
	return v
}

// componentSince is when the component came into its condition; zero when it
// works, or nobody knows.
func componentSince(e page.Context, c status.ComponentState) (first status.Moment) {
	if c.Condition == status.Operational {
		return first
	}
	for _, p := range c.Posts {
		state, ok := e.Snap.Board.Post(p.ID)
		if !ok || !slices.Contains(state.Effects, status.Effect{Component: c.ID, Condition: c.Condition}) {
			continue
		}
		at := state.Began
		if state.Kind == status.Incident && c.Condition > status.UnderMaintenance {
			at = page.Since(state, c.Condition, []string{c.ID})
		}
		if first.IsZero() || !at.IsZero() && at.Time.Before(first.Time) {
			first = at
		}
	}
	return first
}

// barDay is one bar with what it means in words.
func barDay(e page.Context, d uptime.Day, name string, l *locale.Language) view.Day {
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
		v.URL = e.Root() + "/status/" + d.Posts[0].ID
	}
	return v
}
