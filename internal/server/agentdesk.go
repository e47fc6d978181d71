package server

import (
	"cmp"
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
	"signpost/internal/search"
	"signpost/internal/state"
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

// deskStart is the empty desk.
func (r *request) deskStart() error { return r.fresh(http.StatusOK, r.deskPage(deskForm{})) }

// deskPost answers a ticket, in its turn.
func (r *request) deskPost() error {
	err := r.inTurn(func() error { return r.withForm((*request).deskAnswer) })
	var he *httpError
	if !errors.As(err, &he) && err != nil && asHTTPError(err).Status == http.StatusRequestEntityTooLarge {
		p := r.deskPage(deskForm{})
		p.Error = r.words().T("desk.error.large")
		return r.fresh(http.StatusRequestEntityTooLarge, p)
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
func (r *request) deskInput() (deskForm, error) {
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

func (r *request) deskAnswer() error {
	f, err := r.deskInput()
	if err != nil {
		return badRequest("")
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
		p := r.deskPage(f)
		p.Error = r.words().T(key)
		return r.fresh(http.StatusUnprocessableEntity, p)
	}
	if f.file || len(f.Text) > shownTicket {
		f.Text = firstBytes(strings.TrimSpace(t.Subject+"\n\n"+t.Text), shownTicket)
	}
	p := r.deskPage(f)
	if r.FormValue("gap") != "" {
		status, err := r.noteGap(t, p)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			return r.fresh(status, p)
		}
	}
	r.answerTicket(p, t, f)
	return r.fresh(http.StatusOK, p)
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
func (r *request) deskPage(f deskForm) *view.AgentDesk {
	p := &view.AgentDesk{
		Chrome: r.agentChrome(""), Agent: r.agentBar("desk"), Text: f.Text, Address: f.Address,
		Platforms: r.platformChoices(f.Platform), Langs: r.langChoices(f.Lang, true), Tracking: r.s.tracking,
	}
	p.Title = r.words().T("agent.desk")
	return p
}

func (r *request) platformChoices(selected string) []view.Choice {
	l := r.words()
	list := []view.Choice{{Name: l.T("desk.any"), Selected: selected == ""}}
	for _, name := range markdown.Platforms() {
		list = append(list, view.Choice{Value: name, Name: l.T("platform." + name), Selected: name == selected})
	}
	return list
}

func (r *request) langChoices(selected string, auto bool) []view.Choice {
	var list []view.Choice
	if auto {
		list = append(list, view.Choice{Name: r.words().T("desk.auto"), Selected: selected == ""})
	}
	for _, lang := range r.snap.Languages() {
		list = append(list, view.Choice{Value: lang, Name: r.s.texts.For(lang).Name, Selected: lang == selected})
	}
	return list
}

// answerTicket fills in what fits the ticket.
func (r *request) answerTicket(p *view.AgentDesk, t ticket.Ticket, f deskForm) {
	s := desk.Suggest(r.snap, t, desk.Options{Lang: f.Lang, Platform: f.Platform})
	d := s.Detected
	p.Asked = true
	p.Detected = r.detected(t, d)
	if f.Platform == "" {
		p.Platforms, p.WasPlatform = r.platformChoices(d.Platform), d.Platform
	}
	if f.Lang == "" {
		p.Langs, p.WasLang = r.langChoices(d.Lang, true), d.Lang
	}
	if f.Address == "" && t.Address != "" && r.oursByName(t.Address) {
		p.Address, p.WasAddress = t.Address, t.Address
	}
	for _, in := range s.Incidents {
		if post, ok := r.snap.Situation.Post(in.ID); ok {
			p.Incidents = append(p.Incidents, r.deskIncident(post, in, d.Lang))
		}
	}
	for i, found := range s.Articles {
		p.Articles = append(p.Articles, r.deskArticle(i+1, found, d))
	}
}

// detected are the chips that say what was read from the ticket.
func (r *request) detected(t ticket.Ticket, d desk.Detected) []string {
	l := r.words()
	var chips []string
	if t.Lang != "" {
		chips = append(chips, l.T("lang."+t.Lang))
	}
	if t.Platform != "" {
		chips = append(chips, l.T("platform."+t.Platform))
	}
	if t.Client != "" {
		name, _ := clientName(l, t.Client)
		chips = append(chips, name)
	}
	return append(chips, d.Codes...)
}

// oursByName reports whether an address is one of ours as far as the
// description says; DNS is not asked.
func (r *request) oursByName(text string) bool {
	a, err := address.Parse(text)
	if err != nil {
		return false
	}
	_, known := r.s.mail.domains.directory(r.snap.Library).Known(a.Domain)
	return known
}

// in is the request as it would be in another language.
func (r *request) in(lang string) *request {
	other := *r
	other.lang = lang
	return &other
}

func (r *request) deskIncident(p status.PostState, in desk.Incident, lang string) view.DeskIncident {
	v := view.DeskIncident{Title: in.Title, URL: in.URL, Level: postLevel(p), StateWord: r.postLink(p).StateWord, Why: r.why(in.Why)}
	v.Reply, v.ReplyHTML = r.in(lang).incidentReply(p)
	return v
}

// incidentReply tells a customer of an open post: what is wrong, what was said
// last, and where more will be said.
func (r *request) incidentReply(p status.PostState) (text, html string) {
	parts := []string{r.sentence(p)}
	if m := mailSentence(r.words(), p.Mail); m != "" {
		parts = append(parts, m)
	}
	link := r.absolute(r.root() + "/status/" + p.ID)
	if n := len(p.Updates); n > 0 {
		if said := strings.TrimSpace(r.postPlain(p.Post, p.Updates[n-1].Body)); said != "" {
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

func (r *request) deskArticle(number int, found desk.ArticleResult, d desk.Detected) view.DeskArticle {
	a, l := found.Article, r.words()
	v := view.DeskArticle{
		Number: number, ID: a.ID, Title: found.Title, URL: found.URL, Snippet: template.HTML(found.Snippet), // escaped by search
		Why: r.why(found.Why), Editor: r.root() + "/agent/a/" + strconv.Itoa(a.ID), Internal: found.Internal,
		Overdue: !a.Review.IsZero() && !r.now.Before(a.Review),
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
	dates := r.snap.Library.Dates(a)
	updated := dates.Updated
	if updated.IsZero() {
		updated = dates.Published
	}
	v.Updated = view.On(l, updated).Text
	v.Sent, v.Opened, v.Helped = r.record(a.ID)
	return v
}

// why puts the reasons of a suggestion into words.
func (r *request) why(reasons []string) []string {
	var out []string
	l := r.words()
	for _, reason := range reasons {
		if word, ok := strings.CutPrefix(reason, "asked: "); ok {
			reason = l.T("desk.why.asked", "word", word)
		} else if slug, ok := strings.CutPrefix(reason, "article: "); ok {
			reason = l.T("desk.why.article")
			if a, _ := r.snap.Desk.Find(slug); a != nil {
				reason = l.T("desk.why.touches", "title", r.articleLink(a).Title)
			}
		}
		if !slices.Contains(out, reason) {
			out = append(out, reason)
		}
	}
	return out
}

// noteGap keeps that no article fits: only words that the site itself uses.
func (r *request) noteGap(t ticket.Ticket, p *view.AgentDesk) (status int, err error) {
	lang := cmp.Or(t.Lang, r.snap.DefaultLanguage())
	_, err = r.addGap(t, lang, "")
	switch {
	case errors.Is(err, state.ErrUnavailable):
		p.Error = r.words().T("desk.gap.later")
		return http.StatusServiceUnavailable, nil
	case errors.Is(err, state.ErrInput):
		p.Error = r.words().T("desk.gap.words")
		return http.StatusUnprocessableEntity, nil
	case err != nil:
		return 0, err
	}
	p.Noted = true
	return http.StatusOK, nil
}

const gapWords = 12 // of a ticket

// addGap keeps a gap with what an agent says is missing, which may be empty.
func (r *request) addGap(t ticket.Ticket, lang, note string) (state.Gap, error) {
	words := r.snap.Index.Known(search.Ticket{Subject: t.Subject, Text: t.Text, Lang: lang}, gapWords)
	return r.s.state.AddGap(r.Request().Context(), state.Gap{Agent: r.who.Agent, Lang: lang, Note: note, Terms: words}, r.now)
}

// problems lists the problems of the content.
func (r *request) problems() error {
	p := &view.AgentProblems{
		Chrome: r.agentChrome(""), Agent: r.agentBar("problems"), Revision: shortRevision(r.snap.Library.Revision), Loaded: view.At(r.words(), r.snap.At.In(r.snap.Library.Site.Zone)),
	}
	p.Title = r.words().T("problems.title")
	return r.fresh(http.StatusOK, p)
}

func shortRevision(s string) string { return s[:min(len(s), 12)] }
