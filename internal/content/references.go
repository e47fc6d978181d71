package content

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/ownhost"
	"signpost/internal/content/sitefile"
	"signpost/internal/content/status"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// hostsIn reports the provider's own host names in a text that begins on line.
func (b *build) hostsIn(path, text string, line int, problems *problem.List, warn bool) {
	for below, h := range ownhost.In(text, b.hosts) {
		message, hint := "the host name "+h.Name+" is spelled out", "write "+h.Variable
		if warn {
			problems.Warnf(path, line+below, hint, "%s", message)
		} else {
			problems.Errorf(path, line+below, hint, "%s", message)
		}
	}
}

// references checks what files of different kinds say of each other.
func (b *build) references() {
	slugs := make([]string, 0, len(b.lib.Articles))
	for _, a := range b.lib.Articles {
		slugs = append(slugs, a.Slug)
	}
	b.componentsOf()
	b.servicesOf()
	b.partReferences()
	b.postReferences(slugs)
	for _, p := range b.lib.Providers {
		for _, use := range p.Articles {
			b.wantArticle(p.Path, use.Line, use.Key, use.Slug, slugs)
		}
		if list := p.Hosted.DomainsFile; list != "" && b.entries[list] == nil {
			b.problems.Errorf(p.Path, 1, "give its path in the content folder, for example providers/domains.txt", "domains_file: there is no file %q", list)
		}
	}
	if t := b.lib.Site.Theme; t.Logo != "" && b.lib.Files[t.Logo] == nil {
		b.problems.Errorf(sitefile.Path, b.lib.Site.Line("theme", "logo"), "give its path in the content folder", "the logo %q is not there", t.Logo)
	}
	if t := b.lib.Site.Theme; t.CSS != "" && b.lib.Files[t.CSS] == nil {
		b.problems.Errorf(sitefile.Path, b.lib.Site.Line("theme", "css"), "give its path in the content folder, for example theme/site.css", "the style sheet %q is not there", t.CSS)
	}
}

func (b *build) wantArticle(path string, line int, what, slug string, slugs []string) {
	if a, _ := b.lib.find(slug); a == nil && !b.lib.broken[strings.ToLower(slug)] && b.lib.absent[strings.ToLower(slug)] == nil {
		b.problems.Errorf(path, line, problem.DidYouMean(slug, slugs), "%s: there is no article %q", what, slug)
	}
}

// componentsOf checks that the services of articles are components.
func (b *build) componentsOf() {
	var known []string
	for _, c := range b.lib.Site.Components {
		known = append(known, c.ID)
	}
	for _, g := range b.lib.Site.Groups {
		known = append(known, g.ID)
	}
	for _, a := range b.lib.Articles {
		path, line := a.Place("services")
		a.Services = slices.DeleteFunc(slices.Clone(a.Services), func(s string) bool {
			if slices.Contains(known, s) {
				return false
			}
			absent := b.unoffered(s)
			if !absent {
				b.problems = append(b.problems, problem.Problem{
					Path: path, Line: line, Severity: problem.Error, Message: fmt.Sprintf("there is no component %q in site.yaml", s),
					Hint: problem.DidYouMean(s, known), Follows: b.lib.brokenSite,
				})
			}
			return absent
		})
	}
}

// servicesOf checks that the services of components are described somewhere.
func (b *build) servicesOf() {
	var known []string
	for _, p := range b.lib.Providers {
		for _, s := range p.Services {
			known = append(known, string(s.Use))
		}
	}
	for _, c := range b.lib.Site.Components {
		for _, s := range c.Services {
			if len(known) > 0 && !slices.Contains(known, string(provider.UseNamed(s))) {
				b.problems.Warnf(sitefile.Path, b.lib.Site.Line("components"), problem.DidYouMean(s, known), "the component %s stands for a service %q that no provider describes", c.ID, s)
			}
		}
	}
}

// partReferences checks parts for host names, and those that no article
// includes for everything else, too.
func (b *build) partReferences() {
	for name, texts := range b.lib.parts {
		for lang, f := range texts {
			b.hostsOf(f, &b.problems)
			if b.included[name] {
				continue
			}
			doc, problems := f.Expand(func(name string) (*markdown.File, error) { return b.lib.part(name, lang) }, b.lib.shape(false))
			problems = append(problems, doc.Check(&Reader{Library: b.lib, Lang: lang, checking: true})...)
			b.problems = append(b.problems, problems...)
		}
	}
}

// postReferences checks the texts of the posts: a wrong link or value is said,
// and the post is shown all the same, since it may be urgent.
func (b *build) postReferences(slugs []string) {
	var ids []string
	for _, p := range b.lib.Board.Posts {
		ids = append(ids, p.ID)
	}
	known := slices.Concat(slugs, slices.Collect(maps.Keys(b.lib.broken)), slices.Collect(maps.Keys(b.lib.absent)))
	for _, p := range b.lib.Board.Posts {
		b.problems = append(b.problems, p.Check(known, ids)...)
		for _, body := range append(bodies(p), sentences(p)...) {
			reader := &Reader{Library: b.lib, Lang: p.BodyLang(body), checking: true, archive: p.Closed()}
			doc, problems := b.lib.PostDoc(p, body)
			problems = append(problems, doc.Check(reader)...)
			if !p.Closed() { // what is over keeps the values that were true
				b.hostsIn(cmp.Or(body.Path, p.Path), body.Source, body.Line, &problems, true)
			}
			b.problems = append(b.problems, problems...)
		}
	}
}

func bodies(p *status.Post) []status.Body {
	list := []status.Body{p.Summary}
	add := func(texts status.Bodies) {
		for _, lang := range slices.Sorted(maps.Keys(texts)) {
			list = append(list, texts[lang])
		}
	}
	add(p.Summaries)
	for _, u := range p.Updates {
		list = append(list, u.Body)
		if !u.Implicit { // else it is the summary
			add(u.Bodies)
		}
	}
	return slices.DeleteFunc(list, func(b status.Body) bool { return b.Source == "" })
}

// sentences are the free texts of the front matter.
func sentences(p *status.Post) []status.Body {
	var list []status.Body
	for _, key := range []string{"expect", "who", "unaffected_text", "action", "workaround"} {
		t := map[string]status.Text{
			"expect": p.Expect, "who": p.Who, "unaffected_text": p.UnaffectedText, "action": p.Action, "workaround": p.Workaround,
		}[key]
		for _, lang := range slices.Sorted(maps.Keys(t)) {
			name := key
			if lang != "" {
				name += "_" + lang
			}
			body := status.Body{Source: t[lang], Line: p.Line(name), Lang: lang}
			if lang != "" && body.Line == 1 { // it stands in the file of that language
				body.Path = p.Translations[lang]
			}
			list = append(list, body)
		}
	}
	return list
}

// ComponentsOf returns the components that an article's services name, with
// groups expanded.
func (l *Library) ComponentsOf(a *article.Article) []string {
	var ids []string
	for _, s := range a.Services {
		i := slices.IndexFunc(l.Site.Groups, func(g status.Group) bool { return g.ID == s })
		if i < 0 {
			ids = append(ids, s)
		} else {
			ids = append(ids, l.Site.Groups[i].Members...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
