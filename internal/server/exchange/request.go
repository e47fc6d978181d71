// Package exchange is one HTTP request and its answer (RFC 9110 section 3.4),
// for all rooms of the server.
//
// [Origin.Wrap] gives a [Handler] its [Request]; [Request.Page] answers with a
// page that is kept as long as its snapshot, [Request.Fresh] with one that was
// made for this request alone. An error that a handler returns becomes a page,
// or problem details under /api (RFC 9457).
//
// Guarantees:
//
//   - Everything in an answer comes from the one snapshot that the request found.
//   - Each answer has the security headers, an ETag when it may be kept, and a
//     compressed form when that pays; none is kept beyond the next snapshot.
//   - Who the client is, whether the host is ours and how much it may send is
//     decided at the door. Proxies are believed when they are named.
//   - Logs and metrics carry the route's template and nothing that was sent.
package exchange

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/labstack/echo/v4"

	"signpost/internal/auth"
	"signpost/internal/server/edition"
	"signpost/internal/view"
)

// A Request is one HTTP request with the edition that answers it: everything
// in the answer comes from that one snapshot.
type Request struct {
	echo.Context
	edition.Edition
	Origin *Origin
	Now    time.Time
	Client netip.Addr    // behind the proxies that are trusted
	Target string        // the path that was asked for, without the language
	Who    auth.Identity // on agents' routes: who asks
}

// A Handler answers a request, or returns an error: one of *Error, or a fault
// that the log gets to know and the client does not.
type Handler func(*Request) error

const (
	keyLang   = "signpost.lang"
	keyPath   = "signpost.path"
	keyClient = "signpost.client"
)

// Wrap gives a handler its request.
func (o *Origin) Wrap(h Handler) echo.HandlerFunc {
	return func(c echo.Context) error { return h(o.request(c)) }
}

func (o *Origin) request(c echo.Context) *Request {
	snap := o.Live.Snapshot()
	r := &Request{Context: c, Edition: o.Edition(snap, snap.DefaultLanguage()), Origin: o, Now: o.Now(), Target: c.Request().URL.Path}
	if lang, ok := c.Get(keyLang).(string); ok {
		r.Lang = lang
	}
	if p, ok := c.Get(keyPath).(string); ok {
		r.Target = p
	}
	r.Client, _ = c.Get(keyClient).(netip.Addr)
	return r
}

// Page renders a page that depends on nothing but snapshot, route and
// language, and keeps it as long as the snapshot lives.
func (r *Request) Page(make func() (view.Page, error)) error {
	return r.Kept("text/html; charset=utf-8", r.Lang+" "+r.Target, func() ([]byte, error) {
		p, err := make()
		if err != nil {
			return nil, err
		}
		return r.Origin.views.Render(p)
	})
}

// Kept sends bytes that depend on nothing but the snapshot and the key.
func (r *Request) Kept(contentType, key string, make func() ([]byte, error)) error {
	a, err := r.Origin.cache(r.Snap).get(contentType+" "+key, func() (*answer, error) {
		body, err := make()
		if err != nil {
			return nil, err
		}
		return newAnswer(contentType, body, thorough(len(body))), nil
	})
	if err != nil {
		return err
	}
	r.CacheFor(time.Minute)
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

// Redirect leads the client to another address, for a few minutes unless the
// handler said otherwise: browsers would keep a 301 without end (RFC 9110 section
// 15.4.2), and what is at an address may change.
func (r *Request) Redirect(status int, to string) error {
	r.CacheFor(redirectTime)
	return r.Context.Redirect(status, to)
}

const redirectTime = 5 * time.Minute

// Fresh renders a page for this request alone.
func (r *Request) Fresh(status int, p view.Page) error {
	body, err := r.Origin.views.Render(p)
	if err != nil {
		return err
	}
	r.Send(status, "text/html; charset=utf-8", body)
	return nil
}

// Send sends bytes that were made for this request alone.
func (r *Request) Send(status int, contentType string, body []byte) {
	answerOnce(contentType, body, r.Request()).write(r.Response(), r.Request(), status)
}

// wantsJSON reports whether errors of this route are problem details.
func (r *Request) wantsJSON() bool { return strings.HasPrefix(r.Target, "/api/") || r.Target == "/mcp" }
