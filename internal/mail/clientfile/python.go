package clientfile

import (
	"strings"

	"signpost/internal/mail/provider"
)

// configValue checks a value for Python's configparser, which strips blanks at
// both ends and has no quotes.
func (s *settings) configValue(v string) (string, error) {
	if v != strings.TrimSpace(v) {
		return "", s.cannot("%s cuts off the blanks around %q", s.format.title, v)
	}
	return v, nil
}

func writeGetmail(s *settings) ([]byte, error) {
	service, auth, err := s.pickIncoming(
		methods{provider.Password, provider.CRAMMD5},
		methods{provider.APOP, provider.Password}, provider.TLS)
	if err != nil {
		return nil, err
	}
	login, err := s.configValue(s.login(service))
	if err != nil {
		return nil, err
	}
	// Its IMAP library sends the login bare, as an atom (RFC 3501 section 9).
	if service.Use == provider.IMAP && auth == provider.Password && !plain(login, "!#$&'+,-./:;<=>?@[]^_`|}~") {
		return nil, s.cannot("getmail cannot sign in by IMAP as %q", login)
	}
	f := heading(s,
		"A second account has its own file in the same folder: getmail --rcfile NAME",
		"Make the folder first: mkdir -p ~/Mail/"+s.name+"/cur ~/Mail/"+s.name+"/new ~/Mail/"+s.name+"/tmp",
		"ca_certs is the list of authorities of Debian and Ubuntu; other systems keep it elsewhere.")
	f.linef("[retriever]")
	if service.Use == provider.POP3 {
		f.linef("type = SimplePOP3SSLRetriever")
	} else {
		f.linef("type = SimpleIMAPSSLRetriever")
	}
	f.linef("server = %s", service.Host)
	f.linef("port = %d", service.PortNumber())
	f.linef("username = %s", login)
	f.linef(`password_command = ("sh", "-c", %s)`, python(s.oneLine()))
	f.linef("ca_certs = /etc/ssl/certs/ca-certificates.crt")
	f.linef("ssl_cert_hostname = %s", service.Host)
	switch auth {
	case provider.APOP:
		f.linef("use_apop = True")
	case provider.CRAMMD5:
		f.linef("use_cram_md5 = True")
	}
	f.linef("")
	f.linef("[destination]")
	f.linef("type = Maildir")
	f.linef("path = ~/Mail/%s/", s.name)
	f.linef("")
	f.linef("[options]")
	f.linef("read_all = False")
	f.linef("delete = False")
	return f.bytes()
}

func writeOfflineimap(s *settings) ([]byte, error) {
	// It signs in without encryption where a server does not offer STARTTLS.
	service, auth, err := s.onlyIMAP(methods{provider.Password, provider.CRAMMD5}, provider.TLS)
	if err != nil {
		return nil, err
	}
	login, err := s.configValue(s.login(service))
	if err != nil {
		return nil, err
	}
	// Its configparser replaces %(name)s; a doubled sign stands for itself.
	value := strings.NewReplacer("%", "%%").Replace
	f := heading(s,
		"If you have such a file already: leave out the part [general] and add the name to the accounts there.")
	f.linef("[general]")
	f.linef("accounts = %s", s.name)
	f.linef("")
	f.linef("[Account %s]", s.name)
	f.linef("localrepository = %s-local", s.name)
	f.linef("remoterepository = %s-remote", s.name)
	f.linef("")
	f.linef("[Repository %s-local]", s.name)
	f.linef("type = Maildir")
	f.linef("localfolders = ~/Mail/%s", s.name)
	f.linef("")
	f.linef("[Repository %s-remote]", s.name)
	f.linef("type = IMAP")
	f.linef("remotehost = %s", value(service.Host))
	f.linef("remoteport = %d", service.PortNumber())
	f.linef("remoteuser = %s", value(login))
	f.linef(`remotepasseval = __import__("subprocess").check_output(["sh", "-c", %s]).decode().split("\n")[0]`, value(python(s.command)))
	f.linef("ssl = yes")
	f.linef("starttls = no")
	f.linef("sslcacertfile = OS-DEFAULT")
	if auth == provider.CRAMMD5 {
		f.linef("auth_mechanisms = CRAM-MD5")
	}
	return f.bytes()
}
