package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"signpost/internal/auth"
	"signpost/internal/limit"
	"signpost/internal/locale"
	"signpost/internal/server/page"
	"signpost/internal/site"
	"signpost/internal/view"
	"signpost/web"
)

// Config is what an [App] needs.
type Config struct {
	Live *site.Live
	Log  *slog.Logger
	Now  func() time.Time
	Auth *auth.Auth // nil: nobody signs in

	URL            string         // absolute address while site.yaml names none
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and -Proto are trusted
	TrustUnix      bool           // trust those of connections over a Unix socket too

	Limits  map[Kind]limit.Budget // instead of those of [Limits]
	Version string                // of the program, for metrics
	Notices bool                  // readers can subscribe to the status
}

// An App is what all requests share: the live site, the log, the clock, the
// metrics, the table of routes, and the middleware that each request passes.
type App struct {
	Live    *site.Live
	Log     *slog.Logger
	Now     func() time.Time // the clock
	Auth    *auth.Auth       // nil: no agents
	Metrics *Metrics

	echo          *echo.Echo // the router
	routes        routes
	limits        map[Kind]limiter
	queues        map[Kind]queue
	pages         *page.Builder
	proxies       proxyList
	views         *view.Renderer
	broken        map[string]*answer // the page for status 500, by language
	forms         *forms             // compressed, across snapshots
	forwardedOnce sync.Once

	cacheMu sync.Mutex
	cacheOf *site.Snapshot
	caches  *answerCache
}

// maxCache is how many bytes of answers are kept for one snapshot.
const maxCache = 64 << 20

// New returns the app of a site.
func New(c Config) (*App, error) {
	texts, err := locale.Load(web.Locale())
	if err != nil {
		return nil, err
	}
	views, err := view.New(view.Config{Templates: web.Templates(), Texts: texts, Asset: web.Asset})
	if err != nil {
		return nil, err
	}
	a := &App{
		Live: c.Live, Log: c.Log, Now: c.Now, Auth: c.Auth, Metrics: newMetrics(c.Version), queues: newQueues(processors()), echo: echo.New(),
		routes: routes{byKey: map[routeKey]*Route{}, byPath: map[string]*Route{}, anyCase: map[string]bool{}},
		pages:  page.NewBuilder(strings.TrimRight(c.URL, "/"), c.Notices), proxies: proxyList{networks: c.TrustedProxies, unix: c.TrustUnix}, views: views, broken: map[string]*answer{},
		forms: newForms(maxForms, c.Now, func(d time.Duration, f func()) { time.AfterFunc(d, f) }),
	}
	a.Metrics.Register(siteMetrics{c.Live})
	a.limits = newLimiters(c.Limits, a.Metrics)
	a.echo.HTTPErrorHandler = a.failed
	a.echo.Pre(a.enter)
	for _, lang := range texts.Languages() {
		body, err := views.Render(&view.ErrorPage{Chrome: view.Chrome{Lang: lang, Title: errorTitle(texts.For(lang), http.StatusInternalServerError), Robots: "noindex"}, Status: http.StatusInternalServerError})
		if err != nil {
			return nil, fmt.Errorf("the page for errors: %w", err)
		}
		a.broken[lang] = newAnswer("text/html; charset=utf-8", body)
	}
	return a, nil
}

// Page returns a snapshot in one of its languages.
func (a *App) Page(snap *site.Snapshot, lang string) page.Context {
	return a.pages.Context(snap, lang)
}

// ServeHTTP answers one request.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.echo.ServeHTTP(w, r) }

// cache returns the answers that are kept for a snapshot; those of the one
// before are dropped.
func (a *App) cache(snap *site.Snapshot) *answerCache {
	a.cacheMu.Lock()
	defer a.cacheMu.Unlock()
	if a.cacheOf != snap {
		if a.cacheOf != nil && snap.At.Before(a.cacheOf.At) {
			return newAnswerCache(0) // a request that began before the swap
		}
		a.cacheOf, a.caches = snap, newAnswerCache(maxCache)
	}
	return a.caches
}

// Base is the public address of the site, without a slash at the end.
func (a *App) Base(snap *site.Snapshot) string {
	return a.Page(snap, snap.DefaultLanguage()).Base()
}
