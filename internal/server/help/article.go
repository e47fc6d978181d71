package help

import (
	"net/http"
	"path"
	"strings"

	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Article answers /help/SLUG and, with an ending, its other forms.
func (h *Handlers) Article(r *web.Request) error {
	name := r.Param("slug")
	slug, form := name, ""
	if ext := path.Ext(name); ext == ".md" || ext == ".json" || ext == ".txt" {
		slug, form = strings.TrimSuffix(name, ext), ext
	}
	a, old := r.Page.Snap.Help.Find(slug)
	if a == nil {
		return r.Missing(slug)
	}
	if old || a.Slug != slug {
		return r.Redirect(http.StatusMovedPermanently, r.Page.Root()+"/help/"+a.Slug+form)
	}
	switch form {
	case ".md":
		return r.SendCached("text/markdown; charset=utf-8", r.Page.Lang+" "+r.Target, func() ([]byte, error) { return r.Page.ArticleMarkdown(a), nil })
	case ".txt":
		return r.SendCached("text/plain; charset=utf-8", r.Page.Lang+" "+r.Target, func() ([]byte, error) { return articleText(r.Page, a), nil })
	case ".json":
		r.Open()
		return r.SendCached("application/json", r.Page.Lang+" "+r.Target, func() ([]byte, error) { return web.EncodeJSON(articleJSON(r.Page, a)) })
	}
	h.countRead(r, a)
	return r.SendPage(func() (view.Page, error) {
		p := r.Page.Article(a)
		p.Vote = h.vote(r.Page, a, p.Body)
		return p, nil
	})
}
