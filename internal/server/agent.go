package server

import (
	"signpost/internal/problem"
	"signpost/internal/view"
)

// agentRoutes is everything that only agents get, and what leads to it and from it.
func (s *Server) agentRoutes() {
	s.metrics.registry.MustRegister(stateMetrics{s.state})

	// What readers give back
	s.get("/r/:token", (*request).replyLink)
	s.get("/r/:token/:slug", (*request).replyLink)
	s.post("/help/:slug/vote", (*request).voteForm)
	s.post("/search/click", (*request).searchClick)

	// Signing in
	s.get("/agent/signin", (*request).signInPage)
	s.post("/agent/signin", (*request).signIn)
	s.get("/agent/openid", (*request).openIDBegin)
	s.get("/agent/openid/back", (*request).openIDBack)
	s.agentPost("/agent/signout", (*request).signOut)

	// Signed-in agents
	s.agentGet("/agent", (*request).deskStart)
	s.echo.POST("/agent", s.wrap(agentPage((*request).deskPost)))
	s.agentPost("/agent/reply", (*request).agentReply)
	s.agentGet("/agent/a/:id", (*request).replyEditor)
	s.agentPost("/agent/a/:id", (*request).replyEditor)
	s.agentPost("/agent/sent", (*request).agentSent)
	s.agentGet("/agent/status", (*request).statusStart)
	s.agentPost("/agent/status", (*request).statusPublish)
	s.agentGet("/agent/report", (*request).report)
	s.agentGet("/agent/report.csv", (*request).reportCSV)
	s.agentPost("/agent/gaps", (*request).closeGaps)
	s.agentGet("/agent/problems", (*request).problems)
}

// agentChrome is chrome for pages that only agents see: without the operator's
// stylesheet and links, and not for search engines.
func (r *request) agentChrome(path string) view.Chrome {
	c := r.chrome(path)
	c.Site.CSS, c.Site.Header, c.Site.Footer = "", nil, nil
	c.Robots, c.Canonical, c.Alternates, c.Feeds = "noindex", "", nil, nil
	return c
}

// agentBar is what every page for signed-in agents has.
func (r *request) agentBar(current string) view.Agent {
	a := view.Agent{Name: r.who.Agent, CSRF: r.csrf(), Current: current, Host: r.s.baseURL(r.snap)}
	for _, p := range r.snap.Problems {
		a.Problems = append(a.Problems, view.Problem{Path: p.Path, Line: p.Line, Error: p.Severity == problem.Error, Message: p.Message, Hint: p.Hint})
	}
	return a
}
