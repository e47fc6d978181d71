package feed_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"signpost/internal/feed"
	"signpost/internal/feed/atom"
	"signpost/internal/feed/jsonfeed"
	"signpost/internal/feed/rss"
)

// hostile is a title that breaks whatever is pasted instead of encoded.
const hostile = `Mail "stuck" <in> & queue ]]> 📬`

func sample() feed.Feed {
	zone := time.FixedZone("CEST", 7200)
	at := time.Date(2014, 9, 22, 23, 50, 0, 0, zone)
	return feed.Feed{
		ID: feed.Tag("example.com", 2013, "status"), Title: "Example Mail: status", Lang: "en", Author: "Example Mail",
		Home: "https://help.example.com/status", Self: "https://help.example.com/status/feed",
		Entries: []feed.Entry{
			{
				ID: feed.Tag("example.com", 2014, "x/20140922T2151Z"), URL: "https://help.example.com/status/x#20140922T2151Z",
				Title: "[resolved] " + hostile, HTML: "<p>Back &amp; <em>well</em> ]]&gt;</p>", Text: "Back & well ]]>",
				Published: at.Add(time.Minute), Updated: at.Add(time.Hour), Categories: []feed.Category{{Term: "resolved", Label: "Resolved"}},
			},
			{
				ID: feed.Tag("example.com", 2014, "x/20140922T2150Z"), URL: "https://help.example.com/status/x#20140922T2150Z",
				Title: "[identified] " + hostile, Lang: "nb", Text: "Strømmen er borte\n\x01ø", Published: at,
			},
		},
	}
}

type read struct{ ID, URL, Title, Published, Updated, Text string }

func wanted(kind string) []read {
	w := []read{
		{"tag:example.com,2014:x/20140922T2151Z", "https://help.example.com/status/x#20140922T2151Z", "[resolved] " + hostile, "2014-09-22T21:51:00Z", "2014-09-22T22:50:00Z", "<p>Back &amp; <em>well</em> ]]&gt;</p>"},
		{"tag:example.com,2014:x/20140922T2150Z", "https://help.example.com/status/x#20140922T2150Z", "[identified] " + hostile, "2014-09-22T21:50:00Z", "2014-09-22T21:50:00Z", ""},
	}
	switch kind {
	case "rss":
		w[0].Updated, w[1].Updated = "", ""
	case "json":
		w[1].Updated = ""
	}
	return w
}

var writers = []struct {
	name  string
	write func(feed.Feed) ([]byte, error)
}{{"atom", atom.Write}, {"rss", rss.Write}, {"json", jsonfeed.Write}}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func TestReadByGofeed(t *testing.T) {
	for _, w := range writers {
		t.Run(w.name, func(t *testing.T) {
			b, err := w.write(sample())
			if err != nil {
				t.Fatal(err)
			}
			f, err := gofeed.NewParser().ParseString(string(b))
			if err != nil {
				t.Fatalf("%v\n%s", err, b)
			}
			var got []read
			for i, e := range f.Items {
				r := read{e.GUID, e.Link, e.Title, stamp(e.PublishedParsed), stamp(e.UpdatedParsed), ""}
				if i == 0 {
					r.Text = e.Content + e.Description
				}
				got = append(got, r)
			}
			if diff := cmp.Diff(wanted(w.name), got); diff != "" {
				t.Errorf("%s\n%s", diff, b)
			}
			if again, _ := w.write(sample()); string(again) != string(b) {
				t.Error("two calls give different bytes")
			}
		})
	}
}

// The bytes are strict XML and JSON, whatever stands in the texts.
func TestStrict(t *testing.T) {
	f := sample()
	for i := range f.Entries {
		f.Entries[i].Text += "\x00\x0b\ufffe ]]> </content> \u2028"
		f.Entries[i].HTML, f.Entries[i].Summary = f.Entries[i].Text, f.Entries[i].Text
	}
	for _, w := range writers {
		b, err := w.write(f)
		if err != nil {
			t.Fatal(err)
		}
		if w.name == "json" {
			if !json.Valid(b) {
				t.Errorf("not JSON:\n%s", b)
			}
			continue
		}
		d := xml.NewDecoder(strings.NewReader(string(b)))
		for err = nil; err == nil; _, err = d.Token() {
		}
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v\n%s", w.name, err, b)
		}
	}
}

func TestEmpty(t *testing.T) {
	for _, w := range writers {
		b, err := w.write(feed.Feed{ID: "tag:example.com,2013:s", Title: "T", Home: "https://example.com/", Self: "https://example.com/f"})
		if err != nil {
			t.Fatal(err)
		}
		if f, err := gofeed.NewParser().ParseString(string(b)); err != nil || f.Title != "T" || len(f.Items) != 0 {
			t.Errorf("%s: %v\n%s", w.name, err, b)
		}
		if w.name == "json" && !strings.Contains(string(b), `"items": []`) {
			t.Errorf("items is not []:\n%s", b)
		}
	}
}

// missing skips a test that needs a real program, or fails it where all
// programs are installed.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing; .ci/setup installs it", what)
}

// files writes the feeds to a folder and returns their names.
func files(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, w := range writers {
		b, err := w.write(sample())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, w.name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadByFeedparser(t *testing.T) {
	python := "/usr/bin/python3" // Debian's own: it has Debian's modules
	if exec.Command(python, "-c", "import feedparser").Run() != nil {
		missing(t, "python3-feedparser")
	}
	script := `
import sys, json, feedparser
for name in ("atom", "rss"):
    f = feedparser.parse(open(sys.argv[1] + "/" + name, "rb").read())
    assert not f.bozo, (name, f.bozo_exception)
    print(json.dumps([name, f.version, [[e.id, e.link, e.title] for e in f.entries]]))
`
	out, err := exec.CommandContext(t.Context(), python, "-c", script, files(t)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// feedparser reads titles as HTML when they look like it; ids and links are exact.
	checkLines(t, string(out), []string{"atom10", "rss20"})
}

func checkLines(t *testing.T, out string, versions []string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != len(versions) {
		t.Fatalf("%d feeds read:\n%s", len(lines), out)
	}
	for i, line := range lines {
		var got []any
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatalf("%v\n%s", err, line)
		}
		if got[1] != versions[i] {
			t.Errorf("version %v, want %s", got[1], versions[i])
		}
		entries := got[2].([]any)
		if len(entries) != 2 {
			t.Errorf("%v: %d entries", got[0], len(entries))
			continue
		}
		for j, w := range wanted("") {
			e := entries[j].([]any)
			if e[0] != w.ID || e[1] != w.URL || !strings.Contains(e[2].(string), "📬") {
				t.Errorf("%v: %v, want %v", got[0], e, w)
			}
		}
	}
}

func TestReadByFeedsmith(t *testing.T) {
	node, err := exec.LookPath("node")
	modules, _ := filepath.Abs("../../.ci/npm/feeds/node_modules/feedsmith")
	if _, e := os.Stat(modules); err != nil || e != nil {
		missing(t, "node with feedsmith")
	}
	script := `
import { readFileSync } from "node:fs";
const { parseFeed } = await import(process.argv[2] + "/" + JSON.parse(readFileSync(process.argv[2] + "/package.json")).main);
for (const name of ["atom", "rss", "json"]) {
  const { format, feed } = parseFeed(readFileSync(process.argv[3] + "/" + name, "utf8"));
  const entries = (feed.entries ?? feed.items).map(e => [e.id ?? e.guid?.value ?? e.guid, e.url ?? e.link ?? e.links[0].href, e.title.value ?? e.title]);
  console.log(JSON.stringify([name, format, entries]));
}
`
	path := filepath.Join(t.TempDir(), "read.mjs")
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), node, path, modules, files(t)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	checkLines(t, string(out), []string{"atom", "rss", "json"})
}
