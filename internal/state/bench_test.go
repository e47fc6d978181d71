package state_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"signpost/internal/state"
	"signpost/internal/state/statetest"
)

// BenchmarkRead is what a page view costs.
func BenchmarkRead(b *testing.B) {
	s, err := state.Open(b.Context(), config(b.TempDir(), ""))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := 0; b.Loop(); i++ {
		s.Events.Read(1+i%200, "en", now)
	}
}

// BenchmarkFlush stores a batch of 1,000 searches.
func BenchmarkFlush(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			url := ""
			if engine == "postgres" {
				url = statetest.Start(b).Database(b)
			}
			s, err := state.Open(b.Context(), config(b.TempDir(), url))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			for n := 0; b.Loop(); {
				for range 1000 {
					n++
					s.Events.Search(state.Search{Words: fmt.Sprint("imap ", n)}, now)
				}
				s.Spool()
				if err := s.Events.Flush(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// lived writes the backup of a site with so many rows over 730 days: two fifths
// searches (one word in twenty is new each time, the others follow Zipf's law),
// a fifth replies, and votes, openings and reads of 2,000 articles.
func lived(w io.Writer, rows int) {
	out := bufio.NewWriter(w)
	defer out.Flush()
	r := rand.New(rand.NewPCG(1, 2))
	words := rand.NewZipf(r, 1.1, 3, 20000)
	articles := rand.NewZipf(r, 1.2, 10, 1999)
	days := make([]string, 730)
	for i := range days {
		days[i] = now.AddDate(0, 0, i-729).Format(time.DateOnly)
	}
	fmt.Fprintln(out, `{"signpost":"state","version":1}`)
	left := rows
	for i := range rows * 3 / 20 {
		comment := ""
		if i%10 == 0 {
			comment = "It did not say where to click."
		}
		fmt.Fprintf(out, `{"table":"votes","row":[%d,%q,%d,"3","en",%d,%q,%q,"imap",%d]}`+"\n", i+1, days[r.IntN(730)], 1+articles.Uint64(), i%2,
			[]string{"", "wrong", "unclear"}[i%3], comment, i%(rows/5+1))
		left--
	}
	for i := range rows * 2 / 5 {
		text := fmt.Sprint("word", words.Uint64())
		if i%20 == 0 {
			text = fmt.Sprint("once ", i)
		}
		fmt.Fprintf(out, `{"table":"searches","row":[%d,%q,%q,"en",%d,%d,0]}`+"\n", i+1, days[r.IntN(730)], text, i%7, i%3)
		left--
	}
	for i := range rows / 5 {
		fmt.Fprintf(out, `{"table":"replies","row":[%d,%q,%d,"en","ios","agent%d","text"]}`+"\n", i+1, days[r.IntN(730)], 1+articles.Uint64(), i%40)
		left--
	}
	for i := range rows / 10 {
		fmt.Fprintf(out, `{"table":"opens","row":[%d,%q,%d,2]}`+"\n", 2*i+1, days[r.IntN(730)], 1+i%2000)
		left--
	}
	for i := range left {
		fmt.Fprintf(out, `{"table":"reads","row":[%d,%q,"en",5]}`+"\n", 1+i/730, days[i%730])
	}
	fmt.Fprintf(out, `{"rows":%d}`+"\n", rows)
}

// BenchmarkSize restores a backup, and reports over 30 and 730 days of it.
// of-limit is the time's share of what it may take with a million rows: 15 s
// for a restore, .3 s for a report.
//
//	go test -run '^$' -bench Size -benchtime 3x -timeout 30m ./internal/state
func BenchmarkSize(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, rows := range []int{100_000, 1_000_000} {
			var backup bytes.Buffer
			lived(&backup, rows)
			b.Run(fmt.Sprintf("%s/%d", engine, rows), func(b *testing.B) { benchmarkSize(b, engine, backup.Bytes()) })
		}
	}
}

func benchmarkSize(b *testing.B, engine string, backup []byte) {
	url := ""
	if engine == "postgres" {
		url = statetest.Start(b).Database(b)
	}
	s, err := state.Open(b.Context(), config(b.TempDir(), url))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	measure := func(name string, limit time.Duration, do func() error) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := do(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/limit.Seconds(), "of-limit")
		})
	}
	measure("restore", 15*time.Second, func() error {
		_, err := s.Restore(b.Context(), bytes.NewReader(backup))
		return err
	})
	for _, days := range []int{30, 365, 730} {
		measure(fmt.Sprintf("report%d", days), 300*time.Millisecond, func() error {
			_, err := s.Reports.Report(b.Context(), now.AddDate(0, 0, 1-days), now)
			return err
		})
	}
	measure("backup", 15*time.Second, func() error { return s.Backup(b.Context(), io.Discard) })
}
