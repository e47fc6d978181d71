package delivery_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/status"
	"signpost/internal/notify"
	"signpost/internal/notify/delivery"
	"signpost/internal/notify/intent"
	"signpost/internal/state"
	"signpost/internal/state/notices"
	"signpost/internal/token"
)

var update = flag.Bool("update", false, "write the golden files")

// start is when the evenings of these tests begin, in Oslo.
var start = time.Date(2014, 10, 6, 18, 0, 0, 0, oslo())

func oslo() *time.Location {
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return zone
}

// A site has a status page, replicas that tell of it, and a mailbox, on a clock
// that the test moves.
type site struct {
	t     testing.TB
	now   time.Time
	files map[string]string
	board *status.Board
	then  *status.BoardState // board at now, once it was asked for
	url   string

	mu   sync.Mutex
	mail []notify.Message
	log  []string // of the mailbox
	fail error    // of every attempt to send
}

func newSite(t testing.TB, files map[string]string) *site {
	s := &site{t: t, now: start, files: map[string]string{}, url: "sqlite:" + filepath.Join(t.TempDir(), "state.db")}
	s.write(files)
	return s
}

// write changes posts; "" removes one.
func (s *site) write(files map[string]string) {
	s.t.Helper()
	for id, text := range files {
		if text == "" {
			delete(s.files, id)
			continue
		}
		s.files[id] = text
	}
	cfg := status.Config{Zone: oslo(), Languages: []string{"en", "de"}}
	for _, id := range []string{"imap", "smtp"} {
		cfg.Components = append(cfg.Components, status.Component{ID: id, Name: map[string]string{"en": id}, Services: []string{id}})
	}
	var posts []*status.Post
	for id, text := range s.files {
		p, problems := status.Parse("status/"+id+".md", []byte(text), cfg)
		if p == nil {
			s.t.Fatal(problems)
		}
		posts = append(posts, p)
	}
	s.board, _ = status.NewBoard(cfg, posts)
	s.then = nil
}

func (s *site) state() *status.BoardState {
	if s.then == nil || !s.then.At.Equal(s.now) {
		s.then = s.board.At(s.now)
	}
	return s.then
}

// Send implements notify.Sender: it is the mailbox.
func (s *site) Send(_ context.Context, m notify.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return s.fail
	}
	first := "first"
	for _, before := range s.mail {
		if before.ID == m.Thread {
			first = "reply"
		}
	}
	s.mail = append(s.mail, m)
	late := ""
	if m.Late {
		late = " late"
	}
	zone := m.Subscription.Zone
	if zone == "" {
		zone = "site"
	}
	s.log = append(s.log, fmt.Sprintf("%s %-18s %-4s %s %-13s %-9s %s %s %s%s", s.now.In(oslo()).Format("15:04:05"), m.Subscription.Target, m.Subscription.Channel,
		m.Subscription.Language, zone, m.Event.Kind, m.Event.Post, strings.Join(m.Told, " "), first, late))
	return nil
}

var ring = token.New()

// replica opens the state and makes what tells subscribers.
func (s *site) replica() (*state.Store, *delivery.Runner) {
	s.t.Helper()
	store, err := state.Open(s.t.Context(), state.Config{URL: s.url, Dir: s.t.TempDir(), Key: []byte("0123456789abcdef"), Keys: ring, Redact: func(s string) string { return s }})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { store.Close() })
	senders := map[notify.Channel]notify.Sender{}
	for _, c := range notify.Channels() {
		senders[c] = s
	}
	return store, delivery.New(delivery.Config{
		Store: store.Notices, Board: s.state, Senders: senders, Rules: intent.DefaultRules, Now: func() time.Time { return s.now }, Log: slog.New(slog.DiscardHandler),
	})
}

// step lets replicas do what is to be done now.
func (s *site) step(replicas ...*delivery.Runner) {
	s.t.Helper()
	for _, r := range replicas {
		if err := r.Derive(s.t.Context(), s.now); err != nil {
			s.t.Fatal(err)
		}
	}
	for _, r := range replicas {
		for {
			n, err := r.Deliver(s.t.Context(), s.now, func() {})
			if err != nil {
				s.t.Fatal(err)
			}
			r.Wait()
			if n == 0 {
				break
			}
		}
	}
}

// until moves the clock on: by half a minute for a while, then by minutes.
func (s *site) until(clock string, replicas ...*delivery.Runner) {
	s.t.Helper()
	end, err := time.ParseInLocation("2006-01-02 15:04:05", start.Format("2006-01-02 ")+clock, oslo())
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; s.now.Before(end); i++ {
		step := 30 * time.Second
		if i > 12 {
			step = 5 * time.Minute
		}
		s.now = s.now.Add(min(step, end.Sub(s.now)))
		s.step(replicas...)
	}
}

func (s *site) subscribe(n *notices.Store, r notify.Request) notify.Subscription {
	s.t.Helper()
	if r.Consent = "1"; r.Channel == "" {
		r.Channel = notify.Mail
	}
	ctx := s.t.Context()
	if err := n.Ask(ctx, r, s.now); err != nil {
		s.t.Fatal(err)
	}
	jobs, err := n.Take(ctx, notices.Want{N: 1, MaxClass: 1, Until: s.now.Add(time.Minute)}, s.now)
	if err != nil || len(jobs) != 1 {
		s.t.Fatal(jobs, err)
	}
	m, err := n.Message(ctx, jobs[0], s.now)
	if err == nil {
		err = n.Delivered(ctx, jobs[0], s.now)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	sub, err := n.Confirm(ctx, m.Confirm, intent.UnderWay(s.state()), s.now)
	if err != nil {
		s.t.Fatal(err)
	}
	return sub
}

const (
	outage = "---\nkind: incident\naffects: imap=down\nmail: safe\n---\n"
	work   = "---\nkind: maintenance\nstarts: 2014-10-07 20:00\nends: 2014-10-07 22:00\naffects: smtp\n---\n## 2014-10-06 19:00 scheduled\nNew disks.\n"
)

// TestEvening plays an evening and compares the mailbox.
func TestEvening(t *testing.T) {
	t.Parallel()
	s := newSite(t, map[string]string{
		"old":   "---\nkind: incident\naffects: smtp=degraded\n---\n## 2014-10-06 09:00 investigating\nSlow.\n",
		"today": "---\nkind: incident\naffects: imap=degraded\n---\n## 2014-10-06 17:30 investigating\nSlow.\n## 17:50 resolved\nGood again.\n",
	})
	store, r := s.replica()
	n := store.Notices
	s.step(r)
	s.write(map[string]string{"old": s.files["old"] + "## 18:00 resolved\nGood again.\n"})
	s.subscribe(n, notify.Request{Target: "jo@example.net", Choice: notify.Choice{Language: "en"}})
	s.subscribe(n, notify.Request{Target: "kim@example.org", Choice: notify.Choice{Language: "de", Zone: "Europe/Berlin", Components: []string{"imap"}}})
	s.subscribe(n, notify.Request{Target: "lee@example.net", Choice: notify.Choice{Language: "nb", Zone: "UTC", Posts: []string{"maintenance"}}})
	s.subscribe(n, notify.Request{Channel: notify.Ntfy, Target: "https://ntfy.example.org/t", Choice: notify.Choice{Language: "en", Posts: []string{"incident"}}})
	s.until("18:05:00", r)

	note := func(text string) { s.log = append(s.log, s.now.In(oslo()).Format("15:04:05")+" -- "+text) }
	at := func(clock, text string, files map[string]string) {
		t.Helper()
		s.until(clock, r)
		note(text)
		s.write(files)
		s.step(r)
	}
	first := outage + "## 2014-10-06 18:05 investigating\nNobody can read mail.\n"
	at("18:05:00", "an incident begins", map[string]string{"imap": first})
	second := first + "## 18:06 update\nWe look.\n"
	at("18:06:00", "an update, and another one", map[string]string{"imap": second})
	third := second + "## 18:07 identified\nA disk.\n"
	at("18:07:00", "both are one message", map[string]string{"imap": third})
	s.until("18:12:00", r)
	note("mia subscribes")
	s.subscribe(n, notify.Request{Target: "mia@example.com", Choice: notify.Choice{Language: "en", Components: []string{"imap"}}})
	at("18:15:00", "a correction of the text", map[string]string{"imap": strings.Replace(third, "18:06 update", "18:06 update edited=2014-10-06T18:15", 1)})
	fourth := third + "## 18:20 update\nSoon.\n## 18:21 resolved\nReads again.\n"
	at("18:21:00", "resolved", map[string]string{"imap": fourth})
	at("19:00:00", "work is planned", map[string]string{"disks": work})
	moved := work + "## 2014-10-06 19:20 scheduled starts=2014-10-07T20:30 ends=2014-10-07T22:30\nLater.\n"
	at("19:20:00", "and moved", map[string]string{"disks": moved})
	s.until("20:30:00", r)
	note("a day before")
	at("21:00:00", "and cancelled", map[string]string{"disks": moved + "## 2014-10-06 21:00 cancelled\nNo disks.\n"})
	at("21:30:00", "a mistake, stopped in time", map[string]string{"oops": outage + "## 2014-10-06 21:30 investigating\nA test.\n"})
	s.until("21:30:10", r)
	if err := n.Silence(t.Context(), "oops", "20141006T1930Z", s.now); err != nil {
		t.Fatal(err)
	}
	at("21:40:00", "taken back", map[string]string{"oops": ""})
	at("22:00:00", "the relay is gone", nil)
	s.fail = &notify.Error{Relay: true, Err: errors.New("connection refused")}
	dark := outage + "## 2014-10-06 22:00 investigating\nAgain.\n"
	at("22:00:30", "an incident begins", map[string]string{"dark": dark})
	at("22:10:00", "an update", map[string]string{"dark": dark + "## 22:10 update\nWe look.\n"})
	at("22:30:00", "resolved", map[string]string{"dark": dark + "## 22:10 update\nWe look.\n## 22:30 resolved\nReads again.\n"})
	s.until("22:40:00", r)
	note("the relay is back")
	s.fail = nil
	s.until("23:59:00", r)

	golden(t, "evening.txt", sorted(s.log))
}

// sorted puts the messages of one instant into an order.
func sorted(lines []string) string {
	lines = slices.Clone(lines)
	for i := 0; i < len(lines); {
		k := i
		for k < len(lines) && !strings.Contains(lines[k], " -- ") && lines[k][:8] == lines[i][:8] {
			k++
		}
		slices.Sort(lines[i:max(k, i)])
		i = max(k, i+1)
	}
	return strings.Join(lines, "\n") + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}
