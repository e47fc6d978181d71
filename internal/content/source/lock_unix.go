//go:build unix

package source

import (
	"os"
	"syscall"
)

// lockFolder keeps other processes of this machine from writing into dir until
// unlock is called. The lock ends with the process at the latest.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
