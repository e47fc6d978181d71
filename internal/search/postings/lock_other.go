//go:build !unix

package postings

import "os"

// lockFile relies on such a system not letting two processes write one file:
// bleve's own lock then keeps them apart.
func lockFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
