package ticket_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"signpost/internal/ticket"
)

// TestSharedTickets reads real support questions: none may be lost, and only
// little of each may be stripped, as they come without quotes and headers.
func TestSharedTickets(t *testing.T) {
	f, err := os.Open("../../../shared/data/thunderbird-support/tickets-before-2025.jsonl")
	if err != nil {
		t.Skip("the shared tickets are not beside this checkout")
	}
	defer f.Close()
	n, before, after, english, short := 0, 0, 0, 0, 0
	line := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		if line++; line%3 != 0 {
			continue // a third tells as much, and the race detector is slow
		}
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal(s.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		got, err := ticket.FromText(d.Title, d.Text, "", "")
		if err != nil {
			t.Fatalf("%s: %v", d.ID, err)
		}
		n, before, after = n+1, before+len(strings.Fields(d.Text)), after+len(strings.Fields(got.Text))
		if got.Lang == "en" {
			english++
		}
		if w := len(strings.Fields(d.Text)); w >= 20 && len(strings.Fields(got.Text)) < w/2 {
			short++
			t.Logf("%s: %d of %d words left: %q", d.ID, len(strings.Fields(got.Text)), w, got.Text)
		}
	}
	t.Logf("%d tickets, %d of %d words kept, %d English", n, after, before, english)
	if short > 2 {
		t.Errorf("%d tickets lost more than half of their words", short)
	}
	if after*100 < before*93 || english*100 < n*90 {
		t.Errorf("%d of %d words kept, %d of %d tickets seen as English", after, before, english, n)
	}
}
