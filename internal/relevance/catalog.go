package relevance

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"time"

	"signpost/internal/search"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
)

// Progress hears how far long work is. Nil is fine.
type Progress func(done, total int)

func (p Progress) tell(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// A Catalog holds the articles that tickets are answered with; each has a number.
type Catalog struct {
	find   func(name string) int // number of an article by slug or id; 0 when it is not there
	number func(search.Hit) int  // of a hit
	detect func(*ticket.Ticket)  // completes what the ticket says of its language
	index  func(asked map[int]map[string]int, indexing Progress) (*search.Index, error)
	asked  map[int]map[string]int // terms of earlier tickets, by the number of their article
}

// OfSite makes a catalog of a site's articles. What is learnt is given to teach,
// from which the site's next snapshot takes it.
func OfSite(live *site.Live, teach func(asked map[int]map[string]int)) *Catalog {
	snap := live.Snapshot()
	return &Catalog{
		find: func(name string) int {
			a, _ := snap.Desk.Find(name)
			if a == nil {
				return 0
			}
			return a.ID
		},
		number: func(h search.Hit) int {
			a := snap.DeskArticleOf(h.Doc)
			if a == nil {
				return 0
			}
			return a.ID
		},
		detect: func(t *ticket.Ticket) {
			if !slices.Contains(snap.Languages(), t.Lang) {
				t.Lang = snap.DefaultLanguage()
			}
		},
		index: func(asked map[int]map[string]int, _ Progress) (*search.Index, error) {
			if asked != nil {
				teach(asked)
				if err := live.Renew(); err != nil {
					return nil, err
				}
			}
			return live.Snapshot().DeskIndex, nil
		},
	}
}

// OfDocs makes a catalog of documents, which are indexed in the store.
func OfDocs(docs []search.Document, store *search.Store) *Catalog {
	numbers := map[string]int{}
	for i, d := range docs {
		numbers[d.ID] = i + 1
	}
	return &Catalog{
		find:   func(name string) int { return numbers[name] },
		number: func(h search.Hit) int { return numbers[h.Doc.ID] },
		detect: func(t *ticket.Ticket) { t.Lang = "en" },
		index: func(asked map[int]map[string]int, indexing Progress) (*search.Index, error) {
			for i := range docs {
				docs[i].Asked = asked[i+1]
			}
			indexes, err := store.Update(docs, nil, indexing)
			return indexes.Public, err
		},
	}
}

// Index returns the catalog's index, with what was learnt.
func (s *Catalog) Index(indexing Progress) (*search.Index, error) { return s.index(s.asked, indexing) }

// Learn counts the terms of earlier tickets in a state of its own, so that the
// rules of the site hold: a term counts from its third ticket.
func (s *Catalog) Learn(ctx context.Context, earlier []Ticket, now time.Time, learning Progress) error {
	if len(earlier) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp("", "signpost-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	learnt := 0
	for part := range slices.Chunk(earlier, 500) { // what waits is bounded
		err := brieflyOpen(ctx, dir, func(store *state.Store) error {
			for _, t := range part {
				if err := s.learnOne(store, t, strconv.Itoa(learnt), now); err != nil {
					return err
				}
				learnt++
			}
			return store.Events.Flush(ctx) // closing would not wait for long
		})
		if err != nil {
			return err
		}
		learning.tell(learnt, len(earlier))
	}
	s.asked = map[int]map[string]int{}
	return brieflyOpen(ctx, dir, func(store *state.Store) error {
		signals := store.Reports.Signals(ctx, now)
		if signals.Stale {
			return errors.New("cannot read what was learnt from earlier tickets; is the disk for temporary files very slow or full?")
		}
		for _, t := range signals.Asked {
			if s.asked[t.Article] == nil {
				s.asked[t.Article] = map[string]int{}
			}
			s.asked[t.Article][t.Term] += t.N
		}
		return nil
	})
}

func brieflyOpen(ctx context.Context, dir string, do func(*state.Store) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	key := make([]byte, 32) // the same each time; what it hides lasts as long as this run
	store, err := state.Open(ctx, state.Config{Dir: dir, Key: key, Redact: ticket.Redact, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(do(store), store.Close())
}

func (s *Catalog) learnOne(store *state.Store, t Ticket, id string, now time.Time) error {
	read, ok := t.read()
	if !ok {
		return nil
	}
	lang, terms := suggest.Terms(read)
	for _, name := range t.Articles {
		if n := s.find(string(name)); n > 0 {
			if err := store.Events.Asked(state.Asked{Ticket: id, Article: n, Lang: lang, Terms: terms}, now); err != nil {
				return err
			}
		}
	}
	return nil
}
