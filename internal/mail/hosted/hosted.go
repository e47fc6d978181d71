// Package hosted decides whether a customer's domain has its mail here: it is
// one of a provider's own domains, stands in a list, or its preferred MX is
// one of ours.
//
// [New] makes a [Checker] that lives as long as the program and remembers
// answers of DNS. A [Directory] is made from the provider descriptions and
// replaced when they change. [Checker.Lookup] brings the two together.
//
// Guarantees: names match by whole labels. Own and listed domains never ask
// DNS. Everything else is bounded: one question a name at a time, two seconds
// a question, 32 questions at once, a few names below each registrable domain,
// a budget of questions a second, a cache of fixed size that also remembers
// what does not exist. When DNS fails, the last answer counts for a day.
package hosted

import (
	"cmp"
	"container/list"
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"signpost/internal/mail/provider"
)

// A Resolver asks DNS for mail exchangers. The client of package dnsclient is
// one.
type Resolver interface {
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
}

// A Config sets the limits of a [Checker]. Zero values stand for the defaults.
type Config struct {
	Resolver  Resolver
	Timeout   time.Duration // of one question; 2 s
	InFlight  int           // questions at once; 32
	PerSecond float64       // questions a second in the long run; 20, and 100 at once
	CacheSize int           // names remembered; 10,000
	PerDomain int           // names remembered below one registrable domain; 8
	KeepFound time.Duration // how long an answer counts; 10 min
	KeepNone  time.Duration // how long "no MX" counts; 5 min
	KeepError time.Duration // how long a failure counts; 30 s
	KeepStale time.Duration // how long an old answer stands in for a failure; 24 h
}

// A How says why a domain is or is not ours.
type How string

// The answers of [Checker.Lookup].
const (
	Own     How = "own"     // a domain of the description
	Listed  How = "listed"  // in the domains file
	ByMX    How = "mx"      // its MX is ours
	Foreign How = "foreign" // its MX is somebody else's
	NoMail  How = "no-mail" // it has no MX
	Busy    How = "busy"    // too many questions; ask again later
	Failed  How = "failed"  // DNS did not answer
	Invalid How = "invalid" // not a name below a public suffix
)

// A Result is an answer.
type Result struct {
	Provider *provider.Provider // whose domain it is; nil when it is not ours or not known
	How      How
	MX       []string // what DNS said, preferred first; may be nil
	Stale    bool     // DNS failed, and an older answer stands in
}

// A Directory knows the own and listed domains of all providers.
type Directory struct {
	own, listed map[string]*provider.Provider
	providers   []*provider.Provider
}

// An Entry is a provider with the domains of its domains file.
type Entry struct {
	Provider *provider.Provider
	Domains  []string // A-labels, as [ParseList] returns them
}

// NewDirectory makes a Directory. The first provider wins a domain that two
// claim.
func NewDirectory(entries []Entry) *Directory {
	d := &Directory{own: map[string]*provider.Provider{}, listed: map[string]*provider.Provider{}}
	for _, e := range entries {
		d.providers = append(d.providers, e.Provider)
		for _, name := range e.Provider.Domains {
			if d.own[name] == nil {
				d.own[name] = e.Provider
			}
		}
		for _, name := range e.Domains {
			if d.listed[name] == nil {
				d.listed[name] = e.Provider
			}
		}
	}
	return d
}

// Known answers without DNS; ok is false when only DNS could tell.
func (d *Directory) Known(domain string) (r Result, ok bool) {
	if p := d.own[domain]; p != nil {
		return Result{Provider: p, How: Own}, true
	}
	if p := d.listed[domain]; p != nil {
		return Result{Provider: p, How: Listed}, true
	}
	return Result{}, false
}

// byMX returns the provider that one of the preferred exchangers belongs to.
func (d *Directory) byMX(a answer) Result {
	if len(a.mx) == 0 {
		return Result{How: NoMail}
	}
	for _, p := range d.providers {
		if slices.ContainsFunc(a.mx[:a.preferred], func(h string) bool { return provider.MatchMX(p.Hosted.MX, h) }) {
			return Result{Provider: p, How: ByMX, MX: a.mx}
		}
	}
	return Result{How: Foreign, MX: a.mx}
}

// wantsMX reports whether any provider recognises domains by MX at all.
func (d *Directory) wantsMX() bool {
	return slices.ContainsFunc(d.providers, func(p *provider.Provider) bool { return len(p.Hosted.MX) > 0 })
}

// A Checker asks DNS and remembers. It is safe for concurrent use.
type Checker struct {
	c       Config
	flight  singleflight.Group
	slots   chan struct{}
	limiter *rate.Limiter

	mu     sync.Mutex
	cache  map[string]*list.Element // of *entry
	recent *list.List               // most recently used first
	below  map[string][]string      // registrable domain -> names in the cache
}

// An answer is what DNS said of a name.
type answer struct {
	mx        []string // host names, preferred first
	preferred int      // how many share the best preference
}

type entry struct {
	name, registrable string
	answer            answer
	good              time.Time // when the answer was got; zero when there never was one
	until             time.Time // when to ask again
	failed            bool      // the last question failed
}

// New returns a Checker.
func New(c Config) *Checker {
	c.Timeout = cmp.Or(c.Timeout, 2*time.Second)
	c.InFlight = cmp.Or(c.InFlight, 32)
	c.PerSecond = cmp.Or(c.PerSecond, 20)
	c.CacheSize = cmp.Or(c.CacheSize, 10_000)
	c.PerDomain = cmp.Or(c.PerDomain, 8)
	c.KeepFound = cmp.Or(c.KeepFound, 10*time.Minute)
	c.KeepNone = cmp.Or(c.KeepNone, 5*time.Minute)
	c.KeepError = cmp.Or(c.KeepError, 30*time.Second)
	c.KeepStale = cmp.Or(c.KeepStale, 24*time.Hour)
	return &Checker{
		c: c, slots: make(chan struct{}, c.InFlight), limiter: rate.NewLimiter(rate.Limit(c.PerSecond), max(1, int(5*c.PerSecond))),
		cache: map[string]*list.Element{}, recent: list.New(), below: map[string][]string{},
	}
}

// Lookup says whose domain it is. The domain is in A-labels and lower case, as
// address.ParseDomain returns it. Lookup waits no longer than ctx, and hardly
// longer than the time-out of one question.
func (c *Checker) Lookup(ctx context.Context, now time.Time, d *Directory, domain string) Result {
	if r, ok := c.Remembered(now, d, domain); ok {
		return r
	}
	e, _ := c.remembered(now, domain)
	registrable, _ := publicsuffix.EffectiveTLDPlusOne(domain) // of a domain that has one
	done := c.flight.DoChan(domain, func() (any, error) {
		return c.ask(context.WithoutCancel(ctx), now, domain, registrable)
	})
	select {
	case got := <-done:
		if errors.Is(got.Err, errBusy) {
			return c.fallback(now, d, e, Busy)
		}
		return c.result(now, d, got.Val.(entry))
	case <-ctx.Done():
		return c.fallback(now, d, e, Failed)
	}
}

// Remembered is [Checker.Lookup] without a question: ok is false when DNS has to
// be asked.
func (c *Checker) Remembered(now time.Time, d *Directory, domain string) (r Result, ok bool) {
	if r, ok := d.Known(domain); ok {
		return r, true
	}
	if _, err := publicsuffix.EffectiveTLDPlusOne(domain); err != nil {
		return Result{How: Invalid}, true
	}
	if !d.wantsMX() || c.c.Resolver == nil {
		return Result{How: Foreign}, true
	}
	e, fresh := c.remembered(now, domain)
	if !fresh {
		return Result{}, false
	}
	return c.result(now, d, e), true
}

// result turns what is remembered into an answer.
func (c *Checker) result(now time.Time, d *Directory, e entry) Result {
	if e.failed {
		return c.fallback(now, d, e, Failed)
	}
	return d.byMX(e.answer)
}

// fallback uses an older answer when there is one that still counts.
func (c *Checker) fallback(now time.Time, d *Directory, e entry, how How) Result {
	if e.good.IsZero() || now.Sub(e.good) > c.c.KeepStale {
		return Result{How: how}
	}
	r := d.byMX(e.answer)
	r.Stale = true
	return r
}

func (c *Checker) remembered(now time.Time, name string) (e entry, fresh bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	el := c.cache[name]
	if el == nil {
		return entry{}, false
	}
	c.recent.MoveToFront(el)
	e = *el.Value.(*entry)
	return e, now.Before(e.until)
}

var errBusy = errors.New("too many questions")

// ask puts one question to DNS and remembers the answer.
func (c *Checker) ask(ctx context.Context, now time.Time, name, registrable string) (entry, error) {
	old, fresh := c.remembered(now, name)
	if fresh { // another question was answered in between
		return old, nil
	}
	if c.crowded(now, name, registrable) || !c.limiter.AllowN(now, 1) {
		return entry{}, errBusy
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	default:
		return entry{}, errBusy
	}
	ctx, cancel := context.WithTimeout(ctx, c.c.Timeout)
	defer cancel()
	mx, err := c.c.Resolver.LookupMX(ctx, name+".")
	e := entry{name: name, registrable: registrable, answer: old.answer, good: old.good}
	var dnsErr *net.DNSError
	switch notFound := errors.As(err, &dnsErr) && dnsErr.IsNotFound; {
	case err != nil && !notFound && len(mx) == 0:
		e.failed, e.until = true, now.Add(c.c.KeepError)
	default:
		e.answer, e.good = sorted(mx), now
		e.until = now.Add(c.c.KeepFound)
		if len(e.answer.mx) == 0 {
			e.until = now.Add(c.c.KeepNone)
		}
	}
	c.remember(e)
	return e, nil
}

// sorted puts the preferred exchangers first and drops a null MX (RFC 7505).
func sorted(list []*net.MX) answer {
	list = slices.DeleteFunc(slices.Clone(list), func(m *net.MX) bool { return m.Host == "." || m.Host == "" })
	slices.SortStableFunc(list, func(a, b *net.MX) int {
		return cmp.Or(cmp.Compare(a.Pref, b.Pref), cmp.Compare(a.Host, b.Host))
	})
	var a answer
	for i, m := range list {
		if i == 20 {
			break
		}
		if m.Pref == list[0].Pref {
			a.preferred++
		}
		a.mx = append(a.mx, strings.ToLower(strings.TrimSuffix(m.Host, ".")))
	}
	return a
}

// crowded reports whether a registrable domain already has its share of
// questions, so that random names below it cannot use up everything. Names
// whose answers have expired make room.
func (c *Checker) crowded(now time.Time, name, registrable string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cache[name] != nil || name == registrable || len(c.below[registrable]) < c.c.PerDomain {
		return false
	}
	for _, old := range slices.Clone(c.below[registrable]) {
		if el := c.cache[old]; now.After(el.Value.(*entry).until) {
			c.forget(el)
		}
	}
	return len(c.below[registrable]) >= c.c.PerDomain
}

func (c *Checker) remember(e entry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if el := c.cache[e.name]; el != nil {
		*el.Value.(*entry) = e
		c.recent.MoveToFront(el)
		return
	}
	c.cache[e.name] = c.recent.PushFront(&e)
	c.below[e.registrable] = append(c.below[e.registrable], e.name)
	for c.recent.Len() > c.c.CacheSize {
		c.forget(c.recent.Back())
	}
}

// forget removes an entry; the caller holds the lock.
func (c *Checker) forget(el *list.Element) {
	gone := c.recent.Remove(el).(*entry)
	delete(c.cache, gone.name)
	names := slices.DeleteFunc(c.below[gone.registrable], func(n string) bool { return n == gone.name })
	if len(names) == 0 {
		delete(c.below, gone.registrable)
		return
	}
	c.below[gone.registrable] = names
}
