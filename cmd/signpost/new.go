package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"signpost/internal/content/article"
	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
	"signpost/internal/content/sitefile"
	"signpost/internal/content/source"
)

func newCommand() *cobra.Command {
	var contentDir, title string
	cmd := &cobra.Command{
		Use:   "new CATEGORY/SLUG | new locale LANGUAGE",
		Short: "Start an article that passes check, or the interface texts of a language",
		Long: `Writes help/CATEGORY/SLUG/LANGUAGE.md into the content folder, with the next
free id and in the site's first language, as a draft. The server shows it once
the line "state: draft" is gone, or with "signpost serve --drafts".

"signpost new locale fr" writes locale/fr.yaml instead: all texts of buttons and
sentences, to be translated. For a language that the program has, each line is a
comment; take the mark away from one to have other words there.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 && args[0] == "locale" {
				return nil
			}
			return exactly(1, "CATEGORY/SLUG, or locale and a language")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 2 {
				return newLocale(cmd, contentDir, args[1])
			}
			category, slug, ok := strings.Cut(args[0], "/")
			if !ok || strings.Contains(slug, "/") {
				return usageError{hinted(fmt.Errorf("%q is not CATEGORY/SLUG", args[0]), "for example: signpost new set-up/outlook")}
			}
			for _, name := range []string{category, slug} {
				if problems := article.CheckSlug(name, name); problems.HasErrors() {
					return usageError{hinted(fmt.Errorf("%q: %s", name, problems[0].Message), problems[0].Hint)}
				}
			}
			if category == "parts" {
				return usageError{hinted(errors.New("help/parts holds pieces that articles include, not articles"), "choose another category; a piece is a file help/parts/NAME/en.md without front matter")}
			}
			return newArticle(cmd, contentDir, category, slug, title)
		},
	}
	cmd.Flags().StringVar(&contentDir, "content", ".", "content folder or git+ repository")
	gitFlags(cmd.Flags())
	cmd.Flags().StringVar(&title, "title", "", "title (default: made from the slug)")
	return cmd
}

// newLocale writes a catalogue to translate, or to change words in.
func newLocale(cmd *cobra.Command, dir, tag string) error {
	if !langTag.MatchString(tag) {
		return usageError{hinted(fmt.Errorf("%q is not the tag of a language", tag), "for example: signpost new locale fr")}
	}
	src, lib, _, err := loadContent(cmd, dir)
	if err != nil {
		return err
	}
	defer src.Close()
	name := "locale/" + tag + ".yaml"
	if _, err := fs.Stat(src.FS(), name); err == nil {
		return hinted(fmt.Errorf("%s is there already", name), "\"signpost check\" names the texts that it lacks")
	}
	if err := src.Write([]source.Change{{Path: name, Data: lib.Texts.Draft(tag)}}); err != nil {
		return unwritten(err)
	}
	if !source.IsGit(dir) {
		name = path.Join(dir, name)
	}
	fmt.Fprintln(cmd.OutOrStdout(), name)
	return nil
}

// langTag is what a language is written as (RFC 5646, the common part of it).
var langTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func newArticle(cmd *cobra.Command, dir, category, slug, title string) error {
	src, lib, _, err := loadContent(cmd, dir)
	if err != nil {
		return err
	}
	defer src.Close()
	if len(lib.Articles) == 0 && len(lib.Providers) == 0 {
		if _, err := fs.Stat(src.FS(), sitefile.Path); err != nil {
			return hinted(fmt.Errorf("%s is no content folder: it has no site.yaml, no providers and no articles", dir), "name it with --content, or start one with \"signpost init DIR\"")
		}
	}
	taken, next, err := articleFiles(src.FS())
	if err != nil {
		return err
	}
	if other := taken[strings.ToLower(slug)]; other != "" {
		return fmt.Errorf("there is an article %q already: %s", slug, other)
	}
	if a := lib.Named(slug); a != nil {
		return fmt.Errorf("%q is a former name of the article %s", slug, a.Slug)
	}
	for _, a := range lib.Articles {
		for _, was := range a.Was {
			id, _ := strconv.Atoi(was)
			next = max(next, id+1)
		}
	}
	name := path.Join("help", category, slug, lib.Site.Languages[0]+".md")
	if err := src.Write([]source.Change{{Path: name, Data: article.New(slug, title, next)}}); err != nil {
		return unwritten(err)
	}
	if !source.IsGit(dir) {
		name = path.Join(dir, name)
	}
	fmt.Fprintln(cmd.OutOrStdout(), name)
	return nil
}

const firstID = 1001

var idLine = regexp.MustCompile(`(?m)^id:[ \t]*([0-9]{1,9})[ \t\r]*$`)

// articleFiles returns a file of each article by its slug in small letters, and
// the id after the highest: of broken articles too, which have names and ids.
func articleFiles(fsys fs.FS) (taken map[string]string, next int, err error) {
	files, err := fs.Glob(fsys, "help/*/*/*.md")
	if err != nil {
		return nil, 0, err
	}
	taken, next = map[string]string{}, firstID
	for _, file := range files {
		if _, slug, ok := layout.ArticleFolder(path.Dir(file)); ok && taken[strings.ToLower(slug)] == "" {
			taken[strings.ToLower(slug)] = file
		}
		data, err := source.ReadFile(fsys, file, markdown.MaxSize)
		if err != nil {
			continue // its name is taken all the same
		}
		if m := idLine.FindSubmatch(data); m != nil {
			id, _ := strconv.Atoi(string(m[1]))
			next = max(next, id+1)
		}
	}
	return taken, next, nil
}
