package verify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
)

// ErrRefused is returned for addresses that a [Guard] does not let through.
var ErrRefused = errors.New("this address is not on the public internet")

// A Guard dials only addresses on the public internet and those that it was
// told to allow. It looks at the address that is really connected to, after
// name resolution, so that no name can lead inside. The zero value allows
// public addresses only.
type Guard struct {
	Allow    []netip.Prefix // internal networks of the operator, or loopback in tests
	Resolver *net.Resolver  // nil: the system's
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

// DialContext connects to host:port. Errors wrap [ErrRefused] when no address
// of the host may be connected to.
func (g *Guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := net.Dialer{Resolver: g.Resolver, ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if !g.Allowed(to.Addr()) {
			return fmt.Errorf("%w: %s", ErrRefused, to.Addr())
		}
		return nil
	}}
	return dialer.DialContext(ctx, network, address)
}
