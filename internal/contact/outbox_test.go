package contact

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/internal/relay"
)

// A sink is the relay of a test: what it took, and what it says.
type sink struct {
	mu   sync.Mutex
	took []relay.Mail
	says error
}

func (s *sink) send(_ context.Context, m Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.says != nil {
		return s.says
	}
	s.took = append(s.took, m.Mail)
	return nil
}

func (s *sink) answer(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.says = err
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func open(t *testing.T, dir string, s *sink, c *clock) *Outbox {
	t.Helper()
	o, err := Open(Config{Dir: dir, Send: s.send, Now: c.now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func message(text string) Message {
	ref := NewReference()
	return Message{Reference: ref, Mail: relay.Mail{Subject: ref, Text: text, ID: ref + "@help.test", Date: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)}}
}

func TestReferences(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		ref := NewReference()
		if !Reference.MatchString(ref) || seen[ref] {
			t.Fatalf("%q", ref)
		}
		seen[ref] = true
	}
}

// TestNothingIsLost: what waits survives a restart, is tried again later and
// later, and is gone from the disk once it was taken.
func TestNothingIsLost(t *testing.T) {
	dir, s, c := filepath.Join(t.TempDir(), "outbox"), &sink{says: &relay.Error{Err: errors.New("nobody there")}}, &clock{at: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)}
	o := open(t, dir, s, c)
	m := message("nothing works")
	m.Mail.Files = []relay.File{{Name: "a.txt", Type: "text/plain", Data: []byte("x")}}
	if without, err := o.Add(m); err != nil || without {
		t.Fatal(without, err)
	}
	if info, err := os.Stat(filepath.Join(dir, m.Reference+".json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("on the disk: %v %v", info, err)
	}
	var waits []time.Duration
	for range 6 {
		next := o.round(t.Context())
		waits = append(waits, next.Sub(c.now()))
		c.forward(waits[len(waits)-1])
	}
	if waits[0] != 30*time.Second || waits[5] != time.Hour {
		t.Errorf("tried after %v", waits)
	}
	again := open(t, dir, s, c) // after a restart
	s.answer(nil)
	if again.round(t.Context()); again.Waiting() != 0 || len(s.took) != 1 || s.took[0].ID != m.Mail.ID || string(s.took[0].Files[0].Data) != "x" {
		t.Errorf("%d wait, taken: %+v", again.Waiting(), s.took)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if again.round(t.Context()); len(s.took) != 1 {
		t.Error("sent twice")
	}
}

// TestRefusedForGood: what the relay says that it will never take stays, and is
// tried rarely.
func TestRefusedForGood(t *testing.T) {
	s, c := &sink{says: &relay.Error{Permanent: true, Err: errors.New("no such user")}}, &clock{at: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)}
	o := open(t, t.TempDir(), s, c)
	if _, err := o.Add(message("hello")); err != nil {
		t.Fatal(err)
	}
	if next := o.round(t.Context()); next.Sub(c.now()) != refused || o.Waiting() != 1 {
		t.Errorf("again in %v, %d wait", next.Sub(c.now()), o.Waiting())
	}
}

// TestRoom: files are left out before messages are refused.
func TestRoom(t *testing.T) {
	o := open(t, t.TempDir(), &sink{}, &clock{})
	o.size = maxFiles + 1
	m := message("with a picture")
	m.Mail.Files = []relay.File{{Name: "a.png", Type: "image/png", Data: make([]byte, 1000)}}
	if without, err := o.Add(m); err != nil || !without {
		t.Errorf("files were kept: %v %v", without, err)
	}
	if got := o.list[m.Reference]; len(got.Mail.Files) != 0 || !strings.Contains(got.Mail.Text, "no room") {
		t.Errorf("%+v", got)
	}
	o.size = maxWaiting
	if _, err := o.Add(message("one more")); !errors.Is(err, ErrFull) {
		t.Errorf("a full outbox: %v", err)
	}
}

// TestRun hands over at once what is added, and stops when it is told.
func TestRun(t *testing.T) {
	s, c := &sink{}, &clock{at: time.Now()}
	o := open(t, t.TempDir(), s, c)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { o.Run(ctx); close(done) }()
	for range 3 {
		if _, err := o.Add(message("hello")); err != nil {
			t.Fatal(err)
		}
	}
	for o.Waiting() > 0 {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-done
	if len(s.took) != 3 {
		t.Errorf("%d were taken", len(s.took))
	}
}

// TestDamagedFiles: what cannot be read stays where it is.
func TestDamagedFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"AAAA-2222.json": "{", "BBBB-2222.json": `{"reference":"CCCC-2222"}`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := open(t, dir, &sink{}, &clock{})
	if o.round(t.Context()); o.Waiting() != 0 {
		t.Error("it was taken for a message")
	}
	if left, _ := os.ReadDir(dir); len(left) != 2 {
		t.Errorf("left: %v", left)
	}
}
