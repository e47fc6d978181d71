package content_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
)

const editedSite = `name: Test
languages: [en]
time_zone: Europe/Oslo
components:
  - {id: imap, name: IMAP}
  - {id: pop, name: POP}
`

var editedAt = time.Date(2026, 11, 23, 14, 32, 18, 0, time.UTC)

func editedFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"site.yaml":            editedSite,
		"help/mail/spam/en.md": "---\nid: 1\ntitle: Spam\n---\nText\n",
		"providers/p.yaml":     "provider: example.com\nname: Example\ndomains: [example.com]\nservices:\n  - {use: imap, host: imap.example.com}\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// editorAt opens the folder as a process of its own does.
func editorAt(t *testing.T, dir string, now time.Time) *content.Editor {
	t.Helper()
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	memory, err := lastgood.Open("")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := content.NewLoader(memory).Load(src.FS(), now)
	if err != nil {
		t.Fatal(err)
	}
	return &content.Editor{Source: src, Library: lib, Now: now}
}

func imapDown(title string) edit.Draft {
	return edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Title: title, Affects: []string{"imap"}}, Message: "Use {{imap.host}}."}
}

// Of two writers who saw the same version one gets a conflict; after looking
// again nothing of either is lost.
func TestTwoWriters(t *testing.T) {
	dir := editedFolder(t)
	first, err := editorAt(t, dir, editedAt).New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	a, b := editorAt(t, dir, editedAt.Add(time.Minute)), editorAt(t, dir, editedAt.Add(2*time.Minute))
	won, err := a.Add("", edit.Addition{State: status.Identified, Message: "From A"}, first.Hash)
	if err != nil {
		t.Fatal(err)
	}
	for name, stale := range map[string]func() (content.Written, error){
		"add": func() (content.Written, error) {
			return b.Add("", edit.Addition{State: status.Updated, Message: "From B"}, first.Hash)
		},
		"resolve": func() (content.Written, error) { return b.Resolve("", edit.Addition{}, first.Hash) },
		"edit":    func() (content.Written, error) { return b.Edit("", correction("", "From B"), first.Hash) },
		"undo":    func() (content.Written, error) { return b.Undo("", first.Hash) },
	} {
		if _, err := stale(); !errors.Is(err, source.ErrConflict) {
			t.Errorf("%s with a stale version: %v, want a conflict", name, err)
		}
	}
	if _, err := b.Add("", edit.Addition{State: status.Updated, Message: "From B"}, won.Hash); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(first.Path)))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"{{imap.host}}", "From A", "From B"} {
		if strings.Count(string(text), want) != 1 {
			t.Errorf("%q is not there once:\n%s", want, text)
		}
	}
}

// Many writers at once, none of whom looks first: each text is there, or its
// writer was told of a conflict.
func TestManyWriters(t *testing.T) {
	dir := editedFolder(t)
	w, err := editorAt(t, dir, editedAt).New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	const writers = 12
	editors := make([]*content.Editor, writers)
	for i := range editors {
		editors[i] = editorAt(t, dir, editedAt.Add(time.Minute))
	}
	told := make([]error, writers)
	var wg sync.WaitGroup
	for i, e := range editors {
		wg.Go(func() {
			_, told[i] = e.Add(w.ID, edit.Addition{State: status.Updated, Message: fmt.Sprintf("Writer %d.", i)}, "")
		})
	}
	wg.Wait()
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(w.Path)))
	if err != nil {
		t.Fatal(err)
	}
	written := 0
	for i, err := range told {
		there := strings.Contains(string(text), fmt.Sprintf("Writer %d.", i))
		if there != (err == nil) || err != nil && !errors.Is(err, source.ErrConflict) {
			t.Errorf("writer %d: in the file %v, told %v", i, there, err)
		}
		if there {
			written++
		}
	}
	if written == 0 {
		t.Error("nobody could write")
	}
	ids := updateIDs(t, dir, w.ID)
	if len(ids) != written+1 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != len(ids) {
		t.Errorf("%d written, ids %q", written, ids)
	}
}

func updateIDs(t *testing.T, dir, post string) []string {
	t.Helper()
	p := editorAt(t, dir, editedAt.Add(24*time.Hour)).Library.Board.Post(post)
	if p == nil {
		t.Fatalf("the post %s cannot be read", post)
	}
	var ids []string
	for _, u := range p.Updates {
		ids = append(ids, u.ID)
	}
	return ids
}

// Two posts of one title at one moment become two posts.
func TestNewPostsAtOnce(t *testing.T) {
	dir := editedFolder(t)
	a, b := editorAt(t, dir, editedAt), editorAt(t, dir, editedAt)
	one, err := a.New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := b.New(imapDown("IMAP is down")) // its library does not know of the first
	if err != nil {
		t.Fatal(err)
	}
	if one.ID != "2026-11-23-imap-is-down" || two.ID != "2026-11-23-imap-is-down-2" {
		t.Errorf("ids %q and %q", one.ID, two.ID)
	}
	c := editorAt(t, dir, editedAt)
	if _, err := c.Resolve("", edit.Addition{}, ""); !errors.Is(err, content.ErrWhich) || !strings.Contains(err.Error(), one.ID) || !strings.Contains(err.Error(), two.ID) {
		t.Errorf("resolving one of two: %v", err)
	}
	if len(c.Library.Board.Posts) != 2 {
		t.Errorf("%d posts", len(c.Library.Board.Posts))
	}
}

// A file that cannot be read still keeps its name.
func TestNameOfABrokenFileIsTaken(t *testing.T) {
	dir := editedFolder(t)
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "status", "old"), 0o777),
		os.WriteFile(filepath.Join(dir, "status", "old", "2026-11-23-imap-is-down.md"), []byte("broken"), 0o666)); err != nil {
		t.Fatal(err)
	}
	w, err := editorAt(t, dir, editedAt).New(imapDown("IMAP is down"))
	if err != nil || w.ID != "2026-11-23-imap-is-down-2" {
		t.Errorf("%q, %v", w.ID, err)
	}
}

// A life: ids and order stay through an update in the same minute, undo,
// resolving and reopening; closing keeps what variables meant.
func TestEditorKeepsIDs(t *testing.T) {
	dir := editedFolder(t)
	w, err := editorAt(t, dir, editedAt).New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	at := func(d time.Duration) *content.Editor { return editorAt(t, dir, editedAt.Add(d)) }
	var want []string
	for i, step := range []struct {
		do func() (content.Written, error)
		id string // of the update that is new; "-" when one went
	}{
		{func() (content.Written, error) {
			return at(20*time.Second).Add("", edit.Addition{State: status.Updated}, "")
		}, "20261123T1432Z-2"},
		{func() (content.Written, error) {
			return at(time.Hour).Add("", edit.Addition{State: status.Identified}, "")
		}, "20261123T1532Z"},
		{func() (content.Written, error) { return at(time.Hour).Undo("", "") }, "-"},
		{func() (content.Written, error) {
			return at(2*time.Hour).Edit("", correction("20261123T1432Z", "Other words with {{imap.host}}."), "")
		}, ""},
		{func() (content.Written, error) {
			return at(3*time.Hour).Add("", edit.Addition{State: status.Resolved}, "")
		}, "20261123T1732Z"},
		{func() (content.Written, error) {
			return at(4*time.Hour).Add(w.ID, edit.Addition{State: status.Reopened}, "")
		}, "20261123T1832Z"},
		{func() (content.Written, error) { return at(5*time.Hour).Resolve("", edit.Addition{}, "") }, "20261123T1932Z"},
	} {
		if want == nil {
			want = []string{"20261123T1432Z"}
		}
		if got, err := step.do(); err != nil || got.ID != w.ID || got.Path != w.Path || len(got.Hash) != 64 {
			t.Fatalf("step %d: %+v, %v", i, got, err)
		}
		switch step.id {
		case "-":
			want = want[:len(want)-1]
		case "":
		default:
			want = append(want, step.id)
		}
		if got := updateIDs(t, dir, w.ID); !slices.Equal(got, want) {
			t.Fatalf("step %d: ids %q, want %q", i, got, want)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(w.Path)))
	if err != nil || strings.Contains(string(text), "{{") || !strings.Contains(string(text), "imap.example.com") {
		t.Errorf("the values were not kept: %v\n%s", err, text)
	}
	if _, err := at(6*time.Hour).Add("", edit.Addition{State: status.Reopened}, ""); !errors.Is(err, content.ErrNoneOpen) || !strings.Contains(err.Error(), w.ID) {
		t.Errorf("no post is open: %v", err)
	}
	if _, err := at(6*time.Hour).Undo("2026-11-23-imap-is-dwn", ""); !errors.Is(err, content.ErrNoPost) || !strings.Contains(err.Error(), w.ID) {
		t.Errorf("a wrong id: %v", err)
	}
}

// Without an id the change that was made last is undone, not that of another
// post that happens to be open; what is older has to be named.
func TestUndoOfTheLastChange(t *testing.T) {
	dir := editedFolder(t)
	at := func(d time.Duration) *content.Editor { return editorAt(t, dir, editedAt.Add(d)) }
	planned, err := at(0).New(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Title: "Disks", Starts: "2026-12-01 22:00", Lasts: "2h", Affects: []string{"imap"}}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := at(time.Minute).New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := at(2*time.Minute).Resolve(w.ID, edit.Addition{}, ""); err != nil {
		t.Fatal(err)
	}
	got, err := at(3*time.Minute).Undo("", "")
	if err != nil || got.ID != w.ID || len(updateIDs(t, dir, w.ID)) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if n := len(updateIDs(t, dir, planned.ID)); n != 1 {
		t.Errorf("the planned work has %d updates", n)
	}
	if _, err := at(25*time.Hour).Undo("", ""); !errors.Is(err, content.ErrNoChange) {
		t.Errorf("a day later: %v", err)
	}
}

// The only update of a post takes the post with it.
func TestUndoOfAPost(t *testing.T) {
	dir := editedFolder(t)
	w, err := editorAt(t, dir, editedAt).New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := editorAt(t, dir, editedAt).Undo("", w.Hash); err != nil || got.Hash != "" || got.Path != w.Path {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(w.Path))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file: %v", err)
	}
}

// Without an id the one post in question is meant: an open incident or running
// maintenance, else what is planned, else a notice.
func TestWhichPost(t *testing.T) {
	dir := editedFolder(t)
	add := func(d edit.Draft) string {
		t.Helper()
		w, err := editorAt(t, dir, editedAt).New(d)
		if err != nil {
			t.Fatal(err)
		}
		return w.ID
	}
	meant := func(want string) {
		t.Helper()
		if p, err := editorAt(t, dir, editedAt.Add(time.Minute)).Post(""); err != nil || p.ID != want {
			t.Errorf("%v, %v; want %s", p, err, want)
		}
	}
	notice := add(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Notice, Title: "Note"}, Message: "x"})
	meant(notice)
	planned := add(edit.Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Title: "Disks", Starts: "2026-12-01 22:00", Lasts: "2h", Affects: []string{"pop"}}})
	meant(planned)
	incident := add(imapDown("IMAP is down"))
	meant(incident)
	if p, err := editorAt(t, dir, editedAt).Post(strings.ToUpper(planned)); err != nil || p.ID != planned {
		t.Errorf("%v, %v", p, err)
	}
}

func TestEditorRefuses(t *testing.T) {
	dir := editedFolder(t)
	e := editorAt(t, dir, editedAt)
	d := imapDown("x")
	d.Help = []string{"spamm"}
	if _, err := e.New(d); err == nil || !strings.Contains(err.Error(), `there is no article "spamm" (did you mean "spam"?)`) {
		t.Error(err)
	}
	d = imapDown("x")
	d.At = "2026-07-01 10:00 CET"
	if _, err := e.New(d); err == nil || !strings.Contains(err.Error(), "write 2026-07-01 10:00 CEST") {
		t.Error(err)
	}
	e.Source = source.Embedded("sample", os.DirFS(dir))
	_, err := e.New(imapDown("x"))
	if _, hint := change.ReasonOf(err); !errors.Is(err, source.ErrReadOnly) || !strings.Contains(hint, "signpost init --sample DIR") {
		t.Errorf("%v, hint %q", err, hint)
	}
	if _, err := os.Stat(filepath.Join(dir, "status")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was written: %v", err)
	}
}

// What is written into a post that is over keeps its values as well.
func TestEditorKeepsValuesOfTheArchive(t *testing.T) {
	dir := editedFolder(t)
	w, err := editorAt(t, dir, editedAt).New(imapDown("IMAP is down"))
	if err != nil {
		t.Fatal(err)
	}
	at := func(d time.Duration) *content.Editor { return editorAt(t, dir, editedAt.Add(d)) }
	if _, err := at(time.Hour).Add("", edit.Addition{State: status.Updated, Message: "Still {{imap.host}}."}, ""); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, w.Path)); err != nil || !strings.Contains(string(got), "Still {{imap.host}}.") {
		t.Errorf("an open post lost its variables: %v\n%s", err, got)
	}
	if _, err := at(2*time.Hour).Resolve("", edit.Addition{}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := at(3*time.Hour).Add(w.ID, edit.Addition{State: status.Postmortem, Message: "It was {{imap.host}}."}, ""); err != nil {
		t.Fatal(err)
	}
	got, err := at(4*time.Hour).Edit(w.ID, correction("20261123T1532Z", "Port {{imap.port}}."), "")
	if err != nil || strings.Contains(string(got.Text), "{{") || !strings.Contains(string(got.Text), "It was imap.example.com.") || !strings.Contains(string(got.Text), "Port 993.") {
		t.Errorf("%v\n%s", err, got.Text)
	}
}

func correction(update, text string) edit.Correction {
	return edit.Correction{Update: update, Text: &text}
}
