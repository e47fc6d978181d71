package server

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"signpost/internal/auth"
	"signpost/internal/desk"
	"signpost/internal/feed/statuspage"
	"signpost/internal/mail/format"
	"signpost/internal/server/openapi"
)

// A call is one operation of the API: how it is answered and what its
// description says.
type call struct {
	openapi.Operation
	handler
}

// calls is the whole API, on one screen. Those with a scope are for agents.
func (s *Server) calls() []call {
	lang := openapi.Param{Name: "lang", In: "query", Type: "string", Text: "A language of the site that is preferred"}
	match := openapi.Param{Name: "If-Match", In: "header", Type: "string", Text: "ETag of the post that the change is made to; a stale one is 412"}
	once := openapi.Param{Name: "Idempotency-Key", In: "header", Type: "string", Text: "The same key and request get the same answer for a day"}
	notFound := []int{http.StatusNotFound}
	written := []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity}
	list := []call{
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/search", ID: "search", Tag: "help", Summary: "Articles, incidents and settings for words",
			Params: []openapi.Param{
				{Name: "q", In: "query", Type: "string", Text: "Words"},
				lang,
				{Name: "limit", In: "query", Type: "integer", Text: "1 to 100; 10 when missing"},
				{Name: "category", In: "query", Type: "string", Text: "Only this category"},
				{Name: "platform", In: "query", Type: "string", Text: "Only what fits this platform"},
				{Name: "typing", In: "query", Type: "string", Enum: []string{"1"}, Text: "The last word is not finished"},
				{Name: "exact", In: "query", Type: "string", Enum: []string{"1"}, Text: "No correction of unknown words"},
			}, Out: searchValue{},
		}, (*request).searchAPI},
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/articles/:id", ID: "getArticle", Tag: "help", Summary: "An article by id or slug",
			Params: []openapi.Param{lang}, Out: articleValue{}, Errors: []int{http.StatusNotFound, http.StatusGone},
		}, (*request).articleAPI},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/setup", ID: "getSettings", Tag: "help", Summary: "The settings of a mailbox; the address is not kept",
			In: setupOrder{}, Out: format.Settings{}, Errors: notFound,
		}, s.limited((*request).setupAPI)},
		{openapi.Operation{Method: "GET", Path: "/api/v1/openapi.json", ID: "getDescription", Tag: "help", Summary: "This document", Out: map[string]any{}}, (*request).openAPI},
	}
	for _, name := range statuspage.Names {
		list = append(list, call{openapi.Operation{
			Method: "GET", Path: "/api/v2/" + name, ID: "status." + strings.TrimSuffix(name, ".json"), Tag: "status",
			Summary: "Status in the form of Statuspage's API: " + strings.TrimSuffix(name, ".json"), Out: map[string]any{},
		}, statuspageJSON(name)})
	}
	if s.auth == nil {
		return list
	}
	return append(list,
		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/votes", ID: "vote", Tag: "help", Summary: "Say whether an article helped",
			In: voteOrder{}, Status: http.StatusNoContent, Errors: notFound,
		}, (*request).voteAPI},

		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/suggest", ID: "suggest", Tag: "agents", Summary: "Incidents and articles for a ticket, which is not kept",
			Scope: auth.ScopeSuggest, In: ticketOrder{}, Out: desk.Suggestions{}, Errors: []int{http.StatusUnprocessableEntity},
		}, (*request).suggestAPI},
		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/replies", ID: "reply", Tag: "agents", Summary: "A piece for a reply; its link is counted when tracking is on",
			Scope: auth.ScopeReplies, In: replyBody{}, Out: desk.Piece{}, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}, (*request).replyAPI},
		call{openapi.Operation{
			Method: "GET", Path: "/api/v1/gaps", ID: "listGaps", Tag: "agents", Summary: "Questions that no article answers",
			Scope: auth.ScopeGaps, Params: []openapi.Param{{Name: "all", In: "query", Type: "string", Enum: []string{"1"}, Text: "Closed ones too"}}, Out: gapsValue{},
		}, (*request).gapsAPI},
		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/gaps", ID: "addGap", Tag: "agents", Summary: "Note that no article fits a ticket, of which only words are kept that the site itself uses",
			Scope: auth.ScopeGaps, In: gapOrder{}, Out: gapEntry{}, Status: http.StatusCreated, Errors: []int{http.StatusUnprocessableEntity},
		}, (*request).addGapAPI},
		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/gaps/:id/close", ID: "closeGap", Tag: "agents", Summary: "Close a gap",
			Scope: auth.ScopeGaps, In: closeOrder{}, Status: http.StatusNoContent, Errors: notFound,
		}, (*request).closeGapAPI},
		call{openapi.Operation{
			Method: "GET", Path: "/api/v1/report", ID: "getReport", Tag: "agents", Summary: "What was sent, opened and searched, and what helped",
			Scope: auth.ScopeReport, Params: []openapi.Param{
				{Name: "from", In: "query", Type: "string", Text: "First day, 2026-11-01; 30 days ago when missing"},
				{Name: "to", In: "query", Type: "string", Text: "Last day; today when missing"},
			}, Out: reportValue{},
		}, (*request).reportAPI},

		call{openapi.Operation{
			Method: "GET", Path: "/api/v1/status/posts", ID: "listPosts", Tag: "status", Summary: "Posts that are open or planned",
			Scope: auth.ScopeStatus, Params: []openapi.Param{{Name: "all", In: "query", Type: "string", Enum: []string{"1"}, Text: "Closed ones too"}}, Out: postsValue{},
		}, (*request).postsAPI},
		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/status/posts", ID: "addPost", Tag: "status", Summary: "Publish a post: its front matter and its text",
			Scope: auth.ScopeStatus, Params: []openapi.Param{once}, In: draftBody{}, Out: postValue{}, Status: http.StatusCreated,
			Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
		}, (*request).addPostAPI},
		call{openapi.Operation{
			Method: "GET", Path: "/api/v1/status/posts/:id", ID: "getPost", Tag: "status", Summary: "A post; its ETag is for If-Match",
			Scope: auth.ScopeStatus, Out: postValue{}, Errors: notFound,
		}, (*request).postAPI},
		call{openapi.Operation{
			Method: "POST", Path: "/api/v1/status/posts/:id/updates", ID: "addUpdate", Tag: "status", Summary: "Add an update; the states resolved and completed close the post",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, In: updateBody{}, Out: postValue{}, Status: http.StatusCreated, Errors: written,
		}, (*request).addUpdateAPI},
		call{openapi.Operation{
			Method: "PUT", Path: "/api/v1/status/posts/:id/updates/:update", ID: "editUpdate", Tag: "status", Summary: "Replace the text of an update, or of the latest one; readers see that it was edited",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, In: textOrder{}, Out: postValue{}, Errors: written,
		}, (*request).editUpdateAPI},
		call{openapi.Operation{
			Method: "DELETE", Path: "/api/v1/status/posts/:id/updates/latest", ID: "undoUpdate", Tag: "status", Summary: "Take the latest update away, and the post when it has no other; then the answer has no updates",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, Out: postValue{}, Errors: written,
		}, (*request).undoAPI},
	)
}

// apiRoutes registers the calls.
func (s *Server) apiRoutes() error {
	calls := s.calls()
	for _, c := range calls {
		h := c.handler
		if c.Scope != "" {
			h = s.calling(agentAPI(c.Scope, h))
		}
		if c.Method == http.MethodGet {
			s.get(c.Path, h)
		} else {
			s.echo.Add(c.Method, c.Path, s.wrap(h))
		}
	}
	operations := make([]openapi.Operation, len(calls))
	for i, c := range calls {
		operations[i] = c.Operation
	}
	var err error
	s.description, err = openapi.Write(openapi.Info{
		Title: "Signpost", Version: "1", Session: auth.SessionCookie("", false).Name, Problem: problemValue{},
		Text: "Help articles, status and mail settings. Search, articles, settings and status are for everybody; the rest is for agents, by API token or session.",
	}, operations)
	return err
}

// limited counts a call like any form that is posted.
func (s *Server) limited(h handler) handler { return limit(s.posts, h) }

// calling limits agents' calls, and attempts to make them.
func (s *Server) calling(h handler) handler { return limit(s.agentCalls, h) }

func limit(l *limiter, h handler) handler {
	return func(r *request) error {
		if ok, wait := l.allow(r.client, r.now); !ok {
			return tooMany(wait)
		}
		return h(r)
	}
}

// openAPI answers /api/v1/openapi.json.
func (r *request) openAPI() error {
	r.open()
	return r.kept("application/json", "openapi", func() ([]byte, error) { return r.s.description, nil })
}

// readJSON reads the body into v, and refuses what v has no place for.
func (r *request) readJSON(v any) error {
	_, err := r.rawJSON(v)
	return err
}

// rawJSON is readJSON that also returns the body.
func (r *request) rawJSON(v any) ([]byte, error) {
	if t, _, err := mime.ParseMediaType(r.Request().Header.Get("Content-Type")); err != nil || t != "application/json" {
		return nil, &httpError{Status: http.StatusUnsupportedMediaType, Detail: "Send JSON with Content-Type: application/json."}
	}
	body, err := io.ReadAll(r.Request().Body)
	if err != nil {
		if asHTTPError(err).Status == http.StatusRequestEntityTooLarge {
			return nil, err
		}
		return nil, badRequest("The body could not be read.")
	}
	d := json.NewDecoder(strings.NewReader(string(body)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return nil, badRequest("The body is not what this call takes: " + jsonError(err))
	}
	if d.More() {
		return nil, badRequest("The body holds more than one JSON value.")
	}
	return body, nil
}

// jsonError says what is wrong with JSON without repeating its values.
func jsonError(err error) string {
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrong):
		return wrong.Field + " is a " + wrong.Value + "; see /api/v1/openapi.json."
	case errors.As(err, &syntax), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it is no JSON."
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok && len(name) < 60 {
		return "there is no field " + name + "; see /api/v1/openapi.json."
	}
	return "see /api/v1/openapi.json."
}

// value sends JSON for this request alone.
func (r *request) value(status int, v any) error {
	body, err := marshalJSON(v)
	if err != nil {
		return err
	}
	r.send(status, "application/json", body)
	return nil
}
