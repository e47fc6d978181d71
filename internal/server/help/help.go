// Package help is the help centre: home, topics, articles and their other forms,
// permanent links, search, votes, what search engines and assistants read of it,
// and the widget for other pages of the provider.
//
// [New] returns the [Handlers], whose methods are the handlers that count or keep
// something; those that only read are functions. [Handlers.Article] answers an
// article, [Handlers.Search] a search.
//
// Guarantees: what customers may not see is not in the part of the snapshot that
// is read here; reading and searching go on without the database; visitors are
// counted without address or cookie.
package help

import (
	"net/http"

	"signpost/internal/locale"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/token"
	"signpost/internal/view"
)

// Config is what a help centre needs besides the snapshot.
type Config struct {
	State *state.Store   // nil: nothing is remembered
	Keys  *token.Keyring // read the links in replies, and seal votes

	Tracking bool // count what happens to links in replies
}

// Handlers answer the help centre's pages and calls.
type Handlers struct {
	state      *state.Store
	keys       *token.Keyring
	tracking   bool
	visitorKey []byte // of hashes that die with the process
}

// New returns a help centre.
func New(c Config) *Handlers {
	return &Handlers{state: c.State, keys: c.Keys, tracking: c.Tracking, visitorKey: newVisitorKey()}
}

const topicShown = 5 // articles of a topic on the home page

// Home answers /: the search, what is wrong now, topics and guides.
func Home(r *web.Request) error {
	if r.Page.Lang == r.Page.Snap.DefaultLanguage() && len(r.Page.Snap.Languages()) > 1 {
		r.Response().Header().Add("Vary", "Accept-Language, Sec-Fetch-Site")
		want := locale.Match(r.Request().Header.Get("Accept-Language"), r.Page.Snap.Languages())
		if want != "" && want != r.Page.Lang && r.QueryParam("lang") == "" && !sameSite(r) {
			r.NoStore()
			return r.Redirect(http.StatusFound, "/"+want+"/")
		}
	}
	return r.SendPage(func() (view.Page, error) {
		l := r.Page.Words()
		p := &view.Home{Chrome: r.Page.Chrome("/")}
		p.Description = l.T("home.description", "site", r.Page.Snap.Library.Site.Name)
		p.JSONLD = view.NewWebSiteLD(r.Page.Snap.Library.Site.Name, r.Page.Absolute(r.Page.Root()+"/"), r.Page.Absolute(r.Page.Root()+"/search?q={query}"))
		p.Level, p.Sentence, _ = r.Page.Overall()
		p.Now, p.Upcoming = r.Page.CurrentPosts()
		for _, prov := range r.Page.Snap.Library.Providers {
			p.Domains = append(p.Domains, prov.Domains...)
		}
		p.Clients = setupGuides(r.Page, 4)
		for _, t := range r.Page.Snap.Help.Topics {
			link := r.Page.TopicLink(t)
			p.Categories = append(p.Categories, view.Category{
				ID: t.ID, Name: link.Text, URL: link.URL, Count: len(t.Articles),
				Articles: r.Page.ArticleLinks(t.Articles[:min(topicShown, len(t.Articles))]),
			})
		}
		p.MostRead = r.Page.ArticleLinks(r.Page.Snap.Popular(6))
		return p, nil
	})
}

// sameSite reports whether the visitor comes from a page of this site: then
// the language is a choice, and no longer a guess. The header comes from
// browsers that send nothing about other sites.
func sameSite(r *web.Request) bool {
	return r.Request().Header.Get("Sec-Fetch-Site") == "same-origin"
}

// Topic answers /topics/CATEGORY.
func Topic(r *web.Request) error {
	t, ok := r.Page.Snap.Help.Topic(r.Param("category"))
	if !ok {
		return web.ErrNotFound
	}
	if t.ID != r.Param("category") {
		return r.Redirect(http.StatusMovedPermanently, r.Page.Root()+"/topics/"+t.ID)
	}
	return r.SendPage(func() (view.Page, error) {
		p := &view.Topic{Chrome: r.Page.Chrome("/topics/" + t.ID), Crumbs: r.Page.Crumbs()}
		link := r.Page.TopicLink(t)
		p.Title = link.Text
		p.Category = view.Category{ID: t.ID, Name: link.Text, URL: link.URL, Count: len(t.Articles), Articles: r.Page.ArticleLinks(t.Articles)}
		for _, other := range r.Page.Snap.Help.Topics {
			if other.ID != t.ID {
				p.Others = append(p.Others, r.Page.TopicLink(other))
			}
		}
		return p, nil
	})
}

// Contact answers /contact: the ways to reach a person.
func Contact(r *web.Request) error {
	if !r.Page.ContactWays().Any() {
		return web.ErrNotFound
	}
	return r.SendPage(func() (view.Page, error) {
		p := &view.Contact{Chrome: r.Page.Chrome("/contact"), Ways: r.Page.ContactWays(), Popular: r.Page.ArticleLinks(r.Page.Snap.Popular(5))}
		p.Title = r.Page.Words().T("nav.contact")
		p.Level, p.Sentence, _ = r.Page.Overall()
		return p, nil
	})
}

// setupGuides are the most used guides of mail programs.
func setupGuides(e page.Context, limit int) []view.Link {
	p := e.Snap.Library.Provider()
	if p == nil {
		return nil
	}
	var links []view.Link
	for _, client := range []string{"iphone", "apple-mail", "outlook-new", "thunderbird", "gmail-app"} {
		if a, _ := e.Snap.Help.Find(p.Help[client]); a != nil && len(links) < limit {
			link := e.ArticleLink(a)
			links = append(links, view.Link{Text: link.Title, URL: link.URL})
		}
	}
	return links
}
