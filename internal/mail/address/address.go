// Package address reads e-mail addresses and domains as people type or paste
// them, and writes them back in the one form that everything else stores.
//
// [Parse] takes what stands in a form field: spaces around it, "Name <a@b>",
// "mailto:a@b", a full stop at the end, quoted local parts, plus tags, UTF-8
// local parts (RFC 6531) and internationalised domains. [ParseDomain] does the
// same for a domain alone.
//
// An [Address] holds no control character, no line break, no bidirectional or
// invisible character, and keeps to the limits of RFC 5321 (64 octets before
// the @, 254 in all). It may hold every other character: quotes, ampersands,
// angle brackets, backslashes, "$(…)". Whoever writes it into a format does so
// through an encoder. Domains are stored as A-labels (UTS 46, non-transitional,
// RFC 5891) in lower case and shown as U-labels.
//
// Errors are sentinels of type [*Error] with a key for catalogues and a hint.
package address

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of RFC 5321 section 4.5.3.1 and erratum 1690, in octets.
const (
	MaxLocal   = 64
	MaxAddress = 254
	MaxDomain  = 253
	maxInput   = 2000 // what is worth looking at: a display name and an address
)

// An Address is a mailbox that has been parsed and found harmless: no control
// characters, within the limits of RFC 5321.
type Address struct {
	Local  string // the local part without quotes or escapes, NFC; may hold any printable character
	Domain string // lower-case A-label form ("xn--bcher-kva.example")
}

// An Error says why an input is not an address. The sentinels of this package
// are Errors; compare with errors.Is.
type Error struct {
	Key     string // stable, for catalogues: "no-at"
	Message string // what is wrong, in English
	Hint    string // what to do about it, in English
}

func (e *Error) Error() string { return e.Message }

// The reasons for refusing an input.
var (
	ErrEmpty     error = &Error{"empty", "no address", "type your whole e-mail address, such as you@example.com"}
	ErrNoAt      error = &Error{"no-at", "the address has no @", "type the whole address, with the part after the @"}
	ErrNoLocal   error = &Error{"no-local", "nothing stands before the @", "type your name at the provider before the @"}
	ErrNoDomain  error = &Error{"no-domain", "nothing stands after the @", "type the provider's domain after the @, such as example.com"}
	ErrSeveral   error = &Error{"several", "this is more than one address", "type one address only"}
	ErrLocal     error = &Error{"local", "the part before the @ has a character or full stop that is not allowed there", "check for spaces, commas and doubled full stops; unusual names stand in quotes: \"a b\"@example.com"}
	ErrControl   error = &Error{"control", "the address has an invisible or control character", "type it by hand instead of pasting it"}
	ErrDomain    error = &Error{"domain", "the domain is not a valid name", "check the spelling; a domain looks like example.com"}
	ErrOneLabel  error = &Error{"one-label", "the domain has no ending", "add the ending, such as .com"}
	ErrIPAddress error = &Error{"ip-address", "the domain is an IP address", "type the name of the domain instead of its number"}
	ErrTooLong   error = &Error{"too-long", "the address is too long", "there may be 64 characters before the @ and 254 in all"}
	ErrName      error = &Error{"name", "the name is longer than 64 characters, or holds an invisible or control character", "type the name as recipients should see it"}
)

// Parse reads one address as a person types it. Its errors are the sentinels
// of this package.
func Parse(s string) (Address, error) {
	if len(s) > maxInput {
		return Address{}, ErrTooLong
	}
	if !utf8.ValidString(s) {
		return Address{}, ErrControl
	}
	s = unwrap(s)
	if s == "" {
		return Address{}, ErrEmpty
	}
	if !strings.Contains(s, "@") {
		s = strings.Replace(s, "\uFF20", "@", 1) // the full-width @ of East Asian keyboards
	}
	local, domain, err := split(s)
	if err != nil {
		return Address{}, err
	}
	a := Address{Local: norm.NFC.String(local)}
	if a.Domain, err = ParseDomain(domain); err != nil {
		if err == ErrEmpty {
			err = ErrNoDomain
		}
		return Address{}, err
	}
	if len(a.LocalPart()) > MaxLocal || len(a.String()) > MaxAddress {
		return Address{}, ErrTooLong
	}
	return a, nil
}

// ParseLogin reads a user name that differs from the address. It may be
// anything printable of at most 254 octets.
func ParseLogin(s string) (string, error) {
	s = trim(s)
	switch {
	case s == "":
		return "", ErrEmpty
	case len(s) > MaxAddress:
		return "", ErrTooLong
	case !printable(s):
		return "", ErrControl
	}
	return norm.NFC.String(s), nil
}

// MaxName is the most that a display name may have, in characters.
const MaxName = 64

// ParseName reads the name that recipients see beside the address; it may be
// empty. It holds no line break and no other control character, and is to be
// quoted by whoever writes it.
func ParseName(s string) (string, error) {
	s = norm.NFC.String(trim(s))
	if utf8.RuneCountInString(s) > MaxName || !printable(s) {
		return "", ErrName
	}
	return s, nil
}

// unwrap takes away what surrounds an address: spaces, the display name and
// angle brackets, "mailto:" with its parameters.
func unwrap(s string) string {
	s = trim(strings.TrimRight(trim(s), ",;")) // copied out of a list
	for range 2 {                              // "Name <mailto:a@b>" needs both rounds
		if inner, ok := angle(s); ok {
			s = trim(inner)
		}
		const scheme = "mailto:"
		if len(s) >= len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			s, _, _ = strings.Cut(s[len(scheme):], "?")
			if plain, err := url.PathUnescape(s); err == nil && utf8.ValidString(plain) {
				s = plain
			}
			s = trim(s)
		}
	}
	return s
}

// angle returns what stands between < and > when s ends with it, as in
// "Name <a@b>". A bracket inside quotes is part of a name or local part.
func angle(s string) (string, bool) {
	if !strings.HasSuffix(s, ">") {
		return "", false
	}
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '<' && !quoted:
			return s[i+1 : len(s)-1], true
		}
	}
	return "", false
}

func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\uFEFF' || r == '\u200B'
	})
}

// split cuts an address at the @ that ends the local part, and takes the
// quotes off the local part.
func split(s string) (local, domain string, err error) {
	if strings.HasPrefix(s, `"`) {
		return splitQuoted(s)
	}
	i := strings.LastIndexByte(s, '@')
	switch {
	case i < 0:
		return "", "", ErrNoAt
	case i == 0:
		return "", "", ErrNoLocal
	case strings.IndexByte(s, '@') != i:
		return "", "", ErrSeveral
	}
	local, domain = s[:i], s[i+1:]
	switch {
	case !printable(local):
		return "", "", ErrControl
	case strings.ContainsAny(domain, ",; "):
		return "", "", ErrSeveral
	case !dotAtom(local):
		return "", "", ErrLocal
	}
	return local, domain, nil
}

// splitQuoted reads "quoted-string@domain" (RFC 5321 section 4.1.2).
func splitQuoted(s string) (local, domain string, err error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '\\':
			i++
			if i == len(s) {
				return "", "", ErrLocal
			}
			b.WriteByte(s[i])
		case '"':
			rest := s[i+1:]
			switch {
			case b.Len() == 0:
				return "", "", ErrNoLocal
			case !printable(b.String()):
				return "", "", ErrControl
			case rest == "":
				return "", "", ErrNoAt
			case rest[0] != '@':
				return "", "", ErrLocal
			}
			return b.String(), rest[1:], nil
		default:
			b.WriteByte(c)
		}
	}
	return "", "", ErrLocal
}

// printable reports whether s has only characters that people can see, and
// plain spaces. It refuses controls, line breaks, bidirectional overrides,
// zero-width characters, private use and unassigned code points.
func printable(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// dotAtom reports whether s can stand before the @ without quotes (RFC 5322
// section 3.2.3, with the characters of RFC 6532).
func dotAtom(s string) bool {
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" {
			return false
		}
		for _, r := range atom {
			if r < 0x80 && !atext(byte(r)) {
				return false
			}
		}
	}
	return true
}

func atext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// IsZero reports whether there is no address.
func (a Address) IsZero() bool { return a == Address{} }

// LocalPart returns the local part as it stands in an address: in quotes when
// it needs them.
func (a Address) LocalPart() string {
	if a.Local == "" || dotAtom(a.Local) {
		return a.Local
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(a.Local) + `"`
}

// String returns the address with its domain as A-labels: the form for
// protocols and files. It returns "" for the zero value.
func (a Address) String() string {
	if a.IsZero() {
		return ""
	}
	return a.LocalPart() + "@" + a.Domain
}

// Unicode returns the address with its domain as U-labels: the form for people.
func (a Address) Unicode() string {
	if a.IsZero() {
		return ""
	}
	return a.LocalPart() + "@" + DomainUnicode(a.Domain)
}
