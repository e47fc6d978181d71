package web

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Limiter counts requests per client: an IPv4 address, or an IPv6 /64 and,
// because one customer may hold many of those, its /48 with a larger share.
// It remembers at most max clients; when it is full the least recently seen
// half is forgotten, which at worst is generous to them.
type Limiter struct {
	mu      sync.Mutex
	every   rate.Limit
	burst   int
	max     int
	buckets map[netip.Prefix]*bucket
}

type bucket struct {
	limit *rate.Limiter
	seen  time.Time
}

const maxClients = 20_000 // remembered by each limiter

const wideShare = 8 // how many /64 may be busy at once in one /48

// NewLimiter returns a limiter that lets each client do so many things a minute,
// and burst at once.
func NewLimiter(perMinute float64, burst int) *Limiter {
	return &Limiter{every: rate.Limit(perMinute / 60), burst: burst, max: maxClients, buckets: map[netip.Prefix]*bucket{}}
}

// Allow reports whether the client may do one more thing at now; if not, wait
// is how long it should wait.
func (l *Limiter) Allow(ip netip.Addr, now time.Time) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !ip.IsValid() {
		return true, 0 // a connection without an address, as over a Unix socket
	}
	if ip.Is4() {
		return l.take(netip.PrefixFrom(ip, 32), 1, now)
	}
	narrow, _ := ip.Prefix(64)
	wide, _ := ip.Prefix(48)
	if ok, wait := l.take(narrow, 1, now); !ok {
		return false, wait // it costs the neighbours in the /48 nothing
	}
	return l.take(wide, wideShare, now)
}

func (l *Limiter) take(key netip.Prefix, share int, now time.Time) (bool, time.Duration) {
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= l.max {
			l.forget()
		}
		b = &bucket{limit: rate.NewLimiter(l.every*rate.Limit(share), l.burst*share)}
		l.buckets[key] = b
	}
	b.seen = now
	r := b.limit.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return false, wait
	}
	return true, 0
}

// forget drops the clients that were seen before the middle of the time that
// is remembered.
func (l *Limiter) forget() {
	var oldest, newest time.Time
	for _, b := range l.buckets {
		if oldest.IsZero() || b.seen.Before(oldest) {
			oldest = b.seen
		}
		if b.seen.After(newest) {
			newest = b.seen
		}
	}
	middle := oldest.Add(newest.Sub(oldest) / 2)
	for k, b := range l.buckets {
		if !b.seen.After(middle) {
			delete(l.buckets, k)
		}
	}
	for k := range l.buckets { // all at one instant: make room all the same
		if len(l.buckets) < l.max {
			break
		}
		delete(l.buckets, k)
	}
}

// limited returns a handler that counts each request of a client.
func limited(l *Limiter, h Handler) Handler {
	return func(r *Request) error {
		if ok, wait := l.Allow(r.Client, r.Now); !ok {
			return TooMany(wait)
		}
		return h(r)
	}
}
