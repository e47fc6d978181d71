package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"signpost/internal/content"
	"signpost/internal/locale"
	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/view"
)

// An Error is an answer that is not what was asked for.
type Error struct {
	Status int
	Detail string           // a sentence that is safe to show, or ""
	Retry  time.Duration    // 429 and 503: when to try again
	Gone   *content.Removed // 410: what was here
	Cause  string           // a stable word for the cause, for programs; "" when the status says it all
	Hint   string           // what to do, for the API; "" when the detail says it
}

// Error implements error; it is for the log.
func (e *Error) Error() string { return http.StatusText(e.Status) + " " + e.Detail }

var (
	// ErrNotFound is for a page that is not there.
	ErrNotFound = &Error{Status: http.StatusNotFound}
	errPanic    = errors.New("panic")
)

// BadRequest refuses what was sent; detail is a sentence that is safe to show.
func BadRequest(detail string) error {
	return &Error{Status: http.StatusBadRequest, Detail: detail}
}

// TooMany asks a client to wait.
func TooMany(wait time.Duration) error {
	return &Error{Status: http.StatusTooManyRequests, Retry: wait}
}

// AsError tells what the client should see of an error.
func AsError(err error) *Error {
	var he *Error
	var ee *echo.HTTPError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &he):
		return he
	case errors.As(err, &tooLarge):
		return &Error{Status: http.StatusRequestEntityTooLarge}
	case errors.As(err, &ee):
		return &Error{Status: ee.Code}
	}
	return &Error{Status: http.StatusInternalServerError}
}

// failed answers a request that ended in an error, in the form that the route
// asks for. It never fails itself.
func (a *App) failed(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	e := AsError(err)
	if e.Status >= 500 && e.Retry == 0 && !errors.Is(err, errPanic) { // what may be tried again has told the log itself, if it matters
		a.Log.Error("a request failed", "route", route(c), "error", err)
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	if e.Retry > 0 {
		h.Set("Retry-After", seconds(e.Retry))
	}
	r := a.request(c)
	switch {
	case e.Status == http.StatusMisdirectedRequest:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		c.Response().WriteHeader(e.Status)
		if c.Request().Method != http.MethodHead {
			c.Response().Write([]byte("This host name is not served here.\n"))
		}
	case arrived(c).route.Refusal == AsProblem:
		a.problemDetails(c, e)
	case e.Status >= 500 && e.Retry == 0:
		a.broken[r.Page.Words().Tag].write(c.Response(), c.Request(), e.Status, a.forms)
	default:
		a.errorPage(r, e)
	}
}

// A ProblemValue is an error in the API (RFC 9457).
type ProblemValue struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	Cause  string `json:"cause,omitempty"` // read-only, no-space, permission, gone, conflict or pending-push: why content cannot be written
	Hint   string `json:"hint,omitempty"`  // what to do about it
}

func (a *App) problemDetails(c echo.Context, e *Error) {
	body, _ := json.Marshal(ProblemValue{"about:blank", http.StatusText(e.Status), e.Status, e.Detail, e.Cause, e.Hint})
	newAnswer("application/problem+json", body).write(c.Response(), c.Request(), e.Status, onceEncoder{})
}

func (a *App) errorPage(r *Request, e *Error) {
	page, err := a.errorAnswer(r, e)
	if err != nil {
		a.Log.Error("the page for an error failed", "route", route(r.echo), "error", err)
		a.broken[r.Page.Words().Tag].write(r.Response(), r.Request(), http.StatusInternalServerError, a.forms)
		return
	}
	if e.Status == http.StatusTooManyRequests {
		page.write(r.Response(), r.Request(), e.Status, a.forms)
		return
	}
	page.write(r.Response(), r.Request(), e.Status, onceEncoder{})
}

// errorAnswer renders the page for an error. That for a refusal is kept with the
// snapshot: refusing has to cost less than what is refused.
func (a *App) errorAnswer(r *Request, e *Error) (*answer, error) {
	render := func() (*answer, error) {
		body, err := a.views.Render(r.errorView(e))
		if err != nil {
			return nil, err
		}
		return newAnswer("text/html; charset=utf-8", body), nil
	}
	if e.Status != http.StatusTooManyRequests {
		return render()
	}
	return a.cache(r.Page.Snap).get("refused "+r.Page.Lang+" "+seconds(e.Retry)+" "+e.Detail, render)
}

// errorView is what the page for an error says.
func (r *Request) errorView(e *Error) *view.ErrorPage {
	l := r.Page.Words()
	p := &view.ErrorPage{Chrome: r.Page.Chrome(""), Status: e.Status, Detail: e.Detail, Contact: r.Page.ContactWays()}
	p.Title, p.Robots, p.Canonical, p.Alternates = errorTitle(l, e.Status), "noindex", "", nil
	if e.Retry > 0 {
		p.Retry = l.Duration((e.Retry + time.Second - 1).Truncate(time.Second)) // as Retry-After
	}
	switch {
	case e.Gone != nil:
		p.Removed = e.Gone.Title
		p.Near = r.nearest(e.Gone.Title)
	case e.Status == http.StatusNotFound:
		p.Near = r.nearest(wordsOf(r.Target))
	}
	return p
}

// plainly answers a mail program: an error is a line, not a page.
func plainly(h Handler) Handler {
	return func(r *Request) error {
		err := h(r)
		if err == nil || r.Response().Committed {
			return nil
		}
		e := AsError(err)
		if e.Status >= http.StatusInternalServerError && e.Retry == 0 {
			return err
		}
		r.NoStore()
		if e.Retry > 0 {
			r.RetryAfter(e.Retry)
		}
		r.Send(e.Status, "text/plain; charset=utf-8", []byte(http.StatusText(e.Status)+"\n"))
		return nil
	}
}

func errorTitle(l *locale.Language, status int) string {
	key := "error.title." + strconv.Itoa(status)
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
func (r *Request) nearest(words string) []view.ArticleLink {
	if words == "" || len(words) > 200 {
		return nil
	}
	var links []view.ArticleLink
	for _, hit := range r.Page.Snap.Index.Search(search.Query{Text: words, Lang: r.Page.Lang, Kind: search.Article, Limit: 5}).Hits {
		if a := r.Page.Snap.ArticleOf(hit.Doc); a != nil {
			links = append(links, r.Page.ArticleLink(a))
		}
	}
	return links
}

// Missing is the error for an article that is not there: 410 when it was once.
func (r *Request) Missing(name string) error {
	for id, gone := range r.Page.Snap.Library.Removed {
		if strings.EqualFold(gone.Slug, name) || strconv.Itoa(id) == name {
			return &Error{Status: http.StatusGone, Gone: &gone}
		}
	}
	return ErrNotFound
}

// Sentence makes an error's text a sentence.
func Sentence(err error) string {
	s := err.Error()
	return page.SentenceEnd(strings.ToUpper(s[:1]) + s[1:])
}
