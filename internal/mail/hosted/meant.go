package hosted

import (
	"slices"
	"strings"

	"signpost/internal/problem"
)

// common are the domains that most people have their mail at, so that one that
// is mistyped is told from a domain of somebody's own.
var common = []string{
	"aol.com", "att.net", "bluewin.ch", "btinternet.com", "comcast.net", "fastmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at",
	"gmx.ch", "gmx.de", "gmx.net", "googlemail.com", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.fr", "hotmail.no", "icloud.com",
	"laposte.net", "libero.it", "live.com", "live.no", "mac.com", "mail.com", "me.com", "msn.com", "online.no", "orange.fr",
	"outlook.com", "outlook.de", "proton.me", "protonmail.com", "t-online.de", "web.de", "yahoo.co.uk", "yahoo.com", "yahoo.de", "ymail.com",
}

// Meant returns the domain that a mistyped one most likely stands for: one of
// ours, else one of the most common. It is "" when none is near. The domain may
// be as typed, with a comma for a full stop or without its ending. The answer
// is a question to ask, and nothing to act upon.
func Meant(domain string, own []string) string {
	domain = strings.ToLower(strings.NewReplacer(",", ".", ";", ".", " ", "", "..", ".").Replace(domain))
	domain = strings.Trim(domain, ".")
	if domain == "" || slices.Contains(common, domain) {
		return ""
	}
	if slices.Contains(own, domain) { // what had to be repaired was all that was wrong
		return domain
	}
	for _, list := range [][]string{own, common} {
		best, distance := "", 3
		if len(domain) < 7 {
			distance = 2
		}
		for _, d := range list {
			first, _, _ := strings.Cut(d, ".")
			if n := problem.Distance(domain, d); n < distance {
				best, distance = d, n
			} else if domain == first && best == "" {
				best = d
			}
		}
		if best != "" {
			return best
		}
	}
	return ""
}
