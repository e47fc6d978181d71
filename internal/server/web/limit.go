package web

import (
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"signpost/internal/limit"
)

// A Kind is what a request costs: each kind has a budget of its own for each client,
// so that nobody who types uses up somebody's set-up.
type Kind string

// The kinds of requests that are limited. Discovery never is.
const (
	Typing     Kind = "typing"     // searches while somebody types, and those of programs
	Results    Kind = "results"    // pages of results
	Clicks     Kind = "clicks"     // which result was opened
	Votes      Kind = "votes"      // whether an article helped, and why not
	Messages   Kind = "messages"   // to the provider, by /contact
	Notices    Kind = "notices"    // subscriptions to the status; leaving is never limited
	SetUp      Kind = "setup"      // settings, profiles and files for an address
	Lookups    Kind = "lookups"    // questions to DNS whose domain it is; what is remembered costs nothing
	Checks     Kind = "checks"     // a domain's records compared with DNS
	Assistants Kind = "assistants" // calls of /mcp
	OpenID     Kind = "openid"     // signing in by a provider that has to be asked
	Calls      Kind = "api"        // calls of the API by agents' programs and pages
)

// Limits are the budgets of a site whose operator set none, for each client. They
// hold for 500 people behind one address who all search during an outage: each
// types a word of 20 letters and looks at a page of results within half a minute.
func Limits() map[Kind]limit.Budget {
	return map[Kind]limit.Budget{
		Typing:     {PerMinute: 12_000, AtOnce: 6000},
		Results:    {PerMinute: 1200, AtOnce: 600},
		Clicks:     {PerMinute: 1200, AtOnce: 600},
		Votes:      {PerMinute: 30, AtOnce: 100},
		Messages:   {PerMinute: 60, AtOnce: 300},
		Notices:    {PerMinute: 60, AtOnce: 300},
		SetUp:      {PerMinute: 600, AtOnce: 600},
		Lookups:    {PerMinute: 60, AtOnce: 30},
		Checks:     {PerMinute: 10, AtOnce: 10},
		Assistants: {PerMinute: 600, AtOnce: 200},
		OpenID:     {PerMinute: 60, AtOnce: 60},
		Calls:      {PerMinute: 600, AtOnce: 200},
	}
}

const (
	maxClients = 20_000 // remembered by each limit
	wideShare  = 8      // how many /64 may be busy at once in one /48
)

// A limiter counts requests of one kind per client: an IPv4 address, or an IPv6 /64
// and, because one customer may hold many of those, its /48 with a larger share.
type limiter struct {
	buckets *limit.Buckets[netip.Prefix]
	refused prometheus.Counter
}

// newLimiters returns the limits of a site; given are those that its operator set.
func newLimiters(given map[Kind]limit.Budget, m *Metrics) map[Kind]limiter {
	list := map[Kind]limiter{}
	for kind, budget := range Limits() {
		if b, ok := given[kind]; ok {
			budget = b
		}
		list[kind] = limiter{limit.New[netip.Prefix](budget, maxClients), m.refused.WithLabelValues(string(kind))}
	}
	return list
}

// take counts one request of a client; a positive answer is how long it should
// wait instead.
func (l limiter) take(ip netip.Addr, now time.Time) time.Duration {
	wait := l.wait(ip, now)
	if wait > 0 {
		l.refused.Inc()
	}
	return wait
}

func (l limiter) wait(ip netip.Addr, now time.Time) time.Duration {
	if !ip.IsValid() {
		return 0 // a connection without an address, as over a Unix socket
	}
	if ip.Is4() {
		return l.buckets.Take(netip.PrefixFrom(ip, 32), 1, now)
	}
	narrow, _ := ip.Prefix(64)
	wide, _ := ip.Prefix(48)
	if wait := l.buckets.Take(narrow, 1, now); wait > 0 {
		return wait // it costs the neighbours in the /48 nothing
	}
	return l.buckets.Take(wide, wideShare, now)
}

// Spend counts one thing of a kind for the client; a positive answer is how long
// it should wait instead.
func (r *Request) Spend(kind Kind) time.Duration { return r.App.limits[kind].take(r.Client, r.Now) }

// limited returns a handler that counts each request of a client.
func limited(kind Kind, h Handler) Handler {
	return func(r *Request) error {
		if wait := r.Spend(kind); wait > 0 {
			return TooMany(wait)
		}
		return h(r)
	}
}
