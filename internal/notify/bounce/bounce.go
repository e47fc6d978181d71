// Package bounce reads delivery status notifications (RFC 3464), the mails in
// which mail servers say that a message could not be delivered.
//
// [Read] returns a [Report]: to whom the notification was addressed, which names
// the message, and the status code (RFC 3463), which says whether the address or
// something else was the reason.
//
// Guarantees: what is read is bounded in size and depth; a mail that is not such a
// notification is [ErrReport]; addresses are not made up from its text.
package bounce

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"regexp"
	"strings"
)

// ErrReport says that a mail is not a delivery status notification.
var ErrReport = errors.New("this mail is not a delivery status notification")

// Limits of what is read.
const (
	maxMail  = 2 << 20 // bytes
	maxParts = 20
	maxField = 64 << 10 // bytes of the part with the status
)

// A Report is what a notification says of one message to one receiver.
type Report struct {
	To     []string // addresses that the notification was delivered to, as its header names them
	Status string   // "5.1.1"; the first one of a receiver to whom the delivery has failed
}

// Read reads a mail. A delivery that is only delayed is [ErrReport]: it is not over.
func Read(r io.Reader) (Report, error) {
	var out Report
	m, err := mail.ReadMessage(bufio.NewReader(io.LimitReader(r, maxMail)))
	if err != nil {
		return out, fmt.Errorf("%w: %w", ErrReport, err)
	}
	for _, name := range []string{"X-Original-To", "Delivered-To", "To"} {
		for _, value := range m.Header[textproto.CanonicalMIMEHeaderKey(name)] {
			if list, err := mail.ParseAddressList(value); err == nil {
				for _, a := range list {
					out.To = append(out.To, a.Address)
				}
			}
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || !strings.EqualFold(params["report-type"], "delivery-status") {
		return out, ErrReport
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for range maxParts {
		p, err := parts.NextPart()
		if err != nil {
			return out, fmt.Errorf("%w: it has no part with the status", ErrReport)
		}
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err == nil && (kind == "message/delivery-status" || kind == "message/global-delivery-status") {
			out.Status, err = readStatus(io.LimitReader(p, maxField))
			return out, err
		}
	}
	return out, ErrReport
}

// readStatus reads the groups of fields of section 2.1; the first group is about
// the message, each further one about a receiver.
func readStatus(r io.Reader) (string, error) {
	in := textproto.NewReader(bufio.NewReader(r))
	for {
		fields, err := in.ReadMIMEHeader()
		action := strings.ToLower(strings.TrimSpace(fields.Get("Action")))
		if action == "failed" {
			if code := statusOf(fields); code != "" {
				return code, nil
			}
		}
		if err != nil {
			return "", fmt.Errorf("%w: it names no delivery that has failed", ErrReport)
		}
	}
}

var (
	enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}`)
	within   = regexp.MustCompile(`\b([245]\.\d{1,3}\.\d{1,3})\b`)
)

// statusOf is the status code of a receiver. Many servers write 5.0.0 and the
// real code into the diagnostic (section 2.3.6).
func statusOf(fields textproto.MIMEHeader) string {
	code := enhanced.FindString(strings.TrimSpace(fields.Get("Status")))
	if code != "" && !strings.HasSuffix(code, ".0.0") {
		return code
	}
	if kind, text, ok := strings.Cut(fields.Get("Diagnostic-Code"), ";"); ok && strings.EqualFold(strings.TrimSpace(kind), "smtp") {
		if found := within.FindString(text); found != "" {
			return found
		}
	}
	return code
}
