package state

import (
	"cmp"
	"context"
	"errors"

	"signpost/internal/state/database"
	"signpost/internal/state/spool"
)

// Flush spools what is in memory and applies all that is spooled to the
// database. What cannot be applied stays in the spool.
func (ev *Events) Flush(ctx context.Context) error {
	ev.buf.Spool()
	return ev.buf.Drain(func(b *spool.Batch) error {
		err := ev.apply(ctx, b, ev.applyEvent)
		if err == nil || errors.Is(err, ErrUnavailable) || ctx.Err() != nil {
			return err
		}
		// One event that the database refuses must not hold the others back.
		ev.log.Error("the database refuses a batch; storing its events one by one", "error", err)
		return ev.applySingly(ctx, b)
	})
}

// apply stores a batch and its id in one transaction.
func (ev *Events) apply(ctx context.Context, b *spool.Batch, each func(context.Context, database.Querier, *spool.Event) error) error {
	return ev.db.Write(ctx, applyTime, func(ctx context.Context, db database.Querier) error {
		if err := ev.inTurn(ctx, db); err != nil {
			return err
		}
		fresh, err := claim(ctx, db, b)
		if err != nil || !fresh {
			return err
		}
		for i := range b.Events {
			if err := each(ctx, db, &b.Events[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// applySingly stores the events of a batch that the database takes, in one
// transaction too, and counts the others as dropped.
func (ev *Events) applySingly(ctx context.Context, b *spool.Batch) error {
	var refused []spool.Kind
	err := ev.apply(ctx, b, func(ctx context.Context, db database.Querier, e *spool.Event) error {
		cause, err := ev.try(ctx, db, e)
		if cause != nil && err == nil {
			refused = append(refused, e.Kind)
			ev.log.Error("an event cannot be stored and is dropped", "kind", e.Kind, "error", cause)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, kind := range refused {
		ev.buf.Refused(kind)
	}
	return nil
}

// try stores an event, or returns why the database refuses it and leaves the
// transaction as it was. err ends the transaction.
func (ev *Events) try(ctx context.Context, db database.Querier, e *spool.Event) (refused, err error) {
	if _, err := db.ExecContext(ctx, `SAVEPOINT event`); err != nil {
		return nil, err
	}
	refused = ev.applyEvent(ctx, db, e)
	if database.IsOutage(refused) || ctx.Err() != nil {
		return nil, cmp.Or(refused, ctx.Err())
	}
	if refused != nil {
		if _, err := db.ExecContext(ctx, `ROLLBACK TO SAVEPOINT event`); err != nil {
			return nil, err
		}
	}
	_, err = db.ExecContext(ctx, `RELEASE SAVEPOINT event`)
	return refused, err
}

// inTurn lets one replica store counts at a time: two that raise the same
// counters in different order would wait for each other for ever.
func (ev *Events) inTurn(ctx context.Context, db database.Querier) error {
	if !ev.db.Postgres() {
		return nil // one writer anyway
	}
	_, err := db.ExecContext(ctx, `SELECT pg_advisory_xact_lock(7360521)`)
	return err
}

// claim records the batch; false says that it has been applied before.
func claim(ctx context.Context, db database.Querier, b *spool.Batch) (bool, error) {
	res, err := db.ExecContext(ctx, `INSERT INTO batches (id, day) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, b.ID, b.Events[0].Day)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func (ev *Events) applyEvent(ctx context.Context, db database.Querier, e *spool.Event) error {
	var err error
	switch e.Kind {
	case spool.Vote:
		_, err = db.ExecContext(ctx, `INSERT INTO votes (id, day, article, rev, lang, helpful, reason, comment, query, reply)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, comment = excluded.comment`,
			e.ID, e.Day, e.Article, e.Revision, e.Lang, database.Number(e.Helpful), e.Reason, e.Comment, e.Words, e.Reply)
	case spool.Search:
		_, err = db.ExecContext(ctx, `INSERT INTO searches (id, day, words, lang, results, pos, article)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET words = excluded.words,
			lang = excluded.lang, results = excluded.results, pos = excluded.pos, article = excluded.article`,
			e.ID, e.Day, e.Words, e.Lang, e.Results, e.Position, e.Article)
	case spool.Sent:
		_, err = db.ExecContext(ctx, `INSERT INTO replies (nonce, day, article, lang, platform, agent, format)
			VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (nonce) DO NOTHING`,
			e.ID, e.Day, e.Article, e.Lang, e.Platform, e.Agent, e.Format)
	case spool.Open:
		_, err = db.ExecContext(ctx, `INSERT INTO opens (nonce, day, article, n) VALUES ($1, $2, $3, $4)
			ON CONFLICT (nonce, day) DO UPDATE SET n = opens.n + excluded.n`, e.ID, e.Day, e.Article, e.N)
	case spool.Read:
		_, err = db.ExecContext(ctx, `INSERT INTO reads (article, day, lang, n) VALUES ($1, $2, $3, $4)
			ON CONFLICT (day, article, lang) DO UPDATE SET n = reads.n + excluded.n`, e.Article, e.Day, e.Lang, e.N)
	case spool.Asked:
		err = ev.applyAsked(ctx, db, e)
	case spool.Audit:
		err = insertAudit(ctx, db, e)
	}
	return err
}
