package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Searches run while documents change and indexes are swapped.
func TestSearchWhileSwapping(t *testing.T) {
	docs := slices.Clone(sample)
	for i := range 10_000 {
		docs = append(docs, Document{
			ID: fmt.Sprint("x", i), Kind: Article, Lang: "en", Title: fmt.Sprint("Filler ", i),
			Sections: []Section{{Text: fmt.Sprintf("some words about subject%d and mail%d", i, i%100)}},
		})
	}
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ixs, err := s.Update(docs, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	var current atomic.Pointer[Indexes]
	current.Store(&ixs)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	queries := []string{"change pasword", "imap server port", "passw", "mail", "Passwörter", "550 5.7.1"}
	for g := range 64 {
		wg.Go(func() {
			for i := g; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				time.Sleep(5 * time.Millisecond) // leaves time for the updates
				c := current.Load()
				q := queries[i%len(queries)]
				if r := c.Public.Search(Query{Text: q, Lang: "de", Typing: i%2 == 0, Facets: i%3 == 0}); len(r.Hits) == 0 {
					t.Errorf("%q finds nothing", q)
					return
				}
				switch i % 16 {
				case 1:
					c.All.Suggest(Ticket{Text: "my password is wrong", Lang: "en"})
				case 2:
					c.Public.Related("10", "en", 3)
				case 3:
					if g != 3 {
						break // each reads all documents; one of them at a time is enough
					}
					if _, err := s.Advanced(t.Context(), AdvancedQuery{Text: "title:mail +password", Limit: 3}); err != nil && !errors.Is(err, context.DeadlineExceeded) { // slow machines
						t.Error(err)
					}
				}
			}
		})
	}
	for i := range 6 {
		docs = slices.Clone(docs)
		docs[20+i].Title += " edited"
		docs[3].Asked = map[string]int{"password": i}
		ixs, err := s.Update(docs, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		current.Store(&ixs)
	}
	close(stop)
	wg.Wait()
}

// The same documents give the same answers, however they came into the index.
func TestSameAnswersAfterRestart(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	docs := slices.Clone(sample)
	docs[0].Title = "Another title at first"
	for _, d := range [][]Document{docs[:3], docs, sample[2:], sample} {
		if _, err := s.Update(d, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	old, err := s.Update(sample, nil, func(done, total int) { t.Errorf("%d of %d documents are analysed again", done, total) })
	if err != nil || s.Rebuilt() != "" {
		t.Fatal(err, s.Rebuilt())
	}
	fresh := newIndexes(t, sample)
	for _, text := range []string{"mail", "pasword", "imap server", "passwort", "e", "steps to reject 552"} {
		if d := cmp.Diff(fresh.Public.Search(Query{Text: text, Typing: true}), old.Public.Search(Query{Text: text, Typing: true})); d != "" {
			t.Errorf("%q: %s", text, d)
		}
	}
	for _, g := range []string{"10", "11", "12"} {
		if d := cmp.Diff(fresh.All.Related(g, "en", 5), old.All.Related(g, "en", 5)); d != "" {
			t.Errorf("related to %s: %s", g, d)
		}
	}
}

func TestOutlinesAreBounded(t *testing.T) {
	ix := newIndexes(t, sample).Public
	kept := &ix.outlines.bytes
	kept.Store(maxOutlines)
	full := ix.Search(Query{Text: "password"})
	if got := kept.Load(); got != maxOutlines {
		t.Errorf("%d bytes kept beyond the bound", got-maxOutlines)
	}
	kept.Store(0)
	if d := cmp.Diff(full, ix.Search(Query{Text: "password"})); d != "" {
		t.Error(d)
	}
	if kept.Load() == 0 {
		t.Error("nothing is kept")
	}
}
