package server_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A name that is not ours learns nothing, not even where a path leads.
func TestOtherHostsAreNotLed(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	for _, path := range []string{"/de", "/en/help/spam", "/help/spam/", "/agent/", "/%2e%2e/"} {
		if got := d.get(path, "Host", "evil.test"); got.status != http.StatusMisdirectedRequest || got.header.Get("Location") != "" {
			t.Errorf("%s on another host: %d %q", path, got.status, got.header.Get("Location"))
		}
	}
}

func TestAddressesAreNotLedOn(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	for _, path := range []string{"/setup/", "/setup//", "//setup/", "/de//setup/", "/en//setup"} {
		got := d.get(path + "?address=kari.canary@example.com&d=example.com")
		if loc := got.header.Get("Location"); got.status != http.StatusMovedPermanently || strings.Contains(loc, "canary") || !strings.HasSuffix(loc, "?d=example.com") {
			t.Errorf("%s leads to %d %q", path, got.status, loc)
		}
	}
}

// maxAge returns what Cache-Control says, -1 for nothing.
func maxAge(t *testing.T, got reply) int {
	t.Helper()
	_, text, _ := strings.Cut(got.header.Get("Cache-Control"), "max-age=")
	text, _, _ = strings.Cut(text, ",")
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func TestRedirectsAreForgotten(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	for _, path := range []string{"/de", "/en/help/spam", "/help/spam/", "/help/old-apop", "/topics/MAIL", "/a/1002"} {
		got := d.get(path)
		if n := maxAge(t, got); got.status/100 != 3 || n < 0 || n > 300 {
			t.Errorf("%s: %d, Cache-Control %q", path, got.status, got.header.Get("Cache-Control"))
		}
	}
}

// Nothing is kept beyond the instant at which an article appears.
func TestCachesEndWithTheSnapshot(t *testing.T) {
	t.Parallel()
	files := smallSite()
	soon := time.Now().Add(15 * time.Second).UTC().Format(time.RFC3339)
	files["help/mail/soon/en.md"] = "---\nid: 1003\ntitle: Soon\npublish: " + soon + "\n---\nText.\n"
	d := folderDesk(t, files)
	for _, path := range []string{"/", "/help/spam", "/search", "/search?q=spam", "/api/v1/search?q=spam", "/status/feed.atom", "/api/v2/summary.json", "/a/1002", "/setup/explain"} {
		if n := maxAge(t, d.get(path)); n < 0 || n > 15 {
			t.Errorf("%s may be kept for %d s", path, n)
		}
	}
}

func TestFormsOfReaders(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	large := strings.Repeat("x", 70<<10)
	for _, path := range []string{"/help/spam-filter/vote", "/search/click", "/agent/signin", "/setup"} {
		if got := o.form(path, "helpful", "yes", "position", "1", "text", large); got.status != http.StatusRequestEntityTooLarge {
			t.Errorf("70 KiB to %s: %d", path, got.status)
		}
	}
	if got := o.form("/agent/signin?name=anna&password=" + strings.ReplaceAll(annasPassword, " ", "+")); got.status != http.StatusUnauthorized {
		t.Errorf("a password in the address signs in: %d", got.status)
	}
}

// What a client calls a revision may be about itself.
func TestStrangeRevisionIsNotKept(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	for _, revision := range []string{"kari.canary@example.com", "rev 3 kari.canary", "rev 3 0123abcd"} {
		got := o.do(http.MethodPost, "/api/v1/votes", `{"article": 1009, "helpful": false, "comment": "too long", "revision": "`+revision+`"}`, "Content-Type", "application/json")
		if got.status != http.StatusNoContent {
			t.Fatalf("a vote: %d %s", got.status, got.body)
		}
	}
	comments := o.report().Comments
	if len(comments) != 3 {
		t.Errorf("%d comments were kept", len(comments))
	}
	for _, c := range comments {
		if c.Revision != "" && c.Revision != "rev 3 0123abcd" {
			t.Errorf("kept as a revision: %q", c.Revision)
		}
	}
}

// A shared cache must not show a reader who was led to his language, and one who
// chose another, the same answer.
func TestHomeVaries(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	got := d.get("/", "Accept-Language", "de", "Sec-Fetch-Site", "same-origin")
	if vary := strings.Join(got.header.Values("Vary"), ", "); got.status != http.StatusOK || !strings.Contains(vary, "Accept-Language") || !strings.Contains(vary, "Sec-Fetch-Site") {
		t.Errorf("%d, Vary: %s", got.status, vary)
	}
}

func TestAdminOnOtherNames(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	ask := func(token, host string) int {
		r := httptest.NewRequest(http.MethodGet, "/problems", nil)
		r.Host = host
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		d.srv.Admin(token).ServeHTTP(w, r)
		return w.Code
	}
	for host, want := range map[string]int{"127.0.0.1:9090": 200, "localhost": 200, "[::1]:9090": 200, "evil.test": 421, "evil.test:9090": 421, "": 421} {
		if got := ask("", host); got != want {
			t.Errorf("without a token, Host %q: %d, want %d", host, got, want)
		}
	}
	if got := ask("secret", "metrics.example.net"); got != 200 {
		t.Errorf("with a token: %d", got)
	}
}
