package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"signpost/internal/content"
	"signpost/internal/locale"
	"signpost/internal/search"
	"signpost/internal/view"
)

// An httpError is an answer that is not what was asked for.
type httpError struct {
	Status int
	Detail string        // a sentence that is safe to show, or ""
	Retry  time.Duration // 429 and 503: when to try again
	gone   *content.Removed
}

func (e *httpError) Error() string { return http.StatusText(e.Status) + " " + e.Detail }

var (
	errNotFound = &httpError{Status: http.StatusNotFound}
	errPanic    = errors.New("panic")
)

func badRequest(detail string) error {
	return &httpError{Status: http.StatusBadRequest, Detail: detail}
}

func tooMany(wait time.Duration) error {
	return &httpError{Status: http.StatusTooManyRequests, Retry: wait}
}

// asHTTPError tells what the client should see of an error.
func asHTTPError(err error) *httpError {
	var he *httpError
	var ee *echo.HTTPError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &he):
		return he
	case errors.As(err, &tooLarge):
		return &httpError{Status: http.StatusRequestEntityTooLarge}
	case errors.As(err, &ee):
		return &httpError{Status: ee.Code}
	}
	return &httpError{Status: http.StatusInternalServerError}
}

// failed answers a request that ended in an error: with a page, or with
// problem details under /api. It never fails itself.
func (s *Server) failed(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	e := asHTTPError(err)
	if e.Status >= 500 && !errors.Is(err, errPanic) {
		s.log.Error("a request failed", "route", route(c), "error", err)
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	if e.Retry > 0 {
		h.Set("Retry-After", seconds(e.Retry))
	}
	r := s.request(c)
	switch {
	case e.Status == http.StatusMisdirectedRequest:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		c.Response().WriteHeader(e.Status)
		if c.Request().Method != http.MethodHead {
			c.Response().Write([]byte("This host name is not served here.\n"))
		}
	case r.wantsJSON():
		s.problemDetails(c, e)
	case e.Status >= 500 && e.Retry == 0:
		s.broken[s.texts.For(r.lang).Tag].write(c.Response(), c.Request(), e.Status)
	default:
		s.errorPage(r, e)
	}
}

// A problemValue is an error in the API (RFC 9457).
type problemValue struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
}

func (s *Server) problemDetails(c echo.Context, e *httpError) {
	body, _ := json.Marshal(problemValue{"about:blank", http.StatusText(e.Status), e.Status, e.Detail})
	newAnswer("application/problem+json", body, 1).write(c.Response(), c.Request(), e.Status)
}

func (s *Server) errorPage(r *request, e *httpError) {
	l := r.words()
	p := &view.ErrorPage{Chrome: r.chrome(""), Status: e.Status, Detail: e.Detail, Contact: r.contactWays()}
	p.Title, p.Robots, p.Canonical, p.Alternates = errorTitle(l, e.Status), "noindex", "", nil
	if e.Retry > 0 {
		p.Retry = l.Duration(max(e.Retry.Round(time.Second), time.Second))
	}
	switch {
	case e.gone != nil:
		p.Removed = e.gone.Title
		p.Near = r.nearest(e.gone.Title)
	case e.Status == http.StatusNotFound:
		p.Near = r.nearest(wordsOf(r.path))
	}
	if err := r.fresh(e.Status, p); err != nil {
		s.log.Error("the page for an error failed", "route", route(r.Context), "error", err)
		s.broken[s.texts.For(r.lang).Tag].write(r.Response(), r.Request(), http.StatusInternalServerError)
	}
}

func errorTitle(l *locale.Language, status int) string {
	key := "error.title." + itoa(status)
	if !l.Has(key) {
		key = "error.title.other"
	}
	return l.T(key)
}

// wordsOf makes a search of a path that was not found.
func wordsOf(p string) string {
	p = p[strings.LastIndexByte(p, '/')+1:]
	p, _, _ = strings.Cut(p, ".")
	return strings.Join(strings.FieldsFunc(p, func(r rune) bool { return r == '-' || r == '_' || r == '+' }), " ")
}

// nearest returns articles that may be what was meant.
func (r *request) nearest(words string) []view.ArticleLink {
	if words == "" || len(words) > 200 {
		return nil
	}
	var links []view.ArticleLink
	for _, hit := range r.snap.Index.Search(search.Query{Text: words, Lang: r.lang, Kind: search.Article, Limit: 5}).Hits {
		if a := r.snap.ArticleOf(hit.Doc); a != nil {
			links = append(links, r.articleLink(a))
		}
	}
	return links
}
