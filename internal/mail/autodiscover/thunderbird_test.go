package autodiscover

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/foreign"
	"signpost/internal/mail/hostile"
	"signpost/internal/mail/provider"
	"signpost/internal/mail/provider/providertest"
)

// discover has Thunderbird ask for an address as it does when somebody types it.
const discover = `
const {fetchConfigFromExchange} = ChromeUtils.importESModule("resource:///modules/accountcreation/ExchangeAutoDiscover.sys.mjs");
const row = s => [s.type, s.hostname, s.port, {2: "starttls", 3: "tls"}[s.socketType] ?? "plain", {3: "password"}[s.auth] ?? String(s.auth), s.username].join(" ");
const all = [];
for (const [domain, email] of args[0]) {
  try {
    const c = await fetchConfigFromExchange(domain, email, new AbortController().signal, null, "secret", async () => {});
    all.push([c.incoming, ...c.incomingAlternatives, c.outgoing, ...c.outgoingAlternatives].map(row));
  } catch (e) {
    all.push([String(e) + (e.errors || []).map(String)]);
  }
}
return all;`

// TestThunderbird: the program's own request is understood, and it understands
// the answer.
func TestThunderbird(t *testing.T) {
	p := providertest.Sample(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxRequest))
		if err != nil {
			return
		}
		w.Header().Set("Content-Type", ContentType)
		a, err := ParseRequest(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		answer, err := Encode(p.Account(a, ""))
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(answer) // the client may have given up
	}))
	defer server.Close()
	port := server.URL[strings.LastIndexByte(server.URL, ':')+1:]
	tb := foreign.StartThunderbird(t, map[string]string{
		"network.dns.forceResolve": `"127.0.0.1"`,
		"network.socket.forcePort": fmt.Sprintf("%q", "80="+port+";443=1"),
	})
	var asked [][2]string
	var want [][]string
	for _, a := range hostile.Addresses() {
		if a.Local == "&amp;" || a.Local == "&#38;" || a.Local == "<!--" {
			continue // unescaped in the request, these say something else
		}
		asked = append(asked, [2]string{a.Domain, a.String()})
		acc := p.Account(a, "")
		var rows []string
		for _, use := range []provider.Use{provider.IMAP, provider.POP3, provider.Submit} {
			s, _ := acc.First(use)
			kind := map[provider.Use]string{provider.IMAP: "imap", provider.POP3: "pop3", provider.Submit: "smtp"}[use]
			rows = append(rows, fmt.Sprintf("%s %s %d tls password %s", kind, s.Host, s.Port, a))
		}
		want = append(want, rows)
	}
	var got [][]string
	tb.Script(t, &got, discover, asked)
	for i := range want {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%s: %s", asked[i][1], diff)
		}
	}
	t.Logf("Thunderbird asked for %d addresses", len(asked))
}
