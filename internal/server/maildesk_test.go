package server_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/mail/dnstest"
	"signpost/internal/server"
	"signpost/internal/site"
)

// The DNS around the mail desk.
const mailZone = `
$TTL 60
customer.test. MX 10 mx1.example.com.
deep.customer.test. MX 10 mx1.example.com.
mixed.test. MX 10 mx.elsewhere.test.
mixed.test. MX 20 mx1.example.com.
foreign.test. MX 10 mx.elsewhere.test.
null.test. MX 0 .
autoconfig.customer.test. CNAME help.mail.test.
customer.test. TXT "v=spf1 include:spf.example.com ~all"
customer.test. TXT "v=spf1 -all"
`

// A second provider that shares the site, with everything unusual.
const otherProvider = `
provider: other.test
name: Other Mail
domains: [other.test, bücher.test]
hosted: {domains_file: providers/domains.txt}
services:
  - {use: imap, host: imap.other.test, login: "{local}"}
  - {use: submit, host: smtp.other.test, security: starttls, login: "{local}"}
  - {use: pop3, host: pop.other.test, auth: [apop]}
help: {apple-mail: set-up-apple-mail}
`

// A mailDesk is the server over the sample's files as a real site, with a DNS
// server of its own and a clock that the test sets.
type mailDesk struct {
	t    testing.TB
	srv  *server.Server
	dns  *dnstest.Server
	log  *logBuffer
	now  atomic.Pointer[time.Time]
	seq  atomic.Int64
	live *site.Live
}

func newMailDesk(t testing.TB, change ...func(*server.Config)) *mailDesk {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, articles.FS); err != nil {
		t.Fatal(err)
	}
	for _, f := range [][2]string{
		{"providers/other.yaml", otherProvider},
		{"providers/domains.txt", "listed.test\n"},
		{"site.yaml", strings.Replace(sampleFile(t, "site.yaml"), "name: Example Mail\n", "name: Example Mail\nurl: https://help.mail.test\n", 1)},
	} {
		if err := os.WriteFile(filepath.Join(dir, f[0]), []byte(f[1]), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return serveMail(t, src, change...)
}

func serveMail(t testing.TB, src *source.Source, change ...func(*server.Config)) *mailDesk {
	t.Helper()
	d := &mailDesk{t: t, dns: dnstest.Serve(t, mailZone), log: &logBuffer{}}
	d.setClock(time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))
	now := func() time.Time { return *d.now.Load() }
	log := slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	if d.live, err = site.Open(site.Config{Source: src, Now: now, Log: log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.live.Close() })
	c := server.Config{Live: d.live, Log: log, Now: now, URL: "http://127.0.0.1:8080", Resolver: d.dns.Resolver}
	for _, f := range change {
		f(&c)
	}
	if d.srv, err = server.New(c); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *mailDesk) setClock(t time.Time) { d.now.Store(&t) }

// request makes one to the site's own host. Each comes from another client, so
// that limits stay out of the way.
func (d *mailDesk) request(method, target, body string, header ...string) *http.Request {
	req := httptest.NewRequestWithContext(d.t.Context(), method, "/", strings.NewReader(body))
	u, err := url.ParseRequestURI(target)
	if err != nil {
		d.t.Fatal(err)
	}
	req.URL, req.RequestURI, req.Host = u, target, "help.mail.test"
	n := d.seq.Add(1)
	req.RemoteAddr = "10.1." + strconv.Itoa(int(n>>8&255)) + "." + strconv.Itoa(int(n&255)) + ":4711"
	for i := 0; i+1 < len(header); i += 2 {
		switch header[i] {
		case "Host":
			req.Host = header[i+1]
		case "From":
			req.RemoteAddr = header[i+1] + ":4711"
		default:
			req.Header.Set(header[i], header[i+1])
		}
	}
	return req
}

func (d *mailDesk) do(method, target, body string, header ...string) reply {
	d.t.Helper()
	rec := httptest.NewRecorder()
	d.srv.ServeHTTP(rec, d.request(method, target, body, header...))
	return reply{rec.Code, rec.Result().Header, rec.Body.String()}
}

func (d *mailDesk) get(target string, header ...string) reply {
	d.t.Helper()
	return d.do(http.MethodGet, target, "", header...)
}

// form posts a form; pairs are names and values.
func (d *mailDesk) form(target string, pairs ...string) reply {
	d.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return d.do(http.MethodPost, target, v.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (d *mailDesk) admin(path string) string {
	rec := httptest.NewRecorder()
	d.srv.Admin("").ServeHTTP(rec, httptest.NewRequestWithContext(d.t.Context(), http.MethodGet, "http://localhost"+path, nil))
	return rec.Body.String()
}
