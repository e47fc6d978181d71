// Package webhook posts signed messages to addresses that others have named
// (Standard Webhooks 1.0, https://www.standardwebhooks.com).
//
// [Client.Post] sends one request; [Secret.Sign] makes the header fields by which
// a receiver knows who sent it.
//
// Guarantees: a client that was made for strangers' targets connects only to the
// public internet, on ports 443 and 8443, by TLS; the address is checked after
// resolution, for every request; redirects are not followed; of an answer at most
// 16 KiB are read. Errors never hold the target, whose URL may be a secret.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/mail/verify"
)

// Limits of one request.
const (
	postTime  = 15 * time.Second
	maxAnswer = 16 << 10 // bytes of header, and of body
	maxTarget = 2048     // bytes of a URL
)

// ErrTarget is returned for a URL that cannot be a target.
var ErrTarget = errors.New("the address must be https://HOST/PATH, on port 443 or 8443, without a user name")

// ParseTarget reads a stranger's target, and returns it in its normal form. No
// name is looked up. Errors wrap [ErrTarget].
func ParseTarget(target string) (string, error) {
	u, err := parse(target)
	if err != nil || u.Scheme != "https" || !slices.Contains([]string{"", "443", "8443"}, u.Port()) {
		return "", ErrTarget
	}
	return u.String(), nil
}

func parse(target string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(target))
	if err != nil || u.Hostname() == "" || u.User != nil || len(target) > maxTarget || strings.ContainsFunc(target, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, ErrTarget
	}
	u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Host), "", ""
	return u, nil
}

// ParseOwnTarget reads a target that the operator names: https on any port, or
// http to this machine itself.
func ParseOwnTarget(target string) (string, error) {
	u, err := parse(target)
	if err == nil && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())) {
		return u.String(), nil
	}
	return "", errors.New("the address must be https://HOST/PATH, or http:// on this machine, without a user name")
}

func loopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

// A Client sends requests. It is safe for concurrent use.
type Client struct {
	http *http.Client
	own  bool
}

// New returns a client for strangers' targets. allow are networks that may be
// connected to although they are not on the public internet; roots are the
// authorities that are trusted, nil for those of the system.
func New(allow []netip.Prefix, roots *x509.CertPool) *Client {
	return newClient(verify.Guard{Allow: allow}, roots)
}

// NewOwn returns a client for targets that the operator names; see [ParseOwnTarget].
func NewOwn(allow []netip.Prefix, roots *x509.CertPool) *Client {
	c := newClient(verify.Guard{Allow: allow}, roots)
	c.own = true
	return c
}

func newClient(guard verify.Guard, roots *x509.CertPool) *Client {
	return &Client{http: &http.Client{
		Timeout:       postTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: guard.DialContext, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxAnswer,
		},
	}}
}

// A StatusError is an answer that is not a 2xx.
type StatusError struct {
	Status int
	Again  time.Duration // that the receiver asks for; 0: it does not say
}

// Error implements error.
func (e *StatusError) Error() string {
	if e.Status >= 300 && e.Status < 400 {
		return fmt.Sprintf("the receiver answers %d and another address, which is not followed", e.Status)
	}
	return fmt.Sprintf("the receiver answers %d %s", e.Status, http.StatusText(e.Status))
}

// Post sends a body and returns what the receiver answers. The error is a
// *[StatusError] unless the receiver answered with a 2xx.
func (c *Client) Post(ctx context.Context, target string, header http.Header, body []byte) (answer []byte, err error) {
	read := ParseTarget
	if c.own {
		read = ParseOwnTarget
	}
	if target, err = read(target); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return nil, ErrTarget
	}
	req.Header = header.Clone()
	req.Header.Set("User-Agent", "Signpost")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, withoutTarget(err)
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return nil, &StatusError{resp.StatusCode, time.Duration(min(max(seconds, 0), 24*60*60)) * time.Second}
	}
	return answer, withoutTarget(err)
}

// withoutTarget drops what net/http says of the URL.
func withoutTarget(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// A Secret is what sender and receiver share: 24 to 64 bytes.
type Secret []byte

const prefix = "whsec_"

// ParseSecret reads "whsec_BASE64".
func ParseSecret(text string) (Secret, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(text), prefix))
	if err != nil || len(raw) < 24 || len(raw) > 64 {
		return nil, errors.New("the secret must be whsec_ and 24 to 64 bytes in base64 (echo whsec_$(openssl rand -base64 32) makes one)")
	}
	return raw, nil
}

// String returns the form that [ParseSecret] reads.
func (s Secret) String() string { return prefix + base64.StdEncoding.EncodeToString(s) }

// Sign returns the header fields of a JSON body: its type, and who sent it. at is
// the time of this attempt; id stays the same when a message is sent again.
func (s Secret) Sign(id string, at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte(id + "." + stamp + "."))
	mac.Write(body)
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("Webhook-Id", id)
	h.Set("Webhook-Timestamp", stamp)
	h.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return h
}
