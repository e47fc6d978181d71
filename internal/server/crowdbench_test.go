package server_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

// crowdSite is 400 articles and posts of a year.
func crowdSite(b *testing.B, now time.Time) map[string]string {
	files := bigSite(now)
	for i := range 400 {
		files[fmt.Sprintf("help/topic-%d/article-%d/en.md", i%8, i)] = fmt.Sprintf(
			"---\nid: %d\ntitle: Article %d\nservices: [imap]\n---\n## One\n\nText about mail number %d.\n\n1. Open *Settings*.\n2. Choose **Mail**.\n3. Enter {{imap.host}}.\n\n## Two\n\n{{settings imap}}\n", i+1, i, i)
	}
	files["providers/example.yaml"] = sampleFile(b, "providers/example.yaml")
	return files
}

// arrive sends perSecond requests in each second for so long, whether those before
// are answered or not, and returns how long each waited, the longest first.
func arrive(b *testing.B, url string, perSecond int, during time.Duration, middle func()) []time.Duration {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 200}, Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	n := int(during.Seconds() * float64(perSecond))
	waits, failed := make([]time.Duration, n), make(chan error, n)
	var wg sync.WaitGroup
	begin := time.Now()
	for i := range n {
		due := begin.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		time.Sleep(time.Until(due))
		if i == n/2 && middle != nil {
			wg.Go(middle)
		}
		wg.Go(func() {
			if err := read(b.Context(), client, fmt.Sprintf("%s/help/article-%d", url, i*7%400)); err != nil {
				failed <- err
			}
			waits[i] = time.Since(due) // a late start counts as waiting
		})
	}
	wg.Wait()
	select {
	case err := <-failed:
		b.Fatal(err)
	default:
	}
	slices.SortFunc(waits, func(x, y time.Duration) int { return int(y - x) })
	return waits
}

// read reads a page to its end, as a browser that takes it compressed.
func read(ctx context.Context, client *http.Client, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Host = "localhost"
	req.Header.Set("Accept-Encoding", "br")
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// BenchmarkPostUnderLoad answers 300 requests a second over 400 pages, in turn
// without and with a post that goes out in the middle and makes every page cold. It
// reports the longest wait of each (ms) and how much longer it is with the post,
// which is at most 100 ms on an idle machine with two processors.
func BenchmarkPostUnderLoad(b *testing.B) {
	const perSecond, during = 300, 10 * time.Second
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	d := benchDesk(b, now, crowdSite(b, now))
	srv := httptest.NewServer(d.srv)
	defer srv.Close()
	arrive(b, srv.URL, perSecond, 2*time.Second, nil) // every page is warm
	post := 0
	var without, with time.Duration
	for b.Loop() {
		without += arrive(b, srv.URL, perSecond, during, nil)[0]
		with += arrive(b, srv.URL, perSecond, during, func() {
			post++
			writeFile(b, d.dir, fmt.Sprintf("status/2026/now-%d.md", post), fmt.Sprintf(
				"---\ntitle: Mail is slow, %d\nkind: incident\nzone: UTC\naffects: imap=degraded\n---\n## 2026-11-23 13:59 investigating\nWe are looking.\n", post))
			if err := d.live.Load(); err != nil {
				b.Error(err)
			}
		})[0]
	}
	ms := func(total time.Duration) float64 { return float64(total.Milliseconds()) / float64(b.N) }
	b.ReportMetric(ms(without), "ms-without")
	b.ReportMetric(ms(with), "ms-with")
	b.ReportMetric(ms(with-without), "ms-more")
	b.ReportMetric(0, "ns/op")
}
