package agent

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
)

// What programs of agents ask for. A ticket is read for one answer: neither its
// text nor an address in it is kept or logged.

// A TicketOrder is a ticket.
type TicketOrder struct {
	Subject  string `json:"subject,omitempty"`
	Text     string `json:"text,omitempty" jsonschema:"description=Plain text or a whole e-mail with its header"`
	Lang     string `json:"lang,omitempty" jsonschema:"description=A language of the site; default: the ticket's"`
	Platform string `json:"platform,omitempty" jsonschema:"description=Default: what the ticket says"`
	Limit    int    `json:"limit,omitempty" jsonschema:"description=Articles; 5 when missing; at most 20"`
}

// readTicketOrder reads a ticket and checks what was chosen for it.
func readTicketOrder(r *web.Request, o TicketOrder) (ticket.Ticket, error) {
	if err := r.CheckChoice(o.Lang, o.Platform); err != nil {
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
		return t, &web.Error{Status: http.StatusUnprocessableEntity, Detail: web.Sentence(err)}
	}
	return t, nil
}

// SuggestAPI answers POST /api/v1/suggest.
func (h *Handlers) SuggestAPI(r *web.Request) error {
	return h.inTurn(r, func() error {
		var o TicketOrder
		if err := r.ReadJSON(&o); err != nil {
			return err
		}
		if o.Limit < 0 || o.Limit > suggest.Most {
			return web.BadRequest("limit is a number from 1 to " + strconv.Itoa(suggest.Most) + ".")
		}
		t, err := readTicketOrder(r, o)
		if err != nil {
			return err
		}
		return r.SendJSON(http.StatusOK, suggest.For(r.Page.Snap, t, suggest.Options{Lang: o.Lang, Platform: o.Platform, Limit: o.Limit}))
	})
}

// A ReplyBody orders a piece for a reply.
type ReplyBody struct {
	Kind     string `json:"kind,omitempty" jsonschema:"enum=article,enum=settings,description=Default: article"`
	Format   string `json:"format,omitempty" jsonschema:"enum=text,enum=markdown,enum=html,enum=link,description=What is used of the answer; for the report"`
	Article  int    `json:"article,omitempty" jsonschema:"description=Id of the article"`
	Anchor   string `json:"anchor,omitempty" jsonschema:"description=Of the section; default: the only one with steps, else the summary"`
	Lang     string `json:"lang,omitempty"`
	Platform string `json:"platform,omitempty"`
	Client   string `json:"client,omitempty" jsonschema:"description=Mail program"`
	Address  string `json:"address,omitempty" jsonschema:"description=The customer's; fills the settings and is not kept"`
	Ticket   string `json:"ticket,omitempty" jsonschema:"description=What the customer wrote; teaches the article its terms and is not kept"`
}

// ReplyAPI answers POST /api/v1/replies.
func (h *Handlers) ReplyAPI(r *web.Request) error {
	return h.inTurn(r, func() error {
		var b ReplyBody
		if err := r.ReadJSON(&b); err != nil {
			return err
		}
		if err := r.CheckChoice(b.Lang, b.Platform); err != nil {
			return err
		}
		if b.Format != "" && !slices.Contains(replyFormats, b.Format) {
			return web.BadRequest("format is text, markdown, html or link.")
		}
		if b.Address != "" { // a program does not send what somebody is still typing
			if _, err := address.Parse(b.Address); err != nil {
				return web.BadRequest("address is no mail address: " + web.Sentence(err))
			}
		}
		if r.Who.Agent == "" { // a token that belongs to nobody
			r.Who.Agent = r.Who.Token
		}
		p, err := h.makeReply(r, replyOrder(b))
		if err != nil {
			return err
		}
		return r.SendJSON(http.StatusOK, p)
	})
}

// A ReportValue is what happened in some days.
type ReportValue struct {
	state.Report
	Gaps    []GapEntry    `json:"gaps"`    // open ones
	Reviews []reviewValue `json:"reviews"` // articles whose review is due
}

type reviewValue struct {
	Article int    `json:"article"`
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Due     string `json:"due"` // day
	Owner   string `json:"owner,omitempty"`
}

// ReportAPI answers GET /api/v1/report.
func (h *Handlers) ReportAPI(r *web.Request) error {
	from, to, err := reportBounds(r)
	if err != nil {
		return err
	}
	report, err := h.state.Reports.Report(r.Request().Context(), from, to)
	if err != nil {
		return stateError(err)
	}
	v := ReportValue{Report: report, Gaps: gapsOf(report.Gaps), Reviews: []reviewValue{}}
	for _, a := range r.Page.Snap.Desk.Articles {
		if a.Overdue(r.Now) {
			title, _, _ := r.Page.Head(a)
			v.Reviews = append(v.Reviews, reviewValue{a.ID, a.Slug, title, page.Day(a.Review), a.ReviewedBy})
		}
	}
	return r.SendJSON(http.StatusOK, v)
}

const reportLength = 30 // days, when none are given

// reportBounds reads from and to.
func reportBounds(r *web.Request) (from, to time.Time, err error) {
	to = r.Now.UTC()
	if s := r.QueryParam("to"); s != "" {
		if to, err = time.Parse(time.DateOnly, s); err != nil {
			return from, to, web.BadRequest("to is a day: 2026-11-30.")
		}
	}
	from = to.AddDate(0, 0, 1-reportLength)
	if s := r.QueryParam("from"); s != "" {
		if from, err = time.Parse(time.DateOnly, s); err != nil {
			return from, to, web.BadRequest("from is a day: 2026-11-01.")
		}
	}
	return from, to, nil
}
