// Package web is one HTTP request and its answer (RFC 9110 section 3.4),
// for all handlers of the server.
//
// A [Route] says what is answered, for whom and how much; [App.Handle] adds it.
// Its [Handler] gets a [Request]; [Request.SendPage] answers with a page that is kept as long as its snapshot, [Request.SendFresh] with one that was
// made for this request alone. An error that a handler returns becomes a page,
// or the problem details (RFC 9457) that its route asks for.
//
// Guarantees:
//
//   - Everything in an answer comes from the one snapshot that the request found.
//   - Each answer has the security headers, an ETag when it may be kept, and a
//     compressed form when that pays; none is kept beyond the next snapshot.
//   - Who the client is, whether the host is ours and how much it may send is
//     decided in the middleware, before any handler. Proxies are trusted only when named.
//   - Logs and metrics carry the route's template and nothing that was sent.
package web

import (
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"signpost/internal/auth"
	"signpost/internal/server/page"
	"signpost/internal/view"
)

// A Request is one HTTP request with the page context that answers it: everything
// in the answer comes from that one snapshot.
type Request struct {
	App  *App
	Page page.Context // the snapshot in the language that was asked for

	Now    time.Time
	Client netip.Addr    // behind the proxies that are trusted
	Target string        // the path that was asked for, without the language
	Who    auth.Identity // on agents' routes: who asks

	echo  echo.Context
	leave func() // ends its turn; nil: it has none
}

// Request is what net/http read.
func (r *Request) Request() *http.Request { return r.echo.Request() }

// Response writes the answer's header and body.
func (r *Request) Response() *echo.Response { return r.echo.Response() }

// Param is a part of the path that the route names, "" for none.
func (r *Request) Param(name string) string { return r.echo.Param(name) }

// QueryParam is the first value of a parameter in the query, "" for none.
func (r *Request) QueryParam(name string) string { return r.echo.QueryParam(name) }

// QueryParams are all parameters in the query.
func (r *Request) QueryParams() url.Values { return r.echo.QueryParams() }

// FormValue is the first value of a field in the body, else in the query.
func (r *Request) FormValue(name string) string { return r.echo.FormValue(name) }

// SetCookie adds a cookie to the answer.
func (r *Request) SetCookie(c *http.Cookie) { r.echo.SetCookie(c) }

// Route is the template of the route, as "/help/:slug".
func (r *Request) Route() string { return route(r.echo) }

// NoContent answers 204.
func (r *Request) NoContent() error { return r.echo.NoContent(http.StatusNoContent) }

// A Handler answers a request, or returns an error: one of *Error, or a fault
// that the log gets to know and the client does not.
type Handler func(*Request) error

func (a *App) request(c echo.Context) *Request {
	snap, v := a.Live.Snapshot(), arrived(c)
	r := &Request{echo: c, Page: a.Page(snap, snap.DefaultLanguage()), App: a, Now: a.Now(), Client: v.client, Target: v.path}
	if v.lang != "" {
		r.Page.Lang = v.lang
	}
	return r
}

// SendPage renders a page that depends on nothing but snapshot, route and
// language, and keeps it as long as the snapshot lives.
func (r *Request) SendPage(make func() (view.Page, error)) error {
	return r.SendCached("text/html; charset=utf-8", r.Page.Lang+" "+r.Target, func() ([]byte, error) {
		p, err := make()
		if err != nil {
			return nil, err
		}
		return r.render(p)
	})
}

// render makes the HTML of a page with the interface texts of its snapshot.
func (r *Request) render(p view.Page) ([]byte, error) {
	return r.App.views.With(r.Page.Texts()).Render(p)
}

// SendCached sends bytes that depend on nothing but the snapshot and the key.
func (r *Request) SendCached(contentType, key string, make func() ([]byte, error)) error {
	return r.sendKept(contentType, key, false, make)
}

// sendKept sends bytes that are kept as long as the snapshot; those that are
// fixed stay the same as long as the program runs.
func (r *Request) sendKept(contentType, key string, fixed bool, make func() ([]byte, error)) error {
	a, err := r.App.cache(r.Page.Snap).get(contentType+" "+key, func() (*answer, error) {
		body, err := make()
		if err != nil {
			return nil, err
		}
		a := newAnswer(contentType, body)
		a.fixed = fixed
		return a, nil
	})
	if err != nil {
		return err
	}
	r.CacheFor(time.Minute)
	r.answering()
	a.write(r.Response(), r.Request(), http.StatusOK, r.App.forms)
	return nil
}

// Redirect leads the client to another address, for a few minutes unless the
// handler said otherwise: browsers would keep a 301 without end (RFC 9110 section
// 15.4.2), and what is at an address may change.
func (r *Request) Redirect(status int, to string) error {
	r.CacheFor(redirectTime)
	return r.echo.Redirect(status, to)
}

const redirectTime = 5 * time.Minute

// SendFresh renders a page for this request alone.
func (r *Request) SendFresh(status int, p view.Page) error {
	body, err := r.render(p)
	if err != nil {
		return err
	}
	r.Send(status, "text/html; charset=utf-8", body)
	return nil
}

// Send sends bytes that were made for this request alone.
func (r *Request) Send(status int, contentType string, body []byte) {
	r.answering()
	newAnswer(contentType, body).write(r.Response(), r.Request(), status, onceEncoder{})
}
