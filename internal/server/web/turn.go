package web

import (
	"context"
	"net/http"
	"runtime"
	"time"
)

// Searching may take all processors but one, and pages of results no more than
// half of them: however many people search, what comes from memory is answered,
// and who types is the last to be turned away.
const (
	typingWait  = 4 * time.Second // for a turn
	resultsWait = 2 * time.Second
	shedRetry   = 2 * time.Second // when to try again
)

// A queue lets so many requests of a kind work at once; others wait for a while.
type queue struct {
	slots []chan struct{} // one of each is needed, in this order
	wait  time.Duration
}

// newQueues returns the queues of the kinds that have one, for so many processors.
func newQueues(processors int) map[Kind]queue {
	search, results := make(chan struct{}, max(1, processors-1)), make(chan struct{}, max(1, processors/2))
	return map[Kind]queue{
		Typing:  {slots: []chan struct{}{search}, wait: typingWait},
		Results: {slots: []chan struct{}{results, search}, wait: resultsWait},
	}
}

// processors is what queues divide.
func processors() int { return runtime.GOMAXPROCS(0) }

// enter waits for a turn, which ends with leave; ok is false when it did not come in
// time or ctx has ended.
func (q queue) enter(ctx context.Context) (leave func(), ok bool) {
	taken := 0
	leave = func() {
		for _, slot := range q.slots[:taken] {
			<-slot
		}
		taken = 0
	}
	var late <-chan time.Time
	for _, slot := range q.slots {
		select {
		case slot <- struct{}{}:
			taken++
			continue
		default:
		}
		if late == nil {
			timer := time.NewTimer(q.wait)
			defer timer.Stop()
			late = timer.C
		}
		select {
		case slot <- struct{}{}:
			taken++
		case <-late:
			leave()
			return nil, false
		case <-ctx.Done():
			leave()
			return nil, false
		}
	}
	return leave, true
}

// inTurn returns a handler that works when it is its turn, until it begins to
// answer: a client that reads slowly holds up nobody.
func inTurn(kind Kind, h Handler) Handler {
	return func(r *Request) error {
		leave, ok := r.App.queues[kind].enter(r.Request().Context())
		if !ok {
			if r.Request().Context().Err() != nil {
				return nil // nobody waits any more
			}
			r.App.Metrics.shed.WithLabelValues(string(kind)).Inc()
			return &Error{Status: http.StatusServiceUnavailable, Retry: shedRetry}
		}
		r.leave = leave
		defer leave()
		return h(r)
	}
}

// answering ends the request's turn, if it had one.
func (r *Request) answering() {
	if r.leave != nil {
		r.leave()
	}
}
