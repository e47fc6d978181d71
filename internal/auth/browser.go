package auth

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"
)

// A browser that signed in before proves it with a signed cookie, and has
// attempts of its own: what strangers guess at the account, or from the same
// address, takes none of them away. The proof counts for the account alone that
// was signed in to, so that nobody's own account helps to guess at others'. The
// cookie is sent to the page for signing in only.

const (
	browserPurpose = "browser"
	browserTime    = 400 * 24 * time.Hour // browsers keep no cookie longer (RFC 6265bis, section 5.5)
	browserID      = 16                   // bytes
	maxBrowser     = 4                    // accounts that take turns at one browser

	browserCookie = "signpost-browser"
	securePrefix  = "__Secure-"
)

// BrowserCookie returns the cookie that says for which accounts a browser signed
// in before; path is the page for signing in.
func BrowserCookie(value, path string, secure bool) *http.Cookie {
	c := &http.Cookie{
		Name: browserCookie, Value: value, Path: path, MaxAge: int(browserTime.Seconds()), HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	}
	if secure { // __Host- would send it everywhere
		c.Name = securePrefix + c.Name
	}
	return c
}

// BrowserValue returns what the cookie of a request carries, or "".
func BrowserValue(r *http.Request, secure bool) string {
	name := browserCookie
	if secure {
		name = securePrefix + name
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// proofs returns the valid proofs of a cookie, newest first.
func (a *Auth) proofs(value string, now time.Time) (proofs []string, data [][]byte) {
	for _, proof := range strings.SplitN(value, ".", maxBrowser+1) {
		b, err := a.keys.Verify(browserPurpose, proof, now)
		if err == nil && len(b) == browserID+sha256.Size && len(proofs) < maxBrowser {
			proofs, data = append(proofs, proof), append(data, b)
		}
	}
	return proofs, data
}

// browser returns whose attempts count when a browser signs in to an account
// that it signed in to before; "" otherwise.
func (a *Auth) browser(name, value string, now time.Time) string {
	account := sha256.Sum256([]byte(name))
	_, data := a.proofs(value, now)
	for _, b := range data {
		if bytes.Equal(b[browserID:], account[:]) {
			return hex.EncodeToString(b[:browserID])
		}
	}
	return ""
}

// remember returns the cookie's next value, after signing in to an account.
func (a *Auth) remember(name, value string, now time.Time) string {
	account := sha256.Sum256([]byte(name))
	fresh := make([]byte, browserID, browserID+sha256.Size)
	rand.Read(fresh)
	var others []string
	proofs, data := a.proofs(value, now)
	for i, b := range data {
		if bytes.Equal(b[browserID:], account[:]) {
			copy(fresh, b[:browserID]) // the attempts stay counted
		} else {
			others = append(others, proofs[i])
		}
	}
	proof := a.keys.Sign(browserPurpose, append(fresh, account[:]...), now.Add(browserTime))
	return strings.Join(append([]string{proof}, others[:min(len(others), maxBrowser-1)]...), ".")
}
