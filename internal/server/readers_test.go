package server_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	goical "github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"
	"golang.org/x/net/html"
)

// hostile is a title that breaks whatever is pasted together.
const hostile = `Mail "stuck" <in> & queue ]]> 📬`

// hostileDesk serves an incident, a maintenance to come and a notice with that
// title and that text.
func hostileDesk(t *testing.T) *desk {
	t.Helper()
	title := "---\ntitle: '" + hostile + "'\nmail: delayed\nhelp: spam\n"
	text := hostile + "\n\nSee [the guide](/help/spam).\n"
	files := smallSite()
	files["status/stuck.md"] = title + "kind: incident\naffects: imap=down\nwho: '" + hostile + "'\nworkaround: '" + hostile + "'\n---\n## 2026-11-20 15:00 investigating eta=30m\n" + text + "## 15:20 identified\n" + text
	files["status/planned.md"] = title + "kind: maintenance\nstarts: 2036-11-20 15:00\nlasts: 2h\naffects: imap\nexpect: '" + hostile + "'\n---\n## 2026-11-20 15:00 scheduled\n" + text
	files["status/note.md"] = title + "kind: notice\npin: true\n---\n## 2026-11-20 15:30 published\n" + text
	return folderDesk(t, files)
}

// An entry as every reader of feeds has to find it.
type entry struct {
	ID, Title, Link string
	Whole           bool // the text is all there
}

const publicURL = "https://help.example.com" // of smallSite

// wantEntries are the ones of hostileDesk, newest first, with the words of the
// states in the titles.
func wantEntries() []entry {
	at := func(tag, state, path string) entry {
		return entry{"tag:help.example.com,2026:" + tag, "[" + state + "] " + hostile, publicURL + "/status/" + path, true}
	}
	return []entry{
		at("note/20261120T1430Z", "In force", "note#20261120T1430Z"),
		at("stuck/20261120T1420Z", "Cause found", "stuck#20261120T1420Z"),
		at("stuck/20261120T1400Z", "We are looking into it", "stuck#20261120T1400Z"),
		at("planned/20261120T1400Z", "Planned", "planned#20261120T1400Z"),
	}
}

// whole reports whether the text of an entry came through: the hostile words,
// escaped once, and the link made absolute.
func whole(text string) bool {
	return strings.Contains(text, `<in> &`) && strings.Contains(text, "]]> 📬") ||
		strings.Contains(text, `&lt;in&gt; &amp;`) && strings.Contains(text, "]]&gt; 📬") && strings.Contains(text, `href="`+publicURL+`/help/spam"`)
}

func sortedEntries(list []entry) map[string]entry {
	m := map[string]entry{}
	for _, e := range list {
		m[e.ID] = e
	}
	return m
}

// missingReal skips a test that needs a real program, and fails where all of
// them are installed.
func missingReal(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing; .ci/setup installs it", what)
}

// node runs a module with our foreign readers, or skips.
func node(t *testing.T, script string, args ...string) []byte {
	t.Helper()
	modules, err := filepath.Abs("../../.ci/npm/feeds/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	program, err := exec.LookPath("node")
	if _, e := os.Stat(filepath.Join(modules, "feedsmith")); err != nil || e != nil {
		missingReal(t, "node with .ci/npm/feeds")
	}
	dir := t.TempDir()
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "read.mjs")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return output(t, exec.CommandContext(t.Context(), program, append([]string{file}, args...)...))
}

// python runs a script with Debian's own interpreter, which has Debian's
// modules, or skips.
func python(t *testing.T, module, script string, args ...string) []byte {
	t.Helper()
	const program = "/usr/bin/python3"
	if exec.Command(program, "-c", "import "+module).Run() != nil {
		missingReal(t, "python3-"+module)
	}
	return output(t, exec.CommandContext(t.Context(), program, append([]string{"-c", script}, args...)...))
}

func output(t *testing.T, cmd *exec.Cmd) []byte {
	t.Helper()
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("%v\n%s", err, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestFeedsReadByGofeed(t *testing.T) {
	t.Parallel()
	d := hostileDesk(t)
	for _, path := range []string{"/status/feed.atom", "/status/feed.json", "/status/feed.rss", "/history.rss", "/history.atom", "/status/components/imap/feed.atom"} {
		f, err := gofeed.NewParser().ParseString(d.get(path).body)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		var got []entry
		for _, e := range f.Items {
			got = append(got, entry{e.GUID, e.Title, e.Link, whole(e.Content + e.Description)})
			if e.PublishedParsed == nil {
				t.Errorf("%s: %s has no date", path, e.GUID)
			}
		}
		want := wantEntries()
		if strings.Contains(path, "components") {
			want = want[1:]
		}
		if diff := cmp.Diff(sortedEntries(want), sortedEntries(got)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestFeedsReadByFeedparser(t *testing.T) {
	t.Parallel()
	d := hostileDesk(t)
	for _, path := range []string{"/status/feed.atom", "/status/feed.rss"} {
		out := python(t, "feedparser", `
import sys, json, feedparser
f = feedparser.parse(sys.argv[1])
assert not f.bozo, f.bozo_exception
assert f.status == 200 and f.version in ("atom10", "rss20"), f.version
# the second reading is answered with 304, from the first one's ETag
assert feedparser.parse(sys.argv[1], etag=f.etag).status == 304
print(json.dumps([dict(ID=e.id, Title=e.title, Link=e.link, Text=e.content[0].value if "content" in e else e.summary) for e in f.entries]))
`, d.http.URL+path)
		checkRead(t, path, out, wantEntries())
	}
}

func TestFeedsReadByFeedsmith(t *testing.T) {
	t.Parallel()
	d := hostileDesk(t)
	for _, path := range []string{"/status/feed.atom", "/status/feed.rss", "/status/feed.json"} {
		out := node(t, `
import { parseFeed } from "feedsmith";
const answer = await fetch(process.argv[2]);
const { format, feed } = parseFeed(await answer.text());
const value = v => typeof v === "object" && v !== null ? v.value : v;
console.log(JSON.stringify((feed.entries ?? feed.items).map(e => ({
  ID: e.id ?? value(e.guid), Title: value(e.title), Link: e.url ?? e.link ?? e.links?.[0]?.href,
  Text: value(e.content) ?? e.content_html ?? e.content?.encoded ?? e.description ?? "",
}))));
`, d.http.URL+path)
		checkRead(t, path, out, wantEntries())
	}
}

// checkRead compares what a foreign reader found in a feed.
func checkRead(t *testing.T, path string, out []byte, want []entry) {
	t.Helper()
	var read []struct{ ID, Title, Link, Text string }
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatalf("%s: %v\n%s", path, err, out)
	}
	var got []entry
	for _, e := range read {
		got = append(got, entry{e.ID, e.Title, e.Link, whole(e.Text)})
	}
	if diff := cmp.Diff(sortedEntries(want), sortedEntries(got)); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}

// The calendar, through the server, as three foreign readers see it.
func TestCalendarIsRead(t *testing.T) {
	t.Parallel()
	d := hostileDesk(t)
	want := `[{"UID":"planned@help.example.com","Start":"2036-11-20T14:00:00Z","End":"2036-11-20T16:00:00Z","Title":` + quoted(hostile) + `}]`
	equal := func(t *testing.T, out []byte) {
		t.Helper()
		var got, wanted any
		if err := errors.Join(json.Unmarshal(out, &got), json.Unmarshal([]byte(want), &wanted)); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Error(diff)
		}
	}
	for _, path := range []string{"/status/maintenance.ics", "/status/components/imap/maintenance.ics"} {
		t.Run("go-ical"+path, func(t *testing.T) {
			got := d.get(path)
			if got.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
				t.Error(got.header.Get("Content-Type"))
			}
			cal, err := goical.NewDecoder(strings.NewReader(got.body)).Decode()
			if err != nil || len(cal.Events()) != 1 {
				t.Fatalf("%v\n%s", err, got.body)
			}
			if s, _ := cal.Events()[0].Props.Text("SUMMARY"); s != hostile {
				t.Errorf("summary %q", s)
			}
		})
		t.Run("icalendar"+path, func(t *testing.T) {
			equal(t, python(t, "icalendar", `
import sys, json, datetime, urllib.request, icalendar
def when(d): return d.dt.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
cal = icalendar.Calendar.from_ical(urllib.request.urlopen(sys.argv[1]).read())
assert not any(c.errors for c in cal.walk())
print(json.dumps([dict(UID=e["UID"], Start=when(e["DTSTART"]), End=when(e["DTEND"]), Title=e["SUMMARY"]) for e in cal.walk("VEVENT")]))
`, d.http.URL+path))
		})
		t.Run("ical.js"+path, func(t *testing.T) {
			equal(t, node(t, `
import ICAL from "ical.js";
const cal = new ICAL.Component(ICAL.parse(await (await fetch(process.argv[2])).text()));
const value = (e, name) => String(e.getFirstPropertyValue(name));
console.log(JSON.stringify(cal.getAllSubcomponents("vevent").map(e => ({
  UID: value(e, "uid"), Start: value(e, "dtstart"), End: value(e, "dtend"), Title: value(e, "summary"),
}))));
`, d.http.URL+path))
		})
	}
}

func quoted(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// The npm client of Statuspage against the running server, and HEAD as an
// exporter asks before it reads. The client asks for upcoming.json in all three
// of its calls for maintenance, so the other two are fetched beside it.
func TestStatuspageClient(t *testing.T) {
	t.Parallel()
	d := hostileDesk(t)
	out := node(t, `
import statuspage from "statuspage.io";
const client = new statuspage.Statuspage("x");
client.setApiUrl(process.argv[2]);
const { api } = client;
const heads = [];
for (const name of ["status", "summary", "components", "incidents", "incidents/unresolved", "scheduled-maintenances", "scheduled-maintenances/active", "scheduled-maintenances/upcoming"]) {
  const url = process.argv[2] + "/api/v2/" + name + ".json";
  const head = await fetch(url, { method: "HEAD" }), get = await fetch(url);
  heads.push([head.status, get.status, head.headers.get("content-type") === get.headers.get("content-type"), Array.isArray(Object.values(await get.json())[1]) ].join(" "));
}
const summary = await api.getSummary();
const names = list => list.map(i => [i.name, i.status, i.impact, i.components.map(c => c.name).join()].join(" / "));
console.log(JSON.stringify({
  heads,
  status: (await api.getStatus()).status.indicator,
  components: (await api.getComponents()).components.map(c => c.name + " " + c.status).join(),
  all: names((await api.incidents.getAll()).incidents),
  unresolved: names((await api.incidents.getUnresolved()).incidents),
  upcoming: names((await api.scheduledMaintenances.getUpcoming()).scheduled_maintenances),
  active: names((await api.scheduledMaintenances.getActive()).scheduled_maintenances),
  everything: names((await api.scheduledMaintenances.getAll()).scheduled_maintenances),
  summary: [summary.page.time_zone, summary.status.indicator, summary.components.length, summary.incidents.length, summary.scheduled_maintenances.length].join(" "),
  times: [summary.incidents[0].started_at, summary.scheduled_maintenances[0].scheduled_for, summary.scheduled_maintenances[0].scheduled_until],
  body: summary.incidents[0].incident_updates.map(u => u.status + " " + u.body.split("\n")[0]),
}));
`, d.http.URL)
	incident, notice, planned := hostile+" / identified / critical / IMAP", hostile+" / monitoring / none / ", hostile+" / scheduled / maintenance / IMAP"
	list := func(s ...string) []any {
		var l []any
		for _, x := range s {
			l = append(l, x)
		}
		return l
	}
	want := map[string]any{
		"heads":  list("200 200 true false", "200 200 true true", "200 200 true true", "200 200 true true", "200 200 true true", "200 200 true true", "200 200 true true", "200 200 true true"),
		"status": "critical", "components": "IMAP major_outage",
		"all": list(notice, incident), "unresolved": list(notice, incident), "upcoming": list(planned), "active": list(planned), "everything": list(planned),
		"summary": "Europe/Oslo critical 1 2 1",
		"times":   list("2026-11-20T15:30:00.000+01:00", "2036-11-20T15:00:00.000+01:00", "2036-11-20T17:00:00.000+01:00"),
		"body":    list("monitoring " + hostile),
	}
	var got map[string]any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Everything else that says the title says it unharmed.
func TestHostileTitleInOurOwnFormats(t *testing.T) {
	t.Parallel()
	d := hostileDesk(t)
	for _, path := range []string{"/", "/de/", "/status", "/status/stuck", "/status/planned", "/status/note", "/status/history/2026-11", "/help/apop", "/help/spam", "/search?q=stuck+queue"} {
		doc, err := html.Parse(strings.NewReader(d.get(path).body))
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		found := false
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode && n.Data == "in" {
				t.Errorf("%s: <in> became an element", path)
			}
			found = found || n.Type == html.TextNode && strings.Contains(n.Data, hostile)
		}
		if !found {
			t.Errorf("%s does not say the title", path)
		}
	}
	for _, path := range []string{"/status/badge.svg", "/status/components/imap/badge.svg", "/sitemap.xml", "/status/feed.atom", "/status/feed.rss"} {
		dec := xml.NewDecoder(strings.NewReader(d.get(path).body))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("%s: %v", path, err)
				break
			}
		}
	}
	for _, path := range []string{"/api/v1/search?q=stuck", "/status/feed.json", "/api/v2/summary.json"} {
		got := d.get(path)
		if !json.Valid([]byte(got.body)) || got.status != http.StatusOK || !strings.Contains(got.body, quoted(hostile)[:12]) {
			t.Errorf("%s: %d %.200s", path, got.status, got.body)
		}
	}
}
