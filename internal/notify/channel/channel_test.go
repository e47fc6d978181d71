package channel

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/mail/verify"
	"signpost/internal/notify"
	"signpost/internal/webhook"
)

var update = flag.Bool("update", false, "write the golden files")

var at = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

// hostile has what each of the formats would read as markup or as a mention.
func hostile() Note {
	return Note{
		State: "Cause found", Title: "IMAP <!channel> & *POP* are down", Level: "down", Lead: "Incoming mail is safe.",
		Facts: []Fact{{"Since", []string{"1 December 2026, 09:10 CET"}}, {"Affected", []string{"IMAP: down", "POP: down"}}}, Text: "@channel see [here](https://evil.test) ~~now~~\n# Größe",
		URL: "https://help.example.com/status/down", LinkText: "Read it on the status page",
		Event: Event{Type: "status.first", Timestamp: at, Data: Data{Post: "down", Kind: "incident", Updates: []string{"20261201T0810Z"}, Components: []Component{{"imap", "down"}}, Unaffected: []string{}}},
	}
}

func TestEncode(t *testing.T) {
	for _, c := range []notify.Channel{notify.Slack, notify.Mattermost, notify.Teams} {
		header, body, err := Encode(c, hostile())
		if err != nil || header.Get("Content-Type") != "application/json" {
			t.Fatalf("%s: %v %v", c, err, header)
		}
		var doc any
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		got, _ := json.MarshalIndent(doc, "", "  ")
		file := filepath.Join("testdata", string(c)+".json")
		if *update {
			if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)+"\n"); diff != "" {
			t.Errorf("%s (-want +got), -update writes it:\n%s", file, diff)
		}
	}
	header, body, err := Encode(notify.Ntfy, hostile())
	title, _ := new(mime.WordDecoder).DecodeHeader(header.Get("Title"))
	if err != nil || title != "Cause found: IMAP <!channel> & *POP* are down" || header.Get("Priority") != "4" || header.Get("Tags") != "rotating_light" || header.Get("Click") != hostile().URL || !strings.Contains(string(body), "Größe") {
		t.Errorf("ntfy: %v %v\n%s", err, header, body)
	}
	if _, _, err := Encode(notify.Mail, hostile()); err == nil {
		t.Error("a mail is not a chat")
	}
}

// TestLimits: no service is sent more than it takes.
func TestLimits(t *testing.T) {
	n := hostile()
	n.Title, n.Text = strings.Repeat("ä", 1000), strings.Repeat("ö*", 50_000)
	for c, most := range map[notify.Channel]int{notify.Slack: 12_000, notify.Mattermost: 30_000, notify.Teams: 28_000, notify.Ntfy: 4096} {
		if _, body, err := Encode(c, n); err != nil || len(body) > most {
			t.Errorf("%s: %d bytes, %v", c, len(body), err)
		}
	}
}

// TestSend: webhooks are signed and asked first, chats are told, and the answer
// decides whether it is worth another try.
func TestSend(t *testing.T) {
	secret, err := webhook.ParseSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	var answer func(w http.ResponseWriter, body []byte)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.HasPrefix(r.URL.Path, "/hook") {
			if want := secret.Sign("message", at, body).Get("Webhook-Signature"); r.Header.Get("Webhook-Signature") != want || r.Header.Get("Webhook-Id") != "message" {
				t.Errorf("signed %v", r.Header)
			}
		}
		answer(w, body)
	}))
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	s := Sender{
		Strange: webhook.New(nil, roots), Own: webhook.NewOwn([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, roots), Now: func() time.Time { return at },
		Note: func(m notify.Message) (Note, error) {
			if m.Event.Post == "gone" {
				return Note{}, &notify.Error{Permanent: true, Err: errors.New("gone")}
			}
			return hostile(), nil
		},
		Secret: func(owner, _ string) webhook.Secret { return secret },
	}
	send := func(c notify.Channel, kind notify.Kind, path string) error {
		return s.Send(context.Background(), notify.Message{ID: "message", Date: at, Event: notify.Event{Kind: kind}, Subscription: notify.Subscription{Channel: c, Target: server.URL + path}})
	}
	status := func(code int, text string) func(http.ResponseWriter, []byte) {
		return func(w http.ResponseWriter, _ []byte) { w.WriteHeader(code); io.WriteString(w, text) }
	}
	for name, tt := range map[string]struct {
		answer func(http.ResponseWriter, []byte)
		kind   notify.Kind
		want   error
	}{
		"echo": {func(w http.ResponseWriter, b []byte) {
			w.Write(b[strings.Index(string(b), `{"challenge"`) : strings.Index(string(b), "}")+1])
		}, notify.Confirm, nil},
		"text":           {status(200, "message\n"), notify.Confirm, nil},
		"takes anything": {status(200, "ok"), notify.Confirm, ErrChallenge},
		"event":          {status(204, ""), notify.First, nil},
	} {
		answer = tt.answer
		if err := send(notify.Webhook, tt.kind, "/hook"); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	answer = func(w http.ResponseWriter, body []byte) {
		var e Event
		if err := json.Unmarshal(body, &e); err != nil || e.Data.Post != "down" || !e.Timestamp.Equal(at) {
			t.Errorf("%v %s", err, body)
		}
	}
	if err := send(notify.Webhook, notify.Update, "/hook"); err != nil {
		t.Error(err)
	}
	for code, permanent := range map[int]bool{400: true, 410: true, 404: false, 429: false, 500: false} {
		answer = status(code, "")
		var why *notify.Error
		if err := send(notify.Slack, notify.First, "/chat"); !errors.As(err, &why) || why.Permanent != permanent {
			t.Errorf("%d: %v", code, err)
		}
	}
	err = s.Send(context.Background(), notify.Message{ID: "message", Subscription: notify.Subscription{Channel: notify.Slack, Target: strings.Replace(server.URL, "127.0.0.1:", "127.0.0.1:8443/", 1), Owner: "a subscriber"}})
	if !errors.Is(err, verify.ErrRefused) {
		t.Errorf("a subscriber's target on this machine: %v", err)
	}
	var why *notify.Error
	if err := s.Send(context.Background(), notify.Message{Event: notify.Event{Post: "gone"}, Subscription: notify.Subscription{Channel: notify.Slack, Target: server.URL}}); !errors.As(err, &why) || !why.Permanent {
		t.Errorf("a post that is gone: %v", err)
	}
}
