package state

import (
	"context"
	"time"

	"signpost/internal/state/database"
)

// A Replica is a server that uses the database.
type Replica struct {
	ID      string // random, of one process
	Version string // of its program
	Since   time.Time
	Seen    time.Time // last sign of life
}

// aliveTime is how long a replica counts as alive after its last sign.
const aliveTime = 2 * time.Minute

// Beat tells the other replicas that this one is alive and which version it runs.
// It returns all that are alive, longest first. Call it every half a minute.
func (s *Store) Beat(ctx context.Context, version string, now time.Time) ([]Replica, error) {
	var out []Replica
	err := s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		_, err := db.ExecContext(ctx, `INSERT INTO replicas (id, version, since, seen) VALUES ($1, $2, $3, $3)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version, seen = excluded.seen`, s.id, version, now.Unix())
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, `DELETE FROM replicas WHERE seen < $1`, now.Add(-aliveTime).Unix()); err != nil {
			return err
		}
		rows, err := db.QueryContext(ctx, `SELECT id, version, since, seen FROM replicas ORDER BY since, id`)
		return database.Collect(rows, err, &out, func(r *Replica) []any {
			return []any{&r.ID, &r.Version, (*database.Instant)(&r.Since), (*database.Instant)(&r.Seen)}
		})
	})
	return out, err
}
