package contact

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"signpost/internal/relay"
	"signpost/internal/webhook"
)

// TestHook: what a webhook receives is signed, whole, and names the customer; its
// answer decides what becomes of the message.
func TestHook(t *testing.T) {
	secret, err := webhook.ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	var got HookBody
	answer := http.StatusAccepted
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if want := secret.Sign(r.Header.Get("Webhook-Id"), at.Add(time.Minute), body).Get("Webhook-Signature"); r.Header.Get("Webhook-Signature") != want {
			t.Errorf("signed %s, want %s", r.Header.Get("Webhook-Signature"), want)
		}
		got = HookBody{}
		if err := json.Unmarshal(body, &got); err != nil || r.Header.Get("Webhook-Id") != got.Data.Reference {
			t.Errorf("%v %s", err, body)
		}
		if len(got.Data.Files) == 0 && !strings.Contains(string(body), `"files":[]`) {
			t.Errorf("files are %s", body)
		}
		w.WriteHeader(answer)
	}))
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	h := Hook{
		Client: webhook.NewOwn([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, roots), Target: server.URL + "/tickets", Secret: secret,
		Now: func() time.Time { return at.Add(time.Minute) },
	}
	m := Message{
		Reference: "K7Q2-9F3M", Customer: Customer{Subject: "Grüße", Text: "Grüße\n\"<b>", Address: "jo@example.org", Mailbox: "jo@example.com", Language: "de", Unverified: true},
		Mail: relay.Mail{Date: at, Text: "with a footer", Files: []relay.File{{Name: "attachment-1.txt", Type: "text/plain", Data: []byte("x")}}},
	}
	if err := h.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if got.Type != "contact.message" || !got.Timestamp.Equal(at) || got.Data.Customer != m.Customer || len(got.Data.Files) != 1 || string(got.Data.Files[0].Data) != "x" {
		t.Errorf("%+v", got)
	}
	m.Customer, m.Mail.Files = Customer{}, nil // as an earlier version kept it
	if m.Mail.ReplyTo = "jo@example.org"; h.Send(t.Context(), m) != nil || got.Data.Text != "with a footer" || got.Data.Address != "jo@example.org" {
		t.Errorf("%+v", got)
	}
	for status, permanent := range map[int]bool{404: true, 410: true, 408: false, 429: false, 500: false, 302: false} {
		answer = status
		var why *relay.Error
		if err := h.Send(t.Context(), m); !errors.As(err, &why) || why.Permanent != permanent {
			t.Errorf("%d: %v", status, err)
		}
	}
}
