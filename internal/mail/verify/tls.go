package verify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"time"
)

// expiring is how long before the end a certificate should have been renewed.
const expiring = 14 * 24 * time.Hour

// tlsConfig accepts any certificate: judge says what is wrong with it, and
// nothing is told to the server that could harm.
func (p *probe) tlsConfig() *tls.Config {
	return &tls.Config{
		ServerName:         p.service.HostName(),
		InsecureSkipVerify: true,
		MinVersion:         tls.VersionTLS12,
	}
}

// handshakeError makes a finding of an error that is not the network's.
func (p *probe) handshakeError(err error) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, errTooLong):
		return err
	}
	p.add(Fail, "tls-handshake", "No encrypted connection to %s is possible: %s.", p.service.HostName(), short(err.Error()))
	return errStop
}

// judge looks at the certificates that a server showed.
func (p *probe) judge(shown []*x509.Certificate) {
	if len(shown) == 0 {
		p.add(Fail, "tls-chain", "%s shows no certificate.", p.service.HostName())
		return
	}
	host, leaf := p.service.HostName(), shown[0]
	if leaf.VerifyHostname(host) != nil {
		p.add(Fail, "tls-name", "The certificate of %s is for %s.", host, namesOf(leaf))
	}
	p.judgeTime(host, leaf)

	intermediates := x509.NewCertPool()
	for _, c := range shown[1:] {
		intermediates.AddCert(c)
	}
	// The chain is judged at a moment when the certificate is valid, so that
	// one fault is not reported twice.
	at := p.o.Now
	if at.After(leaf.NotAfter) {
		at = leaf.NotAfter
	}
	if at.Before(leaf.NotBefore) {
		at = leaf.NotBefore
	}
	_, err := leaf.Verify(x509.VerifyOptions{Roots: p.o.Roots, Intermediates: intermediates, CurrentTime: at})
	var unknown x509.UnknownAuthorityError
	switch {
	case err == nil:
	case errors.As(err, &unknown) && len(shown) == 1 && leaf.CheckSignatureFrom(leaf) != nil:
		p.add(Fail, "tls-chain", "%s shows its certificate without the intermediate ones, or one of an unknown authority: %s.", host, leaf.Issuer)
	case errors.As(err, &unknown):
		p.add(Fail, "tls-chain", "The certificate of %s is from an authority that nobody trusts: %s.", host, leaf.Issuer)
	default:
		p.add(Fail, "tls-chain", "The certificate of %s cannot be verified: %s.", host, short(err.Error()))
	}
}

func (p *probe) judgeTime(host string, leaf *x509.Certificate) {
	const layout = "2 January 2006"
	switch left := leaf.NotAfter.Sub(p.o.Now); {
	case left <= 0:
		p.add(Fail, "tls-expired", "The certificate of %s expired on %s.", host, leaf.NotAfter.UTC().Format(layout))
	case p.o.Now.Before(leaf.NotBefore):
		p.add(Fail, "tls-not-yet-valid", "The certificate of %s is not valid before %s.", host, leaf.NotBefore.UTC().Format(layout))
	case left <= expiring:
		p.add(Warn, "tls-expiring", "The certificate of %s expires on %s.", host, leaf.NotAfter.UTC().Format(layout))
	}
}

// namesOf lists a few of the names in a certificate.
func namesOf(c *x509.Certificate) string {
	names := c.DNSNames
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "no host name at all"
	}
	if len(names) > 4 {
		names = append(names[:4:4], "…")
	}
	return strings.Join(names, ", ")
}
