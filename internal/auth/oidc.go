package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"signpost/internal/token"
)

// flowTime is how long a sign-in at the provider may take.
const flowTime = 10 * time.Minute

// An OIDCConfig describes an OpenID provider and who of its users may in.
type OIDCConfig struct {
	Issuer       string // https://…, as in the provider's discovery document
	ClientID     string
	ClientSecret string // "" for a public client
	RedirectURL  string // absolute; where [OIDC.Finish] is called

	// Who may in. At least one rule is needed: without one, everybody with an
	// account at the provider would be an agent.
	Emails      []string // addresses that the provider says are verified
	Domains     []string // domains of such addresses
	Groups      []string // any of them
	GroupsClaim string   // default "groups"

	Client *http.Client // for requests to the provider; nil has a time-out of ten seconds
}

// An OIDC signs agents in with an OpenID provider (OpenID Connect Core 1.0,
// authorization code flow).
type OIDC struct {
	auth                    *Auth
	cfg                     OIDCConfig
	emails, domains, groups []string

	mu       sync.Mutex
	provider *oidc.Provider // nil until the provider has answered once
}

// NewOIDC checks the configuration. The provider is not asked before the first
// sign-in: the site starts without it.
func NewOIDC(cfg OIDCConfig, a *Auth) (*OIDC, error) {
	issuer, err := url.Parse(cfg.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && !isLoopback(issuer) {
		return nil, fmt.Errorf("the OpenID issuer %q must be an https:// address", cfg.Issuer)
	}
	back, err := url.Parse(cfg.RedirectURL)
	if err != nil || back.Host == "" || back.Scheme != "https" && !isLoopback(back) {
		return nil, fmt.Errorf("the redirect address %q must be an https:// address", cfg.RedirectURL)
	}
	if cfg.ClientID == "" {
		return nil, errors.New("OpenID sign-in needs a client id")
	}
	if cfg.GroupsClaim == "" {
		cfg.GroupsClaim = "groups"
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 10 * time.Second}
	}
	o := &OIDC{auth: a, cfg: cfg}
	if err := o.readRules(); err != nil {
		return nil, err
	}
	return o, nil
}

// readRules reads who may sign in. An empty rule, as a stray comma leaves it,
// is none.
func (o *OIDC) readRules() error {
	for _, e := range o.cfg.Emails {
		e = strings.ToLower(strings.TrimSpace(e))
		if e == "" {
			continue
		}
		if at := strings.LastIndexByte(e, '@'); at < 1 || at == len(e)-1 {
			return fmt.Errorf("%q, who may sign in with OpenID, is no mail address", e)
		}
		o.emails = append(o.emails, e)
	}
	for _, d := range o.cfg.Domains {
		if d = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(d), "@")); d != "" {
			o.domains = append(o.domains, d)
		}
	}
	for _, g := range o.cfg.Groups {
		if g = strings.TrimSpace(g); g != "" {
			o.groups = append(o.groups, g)
		}
	}
	if len(o.emails)+len(o.domains)+len(o.groups) == 0 {
		return errors.New("OpenID sign-in needs a rule who may sign in: verified addresses, their domains or a group")
	}
	return nil
}

func isLoopback(u *url.URL) bool {
	h := u.Hostname()
	return u.Scheme == "http" && (h == "localhost" || h == "127.0.0.1" || h == "::1")
}

// flow is what the browser carries, sealed, through the sign-in.
type flow struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"x"`
}

// discover returns the provider's endpoints; they are asked for once.
func (o *OIDC) discover(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		// The keys are fetched later with this context: it must not end with the request.
		p, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.cfg.Client), o.cfg.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("the OpenID provider cannot be reached: %w", err)
		}
		o.provider = p
	}
	scopes := []string{oidc.ScopeOpenID, "email", "profile"}
	if len(o.groups) > 0 {
		var about struct {
			Scopes []string `json:"scopes_supported"`
		}
		if err := o.provider.Claims(&about); err == nil && slices.Contains(about.Scopes, "groups") {
			scopes = append(scopes, "groups")
		}
	}
	return o.provider, &oauth2.Config{
		ClientID: o.cfg.ClientID, ClientSecret: o.cfg.ClientSecret, RedirectURL: o.cfg.RedirectURL,
		Endpoint: o.provider.Endpoint(), Scopes: scopes,
	}, nil
}

// Begin returns the provider's address to redirect to, and the value of the
// [FlowCookie]. next is the local path to show afterwards.
func (o *OIDC) Begin(ctx context.Context, next string, now time.Time) (redirect, cookie string, err error) {
	_, cfg, err := o.discover(ctx)
	if err != nil {
		return "", "", err
	}
	f := flow{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(), Next: LocalPath(next)}
	raw, err := json.Marshal(f)
	if err != nil {
		return "", "", err
	}
	cookie = o.auth.keys.Seal("oidc", raw, now.Add(flowTime))
	return cfg.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), cookie, nil
}

func random() string {
	b := make([]byte, 24)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// LocalPath returns a path of this site, "/agent" for anything else: who
// signs in is not sent to another host.
func LocalPath(p string) string {
	u, err := url.Parse(p)
	if err != nil || len(p) > 500 || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") ||
		strings.ContainsFunc(p, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return "/agent"
	}
	return p
}

// Finish takes the provider's answer (the query of the redirect address) and
// begins a session. Errors: ErrForm when the answer belongs to no sign-in of
// this browser, ErrForbidden when no rule lets the user in.
func (o *OIDC) Finish(ctx context.Context, query url.Values, cookie string, now time.Time) (session, next string, err error) {
	raw, err := o.auth.keys.Unseal("oidc", cookie, now)
	var f flow
	if err != nil || json.Unmarshal(raw, &f) != nil {
		if errors.Is(err, token.ErrExpired) {
			return "", "", fmt.Errorf("%w: the sign-in took longer than ten minutes", ErrForm)
		}
		return "", "", ErrForm
	}
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(f.State)) != 1 {
		return "", "", ErrForm
	}
	if iss := query.Get("iss"); iss != "" && iss != o.cfg.Issuer { // RFC 9207
		return "", "", ErrForm
	}
	if code := query.Get("error"); code != "" {
		return "", "", fmt.Errorf("%w: the provider says %q", ErrForbidden, shorten(code))
	}
	who, err := o.exchange(ctx, query.Get("code"), f, now)
	if err != nil {
		return "", "", err
	}
	session, err = o.auth.begin(ctx, who, fromOIDC, now)
	return session, f.Next, err
}

func shorten(s string) string { return s[:min(len(s), 60)] }

// exchange gets the ID token for a code, verifies it, and applies the rules.
func (o *OIDC) exchange(ctx context.Context, code string, f flow, now time.Time) (string, error) {
	provider, cfg, err := o.discover(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, o.cfg.Client)
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return "", fmt.Errorf("the OpenID provider does not accept its own answer: %w", err)
	}
	rawID, _ := token.Extra("id_token").(string)
	idToken, err := provider.Verifier(&oidc.Config{ClientID: o.cfg.ClientID, Now: func() time.Time { return now }}).Verify(ctx, rawID)
	if err != nil {
		return "", fmt.Errorf("the OpenID provider's token is not valid: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(f.Nonce)) != 1 {
		return "", ErrForm
	}
	var claims map[string]any
	if err := idToken.Claims(&claims); err != nil {
		return "", err
	}
	if who, ok := o.allowed(idToken.Subject, claims); ok {
		return who, nil
	}
	// Many providers give address and groups only here (OpenID Connect Core, section 5.3).
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != idToken.Subject {
		return "", ErrForbidden
	}
	if err := info.Claims(&claims); err != nil {
		return "", err
	}
	if who, ok := o.allowed(idToken.Subject, claims); ok {
		return who, nil
	}
	return "", ErrForbidden
}

// allowed applies the rules, and returns the name by which the user is known:
// the verified address, else the subject.
func (o *OIDC) allowed(subject string, claims map[string]any) (string, bool) {
	name := "oidc:" + shorten(subject)
	email, _ := claims["email"].(string)
	email = strings.ToLower(strings.TrimSpace(email))
	verified := email != "" && (claims["email_verified"] == true || claims["email_verified"] == "true")
	if verified {
		name = email
	}
	if at := strings.LastIndexByte(email, '@'); verified && at > 0 && (slices.Contains(o.emails, email) || slices.Contains(o.domains, email[at+1:])) {
		return name, true
	}
	for _, g := range groups(claims[o.cfg.GroupsClaim]) {
		if slices.Contains(o.groups, g) {
			return name, true
		}
	}
	return "", false
}

// groups reads a claim that is a list of texts or one text.
func groups(claim any) []string {
	var out []string
	switch c := claim.(type) {
	case string:
		out = append(out, c)
	case []any:
		for _, v := range c {
			if s, ok := v.(string); ok {
				out = append(out, s)
			}
		}
	}
	return out
}
