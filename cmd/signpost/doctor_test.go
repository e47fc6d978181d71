package main

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"signpost/internal/doctor"
	"signpost/internal/mail/dnsclient"
	"signpost/internal/mail/dnstest"
	"signpost/internal/mail/dovecottest"
	"signpost/internal/relay"
)

// A ward is a site that works: the real server, behind a proxy that ends TLS,
// with names in a real DNS server.
type ward struct {
	t             *testing.T
	content, data string
	listen        string
	front         *httptest.Server
	headers       func(*httputil.ProxyRequest) // what the proxy passes on
	zone          string
	flags         serveFlags
	cmd           *cobra.Command // whose flags they are
	config        func(*doctor.Config)
	roots         *x509.CertPool
	key           crypto.Signer
	root          *x509.Certificate
}

const wardNames = "help.post.test autoconfig.post.test autodiscover.post.test ua-auto-config.post.test"

func newWard(t *testing.T) *ward {
	w := &ward{t: t, cmd: &cobra.Command{}, content: t.TempDir(), data: t.TempDir(), listen: freeAddress(t), roots: x509.NewCertPool()}
	w.cmd.SetContext(t.Context())
	w.flags.add(w.cmd)
	w.authority()
	w.headers = func(r *httputil.ProxyRequest) {
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}
	w.front = httptest.NewUnstartedServer(&httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: w.listen})
			w.headers(r)
		},
	})
	w.front.Config.ErrorLog = log.New(io.Discard, "", 0)
	w.show(time.Now().AddDate(0, 0, 90), strings.Fields(wardNames)...)
	t.Cleanup(w.front.Close)
	w.write("site.yaml", "name: Post\nurl: "+w.url()+"\ntime_zone: Europe/Oslo\n")
	w.write("providers/post.yaml", "provider: post.test\nname: Post\ndomains: [post.test]\nservices:\n  - {use: imap, host: imap.post.test}\n  - {use: submit, host: smtp.post.test}\n")
	w.write("help/mail/hello/en.md", "---\nid: 1\ntitle: Hello\n---\nText.\n")
	w.zone = "help.post.test. 60 IN A 127.0.0.1\n"
	for _, name := range strings.Fields(wardNames)[1:] {
		w.zone += name + ". 60 IN CNAME help.post.test.\n"
	}
	return w
}

func (w *ward) url() string {
	_, port, err := net.SplitHostPort(w.front.Listener.Addr().String())
	w.must(err)
	return "https://help.post.test:" + port
}

func (w *ward) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *ward) write(name, text string) {
	w.t.Helper()
	file := filepath.Join(w.content, filepath.FromSlash(name))
	w.must(os.MkdirAll(filepath.Dir(file), 0o755))
	w.must(os.WriteFile(file, []byte(text), 0o644))
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func (w *ward) authority() {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	w.key, w.root = key, nil
	w.root = w.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "Test"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().AddDate(10, 0, 0)}, key.Public())
	w.roots.AddCert(w.root)
}

func (w *ward) issue(c *x509.Certificate, public crypto.PublicKey) *x509.Certificate {
	w.t.Helper()
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	c.NotBefore = time.Now().AddDate(0, -1, 0)
	parent := w.root
	if parent == nil {
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, public, w.key)
	w.must(err)
	cert, err := x509.ParseCertificate(der)
	w.must(err)
	return cert
}

// show gives the proxy a certificate.
func (w *ward) show(until time.Time, names ...string) {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	cert := w.issue(&x509.Certificate{Subject: pkix.Name{CommonName: names[0]}, DNSNames: names, NotAfter: until}, key.Public())
	w.front.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}
}

// signer writes a certificate and its key for signing profiles.
func (w *ward) signer(until time.Time) {
	w.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	w.must(err)
	cert := w.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "Post"}, NotAfter: until}, key.Public())
	der, err := x509.MarshalPKCS8PrivateKey(key)
	w.must(err)
	w.flags.mail.cert, w.flags.mail.key = filepath.Join(w.data, "cert.pem"), filepath.Join(w.data, "key.pem")
	w.must(os.WriteFile(w.flags.mail.cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}), 0o600))
	w.must(os.WriteFile(w.flags.mail.key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}

// relay names a mail server, a real one at Dovecot's address.
func (w *ward) relay(host, password string) {
	w.t.Helper()
	server := dovecottest.Start(w.t, dovecottest.Options{Users: map[string]string{"help": "right"}})
	file := filepath.Join(w.data, "smtp")
	w.must(os.WriteFile(file, []byte(password+"\n"), 0o600))
	r, err := relay.New(relay.Config{URL: fmt.Sprintf("smtps://help@%s:%d", host, server.Submissions), PasswordFile: file, Roots: server.CA.Pool()})
	w.must(err)
	w.config = func(c *doctor.Config) { c.Relay = r }
}

// serve runs the server until the test ends.
func (w *ward) serve(flags ...string) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	var said bytes.Buffer
	go func() {
		defer close(done)
		run(ctx, append([]string{"serve", "--listen", w.listen, "--content", w.content, "--data", w.data, "--verify-every", "0"}, flags...), nil, io.Discard, &said)
	}()
	w.t.Cleanup(func() { stop(); <-done })
	for range 400 {
		if resp, err := http.Get("http://" + w.listen + "/readyz"); err == nil {
			resp.Body.Close()
			return
		}
		select {
		case <-done:
			w.t.Fatalf("the server ended:\n%s", said.String())
		case <-time.After(25 * time.Millisecond):
		}
	}
	w.t.Fatal("the server does not answer")
}

// examine returns what the doctor finds, without what is well.
func (w *ward) examine() (bad, notes []string, all []doctor.Finding) {
	w.t.Helper()
	w.front.StartTLS()
	dns := dnstest.Serve(w.t, w.zone)
	w.flags.content, w.flags.data, w.flags.listen = w.content, w.data, w.listen
	all, err := w.flags.examine(w.cmd, func(c *doctor.Config) {
		c.Resolver, c.Roots = dnsclient.New(dns.Addr), w.roots
		c.System = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
		if w.config != nil {
			w.config(c)
		}
	})
	w.must(err)
	for _, f := range all {
		line := fmt.Sprintf("%s %s: %s", f.Status, f.Check, f.Message)
		switch f.Status {
		case doctor.Warn, doctor.Fail:
			if f.Hint == "" {
				w.t.Errorf("%s: nothing is said about what to do", line)
			}
			bad = append(bad, line)
		case doctor.Note:
			notes = append(notes, line)
		}
	}
	return bad, notes, all
}

func TestDoctorHealthy(t *testing.T) {
	w := newWard(t)
	w.serve("--trusted-proxies", "127.0.0.1")
	w.signer(time.Now().AddDate(1, 0, 0))
	w.flags.mail.cert, w.flags.mail.key = "", "" // an elliptic key is worth a warning
	bad, notes, all := w.examine()
	if len(bad) > 0 {
		t.Errorf("a healthy site:\n%s", strings.Join(bad, "\n"))
	}
	var out bytes.Buffer
	if err := printDiagnosis(&out, all, false); err != nil || !strings.HasSuffix(out.String(), "Everything works.\n") {
		t.Errorf("%v\n%s", err, out.String())
	}
	for _, check := range []string{"content", "address", "dns", "certificate", "proxy", "server", "state", "key", "space", "limits"} {
		if !strings.Contains(out.String(), fmt.Sprintf("ok    %-11s", check)) {
			t.Errorf("nothing is said of %s in\n%s%s", check, out.String(), strings.Join(notes, "\n"))
		}
	}
}

// TestDoctorFaults plants one fault after the other into a site that works.
func TestDoctorFaults(t *testing.T) {
	trusted := []string{"--trusted-proxies", "127.0.0.1"}
	for _, tt := range []struct {
		name  string
		flags []string // of the server; nil: it does not run
		plant func(*ward)
		want  string // one finding of this beginning
	}{
		{"content that cannot be written", nil, func(w *ward) {
			w.must(os.Rename(filepath.Join(w.content, "help"), filepath.Join(w.content, "..v1")))
			w.must(os.Symlink("..v1", filepath.Join(w.content, "..data")))
			w.must(os.Symlink("..data", filepath.Join(w.content, "help")))
		}, "fail content: no status post can be written"},
		{"an article with an error", nil, func(w *ward) { w.write("help/mail/bad/en.md", "---\nid: x\n---\n") }, "fail content: "},
		{"a clock that is behind", nil, func(w *ward) { w.config = func(c *doctor.Config) { c.Now = shifted(-48 * time.Hour) } }, "fail clock: "},
		{"a clock unlike the server's", trusted, func(w *ward) { w.config = func(c *doctor.Config) { c.Now = shifted(3 * time.Hour) } }, "fail proxy: the clock of this machine"},
		{"no address", nil, func(w *ward) { w.write("site.yaml", "name: Post\ntime_zone: Europe/Oslo\n") }, "warn address: site.yaml has no url"},
		{"plain http", nil, func(w *ward) {
			w.write("site.yaml", "name: Post\nurl: http://help.post.test\ntime_zone: Europe/Oslo\n")
		}, "warn address: "},
		{"the address of the examples", nil, func(w *ward) {
			w.write("site.yaml", "name: Post\nurl: https://help.example.com\ntime_zone: Europe/Oslo\n")
		}, "fail address: "},
		{"a name that is not in DNS", trusted, func(w *ward) { w.zone = strings.Replace(w.zone, "help.post.test. 60 IN A 127.0.0.1", "", 1) }, "fail dns: help.post.test has no address"},
		{"a line of the hosts file", trusted, func(w *ward) {
			w.config = func(c *doctor.Config) {
				c.System = func(context.Context, string) ([]string, error) { return []string{"127.0.1.1"}, nil }
			}
		}, "warn dns: this machine takes help.post.test for 127.0.1.1"},
		{"a discovery name that leads elsewhere", trusted, func(w *ward) {
			w.zone = strings.Replace(w.zone, "autoconfig.post.test. 60 IN CNAME help.post.test.", "autoconfig.post.test. 60 IN A 192.0.2.1", 1)
		}, "warn dns: autoconfig.post.test leads to another server"},
		{"a discovery name that is missing", trusted, func(w *ward) {
			w.zone = strings.Replace(w.zone, "autodiscover.post.test. 60 IN CNAME help.post.test.\n", "", 1)
		}, "warn dns: autodiscover.post.test does not exist"},
		{"a certificate without a name", trusted, func(w *ward) { w.show(time.Now().AddDate(0, 0, 90), "help.post.test") }, "fail certificate: autodiscover.post.test shows a certificate for help.post.test"},
		{"a certificate that has expired", trusted, func(w *ward) { w.show(time.Now().Add(-time.Hour), strings.Fields(wardNames)...) }, "fail certificate: the certificate of help.post.test expired"},
		{"a certificate that soon expires", trusted, func(w *ward) { w.show(time.Now().AddDate(0, 0, 5), strings.Fields(wardNames)...) }, "warn certificate: the certificate of help.post.test expires"},
		{"an authority that nobody trusts", trusted, func(w *ward) {
			w.roots = x509.NewCertPool()
			w.config = func(c *doctor.Config) { c.Roots = w.roots }
		}, "fail certificate: the certificate of help.post.test is not trusted"},
		{"a proxy without X-Forwarded-Proto", trusted, func(w *ward) {
			w.headers = func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host }
		}, "fail proxy: the server does not learn"},
		{"a proxy that is not trusted", []string{}, nil, "fail proxy: the server does not learn"},
		{"a proxy without Host", trusted, func(w *ward) {
			w.headers = func(r *httputil.ProxyRequest) {
				r.SetXForwarded()
				r.Out.Host = ""
			}
		}, "fail proxy: the server does not learn"},
		{"a proxy with a Host of its own", trusted, func(w *ward) { w.headers = func(r *httputil.ProxyRequest) { r.Out.Host = "upstream" } }, "fail proxy: the server was asked for another host"},
		{"a proxy without a server", nil, nil, "fail proxy: the proxy of help.post.test answers 502"},
		{"a data folder that is a file", nil, func(w *ward) {
			w.data = filepath.Join(w.data, "file")
			w.must(os.WriteFile(w.data, nil, 0o600))
		}, "fail state: "},
		{"a damaged database", nil, func(w *ward) {
			w.must(os.WriteFile(filepath.Join(w.data, "state.db"), bytes.Repeat([]byte("no database "), 1000), 0o600))
		}, "fail state: the database cannot be used"},
		{"a database that is not there", nil, func(w *ward) { w.flags.state.url = "postgres://x@" + freeAddress(t) + "/x" }, "fail state: the database cannot be used"},
		{"a missing key", nil, func(w *ward) {
			w.must(os.WriteFile(filepath.Join(w.data, "access.json"), []byte(`{"agents":{"kari":{}}}`), 0o600))
		}, "fail key: secret.key is missing"},
		{"a missing key file", nil, func(w *ward) { w.flags.secretKey = filepath.Join(w.data, "none") }, "fail key: the key ring"},
		{"a key that others can read", trusted, func(w *ward) { w.must(os.Chmod(filepath.Join(w.data, "secret.key"), 0o644)) }, "warn key: "},
		{"a relay on the platform", nil, func(w *ward) { w.relay("smtp.post.test", "right") }, "warn relay: the relay smtp.post.test is the mail platform itself"},
		{"a relay at an address of the platform", nil, func(w *ward) {
			w.relay(dovecottest.Address, "right")
			w.zone += "imap.post.test. 60 IN A " + dovecottest.Address + "\n"
		}, "warn relay: the relay 127.0.0.2 is the mail platform itself (it has the address of imap.post.test)"},
		{"a relay that refuses the password", nil, func(w *ward) { w.relay(dovecottest.Address, "wrong") }, "fail relay: the relay cannot be used"},
		{"a signer that has expired", nil, func(w *ward) { w.signer(time.Now().Add(-time.Hour)) }, "fail profiles: "},
		{"a signer without its file", nil, func(w *ward) { w.flags.mail.cert, w.flags.mail.key = "none.pem", "none.pem" }, "fail profiles: profiles cannot be signed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWard(t)
			if tt.flags != nil {
				w.serve(tt.flags...)
			}
			if tt.plant != nil {
				tt.plant(w)
			}
			bad, notes, _ := w.examine()
			if !strings.Contains("\n"+strings.Join(bad, "\n"), "\n"+tt.want) {
				t.Errorf("no %q in\n%s\n%s", tt.want, strings.Join(bad, "\n"), strings.Join(notes, "\n"))
			}
		})
	}
}

// shifted is a clock that goes wrong.
func shifted(by time.Duration) func() time.Time {
	return func() time.Time { return time.Now().Add(by) }
}
