package web

import (
	"cmp"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// An arrival is what is found out about a request before its handler runs.
type arrival struct {
	client netip.Addr
	lang   string // that the path names, "" for none
	path   string // without the language
	route  *Route
}

const keyArrival = "signpost.arrival"

// arrived returns what the middleware found out.
func arrived(c echo.Context) *arrival {
	if v, ok := c.Get(keyArrival).(*arrival); ok {
		return v
	}
	return &arrival{path: c.Request().URL.Path, route: unrouted}
}

// enter is the outermost middleware: it takes one step after the other, answers
// what none of them or the handler did, and counts the answer.
func (a *App) enter(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begin := a.Now()
		defer func() { a.leave(c, begin, recover()) }()
		v := &arrival{path: c.Request().URL.Path, route: unrouted}
		c.Set(keyArrival, v)
		a.findClient(c, v)
		a.securityHeaders(c)
		elsewhere := a.canonicalPath(c, v)
		v.route = a.find(c, echo.GetPath(c.Request()))
		err := a.checkHost(c, v)
		switch {
		case err != nil:
		case elsewhere != "":
			err = a.request(c).Redirect(http.StatusMovedPermanently, elsewhere)
		default:
			v.dropCredentials(c)
			v.boundBody(c)
			err = next(c)
		}
		if err != nil {
			a.failed(err, c)
		}
		return nil
	}
}

// leave counts the answer to a request; failure is what made its handler panic.
func (a *App) leave(c echo.Context, begin time.Time, failure any) {
	if failure != nil {
		a.Log.Error("a request failed", "route", route(c), "panic", failure, "stack", string(debug.Stack()))
		a.failed(errPanic, c)
	}
	a.Metrics.observe(route(c), c.Request().Method, c.Response().Status, a.Now().Sub(begin))
}

// findClient finds out who asks, behind the proxies that are trusted.
func (a *App) findClient(c echo.Context, v *arrival) {
	req := c.Request()
	ip, ignored := a.proxies.clientAddr(req.RemoteAddr, req.Header.Values("X-Forwarded-For"))
	if ignored {
		a.forwardedOnce.Do(func() {
			a.Log.Warn("X-Forwarded-For came from a proxy that is not trusted and is ignored; name it with --trusted-proxies")
		})
	}
	v.client = ip
}

// checkHost refuses host names that are not ours, and requests without one, unless
// the route is for them.
func (a *App) checkHost(c echo.Context, v *arrival) error {
	if v.route.Host != OwnHosts || a.OwnHost(a.Live.Snapshot(), HostName(c.Request().Host)) {
		return nil
	}
	return &Error{Status: http.StatusMisdirectedRequest}
}

// dropCredentials removes what only programs may send: mail programs send
// passwords unasked.
func (v *arrival) dropCredentials(c echo.Context) {
	if v.route.Access != Programs {
		c.Request().Header.Del("Authorization")
	}
}

// boundBody bounds how much a handler can read.
func (v *arrival) boundBody(c echo.Context) {
	if req := c.Request(); req.Body != nil {
		req.Body = http.MaxBytesReader(c.Response(), req.Body, cmp.Or(v.route.Body, BodyPublic))
	}
}

// route is the template of the route, safe for logs.
func route(c echo.Context) string {
	if p := c.Path(); p != "" {
		return p
	}
	return "none"
}

// canonicalPath takes the language off the path, lowers the case of paths that
// clients write as they like, and returns where a path should be asked for
// instead, or "".
func (a *App) canonicalPath(c echo.Context, v *arrival) string {
	u := c.Request().URL
	p := u.Path
	if a.routes.anyCase[strings.ToLower(firstSegment(strings.TrimPrefix(p, "/")))] {
		p = lowerCase(p)
		setPath(u, p)
	}
	if trimmed := "/" + strings.Trim(p, "/"); trimmed != p || u.RawPath != "" {
		if a.find(c, trimmed).Host == Discovery { // whose query or path may hold an address: never redirected
			setPath(u, trimmed)
			v.path = trimmed
			return ""
		}
	}
	snap := a.Live.Snapshot()
	first := firstSegment(strings.TrimPrefix(p, "/"))
	if i := slices.Index(snap.Languages(), first); i >= 0 && strings.HasPrefix(p, "/"+first) {
		rest := strings.TrimPrefix(p, "/"+first)
		if i == 0 || rest == "" {
			return (&url.URL{Path: "/" + strings.TrimLeft(map[bool]string{true: rest, false: "/" + first + "/"}[i == 0], "/"), RawQuery: a.harmlessQuery(c, rest)}).String()
		}
		v.lang = first
		p = rest
		setPath(u, p)
	}
	if strings.Contains(p, "@") { // may be an address: not repeated in a redirect
		p = "/" + strings.Trim(p, "/")
		setPath(u, p)
	}
	if len(p) > 1 && strings.HasSuffix(p, "/") && !a.find(c, p).takesAll() {
		lang := ""
		if v.lang != "" {
			lang = "/" + v.lang
		}
		return (&url.URL{Path: lang + "/" + strings.Trim(p, "/"), RawQuery: a.harmlessQuery(c, p)}).String()
	}
	v.path = p
	return ""
}

// lowerCase lowers the case of a path, except that of an address in it.
func lowerCase(p string) string {
	segments := strings.Split(p, "/")
	for i, s := range segments {
		if !strings.Contains(s, "@") {
			segments[i] = strings.ToLower(s)
		}
	}
	return strings.Join(segments, "/")
}

// harmlessQuery is the query of a redirect to a path: what the route there does
// not name may be an address.
func (a *App) harmlessQuery(c echo.Context, path string) string {
	u := c.Request().URL
	names := a.find(c, "/"+strings.Trim(path, "/")).Query
	if names == nil {
		return u.RawQuery
	}
	keep := url.Values{}
	for _, name := range names {
		if v := u.Query().Get(name); v != "" && !strings.Contains(v, "@") {
			keep.Set(name, v)
		}
	}
	return keep.Encode()
}

func setPath(u *url.URL, p string) { u.Path, u.RawPath = p, "" }

func firstSegment(p string) string {
	first, _, _ := strings.Cut(p, "/")
	return first
}

// overTLS reports whether the client's connection is encrypted, here or at a
// trusted proxy.
func (a *App) overTLS(c echo.Context) bool {
	if c.Request().TLS != nil {
		return true
	}
	ip, _ := a.proxies.clientAddr(c.Request().RemoteAddr, nil)
	return a.proxies.has(ip) && strings.EqualFold(c.Request().Header.Get("X-Forwarded-Proto"), "https")
}
