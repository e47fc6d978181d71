package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/site"
)

func TestQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		queues := newQueues(4) // three searches at once, two of them for pages of results
		typing, results := queues[Typing], queues[Results]
		var leave []func()
		for _, q := range []queue{results, results, typing} {
			l, ok := q.enter(t.Context())
			if !ok {
				t.Fatal("there is room, and yet it waits")
			}
			leave = append(leave, l)
		}
		for _, q := range []queue{results, typing} {
			begin := time.Now()
			if _, ok := q.enter(t.Context()); ok || time.Since(begin) != q.wait {
				t.Errorf("with all busy: %v after %v, want a refusal after %v", ok, time.Since(begin), q.wait)
			}
		}
		gone, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		begin := time.Now()
		if _, ok := typing.enter(gone); ok || time.Since(begin) != time.Millisecond {
			t.Errorf("who has gone waits for %v", time.Since(begin))
		}
		time.AfterFunc(time.Millisecond, leave[2])
		l, ok := typing.enter(t.Context())
		if !ok {
			t.Fatal("a turn became free and was not given")
		}
		l()
		leave[0]()
		leave[0]() // once more gives nothing away
		leave[1]()
		for _, q := range queues {
			for _, slot := range q.slots {
				if len(slot) != 0 {
					t.Errorf("%d turns were not given back", len(slot))
				}
			}
		}
	})
}

// newApp serves the sample with one table of routes.
func newApp(t *testing.T, table ...Route) *App {
	t.Helper()
	live, err := site.Open(site.Config{Source: source.Embedded("sample", articles.FS), Data: t.TempDir(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	app, err := New(Config{Live: live, Now: time.Now, URL: "http://127.0.0.1:8080"})
	if err != nil {
		t.Fatal(err)
	}
	app.Handle(table)
	return app
}

// A writer tells when the answer begins.
type writer struct {
	*httptest.ResponseRecorder
	begins func()
}

func (w writer) Write(p []byte) (int, error) {
	w.begins()
	return w.ResponseRecorder.Write(p)
}

// A client that reads slowly holds up nobody: the turn ends with the work.
func TestTurnEndsWithTheWork(t *testing.T) {
	var app *App
	busy := func() int { return len(app.queues[Results].slots[0]) }
	app = newApp(t, Route{Methods: "GET", Path: "/search", Limit: Results, Handler: func(r *Request) error {
		if n := busy(); n != 1 {
			t.Errorf("while it works %d turns are taken", n)
		}
		r.Send(http.StatusOK, "text/plain", []byte("found"))
		return nil
	}})
	w := writer{httptest.NewRecorder(), func() {
		if n := busy(); n != 0 {
			t.Errorf("while it writes %d turns are taken", n)
		}
	}}
	app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/search", nil))
	if w.Body.String() != "found" || busy() != 0 {
		t.Errorf("%d %q, %d turns are taken afterwards", w.Code, w.Body, busy())
	}
}

// Who is turned away is told when to come back, and is counted.
func TestTurnedAway(t *testing.T) {
	app := newApp(t, Route{Methods: "GET", Path: "/search", Limit: Results, Handler: func(*Request) error {
		t.Error("it works without a turn")
		return nil
	}})
	app.queues[Results] = queue{slots: []chan struct{}{make(chan struct{})}} // nobody's turn ever
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/search", nil))
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "2" {
		t.Errorf("%d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	metrics := httptest.NewRecorder()
	app.Metrics.Handler().ServeHTTP(metrics, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if want := `signpost_shed_requests_total{limit="results"} 1`; !strings.Contains(metrics.Body.String(), want) {
		t.Errorf("the metrics lack %s", want)
	}
}

// A language that only the content has is no reason to fail twice.
func TestBrokenPage(t *testing.T) {
	app := newApp(t)
	if app.brokenPage("de") == app.brokenPage("en") || app.brokenPage("ar") != app.brokenPage("en") || app.brokenPage("en") == nil {
		t.Error("the page for status 500 is not the one of the language, or English")
	}
}
