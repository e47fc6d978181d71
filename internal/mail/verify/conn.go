package verify

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"signpost/internal/mail/provider"
)

// What a server may send before it is cut off, in bytes.
const (
	maxLine  = 8 << 10
	maxTotal = 128 << 10
)

var errTooLong = errors.New("too much data")

// limitedConn counts what is read.
type limitedConn struct {
	net.Conn
	left int
}

func (c *limitedConn) Read(b []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooLong
	}
	n, err := c.Conn.Read(b[:min(len(b), c.left)])
	c.left -= n
	return n, err
}

// session is a conversation in lines.
type session struct {
	p      *probe
	conn   net.Conn
	reader *bufio.Reader
	secure bool
}

func (s *session) use(conn net.Conn) {
	s.conn = conn
	s.reader = bufio.NewReaderSize(conn, maxLine)
}

// line reads one line without its end.
func (s *session) line() (string, error) {
	line, err := s.reader.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", errTooLong
	}
	if err != nil {
		return "", err
	}
	return strings.TrimRight(string(line), "\r\n"), nil
}

func (s *session) send(format string, args ...any) error {
	_, err := fmt.Fprintf(s.conn, format+"\r\n", args...)
	return err
}

// unexpected reports an answer that makes no sense.
func (s *session) unexpected(step, answer string) error {
	s.p.add(Fail, "protocol", "%s answers %s with %q.", s.p.service.Host, step, short(answer))
	return errStop
}

// A protocol is how one kind of server is asked.
type protocol interface {
	greet(*session) error                  // reads the greeting
	capabilities(*session) (offers, error) // asks what is offered
	startTLS(*session) error               // asks for TLS and reads the permission
	bye(*session)
}

// offers are what a server says it can do.
type offers struct {
	starttls bool
	sasl     []string // upper case
	login    bool     // a plain command with name and password, outside SASL
	apop     bool
}

func (p *probe) protocol() protocol {
	switch p.service.Use {
	case provider.IMAP:
		return &imap{}
	case provider.POP3:
		return &pop3{}
	case provider.Submit:
		return &smtp{}
	default:
		return &sieve{}
	}
}

// checkTCP talks to a mail server until it has named its ways to sign in.
func (p *probe) checkTCP(ctx context.Context, target string) error {
	raw, err := p.o.Guard.DialContext(ctx, "tcp", target)
	if err != nil {
		return err
	}
	defer raw.Close()
	if deadline, ok := ctx.Deadline(); ok {
		raw.SetDeadline(deadline)
	}
	stop := context.AfterFunc(ctx, func() { raw.SetDeadline(time.Unix(1, 0)) })
	defer stop()

	s := &session{p: p}
	s.use(&limitedConn{raw, maxTotal})
	if p.service.Security == provider.TLS {
		if err := s.handshake(ctx); err != nil {
			return err
		}
	}
	proto := p.protocol()
	if err := proto.greet(s); err != nil {
		return err
	}
	offered, err := proto.capabilities(s)
	if err != nil {
		return err
	}
	if p.service.Security == provider.STARTTLS {
		if offered, err = s.upgrade(ctx, proto, offered); err != nil {
			return err
		}
	}
	p.compare(offered)
	proto.bye(s)
	return nil
}

// upgrade switches to TLS and asks again what is offered.
func (s *session) upgrade(ctx context.Context, proto protocol, before offers) (offers, error) {
	if !before.starttls {
		s.p.add(Fail, "starttls-missing", "%s does not offer STARTTLS.", s.p.service.Host)
		return before, errStop
	}
	if before.login || len(before.sasl) > 0 && sendsPassword(before.sasl) {
		s.p.add(Warn, "plain-offered", "%s takes passwords before the connection is encrypted.", s.p.service.Host)
	}
	if err := proto.startTLS(s); err != nil {
		return before, err
	}
	// Whatever follows the permission in the clear was not sent by the server
	// that will prove its name.
	if s.reader.Buffered() > 0 {
		s.p.add(Fail, "starttls-injection", "Somebody sends text in the clear after %s agreed to STARTTLS.", s.p.service.Host)
		return before, errStop
	}
	if err := s.handshake(ctx); err != nil {
		return before, err
	}
	after, err := proto.capabilities(s)
	after.apop = before.apop // the greeting came before
	return after, err
}

func sendsPassword(sasl []string) bool {
	for _, m := range sasl {
		if m == "PLAIN" || m == "LOGIN" {
			return true
		}
	}
	return false
}

// handshake continues over TLS and judges the certificate.
func (s *session) handshake(ctx context.Context) error {
	conn := tls.Client(s.conn, s.p.tlsConfig())
	if err := conn.HandshakeContext(ctx); err != nil {
		return s.p.handshakeError(err)
	}
	s.use(conn)
	s.secure = true
	s.p.judge(conn.ConnectionState().PeerCertificates)
	return nil
}
