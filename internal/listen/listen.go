// Package listen opens the sockets that a server accepts connections on.
//
// [Open] takes an address in one of four forms:
//
//	127.0.0.1:8080   a TCP address and port; ":8080" for all addresses
//	unix:PATH        a Unix socket, replaced when a crashed server left it behind
//	systemd[:NAME]   the sockets that systemd passed, or those with
//	                 FileDescriptorName=NAME (sd_listen_fds(3))
//	fd://N           the socket that was inherited as descriptor N, from 3 on
//
// [Target] is where a client on the same machine reaches such an address.
package listen

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// firstFD is the first descriptor that a service manager passes (SD_LISTEN_FDS_START).
const firstFD = 3

// ErrNotPassed says that systemd passed no such socket to this process.
var ErrNotPassed = errors.New("systemd passed no such socket to this process")

// Open listens on an address. It returns more than one listener only for
// sockets of systemd. mode holds the permissions of a Unix socket.
func Open(address string, mode os.FileMode) ([]net.Listener, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		l, err := openUnix(path, mode)
		if err != nil {
			return nil, err
		}
		return []net.Listener{l}, nil
	}
	if n, ok := strings.CutPrefix(address, "fd://"); ok {
		fd, err := strconv.Atoi(n)
		if err != nil || fd < firstFD {
			return nil, fmt.Errorf("%q does not name a descriptor from %d on", address, firstFD)
		}
		l, err := inherited(fd)
		if err != nil {
			return nil, err
		}
		return []net.Listener{l}, nil
	}
	if name, ok := strings.CutPrefix(address, "systemd"); ok && (name == "" || name[0] == ':') {
		return passed(strings.TrimPrefix(name, ":"), os.Getpid(), os.Getenv)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return []net.Listener{l}, nil
}

// openUnix listens on a path. A socket there that nobody answers is a left-over
// and replaced; one that somebody answers, and any other file, is an error.
func openUnix(path string, mode os.FileMode) (net.Listener, error) {
	if path == "" {
		return nil, errors.New("unix: names no path")
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), strings.HasPrefix(path, "@"):
	case err != nil:
		return nil, err
	case info.Mode().Type() != os.ModeSocket:
		return nil, fmt.Errorf("%s exists and is not a socket", path)
	default:
		if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
			c.Close()
			return nil, fmt.Errorf("another server answers on %s", path)
		} else if !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, err
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(path, "@") { // an abstract socket has no file
		return l, nil
	}
	if err := os.Chmod(path, mode); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// inherited returns the listener of a descriptor.
func inherited(fd int) (net.Listener, error) {
	f := os.NewFile(uintptr(fd), "fd://"+strconv.Itoa(fd))
	if f == nil {
		return nil, fmt.Errorf("fd://%d is not open", fd)
	}
	defer f.Close() // the listener has a copy
	l, err := net.FileListener(f)
	if err != nil {
		return nil, fmt.Errorf("fd://%d is not a socket that listens: %w", fd, err)
	}
	return l, nil
}

// passed returns the sockets that systemd passed to process pid under a name,
// all of them for "" (sd_listen_fds(3)).
func passed(name string, pid int, env func(string) string) ([]net.Listener, error) {
	n, err := strconv.Atoi(env("LISTEN_FDS"))
	if err != nil || n < 1 || env("LISTEN_PID") != strconv.Itoa(pid) {
		return nil, ErrNotPassed
	}
	names := strings.Split(env("LISTEN_FDNAMES"), ":")
	var list []net.Listener
	for i := range n {
		if name != "" && (i >= len(names) || names[i] != name) {
			continue
		}
		l, err := inherited(firstFD + i)
		if err != nil {
			for _, l := range list {
				l.Close()
			}
			return nil, err
		}
		list = append(list, l)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: none is named %q", ErrNotPassed, name)
	}
	return list, nil
}

// Loopback reports whether only this machine reaches a TCP listener.
func Loopback(l net.Listener) bool {
	a, ok := l.Addr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

// Local reports whether only this machine reaches a listener.
func Local(l net.Listener) bool { return Loopback(l) || l.Addr().Network() == "unix" }

// Host is the host and port with which a person on this machine opens a
// listener; "localhost" for a Unix socket.
func Host(l net.Listener) string {
	a, ok := l.Addr().(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case a.IP.IsUnspecified():
		return net.JoinHostPort("localhost", strconv.Itoa(a.Port))
	}
	return a.String()
}

// Target is the network and the address to dial for an address that [Open]
// takes, from the same machine.
func Target(address string) (network, target string, err error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return "unix", path, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "tcp", net.JoinHostPort(host, port), nil
}
