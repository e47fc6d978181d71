package seen

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/content/status"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// planned is work work that begins at an hour of 1 December.
func planned(t *testing.T, hour string) *status.Post {
	t.Helper()
	p, problems := status.Parse("status/m.md", []byte("---\ntitle: T\nkind: maintenance\nstarts: 2026-12-01 "+hour+"\nlasts: 1h\n---\n"), status.Config{Zone: time.UTC})
	if p == nil {
		t.Fatal(problems)
	}
	return p
}

func never(string) time.Time { return time.Time{} }

func look(t *testing.T, m *Store, now time.Time, posts ...*status.Post) status.Sighting {
	t.Helper()
	known, err := m.Look(Look{Posts: posts, Now: now, Changed: func(string) time.Time { return start.Add(-48 * time.Hour) }, Committed: never})
	if err != nil {
		t.Fatal(err)
	}
	return known["status/m.md"]
}

func TestStore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "seen.json")
	open := func(content string) *Store {
		m, err := Open(file, content)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open("/srv/help")
	if s := look(t, m, start, planned(t, "10:00")); !s.First.Equal(start.Add(-48*time.Hour)) || len(s.Moved) > 0 {
		t.Errorf("at the first start the file's time counts: %+v", s)
	}
	m = open("/srv/help")
	if s := look(t, m, start.Add(time.Hour), planned(t, "10:00")); !s.First.Equal(start.Add(-48 * time.Hour)) {
		t.Errorf("after a restart: %+v", s)
	}
	moved := start.Add(2 * time.Hour)
	if s := look(t, m, moved, planned(t, "11:00")); len(s.Moved) != 1 || !s.Moved[0].At.Equal(moved) {
		t.Errorf("moved by hand: %+v", s)
	}
	look(t, m, start.Add(3*time.Hour)) // gone
	m = open("/srv/help")
	if s := look(t, m, start.Add(4*time.Hour), planned(t, "11:00")); len(s.Moved) != 1 || !s.First.Equal(start.Add(-48*time.Hour)) {
		t.Errorf("back again: %+v", s)
	}
	look(t, m, start.Add(5*time.Hour))
	look(t, m, start.Add(6*time.Hour+goneFor))
	again := start.Add(7*time.Hour + goneFor)
	if s := look(t, m, again, planned(t, "11:00")); !s.First.Equal(again) {
		t.Errorf("a file that was gone for months is new: %+v", s)
	}
	if s := look(t, open("/srv/other"), again.Add(time.Hour), planned(t, "11:00")); !s.First.Equal(start.Add(-48 * time.Hour)) {
		t.Errorf("another folder begins anew: %+v", s)
	}
}

// A file that comes later is new, whatever time it carries; what a repository
// knows goes before that.
func TestNewFiles(t *testing.T) {
	m, err := Open("", "/srv/help")
	if err != nil {
		t.Fatal(err)
	}
	look(t, m, start)
	if s := look(t, m, start.Add(time.Hour), planned(t, "10:00")); !s.First.Equal(start.Add(time.Hour)) {
		t.Errorf("%+v", s)
	}
	committed := start.Add(-time.Hour)
	known, _ := m.Look(Look{Posts: []*status.Post{planned(t, "10:00")}, Now: start.Add(2 * time.Hour), Changed: never, Committed: func(string) time.Time { return committed }})
	if s := known["status/m.md"]; !s.First.Equal(committed) {
		t.Errorf("%+v", s)
	}
}

// A time of the future is not believed.
func TestClocksThatAreWrong(t *testing.T) {
	m, _ := Open("", "")
	future := func(string) time.Time { return start.Add(time.Hour) }
	known, _ := m.Look(Look{Posts: []*status.Post{planned(t, "10:00")}, Now: start, Changed: future, Committed: future})
	if s := known["status/m.md"]; !s.First.Equal(start) {
		t.Errorf("%+v", s)
	}
}

// A damaged file is said, and does not keep the site from starting.
func TestDamaged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "seen.json")
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Open(file, "x")
	if err == nil || m == nil || !strings.Contains(err.Error(), "first seen") {
		t.Fatalf("%v, %v", m, err)
	}
	look(t, m, start, planned(t, "10:00"))
	if _, err := Open(file, "x"); err != nil {
		t.Errorf("not repaired: %v", err)
	}
}
