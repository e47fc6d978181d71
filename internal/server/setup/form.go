package setup

import (
	"errors"
	"net/http"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
	"signpost/internal/view"
)

// The set-up pages. An address arrives by POST, is used for one answer, and is
// neither kept nor logged; no answer that holds one may be kept by anybody.

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
	form, err := r.Form()
	if err != nil {
		return mailbox{}, err
	}
	m, err := rm.mailbox(r, form.Get("address"), form.Get("login"), form.Get("protocol"), form.Get("ours") == "1")
	m.dav = form.Get("dav") == "1"
	return m, err
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
