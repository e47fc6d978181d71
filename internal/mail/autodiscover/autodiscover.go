// Package autodiscover answers what Outlook and some other mail programs ask a
// domain for: the "plain old XML" of Autodiscover, and the small JSON that
// leads to it (version 2).
//
// [ParseRequest] reads the posted request, [Encode] writes the settings of an
// account, [EncodeError] the refusals, [EncodeJSON] the answer of version 2.
//
// Requests are read with patience: Thunderbird sends addresses unescaped, some
// programs declare a character set they do not use. Entities of a document type
// are never expanded, at most [MaxRequest] bytes are looked at.
//
// Answers say TLS in the only way that all readers understand: SSL is always
// on, and Encryption says SSL for TLS from the first byte, TLS for STARTTLS.
// Services that a reader would take for something else by their port are left
// out, as are unprotected ones. Nobody is ever asked for a password here:
// Thunderbird posts it unasked when it meets a 401, so never answer one.
//
// Format: MS-OXDSCLI, Outlook schema 2006a.
package autodiscover

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"time"

	"signpost/internal/mail/provider"
)

// The content types of the answers.
const (
	ContentType     = "text/xml; charset=utf-8"
	ContentTypeJSON = "application/json; charset=utf-8"
)

// The schemas of requests and answers.
const (
	schemaResponse = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
	schemaOutlook  = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
)

// ErrNothing is returned when the account has no service that the format can hold.
var ErrNothing = errors.New("autodiscover needs an imap or pop3 service and a submit service, protected by TLS and open to passwords")

// A Response is the answer to a request.
type Response struct {
	XMLName xml.Name `xml:"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006 Autodiscover"`
	Outlook *Outlook // settings
	Error   *Error   // or a refusal
}

// Outlook is the Response element of the Outlook schema.
type Outlook struct {
	XMLName xml.Name `xml:"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a Response"`
	User    User     `xml:"User"`
	Account Account  `xml:"Account"`
}

// A User names the mailbox.
type User struct {
	DisplayName string `xml:"DisplayName"`
}

// An Account holds the servers.
type Account struct {
	AccountType string     `xml:"AccountType"` // "email"
	Action      string     `xml:"Action"`      // "settings"
	Protocols   []Protocol `xml:"Protocol"`
}

// A Protocol is one server. The flags are "on" or "off".
type Protocol struct {
	Type           string `xml:"Type"` // IMAP, POP3 or SMTP
	Server         string `xml:"Server"`
	Port           int    `xml:"Port"`
	DomainRequired string `xml:"DomainRequired"`
	LoginName      string `xml:"LoginName"`
	SPA            string `xml:"SPA"`
	SSL            string `xml:"SSL"`
	Encryption     string `xml:"Encryption"` // "SSL": TLS from the first byte; "TLS": STARTTLS
	AuthRequired   string `xml:"AuthRequired"`
	UsePOPAuth     string `xml:"UsePOPAuth,omitempty"` // SMTP: sign in as for incoming mail
	SMTPLast       string `xml:"SMTPLast,omitempty"`
}

// An Error is a refusal.
type Error struct {
	XMLName xml.Name `xml:"Response"`
	Detail  struct {
		Time    string `xml:"Time,attr"`
		ID      string `xml:"Id,attr"`
		Code    Code   `xml:"ErrorCode"`
		Message string `xml:"Message"`
		Debug   string `xml:"DebugData"`
	} `xml:"Error"`
}

// A Code is the reason of a refusal.
type Code int

// The refusals.
const (
	CodeAddress Code = 500 // the address cannot be found
	CodeInvalid Code = 600 // the request cannot be read
	CodeSchema  Code = 601 // the schema asked for is not spoken here, as that of mobile devices (MobileSync)
)

// Message returns the sentence that goes with a code.
func (c Code) Message() string {
	switch c {
	case CodeAddress:
		return "The e-mail address cannot be found."
	case CodeSchema:
		return "The requested schema is not available here."
	default:
		return "Invalid Request"
	}
}

// Encode writes the settings of an account whose address is known: the
// preferred service of each kind.
func Encode(acc provider.Account) ([]byte, error) {
	r := Outlook{User: User{acc.Address.Unicode()}, Account: Account{AccountType: "email", Action: "settings"}}
	if acc.Address.IsZero() {
		return nil, errors.New("autodiscover: the address is not known")
	}
	services := acc.Expressible(provider.Autodiscover)
	incomingLogin := ""
	for _, use := range []provider.Use{provider.IMAP, provider.POP3, provider.Submit} {
		s, ok := first(services, use)
		if !ok {
			continue
		}
		if incomingLogin == "" {
			incomingLogin = s.Login
		}
		r.Account.Protocols = append(r.Account.Protocols, protocol(s, incomingLogin))
	}
	if n := len(r.Account.Protocols); n < 2 || r.Account.Protocols[n-1].Type != "SMTP" {
		return nil, ErrNothing
	}
	return encode(Response{Outlook: &r})
}

func first(list []provider.Service, use provider.Use) (provider.Service, bool) {
	for _, s := range list {
		if s.Use == use {
			return s, true
		}
	}
	return provider.Service{}, false
}

func protocol(s provider.Service, incomingLogin string) Protocol {
	p := Protocol{
		Type: strings.ToUpper(string(s.Use)), Server: s.Host, Port: s.Port, LoginName: s.Login,
		DomainRequired: "off", SPA: "off", SSL: "on", Encryption: "SSL", AuthRequired: "on",
	}
	if s.Security == provider.STARTTLS {
		p.Encryption = "TLS"
	}
	if s.Use == provider.Submit {
		p.Type, p.UsePOPAuth, p.SMTPLast = "SMTP", "off", "off"
		if s.Login == incomingLogin {
			p.UsePOPAuth = "on" // spares a second question for the password
		}
	}
	return p
}

// EncodeError writes a refusal. Its HTTP status is 200.
func EncodeError(code Code, now time.Time) ([]byte, error) {
	var e Error
	e.Detail.Time = now.UTC().Format("15:04:05.0000000")
	e.Detail.ID = "1"
	e.Detail.Code = code
	e.Detail.Message = code.Message()
	return encode(Response{Error: &e})
}

func encode(r Response) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("autodiscover: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// jsonAnswer and jsonError are the bodies of version 2.
type jsonAnswer struct {
	Protocol string `json:"Protocol"`
	URL      string `json:"Url"`
}

type jsonError struct {
	ErrorCode    string `json:"ErrorCode"`
	ErrorMessage string `json:"ErrorMessage"`
}

// UnknownJSON answers a request of version 2 for a mailbox that is not here; the
// status is 404.
func UnknownJSON() []byte {
	return jsonLine(jsonError{"MailboxNotFound", "There is no mailbox of this address here."})
}

// EncodeJSON answers a request of version 2. The protocol is compared without
// case; only AutodiscoverV1 leads anywhere, to url. When ok is false, the
// status is 400.
func EncodeJSON(protocol, url string) (body []byte, ok bool) {
	if !strings.EqualFold(protocol, "AutodiscoverV1") {
		return jsonLine(jsonError{"InvalidProtocol", "The protocol is not available here; the only one is AutodiscoverV1."}), false
	}
	return jsonLine(jsonAnswer{"AutodiscoverV1", url}), true
}

func jsonLine(v any) []byte {
	body, _ := json.Marshal(v) // strings always marshal
	return append(body, '\n')
}
