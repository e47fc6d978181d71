package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/relevance"
	"signpost/internal/search"
)

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
			tickets, err := relevance.ReadTickets(args[0])
			if err != nil {
				return err
			}
			var earlier []relevance.Ticket
			if history != "" {
				if earlier, err = relevance.ReadTickets(history); err != nil {
					return err
				}
			}
			shelf, done, err := openShelf(cmd, dir, docs)
			if err != nil {
				return err
			}
			defer done()
			err = withProgress(cmd, "learning", func(p relevance.Progress) error { return shelf.Learn(cmd.Context(), earlier, time.Now(), p) })
			if err != nil {
				return err
			}
			var ix *search.Index
			err = withProgress(cmd, "indexing", func(p relevance.Progress) (err error) { ix, err = shelf.Index(p); return err })
			if err != nil {
				return err
			}
			bar := newProgress(cmd.ErrOrStderr(), "replaying")
			s := relevance.Replay(cmd.Context(), shelf, ix, tickets, bar.update)
			bar.done()
			return printScale(cmd.OutOrStdout(), s, asJSON)
		},
	}
	contentFlag(cmd, &dir)
	fl := cmd.Flags()
	fl.StringVar(&history, "history", "", "JSON Lines file with earlier tickets to learn from")
	fl.StringVar(&docs, "docs", "", "JSON Lines file with documents to rank instead of a site")
	fl.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// withProgress shows how far a part of the work is.
func withProgress(cmd *cobra.Command, what string, do func(relevance.Progress) error) error {
	bar := newProgress(cmd.ErrOrStderr(), what)
	defer bar.done()
	return do(bar.update)
}

// openShelf opens the articles of a site, or documents.
func openShelf(cmd *cobra.Command, dir, docsFile string) (shelf *relevance.Catalog, done func(), err error) {
	if docsFile != "" {
		docs, err := relevance.ReadDocs(docsFile)
		if err != nil {
			return nil, nil, err
		}
		store, err := search.Open("")
		if err != nil {
			return nil, nil, err
		}
		return relevance.OfDocs(docs, store), func() { store.Close() }, nil
	}
	var asked map[int]map[string]int
	live, done, err := openSite(cmd, dir, func() map[int]map[string]int { return asked })
	if err != nil {
		return nil, nil, err
	}
	return relevance.OfSite(live, func(learnt map[int]map[string]int) { asked = learnt }), done, nil
}

func printScale(w io.Writer, s relevance.Scale, asJSON bool) error {
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
	}{{"hit@1", s.Hit1}, {"hit@3", s.Hit3}, {"hit@5", s.Hit5}, {"mrr", s.MRR}, {"strong", s.Strong}, {"strong_hit@3", s.Strong3}, {"p50_us", s.P50}, {"p99_us", s.P99}, {"n", float64(s.N)}} {
		fmt.Fprintf(&b, "%-12s %g\n", line.name, line.value)
	}
	if s.Unknown > 0 {
		fmt.Fprintf(&b, "%d tickets were left out: their articles are not there\n", s.Unknown)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
