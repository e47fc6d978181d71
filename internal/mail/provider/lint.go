package provider

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"signpost/internal/mail/address"
)

// checkService refuses what no mail program could use, and warns about what
// many could not.
func (l *loader) checkService(where at, s Service) {
	switch {
	case s.Security == Plain && !s.Insecure:
		l.errorf("use tls, or add insecure: true when nothing else is possible", where.key("security"), "%s without TLS shows passwords to everyone on the way", s.Use)
	case s.Insecure && s.Security != Plain:
		l.warnf("remove it", where.key("insecure"), "insecure: true has no effect, since the connection is protected")
	}
	if s.Use.HasURL() && s.Security == STARTTLS {
		l.errorf("remove security:", where.key("security"), "%s is reached by https; STARTTLS does not exist there", s.Use)
	}
	if s.LeaveOnServer != 0 && s.Use != POP3 {
		l.errorf("remove it", where.key("leave-on-server"), "leave-on-server is for pop3 only")
	}
	l.checkPort(where, s)
	l.checkAuth(where, s)
}

type meaning struct {
	use      Use
	security Security
}

var portMeanings = map[int]meaning{
	993: {IMAP, TLS}, 143: {IMAP, STARTTLS},
	995: {POP3, TLS}, 110: {POP3, STARTTLS},
	465: {Submit, TLS}, 587: {Submit, STARTTLS},
	4190: {Sieve, STARTTLS},
}

func (l *loader) checkPort(where at, s Service) {
	line := where.key("port")
	m, ok := portMeanings[s.Port]
	switch {
	case s.Port == 25 && s.Use == Submit:
		l.warnf("offer 465 with tls, or 587 with starttls", line, "port 25 is closed to customers in most networks")
	case s.Port == 25:
		l.errorf("", line, "port 25 is not a port of %s", s.Use)
	case !ok || s.Use.HasURL():
	case m.use != s.Use:
		l.errorf("the usual ports are "+usualPorts(s.Use), line, "port %d is the port of %s, not of %s", s.Port, m.use, s.Use)
	case m.security != s.Security && s.Security != Plain && s.Port == 4190:
		l.warnf("write security: starttls", where, "ManageSieve at port 4190 begins in the clear and switches to TLS (RFC 5804)")
	case m.security != s.Security && s.Security != Plain:
		l.warnf("write security: "+string(m.security)+", or another port", where, "port %d is used with %s everywhere, not with %s", s.Port, m.security, s.Security)
	}
}

func usualPorts(u Use) string {
	return map[Use]string{IMAP: "993 and 143", POP3: "995 and 110", Submit: "465 and 587", Sieve: "4190"}[u]
}

func (l *loader) checkAuth(where at, s Service) {
	line := where.key("auth")
	sasl := slices.DeleteFunc(slices.Clone(s.Auth), func(a Auth) bool { return a == Password || a == OAuth2 })
	switch {
	case s.Has(APOP) && s.Use != POP3:
		l.errorf("remove it", line, "apop exists in POP3 only, not in %s", s.Use)
	case s.Use.HasURL() && len(sasl) > 0:
		l.errorf("use password or oauth2", line, "%s is a way to sign in to mail servers; %s is reached by https", sasl[0], s.Use)
	case s.Has(OAuth2) && l.file.OAuth.Issuer == "":
		l.errorf("add oauth: {issuer: https://…}", line, "oauth2 is offered, but the description has no oauth issuer")
	case len(s.Auth) == 1 && s.Has(OAuth2):
		l.told(s)
		l.warnf("add password behind it: auth: [oauth2, password]", line, "with oauth2 alone, mail programs that do not know you by name refuse the whole account")
	case len(s.Auth) == len(sasl) && s.Security == STARTTLS:
		l.told(s)
		l.warnf("add password behind it; the connection is encrypted before anyone signs in", line, "%s alone over STARTTLS: profiles, Autodiscover and many mail programs can only send the plain password there", sasl[0])
	case len(s.Auth) == len(sasl) && s.Security == TLS && !s.Has(CRAMMD5):
		l.told(s)
		l.warnf("add password behind it, or describe a server that accepts it", line, "%s alone cannot be set up with Autodiscover or an Apple profile", sasl[0])
	case s.Security == Plain && s.Insecure && s.Has(Password):
		l.warnf("offer tls", line, "the password of %s crosses the network in the clear", s.Use)
	}
}

// told notes that a warning about how to sign in to a service already says which
// programs it keeps out.
func (l *loader) told(s Service) { l.authTold = append(l.authTold, s.Line) }

// topLevel warns about names whose last label nobody has delegated. The
// reserved names of RFC 6761 and 9476 are for examples and tests.
func (l *loader) topLevel(where at, name string) {
	tld := name[strings.LastIndexByte(name, '.')+1:]
	if slices.Contains([]string{"test", "example", "localhost", "internal", "alt"}, tld) {
		return
	}
	if suffix, icann := publicsuffix.PublicSuffix(tld); !icann && suffix == tld {
		l.warnf("check the spelling", where, "nobody knows the ending .%s of %s", address.DomainUnicode(tld), address.DomainUnicode(name))
	}
}

// lint looks at the description as a whole.
func (l *loader) lint() {
	p := l.p
	acc := p.Account(address.Address{}, "")
	_, imap := acc.First(IMAP)
	_, pop := acc.First(POP3)
	_, jmap := acc.First(JMAP)
	if !imap && !pop && !jmap {
		l.warnf("add an imap service", at{"services"}, "no service receives mail")
	}
	if _, ok := acc.First(Submit); !ok {
		l.warnf("add a submit service; without one mail programs refuse the rest", at{"services"}, "no service sends mail")
	}
	for i, s := range p.Services {
		for _, before := range p.Services[:i] {
			if s.Use == before.Use && s.Host == before.Host && s.Port == before.Port && s.URL == before.URL {
				l.warnf("remove one", at{"services", i}, "this is the same %s server as on line %d", s.Use, before.Line)
			}
		}
	}
	l.lintFormats(acc)
}

// lintFormats warns when a format could hold a use in general, but none of the
// services described for it.
func (l *loader) lintFormats(acc Account) {
	for _, use := range Uses {
		services := acc.All(use)
		if len(services) == 0 {
			continue
		}
		for _, f := range Formats {
			var gap Gap
			missing := true
			for _, s := range services {
				g, ok := Inexpressible(f, s)
				missing = missing && ok
				if g == gapAuth && slices.Contains(l.authTold, s.Line) {
					missing = false // said once, where the ways to sign in stand
				}
				if gap == (Gap{}) {
					gap = g
				}
			}
			if missing && gap != gapUse && gap != gapPlain {
				i := slices.IndexFunc(l.p.Services, func(s Service) bool { return s.Use == use })
				l.warnf("", at{"services", i}, "the format %s cannot hold the %s service: %s", f, use, gap.Message)
			}
		}
	}
}
