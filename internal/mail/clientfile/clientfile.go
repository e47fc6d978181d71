// Package clientfile writes the configuration files of mail programs that are
// set up by a text file, and two links that set up programs on phones.
//
// [Write] returns exactly the bytes of one format for one mailbox; [Formats]
// lists the formats with the place of each file.
//
// What the package guarantees: no file holds a password, programs get it from a
// command or ask for it; every value passes through the quoting rules of the
// program that reads it, so that no address, login or host name can add a
// setting or run a command; what a program's syntax cannot say is an error that
// names the value, never a file that means something else; connections are
// always encrypted and certificates checked; nothing is deleted on the server.
// The files of two mailboxes can stand beside each other: accounts are named
// after the address.
package clientfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// The errors of [Write]; the text of an error says which value is meant.
var (
	ErrUnknownFormat  = errors.New("unknown format")
	ErrNoAddress      = errors.New("these settings are for one mailbox; an address is needed")
	ErrNotExpressible = errors.New("cannot be expressed")
)

// maxValue bounds every value that goes into a file, in bytes.
const maxValue = 1000

// Options change what is written.
type Options struct {
	PasswordCommand string // shell command that prints the password; default "pass show mail/ADDRESS"
	POP3            bool   // read mail by POP3 where the program can do both
	Name            string // of the person, as recipients see it; only some formats have a place for it
}

// A Format is one kind of file.
type Format struct {
	Name        string `json:"name"`        // what --for takes
	Description string `json:"description"` // one phrase: the program and what it does
	File        string `json:"file"`        // where the program looks for it; "" for links
	FileName    string `json:"file_name"`   // for downloads
	Mode        string `json:"mode"`        // permissions that the file needs; "" for links
	MediaType   string `json:"media_type"`

	title string // what the program calls itself
	use   func(*settings) ([]byte, error)
}

// formats is the table of everything that can be written, in the order of the documentation.
func formats() []Format {
	const text, secret = "text/plain; charset=utf-8", "0600"
	return []Format{
		{"msmtp", "msmtp: sends mail", "~/.msmtprc", "msmtprc", secret, text, "msmtp", writeMsmtp},
		{"mpop", "mpop: fetches mail by POP3", "~/.mpoprc", "mpoprc", secret, text, "mpop", writeMpop},
		{"mbsync", "mbsync (isync) up to 1.4: copies IMAP folders to a Maildir", "~/.mbsyncrc", "mbsyncrc", secret, text, "mbsync", writeMbsync14},
		{"mbsync-1.5", "mbsync (isync) 1.5 and newer: copies IMAP folders to a Maildir", "~/.mbsyncrc", "mbsyncrc", secret, text, "mbsync", writeMbsync15},
		{"fetchmail", "fetchmail: fetches mail by IMAP or POP3 and hands it on", "~/.fetchmailrc", "fetchmailrc", secret, text, "fetchmail", writeFetchmail},
		{"getmail", "getmail: fetches mail by IMAP or POP3 into a Maildir", "~/.config/getmail/getmailrc", "getmailrc", secret, text, "getmail", writeGetmail},
		{"offlineimap", "OfflineIMAP: synchronises IMAP folders with a Maildir", "~/.offlineimaprc", "offlineimaprc", secret, text, "OfflineIMAP", writeOfflineimap},
		{"neomutt", "NeoMutt: reads and sends mail in a terminal", "~/.config/neomutt/neomuttrc", "neomuttrc", secret, text, "NeoMutt", writeNeomutt},
		{"aerc", "aerc: reads and sends mail in a terminal", "~/.config/aerc/accounts.conf", "accounts.conf", secret, text, "aerc", writeAerc},
		{"alpine", "Alpine: reads and sends mail in a terminal", "~/.pinerc", "pinerc", secret, text, "Alpine", writeAlpine},
		{"s-nail", "s-nail: reads and sends mail from the command line", "~/.mailrc", "mailrc", secret, text, "s-nail", writeSnail},
		{"vdirsyncer", "vdirsyncer: synchronises calendars and address books", "~/.config/vdirsyncer/config", "vdirsyncer-config", secret, text, "vdirsyncer", writeVdirsyncer},
		{"dclogin", "Delta Chat: a link that fills in the servers; the password is typed in the app", "", "dclogin.txt", "", text, "Delta Chat", writeDclogin},
		{"thunderbird-qr", "Thunderbird for Android: the text of an import QR code; the password is typed in the app", "", "thunderbird-qr.json", "", "application/json", "Thunderbird for Android", writeThunderbirdQR},
	}
}

// Formats lists what [Write] can write.
func Formats() []Format { return formats() }

// Write returns one format for a mailbox. Errors wrap [ErrUnknownFormat],
// [ErrNoAddress] or [ErrNotExpressible] and are sentences for the person who
// asked.
func Write(format string, account provider.Account, opts Options) ([]byte, error) {
	all := formats()
	i := slices.IndexFunc(all, func(f Format) bool { return f.Name == format })
	if i < 0 {
		var known []string
		for _, f := range all {
			known = append(known, f.Name)
		}
		return nil, fmt.Errorf("%w %q: %s", ErrUnknownFormat, problem.Printable(format), problem.DidYouMean(format, known))
	}
	if account.Address.IsZero() {
		return nil, fmt.Errorf("%s: %w", format, ErrNoAddress)
	}
	s := &settings{
		format:  all[i],
		account: account,
		address: account.Address.String(),
		name:    accountName(account.Address.String()),
		command: opts.PasswordCommand,
		pop3:    opts.POP3,
		person:  opts.Name,
	}
	if s.command == "" {
		s.command, s.usual = "pass show "+shellWord("mail/"+s.address), true
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s.format.use(s)
}

// settings is what the writers of all formats share.
type settings struct {
	format  Format
	account provider.Account
	address string // as in a mail header, the domain as A-labels
	name    string // of the account; [A-Za-z0-9@._+-] only
	command string // prints the password
	usual   bool   // the command is the default one
	pop3    bool
	person  string // as recipients see it; may be ""
}

// check refuses what no format can express.
func (s *settings) check() error {
	values := []string{s.address, s.command, s.person}
	for _, service := range s.account.Services {
		values = append(values, service.Host, service.Login, service.URL)
	}
	for _, v := range values {
		switch {
		case len(v) > maxValue:
			return s.cannot("a value is longer than %d bytes", maxValue)
		case !utf8.ValidString(v):
			return s.cannot("%q is not valid UTF-8", v)
		case strings.ContainsFunc(v, control):
			return s.cannot("%q holds a control character", v)
		}
	}
	return nil
}

func control(r rune) bool { return problem.Printable(string(r)) != string(r) }

// cannot returns an error that wraps ErrNotExpressible.
func (s *settings) cannot(format string, args ...any) error {
	return fmt.Errorf("%s: these settings %w: %s", s.format.Name, ErrNotExpressible, fmt.Sprintf(format, args...))
}

// methods are the ways to sign in that a program knows for one kind of service.
type methods []provider.Auth

// choose returns the way to sign in that the description prefers among those
// that the program knows.
func (m methods) choose(service provider.Service) (provider.Auth, bool) {
	for _, auth := range service.Auth {
		if slices.Contains(m, auth) {
			return auth, true
		}
	}
	return "", false
}

// pick returns the preferred service of a use that is encrypted in a way the
// program can speak, with a way to sign in that it knows.
func (s *settings) pick(use provider.Use, known methods, securities ...provider.Security) (provider.Service, provider.Auth, error) {
	if _, ok := s.account.First(use); !ok {
		return provider.Service{}, "", s.cannot("the provider offers no %s server", use)
	}
	service, ok := s.account.Pick(use, func(service provider.Service) bool {
		_, ok := known.choose(service)
		return ok && slices.Contains(securities, service.Security)
	})
	if !ok {
		return service, "", s.cannot("no %s server of the provider can be used: %s needs %s, and one of the ways to sign in %v",
			use, s.format.title, securityNames(securities), known)
	}
	auth, _ := known.choose(service)
	return service, auth, nil
}

// pickIncoming is pick for programs that read mail by IMAP or POP3: IMAP
// unless POP3 was asked for or is all there is.
func (s *settings) pickIncoming(imap, pop3 methods, securities ...provider.Security) (provider.Service, provider.Auth, error) {
	_, hasIMAP := s.account.First(provider.IMAP)
	if s.pop3 || !hasIMAP {
		return s.pick(provider.POP3, pop3, securities...)
	}
	return s.pick(provider.IMAP, imap, securities...)
}

// onlyIMAP is pick for programs that cannot speak POP3.
func (s *settings) onlyIMAP(known methods, securities ...provider.Security) (provider.Service, provider.Auth, error) {
	if s.pop3 {
		return provider.Service{}, "", s.cannot("%s reads mail by IMAP only", s.format.title)
	}
	return s.pick(provider.IMAP, known, securities...)
}

func securityNames(securities []provider.Security) string {
	var names []string
	for _, s := range securities {
		names = append(names, provider.Service{Security: s}.SecurityName())
	}
	return strings.Join(names, " or ")
}

// unquoted refuses addresses whose local part needs quotes, for programs that
// lose them on the way.
func (s *settings) unquoted() error {
	if a := s.account.Address; a.LocalPart() != a.Local {
		return s.cannot("%s does not handle quoted addresses such as %s", s.format.title, s.address)
	}
	return nil
}

// login returns the login, which a literal account may leave out.
func (s *settings) login(service provider.Service) string {
	if service.Login == "" {
		return s.address
	}
	return service.Login
}

// oneLine returns the command for programs that take all it prints for the
// password, or stop reading behind it and then call the command failed: an
// entry of pass may have more lines below the password. A command of the
// customer's own is left as it is.
func (s *settings) oneLine() string {
	if s.usual {
		return s.command + " | head -n 1"
	}
	return s.command
}

// Either kind of encryption, for programs that can do both.
var encrypted = []provider.Security{provider.TLS, provider.STARTTLS}
