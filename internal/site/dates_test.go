package site_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"signpost/internal/site"
)

// The first snapshot does not wait for Git; a later one has the dates.
func TestDatesComeFromGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	src, dir := folder(t, map[string]string{
		"help/mail/one/en.md": "---\nid: 1\ntitle: One\n---\nText.\n",
		"help/mail/two/en.md": "---\nid: 2\ntitle: Two\npublished: 2013-05-06\n---\nText.\n",
	})
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-q", "-m", "first"}} {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=W", "-c", "user.email=w@example.com"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2014-10-06T12:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	live, err := site.Open(site.Config{Source: src, Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	dates := func(slug string) (published, updated string) {
		lib := live.Snapshot().Library
		d := lib.Dates(lib.Named(slug))
		return d.Published.Format(time.DateOnly), d.Updated.Format(time.DateOnly)
	}
	const none = "0001-01-01"
	if p, u := dates("one"); p != none || u != none {
		t.Errorf("before Git was asked: %s %s", p, u)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { live.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if p, u := dates("one"); p == "2014-10-06" && u == "2014-10-06" {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the dates never came")
		}
	}
	if p, u := dates("two"); p != "2013-05-06" || u != "2014-10-06" {
		t.Errorf("an article that states its own date: %s %s", p, u)
	}
}
