package agent

import (
	"errors"
	"html/template"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/mail/address"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
	"signpost/internal/view"
)

// The desk answers tickets. A ticket is read for one answer: neither its text
// nor an address in it is kept or logged.

const (
	ticketsAtOnce = 4                // that are being read, each of up to a megabyte
	ticketWait    = 10 * time.Second // for one's turn
	shownTicket   = 16 << 10         // bytes of a ticket that a page repeats
)

// Desk is the empty desk.
func (h *Handlers) Desk(r *web.Request) error {
	return r.SendFresh(http.StatusOK, h.deskPage(r, deskForm{}))
}

// DeskAnswer answers a ticket, in its turn.
func (h *Handlers) DeskAnswer(r *web.Request) error {
	err := h.inTurn(r, func() error { return web.WithForm(h.answer)(r) })
	var he *web.Error
	if !errors.As(err, &he) && err != nil && web.AsError(err).Status == http.StatusRequestEntityTooLarge {
		p := h.deskPage(r, deskForm{})
		p.Error = r.Page.Words().T("desk.error.large")
		return r.SendFresh(http.StatusRequestEntityTooLarge, p)
	}
	return err
}

// A deskForm is what an agent sent. Empty choices are made from the ticket.
type deskForm struct {
	Text, Platform, Lang, Address string
	file                          bool
}

// deskInput reads the form. A choice that is still the one that was detected
// before is no choice.
func deskInput(r *web.Request) (deskForm, error) {
	chosen := func(name string) string {
		v := r.FormValue(name)
		if v == r.FormValue("was-"+name) {
			return ""
		}
		return v
	}
	f := deskForm{Text: r.FormValue("text"), Platform: chosen("platform"), Lang: chosen("lang"), Address: chosen("address")}
	file, header, err := r.Request().FormFile("file")
	if err == nil && header.Size > 0 {
		defer file.Close()
		f.file = true
		f.Text, err = readTicket(file)
		return f, err
	}
	return f, nil
}

func readTicket(file multipart.File) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(file, ticket.MaxBytes+1))
	return string(raw), err
}

func (h *Handlers) answer(r *web.Request) error {
	f, err := deskInput(r)
	if err != nil {
		return web.BadRequest("")
	}
	t, err := ticket.Parse([]byte(f.Text))
	if err != nil {
		key := ticketError(err)
		if key == "" {
			return err
		}
		if f.file {
			f.Text = ""
		}
		p := h.deskPage(r, f)
		p.Error = r.Page.Words().T(key)
		return r.SendFresh(http.StatusUnprocessableEntity, p)
	}
	if f.file || len(f.Text) > shownTicket {
		f.Text = firstBytes(strings.TrimSpace(t.Subject+"\n\n"+t.Text), shownTicket)
	}
	p := h.deskPage(r, f)
	if r.FormValue("gap") != "" {
		status, err := h.noteGap(r, t, p)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return r.SendFresh(status, p)
		}
	}
	h.answerTicket(r, p, t, f)
	return r.SendFresh(http.StatusOK, p)
}

// ticketError is the text that explains why a ticket cannot be read.
func ticketError(err error) string {
	for target, key := range map[error]string{
		ticket.ErrTooLarge: "desk.error.large", ticket.ErrTooDeep: "desk.error.deep",
		ticket.ErrTooManyParts: "desk.error.parts", ticket.ErrEmpty: "desk.error.empty",
	} {
		if errors.Is(err, target) {
			return key
		}
	}
	return ""
}

// firstBytes cuts a text at a rune.
func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// deskPage is the desk with a form and no answer.
func (h *Handlers) deskPage(r *web.Request, f deskForm) *view.AgentDesk {
	p := &view.AgentDesk{
		Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("desk"), Text: f.Text, Address: f.Address,
		Platforms: platformChoices(r.Page, f.Platform), Langs: langChoices(r.Page, f.Lang, true), Tracking: h.tracking,
	}
	p.Title = r.Page.Words().T("agent.desk")
	return p
}

func platformChoices(e page.Context, selected string) []view.Choice {
	l := e.Words()
	list := []view.Choice{{Name: l.T("desk.any"), Selected: selected == ""}}
	for _, name := range markdown.Platforms() {
		list = append(list, view.Choice{Value: name, Name: l.T("platform." + name), Selected: name == selected})
	}
	return list
}

func langChoices(e page.Context, selected string, auto bool) []view.Choice {
	var list []view.Choice
	if auto {
		list = append(list, view.Choice{Name: e.Words().T("desk.auto"), Selected: selected == ""})
	}
	for _, lang := range e.Snap.Languages() {
		list = append(list, view.Choice{Value: lang, Name: e.WordsIn(lang).Name, Selected: lang == selected})
	}
	return list
}

// answerTicket fills in what fits the ticket.
func (h *Handlers) answerTicket(r *web.Request, p *view.AgentDesk, t ticket.Ticket, f deskForm) {
	s := suggest.For(r.Page.Snap, t, suggest.Options{Lang: f.Lang, Platform: f.Platform})
	d := s.Detected
	p.Asked = true
	p.Detected = detected(r.Page, t, d)
	if f.Platform == "" {
		p.Platforms, p.WasPlatform = platformChoices(r.Page, d.Platform), d.Platform
	}
	if f.Lang == "" {
		p.Langs, p.WasLang = langChoices(r.Page, d.Lang, true), d.Lang
	}
	if f.Address == "" && t.Address != "" && h.oursByName(r.Page, t.Address) {
		p.Address, p.WasAddress = t.Address, t.Address
	}
	deskIncidents(r.Page, p, s)
	for i, found := range s.Articles {
		shown := h.deskArticle(r, i+1, found, d)
		if found.Fit == suggest.Strong {
			p.Articles = append(p.Articles, shown)
		} else {
			p.Possible = append(p.Possible, shown)
		}
	}
}

// detected are the chips that say what was read from the ticket.
func detected(e page.Context, t ticket.Ticket, d suggest.Detected) []string {
	l := e.Words()
	var chips []string
	if t.Lang != "" {
		chips = append(chips, l.T("lang."+t.Lang))
	}
	if t.Platform != "" {
		chips = append(chips, l.T("platform."+t.Platform))
	}
	if t.Client != "" {
		name, _ := page.ClientName(l, t.Client)
		chips = append(chips, name)
	}
	return append(chips, d.Codes...)
}

// oursByName reports whether an address is one of ours as far as the
// description says; DNS is not asked.
func (h *Handlers) oursByName(e page.Context, text string) bool {
	a, err := address.Parse(text)
	return err == nil && h.ours(e.Snap.Library, a.Domain)
}

// maxAlsoOpen is how many open posts are named that the ticket does not speak of.
const maxAlsoOpen = 3

// deskIncidents fills in the open posts in their three levels.
func deskIncidents(e page.Context, p *view.AgentDesk, s suggest.Suggestions) {
	p.Open = len(s.Incidents) + len(s.Open)
	for _, in := range s.Incidents {
		if post, ok := e.Snap.Board.Post(in.ID); ok {
			p.Incidents = append(p.Incidents, deskIncident(e, post, in.Title, in.URL, in.Why, s.Detected.Lang))
		}
	}
	for _, in := range s.Open {
		post, ok := e.Snap.Board.Post(in.ID)
		switch {
		case !ok:
		case in.Maybe:
			p.Maybe = append(p.Maybe, deskIncident(e, post, in.Title, in.URL, in.Why, s.Detected.Lang))
		case len(p.AlsoOpen) < maxAlsoOpen:
			p.AlsoOpen = append(p.AlsoOpen, view.Link{Text: in.Title, URL: in.URL})
		default:
			p.MoreOpen++
		}
	}
}

func deskIncident(e page.Context, p status.PostState, title, url string, reasons []string, lang string) view.DeskIncident {
	link := e.PostLink(p)
	v := view.DeskIncident{Title: title, URL: url, Level: page.PostLevel(p), StateWord: link.StateWord, Since: link.When.Text, Why: why(e, reasons)}
	v.Reply, v.ReplyHTML = incidentReply(e.In(lang), p)
	return v
}

// incidentReply tells a customer of an open post: what is wrong, what was said
// last, and where more will be said.
func incidentReply(e page.Context, p status.PostState) (text, html string) {
	parts := []string{e.Sentence(p)}
	if m := page.MailSentence(e.Words(), p.Mail); m != "" {
		parts = append(parts, m)
	}
	link := e.Absolute(e.Root() + "/status/" + p.ID)
	if n := len(p.Updates); n > 0 {
		if said := strings.TrimSpace(e.PostPlain(p.Post, p.Updates[n-1].In(e.Lang))); said != "" {
			parts = append(parts, said)
		}
	}
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("<p>" + template.HTMLEscapeString(part) + "</p>\n")
	}
	b.WriteString(`<p><a href="` + template.HTMLEscapeString(link) + `">` + template.HTMLEscapeString(link) + "</a></p>\n")
	return strings.Join(parts, "\n\n") + "\n\n" + link + "\n", b.String()
}

func (h *Handlers) deskArticle(r *web.Request, number int, found suggest.ArticleResult, d suggest.Detected) view.DeskArticle {
	a, l := found.Article, r.Page.Words()
	v := view.DeskArticle{
		Number: number, ID: a.ID, Anchor: found.Anchor, Title: found.Title, URL: found.URL, Snippet: template.HTML(found.Snippet), // escaped by search
		Why: why(r.Page, found.Why), Editor: r.Page.Root() + "/agent/a/" + strconv.Itoa(a.ID), Internal: found.Internal,
		Overdue: !a.Review.IsZero() && !r.Now.Before(a.Review),
	}
	if found.Internal {
		v.URL = v.Editor
	}
	if found.Lang != d.Lang {
		v.Lang = l.T("lang." + found.Lang)
	}
	for _, name := range a.Platforms {
		v.Platforms = append(v.Platforms, l.T("platform."+name))
	}
	dates := r.Page.Snap.Library.Dates(a)
	updated := dates.Updated
	if updated.IsZero() {
		updated = dates.Published
	}
	v.Updated = view.On(l, updated).Text
	v.Sent, v.Opened, v.Helped = h.record(r, a.ID)
	return v
}

// why puts the reasons of a suggestion into words.
func why(e page.Context, reasons []string) []string {
	var out []string
	l := e.Words()
	for _, reason := range reasons {
		if word, ok := strings.CutPrefix(reason, "asked: "); ok {
			reason = l.T("desk.why.asked", "word", word)
		} else if words, ok := strings.CutPrefix(reason, "says: "); ok {
			reason = l.T("desk.why.says", "words", words)
		} else if words, ok := strings.CutPrefix(reason, "names: "); ok {
			reason = l.T("desk.why.names", "words", words)
		}
		if !slices.Contains(out, reason) {
			out = append(out, reason)
		}
	}
	return out
}

// Problems lists the problems of the content.
func Problems(r *web.Request) error {
	p := &view.AgentProblems{
		Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("problems"), Revision: shortRevision(r.Page.Snap.Library.Revision), Loaded: view.At(r.Page.Words(), r.Page.Snap.At.In(r.Page.Snap.Library.Site.Zone)),
	}
	p.Title = r.Page.Words().T("problems.title")
	return r.SendFresh(http.StatusOK, p)
}

func shortRevision(s string) string { return s[:min(len(s), 12)] }
