// Package pacc writes and reads the JSON file of automatic configuration for
// mail, calendar and contacts that is bound to a DNS record by its digest:
// https://ua-auto-config.DOMAIN/.well-known/user-agent-configuration.json.
//
// [Encode] writes the file, [TXT] the record for _ua-auto-config.DOMAIN. The
// same description always gives the same bytes: a single changed byte makes
// the file worthless until the record follows. During a change publish the
// records of the old and the new file together.
//
// The format knows implicit TLS at the usual ports and https without a port,
// nothing else; services that need more are left out. It knows no address, so
// URLs with placeholders become the well-known place on their host.
//
// Format: draft-ietf-mailmaint-pacc-03; [Draft02] calls sending "smtp" instead
// of "submit".
package pacc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
)

// ContentType must be sent with the file.
const ContentType = "application/json"

// MaxSize is the largest file that [Decode] reads, in bytes.
const MaxSize = 64 << 10

// Path is where the file is, on the host ua-auto-config.DOMAIN.
const Path = "/.well-known/user-agent-configuration.json"

// ErrNothing is returned when no service can be expressed.
var ErrNothing = errors.New("pacc needs a service with TLS at its usual port, or an https address without port")

// A Draft is a version of the specification.
type Draft int

// The drafts that differ. The zero value is the newest.
const (
	Draft03 Draft = 0
	Draft02 Draft = 2
)

// Options are what the description does not know.
type Options struct {
	Draft Draft
	Docs  string // https address of the page for people, or ""
}

// A Config is a file. Its fields stand in the order of the file.
type Config struct {
	Protocols Protocols `json:"protocols"`
	Auth      Auth      `json:"authentication"`
	Info      Info      `json:"info"`
}

// Protocols are the services, one of each kind.
type Protocols struct {
	IMAP    *Host `json:"imap,omitempty"`
	POP3    *Host `json:"pop3,omitempty"`
	SMTP    *Host `json:"smtp,omitempty"` // Draft02
	Submit  *Host `json:"submit,omitempty"`
	JMAP    *URL  `json:"jmap,omitempty"`
	CalDAV  *URL  `json:"caldav,omitempty"`
	CardDAV *URL  `json:"carddav,omitempty"`
}

// A Host is a server with TLS at its usual port.
type Host struct {
	Host string `json:"host"`
}

// A URL is a service reached by https.
type URL struct {
	URL string `json:"url"`
}

// Auth says how to sign in, everywhere.
type Auth struct {
	Password bool   `json:"password"`
	OAuth    *OAuth `json:"oauth-public,omitempty"`
}

// OAuth names the authorization server.
type OAuth struct {
	Issuer string `json:"issuer"`
}

// Info is for people.
type Info struct {
	Provider Provider `json:"provider"`
	Help     *Help    `json:"help,omitempty"`
}

// A Provider has a name of at most 60 characters and a short one of at most 20.
type Provider struct {
	Name      string `json:"name"`
	ShortName string `json:"shortName,omitempty"`
}

// Help leads to pages.
type Help struct {
	Documentation string `json:"documentation,omitempty"`
}

// New fills a Config from a description.
func New(p *provider.Provider, o Options) (*Config, error) {
	c := &Config{Info: Info{Provider: Provider{p.NameIn("default"), p.Short}}}
	acc := p.Account(address.Address{}, "")
	services := acc.Expressible(provider.PACC)
	if len(services) == 0 {
		return nil, ErrNothing
	}
	for _, s := range services {
		c.add(s, o.Draft)
		for _, a := range s.Auth {
			switch a {
			case provider.OAuth2:
				c.Auth.OAuth = &OAuth{p.OAuth.Issuer}
			case provider.Password, provider.CRAMMD5, provider.SCRAM, provider.APOP:
				c.Auth.Password = true
			}
		}
	}
	if o.Docs != "" {
		c.Info.Help = &Help{o.Docs}
	}
	return c, nil
}

// add takes the first service of each kind.
func (c *Config) add(s provider.Service, d Draft) {
	p := &c.Protocols
	host := func(at **Host) {
		if *at == nil {
			*at = &Host{s.Host}
		}
	}
	link := func(at **URL) {
		if *at == nil {
			*at = &URL{contextURL(s)}
		}
	}
	switch s.Use {
	case provider.IMAP:
		host(&p.IMAP)
	case provider.POP3:
		host(&p.POP3)
	case provider.Submit:
		if d == Draft02 {
			host(&p.SMTP)
		} else {
			host(&p.Submit)
		}
	case provider.JMAP:
		link(&p.JMAP)
	case provider.CalDAV:
		link(&p.CalDAV)
	case provider.CardDAV:
		link(&p.CardDAV)
	}
}

// contextURL gives DAV services a path, which the format demands.
func contextURL(s provider.Service) string {
	u := s.BaseURL()
	if parsed, err := url.Parse(u); err == nil && s.Use != provider.JMAP && strings.Trim(parsed.Path, "/") == "" {
		return "https://" + parsed.Host + "/.well-known/" + string(s.Use)
	}
	return u
}

// Encode writes the file: compact, without escapes that JSON does not need.
func Encode(p *provider.Provider, o Options) ([]byte, error) {
	c, err := New(p, o)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(c); err != nil {
		return nil, fmt.Errorf("pacc: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// TXT returns the text of the record _ua-auto-config.DOMAIN for a file.
func TXT(body []byte) string {
	sum := sha256.Sum256(body)
	return "v=UAAC1; a=sha256; d=" + base64.StdEncoding.EncodeToString(sum[:])
}
