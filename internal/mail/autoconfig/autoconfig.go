// Package autoconfig writes and reads the XML file that Thunderbird and many
// other mail programs ask a domain for: config-v1.1.xml.
//
// [Encode] writes it for an account, [Decode] reads one, and [Config.Import]
// says what a provider description can take over of it. When the address is
// known, user names are literal; when it is not, they are the placeholders
// that the mail program fills in. (Thunderbird does not fill them in for the
// second outgoing server, so whoever knows the address should say so. A login
// that clients would misread, such as the customer number 0012, is a
// placeholder too.)
//
// Guarantees: text is escaped by encoding/xml, without spaces around values,
// because clients do not trim. Unprotected servers are never written: one is
// enough for Thunderbird on Android to refuse the whole file. Serve it as
// [ContentType]; Thunderbird silently ignores other types.
//
// Format: draft-ietf-mailmaint-autoconfig-06 (version 1.2) and its predecessor
// without URL servers (version 1.1).
package autoconfig

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/mail/provider"
)

// ContentType must be sent with the file.
const ContentType = "text/xml; charset=utf-8"

// MaxSize is the largest file that [Decode] reads, in bytes.
const MaxSize = 1 << 20

// Versions of the format. Clients must not refuse a file by its version.
const (
	V11 = "1.1" // IMAP, POP3 and SMTP only
	V12 = "1.2"
)

// ErrNothing is returned when the account has no incoming or no outgoing
// server that the format can hold; clients would refuse such a file.
var ErrNothing = errors.New("autoconfig needs an imap, pop3 or jmap service and a submit service, protected by TLS")

// Options are what the account does not know.
type Options struct {
	Version string          // V11 or V12; "" is V12
	Docs    []provider.Link // pages for people
}

// A Config is a file.
type Config struct {
	XMLName     xml.Name   `xml:"clientConfig"`
	Version     string     `xml:"version,attr"`
	Provider    Provider   `xml:"emailProvider"`
	AddressBook []URL      `xml:"addressbook"`
	Calendar    []URL      `xml:"calendar"`
	Setup       []Server   `xml:"setupServer"` // for settings of the mailbox: managesieve
	LoginPage   *LoginPage `xml:"webMail>loginPage"`
	OAuth2      *OAuth2    `xml:"oAuth2"`
}

// A Provider is the element emailProvider.
type Provider struct {
	ID        string          `xml:"id,attr"`
	Domains   []Domain        `xml:"domain"`
	Name      string          `xml:"displayName"`
	ShortName string          `xml:"displayShortName"`
	Incoming  []Server        `xml:"incomingServer"`
	Outgoing  []Server        `xml:"outgoingServer"`
	Docs      []Documentation `xml:"documentation"`
}

// A Domain is a mail domain of the provider, or of its MX when Purpose is "mx".
type Domain struct {
	Purpose string `xml:"purpose,attr,omitempty"`
	Name    string `xml:",chardata"`
}

// A Server is an incomingServer, outgoingServer or setupServer. Servers of type jmap have a
// URL, the others a host name, port and socket type.
type Server struct {
	Type       string `xml:"type,attr"`
	Host       string `xml:"hostname,omitempty"`
	Port       Number `xml:"port,omitempty"`
	SocketType string `xml:"socketType,omitempty"`
	URL        string `xml:"url,omitempty"`
	Auth       []Auth `xml:"authentication"`
	User       string `xml:"username"`
	POP3       *POP3  `xml:"pop3"`
}

// A URL is the element calendar or addressbook.
type URL struct {
	Type string `xml:"type,attr"`
	URL  string `xml:"url"`
	Auth []Auth `xml:"authentication"`
	User string `xml:"username"`
}

// An Auth is a way to sign in; System is "http" for Basic and Digest.
type Auth struct {
	System string `xml:"system,attr,omitempty"`
	Name   string `xml:",chardata"`
}

// POP3 says how long mail stays on the server.
type POP3 struct {
	Leave bool   `xml:"leaveMessagesOnServer"`
	Days  Number `xml:"daysToLeaveMessagesOnServer,omitempty"`
}

// Number is a whole number; in a file that has something else it is 0.
type Number int

// UnmarshalText reads a number.
func (n *Number) UnmarshalText(text []byte) error {
	i, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		i = 0
	}
	*n = Number(i)
	return nil
}

// A Documentation leads to a page for people.
type Documentation struct {
	URL   string  `xml:"url,attr"`
	Descr []Descr `xml:"descr"`
}

// A Descr says in one language what a page is about.
type Descr struct {
	Lang string `xml:"lang,attr,omitempty"`
	Text string `xml:",chardata"`
}

// A LoginPage is where the webmail is.
type LoginPage struct {
	URL string `xml:"url,attr"`
}

// OAuth2 is the authorization server for sign-in with OAuth2.
type OAuth2 struct {
	Issuer string `xml:"issuer"`
	Scope  string `xml:"scope,omitempty"`
}

// Encode writes the file for an account.
func Encode(acc provider.Account, o Options) ([]byte, error) {
	c, err := New(acc, o)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("autoconfig: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// New fills a Config from an account.
func New(acc provider.Account, o Options) (*Config, error) {
	p := acc.Provider
	c := &Config{Version: o.Version, Provider: Provider{ID: p.ID, Domains: domains(acc), Name: p.NameIn("default"), ShortName: p.Short}}
	if c.Version == "" {
		c.Version = V12
	}
	if c.Provider.ShortName == "" {
		c.Provider.ShortName = shortened(c.Provider.Name)
	}
	for _, s := range acc.Expressible(provider.Autoconfig) {
		c.add(acc, s)
	}
	if len(c.Provider.Incoming) == 0 || len(c.Provider.Outgoing) == 0 {
		return nil, ErrNothing
	}
	for _, l := range o.Docs {
		c.Provider.Docs = append(c.Provider.Docs, documentation(l))
	}
	if p.OAuth.Issuer != "" && c.Version != V11 && slices.ContainsFunc(acc.Expressible(provider.Autoconfig), func(s provider.Service) bool { return s.Has(provider.OAuth2) }) {
		c.OAuth2 = &OAuth2{Issuer: p.OAuth.Issuer, Scope: strings.Join(p.OAuth.Scopes, " ")}
	}
	if p.Webmail != "" {
		c.LoginPage = &LoginPage{p.Webmail}
	}
	return c, nil
}

// maxShortName is the most that displayShortName may have, in characters.
const maxShortName = 20

// shortened returns the first words of a name, as many as displayShortName holds.
func shortened(name string) string {
	r := []rune(name)
	if len(r) <= maxShortName {
		return name
	}
	short := string(r[:maxShortName])
	if i := strings.LastIndexByte(short, ' '); r[maxShortName] != ' ' && i > 0 {
		short = short[:i]
	}
	return strings.TrimSpace(short)
}

func (c *Config) add(acc provider.Account, s provider.Service) {
	if (s.Use.HasURL() || s.Use == provider.Sieve) && c.Version == V11 {
		return
	}
	user, ok := username(acc, s)
	if !ok {
		return
	}
	switch s.Use {
	case provider.CalDAV:
		c.Calendar = append(c.Calendar, URL{"caldav", s.BaseURL(), httpAuth(s.Auth), user})
	case provider.CardDAV:
		c.AddressBook = append(c.AddressBook, URL{"carddav", s.BaseURL(), httpAuth(s.Auth), user})
	case provider.JMAP:
		c.Provider.Incoming = append(c.Provider.Incoming, Server{Type: "jmap", URL: s.BaseURL(), Auth: httpAuth(s.Auth), User: user})
	case provider.Sieve:
		c.Setup = append(c.Setup, server("managesieve", s, user))
	case provider.Submit:
		if len(c.Provider.Outgoing) > 0 && !acc.Address.IsZero() && !literal(s.Login) {
			return // Thunderbird fills in the address in the first outgoing server only
		}
		c.Provider.Outgoing = append(c.Provider.Outgoing, server("smtp", s, user))
	default:
		c.Provider.Incoming = append(c.Provider.Incoming, server(string(s.Use), s, user))
	}
}

func server(kind string, s provider.Service, user string) Server {
	srv := Server{Type: kind, Host: s.Host, Port: Number(s.Port), SocketType: "SSL", Auth: saslAuth(s.Auth), User: user}
	if s.Security == provider.STARTTLS {
		srv.SocketType = "STARTTLS"
	}
	if s.LeaveOnServer > 0 {
		srv.POP3 = &POP3{Leave: true, Days: Number(s.LeaveOnServer.Hours() / 24)}
	}
	return srv
}

// saslAuth names the generic ways to sign in: a specific mechanism would have
// to be followed by its generic name anyway.
func saslAuth(auth []provider.Auth) []Auth {
	var list []Auth
	for _, a := range auth {
		name := "password-encrypted"
		switch a {
		case provider.Password:
			name = "password-cleartext"
		case provider.OAuth2:
			name = "OAuth2"
		}
		if !slices.Contains(list, Auth{Name: name}) {
			list = append(list, Auth{Name: name})
		}
	}
	return list
}

func httpAuth(auth []provider.Auth) []Auth {
	var list []Auth
	for _, a := range auth {
		if a == provider.OAuth2 {
			list = append(list, Auth{Name: "OAuth2"})
		} else {
			list = append(list, Auth{"http", "Basic"})
		}
	}
	return list
}

// The placeholders that mail programs fill in.
const (
	phAddress = "%EMAILADDRESS%"
	phLocal   = "%EMAILLOCALPART%"
	phDomain  = "%EMAILDOMAIN%"
)

// username returns the literal login, or placeholders where the address is not
// known or a client would not take the login as it is: it would fill in what
// looks like a placeholder, and Thunderbird reads 0012 as the number 12. Then
// filling in the address is left to the client. ok is false when that cannot be
// said: for a login of the customer's own, and for a local part that holds the
// placeholder of the domain, which Thunderbird fills in one after the other.
func username(acc provider.Account, s provider.Service) (user string, ok bool) {
	if !acc.Address.IsZero() && literal(s.Login) {
		return s.Login, true
	}
	twice := strings.Count(s.LoginForm, "{") > 1 && strings.Contains(acc.Address.Local, phDomain)
	return provider.Expand(s.LoginForm, phAddress, phLocal, phDomain), s.LoginForm != "" && !twice
}

// number is what JavaScript takes for one, other than a plain small integer.
var number = regexp.MustCompile(`^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^0[xX][0-9a-fA-F]+$|^0[oO][0-7]+$|^0[bB][01]+$`)

var smallInteger = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})$`)

// literal reports whether clients take a login as it is written.
func literal(s string) bool {
	switch {
	case strings.Contains(s, phAddress), strings.Contains(s, phLocal), strings.Contains(s, phDomain):
		return false
	case number.MatchString(s):
		return smallInteger.MatchString(s)
	case strings.EqualFold(s, "true"), strings.EqualFold(s, "false"):
		return s == strings.ToLower(s)
	}
	return true
}

// domains lists the customer's own domain first: some clients only look there.
func domains(acc provider.Account) []Domain {
	var list []Domain
	if d := acc.Address.Domain; d != "" {
		list = append(list, Domain{Name: d})
	}
	for _, d := range acc.Provider.Domains {
		if d != acc.Address.Domain {
			list = append(list, Domain{Name: d})
		}
	}
	return list
}

func documentation(l provider.Link) Documentation {
	d := Documentation{URL: l.URL}
	for _, lang := range slices.Sorted(maps.Keys(l.Texts)) {
		if lang != "default" {
			d.Descr = append(d.Descr, Descr{lang, l.Texts[lang]})
		}
	}
	if text := l.Texts["default"]; text != "" && len(d.Descr) == 0 {
		d.Descr = []Descr{{Text: text}}
	}
	return d
}
