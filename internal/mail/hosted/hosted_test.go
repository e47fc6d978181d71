package hosted

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/dnstest"
	"signpost/internal/mail/provider/providertest"
)

const zone = `
ours.example. 60 IN MX 10 MX1.example.com.
ours.example. 60 IN MX 20 mx.other.example.
pattern.example. 60 IN MX 10 a.b.mx.example.com.
suffix.example. 60 IN MX 10 mx.example.com.
lookalike.example. 60 IN MX 10 evilmx1.example.com.
lookalike2.example. 60 IN MX 10 mx1.example.com.evil.example.
backup.example. 60 IN MX 10 mx.other.example.
backup.example. 60 IN MX 20 mx1.example.com.
equal.example. 60 IN MX 10 mx.other.example.
equal.example. 60 IN MX 10 mx2.example.com.
null.example. 60 IN MX 0 .
nomx.example. 60 IN A 192.0.2.1
sub.deep.example. 60 IN MX 10 mx1.example.com.
listed.example. 60 IN MX 10 mx.other.example.
`

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func setup(t *testing.T, c Config) (*Checker, *Directory, *dnstest.Server) {
	t.Helper()
	s := dnstest.Serve(t, zone)
	if c.Resolver == nil {
		c.Resolver = s.Resolver
	}
	domains, problems := ParseList("domains.txt", []byte("# ours\nlisted.example\n\nBücher.example.\nnot a domain\n"))
	if len(problems) != 1 || problems[0].Line != 5 {
		t.Fatal(problems)
	}
	return New(c), NewDirectory([]Entry{{providertest.Sample(t), domains}, {providertest.Odd(t), nil}}), s
}

func TestLookup(t *testing.T) {
	c, d, s := setup(t, Config{})
	tests := []struct {
		domain   string
		how      How
		provider string
	}{
		{"example.com", Own, "example.com"},
		{"odd.example", Own, "odd.example"},
		{"listed.example", Listed, "example.com"},
		{"xn--bcher-kva.example", Own, "odd.example"},
		{"ours.example", ByMX, "example.com"},
		{"pattern.example", ByMX, "example.com"},
		{"suffix.example", Foreign, ""},
		{"lookalike.example", Foreign, ""},
		{"lookalike2.example", Foreign, ""},
		{"backup.example", Foreign, ""},
		{"equal.example", ByMX, "example.com"},
		{"null.example", NoMail, ""},
		{"nomx.example", NoMail, ""},
		{"gone.example", NoMail, ""},
		{"sub.deep.example", ByMX, "example.com"},
		{"deep.example", NoMail, ""},
		{"co.uk", Invalid, ""},
		{"com", Invalid, ""},
	}
	for range 2 { // the second round comes from the cache
		for _, tt := range tests {
			r := c.Lookup(t.Context(), noon, d, tt.domain)
			id := ""
			if r.Provider != nil {
				id = r.Provider.ID
			}
			if r.How != tt.how || id != tt.provider || r.Stale {
				t.Errorf("%s: %+v, want %s %s", tt.domain, r, tt.how, tt.provider)
			}
		}
	}
	if n := s.Queries.Load(); n != 12 {
		t.Errorf("%d questions to DNS, want 12: own, listed and remembered domains ask nothing", n)
	}
	r := c.Lookup(t.Context(), noon, d, "ours.example")
	if diff := cmp.Diff([]string{"mx1.example.com", "mx.other.example"}, r.MX); diff != "" {
		t.Error(diff)
	}
}

func TestExpiry(t *testing.T) {
	c, d, s := setup(t, Config{})
	ask := func(after time.Duration, domain string, queries int64) {
		t.Helper()
		c.Lookup(t.Context(), noon.Add(after), d, domain)
		if n := s.Queries.Load(); n != queries {
			t.Errorf("after %v: %d questions, want %d", after, n, queries)
		}
	}
	ask(0, "ours.example", 1)
	ask(9*time.Minute, "ours.example", 1)
	ask(11*time.Minute, "ours.example", 2)
	ask(0, "gone.example", 3)
	ask(4*time.Minute, "gone.example", 3)
	ask(6*time.Minute, "gone.example", 4)
}

// TestStale: when DNS fails, the last answer counts for a day; a domain that
// was never seen is "failed", and not asked again for a while.
func TestStale(t *testing.T) {
	c, d, s := setup(t, Config{Timeout: 100 * time.Millisecond})
	c.Lookup(t.Context(), noon, d, "ours.example")
	s.Silent.Store(true)
	if r := c.Lookup(t.Context(), noon.Add(time.Hour), d, "ours.example"); r.How != ByMX || !r.Stale {
		t.Errorf("an hour later: %+v", r)
	}
	before := s.Queries.Load()
	if r := c.Lookup(t.Context(), noon.Add(time.Hour+time.Second), d, "ours.example"); r.How != ByMX || !r.Stale || s.Queries.Load() != before {
		t.Errorf("a second later: %+v, asked again: %v", r, s.Queries.Load() != before)
	}
	if r := c.Lookup(t.Context(), noon.Add(25*time.Hour), d, "ours.example"); r.How != Failed {
		t.Errorf("a day later: %+v", r)
	}
	start := time.Now()
	if r := c.Lookup(t.Context(), noon, d, "new.example"); r.How != Failed || r.Provider != nil {
		t.Errorf("new: %+v", r)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	s.Silent.Store(false)
	if r := c.Lookup(t.Context(), noon.Add(25*time.Hour+time.Minute), d, "ours.example"); r.How != ByMX || r.Stale {
		t.Errorf("DNS is back: %+v", r)
	}
}

// TestSingleFlight: many at once ask DNS once.
func TestSingleFlight(t *testing.T) {
	c, d, s := setup(t, Config{})
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if r := c.Lookup(t.Context(), noon, d, "ours.example"); r.How != ByMX {
				t.Errorf("%+v", r)
			}
		})
	}
	wg.Wait()
	if n := s.Queries.Load(); n != 1 {
		t.Errorf("%d questions, want 1", n)
	}
}

func TestBudget(t *testing.T) {
	c, d, s := setup(t, Config{PerSecond: 2})
	busy := 0
	for i := range 30 {
		if r := c.Lookup(t.Context(), noon, d, fmt.Sprintf("d%d.example", i)); r.How == Busy {
			busy++
		}
	}
	if busy != 20 || s.Queries.Load() != 10 {
		t.Errorf("%d busy, %d asked; want 20 and 10", busy, s.Queries.Load())
	}
	if r := c.Lookup(t.Context(), noon.Add(time.Second), d, "d29.example"); r.How != NoMail {
		t.Errorf("a second later: %+v", r)
	}
}

// TestCrowded: names below one domain cannot use up the cache, and get room
// again when answers expire.
func TestCrowded(t *testing.T) {
	c, d, s := setup(t, Config{})
	for i := range 20 {
		r := c.Lookup(t.Context(), noon, d, fmt.Sprintf("x%d.flood.example", i))
		if want := map[bool]How{true: NoMail, false: Busy}[i < 8]; r.How != want {
			t.Errorf("%d: %s, want %s", i, r.How, want)
		}
	}
	if n := s.Queries.Load(); n != 8 {
		t.Errorf("%d questions, want 8", n)
	}
	if r := c.Lookup(t.Context(), noon, d, "flood.example"); r.How != NoMail {
		t.Errorf("the domain itself: %s", r.How)
	}
	if r := c.Lookup(t.Context(), noon.Add(time.Hour), d, "x19.flood.example"); r.How != NoMail {
		t.Errorf("an hour later: %s", r.How)
	}
}

func TestCacheIsBounded(t *testing.T) {
	c, d, _ := setup(t, Config{CacheSize: 10, PerSecond: 1000})
	for i := range 50 {
		c.Lookup(t.Context(), noon, d, fmt.Sprintf("d%d.example", i))
	}
	if len(c.cache) != 10 || c.recent.Len() != 10 || len(c.below) != 10 {
		t.Errorf("%d, %d, %d entries, want 10", len(c.cache), c.recent.Len(), len(c.below))
	}
}

// TestInFlight: beyond the limit, callers are told to come back instead of
// waiting.
func TestInFlight(t *testing.T) {
	c, d, s := setup(t, Config{InFlight: 2, Timeout: 500 * time.Millisecond})
	s.Silent.Store(true)
	results := make(chan How, 6)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() { results <- c.Lookup(t.Context(), noon, d, fmt.Sprintf("d%d.example", i)).How })
	}
	wg.Wait()
	close(results)
	count := map[How]int{}
	for h := range results {
		count[h]++
	}
	if count[Failed] != 2 || count[Busy] != 4 {
		t.Errorf("%v, want 2 failed and 4 busy", count)
	}
}

func TestCallerGivesUp(t *testing.T) {
	c, d, s := setup(t, Config{})
	s.Silent.Store(true)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if r := c.Lookup(ctx, noon, d, "ours.example"); r.How != Failed || time.Since(start) > time.Second {
		t.Errorf("%+v after %v", r, time.Since(start))
	}
}

func TestNoResolver(t *testing.T) {
	c := New(Config{})
	d := NewDirectory([]Entry{{providertest.Sample(t), nil}})
	if r := c.Lookup(t.Context(), noon, d, "ours.example"); r.How != Foreign {
		t.Errorf("%+v", r)
	}
}

func TestParseListManyFaults(t *testing.T) {
	domains, problems := ParseList("d.txt", []byte(strings.Repeat("no domain\n", 500)+"good.example\n"))
	if len(domains) != 0 || len(problems) != 101 || problems.HasErrors() {
		t.Errorf("%d domains, %d problems", len(domains), len(problems))
	}
}

func FuzzParseList(f *testing.F) {
	f.Add([]byte("a.example\n# x\nbücher.example\r\n\xff"))
	f.Fuzz(func(t *testing.T, src []byte) {
		domains, _ := ParseList("d.txt", src)
		for _, d := range domains {
			if d == "" || strings.ContainsAny(d, " \n") {
				t.Fatalf("%q", d)
			}
		}
	})
}
