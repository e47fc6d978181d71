// Package mcp lets assistants read the site: the Model Context Protocol
// (https://modelcontextprotocol.io) over streamable HTTP, without sessions.
//
// [Handler] answers /mcp. Its tools are search_articles, get_article, suggest,
// current_status and get_mail_settings.
//
// Guarantees: every tool only reads, and only what customers may see; each call
// is answered from one snapshot; what a caller sends is neither kept nor logged.
// Who may connect at all (hosts, origins, rates, sizes) is decided before.
package mcp

import (
	"context"
	"errors"
	"html"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/desk"
	"signpost/internal/mail/format"
	"signpost/internal/search"
	"signpost/internal/site"
	"signpost/internal/ticket"
)

// A Site is what the tools read.
type Site interface {
	Snapshot() *site.Snapshot
	// BaseURL is the site's address, without a slash at the end.
	BaseURL(*site.Snapshot) string
	// Markdown is an article as it is served with .md after its name.
	Markdown(s *site.Snapshot, a *article.Article, lang string) string
	// Sentence says how everything is now.
	Sentence(s *site.Snapshot, lang string) string
	// Title is the title of a post.
	Title(s *site.Snapshot, p status.PostState, lang string) string
}

// Limits of the tools.
const (
	maxQuery   = 300 // bytes of a search
	maxResults = 20
)

// Handler answers MCP for a site; version is the program's.
func Handler(s Site, version string) http.Handler {
	server := mcp.NewServer(&mcp.Implementation{Name: "signpost", Title: "Help desk of an e-mail provider", Version: version}, &mcp.ServerOptions{
		Instructions: "Help articles, current status and mail settings of an e-mail provider. Look at current_status first when something does not work.",
		Capabilities: &mcp.ServerCapabilities{},
	})
	t := tools{s}
	add(server, "search_articles", "Search the help articles and open incidents.", t.search)
	add(server, "get_article", "Read a help article as Markdown, by id or slug.", t.article)
	add(server, "suggest", "Find the articles and open incidents that fit a customer's message. The message is not kept; leave names and addresses out.", t.suggest)
	add(server, "current_status", "What does not work now, and planned maintenance.", t.status)
	add(server, "get_mail_settings", "Servers, ports and encryption for mail programs. Needs no address.", t.settings)
	h := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, DisableLocalhostProtection: true, // the server has checked the host
	})
	return h
}

// add registers a tool that only reads.
func add[In, Out any](server *mcp.Server, name, text string, do func(In) (Out, error)) {
	no := false
	tool := &mcp.Tool{Name: name, Description: text, Annotations: &mcp.ToolAnnotations{ReadOnlyHint: true, IdempotentHint: true, DestructiveHint: &no, OpenWorldHint: &no}}
	mcp.AddTool(server, tool, func(_ context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, Out, error) {
		out, err := do(in)
		return nil, out, err
	})
}

type tools struct{ site Site }

// A view is one snapshot in one language.
type view struct {
	Site
	snap       *site.Snapshot
	base, lang string
}

func (t tools) in(lang string) view {
	s := t.site.Snapshot()
	if !slices.Contains(s.Languages(), lang) {
		lang = s.DefaultLanguage()
	}
	return view{t.site, s, t.site.BaseURL(s), lang}
}

func (v view) root() string {
	if v.lang == v.snap.DefaultLanguage() {
		return v.base
	}
	return v.base + "/" + v.lang
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
	v := t.in(in.Lang)
	limit := min(max(in.Limit, 0), maxResults)
	for _, hit := range v.snap.Index.Search(search.Query{Text: in.Query, Lang: v.lang, Limit: limit}).Hits {
		r := result{Kind: hit.Doc.Kind, Title: hit.Doc.Title, Section: hit.Section, Snippet: plain(hit.Snippet)}
		if a := v.snap.ArticleOf(hit.Doc); a != nil {
			r.ID, r.URL = strconv.Itoa(a.ID), v.root()+"/help/"+a.Slug
		} else if p, ok := v.snap.PostOf(hit.Doc); ok {
			r.ID, r.Title, r.URL = p.ID, v.Title(v.snap, p, v.lang), v.root()+"/status/"+p.ID
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
	ID   string `json:"id" jsonschema:"id or slug of the article, as search_articles returns it"`
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
	v := t.in(in.Lang)
	a, _ := v.snap.Help.Find(in.ID)
	if a == nil {
		return articleOutput{}, errors.New("there is no article with this id; search_articles finds articles")
	}
	dates := v.snap.Library.Dates(a)
	if dates.Updated.IsZero() {
		dates.Updated = dates.Published
	}
	out := articleOutput{ID: a.ID, Lang: a.In(v.lang).Body.Lang, URL: v.base + "/a/" + strconv.Itoa(a.ID), Markdown: v.Markdown(v.snap, a, v.lang)}
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

func (t tools) suggest(in suggestInput) (desk.Suggestions, error) {
	read, err := ticket.FromText(in.Subject, in.Text, "", "")
	if err != nil {
		return desk.Suggestions{}, err
	}
	v := t.in("")
	out := desk.Suggest(v.snap, read, desk.Options{Lang: in.Lang, Platform: in.Platform, Public: true})
	for i := range out.Articles {
		out.Articles[i].URL, out.Articles[i].Snippet = v.base+out.Articles[i].URL, plain(out.Articles[i].Snippet)
	}
	for i := range out.Incidents {
		out.Incidents[i].URL, out.Incidents[i].Snippet = v.base+out.Incidents[i].URL, plain(out.Incidents[i].Snippet)
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
	v := t.in(in.Lang)
	s := v.snap.Situation
	out := statusOutput{
		Sentence: v.Sentence(v.snap, v.lang), Components: []component{}, Open: []post{}, Upcoming: []post{},
		URL: v.root() + "/status", At: v.snap.At.Format(time.RFC3339),
	}
	for _, c := range s.Components {
		name := c.Name[v.lang]
		if name == "" {
			name = c.Name[v.snap.DefaultLanguage()]
		}
		out.Components = append(out.Components, component{c.ID, name, c.Condition.String()})
	}
	for _, p := range s.Posts {
		switch p.Phase {
		case status.Open:
			out.Open = append(out.Open, v.post(p))
		case status.Upcoming:
			out.Upcoming = append(out.Upcoming, v.post(p))
		}
	}
	return out, nil
}

func (v view) post(p status.PostState) post {
	out := post{
		ID: p.ID, Kind: string(p.Kind), State: string(p.State), Impact: p.Impact.String(), Title: v.Title(v.snap, p, v.lang),
		URL: v.root() + "/status/" + p.ID, Starts: moment(p.Began), Ends: moment(p.Ended),
	}
	if p.Kind == status.Maintenance {
		out.Starts, out.Ends = moment(p.Planned.Start), moment(p.Planned.End)
	}
	if n := len(p.Updates); n > 0 {
		doc, _ := v.snap.Library.PostDoc(p.Post, p.Updates[n-1].Body)
		out.Latest = strings.TrimSpace(doc.Text(v.snap.Reader(p.Lang, nil), markdown.Options{Base: v.base, Self: "/status/" + p.ID}))
	}
	return out
}

func moment(m status.Moment) string {
	switch {
	case m.IsZero():
		return ""
	case m.Day:
		return m.Time.Format(time.DateOnly)
	}
	return m.Time.Format(time.RFC3339)
}

type settingsInput struct {
	Domain   string `json:"domain,omitempty" jsonschema:"domain of the mail address, when the provider has several"`
	Protocol string `json:"protocol,omitempty" jsonschema:"imap or pop3; default: both"`
	Lang     string `json:"lang,omitempty" jsonschema:"language of names, such as en or de"`
}

func (t tools) settings(in settingsInput) (format.Settings, error) {
	v := t.in(in.Lang)
	p := v.snap.Library.Provider()
	if in.Domain != "" {
		p = v.snap.Library.ProviderFor(strings.ToLower(strings.TrimSpace(in.Domain)))
	}
	switch {
	case p == nil && in.Domain == "":
		return format.Settings{}, errors.New("this site describes no mail servers")
	case p == nil:
		return format.Settings{}, errors.New("this domain is none of the provider's own; leave it out for the provider's settings")
	case in.Protocol != "" && in.Protocol != "imap" && in.Protocol != "pop3":
		return format.Settings{}, errors.New("protocol is imap or pop3")
	}
	out := format.Describe(format.Request{Provider: p, Lang: v.lang}, in.Protocol)
	for i := range out.Clients {
		if a, _ := v.snap.Help.Find(out.Clients[i].Article); a != nil {
			out.Clients[i].Article = v.root() + "/help/" + a.Slug
		} else {
			out.Clients[i].Article = ""
		}
	}
	return out, nil
}
