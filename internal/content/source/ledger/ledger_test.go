package ledger_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"signpost/internal/content/source/change"
	"signpost/internal/content/source/ledger"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

const settle = time.Second

// A desk is a ledger with a clock and the copy of the content that is served.
type desk struct {
	t         *testing.T
	dir, lost string
	l         *ledger.Ledger
	now       time.Time
	files     fstest.MapFS
	copy      string // which one
	hurried   bool   // other files are missing too
}

func newDesk(t *testing.T) *desk {
	dir := t.TempDir()
	d := &desk{t: t, dir: filepath.Join(dir, "acknowledged"), lost: filepath.Join(dir, "lost"), now: start, files: fstest.MapFS{}, copy: "first"}
	d.restart()
	return d
}

func (d *desk) restart() {
	l, err := ledger.Open(d.dir, d.lost, d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	d.l = l
}

// post writes a version of a file and records it; "" removes it.
func (d *desk) post(name, text string) {
	d.t.Helper()
	c := change.Change{Path: name, Data: []byte(text)}
	if old := d.files[name]; old != nil {
		c.Expected = change.Hash(old.Data)
	}
	if text == "" {
		c.Data = nil
	}
	if err := d.l.Record([]change.Change{c}, d.now); err != nil {
		d.t.Fatal(err)
	}
	d.set(name, text)
	d.check()
}

// set changes a file by hand.
func (d *desk) set(name, text string) {
	delete(d.files, name)
	if text != "" {
		d.files[name] = &fstest.MapFile{Data: []byte(text)}
	}
}

// swap serves another copy of the content.
func (d *desk) swap(name string, files fstest.MapFS) { d.copy, d.files = name, files }

// check looks at the content, again when it is told to, and returns the problems.
func (d *desk) check() []string {
	d.t.Helper()
	for range 10 {
		problems, again := d.l.Check(ledger.View{
			FS: d.files, Calm: !d.hurried, Mark: func(string) string { return d.copy },
		}, d.now, settle)
		if again.IsZero() {
			var list []string
			for _, p := range problems {
				list = append(list, p.Path)
			}
			return list
		}
		if !again.After(d.now) {
			d.t.Fatalf("to be checked again at %v, and it is %v", again, d.now)
		}
		d.now = again
	}
	d.t.Fatal("it is checked without end")
	return nil
}

func (d *desk) want(what string, paths ...string) {
	d.t.Helper()
	if got := d.check(); !slices.Equal(got, paths) {
		d.t.Errorf("%s: problems in %v, want %v", what, got, paths)
	}
}

func (d *desk) kept(name, text string) {
	d.t.Helper()
	data, err := os.ReadFile(filepath.Join(d.lost, name))
	if text == "" && os.IsNotExist(err) {
		return
	}
	if err != nil || string(data) != text {
		d.t.Errorf("kept as %s: %q, %v; want %q", name, data, err, text)
	}
}

func TestWhatAnOlderCopyLacksIsKept(t *testing.T) {
	d := newDesk(t)
	d.post("status/a.md", "one")
	older := fstest.MapFS{"status/a.md": {Data: []byte("one")}}
	d.post("status/a.md", "two")
	d.post("status/b.md", "new")
	newer := d.files
	d.want("all is there")
	d.swap("second", older)
	d.want("an older copy", "status/a.md", "status/b.md")
	d.kept("status/a.md", "two")
	d.kept("status/b.md", "new")
	d.restart()
	d.want("after a start", "status/a.md", "status/b.md")
	d.swap("third", newer)
	d.want("the newer copy again")
	d.kept("status/a.md", "")
	d.kept("status/b.md", "")
}

func TestWhatPeopleChangeIsNotMissed(t *testing.T) {
	d := newDesk(t)
	d.post("status/a.md", "one")
	d.post("status/a.md", "two")
	d.post("status/b.md", "new")
	d.post("status/c.md", "new")
	d.set("status/a.md", "one")  // an update is taken back
	d.set("status/b.md", "")     // a post is removed
	d.set("status/c.md", "more") // a text is written by hand
	d.want("in the same copy")
	d.swap("second", fstest.MapFS{"status/c.md": {Data: []byte("more")}})
	d.want("what was given up is not missed in another one")
}

// While a folder is being deleted, its posts are missing before the folder is.
func TestACopyThatIsBeingDeleted(t *testing.T) {
	d := newDesk(t)
	d.post("status/a.md", "one")
	d.set("status/a.md", "")
	d.hurried = true
	d.want("while more is missing")
	d.hurried = false
	d.swap("second", fstest.MapFS{})
	d.want("then another copy is there", "status/a.md")
}

func TestWhatWasTakenBackStaysSo(t *testing.T) {
	d := newDesk(t)
	d.post("status/a.md", "one")
	older := fstest.MapFS{"status/a.md": {Data: []byte("one")}}
	d.post("status/a.md", "")
	if !d.l.TookBack("status/a.md") || d.l.TookBack("status/b.md") {
		t.Error("the ledger does not know what was taken back")
	}
	d.want("taken back")
	d.swap("second", older)
	d.want("an older copy has it again", "status/a.md")
	d.kept("status/a.md", "")
}

func TestTwoLostPostsOfOneName(t *testing.T) {
	d := newDesk(t)
	d.post("status/a.md", "first")
	d.swap("second", fstest.MapFS{})
	d.want("the first", "status/a.md")
	d.post("status/a.md", "second")
	d.swap("third", fstest.MapFS{})
	got := d.check()
	if len(got) != 2 || got[0] != "status/a.md" || !strings.HasPrefix(got[1], "status/a~") {
		t.Fatalf("problems in %v", got)
	}
	d.kept("status/a.md", "first")
	d.kept(got[1], "second")
}

// Who deletes a kept post has decided.
func TestAKeptPostThatIsDeleted(t *testing.T) {
	d := newDesk(t)
	d.post("status/a.md", "one")
	d.swap("second", fstest.MapFS{})
	d.want("lost", "status/a.md")
	if err := os.Remove(filepath.Join(d.lost, "status/a.md")); err != nil {
		t.Fatal(err)
	}
	d.want("deleted")
	d.restart()
	d.want("after a start")
}

func TestItIsBounded(t *testing.T) {
	d := newDesk(t)
	for i := range 510 {
		d.now = start.Add(time.Duration(i) * time.Minute)
		if err := d.l.Record([]change.Change{{Path: "status/" + d.now.Format("0102T1504") + ".md", Data: []byte("x")}}, d.now); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(d.dir)
	if err != nil || len(files) != 500 {
		t.Errorf("%d files, %v", len(files), err)
	}
	d.now = d.now.Add(100 * 24 * time.Hour)
	d.restart()
	if files, _ := os.ReadDir(d.dir); len(files) != 0 {
		t.Errorf("%d files after a hundred days", len(files))
	}
}

func TestWithoutAFolder(t *testing.T) {
	l := ledger.New()
	if err := l.Record([]change.Change{{Path: "status/a.md", Data: []byte("x")}}, start); err != nil {
		t.Fatal(err)
	}
	problems, again := l.Check(ledger.View{FS: fstest.MapFS{}, Calm: true, Mark: func(string) string { return "" }}, start.Add(time.Hour), 0)
	if len(problems) != 0 || !again.IsZero() {
		t.Errorf("%v, again %v", problems, again)
	}
}
