package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/format"
	"signpost/internal/mail/provider"
)

// public returns the site's address when it is one that can be visited.
func (c Config) public() (*url.URL, bool) {
	u, err := url.Parse(c.Library.Site.URL)
	return u, err == nil && u.Scheme == "https" && u.Hostname() != ""
}

// address: does the site know its own?
func (c Config) address(_ context.Context, r *report) {
	u, https := c.public()
	host := u.Hostname()
	switch {
	case c.Content.Sample():
		r.add(Note, "say url: https://… in the site.yaml of your own content", "the sample site has no address of its own")
	case c.Library.Site.URL == "":
		r.add(Warn, "say url: https://… in site.yaml", "site.yaml has no url: links in feeds and replies are not absolute, and mail programs are not sent here")
	case !https:
		r.add(Warn, "serve it by https, and say so in site.yaml", "the url in site.yaml does not begin with https://: DNS records and mail settings do not name this site")
	case strings.HasSuffix("."+host, ".example") || strings.HasSuffix("."+host, ".example.com") || strings.HasSuffix("."+host, ".example.net") || strings.HasSuffix("."+host, ".example.org"):
		r.add(Fail, "say your own address in site.yaml", "the url in site.yaml, %s, is that of an example", u)
	default:
		r.add(OK, "", "%s", u)
	}
}

// mostDomains is how many of the provider's domains are looked at.
const mostDomains = 20

// dns: do the site's names lead here, and does this machine see them as the
// world does?
func (c Config) dns(ctx context.Context, r *report) {
	u, ok := c.public()
	if !ok || c.Content.Sample() {
		return
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		r.add(Warn, "say a name in site.yaml", "the url in site.yaml has a number for a name, which certificates and DNS records cannot hold")
		return
	}
	world, err := c.Resolver.LookupHost(ctx, host)
	var d *net.DNSError
	switch {
	case errors.As(err, &d) && d.IsNotFound:
		r.add(Fail, "publish an A or AAAA record", "%s has no address in DNS", host)
	case err != nil:
		r.add(Warn, "try again; is the DNS server of this machine right?", "DNS did not answer for %s: %v", host, err)
	default:
		c.compareHosts(ctx, r, host, world)
	}
	c.discovery(ctx, r)
	if r.quiet() {
		r.add(OK, "", "%s has the address %s; the discovery names of %s lead here", host, listed(world), counted(len(c.domains()), "domain"))
	}
}

// compareHosts reports a name that this machine takes for another address than
// the world does, as the hosts file makes it.
func (c Config) compareHosts(ctx context.Context, r *report, host string, world []string) {
	here, err := c.System(ctx, host)
	if err != nil || slices.ContainsFunc(here, func(a string) bool { return slices.Contains(world, a) }) {
		return
	}
	r.add(Warn, "take the name out of /etc/hosts, unless it must be there; \"signpost dns --check\" and verify never read that file",
		"this machine takes %s for %s, the world for %s", host, listed(here), listed(world))
}

// domains are the provider's own, with their provider.
func (c Config) domains() map[string]*provider.Provider {
	all := map[string]*provider.Provider{}
	for _, p := range c.Library.Providers {
		for _, domain := range p.Domains {
			if len(all) < mostDomains && all[domain] == nil {
				all[domain] = p
			}
		}
	}
	return all
}

// discovery reports names by which mail programs look for this site, and that
// lead elsewhere.
func (c Config) discovery(ctx context.Context, r *report) {
	var mu sync.Mutex
	var group sync.WaitGroup
	var faults []dnsrecord.Finding
	for domain, p := range c.domains() {
		group.Go(func() {
			for _, f := range dnsrecord.Check(ctx, c.Resolver, p, domain, format.Records(p, c.Library.Site.URL)) {
				if f.Type == dnsrecord.CNAME && f.State != dnsrecord.OK && !strings.Contains(f.Name, "._domainkey.") {
					mu.Lock()
					faults = append(faults, f)
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	slices.SortFunc(faults, func(a, b dnsrecord.Finding) int { return strings.Compare(a.Name, b.Name) })
	for _, f := range faults {
		r.add(Warn, "\"signpost dns DOMAIN --check\" looks at all records of a domain", "%s", f.Text)
	}
}

// names are the hosts that need a certificate: the site's, and those by which
// mail programs look for it and that lead to it.
func (c Config) names(ctx context.Context, u *url.URL) []string {
	names := []string{u.Hostname()}
	var mu sync.Mutex
	var group sync.WaitGroup
	for domain, p := range c.domains() {
		for _, rec := range dnsrecord.Records(p, domain, format.Records(p, c.Library.Site.URL)) {
			if rec.Type != dnsrecord.CNAME || rec.Target != u.Hostname() {
				continue
			}
			group.Go(func() {
				if addrs, err := c.Resolver.LookupHost(ctx, rec.Name); err == nil && len(addrs) > 0 {
					mu.Lock()
					defer mu.Unlock()
					names = append(names, rec.Name)
				}
			})
		}
	}
	group.Wait()
	slices.Sort(names[1:])
	return names
}

// soon is when the end of a certificate is said.
const soon = 21 * 24 * time.Hour

// certificates: does each name have one that browsers and mail programs trust?
func (c Config) certificates(ctx context.Context, r *report) {
	u, ok := c.public()
	if !ok || c.Content.Sample() {
		return
	}
	names := c.names(ctx, u)
	reports := make([]report, len(names))
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() { c.certificate(ctx, &reports[i], name, port(u)) })
	}
	group.Wait()
	for _, found := range reports {
		for _, f := range found.list {
			r.add(f.Status, f.Hint, "%s", f.Message)
		}
	}
	if r.quiet() {
		r.add(OK, "", "%s with a certificate that is valid", counted(len(names), "name"))
	}
}

func port(u *url.URL) string {
	if u.Port() != "" {
		return u.Port()
	}
	return "443"
}

func (c Config) certificate(ctx context.Context, r *report, name, port string) {
	conn, err := c.dial(ctx, "tcp", net.JoinHostPort(name, port))
	if err != nil {
		r.add(Fail, "is the server or its proxy running, and does the firewall let it be reached?", "%s cannot be reached: %v", name, err)
		return
	}
	defer conn.Close()
	// The chain is verified below, where the answer can be told in words.
	tlsConn := tls.Client(conn, &tls.Config{ServerName: name, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12})
	if err := tlsConn.HandshakeContext(ctx); err != nil {
		r.add(Fail, "name the proxy's certificate and key", "%s does not answer by TLS: %v", name, err)
		return
	}
	shown := tlsConn.ConnectionState().PeerCertificates
	leaf, now := shown[0], c.Now()
	intermediates := x509.NewCertPool()
	for _, cert := range shown[1:] {
		intermediates.AddCert(cert)
	}
	at := now
	switch {
	case now.Before(leaf.NotBefore):
		r.add(Fail, "is the clock of this machine right?", "the certificate of %s is not valid before %s", name, leaf.NotBefore.UTC().Format(time.DateTime))
		at = leaf.NotBefore
	case now.After(leaf.NotAfter):
		r.add(Fail, "renew it", "the certificate of %s expired on %s", name, leaf.NotAfter.UTC().Format(time.DateTime))
		at = leaf.NotAfter
	case leaf.NotAfter.Sub(now) < soon:
		r.add(Warn, "renew it, and look why that did not happen by itself", "the certificate of %s expires on %s", name, leaf.NotAfter.UTC().Format(time.DateOnly))
	}
	if err := leaf.VerifyHostname(name); err != nil {
		r.add(Fail, "add the name to the certificate", "%s shows a certificate for %s", name, listed(leaf.DNSNames))
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: c.Roots, Intermediates: intermediates, CurrentTime: at}); err != nil {
		r.add(Fail, "use a certificate of a public authority, and show it with its intermediate ones", "the certificate of %s is not trusted: %v", name, err)
	}
}

// dial connects to an address that DNS has for a host.
func (c Config) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs := []string{host}
	if _, err := netip.ParseAddr(host); err != nil {
		if addrs, err = c.Resolver.LookupHost(ctx, host); err != nil {
			return nil, err
		}
	}
	for _, a := range addrs {
		var conn net.Conn
		if conn, err = new(net.Dialer).DialContext(ctx, network, net.JoinHostPort(a, port)); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// clockApart is how far two clocks may be apart before somebody's sessions,
// links and times are wrong.
const clockApart = time.Minute

// proxy: does the site answer at its address, as the server meant it?
func (c Config) proxy(ctx context.Context, r *report) {
	u, ok := c.public()
	if !ok || c.Content.Sample() {
		return
	}
	client := http.Client{
		Transport: &http.Transport{DialContext: c.dial, DisableKeepAlives: true, TLSClientConfig: &tls.Config{
			RootCAs: c.Roots, InsecureSkipVerify: true, // what the certificate lacks is told by its own check
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Library.Site.URL+"/api/v2/summary.json", nil)
	if err != nil {
		r.add(Fail, "", "%v", err)
		return
	}
	resp, err := client.Do(req)
	var dialled *net.OpError
	var unknown *net.DNSError
	switch {
	case errors.As(err, &unknown), errors.As(err, &dialled) && dialled.Op == "dial":
		return // the checks of DNS and certificate say so
	case err != nil:
		r.add(Fail, "is the server running, and does the proxy lead to its --listen?", "%s gives no answer: %v", u, err)
		return
	}
	defer resp.Body.Close()
	var summary struct {
		Page struct{ URL string }
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	readable := json.Unmarshal(body, &summary) == nil
	switch {
	case resp.StatusCode == http.StatusMisdirectedRequest:
		r.add(Fail, "let the proxy pass on the header Host as the visitor sent it", "the server was asked for another host than %s", u.Hostname())
	case resp.StatusCode == http.StatusBadGateway || resp.StatusCode == http.StatusServiceUnavailable || resp.StatusCode == http.StatusGatewayTimeout:
		r.add(Fail, "is the server running, and does the proxy lead to its --listen?", "the proxy of %s answers %s", u.Hostname(), resp.Status)
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		r.add(Fail, "say the address in site.yaml that visitors end at", "%s leads to %s", u, resp.Header.Get("Location"))
	case resp.StatusCode != http.StatusOK || !readable || summary.Page.URL == "":
		r.add(Fail, "is it another program that answers there?", "%s does not answer as Signpost does: %s", u, resp.Status)
	case resp.Header.Get("Strict-Transport-Security") == "":
		r.add(Fail, "let the proxy pass on Host and send X-Forwarded-For and X-Forwarded-Proto, and name it with --trusted-proxies",
			"the server does not learn that visitors come by https to %s: all of them share the proxy's limits, and cookies are not marked as secure", u.Hostname())
	}
	if sent, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		if apart := c.Now().Sub(sent).Abs(); apart > clockApart {
			r.add(Fail, "set the clocks, and let a time server keep them right", "the clock of this machine and that behind %s are %s apart", u.Hostname(), apart.Round(time.Second))
		}
	}
	if r.quiet() {
		r.add(OK, "", "%s answers as this server", u)
	}
}
