package state

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"signpost/internal/durable"
	"signpost/internal/state/database"
)

// Accounts are who may come in: agents, their sessions, and API tokens. Those of
// agents and tokens change at the server's command line, and each change is
// recorded with it.
type Accounts struct {
	db   *database.DB
	log  *slog.Logger
	path string // of the copy in the data folder

	access   atomic.Pointer[Access]
	mu       sync.Mutex // held while the copy is changed
	replaced int64      // damaged files whose place the copy has filled
	kept     bool       // the copy holds what this database held
	looked   time.Time  // when an unknown token was looked up last
}

// An Agent is an account of a person who answers customers.
type Agent struct {
	Name     string    `json:"name"`     // what is typed to sign in; lower case
	Password string    `json:"password"` // its hash as package auth makes it; "" when there is none
	Created  time.Time `json:"created"`
}

// A Session is a signed-in browser.
type Session struct {
	ID      string    `json:"id"` // hash of the cookie's value
	Agent   string    `json:"agent"`
	Source  string    `json:"source"` // "password", or "oidc": then there need be no account
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// A Token lets a program in.
type Token struct {
	ID      string    `json:"id"`    // hash of the token
	Name    string    `json:"name"`  // unique
	Agent   string    `json:"agent"` // who made it
	Scopes  []string  `json:"scopes"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"` // zero: never
}

// An Access is a copy of all accounts, sessions and tokens at one time. It is
// never changed.
type Access struct {
	Version  int64              `json:"version"` // of the database's contents
	Agents   map[string]Agent   `json:"agents"`
	Sessions map[string]Session `json:"sessions"`
	Tokens   map[string]Token   `json:"tokens"`
	Begun    []string           `json:"begun,omitempty"` // sessions that the database does not have yet
	Ended    []string           `json:"ended,omitempty"` // sessions that it still has
}

func (a *Access) clone() *Access {
	return &Access{a.Version, maps.Clone(a.Agents), maps.Clone(a.Sessions), maps.Clone(a.Tokens), slices.Clone(a.Begun), slices.Clone(a.Ended)}
}

// Access returns the present copy. It never waits.
func (c *Accounts) Access() *Access { return c.access.Load() }

// How often unknown tokens may be looked up, and how long that takes at most.
const (
	lookUpEvery = 500 * time.Millisecond
	lookUpTime  = time.Second
)

// Token returns a token by the hash of its value. One that the copy does not know
// may have been made a moment ago: it is looked up, but not more often than
// strangers' guesses should cost.
func (c *Accounts) Token(ctx context.Context, id string) (Token, bool) {
	if t, ok := c.Access().Tokens[id]; ok {
		return t, true
	}
	if c.mu.TryLock() { // else the copy is being refreshed, or the database hangs
		defer c.mu.Unlock()
		if now := time.Now(); now.Sub(c.looked) >= lookUpEvery {
			c.looked = now
			ctx, cancel := context.WithTimeout(ctx, lookUpTime)
			defer cancel()
			if err := c.refresh(ctx); err != nil && !errors.Is(err, ErrUnavailable) {
				c.log.Error("cannot look up a token", "error", err)
			}
		}
	}
	t, ok := c.Access().Tokens[id]
	return t, ok
}

// load starts with the copy on disk, and returns how many accounts and tokens
// it knows.
func (c *Accounts) load() int {
	src, err := os.ReadFile(c.path)
	a := &Access{}
	if err == nil {
		err = json.Unmarshal(src, a)
		c.kept = err == nil
	}
	if err != nil {
		a = &Access{}
		if !errors.Is(err, os.ErrNotExist) {
			c.log.Error("cannot read the copy of the accounts", "file", c.path, "error", err)
		}
	}
	a.Agents, a.Sessions, a.Tokens = orEmpty(a.Agents), orEmpty(a.Sessions), orEmpty(a.Tokens)
	a.Version = -1 // the copy may be of another database: read all
	c.access.Store(a)
	return len(a.Agents) + len(a.Tokens)
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// Refresh brings the copy up to date, and sessions that were begun or ended
// without the database into it.
func (c *Accounts) Refresh(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refresh(ctx)
}

func (c *Accounts) refresh(ctx context.Context) error {
	old := c.access.Load()
	if err := c.putBack(ctx, old); err != nil {
		return err
	}
	if len(old.Begun)+len(old.Ended) > 0 {
		if err := c.catchUp(ctx, old); err != nil {
			return err
		}
	}
	old = c.access.Load()
	var fresh *Access
	err := c.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		var version int64
		if err := db.QueryRowContext(ctx, `SELECT n FROM counters WHERE name = 'access'`).Scan(&version); err != nil {
			return err
		}
		if version == old.Version {
			return nil
		}
		var err error
		fresh, err = readAccess(ctx, db, version)
		return err
	})
	if err != nil || fresh == nil {
		return err
	}
	c.setAccess(fresh)
	return nil
}

// putBack stores the copy in a database that took the place of a damaged one:
// the copy is a few seconds old, the database up to a day.
func (c *Accounts) putBack(ctx context.Context, a *Access) error {
	n := c.db.Replaced()
	if n == c.replaced {
		return nil
	}
	if !c.kept {
		c.replaced = n
		return nil
	}
	err := c.changeAccess(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, table := range []string{"agents", "sessions", "tokens"} {
			if _, err := db.ExecContext(ctx, `DELETE FROM `+table); err != nil {
				return err
			}
		}
		for _, v := range a.Agents {
			if err := insertAgent(ctx, db, v); err != nil {
				return err
			}
		}
		for _, v := range a.Tokens {
			if err := insertToken(ctx, db, v); err != nil {
				return err
			}
		}
		for _, v := range a.Sessions {
			if err := insertSession(ctx, db, v); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.replaced = n
	c.log.Warn("accounts, tokens and sessions were put back from the copy in the data folder", "agents", len(a.Agents), "tokens", len(a.Tokens))
	stale := a.clone()
	stale.Version = -1
	c.access.Store(stale)
	return nil
}

// catchUp stores what happened to sessions while the database was gone.
func (c *Accounts) catchUp(ctx context.Context, a *Access) error {
	err := c.changeAccess(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		for _, id := range a.Begun {
			if session, ok := a.Sessions[id]; ok {
				if err := insertSession(ctx, db, session); err != nil {
					return err
				}
			}
		}
		for _, id := range a.Ended {
			if _, err := db.ExecContext(ctx, `DELETE FROM sessions WHERE id = $1`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	done := a.clone()
	done.Begun, done.Ended = nil, nil
	c.setAccess(done)
	return nil
}

// setAccess replaces the copy in memory and on disk. The caller holds mu.
func (c *Accounts) setAccess(a *Access) {
	c.access.Store(a)
	b, err := json.Marshal(a)
	if err == nil {
		err = durable.WriteFile(c.path, b, 0o600)
	}
	c.kept = true
	if err != nil {
		c.log.Error("cannot keep a copy of the accounts", "error", err)
	}
}

func readAccess(ctx context.Context, db database.Querier, version int64) (*Access, error) {
	a := &Access{Version: version, Agents: map[string]Agent{}, Sessions: map[string]Session{}, Tokens: map[string]Token{}}
	var agents []Agent
	rows, err := db.QueryContext(ctx, `SELECT name, password, created FROM agents`)
	if err := database.Collect(rows, err, &agents, func(v *Agent) []any {
		return []any{&v.Name, &v.Password, (*database.Instant)(&v.Created)}
	}); err != nil {
		return nil, err
	}
	for _, v := range agents {
		a.Agents[v.Name] = v
	}
	var sessions []Session
	rows, err = db.QueryContext(ctx, `SELECT id, agent, source, created, expires FROM sessions`)
	if err := database.Collect(rows, err, &sessions, func(v *Session) []any {
		return []any{&v.ID, &v.Agent, &v.Source, (*database.Instant)(&v.Created), (*database.Instant)(&v.Expires)}
	}); err != nil {
		return nil, err
	}
	for _, v := range sessions {
		a.Sessions[v.ID] = v
	}
	var tokens []Token
	rows, err = db.QueryContext(ctx, `SELECT id, name, agent, scopes, created, expires FROM tokens`)
	if err := database.Collect(rows, err, &tokens, func(v *Token) []any {
		return []any{&v.ID, &v.Name, &v.Agent, (*database.Words)(&v.Scopes), (*database.Instant)(&v.Created), (*database.Instant)(&v.Expires)}
	}); err != nil {
		return nil, err
	}
	for _, v := range tokens {
		a.Tokens[v.ID] = v
	}
	return a, nil
}

// changeAccess runs statements and marks the accounts as changed.
func (c *Accounts) changeAccess(ctx context.Context, limit time.Duration, do func(context.Context, database.Querier) error) error {
	return c.db.Write(ctx, limit, func(ctx context.Context, db database.Querier) error {
		if err := do(ctx, db); err != nil {
			return err
		}
		return markChanged(ctx, db)
	})
}

// markChanged tells all replicas that their copies are old.
func markChanged(ctx context.Context, db database.Querier) error {
	_, err := db.ExecContext(ctx, `UPDATE counters SET n = n + 1 WHERE name = 'access'`)
	return err
}

// commitAccess is changeAccess followed by a refresh of the copy.
func (c *Accounts) commitAccess(ctx context.Context, do func(context.Context, database.Querier) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.changeAccess(ctx, queryTime, do); err != nil {
		return err
	}
	return c.refresh(ctx)
}

// commitBulk is commitAccess for very many rows.
func (c *Accounts) commitBulk(ctx context.Context, do func(context.Context, *database.Bulk) error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	err := c.db.WriteBulk(ctx, restoreTime, func(ctx context.Context, db *database.Bulk) error {
		if err := do(ctx, db); err != nil {
			return err
		}
		return markChanged(ctx, db)
	})
	if err != nil {
		return err
	}
	return c.refresh(ctx)
}

// AddAgent makes an account. ErrExists when the name is taken.
func (c *Accounts) AddAgent(ctx context.Context, a Agent) error {
	return c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		if err := insertAgent(ctx, db, a); err != nil {
			return err
		}
		return record(ctx, db, AuditAgentAdd, a.Name, "")
	})
}

// SetPassword changes an account's password and ends its sessions.
func (c *Accounts) SetPassword(ctx context.Context, name, hash string) error {
	return c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		if err := database.Affected(ctx, db, ErrNotFound, `UPDATE agents SET password = $1 WHERE name = $2`, hash, name); err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, `DELETE FROM sessions WHERE agent = $1`, name); err != nil {
			return err
		}
		return record(ctx, db, AuditAgentPassword, name, "")
	})
}

// RemoveAgent removes an account with its sessions and the tokens it made; of
// a user of an OpenID provider, who has no account, it ends the sessions.
// ErrNotFound when there is nothing of the name.
func (c *Accounts) RemoveAgent(ctx context.Context, name string) error {
	return c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		none := ErrNotFound
		for _, q := range []string{`DELETE FROM agents WHERE name = $1`, `DELETE FROM sessions WHERE agent = $1`, `DELETE FROM tokens WHERE agent = $1`} {
			switch err := database.Affected(ctx, db, ErrNotFound, q, name); {
			case err == nil:
				none = nil
			case !errors.Is(err, ErrNotFound):
				return err
			}
		}
		if none != nil {
			return none
		}
		return record(ctx, db, AuditAgentRemove, name, "")
	})
}

// AddToken keeps a token. ErrExists when the name is taken.
func (c *Accounts) AddToken(ctx context.Context, t Token) error {
	return c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		if err := insertToken(ctx, db, t); err != nil {
			return err
		}
		return record(ctx, db, AuditTokenAdd, t.Name, strings.Join(t.Scopes, " "))
	})
}

// RemoveToken removes a token by its name.
func (c *Accounts) RemoveToken(ctx context.Context, name string) error {
	return c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		if err := database.Affected(ctx, db, ErrNotFound, `DELETE FROM tokens WHERE name = $1`, name); err != nil {
			return err
		}
		return record(ctx, db, AuditTokenRemove, name, "")
	})
}

// insertAgent leaves the column admin of the first schema at 0.
func insertAgent(ctx context.Context, db database.Querier, a Agent) error {
	return database.Affected(ctx, db, ErrExists, `INSERT INTO agents (name, password, admin, created) VALUES ($1, $2, 0, $3) ON CONFLICT (name) DO NOTHING`,
		a.Name, a.Password, database.Seconds(a.Created))
}

func insertToken(ctx context.Context, db database.Querier, t Token) error {
	return database.Affected(ctx, db, ErrExists, `INSERT INTO tokens (id, name, agent, scopes, created, expires) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		t.ID, t.Name, t.Agent, strings.Join(t.Scopes, " "), database.Seconds(t.Created), database.Seconds(t.Expires))
}

func insertSession(ctx context.Context, db database.Querier, v Session) error {
	_, err := db.ExecContext(ctx, `INSERT INTO sessions (id, agent, source, created, expires) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		v.ID, v.Agent, v.Source, database.Seconds(v.Created), database.Seconds(v.Expires))
	return err
}

// AddSession begins a session; with the database gone it is kept in the data
// folder until it is back.
func (c *Accounts) AddSession(ctx context.Context, v Session) error {
	err := c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error { return insertSession(ctx, db, v) })
	if !errors.Is(err, ErrUnavailable) {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.access.Load().clone()
	a.Sessions[v.ID] = v
	a.Begun = append(a.Begun, v.ID)
	c.setAccess(a)
	return nil
}

// RemoveSession ends a session, with or without the database.
func (c *Accounts) RemoveSession(ctx context.Context, id string) error {
	err := c.commitAccess(ctx, func(ctx context.Context, db database.Querier) error {
		_, err := db.ExecContext(ctx, `DELETE FROM sessions WHERE id = $1`, id)
		return err
	})
	if !errors.Is(err, ErrUnavailable) {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	a := c.access.Load().clone()
	delete(a.Sessions, id)
	a.Begun = slices.DeleteFunc(a.Begun, func(b string) bool { return b == id })
	a.Ended = append(a.Ended, id)
	c.setAccess(a)
	return nil
}
