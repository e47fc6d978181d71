//go:build !unix

package source

// lockFolder does nothing where folders cannot be locked: there, one process
// at a time may write.
func lockFolder(string) (unlock func(), err error) { return func() {}, nil }
