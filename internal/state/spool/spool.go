// Package spool holds events that are on their way into the database: in memory,
// bounded per kind, and on disk within a second.
//
// [Buffer.Add] takes an event, [Buffer.Spool] writes what is new to disk, and
// [Buffer.Drain] hands batches to the database. A batch has an id, so that the
// database can tell that it has applied it already: kill -9 at any moment loses
// what was not spooled yet, and never counts anything twice.
//
// A [Merger] knows which events belong together: the keystrokes of one search,
// the articles sent for one ticket.
package spool

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"

	"signpost/internal/durable"
)

// A Kind is a kind of event with its own bound.
type Kind string

const (
	Vote   Kind = "vote"
	Search Kind = "search"
	Sent   Kind = "sent"
	Open   Kind = "open"
	Read   Kind = "read"
	Asked  Kind = "asked"
	Audit  Kind = "audit"
)

// bounds say how many events of a kind wait at most; beyond, they are dropped.
var bounds = map[Kind]int{Vote: 10000, Search: 50000, Sent: 10000, Open: 50000, Read: 50000, Asked: 5000, Audit: 10000}

// An Event is one line of the spool.
type Event struct {
	Kind     Kind   `json:"k"`
	ID       int64  `json:"i,omitempty"` // of a vote or search; a reply's nonce
	Day      string `json:"d"`
	Article  int    `json:"a,omitempty"`
	Lang     string `json:"l,omitempty"`
	N        int64  `json:"n,omitempty"`
	Platform string `json:"p,omitempty"`
	Agent    string `json:"g,omitempty"`
	Format   string `json:"f,omitempty"`
	Revision string `json:"v,omitempty"`
	Helpful  bool   `json:"h,omitempty"`
	Reason   string `json:"r,omitempty"`
	Comment  string `json:"c,omitempty"`
	Words    string `json:"w,omitempty"`
	Results  int    `json:"s,omitempty"`
	Position int    `json:"o,omitempty"`
	Reply    int64  `json:"y,omitempty"`
	Sealed   []byte `json:"x,omitempty"`       // terms of a ticket, encrypted
	Again    bool   `json:"e,omitempty"`       // the ticket has been counted for another article
	At       int64  `json:"at,omitempty"`      // of an audit entry, in seconds since 1970
	Token    string `json:"token,omitempty"`   // name of an API token
	Action   string `json:"action,omitempty"`  // what was done
	Subject  string `json:"subject,omitempty"` // to what
	Detail   string `json:"detail,omitempty"`
}

// NewID returns a random positive number.
func NewID() int64 {
	var b [8]byte
	for {
		rand.Read(b[:])
		if id := int64(binary.BigEndian.Uint64(b[:]) >> 1); id != 0 {
			return id
		}
	}
}

// ErrFull says that an event was dropped because too many of its kind wait.
var ErrFull = errors.New("too much is waiting for the database; try again later")

// batchSize is how many events go into one file and one transaction; the terms
// of a ticket are as much work as askedWeight other events.
const (
	batchSize   = 1000
	askedWeight = 40
)

func weight(events []Event) int {
	n := 0
	for i := range events {
		n++
		if events[i].Kind == Asked {
			n += askedWeight - 1
		}
	}
	return n
}

// A Batch is a spool file and what is in it. Its id is recorded in the database
// in the transaction that applies it, so that it is never applied twice.
type Batch struct {
	ID     int64
	Events []Event
}

// A Buffer holds events until the database has them. Events go from fresh to
// the newest batch (when they are on disk), and leave with a whole batch.
type Buffer struct {
	dir  string
	lock *durable.Held // of dir; nil where it cannot be taken
	log  *slog.Logger

	mu      sync.Mutex
	fresh   []Event
	index   map[mergeKey]int // of events in fresh that further ones are added to
	waiting map[Kind]int     // in fresh and batches
	dropped map[Kind]int64
	failing bool // the spool cannot be written

	draining sync.Mutex // held by whoever gives batches to the database

	disk    sync.Mutex // held by whoever works on batches and files
	file    *os.File   // of the last batch; nil when it takes no more
	batches []*Batch
}

// mergeKey tells which fresh events are one: counts of the same thing, and a
// search that is still being typed.
type mergeKey struct {
	kind    Kind
	id      int64
	article int
	lang    string
	day     string
}

func (e *Event) mergeKey() (mergeKey, bool) {
	switch e.Kind {
	case Search:
		return mergeKey{kind: e.Kind, id: e.ID}, true
	case Open, Read:
		return mergeKey{e.Kind, e.ID, e.Article, e.Lang, e.Day}, true
	}
	return mergeKey{}, false
}

// New returns a buffer with what earlier runs left in the folder. While another
// process uses it, this one's folder is beside it: dir-2 and so on.
func New(dir string, log *slog.Logger) *Buffer {
	b := &Buffer{log: log, index: map[mergeKey]int{}, waiting: map[Kind]int{}, dropped: map[Kind]int64{}}
	b.claim(dir)
	b.load()
	return b
}

// Add takes an event, or drops and counts it.
func (b *Buffer) Add(e Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	key, merges := e.mergeKey()
	if i, ok := b.index[key]; merges && ok {
		if e.Kind == Search {
			b.fresh[i] = e
		} else {
			b.fresh[i].N += e.N
		}
		return nil
	}
	if b.waiting[e.Kind] >= bounds[e.Kind] {
		b.dropped[e.Kind]++
		return ErrFull
	}
	b.waiting[e.Kind]++
	if merges {
		b.index[key] = len(b.fresh)
	}
	b.fresh = append(b.fresh, e)
	return nil
}

// Spool writes fresh events to disk. When that fails they wait in memory.
func (b *Buffer) Spool() {
	b.disk.Lock()
	defer b.disk.Unlock()
	b.mu.Lock()
	fresh := b.fresh
	b.fresh, b.index = nil, map[mergeKey]int{}
	b.mu.Unlock()
	var err error
	for len(fresh) > 0 && err == nil {
		n := 1
		for total := weight(fresh[:1]); n < len(fresh); n++ {
			if total += weight(fresh[n : n+1]); total > batchSize {
				break
			}
		}
		if err = b.write(fresh[:n]); err == nil {
			fresh = fresh[n:]
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.putBack(fresh)
	}
	switch {
	case err != nil && !b.failing:
		b.log.Error("cannot write the spool; counts are only in memory", "error", err)
	case err == nil && b.failing:
		b.log.Info("the spool can be written again")
	}
	b.failing = err != nil
}

// putBack returns events to the front of fresh. The caller holds mu.
func (b *Buffer) putBack(events []Event) {
	b.fresh = append(events, b.fresh...)
	b.index = map[mergeKey]int{}
	for i := range b.fresh {
		if key, merges := b.fresh[i].mergeKey(); merges {
			b.index[key] = i
		}
	}
}

// write appends events to the last batch's file and syncs it. The caller holds disk.
func (b *Buffer) write(events []Event) error {
	if b.file != nil && weight(b.batches[len(b.batches)-1].Events)+weight(events) > batchSize {
		b.seal()
	}
	if b.file == nil {
		id := NewID()
		f, err := os.OpenFile(b.path(id), os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		b.file = f
		b.batches = append(b.batches, &Batch{ID: id})
	}
	var lines bytes.Buffer
	enc := json.NewEncoder(&lines)
	for i := range events {
		if err := enc.Encode(&events[i]); err != nil {
			return err
		}
	}
	before, err := b.file.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err = b.file.Write(lines.Bytes()); err == nil {
		err = b.file.Sync()
	}
	if err != nil {
		// What has half arrived must not count twice.
		if terr := b.file.Truncate(before); terr != nil {
			b.seal()
		}
		return err
	}
	last := b.batches[len(b.batches)-1]
	last.Events = append(last.Events, events...)
	return nil
}

// seal ends the last batch: it takes no more Events. The caller holds disk.
func (b *Buffer) seal() {
	if b.file != nil {
		b.file.Close()
		b.file = nil
	}
}

// Close ends the last file and gives the folder free; it does not spool.
func (b *Buffer) Close() {
	b.disk.Lock()
	defer b.disk.Unlock()
	b.seal()
	b.lock.Release()
	b.lock = nil
}

func (b *Buffer) path(id int64) string {
	return filepath.Join(b.dir, strconv.FormatInt(id, 10)+".jsonl")
}

// Drain gives batches to apply, oldest first, until it fails. What apply
// accepts is removed. While the spool cannot be written, fresh events go directly.
func (b *Buffer) Drain(apply func(*Batch) error) error {
	b.draining.Lock()
	defer b.draining.Unlock()
	for range b.ready() {
		b.disk.Lock()
		next := b.batches[0]
		b.disk.Unlock()
		// No lock is held here: a database that hangs must not hold up the spool.
		if len(next.Events) > 0 {
			if err := apply(next); err != nil {
				return err
			}
		}
		if err := b.remove(next); err != nil {
			return err
		}
	}
	return nil
}

// ready seals what is there and returns the number of batches.
func (b *Buffer) ready() int {
	b.disk.Lock()
	defer b.disk.Unlock()
	b.seal()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failing && len(b.fresh) > 0 {
		b.batches = append(b.batches, &Batch{NewID(), b.fresh})
		b.fresh, b.index = nil, map[mergeKey]int{}
	}
	return len(b.batches)
}

// remove forgets the first batch.
func (b *Buffer) remove(first *Batch) error {
	b.disk.Lock()
	defer b.disk.Unlock()
	if err := os.Remove(b.path(first.ID)); err != nil && !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("cannot remove a spool file: %w", err)
	}
	b.batches = b.batches[1:]
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range first.Events {
		b.waiting[first.Events[i].Kind]--
	}
	return nil
}

// Stats tell how a buffer does.
type Stats struct {
	Waiting map[string]int   `json:"waiting"` // events by kind that the database does not have yet
	Dropped map[string]int64 `json:"dropped"` // events by kind that were dropped since the start
	Writes  bool             `json:"writes"`  // the spool can be written
}

// Stats returns the present numbers, for metrics.
func (b *Buffer) Stats() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := Stats{map[string]int{}, map[string]int64{}, !b.failing}
	for k := range bounds {
		out.Waiting[string(k)], out.Dropped[string(k)] = b.waiting[k], b.dropped[k]
	}
	return out
}

// Refused counts an event that the database will not take.
func (b *Buffer) Refused(k Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dropped[k]++
}
