package relevance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/search"
)

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "lines.jsonl")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestReplay answers tickets whose words no document has: after three earlier
// tickets with such a word, not after two.
func TestReplay(t *testing.T) {
	docs, err := ReadDocs(write(t, `{"id": 1, "title": "Certificates", "text": "Renew them."}`+"\n"+`{"id": "b", "title": "Folders", "text": "Sort your messages."}`))
	if err != nil {
		t.Fatal(err)
	}
	tickets, err := ReadTickets(write(t, `{"id": 1, "title": "zeppelin", "text": "My zeppelin is down.", "articles": ["b"]}
{"id": 2, "title": "Certificates", "text": "Renew certificates how?", "articles": [1]}
{"id": 3, "title": "x", "text": "Something else entirely.", "articles": ["gone"]}`))
	if err != nil {
		t.Fatal(err)
	}
	for earlier, want := range map[int]Scale{
		2: {Hit1: .5, Hit3: .5, Hit5: .5, MRR: .5, N: 2, Unknown: 1},
		3: {Hit1: 1, Hit3: 1, Hit5: 1, MRR: 1, N: 2, Unknown: 1},
	} {
		store, err := search.Open("")
		if err != nil {
			t.Fatal(err)
		}
		s := OfDocs(docs, store)
		var history []Ticket
		for range earlier {
			history = append(history, Ticket{Title: "zeppelin", Text: "zeppelin", Articles: []ID{"b"}})
		}
		if err := s.Learn(t.Context(), history, time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), nil); err != nil {
			t.Fatal(err)
		}
		ix, err := s.Index(nil)
		if err != nil {
			t.Fatal(err)
		}
		got := Replay(t.Context(), s, ix, tickets, nil)
		if got.P50 <= 0 || got.P99 < got.P50 {
			t.Errorf("times %v and %v", got.P50, got.P99)
		}
		got.P50, got.P99 = 0, 0
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("after %d tickets: -want +got\n%s", earlier, d)
		}
		store.Close()
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		`{"id": 1}` + "\n{":                   ":2: ",
		`{"id": 1}` + "\n\n" + `{"id": "1"}`:  `:3: the id "1" is already on line 1`,
		`{"title": "x"}`:                      "has no id",
		`{"id": {}}`:                          "an id is a text or a number",
		strings.Repeat("x", maxLine+1) + "\n": "longer than",
	} {
		if _, err := ReadDocs(write(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{"": "holds no tickets", `{"id": 1, "text": "x"}`: "names no article"} {
		if _, err := ReadTickets(write(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
