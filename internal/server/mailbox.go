package server

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"signpost/internal/content"
	"signpost/internal/link"
	"signpost/internal/mail/address"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/provider"
)

// dnsTime is how long a visitor waits for answers of DNS.
const dnsTime = 5 * time.Second

// mailParts are what the set-up pages and discovery have besides the snapshot.
type mailParts struct {
	loopback bool
	domains  *domains
	keys     *link.Keyring                        // seal the links of QR codes
	signer   *atomic.Pointer[mobileconfig.Signer] // nil: profiles go out unsigned
	signing  chan struct{}
	verified *atomic.Pointer[verified]
}

func newMailParts(c Config) mailParts {
	m := mailParts{
		loopback: c.Loopback, domains: newDomains(c.Resolver), keys: c.Keys, signing: make(chan struct{}, signers),
		signer: &atomic.Pointer[mobileconfig.Signer]{}, verified: &atomic.Pointer[verified]{},
	}
	if m.keys == nil {
		m.keys = link.New()
	}
	return m
}

// SetSigner changes what profiles are signed with; nil leaves them unsigned.
func (s *Server) SetSigner(signer *mobileconfig.Signer) { s.mail.signer.Store(signer) }

// domains knows whose mail domains are ours. Its directory is made once for
// each version of the content.
type domains struct {
	checker  *hosted.Checker
	resolver dnsrecord.Resolver
	asked    *limiter      // questions that visitors cause, by client
	checked  *limiter      // whole checks of a domain, by client
	checks   chan struct{} // whole checks of a domain at once

	mu  sync.Mutex
	of  *content.Library
	dir *hosted.Directory
}

func newDomains(r dnsrecord.Resolver) *domains {
	if r == nil {
		r = net.DefaultResolver
	}
	return &domains{
		checker: hosted.New(hosted.Config{Resolver: r}), resolver: r,
		asked: newLimiter(60, 30, maxClients), checked: newLimiter(10, 10, maxClients), checks: make(chan struct{}, 8),
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

// whose says whose domain it is. Own and listed domains are answered without
// limits; questions to DNS are counted for the client.
func (r *request) whose(domain string) hosted.Result {
	d := r.s.mail.domains
	dir := d.directory(r.snap.Library)
	if result, ok := dir.Known(domain); ok {
		return result
	}
	if ok, _ := d.asked.allow(r.client, r.now); !ok {
		return hosted.Result{How: hosted.Busy}
	}
	ctx, cancel := context.WithTimeout(r.Request().Context(), dnsTime)
	defer cancel()
	return d.checker.Lookup(ctx, r.now, dir, domain)
}

// errAskAgain is the answer while DNS could not say whose a domain is.
var errAskAgain = &httpError{Status: http.StatusServiceUnavailable, Detail: "It could not be found out whose domain this is. Please try again.", Retry: 30 * time.Second}

// A mailbox is what a visitor or a mail program asks about.
type mailbox struct {
	provider *provider.Provider
	address  address.Address // the zero value when only the domain is known
	domain   string          // A-labels; "" when not even that is known
	how      hosted.How      // "" when the visitor says that it is ours
	login    string          // as typed; "" is the description's form
	pop3     bool
	dav      bool
}

// account is the mailbox's account for one mail program.
func (m mailbox) account(client string) provider.Account {
	return m.provider.Account(m.address, client).WithLogin(m.login)
}

// hosted reports whether the domain is a customer's.
func (m mailbox) hosted() bool { return m.how != hosted.Own && m.domain != "" }
