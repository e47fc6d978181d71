package autoconfig

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/address"
	"signpost/internal/mail/foreign"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

var docs = []provider.Link{{URL: "https://help.example.com/help/set-up-mail?a=1&b=2", Texts: map[string]string{"default": "How", "en": "Setting up <mail>", "de": "E-Mail einrichten"}}}

func encode(t *testing.T, acc provider.Account, o Options) string {
	t.Helper()
	b, err := Encode(acc, o)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGolden(t *testing.T) {
	sample, odd := providertest.Sample(t), providertest.Odd(t)
	alice := providertest.Address(t, "alice@example.com")
	tests := []struct {
		name string
		acc  provider.Account
		o    Options
	}{
		{"sample.xml", sample.Account(address.Address{}, ""), Options{Docs: docs}},
		{"sample-alice.xml", sample.Account(alice, ""), Options{Docs: docs}},
		{"sample-1.1.xml", sample.Account(alice, ""), Options{Version: V11}},
		{"odd.xml", odd.Account(address.Address{}, ""), Options{}},
		{"odd-hostile.xml", odd.Account(providertest.Address(t, "o'neil&sons+tag@bücher.example"), ""), Options{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { foreign.Golden(t, *update, tt.name, []byte(encode(t, tt.acc, tt.o))) })
	}
}

// TestHostile: every address survives our own decoder and xmllint as it was.
func TestHostile(t *testing.T) {
	for _, p := range []*provider.Provider{providertest.Sample(t), providertest.Odd(t)} {
		for _, a := range hostile.Addresses() {
			acc := p.Account(a, "")
			src := encode(t, acc, Options{Docs: docs})
			c, err := Decode([]byte(src))
			if err != nil {
				t.Fatalf("%q: %v", a, err)
			}
			for i, s := range acc.All(provider.IMAP)[:2] {
				got, want := c.Provider.Incoming[i].User, s.Login
				if strings.Contains(want, "%EMAIL") {
					want = phAddress // literally, a client would fill it in
				}
				if got != want {
					t.Errorf("user name %q, want %q", got, want)
				}
			}
		}
	}
}

func TestForeignReader(t *testing.T) {
	xmllint := foreign.Look(t, "xmllint")
	p := providertest.Odd(t)
	for _, a := range hostile.Addresses() {
		acc := p.Account(a, "")
		src := encode(t, acc, Options{Docs: docs})
		got := foreign.Run(t, []byte(src), xmllint, "--nonet", "--xpath", "string(//incomingServer[1]/username)", "-")
		want, _ := username(acc, acc.All(provider.IMAP)[0])
		if strings.TrimSuffix(string(got), "\n") != want {
			t.Errorf("xmllint reads %q, want %q", got, want)
		}
	}
}

// TestRoundTrip: what is written says the same services again.
func TestRoundTrip(t *testing.T) {
	for _, p := range []*provider.Provider{providertest.Sample(t), providertest.Odd(t)} {
		acc := p.Account(address.Address{}, "")
		c, err := Decode([]byte(encode(t, acc, Options{Docs: docs})))
		if err != nil {
			t.Fatal(err)
		}
		again, err := Encode(acc, Options{Docs: docs})
		if err != nil {
			t.Fatal(err)
		}
		c2, err := Decode(again)
		if diff := cmp.Diff(c, c2); err != nil || diff != "" {
			t.Errorf("not deterministic: %v %s", err, diff)
		}
		var want []string
		for _, use := range []provider.Use{provider.IMAP, provider.POP3, provider.JMAP, provider.Submit, provider.Sieve, provider.CalDAV, provider.CardDAV} {
			for _, s := range acc.All(use) {
				if s.Security != provider.Plain {
					want = append(want, fmt.Sprint(s.Use, s.Host, s.Port, s.Security, s.BaseURL(), s.Login))
				}
			}
		}
		var got []string
		for _, s := range c.Import("example.com", "").Services {
			got = append(got, fmt.Sprint(s.Use, s.Host, s.Port, s.Security, s.URL, s.Login))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("services: %s", diff)
		}
	}
}

// TestDefects: mistakes that other generators make, each of them seen to break
// a mail program.
func TestDefects(t *testing.T) {
	odd := providertest.Odd(t)
	src := encode(t, odd.Account(providertest.Address(t, "alice@odd.example"), ""), Options{Docs: docs})
	for name, bad := range map[string]string{
		"an unprotected server makes Android refuse the file": "<socketType>plain",
		"the unprotected host is there":                       "plain.odd.example",
		"U-label hosts are refused":                           "bücher",
		"placeholders are not filled in the second server":    "%EMAIL",
		"old draft name of addressbook":                       "addressBook",
		"old draft name of the way to sign in":                "http-basic",
		"old draft name of url":                               "serverURL",
		"socket types are exact":                              "<socketType>TLS",
		"values have spaces around them":                      "> ",
	} {
		if strings.Contains(src, bad) {
			t.Errorf("%s: %q in\n%s", name, bad, src)
		}
	}
	c, err := Decode([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range append(c.Provider.Incoming, c.Provider.Outgoing...) {
		if s.Type != "jmap" && (s.Host == "" || s.Port == 0 || s.SocketType != "SSL" && s.SocketType != "STARTTLS" || len(s.Auth) == 0 || s.User == "") {
			t.Errorf("an incomplete server: %+v", s)
		}
	}
	if c.Provider.ID != "odd.example" || c.Provider.Domains[0].Name != "odd.example" {
		t.Errorf("id %q, domains %v", c.Provider.ID, c.Provider.Domains)
	}
	if bytes.HasPrefix([]byte(src), []byte("\xef\xbb\xbf")) {
		t.Error("a byte order mark")
	}
}

// TestNumbers: a customer number is not a number. (Thunderbird signs in as 12
// when the file says 0012.)
func TestNumbers(t *testing.T) {
	p := providertest.Load(t, `{provider: x.example, name: X, domains: [x.example], login: "{local}", services: [{use: imap, host: i.x.example},
  {use: submit, host: s.x.example}, {use: submit, host: s.x.example, security: starttls}]}`)
	for local, want := range map[string]string{"0012": phLocal, "12": "12", "0": "0", "1e3": phLocal, "True": phLocal, "true": "true", "a12": "a12", "1_2": "1_2", "+4712345678": phLocal, "1.5.2": "1.5.2"} {
		c, err := New(p.Account(address.Address{Local: local, Domain: "x.example"}, ""), Options{})
		if err != nil {
			t.Fatal(err)
		}
		outgoing := 2
		if want == phLocal {
			outgoing = 1 // the second is not filled in
		}
		if got := c.Provider.Incoming[0].User; got != want || c.Provider.Outgoing[0].User != want || len(c.Provider.Outgoing) != outgoing {
			t.Errorf("%s: user name %q, want %q; %d outgoing servers", local, got, want, len(c.Provider.Outgoing))
		}
	}
}

// TestMisread: a login that clients would change is left to them in the form
// of the description, or left out.
func TestMisread(t *testing.T) {
	p := providertest.Load(t, `{provider: x.example, name: X, domains: [x.example], login: "{local}.{domain}", services: [{use: imap, host: i.x.example},
  {use: submit, host: s.x.example}]}`)
	if c, err := New(p.Account(address.Address{Local: "%EMAILDOMAIN%", Domain: "x.example"}, ""), Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("got %+v, %v for a login that would be filled in twice", c, err)
	}
	acc := p.Account(address.Address{Local: "%EMAILADDRESS%", Domain: "x.example"}, "")
	c, err := New(acc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Provider.Incoming[0].User; got != phLocal+"."+phDomain {
		t.Errorf("user name %q", got)
	}
	if c, err := New(acc.WithLogin("0012"), Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("got %+v, %v for a login that is read as 12", c, err)
	}
	if c, err := New(p.Account(address.Address{}, ""), Options{}); err != nil || c.Provider.Outgoing[0].User != phLocal+"."+phDomain {
		t.Errorf("without an address: %+v, %v", c, err)
	}
}

func TestHostedDomain(t *testing.T) {
	p := providertest.Sample(t)
	c, err := New(p.Account(providertest.Address(t, "info@customer.example"), ""), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Domain{{Name: "customer.example"}, {Name: "example.com"}, {Name: "example.net"}, {Name: "example.org"}}
	if diff := cmp.Diff(want, c.Provider.Domains); diff != "" {
		t.Error(diff)
	}
}

func TestShortened(t *testing.T) {
	for name, want := range map[string]string{
		"Example Mail":                         "Example Mail",
		"Example Mail of Norway":               "Example Mail of",
		"Example Mails Norway and Sweden":      "Example Mails Norway",
		strings.Repeat("ä", 21):                strings.Repeat("ä", 20),
		"Post & Telekommunikasjonsforbindelse": "Post &",
	} {
		if got := shortened(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func TestNothing(t *testing.T) {
	p := providertest.Load(t, "provider: x.example\nname: X\ndomains: [x.example]\nservices: [{use: imap, host: imap.x.example}]")
	if _, err := Encode(p.Account(address.Address{}, ""), Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("got %v, want ErrNothing", err)
	}
}

func FuzzDecode(f *testing.F) {
	p := providertest.Sample(f)
	b, err := Encode(p.Account(address.Address{}, ""), Options{Docs: docs})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("<clientConfig><emailProvider><domain>x</domain></emailProvider></clientConfig>"))
	f.Fuzz(func(t *testing.T, src []byte) {
		c, err := Decode(src)
		if err != nil {
			return
		}
		Unread(src)
		for _, s := range c.Import("example.org", "").Services {
			if len(s.Auth) == 0 || s.Security == provider.Plain {
				t.Fatalf("a service that nobody can use: %v", s)
			}
		}
	})
}
