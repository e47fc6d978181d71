package server

import (
	"net/http"
	"net/url"

	"signpost/internal/content/article"
	"signpost/internal/content/status"
	"signpost/internal/server/mcp"
	"signpost/internal/site"
)

// assistants is the site as assistants read it.
type assistants struct{ s *Server }

func (a assistants) Snapshot() *site.Snapshot           { return a.s.live.Snapshot() }
func (a assistants) BaseURL(snap *site.Snapshot) string { return a.s.baseURL(snap) }
func (a assistants) in(snap *site.Snapshot, lang string) *request {
	return &request{s: a.s, snap: snap, lang: lang, now: a.s.now()}
}

func (a assistants) Markdown(snap *site.Snapshot, art *article.Article, lang string) string {
	return string(a.in(snap, lang).articleMarkdown(art))
}

func (a assistants) Sentence(snap *site.Snapshot, lang string) string {
	_, sentence, mail := a.in(snap, lang).overall()
	if mail != "" {
		sentence += " " + mail
	}
	return sentence
}

func (a assistants) Title(snap *site.Snapshot, p status.PostState, lang string) string {
	return a.in(snap, lang).postTitle(p.Post)
}

// mcpRoutes lets assistants in. Host is checked at the door; a page of another
// site may not ask in its visitor's name.
func (s *Server) mcpRoutes() {
	answer := mcp.Handler(assistants{s}, "1")
	h := s.wrap(limit(s.searches, func(r *request) error {
		if origin := r.Request().Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || !s.ownHost(r.snap, hostName(u.Host)) {
				return &httpError{Status: http.StatusForbidden, Detail: "Pages of other sites may not use this."}
			}
		}
		r.Request().Header.Del("Authorization")
		r.noStore()
		answer.ServeHTTP(r.Response(), r.Request())
		return nil
	}))
	s.echo.Match([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete}, "/mcp", h)
}
