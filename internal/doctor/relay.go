package doctor

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"signpost/internal/mail/provider"
)

// relay: does the server that takes our mail work, and would it when customers
// have reason to write? A relay that is the platform itself is down with it.
func (c Config) relay(ctx context.Context, r *report) {
	if c.Relay == nil && c.Hook {
		r.add(OK, "", "messages of customers go to a webhook; no mail is sent")
		return
	}
	if c.Relay == nil {
		r.add(Note, "name one with --smtp and --smtp-password-file", "no relay is named, so that /contact has no form (a webhook can take messages too: --contact-webhook)")
		return
	}
	host := c.Relay.Host()
	const own = "use a relay of another operator for this site"
	switch why := c.platform(ctx, host); {
	case why != "":
		r.add(Warn, own, "the relay %s is the mail platform itself (%s): what is to be sent during its outage waits with it", host, why)
	case c.sharesZone(host):
		r.add(Note, own, "the relay %s is in the same DNS zone as the mail servers: both are gone when that is", host)
	}
	if err := c.Relay.Check(ctx); err != nil {
		r.add(Fail, "are the address, the user and the password right, and does the firewall let this machine connect?", "the relay cannot be used: %v", err)
	}
	if r.quiet() {
		r.add(OK, "", "the relay %s takes mail", host)
	}
}

// platform returns why a host is one of the mail platform, or "".
func (c Config) platform(ctx context.Context, host string) string {
	var addresses []string
	if list, err := c.Relay.Addresses(ctx); err == nil {
		addresses = list
	}
	same := func(name string) bool {
		found, err := c.Resolver.LookupHost(ctx, name)
		return err == nil && slices.ContainsFunc(found, func(a string) bool { return slices.Contains(addresses, a) })
	}
	for _, p := range c.Library.Providers {
		if provider.MatchMX(p.Hosted.MX, host) {
			return "it is one of its mail exchangers"
		}
		for _, s := range p.Services {
			if name := s.HostName(); name == host {
				return "customers use it for " + string(s.Use)
			} else if same(name) {
				return "it has the address of " + name
			}
		}
		for _, domain := range p.Domains[:min(len(p.Domains), 3)] {
			list, _ := c.Resolver.LookupMX(ctx, domain)
			for _, mx := range list {
				if name := strings.ToLower(strings.TrimSuffix(mx.Host, ".")); name == host || same(name) {
					return "it is the mail exchanger of " + domain
				}
			}
		}
	}
	return ""
}

// sharesZone reports whether the host is below a domain that servers of the
// platform are below.
func (c Config) sharesZone(host string) bool {
	zone, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return false
	}
	for _, p := range c.Library.Providers {
		for _, s := range p.Services {
			if other, err := publicsuffix.EffectiveTLDPlusOne(s.HostName()); err == nil && other == zone {
				return true
			}
		}
	}
	return false
}
