// Package mcp lets assistants read the site: the Model Context Protocol
// (https://modelcontextprotocol.io) over streamable HTTP, without sessions.
//
// [Handler] answers /mcp. Its tools are search_articles, get_article, suggest,
// current_status and get_mail_settings.
//
// Guarantees: every tool only reads, and only what customers may see; each call
// is answered from one snapshot; what a caller sends is neither kept nor logged.
// Hosts, rates and sizes are decided before.
package mcp

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/mail/format"
	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
)

// Limits of the tools.
const (
	maxQuery   = 300 // bytes of a search
	maxResults = 20
)

// Handler answers MCP for a site; version is the program's. Host is checked at
// the middleware; a page of another site may not ask in its visitor's name.
func Handler(app *web.App, version string) web.Handler {
	server := mcp.NewServer(&mcp.Implementation{Name: "signpost", Title: "Help desk of an e-mail provider", Version: version}, &mcp.ServerOptions{
		Instructions: "Help articles, current status and mail settings of an e-mail provider. Look at current_status first when something does not work.",
		Capabilities: &mcp.ServerCapabilities{},
	})
	t := tools{app}
	add(app, server, "search_articles", "Search the help articles and open incidents.", t.search)
	add(app, server, "get_article", "Read a help article as Markdown, by id or slug.", t.article)
	add(app, server, "suggest", "Find the articles and open incidents that fit a customer's message. The message is not kept; leave names and addresses out.", t.suggest)
	add(app, server, "current_status", "What does not work now, and planned maintenance.", t.status)
	add(app, server, "get_mail_settings", "Servers, ports and encryption for mail programs. Needs no address.", t.settings)
	h := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, DisableLocalhostProtection: true, // the server has checked the host
	})
	return func(r *web.Request) error {
		if origin := r.Request().Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || !app.OwnHost(r.Page.Snap, web.HostName(u.Host)) {
				return &web.Error{Status: http.StatusForbidden, Detail: "Pages of other sites may not use this."}
			}
		}
		r.NoStore()
		h.ServeHTTP(r.Response(), r.Request())
		return nil
	}
}

// add registers a tool that only reads.
func add[In, Out any](app *web.App, server *mcp.Server, name, text string, do func(In) (Out, error)) {
	no := false
	tool := &mcp.Tool{Name: name, Description: text, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &no}}
	mcp.AddTool(server, tool, func(_ context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, Out, error) {
		out, err := sheltered(app, name, in, do)
		return nil, out, err
	})
}

// sheltered keeps a tool that panics from ending the whole program: the library
// calls tools in goroutines of its own, out of reach of the middleware.
func sheltered[In, Out any](app *web.App, name string, in In, do func(In) (Out, error)) (out Out, err error) {
	defer func() {
		if p := recover(); p != nil {
			app.Log.Error("a tool failed", "tool", name, "panic", p, "stack", string(debug.Stack()))
			err = errors.New("the server could not do this; it is not your fault")
		}
	}()
	return do(in)
}

type tools struct{ app *web.App }

// in is the site as it is now, in a language if it has it.
func (t tools) in(lang string) page.Context {
	s := t.app.Live.Snapshot()
	if !slices.Contains(s.Languages(), lang) {
		lang = s.DefaultLanguage()
	}
	return t.app.Page(s, lang)
}

type searchInput struct {
	Query string `json:"query" jsonschema:"a few words, in any of the site's languages"`
	Lang  string `json:"lang,omitempty" jsonschema:"preferred language, such as en or de"`
	Limit int    `json:"limit,omitempty" jsonschema:"how many results, at most 20; 10 when missing"`
}

type searchOutput struct {
	Results []result `json:"results"`
}

type result struct {
	Kind    string `json:"kind"` // article or incident
	ID      string `json:"id"`
	Title   string `json:"title"`
	Section string `json:"section,omitempty"`
	URL     string `json:"url"`
	Snippet string `json:"snippet"`
}

func (t tools) search(in searchInput) (searchOutput, error) {
	out := searchOutput{Results: []result{}}
	if len(in.Query) > maxQuery {
		return out, errors.New("the query is too long: a few words are enough")
	}
	e := t.in(in.Lang)
	limit := min(max(in.Limit, 0), maxResults)
	for _, hit := range e.Snap.Index.Search(search.Query{Text: in.Query, Lang: e.Lang, Limit: limit}).Hits {
		r := result{Kind: hit.Doc.Kind, Title: hit.Doc.Title, Section: hit.Section, Snippet: plain(hit.Snippet)}
		if a := e.Snap.ArticleOf(hit.Doc); a != nil {
			r.ID, r.URL = strconv.Itoa(a.ID), e.Absolute(e.Root()+"/help/"+a.Slug)
		} else if p, ok := e.Snap.PostOf(hit.Doc); ok {
			r.ID, r.Title, r.URL = p.ID, e.PostTitle(p.Post), e.Absolute(e.Root()+"/status/"+p.ID)
		} else {
			continue
		}
		if hit.Anchor != "" {
			r.URL += "#" + hit.Anchor
		}
		out.Results = append(out.Results, r)
	}
	return out, nil
}

// plain is a snippet as text.
func plain(snippet string) string {
	return html.UnescapeString(strings.NewReplacer("<mark>", "", "</mark>", "").Replace(snippet))
}

type articleInput struct {
	ID   any    `json:"id" jsonschema:"id (number or text) or slug of the article, as search_articles and suggest return it"`
	Lang string `json:"lang,omitempty" jsonschema:"language, such as en or de"`
}

type articleOutput struct {
	ID       int    `json:"id"`
	Lang     string `json:"lang"`
	URL      string `json:"url"` // permanent
	Updated  string `json:"updated,omitempty"`
	Markdown string `json:"markdown"`
}

func (t tools) article(in articleInput) (articleOutput, error) {
	e := t.in(in.Lang)
	var name string
	switch id := in.ID.(type) {
	case string:
		name = id
	case float64: // a JSON number
		name = strconv.FormatFloat(id, 'f', -1, 64)
	}
	a, _ := e.Snap.Help.Find(name)
	if a == nil {
		return articleOutput{}, errors.New("there is no article with this id; search_articles finds articles")
	}
	dates := e.Snap.Library.Dates(a)
	if dates.Updated.IsZero() {
		dates.Updated = dates.Published
	}
	out := articleOutput{ID: a.ID, Lang: a.In(e.Lang).Body.Lang, URL: e.Absolute("/a/" + strconv.Itoa(a.ID)), Markdown: string(e.ArticleMarkdown(a))}
	if !dates.Updated.IsZero() {
		out.Updated = dates.Updated.Format(time.DateOnly)
	}
	return out, nil
}

type suggestInput struct {
	Subject  string `json:"subject,omitempty"`
	Text     string `json:"text" jsonschema:"what the customer wrote"`
	Lang     string `json:"lang,omitempty" jsonschema:"language of the articles; default: the message's"`
	Platform string `json:"platform,omitempty" jsonschema:"macos, ios, windows, android, linux or web"`
}

func (t tools) suggest(in suggestInput) (suggest.Suggestions, error) {
	read, err := ticket.FromText(in.Subject, in.Text, "", "")
	if err != nil {
		return suggest.Suggestions{}, err
	}
	e := t.in("")
	out := suggest.For(e.Snap, read, suggest.Options{Lang: in.Lang, Platform: in.Platform, Public: true})
	out.Articles = slices.DeleteFunc(out.Articles, func(a suggest.ArticleResult) bool { return a.Fit != suggest.Strong })
	for i := range out.Articles {
		out.Articles[i].URL, out.Articles[i].Snippet = e.Absolute(out.Articles[i].URL), plain(out.Articles[i].Snippet)
	}
	for i := range out.Incidents {
		out.Incidents[i].URL, out.Incidents[i].Snippet = e.Absolute(out.Incidents[i].URL), plain(out.Incidents[i].Snippet)
	}
	return out, nil
}

type statusInput struct {
	Lang string `json:"lang,omitempty" jsonschema:"language, such as en or de"`
}

type statusOutput struct {
	Sentence   string      `json:"sentence"`
	Components []component `json:"components"`
	Open       []post      `json:"open"`     // incidents, maintenance in progress, notices
	Upcoming   []post      `json:"upcoming"` // planned maintenance
	URL        string      `json:"url"`
	At         string      `json:"at"` // RFC 3339
}

type component struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Condition string `json:"condition"` // operational, under_maintenance, degraded_performance, partial_outage or major_outage
}

type post struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	State  string `json:"state"`
	Impact string `json:"impact"`
	Title  string `json:"title"`
	URL    string `json:"url"`
	Latest string `json:"latest,omitempty"` // text of the latest update
	Starts string `json:"starts,omitempty"` // RFC 3339 or a day
	Ends   string `json:"ends,omitempty"`
}

func (t tools) status(in statusInput) (statusOutput, error) {
	e := t.in(in.Lang)
	s := e.Snap.Board
	out := statusOutput{
		Sentence: sentence(e), Components: []component{}, Open: []post{}, Upcoming: []post{},
		URL: e.Absolute(e.Root() + "/status"), At: e.Snap.At.Format(time.RFC3339),
	}
	for _, c := range s.Components {
		out.Components = append(out.Components, component{c.ID, e.Text(c.Name), c.Condition.String()})
	}
	for _, p := range s.Posts {
		switch p.Phase {
		case status.Open:
			out.Open = append(out.Open, postOf(e, p))
		case status.Upcoming:
			out.Upcoming = append(out.Upcoming, postOf(e, p))
		}
	}
	return out, nil
}

// sentence says how everything is, mail included.
func sentence(e page.Context) string {
	_, text, mail := e.Overall()
	if mail != "" {
		text += " " + mail
	}
	return text
}

func postOf(e page.Context, p status.PostState) post {
	out := post{
		ID: p.ID, Kind: string(p.Kind), State: string(p.State), Impact: p.Impact.String(), Title: e.PostTitle(p.Post),
		URL: e.Absolute(e.Root() + "/status/" + p.ID), Starts: p.Began.RFC3339(), Ends: p.Ended.RFC3339(),
	}
	if p.Kind == status.Maintenance {
		out.Starts, out.Ends = p.Planned.Start.RFC3339(), p.Planned.End.RFC3339()
	}
	if n := len(p.Updates); n > 0 {
		body := p.Updates[n-1].In(e.Lang)
		doc, _ := e.Snap.Library.PostDoc(p.Post, body)
		out.Latest = strings.TrimSpace(doc.Text(e.Snap.Reader(p.BodyLang(body), nil), markdown.Options{Base: e.Base(), Self: "/status/" + p.ID}))
	}
	return out
}

type settingsInput struct {
	Domain   string `json:"domain,omitempty" jsonschema:"domain of the mail address, when the provider has several"`
	Protocol string `json:"protocol,omitempty" jsonschema:"imap or pop3; default: both"`
	Lang     string `json:"lang,omitempty" jsonschema:"language of names, such as en or de"`
}

func (t tools) settings(in settingsInput) (format.Settings, error) {
	e := t.in(in.Lang)
	p := e.Snap.Library.Provider()
	if in.Domain != "" {
		p = e.Snap.Library.ProviderFor(strings.ToLower(strings.TrimSpace(in.Domain)))
	}
	switch {
	case p == nil && in.Domain == "":
		return format.Settings{}, errors.New("this site describes no mail servers")
	case p == nil:
		return format.Settings{}, errors.New("this domain is none of the provider's own; leave it out for the provider's settings")
	case in.Protocol != "" && in.Protocol != "imap" && in.Protocol != "pop3":
		return format.Settings{}, errors.New("protocol is imap or pop3")
	}
	out := format.Describe(format.Request{Provider: p, Lang: e.Lang}, in.Protocol)
	for i := range out.Clients {
		if a, _ := e.Snap.Help.Find(out.Clients[i].Article); a != nil {
			out.Clients[i].Article = e.Absolute(e.Root() + "/help/" + a.Slug)
		} else {
			out.Clients[i].Article = ""
		}
	}
	return out, nil
}
