package server

import (
	"net/http"

	"signpost/internal/server/agent"
	"signpost/internal/server/help"
	"signpost/internal/server/mcp"
	"signpost/internal/server/setup"
	"signpost/internal/server/status"
	"signpost/internal/server/statusedit"
	"signpost/internal/server/web"
)

// routes is everything that is answered, on one screen; the API has its own:
// [Server.calls].
func (s *Server) routes() {
	get, post := s.get, s.post

	// Help centre
	get("/", help.Home)
	get("/help/feed.atom", help.Feed)
	get("/help/:slug", s.help.Article)
	get("/topics/:category", help.Topic)
	get("/a/:id", help.Permalink)
	get("/contact", help.Contact)
	get("/search", s.searching(s.help.Search))

	// Status
	get("/status", status.Board)
	get("/status/history", status.History)
	get("/status/history/:month", status.History)
	get("/status/feed.atom", status.Atom)
	get("/status/feed.json", status.JSON)
	get("/status/feed.rss", status.RSS)
	get("/history.atom", status.Atom)
	get("/history.rss", status.RSS)
	get("/status/maintenance.ics", status.Calendar)
	get("/status/badge.svg", status.Badge)
	get("/status/badge.json", status.BadgeJSON)
	get("/status/components/:component", status.Component)
	get("/status/components/:component/feed.atom", status.Atom)
	get("/status/components/:component/feed.json", status.JSON)
	get("/status/components/:component/feed.rss", status.RSS)
	get("/status/components/:component/maintenance.ics", status.Calendar)
	get("/status/components/:component/badge.svg", status.Badge)
	get("/status/components/:component/badge.json", status.BadgeJSON)
	get("/status/:id", status.Post)

	// Setting up mail
	get("/setup", setup.Form)
	post("/setup", s.setup.Result)
	get("/setup/:client", s.setup.Guide)
	get("/setup/explain", s.setup.Explain)
	get("/setup/domain", s.setup.Domain)
	post("/setup/profile.mobileconfig", s.setup.Profile)
	post("/setup/file/:format", s.setup.File)
	get("/p/:token", s.setup.Token)

	// What mail programs ask for, on any host name, without limits
	get("/mail/config-v1.1.xml", setup.Plainly(s.setup.Autoconfig))
	get("/.well-known/autoconfig/mail/config-v1.1.xml", setup.Plainly(s.setup.Autoconfig))
	get("/autodiscover/autodiscover.xml", setup.Plainly(s.setup.AutodiscoverGet))
	s.echo.POST("/autodiscover/autodiscover.xml", s.app.Wrap(setup.Plainly(s.setup.Autodiscover)))
	get("/autodiscover/autodiscover.json", setup.Plainly(s.setup.AutodiscoverJSON))
	get("/autodiscover/autodiscover.json/v1.0", setup.Plainly(s.setup.AutodiscoverJSON))
	get("/autodiscover/autodiscover.json/v1.0/:address", setup.Plainly(s.setup.AutodiscoverJSON))
	get("/.well-known/user-agent-configuration.json", setup.Plainly(s.setup.PACC))

	// What machines read
	get("/sitemap.xml", help.Sitemap)
	get("/robots.txt", help.Robots)
	get("/opensearch.xml", help.OpenSearch)
	get("/llms.txt", help.LLMs)
	s.echo.Match([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete}, "/mcp", s.app.Wrap(web.Limit(s.searches, mcp.Handler(s.app, "1"))))

	// For other pages of the provider
	get("/widget.js", help.WidgetScript)
	get("/widget", help.Widget)

	// Files
	get("/static/:name", web.Static)
	get("/files/*", web.File)
	get("/theme.css", web.Theme)

	if s.agent != nil {
		s.agentRoutes()
	}

	// Operation
	get("/healthz", health)
	get("/readyz", s.ready)
	if s.dev {
		get("/style", style)
	}
}

// agentRoutes is everything that only agents get, and what leads to it and from it.
func (s *Server) agentRoutes() {
	get, post := s.get, s.post
	page := func(path string, h web.Handler) { s.get(path, web.AgentPage(h)) }
	form := func(path string, h web.Handler) {
		s.echo.POST(path, s.app.Wrap(web.AgentPage(web.WithForm(h))))
	}

	// What readers give back
	get("/r/:token", s.help.ReplyLink)
	get("/r/:token/:slug", s.help.ReplyLink)
	post("/help/:slug/vote", s.help.Vote)
	post("/search/click", s.help.Click)

	// Signing in
	get("/agent/signin", s.agent.SignInPage)
	s.echo.POST("/agent/signin", s.app.Wrap(s.agent.SignIn))      // has limits of its own
	get("/agent/openid", web.Limit(s.posts, s.agent.OpenIDBegin)) // asks the provider, as the next does
	get("/agent/openid/back", web.Limit(s.posts, s.agent.OpenIDBack))
	form("/agent/signout", agent.SignOut)

	// Signed-in agents
	page("/agent", s.agent.Desk)
	s.echo.POST("/agent", s.app.Wrap(web.AgentPage(s.agent.DeskAnswer)))
	form("/agent/reply", s.agent.Reply)
	page("/agent/a/:id", s.agent.Editor)
	form("/agent/a/:id", s.agent.Editor)
	form("/agent/sent", s.agent.Sent)
	page("/agent/status", statusedit.Start)
	form("/agent/status", s.statusEdit.Publish)
	page("/agent/report", s.agent.Report)
	page("/agent/report.csv", s.agent.ReportCSV)
	form("/agent/gaps", s.agent.CloseGaps)
	page("/agent/problems", agent.Problems)
}

// get registers a handler for GET and HEAD.
func (s *Server) get(path string, h web.Handler) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, s.app.Wrap(h))
}

// post registers a handler for POST, which is limited per client.
func (s *Server) post(path string, h web.Handler) {
	s.echo.POST(path, s.app.Wrap(web.Limit(s.posts, h)))
}

// searching limits searches per client; a HEAD costs as much as a GET.
func (s *Server) searching(h web.Handler) web.Handler { return web.Limit(s.searches, h) }
