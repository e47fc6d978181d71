package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"signpost/internal/notify"
	"signpost/internal/notify/delivery"
	"signpost/internal/notify/intent"
	"signpost/internal/state/notices"
	"signpost/internal/state/statetest"
)

// BenchmarkCrowd tells many subscribers (SIGNPOST_SUBSCRIBERS, else 2,000) of an
// incident, by three replicas of which one dies in the middle, on PostgreSQL. It
// measures when the first and the last message are sent, what is held in memory,
// and fails when more are repeated than one replica sends at once.
func BenchmarkCrowd(b *testing.B) {
	people := 2000
	if n, err := strconv.Atoi(os.Getenv("SIGNPOST_SUBSCRIBERS")); err == nil {
		people = n
	}
	pg := statetest.Start(b)
	for b.Loop() {
		crowd(b, pg.Database(b), people)
	}
}

func crowd(b *testing.B, url string, people int) {
	s := &site{t: b, now: time.Now(), files: map[string]string{}, url: url}
	s.write(nil)
	var mu sync.Mutex
	sent, first := map[string]int{}, time.Time{}
	killed := false
	done, stop := context.WithCancel(b.Context())
	defer stop()
	sink := func(replica int) notify.Sender {
		return senderFunc(func(_ context.Context, m notify.Message) error {
			mu.Lock()
			if first.IsZero() {
				first = time.Now()
			}
			sent[m.ID]++
			dead := killed && replica == 1
			mu.Unlock()
			if dead {
				<-done.Done() // it was taken, and nobody can note that any more
			}
			return nil
		})
	}
	var runners []*delivery.Runner
	var store *notices.Store
	for i := range 3 {
		st, _ := s.replica()
		store = st.Notices
		runners = append(runners, delivery.New(delivery.Config{
			Store: store, Board: s.state, Senders: map[notify.Channel]notify.Sender{notify.Mail: sink(i)}, Rules: intent.Rules{PerHour: 6},
			Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}))
	}
	var list []notices.Import
	for i := range people {
		list = append(list, notices.Import{Address: fmt.Sprintf("p%d@d%d.example.net", i, i%50), Choice: notify.Choice{Language: "en"}})
	}
	if _, err := store.Import(b.Context(), list, "test", false, s.now); err != nil {
		b.Fatal(err)
	}
	if err := runners[0].Derive(b.Context(), time.Now()); err != nil {
		b.Fatal(err)
	}
	s.write(map[string]string{"imap": outage + "## " + s.now.In(oslo()).Format("2006-01-02 15:04") + " investigating\nNobody can read mail.\n"})
	began := time.Now()
	if err := runners[0].Derive(b.Context(), began); err != nil {
		b.Fatal(err)
	}
	var loops sync.WaitGroup
	for _, r := range runners {
		loops.Go(func() { r.Run(done) })
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for {
		mu.Lock()
		n := len(sent)
		killed = killed || n > people/2
		mu.Unlock()
		if n == people {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	runtime.ReadMemStats(&after)
	took := time.Since(began)
	for waiting := 1; waiting > 0; time.Sleep(time.Second) { // what the killed one held
		depth, err := store.Depth(b.Context(), time.Now())
		if err != nil {
			b.Fatal(err)
		}
		waiting = depth.Waiting
	}
	stop()
	loops.Wait()
	repeats := 0
	for _, n := range sent {
		repeats += n - 1
	}
	if repeats > 20 {
		b.Errorf("%d messages were sent again", repeats)
	}
	b.ReportMetric(first.Sub(began).Seconds(), "s-to-first")
	b.ReportMetric(took.Seconds(), "s-to-last")
	b.ReportMetric(float64(people)/took.Seconds(), "messages/s")
	b.ReportMetric(float64(after.HeapInuse-min(before.HeapInuse, after.HeapInuse))/(1<<20), "MB-more")
	b.ReportMetric(float64(repeats), "repeats")
}
