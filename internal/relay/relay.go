// Package relay hands mail to the mail server that the operator named for it.
//
// [New] reads the address of the server, [Relay.Send] hands over one [Mail],
// [Relay.Check] connects and signs in without sending anything.
//
// Guarantees: passwords and mail go over TLS, but to this machine itself; what
// stands in names, subjects and addresses cannot add a header line (RFC 5322);
// a mail that is handed over again has the same Message-ID and date. Mail is
// signed (DKIM) by the relay.
package relay

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Config names the mail server.
type Config struct {
	// URL is smtps://USER@HOST:465 (TLS from the first byte) or
	// smtp://USER@HOST:587 (STARTTLS, which the server must offer unless it is
	// this machine). The user is left out for a server that wants none.
	URL          string
	PasswordFile string         // one line; "" when the server wants no sign-in
	Hello        string         // this machine's name for EHLO; "" is its host name
	Roots        *x509.CertPool // authorities that are trusted; nil: those of the system
}

// A Relay is a mail server that takes mail for anybody. It is safe for
// concurrent use; each mail has a connection of its own.
type Relay struct {
	host           string
	port           int
	user, password string
	options        []mail.Option
}

// sendTime bounds one conversation with the server.
const sendTime = time.Minute

const maxPassword = 4 << 10 // bytes

// New reads the configuration. The server is not asked.
func New(c Config) (*Relay, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("the address of the relay is not smtps://USER@HOST:465 or smtp://USER@HOST:587")
	}
	if _, given := u.User.Password(); given {
		return nil, errors.New("the address of the relay holds a password, which everybody sees in the list of processes: put it into a file")
	}
	r := &Relay{host: u.Hostname(), port: 587, user: u.User.Username()}
	if u.Scheme == "smtps" {
		r.port = 465
	}
	if u.Port() != "" {
		if r.port, err = strconv.Atoi(u.Port()); err != nil || r.port < 1 || r.port > 65535 {
			return nil, fmt.Errorf("%q is not a port", u.Port())
		}
	}
	if r.password, err = password(c.PasswordFile); err != nil {
		return nil, err
	}
	if (r.user == "") != (r.password == "") {
		return nil, errors.New("signing in to the relay requires both a user in its address and a file with the password")
	}
	r.options = []mail.Option{
		mail.WithPort(r.port), mail.WithTimeout(sendTime),
		mail.WithTLSConfig(&tls.Config{ServerName: r.host, RootCAs: c.Roots, MinVersion: tls.VersionTLS12}),
	}
	switch {
	case u.Scheme == "smtps":
		r.options = append(r.options, mail.WithSSL())
	case local(r.host) && r.user == "":
		r.options = append(r.options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		r.options = append(r.options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if c.Hello != "" {
		r.options = append(r.options, mail.WithHELO(c.Hello))
	}
	if r.user != "" {
		r.options = append(r.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(r.user), mail.WithPassword(r.password))
	}
	_, err = mail.NewClient(r.host, r.options...)
	return r, err
}

// password reads the file, "" without one.
func password(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPassword+1))
	if err != nil {
		return "", err
	}
	line, rest, _ := strings.Cut(strings.TrimRight(string(data), "\r\n"), "\n")
	if line == "" || rest != "" || len(data) > maxPassword {
		return "", fmt.Errorf("%s must hold the password of the relay on one line", file)
	}
	return strings.TrimRight(line, "\r"), nil
}

// local reports whether a host is this machine.
func local(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Host is the name of the server.
func (r *Relay) Host() string { return r.host }

// User is who signs in, "" for nobody.
func (r *Relay) User() string { return r.user }

// A File goes along with a mail.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Data []byte `json:"data"`
}

// A Mail is what is sent. Addresses are a@b, with the domain as A-labels.
type Mail struct {
	From     string
	FromName string
	To       string
	ReplyTo  string // "" = From
	Envelope string `json:",omitempty"` // address that bounces go to; "" = From
	Subject  string
	Text     string
	HTML     string    `json:",omitempty"` // the same with headings and links; ""
	ID       string    // Message-ID without angle brackets
	Date     time.Time // of the header
	Files    []File
	Header   []Field `json:",omitempty"` // further ones
}

// A Field is a header field, as "List-Id".
type Field struct{ Name, Value string }

// An Error says why the relay did not take a mail.
type Error struct {
	Permanent bool   // the same mail will not be taken later either
	Relay     bool   // no mail can be sent: the server cannot be reached, or refuses us and not the recipient
	Status    string // enhanced status code of the answer (RFC 3463), or ""
	Err       error
}

// Error implements error.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Send hands over one mail; with a nil error the relay is responsible for it.
// Errors are of type *Error.
func (r *Relay) Send(ctx context.Context, m Mail) error {
	msg, err := m.message()
	if err != nil {
		return &Error{Permanent: true, Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	client, err := mail.NewClient(r.host, r.options...)
	if err != nil {
		return &Error{Err: err}
	}
	err = client.DialAndSendWithContext(ctx, msg)
	var refused *mail.SendError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		// After the final dot the mail was taken, whatever came behind it.
		if msg.IsDelivered() {
			return nil
		}
		us := refused.ErrorCode() == 0 || refused.Reason == mail.ErrSMTPMailFrom || refused.Reason == mail.ErrConnCheck
		return &Error{Permanent: !us && refused.ErrorCode() >= 500 && !refused.IsTemp(), Relay: us, Status: refused.EnhancedStatusCode(), Err: err}
	}
	return &Error{Relay: true, Err: err}
}

// Check connects and signs in.
func (r *Relay) Check(ctx context.Context) error {
	client, err := mail.NewClient(r.host, r.options...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return err
	}
	return client.Close()
}

// message composes the mail.
func (m Mail) message() (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithCharset(mail.CharsetUTF8), mail.WithEncoding(mail.EncodingQP))
	from, err := netmail.ParseAddress(m.From)
	if err != nil {
		return nil, err
	}
	from.Name = oneLine(m.FromName)
	msg.FromMailAddress(from)
	if m.ReplyTo != "" {
		err = errors.Join(err, msg.ReplyTo(m.ReplyTo))
	}
	if m.Envelope != "" {
		err = errors.Join(err, msg.EnvelopeFrom(m.Envelope))
	}
	if err := errors.Join(err, msg.To(m.To)); err != nil {
		return nil, err
	}
	for _, f := range m.Header {
		msg.SetGenHeader(mail.Header(f.Name), oneLine(f.Value))
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetMessageIDWithValue(m.ID)
	msg.SetDateWithValue(m.Date)
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	for _, f := range m.Files {
		if err := msg.AttachReader(oneLine(f.Name), bytes.NewReader(f.Data), mail.WithFileContentType(mail.ContentType(f.Type))); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// oneLine takes out what would end a header line.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\r' || r == '\n' || r == 0 }), " ")
}

// Addresses returns those of the server, as this machine connects to it.
func (r *Relay) Addresses(ctx context.Context) ([]string, error) {
	if _, err := netip.ParseAddr(r.host); err == nil {
		return []string{r.host}, nil
	}
	return net.DefaultResolver.LookupHost(ctx, r.host)
}
