package source_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"signpost/internal/content/source"
	"signpost/internal/content/source/change"
)

func folder(t *testing.T) (*source.Source, string) {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "site.yaml"), "name: Test\n")
	s, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestFolderThatIsNotThere(t *testing.T) {
	empty := t.TempDir()
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, "x")
	for _, tt := range []struct{ dir, want string }{
		{filepath.Join(empty, "missing"), "it is missing"},
		{empty, "it is empty"},
		{file, "not a directory"},
	} {
		if _, err := source.Folder(tt.dir); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Folder(%q) = %v, want an error with %q", tt.dir, err, tt.want)
		}
	}
}

func TestNoSymlinkLeadsOut(t *testing.T) {
	s, dir := folder(t)
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, "secret")
	if err := os.Symlink(secret, filepath.Join(dir, "link.md")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if data, _, err := s.Read("link.md", 100); err == nil {
		t.Errorf("read %q through a link that leads out", data)
	}
	if _, err := put(s, "link.md", "", []byte("x")); err == nil {
		t.Error("wrote through a link that leads out")
	}
	if _, err := put(s, "../out.md", "", []byte("x")); err == nil {
		t.Error("wrote above the folder")
	}
}

func TestReadLimit(t *testing.T) {
	s, dir := folder(t)
	write(t, filepath.Join(dir, "big"), strings.Repeat("x", 11))
	if _, _, err := s.Read("big", 10); !errors.Is(err, source.ErrTooLarge) {
		t.Errorf("err = %v, want ErrTooLarge", err)
	}
	if _, _, err := s.Read(".", 10); err == nil {
		t.Error("read a folder as a file")
	}
}

func TestWriteConflicts(t *testing.T) {
	s, dir := folder(t)
	h, err := put(s, "status/2026/a.md", "", []byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := put(s, "status/2026/a.md", "", []byte("two")); !errors.Is(err, source.ErrConflict) {
		t.Errorf("second creation: %v, want ErrConflict", err)
	}
	write(t, filepath.Join(dir, "status/2026/a.md"), "by hand")
	if _, err := put(s, "status/2026/a.md", h, []byte("two")); !errors.Is(err, source.ErrConflict) {
		t.Errorf("stale write: %v, want ErrConflict", err)
	}
	if _, err := put(s, "gone.md", h, []byte("two")); !errors.Is(err, source.ErrConflict) {
		t.Errorf("write to a file that is gone: %v, want ErrConflict", err)
	}
	if data, _, _ := s.Read("status/2026/a.md", 100); string(data) != "by hand" {
		t.Errorf("the file is %q now", data)
	}
}

// Each writer appends a line to what it has read and tries again after a
// conflict, from two sources as two processes have them: no line may be lost.
func TestWritersLoseNothing(t *testing.T) {
	a, dir := folder(t)
	b, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if _, err := put(a, "log.md", "", nil); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 20 {
		s := a
		if i%2 == 1 {
			s = b
		}
		wg.Go(func() {
			for {
				data, hash, err := s.Read("log.md", 1<<20)
				if err != nil {
					t.Error(err)
					return
				}
				_, err = put(s, "log.md", hash, append(data, fmt.Sprintf("line %d\n", i)...))
				if err == nil {
					return
				}
				if !errors.Is(err, source.ErrConflict) {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	data, _, _ := a.Read("log.md", 1<<20)
	if n := strings.Count(string(data), "line "); n != 20 {
		t.Errorf("%d of 20 lines are left:\n%s", n, data)
	}
}

func TestEmbeddedIsReadOnly(t *testing.T) {
	s := source.Embedded("sample", fstest.MapFS{"site.yaml": {Data: []byte("name: x")}})
	_, err := put(s, "a.md", "", nil)
	if _, hint := change.ReasonOf(err); !errors.Is(err, source.ErrReadOnly) || !strings.Contains(hint, "signpost init --sample") {
		t.Errorf("err = %v", err)
	}
	if _, err := fs.ReadFile(s.FS(), "site.yaml"); err != nil {
		t.Error(err)
	}
}

func TestWatchSeesEveryKindOfChange(t *testing.T) {
	s, dir := folder(t)
	calls := make(chan struct{}, 100)
	go s.Watch(t.Context(), func() { calls <- struct{}{} })
	wait := func(what string) {
		t.Helper()
		select {
		case <-calls:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s was not noticed", what)
		}
		for { // leave the rest of this change behind
			select {
			case <-calls:
			case <-time.After(200 * time.Millisecond):
				return
			}
		}
	}
	wait("what happened before the watch was set up")
	write(t, filepath.Join(dir, "help/mail/new/en.md"), "text")
	wait("a new folder")
	write(t, filepath.Join(dir, "help/mail/new/en.md"), "other text")
	wait("an edit in the new folder")
	if _, err := put(s, "help/mail/new/de.md", "", []byte("x")); err != nil {
		t.Fatal(err)
	}
	wait("a file written by the program")
	if err := os.RemoveAll(filepath.Join(dir, "help/mail/new")); err != nil {
		t.Fatal(err)
	}
	wait("a removal")
}

// put makes one change and returns the file's new version.
func put(s *source.Source, name, expected string, data []byte) (string, error) {
	if data == nil {
		data = []byte{}
	}
	return source.Hash(data), s.Write([]source.Change{{Path: name, Expected: expected, Data: data}})
}

// take removes one file.
func take(s *source.Source, name, expected string) error {
	return s.Write([]source.Change{{Path: name, Expected: expected}})
}
