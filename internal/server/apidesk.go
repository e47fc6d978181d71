package server

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/content/markdown"
	"signpost/internal/desk"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/ticket"
)

// What programs of agents ask for. A ticket is read for one answer: neither its
// text nor an address in it is kept or logged.

// A ticketOrder is a ticket.
type ticketOrder struct {
	Subject  string `json:"subject,omitempty"`
	Text     string `json:"text" jsonschema:"description=Plain text or a whole e-mail with its header"`
	Lang     string `json:"lang,omitempty" jsonschema:"description=A language of the site; default: the ticket's"`
	Platform string `json:"platform,omitempty" jsonschema:"description=Default: what the ticket says"`
	Limit    int    `json:"limit,omitempty" jsonschema:"description=Articles; 5 when missing; at most 20"`
}

// readTicketOrder reads a ticket and checks what was chosen for it.
func (r *request) readTicketOrder(o ticketOrder) (ticket.Ticket, error) {
	if err := r.checkChoice(o.Lang, o.Platform); err != nil {
		return ticket.Ticket{}, err
	}
	var t ticket.Ticket
	var err error
	if o.Subject == "" {
		t, err = ticket.Parse([]byte(o.Text))
	} else {
		t, err = ticket.FromText(o.Subject, o.Text, "", "")
	}
	if err != nil {
		if ticketError(err) == "" {
			return t, err
		}
		return t, &httpError{Status: http.StatusUnprocessableEntity, Detail: sentence(err)}
	}
	return t, nil
}

// sentence makes an error's text a sentence.
func sentence(err error) string {
	s := err.Error()
	return sentenceEnd(strings.ToUpper(s[:1]) + s[1:])
}

func (r *request) checkChoice(lang, platform string) error {
	if lang != "" && !r.knows(lang) {
		return badRequest("lang is none of this site's languages: " + strings.Join(r.snap.Languages(), ", ") + ".")
	}
	if platform != "" && !slices.Contains(markdown.Platforms(), platform) {
		return badRequest("platform is one of " + strings.Join(markdown.Platforms(), ", ") + ".")
	}
	return nil
}

// suggestAPI answers POST /api/v1/suggest.
func (r *request) suggestAPI() error {
	return r.inTurn(func() error {
		var o ticketOrder
		if err := r.readJSON(&o); err != nil {
			return err
		}
		if o.Limit < 0 || o.Limit > desk.Most {
			return badRequest("limit is a number from 1 to " + itoa(desk.Most) + ".")
		}
		t, err := r.readTicketOrder(o)
		if err != nil {
			return err
		}
		return r.value(http.StatusOK, desk.Suggest(r.snap, t, desk.Options{Lang: o.Lang, Platform: o.Platform, Limit: o.Limit}))
	})
}

// A replyBody orders a piece for a reply.
type replyBody struct {
	Kind     string `json:"kind,omitempty" jsonschema:"enum=article,enum=settings,description=Default: article"`
	Format   string `json:"format,omitempty" jsonschema:"enum=text,enum=markdown,enum=html,enum=link,description=What is used of the answer; for the report"`
	Article  int    `json:"article,omitempty" jsonschema:"description=Id of the article"`
	Lang     string `json:"lang,omitempty"`
	Platform string `json:"platform,omitempty"`
	Client   string `json:"client,omitempty" jsonschema:"description=Mail program"`
	Address  string `json:"address,omitempty" jsonschema:"description=The customer's; fills the settings and is not kept"`
	Ticket   string `json:"ticket,omitempty" jsonschema:"description=What the customer wrote; teaches the article its terms and is not kept"`
}

// replyAPI answers POST /api/v1/replies.
func (r *request) replyAPI() error {
	return r.inTurn(func() error {
		var b replyBody
		if err := r.readJSON(&b); err != nil {
			return err
		}
		if err := r.checkChoice(b.Lang, b.Platform); err != nil {
			return err
		}
		if b.Format != "" && !slices.Contains([]string{"text", "markdown", "html", "link"}, b.Format) {
			return badRequest("format is text, markdown, html or link.")
		}
		if r.who.Agent == "" { // a token that belongs to nobody
			r.who.Agent = r.who.Token
		}
		p, err := r.makeReply(replyOrder(b))
		if err != nil {
			return err
		}
		return r.value(http.StatusOK, p)
	})
}

// A voteOrder says whether an article helped.
type voteOrder struct {
	Article  int    `json:"article"`
	Helpful  bool   `json:"helpful"`
	Lang     string `json:"lang,omitempty" jsonschema:"description=The language that was read"`
	Revision string `json:"revision,omitempty" jsonschema:"description=Of the text that was read; default: the present one"`
	Reason   string `json:"reason,omitempty" jsonschema:"description=accurate, clear or other; wrong, outdated, unclear or other"`
	Comment  string `json:"comment,omitempty" jsonschema:"maxLength=600"`
	Query    string `json:"query,omitempty" jsonschema:"description=The search that led to the article"`
	Reply    string `json:"reply,omitempty" jsonschema:"description=Token of the reply link that led to it"`
}

// voteAPI answers POST /api/v1/votes.
func (r *request) voteAPI() error {
	r.noStore()
	if err := r.fromHere(); err != nil {
		return err
	}
	var o voteOrder
	if err := r.readJSON(&o); err != nil {
		return err
	}
	if err := r.checkChoice(o.Lang, ""); err != nil {
		return err
	}
	a, _ := r.snap.Help.Find(strconv.Itoa(o.Article))
	switch {
	case a == nil:
		return &httpError{Status: http.StatusNotFound, Detail: "There is no article with this id."}
	case o.Reason != "" && !slices.Contains(voteReasons[o.Helpful], o.Reason):
		return badRequest("reason is one of " + strings.Join(voteReasons[o.Helpful], ", ") + ".")
	case utf8.RuneCountInString(o.Comment) > state.MaxComment:
		return badRequest("comment has at most " + itoa(state.MaxComment) + " characters.")
	}
	r.lang = cmp.Or(o.Lang, r.lang)
	if o.Revision == "" {
		shown, doc, rd := r.shownDoc(a)
		if doc != nil {
			o.Revision = revisionOf(a, doc.HTML(rd, markdown.Options{Texts: markdownTexts(r.s.texts.For(shown.Body.Lang))}))
		}
	}
	_, err := r.castVote(state.Vote{
		Article: a.ID, Revision: o.Revision, Lang: r.lang, Helpful: o.Helpful, Reason: o.Reason, Comment: o.Comment, Query: o.Query,
	}, o.Reply)
	if err != nil {
		return err
	}
	return r.NoContent(http.StatusNoContent)
}

// A gapEntry is a question that no article answers.
type gapEntry struct {
	ID      string   `json:"id"`
	Day     string   `json:"day"`
	Agent   string   `json:"agent"`
	Lang    string   `json:"lang"`
	Note    string   `json:"note"`
	Terms   []string `json:"terms"`
	Closed  string   `json:"closed,omitempty"`  // day
	Article int      `json:"article,omitempty"` // that closed it
}

func gapOf(g state.Gap) gapEntry {
	return gapEntry{strconv.FormatInt(g.ID, 10), g.Day, g.Agent, g.Lang, g.Note, list(g.Terms), g.Closed, g.Article}
}

type gapsValue struct {
	Gaps []gapEntry `json:"gaps"` // newest first, at most 1000
}

func gapsOf(gaps []state.Gap) []gapEntry {
	out := []gapEntry{}
	for _, g := range gaps {
		out = append(out, gapOf(g))
	}
	return out
}

// stateError tells what the client should see of an error of the state.
func stateError(err error) error {
	switch {
	case errors.Is(err, state.ErrUnavailable):
		return &httpError{Status: http.StatusServiceUnavailable, Retry: 10 * time.Second, Detail: "The database cannot be reached just now."}
	case errors.Is(err, state.ErrInput):
		return &httpError{Status: http.StatusUnprocessableEntity, Detail: sentence(err)}
	case errors.Is(err, state.ErrNotFound):
		return errNotFound
	}
	return err
}

// gapsAPI answers GET /api/v1/gaps.
func (r *request) gapsAPI() error {
	gaps, err := r.s.state.Gaps(r.Request().Context(), r.QueryParam("all") == "1")
	if err != nil {
		return stateError(err)
	}
	return r.value(http.StatusOK, gapsValue{gapsOf(gaps)})
}

// A gapOrder is a ticket that no article fits.
type gapOrder struct {
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty" jsonschema:"description=The ticket"`
	Note    string `json:"note,omitempty" jsonschema:"description=What an article should say,maxLength=300"`
	Lang    string `json:"lang,omitempty"`
}

// addGapAPI answers POST /api/v1/gaps.
func (r *request) addGapAPI() error {
	return r.inTurn(func() error {
		var o gapOrder
		if err := r.readJSON(&o); err != nil {
			return err
		}
		if utf8.RuneCountInString(o.Note) > maxNote {
			return badRequest("note has at most " + itoa(maxNote) + " characters.")
		}
		t, err := r.readTicketOrder(ticketOrder{Subject: o.Subject, Text: o.Text, Lang: o.Lang})
		if err != nil && strings.TrimSpace(o.Subject+o.Text) != "" {
			return err
		}
		if r.who.Agent == "" {
			r.who.Agent = r.who.Token
		}
		g, err := r.addGap(t, cmp.Or(o.Lang, t.Lang, r.snap.DefaultLanguage()), o.Note)
		if err != nil {
			return stateError(err)
		}
		return r.value(http.StatusCreated, gapOf(g))
	})
}

const maxNote = 300 // characters of a gap's note

// A closeOrder closes a gap.
type closeOrder struct {
	Article int `json:"article,omitempty" jsonschema:"description=Id of the article that fills the gap"`
}

// closeGapAPI answers POST /api/v1/gaps/ID/close.
func (r *request) closeGapAPI() error {
	var o closeOrder
	if err := r.readJSON(&o); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil {
		return errNotFound
	}
	if a, _ := r.snap.Desk.Find(strconv.Itoa(o.Article)); o.Article != 0 && a == nil {
		return badRequest("There is no article with this id.")
	}
	if err := r.s.state.CloseGap(r.Request().Context(), id, o.Article, r.now); err != nil {
		return stateError(err)
	}
	return r.NoContent(http.StatusNoContent)
}

// A reportValue is what happened in some days.
type reportValue struct {
	state.Report
	Gaps    []gapEntry    `json:"gaps"`    // open ones
	Reviews []reviewValue `json:"reviews"` // articles whose review is due
}

type reviewValue struct {
	Article int    `json:"article"`
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Due     string `json:"due"` // day
	Owner   string `json:"owner,omitempty"`
}

// reportAPI answers GET /api/v1/report.
func (r *request) reportAPI() error {
	from, to, err := r.reportDays()
	if err != nil {
		return err
	}
	report, err := r.s.state.Report(r.Request().Context(), from, to)
	if err != nil {
		return stateError(err)
	}
	v := reportValue{Report: report, Gaps: gapsOf(report.Gaps), Reviews: []reviewValue{}}
	for _, a := range r.snap.Desk.Articles {
		if a.Overdue(r.now) {
			title, _, _ := site.Head(r.readerIn(shownLang(a, r.lang)), a)
			v.Reviews = append(v.Reviews, reviewValue{a.ID, a.Slug, title, day(a.Review), a.ReviewedBy})
		}
	}
	return r.value(http.StatusOK, v)
}

const reportLength = 30 // days, when none are given

// reportDays reads from and to.
func (r *request) reportDays() (from, to time.Time, err error) {
	to = r.now.UTC()
	if s := r.QueryParam("to"); s != "" {
		if to, err = time.Parse(time.DateOnly, s); err != nil {
			return from, to, badRequest("to is a day: 2026-11-30.")
		}
	}
	from = to.AddDate(0, 0, 1-reportLength)
	if s := r.QueryParam("from"); s != "" {
		if from, err = time.Parse(time.DateOnly, s); err != nil {
			return from, to, badRequest("from is a day: 2026-11-01.")
		}
	}
	return from, to, nil
}

// inTurn reads a ticket when others have been read: each may be a megabyte.
func (r *request) inTurn(h func() error) error {
	turn := time.NewTimer(ticketWait)
	defer turn.Stop()
	select {
	case r.s.tickets <- struct{}{}:
		defer func() { <-r.s.tickets }()
		return h()
	case <-turn.C:
		return &httpError{Status: http.StatusServiceUnavailable, Retry: 5 * time.Second}
	case <-r.Request().Context().Done():
		return nil // nobody waits any more
	}
}
