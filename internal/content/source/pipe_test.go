//go:build unix

package source_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Opening a pipe waits for someone who writes into it: a load must not.
func TestReadOfAPipe(t *testing.T) {
	s, dir := folder(t)
	if err := syscall.Mkfifo(filepath.Join(dir, "picture.png"), 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, _, err := s.Read("picture.png", 100)
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("read a pipe as a file")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("waits for the other end of the pipe")
	}
}
