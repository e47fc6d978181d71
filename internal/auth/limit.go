package auth

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds a limiter's memory.
const maxKeys = 10000

// A limiter allows a burst of attempts per key, and one more each interval.
type limiter struct {
	burst int
	every rate.Limit

	mu   sync.Mutex
	keys map[string]*rate.Limiter
}

func newLimiter(burst int, interval time.Duration) *limiter {
	return &limiter{burst: burst, every: rate.Every(interval), keys: map[string]*rate.Limiter{}}
}

// take counts an attempt; a positive answer is how long to wait, and the
// attempt does not count.
func (l *limiter) take(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.keys[key]
	if b == nil {
		if len(l.keys) >= maxKeys {
			l.shrink(now)
		}
		b = rate.NewLimiter(l.every, l.burst)
		l.keys[key] = b
	}
	r := b.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// forget gives a key its burst back.
func (l *limiter) forget(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.keys, key)
}

// shrink drops the keys that have earned all back, and when that is not enough
// those with few attempts: who tries often stays known. The caller holds mu.
func (l *limiter) shrink(now time.Time) {
	for used := 0.0; len(l.keys) >= maxKeys; used++ {
		for k, b := range l.keys {
			if float64(l.burst)-b.TokensAt(now) <= used {
				delete(l.keys, k)
			}
		}
	}
}
