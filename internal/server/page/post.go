package page

import (
	"slices"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/view"
)

// PostText is a free sentence of a post with its values.
func (e Context) PostText(p *status.Post, t status.Text) string {
	s, _ := markdown.Substitute(t.In(e.Lang), e.ReaderIn(e.textLang(p, t)).Value)
	return s
}

// textLang is the language in which the page's readers see a text.
func (e Context) textLang(p *status.Post, t status.Text) string {
	if _, ok := t[e.Lang]; ok {
		return e.Lang
	}
	return p.Lang
}

// PostHTML renders a body. prefix keeps the anchors of several bodies on one
// page apart.
func (e Context) PostHTML(p *status.Post, b status.Body, prefix string) view.HTML {
	if b.Source == "" {
		return ""
	}
	lang := p.BodyLang(b)
	doc, _ := e.Snap.Library.PostDoc(p, b)
	return doc.HTML(e.ReaderIn(lang), markdown.Options{IDPrefix: prefix, NoAnchors: true, Texts: e.MarkdownTexts(lang)})
}

// PostProse renders one of the free texts of the front matter, which may hold
// links and values.
func (e Context) PostProse(p *status.Post, t status.Text) view.Prose {
	lang := e.textLang(p, t)
	return view.Prose{Lang: lang, HTML: e.PostHTML(p, status.Body{Source: t.In(e.Lang), Line: 1, Lang: lang}, "")}
}

// ETA is when an open post expects things to work again; nil when it does not
// say.
func (e Context) ETA(p status.PostState) *view.Due {
	if p.ETA.End.IsZero() || p.Phase != status.Open {
		return nil
	}
	return &view.Due{At: Moment(e.Words(), p.ETA.End), Overdue: p.Overdue}
}

// NextUpdate is when an open post promises more news; nil when it does not.
func (e Context) NextUpdate(p status.PostState) *view.Due {
	if p.Next.IsZero() || p.Phase != status.Open {
		return nil
	}
	return &view.Due{At: view.At(e.Words(), p.Next.In(p.Zone)), Overdue: p.Late}
}

// PostPlain is a body as plain text, for feeds.
func (e Context) PostPlain(p *status.Post, b status.Body) string {
	doc, _ := e.Snap.Library.PostDoc(p, b)
	lang := p.BodyLang(b)
	return doc.Text(e.ReaderIn(lang), markdown.Options{
		Base: e.Base(), Self: e.Root() + "/status/" + p.ID, Texts: e.MarkdownTexts(lang),
	})
}

// PostLead is the beginning of a body as plain text, at most limit characters.
func (e Context) PostLead(p *status.Post, b status.Body, limit int) string {
	if b.Source == "" {
		return ""
	}
	doc, _ := e.Snap.Library.PostDoc(p, b)
	return doc.Lead(e.ReaderIn(p.BodyLang(b)), limit)
}

// PostAbsolute is a body as HTML with absolute links, for feeds.
func (e Context) PostAbsolute(p *status.Post, b status.Body) string {
	doc, _ := e.Snap.Library.PostDoc(p, b)
	lang := p.BodyLang(b)
	return string(doc.HTML(e.ReaderIn(lang), markdown.Options{
		Base: e.Base(), Self: e.Root() + "/status/" + p.ID, NoAnchors: true, Texts: e.MarkdownTexts(lang),
	}))
}

// PostMail is a body as HTML for a mail: with absolute links, and the words of
// pictures in their place.
func (e Context) PostMail(p *status.Post, b status.Body) view.HTML {
	doc, _ := e.Snap.Library.PostDoc(p, b)
	lang := p.BodyLang(b)
	return doc.HTML(e.ReaderIn(lang), markdown.Options{
		Base: e.Base(), Self: e.Root() + "/status/" + p.ID, NoAnchors: true, NoImages: true, Texts: e.MarkdownTexts(lang),
	})
}

// ComponentNames names components in a language; when all of a group are
// there, the group is named in their place.
func (e Context) ComponentNames(ids []string) []string {
	site := e.Snap.Library.Site
	left := slices.Clone(ids)
	var names []string
	groups := slices.Clone(site.Groups)
	slices.SortStableFunc(groups, func(a, b status.Group) int { return len(b.Members) - len(a.Members) })
	for _, g := range groups {
		if len(g.Members) > 1 && !slices.ContainsFunc(g.Members, func(m string) bool { return !slices.Contains(left, m) }) {
			names = append(names, e.Text(g.Name))
			left = slices.DeleteFunc(left, func(id string) bool { return slices.Contains(g.Members, id) })
		}
	}
	for _, c := range site.Components {
		if slices.Contains(left, c.ID) {
			names = append(names, e.Text(c.Name))
		}
	}
	return names
}

// Text picks the reader's language, else the site's first.
func (e Context) Text(byLang map[string]string) string {
	if s := byLang[e.Lang]; s != "" {
		return s
	}
	return byLang[e.Snap.DefaultLanguage()]
}

// PostTitle is the title with its values.
func (e Context) PostTitle(p *status.Post) string {
	return e.PostText(p, p.Title)
}

// Moment shows a time as well as it is known.
func Moment(l *locale.Language, m status.Moment) view.Time {
	if m.IsZero() {
		return view.Time{}
	}
	t := view.At(l, m.Time)
	if m.Day {
		t = view.On(l, m.Time)
	}
	t.Approx = m.Approx
	return t
}
