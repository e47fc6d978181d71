package main

import (
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"signpost/internal/state"
	"signpost/internal/state/statetest"
)

// openFor opens a state, and closes it with the test.
func openFor(t *testing.T, data, url, ring string) (*keyCheck, error) {
	t.Helper()
	store, _, pending, err := openState(t.Context(), data, url, ring, slog.New(slog.DiscardHandler))
	if err == nil {
		t.Cleanup(func() { store.Close() })
	}
	return pending, err
}

// hasKey reports whether a data folder holds a key ring.
func hasKey(t *testing.T, data string) bool {
	t.Helper()
	_, err := os.Stat(filepath.Join(data, "secret.key"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

func TestKeyRingOfOneServer(t *testing.T) {
	data := t.TempDir()
	if pending, err := openFor(t, data, "", ""); err != nil || pending != nil || !hasKey(t, data) {
		t.Errorf("a first start: %v, pending %v, a key %v", err, pending, hasKey(t, data))
	}
}

// TestKeyRingOfReplicas starts replicas on one PostgreSQL database.
func TestKeyRingOfReplicas(t *testing.T) {
	p := statetest.Start(t)
	url := p.Database(t)
	first := t.TempDir()
	if pending, err := openFor(t, first, url, ""); err != nil || pending != nil || !hasKey(t, first) {
		t.Fatalf("the first replica: %v, pending %v", err, pending)
	}
	second := t.TempDir()
	if _, err := openFor(t, second, url, ""); !errors.Is(err, state.ErrKeys) || hasKey(t, second) {
		t.Errorf("a replica without the ring: %v, a key %v", err, hasKey(t, second))
	}
	if pending, err := openFor(t, second, url, filepath.Join(first, "secret.key")); err != nil || pending != nil || hasKey(t, second) {
		t.Errorf("a replica with the ring: %v, pending %v", err, pending)
	}

	// With the database gone a replica starts, makes no key, and asks later.
	p.Stop(t)
	third := t.TempDir()
	pending, err := openFor(t, third, url, "")
	if err != nil || pending == nil || hasKey(t, third) {
		t.Fatalf("without the database: %v, pending %v, a key %v", err, pending, hasKey(t, third))
	}
	if err := pending.settle(t.Context()); !errors.Is(err, state.ErrUnavailable) || hasKey(t, third) {
		t.Errorf("asked without the database: %v", err)
	}
	p.Resume(t)
	ask := time.NewTicker(50 * time.Millisecond)
	defer ask.Stop()
	for range ask.C { // the memory of the outage lasts a moment
		if err = pending.settle(t.Context()); !errors.Is(err, state.ErrUnavailable) {
			break
		}
	}
	if !errors.Is(err, state.ErrKeys) || hasKey(t, third) {
		t.Errorf("asked with the database back: %v", err)
	}
}
