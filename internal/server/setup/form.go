package setup

import (
	"errors"
	"net/http"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// The set-up pages. An address arrives by POST, is used for one answer, and is
// neither kept nor logged; no answer that holds one may be kept by anybody.

// Form answers GET /setup.
func Form(r *web.Request) error {
	p := r.Page.Snap.Library.Provider()
	if p == nil {
		return web.ErrNotFound
	}
	return r.SendPage(func() (view.Page, error) { return setupPage(r.Page, p), nil })
}

func setupPage(e page.Context, p *provider.Provider) *view.Setup {
	v := &view.Setup{Chrome: e.Chrome("/setup"), Domains: p.Domains, Guides: guides(e, p, "", "")}
	v.Title, v.Description = e.Words().T("setup.title"), e.Words().T("setup.text")
	return v
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
// *notOurs and *web.Error.
func (h *Handlers) mailbox(r *web.Request, text, login, protocol string, ours bool) (mailbox, error) {
	m := mailbox{provider: r.Page.Snap.Library.Provider(), pop3: protocol == "pop3"}
	if m.provider == nil {
		return m, web.ErrNotFound
	}
	if protocol != "" && protocol != "imap" && protocol != "pop3" {
		return m, web.BadRequest("protocol is imap or pop3")
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
	result := h.whose(r, m.domain)
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
func (h *Handlers) posted(r *web.Request) (mailbox, error) {
	form, err := r.Form()
	if err != nil {
		return mailbox{}, err
	}
	m, err := h.mailbox(r, form.Get("address"), form.Get("login"), form.Get("protocol"), form.Get("ours") == "1")
	m.dav = form.Get("dav") == "1"
	if err == nil {
		m.name, err = address.ParseName(form.Get("name"))
	}
	return m, err
}

// setupFailed shows the form again, with what was typed and what is wrong.
func setupFailed(r *web.Request, err error) error {
	private(r)
	r.Response().Header().Set("Referrer-Policy", "same-origin")
	var bad *address.Error
	var foreign *notOurs
	p := r.Page.Snap.Library.Provider()
	if p == nil || !errors.As(err, &bad) && !errors.As(err, &foreign) {
		return err
	}
	v := setupPage(r.Page, p)
	v.Chrome = page.Unlisted(v.Chrome)
	form := r.Request().PostForm
	v.Address, v.Login = shown(form.Get("address")), shown(form.Get("login"))
	v.Meant = meant(v.Address, r.Page.Snap.Library.Providers)
	if bad != nil {
		v.Error = r.Page.Words().T("setup.error." + bad.Key)
		return r.SendFresh(http.StatusBadRequest, v)
	}
	v.Foreign = &view.Foreign{Domain: address.DomainUnicode(foreign.domain)}
	switch foreign.result.How {
	case hosted.Busy, hosted.Failed:
		v.Foreign.Unknown = true
	case hosted.Foreign:
		v.Foreign.Unknown = len(foreign.result.MX) == 0
		if len(foreign.result.MX) > 0 {
			v.Foreign.MX = address.DomainUnicode(foreign.result.MX[0])
		}
	}
	return r.SendFresh(http.StatusOK, v)
}

// meant asks about an address with a mistyped domain; nil when none of ours and
// no common one is near.
func meant(typed string, providers []*provider.Provider) *view.Meant {
	i := strings.LastIndexByte(typed, '@')
	if i < 1 {
		return nil
	}
	var own []string
	for _, p := range providers {
		own = append(own, p.Domains...)
	}
	domain := typed[i+1:]
	if ascii, err := address.ParseDomain(domain); err == nil {
		domain = ascii
	}
	a, err := address.Parse(typed[:i+1] + hosted.Meant(domain, own))
	if err != nil {
		return nil
	}
	return &view.Meant{Address: a.Unicode(), Domain: address.DomainUnicode(a.Domain)}
}

// shown bounds what is repeated in a form.
func shown(s string) string {
	if len(s) > 400 {
		return ""
	}
	return strings.ToValidUTF8(s, "")
}
