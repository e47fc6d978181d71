// Package address reads e-mail addresses and domains as people type them.
package address

import "errors"

// An Address is a mailbox that has been parsed and found harmless: no control
// characters, within the limits of RFC 5321.
type Address struct {
	Local  string // the local part without quotes or escapes, NFC; may hold any printable character
	Domain string // lower-case A-label form ("xn--bcher-kva.example")
}

// ErrEmpty is returned for a blank input.
var ErrEmpty = errors.New("no address")
