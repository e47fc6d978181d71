// Package server answers HTTP: the public pages, feeds and APIs from the
// current snapshot, the discovery of mail settings on any host name, and the
// agents' pages.
//
// [New] returns the handler; [Server.routes] is the list of everything it
// answers. Its rules:
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
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"signpost/internal/auth"
	"signpost/internal/link"
	"signpost/internal/locale"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/view"
	"signpost/web"
)

// Config is what a server needs.
type Config struct {
	Live *site.Live
	Log  *slog.Logger
	Now  func() time.Time // the clock

	URL            string         // absolute address while site.yaml names none: "http://127.0.0.1:8080"
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and -Proto are believed
	Development    bool           // show /style

	Loopback bool               // only this machine can reach the server: the sample site answers discovery
	Resolver dnsrecord.Resolver // asks DNS about customers' domains; nil: the system's

	// What the site remembers and who answers customers. Without State, Auth
	// and Keys there are no agents' pages, votes and reply links.
	State    *state.Store
	Auth     *auth.Auth
	Keys     *link.Keyring
	OpenID   *auth.OIDC // nil: agents sign in with a password only
	Tracking bool       // count how often the links in replies are opened
}

// A Server is the handler of all requests.
type Server struct {
	live    *site.Live
	log     *slog.Logger
	now     func() time.Time
	url     string
	proxies proxyList
	dev     bool
	views   *view.Renderer
	texts   *locale.Catalogues
	echo    *echo.Echo
	metrics *metrics
	mail    mailParts // of the set-up pages and discovery

	state    *state.Store // nil: nothing is remembered
	auth     *auth.Auth   // nil: no agents
	keys     *link.Keyring
	openID   *auth.OIDC
	tracking bool

	searches, posts, votes *limiter
	visitorKey             []byte // of hashes that die with the process
	minted                 minted
	records                records
	tickets                chan struct{}      // tickets that are being read
	posted                 *once              // posts and updates that agents wrote
	agentCalls             *limiter           // of the API
	description            []byte             // of the API
	broken                 map[string]*answer // the page for status 500, by language
	forwardedOnce          sync.Once

	cacheMu sync.Mutex
	cacheOf *site.Snapshot
	caches  *answerCache
	themes  *themeCache
}

// Limits of requests and of what is kept.
const (
	maxBody       = 64 << 10                 // bytes of a body on public routes
	maxTicketBody = ticket.MaxBytes + 64<<10 // on the agents' desk alone: a message in a form
	maxTicketJSON = 2 * ticket.MaxBytes      // the same in JSON, where line ends and quotes take two bytes
	maxCache      = 64 << 20                 // bytes of answers kept for one snapshot
	maxClients    = 20_000                   // remembered by each limiter
	readHeader    = 5 * time.Second          // time-outs of a connection
	readAll       = 15 * time.Second         //
	writeAll      = 30 * time.Second         //
	idle          = 2 * time.Minute          //
	maxHeader     = 32 << 10                 // bytes of all header fields
	shutdownTime  = 10 * time.Second         // for requests that are being answered
)

// New returns the server for a site.
func New(c Config) (*Server, error) {
	texts, err := locale.Load(web.Locale())
	if err != nil {
		return nil, err
	}
	views, err := view.New(view.Config{Templates: web.Templates(), Texts: texts, Asset: web.Asset})
	if err != nil {
		return nil, err
	}
	s := &Server{
		live: c.Live, log: c.Log, now: c.Now, url: strings.TrimRight(c.URL, "/"), proxies: c.TrustedProxies, dev: c.Development,
		views: views, texts: texts, echo: echo.New(), metrics: newMetrics(),
		searches: newLimiter(120, 60, maxClients), posts: newLimiter(30, 20, maxClients), votes: newLimiter(4, 12, maxClients),
		visitorKey: newVisitorKey(), tickets: make(chan struct{}, ticketsAtOnce), posted: newOnce(), agentCalls: newLimiter(600, 200, maxClients),
		broken: map[string]*answer{}, themes: &themeCache{}, mail: newMailParts(c),
		state: c.State, auth: c.Auth, keys: c.Keys, openID: c.OpenID, tracking: c.Tracking,
	}
	for _, lang := range texts.Languages() {
		body, err := views.Render(&view.ErrorPage{Chrome: view.Chrome{Lang: lang, Title: errorTitle(texts.For(lang), http.StatusInternalServerError), Robots: "noindex"}, Status: http.StatusInternalServerError})
		if err != nil {
			return nil, fmt.Errorf("the page for errors: %w", err)
		}
		s.broken[lang] = newAnswer("text/html; charset=utf-8", body, 9)
	}
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.failed
	e.Pre(s.enter)
	e.Use(s.guard)
	s.routes()
	return s, s.apiRoutes()
}

// routes is everything that is answered, on one screen; the API has its own:
// [Server.calls].
func (s *Server) routes() {
	get, post := s.get, s.post

	// Help centre
	get("/", (*request).home)
	get("/help/feed.atom", (*request).helpFeed)
	get("/help/:slug", (*request).article)
	get("/topics/:category", (*request).topic)
	get("/a/:id", (*request).permalink)
	get("/contact", (*request).contact)
	get("/search", (*request).search)

	// Status
	get("/status", (*request).board)
	get("/status/history", (*request).history)
	get("/status/history/:month", (*request).history)
	get("/status/feed.atom", statusAtom)
	get("/status/feed.json", statusJSON)
	get("/status/feed.rss", statusRSS)
	get("/history.atom", statusAtom)
	get("/history.rss", statusRSS)
	get("/status/maintenance.ics", (*request).calendar)
	get("/status/badge.svg", (*request).badgeSVG)
	get("/status/components/:component", (*request).componentPage)
	get("/status/components/:component/feed.atom", statusAtom)
	get("/status/components/:component/feed.json", statusJSON)
	get("/status/components/:component/feed.rss", statusRSS)
	get("/status/components/:component/maintenance.ics", (*request).calendar)
	get("/status/components/:component/badge.svg", (*request).badgeSVG)
	get("/status/:id", (*request).statusPost)

	// Setting up mail
	get("/setup", (*request).setupForm)
	post("/setup", (*request).setupResult)
	get("/setup/:client", (*request).setupGuide)
	get("/setup/explain", (*request).setupExplain)
	get("/setup/domain", (*request).setupDomain)
	post("/setup/profile.mobileconfig", (*request).profile)
	post("/setup/file/:format", (*request).setupFile)
	get("/p/:token", (*request).token)

	// What mail programs ask for, on any host name, without limits
	get("/mail/config-v1.1.xml", plainly((*request).autoconfig))
	get("/.well-known/autoconfig/mail/config-v1.1.xml", plainly((*request).autoconfig))
	get("/autodiscover/autodiscover.xml", plainly((*request).autodiscoverGet))
	s.echo.POST("/autodiscover/autodiscover.xml", s.wrap(plainly((*request).autodiscover)))
	get("/autodiscover/autodiscover.json", plainly((*request).autodiscoverJSON))
	get("/autodiscover/autodiscover.json/v1.0/:address", plainly((*request).autodiscoverJSON))
	get("/.well-known/user-agent-configuration.json", plainly((*request).pacc))

	// What machines read
	get("/sitemap.xml", (*request).sitemap)
	get("/robots.txt", (*request).robots)
	get("/opensearch.xml", (*request).openSearch)
	get("/llms.txt", (*request).llms)
	s.mcpRoutes()

	// For other pages of the provider
	get("/widget.js", (*request).widgetScript)
	get("/widget", (*request).widget)

	// Files
	get("/static/:name", (*request).static)
	get("/files/*", (*request).file)
	get("/theme.css", (*request).theme)

	if s.auth != nil {
		s.agentRoutes()
	}

	// Operation
	get("/healthz", (*request).health)
	get("/readyz", (*request).health)
	if s.dev {
		get("/style", (*request).style)
	}
}

// get registers a handler for GET and HEAD.
func (s *Server) get(path string, h handler) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, s.wrap(h))
}

// post registers a handler for POST, which is limited per client.
func (s *Server) post(path string, h handler) {
	s.echo.POST(path, s.wrap(func(r *request) error {
		if ok, wait := r.s.posts.allow(r.client, r.now); !ok {
			return tooMany(wait)
		}
		return h(r)
	}))
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

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

// cache returns the answers that are kept for a snapshot; those of the one
// before are dropped.
func (s *Server) cache(snap *site.Snapshot) *answerCache {
	s.cacheMu.Lock()
	defer s.cacheMu.Unlock()
	if s.cacheOf != snap {
		if s.cacheOf != nil && snap.At.Before(s.cacheOf.At) {
			return newAnswerCache(0) // a request that began before the swap
		}
		s.cacheOf, s.caches = snap, newAnswerCache(maxCache)
	}
	return s.caches
}

// baseURL is the public address of the site, without a slash at the end.
func (s *Server) baseURL(snap *site.Snapshot) string {
	if u := snap.Library.Site.URL; u != "" {
		return u
	}
	return s.url
}
