package clientfile

import "signpost/internal/mail/provider"

func writeMbsync14(s *settings) ([]byte, error) { return writeMbsync(s, "SSLType") }

// Version 1.5 renamed SSLType.
func writeMbsync15(s *settings) ([]byte, error) { return writeMbsync(s, "TLSType") }

func writeMbsync(s *settings, securityKey string) ([]byte, error) {
	service, auth, err := s.onlyIMAP(methods{provider.Password, provider.CRAMMD5, provider.SCRAM}, encrypted...)
	if err != nil {
		return nil, err
	}
	f := heading(s,
		"Make the folder first: mkdir -p ~/Mail/"+s.name,
		"Then: mbsync "+s.name)
	f.linef("IMAPAccount %s", s.name)
	f.linef("Host %s", backslashed(service.Host))
	f.linef("Port %d", service.PortNumber())
	f.linef("User %s", backslashed(s.login(service)))
	// A leading + would be an option of PassCmd; the shell ignores the blank.
	command := s.oneLine()
	if command[0] == '+' {
		command = " " + command
	}
	f.linef("PassCmd %s", backslashed(command))
	if service.Security == provider.STARTTLS {
		f.linef("%s STARTTLS", securityKey)
	} else {
		f.linef("%s IMAPS", securityKey)
	}
	if auth == provider.CRAMMD5 {
		f.linef("AuthMechs CRAM-MD5")
	}
	f.linef("")
	f.linef("IMAPStore %s-remote", s.name)
	f.linef("Account %s", s.name)
	f.linef("")
	f.linef("MaildirStore %s-local", s.name)
	f.linef("Path ~/Mail/%s/", s.name)
	f.linef("Inbox ~/Mail/%s/INBOX", s.name)
	f.linef("SubFolders Verbatim")
	f.linef("")
	f.linef("Channel %s", s.name)
	f.linef("Far :%s-remote:", s.name)
	f.linef("Near :%s-local:", s.name)
	f.linef("Patterns *")
	f.linef("Create Near")
	f.linef("SyncState *")
	f.linef("")
	return f.bytes()
}
