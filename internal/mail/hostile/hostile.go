// Package hostile holds the mailbox addresses on which configuration formats
// break. Tests of every format run through [Addresses].
package hostile

import (
	"strings"

	"signpost/internal/mail/address"
)

// Addresses returns valid addresses that look like markup, placeholders,
// commands or paths, and some plain ones.
func Addresses() []address.Address {
	domain := "example.com"
	locals := []string{
		"alice", "alice+tag", "o'neil&sons+tag", "a b", "<x>", "]]>", "<!--", "&amp;", "&#38;", "%EMAILDOMAIN%", "%EMAILADDRESS%",
		"{address}", "{{imap.host}}", "$(touch x)", "`id`", "$HOME", `a\`, `a"b`, `"`, "#", "a#b", "%", "100%25", "a/../b", "..", "-rf", "--", "a,b;c", "a@b",
		"x|y", "=1+1", "*", "?", "~root", "!sh", "用户", "användare", "\U0001F600", strings.Repeat("x", 64), strings.Repeat("&", 64), strings.Repeat("ä", 32),
	}
	var all []address.Address
	for _, l := range locals {
		all = append(all, address.Address{Local: l, Domain: domain})
	}
	return append(all,
		address.Address{Local: "alice", Domain: "xn--bcher-kva.example"},
		address.Address{Local: "用户", Domain: "xn--r8jz45g.xn--zckzah"},
	)
}
