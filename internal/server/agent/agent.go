// Package agent is where agents answer customers: signing in, the desk that
// suggests articles for a ticket, the editor of replies, gaps, the report, and
// the API for all of it.
//
// [New] returns the [Handlers]; [Handlers.Desk] is the page for a ticket, and
// [Handlers.SuggestAPI] the same for programs.
//
// Guarantees: a ticket is read for one answer, and neither its text nor an
// address in it is kept or logged; an article learns words, and words alone, from
// the tickets that it answered. Who may come in is decided by the access of each
// [web.Route].
package agent

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"signpost/internal/auth"
	"signpost/internal/content"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/token"
)

// Config is what the agents' pages need.
type Config struct {
	State    *state.Store
	Keys     *token.Keyring                                 // sign the links in replies
	OpenID   *auth.OIDC                                     // nil: agents sign in with a password only
	Tracking bool                                           // count how often the links in replies are opened
	Ours     func(lib *content.Library, domain string) bool // whether a domain is ours as far as the description says
}

// Handlers answer the agents' pages and calls.
type Handlers struct {
	state    *state.Store
	keys     *token.Keyring
	openID   *auth.OIDC
	tracking bool
	ours     func(lib *content.Library, domain string) bool

	key     []byte // of hashes that die with the process
	minted  minted
	records records
	tickets chan struct{} // tickets that are being read
}

// New returns the handlers.
func New(c Config) *Handlers {
	h := &Handlers{
		state: c.State, keys: c.Keys, openID: c.OpenID, tracking: c.Tracking, ours: c.Ours,
		key: make([]byte, sha256.Size), tickets: make(chan struct{}, ticketsAtOnce),
	}
	rand.Read(h.key)
	return h
}

// stateError tells what the client should see of an error of the state.
func stateError(err error) error {
	switch {
	case errors.Is(err, state.ErrUnavailable):
		return &web.Error{Status: http.StatusServiceUnavailable, Retry: 10 * time.Second, Detail: "The database cannot be reached just now."}
	case errors.Is(err, state.ErrInput):
		return &web.Error{Status: http.StatusUnprocessableEntity, Detail: web.Sentence(err)}
	case errors.Is(err, state.ErrNotFound):
		return web.ErrNotFound
	}
	return err
}

// inTurn reads a ticket when others have been read: each may be a megabyte.
func (h *Handlers) inTurn(r *web.Request, read func() error) error {
	turn := time.NewTimer(ticketWait)
	defer turn.Stop()
	select {
	case h.tickets <- struct{}{}:
		defer func() { <-h.tickets }()
		return read()
	case <-turn.C:
		return &web.Error{Status: http.StatusServiceUnavailable, Retry: 5 * time.Second}
	case <-r.Request().Context().Done():
		return nil // nobody waits any more
	}
}
