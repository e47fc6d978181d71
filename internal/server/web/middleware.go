package web

import (
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"signpost/internal/ticket"
)

// enter is the outermost middleware: it removes what must not go further, finds the client and
// the language, decides whether this host is ours, and counts the answer.
func (a *App) enter(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		begin := a.Now()
		req := c.Request()
		ip, ignored := a.proxies.clientAddr(req.RemoteAddr, req.Header.Values("X-Forwarded-For"))
		if ignored {
			a.forwardedOnce.Do(func() {
				a.Log.Warn("X-Forwarded-For came from a proxy that is not trusted and is ignored; name it with --trusted-proxies")
			})
		}
		c.Set(keyClient, ip)
		a.securityHeaders(c)
		defer func() {
			if p := recover(); p != nil {
				a.Log.Error("a request failed", "route", route(c), "panic", p, "stack", string(debug.Stack()))
				a.failed(errPanic, c)
				err = nil
			}
			a.Metrics.observe(route(c), req.Method, c.Response().Status, a.Now().Sub(begin))
		}()
		loc := a.canonicalPath(c)
		if err := a.checkHost(c); err != nil {
			a.failed(err, c)
			return nil
		}
		if loc != "" {
			return a.request(c).Redirect(http.StatusMovedPermanently, loc)
		}
		if req.Body != nil {
			limit := int64(maxBody)
			switch req.URL.Path {
			case "/agent":
				limit = maxTicketBody
			case "/api/v1/suggest", "/api/v1/replies", "/api/v1/gaps":
				limit = maxTicketJSON
			}
			req.Body = http.MaxBytesReader(c.Response(), req.Body, limit)
		}
		return next(c)
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
func (a *App) canonicalPath(c echo.Context) string {
	u := c.Request().URL
	p := u.Path
	if len(p) > 1 && strings.HasPrefix(strings.ToLower(p), "/autodiscover/") {
		segments := strings.Split(p, "/")
		for i, s := range segments {
			if !strings.Contains(s, "@") { // an address keeps its case
				segments[i] = strings.ToLower(s)
			}
		}
		p = strings.Join(segments, "/")
		setPath(u, p)
	}
	if trimmed := "/" + strings.Trim(p, "/"); isDiscovery(trimmed) { // whose query or path may hold an address: never redirected
		setPath(u, trimmed)
		c.Set(keyPath, trimmed)
		return ""
	}
	snap := a.Live.Snapshot()
	first := firstSegment(strings.TrimPrefix(p, "/"))
	if i := slices.Index(snap.Languages(), first); i >= 0 && strings.HasPrefix(p, "/"+first) {
		rest := strings.TrimPrefix(p, "/"+first)
		if i == 0 || rest == "" {
			return (&url.URL{Path: "/" + strings.TrimLeft(map[bool]string{true: rest, false: "/" + first + "/"}[i == 0], "/"), RawQuery: harmlessQuery(rest, u)}).String()
		}
		c.Set(keyLang, first)
		p = rest
		setPath(u, p)
	}
	if strings.Contains(p, "@") { // may be an address: not repeated in a redirect
		p = "/" + strings.Trim(p, "/")
		setPath(u, p)
	}
	if len(p) > 1 && strings.HasSuffix(p, "/") && !strings.HasPrefix(p, "/files/") {
		lang, _ := c.Get(keyLang).(string)
		if lang != "" {
			lang = "/" + lang
		}
		return (&url.URL{Path: lang + "/" + strings.Trim(p, "/"), RawQuery: harmlessQuery(p, u)}).String()
	}
	c.Set(keyPath, p)
	return ""
}

// harmlessQuery is the query of a redirect. On the set-up pages it keeps the
// domain only: whatever else stands there may be an address.
func harmlessQuery(p string, u *url.URL) string {
	switch "/" + firstSegment(strings.TrimLeft(p, "/")) {
	case "/setup", "/p":
	default:
		return u.RawQuery
	}
	keep := url.Values{}
	for _, name := range []string{"d", "domain"} {
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

// checkHost lets other host names, and requests without one, ask for mail
// settings and health only.
func (a *App) checkHost(c echo.Context) error {
	p := c.Request().URL.Path
	if isDiscovery(p) || p == "/healthz" || p == "/readyz" || a.OwnHost(a.Live.Snapshot(), HostName(c.Request().Host)) {
		return nil
	}
	return &Error{Status: http.StatusMisdirectedRequest}
}

// isDiscovery reports whether mail programs ask for the path on any host name.
func isDiscovery(p string) bool {
	switch p {
	case "/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml", "/.well-known/user-agent-configuration.json":
		return true
	}
	return strings.HasPrefix(p, "/autodiscover/")
}

// guard runs once the route is known.
func (a *App) guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		req := c.Request()
		if !strings.HasPrefix(c.Path(), "/api/") && !strings.HasPrefix(c.Path(), "/mcp") {
			req.Header.Del("Authorization") // mail programs send passwords unasked
		}
		return next(c)
	}
}

// Bytes of a request's body.
const (
	maxBody       = 64 << 10                 // on public routes
	maxTicketBody = ticket.MaxBytes + 64<<10 // on the agents' desk alone: a message in a form
	maxTicketJSON = 2 * ticket.MaxBytes      // the same in JSON, where line ends and quotes take two bytes
)

// overTLS reports whether the client's connection is encrypted, here or at a
// trusted proxy.
func (a *App) overTLS(c echo.Context) bool {
	if c.Request().TLS != nil {
		return true
	}
	ip, _ := a.proxies.clientAddr(c.Request().RemoteAddr, nil)
	return a.proxies.has(ip) && strings.EqualFold(c.Request().Header.Get("X-Forwarded-Proto"), "https")
}
