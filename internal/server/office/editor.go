package office

import (
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/desk"
	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/view"
)

const shortPiece = "short" // the part of an article that is its summary, steps and settings

// Editor shows an article as one customer gets it, in three formats. The
// customer's address comes by POST only.
func (rm *Room) Editor(r *exchange.Request) error {
	a, _ := r.Snap.Desk.Find(r.Param("id"))
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
	}
	if !r.Knows(o.Lang) {
		o.Lang = r.Lang
	}
	c := o.customer(r)
	token, piece, err := rm.editorPiece(r.Edition, a, c, part)
	if err != nil {
		return err
	}
	p := rm.editorPage(r, a, c, o)
	p.Link, p.Text, p.Markdown, p.HTML, p.Token = piece.URL, piece.Text, piece.Markdown, piece.HTML, token
	p.Preview = template.HTML(piece.HTML) // made by desk and markdown, which escape
	p.Sections = []view.Choice{
		{Value: shortPiece, Name: r.Words().T("editor.short"), Selected: part == shortPiece},
		{Value: "whole", Name: r.Words().T("editor.whole"), Selected: part != shortPiece},
	}
	if r.FormValue("sent") != "" {
		rm.noteSent(r, a, c, o, r.FormValue("token"))
		p.Noted = true
	}
	return r.Fresh(http.StatusOK, p)
}

func (rm *Room) editorPage(r *exchange.Request, a *article.Article, c desk.Customer, o replyOrder) *view.AgentArticle {
	l := r.Words()
	title, _, _ := site.Head(r.Snap.DeskReader(a.In(c.Lang).Head.Lang, nil), a)
	p := &view.AgentArticle{
		Chrome: r.AgentChrome(), Agent: r.AgentBar("desk"), ID: a.ID, Heading: title, Address: o.Address, Ticket: o.Ticket,
		Langs: langChoices(r.Edition, c.Lang, false), Platforms: platformChoices(r.Edition, c.Platform), Owner: a.ReviewedBy, Internal: !r.Snap.Help.Has(a),
		Overdue: !a.Review.IsZero() && !r.Now.Before(a.Review), Review: view.On(l, a.Review), Updated: view.On(l, r.Snap.Library.Dates(a).Updated),
	}
	p.Title = title
	if a.Rev > 0 {
		p.Revision = strconv.Itoa(a.Rev)
	}
	if !p.Internal {
		p.Public = r.RootIn(c.Lang) + "/help/" + a.Slug
		if c.Platform != "" {
			p.Public += "?p=" + c.Platform
		}
	}
	p.Sent, p.Opened, p.Helped = rm.record(r, a.ID)
	return p
}

// editorPiece writes the part of an article that goes into a reply. token is
// the one of its link while openings are counted.
func (rm *Room) editorPiece(e edition.Edition, a *article.Article, c desk.Customer, part string) (token string, p desk.Piece, err error) {
	url := plainLink(e, a, c)
	if rm.tracking && e.Snap.Help.Has(a) {
		if token, _, err = rm.mint(e, a, c); err != nil {
			return "", p, err
		}
		url = e.Base() + "/r/" + token + "/" + a.Slug
	}
	if part == shortPiece {
		p, err = desk.Article(e.Snap, e.Texts(), a, c, e.Base(), url)
		return token, p, err
	}
	return token, wholePiece(e, a, c, url), nil
}

// wholePiece is the whole article for one customer.
func wholePiece(e edition.Edition, a *article.Article, c desk.Customer, url string) desk.Piece {
	shown := a.In(c.Lang)
	l := e.WordsIn(shown.Body.Lang)
	rd := e.Snap.DeskReader(shown.Body.Lang, desk.Words(l))
	rd.Root, rd.Address = e.RootIn(c.Lang), c.Address
	title, _, _ := site.Head(rd, a)
	p := desk.Piece{URL: url, Text: title + "\n", Markdown: "# " + title + "\n", HTML: "<h1>" + template.HTMLEscapeString(title) + "</h1>\n"}
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
func (rm *Room) Sent(r *exchange.Request) error {
	a, _ := r.Snap.Desk.Find(r.FormValue("article"))
	if a == nil {
		return exchange.ErrNotFound
	}
	o := replyOrder{Lang: r.FormValue("lang"), Platform: r.FormValue("platform"), Article: a.ID, Format: formatOf(r), Ticket: r.FormValue("text")}
	rm.noteSent(r, a, o.customer(r), o, r.FormValue("token"))
	return r.NoContent(http.StatusNoContent)
}

// noteSent counts a link that was made before, once, and learns from the ticket.
func (rm *Room) noteSent(r *exchange.Request, a *article.Article, c desk.Customer, o replyOrder, token string) {
	if err := rm.learn(r, a, c, o.Ticket); err != nil {
		r.Origin.Log.Warn("what a ticket teaches was not kept", "error", err)
	}
	l, err := rm.keys.ReadReply(token)
	if !rm.tracking || err != nil || l.Article != a.ID {
		return
	}
	err = rm.state.Events.Sent(state.Sent{Nonce: l.Nonce, Article: a.ID, Lang: l.Lang, Platform: l.Platform, Agent: r.Who.Agent, Format: o.Format}, r.Now)
	if err != nil {
		r.Origin.Log.Warn("a sent link was not counted", "error", err)
	}
}
