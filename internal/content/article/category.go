package article

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"signpost/internal/problem"
)

// A Category is one entry of categories in site.yaml.
type Category struct {
	ID    string            `yaml:"id"`    // name of the folder
	Name  map[string]string `yaml:"name"`  // by language
	Order int               `yaml:"order"` // lower comes first; equal ones by name
}

// NameIn returns the category's name in a language, else in the fallback
// language, else its id.
func (c Category) NameIn(lang, fallback string) string {
	for _, l := range []string{lang, fallback} {
		if name := c.Name[l]; name != "" {
			return name
		}
	}
	return c.ID
}

const maxSlug = 80 // characters

var (
	slugForm     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	idForm       = regexp.MustCompile(`^[1-9][0-9]{0,8}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$`)
	digits       = regexp.MustCompile(`^[0-9]+$`)
)

// CheckSlug returns an error with a hint when the name of a folder, at path,
// cannot be the slug of an article or the id of a category.
func CheckSlug(path, slug string) problem.List {
	var problems problem.List
	switch {
	case digits.MatchString(slug):
		problems.Errorf(path, 0, "add a word; numbers alone are ids", "%q cannot be the name of a folder here", slug)
	case len(slug) > maxSlug:
		problems.Errorf(path, 0, "shorten it", "the name of this folder has %d characters; at most %d", len(slug), maxSlug)
	case !slugForm.MatchString(slug):
		problems.Errorf(path, 0, "use the letters a to z, digits, - and _", "%q cannot be the name of a folder here", slug)
	}
	return problems
}

// IsSlug reports whether s has the form of a slug: [A-Za-z0-9][A-Za-z0-9_-]*,
// at most 80 characters, not only digits (those are ids).
func IsSlug(s string) bool {
	return len(s) <= maxSlug && slugForm.MatchString(s) && !digits.MatchString(s)
}

func isID(s string) bool { return idForm.MatchString(s) }

// IsLanguage reports whether s has the form of a language: "en", "pt-BR".
func IsLanguage(s string) bool { return languageForm.MatchString(s) }

// New returns the file of a new article: a draft that passes check. Without a
// title, the slug's words are taken.
func New(slug, title string, id int) []byte {
	title = strings.Join(strings.Fields(title), " ")
	if title == "" {
		title = strings.Join(strings.FieldsFunc(slug, func(r rune) bool { return r == '-' || r == '_' }), " ")
		title = strings.ToUpper(title[:min(1, len(title))]) + title[min(1, len(title)):]
	}
	if r := []rune(title); len(r) > MaxTitle {
		title = string(r[:MaxTitle])
	}
	var quoted strings.Builder
	enc := json.NewEncoder(&quoted) // a JSON string is a YAML string
	enc.SetEscapeHTML(false)
	title = strings.ReplaceAll(problem.Printable(title), "{{", `\{{`)
	if err := enc.Encode(strings.ToValidUTF8(title, "\uFFFD")); err != nil {
		return nil // a string always has a JSON form
	}
	return fmt.Appendf(nil, `---
id: %d
title: %ssummary: ""
also: []
state: draft
---
Say in one sentence who has this problem and what solves it.

## What to do

Write what to do, in the order in which it is done.

## If that does not help

Say what else it can be, and link the article about it.
`, id, quoted.String())
}
