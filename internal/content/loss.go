package content

import (
	"path"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/layout"
	"signpost/internal/mail/provider"
)

// few articles may be gone at once, whatever share of the site they are.
const few = 3

// longestHold is how many times the time to settle files are held while more and
// more go missing.
const longestHold = 10

// hold puts back the last good version of what is missing, until nothing more has
// gone missing for the time to settle: while one copy of the content replaces
// another, files are missing for moments. What has moved to another name is not
// missing.
func (b *build) hold() {
	ld := b.ld
	before := ld.missing
	ld.missing = map[string]time.Time{}
	b.lib.Calm = true
	if ld.Settle == 0 || ld.mem.Confirmed() {
		return
	}
	first, last := b.now, time.Time{}
	for _, p := range b.missing() {
		since, known := before[p]
		if !known {
			since = b.now
		}
		ld.missing[p] = since
		if since.Before(first) {
			first = since
		}
		if since.After(last) {
			last = since
		}
	}
	due, longest := last.Add(ld.Settle), first.Add(longestHold*ld.Settle)
	if longest.Before(due) {
		due = longest
	}
	if len(ld.missing) == 0 || !b.now.Before(due) {
		return
	}
	for p := range ld.missing {
		b.entries[p] = goodEntry(p, ld.mem)
	}
	b.lib.Calm, b.lib.Again = false, due
}

// missing returns the files that were good the last time and are not there, apart
// from those that have moved or were taken back by the program itself.
func (b *build) missing() []string {
	var list []string
	gone, _ := b.goneArticles()
	newPosts := slices.ContainsFunc(b.of(layout.Post), func(e *entry) bool { return e.good == nil })
	for _, p := range b.ld.mem.Paths() {
		c, _ := layout.Classify(p)
		switch {
		case b.entries[p] != nil, c == layout.Unknown, b.ld.TookBack != nil && b.ld.TookBack(p),
			c == layout.Text && !gone[path.Dir(p)], c == layout.Post && newPosts, c == layout.Provider && b.providerMoved(p):
		default:
			list = append(list, p)
		}
	}
	return list
}

// lost looks for what was good the last time and is gone now, and returns the
// folders of the articles among it. A tree that lost site.yaml, a provider or
// many articles at once (half a copy, a disk that is not there) is not taken
// until someone confirms it: everything that is missing stays.
func (b *build) lost() map[string]bool {
	gone, had := b.goneArticles()
	accepted := b.ld.mem.Accepted()
	var single []string // files that are each worth a question
	for _, p := range b.ld.mem.Paths() {
		if c, _ := layout.Classify(p); b.entries[p] == nil && (c == layout.Site || c == layout.Provider && !b.providerMoved(p)) {
			single = append(single, p)
		}
	}
	many := len(gone) > few && float64(len(gone)) > LossLimit*float64(had)
	if accepted || !many && len(single) == 0 {
		return gone
	}
	b.lib.Calm = false
	const hint = `put them back, or confirm with "signpost check --accept"`
	if many {
		b.problems.Errorf("help", 0, hint, "%d of %d articles are gone at once; what is missing stays as it was", len(gone), had)
	}
	slices.Sort(single)
	for _, p := range single {
		b.problems.Errorf(p, 0, hint, "this file is gone; its last good version stays, and so does all that is missing")
	}
	// An undone post is gone on purpose; all posts at once are not.
	posts := len(b.of(layout.Post)) == 0
	for _, p := range b.ld.mem.Paths() {
		if c, _ := layout.Classify(p); b.entries[p] == nil && (c != layout.Post || posts) {
			b.entries[p] = goodEntry(p, b.ld.mem)
		}
	}
	return nil
}

// providerMoved reports whether a description that is gone is now in a new file.
func (b *build) providerMoved(gone string) bool {
	id := func(name string, src []byte) string {
		if p, problems := parse(b.ld, name, src, provider.Load); !problems.HasErrors() {
			return p.ID
		}
		return ""
	}
	good, _ := b.ld.mem.Get(gone)
	was := id(gone, good)
	return was != "" && slices.ContainsFunc(b.of(layout.Provider), func(e *entry) bool { return e.good == nil && id(e.path, e.data) == was })
}

// goneArticles returns the folders in which there was an article the last time
// and is none now, without those whose article has moved to another folder;
// and how many articles there were.
func (b *build) goneArticles() (gone map[string]bool, had int) {
	gone = map[string]bool{}
	for _, p := range b.ld.mem.Paths() {
		if c, _ := layout.Classify(p); c == layout.Text {
			gone[path.Dir(p)] = true
		}
	}
	had = len(gone)
	fresh := map[string]map[string][]byte{} // texts in folders that are new
	for _, e := range b.of(layout.Text) {
		if e.good != nil || gone[e.dir] {
			delete(gone, e.dir)
			continue
		}
		if fresh[e.dir] == nil {
			fresh[e.dir] = map[string][]byte{}
		}
		fresh[e.dir][e.path] = e.data
	}
	if len(gone) == 0 || len(fresh) == 0 {
		return gone, had
	}
	moved := map[int]bool{}
	for dir, texts := range fresh {
		if a := assembled(dir, texts, nil); a != nil {
			moved[a.ID] = true
		}
	}
	for dir := range gone {
		if a := assembled(dir, b.goodTexts(dir), nil); a != nil && moved[a.ID] {
			delete(gone, dir)
		}
	}
	return gone, had
}

// removed remembers which articles are gone, so that their links say so.
func (b *build) removed(gone map[string]bool) {
	b.lib.Removed = b.ld.mem.Removed()
	for dir := range gone {
		if a := assembled(dir, b.goodTexts(dir), b.lib.Site.Languages); a != nil && a.State == article.Public && !a.Publish.After(b.now) {
			b.lib.Removed[a.ID] = Removed{ID: a.ID, Slug: a.Slug, Title: a.Texts[a.Main].Title}
		}
	}
}

// goodTexts returns the last good versions of the texts in a folder.
func (b *build) goodTexts(dir string) map[string][]byte {
	texts := map[string][]byte{}
	for _, p := range b.ld.mem.Paths() {
		if c, _ := layout.Classify(p); c == layout.Text && path.Dir(p) == dir {
			texts[p], _ = b.ld.mem.Get(p)
		}
	}
	return texts
}

// assembled returns the article that the texts of a folder make, nil when they
// make none. languages are those of the site, in its order.
func assembled(dir string, texts map[string][]byte, languages []string) *article.Article {
	category, slug, ok := layout.ArticleFolder(dir)
	if !ok {
		return nil
	}
	parsed := map[string]*article.Text{}
	for p, src := range texts {
		if t, problems := article.ParseFile(p, src, article.Config{}); !problems.HasErrors() {
			parsed[strings.TrimSuffix(path.Base(p), ".md")] = t
		}
	}
	a, _ := article.Assemble(category, slug, parsed, languages)
	return a
}
