package autoconfig

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/address"
	"signpost/internal/mail/foreign"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

// readXML has Thunderbird read files as it reads them from the network, and
// fill in the placeholders as it does before it makes an account.
const readXML = `
const {JXON} = ChromeUtils.importESModule("resource:///modules/JXON.sys.mjs");
const {readFromXML} = ChromeUtils.importESModule("resource:///modules/accountcreation/readFromXML.sys.mjs");
const {AccountConfig} = ChromeUtils.importESModule("resource:///modules/accountcreation/AccountConfig.sys.mjs");
const row = s => [s.type, s.hostname, s.port, {2: "starttls", 3: "tls"}[s.socketType] ?? "plain", {3: "password", 4: "encrypted", 10: "oauth2"}[s.auth] ?? String(s.auth), s.username].join(" ");
return args[0].map(([xml, email]) => {
  try {
    const doc = new DOMParser().parseFromString(xml, "text/xml");
    const c = readFromXML(JXON.build(doc), "test");
    if (email) {
      AccountConfig.replaceVariables(c, "A Name", email, "");
    }
    return [c.displayName, ...[c.incoming, ...c.incomingAlternatives, c.outgoing, ...c.outgoingAlternatives].map(row)];
  } catch (e) {
    return [String(e)];
  }
});`

// want is what Thunderbird should understand: the services in order, the kinds
// it does not know left out, the first way to sign in that it can use here.
func want(acc provider.Account) []string {
	rows := []string{acc.Provider.NameIn("default")}
	for _, uses := range [][]provider.Use{{provider.IMAP, provider.POP3}, {provider.Submit}} {
		for _, s := range acc.Services {
			if s.Security == provider.Plain || s.Use != uses[0] && s.Use != uses[len(uses)-1] {
				continue
			}
			kind, auth := string(s.Use), "encrypted"
			if s.Use == provider.Submit {
				kind = "smtp"
			}
			if s.Auth[0] == provider.Password || s.Auth[0] == provider.OAuth2 {
				auth = "password"
			}
			rows = append(rows, fmt.Sprintf("%s %s %d %s %s %s", kind, s.Host, s.Port, s.Security, auth, s.Login))
		}
	}
	return rows
}

// TestThunderbird: the program itself understands every file, for every
// address that it can handle at all.
func TestThunderbird(t *testing.T) {
	tb := foreign.StartThunderbird(t, nil)
	var files [][2]string
	var accounts []provider.Account
	add := func(acc provider.Account, o Options, email string) {
		files = append(files, [2]string{encode(t, acc, o), email})
		accounts = append(accounts, acc)
	}
	for _, p := range []*provider.Provider{providertest.Sample(t), providertest.Odd(t)} {
		for _, a := range hostile.Addresses() {
			if strings.Contains(a.Local, "@") || strings.Contains(a.Local, "%EMAIL") {
				continue // Thunderbird refuses a second @, and fills in placeholders again in what it filled in
			}
			add(p.Account(a, ""), Options{Docs: docs}, a.String())
			add(p.Account(a, ""), Options{Version: V11}, a.String())
		}
		// Customer numbers look like numbers, but are names.
		for _, local := range []string{"12345", "0012345", "1e3", "0x10", "1.50", "true", "TRUE", "-0", "1234567890123456789012"} {
			add(p.Account(address.Address{Local: local, Domain: "example.com"}, ""), Options{}, local+"@example.com")
		}
	}
	dotted := providertest.Load(t, "{provider: x.example, name: X, domains: [x.example], login: '{local}.{domain}', services: [{use: imap, host: i.x.example}, {use: submit, host: s.x.example}]}")
	for _, local := range []string{"alice", "%EMAILLOCALPART%", "a%EMAILADDRESS%b"} {
		a := address.Address{Local: local, Domain: "x.example"}
		add(dotted.Account(a, ""), Options{}, a.String())
	}
	// Without an address: its placeholders, but for the second outgoing server.
	p := providertest.Sample(t)
	add(p.Account(address.Address{}, ""), Options{}, "alice@example.com")
	accounts[len(accounts)-1] = p.Account(providertest.Address(t, "alice@example.com"), "")
	accounts[len(accounts)-1].Services[4].Login = phAddress
	var got [][]string
	tb.Script(t, &got, readXML, files)
	for i, acc := range accounts {
		if diff := cmp.Diff(want(acc), got[i]); diff != "" {
			t.Errorf("%q at %s: %s", acc.Address, acc.Provider.ID, diff)
		}
	}
	t.Logf("Thunderbird read %d files", len(files))
}
