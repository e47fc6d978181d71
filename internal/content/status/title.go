package status

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

const maxTitle = 200 // characters

// title checks the titles that the file has, and makes those of a post without
// any: in every language of the site, from its kind, its components and how
// they did when it was announced, so that a title never changes by what
// happens later.
func (r *reader) title() {
	p := r.post
	if p.Title[""] != "" {
		return
	}
	langs := slices.Clone(r.cfg.Languages)
	if !slices.Contains(langs, p.Lang) {
		langs = append(langs, p.Lang)
	}
	for _, lang := range langs {
		if p.Title[lang] == "" {
			p.Title[lang] = r.cfg.title(p, lang)
		}
	}
	if len(p.Named) == 0 && len(p.Touched()) == 0 && len(p.Updates) > 0 {
		r.Warnf(r.file, p.Line("kind"), "add title: with what customers read first, or affects:", "without title and components the post is called %q", p.Title[p.Lang])
	}
	p.Title[""] = p.Title[p.Lang]
}

// announced returns what a post names when it begins, and the worst condition
// that it gives components then.
func announced(p *Post) (ids []string, worst Condition) {
	effects := p.Affects
	for _, u := range p.Updates {
		if len(effects) > 0 {
			break
		}
		effects = u.Affects
	}
	for _, e := range effects {
		worst = max(worst, e.Condition)
		ids = append(ids, e.Component)
	}
	if len(p.Named) > 0 {
		ids = p.Named
	}
	return ids, worst
}

// title makes the title of a post in a language.
func (c *Config) title(p *Post, lang string) string {
	ids, worst := announced(p)
	key := "headline." + string(p.Kind)
	if p.Kind == Incident && worst > UnderMaintenance && len(ids) > 0 {
		key = "headline." + worst.Word()
	}
	var names []string
	for _, id := range ids {
		if n := c.NameIn(id, lang); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	if c.Words == nil {
		return strings.TrimSuffix(string(p.Kind)+": "+strings.Join(names, ", "), ": ")
	}
	words := c.Words(lang)
	if len(names) == 0 {
		return words.T("kind." + string(p.Kind))
	}
	title := words.T(key, "names", strings.Join(names, ", "))
	if utf8.RuneCountInString(title) > maxTitle {
		return words.T("kind." + string(p.Kind))
	}
	return title
}

// NameIn returns the name of a component or group in a language, else in the
// first of the site's that has one, else its id.
func (c *Config) NameIn(id, lang string) string {
	var names map[string]string
	for _, g := range c.Groups {
		if g.ID == id {
			names = g.Name
		}
	}
	for _, x := range c.Components {
		if x.ID == id {
			names = x.Name
		}
	}
	for _, l := range append([]string{lang}, c.Languages...) {
		if n := names[l]; n != "" {
			return n
		}
	}
	return cmp.Or(names[""], id)
}
