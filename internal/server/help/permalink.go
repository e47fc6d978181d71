package help

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content/markdown"
	"signpost/internal/locale"
	"signpost/internal/server/web"
)

// Permalink answers /a/ID, whatever punctuation a sentence left behind it.
func Permalink(r *web.Request) error {
	id := trimLink(r.Param("id"))
	if rest, ok := strings.CutSuffix(id, "-"); ok {
		id = rest
	}
	if n, _, ok := strings.Cut(id, "-"); ok { // /a/1042-apple-mail
		if _, err := strconv.Atoi(n); err == nil {
			id = n
		}
	}
	a, _ := r.Page.Snap.Help.Find(id)
	if a == nil {
		return r.Missing(id)
	}
	head := r.Response().Header()
	head.Add("Vary", "Accept-Language")
	root := r.Page.Root()
	if root == "" {
		want := locale.Match(r.Request().Header.Get("Accept-Language"), r.Page.Snap.Languages())
		root = r.Page.RootIn(cmp.Or(want, r.Page.Lang))
	}
	target := root + "/help/" + a.Slug
	if p := r.QueryParam("p"); slices.Contains(markdown.Platforms(), p) {
		target += "?p=" + p
	}
	return r.Redirect(http.StatusFound, target)
}

// ReplyLink answers /r/TOKEN/SLUG: it leads to the article, and counts the
// opening while tracking is on. The token says all that is needed; no database is asked.
func (h *Handlers) ReplyLink(r *web.Request) error {
	head := r.Response().Header()
	head.Set("Cache-Control", "no-store")
	head.Set("X-Robots-Tag", "noindex")
	token := strings.TrimRight(r.Param("token"), `.,;:!?)]}>'"*`)
	reply, err := h.keys.ReadReply(token)
	if err != nil { // a mail program broke the link: its readable part may be whole
		if a, _ := r.Page.Snap.Help.Find(trimLink(r.Param("slug"))); a != nil {
			return r.Redirect(http.StatusFound, r.Page.Root()+"/help/"+a.Slug)
		}
		return web.ErrNotFound
	}
	a, _ := r.Page.Snap.Help.Find(strconv.Itoa(reply.Article))
	if a == nil {
		return r.Missing(strconv.Itoa(reply.Article))
	}
	if h.tracking && r.Human() {
		h.state.Events.Opened(reply.Nonce, a.ID, r.Now)
	}
	lang := reply.Lang
	if !r.Page.Knows(lang) {
		lang = cmp.Or(locale.Match(r.Request().Header.Get("Accept-Language"), r.Page.Snap.Languages()), r.Page.Lang)
	}
	query := url.Values{}
	if reply.Platform != "" {
		query.Set("p", reply.Platform)
	}
	if h.tracking {
		query.Set("r", token) // a vote is credited to the reply
	}
	return r.Redirect(http.StatusFound, strings.TrimSuffix(r.Page.RootIn(lang)+"/help/"+a.Slug+"?"+query.Encode(), "?"))
}

// trimLink takes off what a sentence left behind a link.
func trimLink(s string) string { return strings.TrimRight(s, ".,;:!?)]}>'\"*_") }
