package state_test

import (
	"bytes"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/state"
	"signpost/internal/state/statetest"
)

// TestOutage stops PostgreSQL in the middle of the work.
func TestOutage(t *testing.T) {
	p := statetest.Start(t)
	cfg := config(t.TempDir(), p.Database(t))
	ctx := t.Context()
	s := open(t, cfg)
	kim := state.Agent{Name: "kim", Created: now}
	must(t, s.Accounts.AddAgent(ctx, kim), s.Accounts.AddSession(ctx, state.Session{ID: "s1", Agent: "kim", Created: now, Expires: now}))
	must(t, s.Events.Asked(state.Asked{Article: 1, Terms: []string{"certif"}}, now), s.Events.Asked(state.Asked{Article: 1, Terms: []string{"certif"}}, now), s.Events.Asked(state.Asked{Article: 1, Terms: []string{"certif"}}, now))
	flush(t, s)
	signals := s.Reports.Signals(ctx, now)

	p.Stop(t)
	began := time.Now()
	for range 100 {
		s.Events.Opened(1, 1042, now)
		s.Spool()
		if err := s.Events.Flush(ctx); !errors.Is(err, state.ErrUnavailable) {
			t.Fatalf("flush: %v", err)
		}
		if err := s.Ping(ctx); !errors.Is(err, state.ErrUnavailable) {
			t.Fatalf("ping: %v", err)
		}
	}
	if d := time.Since(began); d > 5*time.Second {
		t.Errorf("200 calls without a database took %v", d)
	}
	for name, err := range map[string]error{
		"agent": s.Accounts.AddAgent(ctx, state.Agent{Name: "lee"}),
		"token": s.Accounts.AddToken(ctx, state.Token{ID: "x", Name: "x"}),
		"gap":   func() error { _, err := s.Events.AddGap(ctx, state.Gap{Note: "x"}, now); return err }(),
		"report": func() error {
			_, err := s.Reports.Report(ctx, now, now)
			return err
		}(),
	} {
		if !errors.Is(err, state.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	got := s.Reports.Signals(ctx, now)
	signals.Stale = true
	equal(t, signals, got)
	must(t, s.Accounts.AddSession(ctx, state.Session{ID: "s2", Agent: "kim", Created: now, Expires: now.Add(time.Hour)}), s.Accounts.RemoveSession(ctx, "s1"))

	// A start without the database knows the same.
	must(t, s.Close())
	s = open(t, cfg)
	a := s.Accounts.Access()
	if _, ok := a.Sessions["s2"]; !ok || len(a.Sessions) != 1 || len(a.Agents) != 1 {
		t.Errorf("after a restart without the database: %+v", a)
	}
	s.Events.Opened(1, 1042, now)
	s.Spool()

	p.Resume(t)
	time.Sleep(1100 * time.Millisecond) // the memory of the outage
	must(t, s.Accounts.Refresh(ctx))
	flush(t, s)
	if r := report(t, s); r.Days[2].Opened != 101 {
		t.Errorf("%d opens arrived, want 101", r.Days[2].Opened)
	}
	other := open(t, config(t.TempDir(), cfg.URL))
	if a := other.Accounts.Access(); len(a.Sessions) != 1 || a.Sessions["s2"].Agent != "kim" {
		t.Errorf("sessions in the database: %+v", a.Sessions)
	}
	if n := s.Stats(); n.Waiting["open"] != 0 || n.Dropped["open"] != 0 {
		t.Errorf("left behind: %+v", n)
	}
}

// TestRefusedEvent spools an event that PostgreSQL refuses: the others arrive.
func TestRefusedEvent(t *testing.T) {
	cfg := config(t.TempDir(), statetest.Start(t).Database(t))
	must(t, os.Mkdir(filepath.Join(cfg.Dir, "spool"), 0o700), os.WriteFile(filepath.Join(cfg.Dir, "spool", "5.jsonl"), []byte(
		`{"k":"open","i":1,"d":"2014-10-06","a":7,"n":1}`+"\n"+
			`{"k":"vote","i":1,"d":"2014-10-06","a":7,"c":"\u0000"}`+"\n"+
			`{"k":"open","i":2,"d":"2014-10-06","a":7,"n":1}`+"\n"), 0o600))
	s := open(t, cfg)
	if r := report(t, s); r.Days[2].Opened != 2 || r.Days[2].Unhelped != 0 || s.Stats().Dropped["vote"] != 1 {
		t.Errorf("%+v, %+v", r.Days[2], s.Stats())
	}
}

// TestOutageAmongRefusedEvents loses the database while a batch is stored event
// by event, because it refuses one: nothing counts twice.
func TestOutageAmongRefusedEvents(t *testing.T) {
	cfg := config(t.TempDir(), statetest.Start(t).Database(t))
	var log bytes.Buffer
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := open(t, cfg)
	must(t, s.Close())
	state.ExecScript(t, cfg.URL, `CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'full' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON votes FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION full_disk();
`)
	must(t, os.WriteFile(filepath.Join(cfg.Dir, "spool", "5.jsonl"), []byte(
		`{"k":"open","i":1,"d":"2014-10-06","a":7,"n":1}`+"\n"+
			`{"k":"vote","i":1,"d":"2014-10-06","a":7,"c":"\u0000"}`+"\n"+
			`{"k":"vote","i":2,"d":"2014-10-06","a":7}`+"\n"), 0o600))
	s = open(t, cfg)
	for range 2 {
		if err := s.Events.Flush(t.Context()); !errors.Is(err, state.ErrUnavailable) {
			t.Fatalf("flush: %v", err)
		}
		time.Sleep(1100 * time.Millisecond) // the memory of the outage
	}
	state.ExecScript(t, cfg.URL, "DROP TRIGGER full_disk ON votes;\n")
	if r := report(t, s); r.Days[2].Opened != 1 || r.Days[2].Unhelped != 1 || s.Stats().Dropped["vote"] != 1 {
		t.Errorf("%+v, %+v", r.Days[2], s.Stats())
	}
	if text := log.String(); strings.Count(text, "cannot be used") != 1 || strings.Count(text, "works again") != 1 {
		t.Errorf("the log:\n%s", text)
	}
}

// TestStartWithoutDatabase starts with an address where nobody answers, and
// with one that is no address.
func TestStartWithoutDatabase(t *testing.T) {
	s, err := state.Open(t.Context(), config(t.TempDir(), "postgres://user:geheim@127.0.0.1:1/x"))
	must(t, err)
	if err := s.Ping(t.Context()); !errors.Is(err, state.ErrUnavailable) {
		t.Errorf("ping: %v", err)
	} else if strings.Contains(err.Error(), "geheim") {
		t.Errorf("the error shows the password: %v", err)
	}
	must(t, s.Close())
	// Several servers, of which the first that answers is taken.
	several := open(t, config(t.TempDir(), "postgres://user:geheim@127.0.0.1:1,127.0.0.1:2/x?target_session_attrs=read-write"))
	if err := several.Ping(t.Context()); !errors.Is(err, state.ErrUnavailable) {
		t.Errorf("ping: %v", err)
	}
	for _, url := range []string{"mysql://x", "sqlite:", "postgres://user:geheim@[::1:x/", "postgres://geheim@x:port/", "sqlite:/nowhere/at/all.db"} {
		if s, err := state.Open(t.Context(), config(t.TempDir(), url)); err == nil {
			s.Close()
			t.Errorf("%s opens", url)
		} else if strings.Contains(err.Error(), "geheim") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
	broken := filepath.Join(t.TempDir(), "state.db")
	must(t, os.WriteFile(broken, bytes.Repeat([]byte("no database "), 1000), 0o600))
	if _, err := state.Open(t.Context(), config(t.TempDir(), "sqlite:"+broken)); !errors.Is(err, state.ErrDamaged) || !strings.Contains(err.Error(), broken) {
		t.Errorf("a file that is no database: %v", err)
	}
	// The first third of a database.
	whole := filepath.Join(t.TempDir(), "state.db")
	s = open(t, config(t.TempDir(), "sqlite:"+whole))
	must(t, s.Accounts.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}), s.Close())
	b, err := os.ReadFile(whole)
	must(t, err, os.WriteFile(broken, b[:len(b)/3], 0o600))
	if _, err := state.Open(t.Context(), config(t.TempDir(), "sqlite:"+broken)); !errors.Is(err, state.ErrDamaged) {
		t.Errorf("a third of a database: %v", err)
	}
}

// TestKill runs a process that counts and spools, kills it without warning,
// and looks for what it had spooled.
func TestKill(t *testing.T) {
	if dir := os.Getenv("SIGNPOST_TEST_KILL"); dir != "" {
		s, err := state.Open(t.Context(), config(dir, "postgres://nobody@127.0.0.1:1/x"))
		must(t, err)
		for range 1500 {
			must(t, s.Events.Sent(state.Sent{Nonce: uint64(time.Now().UnixNano()), Article: 1}, now))
		}
		s.Spool()
		os.Stdout.WriteString("spooled\n")
		s.Events.Opened(1, 1, now)
		select {}
	}
	dir := t.TempDir()
	c := exec.Command(os.Args[0], "-test.run=^TestKill$")
	c.Env = append(os.Environ(), "SIGNPOST_TEST_KILL="+dir)
	out, err := c.StdoutPipe()
	must(t, err, c.Start())
	buf := make([]byte, 8)
	if _, err := out.Read(buf); err != nil {
		t.Fatal(err)
	}
	must(t, c.Process.Kill())
	c.Wait()
	// A crash may also cut the last line short, and happen between the
	// commit and the removal of the file.
	files, err := filepath.Glob(filepath.Join(dir, "spool", "*.jsonl"))
	must(t, err)
	if len(files) != 2 {
		t.Fatalf("%d spool files, want 2", len(files))
	}
	copies := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		must(t, err)
		b = append(b, `{"k":"open","i":1,"d":"2014-`...)
		copies[f] = b
		must(t, os.WriteFile(f, b, 0o600))
	}
	for range 2 {
		s := open(t, config(dir, ""))
		if r := report(t, s); r.Days[2].Sent != 1500 || r.Days[2].Opened != 0 {
			t.Errorf("%d sent, %d opened; want 1500, 0", r.Days[2].Sent, r.Days[2].Opened)
		}
		must(t, s.Close())
		for f, b := range copies {
			must(t, os.WriteFile(f, b, 0o600))
		}
	}
}

// TestCountedOnce applies the same spool twice, as after a crash between commit
// and removal: counters must not double.
func TestCountedOnce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, config(dir, ""))
	s.Events.Opened(1, 7, now)
	s.Spool()
	files, _ := filepath.Glob(filepath.Join(dir, "spool", "*.jsonl"))
	if len(files) != 1 {
		t.Fatalf("%d spool files", len(files))
	}
	b, err := os.ReadFile(files[0])
	must(t, err)
	flush(t, s)
	must(t, s.Close(), os.WriteFile(files[0], b, 0o600))
	s = open(t, config(dir, ""))
	if r := report(t, s); r.Days[2].Opened != 1 {
		t.Errorf("%d opens, want 1", r.Days[2].Opened)
	}
	if _, err := os.Stat(files[0]); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

// TestBound fills the buffer: the rest is dropped and counted, other kinds go on.
func TestBound(t *testing.T) {
	s := open(t, config(t.TempDir(), "postgres://nobody@127.0.0.1:1/x"))
	var full int
	for range 10100 {
		if err := s.Events.Vote(state.Vote{Article: 1}, now); errors.Is(err, state.ErrFull) {
			full++
		} else {
			must(t, err)
		}
	}
	s.Spool()
	must(t, s.Events.Sent(state.Sent{Nonce: 1, Article: 1}, now))
	st := s.Stats()
	if full != 100 || st.Dropped["vote"] != 100 || st.Waiting["vote"] != 10000 || st.Waiting["sent"] != 1 || !st.Writes {
		t.Errorf("%d full, %+v", full, st)
	}
}

// TestNoSpool takes the spool folder away: counting goes on in memory.
func TestNoSpool(t *testing.T) {
	dir := t.TempDir()
	s := open(t, config(dir, ""))
	must(t, os.RemoveAll(filepath.Join(dir, "spool")))
	s.Events.Opened(1, 7, now)
	s.Spool()
	s.Events.Opened(1, 7, now)
	if s.Stats().Writes {
		t.Error("the spool seems to work")
	}
	if r := report(t, s); r.Days[2].Opened != 2 {
		t.Errorf("%d opens, want 2", r.Days[2].Opened)
	}
}

// TestRun leaves the work to the background.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, config(dir, "")), open(t, config(t.TempDir(), "sqlite:"+filepath.Join(dir, "state.db")))
	done := make(chan struct{})
	go func() { s.Run(t.Context()); close(done) }()
	t.Cleanup(func() { <-done })
	s.Events.Opened(1, 7, now)
	must(t, other.Accounts.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}))
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		r, err := other.Reports.Report(t.Context(), now, now)
		must(t, err)
		if r.Days[0].Opened == 1 && len(s.Accounts.Access().Agents) == 1 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("after 15 s: %d opens, agents %v", r.Days[0].Opened, s.Accounts.Access().Agents)
		}
	}
}

// TestPrivacy looks for what must never be on disk in all files of the data
// folder: addresses, visitors, and a ticket's terms before their third ticket.
func TestPrivacy(t *testing.T) {
	dir := t.TempDir()
	s := open(t, config(dir, ""))
	look := func(when string) {
		t.Helper()
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			for _, canary := range []string{"canary", "visitor-x", "ticket-x", "johnson"} {
				if bytes.Contains(b, []byte(canary)) {
					t.Errorf("%s: %s holds %q", when, filepath.Base(path), canary)
				}
			}
			if st, serr := d.Info(); serr == nil && st.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s: others may read %s (%v)", when, filepath.Base(path), st.Mode())
			}
			return err
		}))
	}
	s.Events.Search(state.Search{Visitor: "visitor-x", Words: "canary@example.org", Results: 1}, now)
	s.Events.Search(state.Search{Visitor: "visitor-x", Words: "mail canary@example.org lost", Results: 1}, now)
	s.Events.Click("visitor-x", 7, 1, now)
	s.Events.Search(state.Search{Words: "login Canary1! fails", Results: 1}, now)
	must(t,
		s.Events.Vote(state.Vote{Article: 7, Comment: "canary@example.org", Query: "canary@example.org"}, now),
		s.Events.Asked(state.Asked{Ticket: "ticket-x", Article: 7, Terms: []string{"johnson"}}, now),
		s.Events.Asked(state.Asked{Ticket: "ticket-x", Article: 8, Terms: []string{"johnson"}}, now),
		s.Events.Asked(state.Asked{Ticket: "ticket-x2", Article: 8, Terms: []string{"johnson"}}, now),
	)
	_, err := s.Events.AddGap(t.Context(), state.Gap{Note: "for canary@example.org"}, now)
	must(t, err)
	s.Spool()
	look("spooled")
	flush(t, s)
	s.Reports.Signals(t.Context(), now)
	look("stored")

	// The third ticket makes the term common enough to be kept: the search above would find it.
	must(t, s.Events.Asked(state.Asked{Ticket: "ticket-x3", Article: 8, Terms: []string{"johnson"}}, now))
	flush(t, s)
	var b bytes.Buffer
	must(t, s.Backup(t.Context(), &b))
	if !strings.Contains(b.String(), "johnson") {
		t.Error("the term is not kept after its third ticket")
	}
}

func FuzzRestore(f *testing.F) {
	f.Add([]byte(`{"table":"agents","row":["x","y",1,1]}` + "\n" + `{"rows":1}` + "\n"))
	f.Add([]byte(`{"table":"opens","row":[1,"2014-10-06",2,3]}` + "\n" + `{"rows":2}` + "\n"))
	s, err := state.Open(f.Context(), config(f.TempDir(), ""))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := s.Restore(t.Context(), bytes.NewReader(append([]byte(`{"signpost":"state","version":1}`+"\n"), data...))); err != nil {
			return
		}
		var b bytes.Buffer
		must(t, s.Backup(t.Context(), &b))
		_, err := s.Restore(t.Context(), &b)
		must(t, err)
	})
}
