package delivery

import (
	"context"
	"errors"
	"time"

	"signpost/internal/notify"
	"signpost/internal/notify/intent"
	"signpost/internal/state/notices"
)

// How much is sent at once.
const (
	maxWorkers = 20
	reserved   = 5 // of them only for what is more urgent than routine
	perDomain  = 8
	perOwn     = 2 // of a domain of the provider, whose servers have only just recovered
	takeAtOnce = 4
)

// How long sending may take. A message is not begun when too little of its
// lease is left, as after the machine stood still.
const (
	jobTime   = 2 * time.Minute
	sendTime  = 65 * time.Second
	graceTime = 10 * time.Second // for what is being sent when the program stops
	restTime  = 30 * time.Second // of a channel by which nothing can be sent
	idleTime  = time.Second
)

// backOff is how long to wait after an attempt that failed.
func backOff(attempt int) time.Duration {
	waits := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour}
	return waits[min(max(attempt, 1), len(waits))-1]
}

// deliver sends what is due until ctx ends.
func (r *Runner) deliver(ctx context.Context) {
	freed := make(chan struct{}, 1)
	for {
		n, err := r.Deliver(ctx, r.c.Now(), func() {
			select {
			case freed <- struct{}{}:
			default:
			}
		})
		if ctx.Err() == nil {
			r.say(err)
		}
		if n > 0 && err == nil {
			continue
		}
		timer := time.NewTimer(idleTime)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-freed:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// Deliver begins to send what is due and what there is room for, and returns how
// many messages that are. Each calls finished when it has ended.
func (r *Runner) Deliver(ctx context.Context, now time.Time, finished func()) (int, error) {
	if err := r.note(ctx, now); err != nil {
		return 0, err
	}
	w, ok := r.room(now)
	if !ok {
		return 0, nil
	}
	jobs, err := r.c.Store.Take(ctx, w, now)
	if err != nil {
		return 0, err
	}
	r.begin(jobs, w.N)
	for _, j := range jobs {
		r.workers.Go(func() {
			defer finished()
			defer r.end(j)
			r.send(ctx, j)
		})
	}
	return len(jobs), nil
}

// Wait waits for what is being sent.
func (r *Runner) Wait() { r.workers.Wait() }

// room says what may be taken now.
func (r *Runner) room(now time.Time) (notices.Want, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := notices.Want{N: min(takeAtOnce, maxWorkers-r.total), MaxClass: intent.ClassRoutine, Until: now.Add(jobTime)}
	if free := maxWorkers - reserved - r.lower; free <= 0 {
		w.MaxClass = intent.ClassUrgent
	} else {
		w.N = min(w.N, free)
	}
	if r.c.Rate > 0 {
		w.N = min(w.N, r.bucket.tokens(r.c.Rate/float64(r.shares), now))
	}
	for domain, n := range r.active {
		if n+w.N > r.limit(domain) {
			w.Busy = append(w.Busy, domain)
		}
	}
	for c, until := range r.paused {
		if until.After(now) {
			w.Paused = append(w.Paused, c)
		} else {
			delete(r.paused, c)
		}
	}
	return w, w.N > 0
}

// limit is how many messages to a domain are sent at once.
func (r *Runner) limit(domain string) int {
	if r.c.Own != nil && r.c.Own(domain) {
		return perOwn
	}
	return perDomain
}

func (r *Runner) begin(jobs []notices.Job, asked int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.c.Rate > 0 {
		r.bucket.spend(len(jobs))
	}
	for _, j := range jobs {
		r.active[j.Domain]++
		r.total++
		if j.Class >= intent.ClassRoutine {
			r.lower++
		}
	}
}

func (r *Runner) end(j notices.Job) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.active[j.Domain]--; r.active[j.Domain] <= 0 {
		delete(r.active, j.Domain)
	}
	r.total--
	if j.Class >= intent.ClassRoutine {
		r.lower--
	}
}

// send sends one message and records what became of it.
func (r *Runner) send(ctx context.Context, j notices.Job) {
	if _, sent := r.taken(j.ID); sent {
		r.finish(ctx, j)
		return
	}
	m, err := r.c.Store.Message(ctx, j, r.c.Now())
	switch {
	case errors.Is(err, notify.ErrNobody):
		r.say(r.c.Store.Drop(ctx, j))
		return
	case errors.Is(err, notify.ErrExpired), errors.Is(err, notify.ErrLink):
		r.say(r.c.Store.Failed(ctx, j, r.c.Now()))
		return
	case ctx.Err() != nil:
		r.give(context.WithoutCancel(ctx), j, r.c.Now(), false)
		return
	case err != nil:
		r.say(err) // the lease ends, and it is tried again
		return
	}
	sender := r.c.Senders[m.Subscription.Channel]
	if sender == nil {
		r.pause(ctx, j, errors.New("nothing is set up to send it"))
		return
	}
	if r.c.Now().After(j.Until.Add(-sendTime)) {
		return // it may be another replica's by the time it is sent
	}
	err = hand(ctx, sender, m)
	if err == nil && m.Event.Kind == notify.Confirm && m.Subscription.Channel == notify.Webhook {
		_, err = r.c.Store.Confirm(ctx, m.Confirm, intent.UnderWay(r.c.Board()), r.c.Now())
		if errors.Is(err, notify.ErrUsed) {
			err = nil
		}
	}
	r.judge(ctx, j, m, err)
}

// hand gives a message to its sender. When the program is told to stop, a message
// that is on its way has a moment to arrive, so that it need not be repeated.
func hand(ctx context.Context, sender notify.Sender, m notify.Message) error {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTime)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(graceTime, cancel) })()
	return sender.Send(limited, m)
}

// judge records the outcome of an attempt.
func (r *Runner) judge(ctx context.Context, j notices.Job, m notify.Message, err error) {
	var e *notify.Error
	switch {
	case err == nil:
		r.finish(ctx, j)
	case ctx.Err() != nil: // the program ends: it was not the message's fault
		r.give(context.WithoutCancel(ctx), j, r.c.Now(), false)
	case errors.As(err, &e) && e.Relay:
		r.pause(ctx, j, err)
	case errors.As(err, &e) && e.Permanent:
		if e.Status != "" && m.Return != "" {
			_, berr := r.c.Store.Bounce(ctx, m.Return, e.Status, r.c.Now())
			r.say(berr)
		}
		r.say(r.c.Store.Failed(ctx, j, r.c.Now()))
	default:
		r.give(ctx, j, r.c.Now().Add(backOff(j.Attempt)), true)
	}
}

// finish notes that a message was sent, later when the database is gone.
func (r *Runner) finish(ctx context.Context, j notices.Job) {
	err := r.c.Store.Delivered(context.WithoutCancel(ctx), j, r.c.Now())
	r.mu.Lock()
	if err != nil {
		r.done[j.ID] = j
	} else {
		delete(r.done, j.ID)
	}
	r.mu.Unlock()
	r.say(err)
}

// taken returns a job that was sent and not noted.
func (r *Runner) taken(id string) (notices.Job, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	j, ok := r.done[id]
	return j, ok
}

// note tells the database of what was sent while it was gone.
func (r *Runner) note(ctx context.Context, now time.Time) error {
	r.mu.Lock()
	var list []notices.Job
	for _, j := range r.done {
		if j.Until.After(now) { // else it is taken again first, and not sent
			list = append(list, j)
		} else if now.Sub(j.Until) > notices.ExpireAfter {
			delete(r.done, j.ID)
		}
	}
	r.mu.Unlock()
	for _, j := range list {
		if err := r.c.Store.Delivered(ctx, j, now); err != nil {
			return err
		}
		r.mu.Lock()
		delete(r.done, j.ID)
		r.mu.Unlock()
	}
	return nil
}

// pause gives a job back and lets its channel rest.
func (r *Runner) pause(ctx context.Context, j notices.Job, why error) {
	now := r.c.Now()
	r.mu.Lock()
	_, resting := r.paused[j.Channel()]
	r.paused[j.Channel()] = now.Add(restTime)
	r.mu.Unlock()
	if !resting {
		r.c.Log.Warn("nothing can be sent; messages wait", "channel", j.Channel(), "error", why)
	}
	r.give(ctx, j, now.Add(restTime), false)
}

// Paused reports whether nothing can be sent by a channel at present.
func (r *Runner) Paused(c notify.Channel) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.paused[c].After(r.c.Now())
}

// give gives a job back until an instant.
func (r *Runner) give(ctx context.Context, j notices.Job, due time.Time, spent bool) {
	off, err := r.c.Store.Retry(ctx, j, due, spent, r.c.Now())
	if off {
		r.c.Log.Warn("a webhook or chat has failed for a day and is turned off", "hint", "\"signpost subscribers list\" names its host")
	}
	r.say(err)
}

// A bucket limits a rate: it fills by the second, up to a second's worth.
type bucket struct {
	level float64
	at    time.Time
}

func (b *bucket) tokens(rate float64, now time.Time) int {
	if b.at.IsZero() {
		b.level = max(1, rate)
	} else if passed := now.Sub(b.at); passed > 0 {
		b.level = min(max(1, rate), b.level+rate*passed.Seconds())
	}
	b.at = now
	return int(b.level)
}

func (b *bucket) spend(n int) { b.level -= float64(n) }
