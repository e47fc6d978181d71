package setup

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/mail/mobileconfig"
	"signpost/internal/server/web"
	"signpost/internal/token"
)

// The links in QR codes outlive the process: what they hold is a format.
func TestSealedMailbox(t *testing.T) {
	a, err := address.Parse("kari@example.com")
	if err != nil {
		t.Fatal(err)
	}
	h := &Handlers{keys: token.New()}
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		m    mailbox
		ours bool
		want string
	}{
		{mailbox{address: a, login: "cust-4711", pop3: true}, false, `{"a":"kari@example.com","l":"cust-4711","p":true}`},
		{mailbox{address: a}, true, `{"a":"kari@example.com","o":true}`},
	} {
		token := h.sealMailbox(&web.Request{Now: now}, tt.m, tt.ours)
		if got, err := h.keys.Unseal("setup", token, now.Add(9*time.Minute)); err != nil || string(got) != tt.want {
			t.Errorf("%s, want %s: %v", got, tt.want, err)
		}
		if _, err := h.keys.Unseal("setup", token, now.Add(11*time.Minute)); err == nil {
			t.Errorf("%s: the link lives for more than ten minutes", tt.want)
		}
	}
}

// Signing is bounded: who does not get his turn in time is asked to come back.
func TestSigningTakesTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &Handlers{signing: make(chan struct{}, 1)}
		h.signing <- struct{}{}
		begin := time.Now()
		_, err := h.sign(context.Background(), &mobileconfig.Signer{}, []byte("profile"))
		if e := web.AsError(err); e.Status != http.StatusServiceUnavailable || e.Retry == 0 {
			t.Errorf("with all signers busy: %v", err)
		}
		if waited := time.Since(begin); waited != signTime {
			t.Errorf("it waited for %v", waited)
		}
		if len(h.signing) != 1 {
			t.Error("the turn of another was taken")
		}
	})
}
