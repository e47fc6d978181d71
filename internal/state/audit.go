package state

import (
	"context"
	"time"

	"signpost/internal/state/database"
	"signpost/internal/state/spool"
)

// An AuditEntry says what an agent, a program or somebody at the server's
// command line did. It never holds customers' text.
type AuditEntry struct {
	At      time.Time `json:"at"`
	Agent   string    `json:"agent"`   // account; "" at the command line, and of tokens that belong to nobody
	Token   string    `json:"token"`   // name of the API token, or ""
	Action  string    `json:"action"`  // "post.add", "post.update", "post.edit", "post.undo" or one of the Audit constants
	Subject string    `json:"subject"` // id of the post, name of the account or token
	Detail  string    `json:"detail"`  // scopes of a token, number of rows restored; mostly ""
}

// Actions of an [AuditEntry] that this package records itself.
const (
	AuditAgentAdd      = "agent.add"
	AuditAgentPassword = "agent.password"
	AuditAgentRemove   = "agent.remove"
	AuditTokenAdd      = "token.add"
	AuditTokenRemove   = "token.remove"
	AuditRestore       = "state.restore"
	AuditAskedReset    = "asked.reset"
	AuditKeysAccept    = "keys.accept"
)

// Audit records what was done. When it returns, the entry is in the data folder;
// the database gets it like all events.
func (ev *Events) Audit(a AuditEntry, now time.Time) {
	err := ev.buf.Add(spool.Event{
		Kind: spool.Audit, ID: orderedID(now), Day: day(now), At: now.Unix(), Agent: clip(plain(a.Agent), 200), Token: clip(plain(a.Token), 200),
		Action: a.Action, Subject: clip(plain(a.Subject), 200), Detail: clip(plain(a.Detail), 200),
	})
	if err != nil {
		ev.log.Error("what was done is missing from the audit log", "action", a.Action, "subject", a.Subject, "error", err)
	}
	ev.buf.Spool()
}

// orderedID returns an id that sorts by time. Its last 11 bits are random: two
// replicas may record something in the same microsecond.
func orderedID(now time.Time) int64 { return now.UnixMicro()<<11 | spool.NewID()&(1<<11-1) }

// record stores an entry in the transaction that does what it tells.
func record(ctx context.Context, db database.Querier, action, subject, detail string) error {
	now := time.Now()
	return insertAudit(ctx, db, &spool.Event{
		ID: orderedID(now), At: now.Unix(), Action: action, Subject: clip(plain(subject), 200), Detail: clip(plain(detail), 200),
	})
}

func insertAudit(ctx context.Context, db database.Querier, e *spool.Event) error {
	_, err := db.ExecContext(ctx, `INSERT INTO audit (id, at, agent, token, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		e.ID, e.At, e.Agent, e.Token, e.Action, e.Subject, e.Detail)
	return err
}

// Audit returns what was done from an instant on, oldest first, at most the
// newest n entries. What waits in the spool of a server is not among them yet.
func (p *Reports) Audit(ctx context.Context, since time.Time, n int) ([]AuditEntry, error) {
	out := []AuditEntry{}
	err := p.db.Read(ctx, reportTime, func(ctx context.Context, db database.Querier) error {
		rows, err := db.QueryContext(ctx, `SELECT at, agent, token, action, subject, detail FROM
			(SELECT * FROM audit WHERE at >= $1 ORDER BY at DESC, id DESC LIMIT $2) AS newest ORDER BY at, id`, database.Seconds(since), n)
		return database.Collect(rows, err, &out, func(a *AuditEntry) []any {
			return []any{(*database.Instant)(&a.At), &a.Agent, &a.Token, &a.Action, &a.Subject, &a.Detail}
		})
	})
	return out, err
}
