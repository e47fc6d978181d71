// Package discover finds out what a mail domain publishes about its servers.
//
// [New] makes a [Finder], [Finder.Find] asks autoconfig, SRV and MX; [File]
// reads an autoconfig file that somebody has.
//
// Guarantees: no redirect is followed, and only what the guard allows is
// connected to; what a stranger wrote is bounded and printable; plaintext
// connections are not taken over; what is not published is not guessed, and
// what is not taken over is named with its reason.
package discover

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"signpost/internal/mail/address"
	"signpost/internal/mail/autoconfig"
	"signpost/internal/mail/dnsclient"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/verify"
	"signpost/internal/problem"
)

// A Finder asks what a mail domain publishes about its servers: autoconfig over
// https, SRV and MX. It follows no redirect and connects only where its guard
// allows.
type Finder struct {
	Resolver *dnsclient.Client
	Client   *http.Client // follows no redirect
}

const (
	findTime = 30 * time.Second // for everything
	fileTime = 8 * time.Second  // for one autoconfig file
	maxMX    = 10
)

// New makes a Finder with a resolver and a guard, whose resolver it becomes.
func New(resolver *dnsclient.Client, guard *verify.Guard) Finder {
	guard.Resolver = resolver
	return Finder{resolver, &http.Client{
		Timeout:       fileTime,
		Transport:     &http.Transport{DialContext: guard.DialContext, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// A Found is what a domain or a file says.
type Found struct {
	From     []string           // where it was found, for people
	Domains  []string           // the domain first
	Services []provider.Service // in order of preference
	MX       []string           // mail exchangers of the domain, the preferred one first
	Name     string             // "" when not said
	Short    string             // "" when not said
	Webmail  string             // https URL or ""
	OAuth    provider.OAuth     // zero when no service needs it
	Dropped  []string           // what is not taken over, each with its reason

	tried []string // what was asked and did not help
	plain bool     // a file has only servers without TLS
}

// Find asks everything. The error says what was tried.
func (f Finder) Find(ctx context.Context, domain string) (*Found, error) {
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	r := &Found{Domains: []string{domain}}
	r.MX = f.mailExchangers(ctx, domain)
	srv := make(chan []provider.Service, 1)
	go func() { srv <- f.srv(ctx, domain) }()
	f.autoconfig(ctx, domain, r)
	records := <-srv
	if len(r.Services) == 0 && len(records) > 0 {
		r.From = append(r.From, "the SRV records of "+domain)
	}
	r.add(records)
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return nil, err
	}
	if !r.usable() {
		if r.plain && len(r.Services) == 0 {
			return nil, fmt.Errorf("%s publishes only servers without TLS, which are not taken over:\n%s", domain, strings.Join(r.Dropped, "\n"))
		}
		return nil, fmt.Errorf("%s publishes no servers for reading and sending mail:\n%s\nthe SRV records of %s: not enough", domain, strings.Join(append(r.tried, r.Dropped...), "\n"), domain)
	}
	return r, nil
}

// usable reports whether mail can be read and sent.
func (r *Found) usable() bool {
	return slices.ContainsFunc(r.Services, func(s provider.Service) bool { return s.Use.Incoming() || s.Use == provider.JMAP }) &&
		slices.ContainsFunc(r.Services, func(s provider.Service) bool { return s.Use == provider.Submit })
}

// File reads an autoconfig file; name is for messages. The domain is the first
// that the file names when it is "".
func File(name string, src []byte, domain string) (*Found, error) {
	config, err := autoconfig.Decode(src)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if domain == "" {
		for _, d := range append(config.Provider.Domains, autoconfig.Domain{Name: config.Provider.ID}) {
			if parsed, err := address.ParseDomain(d.Name); err == nil && !strings.EqualFold(d.Purpose, "mx") {
				domain = parsed
				break
			}
		}
	}
	if domain == "" {
		return nil, fmt.Errorf("%s: the file names no mail domain", name)
	}
	r := &Found{Domains: []string{domain}, From: []string{name}}
	r.take(config.Import(domain, ""), autoconfig.Unread(src))
	switch {
	case r.usable():
		return r, nil
	case len(config.Provider.Incoming)+len(config.Provider.Outgoing) == 0:
		return nil, fmt.Errorf("%s: the file describes no servers", name)
	case r.plain:
		return nil, fmt.Errorf("%s: the file has only servers without TLS, which are not taken over:\n%s", name, strings.Join(r.Dropped, "\n"))
	}
	return nil, fmt.Errorf("%s: no server in it for reading or none for sending mail can be used:\n%s", name, strings.Join(r.Dropped, "\n"))
}

// add takes the services that are not known yet.
func (r *Found) add(list []provider.Service) {
	known := func(s provider.Service) bool {
		return slices.ContainsFunc(r.Services, func(o provider.Service) bool {
			return o.Use == s.Use && (s.Use.HasURL() || o.Host == s.Host && o.Port == s.Port)
		})
	}
	for _, s := range list {
		if !known(s) {
			r.Services = append(r.Services, s)
		}
	}
}

func (f Finder) mailExchangers(ctx context.Context, domain string) []string {
	list, _ := f.Resolver.LookupMX(ctx, domain+".")
	var hosts []string
	for _, mx := range list[:min(len(list), maxMX)] {
		if h, err := address.ParseHost(strings.TrimSuffix(mx.Host, ".")); err == nil && !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// autoconfig asks the places in the order of the draft, the first good answer
// wins. The local part is invented: providers answer alike for every one.
func (f Finder) autoconfig(ctx context.Context, domain string, r *Found) {
	hosts := []string{"https://autoconfig." + domain + "/mail/config-v1.1.xml", "https://" + domain + "/.well-known/autoconfig/mail/config-v1.1.xml"}
	for _, mx := range r.MX[:min(len(r.MX), 1)] {
		_, parent, _ := strings.Cut(mx, ".")
		base, _ := publicsuffix.EffectiveTLDPlusOne(mx)
		for _, d := range []string{parent, base} {
			u := "https://autoconfig." + d + "/mail/config-v1.1.xml"
			if d != "" && d != domain && strings.Contains(d, ".") && !slices.Contains(hosts, u) {
				hosts = append(hosts, u)
			}
		}
	}
	who := address.Address{Local: "signpost.example.user", Domain: domain}
	for _, u := range hosts {
		for _, query := range []string{"", "?emailaddress=" + url.QueryEscape(who.String())} {
			config, unread, err := f.file(ctx, u+query)
			if err == nil {
				if r.take(config.Import(domain, who.String()), unread); len(r.Services) > 0 {
					r.From = append(r.From, u)
					return
				}
				err = errors.New("no server in it can be used")
			}
			r.tried = append(r.tried, u+": "+problem.Printable(reason(err)))
			var status statusError
			if !errors.As(err, &status) {
				break // nobody there; the other question would get no answer either
			}
		}
	}
}

type statusError string

func (e statusError) Error() string { return "answers " + string(e) }

// reason is an error without the URL that http.Client puts before it.
func reason(err error) string {
	var u *url.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return "there is no such name"
	case errors.As(err, &dns):
		return "DNS did not answer"
	case errors.Is(err, verify.ErrRefused):
		return verify.ErrRefused.Error() + " (--verify-networks allows internal ones)"
	case errors.As(err, &u):
		return u.Err.Error()
	}
	return err.Error()
}

func (f Finder) file(ctx context.Context, u string) (*autoconfig.Config, []string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u, nil)
	if err != nil {
		return nil, nil, err
	}
	resp, err := f.Client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, nil, statusError(resp.Status)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, autoconfig.MaxSize+1))
	if err != nil {
		return nil, nil, err
	}
	config, err := autoconfig.Decode(body)
	return config, autoconfig.Unread(body), err
}

// take adds what can be used of an autoconfig file.
func (r *Found) take(i autoconfig.Import, unread []string) {
	r.add(i.Services)
	r.Name, r.Short, r.Webmail, r.OAuth = i.Name, i.Short, i.Webmail, i.OAuth
	for _, d := range i.Domains {
		if !slices.Contains(r.Domains, d) && len(r.Domains) < autoconfig.MaxDomains {
			r.Domains = append(r.Domains, d)
		}
	}
	for _, d := range i.Dropped {
		r.Dropped = append(r.Dropped, d.String())
	}
	for _, e := range unread {
		r.Dropped = append(r.Dropped, problem.Printable("the element "+e)+": a description has no counterpart")
	}
	r.plain = r.plain || i.Plain
}

var srvNames = []struct {
	name     string
	use      provider.Use
	security provider.Security
}{
	{"imaps", provider.IMAP, provider.TLS},
	{"imap", provider.IMAP, provider.STARTTLS},
	{"pop3s", provider.POP3, provider.TLS},
	{"pop3", provider.POP3, provider.STARTTLS},
	{"submissions", provider.Submit, provider.TLS},
	{"submission", provider.Submit, provider.STARTTLS},
	{"caldavs", provider.CalDAV, provider.TLS},
	{"carddavs", provider.CardDAV, provider.TLS},
	{"jmap", provider.JMAP, provider.TLS},
	{"sieve", provider.Sieve, provider.STARTTLS},
}

// srv asks for the records of RFC 6186, 8314, 6764, 8620 and 5804.
func (f Finder) srv(ctx context.Context, domain string) []provider.Service {
	answers := make([]*net.SRV, len(srvNames))
	var wg sync.WaitGroup
	for i, n := range srvNames {
		wg.Go(func() {
			_, list, _ := f.Resolver.LookupSRV(ctx, n.name, "tcp", domain+".")
			if len(list) > 0 {
				answers[i] = slices.MinFunc(list, func(a, b *net.SRV) int { return cmp.Compare(a.Priority, b.Priority) })
			}
		})
	}
	wg.Wait()
	var services []provider.Service
	for i, n := range srvNames {
		if answers[i] == nil || answers[i].Target == "." {
			continue
		}
		host, err := address.ParseHost(strings.TrimSuffix(answers[i].Target, "."))
		if err != nil || answers[i].Port == 0 {
			continue
		}
		s := provider.Service{Use: n.use, Host: host, Port: int(answers[i].Port), Security: n.security, Auth: []provider.Auth{provider.Password}, Login: "{address}"}
		if n.use.HasURL() {
			u := url.URL{Scheme: "https", Host: host, Path: "/.well-known/" + string(n.use)}
			if s.Port != 443 {
				u.Host = net.JoinHostPort(host, fmt.Sprint(s.Port))
			}
			s.URL, s.Host, s.Port = u.String(), "", 0
		}
		services = append(services, s)
	}
	return services
}
