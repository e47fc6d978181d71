package clientfile

import (
	"regexp"
	"strings"

	"signpost/internal/mail/provider"
)

// msmtpLine is the longest line that msmtp and mpop read (LINEBUFSIZE - 1).
const msmtpLine = 499

// msmtpPattern is what msmtp replaces in an envelope sender; there is no escape.
var msmtpPattern = regexp.MustCompile(`%[UHCM]`)

// msmtpWord quotes an argument for msmtp and mpop: one pair of double quotes
// around it is taken off, and nothing inside means anything.
func msmtpWord(v string) string {
	if plain(v, "@._+-/~:") {
		return v
	}
	return `"` + v + `"`
}

// msmtpFile checks the length of lines.
func (s *settings) msmtpFile(f *file) ([]byte, error) {
	for line := range strings.Lines(f.String()) {
		if len(line) > msmtpLine {
			return nil, s.cannot("a line would be longer than the %d bytes that %s reads", msmtpLine, s.format.title)
		}
	}
	return f.bytes()
}

func (s *settings) msmtpServer(f *file, service provider.Service) {
	f.linef("host %s", msmtpWord(service.Host))
	f.linef("port %d", service.PortNumber())
	f.linef("tls on")
	if service.Security == provider.STARTTLS {
		f.linef("tls_starttls on")
	} else {
		f.linef("tls_starttls off")
	}
}

func (s *settings) msmtpAuth(f *file, auth string, service provider.Service) {
	f.linef("auth %s", auth)
	f.linef("user %s", msmtpWord(s.login(service)))
	f.linef("passwordeval %s", msmtpWord(s.command))
}

func writeMsmtp(s *settings) ([]byte, error) {
	service, auth, err := s.pick(provider.Submit, methods{provider.Password, provider.CRAMMD5, provider.SCRAM}, encrypted...)
	if err != nil {
		return nil, err
	}
	if msmtpPattern.MatchString(s.address) {
		return nil, s.cannot("msmtp replaces %q in the address %q", msmtpPattern.FindString(s.address), s.address)
	}
	if strings.ContainsAny(s.address, `*?[\`) {
		return nil, s.cannot("msmtp takes the address %q for a pattern", s.address)
	}
	f := heading(s,
		"Several accounts can stand below each other: leave out the last line in a file that has one.",
		"msmtp chooses by sender address, or: msmtp -a "+s.name)
	f.linef("account %s", s.name)
	s.msmtpServer(f, service)
	f.linef("from %s", msmtpWord(s.address))
	// With "on" msmtp takes the best of what the server offers, SCRAM included.
	how := "on"
	if auth == provider.CRAMMD5 {
		how = "cram-md5"
	}
	s.msmtpAuth(f, how, service)
	f.linef("")
	f.linef("account default : %s", s.name)
	return s.msmtpFile(f)
}

func writeMpop(s *settings) ([]byte, error) {
	service, auth, err := s.pick(provider.POP3,
		methods{provider.Password, provider.CRAMMD5, provider.SCRAM}, encrypted...)
	notes := []string{
		"Several accounts can stand below each other: leave out the last line in a file that has one.",
		"Make the folder first: mkdir -p ~/Mail/" + s.name + "/cur ~/Mail/" + s.name + "/new ~/Mail/" + s.name + "/tmp",
	}
	if err != nil {
		// mpop refuses the APOP greetings of common servers, whose timestamps
		// it does not take for an address; CRAM-MD5 needs the same from them.
		service, _, err = s.pick(provider.POP3, methods{provider.APOP}, encrypted...)
		if err != nil {
			return nil, err
		}
		auth = provider.CRAMMD5
		notes = append(notes, "The server asks for APOP, which mpop cannot do with all servers; CRAM-MD5 is the nearest.")
	}
	// With "on" mpop takes PLAIN, whether the server has it or not.
	how := "on"
	switch auth {
	case provider.CRAMMD5:
		how = "cram-md5"
	case provider.SCRAM:
		how = "scram-sha-256"
		notes = append(notes, "For a server that has only the older SCRAM, write: auth scram-sha-1")
	}
	f := heading(s, notes...)
	f.linef("account %s", s.name)
	s.msmtpServer(f, service)
	s.msmtpAuth(f, how, service)
	f.linef("delivery maildir ~/Mail/%s", s.name)
	f.linef("keep on")
	f.linef("")
	f.linef("account default : %s", s.name)
	return s.msmtpFile(f)
}
