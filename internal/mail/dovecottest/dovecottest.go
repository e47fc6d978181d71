// Package dovecottest starts a real Dovecot (IMAP, POP3 and submission, each
// with TLS from the first byte and with STARTTLS) for the tests of packages
// that talk to mail servers or write settings for programs that do.
//
// [Start] is the way in; it skips the test where Dovecot is not installed, and
// fails instead when SIGNPOST_REQUIRE_REAL is 1. The server listens on the
// loopback address [Address] only and ends with the test.
package dovecottest

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// Address is where the server listens. It is not 127.0.0.1, from which clients
// come: Dovecot takes a client with its own address for a safe one, that may
// send passwords in the clear.
const Address = "127.0.0.2"

// Options say what kind of server is wanted. The zero value has no user, a
// valid certificate for [Address], free ports and no APOP.
type Options struct {
	Users       map[string]string // login name -> password; neither may hold a colon or line break
	Hosts       []string          // names in the certificate; default Address
	Certificate Certificate
	CA          *CA      // nil: a new one
	APOP        bool     // announce APOP in the POP3 greeting
	Mechanisms  []string // SASL; default plain login cram-md5 scram-sha-256
	Stripped    bool     // no STARTTLS, and passwords are taken in the clear: what somebody on the way makes of a server
	Standard    bool     // ports 143, 993, 110, 995, 587, 465: for a private network namespace
}

// A Server is a running Dovecot.
type Server struct {
	IMAP, IMAPS, POP3, POP3S, Submission, Submissions int // ports on Address
	CA                                                *CA

	t     testing.TB
	dir   string
	homes map[string]string
	relay *relay
}

// mailUser owns the mailboxes when the tests run as root; Dovecot refuses to
// let root have mail.
const mailUser = 5000

// RequireProgram returns the path of a program, and ends the test when it is
// missing: by skipping, or by failing when SIGNPOST_REQUIRE_REAL is 1.
func RequireProgram(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		Missing(t, "the program "+name+" is not installed")
	}
	return path
}

// Missing ends the test because something real is not there.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Start runs a Dovecot until the end of the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	program := RequireProgram(t, "dovecot")
	// Not t.TempDir: its names are too long for a Unix socket below them.
	dir, err := os.MkdirTemp("", "dovecot")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, dir: dir, CA: o.CA, homes: map[string]string{}, relay: startRelay(t)}
	if s.CA == nil {
		s.CA = NewCA(t)
	}
	s.choosePorts(o.Standard)
	s.writeCertificate(o)
	s.writeUsers(o.Users)
	s.writeConfig(o)

	log := s.create("out")
	cmd := exec.Command(program, "-F", "-c", s.path("dovecot.conf"))
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		log.Close()
		if t.Failed() {
			t.Logf("Dovecot's log:\n%s", s.Log())
		}
	})
	if o.Stripped { // Dovecot has no TLS at all then
		s.await(&s.IMAP, &s.POP3, &s.Submission)
	} else {
		s.await(s.ports()...)
	}
	return s
}

// Log returns what Dovecot has logged so far. A login reads
// "imap-login: Info: Login: user=<kari@post.test>, method=PLAIN, …, TLS".
func (s *Server) Log() string {
	var all []byte
	for _, name := range []string{"log", "out"} {
		b, _ := os.ReadFile(s.path(name))
		all = append(all, b...)
	}
	return string(all)
}

// Deliver puts a message into the inbox of a user.
func (s *Server) Deliver(login, message string) {
	s.t.Helper()
	home, ok := s.homes[login]
	if !ok {
		s.t.Fatalf("no user %q", login)
	}
	inbox := filepath.Join(home, "Maildir", "new")
	if err := os.MkdirAll(inbox, 0o700); err != nil {
		s.t.Fatal(err)
	}
	name := filepath.Join(inbox, fmt.Sprintf("%d.%d.test", time.Now().UnixNano(), os.Getpid()))
	if err := os.WriteFile(name, []byte(message), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.own(home)
}

// Sent returns the messages that signed-in users have sent so far.
func (s *Server) Sent() []Message { return s.relay.messages() }

func (s *Server) path(name string) string { return filepath.Join(s.dir, name) }

func (s *Server) create(name string) *os.File {
	s.t.Helper()
	f, err := os.Create(s.path(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *Server) write(name string, mode os.FileMode, content []byte) {
	s.t.Helper()
	if err := os.WriteFile(s.path(name), content, mode); err != nil {
		s.t.Fatal(err)
	}
}

// own gives everything below a folder to the owner of the mailboxes.
func (s *Server) own(dir string) {
	if os.Getuid() != 0 {
		return
	}
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Chown(path, mailUser, mailUser)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a lock that Dovecot has removed meanwhile
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) ports() []*int {
	return []*int{&s.IMAP, &s.IMAPS, &s.POP3, &s.POP3S, &s.Submission, &s.Submissions}
}

func (s *Server) choosePorts(standard bool) {
	s.t.Helper()
	for i, port := range s.ports() {
		if standard {
			*port = []int{143, 993, 110, 995, 587, 465}[i]
			continue
		}
		l, err := net.Listen("tcp", Address+":0")
		if err != nil {
			s.t.Fatal(err)
		}
		defer l.Close() // held until all are chosen, so that they differ
		*port = l.Addr().(*net.TCPAddr).Port
	}
}

func (s *Server) writeCertificate(o Options) {
	hosts := o.Hosts
	if len(hosts) == 0 {
		hosts = []string{Address}
	}
	certificate, key := s.CA.Issue(s.t, o.Certificate, hosts...)
	s.write("cert.pem", 0o600, certificate)
	s.write("key.pem", 0o600, key)
}

func (s *Server) writeUsers(users map[string]string) {
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = mailUser, mailUser
	}
	var lines strings.Builder
	for i, login := range slices.Sorted(maps.Keys(users)) {
		home := s.path("mail" + strconv.Itoa(i))
		if err := os.MkdirAll(home, 0o700); err != nil {
			s.t.Fatal(err)
		}
		s.own(home)
		s.homes[login] = home
		fmt.Fprintf(&lines, "%s:{PLAIN}%s:%d:%d::%s::\n", escapeLogin(login), users[login], uid, gid, home)
	}
	s.write("users", 0o644, []byte(lines.String()))
}

// escapeLogin writes a login as Dovecot looks it up: with the escapes of its
// variables.
var escapeLogin = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `"`, `\"`).Replace

// configuration is for Dovecot 2.3. Without the line for anvil each wrong
// password would slow down all later logins from the same address.
var configuration = template.Must(template.New("").Parse(`base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/log
listen = {{.Address}}
protocols = imap pop3 submission
ssl = {{if .Stripped}}no{{else}}yes{{end}}
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = {{if .Stripped}}no{{else}}yes{{end}}
auth_mechanisms = {{.Mechanisms}}
auth_username_chars =
auth_failure_delay = 0
auth_verbose = yes
first_valid_uid = 1
mail_location = maildir:~/Maildir
default_internal_user = {{.Internal}}
default_internal_group = {{.Group}}
default_login_user = {{.Login}}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {{.Dir}}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u {{.Dir}}/users
}
namespace inbox {
  inbox = yes
  mailbox Drafts {
    auto = subscribe
  }
  mailbox Sent {
    auto = subscribe
  }
}
submission_relay_host = 127.0.0.1
submission_relay_port = {{.Relay}}
service anvil {
  {{if not .Root}}chroot ={{end}}
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  client_limit = 1000
}
service imap-login {
  {{if not .Root}}chroot ={{end}}
  inet_listener imap {
    port = {{.S.IMAP}}
  }
  inet_listener imaps {
    port = {{.S.IMAPS}}
    ssl = yes
  }
}
service pop3-login {
  {{if not .Root}}chroot ={{end}}
  inet_listener pop3 {
    port = {{.S.POP3}}
  }
  inet_listener pop3s {
    port = {{.S.POP3S}}
    ssl = yes
  }
}
service submission-login {
  {{if not .Root}}chroot ={{end}}
  inet_listener submission {
    port = {{.S.Submission}}
  }
  inet_listener submissions {
    port = {{.S.Submissions}}
    ssl = yes
  }
}
`))

func (s *Server) writeConfig(o Options) {
	s.t.Helper()
	mechanisms := o.Mechanisms
	if len(mechanisms) == 0 {
		mechanisms = []string{"plain", "login", "cram-md5", "scram-sha-256"}
	}
	if o.APOP {
		mechanisms = append(slices.Clone(mechanisms), "apop")
	}
	internal, group, login := "dovecot", "dovecot", "dovenull"
	if os.Getuid() != 0 {
		me, err := user.Current()
		if err != nil {
			s.t.Fatal(err)
		}
		g, err := user.LookupGroupId(me.Gid)
		if err != nil {
			s.t.Fatal(err)
		}
		internal, group, login = me.Username, g.Name, me.Username
	}
	var b strings.Builder
	err := configuration.Execute(&b, map[string]any{
		"Dir": s.dir, "Address": Address, "S": s, "Mechanisms": strings.Join(mechanisms, " "),
		"Internal": internal, "Group": group, "Login": login,
		"Relay": s.relay.port, "Stripped": o.Stripped, "Root": os.Getuid() == 0,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.write("dovecot.conf", 0o644, []byte(b.String()))
}

// await returns when the ports answer.
func (s *Server) await(ports ...*int) {
	s.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for _, port := range ports {
		address := net.JoinHostPort(Address, strconv.Itoa(*port))
		for {
			conn, err := net.DialTimeout("tcp", address, time.Second)
			if err == nil {
				conn.Close()
				break
			}
			if time.Now().After(deadline) {
				s.t.Fatalf("Dovecot does not answer at %s: %v\n%s", address, err, s.Log())
			}
			time.Sleep(30 * time.Millisecond)
		}
	}
}
