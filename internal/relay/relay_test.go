package relay

import (
	"context"
	"errors"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/dovecottest"
)

func secret(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestNew(t *testing.T) {
	file := secret(t, "s e#cret\n")
	for url, want := range map[string]string{
		"smtps://help@relay.example.net":        "",
		"smtp://help@relay.example.net:2525":    "",
		"smtps://u%40example.com@relay.test:46": "",
		"https://help@relay.example.net":        "not smtps://",
		"smtps://":                              "not smtps://",
		"smtps://help@relay.example.net/path":   "not smtps://",
		"smtps://help:secret@relay.example.net": "holds a password",
		"smtps://relay.example.net":             "both a user",
		"smtps://help@relay.example.net:0":      "not a port",
	} {
		_, err := New(Config{URL: url, PasswordFile: file})
		if said := ""; err != nil {
			said = err.Error()
			if want == "" || !strings.Contains(said, want) || strings.Contains(said, "secret") {
				t.Errorf("%s: %v, want %q", url, err, want)
			}
		} else if want != "" {
			t.Errorf("%s: no error, want %q", url, want)
		}
	}
	for _, text := range []string{"", "\n", "two\nlines\n", strings.Repeat("x", maxPassword+1)} {
		if _, err := New(Config{URL: "smtps://help@relay.test", PasswordFile: secret(t, text)}); err == nil || !strings.Contains(err.Error(), "one line") {
			t.Errorf("a password file with %.10q: %v", text, err)
		}
	}
}

// TestSend hands mail to Dovecot's submission service, by TLS and STARTTLS.
func TestSend(t *testing.T) {
	const user, password = "help@post.test", `p"a s\s`
	server := dovecottest.Start(t, dovecottest.Options{Users: map[string]string{user: password}})
	for scheme, port := range map[string]int{"smtps": server.Submissions, "smtp": server.Submission} {
		r, err := New(Config{
			URL: scheme + "://" + strings.Replace(user, "@", "%40", 1) + "@" + net.JoinHostPort(dovecottest.Address, strconv.Itoa(port)), PasswordFile: secret(t, password), Roots: server.CA.Pool(),
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		if err := r.Check(ctx); err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
		m := Mail{
			From: user, FromName: `Post "Help" & Söhne`, To: "agents@post.test", ReplyTo: "o'neil&sons@example.org", Subject: "Ich kann nicht senden\r\nBcc: x@example.org",
			Text: "Grüße\n.\nEnde " + scheme + "\n", ID: scheme + ".1@help.post.test", Date: at, Files: []File{{"fehler.txt", "text/plain", []byte("kein Zugriff\n")}},
			Envelope: "b-1@bounces.test", HTML: "<p>Grüße</p>", Header: []Field{{"List-Id", "<status.post.test>\r\nX-Evil: 1"}, {"List-Unsubscribe", "<https://post.test/" + strings.Repeat("x", 100) + ">"}},
		}
		if err := r.Send(ctx, m); err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		sent := server.Sent()
		last := sent[len(sent)-1]
		got, err := mail.ReadMessage(strings.NewReader(last.Text))
		if err != nil {
			t.Fatal(err)
		}
		from, err := got.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Name != m.FromName || from[0].Address != user {
			t.Errorf("from %v %v", from, err)
		}
		if got.Header.Get("Bcc") != "" || len(last.To) != 1 || last.To[0] != m.To || got.Header.Get("Message-Id") != "<"+m.ID+">" || !strings.Contains(got.Header.Get("Reply-To"), m.ReplyTo) {
			t.Errorf("%v\n%s", last.To, last.Text)
		}
		if got.Header.Get("X-Evil") != "" || !strings.HasSuffix(got.Header.Get("List-Unsubscribe"), "x>") || !strings.Contains(last.Text, "text/html") || last.From != m.Envelope {
			t.Errorf("from %s:\n%s", last.From, last.Text)
		}
		if date, err := got.Header.Date(); err != nil || !date.Equal(at) {
			t.Errorf("date %v %v", date, err)
		}
		if !strings.Contains(last.Text, "fehler.txt") {
			t.Errorf("no file in\n%s", last.Text)
		}
	}
}

// TestRefusals: a wrong password and a server that is not there are worth
// another try, an address that nothing can be sent to is not.
func TestRefusals(t *testing.T) {
	server := dovecottest.Start(t, dovecottest.Options{Users: map[string]string{"help@post.test": "right"}})
	at := net.JoinHostPort(dovecottest.Address, strconv.Itoa(server.Submissions))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := l.Addr().String()
	l.Close()
	good := Mail{From: "help@post.test", To: "agents@post.test", Subject: "x", Text: "x", ID: "1@post.test", Date: time.Now()}
	bad := good
	bad.To = "not an address"
	for name, tt := range map[string]struct {
		address, password string
		mail              Mail
		permanent         bool
	}{
		"wrong password": {at, "wrong", good, false},
		"nobody there":   {gone, "right", good, false},
		"no address":     {at, "right", bad, true},
	} {
		r, err := New(Config{URL: "smtps://help%40post.test@" + tt.address, PasswordFile: secret(t, tt.password), Roots: server.CA.Pool()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		var refused *Error
		if err := r.Send(ctx, tt.mail); !errors.As(err, &refused) || refused.Permanent != tt.permanent {
			t.Errorf("%s: %v", name, err)
		}
	}
}
