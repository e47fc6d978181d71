// Package ownhost finds a provider's own host names in texts that should have a
// variable there: the provider's description is the one place for them.
package ownhost

import (
	"iter"
	"strings"

	"signpost/internal/mail/provider"
)

// A Host is one of the provider's names, and what to write in its stead.
type Host struct{ Name, Variable string }

// Of returns the names of the providers' servers.
func Of(providers []*provider.Provider) []Host {
	var hosts []Host
	for _, p := range providers {
		for _, name := range p.Hosts() {
			hosts = append(hosts, Host{name, variableFor(p, name)})
		}
	}
	return hosts
}

// In yields every place of one of the hosts in the text, with the number of
// lines above it.
func In(text string, hosts []Host) iter.Seq2[int, Host] {
	return func(yield func(int, Host) bool) {
		if !strings.Contains(text, ".") {
			return
		}
		lower := asciiLower(text)
		for _, h := range hosts {
			for from := 0; ; {
				i := strings.Index(lower[from:], h.Name)
				if i < 0 {
					break
				}
				i += from
				from = i + len(h.Name)
				if whole(lower, i, from) && !yield(strings.Count(lower[:i], "\n"), h) {
					return
				}
			}
		}
	}
}

// asciiLower is s with the letters A to Z in lower case: host names have no
// others, and every byte keeps its place.
func asciiLower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// whole reports whether s[i:j] is not a part of a longer host name.
func whole(s string, i, j int) bool {
	label := func(c byte) bool { return c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' }
	if i > 0 && (label(s[i-1]) || s[i-1] == '.') {
		return false
	}
	if j < len(s) && (label(s[j]) || s[j] == '.' && j+1 < len(s) && label(s[j+1])) {
		return false
	}
	return true
}

// variableFor names the variable that stands for a host name.
func variableFor(p *provider.Provider, host string) string {
	best := ""
	for _, name := range p.ValueNames() {
		if v, err := p.Value("en", name); err == nil && strings.HasSuffix(name, ".host") && strings.EqualFold(v, host) {
			if best == "" || len(name) < len(best) { // imap.host rather than imap.2.host
				best = name
			}
		}
	}
	if best != "" {
		return "{{" + best + "}}"
	}
	for _, e := range p.Except {
		name := string(e.Use) + ".host for " + e.Client
		if v, err := p.Value("en", name); err == nil && strings.EqualFold(v, host) {
			return "{{" + name + "}}"
		}
	}
	return "a variable, or a link of site.yaml as {{link.NAME}}"
}
