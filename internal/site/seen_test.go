package site_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/status"
	"signpost/internal/feed/ical"
	"signpost/internal/site"
)

// Planned work that was written by hand is announced when its file is first
// seen, also after a restart; a window that is changed by hand is a change.
func TestPlannedWorkWrittenByHand(t *testing.T) {
	now := time.Now().Truncate(time.Second)
	clock := func() time.Time { return now }
	src, dir := folder(t, files())
	data := t.TempDir()
	var live *site.Live
	open := func() {
		t.Helper()
		var err error
		if live, err = site.Open(site.Config{Source: src, Data: data, Now: clock, Log: quiet}); err != nil {
			t.Fatal(err)
		}
	}
	work := func(day time.Time) {
		write(t, dir, "status/2026/work.md", "---\ntitle: Work\nkind: maintenance\nstarts: "+day.Format(time.DateOnly)+" 13:20\nlasts: 2h\naffects: imap\n---\nText.\n")
		if err := live.Load(); err != nil {
			t.Fatal(err)
		}
	}
	show := func() string {
		b := live.Snapshot().Board
		for f := range b.Timeline.Facts("") {
			if f.Post.ID != "work" {
				continue
			}
			edited := "never"
			if !f.Edited.IsZero() {
				edited = fmt.Sprint(f.Edited.Sub(f.At))
			}
			text, err := ical.Write(ical.Calendar{Lang: "en", Host: "h", PostURL: func(string) string { return "" }, Text: func(*status.Post, status.Body) string { return "" }}, b)
			if err != nil {
				t.Fatal(err)
			}
			_, event, _ := strings.Cut(string(text), "UID:work@h")
			event, _, _ = strings.Cut(event, "DTSTART")
			stamp := f.Changed().UTC().Format("20060102T150405Z")
			want := "\r\nDTSTAMP:" + stamp + "\r\nLAST-MODIFIED:" + stamp + "\r\nCREATED:" + f.At.UTC().Format("20060102T150405Z") + "\r\nSEQUENCE:" + fmt.Sprint(f.Seq) + "\r\n"
			if diff := cmp.Diff(want, event); diff != "" {
				t.Error(diff)
			}
			return fmt.Sprint("told ", f.At.Sub(now), ", edited ", edited, ", ", f.Seq)
		}
		return "nothing"
	}
	check := func(what, want string) {
		t.Helper()
		if got := show(); got != want {
			t.Errorf("%s: %s, want %s", what, got, want)
		}
	}
	open()
	work(now.AddDate(0, 0, 30))
	check("a new file", "told 0s, edited never, 0")
	now = now.Add(time.Hour)
	live.Close()
	open()
	check("after a restart", "told -1h0m0s, edited never, 0")
	work(now.AddDate(0, 0, 31))
	check("moved by hand", "told -1h0m0s, edited 1h0m0s, 1")
	now = now.Add(time.Hour)
	work(now.AddDate(0, 0, 33))
	check("moved again", "told -2h0m0s, edited 2h0m0s, 2")
	live.Close()
}
