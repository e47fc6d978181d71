package setup

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
	"signpost/internal/view"
)

// The set-up pages. An address arrives by POST, is used for one answer, and is
// neither kept nor logged; no answer that holds one may be kept by anybody.

// clientNames are the mail programs that have guides. Their names are the same
// in all languages.
var clientNames = map[string]struct{ name, platform string }{
	"apple-mail": {"Apple Mail", "macos"}, "iphone": {"iPhone, iPad", ""}, "thunderbird": {"Thunderbird", ""},
	"thunderbird-android": {"Thunderbird", "android"}, "outlook-classic": {"Outlook (classic)", "windows"}, "outlook-new": {"Outlook (new)", "windows"},
	"outlook-mobile": {"Outlook", ""}, "gmail-app": {"Gmail", "android"}, "android-mail": {"Mail", "android"}, "windows-mail": {"Mail", "windows"},
	"evolution": {"Evolution", "linux"}, "kmail": {"KMail", "linux"}, "deltachat": {"Delta Chat", ""}, "msmtp": {"msmtp", ""}, "mpop": {"mpop", ""},
	"mbsync": {"mbsync", ""}, "mbsync-1.5": {"mbsync 1.5", ""}, "fetchmail": {"fetchmail", ""}, "getmail": {"getmail", ""}, "offlineimap": {"OfflineIMAP", ""},
	"neomutt": {"NeoMutt", ""}, "aerc": {"aerc", ""}, "alpine": {"Alpine", ""}, "s-nail": {"s-nail", ""}, "vdirsyncer": {"vdirsyncer", ""}, "curl": {"curl", ""},
}

// ClientName is what people call a mail program, and the system that it is for,
// "" for several. A program that has no guide is called as it is.
func ClientName(l *locale.Language, client string) (name, platform string) {
	c := clientNames[client]
	if c.platform != "" {
		platform = l.T("platform." + c.platform)
	}
	return cmp.Or(c.name, client), platform
}

// guides are the mail programs that have an article of their own. Those of one
// article stand together.
func guides(e edition.Edition, p *provider.Provider, domain, current string) []view.Guide {
	var list []view.Guide
	seen := map[string]int{}
	for _, client := range provider.Clients {
		a, _ := e.Snap.Help.Find(p.Help[client])
		if a == nil {
			continue
		}
		name, platform := ClientName(e.Words(), client)
		if i, ok := seen[a.Slug]; ok {
			list[i].Name += ", " + name
			list[i].Current = list[i].Current || client == current
			continue
		}
		seen[a.Slug] = len(list)
		list = append(list, view.Guide{Client: client, Name: name, Platform: platform, URL: e.Root() + "/setup/" + client + query("d", domain), Current: client == current})
	}
	return list
}

// query is "?name=value", or "" without a value.
func query(name, value string) string {
	if value == "" {
		return ""
	}
	return "?" + name + "=" + value // domains need no escaping
}

// Form answers GET /setup.
func Form(r *exchange.Request) error {
	p := r.Snap.Library.Provider()
	if p == nil {
		return exchange.ErrNotFound
	}
	return r.Page(func() (view.Page, error) { return setupPage(r.Edition, p), nil })
}

func setupPage(e edition.Edition, p *provider.Provider) *view.Setup {
	page := &view.Setup{Chrome: e.Chrome("/setup"), Domains: p.Domains, Guides: guides(e, p, "", "")}
	page.Title, page.Description = e.Words().T("setup.title"), e.Words().T("setup.text")
	return page
}

// A notOurs says that the mail of a domain is not here, as far as DNS knows.
type notOurs struct {
	domain string
	result hosted.Result
}

// Error implements error.
func (e *notOurs) Error() string { return "the mail of this domain is not here" }

// mailbox reads what a visitor typed. The address "@domain" asks for a page
// that is filled in by the script. Its errors are of types *address.Error,
// *notOurs and *exchange.Error.
func (rm *Room) mailbox(r *exchange.Request, text, login, protocol string, ours bool) (mailbox, error) {
	m := mailbox{provider: r.Snap.Library.Provider(), pop3: protocol == "pop3"}
	if m.provider == nil {
		return m, exchange.ErrNotFound
	}
	if protocol != "" && protocol != "imap" && protocol != "pop3" {
		return m, exchange.BadRequest("protocol is imap or pop3")
	}
	var err error
	if rest, ok := strings.CutPrefix(strings.TrimSpace(text), "@"); ok && rest != "" {
		m.domain, err = address.ParseDomain(rest)
	} else if m.address, err = address.Parse(text); err == nil {
		m.domain = m.address.Domain
	}
	if err == nil && login != "" {
		m.login, err = address.ParseLogin(login)
	}
	if err != nil {
		return m, err
	}
	result := rm.whose(r, m.domain)
	m.how = result.How
	if result.Provider != nil {
		m.provider = result.Provider
	} else if !ours {
		return m, &notOurs{m.domain, result}
	}
	if len(m.account("").All(provider.POP3)) == 0 {
		m.pop3 = false
	} else if len(m.account("").All(provider.IMAP)) == 0 {
		m.pop3 = true
	}
	return m, nil
}

// posted reads the mailbox of a form.
func (rm *Room) posted(r *exchange.Request) (mailbox, error) {
	if err := r.Request().ParseForm(); err != nil {
		if exchange.AsError(err).Status == http.StatusRequestEntityTooLarge {
			return mailbox{}, err
		}
		return mailbox{}, exchange.BadRequest("")
	}
	form := r.Request().PostForm
	m, err := rm.mailbox(r, form.Get("address"), form.Get("login"), form.Get("protocol"), form.Get("ours") == "1")
	m.dav = form.Get("dav") == "1"
	return m, err
}

// Result answers the form.
func (rm *Room) Result(r *exchange.Request) error {
	private(r)
	r.Response().Header().Set("Referrer-Policy", "same-origin") // the page has forms of its own
	m, err := rm.posted(r)
	if err != nil {
		return setupFailed(r, err)
	}
	page, err := rm.resultPage(r, m)
	if err != nil {
		return err
	}
	return r.Fresh(http.StatusOK, page)
}

// setupFailed shows the form again, with what was typed and what is wrong.
func setupFailed(r *exchange.Request, err error) error {
	private(r)
	r.Response().Header().Set("Referrer-Policy", "same-origin")
	var bad *address.Error
	var foreign *notOurs
	p := r.Snap.Library.Provider()
	if p == nil || !errors.As(err, &bad) && !errors.As(err, &foreign) {
		return err
	}
	page := setupPage(r.Edition, p)
	page.Chrome = edition.Unlisted(page.Chrome)
	form := r.Request().PostForm
	page.Address, page.Login = shown(form.Get("address")), shown(form.Get("login"))
	if bad != nil {
		page.Error = r.Words().T("setup.error." + bad.Key)
		return r.Fresh(http.StatusBadRequest, page)
	}
	page.Foreign = &view.Foreign{Domain: address.DomainUnicode(foreign.domain)}
	switch foreign.result.How {
	case hosted.Busy, hosted.Failed:
		page.Foreign.Unknown = true
	case hosted.Foreign:
		page.Foreign.Unknown = len(foreign.result.MX) == 0
		if len(foreign.result.MX) > 0 {
			page.Foreign.MX = address.DomainUnicode(foreign.result.MX[0])
		}
	}
	return r.Fresh(http.StatusOK, page)
}

// shown bounds what is repeated in a form.
func shown(s string) string {
	if len(s) > 400 {
		return ""
	}
	return strings.ToValidUTF8(s, "")
}

// resultPage is everything about one mailbox on a page.
func (rm *Room) resultPage(r *exchange.Request, m mailbox) (*view.SetupResult, error) {
	l := r.Words()
	p := m.provider
	account := m.account("")
	page := &view.SetupResult{
		Chrome: edition.Unlisted(r.Chrome("/setup")), Placeholder: m.address.IsZero(), Address: m.address.Unicode(), Login: m.login,
		Domain: address.DomainUnicode(m.domain), Provider: p.NameIn(r.Lang), Protocol: "imap", Ours: r.Request().PostForm.Get("ours") == "1",
		POP:    len(account.All(provider.POP3)) > 0 && len(account.All(provider.IMAP)) > 0,
		Groups: groups(r.Edition, account, m.pop3), Guides: guides(r.Edition, p, m.domain, ""), Verify: rm.verifyLine(l, p, r.Now),
		Hosted: m.hosted(), Webmail: p.Webmail, DNS: r.Root() + "/setup/domain" + query("d", m.domain), Explain: r.Root() + "/setup/explain" + query("d", m.domain),
	}
	if m.pop3 {
		page.Protocol = "pop3"
	}
	if page.Placeholder {
		page.Address = "{address}"
	}
	page.Title = l.T("setup.result") + " " + cmp.Or(page.Provider, page.Domain)
	page.Special = specials(r.Edition, m)
	page.Profile = rm.profileCard(r.Edition, m, page.Ours)
	page.Files = files(r.Edition, m, page.Ours)
	if page.Profile != nil && page.Profile.Action != "" && !page.Placeholder {
		token := rm.sealMailbox(r, m, page.Ours)
		code, err := view.NewQR(r.Absolute(r.Root() + "/p/" + token))
		if err != nil {
			return nil, err
		}
		code.Expires = l.T("qr.in", "duration", l.Duration(tokenLife))
		code.Open = r.Request().PostForm.Get("qr") == "1"
		page.QR = &code
	}
	return page, nil
}

// groups are the tables of an account: the chosen way to read mail, sending,
// then everything else, one table for each use.
func groups(e edition.Edition, account provider.Account, pop3 bool) []view.Settings {
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
func group(e edition.Edition, services []provider.Service) view.Settings {
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

func security(e edition.Edition, s provider.Service) string {
	if s.Security == provider.Plain {
		return e.Words().T("security.none")
	}
	return s.SecurityName()
}

// specials are what single programs need instead, with the article that says
// why.
func specials(e edition.Edition, m mailbox) []view.Special {
	var list []view.Special
	for _, client := range m.provider.ExceptClients() {
		account := m.account(client)
		name, _ := ClientName(e.Words(), client)
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
func because(e edition.Edition, slug string) view.Link {
	a, _ := e.Snap.Help.Find(slug)
	if a == nil {
		return view.Link{}
	}
	link := e.ArticleLink(a)
	return view.Link{Text: link.Title, URL: link.URL}
}
