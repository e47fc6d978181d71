package state

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"signpost/internal/state/database"
)

// ErrKeys says that this replica's key ring is not the one of the replicas that
// share the database: links made on one would not work on another.
var ErrKeys error = database.NewError("the key ring is not the one of this site's other replicas")

// A KeyFingerprint tells a key of the ring from others without showing it.
type KeyFingerprint struct {
	ID          int       `json:"id"`
	Fingerprint string    `json:"fingerprint"`
	Since       time.Time `json:"since"` // when the database learnt of it
}

// CheckKeys compares a ring, as fingerprints by key id, with those that the
// PostgreSQL database knows, and adds what is new to them. ErrKeys: an id has two
// secrets, or no id of the ring is known. A SQLite file knows no other replica.
func (s *Store) CheckKeys(ctx context.Context, ring map[int]string, now time.Time) error {
	if !s.db.Postgres() {
		return nil
	}
	return s.changeKeys(ctx, func(ctx context.Context, db database.Querier) error {
		known, err := readKeys(ctx, db)
		if err != nil {
			return err
		}
		shared := 0
		for _, k := range known {
			mine, ok := ring[k.ID]
			if ok && mine != k.Fingerprint {
				return fmt.Errorf("%w: key %d has another secret there", ErrKeys, k.ID)
			}
			if ok {
				shared++
			}
		}
		if len(known) > 0 && shared == 0 {
			return fmt.Errorf("%w: it has none of their keys", ErrKeys)
		}
		return addKeys(ctx, db, ring, now)
	})
}

// AcceptKeys makes a ring the one that the replicas of this database must have.
func (s *Store) AcceptKeys(ctx context.Context, ring map[int]string, now time.Time) error {
	return s.changeKeys(ctx, func(ctx context.Context, db database.Querier) error {
		if _, err := db.ExecContext(ctx, `DELETE FROM key_fingerprints`); err != nil {
			return err
		}
		if err := addKeys(ctx, db, ring, now); err != nil {
			return err
		}
		return record(ctx, db, AuditKeysAccept, "", "")
	})
}

// KnownKeys returns the fingerprints that the database knows, by id.
func (s *Store) KnownKeys(ctx context.Context) ([]KeyFingerprint, error) {
	var out []KeyFingerprint
	err := s.db.Read(ctx, queryTime, func(ctx context.Context, db database.Querier) (err error) {
		out, err = readKeys(ctx, db)
		return err
	})
	return out, err
}

// changeKeys lets one replica at a time compare and add: two that start together
// with an empty table must not both be right.
func (s *Store) changeKeys(ctx context.Context, do func(context.Context, database.Querier) error) error {
	return s.db.Write(ctx, queryTime, func(ctx context.Context, db database.Querier) error {
		if s.db.Postgres() {
			if _, err := db.ExecContext(ctx, `LOCK TABLE key_fingerprints IN EXCLUSIVE MODE`); err != nil {
				return err
			}
		}
		return do(ctx, db)
	})
}

func readKeys(ctx context.Context, db database.Querier) ([]KeyFingerprint, error) {
	out := []KeyFingerprint{}
	rows, err := db.QueryContext(ctx, `SELECT id, fingerprint, since FROM key_fingerprints ORDER BY id`)
	err = database.Collect(rows, err, &out, func(k *KeyFingerprint) []any {
		return []any{&k.ID, &k.Fingerprint, (*database.Instant)(&k.Since)}
	})
	return out, err
}

func addKeys(ctx context.Context, db database.Querier, ring map[int]string, now time.Time) error {
	for _, id := range slices.Sorted(maps.Keys(ring)) {
		_, err := db.ExecContext(ctx, `INSERT INTO key_fingerprints (id, fingerprint, since) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`,
			id, ring[id], database.Seconds(now))
		if err != nil {
			return err
		}
	}
	return nil
}
