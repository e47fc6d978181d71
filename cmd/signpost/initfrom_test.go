package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/discover"
	"signpost/internal/mail/dnstest"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/verify"
	"signpost/internal/starter"
)

const published = `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="mail.test">
  <domain>mail.test</domain><domain>second.test</domain><domain>%EMAILDOMAIN%</domain><domain>bad domain</domain>
  <displayName>Mail &amp; More: "the best" # one
  </displayName><displayShortName>M&amp;M</displayShortName>
  <incomingServer type="imap"><hostname>imap.mail.test</hostname><port>993</port><socketType>SSL</socketType><authentication>OAuth2</authentication><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="imap"><hostname>plain.mail.test</hostname><port>143</port><socketType>plain</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></incomingServer>
  <incomingServer type="pop3"><hostname>pop.mail.test</hostname><port>1995</port><socketType>SSL</socketType><authentication>password-encrypted</authentication><username>%EMAILLOCALPART%</username></incomingServer>
  <outgoingServer type="smtp"><hostname>smtp.mail.test</hostname><port>587</port><socketType>STARTTLS</socketType><authentication>password-cleartext</authentication><username>%EMAILADDRESS%</username></outgoingServer>
</emailProvider><webMail><loginPage url="javascript:alert(1)"/></webMail></clientConfig>`

const zone = `
$TTL 60
mail.test. MX 10 mx1.mail.test.
_imaps._tcp.srv.test. SRV 0 1 993 imap.srv.test.
_pop3s._tcp.srv.test. SRV 0 0 0 .
_submissions._tcp.srv.test. SRV 10 1 465 smtp.srv.test.
_submissions._tcp.srv.test. SRV 0 1 10465 best.srv.test.
_caldavs._tcp.srv.test. SRV 0 1 8443 dav.srv.test.
srv.test. MX 10 mx.srv.test.
mx.test. MX 10 mx1.sub.mail.test.
inside.test. A 127.0.0.1
autoconfig.inside.test. A 127.0.0.1
`

// testFinder asks a DNS server and a web server of the test. The web server
// answers for every host name that answer knows.
func testFinder(t *testing.T, answer func(host, path, query string) (status int, body string)) discover.Finder {
	t.Helper()
	web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := answer(r.Host, r.URL.Path, r.URL.RawQuery)
		w.Header().Set("Location", "https://elsewhere.test/")
		w.WriteHeader(status)
		w.Write([]byte(body))
	}))
	t.Cleanup(web.Close)
	return discover.Finder{Resolver: dnstest.Serve(t, zone).Resolver, Client: &http.Client{
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				var d net.Dialer
				return d.DialContext(ctx, network, web.Listener.Addr().String())
			},
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// services in one line each, for comparing.
func lines(list []provider.Service) []string {
	var out []string
	for _, s := range list {
		target := s.URL
		if target == "" {
			target = s.Host + ":" + strings.TrimSpace(s.SecurityName())
		}
		out = append(out, string(s.Use)+" "+target+" "+s.Login)
	}
	return out
}

func TestInitFrom(t *testing.T) {
	tests := []struct {
		name, domain string
		answer       func(host, path, query string) (int, string)
		want         []string // the services that were found
		from         string
	}{
		{"autoconfig", "mail.test", func(host, _, _ string) (int, string) {
			if host == "autoconfig.mail.test" {
				return 200, published
			}
			return 404, ""
		}, []string{"imap imap.mail.test:SSL/TLS {address}", "pop3 pop.mail.test:SSL/TLS {local}", "submit smtp.mail.test:STARTTLS {address}"}, "https://autoconfig.mail.test/mail/config-v1.1.xml"},
		{"well-known, only with an address", "mail.test", func(host, path, query string) (int, string) {
			if host == "mail.test" && strings.HasPrefix(path, "/.well-known/autoconfig/") && query != "" {
				return 200, strings.ReplaceAll(published, "%EMAILADDRESS%", "signpost.example.user@mail.test")
			}
			return 400, ""
		}, []string{"imap imap.mail.test:SSL/TLS {address}", "pop3 pop.mail.test:SSL/TLS {local}", "submit smtp.mail.test:STARTTLS {address}"}, "https://mail.test/.well-known/autoconfig/mail/config-v1.1.xml"},
		{"by the mail exchanger", "mx.test", func(host, _, _ string) (int, string) {
			if host == "autoconfig.sub.mail.test" {
				return 200, published
			}
			return 404, ""
		}, []string{"imap imap.mail.test:SSL/TLS {address}", "pop3 pop.mail.test:SSL/TLS {local}", "submit smtp.mail.test:STARTTLS {address}"}, "https://autoconfig.sub.mail.test/mail/config-v1.1.xml"},
		{
			"SRV", "srv.test", func(string, string, string) (int, string) { return 302, "" },
			[]string{"imap imap.srv.test:SSL/TLS {address}", "submit best.srv.test:SSL/TLS {address}", "caldav https://dav.srv.test:8443/.well-known/caldav {address}"},
			"the SRV records of srv.test",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := testFinder(t, tt.answer).Find(t.Context(), tt.domain)
			if err != nil {
				t.Fatal(err)
			}
			if got := lines(r.Services); !slices.Equal(got, tt.want) {
				t.Errorf("services:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if !slices.Equal(r.From, []string{tt.from}) {
				t.Errorf("from %q, want %q", r.From, tt.from)
			}
			sample, err := sampleFiles(false)
			if err != nil {
				t.Fatal(err)
			}
			files, err := (&starter.Answers{Found: r}).Files(sample)
			if err != nil {
				t.Fatal(err)
			}
			if err := usable(files); err != nil { // the very check of "signpost check"
				t.Fatal(err)
			}
			p, problems := provider.Load("x", files["providers/"+tt.domain+".yaml"])
			if p == nil {
				t.Fatalf("%v", problems)
			}
			if got := lines(p.Services); !slices.Equal(got, tt.want) {
				t.Errorf("described:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if len(p.Vars) > 0 || len(p.Help) == 0 || len(p.Except) != 0 || p.Webmail != "" || p.ID != tt.domain {
				t.Errorf("vars %d, help %d, except %d, webmail %q, id %q", len(p.Vars), len(p.Help), len(p.Except), p.Webmail, p.ID)
			}
			if files["providers/example.yaml"] != nil || !bytes.Contains(files["site.yaml"], []byte("default_provider: "+tt.domain+"\n")) {
				t.Error("the sample's provider is still there")
			}
			var said bytes.Buffer
			told(&said, r)
			if want := "not taken over: imap server plain.mail.test:143: it is not protected by TLS"; tt.domain != "srv.test" && !strings.Contains(said.String(), want) {
				t.Errorf("%q does not say %q", said.String(), want)
			}
			if strings.Contains(string(files["providers/"+tt.domain+".yaml"]), "Example Mail") {
				t.Error("the sample's name is still there")
			}
		})
	}
}

// The first answer that cannot be read is asked for again; Enter says nothing.
func TestAsk(t *testing.T) {
	var out bytes.Buffer
	var f initFlags
	in := "Case Mail\nhelp.case.test\nhttps://help.case.test\nde, en\ncase.test second.test\n\nimapp\nimap=imap.case.test, smtp=smtp.case.test:587\n\n"
	if err := ask(strings.NewReader(in), &out, &f); err != nil {
		t.Fatal(err)
	}
	a, err := f.answers()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"imap imap.case.test:SSL/TLS {address}", "submit smtp.case.test:STARTTLS {address}"}
	if a.Name != "Case Mail" || a.URL != "https://help.case.test" || !slices.Equal(a.Languages, []string{"de", "en"}) ||
		!slices.Equal(a.Domains, []string{"case.test", "second.test"}) || !slices.Equal(lines(a.Services), want) || a.TimeZone != "" {
		t.Errorf("%+v", a)
	}
	for _, said := range []string{`"help.case.test" is not the address of a site`, `"imapp" is not a service`} {
		if !strings.Contains(out.String(), said) {
			t.Errorf("%q is not said: %s", said, out.String())
		}
	}
	if err := ask(strings.NewReader("Case Mail\n"), &out, &f); err == nil {
		t.Error("an end of the answers is no error")
	}
}

func TestInitFromNothing(t *testing.T) {
	tests := []struct {
		name   string
		answer func(host, path, query string) (int, string)
	}{
		{"not found", func(string, string, string) (int, string) { return 404, "" }},
		{"no XML", func(string, string, string) (int, string) { return 200, "<html>" }},
		{"a bomb", func(string, string, string) (int, string) {
			return 200, `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><clientConfig>&b;</clientConfig>`
		}},
		{"endless", func(string, string, string) (int, string) {
			return 200, "<clientConfig>" + strings.Repeat("<x/>", 1<<18)
		}},
		{"plain servers only", func(string, string, string) (int, string) {
			return 200, strings.NewReplacer("SSL", "plain", "STARTTLS", "plain").Replace(published)
		}},
		{"redirects", func(string, string, string) (int, string) { return 302, "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := testFinder(t, tt.answer).Find(t.Context(), "nothing.test")
			want := "https://autoconfig.nothing.test/mail/config-v1.1.xml: "
			if tt.name == "plain servers only" {
				want = "publishes only servers without TLS, which are not taken over:\nimap server imap.mail.test:993: it is not protected by TLS"
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v does not say what was tried", err)
			}
		})
	}
}

// The finder connects to nothing inside.
func TestInitFromStaysOutside(t *testing.T) {
	f := discover.New(dnstest.Serve(t, zone).Resolver, &verify.Guard{})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := f.Find(ctx, "inside.test")
	if err == nil || !strings.Contains(err.Error(), "not on the public internet") {
		t.Errorf("error %v", err)
	}
}
