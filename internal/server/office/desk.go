package office

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
	"signpost/internal/desk"
	"signpost/internal/mail/address"
	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
	"signpost/internal/server/setup"
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
func (rm *Room) Desk(r *exchange.Request) error {
	return r.Fresh(http.StatusOK, rm.deskPage(r, deskForm{}))
}

// DeskAnswer answers a ticket, in its turn.
func (rm *Room) DeskAnswer(r *exchange.Request) error {
	err := rm.inTurn(r, func() error { return exchange.WithForm(rm.answer)(r) })
	var he *exchange.Error
	if !errors.As(err, &he) && err != nil && exchange.AsError(err).Status == http.StatusRequestEntityTooLarge {
		p := rm.deskPage(r, deskForm{})
		p.Error = r.Words().T("desk.error.large")
		return r.Fresh(http.StatusRequestEntityTooLarge, p)
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
func deskInput(r *exchange.Request) (deskForm, error) {
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

func (rm *Room) answer(r *exchange.Request) error {
	f, err := deskInput(r)
	if err != nil {
		return exchange.BadRequest("")
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
		p := rm.deskPage(r, f)
		p.Error = r.Words().T(key)
		return r.Fresh(http.StatusUnprocessableEntity, p)
	}
	if f.file || len(f.Text) > shownTicket {
		f.Text = firstBytes(strings.TrimSpace(t.Subject+"\n\n"+t.Text), shownTicket)
	}
	p := rm.deskPage(r, f)
	if r.FormValue("gap") != "" {
		status, err := rm.noteGap(r, t, p)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return r.Fresh(status, p)
		}
	}
	rm.answerTicket(r, p, t, f)
	return r.Fresh(http.StatusOK, p)
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
func (rm *Room) deskPage(r *exchange.Request, f deskForm) *view.AgentDesk {
	p := &view.AgentDesk{
		Chrome: r.AgentChrome(), Agent: r.AgentBar("desk"), Text: f.Text, Address: f.Address,
		Platforms: platformChoices(r.Edition, f.Platform), Langs: langChoices(r.Edition, f.Lang, true), Tracking: rm.tracking,
	}
	p.Title = r.Words().T("agent.desk")
	return p
}

func platformChoices(e edition.Edition, selected string) []view.Choice {
	l := e.Words()
	list := []view.Choice{{Name: l.T("desk.any"), Selected: selected == ""}}
	for _, name := range markdown.Platforms() {
		list = append(list, view.Choice{Value: name, Name: l.T("platform." + name), Selected: name == selected})
	}
	return list
}

func langChoices(e edition.Edition, selected string, auto bool) []view.Choice {
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
func (rm *Room) answerTicket(r *exchange.Request, p *view.AgentDesk, t ticket.Ticket, f deskForm) {
	s := desk.Suggest(r.Snap, t, desk.Options{Lang: f.Lang, Platform: f.Platform})
	d := s.Detected
	p.Asked = true
	p.Detected = detected(r.Edition, t, d)
	if f.Platform == "" {
		p.Platforms, p.WasPlatform = platformChoices(r.Edition, d.Platform), d.Platform
	}
	if f.Lang == "" {
		p.Langs, p.WasLang = langChoices(r.Edition, d.Lang, true), d.Lang
	}
	if f.Address == "" && t.Address != "" && rm.oursByName(r.Edition, t.Address) {
		p.Address, p.WasAddress = t.Address, t.Address
	}
	for _, in := range s.Incidents {
		if post, ok := r.Snap.Situation.Post(in.ID); ok {
			p.Incidents = append(p.Incidents, deskIncident(r.Edition, post, in, d.Lang))
		}
	}
	for i, found := range s.Articles {
		p.Articles = append(p.Articles, rm.deskArticle(r, i+1, found, d))
	}
}

// detected are the chips that say what was read from the ticket.
func detected(e edition.Edition, t ticket.Ticket, d desk.Detected) []string {
	l := e.Words()
	var chips []string
	if t.Lang != "" {
		chips = append(chips, l.T("lang."+t.Lang))
	}
	if t.Platform != "" {
		chips = append(chips, l.T("platform."+t.Platform))
	}
	if t.Client != "" {
		name, _ := setup.ClientName(l, t.Client)
		chips = append(chips, name)
	}
	return append(chips, d.Codes...)
}

// oursByName reports whether an address is one of ours as far as the
// description says; DNS is not asked.
func (rm *Room) oursByName(e edition.Edition, text string) bool {
	a, err := address.Parse(text)
	return err == nil && rm.setup.Knows(e.Snap.Library, a.Domain)
}

func deskIncident(e edition.Edition, p status.PostState, in desk.Incident, lang string) view.DeskIncident {
	v := view.DeskIncident{Title: in.Title, URL: in.URL, Level: edition.PostLevel(p), StateWord: e.PostLink(p).StateWord, Why: why(e, in.Why)}
	v.Reply, v.ReplyHTML = incidentReply(e.In(lang), p)
	return v
}

// incidentReply tells a customer of an open post: what is wrong, what was said
// last, and where more will be said.
func incidentReply(e edition.Edition, p status.PostState) (text, html string) {
	parts := []string{e.Sentence(p)}
	if m := edition.MailSentence(e.Words(), p.Mail); m != "" {
		parts = append(parts, m)
	}
	link := e.Absolute(e.Root() + "/status/" + p.ID)
	if n := len(p.Updates); n > 0 {
		if said := strings.TrimSpace(e.PostPlain(p.Post, p.Updates[n-1].Body)); said != "" {
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

func (rm *Room) deskArticle(r *exchange.Request, number int, found desk.ArticleResult, d desk.Detected) view.DeskArticle {
	a, l := found.Article, r.Words()
	v := view.DeskArticle{
		Number: number, ID: a.ID, Title: found.Title, URL: found.URL, Snippet: template.HTML(found.Snippet), // escaped by search
		Why: why(r.Edition, found.Why), Editor: r.Root() + "/agent/a/" + strconv.Itoa(a.ID), Internal: found.Internal,
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
	dates := r.Snap.Library.Dates(a)
	updated := dates.Updated
	if updated.IsZero() {
		updated = dates.Published
	}
	v.Updated = view.On(l, updated).Text
	v.Sent, v.Opened, v.Helped = rm.record(r, a.ID)
	return v
}

// why puts the reasons of a suggestion into words.
func why(e edition.Edition, reasons []string) []string {
	var out []string
	l := e.Words()
	for _, reason := range reasons {
		if word, ok := strings.CutPrefix(reason, "asked: "); ok {
			reason = l.T("desk.why.asked", "word", word)
		} else if slug, ok := strings.CutPrefix(reason, "article: "); ok {
			reason = l.T("desk.why.article")
			if a, _ := e.Snap.Desk.Find(slug); a != nil {
				reason = l.T("desk.why.touches", "title", e.ArticleLink(a).Title)
			}
		}
		if !slices.Contains(out, reason) {
			out = append(out, reason)
		}
	}
	return out
}

// Problems lists the problems of the content.
func Problems(r *exchange.Request) error {
	p := &view.AgentProblems{
		Chrome: r.AgentChrome(), Agent: r.AgentBar("problems"), Revision: shortRevision(r.Snap.Library.Revision), Loaded: view.At(r.Words(), r.Snap.At.In(r.Snap.Library.Site.Zone)),
	}
	p.Title = r.Words().T("problems.title")
	return r.Fresh(http.StatusOK, p)
}

func shortRevision(s string) string { return s[:min(len(s), 12)] }
