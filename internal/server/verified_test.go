package server_test

import (
	"encoding/json"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/mail/verify"
)

// What the last look at the servers showed is on the set-up page, in the
// metrics, on the admin listener and, once, in the log.
func TestVerifiedServers(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	if r := d.form("/setup", "address", "kari@example.com"); strings.Contains(r.body, "Checked") || strings.Contains(r.body, "last check") {
		t.Error("nothing was looked at yet")
	}
	o := verify.Options{Guard: &verify.Guard{Resolver: d.dns.Resolver, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}, Timeout: 5 * time.Second}
	d.srv.VerifyOnce(t.Context(), o) // none of the names exists
	d.setClock(d.now.Load().Add(5 * time.Minute))
	r := d.form("/setup", "address", "kari@example.com")
	shown, _ := text(t, r.body)
	for _, want := range []string{"At our last check, 5 minutes ago", "Incoming mail (IMAP), imap.example.com:993", "Apple Mail: Incoming mail (POP), apop.example.com:995"} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %q in\n%s", want, shown)
		}
	}
	for _, want := range []string{`signpost_mail_server_failing{client="",provider="example.com",service="imap",target="imap.example.com:993"} 1`, `signpost_mail_server_checked_timestamp_seconds{client="",provider="example.com",service="imap",target="imap.example.com:993"} 1.77`} {
		if !strings.Contains(d.admin("/metrics"), want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	var admin struct {
		At      string
		Results []struct{ Target, Status, Draft string }
	}
	if err := json.Unmarshal([]byte(d.admin("/verify")), &admin); err != nil || admin.At != "2026-03-02T10:00:00Z" || len(admin.Results) < 10 || admin.Results[0].Draft != "signpost status down imap" {
		t.Errorf("%v %+v", err, admin)
	}
	log := d.log.String()
	if !strings.Contains(log, `draft="signpost status down imap"`) || !strings.Contains(log, "The name imap.example.com does not exist.") {
		t.Errorf("log: %s", log)
	}
	d.srv.VerifyOnce(t.Context(), o)
	if again := d.log.String(); strings.Count(again, "target=imap.example.com:993") != 1 {
		t.Error("the same failure was logged twice")
	}
	d.setClock(d.now.Load().Add(3 * time.Hour))
	if r := d.form("/setup", "address", "kari@example.com"); strings.Contains(r.body, "last check") {
		t.Error("a look of three hours ago says nothing about now")
	}
}

func TestSampleIsNeverVerified(t *testing.T) {
	t.Parallel()
	d := serveMail(t, source.Embedded("sample", articles.FS))
	d.srv.VerifyOnce(t.Context(), verify.Options{Guard: &verify.Guard{Resolver: d.dns.Resolver}})
	if n := d.dns.Queries.Load(); n != 0 || !strings.Contains(d.admin("/verify"), `"results":[]`) {
		t.Errorf("%d questions", n)
	}
}

// newSigner loads a signer from files.
func newSigner(t *testing.T) *mobileconfig.Signer {
	t.Helper()
	cert, key := selfSigned(t)
	dir := t.TempDir()
	for name, data := range map[string][]byte{"cert.pem": cert, "key.pem": key} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := mobileconfig.LoadSigner(filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignedProfiles(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	profile := func() reply { return d.form("/setup/profile.mobileconfig", "address", "kari@example.com") }
	unsigned := profile()
	d.srv.SetSigner(newSigner(t))
	r := profile()
	if r.status != 200 || !strings.HasPrefix(r.body, "\x30") || !strings.Contains(r.body, unsigned.body) || r.header.Get("Content-Type") != mobileconfig.MediaType {
		t.Errorf("%d %.40q", r.status, r.body)
	}
	if r := d.form("/setup", "address", "kari@example.com"); strings.Contains(r.body, "unsigned") {
		t.Error("the page calls the profile unsigned")
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if r := profile(); r.status != 200 {
				t.Errorf("many at once: %d", r.status)
			}
		})
	}
	wg.Wait()
	d.srv.SetSigner(nil)
	if r := profile(); r.body != unsigned.body {
		t.Error("without a signer the profile goes out unsigned")
	}
}
