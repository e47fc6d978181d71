// Package message reads an e-mail (RFC 5322 with MIME, RFC 2045-2049) as lines of
// text, each with what the markup around it says: quoted, a signature, hidden, of
// a delivery report.
//
// [Read] reads as leniently as mail programs do and never panics; [Plain] does
// the same for text. Work is linear in the size of the message.
package message

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // decoders for message.CharsetReader
	"golang.org/x/text/encoding/charmap"

	"signpost/internal/ticket/tnef"
)

// Limits of one message. One beyond them is refused as a whole.
const (
	MaxBytes = 1 << 20 // of the raw message or text
	MaxDepth = 8       // of nested multiparts and attached messages
	MaxParts = 50      // MIME parts of all kinds together
	maxSpare = 1 << 16 // bytes of attachments that are kept for a message without text
)

// Errors of [Read]. Their texts are meant for the person who sent the message in.
var (
	ErrTooDeep      = fmt.Errorf("this mail has messages inside messages, more than %d levels deep; paste only its text", MaxDepth)
	ErrTooManyParts = fmt.Errorf("this mail has more than %d parts; paste only its text", MaxParts)
)

// A Message is what is taken from a message.
type Message struct {
	Subject string
	From    string // Reply-To and From, a line each
	Lines   []Line
	Hints   string // fields that name the mail program
	Report  string // delivery reports (RFC 3464)
	Spare   string // texts that count when there is nothing else: attachments
}

// Read reads a message, or plain text when it does not begin with header fields. Damage
// yields what could be read; only [ErrTooDeep] and [ErrTooManyParts] are errors.
func Read(raw []byte) (Message, error) {
	header, body, ok := split(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if !ok {
		return Message{Lines: Plain(toUTF8(bytes.TrimPrefix(raw, []byte("\ufeff"))))}, nil
	}
	w := walker{}
	e := entity(header, body)
	m := Message{
		Subject: decoded(e, "Subject"),
		From:    decoded(e, "Reply-To") + "\n" + decoded(e, "From"),
		Hints:   decoded(e, "User-Agent") + "\n" + decoded(e, "X-Mailer"),
	}
	lines, err := w.read(e, 1)
	m.Lines, m.Report, m.Spare = lines, w.report.String(), w.spare.String()
	if err == nil && !HasText(lines) && w.parts <= 1 && strings.HasPrefix(kindOf(e), "multipart/") {
		m.Lines = Plain(toUTF8(body)) // a multipart without its boundary
	}
	return m, err
}

// entity makes an entity of a header and a body, with what is wrong in the
// fields that say how to read the body put right.
func entity(header, body []byte) *message.Entity {
	h := message.Header{}
	for field := range fields(header) {
		name, value, _ := strings.Cut(field, ":")
		h.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	// Add puts a field in front of the others: the last one of a name is found first.
	kind, params := contentType(h.Get("Content-Type"))
	kept := map[string]string{}
	for _, name := range []string{"charset", "boundary", "name"} {
		if v := params[name]; v != "" && utf8.ValidString(v) {
			kept[name] = v
		}
	}
	h.SetContentType(kind, kept)
	if v := h.Get("Content-Transfer-Encoding"); v != "" {
		h.Set("Content-Transfer-Encoding", transferEncoding(v))
	}
	e, err := message.New(h, bytes.NewReader(body))
	if err != nil && message.IsUnknownCharset(err) {
		delete(kept, "charset")
		h.SetContentType(kind, kept)
		e, _ = message.New(h, bytes.NewReader(body))
	}
	return e
}

// fields yields the fields of a header, unfolded, the last one first.
func fields(header []byte) func(func(string) bool) {
	var list []string
	for line := range bytes.Lines(header) {
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case len(line) == 0:
		case (line[0] == ' ' || line[0] == '\t') && len(list) > 0:
			if last := &list[len(list)-1]; len(*last) < maxField {
				*last += " " + strings.TrimSpace(string(line))
			}
		case fieldLine.Match(line[:min(len(line), 300)]) && len(list) < maxFields:
			list = append(list, string(line))
		}
	}
	return func(yield func(string) bool) {
		for i := len(list) - 1; i >= 0; i-- {
			if !yield(list[i]) {
				return
			}
		}
	}
}

// Limits of a header: what is beyond them is not read.
const (
	maxFields = 1000
	maxField  = 64 << 10
)

// splitPart separates header and body of a part. One that does not begin with a
// field has no header (RFC 2046, section 5.1: then it is plain text).
func splitPart(raw []byte) (header, body []byte) {
	rest := raw
	for len(rest) > 0 {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		if len(bytes.TrimSpace(line)) == 0 {
			return raw[:len(raw)-len(rest)], after
		}
		if len(rest) == len(raw) && !fieldLine.Match(line[:min(len(line), 300)]) {
			return nil, raw
		}
		rest = after
	}
	return raw, nil
}

// splitMultipart cuts the body of a multipart at its boundary (RFC 2046, section
// 5.1.1). A missing boundary is found by the first line that looks like one.
func splitMultipart(body []byte, boundary string) [][]byte {
	if boundary == "" {
		m := likeBoundary.FindSubmatch(body[:min(len(body), 4000)])
		if m == nil {
			return nil
		}
		boundary = string(bytes.TrimSpace(m[1]))
	}
	mark := []byte("--" + boundary)
	var parts [][]byte
	start := -1
	for at := 0; at < len(body); {
		end := len(body)
		if n := bytes.IndexByte(body[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		if rest, ok := bytes.CutPrefix(body[at:end], mark); ok {
			if rest = bytes.TrimSpace(rest); len(rest) == 0 || string(rest) == "--" {
				if start >= 0 {
					parts = append(parts, body[start:at])
				}
				if start = end; len(rest) > 0 {
					return parts
				}
				if len(parts) > MaxParts {
					return parts
				}
			}
		}
		at = end
	}
	if start >= 0 {
		parts = append(parts, body[start:])
	}
	return parts
}

var likeBoundary = regexp.MustCompile(`(?m)^--([0-9A-Za-z'()+_,./:=? -]{1,70})\r?\nContent-`)

func kindOf(e *message.Entity) string {
	kind, _ := contentType(e.Header.Get("Content-Type"))
	return kind
}

// A walker counts the parts of one message.
type walker struct {
	parts  int
	report bytes.Buffer
	spare  bytes.Buffer
}

// read returns the lines of an entity and everything in it.
func (w *walker) read(e *message.Entity, depth int) ([]Line, error) {
	w.parts++
	switch {
	case w.parts > MaxParts:
		return nil, ErrTooManyParts
	case depth > MaxDepth:
		return nil, ErrTooDeep
	}
	name := fileName(e)
	switch kind := kindOf(e); {
	case strings.HasPrefix(kind, "multipart/"):
		return w.multipart(e, kind, depth)
	case kind == "message/rfc822" || kind == "message/global" || path.Ext(name) == ".eml":
		return w.attached(readBody(e), depth)
	case kind == "message/delivery-status" || kind == "message/global-delivery-status":
		w.report.Write(readBody(e))
		w.report.WriteByte('\n')
	case kind == "text/rfc822-headers" || kind == "message/rfc822-headers":
	case kind == "application/ms-tnef" || name == "winmail.dat":
		return winmail(readBody(e)), nil
	case strings.HasPrefix(kind, "text/") && isAttachment(e):
		w.keep(toUTF8(readBody(e)))
	case kind == "text/html" || kind == "application/xhtml+xml":
		return htmlLines(toUTF8(readBody(e))), nil
	case kind == "text/plain" || kind == "text/enriched" || kind == "text/markdown":
		return Plain(toUTF8(readBody(e))), nil
	case strings.HasPrefix(kind, "text/"):
		w.keep(toUTF8(readBody(e)))
	}
	return nil, nil
}

// keep keeps a text for a message that has no other.
func (w *walker) keep(s string) {
	if w.spare.Len() < maxSpare {
		w.spare.WriteString(s[:min(len(s), maxSpare)] + "\n")
	}
}

// winmail returns the lines of Outlook's winmail.dat.
func winmail(raw []byte) []Line {
	text, html := tnef.Text(raw)
	if html {
		return htmlLines(toUTF8(text))
	}
	return Plain(toUTF8(text))
}

func fileName(e *message.Entity) string {
	_, params := contentType(e.Header.Get("Content-Disposition"))
	name := params["filename"]
	if name == "" {
		_, params = contentType(e.Header.Get("Content-Type"))
		name = params["name"]
	}
	return strings.ToLower(name)
}

func isAttachment(e *message.Entity) bool {
	kind, _, _ := strings.Cut(e.Header.Get("Content-Disposition"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "attachment")
}

// multipart joins the lines of its parts; of alternatives, the plain text is
// taken, unless it only says that there is a better one.
func (w *walker) multipart(e *message.Entity, kind string, depth int) ([]Line, error) {
	_, params := contentType(e.Header.Get("Content-Type"))
	raw := readBody(e)
	pieces := splitMultipart(raw, params["boundary"])
	if len(pieces) == 0 && params["boundary"] != "" {
		pieces = splitMultipart(raw, "")
	}
	var plain, rich, all []Line
	for i, piece := range pieces {
		part := entity(splitPart(piece))
		lines, err := w.read(part, depth+1)
		if err != nil {
			return nil, err
		}
		if kind == "multipart/report" {
			markReport(lines, i)
		}
		if kindOf(part) == "text/plain" && plain == nil {
			plain = lines
		} else if HasText(lines) {
			rich = lines
		}
		if HasText(lines) {
			if len(all) > 0 {
				all = append(all, Line{})
			}
			all = append(all, lines...)
		}
	}
	if kind == "multipart/alternative" {
		if p, r := letters(plain), letters(rich); p > 0 && (r == 0 || p >= 20 && p*5 >= r || p*3 >= r) {
			return plain, nil
		}
		return rich, nil
	}
	return all, nil
}

// markReport marks the lines of a part of a delivery report (RFC 3462): the first
// is for people, the last is the message that comes back.
func markReport(lines []Line, part int) {
	for i := range lines {
		if part == 0 {
			lines[i].Mark |= Report
		} else {
			lines[i].Mark = lines[i].Mark&^Attached | Returned
		}
	}
}

// attached reads a message inside a message. Its text is what the customer
// forwards; its delivery report, if it is one, is read for codes.
func (w *walker) attached(raw []byte, depth int) ([]Line, error) {
	header, body := splitPart(bytes.TrimLeft(raw, "\r\n"))
	if header == nil {
		return Plain(toUTF8(raw)), nil
	}
	inner := entity(header, body)
	lines, err := w.read(inner, depth+1)
	if err != nil {
		return nil, err
	}
	top := []Line{
		{Text: "-----Forwarded Message-----"},
		{Text: "From: " + Clean(decoded(inner, "From"))},
		{Text: "Subject: " + Clean(decoded(inner, "Subject"))},
		{},
	}
	for i := range top {
		top[i].Mark = Attached
	}
	return append(top, lines...), nil
}

// readBody returns what could be decoded; damage ends the text early. The size
// of the message bounds it: no transfer encoding expands.
func readBody(e *message.Entity) []byte {
	b, err := io.ReadAll(io.LimitReader(e.Body, 4*MaxBytes))
	if err != nil && len(b) == 0 && errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return b
}

// letters counts the bytes of lines that are no white space.
func letters(lines []Line) int {
	n := 0
	for _, l := range lines {
		if !l.Is(Hidden) {
			n += len(l.Text) - strings.Count(l.Text, " ")
		}
	}
	return n
}

// toUTF8 returns text as valid UTF-8; other bytes are read as Windows-1252,
// what undeclared 8-bit mail nearly always is.
func toUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(s)
}
