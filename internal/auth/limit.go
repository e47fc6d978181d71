package auth

import (
	"sync"
	"time"
)

// maxKeys bounds a limiter's memory.
const maxKeys = 10000

// A limiter allows a burst of attempts per key, and one more each interval.
type limiter struct {
	burst    float64
	interval time.Duration

	mu   sync.Mutex
	keys map[string]bucket
}

type bucket struct {
	used float64 // attempts that have not been earned back at the time
	at   time.Time
}

func newLimiter(burst int, interval time.Duration) *limiter {
	return &limiter{burst: float64(burst), interval: interval, keys: map[string]bucket{}}
}

// take counts an attempt; a positive answer is how long to wait, and the
// attempt does not count.
func (l *limiter) take(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.keys[key]
	used := l.now(b, now)
	if used+1 > l.burst {
		return time.Duration((used + 1 - l.burst) * float64(l.interval))
	}
	if !known && len(l.keys) >= maxKeys {
		l.shrink(now)
	}
	l.keys[key] = bucket{used + 1, now}
	return 0
}

func (l *limiter) now(b bucket, now time.Time) float64 {
	return max(0, b.used-float64(now.Sub(b.at))/float64(l.interval))
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
	for limit := 0.0; len(l.keys) >= maxKeys; limit++ {
		for k, b := range l.keys {
			if l.now(b, now) <= limit {
				delete(l.keys, k)
			}
		}
	}
}
