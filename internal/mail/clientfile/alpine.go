package clientfile

import (
	"fmt"

	"signpost/internal/mail/provider"
)

// alpineSafe is the punctuation that has no meaning in Alpine's file, where
// $ is a variable, a comma ends a list item, and quotes and braces delimit
// server names.
const alpineSafe = "@._+-'&=#!*^|~"

// alpineLogin is the longest login, in bytes, that Alpine's mail library reads
// in a server name (NETMAXUSER - 1).
const alpineLogin = 64

func writeAlpine(s *settings) ([]byte, error) {
	incoming, _, err := s.pickIncoming(methods{provider.Password}, methods{provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	outgoing, _, err := s.pick(provider.Submit, methods{provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	for _, v := range []string{s.address, s.login(incoming), s.login(outgoing)} {
		if !plain(v, alpineSafe) {
			return nil, s.cannot("%q holds a character that has a meaning in Alpine's file", v)
		}
	}
	if login := s.login(incoming); max(len(login), len(s.login(outgoing))) > alpineLogin {
		return nil, s.cannot("the login %q has more than the %d characters that Alpine reads", login, alpineLogin)
	}
	f := heading(s,
		"Alpine cannot run a command for the password: it asks for it.",
		"A second account has its own file: alpine -p FILE")
	server := alpineServer(s.login(incoming), incoming)
	f.linef("inbox-path={%s}INBOX", server)
	if incoming.Use == provider.IMAP {
		f.linef("folder-collections=Mail {%s}[]", server)
		f.linef("default-fcc={%s}Sent", server)
		f.linef("postponed-folder={%s}Drafts", server)
	}
	f.linef("smtp-server=%s", alpineServer(s.login(outgoing), outgoing))
	f.linef("user-domain=%s", s.account.Address.Domain)
	f.linef("customized-hdrs=From: <%s>", s.address)
	f.linef("feature-list=allow-changing-from")
	return f.bytes()
}

// alpineServer returns the inside of the braces of a remote folder.
func alpineServer(login string, service provider.Service) string {
	kind := ""
	if service.Use == provider.POP3 {
		kind = "/pop3"
	}
	// Without "/notls" and with "/tls" the connection fails when STARTTLS is not offered.
	security := "/ssl"
	if service.Security == provider.STARTTLS {
		security = "/tls"
	}
	return fmt.Sprintf(`%s%s%s/user="%s"`, hostPort(service), kind, security, login)
}
