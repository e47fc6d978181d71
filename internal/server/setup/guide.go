package setup

import (
	"net/http"
	"slices"

	"signpost/internal/content"
	"signpost/internal/content/markdown"
	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Guide answers /setup/CLIENT: the article of that program with the
// settings beside it. It holds an example address, which the script replaces by
// the visitor's own; only the domain may be in the URL.
func (h *Handlers) Guide(r *web.Request) error {
	client := r.Param("client")
	p := r.Page.Snap.Library.Provider()
	if p == nil || !slices.Contains(provider.Clients, client) {
		return web.ErrNotFound
	}
	m := mailbox{provider: p}
	text := r.QueryParam("d")
	if domain, err := address.ParseDomain(text); err == nil {
		if result := h.whose(r, domain); result.Provider != nil {
			m = mailbox{provider: result.Provider, domain: domain, how: result.How}
		}
	}
	if a, _ := r.Page.Snap.Help.Find(m.provider.Help[client]); a == nil {
		return web.ErrNotFound
	}
	if text == "" {
		return r.SendPage(func() (view.Page, error) { return guidePage(r.Page, m, client), nil })
	}
	r.CacheFor(shortLife)
	return r.SendFresh(http.StatusOK, guidePage(r.Page, m, client))
}

func guidePage(e page.Context, m mailbox, client string) *view.SetupGuide {
	l := e.Words()
	p := m.provider
	a, _ := e.Snap.Help.Find(p.Help[client])
	known := e.Article(a)
	v := &view.SetupGuide{
		Chrome: e.Chrome("/setup/" + client), Client: client, Domain: m.domain, Domains: []string{m.domain},
		Summary: known.Summary, BodyLang: known.BodyLang, Fallback: known.Fallback, Known: known.Known, Contact: known.Contact,
		Profile: client == "apple-mail" || client == "iphone", Article: e.Root() + "/help/" + a.Slug,
	}
	v.Name, v.Platform = page.ClientName(l, client)
	v.Title, v.Description = known.Title, known.Description
	if m.domain == "" {
		v.Domains = p.Domains
	}
	local, domain := content.WordsIn(l).Local, address.DomainUnicode(p.Domains[0])
	v.Example = local + "@" + domain
	account := p.Account(address.Address{}, client)
	for i := range account.Services {
		s := &account.Services[i]
		s.Login, s.URL = provider.Expand(s.Login, v.Example, local, domain), provider.Expand(s.URL, v.Example, local, domain)
	}
	for _, u := range usesOf(client) {
		if services := account.All(u); len(services) > 0 {
			v.Groups = append(v.Groups, group(e, services))
		}
	}
	if why := because(e, account.Because); why.URL != "" && why.URL != v.Article {
		v.Special = &why
	}
	if shown, doc, rd := e.ShownDoc(a); doc != nil {
		rd.Words = content.WordsIn(e.WordsIn(shown.Body.Lang))
		rd.Words.Local = local
		v.Body = doc.HTML(withProvider(rd, p), markdown.Options{Texts: e.MarkdownTexts(shown.Body.Lang)})
	}
	for _, g := range guides(e, p, m.domain, client) {
		if !g.Current {
			v.Others = append(v.Others, g)
		}
	}
	return v
}

// usesOf are the services that a program is set up with.
func usesOf(client string) []provider.Use {
	if client == "vdirsyncer" {
		return []provider.Use{provider.CalDAV, provider.CardDAV}
	}
	return []provider.Use{provider.IMAP, provider.POP3, provider.Submit}
}

// withProvider returns a reader whose values are those of another provider
// than the default one.
func withProvider(rd *content.Reader, p *provider.Provider) *content.Reader {
	if rd.Library.Provider() == p {
		return rd
	}
	lib := *rd.Library
	lib.Providers = append([]*provider.Provider{p}, lib.Providers...)
	rd.Library = &lib
	return rd
}

// guides are the mail programs that have an article of their own. Those of one
// article stand together.
func guides(e page.Context, p *provider.Provider, domain, current string) []view.Guide {
	var list []view.Guide
	seen := map[string]int{}
	for _, client := range provider.Clients {
		a, _ := e.Snap.Help.Find(p.Help[client])
		if a == nil {
			continue
		}
		name, platform := page.ClientName(e.Words(), client)
		if i, ok := seen[a.Slug]; ok {
			list[i].Name += ", " + name
			list[i].Clients = append(list[i].Clients, client)
			list[i].Current = list[i].Current || client == current
			continue
		}
		seen[a.Slug] = len(list)
		list = append(list, view.Guide{Client: client, Clients: []string{client}, Name: name, Platform: platform, URL: e.Root() + "/setup/" + client + query("d", domain), Current: client == current})
	}
	return list
}
