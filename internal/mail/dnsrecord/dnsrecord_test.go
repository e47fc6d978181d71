package dnsrecord

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/foreign"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

var options = Options{Host: "help.example.com", PACC: "v=UAAC1; a=sha256; d=3a8lzS3jkkBW06O39Ur60ktlxW3kTTtzeATipEQ4hQw="}

func TestGolden(t *testing.T) {
	sample, odd := providertest.Sample(t), providertest.Odd(t)
	foreign.Golden(t, *update, "sample.zone", Zone(Records(sample, "example.com", options)))
	foreign.Golden(t, *update, "customer.zone", Zone(Records(sample, "xn--bcher-kva.example", options)))
	foreign.Golden(t, *update, "odd.zone", Zone(Records(odd, "odd.example", Options{})))
	b, err := JSON(Records(sample, "example.com", options))
	if err != nil {
		t.Fatal(err)
	}
	foreign.Golden(t, *update, "sample.json", b)
	var rows []map[string]any
	if err := json.Unmarshal(b, &rows); err != nil || len(rows) != len(Records(sample, "example.com", options)) {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if b, err := JSON(nil); err != nil || string(b) != "[]\n" {
		t.Errorf("no records: %q, %v", b, err)
	}
}

func TestRoundTrip(t *testing.T) {
	long := Record{Name: "x.example.com", Type: TXT, TTL: 60, Text: strings.Repeat(`a"b\c;ü `, 100)}
	for _, p := range []*provider.Provider{providertest.Sample(t), providertest.Odd(t)} {
		want := append(Records(p, p.Domains[0], options), long)
		got, err := Parse(Zone(want))
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			want[i].Purpose = ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestForeignReader: BIND takes the zone text as it is.
func TestForeignReader(t *testing.T) {
	program := foreign.Look(t, "named-checkzone")
	for _, p := range []*provider.Provider{providertest.Sample(t), providertest.Odd(t)} {
		for _, domain := range p.Domains {
			zone := "@ 3600 IN SOA ns.example. admin.example. 1 2 3 4 5\n@ 3600 IN NS ns.example.\n" + string(Zone(Records(p, domain, options)))
			path := filepath.Join(t.TempDir(), "zone")
			if err := os.WriteFile(path, []byte(zone), 0o600); err != nil {
				t.Fatal(err)
			}
			out := foreign.Run(t, nil, program, "-i", "local-sibling", domain, path)
			if !strings.Contains(string(out), "OK") {
				t.Errorf("%s", out)
			}
		}
	}
}

func TestNotOffered(t *testing.T) {
	p := providertest.Load(t, "provider: x.example\nname: X\ndomains: [x.example]\nservices:\n  - {use: imap, host: imap.x.example}\n  - {use: submit, host: s.x.example}\n")
	zone := string(Zone(Records(p, "x.example", Options{})))
	for _, line := range []string{"_imaps._tcp.x.example. 3600 IN SRV 0 1 993 imap.x.example.", "_pop3s._tcp.x.example. 3600 IN SRV 0 0 0 .", "_submission._tcp.x.example. 3600 IN SRV 0 0 0 ."} {
		if !strings.Contains(strings.Join(strings.Fields(zone), " "), line) {
			t.Errorf("%q is missing in\n%s", line, zone)
		}
	}
}

// TestUnprotected: a server without TLS is not published as anything else.
// TestOwnSite: a site at the domain itself is found by the names below it too.
func TestOwnSite(t *testing.T) {
	p := providertest.Sample(t)
	zone := string(Zone(Records(p, "example.net", Options{Host: "example.net", PACC: "v=UAAC1"})))
	for _, name := range []string{"autoconfig.", "autodiscover.", "_autodiscover._tcp.", "ua-auto-config."} {
		if !strings.Contains(zone, "\n"+name+"example.net.") {
			t.Errorf("there is no %sexample.net in\n%s", name, zone)
		}
	}
}

func TestUnprotected(t *testing.T) {
	for _, r := range Records(providertest.Odd(t), "odd.example", Options{}) {
		if strings.Contains(r.Target, "plain") {
			t.Errorf("%+v", r)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, src := range []string{"x", "x 1 IN A 127.0.0.1", "x 1 CH TXT \"a\"", "x 1 IN SRV 0 0 .", "x 1 IN SRV 0 -1 0 .", "x a IN MX 1 y.", "x 1 IN TXT a", "x 1 IN TXT \"a", "x 1 IN TXT \"a\" b", "x 1 IN TXT \"\\299\""} {
		if r, err := Parse([]byte(src)); err == nil {
			t.Errorf("Parse(%q) = %+v", src, r)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Zone(Records(providertest.Sample(f), "example.com", options)))
	f.Add([]byte(`x 1 IN TXT "a\"b\\\200" "c"`))
	f.Fuzz(func(t *testing.T, src []byte) {
		got, err := Parse(src)
		if err != nil {
			return
		}
		again, err := Parse(Zone(got))
		if err != nil {
			t.Fatalf("%v\n%s", err, Zone(got))
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatal(diff)
		}
	})
}
