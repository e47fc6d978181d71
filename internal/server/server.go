// Package server answers HTTP: the public pages, feeds and APIs from the
// current snapshot, the discovery of mail settings on any host name, and the
// agents' pages.
//
// [New] returns the handler; [Server.table] and [Server.calls] list everything it
// answers, and for whom, how much and in which form. The handlers are packages of their own: help,
// status, setup, agent and statusedit, and mcp for assistants. Below them all is
// web, one request and its answer, and below that page, what every page needs of
// a snapshot.
//
// Its rules, which the handlers keep:
//
//   - A public answer comes from one [site.Snapshot] in memory. No database is
//     read for it, and its bytes depend on nothing but snapshot and encoding.
//   - Own hosts get everything, any other Host gets discovery, all else 421.
//     Absolute URLs come from site.yaml, never from the request.
//   - Every GET answers HEAD. Errors are whole pages, or RFC 9457 problem
//     details under /api; the page for status 500 is rendered in advance.
//   - Logs and metrics carry the route's template, never a path, query, body,
//     Referer or address. Authorization is dropped unread on public routes.
//   - Bodies, times, clients and memory are bounded.
package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"signpost/internal/auth"
	"signpost/internal/contact"
	"signpost/internal/limit"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/verify"
	"signpost/internal/notify"
	"signpost/internal/relay"
	"signpost/internal/server/agent"
	"signpost/internal/server/help"
	"signpost/internal/server/notices"
	"signpost/internal/server/setup"
	"signpost/internal/server/statusedit"
	"signpost/internal/server/web"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/token"
)

// Config is what a server needs.
type Config struct {
	Live *site.Live
	Log  *slog.Logger
	Now  func() time.Time // the clock

	URL            string         // absolute address while site.yaml names none: "http://127.0.0.1:8080"
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and -Proto are believed
	TrustUnix      bool           // trust those headers on a Unix socket too
	Development    bool           // show /style

	Limits  map[web.Kind]limit.Budget // of each client, instead of those of [web.Limits]
	Version string                    // of the program, for metrics

	Loopback bool               // only this machine can reach the server: the sample site answers discovery
	Resolver dnsrecord.Resolver // asks DNS about customers' domains; nil: the system's

	Outbox *contact.Outbox // takes what customers write; nil: /contact has no form
	Sender string          // the address it is sent from when site.yaml has no sender; "" for none
	Hook   bool            // the outbox hands over to a webhook, not to a mail server

	Notices notify.Store // who is told of the status; nil: nobody can subscribe. It requires Keys
	Bounces string       // domain of the addresses that bounces of notices go to; "" sends them to the sender

	// What the site remembers and who answers customers. Without State, Auth
	// and Keys there are no agents' pages, votes and reply links.
	State    *state.Store
	Auth     *auth.Auth
	Keys     *token.Keyring
	OpenID   *auth.OIDC // nil: agents sign in with a password only
	Tracking bool       // count how often the links in replies are opened
}

// A Server is the handler of all requests.
type Server struct {
	app      *web.App
	dev      bool
	draining atomic.Bool

	// The handlers. The status board needs nothing but the snapshot.
	help       *help.Handlers
	notices    *notices.Handlers // nil: nobody can subscribe
	setup      *setup.Handlers
	agent      *agent.Handlers // nil: no agents
	statusEdit *statusedit.Handlers

	description []byte // of the API
}

// Limits of connections.
const (
	readHeader   = 5 * time.Second
	readAll      = 15 * time.Second
	writeAll     = 30 * time.Second
	idle         = 2 * time.Minute
	maxHeader    = 32 << 10         // bytes of all header fields
	shutdownTime = 10 * time.Second // for requests that are being answered
)

// New returns the server for a site.
func New(c Config) (*Server, error) {
	app, err := web.New(web.Config{Live: c.Live, Log: c.Log, Now: c.Now, Auth: c.Auth, URL: c.URL, TrustedProxies: c.TrustedProxies, TrustUnix: c.TrustUnix, Limits: c.Limits, Version: c.Version, Notices: c.Notices != nil})
	if err != nil {
		return nil, err
	}
	var writes *help.Contact
	if c.Outbox != nil {
		writes = help.NewContact(c.Outbox, c.Sender, c.Hook, app.Metrics)
	}
	s := &Server{
		app: app, dev: c.Development,
		help:  help.New(help.Config{State: c.State, Keys: c.Keys, Tracking: c.Tracking, Contact: writes}),
		setup: setup.New(setup.Config{App: app, Loopback: c.Loopback, Resolver: c.Resolver, Keys: c.Keys}),
	}
	var told statusedit.Notices
	if c.Notices != nil {
		s.notices = notices.New(notices.Config{App: app, Store: c.Notices, Keys: c.Keys, Sender: c.Sender, Bounces: c.Bounces, Ours: s.setup.Knows})
		told = s.notices
	}
	s.statusEdit = statusedit.New(recordPosts(c.State), told)
	if c.Auth != nil {
		s.agent = agent.New(agent.Config{State: c.State, Keys: c.Keys, OpenID: c.OpenID, Tracking: c.Tracking, Ours: s.setup.Knows})
		app.Metrics.CountState(c.State, c.Now)
	}
	app.Handle(s.table())
	return s, s.describe()
}

// recordPosts writes what is done to posts into the audit log.
func recordPosts(store *state.Store) statusedit.Record {
	return func(r *web.Request, action, post string) {
		if store != nil {
			store.Events.Audit(state.AuditEntry{Agent: r.Who.Agent, Token: r.Who.Token, Action: "post." + action, Subject: post}, r.Now)
		}
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.app.ServeHTTP(w, r) }

// Ours reports whether mail of a domain is with the provider, as far as its
// description says.
func (s *Server) Ours(domain string) bool {
	return s.setup.Knows(s.app.Live.Snapshot().Library, domain)
}

// Senders are the ways by which subscribers are told; nil when nobody can
// subscribe. mail hands over to the relay; allow are internal networks in which
// webhooks that the operator names may be.
func (s *Server) Senders(mail func(context.Context, relay.Mail) error, allow []netip.Prefix, now func() time.Time) map[notify.Channel]notify.Sender {
	if s.notices == nil {
		return nil
	}
	return s.notices.Senders(mail, allow, now)
}

// SetPaused names what knows by which channels nothing can be sent to
// subscribers at present.
func (s *Server) SetPaused(paused func(notify.Channel) bool) {
	if s.notices != nil {
		s.notices.SetPaused(paused)
	}
}

// Drain makes /readyz answer 503, so that balancers send no new clients.
func (s *Server) Drain() { s.draining.Store(true) }

// SetSigner changes what profiles are signed with; nil leaves them unsigned.
func (s *Server) SetSigner(signer *mobileconfig.Signer) { s.setup.SetSigner(signer) }

// Verify looks at the described servers every so often until ctx ends.
func (s *Server) Verify(ctx context.Context, every time.Duration, o verify.Options) {
	s.setup.Verify(ctx, every, o)
}

// VerifyOnce looks at the described servers once.
func (s *Server) VerifyOnce(ctx context.Context, o verify.Options) { s.setup.VerifyOnce(ctx, o) }

// HTTPServer returns a server with the time-outs and limits of a public site.
func HTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: readHeader, ReadTimeout: readAll, WriteTimeout: writeAll, IdleTimeout: idle,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(dropAddresses{log.Handler()}, slog.LevelDebug),
	}
}

// dropAddresses keeps what net/http says of connections ("TLS handshake error
// from ADDRESS") out of the log: it names clients.
type dropAddresses struct{ slog.Handler }

// Handle implements slog.Handler.
func (d dropAddresses) Handle(ctx context.Context, r slog.Record) error {
	r.Message, _, _ = strings.Cut(r.Message, " from ")
	return d.Handler.Handle(ctx, r)
}

// Shutdown lets the requests that are being answered end.
func Shutdown(servers ...*http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
	defer cancel()
	var errs []error
	for _, srv := range servers {
		errs = append(errs, srv.Shutdown(ctx))
	}
	return errors.Join(errs...)
}
