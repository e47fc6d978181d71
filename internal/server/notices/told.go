package notices

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/notify"
	"signpost/internal/notify/intent"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// askTime is how long the page of an agent who posts waits for the database.
const askTime = time.Second

// Events returns the ids of what would be told of a post: those of updates, and
// of windows that were changed by hand.
func (h *Handlers) Events(b *status.BoardState, post string) []string {
	var ids []string
	for _, e := range intent.Events(b) {
		if e.Post == post {
			ids = append(ids, e.Update)
		}
	}
	return ids
}

// Preview says who would be told of the latest update of a post, as the board
// would have it, and shows the mail.
func (h *Handlers) Preview(r *web.Request, b *status.BoardState, post string) *view.Told {
	l := r.Page.Words()
	t := &view.Told{}
	var latest *notify.Event
	for _, e := range intent.Events(b) {
		if e.Post == post {
			latest = &e
		}
	}
	if latest == nil {
		t.Reach = l.T("told.nobody")
		return t
	}
	ctx, cancel := context.WithTimeout(r.Request().Context(), askTime)
	defer cancel()
	reach, err := h.c.Store.Reach(ctx, *latest)
	t.Reach = l.T("told.nobody")
	if err != nil {
		t.Reach, t.Waits = "", l.T("told.database")
	} else if list := counted(l, reach); len(list) > 0 {
		t.Reach = l.T("told.reach", "list", strings.Join(list, ", "))
	}
	snap := *r.Page.Snap
	snap.Board = b
	mail := h.wordIn(&snap, notify.Message{Event: *latest, Told: []string{latest.Update}, Subscription: notify.Subscription{Channel: notify.Mail, Target: "name@example.com", Choice: notify.Choice{Language: r.Page.Lang}}}).letter()
	t.Mail = mail.Subject + "\n\n" + mail.Plain()
	h.standing(l, t)
	return t
}

// counted writes how many are told by what.
func counted(l *locale.Language, reach map[notify.Channel]int) []string {
	var list []string
	for _, c := range notify.Channels() {
		if n := reach[c]; n > 0 {
			list = append(list, fmt.Sprintf("%s %s", channelName(l, c), l.Number(n)))
		}
	}
	return list
}

func channelName(l *locale.Language, c notify.Channel) string {
	if c == notify.Mail {
		return l.T("contact.email")
	}
	return name(c)
}

// Progress says how far the telling of a post is.
func (h *Handlers) Progress(r *web.Request, post string) *view.Told {
	l := r.Page.Words()
	ctx, cancel := context.WithTimeout(r.Request().Context(), askTime)
	defer cancel()
	t := &view.Told{}
	p, err := h.c.Store.Progress(ctx, post)
	if err != nil {
		t.Waits = l.T("told.database")
		return t
	}
	for _, held := range p.Held {
		state := l.T("told.title")
		if f, ok := intent.Fact(r.Page.Snap.Board, held.Post, held.Update); ok {
			w := &words{m: notify.Message{Event: held.Event}, e: r.Page, l: l, post: f.Post, fact: f}
			state = w.state()
		}
		t.Held = append(t.Held, view.HeldNotice{
			Text:  l.T("told.held", "state", state, "time", l.TimeZone(held.Due.In(r.Page.Snap.Library.Site.Zone))),
			Value: "stop:" + held.Update,
		})
	}
	if p.Waiting+p.Delivered+p.Failed > 0 {
		t.Counts = l.T("told.counts", "delivered", l.Number(p.Delivered), "failed", l.Number(p.Failed), "waiting", l.Number(p.Waiting))
	}
	if p.Waiting > 0 || len(p.Held) > 0 {
		h.standing(l, t)
	}
	return t
}

// standing says when the mail server takes nothing.
func (h *Handlers) standing(l *locale.Language, t *view.Told) {
	if paused := h.paused.Load(); paused != nil && (*paused)(notify.Mail) && t.Waits == "" {
		t.Waits = l.T("told.relay")
	}
}

// SetPaused names what knows by which channels nothing can be sent at present.
func (h *Handlers) SetPaused(paused func(notify.Channel) bool) { h.paused.Store(&paused) }

// Silence keeps what was written from being told: everything that is there to be
// told of the post and was not there before.
func (h *Handlers) Silence(r *web.Request, b *status.BoardState, post string, before []string) error {
	for _, id := range h.Events(b, post) {
		if slices.Contains(before, id) {
			continue
		}
		if err := h.c.Store.Silence(r.Request().Context(), post, id, r.Now); err != nil {
			return err
		}
	}
	return nil
}

// Stop takes back an update that waits for its hold.
func (h *Handlers) Stop(r *web.Request, post, update string) error {
	return h.c.Store.Silence(r.Request().Context(), post, update, r.Now)
}
