package autodiscover

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"signpost/internal/mail/address"
	"signpost/internal/mail/foreign"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

var update = flag.Bool("update", false, "write the files of testdata anew")

func TestGolden(t *testing.T) {
	sample, odd := providertest.Sample(t), providertest.Odd(t)
	alice := providertest.Address(t, "alice@example.com")
	for name, acc := range map[string]provider.Account{
		"sample.xml":  sample.Account(alice, ""),
		"outlook.xml": sample.Account(alice, "outlook-classic"),
		"odd.xml":     odd.Account(providertest.Address(t, "o'neil&sons+tag@bücher.example"), ""),
	} {
		b, err := Encode(acc)
		if err != nil {
			t.Fatal(err)
		}
		foreign.Golden(t, *update, name, b)
	}
	now := time.Date(2026, 11, 23, 14, 5, 6, 789, time.UTC)
	for name, code := range map[string]Code{"error-500.xml": CodeAddress, "error-600.xml": CodeInvalid, "error-601.xml": CodeSchema} {
		b, err := EncodeError(code, now)
		if err != nil {
			t.Fatal(err)
		}
		foreign.Golden(t, *update, name, b)
	}
}

// TestRoundTrip: every address survives our decoder, a request of our own and
// one as Thunderbird writes it, unescaped.
func TestRoundTrip(t *testing.T) {
	p := providertest.Sample(t)
	for _, a := range hostile.Addresses() {
		b, err := Encode(p.Account(a, ""))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(b)
		if err != nil || r.Outlook == nil {
			t.Fatalf("%q: %v", a, err)
		}
		var types []string
		for _, p := range r.Outlook.Account.Protocols {
			types = append(types, p.Type)
			if p.LoginName != a.String() {
				t.Errorf("login %q, want %q", p.LoginName, a)
			}
		}
		if strings.Join(types, " ") != "IMAP POP3 SMTP" {
			t.Errorf("protocols %v", types)
		}
		var escaped strings.Builder
		if err := xml.EscapeText(&escaped, []byte(a.String())); err != nil {
			t.Fatal(err)
		}
		if got, err := ParseRequest([]byte(request(escaped.String(), schemaOutlook))); err != nil || got != a {
			t.Errorf("escaped request for %q: %v, %v", a, got, err)
		}
		if a.Local == "&amp;" || a.Local == "&#38;" || a.Local == "<!--" || a.Local == "x" {
			continue // unescaped, these mean something else
		}
		if got, err := ParseRequest([]byte(request(a.String(), schemaOutlook))); err != nil || got != a {
			t.Errorf("unescaped request for %q: %v, %v", a, got, err)
		}
	}
}

func request(email, schema string) string {
	return `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>` + email + `</EMailAddress>
    <AcceptableResponseSchema>` + schema + `</AcceptableResponseSchema>
  </Request>
</Autodiscover>`
}

func TestParseRequest(t *testing.T) {
	const mobile = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"
	good := request("alice@example.com", schemaOutlook)
	units := utf16.Encode([]rune("\uFEFF" + strings.Replace(good, "utf-8", "utf-16", 1)))
	var be, le, leBare []byte
	for _, u := range units {
		be = append(be, byte(u>>8), byte(u))
		le = append(le, byte(u), byte(u>>8))
	}
	leBare = le[2:]
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">` + strings.Repeat(`<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">`, 20) + `]>`
	tests := []struct {
		name, body, want string
		err              error
	}{
		{"outlook", good, "alice@example.com", nil},
		{"no schema", strings.Replace(good, schemaOutlook, "", 1), "alice@example.com", nil},
		{"mobile device", request("alice@example.com", mobile), "", ErrSchema},
		{"unknown schema", request("alice@example.com", "http://schema.example/"), "", ErrSchema},
		{"unescaped ampersand", request("o'neil&sons+tag@example.com", schemaOutlook), "o'neil&sons+tag@example.com", nil},
		{"unescaped ampersand at the end of a name", request("a&b;c@example.com", schemaOutlook), "", ErrAddress},
		{"unescaped brackets", request(`"<x>"@example.com`, schemaOutlook), `"<x>"@example.com`, nil},
		{"CDATA", request("<![CDATA[o'neil&sons@example.com]]>", schemaOutlook), "o'neil&sons@example.com", nil},
		{"UTF-16 big endian", string(be), "alice@example.com", nil},
		{"UTF-16 little endian", string(le), "alice@example.com", nil},
		{"UTF-16 without mark", string(leBare), "alice@example.com", nil},
		{"declared UTF-16, sent UTF-8", strings.Replace(good, "utf-8", "utf-16", 1), "alice@example.com", nil},
		{"declared us-ascii", strings.Replace(good, "utf-8", "us-ascii", 1), "alice@example.com", nil},
		{"unknown charset", strings.Replace(good, "utf-8", "klingon", 1), "alice@example.com", nil},
		{"latin-1", request("bj\xf6rn@example.com", schemaOutlook), "björn@example.com", nil},
		{"byte order mark", "\xef\xbb\xbf" + good, "alice@example.com", nil},
		{"prefix", `<a:Autodiscover xmlns:a="x"><a:Request><a:EMailAddress>alice@example.com</a:EMailAddress></a:Request></a:Autodiscover>`, "alice@example.com", nil},
		{"other case", strings.ReplaceAll(good, "EMailAddress", "EmailAddress"), "alice@example.com", nil},
		{"document type with an entity", `<!DOCTYPE x [<!ENTITY e "alice">]><x><EMailAddress>&e;@example.com</EMailAddress></x>`, "", ErrAddress},
		{"external entity", `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x><EMailAddress>&e;</EMailAddress></x>`, "", ErrAddress},
		{"bomb", bomb + good[len(`<?xml version="1.0" encoding="utf-8"?>`):], "alice@example.com", nil},
		{"first address wins", good + request("bob@example.com", ""), "alice@example.com", nil},
		{"unclosed", "<x><EMailAddress>alice@example.com", "alice@example.com", nil},
		{"empty", "", "", ErrInvalid},
		{"spaces", " \r\n", "", ErrInvalid},
		{"html", "<html><p>no", "", ErrInvalid},
		{"json", `{"Email":"alice@example.com"}`, "", ErrInvalid},
		{"no address", request("", schemaOutlook), "", ErrInvalid},
		{"not an address", request("alice", schemaOutlook), "", ErrAddress},
		{"control character", request("ali&#13;&#10;ce@example.com", schemaOutlook), "", ErrAddress},
		{"deep", strings.Repeat("<a>", 20000), "", ErrInvalid},
		{"too large", good + strings.Repeat(" ", MaxRequest), "", ErrTooLarge},
		{"noise", string([]byte{0xff, 0xfe, 0x00}), "", ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := ParseRequest([]byte(tt.body))
			if a.String() != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %q, %v, want %q, %v", a, err, tt.want, tt.err)
			}
		})
	}
}

func TestCodeOf(t *testing.T) {
	for err, want := range map[error]Code{ErrTooLarge: 600, ErrInvalid: 600, ErrSchema: 601, ErrAddress: 500} {
		if got := CodeOf(err); got != want {
			t.Errorf("CodeOf(%v) = %d, want %d", err, got, want)
		}
	}
}

// TestDefects: mistakes that other generators make, each of them seen to break
// a mail program.
func TestDefects(t *testing.T) {
	for _, client := range []string{"", "outlook-classic"} {
		acc := providertest.Sample(t).Account(providertest.Address(t, "o'neil&sons@example.com"), client)
		b, err := Encode(acc)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Decode(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Outlook.Account.Protocols {
			if p.Type == "POP" {
				t.Error("Thunderbird drops POP; it is called POP3")
			}
			if p.SPA != "off" {
				t.Error("SPA on makes Thunderbird try NTLM")
			}
			if p.SSL != "on" {
				t.Error("SSL off makes Thunderbird set up plaintext")
			}
			starttls := p.Port == 587 || p.Port == 143 || p.Port == 110
			if want := map[bool]string{true: "TLS", false: "SSL"}[starttls]; p.Encryption != want {
				t.Errorf("Encryption %s at %d: Outlook would speak the wrong one", p.Encryption, p.Port)
			}
		}
		src := string(b)
		if strings.Count(src, "<Account>") != 1 || strings.Contains(src, "<TLS>") || strings.Contains(src, "sons@") && !strings.Contains(src, "&amp;sons@") {
			t.Errorf("bad answer:\n%s", src)
		}
	}
}

// TestLeftOut: what a reader would take for something else is not offered.
func TestLeftOut(t *testing.T) {
	const head = "provider: x.example\nname: X\ndomains: [x.example]\nservices:\n  - {use: imap, host: a.x.example, "
	const tail = "}\n  - {use: submit, host: s.x.example}\n"
	alice := address.Address{Local: "alice", Domain: "x.example"}
	for name, what := range map[string]string{
		"starttls at an odd port": "port: 1143, security: starttls",
		"unprotected":             "security: plain, insecure: true",
		"cram-md5 only":           "auth: [cram-md5]",
		"tls at 143":              "port: 143",
	} {
		if _, err := Encode(providertest.Load(t, head+what+tail).Account(alice, "")); !errors.Is(err, ErrNothing) {
			t.Errorf("%s: %v, want ErrNothing", name, err)
		}
	}
	if _, err := Encode(providertest.Sample(t).Account(address.Address{}, "")); err == nil {
		t.Error("settings for nobody")
	}
}

func TestEncodeJSON(t *testing.T) {
	const url = "https://autodiscover.example.com/autodiscover/autodiscover.xml"
	for protocol, ok := range map[string]bool{"AutodiscoverV1": true, "Autodiscoverv1": true, "autodiscoverv1": true, "EWS": false, "ActiveSync": false, "": false, "<x>": false} {
		body, got := EncodeJSON(protocol, url)
		var m map[string]string
		if err := json.Unmarshal(body, &m); err != nil || got != ok {
			t.Fatalf("%s: %v, %v", protocol, got, err)
		}
		if ok && (m["Protocol"] != "AutodiscoverV1" || m["Url"] != url) || !ok && m["ErrorCode"] != "InvalidProtocol" {
			t.Errorf("%s: %s", protocol, body)
		}
	}
}

func TestForeignReader(t *testing.T) {
	xmllint := foreign.Look(t, "xmllint")
	p := providertest.Sample(t)
	for _, a := range hostile.Addresses() {
		b, err := Encode(p.Account(a, ""))
		if err != nil {
			t.Fatal(err)
		}
		got := foreign.Run(t, b, xmllint, "--nonet", "--xpath", "string(//*[local-name()='Protocol'][3]/*[local-name()='LoginName'])", "-")
		if strings.TrimSuffix(string(got), "\n") != a.String() {
			t.Errorf("xmllint reads %q, want %q", got, a)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, src := range map[string]string{
		"empty": "", "html": "<html/>", "no answer": `<Autodiscover xmlns="` + schemaResponse + `"/>`,
		"other namespace": `<Autodiscover xmlns="x"/>`, "large": strings.Repeat(" ", MaxRequest+1),
	} {
		if _, err := Decode([]byte(src)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	b, err := EncodeError(CodeSchema, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Decode(b)
	if err != nil || r.Error == nil || r.Error.Detail.Code != CodeSchema {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzParseRequest(f *testing.F) {
	f.Add([]byte(request("o'neil&sons@example.com", schemaOutlook)))
	f.Add([]byte("<!DOCTYPE x [<!ENTITY e 'a'>]><EMailAddress>&e;</EMailAddress>"))
	f.Add([]byte{0xff, 0xfe, '<', 0})
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := ParseRequest(body)
		if (err == nil) == a.IsZero() {
			t.Fatalf("%v, %v", a, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	b, err := Encode(providertest.Sample(f).Account(address.Address{Local: "a", Domain: "example.com"}, ""))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`<Autodiscover xmlns="` + schemaResponse + `"><Response><Error><ErrorCode>600</ErrorCode></Error></Response></Autodiscover>`))
	f.Fuzz(func(t *testing.T, src []byte) {
		r, err := Decode(src)
		if err == nil && (r.Outlook == nil) == (r.Error == nil) {
			t.Fatal("neither or both")
		}
	})
}
