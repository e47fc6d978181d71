package dovecottest

import (
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A Message is one mail that Dovecot's submission service has passed on.
type Message struct {
	From string   // envelope
	To   []string // envelope
	Text string   // header and body
}

// relay is the mail server behind Dovecot's submission service: it accepts
// everything and keeps it.
type relay struct {
	port int

	mu   sync.Mutex
	sent []Message
}

func startRelay(t testing.TB) *relay {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	r := &relay{port: listener.Addr().(*net.TCPAddr).Port}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go r.serve(conn)
		}
	}()
	return r
}

func (r *relay) messages() []Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.sent)
}

func (r *relay) serve(conn net.Conn) {
	c := textproto.NewConn(conn)
	defer c.Close()
	c.PrintfLine("220 relay.test ESMTP")
	var m Message
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		verb, argument, _ := strings.Cut(line, " ")
		switch strings.ToUpper(verb) {
		case "EHLO":
			c.PrintfLine("250-relay.test")
			c.PrintfLine("250-8BITMIME")
			c.PrintfLine("250 PIPELINING")
		case "MAIL":
			m = Message{From: path(argument)}
			c.PrintfLine("250 2.1.0 go on")
		case "RCPT":
			m.To = append(m.To, path(argument))
			c.PrintfLine("250 2.1.5 go on")
		case "DATA":
			c.PrintfLine("354 end with a dot")
			text, err := c.ReadDotBytes()
			if err != nil {
				return
			}
			m.Text = string(text)
			r.mu.Lock()
			r.sent = append(r.sent, m)
			r.mu.Unlock()
			c.PrintfLine("250 2.0.0 kept")
		case "QUIT":
			c.PrintfLine("221 2.0.0 bye")
			return
		default:
			c.PrintfLine("250 2.0.0 fine")
		}
	}
}

// path returns what stands between the angle brackets of MAIL and RCPT.
func path(argument string) string {
	_, rest, _ := strings.Cut(argument, "<")
	end := strings.LastIndex(rest, ">")
	if end < 0 {
		return rest
	}
	return rest[:end]
}
