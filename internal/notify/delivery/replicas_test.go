package delivery_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"signpost/internal/notify"
	"signpost/internal/notify/delivery"
	"signpost/internal/notify/intent"
	"signpost/internal/state/notices"
)

type subscriber = *notices.Store

// begun writes an incident and lets everybody's messages be queued.
func (s *site) begun(r *delivery.Runner) {
	s.t.Helper()
	s.write(map[string]string{"imap": outage + "## 2014-10-06 18:00 investigating\nNobody can read mail.\n"})
	for range 2 {
		if err := r.Derive(s.t.Context(), s.now); err != nil {
			s.t.Fatal(err)
		}
		s.now = s.now.Add(30 * time.Second)
	}
}

// ids counts the messages by id.
func (s *site) ids() map[string]int {
	n := map[string]int{}
	for _, m := range s.mail {
		n[m.ID]++
	}
	return n
}

// TestKilledInTheMiddle: a replica is killed after the relay has taken two of its
// messages and before it could note that. The other one takes over, and the
// repeated ones have the ids that they had.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	killed, r1 := s.replica()
	_, r2 := s.replica()
	s.step(r1)
	s.everybody(killed.Notices)
	s.begun(r1)
	jobs, err := killed.Notices.Take(t.Context(), notices.Want{N: 2, MaxClass: 2, Until: s.now.Add(2 * time.Minute)}, s.now)
	if err != nil || len(jobs) != 2 {
		t.Fatal(jobs, err)
	}
	for _, j := range jobs {
		m, err := killed.Notices.Message(t.Context(), j, s.now)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	s.until("18:01:10", r2)
	if len(s.mail) != 3 {
		t.Errorf("%d messages; what the killed one holds is sent while its lease lasts", len(s.mail))
	}
	s.until("18:10:00", r2)
	twice := 0
	for _, n := range s.ids() {
		if n == 2 {
			twice++
		}
	}
	if len(s.mail) != 5 || len(s.ids()) != 3 || twice != 2 {
		t.Errorf("%d messages with %d ids: %q", len(s.mail), len(s.ids()), s.log)
	}
}

// TestFrozenReplica: a replica stands still while it holds messages. When it
// wakes up, another one has sent them.
func TestFrozenReplica(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	store, r1 := s.replica()
	_, r2 := s.replica()
	s.step(r1)
	s.everybody(store.Notices)
	s.begun(r1)
	// It takes them, and goes on five minutes later.
	frozen := delivery.New(delivery.Config{
		Store: store.Notices, Board: s.state, Senders: map[notify.Channel]notify.Sender{notify.Mail: s}, Rules: intent.DefaultRules,
		Now: func() time.Time { return s.now.Add(5 * time.Minute) }, Log: slog.New(slog.DiscardHandler),
	})
	if n, err := frozen.Deliver(t.Context(), s.now, func() {}); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	frozen.Wait()
	if len(s.mail) != 0 {
		t.Errorf("it sends what it may not hold any more: %q", s.log)
	}
	s.until("18:10:00", r2)
	if len(s.mail) != 3 || len(s.ids()) != 3 {
		t.Errorf("%q", s.log)
	}
	// The one that finds events stands still too: the other one takes that over.
	s.write(map[string]string{"smtp": "---\nkind: incident\naffects: smtp=down\n---\n## 2014-10-06 18:10 investigating\nNobody can send.\n"})
	s.until("18:12:00", r2)
	if len(s.mail) != 6 {
		t.Errorf("%d messages: %q", len(s.mail), s.log)
	}
	s.until("18:13:00", r1, r2)
	if len(s.mail) != 6 {
		t.Errorf("two replicas tell twice: %q", s.log)
	}
}

// TestStop: a program that is told to stop gives back what it has taken, so that
// the next one need not wait for its lease to end.
func TestStop(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	store, r1 := s.replica()
	_, r2 := s.replica()
	s.step(r1)
	s.everybody(store.Notices)
	s.begun(r1)
	ctx, stop := context.WithCancel(t.Context())
	stopping := delivery.New(delivery.Config{
		Store: store.Notices, Board: s.state, Rules: intent.DefaultRules, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
		Senders: map[notify.Channel]notify.Sender{notify.Mail: senderFunc(func(ctx context.Context, _ notify.Message) error {
			stop()
			if ctx.Err() != nil {
				t.Error("what is being sent is cut off at once")
			}
			return errors.New("connection lost")
		})},
	})
	if n, err := stopping.Deliver(ctx, s.now, func() {}); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	stopping.Wait()
	s.step(r2)
	if len(s.mail) != 3 || s.mail[0].Attempt != 1 {
		t.Errorf("%q", s.log)
	}
}

// TestRefusals: what the relay says of one receiver is not the others' matter.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	store, _ := s.replica()
	tries := map[string]int{}
	refuse := senderFunc(func(ctx context.Context, m notify.Message) error {
		s.mu.Lock()
		tries[m.Subscription.Target]++
		n := tries[m.Subscription.Target]
		s.mu.Unlock()
		switch {
		case m.Subscription.Target == "p0@example.net":
			return &notify.Error{Permanent: true, Status: "5.1.1", Err: errors.New("no such user")}
		case m.Subscription.Target == "p1@example.net" && n < 3:
			return errors.New("try later")
		case m.Subscription.Target == "p1@example.net" && m.Attempt != 3:
			return errors.New("the attempts are not counted")
		}
		return s.Send(ctx, m)
	})
	r := delivery.New(delivery.Config{
		Store: store.Notices, Board: s.state, Senders: map[notify.Channel]notify.Sender{notify.Mail: refuse}, Rules: intent.DefaultRules,
		Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
	})
	s.step(r)
	s.everybody(store.Notices)
	s.begun(r)
	s.until("18:30:00", r)
	p, err := store.Notices.Progress(t.Context(), "imap")
	if err != nil || p.Delivered != 2 || p.Failed != 1 || p.Waiting != 0 || tries["p0@example.net"] != 1 || tries["p1@example.net"] != 3 {
		t.Errorf("%+v %v %v", p, err, tries)
	}
}

type senderFunc func(context.Context, notify.Message) error

func (f senderFunc) Send(ctx context.Context, m notify.Message) error { return f(ctx, m) }

// TestExpiry: the relay is gone for more than a day.
func TestExpiry(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	store, r := s.replica()
	s.step(r)
	s.everybody(store.Notices)
	s.fail = &notify.Error{Relay: true, Err: errors.New("connection refused")}
	s.begun(r)
	s.step(r)
	s.now = s.now.Add(25 * time.Hour)
	s.fail = nil
	if err := r.Expire(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.step(r)
	p, err := store.Notices.Progress(t.Context(), "imap")
	if err != nil || len(s.mail) != 0 || p.Failed != 3 || p.Waiting != 0 {
		t.Errorf("%+v %v %q", p, err, s.log)
	}
}
