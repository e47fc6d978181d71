package server

import (
	"slices"

	"signpost/internal/server/agent"
	"signpost/internal/server/help"
	"signpost/internal/server/mcp"
	"signpost/internal/server/setup"
	"signpost/internal/server/status"
	"signpost/internal/server/statusedit"
	"signpost/internal/server/web"
)

// table is everything that is answered.
func (s *Server) table() []web.Route {
	list := slices.Concat(s.publicRoutes(), s.discoveryRoutes(), s.machineRoutes())
	if s.notices != nil {
		list = append(list, s.noticeRoutes()...)
	}
	if s.agent != nil {
		list = slices.Concat(list, s.readerRoutes(), s.agentRoutes())
	}
	if s.dev {
		list = append(list, get("/style", style))
	}
	for _, c := range s.calls() {
		list = append(list, s.callRoute(c))
	}
	return append(list, web.Route{Path: "/api/*", Refusal: web.AsProblem})
}

// get is a route for everybody that answers GET and HEAD.
func get(path string, h web.Handler) web.Route {
	return web.Route{Methods: "GET", Path: path, Handler: h}
}

// publicRoutes are the pages for readers, and their feeds.
func (s *Server) publicRoutes() []web.Route {
	domain := []string{"d", "domain"} // of what a redirect repeats: all else on these pages may be an address
	return []web.Route{
		// Help centre
		get("/", help.Home),
		get("/help/feed.atom", help.Feed),
		get("/help/:slug", s.help.Article),
		get("/topics/:category", help.Topic),
		get("/a/:id", help.Permalink),
		get("/contact", s.help.Contact),
		{Methods: "POST", Path: "/contact", Handler: s.help.Write, Body: help.BodyContact, Limit: web.Messages},
		{Methods: "GET", Path: "/search", Handler: s.help.Search, Limit: web.Results},

		// Status
		get("/status", status.Board),
		get("/status/history", status.History),
		get("/status/history/:month", status.History),
		get("/status/feed.atom", status.Atom),
		get("/status/feed.json", status.JSON),
		get("/status/feed.rss", status.RSS),
		get("/history.atom", status.Atom),
		get("/history.rss", status.RSS),
		get("/status/maintenance.ics", status.Calendar),
		get("/status/badge.svg", status.Badge),
		get("/status/badge.json", status.BadgeJSON),
		get("/status/components/:component", status.Component),
		get("/status/components/:component/feed.atom", status.Atom),
		get("/status/components/:component/feed.json", status.JSON),
		get("/status/components/:component/feed.rss", status.RSS),
		get("/status/components/:component/maintenance.ics", status.Calendar),
		get("/status/components/:component/badge.svg", status.Badge),
		get("/status/components/:component/badge.json", status.BadgeJSON),
		get("/status/:id", status.Post),

		// Setting up mail
		{Methods: "GET", Path: "/setup", Handler: setup.Form, Query: domain},
		{Methods: "POST", Path: "/setup", Handler: s.setup.Result, Query: domain, Limit: web.SetUp},
		{Methods: "GET", Path: "/setup/:client", Handler: s.setup.Guide, Query: domain},
		{Methods: "GET", Path: "/setup/explain", Handler: s.setup.Explain, Query: domain},
		{Methods: "GET", Path: "/setup/domain", Handler: s.setup.Domain, Query: domain},
		{Methods: "POST", Path: "/setup/profile.mobileconfig", Handler: s.setup.Profile, Query: domain, Limit: web.SetUp},
		{Methods: "POST", Path: "/setup/file/:format", Handler: s.setup.File, Query: domain, Limit: web.SetUp},
		{Methods: "GET", Path: "/p/:token", Handler: s.setup.Token, Query: domain},

		// For other pages of the provider
		get("/widget.js", help.WidgetScript),
		get("/widget", help.Widget),

		// Files
		get("/static/:name", web.Static),
		get("/files/*", web.File),
		get("/theme.css", web.Theme),
	}
}

// noticeRoutes are for readers who want to be told of the status. Leaving is
// not limited: mail systems ask for many people from few addresses.
func (s *Server) noticeRoutes() []web.Route {
	return []web.Route{
		get("/status/subscribe", s.notices.Form),
		{Methods: "POST", Path: "/status/subscribe", Handler: s.notices.Ask, Limit: web.Notices},
		get("/status/subscribe/:token", s.notices.Subscription),
		{Methods: "POST", Path: "/status/subscribe/:token", Handler: s.notices.Change, Limit: web.Notices},
		get("/status/unsubscribe/:token", s.notices.LeavePage),
		{Methods: "POST", Path: "/status/unsubscribe/:token", Handler: s.notices.Leave},
	}
}

// discoveryRoutes are what mail programs ask for, without limits.
func (s *Server) discoveryRoutes() []web.Route {
	list := []web.Route{
		get("/mail/config-v1.1.xml", s.setup.Autoconfig),
		get("/.well-known/autoconfig/mail/config-v1.1.xml", s.setup.Autoconfig),
		get("/.well-known/user-agent-configuration.json", s.setup.PACC),
		{Methods: "GET", Path: "/autodiscover/autodiscover.xml", Handler: s.setup.AutodiscoverGet, Case: web.AnyCase},
		{Methods: "POST", Path: "/autodiscover/autodiscover.xml", Handler: s.setup.Autodiscover, Case: web.AnyCase},
		{Methods: "GET", Path: "/autodiscover/autodiscover.json", Handler: s.setup.AutodiscoverJSON, Case: web.AnyCase},
		{Methods: "GET", Path: "/autodiscover/autodiscover.json/v1.0", Handler: s.setup.AutodiscoverJSON, Case: web.AnyCase},
		{Methods: "GET", Path: "/autodiscover/autodiscover.json/v1.0/:address", Handler: s.setup.AutodiscoverJSON, Case: web.AnyCase},
		{Path: "/autodiscover/*", Case: web.AnyCase},
	}
	for i := range list {
		list[i].Host = web.Discovery
	}
	return list
}

// machineRoutes are for search engines, assistants and those who watch the server.
func (s *Server) machineRoutes() []web.Route {
	return []web.Route{
		get("/sitemap.xml", help.Sitemap),
		get("/robots.txt", help.Robots),
		get("/opensearch.xml", help.OpenSearch),
		get("/llms.txt", help.LLMs),
		{Methods: "GET POST DELETE", Path: "/mcp", Handler: mcp.Handler(s.app, "1"), Limit: web.Assistants, Refusal: web.AsProblem},
		{Methods: "GET", Path: "/healthz", Handler: health, Host: web.AnyHost},
		{Methods: "GET", Path: "/readyz", Handler: s.ready, Host: web.AnyHost},
	}
}

// readerRoutes are what readers give back to agents, and the way in for these.
func (s *Server) readerRoutes() []web.Route {
	return []web.Route{
		get("/r/:token", s.help.ReplyLink),
		get("/r/:token/:slug", s.help.ReplyLink),
		{Methods: "POST", Path: "/help/:slug/vote", Handler: s.help.Vote, Limit: web.Votes},
		{Methods: "POST", Path: "/search/click", Handler: s.help.Click, Limit: web.Clicks},

		get("/agent/signin", s.agent.SignInPage),
		{Methods: "POST", Path: "/agent/signin", Handler: s.agent.SignIn}, // has limits of its own
		// Both ask the OpenID provider.
		{Methods: "GET", Path: "/agent/openid", Handler: s.agent.OpenIDBegin, Limit: web.OpenID},
		{Methods: "GET", Path: "/agent/openid/back", Handler: s.agent.OpenIDBack, Limit: web.OpenID},
	}
}

// agentRoutes are for signed-in agents.
func (s *Server) agentRoutes() []web.Route {
	list := []web.Route{
		get("/agent", s.agent.Desk),
		{Methods: "POST", Path: "/agent", Handler: s.agent.DeskAnswer, Body: web.BodyTicketForm}, // reads its form in turn
		get("/agent/a/:id", s.agent.Editor),
		get("/agent/search", s.agent.Find),
		get("/agent/status", s.statusEdit.Start),
		get("/agent/report", s.agent.Report),
		get("/agent/report.csv", s.agent.ReportCSV),
		get("/agent/problems", agent.Problems),

		{Methods: "POST", Path: "/agent/reply", Handler: s.agent.Reply, Form: "/agent"},
		{Methods: "POST", Path: "/agent/a/:id", Handler: s.agent.Editor, Form: web.Itself},
		{Methods: "POST", Path: "/agent/sent", Handler: s.agent.Sent, Form: "/agent"},
		{Methods: "POST", Path: "/agent/status", Handler: s.statusEdit.Publish, Form: web.Itself, Again: statusedit.Again, Body: web.BodyPostForm},
		{Methods: "POST", Path: "/agent/gaps", Handler: s.agent.CloseGaps, Form: "/agent/report"},
		{Methods: "POST", Path: "/agent/signout", Handler: agent.SignOut, Form: "/agent"},
	}
	for i := range list {
		list[i].Access = web.Agents
	}
	return list
}
