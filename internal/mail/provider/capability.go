package provider

import "slices"

// Format names a way to tell mail programs about servers. The values are those
// of the command line.
type Format string

// The formats that not every service fits into.
const (
	Autoconfig   Format = "autoconfig"
	Autodiscover Format = "autodiscover"
	PACC         Format = "pacc"
	Profile      Format = "mobileconfig"
	DNS          Format = "zone"
)

// Formats lists the formats of [Inexpressible], in the order of pages.
var Formats = []Format{Autoconfig, Autodiscover, PACC, Profile, DNS}

// A Gap is the reason why a format cannot hold a service.
type Gap struct {
	Key     string // stable, for catalogues: "starttls"
	Message string // in English, for "signpost check"
}

// The reasons why a service does not fit into a format.
var (
	gapPlain    = Gap{"plain", "an unprotected connection is never published"}
	gapUse      = Gap{"use", "the format has no place for this kind of service"}
	gapSTARTTLS = Gap{"starttls", "the format only knows TLS from the first byte"}
	gapPort     = Gap{"port", "the format only knows the usual port"}
	gapGuess    = Gap{"port-guess", "mail programs tell STARTTLS from TLS by the port here, and would take this one for the other"}
	gapAuth     = Gap{"auth", "the format cannot name any of the ways to sign in"}
)

// capability says what a format can hold.
type capability struct {
	uses     []Use
	starttls bool
	anyPort  bool
	byPort   bool   // readers tell STARTTLS from TLS by the port
	auth     []Auth // nil: all
}

// capabilities is the table of what fits where; its sources are the
// specifications of the formats.
var capabilities = map[Format]capability{
	Autoconfig:   {uses: Uses, starttls: true, anyPort: true},
	Autodiscover: {uses: []Use{IMAP, POP3, Submit}, starttls: true, anyPort: true, byPort: true, auth: []Auth{Password}},
	PACC:         {uses: []Use{IMAP, POP3, Submit, CalDAV, CardDAV, JMAP}},
	Profile:      {uses: []Use{IMAP, POP3, Submit, CalDAV, CardDAV}, starttls: true, anyPort: true, auth: []Auth{Password, CRAMMD5}},
	DNS:          {uses: Uses, starttls: true, anyPort: true},
}

// Inexpressible returns why the format cannot hold the service; ok is false
// when it can.
func Inexpressible(f Format, s Service) (gap Gap, ok bool) {
	c := capabilities[f]
	cleartextPort := s.Port == 143 || s.Port == 110 || s.Port == 587 || s.Port == 25
	switch {
	case !slices.Contains(c.uses, s.Use):
		return gapUse, true
	case s.Security == Plain:
		return gapPlain, true
	case s.Security == STARTTLS && !c.starttls:
		return gapSTARTTLS, true
	case !c.anyPort && s.PortNumber() != 443 && s.Use.HasURL(), !c.anyPort && !s.Use.HasURL() && s.Port != DefaultPort(s.Use, TLS):
		return gapPort, true
	case c.byPort && (s.Security == STARTTLS) != cleartextPort:
		return gapGuess, true
	case c.auth != nil && !slices.ContainsFunc(s.Auth, func(a Auth) bool { return slices.Contains(c.auth, a) }):
		return gapAuth, true
	}
	return Gap{}, false
}

// Expressible returns the services that the format can hold, in their order.
func (acc Account) Expressible(f Format) []Service {
	var found []Service
	for _, s := range acc.Services {
		if _, gap := Inexpressible(f, s); !gap {
			found = append(found, s)
		}
	}
	return found
}
