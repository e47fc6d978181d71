package durable

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"github.com/gofrs/flock"
)

// ErrLocked says that another holder, in this process or another one, has the lock.
var ErrLocked = errors.New("another process holds the lock")

// A Held lock is given back by Release, or by the end of the process.
type Held struct{ lock *flock.Flock }

// Release gives the lock back; calling it again does nothing. nil holds nothing.
func (h *Held) Release() {
	if h != nil && h.lock != nil {
		h.lock.Close()
	}
}

// Lock waits for the lock of path, a file that is made when it is missing and
// stays.
func Lock(path string) (*Held, error) { return wait(forFile(path)) }

// TryLock is [Lock] without waiting: the error is [ErrLocked] when the lock is taken.
func TryLock(path string) (*Held, error) {
	l := forFile(path)
	ok, err := l.TryLock()
	switch {
	case err != nil:
		l.Close()
		return nil, err
	case !ok:
		l.Close()
		return nil, ErrLocked
	}
	return &Held{l}, nil
}

// LockFolder waits for the lock of a folder that exists, without making a file
// in it. Where the system cannot lock folders (Windows), a file in the folder for
// temporary files stands for it.
func LockFolder(dir string) (*Held, error) {
	if runtime.GOOS == "windows" {
		sum := sha256.Sum256([]byte(filepath.Clean(dir)))
		return Lock(filepath.Join(os.TempDir(), "signpost-"+hex.EncodeToString(sum[:8])+".lock"))
	}
	return wait(flock.New(dir, flock.SetFlag(os.O_RDONLY)))
}

func forFile(path string) *flock.Flock {
	return flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
}

func wait(l *flock.Flock) (*Held, error) {
	if err := l.Lock(); err != nil {
		l.Close()
		return nil, err
	}
	return &Held{l}, nil
}
