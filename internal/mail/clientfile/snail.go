package clientfile

import (
	"strings"

	"signpost/internal/mail/provider"
)

// snailWord quotes a value as s-nail's shell-like commands read it.
func snailWord(v string) string {
	if plain(v, "@._+-/:%") {
		return v
	}
	return "'" + strings.ReplaceAll(v, "'", `'"'"'`) + "'"
}

func writeSnail(s *settings) ([]byte, error) {
	incoming, auth, err := s.pickIncoming(
		methods{provider.Password, provider.CRAMMD5},
		methods{provider.APOP, provider.Password}, encrypted...)
	if err != nil {
		return nil, err
	}
	outgoing, outAuth, err := s.pick(provider.Submit, methods{provider.Password, provider.CRAMMD5}, encrypted...)
	if err != nil {
		return nil, err
	}
	// It drops a sender that it cannot read and then sends as the local user.
	if !ascii(s.address) || strings.Contains(s.account.Address.Local, `"`) {
		return nil, s.cannot("s-nail does not accept the sender %s", s.address)
	}
	if strings.HasSuffix(s.command, `\`) {
		return nil, s.cannot("the password command %q ends in a backslash, which joins lines", s.command)
	}
	f := heading(s,
		"Several accounts can stand below each other; start with: s-nail -A "+s.name)
	f.linef("set v15-compat")
	f.linef("account %s {", s.name)
	f.linef("  set from=%s", snailWord(s.address))
	f.linef("  set inbox=%s", snailWord(mailURL(scheme(string(incoming.Use), incoming), s.login(incoming), incoming)))
	if incoming.Use == provider.IMAP {
		f.linef("  set folder=%s", snailWord(mailURL(scheme("imap", incoming), s.login(incoming), incoming)))
		f.linef("  set record=+Sent")
		if auth == provider.CRAMMD5 {
			f.linef("  set imap-auth=cram-md5")
		}
	} else if auth == provider.APOP {
		f.linef("  unset pop3-no-apop")
	} else {
		f.linef("  set pop3-no-apop")
	}
	f.linef("  set mta=%s", snailWord(mailURL(submissionScheme(outgoing), s.login(outgoing), outgoing)))
	how := "plain"
	if outAuth == provider.CRAMMD5 {
		how = "cram-md5"
	}
	f.linef("  set smtp-auth=%s", how)
	if incoming.Security == provider.STARTTLS {
		f.linef("  set %s-use-starttls", incoming.Use)
	}
	if outgoing.Security == provider.STARTTLS {
		f.linef("  set smtp-use-starttls")
	}
	f.linef("  set tls-verify=strict")
	f.linef("  vput ! password %s", s.oneLine())
	f.linef(`  vput csop password trim-end "$password"`)
	f.linef("}")
	return f.bytes()
}

func submissionScheme(service provider.Service) string {
	if service.Security == provider.TLS {
		return "smtps"
	}
	return "smtp"
}
