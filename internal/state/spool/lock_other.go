//go:build !unix

package spool

import "os"

// lock takes nothing: on such a system two processes do not share a data folder.
func lock(string) (held *os.File, busy bool) { return nil, false }
