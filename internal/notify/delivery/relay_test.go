package delivery_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/dovecottest"
	"signpost/internal/notify"
	"signpost/internal/notify/delivery"
	"signpost/internal/notify/intent"
	"signpost/internal/relay"
)

// TestRealRelay sends through Dovecot's submission service: each subscriber's mail
// arrives once, with its own Message-ID and return address.
func TestRealRelay(t *testing.T) {
	t.Parallel()
	const user, password = "status@post.test", "secret"
	server := dovecottest.Start(t, dovecottest.Options{Users: map[string]string{user: password}})
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := relay.New(relay.Config{
		URL: "smtps://status%40post.test@" + net.JoinHostPort(dovecottest.Address, strconv.Itoa(server.Submissions)), PasswordFile: file, Roots: server.CA.Pool(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	store, _ := s.replica()
	mail := senderFunc(func(ctx context.Context, m notify.Message) error {
		return out.Send(ctx, relay.Mail{
			From: user, Envelope: m.Return + "@bounces.post.test", To: m.Subscription.Target, Subject: string(m.Event.Kind), Text: "IMAP is down.\n",
			ID: m.ID + "@post.test", Date: m.Date,
		})
	})
	r := delivery.New(delivery.Config{
		Store: store.Notices, Board: s.state, Senders: map[notify.Channel]notify.Sender{notify.Mail: mail}, Rules: intent.DefaultRules, Rate: 50,
		Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
	})
	s.step(r)
	const people = 30
	for i := range people {
		s.subscribe(store.Notices, notify.Request{Target: fmt.Sprintf("p%d@d%d.example.net", i, i%7), Choice: notify.Choice{Language: "en"}})
	}
	s.begun(r)
	s.until("18:02:00", r)
	ids, returns, receivers := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, m := range server.Sent() {
		_, rest, _ := strings.Cut(m.Text, "Message-ID: ")
		id, _, _ := strings.Cut(rest, "\r\n")
		ids[id], returns[m.From], receivers[m.To[0]] = true, true, true
	}
	if n := len(server.Sent()); n != people || len(ids) != people || len(returns) != people || len(receivers) != people {
		t.Errorf("%d mails with %d ids from %d return addresses to %d people", n, len(ids), len(returns), len(receivers))
	}
	p, err := store.Notices.Progress(t.Context(), "imap")
	if err != nil || p.Delivered != people || p.Waiting != 0 {
		t.Errorf("%+v %v", p, err)
	}
}
