package status

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/feed"
	"signpost/internal/feed/atom"
	"signpost/internal/feed/badge"
	"signpost/internal/feed/ical"
	"signpost/internal/feed/jsonfeed"
	"signpost/internal/feed/rss"
	"signpost/internal/feed/statuspage"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

// feedHost is the host in permanent ids of entries.
func feedHost(e page.Context) string {
	u, err := url.Parse(e.Base())
	if err != nil {
		return "localhost"
	}
	return web.HostName(u.Host)
}

// wantedComponent is the component that a feed is narrowed to, by path or by
// ?component=; false when there is none of that name.
func wantedComponent(r *web.Request) (id string, ok bool) {
	id = cmp.Or(r.Param("component"), r.QueryParam("component"))
	if id == "" {
		return "", true
	}
	for _, c := range r.Page.Snap.Library.Site.Components {
		if strings.EqualFold(c.ID, id) {
			return c.ID, true
		}
	}
	return "", false
}

const maxEntries = 60

// statusFeed collects the entries of the board, one for each update.
func statusFeed(e page.Context, component, self string) feed.Feed {
	host := feedHost(e)
	name := e.Snap.Library.Site.Name + ": " + e.Words().T("feed.status")
	if component != "" {
		name += ", " + strings.Join(e.ComponentNames([]string{component}), "")
	}
	f := feed.Feed{
		ID: feed.Tag(host, 2026, "status/"+cmp.Or(component, "all")+"/"+e.Lang), Title: name, Lang: e.Lang,
		Home: e.Absolute(e.Root() + "/status"), Self: e.Absolute(e.Root() + self), Author: e.Snap.Library.Site.Name,
	}
	for fact := range e.Snap.Board.Timeline.Facts(component) {
		if len(f.Entries) == maxEntries {
			break
		}
		f.Entries = append(f.Entries, statusEntry(e, fact, host))
	}
	return f
}

func statusEntry(e page.Context, fact *status.Fact, host string) feed.Entry {
	l := e.Words()
	p := fact.Post.Post
	word := l.T("state." + string(fact.Update.State))
	if fact.Reminder {
		word = l.T("state.reminder")
	}
	year := fact.At.Year()
	if fact.At.IsZero() {
		year = 2026
	}
	v := feed.Entry{
		ID: feed.Tag(host, year, fact.ID), URL: e.Absolute(e.Root() + "/status/" + p.ID + "#" + fact.Update.ID),
		Title: "[" + word + "] " + e.PostTitle(p), Published: fact.At, Updated: fact.Changed(),
		Categories: []feed.Category{{Term: string(fact.Update.State), Label: word}, {Term: string(p.Kind), Label: l.T("kind." + string(p.Kind))}},
	}
	if fact.Reminder {
		v.URL = e.Absolute(e.Root() + "/status/" + p.ID)
	}
	bodies := fact.Texts(e.Lang)
	if _, ok := p.Title[e.Lang]; !ok && p.Lang != e.Lang && len(bodies) == 0 {
		v.Lang = p.Lang
	}
	var text []string
	for _, b := range bodies {
		if lang := p.BodyLang(b); lang != e.Lang {
			v.Lang = lang
		}
		v.HTML += e.PostAbsolute(p, b)
		text = append(text, strings.TrimSpace(e.PostPlain(p, b)))
	}
	for _, said := range entryFacts(e, fact) {
		v.HTML += "<p>" + html.EscapeString(said) + "</p>\n"
		text = append(text, said)
	}
	v.Text = strings.Join(text, "\n\n")
	return v
}

// entryFacts says in words what an update left in effect. It never changes by
// what happens later: an entry is edited only when its update is.
func entryFacts(e page.Context, fact *status.Fact) []string {
	l := e.Words()
	p := fact.Post
	var facts []string
	if p.Kind == status.Maintenance && fact.Update.State != status.Completed && fact.Update.State != status.Cancelled {
		facts = append(facts, l.T("post.starts")+": "+page.Moment(l, fact.Window.Start).Text)
		if !fact.Window.End.IsZero() {
			facts = append(facts, l.T("post.ends")+": "+page.Moment(l, fact.Window.End).Text)
		}
		var ids []string
		for _, a := range p.Affects {
			ids = append(ids, a.Component)
		}
		if names := e.ComponentNames(ids); len(names) > 0 {
			facts = append(facts, l.T("post.affected")+": "+l.List(names))
		}
	} else if len(fact.Components) > 0 {
		var list []string
		for _, a := range fact.Components {
			list = append(list, strings.Join(e.ComponentNames([]string{a.Component}), "")+": "+l.T("level."+page.Level(a.Condition)))
		}
		facts = append(facts, l.T("post.affected")+": "+strings.Join(list, ", "))
	}
	if names := e.ComponentNames(fact.Unaffected); len(facts) > 0 && len(names) > 0 {
		facts = append(facts, l.T("post.unaffected")+": "+l.List(names))
	}
	if len(facts) > 0 && p.Mail != "" {
		facts = append(facts, page.MailSentence(l, p.Mail))
	}
	return facts
}

// feedAs answers a status feed in one of the formats.
func feedAs(r *web.Request, contentType, name string, write func(feed.Feed) ([]byte, error)) error {
	component, ok := wantedComponent(r)
	if !ok {
		return web.ErrNotFound
	}
	r.Open()
	return r.SendCached(contentType, r.Page.Lang+" status "+name+" "+component, func() ([]byte, error) {
		self := "/status/" + name
		if component != "" {
			self = "/status/components/" + component + "/" + name
		}
		return write(statusFeed(r.Page, component, self))
	})
}

// Atom answers the status feed as Atom.
func Atom(r *web.Request) error { return feedAs(r, atom.ContentType, "feed.atom", atom.Write) }

// JSON answers the status feed as JSON Feed.
func JSON(r *web.Request) error {
	return feedAs(r, jsonfeed.ContentType, "feed.json", jsonfeed.Write)
}

// RSS answers the status feed as RSS.
func RSS(r *web.Request) error { return feedAs(r, rss.ContentType, "feed.rss", rss.Write) }

// Calendar answers the subscription to planned work.
func Calendar(r *web.Request) error {
	component, ok := wantedComponent(r)
	if !ok {
		return web.ErrNotFound
	}
	r.Open()
	return r.SendCached(ical.ContentType, r.Page.Lang+" calendar "+component, func() ([]byte, error) {
		site := r.Page.Snap.Library.Site
		self := "/status/maintenance.ics"
		if component != "" {
			self = "/status/components/" + component + "/maintenance.ics"
		}
		return ical.Write(ical.Calendar{
			Name: site.Name + ": " + r.Page.Words().T("feed.maintenance"), Lang: r.Page.Lang, Host: feedHost(r.Page), Self: r.Page.Absolute(r.Page.Root() + self),
			Provider: cmp.Or(site.DefaultProvider, feedHost(r.Page)), Organizer: site.Name, Email: site.Contact.Email,
			PostURL: func(id string) string { return r.Page.Absolute(r.Page.Root() + "/status/" + id) }, Text: r.Page.PostPlain, Component: component,
		}, r.Page.Snap.Board)
	})
}

// Badge answers the state as a picture in words.
func Badge(r *web.Request) error { return sendBadge(r, "badge", badge.ContentType, badge.Write) }

// BadgeJSON answers the state as badge services read it.
func BadgeJSON(r *web.Request) error {
	return sendBadge(r, "badge.json", "application/json", badge.Endpoint)
}

func sendBadge(r *web.Request, key, contentType string, write func(name, state string, level status.Impact, maintenance bool) ([]byte, error)) error {
	component, ok := wantedComponent(r)
	if !ok {
		return web.ErrNotFound
	}
	r.Open()
	r.Response().Header().Set("Content-Security-Policy", web.FilePolicy)
	return r.SendCached(contentType, r.Page.Lang+" "+key+" "+component, func() ([]byte, error) {
		l := r.Page.Words()
		s := r.Page.Snap.Board
		if component == "" {
			lv, _, _ := r.Page.Overall()
			return write(r.Page.Snap.Library.Site.Name, l.T("badge."+lv), s.Indicator, s.Maintenance)
		}
		i := slices.IndexFunc(s.Components, func(c status.ComponentState) bool { return c.ID == component })
		c := s.Components[i]
		return write(r.Page.Text(c.Name), l.T("level."+page.Level(c.Condition)), c.Condition.Impact(), c.Condition == status.UnderMaintenance)
	})
}

// Statuspage answers the eight documents of Statuspage's version 2.
func Statuspage(name string) web.Handler {
	return func(r *web.Request) error {
		r.Open()
		r.CacheFor(30 * time.Second)
		return r.SendCached(statuspage.ContentType, "statuspage "+name, func() ([]byte, error) {
			site := r.Page.Snap.Library.Site
			return statuspage.Write(name, statuspage.Page{
				ID: cmp.Or(site.DefaultProvider, feedHost(r.Page)), Name: site.Name, URL: r.Page.Absolute("/status"), Lang: r.Page.Lang, Zone: site.Zone,
				PostURL: func(id string) string { return r.Page.Absolute("/status/" + id) },
				HTML:    r.Page.PostAbsolute, Text: r.Page.PostPlain,
			}, r.Page.Snap.Library.Board, r.Page.Snap.Board)
		})
	}
}

// Component leads to the component's place on the board.
func Component(r *web.Request) error {
	if _, ok := wantedComponent(r); !ok {
		return web.ErrNotFound
	}
	return r.Redirect(302, r.Page.Root()+"/status#components")
}
