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

// damagePage overwrites the middle of a database, and leaves its beginning.
func damagePage(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	st, err := f.Stat()
	must(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte("damage "), int(st.Size()-8192)/7), 8192)
	must(t, err, f.Close())
}

// TestDamagedFile damages the file of a site that has a daily copy: the server
// starts with the copy, and the accounts of the last seconds are there too.
func TestDamagedFile(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, path string){
		"not a database": func(t *testing.T, path string) {
			must(t, os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600))
		},
		"a third": func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			must(t, err, os.WriteFile(path, b[:len(b)/3], 0o600))
		},
		"pages": damagePage,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			cfg := config(t.TempDir(), "")
			cfg.Recover, cfg.Log = true, slog.New(slog.NewTextHandler(&log, nil))
			s := open(t, cfg)
			ctx := t.Context()
			must(t, s.Accounts.AddAgent(ctx, state.Agent{Name: "kim", Created: now}))
			s.Events.Opened(1, 7, now)
			flush(t, s)
			must(t, s.Copy(ctx, now))
			must(t, s.Accounts.AddAgent(ctx, state.Agent{Name: "lee", Created: now}))
			must(t, s.Accounts.AddToken(ctx, state.Token{ID: "h", Name: "pager", Scopes: []string{"status:write"}, Created: now}), s.Close())
			path := filepath.Join(cfg.Dir, "state.db")
			harm(t, path)
			s = open(t, cfg)
			for range 3 { // damage within is found by the first who reads it
				s.Reports.Report(ctx, now, now)
				s.Accounts.Refresh(ctx)
			}
			if a := s.Accounts.Access(); len(a.Agents) != 2 || len(a.Tokens) != 1 {
				t.Errorf("accounts: %+v", a)
			}
			if r := report(t, s); r.Days[2].Opened != 1 {
				t.Errorf("%d opens, want the copy's 1", r.Days[2].Opened)
			}
			aside, err := filepath.Glob(path + ".damaged-????????T??????Z")
			must(t, err)
			if len(aside) != 1 || s.Stats().Damaged != 1 || !strings.Contains(log.String(), "level=ERROR msg=\"the damaged database was set aside") {
				t.Errorf("set aside %q, %d counted; the log:\n%s", aside, s.Stats().Damaged, &log)
			}
			must(t, s.Accounts.AddAgent(ctx, state.Agent{Name: "max", Created: now}), s.Close())
			s = open(t, cfg)
			if n := len(s.Accounts.Access().Agents); n != 3 || s.Stats().Damaged != 0 {
				t.Errorf("%d agents after a restart, %d damaged", n, s.Stats().Damaged)
			}
		})
	}
}

// TestDamagedCopies damages everything: an empty database is made, and whoever
// had an account signs in.
func TestDamagedCopies(t *testing.T) {
	cfg := config(t.TempDir(), "")
	cfg.Recover = true
	s := open(t, cfg)
	must(t, s.Accounts.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}))
	for i := range 9 {
		must(t, s.Copy(t.Context(), now.AddDate(0, 0, i)))
	}
	copies, err := filepath.Glob(filepath.Join(cfg.Dir, "copies", "*"))
	must(t, err)
	if len(copies) != 7 || filepath.Base(copies[0]) != "state-2014-10-08.db" {
		t.Errorf("copies: %q", copies)
	}
	st, err := os.Stat(copies[0])
	must(t, err, s.Close())
	if st.Mode().Perm() != 0o600 {
		t.Errorf("a copy has the mode %v", st.Mode())
	}
	for _, path := range append(copies, filepath.Join(cfg.Dir, "state.db")) {
		must(t, os.WriteFile(path, []byte("not a database, but long enough to be looked at as one"), 0o600))
	}
	s = open(t, cfg)
	must(t, s.Ping(t.Context()))
	if _, ok := s.Accounts.Access().Agents["kim"]; !ok {
		t.Error("the account is lost")
	}
}

// TestUnusableFile starts with files that are not damaged, but cannot be used:
// they stay as they are, agents sign in and events wait.
func TestUnusableFile(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, path string)
		hint string
	}{
		"a folder": {func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o700)) }, "must be able to read and write"},
		"a newer schema": {func(t *testing.T, path string) {
			s := open(t, config(t.TempDir(), "sqlite:"+path))
			must(t, s.Close())
			state.ExecScript(t, "sqlite:"+path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1);\nUPDATE counters SET n = 9999 WHERE name = 'oldest_schema';\n")
		}, "install the version"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t.TempDir(), "")
			cfg.Recover = true
			s := open(t, cfg)
			must(t, s.Accounts.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}), s.Close())
			path := filepath.Join(cfg.Dir, "state.db")
			must(t, os.Remove(path))
			c.harm(t, path)
			s = open(t, cfg)
			err := s.Ping(t.Context())
			if !errors.Is(err, state.ErrUnavailable) || !strings.Contains(state.Hint(err), c.hint) {
				t.Errorf("%v, hint %q", err, state.Hint(err))
			}
			must(t, s.Accounts.AddSession(t.Context(), state.Session{ID: "s1", Agent: "kim", Created: now, Expires: now.Add(time.Hour)}), s.Close())
			s = open(t, cfg)
			if a := s.Accounts.Access(); len(a.Agents) != 1 || len(a.Sessions) != 1 {
				t.Errorf("after a restart: %+v", a)
			}
			if s.Stats().Damaged != 0 {
				t.Error("the file was set aside")
			}
		})
	}
}

// TestMissingFile removes the database of a site with accounts.
func TestMissingFile(t *testing.T) {
	var log bytes.Buffer
	cfg := config(t.TempDir(), "")
	s := open(t, cfg)
	must(t, s.Accounts.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}), s.Copy(t.Context(), now), s.Close())
	must(t, os.Remove(filepath.Join(cfg.Dir, "state.db")))
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	open(t, cfg)
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "the database file is missing") || !strings.Contains(text, "state-2014-10-06.db") {
		t.Errorf("the log:\n%s", text)
	}
	log.Reset()
	cfg = config(t.TempDir(), "")
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	open(t, cfg)
	if log.Len() > 0 {
		t.Errorf("a first start says:\n%s", &log)
	}
}

// TestDamagedFolder puts damaged files of all kinds into the data folder: the
// state opens, says so, and counts what is whole.
func TestDamagedFolder(t *testing.T) {
	dir := t.TempDir()
	spool := filepath.Join(dir, "spool")
	must(t, os.MkdirAll(filepath.Join(spool, "7.jsonl"), 0o700))
	whole := `{"k":"open","i":1,"d":"2014-10-06","a":7,"n":1}` + "\n"
	for name, text := range map[string]string{
		"access.json": `{"agents":null,"sessions":[]}`, "signals.json": "\x00\x00",
		"spool/1.jsonl": "\x00\xff\n" + strings.Repeat("x", 3<<20) + "\n" + whole,
		"spool/2.jsonl": `{"k":"open","i":1,"d":"never","a":7,"n":1}` + "\n" + `{"k":"open","i":1,"d":"2014-10-06","a":7,"n":-5}` + "\n" + `{"k":"what","d":"2014-10-06"}` + "\n",
		"spool/3.jsonl": strings.Repeat("\n", 1000), "spool/4.jsonl": "", "spool/5.jsonl": `{"k":"vote"`, "spool/x.jsonl": "y",
	} {
		must(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	var log bytes.Buffer
	cfg := config(dir, "")
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	s := open(t, cfg)
	if r := report(t, s); r.Days[2].Opened != 1 {
		t.Errorf("%d opens, want 1", r.Days[2].Opened)
	}
	must(t, s.Accounts.AddSession(t.Context(), state.Session{ID: "s", Created: now, Expires: now}))
	if !strings.Contains(log.String(), "damaged and lost") || !strings.Contains(log.String(), "access.json") {
		t.Errorf("the log:\n%s", &log)
	}
	// The folder is a file.
	dir = t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "spool"), nil, 0o600), os.WriteFile(filepath.Join(dir, "copies"), nil, 0o600))
	s = open(t, config(dir, ""))
	s.Events.Opened(1, 7, now)
	if r := report(t, s); r.Days[2].Opened != 1 {
		t.Errorf("without a spool: %d opens, want 1", r.Days[2].Opened)
	}
	if s.Copy(t.Context(), now) == nil {
		t.Error("a copy was made below a file")
	}
}
