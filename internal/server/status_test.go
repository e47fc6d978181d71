package server_test

import (
	"encoding/json"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/feed/statuspage"
)

// sampleFolder serves a folder with the sample site.
func sampleFolder(t *testing.T) *desk {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, articles.FS); err != nil {
		t.Fatal(err)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return start(t, src, dir)
}

// editor writes into the folder as the command line does: beside the server.
func (d *desk) editor() *content.Editor {
	d.t.Helper()
	src, err := source.Folder(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { src.Close() })
	return &content.Editor{Source: src, Library: d.live.Snapshot().Library, Now: time.Now()}
}

// soon waits for what follows a change, and logs how long it took. It gives up
// after two minutes: how fast it is, benchmarks tell.
func (d *desk) soon(what string, changed time.Time, ok func() bool) {
	d.t.Helper()
	for !ok() {
		if time.Since(changed) > 2*time.Minute {
			d.t.Fatalf("%s: never", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
	d.t.Logf("%s: %d ms", what, time.Since(changed).Milliseconds())
}

func (d *desk) json(path string, v any) {
	d.t.Helper()
	got := d.get(path)
	if err := json.Unmarshal([]byte(got.body), v); err != nil || got.status != http.StatusOK {
		d.t.Fatalf("%s: status %d, %v", path, got.status, err)
	}
}

type summary struct {
	Status     struct{ Indicator, Description string }
	Components []struct{ ID, Status string }
	Incidents  []struct {
		ID, Name, Status, Impact, Shortlink string
		Updates                             []struct{ ID, Status, Body string } `json:"incident_updates"`
	}
}

func (s summary) component(id string) string {
	for _, c := range s.Components {
		if c.ID == id {
			return c.Status
		}
	}
	return ""
}

var entryID = regexp.MustCompile(`<id>(tag:[^<]*/[^<]*)</id>`)

// entries are the ids of the Atom feed that belong to a post, oldest first.
func (d *desk) entries(path, post string) []string {
	var ids []string
	for _, m := range entryID.FindAllStringSubmatch(d.get(path).body, -1) {
		if strings.Contains(m[1], post+"/") {
			ids = append(ids, m[1])
		}
	}
	slices.Reverse(ids)
	return ids
}

const (
	banner = `<section class="alerts"`
	known  = `aria-label="Known problem"`
)

// An incident is on every page, in every format, and gone when it is resolved.
func TestIncidentEverywhere(t *testing.T) {
	t.Parallel()
	d := sampleFolder(t)
	if got := d.get("/"); strings.Contains(got.body, banner) {
		t.Fatal("the sample has a banner")
	}
	w, err := d.editor().New(edit.Draft{
		FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap"}, Mail: status.MailSafe}, Message: "We look into the trouble.",
	})
	if err != nil {
		t.Fatal(err)
	}
	posted := time.Now()
	d.soon("posted", posted, func() bool { return strings.Contains(d.get("/").body, banner) })

	url := "/status/" + w.ID
	sentence := "Reading mail (IMAP) has been down since "
	for _, page := range []string{"/help/spam-filter", "/topics/spam", "/contact", "/search?q=spam", "/setup", url, "/status/history/2014-03", "/nowhere"} {
		got := d.get(page).body
		if !strings.Contains(got, banner) || !strings.Contains(got, sentence) || !strings.Contains(got, "Incoming mail is safe.") || !strings.Contains(got, `href="`+url+`"`) {
			t.Errorf("%s has no banner", page)
		}
	}
	if got := d.get("/de/help/spam-filter").body; !strings.Contains(got, "E-Mail lesen (IMAP) ist seit ") || !strings.Contains(got, `href="/de`+url+`"`) {
		t.Error("the German page has no German banner")
	}
	if got := d.get("/status").body; !strings.Contains(got, `<div class="verdict down"><p>`+sentence) || strings.Contains(got, banner) {
		t.Error("the status page does not say it once")
	}
	for _, a := range d.live.Snapshot().Help.Articles {
		touched := slices.Contains(d.live.Snapshot().Library.ComponentsOf(a), "imap")
		if got := d.get("/help/" + a.Slug).body; strings.Contains(got, known) != touched {
			t.Errorf("%s: known problem is %v, want %v", a.Slug, !touched, touched)
		}
	}
	d.checkOpen(w.ID, url)
	first := d.entries("/status/feed.atom", w.ID)

	if w, err = d.editor().Resolve("", edit.Addition{Message: "Works again."}, w.Hash); err != nil {
		t.Fatal(err)
	}
	resolved := time.Now()
	d.soon("resolved", resolved, func() bool { return !strings.Contains(d.get("/").body, banner) })
	for _, page := range []string{"/", "/help/cannot-connect", "/search?q=imap", url} {
		if got := d.get(page).body; strings.Contains(got, banner) || strings.Contains(got, known) {
			t.Errorf("%s still has a banner", page)
		}
	}
	var s summary
	if d.json("/api/v2/summary.json", &s); s.Status.Indicator != "none" || len(s.Incidents) != 0 || s.component("imap") != "operational" {
		t.Errorf("summary %+v", s)
	}
	if got := d.get("/api/v1/search?q=imap"); strings.Contains(got.body, `"incident"`) {
		t.Error("search still finds the incident")
	}
	now := d.entries("/status/feed.atom", w.ID)
	if len(first) != 1 || len(now) != 2 || now[0] != first[0] {
		t.Errorf("feed ids were %q, are %q", first, now)
	}
	if got := d.get(url); got.status != http.StatusOK || !strings.Contains(got.body, "Works again.") {
		t.Errorf("%s: %d", url, got.status)
	}
}

// checkOpen looks at what machines read while the incident is open.
func (d *desk) checkOpen(id, url string) {
	d.t.Helper()
	var s summary
	d.json("/api/v2/summary.json", &s)
	if s.Status.Indicator != "critical" || s.component("imap") != "major_outage" || s.component("pop") != "operational" {
		d.t.Errorf("summary: %+v", s)
	}
	if len(s.Incidents) != 1 || s.Incidents[0].ID != id || s.Incidents[0].Shortlink != "https://help.example.com"+url || s.Incidents[0].Updates[0].Body != "We look into the trouble." {
		d.t.Errorf("incidents: %+v", s.Incidents)
	}
	for _, path := range []string{
		"/status/feed.atom", "/status/feed.json", "/status/feed.rss", "/history.atom", "/history.rss", "/api/v2/incidents.json", "/api/v2/incidents/unresolved.json",
		"/status/components/imap/feed.atom", "/status/components/imap/feed.json", "/status/components/IMAP/feed.rss", "/status/feed.atom?component=imap",
	} {
		if got := d.get(path); got.status != http.StatusOK || !strings.Contains(got.body, id) || !strings.Contains(got.body, "We look into the trouble.") {
			d.t.Errorf("%s does not tell of it (%d)", path, got.status)
		}
	}
	for _, path := range []string{"/status/components/payments/feed.atom", "/status/components/payments/feed.json", "/api/v2/scheduled-maintenances.json"} {
		if got := d.get(path); got.status != http.StatusOK || strings.Contains(got.body, id) {
			d.t.Errorf("%s tells of it (%d)", path, got.status)
		}
	}
	if got := d.get("/status/components/nothing/feed.atom"); got.status != http.StatusNotFound {
		d.t.Errorf("feed of an unknown component: %d", got.status)
	}
	if got := d.get("/status/badge.svg").body; !strings.Contains(got, "down") {
		d.t.Error("the badge does not say down")
	}
	var found struct {
		Results []struct{ Kind, ID, URL string }
	}
	d.json("/api/v1/search?q=imap", &found)
	if len(found.Results) < 2 || found.Results[0].Kind != "incident" || found.Results[0].ID != id || !strings.HasPrefix(found.Results[0].URL, url) {
		d.t.Errorf("search: %+v", found.Results)
	}
	for query, want := range map[string]string{"cannot+read+mail+imap": "incident", "outlook+cannot+connect": "incident", "invoice": "article"} {
		if got := d.get("/search?q=" + query).body; !strings.Contains(got, "<ol class=\"results\">\n<li class=\""+want+"\">") {
			d.t.Errorf("the first result of %s is no %s", query, want)
		}
	}
}

// A second post within a minute, an undo and a reopening keep ids and order.
func TestIdsStay(t *testing.T) {
	t.Parallel()
	d := sampleFolder(t)
	draft := edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Title: "Twice", Affects: []string{"imap"}}, Message: "One."}
	w, err := d.editor().New(draft)
	if err != nil {
		t.Fatal(err)
	}
	second, err := d.editor().New(draft)
	if err != nil || second.ID == w.ID {
		t.Fatalf("%q and %q: %v", w.ID, second.ID, err)
	}
	within(t, "both posts", func() bool {
		var s summary
		d.json("/api/v2/incidents/unresolved.json", &s)
		return len(s.Incidents) == 2
	})
	var want []string
	step := func(name string, do func(*content.Editor) (content.Written, error), count int) {
		t.Helper()
		if _, err := do(d.editor()); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		within(t, name, func() bool {
			got = d.entries("/status/feed.atom", w.ID)
			return len(got) == count
		})
		if n := min(len(want), len(got)); !slices.Equal(got[:n], want[:n]) {
			t.Errorf("%s: %q, were %q", name, got, want)
		}
		want = got
	}
	add := func(state status.State) func(*content.Editor) (content.Written, error) {
		return func(e *content.Editor) (content.Written, error) {
			return e.Add(w.ID, edit.Addition{State: state, Message: "x"}, "")
		}
	}
	step("update", add(status.Updated), 2)
	step("identified", add(status.Identified), 3)
	step("undo", func(e *content.Editor) (content.Written, error) { return e.Undo(w.ID, "") }, 2)
	step("resolved", add(status.Resolved), 3)
	step("reopened", add(status.Reopened), 4)
	if len(slices.Compact(slices.Sorted(slices.Values(want)))) != 4 {
		t.Errorf("ids %q", want)
	}
	if got := d.get("/status/" + w.ID); got.status != http.StatusOK || !strings.Contains(got.body, "Open again") {
		t.Errorf("the post: %d", got.status)
	}
	if _, err := d.editor().Undo(second.ID, ""); err != nil {
		t.Fatal(err)
	}
	within(t, "the second post is gone", func() bool { return d.get("/status/"+second.ID).status == http.StatusNotFound })
}

// An incident does not wait for files that others have broken.
func TestIncidentBesideBrokenFiles(t *testing.T) {
	t.Parallel()
	d := sampleFolder(t)
	writeFile(t, d.dir, "help/spam/spam-filter/en.md", "---\nid: 1\ntitle: [\n---\n{{nothing}}\n")
	parts, err := fs.Glob(os.DirFS(d.dir), "help/parts/*/en.md")
	if err != nil || len(parts) == 0 {
		t.Fatalf("no parts: %v", err)
	}
	writeFile(t, d.dir, parts[0], "---\nunknown: key\n---\n{{include nothing}}\n")
	writeFile(t, d.dir, "status/2026/broken.md", "---\ntitle: Broken\nkind: incident\n---\n## 25:10 fixed\n")
	writeFile(t, d.dir, "status/2014/2014-10-06-network-maintenance.md", "---\ntitle: Broken too\n")
	within(t, "the broken files are noticed", func() bool { return d.live.Snapshot().Problems.HasErrors() })
	if _, err := d.editor().New(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap"}}, Message: "We look."}); err != nil {
		t.Fatal(err)
	}
	d.soon("posted beside broken files", time.Now(), func() bool { return strings.Contains(d.get("/").body, banner) })
	for _, path := range []string{"/help/spam-filter", "/status/2014-10-06-network-maintenance"} {
		if got := d.get(path); got.status != http.StatusOK {
			t.Errorf("%s: %d; the last good version should stand there", path, got.status)
		}
	}
	if got := d.get("/status"); strings.Contains(got.body, "Broken") {
		t.Error("a broken post is shown")
	}
}

// Maintenance that nobody notices leaves its component as it is.
func TestQuietMaintenance(t *testing.T) {
	t.Parallel()
	oslo, _ := time.LoadLocation("Europe/Oslo")
	post := func(impact string) map[string]string {
		return map[string]string{"status/work.md": "---\ntitle: New server\nkind: maintenance\n" + impact + "starts: 2026-11-23 14:00\nlasts: 2h\naffects: pop\n---\nText\n"}
	}
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, oslo)
	for _, tt := range []struct{ impact, component, badge string }{
		{"impact: none\n", "operational", "all systems work"},
		{"", "under_maintenance", "maintenance"},
	} {
		s := frozenDesk(t, at, post(tt.impact))
		var got summary
		if err := json.Unmarshal([]byte(ask(s, "/api/v2/summary.json")), &got); err != nil {
			t.Fatal(err)
		}
		if got.component("pop") != tt.component {
			t.Errorf("%q: pop is %s, want %s", tt.impact, got.component("pop"), tt.component)
		}
		if b := ask(s, "/status/badge.svg"); !strings.Contains(b, tt.badge) {
			t.Errorf("%q: badge %s", tt.impact, b)
		}
		if b := ask(s, "/api/v2/scheduled-maintenances/active.json"); !strings.Contains(b, "New server") {
			t.Errorf("%q: not among the active maintenance", tt.impact)
		}
		if b := ask(s, "/status"); !strings.Contains(b, "New server") || strings.Contains(b, `Fetching mail (POP)</strong> <span class="badge ok">`) != (tt.component == "operational") {
			t.Errorf("%q: the board", tt.impact)
		}
	}
}

// The eight documents: HEAD, ETag, CORS, hosts, empty lists.
func TestStatuspageDocuments(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	if len(statuspage.Names) != 8 {
		t.Fatalf("%d documents", len(statuspage.Names))
	}
	for _, name := range statuspage.Names {
		path := "/api/v2/" + name
		got := d.get(path, "Accept-Encoding", "identity")
		if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %d %s", path, got.status, got.header.Get("Content-Type"))
		}
		var v map[string]any
		if err := json.Unmarshal([]byte(got.body), &v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, list := range []string{"components", "incidents", "scheduled_maintenances"} {
			if x, there := v[list]; there && x == nil {
				t.Errorf("%s: %s is null", path, list)
			}
		}
		if v["page"] == nil {
			t.Errorf("%s has no page", path)
		}
		head := d.do(http.MethodHead, path, "", "Accept-Encoding", "identity")
		for _, h := range []string{"Content-Type", "Content-Length", "Etag", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy"} {
			if a, b := got.header.Get(h), head.header.Get(h); a != b || b == "" {
				t.Errorf("%s: %s is %q with GET, %q with HEAD", path, h, a, b)
			}
		}
		if head.status != http.StatusOK || head.body != "" || head.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("HEAD %s: %d %q", path, head.status, head.body)
		}
		if again := d.get(path, "If-None-Match", got.header.Get("Etag"), "Accept-Encoding", "identity"); again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s with its ETag: %d", path, again.status)
		}
		if foreign := d.get(path, "Host", "autoconfig.example.net"); foreign.status != http.StatusMisdirectedRequest {
			t.Errorf("%s under a foreign name: %d", path, foreign.status)
		}
	}
}

// What may be kept is kept until the next change and no longer.
func TestCachesEndAtTheNextChange(t *testing.T) {
	t.Parallel()
	oslo, _ := time.LoadLocation("Europe/Oslo")
	begin := time.Date(2026, 11, 23, 15, 0, 0, 0, oslo)
	files := map[string]string{"status/work.md": "---\ntitle: Work\nkind: maintenance\nstarts: 2026-11-23 15:00\nlasts: 2h\naffects: pop\n---\n"}
	for _, tt := range []struct {
		before time.Duration
		want   map[string]string
	}{
		{7 * time.Second, map[string]string{"/status": "7", "/api/v2/summary.json": "7", "/status/feed.atom": "7", "/": "7"}},
		{7300 * time.Millisecond, map[string]string{"/status": "7"}},
		{time.Hour, map[string]string{"/status": "60", "/api/v2/summary.json": "30", "/status/feed.atom": "60", "/status/maintenance.ics": "60"}},
	} {
		s := frozenDesk(t, begin.Add(-tt.before), files)
		for path, want := range tt.want {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://help.example.com"+path, nil))
			if got := w.Header().Get("Cache-Control"); got != "public, max-age="+want+", stale-if-error=86400" {
				t.Errorf("%s %v before: %q, want %s", path, tt.before, got, want)
			}
		}
	}
}

// Each time stands in the zone of its author, in UTC, and ready for the script
// that adds the visitor's.
func TestTimesOfPosts(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for _, tt := range []struct{ path, want string }{
		{"/status/2014-10-06-network-maintenance", `<span class="when" data-when><time datetime="2014-10-06T00:01:00+02:00">6 October 2014, 00:01 CEST</time> <span class="utc">5 October 2014, 22:01 UTC</span></span>`},
		{"/de/status/2014-10-06-network-maintenance", `<span class="when" data-when><time datetime="2014-10-06T00:01:00+02:00">6. Oktober 2014, 00:01 Uhr (MESZ)</time> <span class="utc">5. Oktober 2014, 22:01 Uhr (UTC)</span></span>`},
		{"/nb/status/2014-10-06-network-maintenance", `<time datetime="2014-10-06T00:01:00+02:00">6. oktober 2014 kl. 00.01 CEST</time>`},
		{"/status/2014-03-26-new-servers-and-storage", `<time datetime="2014-03-27T13:00:00+01:00">27 March 2014, 13:00 CET</time>`},
		{"/status/2014-03-26-new-servers-and-storage", `<span class="when"><time datetime="2014-03-26">26 March 2014</time></span>`},
		{"/status/2014-01-09-scheduled-maintenance", `about <time datetime="2014-01-09T18:00:00+01:00">`},
		{"/status/2014-09-22-email-network", `<span class="badge ok">Web hosting: working</span>`},
	} {
		if got := html.UnescapeString(d.get(tt.path).body); !strings.Contains(got, tt.want) {
			t.Errorf("%s has no %s", tt.path, tt.want)
		}
	}
	for path, want := range map[string]int{
		"/status/2014-10-06-Network-maintenance": http.StatusMovedPermanently, "/status/2014-10-06-network-maintenance.": http.StatusMovedPermanently,
		"/status/nothing": http.StatusNotFound, "/status/history": http.StatusFound, "/status/history/2014-13": http.StatusNotFound,
		"/status/history/2014-05": http.StatusOK, "/status/history/2014-04": http.StatusOK,
	} {
		if got := d.get(path); got.status != want {
			t.Errorf("%s: %d, want %d", path, got.status, want)
		}
	}
}

// A post is written in one language; readers of another are told so, and what is
// translated is in their language throughout, also the titles in its links.
func TestLanguagesOfPost(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	path := "/status/2014-04-08-heartbleed"
	for _, tt := range []struct {
		path, text string
		want       bool
	}{
		{"/nb" + path, `<h1 lang="nb">`, true},
		{"/nb" + path, `lang="nb"><p>Bytt passordet ditt: <a href="/nb/help/password-after-breach">Bytt passord`, true},
		{"/nb" + path, `Du leser den på engelsk`, true},
		{"/nb" + path, `<div class="body" lang="en"><p>On 7 April 2014`, true},
		{path, "This page is not translated", false},
		{"/nb/status", `<a href="/nb/status/2014-04-08-heartbleed">«Heartbleed»`, true},
		{path, `<span class="badge notice">Webmail</span>`, true}, // what a notice is about is not "working"
	} {
		if got := html.UnescapeString(d.get(tt.path).body); strings.Contains(got, tt.text) != tt.want {
			t.Errorf("%s has %s: %v", tt.path, tt.text, !tt.want)
		}
	}
}

// The text of a post without update headings stands on its page once.
func TestTextOfPostOnce(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for _, path := range []string{"/status/2014-10-06-network-maintenance", "/status/2014-01-09-scheduled-maintenance"} {
		got := d.get(path).body
		if n := strings.Count(got, "You do not have to do anything"); strings.Contains(path, "network") && n != 1 {
			t.Errorf("%s: the text stands there %d times", path, n)
		}
		if strings.Contains(got, "Time not known") {
			t.Errorf("%s: the timeline has an entry that says nothing", path)
		}
	}
}

// Posts and articles link to each other.
func TestLinksBothWays(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for _, p := range d.live.Snapshot().Board.Posts {
		page := d.get("/status/" + p.ID).body
		for _, slug := range p.Help {
			if !strings.Contains(page, `href="/help/`+slug+`"`) {
				t.Errorf("%s does not link to %s", p.ID, slug)
			}
		}
	}
	linked := 0
	for _, a := range d.live.Snapshot().Help.Articles {
		about := d.live.Snapshot().Board.About(a.Slug)
		page := d.get("/help/" + a.Slug).body
		for i, p := range about {
			if linked++; i < 3 && !strings.Contains(page, fmt.Sprintf(`href="/status/%s"`, p.ID)) {
				t.Errorf("%s does not link to %s", a.Slug, p.ID)
			}
		}
	}
	if linked < 5 {
		t.Errorf("only %d links from articles to posts", linked)
	}
}

// A component that was to be left alone and is affected after all is no longer
// called unaffected, except by the update that said so.
func TestUnaffectedUntilAffected(t *testing.T) {
	t.Parallel()
	oslo, _ := time.LoadLocation("Europe/Oslo")
	s := frozenDesk(t, time.Date(2026, 11, 23, 15, 0, 0, 0, oslo), map[string]string{
		"status/p.md": "---\ntitle: T\nkind: incident\naffects: imap=down\nunaffected: webmail payments\n---\n## 2026-11-23 14:20 investigating\n## 14:30 identified webmail=degraded eta=30m-45m\n",
	})
	post := html.UnescapeString(ask(s, "/status/p"))
	for text, want := range map[string]bool{
		`<span class="badge ok">Orders and payment: working</span>`:    true,
		`<span class="badge ok">Webmail: working</span>`:               false,
		`<span class="badge degraded">Webmail: slow or limited</span>`: true,
		`in 30 to 45 minutes`:                                            true,
		`Cause found · Since <span class="when" data-when>`:              true,
		`<time datetime="2026-11-23T15:15:00+01:00">23 November 2026, `:  true,
		`Reading mail (IMAP) has been down since 14:20 CET. Webmail is`:  true,
		`<meta name="description" content="Reading mail (IMAP) has been`: true,
	} {
		if strings.Contains(post, text) != want {
			t.Errorf("the post has %q: %v, want %v", text, !want, want)
		}
	}
	if got := ask(s, "/api/v2/summary.json"); !strings.Contains(got, `"unaffected":["payments"]`) {
		t.Error("the summary still calls webmail unaffected")
	}
	feed := ask(s, "/status/feed.json")
	for _, want := range []string{
		`Affected: Reading mail (IMAP): down\n\nNot affected: Webmail and Orders and payment`,
		`Affected: Reading mail (IMAP): down, Webmail: slow or limited\n\nNot affected: Orders and payment`,
	} {
		if !strings.Contains(feed, want) {
			t.Errorf("the feed has no %s", want)
		}
	}
}
