// Package dnsrecord says which DNS records a domain needs so that mail
// programs find its servers and other servers trust its mail, and compares
// them with what is published.
//
// [Records] lists the records of a domain, [Zone] prints them as the text of a
// zone file, [JSON] as JSON; a [Record] itself is a row of a table. [Check]
// asks a resolver and gives one sentence for each fault.
//
// Sources: RFC 6186 and 8314 (mail), 6764 (calendars, contacts), 8620 (JMAP),
// 5804 (ManageSieve), MS-OXDSCLI (Autodiscover), RFC 7208, 6376, 7489 (SPF,
// DKIM, DMARC), draft-ietf-mailmaint-pacc.
package dnsrecord

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
)

// TTL is the time to live of the records, in seconds.
const TTL = 3600

// A Type is the type of a record.
type Type string

// The types used.
const (
	SRV   Type = "SRV"
	CNAME Type = "CNAME"
	TXT   Type = "TXT"
	MX    Type = "MX"
)

// A Purpose says what a record is good for; it is a stable key for catalogues.
type Purpose string

// The purposes.
const (
	ForDelivery  Purpose = "delivery"  // mail arrives
	ForTrust     Purpose = "trust"     // other servers believe the sender
	ForDiscovery Purpose = "discovery" // mail programs find their settings
	ForServices  Purpose = "services"  // mail programs find servers
	NotOffered   Purpose = "not-offered"
)

// A Record is one record. Which fields besides Name, Type, TTL and Purpose
// count depends on the type.
type Record struct {
	Name     string // full name without final dot: "_imaps._tcp.example.com"
	Type     Type
	TTL      int // seconds
	Purpose  Purpose
	Priority int    // SRV, MX
	Weight   int    // SRV
	Port     int    // SRV
	Target   string // SRV, CNAME, MX: host name without final dot; "." means none
	Text     string // TXT
}

// Options are what neither description nor domain say.
type Options struct {
	Host string // where this site answers discovery, such as help.example.com; "" leaves those records out
	PACC string // text of the record that binds the PACC file, as pacc.TXT gives it; "" leaves it out
}

// Records lists the records of a domain whose mail is at the provider, in the
// order of a zone file: mail first, then discovery, then servers.
func Records(p *provider.Provider, domain string, o Options) []Record {
	l := list{domain: domain}
	l.delivery(p)
	if o.Host != "" {
		for _, label := range []string{"autoconfig", "autodiscover"} {
			if label+"."+domain != o.Host {
				l.add(Record{Name: label, Type: CNAME, Purpose: ForDiscovery, Target: o.Host})
			}
		}
		l.add(Record{Name: "_autodiscover._tcp", Type: SRV, Purpose: ForDiscovery, Port: 443, Target: o.Host})
	}
	if o.PACC != "" {
		if o.Host != "" && "ua-auto-config."+domain != o.Host {
			l.add(Record{Name: "ua-auto-config", Type: CNAME, Purpose: ForDiscovery, Target: o.Host})
		}
		l.add(Record{Name: "_ua-auto-config", Type: TXT, Purpose: ForDiscovery, Text: o.PACC})
	}
	l.services(p.Account(address.Address{}, ""))
	return l.records
}

type list struct {
	domain  string
	records []Record
}

// add completes a record whose name is given relative to the domain.
func (l *list) add(r Record) {
	r.Name = strings.TrimPrefix(r.Name+"."+l.domain, ".")
	r.TTL = TTL
	l.records = append(l.records, r)
}

func (l *list) delivery(p *provider.Provider) {
	priority := 10
	for _, mx := range p.Hosted.MX {
		if strings.HasPrefix(mx, "*") {
			continue
		}
		l.add(Record{Type: MX, Purpose: ForDelivery, Priority: priority, Target: mx})
		priority += 10
	}
	if p.Hosted.SPF != "" {
		l.add(Record{Type: TXT, Purpose: ForTrust, Text: "v=spf1 include:" + p.Hosted.SPF + " ~all"})
	}
	for _, k := range p.Hosted.DKIM {
		l.add(Record{Name: k.Selector + "._domainkey", Type: CNAME, Purpose: ForTrust, Target: k.Target})
	}
	if p.Hosted.SPF != "" || len(p.Hosted.DKIM) > 0 {
		l.add(Record{Name: "_dmarc", Type: TXT, Purpose: ForTrust, Text: "v=DMARC1; p=none"})
	}
}

type label struct {
	use      provider.Use
	security provider.Security
	name     string
	negative bool // published as "not offered" when there is none
}

// labels are the service names of the standards, in the order of the zone.
var labels = []label{
	{provider.IMAP, provider.TLS, "_imaps._tcp", true},
	{provider.IMAP, provider.STARTTLS, "_imap._tcp", true},
	{provider.POP3, provider.TLS, "_pop3s._tcp", true},
	{provider.POP3, provider.STARTTLS, "_pop3._tcp", true},
	{provider.Submit, provider.TLS, "_submissions._tcp", true},
	{provider.Submit, provider.STARTTLS, "_submission._tcp", true},
	{provider.JMAP, provider.TLS, "_jmap._tcp", false},
	{provider.CalDAV, provider.TLS, "_caldavs._tcp", false},
	{provider.CardDAV, provider.TLS, "_carddavs._tcp", false},
	{provider.Sieve, "", "_sieve._tcp", false},
}

func (l *list) services(acc provider.Account) {
	for _, lb := range labels {
		priority := 0
		if lb.security == provider.STARTTLS {
			priority = 10 // TLS from the first byte is preferred (RFC 8314 section 3)
		}
		none := true
		for _, s := range acc.All(lb.use) {
			if s.Security == provider.Plain || lb.security != "" && s.Security != lb.security {
				continue
			}
			none = false
			l.add(Record{Name: lb.name, Type: SRV, Purpose: ForServices, Priority: priority, Weight: 1, Port: s.PortNumber(), Target: s.HostName()})
			if path := contextPath(s); path != "" && priority == 0 {
				l.add(Record{Name: lb.name, Type: TXT, Purpose: ForServices, Text: "path=" + path})
			}
			priority++
		}
		if none && lb.negative {
			l.add(Record{Name: lb.name, Type: SRV, Purpose: NotOffered, Target: "."}) // RFC 6186 section 3.4
		}
	}
}

// contextPath is what RFC 6764 section 4 publishes beside the SRV record of
// calendars and contacts. A path that depends on the address is left to the
// well-known place.
func contextPath(s provider.Service) string {
	if s.Use != provider.CalDAV && s.Use != provider.CardDAV || s.NeedsAddress() {
		return ""
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Path == "/" {
		return ""
	}
	return u.EscapedPath()
}

// Data returns what stands behind the type in a zone file.
func (r Record) Data() string {
	target := strings.TrimSuffix(r.Target, ".") + "."
	switch r.Type {
	case SRV:
		return fmt.Sprintf("%d %d %d %s", r.Priority, r.Weight, r.Port, target)
	case MX:
		return fmt.Sprintf("%d %s", r.Priority, target)
	case TXT:
		return quote(r.Text)
	default:
		return target
	}
}

// quote writes a text as character strings of at most 255 octets (RFC 1035
// sections 3.3.14 and 5.1).
func quote(s string) string {
	var parts []string
	for chunk := range slices.Chunk([]byte(s), 255) {
		var b strings.Builder
		b.WriteByte('"')
		for _, c := range chunk {
			switch {
			case c == '"' || c == '\\':
				b.WriteByte('\\')
				b.WriteByte(c)
			case c < ' ' || c > '~':
				fmt.Fprintf(&b, "\\%03d", c)
			default:
				b.WriteByte(c)
			}
		}
		b.WriteByte('"')
		parts = append(parts, b.String())
	}
	if len(parts) == 0 {
		return `""`
	}
	return strings.Join(parts, " ")
}

// Zone prints records as lines of a zone file, names in full.
func Zone(records []Record) []byte {
	width := 0
	for _, r := range records {
		width = max(width, len(r.Name)+1)
	}
	var b strings.Builder
	for _, r := range records {
		fmt.Fprintf(&b, "%-*s %d IN %-5s %s\n", width, r.Name+".", r.TTL, r.Type, r.Data())
	}
	return []byte(b.String())
}

// JSON prints records as a list of objects with the keys name, type, ttl,
// data and purpose.
func JSON(records []Record) ([]byte, error) {
	type row struct {
		Name    string  `json:"name"`
		Type    Type    `json:"type"`
		TTL     int     `json:"ttl"`
		Data    string  `json:"data"`
		Purpose Purpose `json:"purpose"`
	}
	rows := make([]row, 0, len(records))
	for _, r := range records {
		rows = append(rows, row{r.Name, r.Type, r.TTL, r.Data(), r.Purpose})
	}
	b, err := json.MarshalIndent(rows, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}
