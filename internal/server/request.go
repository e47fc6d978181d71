package server

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"

	"signpost/internal/auth"
	"signpost/internal/site"
	"signpost/internal/view"
)

// A request is one HTTP request with the snapshot that answers it: everything
// in the answer comes from that one snapshot.
type request struct {
	echo.Context
	s      *Server
	snap   *site.Snapshot
	now    time.Time
	client netip.Addr
	lang   string        // of the URL; the site's default without a prefix
	path   string        // without the language prefix
	who    auth.Identity // on agents' routes: who asks
}

type handler func(*request) error

const (
	keyLang   = "signpost.lang"
	keyPath   = "signpost.path"
	keyClient = "signpost.client"
)

// wrap gives a handler its request.
func (s *Server) wrap(h handler) echo.HandlerFunc {
	return func(c echo.Context) error { return h(s.request(c)) }
}

func (s *Server) request(c echo.Context) *request {
	snap := s.live.Snapshot()
	r := &request{Context: c, s: s, snap: snap, now: s.now(), lang: snap.DefaultLanguage(), path: c.Request().URL.Path}
	if lang, ok := c.Get(keyLang).(string); ok {
		r.lang = lang
	}
	if p, ok := c.Get(keyPath).(string); ok {
		r.path = p
	}
	r.client, _ = c.Get(keyClient).(netip.Addr)
	return r
}

// root is the prefix of the request's language: "" or "/de".
func (r *request) root() string { return rootOf(r.snap, r.lang) }

func rootOf(snap *site.Snapshot, lang string) string {
	if lang == snap.DefaultLanguage() {
		return ""
	}
	return "/" + lang
}

// absolute returns the public address of a path of this site. It never repeats
// what the request said about hosts.
func (r *request) absolute(path string) string { return r.s.baseURL(r.snap) + path }

// page renders a page that depends on nothing but snapshot, route and
// language, and keeps it as long as the snapshot lives.
func (r *request) page(make func() (view.Page, error)) error {
	return r.kept("text/html; charset=utf-8", r.lang+" "+r.path, func() ([]byte, error) {
		p, err := make()
		if err != nil {
			return nil, err
		}
		return r.s.views.Render(p)
	})
}

// kept sends bytes that depend on nothing but the snapshot and the key.
func (r *request) kept(contentType, key string, make func() ([]byte, error)) error {
	a, err := r.s.cache(r.snap).get(contentType+" "+key, func() (*answer, error) {
		body, err := make()
		if err != nil {
			return nil, err
		}
		return newAnswer(contentType, body, thorough(len(body))), nil
	})
	if err != nil {
		return err
	}
	r.cacheFor(time.Minute)
	a.write(r.Response(), r.Request(), http.StatusOK)
	return nil
}

// thorough is the quality with which bytes that are kept are compressed: the
// best for pages, a quicker one for what would take a long time.
func thorough(size int) int {
	if size > 96<<10 {
		return 7
	}
	return brotli.BestCompression
}

// fresh renders a page for this request alone.
func (r *request) fresh(status int, p view.Page) error {
	body, err := r.s.views.Render(p)
	if err != nil {
		return err
	}
	r.send(status, "text/html; charset=utf-8", body)
	return nil
}

// send sends bytes that were made for this request alone.
func (r *request) send(status int, contentType string, body []byte) {
	newAnswer(contentType, body, 4).write(r.Response(), r.Request(), status)
}

// cacheFor lets clients keep the answer for a while, but never beyond the
// instant at which the snapshot is replaced.
func (r *request) cacheFor(d time.Duration) {
	h := r.Response().Header()
	if h.Get("Cache-Control") != "" {
		return
	}
	if next := r.snap.Next; !next.IsZero() && next.Sub(r.now) < d {
		d = max(next.Sub(r.now), 0)
	}
	h.Set("Cache-Control", "public, max-age="+itoa(int(d/time.Second))+", stale-if-error=86400")
}

// wantsJSON reports whether errors of this route are problem details.
func (r *request) wantsJSON() bool { return strings.HasPrefix(r.path, "/api/") || r.path == "/mcp" }
