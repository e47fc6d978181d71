package auth_test

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"signpost/internal/auth"
)

const back = "http://127.0.0.1:9/agent/oidc"

// provider starts a real OpenID provider, the npm package oidc-provider, and
// returns its issuer. With inToken it puts all claims into the ID token, else
// some are only at the UserInfo endpoint.
func provider(t *testing.T, inToken bool) string {
	t.Helper()
	const dir = "../../.ci/npm/oidc-provider"
	node, err := exec.LookPath("node")
	if _, missing := os.Stat(dir + "/node_modules"); err != nil || missing != nil {
		const sentence = "the OpenID provider is not installed (npm ci --ignore-scripts in .ci/npm/oidc-provider)"
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal(sentence)
		}
		t.Skip(sentence)
	}
	args := []string{"provider.mjs", back}
	if inToken {
		args = append(args, "claims-in-token")
	}
	c := exec.Command(node, args...)
	c.Dir = dir
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); c.Wait() })
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			go io.Copy(io.Discard, stdout)
			return lines.Text()
		}
	}
	t.Fatal("the OpenID provider does not start")
	return ""
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// browse signs in at the provider as a person would, and returns the query
// that it sends back.
func browse(t *testing.T, start, user string) url.Values {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("back")
	var answer url.Values
	browser := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			answer = r.URL.Query()
			return stop
		}
		return nil
	}}
	res, err := browser.Get(start)
	for range 5 {
		if answer != nil {
			return answer
		}
		if err != nil {
			t.Fatal(err)
		}
		page, _ := io.ReadAll(res.Body)
		res.Body.Close()
		m := action.FindSubmatch(page)
		if m == nil {
			t.Fatalf("no form at the provider (%s): %.600s", res.Status, page)
		}
		target, perr := res.Request.URL.Parse(string(m[1]))
		if perr != nil {
			t.Fatal(perr)
		}
		form := url.Values{"prompt": {"consent"}}
		if strings.Contains(string(page), `name="login"`) {
			form = url.Values{"prompt": {"login"}, "login": {user}, "password": {"x"}}
		}
		res, err = browser.PostForm(target.String(), form)
	}
	if answer == nil {
		t.Fatal("the provider does not send the browser back")
	}
	return answer
}

func TestOpenID(t *testing.T) {
	for name, inToken := range map[string]bool{"claims in the token": true, "claims at the endpoint": false} {
		t.Run(name, func(t *testing.T) { testOpenID(t, provider(t, inToken)) })
	}
}

func testOpenID(t *testing.T, issuer string) {
	a := site(t)
	now := time.Now() // the provider's clock cannot be set
	cfg := auth.OIDCConfig{Issuer: issuer, ClientID: "signpost", ClientSecret: "a secret for tests only", RedirectURL: back}
	for _, c := range []struct {
		user   string
		emails []string // "@…" is a domain
		groups []string
		want   string // "" when refused
	}{
		{"kim", []string{" kim@EXAMPLE.org "}, nil, "kim@example.org"},
		{"kim", nil, []string{"support"}, "kim@example.org"},
		{"max", nil, []string{"support"}, "oidc:max"},
		{"lee", []string{"kim@example.org"}, []string{"support"}, ""},
		{"eve", []string{"kim@example.org"}, []string{"support"}, ""},
		{"kim", []string{"@Example.org"}, nil, "kim@example.org"},
		{"kim", []string{"@ample.org"}, nil, ""},
		{"eve", []string{"@example.org"}, nil, ""},
	} {
		cfg.Emails, cfg.Domains, cfg.Groups = c.emails, nil, c.groups
		if len(c.emails) == 1 && c.emails[0][0] == '@' {
			cfg.Emails, cfg.Domains = nil, c.emails
		}
		o, err := auth.NewOIDC(cfg, a)
		if err != nil {
			t.Fatal(err)
		}
		redirect, flow, err := o.Begin(t.Context(), "/agent/status", now)
		if err != nil {
			t.Fatal(err)
		}
		answer := browse(t, redirect, c.user)
		session, next, err := o.Finish(t.Context(), answer, flow, now)
		if c.want == "" {
			if !errors.Is(err, auth.ErrForbidden) || session != "" {
				t.Errorf("%s with %v %v: %v", c.user, c.emails, c.groups, err)
			}
			continue
		}
		if err != nil || next != "/agent/status" {
			t.Errorf("%s: %q, %v", c.user, next, err)
			continue
		}
		who, err := a.Check(session, now)
		if err != nil || who.Agent != c.want {
			t.Errorf("%s: %+v, %v", c.user, who, err)
		}
		if next, _ := a.Rotate(t.Context(), session, now.Add(11*time.Hour)); next != "" {
			t.Error("an OpenID session is prolonged without asking the provider")
		}
		if _, _, err := o.Finish(t.Context(), answer, flow, now); err == nil {
			t.Error("the same answer signs in twice")
		}
	}
	testWrongAnswers(t, a, cfg, now)
}

func testWrongAnswers(t *testing.T, a *auth.Auth, cfg auth.OIDCConfig, now time.Time) {
	cfg.Emails = []string{"kim@example.org"}
	o, err := auth.NewOIDC(cfg, a)
	if err != nil {
		t.Fatal(err)
	}
	redirect, flow, err := o.Begin(t.Context(), "", now)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := o.Begin(t.Context(), "", now)
	if err != nil {
		t.Fatal(err)
	}
	answer := browse(t, redirect, "kim")
	with := func(key, value string) url.Values {
		v := url.Values{}
		for k := range answer {
			v.Set(k, answer.Get(k))
		}
		v.Set(key, value)
		return v
	}
	for name, c := range map[string]struct {
		query  url.Values
		cookie string
		at     time.Time
		want   error
	}{
		"another browser": {answer, other, now, auth.ErrForm},
		"no cookie":       {answer, "", now, auth.ErrForm},
		"too late":        {answer, flow, now.Add(11 * time.Minute), auth.ErrForm},
		"other state":     {with("state", "x"), flow, now, auth.ErrForm},
		"other issuer":    {with("iss", "https://example.com"), flow, now, auth.ErrForm},
		"refused":         {with("error", "access_denied"), flow, now, auth.ErrForbidden},
	} {
		if s, _, err := o.Finish(t.Context(), c.query, c.cookie, c.at); !errors.Is(err, c.want) || s != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, _, err := o.Finish(t.Context(), with("code", "x"), flow, now); err == nil || s != "" {
		t.Error("a wrong code signs in")
	}
}

func TestOIDCConfig(t *testing.T) {
	a := site(t)
	good := auth.OIDCConfig{Issuer: "https://id.example.org", ClientID: "x", RedirectURL: "https://help.example.org/agent/oidc", Groups: []string{"support"}}
	if _, err := auth.NewOIDC(good, a); err != nil {
		t.Errorf("good: %v", err)
	}
	for name, change := range map[string]func(*auth.OIDCConfig){
		"no rule": func(c *auth.OIDCConfig) { c.Groups = nil },
		"empty rules": func(c *auth.OIDCConfig) {
			c.Groups, c.Domains, c.Emails = []string{" "}, []string{"", "@"}, []string{""}
		},
		"no address":     func(c *auth.OIDCConfig) { c.Emails = []string{"kim"} },
		"no client":      func(c *auth.OIDCConfig) { c.ClientID = "" },
		"plain issuer":   func(c *auth.OIDCConfig) { c.Issuer = "http://id.example.org" },
		"no issuer":      func(c *auth.OIDCConfig) { c.Issuer = "" },
		"plain redirect": func(c *auth.OIDCConfig) { c.RedirectURL = "http://help.example.org/agent/oidc" },
	} {
		c := good
		change(&c)
		if _, err := auth.NewOIDC(c, a); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	gone := good
	gone.Issuer = "http://127.0.0.1:1"
	o, err := auth.NewOIDC(gone, a)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.Begin(t.Context(), "/agent", now); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("a provider that is gone: %v", err)
	}
}
