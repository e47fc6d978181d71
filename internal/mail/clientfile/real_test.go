//go:build linux

package clientfile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/mail/dovecottest"
	"signpost/internal/mail/provider"
)

// hardPassword holds what shells, quotes, comments and formats stumble over.
const hardPassword = "a\"b\\c $d#e %f'g;`h"

const (
	easyAddress    = "kari@post.test"
	hardAddress    = "o'neil&sons+tag@post.test"
	hostileAddress = `"beef $(touch x) #%"@post.test`
	specialAddress = "a#b{c}|?^@post.test"
)

// A mailProgram fetches and sends with the file that Write printed.
type mailProgram struct {
	format string
	prep   func(d *desk, name string)
	fetch  func(d *desk, name, password, subject string) bool // true when the message was seen
	send   func(d *desk, name, password, subject string)

	pop3       bool // reads by POP3 in the general tests
	noSTARTTLS bool
	unquoted   bool // refuses quoted addresses
}

func message(from, subject string) string {
	return fmt.Sprintf("From: <%s>\nTo: <ola@example.org>\nSubject: %s\n\nbody\n", from, subject)
}

func maildir(d *desk, name string) {
	d.mkdir("Mail/"+name+"/cur", "Mail/"+name+"/new", "Mail/"+name+"/tmp")
}

func fetchWith(program string, args ...string) func(*desk, string, string, string) bool {
	return func(d *desk, name, _, subject string) bool {
		out, err := d.run("", program, args...)
		if d.find("Mail", subject) {
			return true
		}
		d.t.Logf("%s: %v\n%s", program, err, out)
		return false
	}
}

var programs = []mailProgram{
	{format: "msmtp", send: func(d *desk, name, _, subject string) {
		out, err := d.run(message(strings.Trim(readFile(d.t, d.home+"/address")[5:], "\n"), subject), "msmtp", "-a", name, "-t")
		if err != nil {
			d.t.Logf("msmtp: %v\n%s", err, out)
		}
	}},
	{format: "mpop", prep: maildir, fetch: fetchWith("mpop"), pop3: true},
	{format: "mbsync", prep: func(d *desk, name string) { d.mkdir("Mail/" + name) }, fetch: fetchWith("mbsync", "-a")},
	{format: "fetchmail", fetch: fetchmail},
	{format: "getmail", prep: maildir, fetch: fetchWith("getmail"), noSTARTTLS: true, unquoted: true},
	{format: "offlineimap", prep: func(d *desk, name string) { d.mkdir("Mail") }, fetch: fetchWith("offlineimap", "-o", "-u", "basic"), noSTARTTLS: true},
	{format: "neomutt", prep: func(d *desk, name string) { d.mkdir("Mail/" + name) }, fetch: neomuttFetch, send: neomuttSend, unquoted: true},
	{format: "aerc", fetch: aercFetch, send: aercSend, unquoted: true},
	{format: "alpine", fetch: alpineFetch, send: alpineSend, unquoted: true},
	{format: "s-nail", fetch: snailFetch, send: snailSend},
}

func fetchmail(d *desk, _, password, subject string) bool {
	d.mkdir("Mail")
	d.write("deliver", 0o755, "#!/bin/sh\ncat > \"$HOME/Mail/$$\"\n")
	s := d.open("fetchmail --nosyslog --mda " + d.home + "/deliver")
	if s.wait("Enter password", "[ended") != "Enter password" {
		d.t.Logf("fetchmail:\n%s", s.shown())
		return false
	}
	s.text(password)
	s.keys("Enter")
	s.wait("[ended")
	if d.find("Mail", subject) {
		return true
	}
	d.t.Logf("fetchmail:\n%s", s.shown())
	return false
}

func neomuttFetch(d *desk, _, _, subject string) bool {
	return d.open("neomutt").wait(subject, "[ended", "authentication failed") == subject
}

func neomuttSend(d *desk, _, _, subject string) {
	if out, err := d.run("body\n", "neomutt", "-s", subject, "ola@example.org"); err != nil {
		d.t.Logf("neomutt: %v\n%s", err, out)
	}
}

func aercFetch(d *desk, _, _, subject string) bool {
	return d.open("aerc").wait(subject, "[ended", "uthentication failed") == subject
}

func aercSend(d *desk, _, _, subject string) {
	s := d.open("aerc")
	if s.wait("Connected", "INBOX") == "" {
		return
	}
	s.text(":compose -H 'To: ola@example.org' -H 'Subject: " + subject + "'")
	s.keys("Enter")
	s.wait("Send this email?", "(y)")
	s.text(":send")
	s.keys("Enter")
	s.wait("Email sent", "Message sent", "[ended")
}

func alpineFetch(d *desk, _, password, subject string) bool {
	s := d.open("alpine -i")
	return alpineSignIn(s, password, subject) == subject
}

// alpineSignIn answers Alpine's questions and returns what it waited for, or
// what else came.
func alpineSignIn(s *screen, password, until string) string {
	const closed = "   MAIN MENU   " // where Alpine goes after too many wrong passwords, and where it may begin
	expected := []string{until, "Exit this greeting", "ENTER PASSWORD", "Preserve password", "doesn't exist.  Create?", "doesn't exist. Create?", "[ended"}
	for {
		switch seen := s.wait(expected...); seen {
		case "ENTER PASSWORD":
			if !slices.Contains(expected, closed) {
				expected = append(expected, closed)
			}
			s.text(password)
			s.keys("Enter")
			time.Sleep(500 * time.Millisecond)
		case "Exit this greeting":
			s.text("e")
			time.Sleep(300 * time.Millisecond)
		case "Preserve password":
			s.text("n")
			time.Sleep(300 * time.Millisecond)
		case "doesn't exist.  Create?", "doesn't exist. Create?":
			s.text("y")
			time.Sleep(300 * time.Millisecond)
		default:
			return seen
		}
	}
}

func alpineSend(d *desk, _, password, subject string) {
	s := d.open("alpine -url 'mailto:ola@example.org?subject=" + subject + "'")
	alpineSignIn(s, password, "Subject")
	s.keys("C-x")
	s.wait("Send message")
	s.text("y")
	alpineSignIn(s, password, "sent")
}

func snailFetch(d *desk, name, _, subject string) bool {
	out, err := d.run("", "s-nail", "-A", name, "-H", "-f", "%")
	if strings.Contains(out, subject) {
		return true
	}
	d.t.Logf("s-nail: %v\n%s", err, out)
	return false
}

func snailSend(d *desk, name, _, subject string) {
	if out, err := d.run("body\n", "s-nail", "-A", name, "-S", "sendwait", "-s", subject, "ola@example.org"); err != nil {
		d.t.Logf("s-nail: %v\n%s", err, out)
	}
}

// postTest describes the server in the namespace.
func postTest(security provider.Security) *provider.Provider {
	auth := []provider.Auth{provider.Password}
	service := func(use provider.Use, host string) provider.Service {
		return provider.Service{
			Use: use, Host: host, Port: provider.DefaultPort(use, security), Security: security, Auth: auth, Login: "{address}",
		}
	}
	return &provider.Provider{
		ID: "post.test", Domains: []string{"post.test"}, Login: "{address}",
		Services: []provider.Service{
			service(provider.IMAP, "imap.post.test"), service(provider.POP3, "pop.post.test"), service(provider.Submit, "smtp.post.test"),
		},
	}
}

var worldHosts = []string{"imap.post.test", "pop.post.test", "smtp.post.test", "dav.post.test"}

func realWorld(t *testing.T) *world {
	return newWorld(t, worldHosts, dovecottest.Options{
		Users: map[string]string{easyAddress: hardPassword, hardAddress: hardPassword, hostileAddress: hardPassword, specialAddress: hardPassword},
		APOP:  true,
	})
}

// sit puts the file that Write prints where the program looks for it.
func (w *world) sit(t *testing.T, p mailProgram, pr *provider.Provider, addr, password string, opts Options) (*desk, error) {
	t.Helper()
	dovecottest.RequireProgram(t, p.format)
	a, err := address.Parse(addr)
	if err != nil {
		t.Fatal(err)
	}
	content, err := Write(p.format, pr.Account(a, ""), opts)
	if err != nil {
		return nil, err
	}
	d := w.newDesk(t, addr, password)
	for _, f := range Formats() {
		if f.Name == p.format {
			d.write(f.File, 0o600, string(content))
		}
	}
	if p.prep != nil {
		p.prep(d, accountName(addr))
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the file:\n%s", content)
		}
	})
	return d, nil
}

// TestRealClients fetches and sends mail with every program.
func TestRealClients(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	for _, p := range programs {
		t.Run(p.format, func(t *testing.T) {
			for _, security := range []provider.Security{provider.TLS, provider.STARTTLS} {
				for _, addr := range []string{easyAddress, hardAddress, hostileAddress} {
					t.Run(fmt.Sprintf("%s/%s", security, addr), func(t *testing.T) {
						d, err := w.sit(t, p, postTest(security), addr, hardPassword, Options{POP3: p.pop3})
						if p.noSTARTTLS && security == provider.STARTTLS || p.unquoted && addr == hostileAddress {
							if !errors.Is(err, ErrNotExpressible) {
								t.Fatalf("got %v, want ErrNotExpressible", err)
							}
							return
						}
						if err != nil {
							t.Fatal(err)
						}
						w.fetchAndSend(t, d, p, addr)
					})
				}
			}
		})
	}
}

// TestRealSpecials: characters that are allowed without quotes and have a
// meaning in URLs. Whatever Write does not refuse must work.
func TestRealSpecials(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	for _, p := range programs {
		t.Run(p.format, func(t *testing.T) {
			d, err := w.sit(t, p, postTest(provider.TLS), specialAddress, hardPassword, Options{POP3: p.pop3})
			if errors.Is(err, ErrNotExpressible) && slices.Contains([]string{"alpine", "getmail", "msmtp"}, p.format) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			w.fetchAndSend(t, d, p, specialAddress)
		})
	}
}

func (w *world) fetchAndSend(t *testing.T, d *desk, p mailProgram, addr string) {
	t.Helper()
	name := accountName(addr)
	if p.fetch != nil {
		subject := fmt.Sprintf("to-%d", time.Now().UnixNano())
		w.server.Deliver(addr, message("ola@example.org", subject))
		if !p.fetch(d, name, hardPassword, subject) {
			t.Error("the message was not fetched")
		}
	}
	if p.send != nil {
		subject := fmt.Sprintf("from-%d", time.Now().UnixNano())
		p.send(d, name, hardPassword, subject)
		if !w.sent(addr, subject) {
			t.Error("the message was not sent")
		}
	}
	if fileExists(d.home + "/x") {
		t.Error("a command in the address was run")
	}
}

// sent waits for a message from the address.
func (w *world) sent(addr, subject string) bool {
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for _, m := range w.server.Sent() {
			if strings.Contains(m.Text, subject) {
				if m.From != addr {
					w.t.Logf("sent by %q", m.From)
				}
				return m.From == addr
			}
		}
	}
	return false
}

// TestRealClientsPOP3 reads by POP3 with the programs that can do both.
func TestRealClientsPOP3(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	for _, p := range programs {
		if !slices.Contains([]string{"fetchmail", "getmail", "neomutt", "alpine", "s-nail", "mpop"}, p.format) {
			continue
		}
		for _, addr := range []string{easyAddress, specialAddress} {
			t.Run(p.format+"/"+addr, func(t *testing.T) {
				d, err := w.sit(t, p, postTest(provider.TLS), addr, hardPassword, Options{POP3: true})
				if errors.Is(err, ErrNotExpressible) && addr == specialAddress && p.format == "alpine" {
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				p.send = nil
				w.fetchAndSend(t, d, p, addr)
			})
		}
	}
}

// TestRealAPOP checks in the server's log that APOP is used where the
// description prefers it, and that mpop, which cannot, gets in without.
func TestRealAPOP(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	pr := postTest(provider.TLS)
	pr.Services[1].Auth = []provider.Auth{provider.APOP, provider.Password}
	for _, p := range programs {
		if !slices.Contains([]string{"fetchmail", "getmail", "neomutt", "s-nail", "mpop"}, p.format) {
			continue
		}
		t.Run(p.format, func(t *testing.T) {
			d, err := w.sit(t, p, pr, easyAddress, hardPassword, Options{POP3: true})
			if err != nil {
				t.Fatal(err)
			}
			before := len(w.server.Log())
			p.send = nil
			w.fetchAndSend(t, d, p, easyAddress)
			used := strings.Contains(w.server.Log()[before:], "pop3-login: Info: Login: user=<"+easyAddress+">, method=APOP")
			if want := p.format != "mpop"; used != want {
				t.Errorf("APOP was used: %v, want %v", used, want)
			}
		})
	}
}

// TestRealWrongPassword: nobody gets in, and no program reports success.
func TestRealWrongPassword(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	const wrong = "not it"
	for _, p := range programs {
		t.Run(p.format, func(t *testing.T) {
			d, err := w.sit(t, p, postTest(provider.TLS), easyAddress, wrong, Options{POP3: p.pop3})
			if err != nil {
				t.Fatal(err)
			}
			before := len(w.server.Log())
			if p.fetch != nil {
				subject := fmt.Sprintf("secret-%d", time.Now().UnixNano())
				w.server.Deliver(easyAddress, message("ola@example.org", subject))
				if p.fetch(d, accountName(easyAddress), wrong, subject) {
					t.Error("the message was fetched")
				}
			} else {
				p.send(d, accountName(easyAddress), wrong, "none")
			}
			log := w.server.Log()[before:]
			if strings.Contains(log, "Login: user=") || !strings.Contains(log, "Password mismatch") {
				t.Errorf("the server saw no failed login, or a successful one:\n%s", log)
			}
		})
	}
}

// TestRealStripped: where somebody on the way takes STARTTLS out, no program
// signs in without it.
func TestRealStripped(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := newWorld(t, worldHosts, dovecottest.Options{Users: map[string]string{easyAddress: hardPassword}, Stripped: true})
	for _, p := range programs {
		if p.noSTARTTLS {
			continue
		}
		t.Run(p.format, func(t *testing.T) {
			d, err := w.sit(t, p, postTest(provider.STARTTLS), easyAddress, hardPassword, Options{POP3: p.pop3})
			if err != nil {
				t.Fatal(err)
			}
			before := len(w.server.Log())
			if p.fetch != nil {
				w.server.Deliver(easyAddress, message("ola@example.org", "stripped"))
				p.fetch(d, accountName(easyAddress), hardPassword, "stripped")
			}
			if p.send != nil {
				p.send(d, accountName(easyAddress), hardPassword, "stripped")
			}
			log := ""
			for end := time.Now().Add(2 * time.Second); time.Now().Before(end) && !strings.Contains(log, "user="); time.Sleep(50 * time.Millisecond) {
				log = w.server.Log()[before:]
			}
			if strings.Contains(log, "Login: user=") {
				t.Errorf("the password went over the line in the clear:\n%s", log)
			}
			if p.format != "aerc" && !strings.Contains(log, "no auth attempts") { // aerc stays connected, which is not logged yet
				t.Errorf("nobody came:\n%s", log)
			}
		})
	}
}

// TestRealNeighbours: the files of two mailboxes stand in one file, one below
// the other.
func TestRealNeighbours(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	w := realWorld(t)
	for _, p := range programs {
		if !slices.Contains([]string{"msmtp", "mpop", "mbsync", "aerc", "s-nail"}, p.format) {
			continue
		}
		t.Run(p.format, func(t *testing.T) {
			pr := postTest(provider.TLS)
			d, err := w.sit(t, p, pr, easyAddress, hardPassword, Options{POP3: p.pop3})
			if err != nil {
				t.Fatal(err)
			}
			other := address.Address{Local: "o'neil&sons+tag", Domain: "post.test"}
			second, err := Write(p.format, pr.Account(other, ""), Options{POP3: p.pop3, PasswordCommand: "cat ~/password"})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range Formats() {
				if f.Name == p.format {
					first := readFile(t, d.home+strings.TrimPrefix(f.File, "~"))
					// What the comments of msmtp and mpop say.
					added, _, _ := strings.Cut(string(second), "\naccount default")
					d.write(f.File, 0o600, first+"\n"+added)
				}
			}
			if p.prep != nil {
				p.prep(d, accountName(other.String()))
			}
			w.fetchAndSend(t, d, p, easyAddress)
		})
	}
}
