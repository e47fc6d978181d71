// Package office is where agents answer customers: signing in, the desk that
// suggests articles for a ticket, the editor of replies, gaps, the report, and
// the API for all of it.
//
// [New] returns the [Room]; [Room.Desk] is the page for a ticket, and
// [Room.SuggestAPI] the same for programs.
//
// Guarantees: a ticket is read for one answer, and neither its text nor an
// address in it is kept or logged; an article learns words, and words alone, from
// the tickets that it answered. Who may come in is decided by
// [exchange.AgentPage] and [exchange.AgentAPI].
package office

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"time"

	"signpost/internal/auth"
	"signpost/internal/server/exchange"
	"signpost/internal/server/setup"
	"signpost/internal/state"
	"signpost/internal/token"
)

// Config is what an office needs.
type Config struct {
	State    *state.Store
	Keys     *token.Keyring // sign the links in replies
	OpenID   *auth.OIDC     // nil: agents sign in with a password only
	Tracking bool           // count how often the links in replies are opened
	Setup    *setup.Room    // knows whose domain it is
}

// A Room is where agents work.
type Room struct {
	state    *state.Store
	keys     *token.Keyring
	openID   *auth.OIDC
	tracking bool
	setup    *setup.Room

	key     []byte // of hashes that die with the process
	minted  minted
	records records
	tickets chan struct{} // tickets that are being read
}

// New returns an office.
func New(c Config) *Room {
	rm := &Room{
		state: c.State, keys: c.Keys, openID: c.OpenID, tracking: c.Tracking, setup: c.Setup,
		key: make([]byte, sha256.Size), tickets: make(chan struct{}, ticketsAtOnce),
	}
	rand.Read(rm.key)
	return rm
}

// stateError tells what the client should see of an error of the state.
func stateError(err error) error {
	switch {
	case errors.Is(err, state.ErrUnavailable):
		return &exchange.Error{Status: http.StatusServiceUnavailable, Retry: 10 * time.Second, Detail: "The database cannot be reached just now."}
	case errors.Is(err, state.ErrInput):
		return &exchange.Error{Status: http.StatusUnprocessableEntity, Detail: exchange.Sentence(err)}
	case errors.Is(err, state.ErrNotFound):
		return exchange.ErrNotFound
	}
	return err
}

// inTurn reads a ticket when others have been read: each may be a megabyte.
func (rm *Room) inTurn(r *exchange.Request, h func() error) error {
	turn := time.NewTimer(ticketWait)
	defer turn.Stop()
	select {
	case rm.tickets <- struct{}{}:
		defer func() { <-rm.tickets }()
		return h()
	case <-turn.C:
		return &exchange.Error{Status: http.StatusServiceUnavailable, Retry: 5 * time.Second}
	case <-r.Request().Context().Done():
		return nil // nobody waits any more
	}
}
