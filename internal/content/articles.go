package content

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

// A folder is one article while it is being loaded.
type folder struct {
	dir, category, slug string
	entries             map[string]*entry // by language
	good                map[string]bool   // languages that fell back to their last good version
	article             *article.Article
}

// folders loads every article folder by itself, and returns those whose
// articles belong to the site.
func (b *build) folders() []*folder {
	folders := map[string]*folder{}
	for _, e := range b.of(layout.Text) {
		category, slug, _ := layout.ArticleFolder(e.dir)
		f := folders[e.dir]
		if f == nil {
			f = &folder{dir: e.dir, category: category, slug: slug, entries: map[string]*entry{}, good: map[string]bool{}}
			folders[e.dir] = f
		}
		if !slices.Contains(b.lib.Site.Languages, e.lang) {
			b.problems = append(b.problems, problem.Problem{
				Path: e.path, Severity: problem.Warning, Message: fmt.Sprintf("%q is not a language of this site; the file is not used", e.lang),
				Hint: problem.DidYouMean(e.lang, b.lib.Site.Languages), Follows: b.lib.brokenSite,
			})
			continue
		}
		f.entries[e.lang] = e
	}
	list := make([]*folder, 0, len(folders))
	for _, dir := range slices.Sorted(maps.Keys(folders)) {
		f := folders[dir]
		if b.assemble(f); f.article == nil {
			b.lib.broken[strings.ToLower(f.slug)] = true
			continue
		}
		list = append(list, f)
	}
	return b.leaveOut(b.unique(list))
}

// articles checks the articles against each other, when all names are known.
func (b *build) articles(list []*folder) {
	for _, f := range list {
		b.name(f.article)
	}
	for _, f := range list {
		b.checkArticle(f)
	}
	b.brokenTexts()
	for _, f := range list {
		if f.article != nil {
			b.lib.Articles = append(b.lib.Articles, f.article)
			b.lib.folders[f.dir] = f.article
		}
	}
	slices.SortFunc(b.lib.Articles, func(x, y *article.Article) int { return strings.Compare(x.Slug, y.Slug) })
	b.formerNames()
	for _, a := range b.lib.Articles {
		delete(b.lib.Removed, a.ID)
	}
}

func (b *build) articleConfig() article.Config { return article.Config{Zone: b.lib.Site.Zone} }

func (b *build) parseText(name string, src []byte) (*article.Text, problem.List) {
	return article.ParseFile(name, src, b.articleConfig())
}

// assemble makes the article from the current versions of its files; a file
// with an error falls back to its last good version or is left out.
func (b *build) assemble(f *folder) {
	a, problems := b.try(f)
	for _, p := range problems {
		if e := f.entries[strings.TrimSuffix(path.Base(p.Path), ".md")]; e == nil || !e.gone {
			b.problems = append(b.problems, p)
		}
	}
	if !b.fallBack(f, problems) {
		f.article = a
		return
	}
	f.article, problems = b.try(f)
	for _, p := range problems {
		if p.Severity == problem.Error {
			delete(b.used, p.Path)
		}
	}
}

// fallBack makes the languages with errors use their last good versions; false
// when nothing changed by that.
func (b *build) fallBack(f *folder, problems problem.List) bool {
	changed := false
	for lang, e := range f.entries {
		if problems.ErrorsIn(e.path) && !f.good[lang] && e.good != nil && string(e.good) != string(e.data) {
			f.good[lang] = true
			changed = true
		}
	}
	return changed
}

func (b *build) try(f *folder) (*article.Article, problem.List) {
	texts := map[string]*article.Text{}
	var problems problem.List
	for _, lang := range slices.Sorted(maps.Keys(f.entries)) {
		e := f.entries[lang]
		src := e.data
		if f.good[lang] {
			src = e.good
		}
		text, more := parse(b.ld, e.path, src, b.parseText)
		problems = append(problems, more...)
		texts[lang] = text
		if !more.HasErrors() {
			b.used[e.path] = src
		}
	}
	a, more := article.Assemble(f.category, f.slug, texts, b.lib.Site.Languages)
	problems = append(problems, more...)
	if a == nil {
		for lang := range texts {
			delete(b.used, f.entries[lang].path)
		}
	}
	return a, problems
}

// unique leaves out articles whose id or slug another one has. The one that
// had it the last time keeps it; otherwise the first by path.
func (b *build) unique(list []*folder) []*folder {
	known := func(f *folder) bool { return f.entries[f.article.Main].good != nil }
	slices.SortStableFunc(list, func(x, y *folder) int { return boolInt(!known(x)) - boolInt(!known(y)) })
	ids, slugs := map[int]*folder{}, map[string]*folder{}
	kept := list[:0]
	for _, f := range list {
		main := f.article.Texts[f.article.Main]
		if other := ids[f.article.ID]; other != nil {
			path, line := f.article.Place("id")
			b.problems.Errorf(path, line, "give it the next free number", "the id %d is already that of %s", f.article.ID, other.article.Texts[other.article.Main].Path)
		} else if other := slugs[strings.ToLower(f.slug)]; other != nil {
			b.problems.Errorf(main.Path, 0, "rename its folder", "the name %q is already that of %s", f.slug, other.dir)
		} else {
			ids[f.article.ID], slugs[strings.ToLower(f.slug)] = f, f
			kept = append(kept, f)
			continue
		}
		for _, e := range f.entries {
			delete(b.used, e.path)
		}
	}
	slices.SortFunc(kept, func(x, y *folder) int { return strings.Compare(x.dir, y.dir) })
	return kept
}

func (b *build) name(a *article.Article) {
	b.lib.ids[a.ID] = a
	b.lib.names[strings.ToLower(a.Slug)] = a
}

// formerNames enters old slugs and ids, which must not be anyone's name now.
func (b *build) formerNames() {
	clear(b.lib.names)
	clear(b.lib.ids)
	for _, a := range b.lib.Articles {
		b.name(a)
	}
	for _, a := range b.lib.Articles {
		path, line := a.Place("was")
		for _, was := range a.Was {
			key := strings.ToLower(was)
			if id, isNumber := number(was); isNumber && b.lib.ids[id] != nil {
				b.problems.Errorf(path, line, "take it out", "the former id %s is that of %s now", was, b.lib.ids[id].Slug)
			} else if other := b.lib.names[key]; other != nil {
				b.problems.Errorf(path, line, "take it out", "the former name %q leads to %s already", was, other.Slug)
			} else {
				b.lib.names[key] = a
			}
		}
	}
}

// checkArticle expands the texts and checks what they refer to. A text whose
// last good version is better than what is there now falls back to it; a text
// that was never good and needs a value that does not exist is left out.
func (b *build) checkArticle(f *folder) {
	verdicts := b.verdicts(f, true)
	changed := false
	for lang, v := range verdicts {
		e := f.entries[lang]
		if v.ok() || f.good[lang] || e.good == nil || string(e.good) == string(e.data) {
			continue
		}
		f.good[lang] = true
		changed = true
	}
	if changed {
		previous, before := f.article, maps.Clone(f.good)
		if a, problems := b.try(f); a != nil && !problems.HasErrors() && a.ID == previous.ID {
			f.article = a
			b.name(a)
		} else {
			f.article, f.good = previous, before
		}
		verdicts = b.verdicts(f, false)
	}
	for lang, v := range verdicts {
		e := f.entries[lang]
		if v.values == 0 || e.good != nil {
			continue
		}
		delete(b.used, e.path)
		if lang == f.article.Main {
			b.lib.broken[strings.ToLower(f.slug)] = true
			for _, other := range f.entries {
				delete(b.used, other.path)
			}
			delete(b.lib.ids, f.article.ID)
			delete(b.lib.names, strings.ToLower(f.slug))
			f.article = nil
			return
		}
		delete(f.article.Texts, lang)
	}
}

// brokenTexts checks what texts with other errors refer to, so that a writer
// hears of everything at once.
func (b *build) brokenTexts() {
	for _, e := range b.of(layout.Text) {
		if e.gone || b.absentDirs[e.dir] || !slices.Contains(b.lib.Site.Languages, e.lang) {
			continue
		}
		t, said := parse(b.ld, e.path, e.data, b.parseText)
		if !said.HasErrors() {
			continue
		}
		// Whether lists are steps may be just what cannot be read.
		made := b.expand(t.File, e.lang, true)
		problems := append(slices.Clone(made.problems), made.doc.Check(&Reader{Library: b.lib, Lang: e.lang, checking: true})...)
		b.literalHosts(t, &problems)
		for _, p := range problems {
			if !said.ErrorsAt(p.Path, p.Line) { // else it may follow from that
				b.problems = append(b.problems, p)
			}
		}
	}
}

// A verdict counts what is wrong with the references of one text.
type verdict struct{ values, links int }

func (v verdict) ok() bool { return v.values == 0 && v.links == 0 }

func (b *build) verdicts(f *folder, report bool) map[string]verdict {
	verdicts := map[string]verdict{}
	a := f.article
	for lang, t := range a.Texts {
		made := b.expand(t.File, lang, a.Kind == article.Howto)
		b.lib.docs[t], b.lib.refs[made.doc] = made.doc, made.links
		found := b.check(t, made)
		verdicts[lang] = found.verdict
		if report {
			b.problems = append(b.problems, found.problems...)
		}
	}
	return verdicts
}

func errorsIn(l problem.List) int {
	n := 0
	for _, p := range l {
		if p.Severity == problem.Error {
			n++
		}
	}
	return n
}

// literalHosts refuses the provider's own host names in an article: the
// description is the one place for them.
func (b *build) literalHosts(t *article.Text, problems *problem.List) {
	b.hostsIn(t.Path, t.Title, t.Line("title"), problems, false)
	b.hostsIn(t.Path, t.Summary, t.Line("summary"), problems, false)
	b.hostsOf(t.File, problems)
}

func (b *build) hostsOf(f *markdown.File, problems *problem.List) {
	for line, text := range f.Literals() {
		b.hostsIn(f.Path, text, line, problems, false)
	}
}
