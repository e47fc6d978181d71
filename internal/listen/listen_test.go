package listen

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// reaches reports whether a client of the listener's address is accepted.
func reaches(t *testing.T, l net.Listener) bool {
	t.Helper()
	c, err := net.Dial(l.Addr().Network(), l.Addr().String())
	if err != nil {
		return false
	}
	defer c.Close()
	server, err := l.Accept()
	if err != nil {
		return false
	}
	return server.Close() == nil
}

func TestUnix(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "s")
	first, err := Open("unix:"+path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if !reaches(t, first[0]) || Loopback(first[0]) || !Local(first[0]) || Host(first[0]) != "localhost" {
		t.Errorf("%s is not what it should be", first[0].Addr())
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("permissions: %v %v", info, err)
	}
	if _, err := Open("unix:"+path, 0o600); err == nil || !strings.Contains(err.Error(), "another server answers") {
		t.Errorf("a second server: %v", err)
	}
	first[0].(*net.UnixListener).SetUnlinkOnClose(false) // as after a crash
	first[0].Close()
	again, err := Open("unix:"+path, 0o666)
	if err != nil {
		t.Fatalf("after a crash: %v", err)
	}
	if !reaches(t, again[0]) {
		t.Error("after a crash nobody is accepted")
	}
	again[0].Close()
	if _, err := os.Stat(path); err == nil {
		t.Error("the socket stays when the server ends")
	}
	if err := os.WriteFile(path, []byte("a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"unix:", "unix:" + path, "unix:" + filepath.Join(dir, "none", "s")} {
		if _, err := Open(address, 0o600); err == nil {
			t.Errorf("%s is opened", address)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "a file" {
		t.Errorf("a file was replaced: %v", err)
	}
}

func TestTCP(t *testing.T) {
	list, err := Open("127.0.0.1:0", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer list[0].Close()
	if !reaches(t, list[0]) || !Loopback(list[0]) || !Local(list[0]) || Host(list[0]) != list[0].Addr().String() {
		t.Errorf("%s is not what it should be", list[0].Addr())
	}
	for _, address := range []string{"127.0.0.1", "127.0.0.1:port", "fd://2", "fd://x", "fd://999", "tcp:127.0.0.1:0"} {
		if _, err := Open(address, 0); err == nil {
			t.Errorf("%s is opened", address)
		}
	}
}

// duplicate returns a descriptor of a file's own, as a service manager passes.
func duplicate(t *testing.T, f *os.File) int {
	t.Helper()
	defer f.Close()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return fd
}

func TestInherited(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	got, err := inherited(duplicate(t, f))
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	if got.Addr().String() != l.Addr().String() {
		t.Errorf("it listens on %s, not %s", got.Addr(), l.Addr())
	}
	folder, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := inherited(duplicate(t, folder)); err == nil {
		t.Error("a folder is a socket")
	}
}

// TestPassed runs this test again as a process to which two sockets are passed
// as systemd does it, and asks the one that it names.
func TestPassed(t *testing.T) {
	env := func(name string) string {
		if name == "LISTEN_PID" {
			return "42" // systemd sets it between fork and exec
		}
		return os.Getenv(name)
	}
	if os.Getenv("LISTEN_TEST") != "" {
		list, err := passed("admin", 42, env)
		if err != nil || len(list) != 1 {
			t.Fatal(len(list), err)
		}
		c, err := list[0].Accept()
		if err != nil {
			t.Fatal(err)
		}
		c.Write([]byte("admin"))
		c.Close()
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestPassed$")
	cmd.Env = append(os.Environ(), "LISTEN_TEST=1", "LISTEN_FDS=2", "LISTEN_FDNAMES=web:admin")
	var address string
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		f, err := l.(*net.TCPListener).File()
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		cmd.ExtraFiles, address = append(cmd.ExtraFiles, f), l.Addr().String()
	}
	c, err := net.Dial("tcp", address) // waits in the queue until the process accepts
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != "admin" {
		t.Errorf("%q %v", got, err)
	}
}

func TestNothingPassed(t *testing.T) {
	for _, env := range []map[string]string{
		{},
		{"LISTEN_FDS": "1", "LISTEN_PID": "41"},
		{"LISTEN_FDS": "x", "LISTEN_PID": "42"},
		{"LISTEN_FDS": "-1", "LISTEN_PID": "42"},
		{"LISTEN_FDS": "2", "LISTEN_PID": "42", "LISTEN_FDNAMES": "a:b"},
		{"LISTEN_FDS": "2", "LISTEN_PID": "42"},
	} {
		if _, err := passed("web", 42, func(name string) string { return env[name] }); !errors.Is(err, ErrNotPassed) {
			t.Errorf("%v: %v", env, err)
		}
	}
}

func TestTarget(t *testing.T) {
	for address, want := range map[string]string{
		":8080": "tcp 127.0.0.1:8080", "0.0.0.0:80": "tcp 127.0.0.1:80", "[::]:80": "tcp 127.0.0.1:80", "192.0.2.1:80": "tcp 192.0.2.1:80",
		"unix:/run/signpost/web": "unix /run/signpost/web",
	} {
		network, target, err := Target(address)
		if err != nil || network+" "+target != want {
			t.Errorf("%s: %s %s %v", address, network, target, err)
		}
	}
	if _, _, err := Target("systemd"); err == nil {
		t.Error("systemd is an address")
	}
}
