package server_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/mail/autoconfig"
	"signpost/internal/mail/autodiscover"
	addresses "signpost/internal/mail/hostile"
	"signpost/internal/mail/pacc"
	"signpost/internal/server"
)

const (
	autoconfigPath   = "/mail/config-v1.1.xml"
	wellKnownPath    = "/.well-known/autoconfig/mail/config-v1.1.xml"
	autodiscoverPath = "/autodiscover/autodiscover.xml"
)

func outlook(address string) string {
	return `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>` +
		address + `</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	const address, private, public = "?emailaddress=kari%40example.com", "no-store", "public, max-age=300"
	tests := []struct {
		name, host, target string
		status             int
		contentType, cache string
		want, not          string
	}{
		{"own domain, with address", "autoconfig.example.com", autoconfigPath + address, 200, "text/xml; charset=utf-8", private, "<username>kari@example.com</username>", "%EMAIL"},
		{"own domain, without", "autoconfig.example.com", autoconfigPath, 200, "text/xml; charset=utf-8", public, "<username>%EMAILADDRESS%</username>", "<socketType>plain"},
		{"empty address", "autoconfig.example.com", autoconfigPath + "?emailaddress=", 200, "text/xml; charset=utf-8", private, "%EMAILADDRESS%", ""},
		{"well-known at the domain", "example.net", wellKnownPath, 200, "text/xml; charset=utf-8", public, "imap.example.com", ""},
		{"port and final dot in Host", "AutoConfig.Example.COM.:8443", autoconfigPath, 200, "text/xml; charset=utf-8", public, "imap.example.com", ""},
		{"trailing slash", "autoconfig.example.com", autoconfigPath + "/" + address, 200, "text/xml; charset=utf-8", private, "kari@example.com", ""},
		{"the site's own host", "help.mail.test", autoconfigPath, 200, "text/xml; charset=utf-8", public, "imap.example.com", ""},
		{"plus that was not escaped", "autoconfig.example.com", autoconfigPath + "?emailaddress=kari+tag@example.com", 200, "text/xml; charset=utf-8", private, "<username>kari+tag@example.com</username>", ""},
		{"no address at all", "autoconfig.example.com", autoconfigPath + "?emailaddress=%22%3E%3Cscript", 200, "text/xml; charset=utf-8", private, "%EMAILADDRESS%", "script"},
		{"customer's domain by MX, by its Host", "autoconfig.customer.test", autoconfigPath, 200, "text/xml; charset=utf-8", public, "imap.example.com", ""},
		{"customer's address at our MX's name", "autoconfig.example.com", autoconfigPath + "?emailaddress=info%40customer.test", 200, "text/xml; charset=utf-8", private, "<domain>customer.test</domain>", ""},
		{"customer's domain on the list", "autoconfig.listed.test", autoconfigPath, 200, "text/xml; charset=utf-8", public, "imap.other.test", ""},
		{"second provider, internationalised", "autoconfig.xn--bcher-kva.test", autoconfigPath + "?emailaddress=kari@xn--bcher-kva.test", 200, "text/xml; charset=utf-8", private, "<username>kari</username>", ""},
		{"foreign domain", "autoconfig.foreign.test", autoconfigPath, 404, "text/plain; charset=utf-8", private, "Not Found", ""},
		{"foreign address", "autoconfig.example.com", autoconfigPath + "?emailaddress=a%40foreign.test", 404, "text/plain; charset=utf-8", private, "", "imap"},
		{"our MX is not the preferred one", "autoconfig.mixed.test", autoconfigPath, 404, "text/plain; charset=utf-8", private, "", "imap"},
		{"null MX", "autoconfig.null.test", autoconfigPath, 404, "text/plain; charset=utf-8", private, "", "imap"},
		{"an address as Host", "192.0.2.1", autoconfigPath, 404, "text/plain; charset=utf-8", private, "", "imap"},
		{"v2 JSON", "autodiscover.example.com", "/autodiscover/autodiscover.json?Email=kari@example.com&Protocol=Autodiscoverv1", 200, "application/json; charset=utf-8", private, "https://help.mail.test/autodiscover/autodiscover.xml", ""},
		{"v2 JSON, odd case", "autodiscover.example.com", "/AutoDiscover/AutoDiscover.json?email=kari@example.com&protocol=AUTODISCOVERV1&RedirectCount=1", 200, "application/json; charset=utf-8", private, `"Url"`, ""},
		{"v2 JSON, address in the path", "autodiscover.example.com", "/autodiscover/autodiscover.json/v1.0/kari@example.com?Protocol=AutodiscoverV1", 200, "application/json; charset=utf-8", private, `"Url"`, "kari"},
		{"v2 JSON in another case", "autodiscover.example.com", "/Autodiscover/Autodiscover.json/V1.0/Kari@example.com?Protocol=AutodiscoverV1", 200, "application/json; charset=utf-8", private, `"Url"`, "kari"},
		{"v2 JSON, no address in the path", "autodiscover.example.com", "/autodiscover/autodiscover.json/v1.0/?Protocol=AutodiscoverV1", 200, "application/json; charset=utf-8", private, `"Url"`, ""},
		{"v2 JSON, address in the path, slash", "autodiscover.example.com", "/autodiscover/autodiscover.json/v1.0/kari@example.com/?Protocol=AutodiscoverV1", 200, "application/json; charset=utf-8", private, `"Url"`, "kari"},
		{"v2 JSON, EWS", "autodiscover.example.com", "/autodiscover/autodiscover.json?Email=kari@example.com&Protocol=EWS", 400, "application/json; charset=utf-8", private, "InvalidProtocol", "kari"},
		{"v2 JSON, foreign", "autodiscover.example.com", "/autodiscover/autodiscover.json?Email=a@foreign.test&Protocol=AutodiscoverV1", 404, "application/json; charset=utf-8", private, "MailboxNotFound", "Url"},
		{"GET of the XML", "autodiscover.example.com", "/Autodiscover/Autodiscover.xml", 200, "text/xml; charset=utf-8", private, "<ErrorCode>600</ErrorCode>", ""},
		{"PACC", "ua-auto-config.example.com", "/.well-known/user-agent-configuration.json", 200, "application/json", public, `"submit":{"host":"smtp.example.com"}`, "@"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := d.get(tt.target, "Host", tt.host, "Accept-Encoding", "gzip, br", "Accept-Encoding", "identity")
			if r.status != tt.status || r.header.Get("Content-Type") != tt.contentType || r.header.Get("Cache-Control") != tt.cache {
				t.Errorf("%d %s %q, want %d %s %q\n%.300s", r.status, r.header.Get("Content-Type"), r.header.Get("Cache-Control"), tt.status, tt.contentType, tt.cache, r.body)
			}
			if !strings.Contains(r.body, tt.want) || tt.not != "" && strings.Contains(r.body, tt.not) {
				t.Errorf("want %q, not %q in\n%s", tt.want, tt.not, r.body)
			}
			if r.header.Get("Location") != "" || r.header.Get("WWW-Authenticate") != "" || r.header.Get("Set-Cookie") != "" {
				t.Errorf("headers: %v", r.header)
			}
		})
	}
}

// What a mail program gets says nothing about which mailboxes there are.
func TestNoAddressOracle(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	one := d.get(autoconfigPath+"?emailaddress=kari@example.com", "Host", "autoconfig.example.com")
	other := d.get(autoconfigPath+"?emailaddress=no.such.user@example.com", "Host", "autoconfig.example.com")
	if one.status != other.status || strings.ReplaceAll(one.body, "kari@", "no.such.user@") != other.body {
		t.Error("autoconfig differs by mailbox")
	}
	p := d.do(http.MethodPost, autodiscoverPath, outlook("kari@example.com"))
	q := d.do(http.MethodPost, autodiscoverPath, outlook("no.such.user@example.com"))
	if p.status != q.status || strings.ReplaceAll(p.body, "kari@", "no.such.user@") != q.body {
		t.Error("autodiscover differs by mailbox")
	}
}

func TestAutodiscoverPost(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	bomb := `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY l2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY l3 "&l2;&l2;&l2;&l2;&l2;&l2;&l2;&l2;&l2;&l2;">]>`
	external := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>`
	tests := []struct {
		name, contentType, body string
		status                  int
		want, not               string
	}{
		{"plain", "text/xml", outlook("kari@example.com"), 200, "<LoginName>kari@example.com</LoginName>", "ErrorCode"},
		{"unescaped, as Thunderbird sends it", "text/xml", outlook("o'neil&sons+tag@example.com"), 200, "neil&amp;sons+tag@example.com</LoginName>", "ErrorCode"},
		{"escaped", "text/xml", outlook("o&apos;neil&amp;sons+tag@example.com"), 200, "neil&amp;sons+tag@example.com</LoginName>", "ErrorCode"},
		{"wrong content type", "application/x-www-form-urlencoded", outlook("kari@example.com"), 200, "<LoginName>kari@example.com", "ErrorCode"},
		{"customer's domain", "text/xml", outlook("info@customer.test"), 200, "<LoginName>info@customer.test", "ErrorCode"},
		{"foreign domain", "text/xml", outlook("a@foreign.test"), 200, "<ErrorCode>500</ErrorCode>", "LoginName"},
		{"no address", "text/xml", outlook("nobody"), 200, "<ErrorCode>500</ErrorCode>", "LoginName"},
		{"MobileSync", "text/xml", strings.ReplaceAll(outlook("kari@example.com"), "outlook/", "mobilesync/"), 200, "<ErrorCode>601</ErrorCode>", "LoginName"},
		{"empty", "text/xml", "", 200, "<ErrorCode>600</ErrorCode>", "LoginName"},
		{"no XML", "application/json", `{"a":1}`, 200, "<ErrorCode>600</ErrorCode>", "LoginName"},
		{"truncated", "text/xml", outlook("kari@example.com")[:90], 200, "<ErrorCode>600</ErrorCode>", "LoginName"},
		{"a bomb", "text/xml", bomb + outlook("&l3;@example.com"), 200, "<Autodiscover", "lollol"},
		{"an external entity", "text/xml", external + outlook("&file;@example.com"), 200, "<Autodiscover", "root:"},
		{"utf-16 declared", "text/xml", strings.Replace(outlook("kari@example.com"), "utf-8", "utf-16", 1), 200, "<Autodiscover", "panic"},
		{"deep", "text/xml", strings.Repeat("<a>", 10_000), 200, "<ErrorCode>600</ErrorCode>", "LoginName"},
		{"too large", "text/xml", outlook(strings.Repeat("a", 1<<20) + "@example.com"), 413, "", "LoginName"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := d.do(http.MethodPost, "/AutoDiscover/autodiscover.XML", tt.body, "Content-Type", tt.contentType, "Host", "autodiscover.example.com", "Authorization", "Basic a2FyaTpzZWNyZXQ=")
			if r.status != tt.status || !strings.Contains(r.body, tt.want) || strings.Contains(r.body, tt.not) {
				t.Errorf("%d, want %d with %q, without %q:\n%.1000s", r.status, tt.status, tt.want, tt.not, r.body)
			}
			if r.header.Get("Cache-Control") != "no-store" || r.header.Get("WWW-Authenticate") != "" {
				t.Errorf("headers %v", r.header)
			}
			if r.status == 200 {
				if _, err := readAutodiscover(r.body); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if log := d.log.String(); strings.Contains(log, "kari") || strings.Contains(log, "a2FyaTpzZWNyZXQ") {
		t.Errorf("the log has seen too much: %s", log)
	}
}

// Hostile addresses come out of the XML formats as they went in.
func TestDiscoveryOfHostileAddresses(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, a := range addresses.Addresses() {
		if a.Domain != "example.com" {
			continue
		}
		r := d.get(autoconfigPath+"?emailaddress="+url.QueryEscape(a.String()), "Host", "autoconfig.example.com")
		c, err := autoconfig.Decode([]byte(r.body))
		if err != nil || r.status != 200 {
			t.Errorf("%s: %d %v", a, r.status, err)
			continue
		}
		if user := c.Provider.Incoming[0].User; user != a.String() && user != "%EMAILADDRESS%" {
			t.Errorf("%s: the user name became %q", a, user)
		}
		var escaped strings.Builder
		xml.EscapeText(&escaped, []byte(a.String()))
		r = d.do(http.MethodPost, autodiscoverPath, outlook(escaped.String()), "Content-Type", "text/xml")
		answer, err := readAutodiscover(r.body)
		if err != nil || answer.Outlook == nil {
			t.Errorf("%s: %v\n%s", a, err, r.body)
			continue
		}
		for _, p := range answer.Outlook.Account.Protocols {
			if p.LoginName != a.String() {
				t.Errorf("%s: the login became %q", a, p.LoginName)
			}
		}
	}
}

// Own domains are answered as often as anybody asks; questions to DNS are not.
func TestDiscoveryLimits(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for i := range 300 {
		if r := d.get(autoconfigPath+"?emailaddress=a@example.com", "Host", "autoconfig.example.com", "From", "192.0.2.7"); r.status != 200 {
			t.Fatalf("request %d: %d", i, r.status)
		}
		if r := d.do(http.MethodPost, autodiscoverPath, outlook("a@example.com"), "From", "192.0.2.7"); r.status != 200 {
			t.Fatalf("post %d: %d", i, r.status)
		}
	}
	statuses := map[int]int{}
	var last reply
	for i := range 100 {
		last = d.get(autoconfigPath, "Host", fmt.Sprintf("autoconfig.d%d.example", i), "From", "192.0.2.7")
		statuses[last.status]++
	}
	if statuses[503] < 50 || last.header.Get("Retry-After") == "" {
		t.Errorf("%v, Retry-After %q", statuses, last.header.Get("Retry-After"))
	}
	if n := d.dns.Queries.Load(); n > 60 {
		t.Errorf("%d questions to DNS", n)
	}
}

// A DNS that does not answer must not take discovery with it.
func TestDiscoveryWithoutDNS(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	d.dns.Silent.Store(true)
	if r := d.get(autoconfigPath, "Host", "autoconfig.example.com"); r.status != 200 {
		t.Errorf("own domain: %d", r.status)
	}
	if r := d.get(autoconfigPath+"?emailaddress=a@silent.test", "Host", "autoconfig.example.com"); r.status != 200 || !strings.Contains(r.body, "a@silent.test") {
		t.Errorf("address at our name: %d %s", r.status, r.body)
	}
	if r := d.get(autoconfigPath, "Host", "autoconfig.silent.test"); r.status != 503 || r.header.Get("Retry-After") == "" {
		t.Errorf("unknown domain: %d", r.status)
	}
}

func TestForeignHostGetsDiscoveryOnly(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, target := range []string{"/", "/setup", "/setup/apple-mail", "/setup/domain?d=customer.test", "/p/x", "/status", "/api/v1/search?q=a", "/mail/", "/autodiscover"} {
		if r := d.get(target, "Host", "autoconfig.example.com"); r.status != 421 && r.status != 301 {
			t.Errorf("GET %s: %d", target, r.status)
		}
	}
	for _, target := range []string{"/setup", "/setup/profile.mobileconfig", "/setup/file/msmtp", "/api/v1/setup"} {
		if r := d.do(http.MethodPost, target, "address=kari%40example.com", "Host", "autoconfig.example.com", "Content-Type", "application/x-www-form-urlencoded"); r.status != 421 {
			t.Errorf("POST %s: %d", target, r.status)
		}
	}
	if r := d.get("/autodiscover/nothing.xml", "Host", "autodiscover.example.com"); r.status != 404 {
		t.Errorf("unknown: %d", r.status)
	}
}

// The sample describes servers that do not exist: only whoever tries it out on
// this very machine gets them.
func TestDiscoveryOfTheSample(t *testing.T) {
	t.Parallel()
	for _, loopback := range []bool{false, true} {
		d := serveMail(t, source.Embedded("sample", articles.FS), func(c *server.Config) { c.Loopback = loopback })
		want := map[bool]int{false: 404, true: 200}[loopback]
		for _, target := range []string{autoconfigPath, wellKnownPath, autodiscoverPath, "/.well-known/user-agent-configuration.json", "/autodiscover/autodiscover.json?Protocol=AutodiscoverV1"} {
			if r := d.get(target, "Host", "autoconfig.example.com"); r.status != want {
				t.Errorf("loopback %v, %s: %d, want %d", loopback, target, r.status, want)
			}
		}
		if r := d.do(http.MethodPost, autodiscoverPath, outlook("a@example.com")); r.status != want {
			t.Errorf("loopback %v, POST: %d", loopback, r.status)
		}
	}
}

// The digest in the DNS records is that of the file that is served.
func TestPACCDigest(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	file := d.get("/.well-known/user-agent-configuration.json", "Host", "ua-auto-config.example.com")
	page := d.get("/setup/domain?d=example.com")
	if text := pacc.TXT([]byte(file.body)); !strings.Contains(page.body, strings.ReplaceAll(text, "+", "&#43;")) && !strings.Contains(page.body, text) {
		t.Errorf("%s is not on the page of records", text)
	}
}

// readAutodiscover reads an answer: settings or an error.
func readAutodiscover(body string) (answer struct {
	Outlook *autodiscover.Outlook
	Error   *autodiscover.Error
}, err error,
) {
	if err = xml.Unmarshal([]byte(body), &answer); err == nil && (answer.Outlook == nil) == (answer.Error == nil) {
		err = errors.New("the answer must hold either settings or an error")
	}
	return answer, err
}
