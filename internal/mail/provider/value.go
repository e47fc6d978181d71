package provider

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/problem"
)

// A ValueError says that an article asks for a value that the description does
// not have.
type ValueError struct {
	Name string // as written: "imap.hots"
	Hint string // "did you mean \"imap.host\"?", or ""
}

func (e *ValueError) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("unknown value %q", e.Name)
	}
	return fmt.Sprintf("unknown value %q; %s", e.Name, e.Hint)
}

var useAliases = map[string]Use{"smtp": Submit, "pop": POP3}

// UseNamed returns the service that an article's word means: "smtp" is
// [Submit], "pop" is [POP3], everything else is itself.
func UseNamed(word string) Use {
	if use, ok := useAliases[word]; ok {
		return use
	}
	return Use(word)
}

var serviceFields = []string{"host", "port", "security", "login", "url"}

// Value returns the value of an article's variable: "imap.host",
// "smtp.2.port", "pop3.host for apple-mail", "vars.NAME", "provider.name" (in the
// language lang), "provider.login", and for own domains "mx.host", "spf.host", "dkim.selector",
// "dkim.host". Logins and URLs may hold {address},
// {local} and {domain}, which the caller shows as it shows an unknown address.
// The error is a [*ValueError].
func (p *Provider) Value(lang, name string) (string, error) {
	key, client, hasClient := strings.Cut(name, " for ")
	key, client = strings.TrimSpace(key), strings.TrimSpace(client)
	if hasClient && !p.knowsClient(client) {
		return "", &ValueError{name, problem.DidYouMean(client, p.clients())}
	}
	head, rest, _ := strings.Cut(key, ".")
	var value string
	var ok bool
	switch {
	case head == "vars" && !hasClient:
		value, ok = p.Vars[rest]
	case head == "provider" && !hasClient:
		value, ok = p.own(lang, rest)
	case slices.Contains([]string{"mx", "spf", "dkim"}, head) && !hasClient:
		value, ok = p.dns(head, rest)
	default:
		value, ok = p.serviceValue(head, rest, client)
	}
	if !ok {
		return "", &ValueError{name, problem.DidYouMean(key, p.ValueNames())}
	}
	return value, nil
}

// knowsClient accepts the names of [Clients] too: a client without an
// exception has the general settings.
func (p *Provider) knowsClient(client string) bool { return slices.Contains(p.clients(), client) }

func (p *Provider) clients() []string {
	names := slices.Clone(Clients)
	for _, e := range p.Except {
		if !slices.Contains(names, e.Client) {
			names = append(names, e.Client)
		}
	}
	return names
}

func (p *Provider) own(lang, field string) (string, bool) {
	switch field {
	case "name":
		return p.NameIn(lang), true
	case "short":
		return p.Short, p.Short != ""
	case "domain":
		return address.DomainUnicode(p.Domains[0]), true
	case "webmail":
		return p.Webmail, p.Webmail != ""
	case "login":
		return p.login(), true
	}
	return "", false
}

// login is the form of the user name of most services: that of the first that
// receives mail.
func (p *Provider) login() string {
	for _, s := range p.Services {
		if s.Use.Incoming() {
			return s.Login
		}
	}
	return p.Login
}

// dns answers what customers put into the DNS of their own domain.
func (p *Provider) dns(head, rest string) (string, bool) {
	n, field := index(rest)
	hosts := p.mxHosts()
	switch {
	case head == "mx" && field == "host" && n <= len(hosts):
		return address.DomainUnicode(hosts[n-1]), true
	case head == "spf" && rest == "host":
		return p.Hosted.SPF, p.Hosted.SPF != ""
	case head == "dkim" && field == "selector" && n <= len(p.Hosted.DKIM):
		return p.Hosted.DKIM[n-1].Selector, true
	case head == "dkim" && field == "host" && n <= len(p.Hosted.DKIM):
		return p.Hosted.DKIM[n-1].Target, true
	}
	return "", false
}

// mxHosts are the mail exchangers that customers can be told to use.
func (p *Provider) mxHosts() []string {
	var hosts []string
	for _, h := range p.Hosted.MX {
		if !strings.HasPrefix(h, "*") {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// index cuts "2.port" into 2 and "port"; without a number it is the first.
func index(rest string) (int, string) {
	if number, field, ok := strings.Cut(rest, "."); ok {
		if n, err := strconv.Atoi(number); err == nil && n > 0 {
			return n, field
		}
	}
	return 1, rest
}

func (p *Provider) serviceValue(head, rest, client string) (string, bool) {
	use := UseNamed(head)
	n, field := index(rest)
	services := p.Account(address.Address{}, client).All(use)
	if n > len(services) {
		return "", false
	}
	return services[n-1].field(field)
}

func (s Service) field(name string) (string, bool) {
	switch name {
	case "host":
		return s.HostUnicode(), true
	case "port":
		return strconv.Itoa(s.PortNumber()), true
	case "security":
		return s.SecurityName(), true
	case "login":
		return s.Login, true
	case "url":
		return s.URL, s.URL != ""
	}
	return "", false
}

// ValueNames lists every variable that [Provider.Value] knows, sorted.
func (p *Provider) ValueNames() []string {
	names := []string{"provider.name", "provider.domain", "provider.login"}
	for field, has := range map[string]bool{"provider.short": p.Short != "", "provider.webmail": p.Webmail != ""} {
		if has {
			names = append(names, field)
		}
	}
	for name := range maps.Keys(p.Vars) {
		names = append(names, "vars."+name)
	}
	for i := range p.mxHosts() {
		names = append(names, numbered("mx", i)+"host")
	}
	if p.Hosted.SPF != "" {
		names = append(names, "spf.host")
	}
	for i := range p.Hosted.DKIM {
		names = append(names, numbered("dkim", i)+"selector", numbered("dkim", i)+"host")
	}
	count := map[Use]int{}
	for _, s := range p.Services {
		i := count[s.Use]
		count[s.Use]++
		for _, field := range serviceFields {
			if _, ok := s.field(field); !ok {
				continue
			}
			names = append(names, numbered(string(s.Use), i)+field)
			for alias, use := range useAliases {
				if use == s.Use {
					names = append(names, numbered(alias, i)+field)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

func numbered(head string, i int) string {
	if i == 0 {
		return head + "."
	}
	return head + "." + strconv.Itoa(i+1) + "."
}

// Hosts lists the provider's own host names, sorted: what articles must take
// from variables instead of spelling it out. A name that is a mail domain is
// not among them, because addresses contain it.
func (p *Provider) Hosts() []string {
	var hosts []string
	add := func(h string) {
		if h != "" && !slices.Contains(p.Domains, h) {
			hosts = append(hosts, h)
		}
	}
	for _, s := range p.Services {
		add(s.HostName())
	}
	for _, e := range p.Except {
		add(e.HostName())
	}
	for _, h := range p.mxHosts() {
		add(h)
	}
	add(p.Hosted.SPF)
	for _, k := range p.Hosted.DKIM {
		add(k.Target)
	}
	add(urlHost(p.Webmail))
	add(urlHost(p.OAuth.Issuer))
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
