package state_test

import (
	"fmt"
	"testing"

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
