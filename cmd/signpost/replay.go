package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/desk"
	"signpost/internal/search"
	"signpost/internal/state"
	"signpost/internal/ticket"
)

// A judgedTicket is a ticket with the articles that answered it.
type judgedTicket struct {
	ID       anyID   `json:"id"`
	Title    string  `json:"title"`
	Text     string  `json:"text"`
	Articles []anyID `json:"articles"` // slugs or ids
}

// read returns the ticket as the site reads it; false when it has no text.
func (t judgedTicket) read() (ticket.Ticket, bool) {
	read, err := ticket.FromText(t.Title, t.Text, "", "")
	return read, err == nil
}

func readTickets(name string) ([]judgedTicket, error) {
	var list []judgedTicket
	err := readLines(name, func(_ int, t judgedTicket) error {
		if len(t.Articles) == 0 {
			return errors.New("the ticket names no article: \"articles\": [\"slug\"]")
		}
		list = append(list, t)
		return nil
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%s holds no tickets", name)
	}
	return list, err
}

// A scale is how well the articles of judged tickets are found.
type scale struct {
	Hit1    float64 `json:"hit@1"` // share of the tickets with one of their articles first
	Hit3    float64 `json:"hit@3"`
	Hit5    float64 `json:"hit@5"`
	MRR     float64 `json:"mrr"`
	P50     float64 `json:"p50_us"` // microseconds for reading a ticket and ranking five articles
	P99     float64 `json:"p99_us"`
	N       int     `json:"n"`       // tickets that were judged
	Unknown int     `json:"unknown"` // tickets left out: their articles are not there
}

func replayCommand() *cobra.Command {
	var history, dir, docs string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "replay TICKETS.jsonl",
		Short: "Measure suggestions with tickets whose articles are known",
		Long: `Reads tickets {"id", "title", "text", "articles": [slug or id]} and measures how
often one of a ticket's articles is among the first 1, 3 and 5 suggestions, the
mean reciprocal rank, and the time a suggestion takes.

--history feeds earlier tickets into the ranking first, as the site learns from
the links that agents send. --docs ranks the documents {"id", "title", "text"} of
a JSON Lines file instead of a site's articles.`,
		Args: exactly(1, "a file with tickets"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if docs != "" && dir != "" {
				return usageError{fmt.Errorf("--docs and --content exclude each other")}
			}
			tickets, err := readTickets(args[0])
			if err != nil {
				return err
			}
			var earlier []judgedTicket
			if history != "" {
				if earlier, err = readTickets(history); err != nil {
					return err
				}
			}
			shelf, err := openShelf(cmd, dir, docs)
			if err != nil {
				return err
			}
			defer shelf.done()
			asked, err := learn(cmd, earlier, shelf.find)
			if err != nil {
				return err
			}
			ix, err := shelf.index(asked)
			if err != nil {
				return err
			}
			return printScale(cmd.OutOrStdout(), replay(cmd, ix, shelf, tickets), asJSON)
		},
	}
	contentFlag(cmd, &dir)
	fl := cmd.Flags()
	fl.StringVar(&history, "history", "", "JSON Lines file with earlier tickets to learn from")
	fl.StringVar(&docs, "docs", "", "JSON Lines file with documents to rank instead of a site")
	fl.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// A shelf holds the articles of a replay; each has a number.
type shelf struct {
	find   func(name string) int // number of an article by slug or id; 0 when it is not there
	number func(search.Hit) int  // of a hit
	detect func(*ticket.Ticket)  // completes what the ticket says of its language
	index  func(map[int]map[string]int) (*search.Index, error)
	done   func()
}

func openShelf(cmd *cobra.Command, dir, docsFile string) (*shelf, error) {
	if docsFile != "" {
		return docsShelf(cmd, docsFile)
	}
	var asked map[int]map[string]int
	live, done, err := openSite(cmd, dir, func() map[int]map[string]int { return asked })
	if err != nil {
		return nil, err
	}
	snap := live.Snapshot()
	return &shelf{
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
		index: func(learnt map[int]map[string]int) (*search.Index, error) {
			if asked = learnt; learnt != nil {
				if err := live.Renew(); err != nil {
					return nil, err
				}
			}
			return live.Snapshot().DeskIndex, nil
		},
		done: done,
	}, nil
}

func docsShelf(cmd *cobra.Command, name string) (*shelf, error) {
	docs, err := readDocs(name)
	if err != nil {
		return nil, err
	}
	numbers := map[string]int{}
	for i, d := range docs {
		numbers[d.ID] = i + 1
	}
	store, err := search.Open("")
	if err != nil {
		return nil, err
	}
	return &shelf{
		find:   func(name string) int { return numbers[name] },
		number: func(h search.Hit) int { return numbers[h.Doc.ID] },
		detect: func(t *ticket.Ticket) { t.Lang = "en" },
		index: func(asked map[int]map[string]int) (*search.Index, error) {
			for i := range docs {
				docs[i].Asked = asked[i+1]
			}
			bar := newProgress(cmd.ErrOrStderr(), "indexing")
			defer bar.done()
			indexes, err := store.Update(docs, nil, bar.update)
			return indexes.Public, err
		},
		done: func() { store.Close() },
	}, nil
}

// learn counts the terms of earlier tickets in a state of its own, so that the
// rules of the site hold: a term counts from its third ticket.
func learn(cmd *cobra.Command, earlier []judgedTicket, find func(string) int) (map[int]map[string]int, error) {
	if earlier == nil {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "signpost-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bar := newProgress(cmd.ErrOrStderr(), "learning")
	defer bar.done()
	learnt := 0
	for part := range slices.Chunk(earlier, 500) { // what waits is bounded
		err := brieflyOpen(cmd.Context(), dir, func(store *state.Store) error {
			for _, t := range part {
				if err := learnOne(store, t, strconv.Itoa(learnt), find); err != nil {
					return err
				}
				learnt++
			}
			return store.Flush(cmd.Context()) // closing would not wait for long
		})
		if err != nil {
			return nil, err
		}
		bar.update(learnt, len(earlier))
	}
	asked := map[int]map[string]int{}
	return asked, brieflyOpen(cmd.Context(), dir, func(store *state.Store) error {
		signals := store.Signals(cmd.Context(), time.Now())
		if signals.Stale {
			return errors.New("cannot read what was learnt from earlier tickets; is the disk for temporary files very slow or full?")
		}
		for _, t := range signals.Asked {
			if asked[t.Article] == nil {
				asked[t.Article] = map[string]int{}
			}
			asked[t.Article][t.Term] += t.N
		}
		return nil
	})
}

func brieflyOpen(ctx context.Context, dir string, do func(*state.Store) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	key := make([]byte, 32) // the same each time; what it hides lasts as long as this command
	store, err := state.Open(ctx, state.Config{Dir: dir, Key: key, Redact: ticket.Redact, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(do(store), store.Close())
}

func learnOne(store *state.Store, t judgedTicket, id string, find func(string) int) error {
	read, ok := t.read()
	if !ok {
		return nil
	}
	lang, terms := desk.Terms(read)
	for _, name := range t.Articles {
		if n := find(string(name)); n > 0 {
			if err := store.Asked(state.Asked{Ticket: id, Article: n, Lang: lang, Terms: terms}, time.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// deepest is how far a ticket's article is looked for.
const deepest = 100

func replay(cmd *cobra.Command, ix *search.Index, s *shelf, tickets []judgedTicket) scale {
	var out scale
	var times []time.Duration
	bar := newProgress(cmd.ErrOrStderr(), "replaying")
	defer bar.done()
	for i, t := range tickets {
		if cmd.Context().Err() != nil {
			break
		}
		bar.update(i+1, len(tickets))
		var want []int
		for _, name := range t.Articles {
			if n := s.find(string(name)); n > 0 {
				want = append(want, n)
			}
		}
		if len(want) == 0 {
			out.Unknown++
			continue
		}
		begin := time.Now()
		read, ok := t.read()
		s.detect(&read)
		q := search.Ticket{Subject: read.Subject, Text: read.Text, Lang: read.Lang, Platform: read.Platform, Codes: read.Codes, Kind: search.Article, Limit: desk.Normal}
		hits := ix.Suggest(q)
		times = append(times, time.Since(begin))
		out.N++
		if !ok {
			continue
		}
		right := func(h search.Hit) bool { return slices.Contains(want, s.number(h)) }
		rank := slices.IndexFunc(hits, right) + 1
		if rank == 0 {
			q.Limit = deepest
			rank = slices.IndexFunc(ix.Suggest(q), right) + 1
		}
		out.count(rank)
	}
	out.finish(times)
	return out
}

func (s *scale) count(rank int) {
	if rank == 0 {
		return
	}
	s.MRR += 1 / float64(rank)
	for _, at := range []struct {
		rank int
		n    *float64
	}{{1, &s.Hit1}, {3, &s.Hit3}, {5, &s.Hit5}} {
		if rank <= at.rank {
			*at.n++
		}
	}
}

// finish turns sums into shares.
func (s *scale) finish(times []time.Duration) {
	if s.N == 0 {
		return
	}
	for _, v := range []*float64{&s.Hit1, &s.Hit3, &s.Hit5, &s.MRR} {
		*v = math.Round(*v/float64(s.N)*10000) / 10000
	}
	slices.Sort(times)
	at := func(q float64) float64 {
		return math.Round(float64(times[min(int(q*float64(len(times))), len(times)-1)].Nanoseconds())/100) / 10
	}
	s.P50, s.P99 = at(.5), at(.99)
}

func printScale(w io.Writer, s scale, asJSON bool) error {
	if s.N == 0 {
		return hinted(errors.New("none of the tickets names an article that is there"), "name articles by slug or id, documents by id")
	}
	if asJSON {
		return printJSON(w, s)
	}
	var b strings.Builder
	for _, line := range []struct {
		name  string
		value float64
	}{{"hit@1", s.Hit1}, {"hit@3", s.Hit3}, {"hit@5", s.Hit5}, {"mrr", s.MRR}, {"p50_us", s.P50}, {"p99_us", s.P99}, {"n", float64(s.N)}} {
		fmt.Fprintf(&b, "%-7s %g\n", line.name, line.value)
	}
	if s.Unknown > 0 {
		fmt.Fprintf(&b, "%d tickets were left out: their articles are not there\n", s.Unknown)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
