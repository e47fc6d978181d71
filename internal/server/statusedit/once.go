package statusedit

import (
	"crypto/sha256"
	"errors"
	"net/http"
	"sync"
	"time"

	"signpost/internal/server/web"
)

// once remembers the answers to requests with an Idempotency-Key, so that a
// client whose connection broke may ask again: the same key and the same
// request get the same answer, whatever happened since. It is bounded, holds
// only answers that succeeded, and does not outlive the process.
type once struct {
	mu      sync.Mutex
	entries map[string]*onceEntry
}

type onceEntry struct {
	request [sha256.Size]byte
	at      time.Time
	done    chan struct{} // closed when answer is there, or will never be
	answer  *onceAnswer   // nil: the request failed
}

type onceAnswer struct {
	status int
	header http.Header
	body   []byte
}

const (
	onceFor   = 24 * time.Hour
	onceMax   = 1000 // answers
	onceBytes = 64 << 10
	maxKey    = 200 // bytes of an Idempotency-Key
)

func newOnce() *once { return &once{entries: map[string]*onceEntry{}} }

// errOther refuses a key that belongs to something else.
var errOther = &web.Error{Status: http.StatusUnprocessableEntity, Detail: "This Idempotency-Key was used for another request."}

// errUnfinished is what the others see should make panic.
var errUnfinished = errors.New("the answer could not be made")

// do returns the answer that key was given before, or calls make and keeps
// what it returns. key is "" for a request without one.
func (o *once) do(key string, request []byte, now time.Time, make func() (*onceAnswer, error)) (a *onceAnswer, again bool, err error) {
	if key == "" {
		a, err = make()
		return a, false, err
	}
	sum := sha256.Sum256(request)
	for {
		mine, other := o.enter(key, sum, now)
		if other == nil {
			a, err := o.finish(key, mine, make)
			return a, false, err
		}
		if other.request != sum {
			return nil, false, errOther
		}
		<-other.done
		if other.answer != nil {
			return other.answer, true, nil
		}
	}
}

// has reports whether a key was used before.
func (o *once) has(key string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := o.entries[key]
	return e != nil && now.Sub(e.at) < onceFor
}

// enter returns the entry of key: a new one, or that of another request.
func (o *once) enter(key string, sum [sha256.Size]byte, now time.Time) (mine, other *onceEntry) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if e := o.entries[key]; e != nil && now.Sub(e.at) < onceFor {
		return nil, e
	}
	if len(o.entries) >= onceMax {
		o.forget(now)
	}
	mine = &onceEntry{request: sum, at: now, done: make(chan struct{})}
	o.entries[key] = mine
	return mine, nil
}

// finish makes the answer and keeps it when there is one.
func (o *once) finish(key string, e *onceEntry, make func() (*onceAnswer, error)) (*onceAnswer, error) {
	defer close(e.done)
	a, err := (*onceAnswer)(nil), errUnfinished
	defer func() {
		if err != nil || len(a.body) > onceBytes {
			o.mu.Lock()
			defer o.mu.Unlock()
			if o.entries[key] == e {
				delete(o.entries, key)
			}
			return
		}
		e.answer = a
	}()
	a, err = make()
	return a, err
}

// forget drops what is too old, and the oldest if that makes no room.
func (o *once) forget(now time.Time) {
	oldest := ""
	for k, e := range o.entries {
		if now.Sub(e.at) >= onceFor {
			delete(o.entries, k)
		} else if oldest == "" || e.at.Before(o.entries[oldest].at) {
			oldest = k
		}
	}
	if len(o.entries) >= onceMax {
		delete(o.entries, oldest)
	}
}
