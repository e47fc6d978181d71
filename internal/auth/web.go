package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"signpost/internal/state"
)

// Cookies of a site with TLS carry the __Host- prefix (RFC 6265bis, section
// 4.1.3.2): no other host of the domain can set them.
const (
	sessionCookie = "signpost"
	flowCookie    = "signpost-oidc"
	hostPrefix    = "__Host-"
)

// SessionCookie returns the cookie that carries a session; an empty value
// removes it.
func SessionCookie(value string, secure bool) *http.Cookie {
	return cookie(sessionCookie, value, secure, sessionTime)
}

// FlowCookie returns the cookie that carries an OpenID sign-in under way; an
// empty value removes it.
func FlowCookie(value string, secure bool) *http.Cookie {
	return cookie(flowCookie, value, secure, flowTime)
}

// SessionValue and FlowValue return what the cookies of a request carry, or "".
func SessionValue(r *http.Request, secure bool) string { return cookieValue(r, sessionCookie, secure) }

// FlowValue is described at [SessionValue].
func FlowValue(r *http.Request, secure bool) string { return cookieValue(r, flowCookie, secure) }

func cookie(name, value string, secure bool, lasts time.Duration) *http.Cookie {
	if secure {
		name = hostPrefix + name
	}
	// Lax, not Strict: the link in an agent's mail, and the OpenID provider's
	// answer, come from another site.
	c := &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int(lasts.Seconds()), HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

func cookieValue(r *http.Request, name string, secure bool) string {
	if secure {
		name = hostPrefix + name
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

const formNonce = 9

// FormToken returns a token for the forms of a session, or "" when there is
// none. It differs each time, so that compressed pages do not betray it, and
// outlives changes of the cookie: what an agent types for an hour is not lost.
func (a *Auth) FormToken(cookie string, now time.Time) string {
	session, err := a.session(cookie, now)
	if err != nil {
		return ""
	}
	nonce := make([]byte, formNonce)
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(append(nonce, a.formMAC(session, nonce)...))
}

// CheckForm checks a form's token against the session. Errors: ErrSession, ErrForm.
func (a *Auth) CheckForm(cookie, token string, now time.Time) error {
	session, err := a.session(cookie, now)
	if err != nil {
		return err
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) <= formNonce || !hmac.Equal(raw[formNonce:], a.formMAC(session, raw[:formNonce])) {
		return ErrForm
	}
	return nil
}

// formMAC binds to what stays the same when the session's cookie changes.
func (a *Auth) formMAC(s state.Session, nonce []byte) []byte {
	m := hmac.New(sha256.New, a.keys.Secret("form"))
	m.Write(nonce)
	fmt.Fprintf(m, "%q %q %d", s.Agent, s.Source, s.Created.Unix())
	return m.Sum(nil)[:18]
}
