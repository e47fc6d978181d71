package server_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/auth"
	"signpost/internal/state"
)

// TestKnownBrowserSignsIn guesses from the agent's own address: a browser that
// signed in before still comes in, and its cookie goes to that page alone.
func TestKnownBrowserSignsIn(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	got := o.form("/agent/signin", "name", "anna", "password", annasPassword)
	var known string
	for _, c := range got.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "signpost-browser=") {
			known, _, _ = strings.Cut(c, ";")
			if !strings.Contains(c, "Path=/agent/signin;") || !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "SameSite=Strict") {
				t.Errorf("the browser's cookie: %s", c)
			}
		}
	}
	o.cookie = ""
	stopped := 0
	for range 60 {
		if got := o.form("/agent/signin", "name", "anna", "password", "a guess"); got.status == http.StatusTooManyRequests {
			stopped++
		}
	}
	if stopped == 0 {
		t.Error("60 guesses of a new browser were not stopped")
	}
	o.cookie = known
	if got := o.form("/agent/signin", "name", "anna", "password", annasPassword); got.status != http.StatusSeeOther {
		t.Errorf("a known browser: %d", got.status)
	}
}

// TestPostWithoutDatabase starts with a database that cannot be used: an agent
// signs in, a form and a token post, and the audit log has both when it is back.
func TestPostWithoutDatabase(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	token, err := o.auth.AddToken(t.Context(), "pager", "", []string{auth.ScopeStatus}, time.Time{}, o.now())
	if err != nil {
		t.Fatal(err)
	}
	content, data := o.dir, o.data
	o.stop()
	file, aside := filepath.Join(data, "state.db"), filepath.Join(data, "aside.db")
	if err := os.Rename(file, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	o = openAgentSite(t, content, data, "")
	o.signIn()
	if got := o.get("/readyz"); got.status != http.StatusOK {
		t.Errorf("/readyz: %d", got.status)
	}
	if !strings.Contains(o.log.String(), "must be able to read and write the database file") {
		t.Errorf("the log does not name the cause:\n%s", o.log)
	}
	fields := append(o.fields("new"), "do", "publish", "kind", "incident", "title", "IMAP is down", "text", "We look into it.", "component-imap", "down")
	if got := o.form("/agent/status", fields...); got.status != http.StatusSeeOther {
		t.Fatalf("the form: %d %s", got.status, got.body)
	}
	api := o.do(http.MethodPost, "/api/v1/status/posts", `{"kind": "incident", "title": "POP", "affects": ["pop"], "text": "x"}`,
		"Authorization", "Bearer "+token, "Content-Type", "application/json")
	if api.status != http.StatusCreated {
		t.Fatalf("the token: %d %s", api.status, api.body)
	}
	o.stop()

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(aside, file); err != nil {
		t.Fatal(err)
	}
	o = openAgentSite(t, content, data, "")
	o.settle()
	entries, err := o.store.Reports.Audit(t.Context(), time.Time{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var posts []state.AuditEntry
	for _, e := range entries {
		if strings.HasPrefix(e.Action, "post.") {
			e.At, e.Subject = time.Time{}, ""
			posts = append(posts, e)
		}
	}
	want := []state.AuditEntry{{Agent: "anna", Action: "post.add"}, {Token: "pager", Action: "post.add"}}
	if d := cmp.Diff(want, posts); d != "" {
		t.Error(d)
	}
}
