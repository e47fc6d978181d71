package board

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
	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
)

// feedHost is the host in permanent ids of entries.
func feedHost(e edition.Edition) string {
	u, err := url.Parse(e.Base())
	if err != nil {
		return "localhost"
	}
	return exchange.HostName(u.Host)
}

// wantedComponent is the component that a feed is narrowed to, by path or by
// ?component=; false when there is none of that name.
func wantedComponent(r *exchange.Request) (id string, ok bool) {
	id = cmp.Or(r.Param("component"), r.QueryParam("component"))
	if id == "" {
		return "", true
	}
	for _, c := range r.Snap.Library.Site.Components {
		if strings.EqualFold(c.ID, id) {
			return c.ID, true
		}
	}
	return "", false
}

const maxEntries = 60

// statusFeed collects the entries of the board, one for each update.
func statusFeed(e edition.Edition, component, self string) feed.Feed {
	host := feedHost(e)
	name := e.Snap.Library.Site.Name + ": " + e.Words().T("feed.status")
	if component != "" {
		name += ", " + strings.Join(e.ComponentNames([]string{component}), "")
	}
	f := feed.Feed{
		ID: feed.Tag(host, 2026, "status/"+cmp.Or(component, "all")+"/"+e.Lang), Title: name, Lang: e.Lang,
		Home: e.Absolute(e.Root() + "/status"), Self: e.Absolute(e.Root() + self), Author: e.Snap.Library.Site.Name,
	}
	for fact := range e.Snap.Situation.Timeline.Facts(component) {
		if len(f.Entries) == maxEntries {
			break
		}
		f.Entries = append(f.Entries, statusEntry(e, fact, host))
	}
	return f
}

func statusEntry(e edition.Edition, fact status.Fact, host string) feed.Entry {
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
	bodies := fact.In(e.Lang)
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
func entryFacts(e edition.Edition, fact status.Fact) []string {
	l := e.Words()
	p := fact.Post
	var facts []string
	if p.Kind == status.Maintenance && fact.Update.State != status.Completed && fact.Update.State != status.Cancelled {
		facts = append(facts, l.T("post.starts")+": "+edition.Moment(l, fact.Window.Start).Text)
		if !fact.Window.End.IsZero() {
			facts = append(facts, l.T("post.ends")+": "+edition.Moment(l, fact.Window.End).Text)
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
			list = append(list, strings.Join(e.ComponentNames([]string{a.Component}), "")+": "+l.T("level."+edition.Level(a.Condition)))
		}
		facts = append(facts, l.T("post.affected")+": "+strings.Join(list, ", "))
	}
	if names := e.ComponentNames(fact.Unaffected); len(facts) > 0 && len(names) > 0 {
		facts = append(facts, l.T("post.unaffected")+": "+l.List(names))
	}
	if len(facts) > 0 && p.Mail != "" {
		facts = append(facts, edition.MailSentence(l, p.Mail))
	}
	return facts
}

// feedAs answers a status feed in one of the formats.
func feedAs(r *exchange.Request, contentType, name string, write func(feed.Feed) ([]byte, error)) error {
	component, ok := wantedComponent(r)
	if !ok {
		return exchange.ErrNotFound
	}
	r.Open()
	return r.Kept(contentType, r.Lang+" status "+name+" "+component, func() ([]byte, error) {
		self := "/status/" + name
		if component != "" {
			self = "/status/components/" + component + "/" + name
		}
		return write(statusFeed(r.Edition, component, self))
	})
}

// Atom answers the status feed as Atom.
func Atom(r *exchange.Request) error { return feedAs(r, atom.ContentType, "feed.atom", atom.Write) }

// JSON answers the status feed as JSON Feed.
func JSON(r *exchange.Request) error {
	return feedAs(r, jsonfeed.ContentType, "feed.json", jsonfeed.Write)
}

// RSS answers the status feed as RSS.
func RSS(r *exchange.Request) error { return feedAs(r, rss.ContentType, "feed.rss", rss.Write) }

// Calendar answers the subscription to planned work.
func Calendar(r *exchange.Request) error {
	component, ok := wantedComponent(r)
	if !ok {
		return exchange.ErrNotFound
	}
	r.Open()
	return r.Kept(ical.ContentType, r.Lang+" calendar "+component, func() ([]byte, error) {
		site := r.Snap.Library.Site
		self := "/status/maintenance.ics"
		if component != "" {
			self = "/status/components/" + component + "/maintenance.ics"
		}
		return ical.Write(ical.Calendar{
			Name: site.Name + ": " + r.Words().T("feed.maintenance"), Lang: r.Lang, Host: feedHost(r.Edition), Self: r.Absolute(r.Root() + self),
			Provider: cmp.Or(site.DefaultProvider, feedHost(r.Edition)), Organizer: site.Name, Email: site.Contact.Email,
			PostURL: func(id string) string { return r.Absolute(r.Root() + "/status/" + id) }, Text: r.PostPlain, Component: component,
		}, r.Snap.Situation)
	})
}

// Badge answers the state as a picture in words.
func Badge(r *exchange.Request) error {
	component, ok := wantedComponent(r)
	if !ok {
		return exchange.ErrNotFound
	}
	r.Open()
	r.Response().Header().Set("Content-Security-Policy", exchange.FilePolicy)
	return r.Kept(badge.ContentType, r.Lang+" badge "+component, func() ([]byte, error) {
		l := r.Words()
		s := r.Snap.Situation
		if component == "" {
			lv, _, _ := r.Overall()
			return badge.Write(r.Snap.Library.Site.Name, l.T("badge."+lv), s.Indicator, s.Maintenance)
		}
		i := slices.IndexFunc(s.Components, func(c status.ComponentState) bool { return c.ID == component })
		c := s.Components[i]
		return badge.Write(r.Text(c.Name), l.T("level."+edition.Level(c.Condition)), c.Condition.Impact(), c.Condition == status.UnderMaintenance)
	})
}

// Statuspage answers the eight documents of Statuspage's version 2.
func Statuspage(name string) exchange.Handler {
	return func(r *exchange.Request) error {
		r.Open()
		r.CacheFor(30 * time.Second)
		return r.Kept(statuspage.ContentType, "statuspage "+name, func() ([]byte, error) {
			site := r.Snap.Library.Site
			return statuspage.Write(name, statuspage.Page{
				ID: cmp.Or(site.DefaultProvider, feedHost(r.Edition)), Name: site.Name, URL: r.Absolute("/status"), Lang: r.Lang, Zone: site.Zone,
				PostURL: func(id string) string { return r.Absolute("/status/" + id) },
				HTML:    r.PostAbsolute, Text: r.PostPlain,
			}, r.Snap.Library.Board, r.Snap.Situation)
		})
	}
}

// Component leads to the component's place on the board.
func Component(r *exchange.Request) error {
	if _, ok := wantedComponent(r); !ok {
		return exchange.ErrNotFound
	}
	return r.Redirect(302, r.Root()+"/status#components")
}
