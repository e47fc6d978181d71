//go:build linux

package clientfile

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"signpost/internal/mail/dovecottest"
)

// inside marks the copy of the test program that runs in its own namespaces.
const inside = "SIGNPOST_TEST_NAMESPACE"

// customer is the ordinary user that the mail programs run as: some behave
// differently for root, or refuse.
const customer = 4000

// inNamespace runs the calling test once more in private mount, network and
// process namespaces, where port numbers are free, the hosts file and the
// trusted authorities are ours, and every process ends with the test. It
// returns true in there, and false, with the outcome, outside.
func inNamespace(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) == "1" {
		return true
	}
	if os.Getuid() != 0 {
		dovecottest.Missing(t, "private namespaces need root")
	}
	unshare := dovecottest.RequireProgram(t, "unshare")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	pattern := "^" + t.Name() + "$" // and the subtests that were asked for
	if _, sub, ok := strings.Cut(flag.Lookup("test.run").Value.String(), "/"); ok {
		pattern += "/" + sub
	}
	args := []string{
		"--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
		program, "-test.run", pattern, "-test.v", "-test.timeout", "8m",
	}
	cmd := exec.CommandContext(t.Context(), unshare, args...)
	cmd.Env = append(os.Environ(), inside+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	return false
}

// A world is what the namespace holds.
type world struct {
	t      *testing.T
	dir    string
	server *dovecottest.Server
}

// newWorld prepares the namespace: loopback, hosts, users, authorities.
func newWorld(t *testing.T, hosts []string, o dovecottest.Options) *world {
	t.Helper()
	loopbackUp(t)
	if err := syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "mailworld")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	w := &world{t: t, dir: dir}

	// One line per name: programs take the first name of a line for the host's own.
	var table strings.Builder
	table.WriteString("127.0.0.1 localhost\n")
	for _, h := range hosts {
		fmt.Fprintf(&table, "%s %s\n", dovecottest.Address, h)
	}
	if name, err := os.Hostname(); err == nil {
		fmt.Fprintf(&table, "127.0.0.1 %s\n", name)
	}
	w.replace("/etc/hosts", table.String())
	w.replace("/etc/passwd", readFile(t, "/etc/passwd")+fmt.Sprintf("kari:x:%d:%d:Kari:%s:/bin/sh\n", customer, customer, dir))
	w.replace("/etc/group", readFile(t, "/etc/group")+fmt.Sprintf("kari:x:%d:\n", customer))

	o.CA, o.Hosts, o.Standard = dovecottest.NewCA(t), hosts, true
	if err := syscall.Mount("tmpfs", "/etc/ssl/certs", "tmpfs", 0, ""); err != nil {
		t.Fatal(err)
	}
	writeFile(t, "/etc/ssl/certs/ca-certificates.crt", 0o644, string(o.CA.PEM))
	hash, err := exec.Command(dovecottest.RequireProgram(t, "openssl"), "x509", "-noout", "-hash", "-in", "/etc/ssl/certs/ca-certificates.crt").Output()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, "/etc/ssl/certs/"+strings.TrimSpace(string(hash))+".0", 0o644, string(o.CA.PEM))
	w.server = dovecottest.Start(t, o)
	return w
}

// replace shows other content in the place of a file of the system.
func (w *world) replace(path, content string) {
	w.t.Helper()
	own := filepath.Join(w.dir, "etc-"+filepath.Base(path))
	writeFile(w.t, own, 0o644, content)
	if err := syscall.Mount(own, path, "", syscall.MS_BIND, ""); err != nil {
		w.t.Fatal(err)
	}
}

// loopbackUp switches the loopback interface of a new network namespace on.
func loopbackUp(t *testing.T) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	var request struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP | syscall.IFF_RUNNING
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)))
	if errno != 0 {
		t.Fatal(errno)
	}
}

// A desk is the home folder of the customer for one program, with a command
// "pass" that knows one password.
type desk struct {
	t       *testing.T
	world   *world
	home    string
	screens int
}

func (w *world) newDesk(t *testing.T, address, password string) *desk {
	t.Helper()
	home, err := os.MkdirTemp(w.dir, "home")
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, world: w, home: home}
	d.write("bin/pass", 0o755, "#!/bin/sh\n"+
		"[ \"$1\" = show ] && [ \"$2\" = \"$(cat \"$HOME/address\")\" ] || { echo \"wrong entry: $*\" >&2; exit 1; }\n"+
		"cat \"$HOME/password\"\nsleep 0.1\necho 'url: https://webmail.post.test/'\n") // what people keep below a password
	d.write("address", 0o600, "mail/"+address)
	d.write("password", 0o600, password+"\n")
	return d
}

// write makes a file of the customer, named from the home folder.
func (d *desk) write(name string, mode os.FileMode, content string) {
	d.t.Helper()
	path := filepath.Join(d.home, strings.TrimPrefix(name, "~/"))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		d.t.Fatal(err)
	}
	writeFile(d.t, path, mode, content)
	d.own()
}

func (d *desk) mkdir(names ...string) {
	d.t.Helper()
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(d.home, name), 0o700); err != nil {
			d.t.Fatal(err)
		}
	}
	d.own()
}

func (d *desk) own() {
	filepath.WalkDir(d.home, func(path string, _ os.DirEntry, _ error) error {
		return os.Lchown(path, customer, customer)
	})
}

func (d *desk) command(ctx context.Context, stdin, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = d.home
	cmd.Env = []string{
		"HOME=" + d.home, "USER=kari", "LOGNAME=kari", "SHELL=/bin/sh", "TERM=screen", "LANG=C.UTF-8", "EDITOR=true",
		"PATH=" + d.home + "/bin:/usr/bin:/bin", "TMUX_TMPDIR=" + d.home,
	}
	cmd.Stdin = strings.NewReader(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: customer, Gid: customer}, Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}

// run starts a program as the customer and returns what it printed.
func (d *desk) run(stdin, name string, args ...string) (string, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 25*time.Second)
	defer cancel()
	var out bytes.Buffer
	cmd := d.command(ctx, stdin, dovecottest.RequireProgram(d.t, name), args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return out.String(), err
}

// find reports whether a file below a folder of the home holds the text.
func (d *desk) find(folder, text string) bool { return holds(filepath.Join(d.home, folder), text) }

// A screen is a program in a terminal.
type screen struct {
	d    *desk
	name string
}

// open starts a shell command in a terminal of its own.
func (d *desk) open(command string) *screen {
	d.t.Helper()
	dovecottest.RequireProgram(d.t, "tmux")
	d.screens++
	s := &screen{d, fmt.Sprintf("s%d", d.screens)}
	s.tmux("new-session", "-d", "-x", "140", "-y", "40", command+"; echo \"[ended: $?]\"; sleep 60")
	d.t.Cleanup(func() { s.command("kill-server").Run() })
	return s
}

func (s *screen) command(args ...string) *exec.Cmd {
	return s.d.command(context.WithoutCancel(s.d.t.Context()), "", "tmux", append([]string{"-L", s.name, "-f", "/dev/null"}, args...)...)
}

func (s *screen) tmux(args ...string) string {
	s.d.t.Helper()
	out, err := s.command(args...).CombinedOutput()
	if err != nil {
		s.d.t.Fatalf("tmux %v: %v %s", args, err, out)
	}
	return string(out)
}

func (s *screen) keys(keys ...string) { s.tmux(append([]string{"send-keys"}, keys...)...) }

func (s *screen) text(text string) { s.tmux("send-keys", "-l", text) }

func (s *screen) shown() string {
	return strings.TrimSpace(s.tmux("capture-pane", "-p", "-J"))
}

// wait returns the first of the texts that the screen shows, or "" after a time.
func (s *screen) wait(texts ...string) string {
	s.d.t.Helper()
	for end := time.Now().Add(12 * time.Second); time.Now().Before(end); time.Sleep(60 * time.Millisecond) {
		shown := s.shown()
		for _, text := range texts {
			if strings.Contains(shown, text) {
				return text
			}
		}
	}
	s.d.t.Logf("the screen shows none of %q:\n%s", texts, s.shown())
	return ""
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func writeFile(t *testing.T, path string, mode os.FileMode, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func fileExists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
