package server

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/desk"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/view"
)

const shortPiece = "short" // the part of an article that is its summary, steps and settings

// replyEditor shows an article as one customer gets it, in three formats. The
// customer's address comes by POST only.
func (r *request) replyEditor() error {
	a, _ := r.snap.Desk.Find(r.Param("id"))
	if a == nil {
		return r.goneOr404(r.Param("id"))
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
	}
	if !r.knows(o.Lang) {
		o.Lang = r.lang
	}
	c := o.customer(r)
	token, piece, err := r.editorPiece(a, c, part)
	if err != nil {
		return err
	}
	p := r.editorPage(a, c, o)
	p.Link, p.Text, p.Markdown, p.HTML, p.Token = piece.URL, piece.Text, piece.Markdown, piece.HTML, token
	p.Preview = template.HTML(piece.HTML) // made by desk and markdown, which escape
	p.Sections = []view.Choice{
		{Value: shortPiece, Name: r.words().T("editor.short"), Selected: part == shortPiece},
		{Value: "whole", Name: r.words().T("editor.whole"), Selected: part != shortPiece},
	}
	if r.FormValue("sent") != "" {
		r.noteSent(a, c, o, r.FormValue("token"))
		p.Noted = true
	}
	return r.fresh(http.StatusOK, p)
}

func (r *request) editorPage(a *article.Article, c desk.Customer, o replyOrder) *view.AgentArticle {
	l := r.words()
	title, _, _ := site.Head(r.snap.DeskReader(a.In(c.Lang).Head.Lang, nil), a)
	p := &view.AgentArticle{
		Chrome: r.agentChrome(""), Agent: r.agentBar("desk"), ID: a.ID, Heading: title, Address: o.Address, Ticket: o.Ticket,
		Langs: r.langChoices(c.Lang, false), Platforms: r.platformChoices(c.Platform), Owner: a.ReviewedBy, Internal: !r.snap.Help.Has(a),
		Overdue: !a.Review.IsZero() && !r.now.Before(a.Review), Review: view.On(l, a.Review), Updated: view.On(l, r.snap.Library.Dates(a).Updated),
	}
	p.Title = title
	if a.Rev > 0 {
		p.Revision = strconv.Itoa(a.Rev)
	}
	if !p.Internal {
		p.Public = rootOf(r.snap, c.Lang) + "/help/" + a.Slug
		if c.Platform != "" {
			p.Public += "?p=" + c.Platform
		}
	}
	p.Sent, p.Opened, p.Helped = r.record(a.ID)
	return p
}

// editorPiece writes the part of an article that goes into a reply. token is
// the one of its link while openings are counted.
func (r *request) editorPiece(a *article.Article, c desk.Customer, part string) (token string, p desk.Piece, err error) {
	url := r.plainLink(a, c)
	if r.s.tracking && r.snap.Help.Has(a) {
		if token, _, err = r.mint(a, c); err != nil {
			return "", p, err
		}
		url = r.s.baseURL(r.snap) + "/r/" + token + "/" + a.Slug
	}
	if part == shortPiece {
		p, err = desk.Article(r.snap, r.s.texts, a, c, r.s.baseURL(r.snap), url)
		return token, p, err
	}
	return token, r.wholePiece(a, c, url), nil
}

// wholePiece is the whole article for one customer.
func (r *request) wholePiece(a *article.Article, c desk.Customer, url string) desk.Piece {
	shown := a.In(c.Lang)
	l := r.s.texts.For(shown.Body.Lang)
	rd := r.snap.DeskReader(shown.Body.Lang, desk.Words(l))
	rd.Root, rd.Address = rootOf(r.snap, c.Lang), c.Address
	title, _, _ := site.Head(rd, a)
	p := desk.Piece{URL: url, Text: title + "\n", Markdown: "# " + title + "\n", HTML: "<h1>" + template.HTMLEscapeString(title) + "</h1>\n"}
	o := markdown.Options{
		Base: r.s.baseURL(r.snap), Self: rd.Root + "/help/" + a.Slug, Platform: c.Platform, NoAnchors: true, Width: 72, Texts: markdownTexts(l),
	}
	if doc := r.snap.Library.Doc(shown.Body); doc != nil {
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

// agentSent takes note that what the editor shows was copied.
func (r *request) agentSent() error {
	a, _ := r.snap.Desk.Find(r.FormValue("article"))
	if a == nil {
		return errNotFound
	}
	o := replyOrder{Lang: r.FormValue("lang"), Platform: r.FormValue("platform"), Article: a.ID, Format: r.FormValue("format"), Ticket: r.FormValue("text")}
	r.noteSent(a, o.customer(r), o, r.FormValue("token"))
	return r.NoContent(http.StatusNoContent)
}

// noteSent counts a link that was made before, once, and learns from the ticket.
func (r *request) noteSent(a *article.Article, c desk.Customer, o replyOrder, token string) {
	if err := r.learn(a, c, o.Ticket); err != nil {
		r.s.log.Warn("what a ticket teaches was not kept", "error", err)
	}
	l, err := r.s.keys.ReadReply(token)
	if !r.s.tracking || err != nil || l.Article != a.ID {
		return
	}
	err = r.s.state.Sent(state.Sent{Nonce: l.Nonce, Article: a.ID, Lang: l.Lang, Platform: l.Platform, Agent: r.who.Agent, Format: o.Format}, r.now)
	if err != nil {
		r.s.log.Warn("a sent link was not counted", "error", err)
	}
}
