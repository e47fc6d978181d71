package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signpost/internal/content/markdown"
	"signpost/internal/mail/address"
	"signpost/internal/problem"
	"signpost/internal/site"
	"signpost/internal/suggest"
)

func snippetCommand() *cobra.Command {
	var dir, format, addr string
	var c suggest.Customer
	cmd := &cobra.Command{
		Use:   "snippet ID[#ANCHOR]",
		Short: "Write a piece for a reply: one section of an article, with its link",
		Long: `Writes an article, named by its id or slug, as a piece for a reply: the
title, one section with all its steps and the settings that it shows filled in
for the customer, and the permanent link. The section is the one with the
anchor; without an anchor it is the only one with steps, else the summary takes its
place. "signpost snippet settings" writes the customer's settings alone.

  signpost snippet set-up-thunderbird#step-1
  signpost snippet 1003 --format md --address anna@example.com --platform linux`,
		Args: exactly(1, "the id or slug of an article, or \"settings\""),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(snippetFormats, format) {
				return usageError{hinted(fmt.Errorf("--format: there is no %q", format), "one of "+strings.Join(snippetFormats, ", "))}
			}
			if addr != "" {
				var err error
				if c.Address, err = address.Parse(addr); err != nil {
					return usageError{fmt.Errorf("--address: %w", err)}
				}
			}
			live, done, err := openSite(cmd, dir, nil)
			if err != nil {
				return err
			}
			defer done()
			return snippet(cmd, live.Snapshot(), args[0], format, c)
		},
	}
	contentFlag(cmd, &dir)
	fl := cmd.Flags()
	fl.StringVar(&format, "format", "text", strings.Join(snippetFormats, ", "))
	fl.StringVar(&addr, "address", "", "the customer's address, for the settings")
	fl.StringVar(&c.Platform, "platform", "", "device of the customer: "+strings.Join(markdown.Platforms(), ", "))
	fl.StringVar(&c.Lang, "lang", "", "language (default: the site's first)")
	return cmd
}

var snippetFormats = []string{"text", "md", "html", "link"}

func snippet(cmd *cobra.Command, s *site.Snapshot, id, format string, c suggest.Customer) error {
	if err := checkReader(s, c.Lang, c.Platform); err != nil {
		return err
	}
	texts := s.Library.Texts
	var err error
	var p suggest.Snippet
	id, anchor, _ := strings.Cut(id, "#")
	a, _ := s.Desk.Find(id)
	switch {
	case a != nil:
		p, err = suggest.ArticleSnippet(s, texts, a, c, anchor, siteURL(s), "")
		if errors.Is(err, suggest.ErrNoSection) {
			var anchors []string
			if doc := s.Library.Doc(a.In(cmp.Or(c.Lang, s.DefaultLanguage())).Body); doc != nil {
				anchors = doc.Anchors()
			}
			err = hinted(fmt.Errorf("%s has no section %q", a.Slug, anchor), problem.DidYouMean(anchor, anchors))
		}
	case id == "settings":
		if p, err = suggest.SettingsSnippet(s, texts, c, siteURL(s)); err == nil && p.URL == "" {
			err = hinted(errors.New("no provider is described, so there are no settings"), "describe it in providers/NAME.yaml")
		}
	default:
		var slugs []string
		for _, other := range s.Desk.Articles {
			slugs = append(slugs, other.Slug)
		}
		err = hinted(fmt.Errorf("there is no article %q", id), problem.DidYouMean(id, slugs))
	}
	if err != nil {
		return err
	}
	text := map[string]string{"text": p.Text, "md": p.Markdown, "html": p.HTML, "link": p.URL + "\n"}[format]
	if isTerminal(cmd.OutOrStdout()) {
		for line := range strings.Lines(text) {
			fmt.Fprintln(cmd.OutOrStdout(), problem.Printable(strings.TrimRight(line, "\n")))
		}
		return nil
	}
	_, err = io.WriteString(cmd.OutOrStdout(), text)
	return err
}
