package server

import (
	"net/http"
	"slices"
	"strings"

	"signpost/internal/auth"
	"signpost/internal/feed/statuspage"
	"signpost/internal/mail/format"
	"signpost/internal/server/agent"
	"signpost/internal/server/help"
	"signpost/internal/server/openapi"
	"signpost/internal/server/setup"
	"signpost/internal/server/status"
	"signpost/internal/server/statusedit"
	"signpost/internal/server/web"
	"signpost/internal/suggest"
)

// A call is one operation of the API: what its description says and how it is
// answered. The names of the types that it takes and gives are names in
// that description. [Server.callRoute] fills in what both say.
type call struct {
	openapi.Operation
	web.Route
}

// calls is the whole API: what is for everybody, what agents ask for, and what
// they write on the status board. Those with a scope are for agents.
func (s *Server) calls() []call {
	if s.agent == nil {
		return s.publicCalls()
	}
	return slices.Concat(s.publicCalls(), s.agentAPI(), s.postCalls())
}

// publicCalls are for everybody.
func (s *Server) publicCalls() []call {
	lang := openapi.Param{Name: "lang", In: "query", Type: "string", Text: "A language of the site that is preferred"}
	notFound := []int{http.StatusNotFound}
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
			}, Out: help.SearchValue{},
		}, web.Route{Handler: s.help.SearchAPI, Limit: web.Typing}},
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/articles/:id", ID: "getArticle", Tag: "help", Summary: "An article by id or slug",
			Params: []openapi.Param{lang}, Out: help.ArticleValue{}, Errors: []int{http.StatusNotFound, http.StatusGone},
		}, web.Route{Handler: help.ArticleAPI}},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/setup", ID: "getSettings", Tag: "help", Summary: "The settings of a mailbox; the address is not kept",
			In: setup.SetupOrder{}, Out: format.Settings{}, Errors: notFound,
		}, web.Route{Handler: s.setup.API, Limit: web.SetUp}},
		{openapi.Operation{Method: "GET", Path: "/api/v1/openapi.json", ID: "getDescription", Tag: "help", Summary: "This document", Out: map[string]any{}}, web.Route{Handler: s.openAPI}},
	}
	for _, name := range statuspage.Names {
		list = append(list, call{openapi.Operation{
			Method: "GET", Path: "/api/v2/" + name, ID: "status." + strings.TrimSuffix(name, ".json"), Tag: "status",
			Summary: "Status in the form of Statuspage's API: " + strings.TrimSuffix(name, ".json"), Out: map[string]any{},
		}, web.Route{Handler: status.Statuspage(name)}})
	}
	return list
}

// agentAPI lists the calls that are answered by agents' handlers, and by readers' votes that it counts.
func (s *Server) agentAPI() []call {
	notFound := []int{http.StatusNotFound}
	return []call{
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/votes", ID: "vote", Tag: "help", Summary: "Say whether an article helped",
			In: help.VoteOrder{}, Status: http.StatusNoContent, Errors: []int{http.StatusForbidden, http.StatusNotFound, http.StatusServiceUnavailable},
		}, web.Route{Handler: s.help.VoteAPI, Limit: web.Votes}},

		{openapi.Operation{
			Method: "POST", Path: "/api/v1/suggest", ID: "suggest", Tag: "agents", Summary: "Incidents and articles for a ticket, which is not kept",
			Scope: auth.ScopeSuggest, In: agent.TicketOrder{}, Out: suggest.Suggestions{}, Errors: []int{http.StatusUnprocessableEntity},
		}, web.Route{Handler: s.agent.SuggestAPI, Body: web.BodyTicketJSON}},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/replies", ID: "reply", Tag: "agents", Summary: "A piece for a reply; its link is counted when tracking is on",
			Scope: auth.ScopeReplies, In: agent.ReplyBody{}, Out: suggest.Snippet{}, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}, web.Route{Handler: s.agent.ReplyAPI, Body: web.BodyTicketJSON}},
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/gaps", ID: "listGaps", Tag: "agents", Summary: "Questions that no article answers",
			Scope: auth.ScopeGaps, Params: []openapi.Param{{Name: "all", In: "query", Type: "string", Enum: []string{"1"}, Text: "Closed ones too"}}, Out: agent.GapsValue{},
		}, web.Route{Handler: s.agent.GapsAPI}},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/gaps", ID: "addGap", Tag: "agents", Summary: "Note that no article fits a ticket, of which only words are kept that the site itself uses",
			Scope: auth.ScopeGaps, In: agent.GapOrder{}, Out: agent.GapEntry{}, Status: http.StatusCreated, Errors: []int{http.StatusUnprocessableEntity},
		}, web.Route{Handler: s.agent.AddGapAPI, Body: web.BodyTicketJSON}},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/gaps/:id/close", ID: "closeGap", Tag: "agents", Summary: "Close a gap",
			Scope: auth.ScopeGaps, In: agent.CloseOrder{}, Status: http.StatusNoContent, Errors: notFound,
		}, web.Route{Handler: s.agent.CloseGapAPI}},
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/report", ID: "getReport", Tag: "agents", Summary: "What was sent, opened and searched, and what helped",
			Scope: auth.ScopeReport, Params: []openapi.Param{
				{Name: "from", In: "query", Type: "string", Text: "First day, 2026-11-01; 30 days ago when missing"},
				{Name: "to", In: "query", Type: "string", Text: "Last day; today when missing"},
			}, Out: agent.ReportValue{},
		}, web.Route{Handler: s.agent.ReportAPI}},
	}
}

// postCalls are about posts.
func (s *Server) postCalls() []call {
	match := openapi.Param{Name: "If-Match", In: "header", Type: "string", Text: "ETag of the post that the change is made to; a stale one is 412"}
	once := openapi.Param{Name: "Idempotency-Key", In: "header", Type: "string", Text: "The same key and request get the same answer for a day"}
	notFound := []int{http.StatusNotFound}
	written := []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity}
	return []call{
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/status/posts", ID: "listPosts", Tag: "status", Summary: "Posts that are open or planned",
			Scope: auth.ScopeStatus, Params: []openapi.Param{{Name: "all", In: "query", Type: "string", Enum: []string{"1"}, Text: "Closed ones too"}}, Out: statusedit.PostsValue{},
		}, web.Route{Handler: statusedit.PostsAPI}},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/status/posts", ID: "addPost", Tag: "status", Summary: "Publish a post: its front matter and its text",
			Scope: auth.ScopeStatus, Params: []openapi.Param{once}, In: statusedit.DraftBody{}, Out: statusedit.PostValue{}, Status: http.StatusCreated,
			Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
		}, web.Route{Handler: s.statusEdit.AddPostAPI}},
		{openapi.Operation{
			Method: "GET", Path: "/api/v1/status/posts/:id", ID: "getPost", Tag: "status", Summary: "A post; its ETag is for If-Match",
			Scope: auth.ScopeStatus, Out: statusedit.PostValue{}, Errors: notFound,
		}, web.Route{Handler: statusedit.PostAPI}},
		{openapi.Operation{
			Method: "PATCH", Path: "/api/v1/status/posts/:id", ID: "revisePost", Tag: "status", Summary: "Change what a post says outside of its updates: keys of its front matter, windows, texts in other languages",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, In: statusedit.RevisionBody{}, Out: statusedit.PostValue{}, Errors: written,
		}, web.Route{Handler: s.statusEdit.ReviseAPI}},
		{openapi.Operation{
			Method: "POST", Path: "/api/v1/status/posts/:id/updates", ID: "addUpdate", Tag: "status", Summary: "Add an update; the states resolved and completed close the post",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, In: statusedit.UpdateBody{}, Out: statusedit.PostValue{}, Status: http.StatusCreated, Errors: written,
		}, web.Route{Handler: s.statusEdit.AddUpdateAPI}},
		{openapi.Operation{
			Method: "PUT", Path: "/api/v1/status/posts/:id/updates/:update", ID: "editUpdate", Tag: "status", Summary: "Replace texts of an update, or of the latest one; readers see that it was edited",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, In: statusedit.TextBody{}, Out: statusedit.PostValue{}, Errors: written,
		}, web.Route{Handler: s.statusEdit.EditUpdateAPI}},
		{openapi.Operation{
			Method: "DELETE", Path: "/api/v1/status/posts/:id/updates/latest", ID: "undoUpdate", Tag: "status", Summary: "Take the latest update away, and the post when it has no other; then the answer has no updates",
			Scope: auth.ScopeStatus, Params: []openapi.Param{match, once}, Out: statusedit.PostValue{}, Errors: written,
		}, web.Route{Handler: s.statusEdit.UndoAPI}},
	}
}

// callRoute is the route of a call.
func (s *Server) callRoute(c call) web.Route {
	r := c.Route
	r.Methods, r.Path, r.Scope, r.Refusal = c.Operation.Method, c.Operation.Path, c.Operation.Scope, web.AsProblem
	if r.Scope != "" {
		r.Access, r.Limit = web.Programs, web.Calls
	}
	return r
}

// describe writes the description of the calls.
func (s *Server) describe() error {
	var operations []openapi.Operation
	for _, c := range s.calls() {
		operations = append(operations, c.Operation)
	}
	var err error
	s.description, err = openapi.Write(openapi.Info{
		Title: "Signpost", Version: "1", Session: auth.SessionCookie("", false).Name, Problem: web.ProblemValue{},
		Text: "Help articles, status and mail settings. Search, articles, settings and status are for everybody; the rest is for agents, by API token or session.",
	}, operations)
	return err
}

// openAPI answers /api/v1/openapi.json.
func (s *Server) openAPI(r *web.Request) error {
	r.Open()
	return r.SendCached("application/json", "openapi", func() ([]byte, error) { return s.description, nil })
}
