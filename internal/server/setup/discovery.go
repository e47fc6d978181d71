package setup

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/autoconfig"
	"signpost/internal/mail/autodiscover"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/pacc"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

// Mail programs ask for these on any host name. What they get is the same for
// every mailbox of a domain, whether it exists or not: nobody learns here which
// addresses there are.

// discoveryPrefixes are the names below a domain that lead to this site.
var discoveryPrefixes = []string{"autoconfig.", "autodiscover.", "ua-auto-config."}

// discovers reports whether discovery is answered at all: not for the sample
// site, unless nobody else can reach it.
func (h *Handlers) discovers(e page.Context) bool { return !e.Snap.Sample || h.loopback }

// asked finds the mailbox that a mail program asks about: by the address, else
// by the host name it came to, else, on the site's own host, the provider.
func (h *Handlers) asked(r *web.Request, text string) (mailbox, error) {
	if !h.discovers(r.Page) || r.Page.Snap.Library.Provider() == nil {
		return mailbox{}, web.ErrNotFound
	}
	byHost, hostErr := h.askedByHost(r)
	a, err := address.Parse(text)
	if err != nil { // some programs do not escape the + of a query
		a, err = address.Parse(strings.ReplaceAll(text, " ", "+"))
	}
	if err != nil {
		return byHost, hostErr
	}
	result := h.whose(r, a.Domain)
	switch {
	case result.Provider != nil:
		return mailbox{provider: result.Provider, address: a, domain: a.Domain, how: result.How}, nil
	case result.How == hosted.Busy || result.How == hosted.Failed:
		// The name in the Host header is here because somebody's DNS says so.
		if hostErr == nil && byHost.domain != "" {
			return mailbox{provider: byHost.provider, address: a, domain: a.Domain, how: result.How}, nil
		}
		return mailbox{}, errAskAgain
	}
	return mailbox{}, web.ErrNotFound
}

func (h *Handlers) askedByHost(r *web.Request) (mailbox, error) {
	name := web.HostName(r.Request().Host)
	domain := name
	for _, prefix := range discoveryPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			domain = rest
		}
	}
	dir := h.domains.directory(r.Page.Snap.Library)
	if parsed, err := address.ParseDomain(domain); err == nil {
		if result, ok := dir.Known(parsed); ok {
			return mailbox{provider: result.Provider, domain: parsed, how: result.How}, nil
		}
		domain = parsed
	}
	if domain == name && r.App.OwnHost(r.Page.Snap, name) {
		return mailbox{provider: r.Page.Snap.Library.Provider(), how: hosted.Own}, nil
	}
	result := h.whose(r, domain)
	switch {
	case result.Provider != nil:
		return mailbox{provider: result.Provider, domain: domain, how: result.How}, nil
	case result.How == hosted.Busy || result.How == hosted.Failed:
		return mailbox{}, errAskAgain
	}
	return mailbox{}, web.ErrNotFound
}

// write asks for one of the formats.
func write(e page.Context, name string, m mailbox) ([]byte, error) {
	base := e.Base()
	return format.Write(name, format.Request{
		Provider: m.provider, Address: m.address, Login: m.login, Name: m.name, Device: m.device, POP3: m.pop3, DAV: m.dav, Lang: e.Lang,
		About: e.Words().T("profile.about"), SiteURL: base, Docs: format.DocLinks(base, e.Texts()),
	})
}

// Autoconfig answers config-v1.1.xml, with and without emailaddress.
func (h *Handlers) Autoconfig(r *web.Request) error {
	m, err := h.asked(r, r.QueryParam("emailaddress"))
	if err != nil {
		return err
	}
	body, err := write(r.Page, format.Autoconfig, m)
	if errors.Is(err, autoconfig.ErrNothing) {
		return web.ErrNotFound
	}
	if err != nil {
		return err
	}
	discovered(r, m)
	r.Send(http.StatusOK, autoconfig.ContentType, body)
	return nil
}

// discovered lets an answer be kept for a while when it names nobody.
func discovered(r *web.Request, m mailbox) {
	r.Response().Header().Set("Access-Control-Allow-Origin", "*")
	if !m.address.IsZero() || r.QueryParams().Has("emailaddress") {
		private(r)
		return
	}
	r.Response().Header().Set("Cache-Control", web.ShortTime)
}

// Autodiscover answers the posted question of Outlook. Refusals are answers
// too: their status is 200. It never answers 401, after which mail programs
// would send a password.
func (h *Handlers) Autodiscover(r *web.Request) error {
	private(r)
	if !h.discovers(r.Page) {
		return web.ErrNotFound
	}
	body, err := io.ReadAll(r.Request().Body)
	if err != nil {
		return err
	}
	a, err := autodiscover.ParseRequest(body)
	if err != nil {
		return refuse(r, autodiscover.CodeOf(err))
	}
	m, err := h.asked(r, a.String())
	switch {
	case errors.Is(err, web.ErrNotFound) || err == nil && m.address.IsZero():
		return refuse(r, autodiscover.CodeAddress)
	case err != nil:
		return err
	}
	answer, err := write(r.Page, format.Autodiscover, m)
	if errors.Is(err, autodiscover.ErrNothing) {
		return refuse(r, autodiscover.CodeAddress)
	}
	if err != nil {
		return err
	}
	r.Send(http.StatusOK, autodiscover.ContentType, answer)
	return nil
}

// AutodiscoverGet answers a question without a body.
func (h *Handlers) AutodiscoverGet(r *web.Request) error {
	private(r)
	if !h.discovers(r.Page) {
		return web.ErrNotFound
	}
	return refuse(r, autodiscover.CodeInvalid)
}

func refuse(r *web.Request, code autodiscover.Code) error {
	body, err := autodiscover.EncodeError(code, r.Now)
	if err != nil {
		return err
	}
	r.Send(http.StatusOK, autodiscover.ContentType, body)
	return nil
}

// AutodiscoverJSON says where Autodiscover is.
func (h *Handlers) AutodiscoverJSON(r *web.Request) error {
	private(r)
	text := r.Param("address")
	if text == "" {
		text = queryFold(r, "email")
	}
	m, err := h.asked(r, text)
	if errors.Is(err, web.ErrNotFound) {
		r.Send(http.StatusNotFound, autodiscover.ContentTypeJSON, autodiscover.UnknownJSON())
		return nil
	}
	if err != nil {
		return err
	}
	rq := format.Request{Provider: m.provider, Address: m.address, SiteURL: r.Page.Base()}
	body, ok := autodiscover.EncodeJSON(queryFold(r, "protocol"), rq.AutodiscoverURL())
	status := http.StatusOK
	if !ok {
		status = http.StatusBadRequest
	}
	r.Send(status, autodiscover.ContentTypeJSON, body)
	return nil
}

// queryFold returns a query parameter whatever the case of its name.
func queryFold(r *web.Request, name string) string {
	for key, values := range r.QueryParams() {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// PACC answers the file whose digest is in DNS.
func (h *Handlers) PACC(r *web.Request) error {
	m, err := h.asked(r, "")
	if err != nil {
		return err
	}
	body, err := write(r.Page, format.PACC, m)
	if errors.Is(err, pacc.ErrNothing) {
		return web.ErrNotFound
	}
	if err != nil {
		return err
	}
	discovered(r, m)
	r.Send(http.StatusOK, pacc.ContentType, body)
	return nil
}
