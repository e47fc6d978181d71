package mobileconfig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/mail/dovecottest"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A chain is root, intermediate and signer.
type chain struct {
	root, middle, leaf *x509.Certificate
	key                crypto.Signer
}

// newChain issues a chain; aia is where the signer says that the certificate of
// its issuer is.
func newChain(t *testing.T, key crypto.Signer, notAfter time.Time, aia ...string) chain {
	t.Helper()
	serial := int64(0)
	issue := func(name string, ca bool, end time.Time, parent *x509.Certificate, public crypto.PublicKey, parentKey crypto.Signer) *x509.Certificate {
		serial++
		template := &x509.Certificate{
			SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
			NotBefore: now.Add(-100 * 24 * time.Hour), NotAfter: end,
			IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature,
		}
		if !ca {
			template.IssuingCertificateURL = aia
		}
		if ca {
			template.KeyUsage = x509.KeyUsageCertSign
		}
		if parent == nil {
			parent = template
		}
		der, err := x509.CreateCertificate(rand.Reader, template, parent, public, parentKey)
		if err != nil {
			t.Fatal(err)
		}
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	newKey := func() crypto.Signer {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	far := now.Add(1000 * 24 * time.Hour)
	rootKey, middleKey := newKey(), newKey()
	root := issue("Test Root", true, far, nil, rootKey.Public(), rootKey)
	middle := issue("Test Intermediate", true, far, root, middleKey.Public(), rootKey)
	return chain{root, middle, issue("Example Mail", false, notAfter, middle, key.Public(), middleKey), key}
}

func certPEM(certificates ...*x509.Certificate) []byte {
	var b bytes.Buffer
	for _, c := range certificates {
		pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	}
	return b.Bytes()
}

func keyPEM(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func write(t *testing.T, dir, name string, mode os.FileMode, content []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, content, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func rsaKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func ecKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestSignOpenSSL(t *testing.T) {
	openssl := dovecottest.RequireProgram(t, "openssl")
	profile := mustProfile(t, "o'neil&sons@example.net", Options{DAV: true})
	for name, key := range map[string]crypto.Signer{"RSA": rsaKey(t), "ECDSA": ecKey(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			c := newChain(t, key, now.Add(90*24*time.Hour))
			s, err := LoadSigner(
				write(t, dir, "cert.pem", 0o600, certPEM(c.leaf, c.root, c.middle)), // in disorder
				write(t, dir, "key.pem", 0o600, keyPEM(t, key)))
			if err != nil {
				t.Fatal(err)
			}
			signed, err := s.Sign(profile)
			if err != nil {
				t.Fatal(err)
			}
			roots := write(t, dir, "root.pem", 0o600, certPEM(c.root))
			verify := func(name string, signed []byte) ([]byte, error) {
				return exec.CommandContext(t.Context(), openssl, "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any",
					"-attime", "1772366400", "-CAfile", roots, "-in", write(t, dir, name, 0o600, signed)).Output()
			}
			got, err := verify("good", signed)
			if err != nil || !bytes.Equal(got, profile) {
				t.Errorf("openssl: %v, %d bytes of %d", err, len(got), len(profile))
			}
			changed := bytes.Replace(signed, []byte("smtp.example.net"), []byte("smtp.example.org"), 1)
			if _, err := verify("changed", changed); err == nil {
				t.Error("a changed byte was not noticed")
			}
			alone, err := LoadSigner(write(t, dir, "alone.pem", 0o600, certPEM(c.leaf)), filepath.Join(dir, "key.pem"))
			if err != nil {
				t.Fatal(err)
			}
			signed, err = alone.Sign(profile)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := verify("alone", signed); err == nil {
				t.Error("openssl verified a signature without the intermediate certificate")
			}
		})
	}
}

func TestCheck(t *testing.T) {
	const day = 24 * time.Hour
	rsaSigner, ecSigner := rsaKey(t), ecKey(t)
	tests := []struct {
		name    string
		key     crypto.Signer
		left    time.Duration
		certs   func(chain) []*x509.Certificate
		mode    os.FileMode
		trusted bool
		want    string // "" = no problem
		isError bool
	}{
		{"good", rsaSigner, 90 * day, whole, 0o600, true, "", false},
		{"21 days", rsaSigner, 20 * day, whole, 0o600, true, "within 21 days", false},
		{"7 days", rsaSigner, 6 * day, whole, 0o600, true, "within 7 days", false},
		{"1 day", rsaSigner, 20 * time.Hour, whole, 0o600, true, "within a day", true},
		{"expired", rsaSigner, -time.Hour, whole, 0o600, true, "expired on", true},
		{"no intermediate", rsaSigner, 90 * day, alone, 0o600, true, `"CN=Test Intermediate" is missing`, true},
		{"a private root that is absent", rsaSigner, 90 * day, func(c chain) []*x509.Certificate { return []*x509.Certificate{c.leaf, c.middle} }, 0o600, false, `"CN=Test Root" is not known`, false},
		{"unknown root", rsaSigner, 90 * day, whole, 0o600, false, "not trusted", false},
		{"readable key", rsaSigner, 90 * day, whole, 0o644, true, "0644", false},
		{"ECDSA", ecSigner, 90 * day, whole, 0o600, true, "ECDSA", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			c := newChain(t, tt.key, now.Add(tt.left), "http://ca.example.com/issuer.cer")
			s, err := LoadSigner(write(t, dir, "c", 0o600, certPEM(tt.certs(c)...)), write(t, dir, "k", tt.mode, keyPEM(t, tt.key)))
			if err != nil {
				t.Fatal(err)
			}
			roots := x509.NewCertPool()
			if tt.trusted {
				roots.AddCert(c.root)
			}
			list := s.Check(now, roots)
			if tt.want == "" {
				if len(list) != 0 {
					t.Errorf("got %v, want nothing", list)
				}
				return
			}
			if len(list) != 1 || !strings.Contains(list[0].Message, tt.want) || list.HasErrors() != tt.isError {
				t.Errorf("got %v, want one saying %q, error: %v", list, tt.want, tt.isError)
			}
		})
	}
}

// TestPrivateAuthority: an authority that issues without an intermediate is not
// an incomplete chain.
func TestPrivateAuthority(t *testing.T) {
	c := newChain(t, rsaKey(t), now.Add(2000*time.Hour))
	dir := t.TempDir()
	s, err := LoadSigner(write(t, dir, "c", 0o600, certPEM(c.leaf)), write(t, dir, "k", 0o600, keyPEM(t, c.key)))
	if err != nil {
		t.Fatal(err)
	}
	if list := s.Check(now, x509.NewCertPool()); len(list) != 1 || list.HasErrors() || !strings.Contains(list[0].Message, "is not known to this system") {
		t.Errorf("got %v", list)
	}
}

func alone(c chain) []*x509.Certificate { return []*x509.Certificate{c.leaf} }

func whole(c chain) []*x509.Certificate { return []*x509.Certificate{c.leaf, c.middle, c.root} }

func TestLoadSignerErrors(t *testing.T) {
	dir := t.TempDir()
	key := ecKey(t)
	c := newChain(t, key, now.Add(time.Hour))
	certs := write(t, dir, "certs", 0o600, certPEM(c.leaf))
	good := write(t, dir, "good", 0o600, keyPEM(t, key))
	tests := []struct{ name, cert, key, says string }{
		{"no certificate file", filepath.Join(dir, "none"), good, "no such file"},
		{"no key file", certs, filepath.Join(dir, "none"), "no such file"},
		{"no certificate", good, good, "no certificate"},
		{"no key", certs, certs, "no private key"},
		{"other key", certs, write(t, dir, "other", 0o600, keyPEM(t, ecKey(t))), "does not belong"},
		{"broken key", certs, write(t, dir, "broken", 0o600, []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")), "cannot be read"},
		{"huge", write(t, dir, "huge", 0o600, make([]byte, maxPEM+1)), good, "larger"},
	}
	for _, tt := range tests {
		if _, err := LoadSigner(tt.cert, tt.key); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.says)
		}
	}
}
