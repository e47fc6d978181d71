// Package locale holds the interface texts in every language and writes
// numbers, dates, times and durations as that language does.
//
// A catalogue is one file LANG.yaml of flat keys. A text may name arguments,
// "Results for {query}", and may have the plural forms of its language (one and
// other in English), chosen by the argument n. Beside the interface texts it holds what [Language.Date]
// and the others need (month.1, date.time, number.decimal …), so that a new
// language is one new file.
//
// A content folder may have catalogues of its own, with a language that is not
// here or with other words: [Catalogues.ParseOwn] and [Catalogues.With].
//
// [Load] reads the catalogues, [Catalogues.For] picks a language and
// [Language.T] gives a text. English is the reference: a key that another
// language lacks is taken from it, and [Catalogues.Check] names every gap,
// which is a test failure. A key that does not exist at all shows itself, so
// that it is seen. Everything is immutable after Load and safe for concurrent
// use.
package locale

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/lang"
)

// Reference is the language that every other one is measured against.
const Reference = "en"

// MaxSize is the largest catalogue that is read, in bytes.
const MaxSize = 256 << 10

// Catalogues is all languages of the interface.
type Catalogues struct {
	languages map[string]*Language
	tags      []string
	own       map[string]bool // those that a content folder has a part in
}

// Language is one catalogue.
type Language struct {
	Tag       string // "nb"
	Name      string // in the language itself: "norsk bokmål"
	Dir       string // ltr or rtl
	texts     map[string]text
	plural    lang.PluralRule
	reference *Language // nil for the reference itself
}

// Load reads every LANG.yaml at the root of fsys.
func Load(fsys fs.FS) (*Catalogues, error) {
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, err
	}
	c := &Catalogues{languages: map[string]*Language{}}
	for _, name := range names {
		l, err := read(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.languages[l.Tag] = l
	}
	ref := c.languages[Reference]
	if ref == nil {
		return nil, fmt.Errorf("%s.yaml is missing: it is the catalogue that the others are measured against", Reference)
	}
	c.tags = slices.Sorted(maps.Keys(c.languages))
	for _, l := range c.languages {
		if l != ref {
			l.reference = ref
		}
		l.describe()
	}
	return c, nil
}

func read(fsys fs.FS, name string) (*Language, error) {
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	if len(raw) > MaxSize {
		return nil, fmt.Errorf("larger than %d bytes", MaxSize)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("not a list of keys and texts")
	}
	l := &Language{Tag: strings.TrimSuffix(path.Base(name), ".yaml"), texts: map[string]text{}}
	l.plural = lang.PluralOf(l.Tag)
	forms := l.plural.Forms()
	pairs := doc.Content[0].Content
	for i := 0; i+1 < len(pairs); i += 2 {
		key := pairs[i].Value
		if _, ok := l.texts[key]; ok {
			return nil, fmt.Errorf("line %d: %q is there twice", pairs[i].Line, key)
		}
		t, err := parse(pairs[i+1], forms)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", pairs[i+1].Line, key, err)
		}
		l.texts[key] = t
	}
	return l, nil
}

// Languages returns the tags of all catalogues, sorted.
func (c *Catalogues) Languages() []string { return slices.Clone(c.tags) }

// For returns the catalogue of a tag, of its base language ("de-AT"), or the
// reference.
func (c *Catalogues) For(tag string) *Language {
	if l := c.languages[lang.Match(tag, c.tags)]; l != nil {
		return l
	}
	return c.languages[Reference]
}

// Check compares every catalogue with the reference and returns a sentence for
// each key that is missing or too many, and for each text whose arguments or
// plural forms differ.
func (c *Catalogues) Check() []string {
	var out []string
	ref := c.languages[Reference]
	for _, tag := range c.tags {
		l := c.languages[tag]
		for _, key := range slices.Sorted(maps.Keys(ref.texts)) {
			t, ok := l.texts[key]
			switch {
			case !ok:
				out = append(out, fmt.Sprintf("%s.yaml: %s is missing", tag, key))
			case !slices.Equal(t.arguments(), ref.texts[key].arguments()):
				out = append(out, fmt.Sprintf("%s.yaml: %s has the arguments %v, %s has %v",
					tag, key, t.arguments(), Reference, ref.texts[key].arguments()))
			case t.plural() != ref.texts[key].plural():
				out = append(out, fmt.Sprintf("%s.yaml: %s must have plural forms in both languages, or in neither", tag, key))
			}
		}
		for _, key := range slices.Sorted(maps.Keys(l.texts)) {
			if _, ok := ref.texts[key]; !ok && !strings.HasPrefix(key, zonePrefix) {
				out = append(out, fmt.Sprintf("%s.yaml: %s is not in %s.yaml", tag, key, Reference))
			}
		}
	}
	return out
}

// Keys returns all keys of the reference, sorted.
func (c *Catalogues) Keys() []string {
	return slices.Sorted(maps.Keys(c.languages[Reference].texts))
}

// Arguments returns the names of the arguments of a key, sorted, and whether
// the key exists.
func (c *Catalogues) Arguments(key string) ([]string, bool) {
	t, ok := c.languages[Reference].texts[key]
	return t.arguments(), ok
}

// Match picks the best of the offered tags for an Accept-Language header
// (RFC 9110 section 12.5.4), or "" when it asks for none of them.
func Match(accept string, offered []string) string {
	best, quality := "", 0.0
	for i, part := range strings.Split(accept, ",") {
		if i == 30 {
			break
		}
		tag, q := preference(part)
		if q <= quality {
			continue
		}
		if t := lang.Match(tag, offered); t != "" {
			best, quality = t, q
		}
	}
	return best
}

func preference(part string) (tag string, quality float64) {
	tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
	quality = 1
	if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
		if _, err := fmt.Sscanf(v, "%f", &quality); err != nil || quality < 0 || quality > 1 {
			return "", 0
		}
	}
	return strings.TrimSpace(tag), quality
}
