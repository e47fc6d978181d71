package statusedit

import (
	"net/url"
	"slices"
	"strings"

	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// statusPage is the page of a form; without one it shows what can be done.
func statusPage(r *web.Request, f postForm) *view.AgentStatus {
	l := r.Page.Words()
	p := &view.AgentStatus{
		Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("status"), Mode: f.Mode, Action: r.Page.Root() + "/agent/status",
		Zone: r.Page.Snap.Library.Site.Zone.String(), Notices: r.Page.Chrome("").Site.Notices && f.Mode != modeEdit, Silence: f.Values["silent"] != "",
	}
	standing(r, p)
	p.Title = l.T("nav.status")
	if f.Mode != "" {
		p.Title = l.T("write." + f.Mode)
	}
	listed(r, p, f)
	post := r.Page.Snap.Library.Board.Post(f.ID)
	switch {
	case f.Mode == modeNew && status.Kind(f.Kind).States() != nil:
	case f.Mode == modeNew:
		p.Kinds = kindStarts(r.Page)
		return p
	case f.Mode == "" || post == nil:
		return p
	}
	p.Form = true
	b := layout{e: r.Page, l: l, f: f}
	p.Fields = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "mode", Value: f.Mode}, {Name: "key", Value: formKey(r, f)}}
	first := r.Page.Snap.DefaultLanguage()
	if f.Mode == modeNew {
		p.Fields = append(p.Fields, view.Hidden{Name: "kind", Value: f.Kind})
		for _, k := range kinds {
			p.Others = append(p.Others, view.Choice{Value: "become:" + string(k), Name: l.T("kind." + string(k)), Selected: string(k) == f.Kind})
		}
	} else {
		first = post.Lang
		changed(r, p, f, post)
		b.statesInto(p, stateOf(r.Page, post))
	}
	p.Tabs = b.tabs(first)
	if f.Mode == modeEdit {
		return p
	}
	if f.Mode != modeResolve {
		p.Parts = b.parts()
	}
	p.Sections = b.sections()
	return p
}

// statesInto adds the choice of a state, where there is one.
func (b layout) statesInto(p *view.AgentStatus, post status.PostState) {
	if b.f.Mode != modeUpdate && b.f.Mode != modeResolve {
		return
	}
	if v := b.states(post); len(v.Options) > 0 {
		p.States = &v
	}
}

// changed says which post a form changes, in which version.
func changed(r *web.Request, p *view.AgentStatus, f postForm, post *status.Post) {
	link := r.Page.PostLink(stateOf(r.Page, post))
	p.About = &link
	p.Fields = append(p.Fields, view.Hidden{Name: "id", Value: post.ID}, view.Hidden{Name: "match-" + post.ID, Value: hashOf(r, post)})
	if f.Mode != modeEdit {
		return
	}
	chosen := updateOf(f, post)
	p.Fields = append(p.Fields, view.Hidden{Name: "update", Value: chosen.ID})
	for _, u := range post.Updates {
		p.Updates = append(p.Updates, view.Link{
			Text: r.Page.Words().T("state."+string(u.State)) + " · " + page.Moment(r.Page.Words(), u.At).Text,
			URL:  p.Action + "?do=edit&id=" + url.QueryEscape(post.ID) + "&update=" + url.QueryEscape(u.ID), Current: u.ID == chosen.ID,
		})
	}
}

var kinds = []status.Kind{status.Incident, status.Maintenance, status.Notice}

// kindStarts are the kinds of posts, each with its templates.
func kindStarts(e page.Context) []view.KindStart {
	l, base := e.Words(), e.Root()+"/agent/status?do=new&kind="
	var list []view.KindStart
	for _, k := range kinds {
		s := view.KindStart{Link: view.Link{Text: l.T("kind." + string(k)), URL: base + string(k)}, Explained: l.T("write.kind." + string(k))}
		for _, t := range templates(e) {
			if t.Kind == k {
				s.Templates = append(s.Templates, view.Link{Text: templateName(e, t), URL: base + string(k) + "&template=" + url.QueryEscape(t.Name)})
			}
		}
		list = append(list, s)
	}
	return list
}

// templateName is what a template is called: one that is not built in by its
// title, else by its file.
func templateName(e page.Context, t edit.Template) string {
	if key := "template." + t.Name; e.Words().Has(key) {
		return e.Words().T(key)
	}
	return t.Name
}

// openPosts are those that a further update can be about: open ones, planned
// ones, and notices.
func openPosts(e page.Context) []status.PostState {
	s := e.Snap.Board
	return slices.Concat(s.Open(), s.InProgress(), s.Upcoming(), s.Notices())
}

// listed fills the lists of posts, with what can be done to each.
func listed(r *web.Request, p *view.AgentStatus, f postForm) {
	if r.Who.Agent == "" {
		return // signed out: what is not public stays so
	}
	open := openPosts(r.Page)
	for _, post := range r.Page.Snap.Library.Board.Posts {
		s := stateOf(r.Page, post)
		if s.Phase != status.Hidden && (post.Publish.IsZero() || !post.Publish.Time.After(r.Now)) && !post.Draft {
			continue
		}
		w := work(r.Page, s)
		w.Release = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "id", Value: post.ID}, {Name: "match-" + post.ID, Value: hashOf(r, post)}}
		if w.StateWord = r.Page.Words().T("write.hidden.draft"); !post.Draft {
			w.StateWord, w.When = r.Page.Words().T("write.hidden.later"), page.Moment(r.Page.Words(), post.Publish)
		}
		p.Drafted = append(p.Drafted, w)
	}
	for _, post := range open {
		p.Posts = append(p.Posts, work(r.Page, post))
	}
	if f.Mode != "" {
		return
	}
	const recent = 5
	for _, post := range r.Page.Snap.Board.Posts[:min(recent, len(r.Page.Snap.Board.Posts))] {
		if !slices.ContainsFunc(open, func(o status.PostState) bool { return o.ID == post.ID }) {
			p.Posts = append(p.Posts, work(r.Page, post))
		}
	}
}

// work is a post with links to the forms that change it.
func work(e page.Context, post status.PostState) view.PostWork {
	l := e.Words()
	w := view.PostWork{PostLink: e.PostLink(post)}
	link := func(text string, query ...string) {
		w.Work = append(w.Work, view.Link{Text: l.T(text), URL: e.Root() + "/agent/status?do=" + strings.Join(query, "&") + "&id=" + url.QueryEscape(post.ID)})
	}
	link("write.update", modeUpdate)
	running := post.Phase == status.Open || post.Phase == status.Upcoming
	if running && post.Kind == status.Maintenance {
		if post.Phase == status.Upcoming {
			link("write.move", modeUpdate, "state=scheduled")
			link("write.cancel", modeUpdate, "state=cancelled")
		} else {
			link("write.extend", modeUpdate, "state=extended")
		}
	}
	if post.Phase == status.Open {
		link("write.resolve", modeResolve)
	}
	link("write.edit", modeEdit)
	link("write.set", modeSet)
	if post.Phase == status.Hidden {
		w.URL = w.Work[len(w.Work)-1].URL // it has no public page
	}
	return w
}
