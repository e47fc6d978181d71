package dovecottest

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/smtp"
	"strconv"
	"strings"
	"testing"
)

// TestServer signs in to each service with the standard library.
func TestServer(t *testing.T) {
	const login, password = "kari@post.test", "a secret"
	s := Start(t, Options{Users: map[string]string{login: password}, APOP: true})
	s.Deliver(login, "Subject: hello\n\nbody\n")
	config := &tls.Config{RootCAs: s.CA.Pool(), ServerName: Address}

	t.Run("pop3", func(t *testing.T) {
		conn, err := tls.Dial("tcp", net.JoinHostPort(Address, strconv.Itoa(s.POP3S)), config)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		greeting, _ := r.ReadString('\n')
		if !strings.Contains(greeting, "<") {
			t.Errorf("no timestamp in the greeting %q", greeting)
		}
		fmt.Fprintf(conn, "USER %s\r\n", login)
		r.ReadString('\n')
		fmt.Fprintf(conn, "PASS %s\r\nSTAT\r\n", password)
		r.ReadString('\n')
		if stat, _ := r.ReadString('\n'); !strings.HasPrefix(stat, "+OK 1 ") {
			t.Errorf("STAT: %q, want one message", stat)
		}
	})
	t.Run("submission", func(t *testing.T) {
		conn, err := net.Dial("tcp", net.JoinHostPort(Address, strconv.Itoa(s.Submission)))
		if err != nil {
			t.Fatal(err)
		}
		c, err := smtp.NewClient(conn, Address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.StartTLS(config); err != nil {
			t.Fatal(err)
		}
		if err := c.Auth(smtp.PlainAuth("", login, password, Address)); err != nil {
			t.Fatal(err)
		}
		if err := c.Mail(login); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("ola@example.org"); err != nil {
			t.Fatal(err)
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(w, "Subject: out\r\n\r\nbody\r\n")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		sent := s.Sent()
		if len(sent) != 1 || sent[0].From != login || !strings.Contains(sent[0].Text, "Subject: out") {
			t.Errorf("sent %+v", sent)
		}
	})
	if log := s.Log(); !strings.Contains(log, "pop3-login: Info: Login: user=<"+login+">") {
		t.Errorf("no login in the log:\n%s", log)
	}
}
