package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// What a call does not take is refused with a sentence that says what is wrong
// and never repeats a value.
func TestWhatCallsDoNotTake(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	csrf := o.csrf()
	for _, tt := range []struct{ path, body, want string }{
		{"/api/v1/suggest", `{"text":"imap"}]`, "holds more than one JSON value"},
		{"/api/v1/suggest", `{"text":"imap"} {}`, "holds more than one JSON value"},
		{"/api/v1/suggest", `[]`, "it is an array, not an object."},
		{"/api/v1/suggest", `null`, "the object is missing."},
		{"/api/v1/suggest", `{"text":5}`, "text is a number, not a string."},
		{"/api/v1/suggest", `{"limit":1.5}`, "limit is a number, not a whole number."},
		{"/api/v1/suggest", `{"txet":"imap"}`, `there is no field "txet"; did you mean text?`},
		{"/api/v1/suggest", `{"wholly-unlike":"imap"}`, `there is no field "wholly-unlike".`},
		{"/api/v1/suggest", `{"text":`, "it is no JSON."},
		{"/api/v1/votes", `{"article":1009}`, "helpful is missing."},
		{"/api/v1/votes", `{"article":1009,"helpful":null}`, "helpful is missing."},
		{"/api/v1/setup", `{}`, "address is missing."},
		{"/api/v1/status/posts", `{"kind":"incident","affects":{}}`, "affects is an object, not an array."},
		{"/api/v1/replies", `{"article":1009,"address":"not an address"}`, "address is no mail address"},
		{"/api/v1/replies", `{"article":1009,"kind":"song"}`, "kind is article or settings."},
	} {
		got := o.do(http.MethodPost, tt.path, tt.body, "Content-Type", "application/json", "Cookie", o.cookie, "X-CSRF-Token", csrf)
		var p struct{ Detail string }
		if err := json.Unmarshal([]byte(got.body), &p); err != nil || got.status != http.StatusBadRequest || !strings.Contains(p.Detail, tt.want) {
			t.Errorf("%s %s: %d %s, want %q", tt.path, tt.body, got.status, got.body, tt.want)
		}
	}
	if got := o.do(http.MethodPost, "/api/v1/suggest", `{"subject":"IMAP does not answer"}`, "Content-Type", "application/json", "Cookie", o.cookie, "X-CSRF-Token", csrf); got.status != http.StatusOK {
		t.Errorf("a subject alone: %d %s", got.status, got.body)
	}
}

// A form that was sent after the session had ended leads back to its page, and
// its token counts in the body only, not in an address that a proxy logs.
func TestFormsOfAgents(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	csrf := o.csrf()
	if got := o.form("/agent/signout?csrf=" + csrf); got.status != http.StatusForbidden {
		t.Errorf("a token in the address: %d", got.status)
	}
	o.cookie = ""
	for path, next := range map[string]string{
		"/agent/reply": "/agent", "/agent/sent": "/agent", "/agent/signout": "/agent", "/agent": "/agent", "/de/agent/reply": "/de/agent",
		"/agent/gaps": "/agent/report", "/agent/status": "/agent/status", "/agent/a/1009": "/agent/a/1009",
	} {
		got := o.form(path, "csrf", csrf)
		lang := strings.TrimSuffix(path[:strings.Index(path, "/agent")], "/")
		want := lang + "/agent/signin?next=" + strings.ReplaceAll(next, "/", "%2F")
		if got.status != http.StatusSeeOther || got.header.Get("Location") != want {
			t.Errorf("%s: %d to %s, want %s", path, got.status, got.header.Get("Location"), want)
		}
	}
}
