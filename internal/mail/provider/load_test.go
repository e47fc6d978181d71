package provider

import (
	"strings"
	"testing"

	"signpost/internal/problem"
)

const head = `provider: example.com
name: Example Mail
domains: [example.com]
`

// TestProblems: each description has exactly the problem that is named, at its
// line. The text of a problem is "line: severity: message (hint)".
func TestProblems(t *testing.T) {
	service := func(s string) string {
		return head + "services:\n  - {use: imap, host: imap.example.com}\n  - {use: submit, host: smtp.example.com}\n" + s
	}
	tests := []struct{ name, src, want string }{
		{"empty", "", `:1: error: the file is empty`},
		{"blank", " \n\n", `:1: error: the file is empty`},
		{"not YAML", "provider: [", "this is not YAML"},
		{"unknown key", service("webmial: x"), `:7: error: unknown key "webmial" (did you mean "webmail"?)`},
		{"sign", service("sign: {key: /etc/key}"), `:7: error: unknown key "sign"`},
		{"no provider", strings.Replace(service(""), "provider: example.com", "short: Ex", 1), `error: the key "provider" is missing`},
		{"provider not a host name", strings.Replace(service(""), "provider: example.com", "provider: Example Mail", 1), `:1: error: provider "Example Mail" is not in host name syntax`},
		{"no name", strings.Replace(service(""), "name: Example Mail", "name: {}", 1), `:2: error: the key "name" is missing or empty`},
		{"name of 61", strings.Replace(service(""), "Example Mail", strings.Repeat("x", 61), 1), `:2: error: the name has 61 characters; at most 60 are allowed`},
		{"name of 31", strings.Replace(service(""), "Example Mail", strings.Repeat("ä", 31), 1), `:2: warning: the name has 31 characters; at most 30 are advised`},
		{"short of 21", service("short: " + strings.Repeat("x", 21)), `:7: error: the short name has 21 characters; at most 20`},
		{"short of 13", service("short: " + strings.Repeat("x", 13)), `:7: warning: the short name has 13 characters; at most 12`},
		{"name language", strings.Replace(service(""), "Example Mail", "{default: X, englisch!: Y}", 1), `:2: error: "name": "englisch!" is no language`},
		{"control character", strings.Replace(service(""), "Example Mail", `"Ex\u0007ample"`, 1), `:2: error: the text has a control`},
		{"bidi character", service("profile: {organization: \"a\\u202Eb\"}"), `:7: error: the text has a control or invisible`},
		{"no domains", strings.Replace(service(""), "domains: [example.com]", "domains: []", 1), `:3: error: the key "domains" is missing or empty`},
		{"bad domain", strings.Replace(service(""), "[example.com]", "[exam_ple.com]", 1), `:3: error: "exam_ple.com" is not a domain`},
		{"unknown TLD", strings.Replace(service(""), "[example.com]", "[example.cmo]", 1), `:3: warning: nobody knows the ending .cmo of example.cmo (check the spelling)`},
		{"unknown TLD of a host", service("  - {use: imap, host: mail.example.nett}"), `:7: warning: nobody knows the ending .nett`},
		{"domain twice", strings.Replace(service(""), "[example.com]", "[example.com, EXAMPLE.com]", 1), `:3: warning: the domain example.com is listed twice`},
		{"no services", head, `error: the key "services" is missing or empty`},
		{"no use", service("  - {host: x.example.com}"), `:7: error: the key "use" is missing`},
		{"use", service("  - {use: imapp, host: x.example.com}"), `:7: error: "imapp" is not a value of "use" (did you mean "imap"?)`},
		{"use smtp", service("  - {use: smtp, host: x.example.com}"), `:7: error: sending mail is called "submit" here (write use: submit)`},
		{"security", service("  - {use: imap, host: x.example.com, security: ssl}"), `:7: error: "ssl" is not a value of "security"`},
		{"auth", service("  - {use: imap, host: x.example.com, auth: [pasword]}"), `:7: error: "pasword" is not a value of "auth" (did you mean "password"?)`},
		{"auth twice", service("  - {use: imap, host: x.example.com, auth: [password, password]}"), `:7: error: auth lists "password" twice`},
		{"no host", service("  - {use: imap}"), `:7: error: imap needs a host`},
		{"host with scheme", service("  - {use: imap, host: 'https://x.example.com'}"), `:7: error: "https://x.example.com" is not a host name`},
		{"imap with url", service("  - {use: imap, host: x.example.com, url: 'https://x.example.com/'}"), `:7: error: imap has a host and a port, not a url`},
		{"caldav without url", service("  - {use: caldav}"), `:7: error: caldav needs a url`},
		{"caldav with port", service("  - {use: caldav, url: 'https://x.example.com/', port: 443}"), `:7: error: caldav has a url, so host and port do not belong here`},
		{"http", service("  - {use: caldav, url: 'http://x.example.com/'}"), `is not protected by TLS (write https://)`},
		{"url with user", service("  - {use: caldav, url: 'https://a:b@x.example.com/'}"), `holds a user name or a fragment`},
		{"url with placeholder host", service("  - {use: caldav, url: 'https://{domain}/'}"), `has a placeholder in its host`},
		{"url with a port too high", service("  - {use: caldav, url: 'https://x.example.com:99999/'}"), `:7: error: "https://x.example.com:99999/" has no valid port (ports are 1 to 65535)`},
		{"url with port 0", service("  - {use: caldav, url: 'https://x.example.com:0/'}"), `has no valid port`},
		{"javascript", service("webmail: 'javascript:alert(1)'"), `:7: error: "javascript:alert(1)" is not a web address`},
		{"port 0", service("  - {use: imap, host: x.example.com, port: 0}"), `:7: error: 0 is not a port`},
		{"port too high", service("  - {use: imap, host: x.example.com, port: 99999}"), `:7: error: 99999 is not a port`},
		{"imap at 995", service("  - {use: imap, host: x.example.com, port: 995}"), `:7: error: port 995 is the port of pop3, not of imap (the usual ports are 993 and 143)`},
		{"submit at 993", service("  - {use: submit, host: x.example.com, port: 993}"), `:7: error: port 993 is the port of imap, not of submit`},
		{"tls at 143", service("  - {use: imap, host: x.example.com, port: 143}"), `:7: warning: port 143 is used with starttls everywhere, not with tls`},
		{"starttls at 465", service("  - {use: submit, host: x.example.com, port: 465, security: starttls}"), `:7: warning: port 465 is used with tls everywhere`},
		{"submit at 25", service("  - {use: submit, host: x.example.com, port: 25, security: starttls}"), `:7: warning: port 25 is closed to customers`},
		{"sieve with tls", service("  - {use: sieve, host: x.example.com}"), `:7: warning: ManageSieve at port 4190 begins in the clear`},
		{"plain", service("  - {use: imap, host: x.example.com, security: plain}"), `:7: error: imap without TLS shows passwords`},
		{"plain on purpose", service("  - {use: imap, host: x.example.com, security: plain, insecure: true}"), `:7: warning: the password of imap crosses the network in the clear`},
		{"insecure tls", service("  - {use: imap, host: x.example.com, insecure: true}"), `:7: warning: insecure: true has no effect`},
		{"starttls for a url", service("  - {use: caldav, url: 'https://x.example.com/', security: starttls}"), `:7: error: caldav is reached by https; STARTTLS does not exist there`},
		{"apop for imap", service("  - {use: imap, host: x.example.com, auth: [apop]}"), `:7: error: apop exists in POP3 only, not in imap`},
		{"cram-md5 for caldav", service("  - {use: caldav, url: 'https://x.example.com/', auth: [cram-md5]}"), `:7: error: cram-md5 is a way to sign in to mail servers`},
		{"cram-md5 alone over starttls", service("  - {use: imap, host: x.example.com, security: starttls, auth: [cram-md5]}"), `:7: warning: cram-md5 alone over STARTTLS`},
		{"apop alone", service("  - {use: pop3, host: x.example.com, auth: [apop]}"), `:7: warning: apop alone cannot be set up with Autodiscover or an Apple profile`},
		{"oauth2 without issuer", service("  - {use: imap, host: x.example.com, auth: [oauth2, password]}"), `:7: error: oauth2 is offered, but the description has no oauth issuer`},
		{"oauth2 alone", service("  - {use: imap, host: x.example.com, auth: [oauth2]}\noauth: {issuer: 'https://login.example.com'}"), `:7: warning: with oauth2 alone`},
		{"leave-on-server for imap", service("  - {use: imap, host: x.example.com, leave-on-server: 14d}"), `:7: error: leave-on-server is for pop3 only`},
		{"leave-on-server", service("  - {use: pop3, host: x.example.com, leave-on-server: 14}"), `:7: error: "leave-on-server": "14" is no number of days (write 14d or 2w)`},
		{"same service twice", service("  - {use: imap, host: imap.example.com}"), `:7: warning: this is the same imap server as on line 5`},
		{"placeholder", service(`login: "{adress}"`), `:7: error: "{adress}" is not a placeholder (did you mean {address}?)`},
		{"open placeholder", service(`login: "{address"`), `:7: error: "{address" is not a placeholder`},
		{"foreign placeholder", service(`login: "%EMAILADDRESS%"`), `:7: error: "%EMAILADDRESS%" is the placeholder of another format (write {address})`},
		{"cut foreign placeholder", service(`login: "%emailaddress"`), `is the placeholder of another format (write {address})`},
		{"placeholder in a url", service("  - {use: caldav, url: 'https://x.example.com/{user}/'}"), `:7: error: "{user}" is not a placeholder`},
		{"login without placeholder", service("login: alice"), `:7: warning: the login "alice" is the same for all customers`},
		{"mx", service("hosted: {mx: ['*mx.example.com']}"), `:7: error: "*mx.example.com" is not a mail exchanger`},
		{"domains_file", service("hosted: {domains_file: ../secret}"), `:7: error: "../secret" is not a path in the content folder`},
		{"dkim", service("hosted: {dkim: sel1}"), `:7: error: "dkim": should be selectors with host names`},
		{"dkim selector", service("hosted: {dkim: {'a b': x.example.com}}"), `:7: error: "a b" is not a DKIM selector`},
		{"dkim target", service("hosted: {dkim: {a: }}"), `:7: error: selector a leads nowhere`},
		{"exception without client", service("except:\n  - {use: imap, host: x.example.com}"), `:8: error: the key "client" is missing`},
		{"exception for nothing", service("except:\n  - {client: iphone, use: pop3, host: x.example.com}"), `:8: error: there is no pop3 service that this exception could change`},
		{"exception without change", service("except:\n  - {client: iphone, use: imap, because: why}"), `:8: error: the exception for iphone changes nothing`},
		{"exception without reason", service("except:\n  - {client: iphone, use: imap, host: x.example.com}"), `:8: warning: the exception for iphone does not say why`},
		{"exception for an unknown client", service("except:\n  - {client: aple-mail, use: imap, host: x.example.com, because: why}"), `:8: warning: no guide or format knows the client "aple-mail" (did you mean "apple-mail"?)`},
		{"exception twice", service("except:\n  - {client: iphone, use: imap, host: x.example.com, because: why}\n  - {client: iphone, use: imap, port: 1993, because: why}"), `:9: error: iphone has a second exception for imap`},
		{"exception with a bad port", service("except:\n  - {client: iphone, use: imap, port: 995, because: why}"), `:8: error: port 995 is the port of pop3`},
		{"exception with a bad article", service("except:\n  - {client: iphone, use: imap, host: x.example.com, because: 'why not'}"), `:8: error: "why not" is not the slug of an article`},
		{"help", service("help: {setup: 'a/b'}"), `:7: error: "a/b" is not the slug of an article`},
		{"value name", service("vars: {'a b': x}"), `:7: error: "a b" is not the name of a value`},
		{"scope", service("oauth: {issuer: 'https://login.example.com', scopes: ['a b']}"), `:7: error: "a b" is not an OAuth scope`},
		{"receives nothing", head + "services:\n  - {use: submit, host: smtp.example.com}", `:4: warning: no service receives mail`},
		{"sends nothing", head + "services:\n  - {use: imap, host: imap.example.com}", `:4: warning: no service sends mail`},
		{"starttls only", head + "services:\n  - {use: submit, host: smtp.example.com}\n  - {use: imap, host: imap.example.com, security: starttls}", `:6: warning: the format pacc cannot hold the imap service: the format only knows TLS from the first byte`},
		{"starttls at an odd port", service("  - {use: pop3, host: x.example.com, port: 1110, security: starttls}"), `:7: warning: the format autodiscover cannot hold the pop3 service: mail programs tell STARTTLS from TLS by the port`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, problems := Load("p.yaml", []byte(tt.src))
			var all strings.Builder
			for _, pr := range problems {
				all.WriteString(pr.String() + "\n")
			}
			if !strings.Contains(all.String(), tt.want) {
				t.Errorf("got\n%swant %s", all.String(), tt.want)
			}
			if (p == nil) != problems.HasErrors() {
				t.Errorf("provider %v with these problems:\n%s", p, all.String())
			}
			wantError := strings.Contains(tt.want, "error: ")
			if wantError && !problems.HasErrors() {
				t.Error("no error")
			}
		})
	}
}

// TestSaidOnce: a service that nobody can set up has one warning, not one for
// each format as well.
func TestSaidOnce(t *testing.T) {
	for _, service := range []string{
		"{use: pop3, host: pop.example.com, auth: [apop]}",
		"{use: imap, host: imap.example.com, auth: [scram]}",
		"{use: submit, host: smtp.example.com, auth: [oauth2]}",
		"{use: submit, host: smtp.example.com, auth: [cram-md5]}",
		"{use: imap, host: imap.example.com, security: plain}",
		"{use: imap, host: imap.example.com, port: many}",
	} {
		src := head + "services:\n  - {use: jmap, url: 'https://api.example.com/'}\n  - " + service + "\noauth: {issuer: 'https://login.example.com'}\n"
		_, problems := Load("p.yaml", []byte(src))
		found := 0
		for _, p := range problems {
			if p.Line == 6 {
				found++
			}
		}
		if found != 1 {
			t.Errorf("%s: %d problems on its line:\n%v", service, found, problems)
		}
	}
}

// TestUnreadable: a file that is not YAML lacks nothing besides.
func TestUnreadable(t *testing.T) {
	for _, src := range []string{"provider: [", "a: &a [x]\nb: *a\n"} {
		p, problems := Load("p.yaml", []byte(src))
		for _, pr := range problems {
			if p != nil || strings.Contains(pr.Message, "missing") {
				t.Errorf("%q: %v", src, pr)
			}
		}
		if !problems.HasErrors() {
			t.Errorf("%q: no error", src)
		}
	}
}

func TestDefaults(t *testing.T) {
	p := load(t, head+`services:
  - {use: imap, host: IMAP.Bücher.example}
  - {use: pop3, host: pop.example.com, security: starttls, leave-on-server: 2w, login: "{local}"}
  - {use: submit, host: smtp.example.com, port: 2465}
  - {use: caldav, url: "https://dav.bücher.example:8443/{address}/"}
  - {use: carddav, url: "https://dav.example.com:443/käl/"}
`)
	want := []struct {
		host  string
		port  int
		sec   Security
		login string
	}{
		{"imap.xn--bcher-kva.example", 993, TLS, "{address}"},
		{"pop.example.com", 110, STARTTLS, "{local}"},
		{"smtp.example.com", 2465, TLS, "{address}"},
		{"dav.xn--bcher-kva.example", 8443, TLS, "{address}"},
		{"dav.example.com", 443, TLS, "{address}"},
	}
	for i, s := range p.Services {
		w := want[i]
		if s.HostName() != w.host || s.PortNumber() != w.port || s.Security != w.sec || s.Login != w.login || len(s.Auth) != 1 || s.Auth[0] != Password {
			t.Errorf("service %d: %+v, want %+v", i, s, w)
		}
	}
	if got := p.Services[4].URL; got != "https://dav.example.com/k%C3%A4l/" {
		t.Errorf("URL = %q", got)
	}
	if got := p.Services[0].HostUnicode(); got != "imap.bücher.example" {
		t.Errorf("HostUnicode = %q", got)
	}
	if got := p.Services[1].LeaveOnServer.Hours(); got != 14*24 {
		t.Errorf("LeaveOnServer = %v hours", got)
	}
	if got := p.Services[3].BaseURL(); got != "https://dav.xn--bcher-kva.example:8443/.well-known/caldav" {
		t.Errorf("BaseURL = %q", got)
	}
}

func TestArticles(t *testing.T) {
	p := load(t, head+`services:
  - {use: imap, host: imap.example.com}
  - {use: submit, host: smtp.example.com}
help: {setup: set-up, apple-mail: apple}
except:
  - {client: apple-mail, use: imap, host: x.example.com, because: why}
`)
	want := []ArticleUse{{"apple", 7, "help.apple-mail"}, {"set-up", 7, "help.setup"}, {"why", 9, "because"}}
	if len(p.Articles) != len(want) {
		t.Fatalf("got %v, want %v", p.Articles, want)
	}
	for i := range want {
		if p.Articles[i] != want[i] {
			t.Errorf("got %v, want %v", p.Articles[i], want[i])
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(head + "services:\n  - {use: imap, host: imap.example.com}\n"))
	f.Add([]byte("except: [{client: x, use: caldav, url: 'https://x{}'}]\nservices: [{use: caldav, url: 'https://a.b'}]"))
	f.Add([]byte("name: {a: 1}\nvars: {x: y}\nhelp: {x: }"))
	f.Fuzz(func(t *testing.T, src []byte) {
		p, problems := Load("p.yaml", src)
		if (p == nil) != problems.HasErrors() {
			t.Fatal("a provider and errors, or neither")
		}
		if p == nil {
			return
		}
		for _, name := range p.ValueNames() {
			if _, err := p.Value("en", name); err != nil {
				t.Fatalf("ValueNames has %q, Value says %v", name, err)
			}
		}
		p.Hosts()
		var l problem.List = problems
		l.Sort()
	})
}
