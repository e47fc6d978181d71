package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
	"signpost/internal/site"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
)

// openSite loads a content folder for one command; the index is in memory.
// asked may be nil.
func openSite(cmd *cobra.Command, dir string, asked func() map[int]map[string]int) (live *site.Live, done func(), err error) {
	src, err := openContent(cmd, dir)
	if err != nil {
		return nil, nil, err
	}
	bar := newProgress(cmd.ErrOrStderr(), "indexing")
	defer bar.done()
	live, err = site.Open(site.Config{Source: src, Now: time.Now, Log: slog.New(slog.DiscardHandler), Progress: bar.update, Asked: asked})
	if err != nil {
		src.Close()
		return nil, nil, err
	}
	return live, func() { live.Close(); src.Close() }, nil
}

// siteURL is the site's address for links, without a slash at the end.
func siteURL(s *site.Snapshot) string {
	if u := s.Library.Site.URL; u != "" {
		return u
	}
	return "http://127.0.0.1:8080"
}

func suggestCommand() *cobra.Command {
	var dir string
	var o suggest.Options
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "suggest",
		Short: "Show the incidents and articles for a ticket",
		Long: `Reads a ticket from the standard input, an e-mail or plain text, and shows the
open incidents and the articles that fit it, each with the reason. Quotes,
greeting and signature are left out; nothing is kept.

  signpost suggest < ticket.eml`,
		Args: exactly(0, "the ticket on its standard input"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Limit < 1 || o.Limit > suggest.Most {
				return usageError{fmt.Errorf("--limit is a number from 1 to %d", suggest.Most)}
			}
			t, err := ticket.Read(cmd.InOrStdin())
			if errors.Is(err, ticket.ErrEmpty) {
				return hinted(errors.New("there is no ticket"), "give it on the standard input: signpost suggest < ticket.eml")
			} else if err != nil {
				return err
			}
			live, done, err := openSite(cmd, dir, nil)
			if err != nil {
				return err
			}
			defer done()
			snap := live.Snapshot()
			if err := checkReader(snap, o.Lang, o.Platform); err != nil {
				return err
			}
			s := suggest.For(snap, t, o)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), s)
			}
			printSuggestions(cmd.OutOrStdout(), s, siteURL(snap))
			return nil
		},
	}
	contentFlag(cmd, &dir)
	fl := cmd.Flags()
	fl.StringVar(&o.Lang, "lang", "", "language of the suggestions (default: the ticket's)")
	fl.StringVar(&o.Platform, "platform", "", "device of the customer: "+strings.Join(markdown.Platforms(), ", ")+" (default: what the ticket says)")
	fl.IntVar(&o.Limit, "limit", suggest.Normal, "articles, at most 20")
	fl.BoolVar(&asJSON, "json", false, "print JSON as POST /api/v1/suggest does")
	return cmd
}

// checkReader refuses a language or platform that does not exist.
func checkReader(s *site.Snapshot, lang, platform string) error {
	if lang != "" && !slices.Contains(s.Languages(), lang) {
		return usageError{hinted(fmt.Errorf("--lang: the site is not written in %q", lang), "it is written in "+strings.Join(s.Languages(), ", "))}
	}
	if platform != "" && !slices.Contains(markdown.Platforms(), platform) {
		return usageError{hinted(fmt.Errorf("--platform: there is no %q", platform), "one of "+strings.Join(markdown.Platforms(), ", "))}
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// plainSnippet is a snippet without its marks.
func plainSnippet(s string) string {
	return html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(s))
}

func printSuggestions(w io.Writer, s suggest.Suggestions, base string) {
	line := func(indent, format string, args ...any) {
		fmt.Fprintln(w, indent+problem.Printable(fmt.Sprintf(format, args...)))
	}
	because := func(why []string) {
		if len(why) > 0 {
			line("    ", "because of: %s", strings.Join(why, ", "))
		}
	}
	for _, i := range s.Incidents {
		line("!  ", "%s  (%s, %s)", i.Title, i.Kind, i.State)
		line("    ", "%s%s", base, i.URL)
		because(i.Why)
	}
	for _, i := range s.Open {
		if i.Maybe {
			line("?  ", "open now: %s", i.Title)
			line("    ", "%s%s", base, i.URL)
			because(i.Why)
		} else {
			line("   ", "also open: %s", i.Title)
		}
	}
	if len(s.Articles) == 0 || s.Articles[0].Fit != suggest.Strong {
		line("", "nothing fits well; %d open now", len(s.Incidents)+len(s.Open))
	}
	for n, a := range s.Articles {
		if n > 0 && a.Fit != s.Articles[n-1].Fit {
			line("", "might also fit:")
		}
		line(fmt.Sprintf("%2d. ", n+1), "%s  (%s)", a.Title, a.Slug)
		line("    ", "%s%s", base, a.URL)
		if a.Snippet != "" {
			line("    ", "%s", plainSnippet(a.Snippet))
		}
		because(a.Why)
	}
}
