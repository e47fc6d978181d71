package provider

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"signpost/internal/mail/address"
)

func parse(t *testing.T, s string) address.Address {
	t.Helper()
	a, err := address.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func rows(acc Account) string {
	var b strings.Builder
	for _, s := range acc.Services {
		b.WriteString(strings.Join([]string{string(s.Use), s.HostName(), s.SecurityKey(), strings.Join(s.AuthKeys(), "+"), s.Login, s.URL, s.Because}, " ") + "\n")
	}
	return b.String()
}

func TestAccount(t *testing.T) {
	p := sample(t)
	tests := []struct{ client, because, pop, submit string }{
		{"", "", "pop3 pop.example.com tls password", "submit smtp.example.com tls password"},
		{"thunderbird", "", "pop3 pop.example.com tls password", "submit smtp.example.com tls password"},
		{"apple-mail", "apple-mail-pop", "pop3 apop.example.com tls apop+password", "submit smtp.example.com tls password"},
		{"iphone", "apple-mail-pop", "pop3 apop.example.com tls apop+password", "submit smtp.example.com tls password"},
		{"outlook-classic", "set-up-outlook-classic", "pop3 pop.example.com tls password", "submit smtp.example.com starttls password"},
	}
	for _, tt := range tests {
		acc := p.Account(parse(t, "o'neil&sons@example.com"), tt.client)
		got := rows(acc)
		if acc.Because != tt.because || !strings.Contains(got, tt.pop) || !strings.Contains(got, tt.submit) {
			t.Errorf("%s: because %q, services\n%s", tt.client, acc.Because, got)
		}
		if !strings.Contains(got, "o'neil&sons@example.com") || !strings.Contains(got, "/calendars/o%27neil%26sons@example.com/") {
			t.Errorf("%s: the address is not filled in:\n%s", tt.client, got)
		}
		submits := acc.All(Submit)
		if tt.client == "outlook-classic" && (len(submits) != 1 || submits[0].Port != 587) {
			t.Errorf("outlook-classic: %+v", submits)
		}
	}
	if strings.Contains(rows(p.Account(address.Address{}, "")), "@") || p.Services[0].Login != "{address}" {
		t.Error("an account changed the description")
	}
}

// TestPlaceholdersOnce: what looks like a placeholder inside an address stays.
func TestPlaceholdersOnce(t *testing.T) {
	p := load(t, head+`services:
  - {use: imap, host: imap.example.com, login: "{local}.{domain}"}
  - {use: submit, host: smtp.example.com}
  - {use: caldav, url: "https://dav.example.com/{address}?u={local}"}
`)
	acc := p.Account(parse(t, "{domain}%EMAILDOMAIN%@example.com"), "")
	want := []string{"{domain}%EMAILDOMAIN%.example.com", "{domain}%EMAILDOMAIN%@example.com"}
	for i, w := range want {
		if acc.Services[i].Login != w {
			t.Errorf("login %q, want %q", acc.Services[i].Login, w)
		}
	}
	if got, w := acc.Services[2].URL, "https://dav.example.com/%7Bdomain%7D%25EMAILDOMAIN%25@example.com?u=%7Bdomain%7D%25EMAILDOMAIN%25"; got != w {
		t.Errorf("url %q, want %q", got, w)
	}
	if got := acc.WithLogin("alice7").Services[0].Login; got != "alice7" || acc.Services[0].Login == got {
		t.Errorf("WithLogin: %q", got)
	}
	quoted := p.Account(parse(t, `"a b"@example.com`), "")
	if quoted.Services[0].Login != "a b.example.com" || quoted.Services[1].Login != `"a b"@example.com` {
		t.Errorf("quoted: %q, %q", quoted.Services[0].Login, quoted.Services[1].Login)
	}
}

func TestValue(t *testing.T) {
	p := sample(t)
	tests := map[string]string{
		"imap.host": "imap.example.com", "imap.port": "993", "imap.security": "SSL/TLS", "imap.login": "{address}",
		"imap.2.port": "143", "imap.2.security": "STARTTLS", "smtp.2.port": "587", "submit.2.port": "587", "pop.host": "pop.example.com",
		"pop3.host for apple-mail": "apop.example.com", "pop.port for apple-mail": "995", "pop3.host for iphone": "apop.example.com",
		"pop3.host for thunderbird": "pop.example.com", "smtp.security for outlook-classic": "STARTTLS",
		"caldav.url": "https://dav.example.com/calendars/{address}/", "caldav.host": "dav.example.com", "caldav.port": "443",
		"provider.name": "Example Mail", "vars.spam-header": "X-Spam-Score", "mx.2.host": "mx2.example.com", "provider.domain": "example.com",
		"spf.host": "spf.example.com", "dkim.selector": "sel1", "dkim.2.host": "sel2.dkim.example.com",
	}
	for name, want := range tests {
		if got, err := p.Value("en", name); err != nil || got != want {
			t.Errorf("Value(%q) = %q, %v, want %q", name, got, err, want)
		}
	}
	if got, _ := p.Value("de", "provider.name"); got != "Beispielpost" {
		t.Errorf("German name: %q", got)
	}
	if got, _ := p.Value("fr", "provider.name"); got != "Example Mail" {
		t.Errorf("name in a language that is missing: %q", got)
	}
	for name, hint := range map[string]string{
		"imap.hots": "imap.host", "spmt.host": "smtp.host", "vars.spamheader": "vars.spam-header", "imap.3.port": "imap.",
		"pop3.host for aple-mail": "apple-mail", "imap.url": "", "imap": "", "": "", "smtp.2.port for outlook-classic": "smtp.2.port",
		"smtp.0.port": "smtp.", "smtp.-1.port": "smtp.", "vars.": "", "provider.nmae": "provider.name",
	} {
		_, err := p.Value("en", name)
		var e *ValueError
		if !errors.As(err, &e) || e.Name != name || !strings.Contains(e.Hint, hint) {
			t.Errorf("Value(%q): %v, want a hint with %q", name, err, hint)
		}
	}
}

func TestHosts(t *testing.T) {
	hosts := sample(t).Hosts()
	for _, h := range []string{"imap.example.com", "pop.example.com", "smtp.example.com", "apop.example.com", "dav.example.com", "webmail.example.com", "sieve.example.com"} {
		if !slices.Contains(hosts, h) {
			t.Errorf("%s is missing in %v", h, hosts)
		}
	}
	if slices.Contains(hosts, "example.com") {
		t.Error("a mail domain is no host name to refuse")
	}
}

func TestInexpressible(t *testing.T) {
	tls := Service{Use: IMAP, Host: "h", Port: 993, Security: TLS, Auth: []Auth{Password}}
	change := func(f func(*Service)) Service { s := tls; f(&s); return s }
	starttls := change(func(s *Service) { s.Port, s.Security = 143, STARTTLS })
	tests := []struct {
		name   string
		s      Service
		format Format
		want   string
	}{
		{"tls", tls, Autodiscover, ""},
		{"starttls", starttls, Autodiscover, ""},
		{"starttls", starttls, PACC, "starttls"},
		{"starttls", starttls, Profile, ""},
		{"odd port", change(func(s *Service) { s.Port = 1993 }), PACC, "port"},
		{"odd port", change(func(s *Service) { s.Port = 1993 }), Autodiscover, ""},
		{"starttls at an odd port", change(func(s *Service) { s.Port, s.Security = 1143, STARTTLS }), Autodiscover, "port-guess"},
		{"tls at 143", change(func(s *Service) { s.Port = 143 }), Autodiscover, "port-guess"},
		{"plain", change(func(s *Service) { s.Security = Plain }), Autoconfig, "plain"},
		{"plain", change(func(s *Service) { s.Security = Plain }), DNS, "plain"},
		{"apop", change(func(s *Service) { s.Use, s.Port, s.Auth = POP3, 995, []Auth{APOP} }), Profile, "auth"},
		{"apop", change(func(s *Service) { s.Use, s.Port, s.Auth = POP3, 995, []Auth{APOP} }), Autoconfig, ""},
		{"cram-md5", change(func(s *Service) { s.Auth = []Auth{CRAMMD5} }), Profile, ""},
		{"oauth2", change(func(s *Service) { s.Auth = []Auth{OAuth2} }), Profile, "auth"},
		{"oauth2", change(func(s *Service) { s.Auth = []Auth{OAuth2} }), PACC, ""},
		{"caldav", Service{Use: CalDAV, URL: "https://h/", Security: TLS, Auth: []Auth{Password}}, PACC, ""},
		{"caldav at a port", Service{Use: CalDAV, URL: "https://h:8443/", Security: TLS, Auth: []Auth{Password}}, PACC, "port"},
		{"caldav", Service{Use: CalDAV, URL: "https://h/", Security: TLS, Auth: []Auth{Password}}, Autodiscover, "use"},
		{"sieve", Service{Use: Sieve, Host: "h", Port: 4190, Security: STARTTLS, Auth: []Auth{Password}}, DNS, ""},
		{"sieve", Service{Use: Sieve, Host: "h", Port: 4190, Security: STARTTLS, Auth: []Auth{Password}}, Autoconfig, ""},
		{"sieve", Service{Use: Sieve, Host: "h", Port: 4190, Security: STARTTLS, Auth: []Auth{Password}}, Autodiscover, "use"},
	}
	for _, tt := range tests {
		gap, ok := Inexpressible(tt.format, tt.s)
		if gap.Key != tt.want || ok != (tt.want != "") {
			t.Errorf("%s in %s: %q, want %q", tt.name, tt.format, gap.Key, tt.want)
		}
	}
}
