package dnsclient_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"

	"signpost/internal/mail/dnsclient"
	"signpost/internal/mail/dnstest"
)

const zone = `
example.com. 60 IN MX 20 mx2.example.com.
example.com. 60 IN MX 10 mx1.example.com.
example.com. 60 IN TXT "v=spf1 include:" "spf.example.com -all"
example.com. 60 IN TXT "a \"quote\" and \195\184"
_imaps._tcp.example.com. 60 IN SRV 10 1 993 b.example.com.
_imaps._tcp.example.com. 60 IN SRV 0 1 993 a.example.com.
a.example.com. 60 IN A 192.0.2.1
a.example.com. 60 IN AAAA 2001:db8::1
six.example.com. 60 IN AAAA 2001:db8::6
alias.example.com. 60 IN CNAME a.example.com.
one.example.com. 60 IN CNAME two.example.com.
two.example.com. 60 IN CNAME one.example.com.
`

func TestLookups(t *testing.T) {
	c := dnstest.Serve(t, zone).Resolver
	ctx := t.Context()
	show := func(v any, err error) string { return strings.Trim(fmt.Sprint(v), "[]") + " " + fmt.Sprint(err) }
	mx, err := c.LookupMX(ctx, "example.com.")
	if err != nil || len(mx) != 2 || mx[0].Host != "mx1.example.com." || mx[1].Pref != 20 {
		t.Error("MX:", show(mx, err))
	}
	name, srv, err := c.LookupSRV(ctx, "imaps", "tcp", "example.com")
	if err != nil || len(srv) != 2 || name != "_imaps._tcp.example.com" || *srv[0] != (net.SRV{Target: "a.example.com.", Port: 993, Weight: 1}) {
		t.Error("SRV:", show(srv, err))
	}
	txt, err := c.LookupTXT(ctx, "EXAMPLE.com")
	if want := []string{"v=spf1 include:spf.example.com -all", `a "quote" and ø`}; err != nil || !reflect.DeepEqual(txt, want) {
		t.Error("TXT:", show(txt, err))
	}
	for name, want := range map[string]string{
		"a.example.com":     "192.0.2.1 2001:db8::1 <nil>",
		"alias.example.com": "192.0.2.1 2001:db8::1 <nil>",
		"six.example.com":   "2001:db8::6 <nil>",
		"localhost":         "127.0.0.1 ::1 <nil>",
	} {
		if got := show(c.LookupHost(ctx, name)); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, want := range map[string]string{"alias.example.com": "a.example.com. <nil>", "a.example.com": " <nil>"} {
		if got := show(c.LookupCNAME(ctx, name)); got != want {
			t.Errorf("CNAME of %s: %s", name, got)
		}
	}
	var d *net.DNSError
	if _, err := c.LookupHost(ctx, "gone.example.com"); !errors.As(err, &d) || !d.IsNotFound {
		t.Error("a name that does not exist:", err)
	}
	if _, err := c.LookupMX(ctx, "a.example.com"); !errors.As(err, &d) || !d.IsNotFound {
		t.Error("a name without MX:", err)
	}
	if _, err := c.LookupHost(ctx, "one.example.com"); !errors.As(err, &d) || d.IsNotFound {
		t.Error("a loop:", err)
	}
	if _, err := c.LookupHost(ctx, strings.Repeat("a", 64)+".example.com"); !errors.As(err, &d) || !d.IsNotFound {
		t.Error("a label that is too long:", err)
	}
}

// TestLongAnswers: what does not fit into a packet comes by TCP.
func TestLongAnswers(t *testing.T) {
	var long strings.Builder
	for i := range 60 {
		fmt.Fprintf(&long, "big.example.com. 60 IN TXT \"%03d %s\"\n", i, strings.Repeat("x", 200))
	}
	got, err := dnstest.Serve(t, long.String()).Resolver.LookupTXT(t.Context(), "big.example.com")
	if err != nil || len(got) != 60 {
		t.Errorf("%d texts: %v", len(got), err)
	}
}

// TestServersInTurn: a server that does not answer leaves the question to the
// next one; when none answers, the error says so.
func TestServersInTurn(t *testing.T) {
	closed, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := closed.LocalAddr().String()
	closed.Close()
	if got, err := dnsclient.New(dead, dnstest.Serve(t, zone).Addr).LookupHost(t.Context(), "a.example.com"); err != nil || len(got) != 2 {
		t.Error("the second server was not asked:", got, err)
	}
	var d *net.DNSError
	if _, err := dnsclient.New(dead).LookupMX(t.Context(), "example.com"); !errors.As(err, &d) || d.IsNotFound {
		t.Error("no server answered:", err)
	}
	silent := dnstest.Serve(t, zone)
	silent.Silent.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := silent.Resolver.LookupMX(ctx, "example.com"); !errors.As(err, &d) || !d.IsTimeout {
		t.Error("a question given up:", err)
	}
}

// TestHostsFileIsNotRead asks for the names of this machine's hosts file: the
// resolver of the standard library knows them, DNS does not.
func TestHostsFileIsNotRead(t *testing.T) {
	c := dnstest.Serve(t, zone).Resolver
	asked := 0
	for _, name := range hostsNames(t) {
		if known, err := net.DefaultResolver.LookupHost(t.Context(), name); err != nil || len(known) == 0 {
			continue
		}
		asked++
		if got, err := c.LookupHost(t.Context(), name); err == nil {
			t.Errorf("%s has the addresses %v", name, got)
		}
	}
	if asked == 0 {
		t.Error("the hosts file of this machine names nothing but localhost, so nothing was tested")
	}
}

// hostsNames returns the names of the hosts file but localhost.
func hostsNames(t *testing.T) (names []string) {
	f, err := os.Open("/etc/hosts")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		text, _, _ := strings.Cut(lines.Text(), "#")
		for i, field := range strings.Fields(text) {
			if i > 0 && !strings.HasPrefix(field, "localhost") {
				names = append(names, field)
			}
		}
	}
	return names
}
