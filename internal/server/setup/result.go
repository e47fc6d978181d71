package setup

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Result answers the form.
func (h *Handlers) Result(r *web.Request) error {
	private(r)
	r.Response().Header().Set("Referrer-Policy", "same-origin") // the page has forms of its own
	m, err := h.posted(r)
	if err != nil {
		return setupFailed(r, err)
	}
	v, err := h.resultPage(r, m)
	if err != nil {
		return err
	}
	return r.SendFresh(http.StatusOK, v)
}

// resultPage is everything about one mailbox on a page.
func (h *Handlers) resultPage(r *web.Request, m mailbox) (*view.SetupResult, error) {
	l := r.Page.Words()
	p := m.provider
	account := m.account("")
	v := &view.SetupResult{
		Chrome: page.Unlisted(r.Page.Chrome("/setup")), Placeholder: m.address.IsZero(), Address: m.address.Unicode(), Login: m.login,
		Domain: address.DomainUnicode(m.domain), Provider: p.NameIn(r.Page.Lang), Protocol: "imap", Ours: r.Request().PostForm.Get("ours") == "1",
		POP:    len(account.All(provider.POP3)) > 0 && len(account.All(provider.IMAP)) > 0,
		Groups: groups(r.Page, account, m.pop3), Device: string(deviceOf(r.Request().UserAgent())), Verify: h.verifyLine(l, p, r.Now),
		Hosted: m.hosted(), Webmail: p.Webmail, DNS: r.Page.Root() + "/setup/domain" + query("d", m.domain), Explain: r.Page.Root() + "/setup/explain" + query("d", m.domain),
	}
	if m.pop3 {
		v.Protocol = "pop3"
	}
	if v.Placeholder {
		v.Address = "{address}"
	}
	v.Title = l.T("setup.result") + " " + cmp.Or(v.Provider, v.Domain)
	v.Special = specials(r.Page, m)
	v.First, v.Guides = device(v.Device).split(guides(r.Page, p, m.domain, ""))
	if v.Profile = h.profileCard(r.Page, m, v.Ours); v.Profile != nil {
		v.Profile.Device = v.Device
	}
	v.Files = files(r.Page, m, v.Ours)
	if v.Profile != nil && v.Profile.Action != "" && !v.Placeholder {
		token := h.sealMailbox(r, m, v.Ours)
		code, err := view.NewQR(r.Page.Absolute(r.Page.Root() + "/p/" + token))
		if err != nil {
			return nil, err
		}
		code.Expires = l.T("qr.in", "duration", l.Duration(tokenLife))
		code.Open = r.Request().PostForm.Get("qr") == "1"
		v.QR = &code
	}
	return v, nil
}

// groups are the tables of an account: the chosen way to read mail, sending,
// then everything else, one table for each use.
func groups(e page.Context, account provider.Account, pop3 bool) []view.Settings {
	var list []view.Settings
	for _, u := range provider.Uses {
		if u == provider.IMAP && pop3 || u == provider.POP3 && !pop3 {
			continue
		}
		if services := account.All(u); len(services) > 0 {
			list = append(list, group(e, services))
		}
	}
	return list
}

// group is one table: the preferred service, and the others in a note.
func group(e page.Context, services []provider.Service) view.Settings {
	l := e.Words()
	s := services[0]
	g := view.Settings{Use: string(s.Use), Name: l.T("use." + string(s.Use))}
	add := func(key, value string, copy bool) {
		g.Rows = append(g.Rows, view.Setting{Name: l.T(key), Value: value, Copy: copy})
	}
	if s.Use.HasURL() {
		add("setting.url", s.URL, true)
	} else {
		add("setting.host", s.HostUnicode(), true)
		add("setting.port", strconv.Itoa(s.PortNumber()), true)
		add("setting.security", security(e, s), false)
	}
	add("setting.login", s.Login, true)
	var auth []string
	for _, key := range s.AuthKeys() {
		auth = append(auth, l.T("auth."+key))
	}
	add("setting.auth", strings.Join(auth, ", "), false)
	for _, other := range services[1:] {
		if other.Use.HasURL() {
			continue
		}
		key := "setup.other"
		if other.Host != s.Host {
			key = "setup.other.host"
		}
		if g.Note != "" {
			g.Note += " "
		}
		g.Note += l.T(key, "host", other.HostUnicode(), "port", strconv.Itoa(other.PortNumber()), "security", security(e, other))
	}
	return g
}

func security(e page.Context, s provider.Service) string {
	if s.Security == provider.Plain {
		return e.Words().T("security.none")
	}
	return s.SecurityName()
}

// specials are what single programs need instead, with the article that says
// why.
func specials(e page.Context, m mailbox) []view.Special {
	var list []view.Special
	for _, client := range m.provider.ExceptClients() {
		account := m.account(client)
		name, _ := page.ClientName(e.Words(), client)
		special := view.Special{Client: name, Why: because(e, account.Because)}
		for _, u := range provider.Uses {
			services := account.All(u)
			if len(services) > 0 && m.provider.Excepts(client, u) && !(u == provider.IMAP && m.pop3 || u == provider.POP3 && !m.pop3) {
				special.Groups = append(special.Groups, group(e, services))
			}
		}
		if len(special.Groups) > 0 {
			list = append(list, special)
		}
	}
	return list
}

// because links to the article that explains an exception.
func because(e page.Context, slug string) view.Link {
	a, _ := e.Snap.Help.Find(slug)
	if a == nil {
		return view.Link{}
	}
	link := e.ArticleLink(a)
	return view.Link{Text: link.Title, URL: link.URL}
}

// query is "?name=value", or "" without a value.
func query(name, value string) string {
	if value == "" {
		return ""
	}
	return "?" + name + "=" + value // domains need no escaping
}
