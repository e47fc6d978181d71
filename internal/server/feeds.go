package server

import (
	"cmp"
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
)

// feedHost is the host in permanent ids of entries.
func (r *request) feedHost() string {
	u, err := url.Parse(r.s.baseURL(r.snap))
	if err != nil {
		return "localhost"
	}
	return hostName(u.Host)
}

// wantedComponent is the component that a feed is narrowed to, by path or by
// ?component=; false when there is none of that name.
func (r *request) wantedComponent() (id string, ok bool) {
	id = cmp.Or(r.Param("component"), r.QueryParam("component"))
	if id == "" {
		return "", true
	}
	for _, c := range r.snap.Library.Site.Components {
		if strings.EqualFold(c.ID, id) {
			return c.ID, true
		}
	}
	return "", false
}

const maxEntries = 60

// statusFeed collects the entries of the board, one for each update.
func (r *request) statusFeed(component, self string) feed.Feed {
	host := r.feedHost()
	name := r.snap.Library.Site.Name + ": " + r.words().T("feed.status")
	if component != "" {
		name += ", " + strings.Join(r.componentNames([]string{component}), "")
	}
	f := feed.Feed{
		ID: feed.Tag(host, 2026, "status/"+cmp.Or(component, "all")+"/"+r.lang), Title: name, Lang: r.lang,
		Home: r.absolute(r.root() + "/status"), Self: r.absolute(r.root() + self), Author: r.snap.Library.Site.Name,
	}
	for e := range r.snap.Situation.Entries(component) {
		if len(f.Entries) == maxEntries {
			break
		}
		f.Entries = append(f.Entries, r.statusEntry(e, host))
	}
	return f
}

func (r *request) statusEntry(e status.Entry, host string) feed.Entry {
	l := r.words()
	word := l.T("state." + string(e.Update.State))
	if e.Reminder {
		word = l.T("state.reminder")
	}
	year := e.Published.Year()
	if e.Published.IsZero() {
		year = 2026
	}
	v := feed.Entry{
		ID: feed.Tag(host, year, e.ID), URL: r.absolute(r.root() + "/status/" + e.Post.ID + "#" + e.Update.ID),
		Title: "[" + word + "] " + r.postTitle(e.Post.Post), Published: e.Published, Updated: e.Updated,
		Categories: []feed.Category{{Term: string(e.Update.State), Label: word}, {Term: string(e.Post.Kind), Label: l.T("kind." + string(e.Post.Kind))}},
	}
	if e.Reminder {
		v.URL = r.absolute(r.root() + "/status/" + e.Post.ID)
	}
	if e.Post.Lang != r.lang {
		v.Lang = e.Post.Lang
	}
	var text []string
	for _, b := range e.Post.TextOf(e.Update) {
		v.HTML += r.postAbsolute(e.Post.Post, b)
		text = append(text, strings.TrimSpace(r.postPlain(e.Post.Post, b)))
	}
	for _, fact := range r.entryFacts(e) {
		v.HTML += "<p>" + escape(fact) + "</p>\n"
		text = append(text, fact)
	}
	v.Text = strings.Join(text, "\n\n")
	return v
}

// entryFacts says in words what an update left in effect. It never changes by
// what happens later: an entry is edited only when its update is.
func (r *request) entryFacts(e status.Entry) []string {
	l := r.words()
	n := slices.IndexFunc(e.Post.Updates, func(u status.Update) bool { return u.ID == e.Update.ID }) + 1
	if e.Reminder {
		n = len(e.Post.Updates)
		for n > 0 && e.Post.Updates[n-1].At.Time.After(e.Published) {
			n--
		}
	}
	var facts []string
	effects := e.Post.EffectsAfter(n)
	if e.Post.Kind == status.Maintenance && e.Update.State != status.Completed && e.Update.State != status.Cancelled {
		plan := e.Post.Post.Planned
		for _, u := range e.Post.Updates[:n] {
			if !u.Window.Start.IsZero() {
				plan.Start = u.Window.Start
			}
			if !u.Window.End.IsZero() {
				plan.End = u.Window.End
			}
		}
		facts = append(facts, l.T("post.starts")+": "+moment(l, plan.Start).Text)
		if !plan.End.IsZero() {
			facts = append(facts, l.T("post.ends")+": "+moment(l, plan.End).Text)
		}
		var ids []string
		for _, a := range e.Post.Affects {
			ids = append(ids, a.Component)
		}
		if names := r.componentNames(ids); len(names) > 0 {
			facts = append(facts, l.T("post.affected")+": "+l.List(names))
		}
	} else if len(effects) > 0 {
		var list []string
		for _, a := range effects {
			list = append(list, strings.Join(r.componentNames([]string{a.Component}), "")+": "+l.T("level."+level(a.Condition)))
		}
		facts = append(facts, l.T("post.affected")+": "+strings.Join(list, ", "))
	}
	if names := r.componentNames(e.Post.UnaffectedAfter(n)); len(facts) > 0 && len(names) > 0 {
		facts = append(facts, l.T("post.unaffected")+": "+l.List(names))
	}
	if len(facts) > 0 && e.Post.Mail != "" {
		facts = append(facts, mailSentence(l, e.Post.Mail))
	}
	return facts
}

// feedOf answers a status feed in one of the formats.
func feedOf(contentType, name string, write func(feed.Feed) ([]byte, error)) handler {
	return func(r *request) error {
		component, ok := r.wantedComponent()
		if !ok {
			return errNotFound
		}
		r.open()
		return r.kept(contentType, r.lang+" status "+name+" "+component, func() ([]byte, error) {
			self := "/status/" + name
			if component != "" {
				self = "/status/components/" + component + "/" + name
			}
			return write(r.statusFeed(component, self))
		})
	}
}

var (
	statusAtom = feedOf(atom.ContentType, "feed.atom", atom.Write)
	statusJSON = feedOf(jsonfeed.ContentType, "feed.json", jsonfeed.Write)
	statusRSS  = feedOf(rss.ContentType, "feed.rss", rss.Write)
)

// calendar answers the subscription to planned work.
func (r *request) calendar() error {
	component, ok := r.wantedComponent()
	if !ok {
		return errNotFound
	}
	r.open()
	return r.kept(ical.ContentType, r.lang+" calendar "+component, func() ([]byte, error) {
		site := r.snap.Library.Site
		self := "/status/maintenance.ics"
		if component != "" {
			self = "/status/components/" + component + "/maintenance.ics"
		}
		return ical.Write(ical.Calendar{
			Name: site.Name + ": " + r.words().T("feed.maintenance"), Lang: r.lang, Host: r.feedHost(), Self: r.absolute(r.root() + self),
			Provider: cmp.Or(site.DefaultProvider, r.feedHost()), Organizer: site.Name, Email: site.Contact.Email,
			PostURL: func(id string) string { return r.absolute(r.root() + "/status/" + id) }, Text: r.postPlain, Component: component,
		}, r.snap.Situation)
	})
}

// badgeSVG answers the state as a picture in words.
func (r *request) badgeSVG() error {
	component, ok := r.wantedComponent()
	if !ok {
		return errNotFound
	}
	r.open()
	r.Response().Header().Set("Content-Security-Policy", fileCSP)
	return r.kept(badge.ContentType, r.lang+" badge "+component, func() ([]byte, error) {
		l := r.words()
		s := r.snap.Situation
		if component == "" {
			lv, _, _ := r.overall()
			return badge.Write(r.snap.Library.Site.Name, l.T("badge."+lv), s.Indicator, s.Maintenance)
		}
		i := slices.IndexFunc(s.Components, func(c status.ComponentState) bool { return c.ID == component })
		c := s.Components[i]
		return badge.Write(r.text(c.Name), l.T("level."+level(c.Condition)), c.Condition.Impact(), c.Condition == status.UnderMaintenance)
	})
}

// statuspageJSON answers the eight documents of Statuspage's version 2.
func statuspageJSON(name string) handler {
	return func(r *request) error {
		r.open()
		r.cacheFor(30 * time.Second)
		return r.kept(statuspage.ContentType, "statuspage "+name, func() ([]byte, error) {
			site := r.snap.Library.Site
			return statuspage.Write(name, statuspage.Page{
				ID: cmp.Or(site.DefaultProvider, r.feedHost()), Name: site.Name, URL: r.absolute("/status"), Lang: r.lang, Zone: site.Zone,
				PostURL: func(id string) string { return r.absolute("/status/" + id) },
				HTML:    r.postAbsolute, Text: r.postPlain,
			}, r.snap.Library.Board, r.snap.Situation)
		})
	}
}

// componentPage leads to the component's place on the board.
func (r *request) componentPage() error {
	if _, ok := r.wantedComponent(); !ok {
		return errNotFound
	}
	return r.Redirect(302, r.root()+"/status#components")
}
