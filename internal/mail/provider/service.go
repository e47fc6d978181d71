package provider

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/mail/address"
)

// DefaultPort returns the registered port of a use and security (RFC 8314,
// 5804), or 0 when there is none, as for URL services.
func DefaultPort(u Use, s Security) int {
	type pair struct {
		tls, starttls int
	}
	ports := map[Use]pair{IMAP: {993, 143}, POP3: {995, 110}, Submit: {465, 587}, Sieve: {4190, 4190}}
	if s == TLS {
		return ports[u].tls
	}
	return ports[u].starttls
}

// HasURL reports whether services of this use are found by URL instead of
// host and port.
func (u Use) HasURL() bool { return u == CalDAV || u == CardDAV || u == JMAP }

// Incoming reports whether mail is read through services of this use with a
// classic mail protocol.
func (u Use) Incoming() bool { return u == IMAP || u == POP3 }

// SecurityName returns what mail programs call the security: "SSL/TLS",
// "STARTTLS" or "none". It is the same in all languages but for "none".
func (s Service) SecurityName() string {
	switch s.Security {
	case STARTTLS:
		return "STARTTLS"
	case Plain:
		return "none"
	default:
		return "SSL/TLS"
	}
}

// SecurityKey returns a key for catalogues: "tls", "starttls", "plain" or "https".
func (s Service) SecurityKey() string {
	if s.Use.HasURL() && s.Security == TLS {
		return "https"
	}
	return string(s.Security)
}

// AuthKeys returns keys for catalogues, in order of preference: "password",
// "cram-md5", "scram", "apop", "oauth2".
func (s Service) AuthKeys() []string {
	keys := make([]string, len(s.Auth))
	for i, a := range s.Auth {
		keys[i] = string(a)
	}
	return keys
}

// Has reports whether the service accepts a way to sign in.
func (s Service) Has(a Auth) bool { return slices.Contains(s.Auth, a) }

// HostName returns the host of the service, also of one that has a URL.
func (s Service) HostName() string {
	if s.Host != "" {
		return s.Host
	}
	return urlHost(s.URL)
}

// HostUnicode returns the host with U-labels, for people.
func (s Service) HostUnicode() string { return address.DomainUnicode(s.HostName()) }

// PortNumber returns the port of the service, also of one that has a URL.
func (s Service) PortNumber() int {
	if s.Port != 0 {
		return s.Port
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return 0
	}
	if n, err := strconv.Atoi(u.Port()); err == nil {
		return n
	}
	if u.Scheme == "http" {
		return 80
	}
	return 443
}

// NeedsAddress reports whether the URL of the service still holds placeholders.
func (s Service) NeedsAddress() bool { return hasPlaceholder(s.URL) }

// BaseURL returns a URL that works without knowing the address: the URL
// itself, or the well-known place on its host where clients ask for the
// account's own URL (RFC 6764 section 5, RFC 8620 section 2.2).
func (s Service) BaseURL() string {
	if !s.NeedsAddress() {
		return s.URL
	}
	head, _, _ := strings.Cut(s.URL, "{")
	u, err := url.Parse(head)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host + "/.well-known/" + string(s.Use)
}

func urlHost(s string) string {
	head, _, _ := strings.Cut(s, "{")
	u, err := url.Parse(head)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// The placeholders of login forms and URLs.
const (
	phAddress = "{address}"
	phLocal   = "{local}"
	phDomain  = "{domain}"
)

func hasPlaceholder(s string) bool {
	return strings.Contains(s, phAddress) || strings.Contains(s, phLocal) || strings.Contains(s, phDomain)
}

// Expand replaces {address}, {local} and {domain} in a template, in one pass:
// a placeholder inside a value stays as it is.
func Expand(template, addr, local, domain string) string {
	return strings.NewReplacer(phAddress, addr, phLocal, local, phDomain, domain).Replace(template)
}

// escapeURL percent-encodes everything that has a meaning somewhere in a URL;
// the @ of an address may stay (RFC 3986 section 3.3).
func escapeURL(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~@", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}

// MatchMX reports whether a mail exchanger is one of the patterns: equal to a
// name, or below the name of a pattern "*.name". Only whole labels match.
func MatchMX(patterns []string, host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return slices.ContainsFunc(patterns, func(p string) bool {
		if suffix, ok := strings.CutPrefix(p, "*"); ok {
			return strings.HasSuffix(host, suffix) && len(host) > len(suffix)
		}
		return host == p
	})
}
