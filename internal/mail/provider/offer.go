package provider

import (
	"slices"
	"strconv"
	"strings"
)

// Offers reports whether the provider has what a condition of an article names:
// a service ("pop3", "smtp", "submit.2" for a second one, "submit.starttls" for
// one with that security), "vars.NAME", "except.CLIENT", "webmail", "oauth", or
// for own domains "mx", "spf" and "dkim" ("dkim.2" for a second one).
func (p *Provider) Offers(name string) bool {
	head, rest, _ := strings.Cut(name, ".")
	switch head {
	case "vars":
		return p.Vars[rest] != ""
	case "except":
		return slices.Contains(p.ExceptClients(), rest)
	case "webmail":
		return p.Webmail != ""
	case "login":
		return rest == "address" && !slices.ContainsFunc(p.Services, func(s Service) bool { return s.Login != phAddress })
	case "oauth":
		return p.OAuth.Issuer != ""
	}
	want, security := 1, Security("")
	for _, part := range strings.Split(rest, ".") {
		if n, err := strconv.Atoi(part); err == nil {
			want = n
		} else {
			security = Security(part)
		}
	}
	switch head {
	case "mx":
		return len(p.mxHosts()) >= want
	case "spf":
		return p.Hosted.SPF != "" && want == 1
	case "dkim":
		return len(p.Hosted.DKIM) >= want
	}
	for _, s := range p.Services {
		if s.Use == UseNamed(head) && (security == "" || s.Security == security) {
			want--
		}
	}
	return want <= 0
}
