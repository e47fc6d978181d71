package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"signpost/internal/content/status"
	"signpost/internal/mail/address"
	"signpost/internal/notify"
	"signpost/internal/notify/delivery"
	"signpost/internal/notify/intent"
	"signpost/internal/relay"
	"signpost/internal/server"
	"signpost/internal/site"
	"signpost/internal/state"
)

// noticeFlags say how subscribers are told.
type noticeFlags struct {
	hold    time.Duration
	rate    float64
	bounces string
}

const (
	maxHold     = 10 * time.Minute
	defaultRate = 20 // messages per second
)

func (f *noticeFlags) add(fl *pflag.FlagSet) {
	fl.DurationVar(&f.hold, "notify-hold", intent.DefaultRules.Hold, "how long a notice waits for the agent who posts to stop it")
	fl.Float64Var(&f.rate, "smtp-rate", defaultRate, "messages per second that all replicas together send to subscribers; 0 for no limit")
	fl.StringVar(&f.bounces, "bounce-domain", "", "domain whose addresses b-… take notices that come back, for \"signpost subscribers bounce\" (default: they come back to the sender)")
}

// check refuses values that cannot be meant, and returns the domain of bounces.
func (f *noticeFlags) check() (bounces string, err error) {
	switch {
	case f.hold < 0 || f.hold > maxHold:
		return "", usageError{fmt.Errorf("--notify-hold must be from 0s to %s", maxHold)}
	case f.rate < 0:
		return "", usageError{errors.New("--smtp-rate must not be negative")}
	case f.bounces == "":
		return "", nil
	}
	if bounces, err = address.ParseDomain(f.bounces); err != nil {
		return "", usageError{fmt.Errorf("--bounce-domain: %w", err)}
	}
	return bounces, nil
}

// subscribers are who is told of the status: nobody while no mail server takes
// what has to be confirmed.
func subscribers(r *relay.Relay, store *state.Store) notify.Store {
	if r == nil {
		return nil
	}
	return store.Notices
}

// runner makes what tells subscribers, nil without a mail server.
func (f *serveFlags) runner(r *relay.Relay, store *state.Store, srv *server.Server, live *site.Live, log *slog.Logger) (*delivery.Runner, error) {
	if r == nil {
		return nil, nil
	}
	allow, err := parseNetworks("--allow-networks", f.relay.networks)
	if err != nil {
		return nil, err
	}
	rules := intent.DefaultRules
	rules.Hold = f.notices.hold
	run := delivery.New(delivery.Config{
		Store: store.Notices, Board: func() *status.BoardState { return live.Snapshot().Board },
		Senders: srv.Senders(r.Send, allow, time.Now), Rules: rules, Rate: f.notices.rate,
		Own: srv.Ours, Now: time.Now, Log: log,
	})
	srv.SetPaused(run.Paused)
	return run, nil
}

// shared returns who is told how many replicas there are.
func shared(r *delivery.Runner) func(replicas int) {
	if r == nil {
		return func(int) {}
	}
	return r.Share
}

// tell tells subscribers until ctx ends; wait for it before the state is closed.
func tell(ctx context.Context, r *delivery.Runner) (wait func()) {
	var group sync.WaitGroup
	if r != nil {
		group.Go(func() { r.Run(ctx) })
	}
	return group.Wait
}
