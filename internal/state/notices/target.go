package notices

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/notify"
)

// Limits of what a request may hold.
const (
	maxTarget = 1000 // bytes of a URL
	maxChosen = 100  // components
)

// roles are local parts of addresses that belong to a function and not to a
// person who could agree (RFC 2142, and what mail systems use themselves).
var roles = []string{
	"abuse", "noc", "security", "postmaster", "hostmaster", "webmaster", "usenet", "news", "www", "uucp", "ftp",
	"root", "mailer-daemon", "noreply", "no-reply", "donotreply", "do-not-reply", "bounce", "bounces",
	"listserv", "majordomo", "mailman",
}

// isRole reports whether a local part is that of a role or of a list's program.
func isRole(local string) bool {
	local, _, _ = strings.Cut(strings.ToLower(local), "+")
	return slices.Contains(roles, local) || strings.HasPrefix(local, "owner-") ||
		slices.ContainsFunc([]string{"-request", "-owner", "-bounces", "-subscribe", "-unsubscribe", "-admin", "-join", "-leave", "-confirm"}, func(end string) bool { return strings.HasSuffix(local, end) })
}

// A target is where messages go.
type target struct {
	text   string // as messages are sent to it
	normal string // what makes it the same as another
	domain string // of the receiving server
}

// readTarget checks what was given. Errors: ErrTarget, ErrRole.
func readTarget(c notify.Channel, given string) (target, error) {
	if c == notify.Mail {
		return readAddress(given)
	}
	if !slices.Contains(notify.Channels(), c) {
		return target{}, fmt.Errorf("%w: unknown channel %q", notify.ErrTarget, c)
	}
	u, err := url.Parse(strings.TrimSpace(given))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(given) > maxTarget {
		return target{}, fmt.Errorf("%w: the URL must begin with https:// and name a host, without a user", notify.ErrTarget)
	}
	u.Host, u.Fragment = strings.ToLower(u.Host), ""
	return target{u.String(), string(c) + " " + u.String(), u.Hostname()}, nil
}

func readAddress(given string) (target, error) {
	a, err := address.Parse(given)
	if err != nil {
		return target{}, fmt.Errorf("%w: %w", notify.ErrTarget, err)
	}
	if isRole(a.Local) {
		return target{}, notify.ErrRole
	}
	local, _, _ := strings.Cut(strings.ToLower(a.Local), "+")
	if local == "" {
		local = strings.ToLower(a.Local)
	}
	return target{a.String(), "mail " + local + "@" + a.Domain, a.Domain}, nil
}

// readChoice checks and orders a choice.
func readChoice(c notify.Choice) (notify.Choice, error) {
	bad := func(what string) (notify.Choice, error) { return c, fmt.Errorf("%w: %s", notify.ErrChoice, what) }
	if len(c.Components) > maxChosen {
		return bad("too many components")
	}
	for _, id := range slices.Concat(c.Components, c.Posts, []string{c.Language}) {
		if id == "" || len(id) > 64 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '%' }) {
			return bad(fmt.Sprintf("%q", id))
		}
	}
	for _, kind := range c.Posts {
		if !slices.Contains([]string{"incident", "maintenance", "notice"}, kind) {
			return bad(fmt.Sprintf("%q is not a kind of post", kind))
		}
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || len(c.Zone) > 64 || c.Zone == "Local" {
		return bad(fmt.Sprintf("%q is not a time zone", c.Zone))
	}
	order := func(list []string) []string {
		list = slices.Clone(list)
		slices.Sort(list)
		return slices.Compact(list)
	}
	c.Components, c.Posts = order(c.Components), order(c.Posts)
	return c, nil
}

// mask hides what is secret of a target: all of a URL but its host.
func mask(c notify.Channel, text string) string {
	if c == notify.Mail {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return "…"
	}
	return "https://" + u.Host + "/…"
}
