package web

import (
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

const (
	// ContentPolicy is the Content-Security-Policy of pages.
	ContentPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	// FilePolicy is that of pictures and files, which come from the content.
	FilePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"

	// ShortTime is the Cache-Control of what may be a little old.
	ShortTime = "public, max-age=300"
	forEver   = "public, max-age=31536000, immutable"
)

// securityHeaders are on every answer; a route may relax one.
func (a *App) securityHeaders(c echo.Context) {
	h := c.Response().Header()
	h.Set("Content-Security-Policy", ContentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	snap := a.Live.Snapshot()
	base, err := url.Parse(a.Base(snap))
	if err == nil && base.Scheme == "https" && HostName(c.Request().Host) == HostName(base.Host) && a.overTLS(c) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Open lets other sites embed or read an answer.
func (r *Request) Open() {
	h := r.Response().Header()
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*")
}

// NoStore keeps an answer out of every cache.
func (r *Request) NoStore() { r.Response().Header().Set("Cache-Control", "no-store") }

// CacheFor lets clients keep the answer for a while, but never beyond the
// instant at which the snapshot is replaced.
func (r *Request) CacheFor(d time.Duration) {
	if h := r.Response().Header(); h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "public, "+r.maxAge(d)+", stale-if-error=86400")
	}
}

// CacheAtClient lets the client alone keep the answer for a while, and not
// beyond the snapshot either.
func (r *Request) CacheAtClient(d time.Duration) {
	r.Response().Header().Set("Cache-Control", "private, "+r.maxAge(d))
}

func (r *Request) maxAge(d time.Duration) string {
	if next := r.Page.Snap.Next; !next.IsZero() {
		d = min(d, max(next.Sub(r.Now), 0))
	}
	return "max-age=" + strconv.Itoa(int(d/time.Second))
}

// CacheControl lets clients keep an answer for a short time, or for ever when its
// URL names its version.
func (r *Request) CacheControl(immutable bool) {
	v := ShortTime
	if immutable {
		v = forEver
	}
	r.Response().Header().Set("Cache-Control", v)
}

// RetryAfter says when to try again (RFC 9110 section 10.2.3).
func (r *Request) RetryAfter(d time.Duration) {
	r.Response().Header().Set("Retry-After", seconds(d))
}

// seconds rounds up.
func seconds(d time.Duration) string { return strconv.Itoa(int((d + time.Second - 1) / time.Second)) }
