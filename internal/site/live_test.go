package site_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/search"
	"signpost/internal/site"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func write(t testing.TB, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func folder(t testing.TB, files map[string]string) (*source.Source, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		write(t, dir, name, text)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return src, dir
}

func files() map[string]string {
	return map[string]string{
		"site.yaml":            "name: Test\ntime_zone: Europe/Oslo\ncomponents:\n  - {id: imap, name: IMAP}\n",
		"help/mail/one/en.md":  "---\nid: 1\ntitle: One\n---\nText.\n",
		"help/mail/soon/en.md": "---\nid: 2\ntitle: Soon\npublish: 2026-11-23T12:10Z\n---\nText.\n",
		"status/2026/disks.md": "---\ntitle: New disks\nkind: maintenance\ndate: 2026-11-20\nstarts: 2026-11-23 13:20\nends: 2026-11-23 13:40\naffects: imap\n---\nNew disks.\n",
	}
}

// Time alone publishes an article and begins and ends a maintenance, at the
// very instants, without a change of any file.
func TestTheClockChangesTheSite(t *testing.T) {
	begin := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	now := begin
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	src, _ := folder(t, files())
	live, err := site.Open(site.Config{Source: src, Now: clock, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	var got []string
	for range 6 {
		s := live.Snapshot()
		got = append(got, fmt.Sprintf("%s %d articles, maintenance %t, next %s", s.At.UTC().Format("15:04"), len(s.Help.Articles), s.Board.Maintenance, s.Next.UTC().Format("02 15:04")))
		mu.Lock()
		now = s.Next
		mu.Unlock()
		if err := live.Renew(); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"12:00 1 articles, maintenance false, next 23 12:10",
		"12:10 2 articles, maintenance false, next 23 12:20",
		"12:20 2 articles, maintenance true, next 23 12:40",
		"12:40 2 articles, maintenance false, next 23 23:00",
		"23:00 2 articles, maintenance false, next 24 23:00",
		"23:00 2 articles, maintenance false, next 25 23:00",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Run wakes at Snapshot.Next by itself. The clock is the real one, because the
// index has goroutines of its own that a synctest bubble does not allow.
func TestRunWakesAtTheBoundary(t *testing.T) {
	due := time.Now().Add(2500 * time.Millisecond).Truncate(time.Second)
	src, _ := folder(t, map[string]string{
		"help/mail/one/en.md":  "---\nid: 1\ntitle: One\n---\nx\n",
		"help/mail/soon/en.md": "---\nid: 2\ntitle: Soon\npublish: " + due.UTC().Format(time.RFC3339) + "\n---\nText.\n",
	})
	live, err := site.Open(site.Config{Source: src, Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { live.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	for len(live.Snapshot().Help.Articles) < 2 {
		if time.Since(due) > 20*time.Second {
			t.Fatal("the scheduled article was not published")
		}
		time.Sleep(10 * time.Millisecond)
	}
	if at := live.Snapshot().At; at.Before(due) {
		t.Errorf("published at %v, %v too early", at, due.Sub(at))
	}
}

func TestColdStartBesideABrokenArticle(t *testing.T) {
	f := files()
	f["help/mail/bad/en.md"] = "---\nid: [\n---\n"
	f["providers/bad.yaml"] = "provider: [\n"
	f["status/2026/bad.md"] = "no front matter"
	src, _ := folder(t, f)
	live, err := site.Open(site.Config{Source: src, Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	s := live.Snapshot()
	if len(s.Help.Articles) == 0 || len(s.Board.Posts) != 1 || !s.Problems.HasErrors() {
		t.Errorf("%d articles, %d posts, problems %v", len(s.Help.Articles), len(s.Board.Posts), s.Problems)
	}
}

// A damaged index is filled again by itself, and the log says so.
func TestDamagedIndex(t *testing.T) {
	src, _ := folder(t, files())
	data := t.TempDir()
	open := func() string {
		t.Helper()
		var log strings.Builder
		live, err := site.Open(site.Config{Source: src, Now: time.Now, Data: data, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		defer live.Close()
		if hits := live.Snapshot().Index.Search(search.Query{Text: "one", Lang: "en"}).Hits; len(hits) != 1 {
			t.Errorf("%d hits", len(hits))
		}
		return log.String()
	}
	for range 2 {
		if log := open(); strings.Contains(log, "thrown away") {
			t.Error(log)
		}
	}
	damaged := 0
	err := filepath.WalkDir(filepath.Join(data, "index"), func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Name() == "index_meta.json" {
			damaged++
			return os.WriteFile(path, []byte("{"), 0o600)
		}
		return err
	})
	if err != nil || damaged == 0 {
		t.Fatalf("%d files damaged, %v", damaged, err)
	}
	if log := open(); !strings.Contains(log, "the search index was thrown away and filled again") {
		t.Errorf("the log says %q", log)
	}
}

// Requests search and read while snapshots are swapped under them.
func TestSearchWhileSnapshotsSwap(t *testing.T) {
	src, dir := folder(t, files())
	live, err := site.Open(site.Config{Source: src, Data: t.TempDir(), Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				s := live.Snapshot()
				for _, hit := range s.Index.Search(search.Query{Text: "one text", Typing: true}).Hits {
					if hit.Doc.Kind == search.Article && s.ArticleOf(hit.Doc) == nil {
						t.Error("a hit of a snapshot is no article of it")
					}
				}
			}
		})
	}
	for i := range 10 {
		write(t, dir, "help/mail/one/en.md", fmt.Sprintf("---\nid: 1\ntitle: One\n---\nText number %d.\n", i))
		if err := live.Load(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

func TestSampleIsOnlyForTrying(t *testing.T) {
	live, err := site.Open(site.Config{Source: source.Embedded("sample", articles.FS), Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	if !live.Snapshot().Sample {
		t.Error("the sample does not say that it is one")
	}
	a, _ := live.Snapshot().Help.Find("spam-filter")
	if related := live.Snapshot().Related(a, "en", 4); len(related) == 0 {
		t.Error("no article is related to the spam filter")
	}
	if popular := live.Snapshot().Popular(6); len(popular) != 6 {
		t.Errorf("%d popular articles", len(popular))
	}
}
