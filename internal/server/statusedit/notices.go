package statusedit

import (
	"strings"

	"signpost/internal/auth"
	"signpost/internal/content/status"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Notices are what subscribers are told of posts. A nil one tells nobody.
type Notices interface {
	// Events returns ids of what there is to be told of a post.
	Events(b *status.BoardState, post string) []string
	// Preview says who would be told of the latest update of a post, and how.
	Preview(r *web.Request, b *status.BoardState, post string) *view.Told
	// Progress says how far the telling of a post is.
	Progress(r *web.Request, post string) *view.Told
	// Silence keeps what came into a board since its events were before from being told.
	Silence(r *web.Request, b *status.BoardState, post string, before []string) error
	// Stop takes back an update that was not told yet.
	Stop(r *web.Request, post, update string) error
}

// quietly calls do, which writes, and makes that public. Nobody is told of it
// when silent is set, or when a token asks that may not notify.
func (h *Handlers) quietly(r *web.Request, silent bool, do func() (post string, err error)) error {
	before := r.App.Live.Snapshot().Board
	id, err := do()
	if err != nil {
		return err
	}
	show(r)
	if h.notices == nil || id == "" || !silent && (r.Who.Token == "" || r.Who.Can(auth.ScopeNotify)) {
		return nil
	}
	if err := h.notices.Silence(r, r.App.Live.Snapshot().Board, id, h.notices.Events(before, id)); err != nil {
		r.App.Log.Error("subscribers may be told of what nobody was to be told of", "post", id, "error", err)
	}
	return nil
}

// told says on the page how far the telling of a post is.
func (h *Handlers) told(r *web.Request, p *view.AgentStatus, post string) {
	if h.notices == nil || post == "" || r.Who.Agent == "" {
		return
	}
	p.Told = h.notices.Progress(r, post)
	p.ToldFields = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "id", Value: post}}
}

// stop answers the button that takes back what was not told yet.
func (h *Handlers) stop(r *web.Request, f postForm, update string) error {
	if h.notices == nil || update == "" || strings.ContainsAny(update, "/ ") {
		return web.BadRequest("")
	}
	if err := h.notices.Stop(r, f.ID, update); err != nil {
		return err
	}
	h.record(r, "stop", f.ID)
	return r.Redirect(303, r.Page.Root()+"/agent/status?saved="+f.ID)
}
