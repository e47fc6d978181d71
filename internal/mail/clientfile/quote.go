package clientfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"strconv"
	"strings"

	"signpost/internal/mail/provider"
)

// plain reports whether a value holds nothing but letters, digits and the given
// punctuation.
func plain(s, punctuation string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune(punctuation, r))
	})
}

// ascii reports whether a value has no character beyond ASCII.
func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// accountName returns the name of the account in a file: the address where it
// is a harmless word, else a word made from it that no other address has.
func accountName(address string) string {
	if plain(address, "@._+-") && !strings.HasPrefix(address, "-") && !strings.HasPrefix(address, ".") {
		return address
	}
	return identifier(address, "@._+-")
}

// identifier returns a word of letters, digits and the given punctuation that
// is different for every address.
func identifier(address, punctuation string) string {
	word := strings.Map(func(r rune) rune {
		if plain(string(r), punctuation) {
			return r
		}
		return '_'
	}, address)
	// Names of folders end at 255 bytes, and some programs add to them.
	word = word[:min(len(word), 120)]
	sum := sha256.Sum256([]byte(address))
	return "mail_" + word + "_" + hex.EncodeToString(sum[:4])
}

// shellWord quotes a value for the POSIX shell. It needs no backslash, which
// the files around a command would have to escape once more.
func shellWord(s string) string {
	if plain(s, "@%+=:,./-_") {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'"'"'`) + "'"
}

// backslashed puts a value into double quotes, with backslashes before quotes
// and backslashes.
func backslashed(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// python returns a Python string literal. Go's escapes for control and
// non-ASCII characters are all known to Python.
func python(s string) string { return strconv.QuoteToASCII(s) }

// percentEncoded encodes everything but the unreserved characters of RFC 3986.
func percentEncoded(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < 0x80 && plain(string(rune(c)), "-._~") {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// mailURL returns scheme://login@host:port.
func mailURL(scheme, login string, service provider.Service) string {
	return scheme + "://" + percentEncoded(login) + "@" + hostPort(service)
}

func hostPort(service provider.Service) string {
	return net.JoinHostPort(service.Host, strconv.Itoa(service.PortNumber()))
}

// A file collects lines.
type file struct {
	strings.Builder
}

// heading starts a file with comments: where it goes and what to know about it.
func heading(s *settings, notes ...string) *file {
	f := &file{}
	f.linef("# %s, for %s", s.format.title, s.address)
	f.linef("# Save as %s, readable by you only (chmod 600).", s.format.File)
	for _, note := range notes {
		f.linef("# %s", note)
	}
	f.linef("")
	return f
}

func (f *file) linef(format string, args ...any) {
	fmt.Fprintf(f, format+"\n", args...)
}

func (f *file) bytes() ([]byte, error) { return []byte(f.String()), nil }
