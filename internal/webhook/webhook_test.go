package webhook

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/verify"
)

func TestParseTarget(t *testing.T) {
	for target, want := range map[string]string{
		"https://Hooks.Example.com/services/T1/B2?x=1#part": "https://hooks.example.com/services/T1/B2?x=1",
		" https://example.org:8443/ ":                       "https://example.org:8443/",
		"https://example.org:443":                           "https://example.org:443",
		"http://example.org/":                               "",
		"https://example.org:22/":                           "",
		"https://user@example.org/":                         "",
		"https://":                                          "",
		"https://example.org/a\r\nX: y":                     "",
		"https://example.org/" + strings.Repeat("x", 2048):  "",
		"ftp://example.org/":                                "",
		"example.org":                                       "",
	} {
		got, err := ParseTarget(target)
		if got != want || (want == "") != errors.Is(err, ErrTarget) {
			t.Errorf("%q: %q, %v", target, got, err)
		}
	}
	for target, ok := range map[string]bool{
		"https://tickets.example.com:9443/hook": true, "http://127.0.0.1:8080/hook": true, "http://[::1]/hook": true,
		"http://tickets.example.com/hook": false, "http://10.0.0.1/": false, "https://u:p@tickets.example.com/": false,
	} {
		if _, err := ParseOwnTarget(target); (err == nil) != ok {
			t.Errorf("the operator's %q: %v", target, err)
		}
	}
}

func TestSecret(t *testing.T) {
	for text, ok := range map[string]bool{
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": true, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": true,
		"": false, "whsec_": false, "whsec_c2hvcnQ=": false, "whsec_%%%": false,
	} {
		s, err := ParseSecret(text + "\n")
		if (err == nil) != ok || ok && !strings.HasSuffix(s.String(), text) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestGuard: strangers lead the server nowhere but to the public internet.
func TestGuard(t *testing.T) {
	c := New(nil, nil)
	for _, target := range []string{
		"https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://192.168.0.1:8443/", "https://169.254.169.254/latest/meta-data", "https://[fe80::1]/",
		"https://[fd00::1]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://0.0.0.0/", "https://100.64.0.1/",
	} {
		if _, err := c.Post(t.Context(), target, http.Header{}, nil); !errors.Is(err, verify.ErrRefused) {
			t.Errorf("%s: %v", target, err)
		}
	}
	// The operator's own target has to be allowed too.
	if _, err := NewOwn(nil, nil).Post(t.Context(), "http://127.0.0.1:1/", http.Header{}, nil); !errors.Is(err, verify.ErrRefused) {
		t.Errorf("the operator's: %v", err)
	}
}

var here = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// receiver is a server with a certificate that the client trusts.
func receiver(t *testing.T, h http.HandlerFunc) (*Client, string) {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return NewOwn(here, roots), s.URL
}

func TestAnswers(t *testing.T) {
	long := strings.Repeat("x", 10<<20)
	c, url := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/long":
			io.WriteString(w, long)
		case "/away":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/busy":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		default:
			io.Copy(w, r.Body)
		}
	})
	if got, err := c.Post(t.Context(), url+"/", http.Header{}, []byte("hello")); err != nil || string(got) != "hello" {
		t.Errorf("%q %v", got, err)
	}
	if got, err := c.Post(t.Context(), url+"/long", http.Header{}, nil); err != nil || len(got) != maxAnswer {
		t.Errorf("of a long answer %d bytes, %v", len(got), err)
	}
	for path, want := range map[string]StatusError{"/away": {Status: 302}, "/busy": {429, 2 * time.Minute}, "/gone": {Status: 410}} {
		var got *StatusError
		if _, err := c.Post(t.Context(), url+path, http.Header{}, nil); !errors.As(err, &got) || *got != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := NewOwn(here, nil).Post(t.Context(), url+"/SECRET", http.Header{}, nil); err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
}

// TestStandardWebhooks has the library that receivers use verify a signature.
func TestStandardWebhooks(t *testing.T) {
	module, err := filepath.Abs("../../.ci/npm/standardwebhooks/node_modules/standardwebhooks")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = os.Stat(module); err == nil {
		_, err = exec.LookPath("node")
	}
	if err != nil {
		const sentence = "node with standardwebhooks is not installed: npm ci --ignore-scripts in .ci/npm/standardwebhooks"
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal(sentence)
		}
		t.Skip(sentence)
	}
	secret, err := ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"type":"incident.update","data":{"title":"Grüße"}}`)
	h := secret.Sign("msg_1", time.Now(), body)
	verifies := func(secret Secret, body string) error {
		cmd := exec.Command("node", "-e", `const {Webhook} = require(process.argv[1]);
			const [, , secret, body, id, stamp, signature] = process.argv;
			new Webhook(secret).verify(body, {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature});`,
			module, secret.String(), body, h.Get("Webhook-Id"), h.Get("Webhook-Timestamp"), h.Get("Webhook-Signature"))
		return cmd.Run()
	}
	if err := verifies(secret, string(body)); err != nil {
		t.Errorf("the signature is not accepted: %v", err)
	}
	if verifies(secret, string(body)+" ") == nil || verifies(append(Secret{}, make([]byte, 24)...), string(body)) == nil {
		t.Error("a changed body or another secret is accepted")
	}
}
