// Package delivery tells subscribers what has changed.
//
// A [Runner] has two halves. [Runner.Derive] compares the status page with what
// was told, holds what is new for a while, and then queues a message for every
// subscription that wants it; of the replicas that share a database, one does
// that at a time. [Runner.Deliver] takes messages from the queue and hands them
// to the sender of their channel; all replicas do. [Runner.Run] does both until
// it is told to stop.
//
// Guarantees: a message that a sender took is sent again only when this process
// ends before it could note that, and then with the same id; at most as many
// messages as are sent at once are in that danger. The first notices of an
// incident go before everything else, and have workers of their own. A replica
// that stood still does not send what another one has taken over since.
package delivery

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/notify"
	"signpost/internal/notify/intent"
	"signpost/internal/state/notices"
)

// Config is what a Runner needs.
type Config struct {
	Store   *notices.Store
	Board   func() *status.BoardState // of the present snapshot
	Senders map[notify.Channel]notify.Sender
	Rules   intent.Rules
	Rate    float64                  // messages per second of all replicas together; 0: no limit
	Own     func(domain string) bool // whether mail of a domain is the provider's own, which is told slowly; may be nil
	Now     func() time.Time
	Log     *slog.Logger
}

// A Runner tells subscribers. It is safe for concurrent use.
type Runner struct {
	c Config

	mu     sync.Mutex
	leased time.Time // until when this replica finds events
	bucket bucket
	shares int // replicas that share the rate
	active map[string]int
	total  int
	lower  int                          // of those in total, of the routine class
	paused map[notify.Channel]time.Time // until when nothing can be sent
	done   map[string]notices.Job       // sent, and not noted by the database yet
	said   string                       // why nothing goes on, as it was logged last
	saidAt time.Time

	workers sync.WaitGroup
}

// New makes a runner.
func New(c Config) *Runner {
	return &Runner{c: c, shares: 1, active: map[string]int{}, paused: map[notify.Channel]time.Time{}, done: map[string]notices.Job{}}
}

// Share tells how many replicas share the rate.
func (r *Runner) Share(replicas int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shares = max(1, replicas)
}

const (
	leaseTime  = 30 * time.Second
	leaseRenew = 10 * time.Second
	deriveTime = 2 * time.Second
	expireTime = 10 * time.Minute
	// importedPosts is how many posts may become known at one moment; more were
	// imported, or the history was rewritten.
	importedPosts = 10
)

// Derive finds what is new and tells what is due.
func (r *Runner) Derive(ctx context.Context, now time.Time) error {
	if ok, err := r.lease(ctx, now); err != nil || !ok {
		return err
	}
	known, err := r.c.Store.Known(ctx, now)
	if err != nil {
		return err
	}
	board := r.c.Board()
	events := intent.Events(board)
	if known.Since.IsZero() {
		r.c.Log.Info("what is on the status page now counts as told; what changes from now on is told", "events", len(events))
		return r.c.Store.Count(ctx, events, now)
	}
	held, err := r.find(ctx, &known, events, now)
	if err != nil {
		return err
	}
	if held, err = r.forget(ctx, board, held); err != nil {
		return err
	}
	for _, n := range r.c.Rules.Ready(held, known.Times, now) {
		queued, err := r.c.Store.Tell(ctx, n.Event, n.Class, n.Tells(), n.Events, now)
		if err != nil {
			return err
		}
		r.c.Log.Info("subscribers are told", "post", n.Post, "update", n.Update, "kind", n.Kind, "messages", queued)
	}
	return nil
}

// lease reports whether this replica finds events now.
func (r *Runner) lease(ctx context.Context, now time.Time) (bool, error) {
	r.mu.Lock()
	left := r.leased.Sub(now)
	r.mu.Unlock()
	if left > leaseTime-leaseRenew && left <= leaseTime {
		return true, nil
	}
	ok, err := r.c.Store.Lease(ctx, "notices", leaseTime, now)
	if err != nil || !ok {
		return false, err
	}
	if incoming(r.c.Board()) {
		if err := r.c.Store.Outage(ctx, now); err != nil {
			return false, err
		}
	}
	r.mu.Lock()
	r.leased = now.Add(leaseTime)
	r.mu.Unlock()
	return true, nil
}

// incoming reports whether an incident is open in which addresses may bounce that
// exist: whenever mail is not said to be safe, or its mailboxes are concerned.
func incoming(b *status.BoardState) bool {
	boxes := map[string]bool{}
	for _, c := range b.Components {
		for _, service := range []string{"mx", "imap", "pop3", "pop"} {
			if slices.Contains(c.Services, service) || c.ID == service || c.ID == "mail" {
				boxes[c.ID] = true
			}
		}
	}
	for i := range b.Posts {
		p := &b.Posts[i]
		if p.Phase != status.Open || p.Kind == status.Notice {
			continue
		}
		if p.Mail != "" && p.Mail != status.MailSafe || slices.ContainsFunc(p.Effects, func(e status.Effect) bool { return boxes[e.Component] }) {
			return true
		}
	}
	return false
}

// find holds the events that are new, and returns all that are held.
func (r *Runner) find(ctx context.Context, known *notices.Known, events []notify.Event, now time.Time) ([]notify.Held, error) {
	var fresh []notify.Event
	posts := map[string]bool{}
	for _, e := range events {
		if !known.Has(e) {
			fresh = append(fresh, e)
			posts[e.Post] = true
		}
	}
	if len(fresh) == 0 {
		return known.Held, nil
	}
	if len(posts) > importedPosts {
		r.c.Log.Warn("so many posts at once are an import: nobody is told of them", "posts", len(posts))
		return known.Held, r.c.Store.Count(ctx, fresh, now)
	}
	var list []notify.Held
	for _, e := range fresh {
		list = append(list, notify.Held{Event: e, Due: r.c.Rules.Due(e, now)})
	}
	return append(known.Held, list...), r.c.Store.Hold(ctx, list, now)
}

// forget takes back events that are not part of the content any more.
func (r *Runner) forget(ctx context.Context, board *status.BoardState, held []notify.Held) (kept []notify.Held, err error) {
	var gone []notify.Held
	for _, h := range held {
		if _, ok := intent.Fact(board, h.Post, h.Update); ok {
			kept = append(kept, h)
		} else {
			gone = append(gone, h)
		}
	}
	if len(gone) == 0 {
		return kept, nil
	}
	return kept, r.c.Store.Unhold(ctx, gone)
}

// Run tells subscribers until ctx ends, and waits for what is being sent.
func (r *Runner) Run(ctx context.Context) {
	var loops sync.WaitGroup
	loops.Go(func() {
		r.every(ctx, deriveTime, func() error { return r.Derive(ctx, r.c.Now()) })
	})
	loops.Go(func() { r.every(ctx, expireTime, func() error { return r.Expire(ctx, r.c.Now()) }) })
	loops.Go(func() { r.deliver(ctx) })
	loops.Wait()
	r.Wait()
}

func (r *Runner) every(ctx context.Context, d time.Duration, do func() error) {
	t := time.NewTicker(d)
	defer t.Stop()
	for {
		if err := do(); ctx.Err() == nil {
			r.say(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// say logs why nothing goes on, each reason once in a while. The state itself
// logs that it is gone.
func (r *Runner) say(err error) {
	if err == nil || errors.Is(err, notices.ErrUnavailable) || errors.Is(err, context.Canceled) {
		return
	}
	now := r.c.Now()
	r.mu.Lock()
	again := r.said == err.Error() && now.Sub(r.saidAt) < expireTime
	if !again {
		r.said, r.saidAt = err.Error(), now
	}
	r.mu.Unlock()
	if !again {
		r.c.Log.Error("notices wait", "error", err)
	}
}

// Expire gives up what was tried for a day.
func (r *Runner) Expire(ctx context.Context, now time.Time) error {
	off, err := r.c.Store.Expire(ctx, now)
	for _, id := range off {
		r.c.Log.Warn("a webhook or chat has failed for a day and is turned off", "subscription", id, "hint", "\"signpost subscribers list\" names its host")
	}
	return err
}
