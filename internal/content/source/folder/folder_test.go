//go:build unix

package folder_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"signpost/internal/content/source/change"
	"signpost/internal/content/source/folder"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// place makes a folder of content with an article whose text names it, and opens it.
func place(t *testing.T) (*folder.Folder, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	site(t, dir, "first")
	return open(t, dir), dir
}

func site(t *testing.T, dir, text string) {
	t.Helper()
	write(t, filepath.Join(dir, "site.yaml"), "name: Test\n")
	write(t, filepath.Join(dir, "help/mail/a/en.md"), text)
}

func open(t *testing.T, dir string) *folder.Folder {
	t.Helper()
	f, err := folder.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func text(t *testing.T, f *folder.Folder) string {
	t.Helper()
	files, err := f.Files()
	if err != nil {
		return "error: " + err.Error()
	}
	data, err := fs.ReadFile(files, "help/mail/a/en.md")
	if err != nil {
		return "error: " + err.Error()
	}
	return string(data)
}

// walk lists what a reader sees: files, and in brackets why something is left out.
func walk(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var list []string
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && p != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir(), strings.HasPrefix(d.Name(), "."):
			return nil
		}
		if !d.Type().IsRegular() {
			_, err := d.Info()
			var why *fs.PathError
			if !errors.As(err, &why) || why.Path != p {
				t.Errorf("%s: %v does not name the file", p, err)
				return nil
			}
			p += " (" + why.Err.Error() + ")"
		}
		list = append(list, p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Every way in which another folder comes to be where the name points.
func TestThePlaceIsFollowed(t *testing.T) {
	for name, swap := range map[string]func(t *testing.T, dir, next string){
		"renamed": func(t *testing.T, dir, next string) {
			must(t, os.Rename(dir, dir+".old"), os.Rename(next, dir))
		},
		"deleted and copied back": func(t *testing.T, dir, next string) {
			must(t, os.RemoveAll(dir), os.CopyFS(dir, os.DirFS(next)))
		},
		"a link in place of the folder": func(t *testing.T, dir, next string) {
			must(t, os.Rename(dir, dir+".old"), os.Symlink(filepath.Base(next), dir))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, dir := place(t)
			next := filepath.Join(filepath.Dir(dir), "next")
			site(t, next, "second")
			before, err := f.Files()
			must(t, err)
			swap(t, dir, next)
			if got := text(t, f); got != "second" {
				t.Errorf("read %q", got)
			}
			if name == "renamed" {
				if old, err := fs.ReadFile(before, "help/mail/a/en.md"); err != nil || string(old) != "first" {
					t.Errorf("files that were handed out: %q, %v", old, err)
				}
			}
			must(t, f.Write([]change.Change{{Path: "status/2026/x.md", Data: []byte("post")}}))
			if got, err := os.ReadFile(filepath.Join(dir, "status/2026/x.md")); string(got) != "post" {
				t.Errorf("written elsewhere: %q, %v", got, err)
			}
		})
	}
}

func TestALinkThatFlips(t *testing.T) {
	top := t.TempDir()
	site(t, filepath.Join(top, "v1"), "first")
	site(t, filepath.Join(top, "v2"), "second")
	link := filepath.Join(top, "current")
	must(t, os.Symlink("v1", link))
	f := open(t, link)
	must(t, os.Symlink("v2", link+".new"), os.Rename(link+".new", link))
	if got := text(t, f); got != "second" {
		t.Errorf("read %q", got)
	}
	if err := f.Writable(); err != nil {
		t.Errorf("a link that a person keeps: %v", err)
	}
}

func TestAPlaceThatIsGone(t *testing.T) {
	f, dir := place(t)
	must(t, os.Rename(dir, dir+".away"))
	for _, state := range []string{"it is missing", "it is empty", "it is empty"} {
		files, err := f.Files()
		if !errors.Is(err, change.Gone) || !strings.Contains(err.Error(), state) || files == nil {
			t.Errorf("%v, want %q and the files of before", err, state)
		}
		if _, hint := change.ReasonOf(err); !strings.Contains(hint, dir) {
			t.Errorf("the hint %q does not name the place", hint)
		}
		if err := f.Writable(); !errors.Is(err, change.Gone) {
			t.Errorf("writable: %v", err)
		}
		if err := f.Write([]change.Change{{Path: "a.md", Data: []byte("x")}}); !errors.Is(err, change.Gone) {
			t.Errorf("written: %v", err)
		}
		must(t, os.MkdirAll(filepath.Join(dir, ".git"), 0o777))
	}
	must(t, os.RemoveAll(dir), os.Rename(dir+".away", dir))
	if got := text(t, f); got != "first" {
		t.Errorf("put back: %q", got)
	}
}

func TestToolsThatRewriteTheFolder(t *testing.T) {
	commit := strings.Repeat("0123456789", 4)
	for name, layout := range map[string]func(t *testing.T, top string) string{
		"git-sync": func(t *testing.T, top string) string {
			site(t, filepath.Join(top, ".worktrees", commit), "x")
			must(t, os.Symlink(filepath.Join(".worktrees", commit), filepath.Join(top, "current")))
			return filepath.Join(top, "current")
		},
		"git-sync, a folder of the repository": func(t *testing.T, top string) string {
			site(t, filepath.Join(top, "rev-"+commit, "desk"), "x")
			must(t, os.Symlink("rev-"+commit, filepath.Join(top, "current")))
			return filepath.Join(top, "current", "desk")
		},
		"Kubernetes": func(t *testing.T, top string) string {
			site(t, filepath.Join(top, "..2026_01_01_00_00_00.1"), "x")
			must(t, os.Symlink("..2026_01_01_00_00_00.1", filepath.Join(top, "..data")))
			for _, entry := range []string{"site.yaml", "help"} {
				must(t, os.Symlink("..data/"+entry, filepath.Join(top, entry)))
			}
			return top
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := open(t, layout(t, t.TempDir()))
			if got := text(t, f); got != "x" {
				t.Errorf("read %q", got)
			}
			tool, _, _ := strings.Cut(name, ",")
			err := f.Write([]change.Change{{Path: "status/2026/x.md", Data: []byte("post")}})
			if !errors.Is(err, change.ReadOnly) || !strings.Contains(err.Error(), tool) {
				t.Errorf("written: %v", err)
			}
			if err := f.Writable(); !errors.Is(err, change.ReadOnly) {
				t.Errorf("writable: %v", err)
			}
		})
	}
}

func TestLinksInside(t *testing.T) {
	f, dir := place(t)
	outside := t.TempDir()
	write(t, filepath.Join(outside, "secret/en.md"), "secret")
	write(t, filepath.Join(dir, ".hidden/b/en.md"), "b")
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600))
	for link, target := range map[string]string{
		"help/more": "../.hidden", "help/mail/a/de.md": "en.md", "help/mail/loop": ".", "help/mail/up": "..", "help/out": outside + "/secret",
		"help/secret.md": outside + "/secret/en.md", "none": "nowhere", "tube": "pipe", "x": "y", "y": "x",
	} {
		must(t, os.Symlink(target, filepath.Join(dir, link)))
	}
	files, err := f.Files()
	must(t, err)
	want := []string{
		"help/mail/a/de.md", "help/mail/a/en.md", "help/mail/loop (this link leads in a circle)", "help/mail/up (this link leads in a circle)",
		"help/more/b/en.md", "help/out (this link leads out of the content)", "help/secret.md (this link leads out of the content)",
		"none (this link leads nowhere)", "pipe (this is a named pipe, not a file)", "site.yaml", "tube (this link leads to a named pipe, not a file)",
	}
	got := walk(t, files)
	got = slices.DeleteFunc(got, func(s string) bool { return s[0] == 'x' || s[0] == 'y' }) // the system's words
	if !slices.Equal(got, want) {
		t.Errorf("seen:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := fs.ReadFile(files, "help/secret.md"); err == nil {
		t.Error("read through a link that leads out")
	}
}

// Folders that are linked with each other end somewhere.
func TestLinksMakeNoMaze(t *testing.T) {
	f, dir := place(t)
	const n = 6
	for i := range n {
		for j := range n {
			d := filepath.Join(dir, fmt.Sprint("d", i))
			must(t, os.MkdirAll(d, 0o777))
			must(t, os.Symlink(fmt.Sprintf("../d%d", j), filepath.Join(d, fmt.Sprint("l", j))))
		}
	}
	files, err := f.Files()
	must(t, err)
	if got := walk(t, files); len(got) > 20_000 {
		t.Errorf("%d entries of %d links", len(got), n*n)
	}
}

// journal is what a crash leaves between the flush of the journal and its end.
func journal(t *testing.T, dir string, steps []map[string]any) {
	t.Helper()
	data, err := json.Marshal(steps)
	must(t, err)
	write(t, filepath.Join(dir, ".signpost-journal.json"), string(data))
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			data, _ := os.ReadFile(p)
			rel, _ := filepath.Rel(dir, p)
			all[filepath.ToSlash(rel)] = string(data)
		}
		return err
	}))
	delete(all, "site.yaml")
	delete(all, "help/mail/a/en.md")
	return all
}

func TestWritesAreMadeTogether(t *testing.T) {
	f, dir := place(t)
	one, uno := change.Hash([]byte("one")), change.Hash([]byte("uno"))
	must(t, f.Write([]change.Change{{Path: "s/a.md", Data: []byte("one")}, {Path: "s/a.es.md", Data: []byte("uno")}}))
	if got := contents(t, dir); len(got) != 2 || got["s/a.md"] != "one" || got["s/a.es.md"] != "uno" {
		t.Errorf("written: %v", got)
	}
	err := f.Write([]change.Change{{Path: "s/a.md", Expected: one, Data: []byte("two")}, {Path: "s/a.es.md", Expected: one}})
	if !errors.Is(err, change.Conflict) || contents(t, dir)["s/a.md"] != "one" {
		t.Errorf("one of two does not fit: %v, %v", err, contents(t, dir))
	}
	if err := f.Write([]change.Change{{Path: "s/b.md", Data: []byte("b")}, {Path: "site.yaml/c.md", Data: []byte("c")}}); err == nil || len(contents(t, dir)) != 2 {
		t.Errorf("one of two cannot be written: %v, %v", err, contents(t, dir))
	}
	must(t, f.Write([]change.Change{{Path: "s/a.md", Expected: one}, {Path: "s/a.es.md", Expected: uno}}))
	if got := contents(t, dir); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
}

func TestAnInterruptedChange(t *testing.T) {
	hash := func(s string) string { return change.Hash([]byte(s)) }
	steps := []map[string]any{
		{"path": "s/a.md", "temp": "s/.a.md.1.signpost-tmp", "before": []byte("one"), "after": hash("two")},
		{"path": "s/new.md", "temp": "s/.new.md.1.signpost-tmp", "before": nil, "after": hash("new")},
		{"path": "s/old.md", "before": []byte("old"), "after": ""},
	}
	done := map[string]string{"s/a.md": "two", "s/new.md": "new"}
	undone := map[string]string{"s/a.md": "one", "s/old.md": "old"}
	for name, tt := range map[string]struct {
		files map[string]string
		want  map[string]string
	}{
		"before any":      {map[string]string{"s/a.md": "one", "s/old.md": "old", "s/.a.md.1.signpost-tmp": "two", "s/.new.md.1.signpost-tmp": "new"}, done},
		"after the first": {map[string]string{"s/a.md": "two", "s/old.md": "old", "s/.new.md.1.signpost-tmp": "new"}, done},
		"after all":       {map[string]string{"s/a.md": "two", "s/new.md": "new"}, done},
		"a new text lost": {map[string]string{"s/a.md": "two", "s/old.md": "old"}, undone},
		"someone else wrote": {
			map[string]string{"s/a.md": "two", "s/new.md": "by hand", "s/old.md": "old", "s/.new.md.1.signpost-tmp": "new"},
			map[string]string{"s/a.md": "one", "s/new.md": "by hand", "s/old.md": "old"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "site")
			site(t, dir, "x")
			for p, data := range tt.files {
				write(t, filepath.Join(dir, p), data)
			}
			journal(t, dir, steps)
			open(t, dir)
			got := contents(t, dir)
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("after a start: %v, want %v", got, tt.want)
			}
		})
	}
	t.Run("before the journal", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "site")
		site(t, dir, "x")
		write(t, filepath.Join(dir, "s/a.md"), "one")
		write(t, filepath.Join(dir, "s/.a.md.1.signpost-tmp"), "two")
		open(t, dir)
		if got := contents(t, dir); len(got) != 1 || got["s/a.md"] != "one" {
			t.Errorf("after a start: %v", got)
		}
	})
}

// While the name is given to other folders, writers write. Every write that
// returned without an error is in one of the folders; one that was answered last is
// in the folder that the name means.
func TestWritersFollowTheName(t *testing.T) {
	f, dir := place(t)
	spare := dir + ".spare"
	must(t, os.CopyFS(spare, os.DirFS(dir)))
	var swapping sync.WaitGroup
	stop := make(chan struct{})
	swapping.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := errors.Join(os.Rename(dir, dir+".x"), os.Rename(spare, dir), os.Rename(dir+".x", spare)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var acknowledged []string
	for i := range 60 {
		name := fmt.Sprintf("status/2026/p%d.md", i)
		switch err := f.Write([]change.Change{{Path: name, Data: []byte(name)}}); {
		case err == nil:
			acknowledged = append(acknowledged, name)
		case !errors.Is(err, change.Gone):
			t.Errorf("%s: %v", name, err)
		}
	}
	close(stop)
	swapping.Wait()
	for _, name := range acknowledged {
		one, _ := os.ReadFile(filepath.Join(dir, name))
		two, _ := os.ReadFile(filepath.Join(spare, name))
		if string(one)+string(two) == "" {
			t.Errorf("%s is lost", name)
		}
	}
	must(t, f.Write([]change.Change{{Path: "last.md", Data: []byte("x")}}))
	if _, err := os.Stat(filepath.Join(dir, "last.md")); err != nil {
		t.Error(err)
	}
}

// A copy that takes the place of another one is never taken for it, even when the
// system gives its folders the same numbers.
func TestMarksTellCopiesApart(t *testing.T) {
	f, dir := place(t)
	seen := map[string]bool{}
	for i := range 30 {
		files, err := f.Files()
		must(t, err)
		mark := files.Mark("help/mail/a/en.md")
		if mark == "" || seen[mark] || files.Mark("help/mail/a/en.md") != mark {
			t.Fatalf("copy %d has the mark %q", i, mark)
		}
		seen[mark] = true
		if i%2 == 0 {
			must(t, os.RemoveAll(dir))
		} else {
			must(t, os.RemoveAll(filepath.Join(dir, "help")))
		}
		site(t, dir, "copy")
	}
	files, err := f.Files()
	must(t, err)
	if mark := files.Mark("none/x.md"); mark != "" {
		t.Errorf("a folder that is not there has the mark %q", mark)
	}
}
