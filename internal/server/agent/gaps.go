package agent

import (
	"cmp"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"signpost/internal/search"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/view"
)

// noteGap keeps that no article fits: only words that the site itself uses.
func (h *Handlers) noteGap(r *web.Request, t ticket.Ticket, p *view.AgentDesk) (status int, err error) {
	lang := cmp.Or(t.Lang, r.Page.Snap.DefaultLanguage())
	_, err = h.addGap(r, t, lang, "")
	switch {
	case errors.Is(err, state.ErrUnavailable):
		p.Error = r.Page.Words().T("desk.gap.later")
		return http.StatusServiceUnavailable, nil
	case errors.Is(err, state.ErrInput):
		p.Error = r.Page.Words().T("desk.gap.words")
		return http.StatusUnprocessableEntity, nil
	case err != nil:
		return 0, err
	}
	p.Noted = true
	return http.StatusOK, nil
}

const gapWords = 12 // of a ticket

// addGap keeps a gap with what an agent says is missing, which may be empty.
func (h *Handlers) addGap(r *web.Request, t ticket.Ticket, lang, note string) (state.Gap, error) {
	words := r.Page.Snap.Index.Known(search.Ticket{Subject: t.Subject, Text: t.Text, Lang: lang}, gapWords)
	return h.state.Events.AddGap(r.Request().Context(), state.Gap{Agent: r.Who.Agent, Lang: lang, Note: note, Terms: words}, r.Now)
}

// A GapEntry is a question that no article answers.
type GapEntry struct {
	ID      string   `json:"id"`
	Day     string   `json:"day"`
	Agent   string   `json:"agent"`
	Lang    string   `json:"lang"`
	Note    string   `json:"note"`
	Terms   []string `json:"terms"`
	Closed  string   `json:"closed,omitempty"`  // day
	Article int      `json:"article,omitempty"` // that closed it
}

func gapOf(g state.Gap) GapEntry {
	return GapEntry{strconv.FormatInt(g.ID, 10), g.Day, g.Agent, g.Lang, g.Note, web.List(g.Terms), g.Closed, g.Article}
}

// A GapsValue is a list of gaps.
type GapsValue struct {
	Gaps []GapEntry `json:"gaps"` // newest first, at most 1000
}

func gapsOf(gaps []state.Gap) []GapEntry {
	out := []GapEntry{}
	for _, g := range gaps {
		out = append(out, gapOf(g))
	}
	return out
}

// GapsAPI answers GET /api/v1/gaps.
func (h *Handlers) GapsAPI(r *web.Request) error {
	gaps, err := h.state.Reports.Gaps(r.Request().Context(), r.QueryParam("all") == "1")
	if err != nil {
		return stateError(err)
	}
	return r.SendJSON(http.StatusOK, GapsValue{gapsOf(gaps)})
}

// A GapOrder is a ticket that no article fits.
type GapOrder struct {
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text,omitempty" jsonschema:"description=The ticket"`
	Note    string `json:"note,omitempty" jsonschema:"description=What an article should say,maxLength=300"`
	Lang    string `json:"lang,omitempty"`
}

// AddGapAPI answers POST /api/v1/gaps.
func (h *Handlers) AddGapAPI(r *web.Request) error {
	return h.inTurn(r, func() error {
		var o GapOrder
		if err := r.ReadJSON(&o); err != nil {
			return err
		}
		if utf8.RuneCountInString(o.Note) > maxNote {
			return web.BadRequest("note has at most " + strconv.Itoa(maxNote) + " characters.")
		}
		t, err := readTicketOrder(r, TicketOrder{Subject: o.Subject, Text: o.Text, Lang: o.Lang})
		if err != nil && strings.TrimSpace(o.Subject+o.Text) != "" {
			return err
		}
		if r.Who.Agent == "" {
			r.Who.Agent = r.Who.Token
		}
		g, err := h.addGap(r, t, cmp.Or(o.Lang, t.Lang, r.Page.Snap.DefaultLanguage()), o.Note)
		if err != nil {
			return stateError(err)
		}
		return r.SendJSON(http.StatusCreated, gapOf(g))
	})
}

const maxNote = 300 // characters of a gap's note

// A CloseOrder closes a gap.
type CloseOrder struct {
	Article int `json:"article,omitempty" jsonschema:"description=Id of the article that fills the gap"`
}

// CloseGapAPI answers POST /api/v1/gaps/ID/close.
func (h *Handlers) CloseGapAPI(r *web.Request) error {
	var o CloseOrder
	if err := r.ReadJSON(&o); err != nil {
		return err
	}
	id, err := strconv.ParseInt(r.Param("id"), 10, 64)
	if err != nil {
		return web.ErrNotFound
	}
	if a, _ := r.Page.Snap.Desk.Find(strconv.Itoa(o.Article)); o.Article != 0 && a == nil {
		return web.BadRequest("There is no article with this id.")
	}
	if err := h.state.Events.CloseGap(r.Request().Context(), id, o.Article, r.Now); err != nil {
		return stateError(err)
	}
	return r.NoContent()
}
