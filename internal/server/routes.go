package server

import (
	"net/http"

	"signpost/internal/server/board"
	"signpost/internal/server/exchange"
	"signpost/internal/server/help"
	"signpost/internal/server/mcp"
	"signpost/internal/server/newsroom"
	"signpost/internal/server/office"
	"signpost/internal/server/setup"
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
	get("/status", board.Board)
	get("/status/history", board.History)
	get("/status/history/:month", board.History)
	get("/status/feed.atom", board.Atom)
	get("/status/feed.json", board.JSON)
	get("/status/feed.rss", board.RSS)
	get("/history.atom", board.Atom)
	get("/history.rss", board.RSS)
	get("/status/maintenance.ics", board.Calendar)
	get("/status/badge.svg", board.Badge)
	get("/status/components/:component", board.Component)
	get("/status/components/:component/feed.atom", board.Atom)
	get("/status/components/:component/feed.json", board.JSON)
	get("/status/components/:component/feed.rss", board.RSS)
	get("/status/components/:component/maintenance.ics", board.Calendar)
	get("/status/components/:component/badge.svg", board.Badge)
	get("/status/:id", board.Post)

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
	s.echo.POST("/autodiscover/autodiscover.xml", s.origin.Wrap(setup.Plainly(s.setup.Autodiscover)))
	get("/autodiscover/autodiscover.json", setup.Plainly(s.setup.AutodiscoverJSON))
	get("/autodiscover/autodiscover.json/v1.0", setup.Plainly(s.setup.AutodiscoverJSON))
	get("/autodiscover/autodiscover.json/v1.0/:address", setup.Plainly(s.setup.AutodiscoverJSON))
	get("/.well-known/user-agent-configuration.json", setup.Plainly(s.setup.PACC))

	// What machines read
	get("/sitemap.xml", help.Sitemap)
	get("/robots.txt", help.Robots)
	get("/opensearch.xml", help.OpenSearch)
	get("/llms.txt", help.LLMs)
	s.echo.Match([]string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete}, "/mcp", s.origin.Wrap(exchange.Limit(s.searches, mcp.Handler(s.origin, "1"))))

	// For other pages of the provider
	get("/widget.js", help.WidgetScript)
	get("/widget", help.Widget)

	// Files
	get("/static/:name", exchange.Static)
	get("/files/*", exchange.File)
	get("/theme.css", exchange.Theme)

	if s.office != nil {
		s.agentRoutes()
	}

	// Operation
	get("/healthz", health)
	get("/readyz", health)
	if s.dev {
		get("/style", style)
	}
}

// agentRoutes is everything that only agents get, and what leads to it and from it.
func (s *Server) agentRoutes() {
	get, post := s.get, s.post
	page := func(path string, h exchange.Handler) { s.get(path, exchange.AgentPage(h)) }
	form := func(path string, h exchange.Handler) {
		s.echo.POST(path, s.origin.Wrap(exchange.AgentPage(exchange.WithForm(h))))
	}

	// What readers give back
	get("/r/:token", s.help.ReplyLink)
	get("/r/:token/:slug", s.help.ReplyLink)
	post("/help/:slug/vote", s.help.Vote)
	post("/search/click", s.help.Click)

	// Signing in
	get("/agent/signin", s.office.SignInPage)
	post("/agent/signin", s.office.SignIn)
	get("/agent/openid", exchange.Limit(s.posts, s.office.OpenIDBegin)) // asks the provider, as the next does
	get("/agent/openid/back", exchange.Limit(s.posts, s.office.OpenIDBack))
	form("/agent/signout", office.SignOut)

	// Signed-in agents
	page("/agent", s.office.Desk)
	s.echo.POST("/agent", s.origin.Wrap(exchange.AgentPage(s.office.DeskAnswer)))
	form("/agent/reply", s.office.Reply)
	page("/agent/a/:id", s.office.Editor)
	form("/agent/a/:id", s.office.Editor)
	form("/agent/sent", s.office.Sent)
	page("/agent/status", newsroom.Start)
	form("/agent/status", s.newsroom.Publish)
	page("/agent/report", s.office.Report)
	page("/agent/report.csv", s.office.ReportCSV)
	form("/agent/gaps", s.office.CloseGaps)
	page("/agent/problems", office.Problems)
}

// get registers a handler for GET and HEAD.
func (s *Server) get(path string, h exchange.Handler) {
	s.echo.Match([]string{http.MethodGet, http.MethodHead}, path, s.origin.Wrap(h))
}

// post registers a handler for POST, which is limited per client.
func (s *Server) post(path string, h exchange.Handler) {
	s.echo.POST(path, s.origin.Wrap(exchange.Limit(s.posts, h)))
}

// searching limits searches per client; a HEAD costs as much as a GET.
func (s *Server) searching(h exchange.Handler) exchange.Handler { return exchange.Limit(s.searches, h) }
