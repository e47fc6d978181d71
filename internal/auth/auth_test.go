package auth_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/auth"
	"signpost/internal/state"
	"signpost/internal/token"
)

var now = time.Date(2014, 10, 6, 12, 0, 0, 0, time.UTC)

const password = "four words are enough"

func open(t *testing.T, dir, url string) *state.Store {
	t.Helper()
	s, err := state.Open(t.Context(), state.Config{Dir: dir, URL: url, Key: make([]byte, 32), Redact: strings.ToLower})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// site returns an Auth with the agents kim (admin) and lee.
func site(t *testing.T) *auth.Auth {
	t.Helper()
	a := auth.New(open(t, t.TempDir(), "").Accounts, token.New())
	for _, name := range []string{"kim", "lee"} {
		if err := a.AddAgent(t.Context(), name, password, now); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func signIn(t *testing.T, a *auth.Auth, name string, at time.Time) string {
	t.Helper()
	cookie, _, err := a.SignIn(t.Context(), auth.Attempt{Name: name, Password: password, Client: "192.0.2.1"}, at)
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

func TestSignIn(t *testing.T) {
	a := site(t)
	cookie := signIn(t, a, " KIM ", now)
	who, err := a.Check(cookie, now.Add(12*time.Hour-time.Second))
	want := auth.Identity{Agent: "kim", Scopes: []string{"suggest", "replies", "gaps", "report", "status:write", "notify"}}
	if d := cmp.Diff(want, who); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	if who, _ := a.Check(signIn(t, a, "lee", now), now); who.Can(auth.ObsoleteScope) || !who.Can(auth.ScopeStatus) {
		t.Errorf("lee is %+v", who)
	}
	for name, c := range map[string]struct {
		cookie string
		at     time.Time
	}{
		"expired": {cookie, now.Add(12 * time.Hour)},
		"empty":   {"", now},
		"other":   {"x" + cookie, now},
		"long":    {strings.Repeat("x", 10000), now},
	} {
		if _, err := a.Check(c.cookie, c.at); !errors.Is(err, auth.ErrSession) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, word := range map[string]string{"kim": "wrong", "nobody": password, "": password, "ki m": password, "lee": "", "x": strings.Repeat("x", 100000)} {
		if _, _, err := a.SignIn(t.Context(), auth.Attempt{Name: name, Password: word, Client: name}, now); !errors.Is(err, auth.ErrSignIn) {
			t.Errorf("%q %.10q: %v", name, word, err)
		}
	}
	if err := a.SignOut(t.Context(), cookie); err != nil {
		t.Error(err)
	}
	if _, err := a.Check(cookie, now); !errors.Is(err, auth.ErrSession) {
		t.Errorf("after signing out: %v", err)
	}
}

func TestNewPasswordEndsSessions(t *testing.T) {
	a := site(t)
	cookie := signIn(t, a, "lee", now)
	if err := a.SetPassword(t.Context(), "Lee", "another good one"); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Check(cookie, now); !errors.Is(err, auth.ErrSession) {
		t.Errorf("the old session: %v", err)
	}
	if _, _, err := a.SignIn(t.Context(), auth.Attempt{Name: "lee", Password: password, Client: "c"}, now); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("the old password: %v", err)
	}
	if _, _, err := a.SignIn(t.Context(), auth.Attempt{Name: "lee", Password: "another good one", Client: "c"}, now); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestBadAccounts(t *testing.T) {
	a := site(t)
	for _, c := range []struct{ name, password, want string }{
		{"kim", password, "already"},
		{"", password, "1 to 100"},
		{"jo\nx", password, "cannot be part"},
		{"jo", "short", "at least 10"},
		{"jo", "xxxxxxxxxxxx", "repeated"},
		{"longname", "my-LongName-1", "contains the name"},
		{"jo", strings.Repeat("ö", 201), "at most 200"},
		{"jo", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "valid text"},
	} {
		if err := a.AddAgent(t.Context(), c.name, c.password, now); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %.12q: %v, want %q", c.name, c.password, err, c.want)
		}
	}
	if err := a.SetPassword(t.Context(), "nobody", password); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("password of nobody: %v", err)
	}
}

// TestLimits guesses: from one client, and from many clients at one account.
func TestLimits(t *testing.T) {
	a := site(t)
	attempt := func(name, client string, at time.Time) error {
		_, _, err := a.SignIn(t.Context(), auth.Attempt{Name: name, Client: client}, at)
		return err
	}
	var limit *auth.LimitError
	for i := range 10 {
		if err := attempt("nobody", "192.0.2.7", now); !errors.Is(err, auth.ErrSignIn) {
			t.Fatalf("attempt %d: %v", i, err)
		}
	}
	if err := attempt("lee", "192.0.2.7", now); !errors.As(err, &limit) || limit.After != 6*time.Second {
		t.Errorf("attempt 11: %v", err)
	}
	if err := attempt("lee", "192.0.2.8", now); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("another client: %v", err)
	}
	if err := attempt("lee", "192.0.2.7", now.Add(6*time.Second)); !errors.Is(err, auth.ErrSignIn) {
		t.Errorf("after the wait: %v", err)
	}
	many := 0
	for i := range 60 {
		if err := attempt("kim", string(rune('a'+i)), now); errors.As(err, &limit) {
			many++
		}
	}
	if many != 30 {
		t.Errorf("%d of 60 clients were stopped at one account, want 30", many)
	}
}

// TestKnownBrowser guesses at an account, and from an address, until both are
// locked: a browser that signed in to the account before is not.
func TestKnownBrowser(t *testing.T) {
	a := site(t)
	attempt := func(name, word, client, browser string) (string, error) {
		_, next, err := a.SignIn(t.Context(), auth.Attempt{Name: name, Password: word, Client: client, Browser: browser}, now)
		return next, err
	}
	kims, err := attempt("kim", password, "192.0.2.1", "")
	if err != nil {
		t.Fatal(err)
	}
	shared, err := attempt("lee", password, "192.0.2.1", kims)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		attempt("kim", "a guess", fmt.Sprint("stranger", i), "")
		attempt("nobody", "a guess", "192.0.2.1", "")
	}
	var limit *auth.LimitError
	if _, err := attempt("kim", password, "192.0.2.1", ""); !errors.As(err, &limit) {
		t.Errorf("a new browser: %v", err)
	}
	for name, browser := range map[string]string{"its cookie": kims, "another account's too": shared} {
		if next, err := attempt("KIM", password, "192.0.2.1", browser); err != nil || next == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Its own guesses are counted, whatever cookie they bring.
	stopped := 0
	for range 20 {
		if _, err := attempt("kim", "a guess", "192.0.2.9", kims); errors.As(err, &limit) {
			stopped++
		}
	}
	if stopped != 12 { // two attempts were right
		t.Errorf("%d of 20 guesses of a known browser were stopped, want 12", stopped)
	}
	// A proof counts for its account, its time and as it was signed.
	for name, browser := range map[string]string{"another account's": kims, "cut": kims[:len(kims)-2], "many": strings.Repeat("x.", 500) + kims} {
		if _, err := attempt("lee", password, "192.0.2.1", browser); !errors.As(err, &limit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := a.SignIn(t.Context(), auth.Attempt{Name: "kim", Password: password, Client: "192.0.2.1", Browser: shared}, now.AddDate(1, 1, 10)); err != nil {
		t.Errorf("after its time, when the locks are over: %v", err)
	}
	if n := len(strings.Split(shared, ".")); n != 2 {
		t.Errorf("a browser of two agents has %d proofs", n)
	}
}

// TestManySignIns lets 200 people sign in at once: memory stays bounded, and
// who cannot be served is told so.
func TestManySignIns(t *testing.T) {
	a := site(t)
	var mu sync.Mutex
	outcomes := map[string]int{}
	peak := uint64(0)
	stop := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
		}
	})
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			_, _, err := a.SignIn(t.Context(), auth.Attempt{Name: fmt.Sprint("name", i), Password: password, Client: fmt.Sprint(i)}, now)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, auth.ErrBusy):
				outcomes["busy"]++
			case errors.Is(err, auth.ErrSignIn):
				outcomes["served"]++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(stop)
	watch.Wait()
	t.Logf("%v, at most %d MiB in use", outcomes, peak>>20)
	// How many are served depends on the machine: some are, and most are not.
	if outcomes["served"] == 0 || outcomes["busy"] < 100 || peak > 400<<20 {
		t.Errorf("%v, %d MiB", outcomes, peak>>20)
	}
}

func TestRotation(t *testing.T) {
	a := site(t)
	first := signIn(t, a, "kim", now)
	form := a.FormToken(first, now)
	if c, err := a.Rotate(t.Context(), first, now.Add(59*time.Minute)); c != "" || err != nil {
		t.Errorf("rotated too early: %q, %v", c, err)
	}
	at := now.Add(11 * time.Hour)
	second, err := a.Rotate(t.Context(), first, at)
	if second == "" || second == first || err != nil {
		t.Fatalf("not rotated: %q, %v", second, err)
	}
	if again, err := a.Rotate(t.Context(), first, at); again != "" || err != nil {
		t.Errorf("a concurrent request rotates again: %q, %v", again, err)
	}
	for name, c := range map[string]struct {
		cookie string
		at     time.Time
		want   error
	}{
		"old, at once":         {first, at.Add(29 * time.Second), nil},
		"old, later":           {first, at.Add(31 * time.Second), auth.ErrSession},
		"new":                  {second, at, nil},
		"new, the next day":    {second, at.Add(11 * time.Hour), nil},
		"new, twelve hours on": {second, at.Add(12 * time.Hour), auth.ErrSession},
	} {
		if _, err := a.Check(c.cookie, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := a.CheckForm(second, form, at); err != nil {
		t.Errorf("a form from before the rotation: %v", err)
	}
	cookie := second
	for range 40 {
		at = at.Add(6 * time.Hour)
		if next, err := a.Rotate(t.Context(), cookie, at); err != nil {
			t.Fatal(err)
		} else if next != "" {
			cookie = next
		}
	}
	if _, err := a.Check(cookie, at); !errors.Is(err, auth.ErrSession) {
		t.Errorf("a session goes on for ten days: %v", err)
	}
	first = signIn(t, a, "kim", now)
	second, _ = a.Rotate(t.Context(), first, now.Add(2*time.Hour))
	if err := a.SignOut(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{first, second} {
		if _, err := a.Check(c, now.Add(2*time.Hour)); !errors.Is(err, auth.ErrSession) {
			t.Errorf("after signing out in another tab: %v", err)
		}
	}
}

func TestForms(t *testing.T) {
	a := site(t)
	kim, lee := signIn(t, a, "kim", now), signIn(t, a, "lee", now)
	token := a.FormToken(kim, now)
	if token == a.FormToken(kim, now) {
		t.Error("two forms have the same token")
	}
	for name, c := range map[string]struct {
		cookie, token string
		want          error
	}{
		"right":      {kim, token, nil},
		"other":      {lee, token, auth.ErrForm},
		"none":       {kim, "", auth.ErrForm},
		"short":      {kim, "AAAA", auth.ErrForm},
		"no base64":  {kim, "***", auth.ErrForm},
		"no session": {"", token, auth.ErrSession},
	} {
		if err := a.CheckForm(c.cookie, c.token, now); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a.FormToken("", now) != "" {
		t.Error("a form token without a session")
	}
}

func TestTokens(t *testing.T) {
	a := site(t)
	token, err := a.AddToken(t.Context(), "monitor", "kim", []string{auth.ScopeStatus, auth.ScopeReport, auth.ScopeStatus}, now.Add(time.Hour), now)
	if err != nil {
		t.Fatal(err)
	}
	forever, err := a.AddToken(t.Context(), "forever", "", []string{auth.ObsoleteScope, auth.ScopeReport}, time.Time{}, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field, scope string
		at           time.Time
		want         error
	}{
		{"Bearer " + token, auth.ScopeStatus, now, nil},
		{"bearer  " + token, auth.ScopeReport, now, nil},
		{"Bearer " + token, auth.ScopeSuggest, now, auth.ErrScope},
		{"Bearer " + token, auth.ScopeStatus, now.Add(time.Hour), auth.ErrToken},
		{"Bearer " + forever, auth.ScopeReport, now.AddDate(50, 0, 0), nil},
		{"Bearer " + forever, auth.ObsoleteScope, now, auth.ErrScope},
		{"Bearer " + token + "x", auth.ScopeStatus, now, auth.ErrToken},
		{"Basic " + token, auth.ScopeStatus, now, auth.ErrToken},
		{token, auth.ScopeStatus, now, auth.ErrToken},
		{"Bearer", auth.ScopeStatus, now, auth.ErrToken},
		{"", auth.ScopeStatus, now, auth.ErrToken},
	} {
		who, err := a.Bearer(t.Context(), c.field, c.scope, c.at)
		if !errors.Is(err, c.want) || err == nil && (who.Token == "" || !slices.Contains(who.Scopes, c.scope) || len(who.Scopes) > 2) {
			t.Errorf("%.12s %s: %+v, %v", c.field, c.scope, who, err)
		}
	}
	for name, c := range map[string]struct {
		name    string
		scopes  []string
		expires time.Time
	}{
		"twice":       {"monitor", []string{"report"}, time.Time{}},
		"no name":     {" ", []string{"report"}, time.Time{}},
		"control":     {"x\u009b1m", []string{"report"}, time.Time{}},
		"direction":   {"x\u202ey", []string{"report"}, time.Time{}},
		"no text":     {"x\xff", []string{"report"}, time.Time{}},
		"no scope":    {"x", nil, time.Time{}},
		"wrong scope": {"x", []string{"all"}, time.Time{}},
		"past":        {"x", []string{"report"}, now},
	} {
		if token, err := a.AddToken(t.Context(), c.name, "kim", c.scopes, c.expires, now); err == nil {
			t.Errorf("%s: %s", name, token)
		}
	}
}

// TestWithoutDatabase signs in and uses a token with the copy on disk only.
func TestWithoutDatabase(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, "")
	a := auth.New(s.Accounts, token.New())
	if err := a.AddAgent(t.Context(), "kim", password, now); err != nil {
		t.Fatal(err)
	}
	bearer, err := a.AddToken(t.Context(), "t", "kim", []string{auth.ScopeStatus}, time.Time{}, now)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	a = auth.New(open(t, dir, "postgres://nobody@127.0.0.1:1/x").Accounts, token.New())
	cookie := signIn(t, a, "kim", now)
	if who, err := a.Check(cookie, now); err != nil || who.Agent != "kim" {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := a.Bearer(t.Context(), "Bearer "+bearer, auth.ScopeStatus, now); err != nil {
		t.Error(err)
	}
	if c, err := a.Rotate(t.Context(), cookie, now.Add(2*time.Hour)); c == "" || err != nil {
		t.Errorf("rotation: %q, %v", c, err)
	}
	if err := a.AddAgent(t.Context(), "lee", password, now); !errors.Is(err, state.ErrUnavailable) {
		t.Errorf("a new agent: %v", err)
	}
	found, _ := filepath.Glob(filepath.Join(dir, "access.json"))
	if len(found) != 1 {
		t.Error("no copy of the accounts")
	}
}

func TestCookies(t *testing.T) {
	for _, secure := range []bool{false, true} {
		c := auth.SessionCookie("v", secure)
		if err := c.Valid(); err != nil || !c.HttpOnly || c.Secure != secure || strings.HasPrefix(c.Name, "__Host-") != secure || c.Path != "/" {
			t.Errorf("%+v, %v", c, err)
		}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(c)
		r.AddCookie(auth.FlowCookie("f", secure))
		if auth.SessionValue(r, secure) != "v" || auth.FlowValue(r, secure) != "f" || auth.SessionValue(r, !secure) != "" {
			t.Errorf("%v", r.Cookies())
		}
	}
	if auth.SessionCookie("", true).MaxAge >= 0 {
		t.Error("an empty cookie does not remove")
	}
}

func TestLocalPath(t *testing.T) {
	for in, want := range map[string]string{
		"/agent/report?from=1": "/agent/report?from=1",
		"":                     "/agent",
		"//example.com":        "/agent",
		"/\\example.com":       "/agent",
		"https://example.com/": "/agent",
		"/\t/example.com":      "/agent",
		"javascript:alert(1)":  "/agent",
	} {
		if got := auth.LocalPath(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
