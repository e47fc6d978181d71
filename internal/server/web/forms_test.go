package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// A pace is a clock and a scheduler that tests move by hand.
type pace struct {
	at    time.Time
	later []func()
	waits []time.Duration
}

func (p *pace) now() time.Time { return p.at }

func (p *pace) after(d time.Duration, f func()) {
	p.later, p.waits = append(p.later, f), append(p.waits, d)
}

// run lets what is scheduled happen, one after the other, and counts it.
func (p *pace) run() (n int) {
	for ; len(p.later) > 0; n++ {
		f := p.later[0]
		p.at = p.at.Add(p.waits[0])
		p.later, p.waits = p.later[1:], p.waits[1:]
		f()
	}
	return n
}

func newPace() *pace { return &pace{at: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)} }

func TestBestLevelIsMadeForWhatIsAskedFor(t *testing.T) {
	for _, c := range []coding{brotliCoding, gzipCoding} {
		p := newPace()
		s := newForms(1<<20, p.now, p.after)
		a := newAnswer("text/html", testPage(1))
		get := func(accept, known string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			r := &http.Request{Header: http.Header{"Accept-Encoding": {accept}}}
			if known != "" {
				r.Header.Set("If-None-Match", known)
			}
			a.write(w, r, http.StatusOK, s)
			return w
		}
		first := get(c.String(), "")
		if got := decoded(t, c, first.Body.Bytes()); !bytes.Equal(got, a.body) {
			t.Fatalf("%s: the first answer is not whole", c)
		}
		for range 20 {
			get(c.String(), "")
		}
		if n := p.run(); n != 0 {
			t.Errorf("%s: a body that is new was compressed again", c)
		}
		p.at = p.at.Add(bestAge)
		get(c.String(), "")
		get(c.String(), "")
		if n := p.run(); n != 1 {
			t.Errorf("%s: %d bodies were compressed at the best level, want 1", c, n)
		}
		best := get(c.String(), "")
		if got := decoded(t, c, best.Body.Bytes()); !bytes.Equal(got, a.body) || best.Body.Len() >= first.Body.Len() {
			t.Errorf("%s: the best level has %d bytes, the fast one %d", c, best.Body.Len(), first.Body.Len())
		}
		if best.Header().Get("ETag") == first.Header().Get("ETag") {
			t.Errorf("%s: two levels have one ETag", c)
		}
		for _, w := range []*httptest.ResponseRecorder{first, best} {
			known := w.Header().Get("ETag")
			if again := get(c.String(), known); again.Code != http.StatusNotModified || again.Header().Get("ETag") != known || again.Body.Len() > 0 {
				t.Errorf("%s: for %s: %d %s", c, known, again.Code, again.Header().Get("ETag"))
			}
			if other := get("identity", known); other.Code != http.StatusOK {
				t.Errorf("%s: its ETag is that of the bytes as they are", c)
			}
		}
		p.at = p.at.Add(time.Hour)
		get(c.String(), "")
		if n := p.run(); n != 0 || s.working {
			t.Errorf("%s: the best level was made again", c)
		}
	}
}

// What was asked for a few times only is not worth the best level.
func TestBestLevelIsNotMadeForWhatIsRare(t *testing.T) {
	p := newPace()
	s := newForms(1<<20, p.now, p.after)
	a := newAnswer("text/html", testPage(1))
	for range bestAfter - 1 {
		s.encode(a, brotliCoding)
		p.at = p.at.Add(time.Hour)
	}
	if n := p.run(); n != 0 {
		t.Errorf("%d were compressed", n)
	}
}

// The background takes a tenth of one processor: it rests nine times as long as it worked.
func TestBestLevelRests(t *testing.T) {
	p := newPace()
	clock := p.at
	s := newForms(1<<20, func() time.Time { clock = clock.Add(time.Second); return clock }, p.after)
	for n := range 3 {
		a := newAnswer("text/html", testPage(n))
		for range 30 {
			s.encode(a, gzipCoding)
		}
	}
	if len(p.later) != 1 || p.waits[0] != 0 {
		t.Fatalf("%d scheduled after %v, want one at once", len(p.later), p.waits)
	}
	for range 2 {
		p.later[0]()
		p.later, p.waits = p.later[1:], p.waits[1:]
		if len(p.later) != 1 || p.waits[0] != restFactor*time.Second {
			t.Fatalf("after a second of work the next is scheduled after %v", p.waits)
		}
	}
}

func TestFormsAreEvicted(t *testing.T) {
	p := newPace()
	s := newForms(20_000, p.now, p.after)
	for n := range 30 {
		for _, c := range []coding{brotliCoding, gzipCoding} {
			a := newAnswer("text/html", testPage(n))
			data, _ := s.encode(a, c)
			if got := decoded(t, c, data); !bytes.Equal(got, a.body) {
				t.Fatalf("body %d is not whole", n)
			}
		}
		sum := 0
		for el := s.order.Front(); el != nil; el = el.Next() {
			sum += el.Value.(*form).size()
		}
		if s.used != sum || s.used > s.max || len(s.byBody) != s.order.Len() {
			t.Fatalf("%d bytes are counted, %d are kept, of %d", s.used, sum, s.max)
		}
	}
	if s.order.Len() < 2 {
		t.Errorf("only %d forms are kept", s.order.Len())
	}
}

// A form that is evicted while it waits for its best level is left alone.
func TestEvictedFormsAreNotImproved(t *testing.T) {
	p := newPace()
	s := newForms(1<<20, p.now, p.after)
	a := newAnswer("text/html", testPage(1))
	s.encode(a, brotliCoding)
	p.at = p.at.Add(bestAge)
	for range bestAfter {
		s.encode(a, brotliCoding)
	}
	s.max = 0
	s.encode(newAnswer("text/html", testPage(2)), brotliCoding)
	if n := p.run(); n != 1 || s.used != 0 || s.order.Len() != 0 {
		t.Errorf("%d bytes are counted of %d forms", s.used, s.order.Len())
	}
}

// All who ask at the same time get one form.
func TestFormsAtTheSameTime(t *testing.T) {
	s := newForms(1<<20, time.Now, func(time.Duration, func()) {})
	bodies := [][]byte{testPage(1), testPage(2), testPage(3)}
	var all sync.WaitGroup
	for i := range 24 {
		all.Go(func() {
			a := newAnswer("text/html", bodies[i%3])
			for range 10 {
				data, _ := s.encode(a, gzipCoding)
				if !bytes.Equal(decoded(t, gzipCoding, data), a.body) {
					t.Error("it is not whole")
				}
			}
		})
	}
	all.Wait()
	if s.order.Len() != 3 {
		t.Errorf("%d forms were made", s.order.Len())
	}
}

// What a reader waits for against what is made in the background.
func BenchmarkCompress(b *testing.B) {
	body := testPage(1)
	for _, bb := range []struct {
		name  string
		c     coding
		level int
	}{{"br/cheap", brotliCoding, cheapBrotli}, {"br/fast", brotliCoding, fastBrotli}, {"br/best", brotliCoding, bestBrotli}, {"gzip/cheap", gzipCoding, cheapGzip}, {"gzip/fast", gzipCoding, fastGzip}, {"gzip/best", gzipCoding, bestGzip}} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				n = len(compress(bb.c, bb.level, body))
			}
			b.ReportMetric(float64(n), "bytes")
		})
	}
}
