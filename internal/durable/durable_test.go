package durable_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/internal/durable"
)

// names returns all files below dir.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var list []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWriteFileReplacesWhole(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.json")
	for _, text := range []string{"one", "", "three"} {
		if err := durable.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != text {
			t.Errorf("read %q, %v; want %q", got, err, text)
		}
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a.json"}) {
		t.Errorf("left behind: %v", got)
	}
	if info, _ := os.Stat(name); info.Mode().Perm() != 0o600 {
		t.Errorf("permissions %v", info.Mode())
	}
	if err := durable.WriteFile(filepath.Join(dir, "missing", "a"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a folder that is missing: %v", err)
	}
}

func TestOtherWaysToWrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	if err := durable.WriteCache(name, []byte("cache"), 0o600); err != nil {
		t.Fatal(err)
	}
	failed := errors.New("failed")
	err := durable.WriteTo(name, 0o600, func(w io.Writer) error {
		io.WriteString(w, "half")
		return failed
	})
	if got, _ := os.ReadFile(name); !errors.Is(err, failed) || string(got) != "cache" {
		t.Errorf("after a failure: %q, %v", got, err)
	}
	err = durable.WriteTo(name, 0o600, func(w io.Writer) error {
		_, err := io.WriteString(w, "whole")
		return err
	})
	if got, _ := os.ReadFile(name); err != nil || string(got) != "whole" {
		t.Errorf("read %q, %v", got, err)
	}
	if err := durable.WriteCache(filepath.Join(dir, "missing", "a"), nil, 0o600); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a folder that is missing: %v", err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a"}) {
		t.Errorf("left behind: %v", got)
	}
}

func TestCreateNeverReplaces(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "key")
	if err := durable.Create(name, []byte("first"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := durable.Create(name, []byte("second"), 0o600); !errors.Is(err, fs.ErrExist) {
		t.Errorf("second: %v, want ErrExist", err)
	}
	if got, _ := os.ReadFile(name); string(got) != "first" {
		t.Errorf("read %q", got)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestFolderStaysInside(t *testing.T) {
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	f := durable.Folder{Root: root}
	if err := f.WriteFile("a/b/c.md", []byte("text"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteFile("../out.md", []byte("text"), 0o666); err == nil {
		t.Error("wrote above the folder")
	}
	tmp, err := f.Stage("a/d.md", []byte("later"), 0o666)
	if err != nil || !durable.IsTemporary(tmp) {
		t.Fatalf("staged as %q, %v", tmp, err)
	}
	if err := root.Rename(tmp, "a/d.md"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Remove("a/b/c.md"), f.Remove("a/b/c.md")); err != nil {
		t.Errorf("removing twice: %v", err)
	}
	if got := names(t, dir); !slices.Equal(got, []string{"a/d.md"}) {
		t.Errorf("files: %v", got)
	}
}

func TestSweepRemovesOnlyItsOwn(t *testing.T) {
	dir := t.TempDir()
	keep := []string{".git/x.signpost-tmp/keep", ".hidden", "a/.b.md.swp", "a/b.signpost-tmp"}
	for _, name := range append([]string{".x.1.signpost-tmp", "a/.b.md.2.signpost-tmp"}, keep...) {
		p := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(p), 0o700), os.WriteFile(p, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := durable.Sweep(dir, long); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != len(keep)+2 {
		t.Errorf("files of a writer at work are gone; left: %v", got)
	}
	for _, name := range []string{".x.1.signpost-tmp", "a/.b.md.2.signpost-tmp"} {
		if err := os.Chtimes(filepath.Join(dir, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	if err := durable.Sweep(dir, long.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); !slices.Equal(got, keep) {
		t.Errorf("left: %v, want %v", got, keep)
	}
	if err := durable.Sweep(filepath.Join(dir, "missing"), long); err != nil {
		t.Errorf("a folder that is missing: %v", err)
	}
}

// Locks keep out other holders in this process and in others.
func TestLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if os.Getenv("DURABLE_TEST_LOCK") != "" {
		_, err := durable.TryLock(os.Getenv("DURABLE_TEST_LOCK"))
		fmt.Println("other:", err)
		return
	}
	other := func() string {
		cmd := exec.Command(os.Args[0], "-test.run=^TestLocks$")
		cmd.Env = append(os.Environ(), "DURABLE_TEST_LOCK="+path)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		line, _, _ := strings.Cut(string(out), "\n")
		return line
	}
	held, err := durable.TryLock(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := durable.TryLock(path); !errors.Is(err, durable.ErrLocked) {
		t.Errorf("in this process: %v, want ErrLocked", err)
	}
	if got, want := other(), "other: "+durable.ErrLocked.Error(); got != want {
		t.Errorf("another process: %q, want %q", got, want)
	}
	held.Release()
	held.Release()
	if got, want := other(), "other: <nil>"; got != want {
		t.Errorf("another process after the release: %q, want %q", got, want)
	}
	dir := filepath.Dir(path)
	held, err = durable.LockFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error)
	go func() {
		second, err := durable.LockFolder(dir)
		second.Release()
		got <- err
	}()
	select {
	case err := <-got:
		t.Errorf("two holders of a folder at once: %v", err)
	default:
	}
	held.Release()
	if err := <-got; err != nil {
		t.Error(err)
	}
	if _, err := durable.LockFolder(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is missing: %v", err)
	}
	if files := names(t, dir); !slices.Equal(files, []string{"lock"}) {
		t.Errorf("locking a folder made files: %v", files)
	}
}
