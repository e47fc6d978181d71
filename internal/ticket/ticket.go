// Package ticket reads what a customer wrote to support: an e-mail (RFC 5322
// with MIME, RFC 2045-2049) or text that an agent pasted.
//
// [Read] returns what the customer asks, free of quotes, greeting, signature,
// legal footer, forwarded headers and web addresses, together with the signs
// that help to answer: language, platform, mail program, error codes and the
// domains of mail addresses. [Redact] removes addresses and password-like
// words from any text that is about to be kept.
//
// Guarantees: Read never panics and stays within [MaxBytes], [MaxDepth] and
// [MaxParts]; a damaged message yields what could be read of it; Subject, Text
// and Codes hold no mail address, no IP address and nothing that looks like a
// password.
package ticket

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"signpost/internal/ticket/message"
)

// Limits of one ticket. A message beyond them is refused as a whole.
const (
	MaxBytes = message.MaxBytes // of the raw message or text
	MaxDepth = message.MaxDepth // of nested multiparts, attached messages and quotes
	MaxParts = message.MaxParts // MIME parts of all kinds together
	MaxText  = 1 << 16          // bytes of the text that is read, and a quarter of that of quotes; the rest is cut off
)

// Errors of [Read]. Their texts are meant for the person who sent the ticket in.
var (
	ErrTooLarge     = errors.New("this ticket is larger than 1 MiB; leave out the attachments or paste only its text")
	ErrTooDeep      = message.ErrTooDeep
	ErrTooManyParts = message.ErrTooManyParts
	ErrEmpty        = errors.New("this ticket has no text; paste what the customer wrote")
)

// A Ticket is what a customer asks, and what can be told from how it was asked.
type Ticket struct {
	Subject  string   // without "Re:", "Fwd:", ticket numbers and list tags; "" for pasted text
	Text     string   // what the customer asks; lines separated by "\n"
	Lang     string   // tag of one of package lang's languages, "en"; "" when undecided
	Platform string   // "macos", "ios", "windows", "android", "linux" or "web"; "" when nothing is said
	Client   string   // "thunderbird", "apple-mail", "outlook", … (see [Client]); "" when nothing is said
	Codes    []string // error codes in the order of appearance: "550 5.7.1", "AUTHENTICATIONFAILED", "0x800CCC0E"
	Domains  []string // lower-case domains of mail addresses; the sender's first
	Address  string   // the customer's address (sender, else the first one in the text); never to be kept
}

// Read reads one ticket from r, as a message when it begins with header
// fields, else as plain text.
func Read(r io.Reader) (Ticket, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Ticket{}, fmt.Errorf("cannot read the ticket: %w", err)
	}
	return Parse(raw)
}

// Parse is [Read] for bytes in memory.
func Parse(raw []byte) (Ticket, error) {
	if len(raw) > MaxBytes {
		return Ticket{}, ErrTooLarge
	}
	m, err := message.Read(raw)
	if err != nil {
		return Ticket{}, err
	}
	return fromMessage(m)
}

// FromText makes a ticket of text that is already decoded, such as a subject
// and a body posted as JSON. The sender and hints (further text that is looked
// at for signs only, such as a User-Agent field) may be empty.
func FromText(subject, text, from, hints string) (Ticket, error) {
	if len(subject)+len(text) > MaxBytes {
		return Ticket{}, ErrTooLarge
	}
	return fromMessage(message.Message{Subject: subject, From: from, Lines: message.Plain(text), Hints: hints})
}

// fromMessage makes a ticket of a message. Everything is cut to its limit first, so
// that no pattern ever sees more than that.
func fromMessage(m message.Message) (Ticket, error) {
	lines := splitDividers(message.Limit(m.Lines, MaxText))
	subject := stripSubject(message.Clean(cutText(m.Subject, maxSubject)))
	hints := cutText(m.Hints, maxSubject) + "\n" + cutText(m.Report, MaxText)
	asked, removed := question(lines)
	if asked == "" {
		asked, _ = question(message.Limit(message.Plain(m.Spare), MaxText))
	}
	if strings.TrimSpace(subject+asked) == "" {
		return Ticket{}, ErrEmpty
	}
	both := subject + "\n" + asked
	t := Ticket{
		Subject:  strings.TrimSpace(Redact(subject)),
		Text:     strings.TrimSpace(dropMarks(Redact(asked))),
		Lang:     Language(both),
		Platform: Platform(both),
		Client:   Client(both),
		Codes:    Codes(Redact(both + "\n" + hints)),
	}
	addresses := findAddresses(cutText(m.From, maxSubject) + "\n" + asked + "\n" + subject)
	if len(addresses) > 0 {
		t.Address = addresses[0]
	}
	t.Domains = domainsOf(addresses)
	if t.Lang == "" {
		t.Lang = Language(join(lines))
	}
	signs := removed + "\n" + hints
	if t.Client == "" {
		t.Client = Client(signs)
	}
	if t.Platform == "" {
		t.Platform = Platform(signs)
	}
	return t, nil
}

// cutText shortens text to n bytes of whole letters.
func cutText(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }

// domainsOf returns the distinct domains of addresses, in their order.
func domainsOf(addresses []string) []string {
	domains := []string{}
	for _, a := range addresses {
		d := strings.ToLower(a[strings.LastIndexByte(a, '@')+1:])
		if !slices.Contains(domains, d) && len(domains) < 10 {
			domains = append(domains, d)
		}
	}
	return domains
}

// join returns the texts of lines.
func join(lines []message.Line) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l.Text)
	}
	return b.String()
}
