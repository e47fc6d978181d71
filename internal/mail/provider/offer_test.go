package provider_test

import (
	"testing"

	"signpost/internal/mail/provider"
)

func TestOffers(t *testing.T) {
	p, problems := provider.Load("x", []byte(`provider: example.com
name: Example
domains: [example.com]
hosted: {mx: [mx1.example.com, "*.mx.example.com"], spf: spf.example.com, dkim: {s1: a.example.com}}
services:
  - {use: imap, host: imap.example.com}
  - {use: submit, host: smtp.example.com}
  - {use: submit, host: smtp.example.com, security: starttls}
except: [{client: apple-mail, use: imap, host: other.example.com}]
webmail: https://webmail.example.com/
vars: {phone: "1", none: ""}
`))
	if p == nil {
		t.Fatal(problems)
	}
	for name, want := range map[string]bool{
		"imap": true, "imap.tls": true, "imap.starttls": false, "imap.2": false, "pop3": false, "pop": false,
		"smtp": true, "submit": true, "submit.2": true, "submit.3": false, "smtp.starttls": true, "submit.2.tls": false,
		"caldav": false, "vars.phone": true, "vars.none": false, "vars.fax": false, "webmail": true, "oauth": false, "login.address": true, "login.local": false,
		"mx": true, "mx.2": false, "spf": true, "dkim": true, "dkim.2": false, "except.apple-mail": true, "except.iphone": false, "": false,
	} {
		if p.Offers(name) != want {
			t.Errorf("Offers(%q) = %v", name, !want)
		}
	}
}
