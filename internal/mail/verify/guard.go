package verify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"signpost/internal/mail/dnsclient"
)

// ErrRefused is returned for addresses that a [Guard] does not let through.
var ErrRefused = errors.New("this address is not on the public internet")

// A Guard dials only addresses on the public internet and those that it was
// told to allow. It looks at the address that is really connected to, after
// name resolution, so that no name can lead inside. Names are asked of DNS and
// never of the hosts file, which says where this machine connects and not where
// customers do. The zero value allows public addresses only.
type Guard struct {
	Allow    []netip.Prefix    // internal networks of the operator, or loopback in tests
	Resolver *dnsclient.Client // nil: that of the system
}

// reserved lists what [netip.Addr] has no method for: IANA's special-purpose
// registries (RFC 6890), and the prefixes that carry an IPv4 address inside.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"),
}

// Allowed reports whether the guard lets a connection to the address through.
func (g *Guard) Allowed(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	within := func(p netip.Prefix) bool { return p.Contains(a) }
	if slices.ContainsFunc(g.Allow, within) {
		return true
	}
	return a.IsGlobalUnicast() && !a.IsPrivate() && !slices.ContainsFunc(reserved, within)
}

// DialContext connects to host:port, to one address of the host after the
// other. Errors wrap [ErrRefused] when no address of the host may be connected
// to.
func (g *Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs, err := g.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	for i, a := range addrs {
		if !g.Allowed(a) {
			err = fmt.Errorf("%w: %s", ErrRefused, a)
			continue
		}
		var conn net.Conn
		if conn, err = dialPart(ctx, network, net.JoinHostPort(a.String(), port), len(addrs)-i); err == nil {
			return conn, nil
		}
	}
	return nil, err
}

// addresses returns at least one address, or an error.
func (g *Guard) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	resolver := g.Resolver
	if resolver == nil {
		resolver = dnsclient.System()
	}
	return resolver.LookupNetIP(ctx, host)
}

// dialPart dials with an equal part of the time that is left for several
// addresses, so that a dead one leaves time for the others.
func dialPart(ctx context.Context, network, address string, parts int) (net.Conn, error) {
	var d net.Dialer
	if deadline, ok := ctx.Deadline(); ok {
		d.Timeout = max(time.Until(deadline)/time.Duration(parts), time.Millisecond)
	}
	return d.DialContext(ctx, network, address)
}
