package exchange

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
	"signpost/internal/locale"
	"signpost/internal/server/edition"
	"signpost/internal/site"
	"signpost/internal/view"
	"signpost/web"
)

// Config is what an origin needs.
type Config struct {
	Live *site.Live
	Log  *slog.Logger
	Now  func() time.Time
	Auth *auth.Auth // nil: nobody signs in

	URL            string         // absolute address while site.yaml names none
	TrustedProxies []netip.Prefix // whose X-Forwarded-For and -Proto are believed
}

// An Origin is the origin server (RFC 9110 section 3.6): what all requests
// share, and the door that they come in by.
type Origin struct {
	Live    *site.Live
	Log     *slog.Logger
	Now     func() time.Time // the clock
	Auth    *auth.Auth       // nil: no agents
	Metrics *Metrics

	publisher     *edition.Publisher
	proxies       proxyList
	views         *view.Renderer
	broken        map[string]*answer // the page for status 500, by language
	forwardedOnce sync.Once

	cacheMu sync.Mutex
	cacheOf *site.Snapshot
	caches  *answerCache
}

// maxCache is how many bytes of answers are kept for one snapshot.
const maxCache = 64 << 20

// New returns the origin of a site.
func New(c Config) (*Origin, error) {
	texts, err := locale.Load(web.Locale())
	if err != nil {
		return nil, err
	}
	views, err := view.New(view.Config{Templates: web.Templates(), Texts: texts, Asset: web.Asset})
	if err != nil {
		return nil, err
	}
	o := &Origin{
		Live: c.Live, Log: c.Log, Now: c.Now, Auth: c.Auth, Metrics: newMetrics(),
		publisher: edition.NewPublisher(texts, strings.TrimRight(c.URL, "/")), proxies: c.TrustedProxies, views: views, broken: map[string]*answer{},
	}
	for _, lang := range texts.Languages() {
		body, err := views.Render(&view.ErrorPage{Chrome: view.Chrome{Lang: lang, Title: errorTitle(texts.For(lang), http.StatusInternalServerError), Robots: "noindex"}, Status: http.StatusInternalServerError})
		if err != nil {
			return nil, fmt.Errorf("the page for errors: %w", err)
		}
		o.broken[lang] = newAnswer("text/html; charset=utf-8", body, 9)
	}
	return o, nil
}

// Edition returns a snapshot in one of its languages.
func (o *Origin) Edition(snap *site.Snapshot, lang string) edition.Edition {
	return o.publisher.Edition(snap, lang)
}

// Serve lets requests in by the door, and answers those that end in an error.
func (o *Origin) Serve(e *echo.Echo) {
	e.HTTPErrorHandler = o.failed
	e.Pre(o.enter)
	e.Use(o.guard)
}

// cache returns the answers that are kept for a snapshot; those of the one
// before are dropped.
func (o *Origin) cache(snap *site.Snapshot) *answerCache {
	o.cacheMu.Lock()
	defer o.cacheMu.Unlock()
	if o.cacheOf != snap {
		if o.cacheOf != nil && snap.At.Before(o.cacheOf.At) {
			return newAnswerCache(0) // a request that began before the swap
		}
		o.cacheOf, o.caches = snap, newAnswerCache(maxCache)
	}
	return o.caches
}

// Base is the public address of the site, without a slash at the end.
func (o *Origin) Base(snap *site.Snapshot) string {
	return o.Edition(snap, snap.DefaultLanguage()).Base()
}
