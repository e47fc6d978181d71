// Package providertest gives tests of formats the descriptions they write:
// the sample provider and one that has everything unusual.
package providertest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
)

// Sample loads the provider of the sample site.
func Sample(t testing.TB) *provider.Provider {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "../../../../articles/providers/example.yaml")
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return Load(t, string(src))
}

// Odd is a provider with one of everything: names that need escaping, an
// internationalised domain, every way to sign in, odd ports, an unprotected
// server, URLs with and without placeholders.
func Odd(t testing.TB) *provider.Provider {
	t.Helper()
	return Load(t, odd)
}

const odd = `
provider: odd.example
name: {default: 'Odd <Mail> & "Söner"', de: 'Seltsame Post'}
short: Odd & Co
domains: [odd.example, bücher.example]
hosted: {mx: [mx.odd.example]}
services:
  - {use: imap, host: mail.bücher.example, auth: [scram, cram-md5, password]}
  - {use: imap, host: mail.odd.example, port: 1993, auth: [oauth2, password]}
  - {use: imap, host: mail.odd.example, port: 1143, security: starttls, login: "{local}"}
  - {use: imap, host: plain.odd.example, security: plain, insecure: true}
  - {use: pop3, host: pop.odd.example, auth: [apop, password], leave-on-server: 2w, login: "{local}.{domain}"}
  - {use: pop3, host: pop.odd.example, port: 1995, auth: [apop]}
  - {use: submit, host: smtp.odd.example, login: "{local}"}
  - {use: submit, host: smtp.odd.example, security: starttls, auth: [password, cram-md5]}
  - {use: caldav, url: "https://dav.odd.example/?user={address}&x=1"}
  - {use: carddav, url: "https://dav.odd.example:8443/card/"}
  - {use: jmap, url: "https://jmap.odd.example/.well-known/jmap", auth: [oauth2, password]}
  - {use: sieve, host: sieve.odd.example, security: starttls}
oauth: {issuer: "https://login.odd.example/", scopes: [mail, offline_access]}
`

// Load loads a description that must have no errors.
func Load(t testing.TB, src string) *provider.Provider {
	t.Helper()
	p, problems := provider.Load("providers/test.yaml", []byte(src))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return p
}

// Address parses an address.
func Address(t testing.TB, s string) address.Address {
	t.Helper()
	a, err := address.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
