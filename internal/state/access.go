package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

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
func (s *Store) Access() *Access { return s.access.Load() }

// loadAccess starts with the database's contents or the copy on disk.
func (s *Store) loadAccess(ctx context.Context) {
	a := &Access{Agents: map[string]Agent{}, Sessions: map[string]Session{}, Tokens: map[string]Token{}}
	if err := readJSON(s.file("access.json"), a); err != nil && !errors.Is(err, os.ErrNotExist) {
		s.log.Error("cannot read the copy of the accounts", "error", err)
		a = &Access{Agents: map[string]Agent{}, Sessions: map[string]Session{}, Tokens: map[string]Token{}}
	}
	// The copy may be of another database: read all.
	a.Version = -1
	s.access.Store(a)
	if err := s.Refresh(ctx); err != nil {
		s.log.Warn("accounts come from the copy in the data folder", "error", err)
	}
}

// Refresh brings the copy up to date, and sessions that were begun or ended
// without the database into it.
func (s *Store) Refresh(ctx context.Context) error {
	s.accessMu.Lock()
	defer s.accessMu.Unlock()
	return s.refresh(ctx)
}

func (s *Store) refresh(ctx context.Context) error {
	old := s.access.Load()
	if len(old.Begun)+len(old.Ended) > 0 {
		if err := s.catchUp(ctx, old); err != nil {
			return err
		}
	}
	var fresh *Access
	err := s.read(ctx, queryTime, func(ctx context.Context, db querier) error {
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
	s.setAccess(fresh)
	return nil
}

// catchUp stores what happened to sessions while the database was gone.
func (s *Store) catchUp(ctx context.Context, a *Access) error {
	err := s.changeAccess(ctx, queryTime, func(ctx context.Context, db querier) error {
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
	s.setAccess(done)
	return nil
}

// setAccess replaces the copy in memory and on disk. The caller holds accessMu.
func (s *Store) setAccess(a *Access) {
	s.access.Store(a)
	b, err := json.Marshal(a)
	if err == nil {
		err = writeFile(s.file("access.json"), b)
	}
	if err != nil {
		s.log.Error("cannot keep a copy of the accounts", "error", err)
	}
}

func readAccess(ctx context.Context, db querier, version int64) (*Access, error) {
	a := &Access{Version: version, Agents: map[string]Agent{}, Sessions: map[string]Session{}, Tokens: map[string]Token{}}
	var agents []Agent
	rows, err := db.QueryContext(ctx, `SELECT name, password, created FROM agents`)
	if err := collect(rows, err, &agents, func(v *Agent) []any {
		return []any{&v.Name, &v.Password, (*instant)(&v.Created)}
	}); err != nil {
		return nil, err
	}
	for _, v := range agents {
		a.Agents[v.Name] = v
	}
	var sessions []Session
	rows, err = db.QueryContext(ctx, `SELECT id, agent, source, created, expires FROM sessions`)
	if err := collect(rows, err, &sessions, func(v *Session) []any {
		return []any{&v.ID, &v.Agent, &v.Source, (*instant)(&v.Created), (*instant)(&v.Expires)}
	}); err != nil {
		return nil, err
	}
	for _, v := range sessions {
		a.Sessions[v.ID] = v
	}
	var tokens []Token
	rows, err = db.QueryContext(ctx, `SELECT id, name, agent, scopes, created, expires FROM tokens`)
	if err := collect(rows, err, &tokens, func(v *Token) []any {
		return []any{&v.ID, &v.Name, &v.Agent, (*words)(&v.Scopes), (*instant)(&v.Created), (*instant)(&v.Expires)}
	}); err != nil {
		return nil, err
	}
	for _, v := range tokens {
		a.Tokens[v.ID] = v
	}
	return a, nil
}

// instant scans seconds since 1970; 0 is the zero time.
type instant time.Time

func (i *instant) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("%T is no instant", v)
	}
	*i = instant{}
	if n != 0 {
		*i = instant(time.Unix(n, 0).UTC())
	}
	return nil
}

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// words scans a list written with spaces between.
type words []string

func (w *words) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("%T is no text", v)
	}
	*w = append(words{}, strings.Fields(s)...)
	return nil
}

// changeAccess runs statements and marks the accounts as changed.
func (s *Store) changeAccess(ctx context.Context, limit time.Duration, do func(context.Context, querier) error) error {
	return s.write(ctx, limit, func(ctx context.Context, db querier) error {
		if err := do(ctx, db); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, `UPDATE counters SET n = n + 1 WHERE name = 'access'`)
		return err
	})
}

// commitAccess is changeAccess followed by a refresh of the copy.
func (s *Store) commitAccess(ctx context.Context, do func(context.Context, querier) error) error {
	return s.commitWithin(ctx, queryTime, do)
}

func (s *Store) commitWithin(ctx context.Context, limit time.Duration, do func(context.Context, querier) error) error {
	s.accessMu.Lock()
	defer s.accessMu.Unlock()
	if err := s.changeAccess(ctx, limit, do); err != nil {
		return err
	}
	return s.refresh(ctx)
}

// affected runs a statement, and returns the error none when it touched no row.
func affected(ctx context.Context, db querier, none error, query string, args ...any) error {
	res, err := db.ExecContext(ctx, query, args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return none
}

// AddAgent makes an account. ErrExists when the name is taken.
func (s *Store) AddAgent(ctx context.Context, a Agent) error {
	return s.commitAccess(ctx, func(ctx context.Context, db querier) error {
		return affected(ctx, db, ErrExists, `INSERT INTO agents (name, password, admin, created) VALUES ($1, $2, 0, $3) ON CONFLICT (name) DO NOTHING`,
			a.Name, a.Password, seconds(a.Created))
	})
}

// SetPassword changes an account's password and ends its sessions.
func (s *Store) SetPassword(ctx context.Context, name, hash string) error {
	return s.commitAccess(ctx, func(ctx context.Context, db querier) error {
		if err := affected(ctx, db, ErrNotFound, `UPDATE agents SET password = $1 WHERE name = $2`, hash, name); err != nil {
			return err
		}
		_, err := db.ExecContext(ctx, `DELETE FROM sessions WHERE agent = $1`, name)
		return err
	})
}

// RemoveAgent removes an account with its sessions and the tokens it made; of
// a user of an OpenID provider, who has no account, it ends the sessions.
// ErrNotFound when there is nothing of the name.
func (s *Store) RemoveAgent(ctx context.Context, name string) error {
	return s.commitAccess(ctx, func(ctx context.Context, db querier) error {
		none := ErrNotFound
		for _, q := range []string{`DELETE FROM agents WHERE name = $1`, `DELETE FROM sessions WHERE agent = $1`, `DELETE FROM tokens WHERE agent = $1`} {
			switch err := affected(ctx, db, ErrNotFound, q, name); {
			case err == nil:
				none = nil
			case !errors.Is(err, ErrNotFound):
				return err
			}
		}
		return none
	})
}

// AddToken keeps a token. ErrExists when the name is taken.
func (s *Store) AddToken(ctx context.Context, t Token) error {
	return s.commitAccess(ctx, func(ctx context.Context, db querier) error {
		return affected(ctx, db, ErrExists, `INSERT INTO tokens (id, name, agent, scopes, created, expires) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
			t.ID, t.Name, t.Agent, strings.Join(t.Scopes, " "), seconds(t.Created), seconds(t.Expires))
	})
}

// RemoveToken removes a token by its name.
func (s *Store) RemoveToken(ctx context.Context, name string) error {
	return s.commitAccess(ctx, func(ctx context.Context, db querier) error {
		return affected(ctx, db, ErrNotFound, `DELETE FROM tokens WHERE name = $1`, name)
	})
}

func insertSession(ctx context.Context, db querier, v Session) error {
	_, err := db.ExecContext(ctx, `INSERT INTO sessions (id, agent, source, created, expires) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		v.ID, v.Agent, v.Source, seconds(v.Created), seconds(v.Expires))
	return err
}

// AddSession begins a session; with the database gone it is kept in the data
// folder until it is back.
func (s *Store) AddSession(ctx context.Context, v Session) error {
	err := s.commitAccess(ctx, func(ctx context.Context, db querier) error { return insertSession(ctx, db, v) })
	if !errors.Is(err, ErrUnavailable) {
		return err
	}
	s.accessMu.Lock()
	defer s.accessMu.Unlock()
	a := s.access.Load().clone()
	a.Sessions[v.ID] = v
	a.Begun = append(a.Begun, v.ID)
	s.setAccess(a)
	return nil
}

// RemoveSession ends a session, with or without the database.
func (s *Store) RemoveSession(ctx context.Context, id string) error {
	err := s.commitAccess(ctx, func(ctx context.Context, db querier) error {
		_, err := db.ExecContext(ctx, `DELETE FROM sessions WHERE id = $1`, id)
		return err
	})
	if !errors.Is(err, ErrUnavailable) {
		return err
	}
	s.accessMu.Lock()
	defer s.accessMu.Unlock()
	a := s.access.Load().clone()
	delete(a.Sessions, id)
	a.Begun = slices.DeleteFunc(a.Begun, func(b string) bool { return b == id })
	a.Ended = append(a.Ended, id)
	s.setAccess(a)
	return nil
}
