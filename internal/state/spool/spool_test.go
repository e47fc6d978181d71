package spool

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var now = time.Date(2014, 10, 6, 12, 0, 0, 0, time.UTC)

func TestGoesOn(t *testing.T) {
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{"i", "imap", true},
		{"imap server", "imap", true},
		{"imap servr", "imap server", true},
		{"imap servr", "imap server port", false},
		{"imap", "smtp", false},
		{"imap", "import", false},
		{"imap port", "imap 993", true},
	} {
		if got := goesOn(c.before, c.after); got != c.want {
			t.Errorf("%q, then %q: %v", c.before, c.after, got)
		}
	}
}

func TestMergerIsBounded(t *testing.T) {
	var m Merger
	for i := range 3 * maxVisitors {
		m.Search(fmt.Sprint(i), Event{Words: "x"}, now)
		m.Ticket(fmt.Sprint(i), 1)
	}
	if len(m.visitors) > maxVisitors || len(m.tickets) > maxTickets || len(m.order) > maxTickets {
		t.Errorf("%d visitors, %d tickets", len(m.visitors), len(m.tickets))
	}
	for range 100 {
		m.Ticket("one", 1)
	}
	for a := range 100 {
		m.Ticket("one", a)
	}
	if n := len(m.tickets["one"]); n > maxArticles {
		t.Errorf("%d articles of one ticket", n)
	}
}

func TestBatches(t *testing.T) {
	b := New(t.TempDir(), slog.New(slog.DiscardHandler))
	for range batchSize + 1 {
		if err := b.Add(Event{Kind: Vote, ID: NewID()}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2*batchSize/askedWeight + 1 {
		if err := b.Add(Event{Kind: Asked, Sealed: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	b.Add(Event{Kind: Read, Article: 1, N: 1})
	b.Add(Event{Kind: Read, Article: 1, N: 1})
	b.Spool()
	var sizes []int
	reads := int64(0)
	failOnce := errors.New("gone")
	apply := func(batch *Batch) error {
		if failOnce != nil && len(sizes) == 1 {
			err := failOnce
			failOnce = nil
			return err
		}
		sizes = append(sizes, weight(batch.Events))
		for _, e := range batch.Events {
			if e.Kind == Read {
				reads += e.N
			}
		}
		return nil
	}
	if err := b.Drain(apply); err == nil {
		t.Error("the failure was lost")
	}
	if err := b.Drain(apply); err != nil {
		t.Error(err)
	}
	for _, n := range sizes {
		if n > batchSize {
			t.Errorf("a batch weighs %d", n)
		}
	}
	st := b.Stats()
	if len(sizes) < 4 || reads != 2 || st.Waiting["vote"]+st.Waiting["asked"]+st.Waiting["read"] != 0 {
		t.Errorf("%d batches, %d reads, %+v", len(sizes), reads, st)
	}
	if left, _ := os.ReadDir(b.dir); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestClickReplacesSearch(t *testing.T) {
	var m Merger
	e := Event{Kind: Search, Words: "imap", Day: "2014-10-06"}
	e.ID = m.Search("v", e, now)
	got, ok := m.Click("v", 7, 2, now.Add(time.Minute))
	e.Article, e.Position = 7, 2
	if !ok {
		t.Fatal("no search to click on")
	}
	if d := cmp.Diff(e, got); d != "" {
		t.Error(d)
	}
	if id := m.Search("v", Event{Words: "imap port"}, now.Add(time.Minute+time.Second)); id == e.ID {
		t.Error("a search after a click replaces the one before it")
	}
}

// TestLoadsOldestFirst leaves two files behind: the later one adds to the
// earlier one, whatever their names are.
func TestLoadsOldestFirst(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"9.jsonl", "10.jsonl", "8.jsonl"} {
		path := filepath.Join(dir, name)
		line := fmt.Sprintf(`{"k":"vote","i":1,"d":"2014-10-06","a":7,"r":"%d"}`+"\n", i)
		if err := os.WriteFile(path, []byte(line), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	b := New(dir, slog.New(slog.DiscardHandler))
	if err := b.Drain(func(batch *Batch) error { got = append(got, batch.Events[0].Reason); return nil }); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"0", "1", "2"}, got); d != "" {
		t.Error(d)
	}
}

// TestDamagedLines says how many lines of a file are lost.
func TestDamagedLines(t *testing.T) {
	dir := t.TempDir()
	text := "\x00\xff\n" + `{"k":"vote","i":1,"d":"2014-10-06"}` + "\n" + `{"k":"unknown"}` + "\n" + `{"k":"vo`
	if err := os.WriteFile(filepath.Join(dir, "1.jsonl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	b := New(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if n := b.Stats().Waiting["vote"]; n != 1 || !strings.Contains(log.String(), "lines=2") {
		t.Errorf("%d votes; %s", n, log.String())
	}
}

// TestTwoProcesses has a second buffer on the folder of a living one, as in a
// restart without a gap: neither takes the other's events, and what the second
// leaves behind is found later.
func TestTwoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	log := slog.New(slog.DiscardHandler)
	add := func(b *Buffer, id int64) {
		t.Helper()
		if err := b.Add(Event{Kind: Vote, ID: id, Day: "2014-10-06"}); err != nil {
			t.Fatal(err)
		}
		b.Spool()
	}
	var applied []int64
	claimed := map[int64]bool{}
	drain := func(b *Buffer) {
		t.Helper()
		if err := b.Drain(func(batch *Batch) error {
			if claimed[batch.ID] {
				return nil // as the database does
			}
			claimed[batch.ID] = true
			for _, e := range batch.Events {
				applied = append(applied, e.ID)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	first := New(dir, log)
	add(first, 1)
	second := New(dir, log)
	drain(second)
	add(first, 2)
	add(second, 3)
	drain(first)
	second.Close()
	first.Close()
	third := New(dir, log)
	drain(third)
	third.Close()
	if d := cmp.Diff([]int64{1, 2, 3}, applied); d != "" {
		t.Error(d)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"k":"vote","i":1,"d":"2014-10-06","a":7}` + "\n" + `{"k":"open","i":1`))
	f.Add([]byte("\n\n{}\n[]\n" + `{"k":"read","n":-9}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "1.jsonl"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		b := New(dir, slog.New(slog.DiscardHandler))
		b.Add(Event{Kind: Vote, ID: 1})
		b.Spool()
		votes := 0
		if err := b.Drain(func(batch *Batch) error {
			for _, e := range batch.Events {
				if e.Kind == Vote && e.ID == 1 && e.Article == 0 {
					votes++
				}
			}
			return nil
		}); err != nil || votes == 0 {
			t.Errorf("%v, %d votes", err, votes)
		}
	})
}
