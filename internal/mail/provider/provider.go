// Package provider holds the one description of an e-mail provider from which
// every profile, XML answer, DNS record, client file, article and guide takes
// its server names, ports and login forms.
//
// [Load] reads one file of the folder providers, strictly: an unknown key, a
// wrong value or a setting that no mail program could use is an error with its
// line; what is merely unwise is a warning. [Provider.Account] turns the
// description into the settings of one mailbox for one mail program: that is
// what every format is written from. [Provider.Value] answers the variables of
// articles, "imap.host".
//
// Guarantees: hosts and domains are lower-case A-labels. Every service has a
// port, a security and at least one way to sign in. Placeholders are replaced
// once and after parsing, so that "{domain}" inside an address stays what it is.
package provider

import (
	"time"

	"signpost/internal/mail/address"
)

// Use says what a service is for.
type Use string

// The services a description can name. In articles "smtp" stands for Submit
// and "pop" for POP3.
const (
	IMAP    Use = "imap"
	POP3    Use = "pop3"
	Submit  Use = "submit"
	CalDAV  Use = "caldav"
	CardDAV Use = "carddav"
	JMAP    Use = "jmap"
	Sieve   Use = "sieve"
)

// Uses lists every use, in the order of pages.
var Uses = []Use{IMAP, POP3, Submit, CalDAV, CardDAV, JMAP, Sieve}

// Security says how a connection is protected.
type Security string

// The ways to protect a connection. Plain needs "insecure: true" in the
// description and is never published in a machine format.
const (
	TLS      Security = "tls"      // TLS from the first byte (RFC 8314)
	STARTTLS Security = "starttls" // begins in the clear and switches to TLS
	Plain    Security = "plain"
)

// Auth is a way to sign in.
type Auth string

// The ways to sign in.
const (
	Password Auth = "password" // PLAIN or LOGIN under TLS, HTTP Basic for URLs
	CRAMMD5  Auth = "cram-md5" // RFC 2195
	SCRAM    Auth = "scram"    // RFC 5802, 7677
	APOP     Auth = "apop"     // RFC 1939 section 7, POP3 only
	OAuth2   Auth = "oauth2"   // RFC 7628
)

// A Provider is one file of the folder providers.
type Provider struct {
	Path     string            // the file, for messages
	ID       string            // host name syntax: "example.com"
	Name     map[string]string // by language; "default" is always there
	Short    string
	Domains  []string // A-labels, lower case; at least one
	Hosted   Hosted
	Services []Service // in order of preference
	Login    string    // template of {address} {local} {domain}; default "{address}"
	OAuth    OAuth
	Except   []Exception
	Webmail  string            // https URL or ""
	Help     map[string]string // purpose or client -> article slug
	Profile  ProfileTexts
	Vars     map[string]string // own values: {{vars.NAME}} in articles
	Articles []ArticleUse      // every article that the file names, for checking
}

// An ArticleUse is a place where a description names an article.
type ArticleUse struct {
	Slug string
	Line int
	Key  string // "help.setup" or "because"
}

// Hosted says which domains of customers have their mail here.
type Hosted struct {
	MX          []string // host names, or "*.example.net" for whole labels
	DomainsFile string   // path in the content folder, one domain a line
	SPF         string   // host name that customers include in their SPF record, or ""
	DKIM        []DKIM   // the keys that customers point to
}

// A DKIM key is published by customers as a CNAME: SELECTOR._domainkey.DOMAIN
// leads to Target.
type DKIM struct {
	Selector string
	Target   string // host name
}

// A Link leads to a page for people; formats that can hold one get it from
// their caller, who knows the site's address.
type Link struct {
	URL   string
	Texts map[string]string // by language, with "default"
}

// OAuth describes the provider's authorization server.
type OAuth struct {
	Issuer string
	Scopes []string
}

// ProfileTexts are the texts of an Apple profile.
type ProfileTexts struct {
	Organization string
	Consent      map[string]string // by language, with "default"; may be empty
}

// A Service is one server that mail programs talk to. TCP services have Host
// and Port, the others URL.
type Service struct {
	Use           Use
	Host          string // A-labels, lower case; "" for URL services
	Port          int    // 0 for URL services
	Security      Security
	Auth          []Auth        // in order of preference; never empty
	Login         string        // template; never empty after loading
	URL           string        // may hold {address} {local} {domain}
	LeaveOnServer time.Duration // POP3: how long mail stays on the server; 0 = not said
	Insecure      bool          // plain security was allowed on purpose
	LoginForm     string        // in an Account: the template that Login was made from, "" for a login of the customer's own
	Because       string        // in an Account: the article that explains the client's exception
	Line          int           // where it stands in the file
}

// An Exception replaces parts of the service with the same use for one client.
type Exception struct {
	Client   string   // "apple-mail", "outlook-classic", …
	Service           // only the fields that the file sets are meaningful
	Because  string   // slug of the article that says why
	Replaces []string // the keys that the file sets: "host", "auth", …
	Line     int
}

// An Account is a provider's settings for one mailbox and one client: what
// every format is written from. When the address is known, login forms and
// URLs hold its values and nothing may be replaced in them any more; when it
// is not, they are templates for [Expand].
type Account struct {
	Provider *Provider
	Address  address.Address // the zero value when it is not known
	Client   string          // "" for the general settings
	Because  string          // the article that explains the client's exception
	Services []Service
}

// Clients lists the names of mail programs that exceptions, guides and help
// entries use.
var Clients = []string{
	"apple-mail", "iphone", "thunderbird", "thunderbird-android", "outlook-classic", "outlook-new", "outlook-mobile",
	"gmail-app", "android-mail", "windows-mail", "evolution", "kmail", "deltachat",
	"msmtp", "mpop", "mbsync", "mbsync-1.5", "fetchmail", "getmail", "offlineimap", "neomutt", "aerc", "alpine", "s-nail", "vdirsyncer", "curl",
}

// clientParents says whose exceptions a client follows when it has none of its
// own: an iPhone reads the same profile as a Mac.
var clientParents = map[string]string{"iphone": "apple-mail", "mbsync-1.5": "mbsync"}

// NameIn returns the provider's name in a language, or the default name.
func (p *Provider) NameIn(lang string) string {
	if n := p.Name[lang]; n != "" {
		return n
	}
	return p.Name["default"]
}
