// Package contact keeps what customers write until the operator's ticket system
// has it, and hands them over by mail or by a signed webhook.
//
// [Open] returns an [Outbox]; [Outbox.Add] keeps a [Message], [Outbox.Run] hands
// messages over until it is told to stop.
//
// Guarantees: a message whose Add returned nil is on the disk, in a file of its
// own that only the server's account can read, until the relay or the webhook took it; it
// is then deleted and shown nowhere. The database is not needed. A message is handed
// over at least once, always with the same Message-ID or webhook id. The folder is bounded;
// when it is nearly full, files are left out, and then messages refused.
package contact

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"signpost/internal/durable"
	"signpost/internal/relay"
)

// Limits of what waits, in bytes.
const (
	maxWaiting = 500 << 20 // all messages
	maxFiles   = 400 << 20 // from here on without files
	maxRecord  = 16 << 20  // of one file that is read
)

// ErrFull is returned when the outbox takes no more.
var ErrFull = errors.New("too many messages wait already")

// A Message is what a customer wrote, ready to be sent.
type Message struct {
	Reference string     `json:"reference"` // what the customer is told, "K7Q2-9F3M"
	Mail      relay.Mail `json:"mail"`
	Customer  Customer   `json:"customer,omitzero"`
	Attempts  int        `json:"attempts,omitempty"`
	Next      time.Time  `json:"next,omitzero"` // when to try again
}

// A Customer is who wrote a message, and what, apart from how it is mailed.
type Customer struct {
	Subject    string `json:"subject"`
	Text       string `json:"text"`
	Address    string `json:"address"`           // for the answer
	Mailbox    string `json:"mailbox,omitempty"` // that the message is about; named, not verified
	Language   string `json:"language"`          // of the page
	Unverified bool   `json:"unverified"`        // by a program, perhaps, or one of very many
}

// alphabet has no letters and digits that are mistaken for one another.
const alphabet = "23456789ACDEFGHJKMNPQRTUVWXY"

// NewReference returns a reference that nobody has been given yet, as far as
// chance goes: two groups of four.
func NewReference() string {
	b := make([]byte, 8)
	rand.Read(b)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// Reference matches what [NewReference] returns.
var Reference = regexp.MustCompile(`^[2-9A-Y]{4}-[2-9A-Y]{4}$`)

// Config is what an outbox needs.
type Config struct {
	Dir  string                               // made when it is not there
	Send func(context.Context, Message) error // [Mailed] or [Hook.Send]
	Now  func() time.Time
	Log  *slog.Logger
}

// An Outbox keeps messages in a folder. It is safe for concurrent use; several
// processes must not share one.
type Outbox struct {
	c    Config
	mu   sync.Mutex
	size int64 // bytes that wait
	list map[string]Message
	wake chan struct{}
}

// Open reads what waits in the folder.
func Open(c Config) (*Outbox, error) {
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("the outbox: %w", err)
	}
	o := &Outbox{c: c, list: map[string]Message{}, wake: make(chan struct{}, 1)}
	names, err := filepath.Glob(filepath.Join(c.Dir, "*.json"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		m, size, err := read(name)
		if err != nil {
			c.Log.Error("a message of a customer cannot be read, and stays where it is", "file", name, "error", err)
			continue
		}
		o.list[m.Reference] = m
		o.size += size
	}
	return o, nil
}

func read(name string) (m Message, size int64, err error) {
	info, err := os.Stat(name)
	if err != nil {
		return m, 0, err
	}
	if info.Size() > maxRecord {
		return m, 0, fmt.Errorf("larger than %d MB", maxRecord>>20)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return m, 0, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, 0, err
	}
	if !Reference.MatchString(m.Reference) || m.Reference+".json" != filepath.Base(name) {
		return m, 0, errors.New("it has the name of another one")
	}
	return m, info.Size(), nil
}

// Add keeps a message. When room is short it is kept without its files, which
// is said at the end of its text; withoutFiles reports that. The error is
// [ErrFull], or why the disk did not take it.
func (o *Outbox) Add(m Message) (withoutFiles bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.size > maxFiles && len(m.Mail.Files) > 0 {
		m, withoutFiles = m.textOnly(), true
	}
	err = o.keep(m)
	if len(m.Mail.Files) > 0 && err != nil && !errors.Is(err, ErrFull) { // the text alone may find room
		m, withoutFiles = m.textOnly(), true
		err = o.keep(m)
	}
	if err != nil {
		return withoutFiles, err
	}
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return withoutFiles, nil
}

// textOnly is the message without its files.
func (m Message) textOnly() Message {
	m.Mail.Text += fmt.Sprintf("\n(%d files came with this message; there was no room for them.)\n", len(m.Mail.Files))
	m.Mail.Files = nil
	return m
}

// keep writes a message; the caller holds mu.
func (o *Outbox) keep(m Message) error {
	data, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if o.size+int64(len(data)) > maxWaiting {
		return ErrFull
	}
	if err := durable.WriteFile(o.file(m.Reference), data, 0o600); err != nil {
		return err
	}
	if _, known := o.list[m.Reference]; !known {
		o.size += int64(len(data))
	}
	o.list[m.Reference] = m
	return nil
}

func (o *Outbox) file(reference string) string {
	return filepath.Join(o.c.Dir, reference+".json")
}

// Waiting returns how many messages were not handed over yet.
func (o *Outbox) Waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.list)
}

// Waits between attempts; the last one goes on.
var pauses = []time.Duration{0, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour}

// refused is the pause after the receiver has said that it will never take a
// message: the operator can repair what is wrong with it or its address.
const refused = 6 * time.Hour

// Run hands over what waits, and what comes, until ctx ends.
func (o *Outbox) Run(ctx context.Context) {
	for {
		next := o.round(ctx)
		wait := time.Minute
		if !next.IsZero() {
			wait = max(min(next.Sub(o.c.Now()), time.Hour), time.Second)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-o.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// round tries everything that is due, the oldest first, and returns when the
// next one is.
func (o *Outbox) round(ctx context.Context) (next time.Time) {
	for _, m := range o.due() {
		if ctx.Err() != nil {
			return next
		}
		o.hand(ctx, m)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range o.list {
		if next.IsZero() || m.Next.Before(next) {
			next = m.Next
		}
	}
	return next
}

func (o *Outbox) due() []Message {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.c.Now()
	var list []Message
	for _, m := range o.list {
		if !m.Next.After(now) {
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b Message) int {
		if n := a.Mail.Date.Compare(b.Mail.Date); n != 0 {
			return n
		}
		return strings.Compare(a.Reference, b.Reference)
	})
	return list
}

// hand tries one message. What the receiver says of it is logged; what the
// customer wrote is not.
func (o *Outbox) hand(ctx context.Context, m Message) {
	err := o.c.Send(ctx, m)
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		size := int64(0)
		if info, err := os.Stat(o.file(m.Reference)); err == nil {
			size = info.Size()
		}
		if err := os.Remove(o.file(m.Reference)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			o.c.Log.Error("a message of a customer was handed over and cannot be deleted: it will be sent again", "reference", m.Reference, "error", err)
		}
		o.size = max(0, o.size-size)
		delete(o.list, m.Reference)
		return
	}
	if ctx.Err() != nil {
		return // the program ends
	}
	m.Attempts++
	pause := pauses[min(m.Attempts, len(pauses)-1)]
	var why *relay.Error
	if errors.As(err, &why) && why.Permanent {
		pause = refused
	}
	m.Next = o.c.Now().Add(pause)
	o.c.Log.Warn("a message of a customer waits", "reference", m.Reference, "attempts", m.Attempts, "error", err, "again", m.Next.UTC().Format(time.RFC3339), "hint", "does what takes them work? \"signpost doctor\" tries a mail server")
	if err := o.keep(m); err != nil {
		o.list[m.Reference] = m
		o.c.Log.Error("the state of a waiting message cannot be written", "reference", m.Reference, "error", err)
	}
}
