package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"signpost/internal/relevance"
)

const sharedTickets = "../../../shared/data/thunderbird-support"

// TestReplayOfRealTickets trains on the first 70 % of real tickets and prints
// how well the others are answered.
func TestReplayOfRealTickets(t *testing.T) {
	docs, train, test := realTickets(t)
	for _, tt := range []struct {
		name  string
		args  []string
		least float64 // hit@5
		share float64 // of tickets with a strong article
	}{
		{"without history", nil, .60, .30},
		{"with history", []string{"--history", train}, .74, .35},
	} {
		var out, errOut bytes.Buffer
		if code := run(t.Context(), append([]string{"replay", test, "--docs", docs, "--json"}, tt.args...), nil, &out, &errOut); code != 0 {
			t.Fatalf("exit status %d: %s", code, &errOut)
		}
		var s relevance.Scale
		if err := json.Unmarshal(out.Bytes(), &s); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: hit@1 %.3f hit@3 %.3f hit@5 %.3f mrr %.3f, %d tickets, p50 %.0f µs, p99 %.0f µs", tt.name, s.Hit1, s.Hit3, s.Hit5, s.MRR, s.N, s.P50, s.P99)
		if s.Hit5 < tt.least || s.Unknown > 0 {
			t.Errorf("%s: hit@5 is %.3f, want at least %.2f; %d unknown", tt.name, s.Hit5, tt.least, s.Unknown)
		}
		t.Logf("strong: %.3f, hit@3 %.3f of these", s.Strong, s.Strong3)
		if s.Strong < tt.share || s.Strong3 < .70 {
			t.Errorf("%s: %.3f have a strong article, want at least %.2f; hit@3 of these is %.3f, want at least .70", tt.name, s.Strong, tt.share, s.Strong3)
		}
	}
}

// realTickets converts the shared articles to documents and cuts the tickets in
// the order of their days.
func realTickets(t *testing.T) (docs, train, test string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(sharedTickets, "tickets-before-2025.jsonl"))
	if err != nil {
		t.Skip("the shared data is not here")
	}
	files, err := filepath.Glob(filepath.Join(sharedTickets, "articles", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal("the shared data has no articles")
	}
	var list bytes.Buffer
	enc := json.NewEncoder(&list)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "---\n")
		front, body, _ := strings.Cut(rest, "---\n")
		_, title, _ := strings.Cut(front, "title:")
		title, _, _ = strings.Cut(title, "\n")
		enc.Encode(map[string]string{"id": strings.TrimSuffix(filepath.Base(f), ".md"), "title": strings.Trim(title, ` "`), "text": body})
	}
	day := func(line string) string {
		var v struct{ Created string }
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		return v.Created
	}
	lines := slices.Collect(strings.Lines(string(raw)))
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(day(a), day(b)) })
	cut := len(lines) * 7 / 10
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("docs.jsonl", list.String()), write("train.jsonl", strings.Join(lines[:cut], "")), write("test.jsonl", strings.Join(lines[cut:], ""))
}
