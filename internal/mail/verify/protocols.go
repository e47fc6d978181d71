package verify

import (
	"net"
	"regexp"
	"strings"
)

// imap is RFC 9051.
type imap struct{}

func (imap) greet(s *session) error {
	line, err := s.line()
	if err != nil {
		return err
	}
	switch {
	case strings.HasPrefix(line, "* OK"):
		return nil
	case strings.HasPrefix(line, "* PREAUTH"):
		s.p.add(Fail, "preauth", "%s lets everybody in without signing in.", s.p.service.Host)
		return errStop
	}
	return s.unexpected("a new connection", line)
}

// ask sends a command and returns the untagged answers.
func (imap) ask(s *session, tag, command string) (untagged []string, err error) {
	if err := s.send("%s %s", tag, command); err != nil {
		return nil, err
	}
	for {
		line, err := s.line()
		if err != nil {
			return nil, err
		}
		if rest, ok := strings.CutPrefix(line, tag+" "); ok {
			if word, _, _ := strings.Cut(rest, " "); strings.EqualFold(word, "OK") {
				return untagged, nil
			}
			return nil, s.unexpected(command, line)
		}
		untagged = append(untagged, line)
	}
}

func (i imap) capabilities(s *session) (offers, error) {
	lines, err := i.ask(s, "a1", "CAPABILITY")
	if err != nil {
		return offers{}, err
	}
	o := offers{login: true}
	for _, line := range lines {
		words := strings.Fields(strings.ToUpper(line))
		if len(words) < 2 || words[0] != "*" || words[1] != "CAPABILITY" {
			continue
		}
		for _, word := range words[2:] {
			mechanism, isAuth := strings.CutPrefix(word, "AUTH=")
			switch {
			case isAuth:
				o.sasl = append(o.sasl, mechanism)
			case word == "STARTTLS":
				o.starttls = true
			case word == "LOGINDISABLED":
				o.login = false
			}
		}
	}
	return o, nil
}

func (i imap) startTLS(s *session) error {
	_, err := i.ask(s, "a2", "STARTTLS")
	return err
}

func (imap) bye(s *session) { s.send("a3 LOGOUT") }

// pop3 is RFC 1939 with the extensions of RFC 2449 and 2595.
type pop3 struct {
	apop bool
}

// apopTimestamp is the msg-id in a greeting that offers APOP (RFC 1939 section 7).
var apopTimestamp = regexp.MustCompile(`<[^<>\s]+@[^<>\s]*>`)

func (p *pop3) greet(s *session) error {
	line, err := s.line()
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "+OK") {
		return s.unexpected("a new connection", line)
	}
	p.apop = apopTimestamp.MatchString(line)
	return nil
}

func (p *pop3) capabilities(s *session) (offers, error) {
	o := offers{apop: p.apop}
	if err := s.send("CAPA"); err != nil {
		return o, err
	}
	line, err := s.line()
	if err != nil {
		return o, err
	}
	if !strings.HasPrefix(line, "+OK") {
		o.login = true // a server without CAPA has USER and PASS at least
		return o, nil
	}
	for {
		line, err := s.line()
		if err != nil {
			return o, err
		}
		words := strings.Fields(strings.ToUpper(line))
		switch {
		case line == ".":
			return o, nil
		case len(words) == 0:
		case words[0] == "STLS":
			o.starttls = true
		case words[0] == "USER":
			o.login = true
		case words[0] == "SASL":
			o.sasl = append(o.sasl, words[1:]...)
		}
	}
}

func (p *pop3) startTLS(s *session) error {
	if err := s.send("STLS"); err != nil {
		return err
	}
	line, err := s.line()
	if err == nil && !strings.HasPrefix(line, "+OK") {
		err = s.unexpected("STLS", line)
	}
	return err
}

func (p *pop3) bye(s *session) { s.send("QUIT") }

// smtp is RFC 5321 with STARTTLS (RFC 3207) and AUTH (RFC 4954).
type smtp struct{}

// reply reads an answer of one or more lines and returns their texts.
func (smtp) reply(s *session, step, code string) ([]string, error) {
	var texts []string
	for {
		line, err := s.line()
		if err != nil {
			return nil, err
		}
		if len(line) < 3 || line[:3] != code || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
			return nil, s.unexpected(step, line)
		}
		if len(line) == 3 {
			return append(texts, ""), nil
		}
		texts = append(texts, line[4:])
		if line[3] == ' ' {
			return texts, nil
		}
	}
}

func (m smtp) greet(s *session) error {
	_, err := m.reply(s, "a new connection", "220")
	return err
}

func (m smtp) capabilities(s *session) (offers, error) {
	if err := s.send("EHLO %s", addressLiteral(s.conn.LocalAddr())); err != nil {
		return offers{}, err
	}
	lines, err := m.reply(s, "EHLO", "250")
	if err != nil {
		return offers{}, err
	}
	var o offers
	for _, line := range lines[1:] {
		words := strings.Fields(strings.ToUpper(line))
		switch {
		case len(words) == 0:
		case words[0] == "STARTTLS":
			o.starttls = true
		case words[0] == "AUTH":
			o.sasl = append(o.sasl, words[1:]...)
		}
	}
	return o, nil
}

// addressLiteral is how a client without a name introduces itself (RFC 5321
// section 4.1.3).
func addressLiteral(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	switch {
	case !ok:
		return "[127.0.0.1]"
	case tcp.IP.To4() != nil:
		return "[" + tcp.IP.String() + "]"
	default:
		return "[IPv6:" + tcp.IP.String() + "]"
	}
}

func (m smtp) startTLS(s *session) error {
	if err := s.send("STARTTLS"); err != nil {
		return err
	}
	_, err := m.reply(s, "STARTTLS", "220")
	return err
}

func (smtp) bye(s *session) { s.send("QUIT") }

// sieve is ManageSieve, RFC 5804: the server speaks first, with its
// capabilities, and once more after STARTTLS.
type sieve struct {
	lines []string
}

// read collects lines until OK, NO or BYE.
func (v *sieve) read(s *session, step string) error {
	v.lines = nil
	for {
		line, err := s.line()
		if err != nil {
			return err
		}
		switch word, _, _ := strings.Cut(strings.ToUpper(line), " "); word {
		case "OK":
			return nil
		case "NO", "BYE":
			return s.unexpected(step, line)
		}
		v.lines = append(v.lines, line)
	}
}

func (v *sieve) greet(s *session) error { return v.read(s, "a new connection") }

func (v *sieve) capabilities(s *session) (offers, error) {
	if s.secure && v.lines == nil {
		if err := v.read(s, "STARTTLS"); err != nil {
			return offers{}, err
		}
	}
	var o offers
	for _, line := range v.lines {
		name, value, _ := strings.Cut(strings.ToUpper(line), " ")
		switch strings.Trim(name, `"`) {
		case "STARTTLS":
			o.starttls = true
		case "SASL":
			o.sasl = strings.Fields(strings.Trim(value, `" `))
		}
	}
	return o, nil
}

func (v *sieve) startTLS(s *session) error {
	if err := s.send("STARTTLS"); err != nil {
		return err
	}
	return v.read(s, "STARTTLS")
}

func (v *sieve) bye(s *session) { s.send("LOGOUT") }
