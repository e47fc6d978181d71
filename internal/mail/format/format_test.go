package format

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"signpost/internal/mail/clientfile"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/provider/providertest"
)

// TestHostile: every format is written for every address, twice the same and
// without control characters; only files of programs may refuse one.
func TestHostile(t *testing.T) {
	p := providertest.Sample(t)
	for _, f := range All() {
		for _, a := range hostile.Addresses() {
			rq := Request{Provider: p, Address: a, DAV: true, SiteURL: "https://help.example.com"}
			got, err := Write(f.Name, rq)
			if err != nil {
				if !errors.Is(err, clientfile.ErrNotExpressible) {
					t.Errorf("%s %s: %v", f.Name, a, err)
				}
				continue
			}
			again, err := Write(f.Name, rq)
			if err != nil || !bytes.Equal(got, again) {
				t.Errorf("%s %s: two calls differ (%v)", f.Name, a, err)
			}
			if i := bytes.IndexFunc(got, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }); i >= 0 {
				t.Errorf("%s %s: control character at %d:\n%q", f.Name, a, i, got)
			}
		}
	}
}

// TestPOP3Only: a provider without IMAP needs no switch.
func TestPOP3Only(t *testing.T) {
	p := providertest.Load(t, "provider: example.com\nname: X\ndomains: [example.com]\nservices:\n  - {use: pop3, host: pop.example.com}\n  - {use: submit, host: smtp.example.com}\n")
	rq := Request{Provider: p, Address: providertest.Address(t, "kari@example.com")}
	got, err := Write(Profile, rq)
	if err != nil || !strings.Contains(string(got), "EmailTypePOP") {
		t.Errorf("%v\n%s", err, got)
	}
	for _, name := range []string{Autoconfig, Autodiscover, PACC, Zone, "fetchmail", "mpop", "neomutt"} {
		if got, err := Write(name, rq); err != nil || !strings.Contains(string(got), "pop.example.com") {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

// TestDigest: the DNS record is that of the file that is served.
func TestDigest(t *testing.T) {
	p := providertest.Sample(t)
	body, err := Write(PACC, Request{Provider: p, SiteURL: "https://help.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := Write(Zone, Request{Provider: p, Address: providertest.Address(t, "kari@example.com"), SiteURL: "https://help.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(body)
	if want := "d=" + base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(string(zone), want) {
		t.Errorf("no %s in\n%s", want, zone)
	}
}

func TestUnknown(t *testing.T) {
	if _, err := Write("mobilconfig", Request{}); err == nil || !strings.Contains(err.Error(), Profile) {
		t.Errorf("got %v", err)
	}
	if f, err := Find(Profile); err != nil || f.MediaType != mobileconfig.MediaType {
		t.Errorf("got %+v, %v", f, err)
	}
}
