// Package dnsclient asks DNS, and nothing but DNS.
//
// The resolver of the standard library answers from the hosts file of the
// machine first. That is right for a program that wants to connect, and wrong
// for one that tells a customer what the world sees: on a mail server the hosts
// file usually names the very hosts that are compared.
//
// [System] asks the servers of resolv.conf, [New] those it is given. The
// methods of [Client] have the shapes of [net.Resolver] where there are any,
// and their errors are [net.DNSError] likewise.
//
// Guarantees: names are absolute, so no search list is tried. Every question
// has a time limit, an answer must repeat its question, answers cut short are
// asked for again by TCP, and chains of CNAME records end after 8 links.
package dnsclient

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

const (
	questionTime = 5 * time.Second // one server's time for one question
	attempts     = 2               // rounds over the servers
	maxLinks     = 8               // CNAME records followed
	packetSize   = 1232            // of UDP answers, in bytes; avoids fragments (dnsflagday.net, 2020)
	reread       = 5 * time.Second // how old the list of the system's servers may be
)

// A Client asks DNS servers. It is safe for concurrent use.
type Client struct {
	fixed []string // host:port; nil: those of the system

	mu   sync.Mutex
	read time.Time
	list []string
}

// New returns a Client for DNS servers, each written as address:port. They are
// tried in their order.
func New(servers ...string) *Client { return &Client{fixed: servers} }

// System returns a Client for the servers that the machine uses. Changes of
// its list are seen within seconds.
func System() *Client { return &Client{} }

// The files that name the servers. The stub of systemd-resolved answers from
// the hosts file, too; the servers that it asks itself are in the second file.
const (
	resolvConf  = "/etc/resolv.conf"
	uplinkConf  = "/run/systemd/resolve/resolv.conf"
	stubAddress = "127.0.0.53"
)

func (c *Client) servers(now time.Time) []string {
	if len(c.fixed) > 0 {
		return c.fixed
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.list == nil || now.Sub(c.read) > reread {
		c.list, c.read = systemServers(resolvConf, uplinkConf), now
	}
	return c.list
}

// systemServers returns the servers of a resolv.conf, or those behind it when
// it names the stub of systemd-resolved only.
func systemServers(conf, uplink string) []string {
	read := func(name string) (list []string) {
		config, err := dns.ClientConfigFromFile(name)
		if err != nil {
			return nil
		}
		for _, s := range config.Servers {
			list = append(list, net.JoinHostPort(s, config.Port))
		}
		return list
	}
	list := read(conf)
	if len(list) == 1 && list[0] == net.JoinHostPort(stubAddress, "53") {
		if behind := read(uplink); len(behind) > 0 {
			return behind
		}
	}
	if len(list) == 0 && !exists(conf) { // what resolv.conf(5) says of a missing file
		return []string{"127.0.0.1:53", "[::1]:53"}
	}
	return list
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// LookupMX returns the mail exchangers of a name, the preferred ones first.
func (c *Client) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	records, err := answers[*dns.MX](ctx, c, name, dns.TypeMX)
	var list []*net.MX
	for _, r := range records {
		list = append(list, &net.MX{Host: r.Mx, Pref: r.Preference})
	}
	slices.SortStableFunc(list, func(a, b *net.MX) int { return cmp.Or(cmp.Compare(a.Pref, b.Pref), cmp.Compare(a.Host, b.Host)) })
	return list, err
}

// LookupSRV returns the records of _service._proto.name, the preferred ones
// first, and the name asked.
func (c *Client) LookupSRV(ctx context.Context, service, proto, name string) (string, []*net.SRV, error) {
	name = "_" + service + "._" + proto + "." + name
	records, err := answers[*dns.SRV](ctx, c, name, dns.TypeSRV)
	var list []*net.SRV
	for _, r := range records {
		list = append(list, &net.SRV{Target: r.Target, Port: r.Port, Priority: r.Priority, Weight: r.Weight})
	}
	slices.SortStableFunc(list, func(a, b *net.SRV) int {
		return cmp.Or(cmp.Compare(a.Priority, b.Priority), cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Target, b.Target))
	})
	return name, list, err
}

// LookupTXT returns the texts of a name; the strings of one record are joined
// (RFC 7208, section 3.3).
func (c *Client) LookupTXT(ctx context.Context, name string) ([]string, error) {
	records, err := answers[*dns.TXT](ctx, c, name, dns.TypeTXT)
	var list []string
	for _, r := range records {
		list = append(list, unescape(strings.Join(r.Txt, "")))
	}
	return list, err
}

// LookupCNAME returns the target of the CNAME record of a name, and "" when
// the name has none. It does not follow the record.
func (c *Client) LookupCNAME(ctx context.Context, name string) (string, error) {
	m, err := c.ask(ctx, dns.Fqdn(name), dns.TypeCNAME)
	if err != nil {
		return "", err
	}
	for _, r := range m.Answer {
		if t, ok := r.(*dns.CNAME); ok && strings.EqualFold(t.Hdr.Name, dns.Fqdn(name)) {
			return t.Target, nil
		}
	}
	return "", nil
}

// LookupNetIP returns the addresses of a name, IPv4 first. The name localhost
// and those below it are this machine, and not asked for (RFC 6761, 6.3).
func (c *Client) LookupNetIP(ctx context.Context, name string) ([]netip.Addr, error) {
	if n := strings.ToLower(strings.TrimSuffix(name, ".")); n == "localhost" || strings.HasSuffix(n, ".localhost") {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}, nil
	}
	var v4, v6 []netip.Addr
	var err4, err6 error
	var wg sync.WaitGroup
	wg.Go(func() {
		var list []*dns.A
		list, err4 = answers[*dns.A](ctx, c, name, dns.TypeA)
		for _, r := range list {
			v4 = appendIP(v4, r.A)
		}
	})
	wg.Go(func() {
		var list []*dns.AAAA
		list, err6 = answers[*dns.AAAA](ctx, c, name, dns.TypeAAAA)
		for _, r := range list {
			v6 = appendIP(v6, r.AAAA)
		}
	})
	wg.Wait()
	if list := append(v4, v6...); len(list) > 0 {
		return list, nil
	}
	if notFound(err4) { // a failure says more than an absence
		return nil, err6
	}
	return nil, err4
}

func appendIP(list []netip.Addr, ip net.IP) []netip.Addr {
	if a, ok := netip.AddrFromSlice(ip); ok {
		list = append(list, a.Unmap())
	}
	return list
}

// LookupHost returns the addresses of a name as text.
func (c *Client) LookupHost(ctx context.Context, name string) ([]string, error) {
	list, err := c.LookupNetIP(ctx, name)
	var texts []string
	for _, a := range list {
		texts = append(texts, a.String())
	}
	return texts, err
}

func notFound(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d) && d.IsNotFound
}

// answers returns the records of one type that a name has, also by CNAME. The
// error says that there are none, as that of net.Resolver does.
func answers[R dns.RR](ctx context.Context, c *Client, name string, typ uint16) ([]R, error) {
	owner := dns.Fqdn(name)
	m, err := c.ask(ctx, owner, typ)
	for links := 0; err == nil; {
		var found []R
		next := ""
		for _, r := range m.Answer {
			if !strings.EqualFold(r.Header().Name, owner) {
				continue
			}
			if match, ok := r.(R); ok {
				found = append(found, match)
			} else if alias, ok := r.(*dns.CNAME); ok {
				next = alias.Target
			}
		}
		switch {
		case len(found) > 0:
			return found, nil
		case next == "":
			return nil, absence(name)
		case links >= maxLinks:
			return nil, failure(name, "", "too many CNAME records, or a loop of them", false)
		}
		links++
		owner = next
		if !slices.ContainsFunc(m.Answer, func(r dns.RR) bool { return strings.EqualFold(r.Header().Name, owner) }) {
			m, err = c.ask(ctx, owner, typ) // a server that does not follow by itself
		}
	}
	return nil, err
}

func absence(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func failure(name, server, text string, timeout bool) error {
	return &net.DNSError{Err: text, Name: name, Server: server, IsTimeout: timeout, IsTemporary: true}
}

// ask puts a question to the servers in turn until one answers it.
func (c *Client) ask(ctx context.Context, name string, typ uint16) (*dns.Msg, error) {
	if _, ok := dns.IsDomainName(name); !ok {
		return nil, absence(name)
	}
	servers := c.servers(time.Now())
	err := failure(name, "", "no DNS server is known: "+resolvConf+" names none", false)
	for range attempts {
		for _, server := range servers {
			m, failed := exchange(ctx, server, name, typ)
			switch {
			case ctx.Err() != nil:
				return nil, failure(name, server, ctx.Err().Error(), true)
			case failed != nil:
				var timeout net.Error
				err = failure(name, server, failed.Error(), errors.As(failed, &timeout) && timeout.Timeout())
			case m.Rcode == dns.RcodeNameError:
				return nil, absence(name)
			case m.Rcode != dns.RcodeSuccess:
				err = failure(name, server, "the server answers "+dns.RcodeToString[m.Rcode], false)
			case len(m.Answer) == 0 && !m.Authoritative && !m.RecursionAvailable:
				err = failure(name, server, "the server knows nothing of the name and asks no other", false)
			default:
				return m, nil
			}
		}
	}
	return nil, err
}

// exchange asks one server: by UDP, without EDNS (RFC 6891) where that is not
// understood, by TCP when the answer was cut short.
func exchange(ctx context.Context, server, name string, typ uint16) (*dns.Msg, error) {
	q := new(dns.Msg).SetQuestion(name, typ)
	q.SetEdns0(packetSize, false)
	client := dns.Client{Net: "udp", Timeout: questionTime, UDPSize: packetSize}
	m, _, err := client.ExchangeContext(ctx, q, server)
	if err == nil && (m.Rcode == dns.RcodeFormatError || m.Rcode == dns.RcodeNotImplemented) {
		q.Extra = nil
		m, _, err = client.ExchangeContext(ctx, q, server)
	}
	if err == nil && m.Truncated {
		client.Net = "tcp"
		m, _, err = client.ExchangeContext(ctx, q, server)
	}
	if err != nil {
		return nil, err
	}
	if len(m.Question) != 1 || m.Question[0].Qtype != typ || !strings.EqualFold(m.Question[0].Name, name) {
		return nil, errors.New("the answer belongs to another question")
	}
	return m, nil
}

// unescape turns the zone notation of a text (\" and \034) into its bytes.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\' || i+1 == len(s):
			b = append(b, s[i])
		case i+3 < len(s) && digit(s[i+1]) && digit(s[i+2]) && digit(s[i+3]):
			b = append(b, (s[i+1]-'0')*100+(s[i+2]-'0')*10+s[i+3]-'0')
			i += 3
		default:
			i++
			b = append(b, s[i])
		}
	}
	return string(b)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
