package server_test

import (
	"fmt"
	"testing"
	"time"
)

// bigSite is 200 articles and 1,000 posts over ten years, 30 of them within
// the last 90 days and two of them open.
func bigSite(now time.Time) map[string]string {
	files := map[string]string{}
	for i := range 200 {
		files[fmt.Sprintf("help/topic-%d/article-%d/en.md", i%8, i)] = fmt.Sprintf("---\nid: %d\ntitle: Article %d\nservices: [imap]\n---\n## One\n\nText about mail number %d.\n\n## Two\n\nMore text.\n", i+1, i, i)
	}
	for i := range 1000 {
		begin := now.AddDate(0, 0, -3*i).Add(-time.Duration(i%20) * time.Hour).UTC()
		text := fmt.Sprintf("---\ntitle: Trouble %d\nkind: incident\nzone: UTC\naffects: imap=down pop=degraded\nunaffected: web-hosting\nmail: safe\nhelp: article-%d\n---\n## %s investigating\nWe look into *it*.\n## %s identified smtp=partial\nA [switch](/help/article-1) failed.\n",
			i, i%200, begin.Format("2006-01-02 15:04"), begin.Add(20*time.Minute).Format("2006-01-02 15:04"))
		if i >= 2 {
			text += "## " + begin.Add(90*time.Minute).Format("2006-01-02 15:04") + " resolved\nDone.\n"
		}
		files[fmt.Sprintf("status/%d/post-%04d.md", begin.Year(), i)] = text
	}
	return files
}

// Cold answers: the first ones of a new snapshot.
func BenchmarkColdStatus(b *testing.B) {
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	d := benchDesk(b, now, bigSite(now))
	for _, path := range []string{"/status", "/de/status", "/status/post-0000", "/status/history/2026-11", "/status/feed.atom", "/status/maintenance.ics", "/api/v2/summary.json", "/api/v2/incidents.json", "/help/article-7"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				if err := d.live.Renew(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if got := ask(d.srv, path); len(got) < 200 {
					b.Fatal(got)
				}
			}
		})
	}
	b.Run("snapshot after the clock", func(b *testing.B) {
		for b.Loop() {
			if err := d.live.Renew(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("snapshot after a change", func(b *testing.B) {
		for b.Loop() {
			if err := d.live.Load(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
