package server

import (
	"net/http"
	"net/url"

	"signpost/internal/content/article"
	"signpost/internal/content/status"
	"signpost/internal/server/exchange"
	"signpost/internal/server/help"
	"signpost/internal/server/mcp"
	"signpost/internal/site"
)

// assistants is the site as assistants read it; it implements [mcp.Site].
type assistants struct{ s *Server }

func (a assistants) Snapshot() *site.Snapshot { return a.s.origin.Live.Snapshot() }

func (a assistants) BaseURL(snap *site.Snapshot) string { return a.s.origin.Base(snap) }

func (a assistants) Markdown(snap *site.Snapshot, art *article.Article, lang string) string {
	return string(help.ArticleMarkdown(a.s.origin.Edition(snap, lang), art))
}

func (a assistants) Sentence(snap *site.Snapshot, lang string) string {
	_, sentence, mail := a.s.origin.Edition(snap, lang).Overall()
	if mail != "" {
		sentence += " " + mail
	}
	return sentence
}

func (a assistants) Title(snap *site.Snapshot, p status.PostState, lang string) string {
	return a.s.origin.Edition(snap, lang).PostTitle(p.Post)
}

// assistants lets assistants in. Host is checked at the door; a page of another
// site may not ask in its visitor's name.
func (s *Server) assistants() exchange.Handler {
	answer := mcp.Handler(assistants{s}, "1")
	return func(r *exchange.Request) error {
		if origin := r.Request().Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || !s.origin.OwnHost(r.Snap, exchange.HostName(u.Host)) {
				return &exchange.Error{Status: http.StatusForbidden, Detail: "Pages of other sites may not use this."}
			}
		}
		r.Request().Header.Del("Authorization")
		r.NoStore()
		answer.ServeHTTP(r.Response(), r.Request())
		return nil
	}
}
