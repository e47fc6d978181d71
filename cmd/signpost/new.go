package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/source"
)

func newCommand() *cobra.Command {
	var contentDir, title string
	cmd := &cobra.Command{
		Use:   "new CATEGORY/SLUG",
		Short: "Start an article that passes check",
		Long: `Writes help/CATEGORY/SLUG/LANGUAGE.md into the content folder, with the next
free id and in the site's first language, as a draft. The server shows it once
the line "state: draft" is gone, or with "signpost serve --drafts".`,
		Args: exactly(1, "CATEGORY/SLUG"),
		RunE: func(cmd *cobra.Command, args []string) error {
			category, slug, ok := strings.Cut(args[0], "/")
			if !ok || strings.Contains(slug, "/") {
				return usageError{hinted(fmt.Errorf("%q is not CATEGORY/SLUG", args[0]), "for example: signpost new set-up/outlook")}
			}
			for _, name := range []string{category, slug} {
				if problems := article.CheckSlug(name, name); problems.HasErrors() {
					return usageError{hinted(fmt.Errorf("%q: %s", name, problems[0].Message), problems[0].Hint)}
				}
			}
			return newArticle(cmd, contentDir, category, slug, title)
		},
	}
	cmd.Flags().StringVar(&contentDir, "content", ".", "content folder or git+ repository")
	gitFlags(cmd.Flags())
	cmd.Flags().StringVar(&title, "title", "", "title (default: made from the slug)")
	return cmd
}

func newArticle(cmd *cobra.Command, dir, category, slug, title string) error {
	src, lib, _, err := loadContent(cmd, dir)
	if err != nil {
		return err
	}
	defer src.Close()
	if a := lib.Named(slug); a != nil {
		return fmt.Errorf("there is an article %q already: %s", slug, a.Texts[a.Main].Path)
	}
	name := path.Join("help", category, slug, lib.Site.Languages[0]+".md")
	text := article.New(slug, title, nextID(lib))
	if _, err := src.Write(name, "", text); err != nil {
		return err
	}
	if !source.IsGit(dir) {
		name = path.Join(dir, name)
	}
	fmt.Fprintln(cmd.OutOrStdout(), name)
	return nil
}

const firstID = 1001

func nextID(lib *content.Library) int {
	next := firstID
	for _, a := range lib.Articles {
		next = max(next, a.ID+1)
	}
	for id := range lib.Removed {
		next = max(next, id+1)
	}
	return next
}
