package clientfile

import (
	"strings"

	"signpost/internal/mail/provider"
)

// fetchmailWord quotes a string for fetchmail, which ends it at the next double
// quote whatever stands before, and knows hexadecimal escapes.
func fetchmailWord(v string) string {
	return `"` + strings.NewReplacer(`\`, `\x5c`, `"`, `\x22`).Replace(v) + `"`
}

func writeFetchmail(s *settings) ([]byte, error) {
	service, auth, err := s.pickIncoming(
		methods{provider.Password, provider.CRAMMD5},
		methods{provider.APOP, provider.Password, provider.CRAMMD5}, encrypted...)
	if err != nil {
		return nil, err
	}
	protocol := "IMAP"
	switch {
	case auth == provider.APOP:
		protocol = "APOP"
	case service.Use == provider.POP3:
		protocol = "POP3"
	}
	f := heading(s,
		"fetchmail cannot run a command for the password: it asks for it on the terminal.",
		`Mail goes to the mail server of this computer, or to a program: fetchmail --mda "…"`)
	f.linef("poll %s", fetchmailWord(service.Host))
	f.linef("  protocol %s", protocol)
	f.linef("  port %d", service.PortNumber())
	switch auth {
	case provider.CRAMMD5:
		f.linef("  auth cram-md5")
	case provider.Password:
		f.linef("  auth password")
	}
	if service.Use == provider.POP3 {
		f.linef("  uidl")
	}
	f.linef("  user %s", fetchmailWord(s.login(service)))
	f.linef("  options")
	if service.Security == provider.TLS {
		f.linef("    ssl")
	}
	// Without "ssl" a named protocol makes STARTTLS a must.
	f.linef(`    sslproto "TLS1.2+"`)
	f.linef("    sslcertck")
	f.linef("    keep")
	return f.bytes()
}
