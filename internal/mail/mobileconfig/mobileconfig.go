// Package mobileconfig writes configuration profiles for Apple's Mail, Calendar
// and Contacts, and signs them.
//
// [Profile] returns the property list for one mailbox; [LoadSigner] reads a key
// and its certificates, and [Signer.Sign] wraps a profile into CMS.
//
// Guarantees: a profile holds no password, the device asks for it; only keys of
// Apple's published schema are used, with their types; identifiers and UUIDs
// depend on nothing but provider, mailbox, protocol and purpose, so that the
// same profile installed again updates the account, while two mailboxes stay
// apart, also in the lists of the device, which show the address; the identifier holds a hash instead of the local part. What a profile
// cannot say (APOP, OAuth2, unencrypted connections) is [ErrNotExpressible].
//
// Reference: Apple's Device Management documentation, "Configuring Multiple
// Devices Using Profiles" and the payloads com.apple.mail.managed,
// com.apple.caldav.account and com.apple.carddav.account.
package mobileconfig

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"howett.net/plist"

	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// MediaType is the content type of a profile, signed or not.
const MediaType = "application/x-apple-aspen-config"

// The errors of [Profile]; the text says which service or value is meant.
var (
	ErrNoAddress      = errors.New("a profile is for one mailbox; an address is needed")
	ErrNotExpressible = errors.New("an Apple profile cannot express this")
	ErrControl        = errors.New("control character or invalid UTF-8")
)

// Device narrows a profile to one kind of device, which then does not ask
// where to install it.
type Device int

// The kinds of devices (TargetDeviceType).
const (
	AnyDevice Device = 0
	IPhone    Device = 1 // iPad and iPod touch too
	Mac       Device = 5
)

// Texts are shown when the profile is installed; Apple localises none of them
// but the consent, so they come in the reader's language.
type Texts struct {
	Title       string // default: the provider's name and the address
	Description string // default: an English sentence
}

// Options say what a profile sets up.
type Options struct {
	Protocol provider.Use // IMAP or POP3; default IMAP
	DAV      bool         // calendars and contacts too
	Name     string       // of the person, as recipients see it; may be ""
	Lang     string       // of the provider's name
	Device   Device
	Texts    Texts
}

// FileName returns the name under which a profile is downloaded.
func FileName(p *provider.Provider) string { return p.ID + ".mobileconfig" }

// A Payload holds the keys that every payload of a profile has. It is exported
// because the encoder skips embedded types that are not.
type Payload struct {
	PayloadType         string
	PayloadVersion      int
	PayloadIdentifier   string
	PayloadUUID         string
	PayloadDisplayName  string `plist:",omitempty"`
	PayloadDescription  string `plist:",omitempty"`
	PayloadOrganization string `plist:",omitempty"`
}

type topLevel struct {
	Payload
	PayloadContent   []any
	PayloadScope     string
	ConsentText      map[string]string `plist:",omitempty"`
	TargetDeviceType int               `plist:",omitempty"`
}

type mail struct {
	Payload
	EmailAccountType                       string
	EmailAccountDescription                string
	EmailAccountName                       string `plist:",omitempty"`
	EmailAddress                           string
	IncomingMailServerAuthentication       string
	IncomingMailServerHostName             string
	IncomingMailServerPortNumber           int
	IncomingMailServerUseSSL               bool
	IncomingMailServerUsername             string
	OutgoingMailServerAuthentication       string
	OutgoingMailServerHostName             string
	OutgoingMailServerPortNumber           int
	OutgoingMailServerUseSSL               bool
	OutgoingMailServerUsername             string
	OutgoingPasswordSameAsIncomingPassword bool `plist:",omitempty"`
}

type calendar struct {
	Payload
	CalDAVAccountDescription string
	CalDAVHostName           string
	CalDAVPort               int
	CalDAVUseSSL             bool
	CalDAVUsername           string
	CalDAVPrincipalURL       string `plist:",omitempty"`
}

type contacts struct {
	Payload
	CardDAVAccountDescription string
	CardDAVHostName           string
	CardDAVPort               int
	CardDAVUseSSL             bool
	CardDAVUsername           string
	CardDAVPrincipalURL       string `plist:",omitempty"`
}

// Profile returns an unsigned profile: XML, the same bytes for the same input.
// The account should be the one for the client "apple-mail", with its
// exceptions.
func Profile(account provider.Account, o Options) ([]byte, error) {
	if o.Protocol == "" {
		o.Protocol = provider.IMAP
	}
	if account.Address.IsZero() {
		return nil, ErrNoAddress
	}
	w := newWriter(account, o)
	if err := w.check(); err != nil {
		return nil, err
	}
	m, err := w.mail()
	if err != nil {
		return nil, err
	}
	top := topLevel{
		Payload:          w.payload("Configuration", "profile", w.title, w.description),
		PayloadContent:   []any{m},
		PayloadScope:     "User",
		ConsentText:      consent(account.Provider.Profile.Consent),
		TargetDeviceType: int(o.Device),
	}
	top.PayloadIdentifier = w.identifier
	if o.DAV {
		top.PayloadContent = append(top.PayloadContent, w.dav()...)
	}
	profile, err := plist.MarshalIndent(top, plist.XMLFormat, "\t")
	if err != nil {
		return nil, err
	}
	return append(profile, '\n'), nil
}

// writer holds what the payloads of one profile share.
type writer struct {
	account     provider.Account
	o           Options
	address     string
	name        string // of the provider
	title       string
	description string
	identifier  string // reverse domain name of the provider, hash of the mailbox, protocol
	namespace   uuid.UUID
}

func newWriter(account provider.Account, o Options) *writer {
	p := account.Provider
	w := &writer{account: account, o: o, address: account.Address.String(), name: p.NameIn(o.Lang)}
	if w.name == "" {
		w.name = p.ID
	}
	w.title, w.description = o.Texts.Title, o.Texts.Description
	if w.title == "" {
		w.title = w.name + " (" + account.Address.Unicode() + ")" // what lists of profiles show
	}
	if w.description == "" {
		w.description = "Adds the account " + account.Address.Unicode() + ". Removing the profile removes the account from this device."
	}
	// Upper and lower case is one mailbox to people who type their address twice.
	key := strings.ToLower(w.address)
	sum := sha256.Sum256([]byte(p.ID + "\x00" + key))
	labels := strings.Split(p.ID, ".")
	slices.Reverse(labels)
	w.identifier = strings.Join(labels, ".") + ".mail." + hex.EncodeToString(sum[:8]) + "." + string(o.Protocol)
	w.namespace = uuid.NewSHA1(uuid.NewSHA1(uuid.NameSpaceDNS, []byte(p.ID)), []byte(key))
	return w
}

// check refuses characters that the property list could not carry, and line
// breaks where there can be one line only.
func (w *writer) check() error {
	p := w.account.Provider
	lines := []string{p.ID, w.address, w.name, w.title, w.o.Name, p.Profile.Organization}
	for _, s := range w.account.Services {
		lines = append(lines, s.Host, s.Login, s.URL)
	}
	texts := []string{w.description}
	for lang, text := range p.Profile.Consent {
		lines = append(lines, lang)
		texts = append(texts, text)
	}
	for _, text := range texts {
		lines = append(lines, strings.NewReplacer("\n", "", "\t", "").Replace(text))
	}
	for _, v := range lines {
		if !utf8.ValidString(v) || problem.Printable(v) != v {
			return fmt.Errorf("%w in %q", ErrControl, v)
		}
	}
	return nil
}

// payload returns the common keys. Purpose is unique within the profile.
func (w *writer) payload(kind, purpose, title, description string) Payload {
	return Payload{
		PayloadType:         kind,
		PayloadVersion:      1,
		PayloadIdentifier:   w.identifier + "." + purpose,
		PayloadUUID:         strings.ToUpper(uuid.NewSHA1(w.namespace, []byte(string(w.o.Protocol)+"\x00"+purpose)).String()),
		PayloadDisplayName:  title,
		PayloadDescription:  description,
		PayloadOrganization: w.account.Provider.Profile.Organization,
	}
}

func consent(texts map[string]string) map[string]string {
	if texts["default"] == "" {
		return nil
	}
	return texts
}

// authentication returns Apple's name for the preferred way to sign in that it has.
func authentication(s provider.Service) (string, bool) {
	for _, auth := range s.Auth {
		switch auth {
		case provider.Password:
			return "EmailAuthPassword", true
		case provider.CRAMMD5:
			return "EmailAuthCRAMMD5", true
		}
	}
	return "", false
}

// pick returns the preferred service of a use that a profile can express.
func (w *writer) pick(use provider.Use) (provider.Service, error) {
	all := w.account.All(use)
	if len(all) == 0 {
		return provider.Service{}, fmt.Errorf("%w: the provider offers no %s server", ErrNotExpressible, use)
	}
	for _, s := range all {
		if _, ok := authentication(s); ok && s.Security != provider.Plain {
			return s, nil
		}
	}
	s := all[0]
	if s.Security == provider.Plain {
		return s, fmt.Errorf("%w: the connection to %s is not encrypted", ErrNotExpressible, s.Host)
	}
	return s, fmt.Errorf("%w: %s signs in by %s only", ErrNotExpressible, s.Host, strings.Join(s.AuthKeys(), " or "))
}

func (w *writer) mail() (mail, error) {
	if !w.o.Protocol.Incoming() {
		return mail{}, fmt.Errorf("%w: mail is read by imap or pop3, not %q", ErrNotExpressible, w.o.Protocol)
	}
	in, err := w.pick(w.o.Protocol)
	if err != nil {
		return mail{}, err
	}
	out, err := w.pick(provider.Submit)
	if err != nil {
		return mail{}, err
	}
	kind := "EmailTypeIMAP"
	if w.o.Protocol == provider.POP3 {
		kind = "EmailTypePOP"
	}
	inAuth, _ := authentication(in)
	outAuth, _ := authentication(out)
	// UseSSL stands for STARTTLS too: the device finds out which.
	return mail{
		Payload:                          w.payload("com.apple.mail.managed", "mail", w.name, ""),
		EmailAccountType:                 kind,
		EmailAccountDescription:          w.account.Address.Unicode(),
		EmailAccountName:                 w.o.Name,
		EmailAddress:                     w.address,
		IncomingMailServerAuthentication: inAuth,
		IncomingMailServerHostName:       in.Host,
		IncomingMailServerPortNumber:     in.PortNumber(),
		IncomingMailServerUseSSL:         true,
		IncomingMailServerUsername:       in.Login,
		OutgoingMailServerAuthentication: outAuth,
		OutgoingMailServerHostName:       out.Host,
		OutgoingMailServerPortNumber:     out.PortNumber(),
		OutgoingMailServerUseSSL:         true,
		OutgoingMailServerUsername:       out.Login,

		OutgoingPasswordSameAsIncomingPassword: in.Login == out.Login,
	}, nil
}

// dav returns the payloads for the calendars and contacts that the provider
// offers over HTTPS with a password; there may be none.
func (w *writer) dav() []any {
	var payloads []any
	if s, u, ok := w.pickURL(provider.CalDAV); ok {
		payloads = append(payloads, calendar{
			Payload:                  w.payload("com.apple.caldav.account", "caldav", w.name, ""),
			CalDAVAccountDescription: w.account.Address.Unicode(),
			CalDAVHostName:           u.Hostname(),
			CalDAVPort:               s.PortNumber(),
			CalDAVUseSSL:             true,
			CalDAVUsername:           s.Login,
			CalDAVPrincipalURL:       u.RequestURI(),
		})
	}
	if s, u, ok := w.pickURL(provider.CardDAV); ok {
		payloads = append(payloads, contacts{
			Payload:                   w.payload("com.apple.carddav.account", "carddav", w.name, ""),
			CardDAVAccountDescription: w.account.Address.Unicode(),
			CardDAVHostName:           u.Hostname(),
			CardDAVPort:               s.PortNumber(),
			CardDAVUseSSL:             true,
			CardDAVUsername:           s.Login,
			CardDAVPrincipalURL:       u.RequestURI(),
		})
	}
	return payloads
}

func (w *writer) pickURL(use provider.Use) (provider.Service, *url.URL, bool) {
	s, ok := w.account.Pick(use, func(s provider.Service) bool {
		u, err := url.Parse(s.URL)
		return err == nil && u.Scheme == "https" && u.Hostname() != "" && s.Has(provider.Password)
	})
	if !ok {
		return s, nil, false
	}
	u, err := url.Parse(s.URL)
	return s, u, err == nil
}
