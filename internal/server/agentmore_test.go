package server_test

import (
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/auth"
	"signpost/internal/content/source"
	"signpost/internal/server"
	"signpost/internal/server/web"
)

// posts counts the files of status posts.
func (o *agentSite) posts() (n int) {
	o.t.Helper()
	fs.WalkDir(os.DirFS(filepath.Join(o.dir, "status")), ".", func(_ string, e fs.DirEntry, _ error) error {
		if e != nil && !e.IsDir() {
			n++
		}
		return nil
	})
	return n
}

// fields are the hidden fields of the form that writes posts, without the kind of
// a new one.
func (o *agentSite) fields(do string) []string {
	o.t.Helper()
	if do == "new" {
		do += "&kind=incident"
	}
	var pairs []string
	page := o.page("/agent/status?do=" + do).body
	_, form, _ := strings.Cut(page, `id="write"`)
	for _, m := range anyHidden.FindAllStringSubmatch(form, -1) {
		if m[1] != "kind" {
			pairs = append(pairs, m[1], m[2])
		}
	}
	return pairs
}

func TestWritingPosts(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	before := o.posts()
	form := append(o.fields("new"), "do", "publish", "kind", "incident", "title", "Quuxmail is slow", "text", "We are looking.", "component-imap", "degraded", "mail", "safe")
	first, second := o.form("/agent/status", form...), o.form("/agent/status", form...)
	if first.status != http.StatusSeeOther || first.header.Get("Location") != second.header.Get("Location") || o.posts() != before+1 {
		t.Fatalf("a second tap: %d, %d, %d posts more", first.status, second.status, o.posts()-before)
	}
	if got := o.get("/status"); !strings.Contains(got.body, "Quuxmail is slow") {
		t.Error("the post is not public")
	}
	id := strings.TrimPrefix(first.header.Get("Location"), "/agent/status?saved=")
	mine, theirs := o.fields("update&id="+id), o.fields("update&id="+id)
	update := []string{"do", "publish", "state", "identified"}
	if got := o.form("/agent/status", append(append(theirs, update...), "text", "Theirs.")...); got.status != http.StatusSeeOther {
		t.Fatalf("an update: %d %s", got.status, got.body)
	}
	got := o.form("/agent/status", append(append(mine, update...), "text", "Mine <b>.")...)
	if got.status != http.StatusConflict || !strings.Contains(got.body, "Mine &lt;b&gt;.") || !strings.Contains(got.body, "Somebody else") {
		t.Errorf("two writers: %d", got.status)
	}
	for name, wrong := range map[string][]string{
		"a time that is none":  {"do", "publish", "kind", "maintenance", "title", "x", "text", "x", "starts", "tomorrow", "lasts", "2h", "component-imap", "down"},
		"a notice without all": {"do", "publish", "kind", "notice"},
		"a preview of nothing": {"do", "preview", "kind", "maintenance"},
	} {
		if got := o.form("/agent/status", append(o.fields("new"), wrong...)...); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="write-error"`) {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	preview := o.form("/agent/status", append(o.fields("new"), "do", "preview", "kind", "maintenance", "title", "New disks", "text", "x", "starts", "2027-07-01 22:00", "lasts", "2h", "component-imap", "down")...)
	for _, want := range []string{"22:00 CEST", "20:00 UTC", "2 July 2027, 05:00", "New disks"} {
		if !strings.Contains(preview.body, want) {
			t.Errorf("the preview has no %s", want)
		}
	}
	for _, name := range []string{"degraded", "maintenance", "outage", "security", "spam", "supplier"} {
		page := o.page("/agent/status?do=new&template=" + name).body
		for _, filled := range []string{`<textarea id="text"[^>]*>[^<]{40}`, `<textarea id="text-de"[^>]*>[^<]{40}`, `<input id="title" name="title" type="text" value="[^"]{5}`} {
			if !regexp.MustCompile(filled).MatchString(page) {
				t.Errorf("the template %s does not fill %s", name, filled)
			}
		}
	}
	if o.posts() != before+1 {
		t.Error("a preview or an error wrote a file")
	}
	if got := o.form("/agent/status", append(o.fields("resolve&id="+id), "do", "publish", "text", "Over.")...); got.status != http.StatusSeeOther {
		t.Errorf("resolving: %d %s", got.status, got.body)
	}
	for range 3 { // resolved, identified, and the post itself
		o.form("/agent/status", "csrf", o.csrf(), "do", "undo", "id", id)
	}
	if o.posts() != before {
		t.Error("undoing all leaves the post")
	}
}

// The start of an incident is the time of its first update, and every form says
// in the window's title what it is for.
func TestFormsOfPosts(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	form := append(o.fields("new"), "do", "publish", "kind", "incident", "title", "Quuxmail is slow", "text", "x", "component-imap", "degraded", "starts", "2026-11-20 09:15")
	got := o.form("/agent/status", form...)
	id := strings.TrimPrefix(got.header.Get("Location"), "/agent/status?saved=")
	if got.status != http.StatusSeeOther || !strings.Contains(o.get("/status/"+id).body, "20 November 2026, 09:15 CET") {
		t.Errorf("%d %s", got.status, got.body)
	}
	titles := map[string]bool{}
	for _, do := range []string{"", "new", "update", "resolve"} {
		_, rest, _ := strings.Cut(o.page("/agent/status?do="+do).body, "<title>")
		title, _, _ := strings.Cut(rest, "</title>")
		titles[title] = true
	}
	if len(titles) != 4 {
		t.Errorf("the pages are called %v", titles)
	}
}

// A form that is corrected after it was published must not look published again
// while what was corrected is lost.
func TestCorrectedForm(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	before := o.posts()
	form := append(o.fields("new"), "do", "publish", "kind", "incident", "title", "Quuxmail is slow", "text", "We are looking.")
	if got := o.form("/agent/status", append(form, "component-imap", "degraded")...); got.status != http.StatusSeeOther {
		t.Fatalf("publishing: %d", got.status)
	}
	for name, change := range map[string][]string{
		"a component": {"component-pop", "degraded"}, "how bad it is": {"component-imap", "down"},
		"mail": {"component-imap", "degraded", "mail", "safe"}, "a time": {"component-imap", "degraded", "eta", "30m"},
	} {
		if got := o.form("/agent/status", append(form, change...)...); got.status == http.StatusSeeOther {
			t.Errorf("%s was changed: the form says that it is published", name)
		}
	}
	if n := o.posts() - before; n != 1 {
		t.Errorf("%d posts were written", n)
	}
}

// A disk that cannot be written is the operator's to know; what the agent typed
// stays in the form.
func TestPostOnBrokenDisk(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	year := "status/" + strconv.Itoa(o.now().Year())
	o.remove(year)
	writeFile(t, o.dir, year, "no folder\n")
	form := append(o.fields("new"), "do", "publish", "kind", "incident", "title", "Quuxmail is slow", "text", "We are looking.", "component-imap", "degraded")
	got := o.form("/agent/status", form...)
	if got.status != http.StatusInternalServerError || !strings.Contains(got.body, `id="write-error"`) || !strings.Contains(got.body, "We are looking.") {
		t.Errorf("%d\n%.600s", got.status, got.body)
	}
	if !strings.Contains(o.log.String(), "a post could not be written") {
		t.Errorf("the log does not say it:\n%s", o.log)
	}
}

func TestSampleIsReadOnly(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	sample := start(t, source.Embedded("sample", articles.FS), "")
	srv, err := server.New(server.Config{Live: sample.live, Log: slog.New(slog.DiscardHandler), Now: o.now, State: o.store, Auth: o.auth, Keys: o.keys, URL: o.http.URL})
	if err != nil {
		t.Fatal(err)
	}
	o.http.Config.Handler = srv
	if got := o.page("/agent/status"); !strings.Contains(got.body, "the content of this site is read-only") || strings.Contains(got.body, "do=new") {
		t.Error("the sample seems writable")
	}
}

func TestWithoutOpenIDProvider(t *testing.T) {
	t.Parallel()
	var openID *auth.OIDC
	o := newAgentSite(t, "", func(c *server.Config) {
		var err error
		openID, err = auth.NewOIDC(auth.OIDCConfig{Issuer: "http://127.0.0.1:1", ClientID: "signpost", RedirectURL: c.URL + "/agent/openid/back", Domains: []string{"example.com"}}, c.Auth)
		if err != nil {
			t.Fatal(err)
		}
		c.OpenID = openID
	})
	if got := o.get("/agent/signin?next=/agent/report"); !strings.Contains(got.body, "/agent/openid?next=%2Fagent%2Freport") || strings.Contains(got.body, "signpost agent add") {
		t.Error("the page does not offer OpenID")
	}
	o.hire()
	if got := o.get("/agent/openid"); got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, `type="password"`) {
		t.Errorf("without the provider: %d", got.status)
	}
	if got := o.get("/agent/openid/back?state=x&code=y"); got.status != http.StatusBadRequest {
		t.Errorf("an answer that was not asked for: %d", got.status)
	}
	if got := o.page("/agent/status"); got.status != http.StatusOK {
		t.Errorf("a session without the provider: %d", got.status)
	}
}

func TestSearchesAreCounted(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	typed := func(words, agent string) {
		o.get("/api/v1/search?q="+words, "User-Agent", agent, "Sec-Fetch-Site", "same-origin")
	}
	for _, words := range []string{"ap", "apo", "apop"} {
		typed(words, browserAgent)
	}
	typed("qwxzvbkjh", browserAgent+" other")
	o.get("/api/v1/search?q=program", "User-Agent", browserAgent) // not from a page
	o.get("/search?q=crawler", "User-Agent", "examplebot/1.0 (+https://example.org/bot)")
	click := o.do(http.MethodPost, "/search/click", "url=/help/apple-mail-pop&position=2", "Content-Type", "application/x-www-form-urlencoded", "User-Agent", browserAgent)
	if click.status != http.StatusNoContent {
		t.Errorf("a click: %d", click.status)
	}
	if got := o.do(http.MethodPost, "/search/click", "url=/x&position=1", "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://evil.test"); got.status != http.StatusForbidden {
		t.Errorf("another site's click: %d", got.status)
	}
	r := o.report()
	var words []string
	for _, s := range r.Searches {
		words = append(words, s.Words)
		if s.Words == "apop" && (s.Clicks != 1 || s.Position != 2) {
			t.Errorf("the click: %+v", s)
		}
	}
	slices.Sort(words)
	if strings.Join(words, " ") != "apop qwxzvbkjh" || len(r.NoResult) != 1 || r.NoResult[0].Words != "qwxzvbkjh" {
		t.Errorf("searches %q, empty %+v", words, r.NoResult)
	}
}

func TestMostRead(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	for range 5 {
		o.get("/help/certificate-warning", "User-Agent", browserAgent)
		o.get("/help/spam-filter", "User-Agent", "examplebot/1.0")
		o.do(http.MethodHead, "/help/spam-filter", "", "User-Agent", browserAgent)
	}
	o.settle()
	o.later.Add(int64(time.Minute))
	if err := o.live.Renew(); err != nil {
		t.Fatal(err)
	}
	most := o.live.Snapshot().Popular(1)
	if len(most) != 1 || most[0].Slug != "certificate-warning" {
		t.Errorf("most read: %s", most[0].Slug)
	}
	for _, a := range o.report().Articles {
		if a.Reads != 5 {
			t.Errorf("article %d was read %d times", a.Article, a.Reads)
		}
	}
}

func TestVotesAreProtected(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	post := func(body string, header ...string) reply {
		return o.do(http.MethodPost, "/help/spam-filter/vote", body, append(header, "Content-Type", "application/x-www-form-urlencoded", "User-Agent", browserAgent)...)
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.test"}, {"Origin", "null"}} {
		if got := post("helpful=yes", header...); got.status != http.StatusForbidden {
			t.Errorf("%v: %d", header, got.status)
		}
	}
	if got := post("helpful=perhaps"); got.status != http.StatusBadRequest {
		t.Errorf("perhaps: %d", got.status)
	}
	if got := post("vote=AAAA&reason=clear"); got.status != http.StatusBadRequest {
		t.Errorf("a forged vote: %d", got.status)
	}
	if got := o.form("/help/no-such-article/vote", "helpful", "yes"); got.status != http.StatusNotFound {
		t.Errorf("no article: %d", got.status)
	}
	limited := false
	for range web.Limits()[web.Votes].AtOnce + 5 {
		got := post("helpful=yes")
		if got.header.Get("Set-Cookie") != "" {
			t.Error("a vote sets a cookie")
		}
		limited = limited || got.status == http.StatusTooManyRequests
	}
	if !limited {
		t.Error("one reader may vote for ever")
	}
	page := o.get("/help/spam-filter")
	if !strings.Contains(page.body, `action="/help/spam-filter/vote"`) || !regexp.MustCompile(`name="revision" value="[^"]{8,}"`).MatchString(page.body) {
		t.Error("the article has no form for votes")
	}
}

func TestCustomersSettings(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	got := o.form("/agent/reply", "csrf", o.csrf(), "kind", "settings", "format", "html", "lang", "nb", "address", "kari.nordmann@example.com")
	for _, want := range []string{"imap.example.com", "kari.nordmann@example.com", "Innkommende"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("no %s in %s", want, got.body)
		}
	}
}
