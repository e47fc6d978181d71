package web

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"signpost/internal/site"
)

// OwnHost reports whether a host name is the site's.
func (a *App) OwnHost(snap *site.Snapshot, host string) bool {
	if LoopbackName(host) || slices.Contains(snap.Library.Site.Hosts, host) {
		return true
	}
	u, err := url.Parse(a.Base(snap))
	return err == nil && strings.EqualFold(HostName(u.Host), host)
}

// HostName returns the host of a Host header: lower case, without port, and
// without the dot at the end that some clients send.
func HostName(header string) string {
	host := header
	if h, _, err := net.SplitHostPort(header); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// LoopbackName reports whether a host name, as [HostName] returns it, can only mean
// this machine.
func LoopbackName(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// A proxyList names the proxies whose X-Forwarded headers are trusted.
type proxyList struct {
	networks []netip.Prefix
	unix     bool // whoever connects over a Unix socket
}

func (l proxyList) has(ip netip.Addr) bool {
	if !ip.IsValid() {
		return l.unix
	}
	for _, p := range l.networks {
		if p.Contains(ip.Unmap()) {
			return true
		}
	}
	return false
}

// clientAddr returns the address of the client behind the proxies that are
// trusted: the last one in X-Forwarded-For that is not such a proxy; the zero
// address for a Unix socket without that header. ignored is true when the header
// came from someone who is not trusted.
func (l proxyList) clientAddr(remote string, forwarded []string) (ip netip.Addr, ignored bool) {
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		ip = ap.Addr().Unmap().WithZone("")
	}
	if len(forwarded) == 0 {
		return ip, false
	}
	if !l.has(ip) {
		return ip, true
	}
	hops := strings.Split(strings.Join(forwarded, ","), ",")
	for i := len(hops) - 1; i >= 0 && l.has(ip); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop.Unmap().WithZone("")
	}
	return ip, false
}
