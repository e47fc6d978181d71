package clientfile

import (
	"regexp"

	"signpost/internal/mail/provider"
)

// aercVariable is what aerc's INI reader replaces by another key of the file.
var aercVariable = regexp.MustCompile(`%\([^)]+\)s`)

// aercValue puts a value between backquotes, inside which nothing has a
// meaning; the last one on the line ends it.
func (s *settings) aercValue(v string) (string, error) {
	if aercVariable.MatchString(v) {
		return "", s.cannot("aerc replaces %q in %q", aercVariable.FindString(v), v)
	}
	if plain(v, " @._+-/:%<>=") {
		return v, nil
	}
	return "`" + v + "`", nil
}

func writeAerc(s *settings) ([]byte, error) {
	if err := s.unquoted(); err != nil {
		return nil, err
	}
	incoming, _, err := s.onlyIMAP(methods{provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	outgoing, _, err := s.pick(provider.Submit, methods{provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	from, err := s.aercValue("<" + s.address + ">")
	if err != nil {
		return nil, err
	}
	command, err := s.aercValue(s.oneLine())
	if err != nil {
		return nil, err
	}
	f := heading(s, "Several accounts can stand below each other.")
	f.linef("[%s]", s.name)
	f.linef("source = %s", mailURL(scheme("imap", incoming), s.login(incoming), incoming))
	f.linef("source-cred-cmd = %s", command)
	f.linef("outgoing = %s", mailURL(scheme("smtp", outgoing), s.login(outgoing), outgoing))
	f.linef("outgoing-cred-cmd = %s", command)
	if outgoing.Security == provider.STARTTLS {
		// Needed up to 0.14; later versions use STARTTLS with smtp:// anyway.
		f.linef("smtp-starttls = yes")
	}
	f.linef("from = %s", from)
	f.linef("default = INBOX")
	f.linef("copy-to = Sent")
	return f.bytes()
}
