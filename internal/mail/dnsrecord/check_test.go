package dnsrecord

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"signpost/internal/mail/dnstest"
	"signpost/internal/mail/provider/providertest"
)

// base is what lies outside the customer's zone.
const base = `
help.example.com. 60 IN A 192.0.2.80
other.example.com. 60 IN A 192.0.2.99
spf.example.com. 60 IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
sel1.dkim.example.com. 60 IN TXT "v=DKIM1; k=rsa; p=AAAA" "BBBB"
sel2.dkim.example.com. 60 IN TXT "v=DKIM1; p=CCCC"
`

// TestCheckOwnZone: what Zone prints passes its own check.
func TestCheckOwnZone(t *testing.T) {
	p := providertest.Sample(t)
	o := options
	s := dnstest.Serve(t, base+string(Zone(Records(p, "customer.example", o))))
	for _, f := range Check(t.Context(), s.Resolver, p, "customer.example", o) {
		if f.State != OK {
			t.Errorf("%+v", f)
		}
	}
	if n, want := len(Check(t.Context(), s.Resolver, p, "customer.example", o)), len(Records(p, "customer.example", o))-1; n != want { // both MX records are one finding
		t.Errorf("%d findings for %d records", n, want)
	}
}

func TestCheckFaults(t *testing.T) {
	p := providertest.Sample(t)
	o := options
	zone := string(Zone(Records(p, "customer.example", o)))
	drop := func(pattern string) string {
		return regexp.MustCompile("(?m)^.*"+pattern+".*\n").ReplaceAllString(zone, "")
	}
	replace := func(pattern, with string) string { return drop(pattern) + with + "\n" }
	spf := func(text string) string { return replace("v=spf1", `customer.example. 60 IN TXT "`+text+`"`) }
	tests := []struct{ name, zone, key, state string }{
		{"nothing", "", "mx-none", "missing"},
		{"no MX", drop(" MX "), "mx-none", "missing"},
		{"null MX", replace(" MX ", "customer.example. 60 IN MX 0 ."), "mx-null", "wrong"},
		{"foreign MX", replace(" MX ", "customer.example. 60 IN MX 5 mx.other.example."), "mx-foreign", "wrong"},
		{"look-alike MX", replace(" MX ", "customer.example. 60 IN MX 5 evilmx1.example.com."), "mx-foreign", "wrong"},
		{"foreign backup", zone + "customer.example. 60 IN MX 50 mx.other.example.\n", "mx-mixed", "advice"},
		{"one MX", drop("mx2.example.com"), "mx-incomplete", "advice"},
		{"MX by pattern", replace(" MX ", "customer.example. 60 IN MX 5 a.mx.example.com.\ncustomer.example. 60 IN MX 6 b.mx.example.com."), "", ""},
		{"no SPF", drop("v=spf1"), "spf-none", "missing"},
		{"two SPF", zone + `customer.example. 60 IN TXT "v=spf1 -all"` + "\n", "spf-several", "wrong"},
		{"SPF without us", spf("v=spf1 mx -all"), "spf-not-ours", "wrong"},
		{"SPF with us below", spf("v=spf1 include:below.example -all") + `below.example. 60 IN TXT "v=spf1 include:spf.example.com ?all"` + "\n", "", ""},
		{"SPF by redirect", spf("v=spf1 redirect=spf.example.com"), "", ""},
		{"SPF for everybody", spf("v=spf1 include:spf.example.com all"), "spf-all", "wrong"},
		{"SPF without end", spf("v=spf1 include:spf.example.com"), "spf-open", "advice"},
		{"SPF neutral to everybody", spf("v=spf1 include:spf.example.com ?all"), "spf-open", "advice"},
		{"SPF with us behind the end", spf("v=spf1 mx -all include:spf.example.com"), "spf-not-ours", "wrong"},
		{"SPF with an end and a redirect", spf("v=spf1 mx -all redirect=spf.example.com"), "spf-not-ours", "wrong"},
		{"SPF with a loop", spf("v=spf1 include:spf.example.com include:customer.example -all"), "spf-lookups", "wrong"},
		{"SPF with 11 look-ups", spf("v=spf1 include:spf.example.com" + strings.Repeat(" a:x.example", 10) + " -all"), "spf-lookups", "wrong"},
		{"SPF with 10 look-ups", spf("v=spf1 include:spf.example.com" + strings.Repeat(" a:x.example", 9) + " -all"), "", ""},
		{"SPF with a dead include", spf("v=spf1 include:gone.example include:spf.example.com -all"), "spf-broken", "wrong"},
		{"no DKIM", drop("sel2._domainkey"), "dkim-none", "missing"},
		{"other DKIM", replace("sel2._domainkey", `sel2._domainkey.customer.example. 60 IN TXT "v=DKIM1; p=DDDD"`), "dkim-other", "wrong"},
		{"DKIM as TXT", replace("sel2._domainkey", `sel2._domainkey.customer.example. 60 IN TXT "v=DKIM1; p=CC CC"`), "", ""},
		{"revoked DKIM", replace("sel2._domainkey", `sel2._domainkey.customer.example. 60 IN TXT "v=DKIM1; p="`), "dkim-revoked", "wrong"},
		{"no DMARC", drop("_dmarc"), "dmarc-none", "missing"},
		{"two DMARC", zone + `_dmarc.customer.example. 60 IN TXT "v=DMARC1; p=reject"` + "\n", "dmarc-several", "wrong"},
		{"bad DMARC", replace("_dmarc", `_dmarc.customer.example. 60 IN TXT "v=DMARC1; rua=mailto:x@customer.example"`), "dmarc-invalid", "wrong"},
		{"strict DMARC", replace("_dmarc", `_dmarc.customer.example. 60 IN TXT "v=DMARC1;p=reject; rua=mailto:x@customer.example"`), "", ""},
		{"no SRV", drop("_imaps._tcp"), "srv-none", "missing"},
		{"other SRV", replace("_imaps._tcp", "_imaps._tcp.customer.example. 60 IN SRV 0 1 993 imap.other.example."), "srv-other", "wrong"},
		{"other port", replace("_imaps._tcp", "_imaps._tcp.customer.example. 60 IN SRV 0 1 994 imap.example.com."), "srv-other", "wrong"},
		{"SRV of somebody else first", zone + "_imaps._tcp.customer.example. 60 IN SRV 0 9 993 imap.other.example.\n", "srv-other", "wrong"},
		{"SRV of somebody else later", zone + "_imaps._tcp.customer.example. 60 IN SRV 20 9 993 imap.other.example.\n", "srv-other", "advice"},
		{"SRV not offered any more", replace("_pop3._tcp", "_pop3._tcp.customer.example. 60 IN SRV 0 1 110 pop.example.com."), "srv-not-closed", "wrong"},
		{"negative SRV missing", drop("_pop3._tcp"), "", ""},
		{"no autoconfig", drop("autoconfig.customer.example. "), "host-none", "missing"},
		{"autoconfig by address", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN A 192.0.2.80"), "", ""},
		{"autoconfig elsewhere", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN CNAME other.example.com."), "host-other", "wrong"},
		{"autoconfig by our and another address", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN A 192.0.2.80\nautoconfig.customer.example. 60 IN A 192.0.2.99"), "host-other", "wrong"},
		{"autoconfig by two links", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN CNAME mid.customer.example.\nmid.customer.example. 60 IN CNAME help.example.com."), "", ""},
		{"autoconfig by somebody with our address", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN CNAME twin.other.example.\ntwin.other.example. 60 IN A 192.0.2.80"), "host-alias", "advice"},
		{"autoconfig to a name that is gone", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN CNAME gone.other.example."), "host-other", "wrong"},
		{"autoconfig in a loop", replace(`^autoconfig.customer.example. `, "autoconfig.customer.example. 60 IN CNAME a.other.example.\na.other.example. 60 IN CNAME autoconfig.customer.example."), "no-answer", "unknown"},
		{"no digest", drop("UAAC1"), "txt-none", "missing"},
		{"old digest", replace("UAAC1", `_ua-auto-config.customer.example. 60 IN TXT "v=UAAC1; a=sha256; d=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="`), "pacc-other", "wrong"},
		{"digest with other spaces", replace("UAAC1", `_ua-auto-config.customer.example. 60 IN TXT "v=UAAC1;a=sha256;d=3a8lzS3jkkBW06O39Ur60ktlxW3kTTtzeATipEQ4hQw="`), "", ""},
		{"old and new digest", zone + `_ua-auto-config.customer.example. 60 IN TXT "v=UAAC1; a=sha256; d=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="` + "\n", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := dnstest.Serve(t, base+tt.zone)
			var bad []string
			for _, f := range Check(t.Context(), s.Resolver, p, "customer.example", o) {
				if f.State != OK {
					bad = append(bad, fmt.Sprintf("%s %s: %s", f.State, f.Key, f.Text))
				}
				if (f.State == OK) != (f.Text == "") || strings.Contains(f.Text, "%!") || f.Found == nil || f.Args == nil {
					t.Errorf("%+v", f)
				}
			}
			switch {
			case tt.key == "" && len(bad) > 0:
				t.Errorf("%q", bad)
			case tt.key != "" && !slices.ContainsFunc(bad, func(s string) bool { return strings.HasPrefix(s, tt.state+" "+tt.key+":") }):
				t.Errorf("no %s %s in %q", tt.state, tt.key, bad)
			case tt.zone != "" && len(bad) > 1 && tt.name != "two DMARC":
				t.Errorf("more than one fault: %q", bad)
			}
		})
	}
}

// TestCheckInherited: DMARC of the registrable domain counts for a subdomain.
func TestCheckInherited(t *testing.T) {
	p := providertest.Sample(t)
	s := dnstest.Serve(t, base+`_dmarc.customer.example. 60 IN TXT "v=DMARC1; p=none"`)
	c := checker{t.Context(), s.Resolver, p, "mail.customer.example"}
	if f := c.dmarc(); f[0].State != OK {
		t.Errorf("%+v", f)
	}
}

// TestCheckSilence: a DNS server that does not answer is reported as such, in
// the time that the caller gives.
func TestCheckSilence(t *testing.T) {
	p := providertest.Sample(t)
	s := dnstest.Serve(t, base)
	s.Silent.Store(true)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	for _, f := range Check(ctx, s.Resolver, p, "customer.example", options) {
		if f.State != Unknown || f.Key != "no-answer" {
			t.Errorf("%+v", f)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestCheckHostileText: what a stranger publishes cannot steer a terminal.
func TestCheckHostileText(t *testing.T) {
	p := providertest.Sample(t)
	s := dnstest.Serve(t, base+"customer.example. 60 IN TXT \"v=spf1 \\027[31mred\\255 include:spf.example.com -all"+strings.Repeat("x", 150)+"\"\n")
	for _, f := range Check(t.Context(), s.Resolver, p, "customer.example", Options{}) {
		if text := f.Text + strings.Join(f.Found, ""); strings.ContainsAny(text, "\x1b\n") || !utf8.ValidString(text) {
			t.Errorf("%q", f)
		}
	}
}

func TestSentences(t *testing.T) {
	for _, k := range slices.Sorted(maps.Keys(Sentences)) {
		f := finding("x", TXT, "", nil, Wrong, k, "A", "B", "C")
		text := regexp.MustCompile(`%!\(EXTRA [^)]*\)+`).ReplaceAllString(f.Text, "")
		if strings.Contains(text, "%") || !strings.HasSuffix(text, ".") || !strings.Contains(text, "A") {
			t.Errorf("%s: %s", k, text)
		}
	}
}
