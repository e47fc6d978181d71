package clientfile

import (
	"strings"

	"signpost/internal/mail/provider"
)

// muttWord quotes a value: in single quotes nothing has a meaning, a single
// quote itself stands in double quotes beside them.
func muttWord(v string) string {
	if plain(v, "@._+-/:%=") {
		return v
	}
	return "'" + strings.ReplaceAll(v, "'", `'"'"'`) + "'"
}

func writeNeomutt(s *settings) ([]byte, error) {
	if err := s.unquoted(); err != nil {
		return nil, err
	}
	incoming, auth, err := s.pickIncoming(
		methods{provider.Password, provider.CRAMMD5, provider.SCRAM},
		methods{provider.APOP, provider.Password, provider.CRAMMD5, provider.SCRAM}, encrypted...)
	if err != nil {
		return nil, err
	}
	outgoing, _, err := s.pick(provider.Submit, methods{provider.Password, provider.CRAMMD5, provider.SCRAM}, encrypted...)
	if err != nil {
		return nil, err
	}
	// Between backquotes NeoMutt passes everything on to the shell as it is,
	// backslashes too, so that a backquote of the command has no spelling.
	if strings.ContainsAny(s.command, "`\\") {
		return nil, s.cannot("the password command %q holds a backquote or backslash", s.command)
	}
	password := "\"`" + s.command + "`\""

	notes := []string{"A second account has its own file: neomutt -F FILE"}
	if incoming.Use == provider.POP3 {
		notes = append(notes, "Make the folder first: mkdir -p ~/Mail/"+s.name)
	}
	f := heading(s, notes...)
	f.linef("set from=%s", muttWord(s.address))
	if s.person != "" {
		f.linef("set realname=%s", muttWord(s.person))
	}
	f.linef("set use_from=yes")
	f.linef("set use_envelope_from=yes")
	f.linef("")
	if incoming.Use == provider.POP3 {
		f.linef("# Mail is read where it is, on the server; what you send is kept here.")
		f.linef("set pop_user=%s", muttWord(s.login(incoming)))
		f.linef("set pop_pass=%s", password)
		f.linef("set pop_host=%s", muttWord(mailURL(scheme("pop", incoming), s.login(incoming), incoming)))
		f.linef("set spoolfile=%s", muttWord(mailURL(scheme("pop", incoming), s.login(incoming), incoming)+"/"))
		f.linef("set pop_delete=no")
		f.linef("set mbox_type=Maildir")
		f.linef("set folder=~/Mail/%s", s.name)
		if auth == provider.APOP {
			f.linef("set pop_authenticators=apop")
		}
	} else {
		f.linef("set imap_user=%s", muttWord(s.login(incoming)))
		f.linef("set imap_pass=%s", password)
		// Without the login: NeoMutt decodes it and then cannot read a#b or {a} again.
		f.linef("set folder=%s", muttWord(scheme("imap", incoming)+"://"+hostPort(incoming)+"/"))
		f.linef("set spoolfile=+INBOX")
	}
	f.linef("set record=+Sent")
	f.linef("set postponed=+Drafts")
	f.linef("")
	f.linef("set smtp_url=%s", muttWord(mailURL(scheme("smtp", outgoing), s.login(outgoing), outgoing)))
	f.linef("set smtp_pass=%s", password)
	f.linef("")
	f.linef("set ssl_force_tls=yes")
	f.linef("set ssl_starttls=yes")
	return f.bytes()
}

// scheme adds the s of implicit TLS to a URL scheme.
func scheme(base string, service provider.Service) string {
	if service.Security == provider.TLS {
		return base + "s"
	}
	return base
}
