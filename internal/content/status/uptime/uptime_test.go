package uptime_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/status"
	"signpost/internal/content/status/uptime"
)

// config is a site in Oslo.
func config(t testing.TB) status.Config {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	cfg := status.Config{Zone: zone, Languages: []string{"en"}}
	for _, id := range []string{"imap", "pop", "smtp", "webmail"} {
		cfg.Components = append(cfg.Components, status.Component{ID: id, Name: map[string]string{"en": id}, Group: "mail"})
	}
	cfg.Groups = []status.Group{{ID: "mail", Name: map[string]string{"en": "E-mail"}, Members: []string{"imap", "pop", "smtp", "webmail"}}}
	return cfg
}

func mustParse(t testing.TB, name, src string) *status.Post {
	t.Helper()
	p, problems := status.Parse("status/"+name+".md", []byte(src), config(t))
	if p == nil {
		t.Fatalf("%s: %v", name, problems)
	}
	return p
}

func board(t testing.TB, posts ...*status.Post) *status.Board {
	t.Helper()
	b, problems := status.NewBoard(config(t), posts)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

func clock(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestBars(t *testing.T) {
	b := board(t,
		mustParse(t, "first", "---\ntitle: F\nkind: notice\ndate: 2014-10-20\n---\n"),
		mustParse(t, "down", "---\ntitle: D\nkind: incident\naffects: imap=down\n---\n## 2014-10-25 23:00 investigating\n## 2014-10-26 12:00 monitoring imap=partial\n## 2014-10-26 18:00 resolved"),
		mustParse(t, "over it", "---\ntitle: O\nkind: incident\nid: o\naffects: imap=degraded\n---\n## 2014-10-26 17:00 investigating\n## 20:00 resolved"),
		mustParse(t, "work", "---\ntitle: W\nkind: maintenance\nstarts: 2014-10-26 19:00\nlasts: 2h\naffects: imap\n---\n"),
		mustParse(t, "day", "---\ntitle: Y\nkind: incident\naffects: pop=down\n---\n## 2014-10-23 investigating\n## 2014-10-24 01:15 resolved"),
		mustParse(t, "vague", "---\ntitle: V\nkind: incident\ndate: 2014-10-22\nresolved: unknown\naffects: smtp=down\n---\n"),
		mustParse(t, "open", "---\ntitle: P\nkind: incident\naffects: webmail=down\n---\n## 2014-10-27 10:00 investigating"),
	)
	show := func(at string, n int) map[string]string {
		all := map[string]string{}
		for _, bars := range uptime.Of(b, clock(t, at), n) {
			var days []string
			for _, d := range bars.Days {
				s := fmt.Sprint(d.Date.Format("02"), " ", d.Length.Hours(), "h")
				for _, x := range []struct {
					name string
					d    time.Duration
				}{{"down", d.Down}, {"partial", d.Partial}, {"degraded", d.Degraded}, {"maintenance", d.Maintenance}} {
					if x.d > 0 {
						s += fmt.Sprint(" ", x.name, " ", x.d.Minutes())
					}
				}
				if d.NoData {
					s += " none"
				}
				if d.Unknown {
					s += " unknown"
				}
				days = append(days, s)
			}
			uptime, ok := bars.Uptime()
			all[bars.Component.ID] = strings.Join(days, "; ") + fmt.Sprintf(" = %.2f %v", uptime, ok)
		}
		return all
	}
	got := show("2014-10-27T12:00:00+01:00", 4)
	want := map[string]string{
		"imap":    "24 24h; 25 24h down 60; 26 25h down 780 partial 360 degraded 120 maintenance 60; 27 12h = 81.41 true",
		"pop":     "24 24h down 75; 25 24h; 26 25h; 27 12h = 98.53 true",
		"smtp":    "24 24h; 25 24h; 26 25h; 27 12h = 100.00 true",
		"webmail": "24 24h; 25 24h; 26 25h; 27 12h down 120 = 97.65 true",
	}
	for id, w := range want {
		if diff := cmp.Diff(w, got[id]); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	got = show("2014-10-23T12:00:00+02:00", 5)
	want = map[string]string{
		"pop":  "19 24h none; 20 24h; 21 24h; 22 24h; 23 12h unknown = 100.00 true",
		"smtp": "19 24h none; 20 24h; 21 24h; 22 24h unknown; 23 12h = 100.00 true",
	}
	for id, w := range want {
		if diff := cmp.Diff(w, got[id]); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
	}
	if spring := uptime.Of(b, clock(t, "2015-03-30T10:00:00+02:00"), 2); spring[0].Days[0].Length != 23*time.Hour {
		t.Errorf("the day of the change in spring has %s", spring[0].Days[0].Length)
	}
	if _, ok := uptime.Of(board(t), clock(t, "2015-03-30T10:00:00+02:00"), 2)[0].Uptime(); ok {
		t.Error("a board without posts has data")
	}
}

// A board of ten years: 1,000 posts.
func BenchmarkOf(b *testing.B) {
	var posts []*status.Post
	at := clock(b, "2016-01-01T10:00:00Z")
	for i := range 1000 {
		at = at.Add(84 * time.Hour)
		day := at.Format(time.DateOnly)
		posts = append(posts, mustParse(b, fmt.Sprint("p", i), "---\ntitle: T\nkind: incident\naffects: mail=down\n---\n## "+day+" 10:00 investigating\n## 10:30 identified\n## 11:00 resolved\n"))
	}
	bd := board(b, posts...)
	for b.Loop() {
		uptime.Of(bd, at, 90)
	}
}

// What is known only to the day adds nothing to a component that did well before
// and after it, and takes nothing from one that was down all along. What is not
// public does not count.
func TestUpdatesOfADay(t *testing.T) {
	b := board(t,
		mustParse(t, "first", "---\ntitle: F\nkind: notice\ndate: 2014-10-01\n---\n"),
		mustParse(t, "long", "---\ntitle: L\nkind: incident\naffects: imap=down pop=down\n---\n## 2014-10-20 12:00 investigating\n## 13:00 monitoring pop=ok\n## 2014-10-21 update\n## 2014-10-22 06:00 resolved\n## 2014-10-23 postmortem\n"),
		mustParse(t, "draft", "---\ntitle: D\nkind: incident\ndraft: true\naffects: smtp=down\n---\n## 2014-09-20 investigating\n"),
		mustParse(t, "later", "---\ntitle: P\nkind: incident\npublish: 2014-10-22 12:00\naffects: webmail=down\n---\n## 2014-10-20 12:00 investigating\n## 2014-10-22 14:00 resolved\n"),
	)
	got := map[string]string{}
	for _, bars := range uptime.Of(b, clock(t, "2014-10-24T00:00:00+02:00"), 35) {
		for _, d := range bars.Days {
			if d.Down > 0 || d.Unknown || d.NoData && d.Date.Day() == 30 {
				got[bars.Component.ID] += fmt.Sprint(d.Date.Format("02"), " ", d.Down, " ", d.Unknown, "; ")
			}
		}
	}
	want := map[string]string{
		"imap": "30 0s false; 20 12h0m0s false; 21 24h0m0s false; 22 6h0m0s false; ", "pop": "30 0s false; 20 1h0m0s false; ",
		"smtp": "30 0s false; ", "webmail": "30 0s false; 22 2h0m0s false; ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
