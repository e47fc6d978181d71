package source_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"signpost/internal/content/source"
)

func newSSHKey(t *testing.T) (ssh.Signer, []byte) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, pem.EncodeToMemory(block)
}

// serveSSH answers Git's two commands for those who have the key.
func serveSSH(t *testing.T, host ssh.Signer, client ssh.PublicKey) string {
	t.Helper()
	cfg := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(client.Marshal()) {
			return nil, errors.New("unknown key")
		}
		return nil, nil
	}}
	cfg.AddHostKey(host)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveSSHConn(conn, cfg)
		}
	}()
	return l.Addr().String()
}

func serveSSHConn(conn net.Conn, cfg *ssh.ServerConfig) {
	server, channels, requests, err := ssh.NewServerConn(conn, cfg)
	if err != nil {
		return
	}
	defer server.Close()
	go ssh.DiscardRequests(requests)
	for offer := range channels {
		channel, requests, err := offer.Accept()
		if err != nil {
			return
		}
		for r := range requests {
			if r.Type != "exec" || len(r.Payload) < 4 {
				r.Reply(false, nil)
				continue
			}
			r.Reply(true, nil)
			name, arg, _ := strings.Cut(string(r.Payload[4:]), " ")
			cmd := exec.Command("git", strings.TrimPrefix(name, "git-"), strings.Trim(arg, "'"))
			cmd.Stdout = channel
			in, err := cmd.StdinPipe()
			if err == nil && cmd.Start() == nil {
				go func() { io.Copy(in, channel); in.Close() }()
				cmd.Wait()
			}
			channel.SendRequest("exit-status", false, binary.BigEndian.AppendUint32(nil, uint32(cmd.ProcessState.ExitCode())))
			channel.Close()
		}
	}
}

func TestGitOverSSHWithAKeyFile(t *testing.T) {
	bare, _ := repository(t)
	host, _ := newSSHKey(t)
	client, private := newSSHKey(t)
	addr := serveSSH(t, host, client.PublicKey())
	address := "git+ssh://git@" + addr + bare
	dir := t.TempDir()
	known := filepath.Join(dir, "known_hosts")
	port := addr[strings.LastIndexByte(addr, ':')+1:]
	t.Setenv("SSH_KNOWN_HOSTS", known)
	cfg, _ := gitConfig(t.TempDir())
	cfg.KeyFile = filepath.Join(dir, "key")
	write(t, cfg.KeyFile, string(private))

	stranger, _ := newSSHKey(t)
	write(t, known, "[127.0.0.1]:"+port+" "+string(ssh.MarshalAuthorizedKey(stranger.PublicKey())))
	if _, err := source.Git(t.Context(), address, cfg); err == nil || !strings.Contains(err.Error(), "knownhosts") {
		t.Errorf("another host's key: %v", err)
	}
	write(t, known, "[127.0.0.1]:"+port+" "+string(ssh.MarshalAuthorizedKey(host.PublicKey())))
	s, err := source.Git(t.Context(), address, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := put(s, "status/2026/b.md", "", []byte("b\n")); err != nil {
		t.Fatal(err)
	}
	if got := gitIn(t, bare, "show", "HEAD:status/2026/b.md"); got != "b\n" {
		t.Errorf("pushed: %q", got)
	}
	_, other := newSSHKey(t)
	write(t, cfg.KeyFile, string(other))
	cfg.Data = t.TempDir()
	if _, err := source.Git(t.Context(), address, cfg); err == nil || !strings.Contains(err.Error(), "unable to authenticate") {
		t.Errorf("an unknown key: %v", err)
	}
}
