// Package auth decides who an agent or a program is.
//
// [New] makes an [Auth]; [Auth.Check] tells whose session a request belongs to
// and [Auth.Bearer] what an API token may do. Both read only memory, so that
// they work with the database and the OpenID provider gone.
//
// Guarantees: passwords are kept as argon2id hashes (RFC 9106), cookies and
// tokens as SHA-256 hashes; signing in takes the same time for a wrong name and
// a wrong password, and is limited per client and per account, in bounded
// memory, and apart from that per browser that signed in before; the cookie of a session changes with each prolongation; forms carry a token bound to the
// session; OpenID Connect ([NewOIDC]) uses PKCE (RFC 7636), state and nonce, and
// lets nobody in without an allow rule.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"signpost/internal/limit"
	"signpost/internal/state"
	"signpost/internal/token"
)

// Errors that pages and the API tell apart.
var (
	ErrSignIn    = errors.New("the name or the password is wrong")
	ErrSession   = errors.New("you are not signed in, or your session has ended")
	ErrToken     = errors.New("the API token is unknown or has expired")
	ErrScope     = errors.New("the API token does not allow this")
	ErrForm      = errors.New("this form is too old; load the page again and send it once more")
	ErrBusy      = errors.New("too many people are signing in; try again in a moment")
	ErrForbidden = errors.New("your account may not use this site")
)

// A LimitError says that there were too many attempts to sign in.
type LimitError struct {
	After time.Duration // when to try again
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("too many attempts to sign in; try again in %d seconds", int(e.After.Seconds())+1)
}

// Scopes of API tokens.
const (
	ScopeSuggest = "suggest"      // articles and incidents for a ticket's text
	ScopeReplies = "replies"      // reply links
	ScopeGaps    = "gaps"         // questions without an article
	ScopeReport  = "report"       // what helped and what was searched
	ScopeStatus  = "status:write" // status posts
	ScopeNotify  = "notify"       // tell subscribers of these posts
)

// Scopes are all scopes.
var Scopes = []string{ScopeSuggest, ScopeReplies, ScopeGaps, ScopeReport, ScopeStatus, ScopeNotify}

// ObsoleteScope is accepted by [Auth.AddToken] for one more version and allows
// nothing: metrics are behind the admin listener's own token.
const ObsoleteScope = "metrics"

// How long a session lasts. It is prolonged while it is used, an account's up
// to maxSession, an OpenID session never: then the provider is asked again.
const (
	sessionTime = 12 * time.Hour
	rotateAfter = time.Hour
	maxSession  = 7 * 24 * time.Hour
	graceTime   = 30 * time.Second // for requests that were under way when the cookie changed
)

// Sources of sessions.
const (
	fromPassword = "password"
	fromOIDC     = "oidc"
)

// An Identity is who makes a request.
type Identity struct {
	Agent  string   // account name, or address or subject of an OpenID user; of a token: who made it
	Token  string   // name of the API token; "" for a session
	Scopes []string // what it may do; a session may do all
}

// Can reports whether the scope is allowed.
func (i Identity) Can(scope string) bool { return slices.Contains(i.Scopes, scope) }

// maxKeys is how many clients, accounts and browsers each limit remembers.
const maxKeys = 10_000

// An Auth is safe for concurrent use.
type Auth struct {
	state    *state.Accounts
	keys     *token.Keyring
	hasher   *hasher
	clients  *limit.Buckets[string]
	accounts *limit.Buckets[string]

	// Of browsers that signed in to the account before.
	ownHasher *hasher
	browsers  *limit.Buckets[string]

	mu      sync.Mutex
	changed map[string]rotated // by id of the old session
}

// A rotated session goes on for a moment under its old cookie.
type rotated struct {
	session state.Session
	until   time.Time
}

// New makes an Auth on the state and the site's keys.
func New(accounts *state.Accounts, keys *token.Keyring) *Auth {
	return &Auth{
		state: accounts, keys: keys, hasher: newHasher(min(4, max(1, runtime.GOMAXPROCS(0)))), ownHasher: newHasher(1),
		clients:  limit.New[string](limit.Budget{PerMinute: 10, AtOnce: 10}, maxKeys),
		accounts: limit.New[string](limit.Budget{PerMinute: 6, AtOnce: 30}, maxKeys),
		browsers: limit.New[string](limit.Budget{PerMinute: 10, AtOnce: 10}, maxKeys),
		changed:  map[string]rotated{},
	}
}

// secret returns 256 random bits for a cookie or token, and their hash.
func secret() (value, id string) {
	b := make([]byte, 32)
	rand.Read(b)
	value = base64.RawURLEncoding.EncodeToString(b)
	return value, hashed(value)
}

func hashed(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}

// CleanName returns an account's name as it is kept: lower case, of letters,
// digits and . _ @ + -, at most 100 characters.
func CleanName(name string) (string, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" || len(name) > 100 {
		return "", errors.New("a name has 1 to 100 characters")
	}
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("._@+-", r) {
			return "", fmt.Errorf("%q cannot be part of a name; use letters a to z, digits and . _ @ + -", r)
		}
	}
	return name, nil
}

// AddAgent makes an account.
func (a *Auth) AddAgent(ctx context.Context, name, password string, now time.Time) error {
	name, err := CleanName(name)
	if err != nil {
		return err
	}
	if err := CheckPassword(name, password); err != nil {
		return err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	err = a.state.AddAgent(ctx, state.Agent{Name: name, Password: hash, Created: now})
	if errors.Is(err, state.ErrExists) {
		return fmt.Errorf("there is an agent %s already: %w", name, err)
	}
	return err
}

// SetPassword changes a password; all sessions of the account end.
func (a *Auth) SetPassword(ctx context.Context, name, password string) error {
	name, err := CleanName(name)
	if err != nil {
		return err
	}
	if err := CheckPassword(name, password); err != nil {
		return err
	}
	hash, err := a.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.state.SetPassword(ctx, name, hash)
}

// An Attempt is what somebody typed to sign in, and where it came from.
type Attempt struct {
	Name, Password string
	Client         string // whom attempts are counted for: an address or a network
	Browser        string // value of [BrowserCookie], or ""
}

// SignIn checks a name and a password and begins a session; the values go into
// the session's cookie and the browser's. Errors: ErrSignIn, *LimitError, ErrBusy.
func (a *Auth) SignIn(ctx context.Context, t Attempt, now time.Time) (session, browser string, err error) {
	name, err := CleanName(t.Name)
	if err != nil {
		return "", "", ErrSignIn
	}
	own := a.browser(name, t.Browser, now)
	if wait := a.wait(name, t.Client, own, now); wait > 0 {
		return "", "", &LimitError{wait}
	}
	agent, known := a.state.Access().Agents[name]
	hash := agent.Password
	if !known || hash == "" {
		hash = nobody
	}
	hasher := a.hasher
	if own != "" { // the strangers' queue may be full
		hasher = a.ownHasher
	}
	ok, err := hasher.verify(ctx, t.Password, hash)
	if err != nil {
		return "", "", err
	}
	if !ok || !known {
		return "", "", ErrSignIn
	}
	// Only the account gets its attempts back: else an attacker's own account
	// would give the client as many guesses as it likes.
	if own == "" {
		a.accounts.Forget(name)
	}
	session, err = a.begin(ctx, name, fromPassword, now)
	return session, a.remember(name, t.Browser, now), err
}

// wait counts an attempt, and returns how long to wait when it is one too many.
func (a *Auth) wait(name, client, browser string, now time.Time) time.Duration {
	if browser != "" {
		return a.browsers.Take(browser, 1, now)
	}
	if wait := a.clients.Take(client, 1, now); wait > 0 {
		return wait
	}
	return a.accounts.Take(name, 1, now)
}

// begin makes a session.
func (a *Auth) begin(ctx context.Context, name, source string, now time.Time) (string, error) {
	value, id := secret()
	err := a.state.AddSession(ctx, state.Session{ID: id, Agent: name, Source: source, Created: now, Expires: now.Add(sessionTime)})
	return value, err
}

// Check tells whose session a cookie belongs to.
func (a *Auth) Check(cookie string, now time.Time) (Identity, error) {
	session, err := a.session(cookie, now)
	if err != nil {
		return Identity{}, err
	}
	who := Identity{Agent: session.Agent, Scopes: Scopes}
	if _, known := a.state.Access().Agents[session.Agent]; !known && session.Source != fromOIDC {
		return Identity{}, ErrSession
	}
	return who, nil
}

func (a *Auth) session(cookie string, now time.Time) (state.Session, error) {
	if cookie == "" || len(cookie) > 200 {
		return state.Session{}, ErrSession
	}
	id := hashed(cookie)
	session, ok := a.state.Access().Sessions[id]
	if !ok {
		a.mu.Lock()
		old := a.changed[id]
		a.mu.Unlock()
		session, ok = old.session, now.Before(old.until)
		// The session that replaced it may have been ended.
		if _, alive := a.state.Access().Sessions[session.ID]; !alive {
			ok = false
		}
	}
	if !ok || !now.Before(session.Expires) {
		return state.Session{}, ErrSession
	}
	return session, nil
}

// Rotate prolongs a session that was begun or prolonged more than an hour ago,
// and gives it a new cookie. It returns "" when the cookie stays: because it is
// fresh, because the session cannot be prolonged, or because a concurrent
// request has just done so.
func (a *Auth) Rotate(ctx context.Context, cookie string, now time.Time) (string, error) {
	id := hashed(cookie)
	session, ok := a.state.Access().Sessions[id]
	end := now.Add(sessionTime)
	if last := session.Created.Add(maxSession); end.After(last) {
		end = last
	}
	if !ok || !now.Before(session.Expires) || session.Source == fromOIDC || end.Sub(session.Expires) < rotateAfter {
		return "", nil
	}
	a.mu.Lock()
	if r, done := a.changed[id]; done && now.Before(r.until) {
		a.mu.Unlock()
		return "", nil
	}
	value, next := secret()
	session.ID, session.Expires = next, end
	a.changed[id] = rotated{session, now.Add(graceTime)}
	for old, r := range a.changed {
		if !now.Before(r.until) {
			delete(a.changed, old)
		}
	}
	a.mu.Unlock()
	if err := a.state.AddSession(ctx, session); err != nil {
		return "", err
	}
	if err := a.state.RemoveSession(ctx, id); err != nil {
		return "", err
	}
	return value, nil
}

// SignOut ends a session.
func (a *Auth) SignOut(ctx context.Context, cookie string) error {
	id := hashed(cookie)
	a.mu.Lock()
	old, changed := a.changed[id]
	delete(a.changed, id)
	a.mu.Unlock()
	if changed {
		return errors.Join(a.state.RemoveSession(ctx, id), a.state.RemoveSession(ctx, old.session.ID))
	}
	return a.state.RemoveSession(ctx, id)
}

// AddToken makes an API token and returns it; it is not kept and cannot be
// shown again. A zero expires never ends.
func (a *Auth) AddToken(ctx context.Context, name, agent string, scopes []string, expires, now time.Time) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 100 || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", errors.New("a token's name has 1 to 100 characters that can be printed")
	}
	if len(scopes) == 0 {
		return "", fmt.Errorf("a token needs a scope: %s", strings.Join(Scopes, ", "))
	}
	for _, s := range scopes {
		if s != ObsoleteScope && !slices.Contains(Scopes, s) {
			return "", fmt.Errorf("unknown scope %q; there are %s", s, strings.Join(Scopes, ", "))
		}
	}
	scopes = slices.DeleteFunc(slices.Clone(Scopes), func(s string) bool { return !slices.Contains(scopes, s) })
	if !expires.IsZero() && !expires.After(now) {
		return "", errors.New("the token would have expired already")
	}
	value, _ := secret()
	value = tokenPrefix + value
	err := a.state.AddToken(ctx, state.Token{ID: hashed(value), Name: name, Agent: agent, Scopes: scopes, Created: now, Expires: expires})
	if errors.Is(err, state.ErrExists) {
		return "", fmt.Errorf("there is a token %q already: %w", name, err)
	}
	return value, err
}

// tokenPrefix lets scanners of published files find tokens.
const tokenPrefix = "signpost_"

// Bearer tells who the sender of an Authorization field is (RFC 6750), if it
// may use the scope. Errors: ErrToken (401), ErrScope (403).
func (a *Auth) Bearer(ctx context.Context, authorization, scope string, now time.Time) (Identity, error) {
	scheme, value, _ := strings.Cut(strings.TrimSpace(authorization), " ")
	value = strings.TrimSpace(value)
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(value, tokenPrefix) || len(value) > 200 {
		return Identity{}, ErrToken
	}
	t, ok := a.state.Token(ctx, hashed(value))
	if !ok || !t.Expires.IsZero() && !now.Before(t.Expires) {
		return Identity{}, ErrToken
	}
	who := Identity{Agent: t.Agent, Token: t.Name, Scopes: t.Scopes}
	if !who.Can(scope) {
		return Identity{}, ErrScope
	}
	return who, nil
}
