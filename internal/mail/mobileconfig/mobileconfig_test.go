package mobileconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"howett.net/plist"

	"signpost/internal/mail/address"
	"signpost/internal/mail/dovecottest"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
)

var update = flag.Bool("update", false, "write the golden files")

func example() *provider.Provider {
	password := []provider.Auth{provider.Password}
	return &provider.Provider{
		ID: "example.net", Domains: []string{"example.net"}, Login: "{address}",
		Name: map[string]string{"default": "Example Mail", "de": "Beispiel & Söhne Post"},
		Services: []provider.Service{
			{Use: provider.IMAP, Host: "imap.example.net", Port: 993, Security: provider.TLS, Auth: []provider.Auth{provider.SCRAM, provider.Password}, Login: "{address}"},
			{Use: provider.POP3, Host: "pop.example.net", Port: 995, Security: provider.TLS, Auth: []provider.Auth{provider.APOP}, Login: "{address}"},
			{Use: provider.Submit, Host: "smtp.example.net", Port: 587, Security: provider.STARTTLS, Auth: password, Login: "{address}"},
			{Use: provider.CalDAV, URL: "https://dav.example.net:8443/cal/{address}/", Security: provider.TLS, Auth: password, Login: "{address}"},
			{Use: provider.CardDAV, URL: "https://dav.example.net/card/{address}/", Security: provider.TLS, Auth: password, Login: "{address}"},
		},
		Except: []provider.Exception{{
			Client: "apple-mail", Replaces: []string{"host", "auth"}, Because: "apple-mail-pop",
			Service: provider.Service{Use: provider.POP3, Host: "apop.example.net", Auth: []provider.Auth{provider.APOP, provider.Password}},
		}},
		Profile: provider.ProfileTexts{
			Organization: "Example GmbH",
			Consent:      map[string]string{"default": "This adds an account.\nNothing else.", "de": "Das richtet ein Konto ein."},
		},
	}
}

func account(t testing.TB, addr, client string) provider.Account {
	t.Helper()
	a, err := address.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	return example().Account(a, client)
}

func mustProfile(t testing.TB, addr string, o Options) []byte {
	t.Helper()
	got, err := Profile(account(t, addr, "apple-mail"), o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func decode(t testing.TB, profile []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if _, err := plist.Unmarshal(profile, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

var profiles = map[string]Options{
	"imap":     {},
	"imap-dav": {Protocol: provider.IMAP, DAV: true, Lang: "de", Name: "Neil O'Neil", Device: IPhone, Texts: Texts{Title: "Beispiel", Description: "Richtet ein."}},
	"pop3":     {Protocol: provider.POP3},
}

func TestGolden(t *testing.T) {
	for name, o := range profiles {
		t.Run(name, func(t *testing.T) {
			got := mustProfile(t, "o'neil&sons+tag@example.net", o)
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// keys of one payload in Apple's schema: name -> [type, required, values, …]
type schemaKeys map[string][]any

func loadSchema(t *testing.T) map[string]schemaKeys {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "apple-profile-schema.json"))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("Apple's schema is not beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	schema := map[string]schemaKeys{}
	for name, raw := range all {
		var payload struct{ Keys schemaKeys }
		if json.Unmarshal(raw, &payload) == nil {
			schema[name] = payload.Keys
		}
	}
	return schema
}

// TestSchema checks every key of every payload: known, right type, allowed
// value; and that no required key is missing.
func TestSchema(t *testing.T) {
	schema := loadSchema(t)
	types := map[string]string{
		"string": "string", "uint64": "integer", "int64": "integer", "bool": "boolean", "float64": "real",
		"[]interface {}": "array", "map[string]interface {}": "dictionary",
	}
	check := func(where string, payload map[string]any, sets ...schemaKeys) {
		for key, value := range payload {
			var rule []any
			for _, set := range sets {
				if r, ok := set[key]; ok {
					rule = r
				}
			}
			if rule == nil {
				t.Errorf("%s: unknown key %s", where, key)
				continue
			}
			if got := types[fmt.Sprintf("%T", value)]; got != rule[0] {
				t.Errorf("%s: %s is %s, want %v", where, key, got, rule[0])
			}
			if allowed, ok := rule[2].([]any); ok && !slices.ContainsFunc(allowed, func(a any) bool { return fmt.Sprint(a) == fmt.Sprint(value) }) {
				t.Errorf("%s: %s is %v, allowed: %v", where, key, value, allowed)
			}
		}
		for _, set := range sets {
			for key, rule := range set {
				if _, ok := payload[key]; !ok && rule[1] == 1.0 {
					t.Errorf("%s: the required key %s is missing", where, key)
				}
			}
		}
	}
	for name, o := range profiles {
		top := decode(t, mustProfile(t, "kari@example.net", o))
		check(name, top, schema["TopLevel"], schema["CommonPayloadKeys"])
		for _, p := range top["PayloadContent"].([]any) {
			payload := p.(map[string]any)
			kind := payload["PayloadType"].(string)
			check(name+" "+kind, payload, schema[kind], schema["CommonPayloadKeys"])
		}
	}
}

// identities returns all identifiers and UUIDs of a profile, the profile's first.
func identities(t testing.TB, profile []byte) (all []string) {
	top := decode(t, profile)
	all = append(all, top["PayloadIdentifier"].(string), top["PayloadUUID"].(string))
	for _, p := range top["PayloadContent"].([]any) {
		payload := p.(map[string]any)
		all = append(all, payload["PayloadIdentifier"].(string), payload["PayloadUUID"].(string))
	}
	return all
}

func TestIdentities(t *testing.T) {
	all := Options{DAV: true}
	kari := identities(t, mustProfile(t, "kari.secret@example.net", all))
	if sorted := slices.Compact(slices.Sorted(slices.Values(kari))); len(sorted) != len(kari) {
		t.Errorf("repeated within a profile: %q", kari)
	}
	if diff := cmp.Diff(kari, identities(t, mustProfile(t, "Kari.Secret@Example.NET", Options{DAV: true, Lang: "de"}))); diff != "" {
		t.Errorf("the same mailbox has other identities: %s", diff)
	}
	for _, id := range kari {
		if strings.Contains(strings.ToLower(id), "secret") {
			t.Errorf("%q holds the local part", id)
		}
	}
	for _, other := range [][]byte{mustProfile(t, "ola@example.net", all), mustProfile(t, "kari.secret@example.net", Options{Protocol: provider.POP3})} {
		for _, id := range identities(t, other) {
			if slices.Contains(kari, id) {
				t.Errorf("%q is in both profiles", id)
			}
		}
	}
	// Installed profiles depend on these for ever.
	want := []string{"net.example.mail.8cad948bacc7b7df.imap", "49BFF5D8-01E0-5ED5-BCF6-3003E70DBA78"}
	if diff := cmp.Diff(want, kari[:2]); diff != "" {
		t.Error(diff)
	}
}

// TestToldApart: two mailboxes on one device have different names in its lists.
func TestToldApart(t *testing.T) {
	names := map[string]bool{}
	for _, addr := range []string{"kari@example.net", "ola@example.net", "jo@bücher.example"} {
		m := decode(t, mustProfile(t, addr, Options{DAV: true}))
		if title := m["PayloadDisplayName"].(string); !strings.Contains(title, addr) {
			t.Errorf("the profile of %s is called %q", addr, title)
		}
		for _, p := range m["PayloadContent"].([]any) {
			for key, value := range p.(map[string]any) {
				if !strings.HasSuffix(key, "AccountDescription") {
					continue
				}
				if value != addr || names[key+addr] {
					t.Errorf("%s of %s is %q", key, addr, value)
				}
				names[key+addr] = true
			}
		}
	}
	if len(names) != 9 {
		t.Errorf("%d descriptions", len(names))
	}
}

// TestName: the name of the person is written as it is, and left out when it is
// not given.
func TestName(t *testing.T) {
	for _, name := range []string{"Kari Nordmann", `Ola "Ole" O'Neil & <Co>`, "林 🎣 José", strings.Repeat("ø", 64), ""} {
		profile := mustProfile(t, "kari@example.net", Options{Name: name})
		m := decode(t, profile)["PayloadContent"].([]any)[0].(map[string]any)
		if got, given := m["EmailAccountName"]; given != (name != "") || given && got != name {
			t.Errorf("%q became %v", name, got)
		}
	}
	if _, err := Profile(account(t, "kari@example.net", "apple-mail"), Options{Name: "Kari\nOla"}); !errors.Is(err, ErrControl) {
		t.Errorf("a name of two lines: %v", err)
	}
}

func TestAppleException(t *testing.T) {
	m := decode(t, mustProfile(t, "kari@example.net", Options{Protocol: provider.POP3}))["PayloadContent"].([]any)[0].(map[string]any)
	if m["IncomingMailServerHostName"] != "apop.example.net" || m["IncomingMailServerAuthentication"] != "EmailAuthPassword" {
		t.Errorf("POP3 for Apple Mail: %v", m)
	}
}

// TestQuery: the whole address of a calendar is kept, behind a question mark too.
func TestQuery(t *testing.T) {
	p := example()
	p.Services = append(p.Services, provider.Service{Use: provider.CalDAV, URL: "https://dav.example.net/cal?user={address}&x=1", Security: provider.TLS, Auth: []provider.Auth{provider.Password}, Login: "{address}"})
	p.Services = slices.DeleteFunc(p.Services, func(s provider.Service) bool {
		return s.Use == provider.CalDAV && !strings.Contains(s.URL, "?")
	})
	profile, err := Profile(p.Account(address.Address{Local: "kari&co", Domain: "example.net"}, ""), Options{DAV: true})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, payload := range decode(t, profile)["PayloadContent"].([]any) {
		m := payload.(map[string]any)
		found = found || m["CalDAVPrincipalURL"] == "/cal?user=kari%26co@example.net&x=1"
	}
	if !found {
		t.Errorf("no such principal URL in\n%s", profile)
	}
}

func TestErrors(t *testing.T) {
	kari := address.Address{Local: "kari", Domain: "example.net"}
	with := func(change func(*provider.Provider)) provider.Account {
		p := example()
		change(p)
		return p.Account(kari, "")
	}
	tests := []struct {
		name    string
		account provider.Account
		o       Options
		want    error
		says    string
	}{
		{"APOP only", example().Account(kari, ""), Options{Protocol: provider.POP3}, ErrNotExpressible, "apop only"},
		{"OAuth2 only", with(func(p *provider.Provider) { p.Services[0].Auth = []provider.Auth{provider.OAuth2} }), Options{}, ErrNotExpressible, "oauth2 only"},
		{"unencrypted", with(func(p *provider.Provider) { p.Services[0].Security = provider.Plain }), Options{}, ErrNotExpressible, "not encrypted"},
		{"nothing to send with", with(func(p *provider.Provider) { p.Services = p.Services[:2] }), Options{}, ErrNotExpressible, "submit"},
		{"wrong protocol", example().Account(kari, ""), Options{Protocol: provider.JMAP}, ErrNotExpressible, "jmap"},
		{"no address", example().Account(address.Address{}, ""), Options{}, ErrNoAddress, "address"},
		{"control character in a name", with(func(p *provider.Provider) { p.Name["default"] = "a\x00b" }), Options{}, ErrControl, `a\x00b`},
		{"control character in a login", example().Account(kari, "").WithLogin("a\x1bb"), Options{}, ErrControl, `a\x1bb`},
		{"line break in a login", example().Account(kari, "").WithLogin("a\nb"), Options{}, ErrControl, `a\nb`},
		{"control character in the consent", with(func(p *provider.Provider) { p.Profile.Consent["default"] = "a\x08" }), Options{}, ErrControl, `a\b`},
		{"invalid UTF-8", with(func(p *provider.Provider) { p.Profile.Organization = "a\xff" }), Options{}, ErrControl, `a\xff`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Profile(tt.account, tt.o)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v, want %v saying %q", err, tt.want, tt.says)
			}
		})
	}
}

// TestForeignReaders lets plistutil and xmllint read the profiles of hostile
// addresses, and checks that nothing was lost.
func TestForeignReaders(t *testing.T) {
	plistutil := dovecottest.RequireProgram(t, "plistutil")
	xmllint := dovecottest.RequireProgram(t, "xmllint")
	for _, a := range hostile.Addresses() {
		addr := a.String()
		acc := example().Account(a, "apple-mail")
		profile, err := Profile(acc, Options{DAV: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, cmd := range []*exec.Cmd{
			exec.CommandContext(t.Context(), plistutil, "-i", "-", "-o", "-", "-f", "bin"),
			exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "-"),
		} {
			cmd.Stdin = bytes.NewReader(profile)
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil || stderr.Len() != 0 {
				t.Errorf("%s: %s: %v %s", addr, cmd.Path, err, &stderr)
				continue
			}
			if len(out) == 0 {
				continue
			}
			m := decode(t, out)["PayloadContent"].([]any)[0].(map[string]any)
			if m["EmailAddress"] != acc.Address.String() || m["IncomingMailServerUsername"] != acc.Address.String() {
				t.Errorf("%s was read as %q", addr, m["EmailAddress"])
			}
		}
	}
}

func FuzzProfile(f *testing.F) {
	f.Add("kari@example.net", "Example", "consent")
	f.Add("a\x00", "]]>", "a\nb")
	f.Fuzz(func(t *testing.T, login, name, text string) {
		if login == "" {
			login = "kari@example.net"
		}
		acc := account(t, "kari@example.net", "").WithLogin(login)
		acc.Provider.Name["default"] = name
		acc.Provider.Profile.Consent["default"] = text
		profile, err := Profile(acc, Options{})
		if err != nil {
			if !errors.Is(err, ErrControl) {
				t.Error(err)
			}
			return
		}
		m := decode(t, profile)["PayloadContent"].([]any)[0].(map[string]any)
		if m["IncomingMailServerUsername"] != login {
			t.Errorf("%q was read as %q", login, m["IncomingMailServerUsername"])
		}
	})
}
