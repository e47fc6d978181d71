package server_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// A sink takes an answer and keeps its size only.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { s.bytes += len(p); return len(p), nil }

// serve answers one request as a browser sends it; header holds pairs.
func serve(t testing.TB, h http.Handler, path string, want int, header ...string) *sink {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "help.example.com"
	r.Header = http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}, "User-Agent": {browserAgent}}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := &sink{header: http.Header{}}
	h.ServeHTTP(w, r)
	if w.status != want {
		t.Fatalf("%s: %d, want %d", path, w.status, want)
	}
	return w
}

// BenchmarkPage times a page beside an echo that sends the same header and
// body, both in turn, and reports how many times longer the page takes: when it
// was asked for before (warm), when the client has it (unchanged), and as the
// first one after a change of the content (cold).
func BenchmarkPage(b *testing.B) {
	d := benchDesk(b, time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC), smallSite())
	const path = "/help/spam"
	page := serve(b, d.srv, path, http.StatusOK)
	body := make([]byte, page.bytes)
	bare := echo.New()
	bare.GET("/help/:slug", func(c echo.Context) error {
		for name, values := range page.header {
			c.Response().Header()[name] = values
		}
		c.Response().WriteHeader(http.StatusOK)
		_, err := c.Response().Write(body)
		return err
	})
	for _, bb := range []struct {
		name   string
		status int
		header []string
		before func() error
	}{
		{"warm", http.StatusOK, nil, func() error { return nil }},
		{"unchanged", http.StatusNotModified, []string{"If-None-Match", page.header.Get("ETag")}, func() error { return nil }},
		{"cold", http.StatusOK, nil, d.live.Renew},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			var ours, theirs time.Duration
			for b.Loop() {
				b.StopTimer()
				if err := bb.before(); err != nil {
					b.Fatal(err)
				}
				begin := time.Now()
				serve(b, bare, path, http.StatusOK, bb.header...)
				theirs += time.Since(begin)
				b.StartTimer()
				begin = time.Now()
				serve(b, d.srv, path, bb.status, bb.header...)
				ours += time.Since(begin)
			}
			b.ReportMetric(float64(ours)/float64(theirs), "x-echo")
			b.ReportMetric(float64(ours.Microseconds())/float64(b.N), "us/page")
		})
	}
}
