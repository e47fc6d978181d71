package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/problem"
	"signpost/internal/relevance"
	"signpost/internal/search"
	"signpost/internal/site"
)

type searchFlags struct {
	content, docs, queries, run, lang string
	json                              bool
	limit                             int
}

func searchCommand() *cobra.Command {
	var f searchFlags
	cmd := &cobra.Command{
		Use:   "search [WORDS]",
		Short: "Search the articles as the site does",
		Long: `Searches with the ranking of the site, over a content folder or over the
documents {"id", "title", "text"} of a JSON Lines file (--docs).

--queries takes queries {"id", "text"} as JSON Lines and writes a line
"query-id document-id rank score" for each result to the file --run.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			words := strings.TrimSpace(strings.Join(args, " "))
			if (words == "") == (f.queries == "") {
				return usageError{hinted(fmt.Errorf("search wants either words or --queries"), "usage: "+cmd.UseLine())}
			}
			if (f.queries == "") != (f.run == "") {
				return usageError{fmt.Errorf("--queries and --run go together")}
			}
			if f.limit < 1 || f.limit > 100 {
				return usageError{fmt.Errorf("--limit is a number from 1 to 100")}
			}
			ix, name, done, err := openIndex(cmd, f.content, f.docs, &f.lang)
			if err != nil {
				return err
			}
			defer done()
			if f.queries != "" {
				return runQueries(ix, name, f)
			}
			return printHits(cmd.OutOrStdout(), ix, name, words, f)
		},
	}
	contentFlag(cmd, &f.content)
	fl := cmd.Flags()
	fl.StringVar(&f.docs, "docs", "", "JSON Lines file with documents to search instead of a site")
	fl.StringVar(&f.queries, "queries", "", "JSON Lines file with queries")
	fl.StringVar(&f.run, "run", "", "file for the results of --queries")
	fl.StringVar(&f.lang, "lang", "", "preferred language")
	fl.BoolVar(&f.json, "json", false, "print JSON as /api/v1/search does")
	fl.IntVar(&f.limit, "limit", 10, "results, at most 100")
	return cmd
}

// openIndex indexes a site or a file of documents in memory. name gives the
// name by which a hit is printed; an empty lang becomes the site's first.
func openIndex(cmd *cobra.Command, contentDir, docs string, lang *string) (ix *search.Index, name func(search.Hit) string, done func(), err error) {
	bar := newProgress(cmd.ErrOrStderr(), "indexing")
	defer bar.done()
	if docs != "" {
		if contentDir != "" {
			return nil, nil, nil, usageError{fmt.Errorf("--docs and --content exclude each other")}
		}
		ix, done, err = openDocs(docs, bar)
		return ix, func(h search.Hit) string { return h.Doc.ID }, done, err
	}
	src, err := openContent(cmd, contentDir)
	if err != nil {
		return nil, nil, nil, err
	}
	live, err := site.Open(site.Config{Source: src, Now: time.Now, Log: slog.New(slog.DiscardHandler), Progress: bar.update})
	if err != nil {
		src.Close()
		return nil, nil, nil, err
	}
	snap := live.Snapshot()
	if *lang == "" {
		*lang = snap.DefaultLanguage()
	}
	name = func(h search.Hit) string {
		if a := snap.ArticleOf(h.Doc); a != nil {
			return a.Slug
		}
		_, id, _ := strings.Cut(h.Doc.Group, "/")
		return id
	}
	return snap.Index, name, func() { live.Close(); src.Close() }, nil
}

// openDocs indexes a file of documents.
func openDocs(name string, bar *progress) (*search.Index, func(), error) {
	docs, err := relevance.ReadDocs(name)
	if err != nil {
		return nil, nil, err
	}
	store, err := search.Open("")
	if err != nil {
		return nil, nil, err
	}
	indexes, err := store.Update(docs, nil, bar.update)
	if err != nil {
		store.Close()
		return nil, nil, err
	}
	return indexes.Public, func() { store.Close() }, nil
}

// runQueries writes the results of the queries to the file --run.
func runQueries(ix *search.Index, name func(search.Hit) string, f searchFlags) (err error) {
	out, err := os.Create(f.run)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	defer func() { err = errors.Join(err, w.Flush(), out.Close()) }()
	return relevance.Run(w, ix, f.queries, name, f.lang, f.limit)
}

func printHits(w io.Writer, ix *search.Index, name func(search.Hit) string, words string, f searchFlags) error {
	res := ix.Search(search.Query{Text: words, Lang: f.lang, Limit: f.limit})
	if f.json {
		return printHitsJSON(w, name, words, res)
	}
	if res.Corrected != "" {
		fmt.Fprintf(w, "results for: %s\n", problem.Printable(res.Corrected))
	}
	if len(res.Hits) == 0 {
		fmt.Fprintln(w, "nothing was found")
	}
	for i, h := range res.Hits {
		fmt.Fprintf(w, "%2d. %s  (%s)\n", i+1, problem.Printable(h.Doc.Title), problem.Printable(name(h)))
		if h.Snippet != "" {
			plain := html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(h.Snippet))
			fmt.Fprintf(w, "    %s\n", problem.Printable(plain))
		}
	}
	return nil
}

func printHitsJSON(w io.Writer, name func(search.Hit) string, words string, res search.Results) error {
	type result struct {
		Kind    string  `json:"kind"`
		ID      string  `json:"id"`
		Slug    string  `json:"slug"`
		Title   string  `json:"title"`
		URL     string  `json:"url"`
		Anchor  string  `json:"anchor"`
		Section string  `json:"section"`
		Snippet string  `json:"snippet"`
		Score   float64 `json:"score"`
	}
	out := struct {
		Query     string   `json:"query"`
		Corrected string   `json:"corrected,omitempty"`
		Total     int      `json:"total"`
		Results   []result `json:"results"`
	}{words, res.Corrected, res.Total, []result{}}
	for _, h := range res.Hits {
		r := result{Kind: h.Doc.Kind, Slug: name(h), Title: h.Doc.Title, Anchor: h.Anchor, Section: h.Section, Snippet: h.Snippet, Score: h.Score}
		_, r.ID, _ = strings.Cut(h.Doc.Group, "/")
		if r.ID == "" {
			r.ID = h.Doc.ID
		}
		switch h.Doc.Kind {
		case search.Article:
			r.URL = "/help/" + r.Slug
		case search.Incident:
			r.URL = "/status/" + r.Slug
		}
		if r.URL != "" && h.Anchor != "" {
			r.URL += "#" + h.Anchor
		}
		out.Results = append(out.Results, r)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
