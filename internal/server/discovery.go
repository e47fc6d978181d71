package server

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/autoconfig"
	"signpost/internal/mail/autodiscover"
	"signpost/internal/mail/format"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/pacc"
	"signpost/internal/site"
)

// Mail programs ask for these on any host name. What they get is the same for
// every mailbox of a domain, whether it exists or not: nobody learns here which
// addresses there are.

// discoveryPrefixes are the names below a domain that lead to this site.
var discoveryPrefixes = []string{"autoconfig.", "autodiscover.", "ua-auto-config."}

// discovers reports whether discovery is answered at all: not for the sample
// site, unless nobody else can reach it.
func (r *request) discovers() bool { return !r.snap.Sample || r.s.mail.loopback }

// asked finds the mailbox that a mail program asks about: by the address, else
// by the host name it came to, else, on the site's own host, the provider.
func (r *request) asked(text string) (mailbox, error) {
	if !r.discovers() || r.snap.Library.Provider() == nil {
		return mailbox{}, errNotFound
	}
	byHost, hostErr := r.askedByHost()
	a, err := address.Parse(text)
	if err != nil { // some programs do not escape the + of a query
		a, err = address.Parse(strings.ReplaceAll(text, " ", "+"))
	}
	if err != nil {
		return byHost, hostErr
	}
	result := r.whose(a.Domain)
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
	return mailbox{}, errNotFound
}

func (r *request) askedByHost() (mailbox, error) {
	name := hostName(r.Request().Host)
	domain := name
	for _, prefix := range discoveryPrefixes {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			domain = rest
		}
	}
	dir := r.s.mail.domains.directory(r.snap.Library)
	if parsed, err := address.ParseDomain(domain); err == nil {
		if result, ok := dir.Known(parsed); ok {
			return mailbox{provider: result.Provider, domain: parsed, how: result.How}, nil
		}
		domain = parsed
	}
	if domain == name && r.s.ownHost(r.snap, name) {
		return mailbox{provider: r.snap.Library.Provider(), how: hosted.Own}, nil
	}
	result := r.whose(domain)
	switch {
	case result.Provider != nil:
		return mailbox{provider: result.Provider, domain: domain, how: result.How}, nil
	case result.How == hosted.Busy || result.How == hosted.Failed:
		return mailbox{}, errAskAgain
	}
	return mailbox{}, errNotFound
}

// write asks for one of the formats.
func (r *request) write(name string, m mailbox) ([]byte, error) {
	base := r.s.baseURL(r.snap)
	return format.Write(name, format.Request{
		Provider: m.provider, Address: m.address, Login: m.login, POP3: m.pop3, DAV: m.dav, Lang: r.lang,
		About: r.words().T("profile.about"), SiteURL: base, Docs: format.DocLinks(base, r.s.texts),
	})
}

// private keeps an answer that holds an address out of every cache and of the
// Referer of what comes next.
func (r *request) private() {
	h := r.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
}

// plainly answers a mail program: an error is a line, not a page.
func plainly(h handler) handler {
	return func(r *request) error {
		err := h(r)
		if err == nil || r.Response().Committed {
			return nil
		}
		e := asHTTPError(err)
		if e.Status >= http.StatusInternalServerError && e.Retry == 0 {
			return err
		}
		r.Response().Header().Set("Cache-Control", "no-store")
		if e.Retry > 0 {
			r.Response().Header().Set("Retry-After", seconds(e.Retry))
		}
		r.send(e.Status, "text/plain; charset=utf-8", []byte(http.StatusText(e.Status)+"\n"))
		return nil
	}
}

// autoconfig answers config-v1.1.xml, with and without emailaddress.
func (r *request) autoconfig() error {
	m, err := r.asked(r.QueryParam("emailaddress"))
	if err != nil {
		return err
	}
	body, err := r.write(format.Autoconfig, m)
	if errors.Is(err, autoconfig.ErrNothing) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	r.discovered(m)
	r.send(http.StatusOK, autoconfig.ContentType, body)
	return nil
}

// discovered lets an answer be kept for a while when it names nobody.
func (r *request) discovered(m mailbox) {
	r.Response().Header().Set("Access-Control-Allow-Origin", "*")
	if !m.address.IsZero() || r.QueryParams().Has("emailaddress") {
		r.private()
		return
	}
	r.Response().Header().Set("Cache-Control", shortTime)
}

// autodiscover answers the posted question of Outlook. Refusals are answers
// too: their status is 200. It never answers 401, after which mail programs
// would send a password.
func (r *request) autodiscover() error {
	r.private()
	if !r.discovers() {
		return errNotFound
	}
	body, err := io.ReadAll(r.Request().Body)
	if err != nil {
		return err
	}
	a, err := autodiscover.ParseRequest(body)
	if err != nil {
		return r.refuse(autodiscover.CodeOf(err))
	}
	m, err := r.asked(a.String())
	switch {
	case errors.Is(err, errNotFound) || err == nil && m.address.IsZero():
		return r.refuse(autodiscover.CodeAddress)
	case err != nil:
		return err
	}
	answer, err := r.write(format.Autodiscover, m)
	if errors.Is(err, autodiscover.ErrNothing) {
		return r.refuse(autodiscover.CodeAddress)
	}
	if err != nil {
		return err
	}
	r.send(http.StatusOK, autodiscover.ContentType, answer)
	return nil
}

// autodiscoverGet answers a question without a body.
func (r *request) autodiscoverGet() error {
	r.private()
	if !r.discovers() {
		return errNotFound
	}
	return r.refuse(autodiscover.CodeInvalid)
}

func (r *request) refuse(code autodiscover.Code) error {
	body, err := autodiscover.EncodeError(code, r.now)
	if err != nil {
		return err
	}
	r.send(http.StatusOK, autodiscover.ContentType, body)
	return nil
}

// autodiscoverJSON says where Autodiscover is.
func (r *request) autodiscoverJSON() error {
	r.private()
	text := r.Param("address")
	if text == "" {
		text = r.queryFold("email")
	}
	m, err := r.asked(text)
	if err != nil {
		return err
	}
	rq := format.Request{Provider: m.provider, Address: m.address, SiteURL: r.s.baseURL(r.snap)}
	body, ok := autodiscover.EncodeJSON(r.queryFold("protocol"), rq.AutodiscoverURL())
	status := http.StatusOK
	if !ok {
		status = http.StatusBadRequest
	}
	r.send(status, autodiscover.ContentTypeJSON, body)
	return nil
}

// queryFold returns a query parameter whatever the case of its name.
func (r *request) queryFold(name string) string {
	for key, values := range r.QueryParams() {
		if strings.EqualFold(key, name) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// pacc answers the file whose digest is in DNS.
func (r *request) pacc() error {
	m, err := r.asked("")
	if err != nil {
		return err
	}
	body, err := r.write(format.PACC, m)
	if errors.Is(err, pacc.ErrNothing) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	r.discovered(m)
	r.send(http.StatusOK, pacc.ContentType, body)
	return nil
}

// ownHost reports whether a host name is the site's.
func (s *Server) ownHost(snap *site.Snapshot, host string) bool {
	if loopbackName(host) || slices.Contains(snap.Library.Site.Hosts, host) {
		return true
	}
	u, err := url.Parse(s.baseURL(snap))
	return err == nil && strings.EqualFold(hostName(u.Host), host)
}
