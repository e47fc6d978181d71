//go:build unix

package spool

import (
	"os"
	"syscall"
)

// lock takes a folder for this process; busy says that another one has it. The
// system gives the lock back when the process ends, however it ends.
func lock(dir string) (held *os.File, busy bool) {
	f, err := os.OpenFile(dir+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err == syscall.EWOULDBLOCK
	}
	return f, false
}
