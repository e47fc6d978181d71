// Package verify connects to the servers that a provider describes and says
// whether they really answer as described: name, chain and expiry of the
// certificate, STARTTLS, the ways to sign in, the APOP timestamp, the URLs of
// calendars, address books and JMAP.
//
// [Check] does it all and returns one [Result] per server. Only described hosts
// are contacted, through one [Guard]; redirects are reported, never followed;
// nobody signs in. A server that answers nonsense, endlessly, drop by drop or in
// the clear after STARTTLS costs a bounded time and memory and is reported.
//
// Standards: RFC 8314 (TLS for mail), 9051 (IMAP), 1939, 2449, 2595 (POP3), 5321,
// 3207, 4954 (SMTP), 5804 (ManageSieve), 6764 (DAV discovery), 8620 (JMAP).
package verify

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// Status is the verdict on a server.
type Status string

// The verdicts.
const (
	OK   Status = "ok"
	Warn Status = "warn" // works, but something should be looked at
	Fail Status = "fail" // customers who use the settings will have trouble
)

// A Finding is one thing that was noticed.
type Finding struct {
	Key    string `json:"key"` // stable: "tls-expired", "apop-missing"
	Status Status `json:"status"`
	Text   string `json:"text"` // one sentence in English, without control characters
}

// A Result is what was found about one server.
type Result struct {
	Provider string        `json:"provider"`
	Client   string        `json:"client,omitempty"` // set when only this client is sent there
	Service  provider.Use  `json:"service"`
	Target   string        `json:"target"` // host:port or URL
	Security string        `json:"security"`
	Status   Status        `json:"status"` // the worst of the findings
	Findings []Finding     `json:"findings"`
	Duration time.Duration `json:"duration_ns"`
}

// Options say how to check.
type Options struct {
	Guard   *Guard         // nil: public addresses only
	Now     time.Time      // the moment that certificates must be valid at
	Roots   *x509.CertPool // nil: the system's
	Timeout time.Duration  // for one server, all in all; default 10 s
}

// parallel bounds how many servers are contacted at the same time.
const parallel = 8

// Check contacts every server of the provider, also those of exceptions for
// single clients, and returns the results in the order of the description.
func Check(ctx context.Context, p *provider.Provider, o Options) []Result {
	if o.Guard == nil {
		o.Guard = &Guard{}
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	targets := targets(p)
	results := make([]Result, len(targets))
	slots := make(chan struct{}, parallel)
	var group sync.WaitGroup
	for i, t := range targets {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			results[i] = check(ctx, p, t, o)
		})
	}
	group.Wait()
	return results
}

// A target is a described server.
type target struct {
	client  string
	service provider.Service
}

func (t target) String() string {
	if t.service.Use.HasURL() {
		return t.service.BaseURL()
	}
	return net.JoinHostPort(t.service.Host, strconv.Itoa(t.service.PortNumber()))
}

// targets lists each described server once.
func targets(p *provider.Provider) []target {
	var all []target
	add := func(client string, services []provider.Service) {
		for _, s := range services {
			t := target{client, s}
			same := func(o target) bool {
				return o.String() == t.String() && o.service.Use == s.Use && o.service.Security == s.Security && slices.Equal(o.service.Auth, s.Auth)
			}
			if !slices.ContainsFunc(all, same) {
				all = append(all, t)
			}
		}
	}
	add("", p.Services)
	for _, e := range p.Except {
		add(e.Client, p.Account(address.Address{}, e.Client).Services)
	}
	return all
}

// probe collects what is found about one server.
type probe struct {
	o        Options
	service  provider.Service
	findings []Finding
}

func (p *probe) add(status Status, key, format string, args ...any) {
	p.findings = append(p.findings, Finding{key, status, problem.Printable(fmt.Sprintf(format, args...))})
}

// errStop ends a check whose reason is already among the findings.
var errStop = errors.New("checked enough")

func check(ctx context.Context, pr *provider.Provider, t target, o Options) Result {
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	p := &probe{o: o, service: t.service}
	var err error
	if t.service.Use.HasURL() {
		err = p.checkURL(ctx, t.String())
	} else {
		err = p.checkTCP(ctx, t.String())
	}
	if err != nil && !errors.Is(err, errStop) {
		p.explain(err)
	}
	if len(p.findings) == 0 {
		p.add(OK, "ok", "Answers as described.")
	}
	return Result{
		Provider: pr.ID, Client: t.client, Service: t.service.Use, Target: t.String(), Security: t.service.SecurityKey(),
		Status: worst(p.findings), Findings: p.findings, Duration: time.Since(start),
	}
}

func worst(findings []Finding) Status {
	status := OK
	for _, f := range findings {
		if f.Status == Fail || status == OK {
			status = f.Status
		}
	}
	return status
}

// explain turns an error of the network into a finding.
func (p *probe) explain(err error) {
	host := p.service.HostName()
	var dns *net.DNSError
	switch {
	case errors.Is(err, ErrRefused):
		p.add(Fail, "address-refused", "%s has an address inside a private network, which is not contacted.", host)
	case errors.As(err, &dns) && dns.IsNotFound:
		p.add(Fail, "dns", "The name %s does not exist.", host)
	case errors.As(err, &dns):
		p.add(Fail, "dns", "The name %s could not be looked up.", host)
	case errors.Is(err, context.Canceled):
		p.add(Fail, "cancelled", "The check was ended before %s had answered.", host)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		p.add(Fail, "timeout", "%s did not give a whole answer within %s.", host, p.o.Timeout)
	case errors.Is(err, errTooLong):
		p.add(Fail, "too-long", "%s sends more than a mail server has to say.", host)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET):
		p.add(Fail, "closed", "%s closed the connection before the answer was complete.", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		p.add(Fail, "connection", "Nothing answers at port %d of %s.", p.service.PortNumber(), host)
	default:
		p.add(Fail, "connection", "The connection to %s failed: %s.", host, short(err.Error()))
	}
}

// short bounds a text from a server.
func short(s string) string {
	const limit = 160
	runes := []rune(s)
	if len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return s
}
