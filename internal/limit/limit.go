// Package limit counts what clients do, each in a token bucket of its own:
// a burst at once, and then so many a minute.
//
// [New] makes the [Buckets]; [Buckets.Take] counts one thing and says how long to
// wait when it is one too many. Memory is bounded: when there are too many
// keys, those that have earned most back are forgotten first, so that who uses up
// the budget stays known however many others come.
package limit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A Budget is what each key may do. The zero value sets no limit.
type Budget struct {
	PerMinute int // how much is earned back
	AtOnce    int // how much may be saved up
}

// ParseBudget reads a budget as [Budget.String] writes it: "1200/600" is 1200 a
// minute and 600 at once, "off" sets no limit. Both numbers are 1 to 1,000,000.
func ParseBudget(s string) (Budget, error) {
	if s == "off" {
		return Budget{}, nil
	}
	minute, once, ok := strings.Cut(s, "/")
	b := Budget{}
	var err error
	if b.PerMinute, err = strconv.Atoi(minute); err == nil && ok {
		b.AtOnce, err = strconv.Atoi(once)
	}
	if err != nil || !ok || min(b.PerMinute, b.AtOnce) < 1 || max(b.PerMinute, b.AtOnce) > 1_000_000 {
		return Budget{}, fmt.Errorf("%q is not a budget; write 1200/600 for 1200 a minute and 600 at once, or off", s)
	}
	return b, nil
}

// String writes a budget as the flags have it.
func (b Budget) String() string {
	if b == (Budget{}) {
		return "off"
	}
	return strconv.Itoa(b.PerMinute) + "/" + strconv.Itoa(b.AtOnce)
}

// Buckets count for many keys. They are safe for concurrent use.
type Buckets[K comparable] struct {
	budget Budget
	max    int // keys

	mu sync.Mutex
	of map[K]*bucket
}

type bucket struct {
	*rate.Limiter
	seen time.Time
}

// New returns buckets of one budget that remember at most so many keys.
func New[K comparable](b Budget, keys int) *Buckets[K] {
	return &Buckets[K]{budget: b, max: keys, of: map[K]*bucket{}}
}

// Take counts one thing for a key, whose bucket is shares times as large as the
// budget. A positive answer is how long to wait; then the thing does not count.
func (b *Buckets[K]) Take(key K, shares int, now time.Time) time.Duration {
	if b.budget == (Budget{}) {
		return 0
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.of[key]
	if one == nil {
		if len(b.of) >= b.max {
			b.shrink(now)
		}
		one = &bucket{Limiter: rate.NewLimiter(rate.Limit(float64(b.budget.PerMinute*shares)/60), b.budget.AtOnce*shares)}
		b.of[key] = one
	}
	one.seen = now
	r := one.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// Forget gives a key its whole budget back.
func (b *Buckets[K]) Forget(key K) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.of, key)
}

// shrink forgets the half of the keys that have used least of their budget; among
// equals, those not seen for longest. The caller holds mu.
func (b *Buckets[K]) shrink(now time.Time) {
	type use struct {
		key  K
		used float64
		seen time.Time
	}
	uses := make([]use, 0, len(b.of))
	for k, one := range b.of {
		uses = append(uses, use{k, float64(one.Burst()) - one.TokensAt(now), one.seen})
	}
	slices.SortFunc(uses, func(x, y use) int {
		return cmp.Or(cmp.Compare(x.used, y.used), x.seen.Compare(y.seen))
	})
	for _, u := range uses[:(len(uses)+1)/2] {
		delete(b.of, u.key)
	}
}
