// Package setup helps to set up mail programs: the set-up pages, profiles and
// configuration files, the check of a customer's domain, and what mail programs
// themselves ask for (discovery).
//
// [New] returns the [Handlers]. [Handlers.Result] answers the form with everything about
// one mailbox; [Handlers.Autoconfig] and its like answer mail programs. [Handlers.Verify]
// looks whether the described servers answer as described.
//
// Guarantees: an address is used for one answer and neither kept nor logged; no
// answer that holds one may be kept by anybody; what discovery says is the same
// for every mailbox of a domain; questions to DNS are bounded and counted per
// client.
package setup

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"signpost/internal/content"
	"signpost/internal/mail/address"
	"signpost/internal/mail/dnsclient"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/provider"
	"signpost/internal/server/web"
	"signpost/internal/token"
)

// dnsTime is how long a visitor waits for answers of DNS.
const dnsTime = 5 * time.Second

// Config is what the set-up pages need besides the snapshot.
type Config struct {
	App      *web.App           // whose servers are looked at
	Loopback bool               // only this machine can reach the server: the sample site answers discovery
	Resolver dnsrecord.Resolver // asks DNS about customers' domains; nil: the system's
	Keys     *token.Keyring     // seal the links of QR codes; nil: a key that dies with the process
}

// Handlers answer the set-up pages and discovery.
type Handlers struct {
	app      *web.App
	loopback bool
	domains  *domains
	keys     *token.Keyring                      // seal the links of QR codes
	signer   atomic.Pointer[mobileconfig.Signer] // nil: profiles go out unsigned
	signing  chan struct{}
	verified atomic.Pointer[verified]
}

// New returns the handlers of a site.
func New(c Config) *Handlers {
	h := &Handlers{
		app: c.App, loopback: c.Loopback, domains: newDomains(c.Resolver), keys: c.Keys, signing: make(chan struct{}, signers),
	}
	if h.keys == nil {
		h.keys = token.New()
	}
	c.App.Metrics.Register(mailMetrics{h})
	return h
}

// Knows reports whether a domain is ours as far as the description says; DNS
// is not asked.
func (h *Handlers) Knows(lib *content.Library, domain string) bool {
	_, known := h.domains.directory(lib).Known(domain)
	return known
}

// SetSigner changes what profiles are signed with; nil leaves them unsigned.
func (h *Handlers) SetSigner(signer *mobileconfig.Signer) { h.signer.Store(signer) }

// domains knows whose mail domains are ours. Its directory is made once for
// each version of the content.
type domains struct {
	checker  *hosted.Checker
	resolver dnsrecord.Resolver
	checks   chan struct{} // whole checks of a domain at once

	mu  sync.Mutex
	of  *content.Library
	dir *hosted.Directory
}

func newDomains(r dnsrecord.Resolver) *domains {
	if r == nil {
		r = dnsclient.System()
	}
	return &domains{
		checker: hosted.New(hosted.Config{Resolver: r}), resolver: r,
		checks: make(chan struct{}, 8),
	}
}

func (d *domains) directory(lib *content.Library) *hosted.Directory {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.of != lib {
		var entries []hosted.Entry
		for _, p := range lib.Providers {
			entries = append(entries, hosted.Entry{Provider: p, Domains: lib.Lists[p.Hosted.DomainsFile]})
		}
		d.of, d.dir = lib, hosted.NewDirectory(entries)
	}
	return d.dir
}

// private keeps an answer that holds an address out of every cache and of the
// Referer of what comes next.
func private(r *web.Request) {
	head := r.Response().Header()
	head.Set("Cache-Control", "no-store")
	head.Set("Referrer-Policy", "no-referrer")
}

// whose says whose domain it is. Own and listed domains, and what DNS said a moment
// ago, are answered without limits; questions to DNS are counted for the client.
func (h *Handlers) whose(r *web.Request, domain string) hosted.Result {
	d := h.domains
	dir := d.directory(r.Page.Snap.Library)
	if result, ok := d.checker.Remembered(r.Now, dir, domain); ok {
		return result
	}
	if r.Spend(web.Lookups) > 0 {
		return hosted.Result{How: hosted.Busy}
	}
	ctx, cancel := context.WithTimeout(r.Request().Context(), dnsTime)
	defer cancel()
	return d.checker.Lookup(ctx, r.Now, dir, domain)
}

// errAskAgain is the answer while DNS could not say whose a domain is.
var errAskAgain = &web.Error{Status: http.StatusServiceUnavailable, Detail: "It could not be found out whose domain this is. Please try again.", Retry: 30 * time.Second}

// A mailbox is what a visitor or a mail program asks about.
type mailbox struct {
	provider *provider.Provider
	address  address.Address // the zero value when only the domain is known
	domain   string          // A-labels; "" when not even that is known
	how      hosted.How      // "" when the visitor says that it is ours
	login    string          // as typed; "" is the description's form
	name     string          // of the person; "" when not typed
	device   mobileconfig.Device
	pop3     bool
	dav      bool
}

// account is the mailbox's account for one mail program.
func (m mailbox) account(client string) provider.Account {
	return m.provider.Account(m.address, client).WithLogin(m.login)
}

// hosted reports whether the domain is a customer's.
func (m mailbox) hosted() bool { return m.how != hosted.Own && m.domain != "" }
