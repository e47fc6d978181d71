//go:build unix

package state_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPipeInSpool puts a pipe that nobody writes to where the spool is: reading
// it would never end.
func TestPipeInSpool(t *testing.T) {
	dir := t.TempDir()
	spool := filepath.Join(dir, "spool")
	must(t, os.Mkdir(spool, 0o700), syscall.Mkfifo(filepath.Join(spool, "8.jsonl"), 0o600))
	s := open(t, config(dir, ""))
	must(t, s.Ping(t.Context()))
}
