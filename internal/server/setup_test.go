package server_test

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	xhtml "golang.org/x/net/html"
	"howett.net/plist"

	"signpost/internal/mail/clientfile"
	addresses "signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
	"signpost/internal/server"
	"signpost/internal/token"
)

// text returns what a reader sees of a page's main part, and the elements in it.
func text(t *testing.T, page string) (string, map[string]int) {
	t.Helper()
	root, err := xhtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	elements := map[string]int{}
	var walk func(n *xhtml.Node, in bool)
	walk = func(n *xhtml.Node, in bool) {
		in = in || n.Type == xhtml.ElementNode && n.Data == "main"
		if in && n.Type == xhtml.ElementNode {
			elements[n.Data]++
		}
		if in && n.Type == xhtml.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
		}
	}
	walk(root, false)
	return b.String(), elements
}

func TestSetupForm(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, target := range []string{"/setup", "/nb/setup", "/de/setup"} {
		r := d.get(target)
		if r.status != 200 || !strings.Contains(r.body, `name="address"`) || strings.Contains(r.body, `type="password"`) {
			t.Errorf("%s: %d", target, r.status)
		}
	}
	if r := d.get("/setup?address=kari%40example.com"); strings.Contains(r.body, "kari") {
		t.Error("the form takes an address from the URL")
	}
	if r := d.get("/setup/?address=kari%40example.com&d=example.com"); r.status != 301 || r.header.Get("Location") != "/setup?d=example.com" {
		t.Errorf("%d %q", r.status, r.header.Get("Location"))
	}
}

func TestSetupResult(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	tests := []struct {
		name   string
		fields []string
		status int
		want   []string
		not    []string
	}{
		{"own domain", []string{"address", " Kari <kari@example.com> "}, 200, []string{"kari@example.com", "imap.example.com", "smtp.example.com", "465", "If that does not work: port 587 with STARTTLS", "Outlook (classic)", "msmtp", "Download the profile", "in 10 minutes"}, []string{"pop.example.com", "apop.example.com", "{address}", "DNS records of your domain"}},
		{"POP", []string{"address", "kari@example.com", "protocol", "pop3"}, 200, []string{"Incoming mail (POP)", "pop.example.com", "apop.example.com", "encrypted password (APOP)"}, []string{"imap.example.com"}},
		{"another user name", []string{"address", "kari@example.com", "login", "cust-4711"}, 200, []string{"cust-4711"}, nil},
		{"customer's domain by MX", []string{"address", "info@customer.test"}, 200, []string{"info@customer.test", "imap.example.com", "DNS records of your domain"}, nil},
		{"customer's domain on the list", []string{"address", "info@listed.test"}, 200, []string{"imap.other.test"}, nil},
		{"second provider, APOP only", []string{"address", "kari@other.test", "protocol", "pop3"}, 200, []string{"pop.other.test", "A profile cannot express"}, []string{"Download the profile"}},
		{"domain only, for the script", []string{"address", "@example.com"}, 200, []string{"{address}", "imap.example.com"}, []string{"Show in 10 minutes"}},
		{"foreign", []string{"address", "kari@foreign.test"}, 200, []string{"The mail of foreign.test goes to mx.elsewhere.test, not to us", "My mailbox is here anyway"}, []string{"imap.example.com"}},
		{"foreign, but ours", []string{"address", "kari@foreign.test", "ours", "1"}, 200, []string{"kari@foreign.test", "imap.example.com", "Download the profile"}, nil},
		{"no mail", []string{"address", "kari@null.test"}, 200, []string{"The domain null.test receives no mail"}, []string{"imap.example.com"}},
		{"nothing", nil, 400, []string{"Please type your whole e-mail address"}, nil},
		{"no address", []string{"address", "kari"}, 400, []string{"The address has no @"}, nil},
		{"control character", []string{"address", "ka\x07ri@example.com"}, 400, []string{"invisible character"}, nil},
		{"two", []string{"address", "a@example.com, b@example.com"}, 400, []string{"more than one address"}, nil},
		{"line break", []string{"address", "a@example.com\r\nX: y"}, 400, nil, []string{"imap.example.com"}},
		{"too long", []string{"address", strings.Repeat("a", 65) + "@example.com"}, 400, []string{"too long"}, nil},
		{"unknown protocol", []string{"address", "a@example.com", "protocol", "nntp"}, 400, nil, []string{"imap.example.com"}},
		{"bad login", []string{"address", "a@example.com", "login", "a\x00b"}, 400, []string{"invisible character"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := d.form("/setup", tt.fields...)
			shown, _ := text(t, r.body)
			if r.status != tt.status {
				t.Errorf("status %d, want %d", r.status, tt.status)
			}
			for _, want := range tt.want {
				if !strings.Contains(shown, want) {
					t.Errorf("no %q in\n%s", want, shown)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(shown, not) {
					t.Errorf("%q in\n%s", not, shown)
				}
			}
			if r.status == 200 && (r.header.Get("Cache-Control") != "no-store" || r.header.Get("ETag") != "") {
				t.Errorf("headers %v", r.header)
			}
		})
	}
}

func TestSetupWithoutDNS(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	d.dns.Silent.Store(true)
	r := d.form("/setup", "address", "kari@silent.test")
	if r.status != 200 || !strings.Contains(r.body, "could not find out") || !strings.Contains(r.body, "anyway") {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestSetupBodies(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	const formType = "application/x-www-form-urlencoded"
	for _, tt := range []struct {
		contentType, body string
		status            int
	}{
		{formType, "address=" + strings.Repeat("a", 1<<20), 413},
		{"application/json", `{"address":"a@example.com"}`, 400},
		{"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"address\"\r\n\r\na@example.com\r\n--x--", 400},
		{formType, "address=%zz", 400},
		{"", "address=a%40example.com", 400},
		{formType, "address=a%40example.com&" + strings.Repeat("x=y&", 1000), 200},
	} {
		if r := d.do(http.MethodPost, "/setup", tt.body, "Content-Type", tt.contentType); r.status != tt.status {
			t.Errorf("%s %.30s: %d, want %d", tt.contentType, tt.body, r.status, tt.status)
		}
	}
}

// hidden returns the hidden fields of the form with an action.
func hidden(t *testing.T, page, action string) url.Values {
	t.Helper()
	_, rest, ok := strings.Cut(page, `action="`+action+`"`)
	if !ok {
		t.Fatalf("no form for %s", action)
	}
	rest, _, _ = strings.Cut(rest, "</form>")
	v := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(rest, -1) {
		v.Set(m[1], html.UnescapeString(m[2]))
	}
	return v
}

func (d *mailDesk) submit(page, action string) reply {
	d.t.Helper()
	return d.do(http.MethodPost, action, hidden(d.t.(*testing.T), page, action).Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// Hostile addresses through every page and every format of the set-up pages.
func TestSetupOfHostileAddresses(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	_, plain := text(t, d.form("/setup", "address", "alice@example.com").body)
	written := map[string]int{}
	for _, a := range addresses.Addresses() {
		typed := a.String()
		r := d.form("/setup", "address", typed, "ours", "1")
		shown, elements := text(t, r.body)
		if r.status != 200 || !strings.Contains(shown, a.Unicode()) {
			t.Errorf("%q: %d, not shown", typed, r.status)
			continue
		}
		if strings.Contains(r.body, "data-fill") {
			t.Errorf("%q: the page of an address must not be filled in again", typed)
		}
		for _, name := range []string{"script", "x", "img", "iframe", "style"} {
			if elements[name] != plain[name] {
				t.Errorf("%q: %d elements %s, want %d", typed, elements[name], name, plain[name])
			}
		}
		profile := d.submit(r.body, "/setup/profile.mobileconfig")
		var v struct{ PayloadContent []map[string]any }
		if _, err := plist.Unmarshal([]byte(profile.body), &v); err != nil || profile.status != 200 {
			t.Errorf("%q: profile %d %v", typed, profile.status, err)
		} else if got := v.PayloadContent[0]["EmailAddress"]; got != typed {
			t.Errorf("%q: the profile says %q", typed, got)
		}
		if d := profile.header.Get("Content-Disposition"); strings.Contains(d, a.Local) && len(a.Local) > 3 {
			t.Errorf("%q: the file name holds the address: %s", typed, d)
		}
		for _, f := range clientfile.Formats() {
			if !strings.Contains(r.body, `action="/setup/file/`+f.Name+`"`) {
				continue // not offered for this address
			}
			file := d.submit(r.body, "/setup/file/"+f.Name)
			if file.status != 200 || file.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%q: %s was offered and answers %d", typed, f.Name, file.status)
			}
			written[f.Name]++
		}
		for _, m := range regexp.MustCompile(`/p/([A-Za-z0-9_-]+)`).FindAllStringSubmatch(r.body, -1) {
			t.Errorf("%q: the token stands in the page beside its QR code: %s", typed, m[1])
		}
	}
	for _, f := range clientfile.Formats() {
		if written[f.Name] < 5 {
			t.Errorf("%s was written for %d addresses only", f.Name, written[f.Name])
		}
	}
}

// The profile is the same whenever it is asked for, and another for another
// mailbox.
func TestProfileAnswer(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	get := func(pairs ...string) reply { return d.form("/setup/profile.mobileconfig", pairs...) }
	one, again, other := get("address", "kari@example.com"), get("address", "kari@example.com"), get("address", "ola@example.com")
	if one.body != again.body || one.body == other.body {
		t.Error("profiles must depend on the mailbox and on nothing else")
	}
	if one.header.Get("Content-Type") != "application/x-apple-aspen-config" || one.header.Get("Cache-Control") != "no-store" || one.header.Get("Content-Disposition") != "attachment; filename=example.com.mobileconfig" {
		t.Errorf("headers %v", one.header)
	}
	if r := get("address", "kari@example.com", "protocol", "pop3", "dav", "1", "lang", "de"); !strings.Contains(r.body, "EmailTypePOP") || !strings.Contains(r.body, "com.apple.caldav.account") || !strings.Contains(r.body, "Beispielpost") || !strings.Contains(r.body, "apop.example.com") {
		t.Errorf("%s", r.body)
	}
	if r := get("address", "kari@other.test", "protocol", "pop3"); r.status != 422 {
		t.Errorf("APOP only: %d", r.status)
	}
	if r := get("address", "@example.com"); r.status != 400 {
		t.Errorf("without a local part: %d", r.status)
	}
	if r := get("address", "kari@foreign.test"); r.status != 200 || !strings.Contains(r.body, "not to us") {
		t.Errorf("foreign: %d", r.status)
	}
	if r := get("address", "kari@example.com", "name", " Kari Nordmann "); !strings.Contains(r.body, "<key>EmailAccountName</key>\n\t\t\t\t<string>Kari Nordmann</string>") {
		t.Errorf("with a name: %s", r.body)
	}
	if r := get("address", "kari@example.com", "name", "Kari\nNordmann"); r.status != 400 || !strings.Contains(r.body, "at most 64 characters") {
		t.Errorf("a name of two lines: %d", r.status)
	}
	const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	if r := d.do("POST", "/setup/profile.mobileconfig", "address=kari@example.com", "User-Agent", phone, "Content-Type", "application/x-www-form-urlencoded"); !strings.Contains(r.body, "<key>TargetDeviceType</key>\n\t\t<integer>1</integer>") {
		t.Errorf("for an iPhone: %s", r.body)
	}
	if strings.Contains(one.body, "TargetDeviceType") {
		t.Error("a device is named for any program that asks")
	}
	if r := d.get("/setup/profile.mobileconfig?address=kari@example.com"); r.status != 404 && r.status != 405 {
		t.Errorf("GET: %d", r.status)
	}
	if strings.Contains(one.body, "<key>IncomingPassword<") {
		t.Error("a password in the profile")
	}
}

// The link in a QR code: short-lived, sealed, and worth nothing when damaged.
func TestTokenPage(t *testing.T) {
	t.Parallel()
	keys := token.New()
	d := newMailDesk(t, func(c *server.Config) { c.Keys = keys })
	token := keys.Seal("setup", []byte(`{"a":"kari@example.com","l":"cust-4711","p":true}`), d.now.Load().Add(10*time.Minute))
	r := d.get("/p/" + token)
	shown, _ := text(t, r.body)
	for _, want := range []string{"kari@example.com", "apop.example.com", "cust-4711", "Download the profile"} {
		if !strings.Contains(shown, want) {
			t.Errorf("no %q in\n%s", want, shown)
		}
	}
	if r.status != 200 || r.header.Get("Cache-Control") != "no-store" || r.header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(r.body, `content="noindex"`) {
		t.Errorf("%d %v", r.status, r.header)
	}
	if profile := d.submit(r.body, "/setup/profile.mobileconfig"); profile.status != 200 || !strings.Contains(profile.body, "EmailTypePOP") || !strings.Contains(profile.body, "cust-4711") {
		t.Errorf("the profile behind the page: %d", profile.status)
	}
	if strings.Contains(token, "kari") {
		t.Error("the token is not sealed")
	}
	for _, bad := range []string{token[:len(token)-2], token + "A", "x", strings.Repeat("A", 5000)} {
		if r := d.get("/p/" + bad); r.status != 410 || strings.Contains(r.body, "kari") {
			t.Errorf("damaged token: %d", r.status)
		}
	}
	d.setClock(d.now.Load().Add(11 * time.Minute))
	if r := d.get("/p/" + token); r.status != 410 || !strings.Contains(r.body, "expired") || strings.Contains(r.body, "kari") {
		t.Errorf("after eleven minutes: %d", r.status)
	}
}

func TestSetupFiles(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, tt := range []struct {
		format      string
		status      int
		contentType string
		want        string
	}{
		{"msmtp", 200, "text/plain; charset=utf-8", "host smtp.example.com"},
		{"thunderbird-qr", 200, "image/svg+xml", "<svg"},
		{"dclogin", 200, "image/svg+xml", "<svg"},
		{"mobileconfig", 200, "application/x-apple-aspen-config", "<plist"},
		{"zone", 200, "text/plain; charset=utf-8", "_imaps._tcp.example.com."},
		{"autoconfig", 200, "text/xml; charset=utf-8", "clientConfig"},
		{"nonsense", 404, "text/html; charset=utf-8", ""},
	} {
		r := d.form("/setup/file/"+tt.format, "address", "kari@example.com")
		if r.status != tt.status || r.header.Get("Content-Type") != tt.contentType || !strings.Contains(r.body, tt.want) || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v\n%.300s", tt.format, r.status, r.header, r.body)
		}
	}
	if r := d.form("/setup/file/aerc", "address", `"a b"@example.com`); r.status != 200 && r.status != 422 {
		t.Errorf("quoted: %d", r.status)
	}
}

func TestSetupGuide(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, tt := range []struct {
		target string
		status int
		want   []string
	}{
		{"/setup/apple-mail", 200, []string{"Apple Mail", "imap.example.com", "your.name@example.com", "apop.example.com", "Or use a profile"}},
		{"/setup/apple-mail?d=example.net", 200, []string{"imap.example.com"}},
		{"/setup/apple-mail?d=other.test", 200, []string{"imap.other.test", "your.name@other.test"}},
		{"/setup/outlook-classic?d=customer.test", 200, []string{"587", "STARTTLS"}},
		{"/setup/thunderbird?d=%3Cscript%3E", 200, []string{"Thunderbird"}},
		{"/de/setup/iphone", 200, []string{"iPhone", "imap.example.com"}},
		{"/setup/nonsense", 404, nil},
		{"/setup/msmtp?d=other.test", 404, nil},
	} {
		r := d.get(tt.target)
		shown, elements := text(t, r.body)
		if r.status != tt.status || elements["script"] > 0 {
			t.Errorf("%s: %d", tt.target, r.status)
		}
		for _, want := range tt.want {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: no %q in\n%s", tt.target, want, shown)
			}
		}
		if strings.Contains(shown, "{address}") || strings.Contains(shown, "{local}") {
			t.Errorf("%s: a placeholder is shown", tt.target)
		}
	}
	if r := d.get("/setup/apple-mail?d=other.test"); strings.Contains(r.body, "imap.example.com") {
		t.Error("another provider's guide names the default one's server")
	}
}

func TestSetupDomainAndExplain(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, tt := range []struct {
		target string
		status int
		want   []string
	}{
		{"/setup/domain", 200, []string{"Your domain"}},
		{"/setup/domain?d=customer.test", 200, []string{"mx1.example.com.", "_imaps._tcp.customer.test", "customer.test has 2 SPF records. There must be exactly one", "autoconfig.customer.test"}},
		{"/de/setup/domain?d=foreign.test", 200, []string{"geht zuerst an mx.elsewhere.test", "Damit E-Mail ankommt"}},
		{"/nb/setup/domain?domain=foreign.test", 200, []string{"går først til mx.elsewhere.test"}},
		{"/setup/domain?d=b%C3%BCcher.test", 200, []string{"xn--bcher-kva.test"}},
		{"/setup/domain?d=%3Cscript%3E", 400, []string{"not a valid domain"}},
		{"/setup/explain", 200, []string{"Your domain"}},
		{"/setup/explain?domain=customer.test", 200, []string{"https://autoconfig.customer.test/mail/config-v1.1.xml", "Thunderbird", "_submissions._tcp.customer.test is missing", "cannot be said here"}},
		{"/setup/explain?d=foreign.test", 200, []string{"The mail of foreign.test is not here"}},
		{"/setup/explain?d=a@b", 400, nil},
	} {
		r := d.get(tt.target)
		shown, _ := text(t, r.body)
		if r.status != tt.status {
			t.Errorf("%s: %d", tt.target, r.status)
		}
		for _, want := range tt.want {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: no %q in\n%s", tt.target, want, shown)
			}
		}
	}
	limited := 0
	for range 20 {
		if r := d.get("/setup/domain?d=customer.test", "From", "192.0.2.9"); r.status == 429 {
			limited++
		}
	}
	if limited < 5 {
		t.Errorf("%d of 20 checks were limited", limited)
	}
}

func TestSetupAPI(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	post := func(body string) reply {
		return d.do(http.MethodPost, "/api/v1/setup", body, "Content-Type", "application/json")
	}
	r := post(`{"address":"Kari@Example.com"}`)
	var v struct {
		Address, Domain, Provider string
		Services                  []struct {
			Use, Host, Login string
			Port             int
			Auth             []string
		}
		Clients []struct{ Client, Article string }
	}
	if err := json.Unmarshal([]byte(r.body), &v); err != nil || r.status != 200 {
		t.Fatalf("%d %v %s", r.status, err, r.body)
	}
	if v.Address != "Kari@example.com" || v.Provider != "example.com" || len(v.Services) != 8 || v.Services[0].Port != 993 || v.Services[0].Login != "Kari@example.com" {
		t.Errorf("%+v", v)
	}
	if len(v.Clients) != 2 || v.Clients[0].Client != "apple-mail" || v.Clients[0].Article != "https://help.mail.test/help/apple-mail-pop" {
		t.Errorf("%+v", v.Clients)
	}
	if r.header.Get("Cache-Control") != "no-store" || strings.Contains(r.body, "null") {
		t.Errorf("%v %s", r.header, r.body)
	}
	for _, tt := range []struct {
		body   string
		status int
	}{
		{`{"address":"kari@other.test","protocol":"imap"}`, 200},
		{`{"address":"kari@foreign.test"}`, 404},
		{`{"address":"kari@foreign.test","ours":true}`, 200},
		{`{"address":"kari"}`, 400},
		{`{"address":"@example.com"}`, 400},
		{`{"adress":"kari@example.com"}`, 400},
		{`[]`, 400},
		{``, 400},
		{`{"address":"` + strings.Repeat("a", 1<<20) + `"}`, 413},
		{`{"address":"a@example.com","protocol":"nntp"}`, 400},
	} {
		if r := post(tt.body); r.status != tt.status || tt.status >= 400 && r.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.60s: %d %s, want %d", tt.body, r.status, r.body, tt.status)
		}
	}
	if r := d.do(http.MethodPost, "/api/v1/setup", "{}", "Content-Type", "text/plain"); r.status != 415 {
		t.Errorf("content type: %d", r.status)
	}
}

// An address that is sent through every route is in no log line, metric,
// redirect or answer that anybody may keep.
func TestNoTraceOfAddresses(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	const canary, local = "canary.8f3a+trace@example.com", "canary.8f3a"
	enc := url.QueryEscape(canary)
	values := strings.NewReplacer(":client", canary, ":token", canary, ":format", "msmtp", ":address", canary, ":slug", canary, ":id", canary, ":category", canary, ":month", canary, ":component", canary, ":name", canary)
	n := 0
	for _, route := range d.srv.Routes() {
		method, path, _ := strings.Cut(route, " ")
		target := "/" + strings.TrimLeft(strings.ReplaceAll(values.Replace(path), "*", canary), "/")
		for _, suffix := range []string{"", "/"} {
			full := target + suffix + "?emailaddress=" + enc + "&Email=" + enc + "&address=" + enc + "&d=" + enc + "&Protocol=AutodiscoverV1"
			body, contentType := "address="+enc+"&login="+enc+"&lang=en", "application/x-www-form-urlencoded"
			switch {
			case strings.Contains(path, "autodiscover.xml"):
				body, contentType = outlook(canary), "text/xml"
			case strings.HasPrefix(path, "/api/"):
				body, contentType = `{"address":"`+canary+`"}`, "application/json"
			}
			if method == http.MethodGet || method == http.MethodHead {
				body = ""
			}
			r := d.do(method, full, body, "Content-Type", contentType, "Authorization", "Basic "+local, "Referer", "https://help.mail.test/?a="+canary)
			n++
			if loc := r.header.Get("Location"); strings.Contains(loc, local) && (strings.HasPrefix(path, "/setup") || strings.HasPrefix(path, "/p/") || strings.Contains(path, "auto")) {
				t.Errorf("%s %s redirects to %s", method, full, loc)
			}
			if strings.Contains(r.body, local) && !strings.HasPrefix(path, "/api/v1/search") && !strings.HasPrefix(path, "/search") && r.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s may be kept: %s", method, full, r.header.Get("Cache-Control"))
			}
			for name, list := range r.header {
				if name != "Location" && strings.Contains(strings.Join(list, " "), local) {
					t.Errorf("%s %s: header %s holds the address", method, full, name)
				}
			}
		}
	}
	if n < 40 {
		t.Fatalf("%d requests only", n)
	}
	if log := d.log.String(); strings.Contains(log, local) {
		t.Errorf("the log holds the address:\n%s", log)
	}
	for _, path := range []string{"/metrics", "/problems", "/verify"} {
		if strings.Contains(d.admin(path), local) {
			t.Errorf("%s holds the address", path)
		}
	}
}

// Guides are among the pages that never need the visitor's address.
func TestEveryGuideOfTheSample(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	p := d.live.Snapshot().Library.Provider()
	for client := range p.Help {
		if r := d.get("/setup/" + client); slices.Contains(provider.Clients, client) != (r.status == 200) {
			t.Errorf("/setup/%s: %d", client, r.status)
		}
	}
}
