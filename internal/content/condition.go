package content

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// nearName is how long a name must be before one that differs by a slip of the
// finger is taken for the one that was meant, in bytes.
const nearName = 5

// offers judges a name of a condition by the default provider and site.yaml.
// The error is a warning about a name that is nearly that of something else.
func (l *Library) offers(name string) (bool, error) {
	p := l.Provider()
	head, rest, _ := strings.Cut(name, ".")
	if head == "link" || head == "links" {
		return l.Site.Links[rest] != "", nearly(head, rest, slices.Collect(maps.Keys(l.Site.Links)))
	}
	if p == nil {
		return false, nil
	}
	if head == "vars" {
		return p.Offers(name), nearly(head, rest, slices.Collect(maps.Keys(p.Vars)))
	}
	return p.Offers(name), nil
}

func nearly(head, name string, known []string) error {
	if slices.Contains(known, name) || len(name) < nearName {
		return nil
	}
	near := problem.Nearest(name, known)
	if near == "" || len(near) < nearName || !sameLetters(name, near) {
		return nil
	}
	return markdown.Warningf("write "+head+"."+near+", or take no notice if another provider of yours has it",
		"there is no %s.%s, but there is %s.%s", head, name, head, near)
}

// sameLetters reports whether two names are made of almost the same letters:
// a slip of the finger, not another word.
func sameLetters(a, b string) bool {
	x, y := []byte(strings.ToLower(a)), []byte(strings.ToLower(b))
	slices.Sort(x)
	slices.Sort(y)
	return string(x) == string(y) || len(x) != len(y) && (subset(x, y) || subset(y, x))
}

// subset reports whether the sorted letters of short are among those of long,
// which has at most one more.
func subset(short, long []byte) bool {
	if len(long) != len(short)+1 {
		return false
	}
	i := 0
	for _, c := range long {
		if i < len(short) && short[i] == c {
			i++
		}
	}
	return i == len(short)
}

// shape is how texts are expanded on this site.
func (l *Library) shape(steps bool) markdown.Shape {
	return markdown.Shape{Steps: steps, Offers: l.offers}
}

// needsMet reports whether the default provider offers all that an article
// needs, and warns about names that are nearly right.
func (b *build) needsMet(a *article.Article) bool {
	met := true
	for _, name := range a.Needs {
		has, err := b.lib.offers(name)
		if err != nil {
			path, line := a.Place("needs")
			b.problems.Warnf(path, line, markdown.HintOf(err), "needs: %s", err)
		}
		met = met && has
	}
	return met
}

// lacks returns what an article needs and the provider does not offer; nothing
// while that is not known because a file cannot be read.
func (l *Library) lacks(a *article.Article) []string {
	if l.brokenProvider != "" || l.brokenSite != "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(a.Needs), func(name string) bool {
		has, _ := l.offers(name)
		return has
	})
}

// leaveOut takes the articles that the provider has no use for out of the
// list, and notes their names, so that links to them become text.
func (b *build) leaveOut(list []*folder) []*folder {
	return slices.DeleteFunc(list, func(f *folder) bool {
		if b.needsMet(f.article) {
			return false
		}
		b.absentDirs[f.dir] = true
		for _, name := range append([]string{f.slug, strconv.Itoa(f.article.ID)}, f.article.Was...) {
			b.lib.absent[strings.ToLower(name)] = f.article
		}
		delete(b.lib.Removed, f.article.ID)
		for _, e := range f.entries {
			delete(b.used, e.path)
		}
		return true
	})
}

// unoffered reports whether a component id that site.yaml does not have is the
// name of a service that no provider offers: an article may name it all the same.
func (b *build) unoffered(component string) bool {
	use := provider.UseNamed(component)
	return slices.Contains(markdown.Offers(), string(use)) &&
		!slices.ContainsFunc(b.lib.Providers, func(p *provider.Provider) bool { return p.Offers(string(use)) })
}
