package limit

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func TestTake(t *testing.T) {
	b := New[string](Budget{PerMinute: 60, AtOnce: 2}, 10)
	for i, want := range []time.Duration{0, 0, time.Second, time.Second} { // what was refused costs nothing
		if wait := b.Take("a", 1, noon); wait != want {
			t.Errorf("%d: wait %v, want %v", i, wait, want)
		}
	}
	if wait := b.Take("a", 1, noon.Add(time.Second)); wait != 0 {
		t.Errorf("after the wait: %v more", wait)
	}
	if wait := b.Take("b", 1, noon); wait != 0 {
		t.Errorf("another key waits %v", wait)
	}
	b.Forget("a")
	if wait := b.Take("a", 1, noon.Add(time.Second)); wait != 0 {
		t.Errorf("a forgotten key waits %v", wait)
	}
	for i := range 6 { // three shares
		if wait := b.Take("wide", 3, noon); wait != 0 {
			t.Errorf("%d of three shares: wait %v", i, wait)
		}
	}
	if b.Take("wide", 3, noon) == 0 {
		t.Error("three shares have no end")
	}
}

func TestNoBudget(t *testing.T) {
	b := New[string](Budget{}, 10)
	for range 1000 {
		if wait := b.Take("a", 1, noon); wait != 0 {
			t.Fatalf("without a limit: wait %v", wait)
		}
	}
}

func TestParseBudget(t *testing.T) {
	for _, s := range []string{"1200/600", "1/1", "1000000/1000000", "off"} {
		if b, err := ParseBudget(s); err != nil || b.String() != s {
			t.Errorf("%s: %v, %v", s, b, err)
		}
	}
	for _, s := range []string{"", "0", "600", "600/", "/600", "0/0", "1200/0", "-1/5", "5/-1", "1e3/5", "1/1000001", "1/2/3", " 1/2", "none"} {
		if b, err := ParseBudget(s); err == nil {
			t.Errorf("%q is read as %v", s, b)
		}
	}
}

// However many others come, who uses up the budget stays known, and memory is bounded.
func TestShrink(t *testing.T) {
	b := New[int](Budget{PerMinute: 1, AtOnce: 3}, 100)
	for range 3 {
		b.Take(-1, 1, noon)
	}
	for i := range 10_000 {
		b.Take(i, 1, noon.Add(time.Duration(i)*time.Microsecond))
		if len(b.of) > 100 {
			t.Fatalf("%d keys are remembered", len(b.of))
		}
	}
	if b.Take(-1, 1, noon.Add(time.Second)) == 0 {
		t.Error("who used the budget up was forgotten")
	}
	if b.Take(9_998, 1, noon); b.of[9_998] == nil {
		t.Error("who came last was forgotten")
	}
}
