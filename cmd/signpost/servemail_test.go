package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A syncBuffer may be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// writeSigner puts a self-signed certificate with a name into two files.
func writeSigner(t *testing.T, cert, key, name string) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(36 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The server signs with the key of its flags, takes a new one at SIGHUP, and
// keeps the old one when the new files are no good.
func TestServeSignsProfiles(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeSigner(t, cert, key, "first signer")
	ctx, cancel := context.WithCancel(t.Context())
	var log syncBuffer
	done := make(chan int)
	go func() {
		done <- run(ctx, []string{"serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "data"), "--profile-cert", cert, "--profile-key", key}, strings.NewReader(""), io.Discard, &log)
	}()
	defer func() {
		cancel()
		if code := <-done; code != 0 {
			t.Errorf("exit status %d", code)
		}
	}()
	within := func(what string, ok func() bool) {
		t.Helper()
		for range 200 {
			if ok() {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Fatalf("%s\n%s", what, log.String())
	}
	address := regexp.MustCompile(`url=(http://127\.0\.0\.1:\d+)/`)
	within("the server does not start", func() bool { return address.MatchString(log.String()) })
	base := address.FindStringSubmatch(log.String())[1]
	signedBy := func(name string) func() bool {
		return func() bool {
			resp, err := http.PostForm(base+"/setup/profile.mobileconfig", url.Values{"address": {"kari@example.com"}})
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, _ := io.ReadAll(resp.Body)
			return bytes.HasPrefix(body, []byte{0x30}) && bytes.Contains(body, []byte(name))
		}
	}
	within("no profile by the first signer", signedBy("first signer"))
	if !strings.Contains(log.String(), "expires") {
		t.Errorf("a certificate that ends tomorrow is not mentioned:\n%s", log.String())
	}
	writeSigner(t, cert, key, "second signer")
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	within("no profile by the second signer", signedBy("second signer"))
	if err := os.WriteFile(key, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	syscall.Kill(os.Getpid(), syscall.SIGHUP)
	within("bad files are not mentioned", func() bool { return strings.Contains(log.String(), "profiles are signed as before") })
	if !signedBy("second signer")() {
		t.Error("the old key was given up for a bad one")
	}
	if strings.Contains(log.String(), "kari") {
		t.Error("the log holds the address")
	}
}
