package mobileconfig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/smallstep/pkcs7"

	"signpost/internal/problem"
)

// maxPEM bounds the key and certificate files, in bytes.
const maxPEM = 1 << 20

// A Signer signs profiles with one key. It is safe for concurrent use.
type Signer struct {
	certFile, keyFile string
	keyMode           os.FileMode
	key               crypto.Signer
	leaf              *x509.Certificate
	others            []*x509.Certificate // of the file, after the leaf, in any order
	parents           []*x509.Certificate // from the leaf's issuer upwards, without a root
}

// LoadSigner reads a certificate file (PEM: the signer's certificate first,
// then its intermediates) and a key file (PEM: PKCS #8, PKCS #1 or EC; RSA or
// ECDSA, not encrypted). It fails when they cannot be used at all;
// [Signer.Check] tells the rest.
func LoadSigner(certFile, keyFile string) (*Signer, error) {
	s := &Signer{certFile: certFile, keyFile: keyFile}
	if err := s.loadCertificates(); err != nil {
		return nil, err
	}
	if err := s.loadKey(); err != nil {
		return nil, err
	}
	public, ok := s.leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(s.key.Public()) {
		return nil, fmt.Errorf("the key in %s does not belong to the first certificate in %s", keyFile, certFile)
	}
	s.findParents()
	return s, nil
}

func (s *Signer) loadCertificates() error {
	content, _, err := readPEM(s.certFile)
	if err != nil {
		return err
	}
	for {
		var block *pem.Block
		if block, content = pem.Decode(content); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("%s: %w", s.certFile, err)
		}
		s.others = append(s.others, c)
	}
	if len(s.others) == 0 {
		return fmt.Errorf("%s holds no certificate in PEM format", s.certFile)
	}
	s.leaf, s.others = s.others[0], s.others[1:]
	return nil
}

func (s *Signer) loadKey() error {
	content, mode, err := readPEM(s.keyFile)
	if err != nil {
		return err
	}
	s.keyMode = mode
	for {
		var block *pem.Block
		if block, content = pem.Decode(content); block == nil {
			return fmt.Errorf("%s holds no private key in PEM format without a password", s.keyFile)
		}
		key, err := parseKey(block)
		if err != nil {
			// Not the parser's error, which might quote the key.
			return fmt.Errorf("%s: the private key cannot be read; RSA and ECDSA are supported", s.keyFile)
		}
		if key != nil {
			s.key = key
			return nil
		}
	}
}

// parseKey returns nil for blocks that are no keys, such as EC parameters.
func parseKey(block *pem.Block) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	}
	return nil, errors.New("unsupported key")
}

// readPEM reads a file with a limit and returns its permissions.
func readPEM(name string) ([]byte, os.FileMode, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	content, err := io.ReadAll(io.LimitReader(f, maxPEM+1))
	if err != nil {
		return nil, 0, err
	}
	if len(content) > maxPEM {
		return nil, 0, fmt.Errorf("%s is larger than 1 MiB", name)
	}
	return content, info.Mode().Perm(), nil
}

func selfSigned(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// findParents orders the intermediates: devices need them in the signature, the
// root they have.
func (s *Signer) findParents() {
	for c := s.leaf; !selfSigned(c) && len(s.parents) < len(s.others); {
		parent := issuer(c, s.others)
		if parent == nil || selfSigned(parent) {
			return
		}
		s.parents = append(s.parents, parent)
		c = parent
	}
}

func issuer(c *x509.Certificate, among []*x509.Certificate) *x509.Certificate {
	for _, candidate := range among {
		if c.CheckSignatureFrom(candidate) == nil {
			return candidate
		}
	}
	return nil
}

// NotAfter returns when the first certificate of the chain expires.
func (s *Signer) NotAfter() time.Time {
	end := s.leaf.NotAfter
	for _, c := range s.parents {
		if c.NotAfter.Before(end) {
			end = c.NotAfter
		}
	}
	return end
}

// Check returns what is wrong with the signer at a time: an incomplete chain, a
// certificate that has expired or soon will (21, 7, 1 days), a readable key, a
// kind of key that devices may not accept. Roots are the authorities that
// devices trust; nil stands for those of this system.
func (s *Signer) Check(now time.Time, roots *x509.CertPool) problem.List {
	var list problem.List
	if s.keyMode&0o077 != 0 {
		list.Warnf(s.keyFile, 0, "run: chmod 600 on the file", "others on this computer may read the signing key (mode %04o)", s.keyMode)
	}
	s.checkExpiry(now, &list)
	s.checkChain(now, roots, &list)
	switch key := s.key.(type) {
	case *ecdsa.PrivateKey:
		list.Warnf(s.certFile, 0, "use an RSA certificate to be sure", "the profile signer has an ECDSA key, which not all devices may accept")
	case *rsa.PrivateKey:
		if key.N.BitLen() < 2048 {
			list.Warnf(s.certFile, 0, "use 2048 bits or more", "the profile signer's RSA key has only %d bits", key.N.BitLen())
		}
	}
	return list
}

func (s *Signer) checkExpiry(now time.Time, list *problem.List) {
	const day = 24 * time.Hour
	const hint = "renew it: devices show profiles of an expired signer as not verified"
	left := s.NotAfter().Sub(now)
	switch {
	case now.Before(s.leaf.NotBefore):
		list.Errorf(s.certFile, 0, "check the clock", "the profile signer's certificate is not valid before %s", s.leaf.NotBefore.UTC().Format(time.DateTime))
	case left <= 0:
		list.Errorf(s.certFile, 0, hint, "the profile signer's certificate expired on %s", s.NotAfter().UTC().Format(time.DateTime))
	case left <= day:
		list.Errorf(s.certFile, 0, hint, "the profile signer's certificate expires within a day")
	case left <= 7*day:
		list.Warnf(s.certFile, 0, hint, "the profile signer's certificate expires within 7 days")
	case left <= 21*day:
		list.Warnf(s.certFile, 0, hint, "the profile signer's certificate expires within 21 days")
	}
}

// checkChain reports a missing intermediate and an authority that nobody knows.
func (s *Signer) checkChain(now time.Time, roots *x509.CertPool, list *problem.List) {
	if selfSigned(s.leaf) {
		list.Warnf(s.certFile, 0, "use a certificate from a public authority", "the profile signer's certificate is self-signed; devices show profiles as not verified")
		return
	}
	// At a moment inside its validity, so that an expired certificate is not
	// reported once more as an incomplete chain.
	at := now
	if at.After(s.NotAfter()) {
		at = s.NotAfter()
	}
	if at.Before(s.leaf.NotBefore) {
		at = s.leaf.NotBefore
	}
	intermediates := x509.NewCertPool()
	for _, c := range s.parents {
		intermediates.AddCert(c)
	}
	options := x509.VerifyOptions{
		Roots: roots, Intermediates: intermediates, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	}
	_, err := s.leaf.Verify(options)
	if err == nil {
		return
	}
	top := s.leaf
	if n := len(s.parents); n > 0 {
		top = s.parents[n-1]
	}
	if root := issuer(top, s.others); root != nil {
		list.Warnf(s.certFile, 0, "devices verify profiles only from authorities they trust", "the authority %q is not trusted by this system", root.Subject)
		return
	}
	// Public authorities say in the certificate where that of its issuer is
	// (RFC 5280, 4.2.2.1); one of the operator's own usually does not, and its
	// root has no place in the file.
	if len(s.parents) == 0 && len(s.leaf.IssuingCertificateURL) > 0 {
		list.Errorf(s.certFile, 0, "add the intermediate certificates to the file, after the signer's own",
			"the profile signer's chain is incomplete: the certificate of %q is missing", top.Issuer)
		return
	}
	list.Warnf(s.certFile, 0, "if it is an intermediate authority, add its certificate to the file; if it is a root of your own, devices must have it installed",
		"the authority %q is not known to this system", top.Issuer)
}

// Sign returns the profile as CMS SignedData (RFC 5652): DER, attached, SHA-256,
// with the signer's certificate and its intermediates.
func (s *Signer) Sign(profile []byte) ([]byte, error) {
	data, err := pkcs7.NewSignedData(profile)
	if err != nil {
		return nil, err
	}
	data.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if len(s.parents) > 0 {
		err = data.AddSignerChain(s.leaf, s.key, s.parents, pkcs7.SignerInfoConfig{})
	} else {
		err = data.AddSigner(s.leaf, s.key, pkcs7.SignerInfoConfig{})
	}
	if err != nil {
		return nil, fmt.Errorf("signing a profile: %w", err)
	}
	return data.Finish()
}
