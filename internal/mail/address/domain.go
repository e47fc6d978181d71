package address

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// lookup is the UTS 46 profile for names that are looked up: it maps case and
// width, keeps ß and ς (non-transitional), and checks lengths and joiners.
var lookup = idna.New(
	idna.MapForLookup(),
	idna.Transitional(false),
	idna.StrictDomainName(true),
	idna.ValidateLabels(true),
	idna.CheckHyphens(false), // r3---sn.example exists
	idna.CheckJoiners(true),
	idna.BidiRule(),
	idna.VerifyDNSLength(true),
)

// display turns A-labels back without checking lengths.
var display = idna.New(idna.BidiRule(), idna.CheckHyphens(false), idna.ValidateLabels(true))

// ParseDomain reads a domain as a person types it, with at least two labels,
// and returns it as lower-case A-labels.
func ParseDomain(s string) (string, error) {
	if len(s) > maxInput {
		return "", ErrTooLong
	}
	s = strings.TrimRight(trim(s), ".。．,;")
	s = strings.TrimPrefix(s, "@")
	switch {
	case s == "":
		return "", ErrEmpty
	case !utf8.ValidString(s) || !printable(s):
		return "", ErrControl
	case isIP(s):
		return "", ErrIPAddress
	}
	d, err := lookup.ToASCII(s)
	if err != nil || strings.Contains(d, "..") {
		return "", ErrDomain
	}
	d = strings.ToLower(strings.TrimSuffix(d, "."))
	switch {
	case len(d) > MaxDomain:
		return "", ErrTooLong
	case isIP(d):
		return "", ErrIPAddress
	}
	labels := strings.Split(d, ".")
	for _, label := range labels {
		if !hostLabel(label) {
			return "", ErrDomain
		}
	}
	if len(labels) < 2 {
		return "", ErrOneLabel
	}
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" {
		return "", ErrDomain // no top-level domain is a number (RFC 3696 section 2)
	}
	return d, nil
}

// ParseHost reads the name of a server: a domain, or "localhost".
func ParseHost(s string) (string, error) {
	if strings.EqualFold(trim(s), "localhost") {
		return "localhost", nil
	}
	return ParseDomain(s)
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(strings.TrimPrefix(strings.ToLower(strings.Trim(s, "[]")), "ipv6:"))
	return err == nil || strings.HasPrefix(s, "[")
}

// hostLabel checks the letters-digits-hyphens rule of RFC 1123 section 2.1.
func hostLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// DomainUnicode returns a domain of A-labels as U-labels; as it is when it has
// none or they do not decode.
func DomainUnicode(d string) string {
	if !strings.Contains(d, "xn--") {
		return d
	}
	u, err := display.ToUnicode(d)
	if err != nil || !printable(u) {
		return d
	}
	return u
}
