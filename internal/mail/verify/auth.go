package verify

import (
	"slices"
	"strings"

	"signpost/internal/mail/provider"
)

// compare holds the described ways to sign in against what the server offers.
func (p *probe) compare(offered offers) {
	var missing []string
	for _, auth := range p.service.Auth {
		switch {
		case auth == provider.APOP && !offered.apop:
			p.add(Fail, "apop-missing", "%s does not offer APOP: its greeting has no timestamp.", p.service.Host)
		case auth != provider.APOP && !offered.has(auth):
			missing = append(missing, authName(auth))
		}
	}
	if len(missing) > 0 {
		p.add(Fail, "auth-missing", "%s does not offer to sign in by %s; it offers %s.",
			p.service.Host, strings.Join(missing, " or "), offered.names())
	}
	if offered.apop && !p.service.Has(provider.APOP) {
		p.add(Warn, "apop-undescribed",
			"%s offers APOP, which the description does not name; programs such as Apple Mail choose it by themselves.", p.service.Host)
	}
}

// authName is how people who run servers call a way to sign in.
func authName(auth provider.Auth) string {
	switch auth {
	case provider.Password:
		return "password (PLAIN or LOGIN)"
	case provider.OAuth2:
		return "OAuth2 (XOAUTH2 or OAUTHBEARER)"
	default:
		return strings.ToUpper(string(auth))
	}
}

func (o offers) has(auth provider.Auth) bool {
	return slices.ContainsFunc(o.sasl, func(m string) bool {
		switch auth {
		case provider.Password:
			return m == "PLAIN" || m == "LOGIN"
		case provider.CRAMMD5:
			return m == "CRAM-MD5"
		case provider.SCRAM:
			return strings.HasPrefix(m, "SCRAM-")
		case provider.OAuth2:
			return m == "XOAUTH2" || m == "OAUTHBEARER"
		}
		return false
	}) || auth == provider.Password && o.login
}

// names lists what is offered, for a sentence.
func (o offers) names() string {
	names := slices.Clone(o.sasl)
	if o.login && !slices.Contains(names, "LOGIN") {
		names = append(names, "name and password")
	}
	if o.apop {
		names = append(names, "APOP")
	}
	if len(names) == 0 {
		return "nothing"
	}
	return short(strings.Join(names, ", "))
}
