package verify

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/dovecottest"
	"signpost/internal/mail/provider"
)

var loopback = &Guard{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

func service(use provider.Use, security provider.Security, port int, auth ...provider.Auth) provider.Service {
	if auth == nil {
		auth = []provider.Auth{provider.Password}
	}
	return provider.Service{Use: use, Host: "localhost", Port: port, Security: security, Auth: auth, Login: "{address}"}
}

// keys returns the findings of a result, without the texts.
func keys(r Result) []string {
	all := []string{}
	for _, f := range r.Findings {
		all = append(all, string(f.Status)+" "+f.Key)
	}
	return all
}

func TestDovecot(t *testing.T) {
	type expected struct {
		service provider.Service
		want    []string
	}
	all := func(s *dovecottest.Server, pop ...provider.Auth) []provider.Service {
		return []provider.Service{
			service(provider.IMAP, provider.TLS, s.IMAPS, provider.Password, provider.CRAMMD5, provider.SCRAM),
			service(provider.IMAP, provider.STARTTLS, s.IMAP),
			service(provider.POP3, provider.TLS, s.POP3S, pop...),
			service(provider.POP3, provider.STARTTLS, s.POP3, pop...),
			service(provider.Submit, provider.TLS, s.Submissions),
			service(provider.Submit, provider.STARTTLS, s.Submission),
		}
	}
	each := func(services []provider.Service, want ...string) []expected {
		var list []expected
		for _, s := range services {
			list = append(list, expected{s, want})
		}
		return list
	}
	tests := []struct {
		name    string
		o       dovecottest.Options
		trusted bool
		expect  func(*dovecottest.Server) []expected
	}{
		{"as described, with APOP", dovecottest.Options{APOP: true}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.APOP, provider.Password), "ok ok")
		}},
		{"as described, without APOP", dovecottest.Options{}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.Password), "ok ok")
		}},
		{"APOP described and not offered", dovecottest.Options{}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.APOP, provider.Password)[2:4], "fail apop-missing")
		}},
		{"APOP offered and not described", dovecottest.Options{APOP: true}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.Password)[2:4], "warn apop-undescribed")
		}},
		{"expired", dovecottest.Options{Certificate: dovecottest.Expired}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.Password), "fail tls-expired")
		}},
		{"near expiry", dovecottest.Options{Certificate: dovecottest.NearExpiry}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.Password), "warn tls-expiring")
		}},
		{"wrong name", dovecottest.Options{Certificate: dovecottest.WrongName}, true, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.Password), "fail tls-name")
		}},
		{"unknown authority", dovecottest.Options{}, false, func(s *dovecottest.Server) []expected {
			return each(all(s, provider.Password), "fail tls-chain")
		}},
		{"fewer ways to sign in", dovecottest.Options{Mechanisms: []string{"plain"}}, true, func(s *dovecottest.Server) []expected {
			return []expected{
				{service(provider.IMAP, provider.TLS, s.IMAPS, provider.CRAMMD5, provider.Password), []string{"fail auth-missing"}},
				{service(provider.Submit, provider.TLS, s.Submissions, provider.OAuth2), []string{"fail auth-missing"}},
				{service(provider.POP3, provider.TLS, s.POP3S, provider.SCRAM), []string{"fail auth-missing"}},
			}
		}},
		{"wrong security", dovecottest.Options{}, true, func(s *dovecottest.Server) []expected {
			return []expected{
				{service(provider.IMAP, provider.TLS, s.IMAP), []string{"fail tls-handshake"}},
				{service(provider.Submit, provider.TLS, s.POP3), []string{"fail tls-handshake"}},
				{service(provider.POP3, provider.STARTTLS, s.IMAP), []string{"fail protocol"}},
				{service(provider.IMAP, provider.STARTTLS, s.Submission), []string{"fail protocol"}},
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := dovecottest.Start(t, tt.o)
			var services []provider.Service
			expectations := tt.expect(s)
			for _, e := range expectations {
				e.service.Host = dovecottest.Address
				services = append(services, e.service)
			}
			o := Options{Guard: loopback, Now: time.Now(), Roots: s.CA.Pool()}
			if !tt.trusted {
				o.Roots = dovecottest.NewCA(t).Pool()
			}
			results := Check(t.Context(), &provider.Provider{ID: "post.test", Services: services}, o)
			if len(results) != len(expectations) {
				t.Fatalf("%d results for %d services", len(results), len(expectations))
			}
			for i, r := range results {
				if diff := cmp.Diff(expectations[i].want, keys(r)); diff != "" {
					t.Errorf("%s %s: %s\n%+v", r.Service, r.Security, diff, r.Findings)
				}
			}
		})
	}
}

// peer is a server made of a function per connection.
func peer(t *testing.T, serve func(net.Conn)) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// talk sends the answers, each after a line was read.
func talk(answers ...string) func(net.Conn) {
	return func(conn net.Conn) {
		for _, a := range answers {
			fmt.Fprint(conn, a)
			if _, err := conn.Read(make([]byte, 1000)); err != nil {
				return
			}
		}
		time.Sleep(time.Second)
	}
}

// TestHostileServers: whatever a peer does, the check ends in time and says why.
func TestHostileServers(t *testing.T) {
	flood := func(head, body string) func(net.Conn) {
		return func(conn net.Conn) {
			fmt.Fprint(conn, head)
			for {
				if _, err := fmt.Fprint(conn, body); err != nil {
					return
				}
			}
		}
	}
	dribble := func(conn net.Conn) {
		for {
			if _, err := fmt.Fprint(conn, "*"); err != nil {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	silent := func(conn net.Conn) { conn.Read(make([]byte, 1)); time.Sleep(2 * time.Second) }
	tests := []struct {
		name     string
		use      provider.Use
		security provider.Security
		serve    func(net.Conn)
		want     string
	}{
		{"silence", provider.IMAP, provider.STARTTLS, silent, "timeout"},
		{"silence in the handshake", provider.IMAP, provider.TLS, silent, "timeout"},
		{"drop by drop", provider.IMAP, provider.STARTTLS, dribble, "timeout"},
		{"endless line", provider.POP3, provider.STARTTLS, flood("+OK ", strings.Repeat("a", 1000)), "too-long"},
		{"endless banner", provider.Submit, provider.STARTTLS, flood("", "220-hello\r\n"), "too-long"},
		{"endless capabilities", provider.IMAP, provider.STARTTLS, flood("* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\n"), "too-long"},
		{"endless POP3 list", provider.POP3, provider.STARTTLS, flood("+OK hi\r\n+OK\r\n", "X\r\n"), "too-long"},
		{"endless sieve list", provider.Sieve, provider.STARTTLS, flood("", "\"X\" \"y\"\r\n"), "too-long"},
		{"hangs up", provider.IMAP, provider.STARTTLS, func(net.Conn) {}, "closed"},
		{"hangs up in the handshake", provider.IMAP, provider.TLS, func(c net.Conn) { c.Read(make([]byte, 100)) }, "tls-handshake"},
		{"another protocol", provider.IMAP, provider.STARTTLS, talk("SSH-2.0-x\r\n"), "protocol"},
		{"no STARTTLS", provider.IMAP, provider.STARTTLS, talk("* OK hi\r\n", "* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"), "starttls-missing"},
		{
			"STARTTLS refused", provider.IMAP, provider.STARTTLS,
			talk("* OK hi\r\n", "* CAPABILITY STARTTLS LOGINDISABLED\r\na1 OK done\r\n", "a2 NO not now\r\n"), "protocol",
		},
		{
			"text in the clear after STARTTLS, IMAP", provider.IMAP, provider.STARTTLS,
			talk("* OK hi\r\n", "* CAPABILITY STARTTLS LOGINDISABLED\r\na1 OK done\r\n", "a2 OK go\r\n* CAPABILITY AUTH=PLAIN\r\n"), "starttls-injection",
		},
		{
			"text in the clear after STARTTLS, POP3", provider.POP3, provider.STARTTLS,
			talk("+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n+OK more\r\n"), "starttls-injection",
		},
		{
			"text in the clear after STARTTLS, SMTP", provider.Submit, provider.STARTTLS,
			talk("220 hi\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n250 AUTH PLAIN\r\n"), "starttls-injection",
		},
		{
			"text in the clear after STARTTLS, sieve", provider.Sieve, provider.STARTTLS,
			talk("\"SASL\" \"\"\r\n\"STARTTLS\"\r\nOK\r\n", "OK\r\n\"SASL\" \"PLAIN\"\r\nOK\r\n"), "starttls-injection",
		},
		{
			"STARTTLS in name only", provider.Submit, provider.STARTTLS,
			talk("220 hi\r\n", "250-x\r\n250 STARTTLS\r\n", "220 go\r\n", "500 what is this\r\n"), "tls-handshake",
		},
		{"no password needed", provider.IMAP, provider.STARTTLS, talk("* PREAUTH hi\r\n"), "preauth"},
		{"terminal codes", provider.IMAP, provider.STARTTLS, talk("\x1b[2J\x00\u202e\r\n"), "protocol"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			port := peer(t, tt.serve)
			timeout := 30 * time.Second // not what ends these, however busy the machine is
			if tt.want == "timeout" {
				timeout = 700 * time.Millisecond
			}
			start := time.Now()
			results := Check(t.Context(), &provider.Provider{Services: []provider.Service{service(tt.use, tt.security, port)}},
				Options{Guard: loopback, Now: time.Now(), Timeout: timeout})
			if took := time.Since(start); took > timeout+10*time.Second {
				t.Errorf("took %v", took)
			}
			r := results[0]
			if want := []string{"fail " + tt.want}; !slices.Equal(keys(r), want) {
				t.Errorf("got %+v, want %v", r.Findings, want)
			}
			for _, f := range r.Findings {
				if strings.ContainsAny(f.Text, "\x1b\x00\u202e") {
					t.Errorf("control characters in %q", f.Text)
				}
			}
		})
	}
}

func TestSieve(t *testing.T) {
	ca := dovecottest.NewCA(t)
	certificate, key := ca.Issue(t, dovecottest.Valid, "localhost")
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	port := peer(t, func(conn net.Conn) {
		fmt.Fprint(conn, "\"IMPLEMENTATION\" \"test\"\r\n\"SASL\" \"\"\r\n\"STARTTLS\"\r\nOK \"ready\"\r\n")
		conn.Read(make([]byte, 100))
		fmt.Fprint(conn, "OK \"go\"\r\n")
		secure := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{pair}})
		fmt.Fprint(secure, "\"IMPLEMENTATION\" \"test\"\r\n\"SASL\" \"PLAIN SCRAM-SHA-256\"\r\nOK \"ready\"\r\n")
		secure.Read(make([]byte, 100))
	})
	results := Check(t.Context(), &provider.Provider{Services: []provider.Service{
		service(provider.Sieve, provider.STARTTLS, port),
		service(provider.Sieve, provider.STARTTLS, port, provider.CRAMMD5),
	}}, Options{Guard: loopback, Now: time.Now(), Roots: ca.Pool()})
	for i, want := range []string{"ok ok", "fail auth-missing"} {
		if !slices.Equal(keys(results[i]), []string{want}) {
			t.Errorf("got %+v, want %s", results[i].Findings, want)
		}
	}
}

func TestURLs(t *testing.T) {
	ca := dovecottest.NewCA(t)
	certificate, key := ca.Issue(t, dovecottest.Valid, "localhost")
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	followed := false
	mux := http.NewServeMux()
	challenge := func(value string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				t.Error("somebody signs in")
			}
			w.Header().Set("WWW-Authenticate", value)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusMovedPermanently) }
	}
	mux.HandleFunc("/basic", challenge(`Basic realm="x"`))
	mux.HandleFunc("/bearer", challenge(`Bearer realm="basic", Digest realm="x"`))
	mux.HandleFunc("/open", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("a", 1<<20)) })
	mux.HandleFunc("/moved", redirect("/followed"))
	mux.HandleFunc("/downgrade", redirect("http://localhost/"))
	mux.HandleFunc("/followed", func(http.ResponseWriter, *http.Request) { followed = true })
	mux.HandleFunc("/.well-known/caldav", redirect("/followed"))
	server := httptest.NewUnstartedServer(mux)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	server.StartTLS()
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	base := "https://localhost:" + port

	tests := []struct {
		url  string
		auth provider.Auth
		want string
	}{
		{base + "/basic", provider.Password, "ok ok"},
		{base + "/basic", provider.OAuth2, "fail auth-missing"},
		{base + "/bearer", provider.OAuth2, "ok ok"},
		{base + "/bearer", provider.Password, "fail auth-missing"},
		{base + "/open", provider.Password, "warn http-open"},
		{base + "/broken", provider.Password, "fail http-status"},
		{base + "/none", provider.Password, "fail http-not-found"},
		{base + "/moved", provider.Password, "warn http-redirect"},
		{base + "/downgrade", provider.Password, "fail http-redirect"},
		{base + "/cal/{address}/", provider.Password, "ok ok"}, // by the well-known place
		{"http://localhost:" + port + "/basic", provider.Password, "fail url"},
		{"https://127.0.0.1:" + port + "/basic", provider.Password, "fail tls-name"},
		{base + "/huge", provider.Password, "fail connection"},
	}
	for _, tt := range tests {
		t.Run(strings.TrimPrefix(tt.url, base)+" "+string(tt.auth), func(t *testing.T) {
			p := &provider.Provider{Services: []provider.Service{{Use: provider.CalDAV, URL: tt.url, Security: provider.TLS, Auth: []provider.Auth{tt.auth}}}}
			r := Check(t.Context(), p, Options{Guard: loopback, Now: time.Now(), Roots: ca.Pool()})[0]
			if !slices.Equal(keys(r), []string{tt.want}) {
				t.Errorf("got %+v, want %s", r.Findings, tt.want)
			}
		})
	}
	if followed {
		t.Error("a redirect was followed")
	}
}

func TestGuard(t *testing.T) {
	refused := []string{
		"127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255",
		"192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1",
		"64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "fec0::1",
	}
	g := &Guard{}
	for _, a := range refused {
		if g.Allowed(netip.MustParseAddr(a)) {
			t.Errorf("%s is let through", a)
		}
		// Reserved addresses are refused before a packet is sent.
		conn, err := g.DialContext(t.Context(), "tcp", net.JoinHostPort(a, "9"))
		if conn != nil {
			conn.Close()
		}
		if !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v, want ErrRefused", a, err)
		}
	}
	for _, a := range []string{"1.1.1.1", "9.9.9.9", "2606:4700:4700::1111", "::ffff:9.9.9.9"} {
		if !g.Allowed(netip.MustParseAddr(a)) {
			t.Errorf("%s is refused", a)
		}
	}
	inside := &Guard{Allow: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}}
	if !inside.Allowed(netip.MustParseAddr("::ffff:10.1.2.3")) || inside.Allowed(netip.MustParseAddr("10.2.0.1")) {
		t.Error("Allow lets the wrong addresses through")
	}
}

func TestRefusedHost(t *testing.T) {
	results := Check(t.Context(), &provider.Provider{Services: []provider.Service{
		service(provider.IMAP, provider.TLS, 993),
		{Use: provider.CalDAV, URL: "https://localhost/dav/", Auth: []provider.Auth{provider.Password}},
	}}, Options{Now: time.Now()})
	for _, r := range results {
		if want := []string{"fail address-refused"}; !slices.Equal(keys(r), want) {
			t.Errorf("%s: got %+v, want %v", r.Target, r.Findings, want)
		}
	}
}

// TestTargets: a server is contacted once, and exceptions of clients too.
func TestTargets(t *testing.T) {
	p := &provider.Provider{
		Services: []provider.Service{service(provider.IMAP, provider.TLS, 1), service(provider.POP3, provider.TLS, 2), service(provider.IMAP, provider.TLS, 1)},
		Except: []provider.Exception{{Client: "apple-mail", Replaces: []string{"host"}, Service: provider.Service{
			Use: provider.POP3, Host: "apop.example.net",
		}}},
	}
	var got []string
	for _, target := range targets(p) {
		got = append(got, target.client+" "+target.String())
	}
	if diff := cmp.Diff([]string{" localhost:1", " localhost:2", "apple-mail apop.example.net:2"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCancelAndJSON(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	port := peer(t, func(conn net.Conn) { cancel(); conn.Read(make([]byte, 1)) })
	results := Check(ctx, &provider.Provider{ID: "post.test", Services: []provider.Service{service(provider.IMAP, provider.STARTTLS, port)}},
		Options{Guard: loopback, Now: time.Now()})
	if results[0].Status != Fail || results[0].Duration > 5*time.Second {
		t.Errorf("got %+v", results[0])
	}
	var m map[string]any
	b, err := json.Marshal(results[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if m["service"] != "imap" || m["status"] != "fail" || len(m["findings"].([]any)) != 1 {
		t.Errorf("JSON: %s", b)
	}
	if none := Check(t.Context(), &provider.Provider{}, Options{}); none == nil {
		t.Error("no services give null instead of []")
	}
}

// recording is a connection whose other side has said everything already.
type recording struct {
	net.Conn
	io.Reader
}

func (r recording) Read(b []byte) (int, error)  { return r.Reader.Read(b) }
func (r recording) Write(b []byte) (int, error) { return len(b), nil }
func (r recording) LocalAddr() net.Addr         { return &net.TCPAddr{} }

// FuzzServer feeds arbitrary bytes to each protocol.
func FuzzServer(f *testing.F) {
	f.Add("* OK hi\r\n* CAPABILITY AUTH=PLAIN\r\na1 OK\r\n")
	f.Add("+OK <1@x>\r\n+OK\r\nSASL PLAIN\r\n.\r\n")
	f.Add("220 x\r\n250-x\r\n250 AUTH PLAIN\r\n")
	f.Add("\"SASL\" \"PLAIN\"\r\nOK\r\n")
	f.Fuzz(func(t *testing.T, answer string) {
		for _, use := range []provider.Use{provider.IMAP, provider.POP3, provider.Submit, provider.Sieve} {
			p := &probe{service: service(use, provider.TLS, 1)}
			s := &session{p: p}
			s.use(&limitedConn{recording{Reader: strings.NewReader(answer)}, maxTotal})
			proto := p.protocol()
			if proto.greet(s) == nil {
				if o, err := proto.capabilities(s); err == nil {
					p.compare(o)
				}
			}
			for _, finding := range p.findings {
				if strings.ContainsAny(finding.Text, "\r\n\x00\x1b") || len(finding.Text) > 2000 {
					t.Errorf("%q", finding.Text)
				}
			}
		}
	})
}
