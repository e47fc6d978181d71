package agent

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/suggest"
	"signpost/internal/view"
)

// What of an article goes into a reply.
const (
	shortPiece    = "short" // the only section with steps, else the summary
	wholeArticle  = "whole"
	sectionPrefix = "#" // before the anchor of a section
)

// Editor shows an article as one customer gets it, in three formats. The
// customer's address comes by POST only.
func (h *Handlers) Editor(r *web.Request) error {
	a, _ := r.Page.Snap.Desk.Find(r.Param("id"))
	if a == nil {
		return r.Missing(r.Param("id"))
	}
	o := replyOrder{Lang: r.FormValue("lang"), Platform: r.FormValue("platform"), Article: a.ID, Format: "text"}
	part := r.FormValue("section")
	if r.Request().Method == http.MethodPost {
		o.Address, o.Ticket = r.FormValue("address"), firstBytes(r.FormValue("text"), shownTicket)
	} else if part == "" {
		part = shortPiece
	}
	if r.FormValue("from") == "desk" {
		part = shortPiece
		if anchor := r.FormValue("anchor"); anchor != "" {
			part = sectionPrefix + anchor
		}
	}
	if !r.Page.Knows(o.Lang) {
		o.Lang = r.Page.Lang
	}
	c := o.customer(r)
	token, piece, err := h.editorPiece(r.Page, a, c, part)
	if err != nil {
		return err
	}
	p := h.editorPage(r, a, c, o)
	p.Link, p.Text, p.Markdown, p.HTML, p.Token = piece.URL, piece.Text, piece.Markdown, piece.HTML, token
	p.Preview = template.HTML(piece.HTML) // made by desk and markdown, which escape
	p.Sections = sectionChoices(r.Page, a, c, part)
	if r.FormValue("sent") != "" {
		h.noteSent(r, a, c, o, r.FormValue("token"))
		p.Noted = true
	}
	return r.SendFresh(http.StatusOK, p)
}

func (h *Handlers) editorPage(r *web.Request, a *article.Article, c suggest.Customer, o replyOrder) *view.AgentArticle {
	l := r.Page.Words()
	title, _, _ := site.Head(r.Page.Snap.DeskReader(a.In(c.Lang).Head.Lang, nil), a)
	p := &view.AgentArticle{
		Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("desk"), ID: a.ID, Heading: title, Address: o.Address, Ticket: o.Ticket,
		Langs: langChoices(r.Page, c.Lang, false), Platforms: platformChoices(r.Page, c.Platform), Owner: a.ReviewedBy, Internal: !r.Page.Snap.Help.Has(a),
		Overdue: !a.Review.IsZero() && !r.Now.Before(a.Review), Review: view.On(l, a.Review), Updated: view.On(l, r.Page.Snap.Library.Dates(a).Updated),
	}
	p.Title = title
	if a.Rev > 0 {
		p.Revision = strconv.Itoa(a.Rev)
	}
	if !p.Internal {
		p.Public = r.Page.RootIn(c.Lang) + "/help/" + a.Slug
		if c.Platform != "" {
			p.Public += "?p=" + c.Platform
		}
	}
	p.Sent, p.Opened, p.Helped = h.record(r, a.ID)
	return p
}

// sectionChoices are what of an article can go into a reply: in short, a section,
// or all of it.
func sectionChoices(e page.Context, a *article.Article, c suggest.Customer, part string) []view.Choice {
	out := []view.Choice{{Value: shortPiece, Name: e.Words().T("editor.short"), Selected: part == shortPiece}}
	shown := a.In(c.Lang)
	if doc := e.Snap.Library.Doc(shown.Body); doc != nil {
		for _, h := range doc.Outline(e.Snap.DeskReader(shown.Body.Lang, nil)) {
			out = append(out, view.Choice{Value: sectionPrefix + h.Anchor, Name: h.Text, Selected: part == sectionPrefix+h.Anchor})
		}
		if anchor, ok := strings.CutPrefix(part, sectionPrefix); ok && !slices.ContainsFunc(out, func(v view.Choice) bool { return v.Selected }) && doc.HasAnchor(anchor) {
			out = append(out, view.Choice{Value: part, Name: anchor, Selected: true})
		}
	}
	return append(out, view.Choice{Value: wholeArticle, Name: e.Words().T("editor.whole"), Selected: part == wholeArticle || part == ""})
}

// editorPiece writes the part of an article that goes into a reply. token is
// the one of its link while openings are counted.
func (h *Handlers) editorPiece(e page.Context, a *article.Article, c suggest.Customer, part string) (token string, p suggest.Snippet, err error) {
	url := plainLink(e, a, c)
	if h.tracking && e.Snap.Help.Has(a) {
		if token, _, err = h.mint(e, a, c); err != nil {
			return "", p, err
		}
		url = e.Base() + "/r/" + token + "/" + a.Slug
	}
	anchor, section := strings.CutPrefix(part, sectionPrefix)
	switch {
	case section:
	case part == shortPiece:
		anchor = ""
	default:
		return token, wholePiece(e, a, c, url), nil
	}
	p, err = suggest.ArticleSnippet(e.Snap, e.Texts(), a, c, anchor, e.Base(), url)
	if errors.Is(err, suggest.ErrNoSection) { // of the article in another language
		p, err = suggest.ArticleSnippet(e.Snap, e.Texts(), a, c, "", e.Base(), url)
	}
	return token, p, err
}

// wholePiece is the whole article for one customer.
func wholePiece(e page.Context, a *article.Article, c suggest.Customer, url string) suggest.Snippet {
	shown := a.In(c.Lang)
	l := e.WordsIn(shown.Body.Lang)
	rd := e.Snap.DeskReader(shown.Body.Lang, content.WordsIn(l))
	rd.Root, rd.Address = e.RootIn(c.Lang), c.Address
	title, _, _ := site.Head(rd, a)
	p := suggest.Snippet{URL: url, Text: title + "\n", Markdown: "# " + title + "\n", HTML: "<h1>" + template.HTMLEscapeString(title) + "</h1>\n"}
	o := markdown.Options{
		Base: e.Base(), Self: rd.Root + "/help/" + a.Slug, Platform: c.Platform, NoAnchors: true, Width: 72, Texts: e.MarkdownTexts(shown.Body.Lang),
	}
	if doc := e.Snap.Library.Doc(shown.Body); doc != nil {
		p.Text += "\n" + strings.TrimSpace(doc.Text(rd, o)) + "\n"
		p.Markdown += "\n" + strings.TrimSpace(doc.Markdown(rd, o)) + "\n"
		p.HTML += string(doc.HTML(rd, o))
	}
	p.Text += "\n" + url + "\n"
	p.Markdown += "\n<" + url + ">\n"
	escaped := template.HTMLEscapeString(url)
	p.HTML += `<p><a href="` + escaped + `">` + escaped + "</a></p>\n"
	return p
}

// Sent takes note that what the editor shows was copied.
func (h *Handlers) Sent(r *web.Request) error {
	a, _ := r.Page.Snap.Desk.Find(r.FormValue("article"))
	if a == nil {
		return web.ErrNotFound
	}
	o := replyOrder{Lang: r.FormValue("lang"), Platform: r.FormValue("platform"), Article: a.ID, Format: formatOf(r), Ticket: r.FormValue("text")}
	h.noteSent(r, a, o.customer(r), o, r.FormValue("token"))
	return r.NoContent()
}

// noteSent counts a link that was made before, once, and learns from the ticket.
func (h *Handlers) noteSent(r *web.Request, a *article.Article, c suggest.Customer, o replyOrder, token string) {
	if err := h.learn(r, a, c, o.Ticket); err != nil {
		r.App.Log.Warn("what a ticket teaches was not kept", "error", err)
	}
	l, err := h.keys.ReadReply(token)
	if !h.tracking || err != nil || l.Article != a.ID {
		return
	}
	err = h.state.Events.Sent(state.Sent{Nonce: l.Nonce, Article: a.ID, Lang: l.Lang, Platform: l.Platform, Agent: r.Who.Agent, Format: o.Format}, r.Now)
	if err != nil {
		r.App.Log.Warn("a sent link was not counted", "error", err)
	}
}
