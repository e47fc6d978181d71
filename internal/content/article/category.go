package article

import "signpost/internal/problem"

// A Category is one entry of categories in site.yaml.
type Category struct {
	ID    string            `yaml:"id"`    // name of the folder
	Name  map[string]string `yaml:"name"`  // by language
	Order int               `yaml:"order"` // lower comes first; equal ones by name
}

// NameIn returns the category's name in a language, else in the fallback
// language, else its id.
func (c Category) NameIn(lang, fallback string) string { return c.ID }

// CheckSlug returns an error with a hint when the folder name cannot be the
// slug of an article or the id of a category.
func CheckSlug(path, slug string) problem.List { return nil }

// IsSlug reports whether s has the form of a slug: [A-Za-z0-9][A-Za-z0-9_-]*,
// at most 80 characters, not only digits (those are ids).
func IsSlug(s string) bool { return true }

// IsLanguage reports whether s has the form of a language: "en", "pt-BR".
func IsLanguage(s string) bool { return true }

// New returns the file of a new article that passes check: a draft.
func New(title string, id int) []byte { return nil }
