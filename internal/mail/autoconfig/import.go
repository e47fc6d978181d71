package autoconfig

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// MaxDomains is how many domains are taken over.
const MaxDomains = 1000

// An Import is what a provider description can take over of a file. Names and
// hosts are printable and bounded; every server can be written as it is.
type Import struct {
	Services []provider.Service // in the order of the file
	Domains  []string           // A-labels, each once, at most [MaxDomains]
	Name     string             // at most 60 characters
	Short    string             // at most 20 characters
	Webmail  string             // https URL, or ""
	OAuth    provider.OAuth     // zero when no service signs in with it
	Plain    bool               // there were servers, all of them without TLS
	Dropped  []Dropped          // what is not taken over
}

// Dropped is something that is not taken over.
type Dropped struct {
	What string // "imap server mail.example.net:143"
	Why  string // "it is not protected by TLS"
}

func (d Dropped) String() string { return problem.Printable(d.What + ": " + d.Why) }

// Import says what a provider description can take over. domain replaces
// %EMAILDOMAIN% in host names and URLs; an address that stands in user names in
// place of the placeholders is written as one.
func (c *Config) Import(domain, addr string) Import {
	i := importer{Import: &Import{}, domain: domain}
	local, _, _ := strings.Cut(addr, "@")
	if addr != "" {
		i.blank = strings.NewReplacer(addr, phAddress, local+"@", phLocal+"@")
	}
	i.oauth(c.OAuth2)
	for _, s := range c.Provider.Incoming {
		i.mailServer(s, map[string]provider.Use{"imap": provider.IMAP, "pop3": provider.POP3, "jmap": provider.JMAP})
	}
	for _, s := range c.Provider.Outgoing {
		i.mailServer(s, map[string]provider.Use{"smtp": provider.Submit})
	}
	for _, s := range c.Setup {
		i.mailServer(s, map[string]provider.Use{"managesieve": provider.Sieve})
	}
	for _, u := range c.Calendar {
		i.urlServer(u, "calendar", "caldav", provider.CalDAV)
	}
	for _, u := range c.AddressBook {
		i.urlServer(u, "address book", "carddav", provider.CardDAV)
	}
	i.domains(c.Provider.Domains)
	i.Name, i.Short = cleaned(c.Provider.Name, 60), cleaned(c.Provider.ShortName, maxShortName)
	if p := c.LoginPage; p != nil {
		if u := i.expanded(p.URL); httpsURL(u) {
			i.Webmail = u
		} else {
			i.drop("the login page "+p.URL, "it is not an https address")
		}
	}
	if !slices.ContainsFunc(i.Services, func(s provider.Service) bool { return s.Has(provider.OAuth2) }) {
		i.OAuth = provider.OAuth{}
	}
	i.Plain = len(i.Services) == 0 && i.plain > 0 && i.plain == i.servers
	return *i.Import
}

type importer struct {
	*Import
	domain         string
	blank          *strings.Replacer // the address that was asked with
	servers, plain int
}

const maxDropped = 100

func (i *importer) drop(what, format string, args ...any) {
	if len(i.Dropped) < maxDropped {
		i.Dropped = append(i.Dropped, Dropped{cleaned(what, 200), fmt.Sprintf(format, args...)})
	}
}

// expanded puts the domain in the place of its placeholder.
func (i *importer) expanded(s string) string {
	return strings.ReplaceAll(s, phDomain, i.domain)
}

func (i *importer) oauth(o *OAuth2) {
	if o == nil || o.Issuer == "" {
		return
	}
	issuer := o.Issuer
	if !strings.Contains(issuer, "://") {
		issuer = "https://" + issuer // the format names a host
	}
	if !httpsURL(issuer) {
		i.drop("the OAuth2 issuer "+o.Issuer, "it is not an https address")
		return
	}
	i.OAuth = provider.OAuth{Issuer: issuer, Scopes: strings.Fields(o.Scope)}
}

func (i *importer) mailServer(s Server, uses map[string]provider.Use) {
	i.servers++
	what := strings.TrimSpace(fmt.Sprintf("%s server %s", s.Type, i.expanded(s.Host+s.URL)))
	if s.Port > 0 {
		what += ":" + strconv.Itoa(int(s.Port))
	}
	use, known := uses[strings.ToLower(s.Type)]
	if !known {
		i.drop(what, "servers of the type %q have no counterpart in a description", s.Type)
		return
	}
	v := provider.Service{Use: use}
	switch {
	case use.HasURL():
		v.Security = provider.TLS
		if v.URL = i.address(s.URL); !httpsURL(v.URL) {
			i.drop(what, "its address is not https://…")
			return
		}
	case !i.connection(&v, s, what):
		return
	}
	if i.signIn(&v, s.Auth, s.User, what) {
		i.leave(&v, s.POP3, what)
		i.add(v, what)
	}
}

// connection reads host, port and security.
func (i *importer) connection(v *provider.Service, s Server, what string) bool {
	host, err := address.ParseHost(i.expanded(s.Host))
	switch {
	case s.Host == "":
		i.drop(what, "it has no host name")
		return false
	case err != nil:
		i.drop(what, "%q is not a host name", cleaned(s.Host, 80))
		return false
	case s.Port < 1 || s.Port > 65535:
		i.drop(what, "it has no port")
		return false
	}
	switch s.SocketType {
	case "SSL":
		v.Security = provider.TLS
	case "STARTTLS":
		v.Security = provider.STARTTLS
	case "plain":
		i.plain++
		i.drop(what, "it is not protected by TLS")
		return false
	default:
		i.drop(what, "its socketType is %q, not SSL or STARTTLS", cleaned(s.SocketType, 20))
		return false
	}
	v.Host, v.Port = host, int(s.Port)
	return true
}

func (i *importer) urlServer(u URL, kind, known string, use provider.Use) {
	what := kind + " " + i.expanded(u.URL)
	v := provider.Service{Use: use, Security: provider.TLS, URL: i.address(u.URL)}
	switch {
	case !strings.EqualFold(u.Type, known):
		i.drop(what, "servers of the type %q have no counterpart in a description", u.Type)
	case !httpsURL(v.URL):
		i.drop(what, "its address is not https://…")
	case i.signIn(&v, u.Auth, u.User, what):
		i.add(v, what)
	}
}

var halfPlaceholder = regexp.MustCompile(`%[A-Za-z]{3,}%?`)

// template writes placeholders in our form.
func (i *importer) template(s string) string {
	if i.blank != nil {
		s = i.blank.Replace(s)
	}
	return strings.NewReplacer(phAddress, "{address}", phLocal, "{local}", phDomain, "{domain}").Replace(s)
}

// address writes the placeholders of a URL in our form; the domain in its host
// is the one that is imported.
func (i *importer) address(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return s
	}
	host, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + i.expanded(host) + "/" + i.template(path)
}

// signIn reads the ways to sign in and the user name.
func (i *importer) signIn(v *provider.Service, auth []Auth, user, what string) bool {
	var dropped []string
	for _, a := range auth {
		switch way := wayOf(a.Name); {
		case way == "":
			dropped = append(dropped, a.Name)
		case way == provider.OAuth2 && i.OAuth.Issuer == "":
			dropped = append(dropped, a.Name+" (the file does not say whose)")
		case v.Use.HasURL() && way != provider.OAuth2:
			way = provider.Password
			fallthrough
		default:
			if !slices.Contains(v.Auth, way) {
				v.Auth = append(v.Auth, way)
			}
		}
	}
	v.Login = i.template(user)
	names := cleaned(strings.Join(dropped, ", "), 80)
	switch half := halfPlaceholder.FindString(v.Login); {
	case len(auth) == 0:
		i.drop(what, "it does not say how to sign in")
	case len(v.Auth) == 0:
		i.drop(what, "the only ways to sign in are %s", names)
	case user == "":
		i.drop(what, "it has no user name")
	case half != "":
		i.drop(what, "%q in its user name is not a placeholder that can be filled in", half)
	case strings.ContainsAny(strings.NewReplacer("{address}", "", "{local}", "", "{domain}", "").Replace(v.Login), "{}"):
		i.drop(what, "its user name has braces")
	default:
		if names != "" {
			i.drop("sign-in with "+names+" at the "+what, "a description cannot say it")
		}
		return true
	}
	return false
}

// wayOf returns the way to sign in that a name of the format means, or "".
// CRAM-MD5 is what "password-encrypted" mostly means.
func wayOf(name string) provider.Auth {
	switch strings.ToLower(name) {
	case "password-cleartext", "plain", "login", "basic":
		return provider.Password
	case "password-encrypted", "cram-md5", "secure":
		return provider.CRAMMD5
	case "scram-sha-256", "scram-sha-1", "scram-sha-256-plus", "scram-sha-1-plus":
		return provider.SCRAM
	case "oauth2", "oauth", "xoauth2", "oauthbearer":
		return provider.OAuth2
	}
	return ""
}

const maxLeave = 3660 // days, as in a description

// leave reads how long mail stays on the server.
func (i *importer) leave(v *provider.Service, p *POP3, what string) {
	switch {
	case p == nil || v.Use != provider.POP3:
	case !p.Leave:
		i.drop("leaveMessagesOnServer of the "+what, "a description cannot say that mail is deleted at once")
	case p.Days < 1 || p.Days > maxLeave:
		i.drop("leaveMessagesOnServer of the "+what, "without a number of days a description cannot say it")
	default:
		v.LeaveOnServer = time.Duration(p.Days) * 24 * time.Hour
	}
}

const maxServices = 50 // as in a description

func (i *importer) add(v provider.Service, what string) {
	same := func(o provider.Service) bool {
		return o.Use == v.Use && o.Host == v.Host && o.Port == v.Port && o.URL == v.URL
	}
	switch {
	case slices.ContainsFunc(i.Services, same):
		i.drop(what, "the same server is there already")
	case len(i.Services) == maxServices:
		i.drop(what, "a description has at most %d services", maxServices)
	default:
		i.Services = append(i.Services, v)
	}
}

func (i *importer) domains(list []Domain) {
	more := 0
	for _, d := range list {
		name, err := address.ParseDomain(d.Name)
		switch {
		case d.Name == phDomain, err == nil && slices.Contains(i.Domains, name):
		case strings.EqualFold(d.Purpose, "mx"):
			i.drop("the domain "+d.Name, "it names mail exchangers, not addresses")
		case err != nil:
			i.drop("the domain "+d.Name, "it is not a mail domain")
		case len(i.Domains) == MaxDomains:
			more++
		default:
			i.Domains = append(i.Domains, name)
		}
	}
	if more > 0 {
		i.drop(fmt.Sprintf("%d more domains", more), "at most %d are described; put those of customers into a file: hosted: {domains_file: providers/domains.txt}", MaxDomains)
	}
}

func httpsURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		return false
	}
	_, err = address.ParseHost(u.Hostname())
	return err == nil
}

// cleaned makes a text of a stranger short and printable.
func cleaned(s string, limit int) string {
	r := []rune(strings.Join(strings.Fields(problem.Printable(s)), " "))
	return string(r[:min(limit, len(r))])
}
