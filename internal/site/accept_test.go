package site_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/internal/site"
)

// A confirmation takes effect by itself, since no file of the content changes.
func TestConfirmedLossIsTaken(t *testing.T) {
	f := files()
	for i := range 10 {
		f[fmt.Sprintf("help/more/more%d/en.md", i)] = fmt.Sprintf("---\nid: %d\ntitle: More\n---\nx\n", 100+i)
	}
	src, dir := folder(t, f)
	data := t.TempDir()
	live, err := site.Open(site.Config{Source: src, Data: data, Now: time.Now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { live.Run(ctx) })
	defer wg.Wait()
	defer cancel()

	until := func(what string, ok func(*site.Snapshot) bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); !ok(live.Snapshot()); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d articles, problems\n%v", what, len(live.Snapshot().Library.Articles), live.Snapshot().Problems)
			}
		}
	}
	if err := os.Rename(filepath.Join(dir, "help", "more"), filepath.Join(t.TempDir(), "more")); err != nil { // all at once
		t.Fatal(err)
	}
	until("held back", func(s *site.Snapshot) bool {
		return s.Problems.ErrorsIn("help") && len(s.Library.Articles) == 12
	})
	if err := site.ConfirmDeletions(data, src.Dir()); err != nil {
		t.Fatal(err)
	}
	until("confirmed", func(s *site.Snapshot) bool {
		return !s.Problems.HasErrors() && len(s.Library.Articles) == 2
	})
	if err := site.ConfirmDeletions(data, "/nowhere"); err == nil || !strings.Contains(err.Error(), "never served") {
		t.Errorf("a folder that was never served: %v", err)
	}
}
