package source_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"signpost/internal/content/source"
)

// needGit looks for the real program, which makes the repositories.
func needGit(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
}

// gitIn runs git in a folder, without anybody's configuration.
func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=Writer", "-c", "user.email=writer@example.com", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// repository makes a bare repository with one commit, and a working tree that
// pushes to it.
func repository(t *testing.T) (bare, work string) {
	t.Helper()
	needGit(t)
	dir := t.TempDir()
	bare, work = filepath.Join(dir, "site.git"), filepath.Join(dir, "work")
	gitIn(t, dir, "init", "-q", "--bare", bare)
	gitIn(t, dir, "clone", "-q", bare, work)
	write(t, filepath.Join(work, "site.yaml"), "name: Test\n")
	write(t, filepath.Join(work, "status/2026/a.md"), "one\n\ntwo\n\nthree\n")
	commit(t, work, "first")
	return bare, work
}

func commit(t *testing.T, work, message string) {
	t.Helper()
	gitIn(t, work, "add", "-A")
	gitIn(t, work, "commit", "-q", "-m", message)
	gitIn(t, work, "push", "-q", "origin", "HEAD")
}

// logBuffer is a log that can be read while it is written.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func gitConfig(data string) (source.GitConfig, *logBuffer) {
	log := &logBuffer{}
	return source.GitConfig{Data: data, Interval: 50 * time.Millisecond, Wait: 10 * time.Second, Now: time.Now, Log: slog.New(slog.NewTextHandler(log, nil))}, log
}

func openGit(t *testing.T, address, data string) (*source.Source, *logBuffer) {
	t.Helper()
	cfg, log := gitConfig(data)
	s, err := source.Git(t.Context(), address, cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.SetAuthor("Example Mail", "help.example.com")
	t.Cleanup(func() { s.Close() })
	return s, log
}

func text(t *testing.T, s *source.Source, name string) string {
	t.Helper()
	data, _, err := s.Read(name, 1<<20)
	if err != nil {
		return "error: " + err.Error()
	}
	return string(data)
}

// eventually waits until ok, for what other goroutines do.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not happen", what)
		}
	}
}

func TestGitAddresses(t *testing.T) {
	for _, tt := range []struct{ address, want string }{
		{"git+ftp://example.com/x", "not the address of a repository"},
		{"git+file://host/x", "not the address of a repository"},
		{"git+https://example.com", "not the address of a repository"},
		{"git+http://example.com/x.git", "without TLS"},
		{"git+https://exa mple.com/x", "cannot be read"},
		{"git+https://user:secret@example.com/x#a..b", "cannot be the name of a branch"},
		{"https://example.com/x", "cannot be read"},
	} {
		cfg, _ := gitConfig(t.TempDir())
		_, err := source.Git(t.Context(), tt.address, cfg)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.address, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

func TestGitRepositoriesThatCannotBeServed(t *testing.T) {
	bare, _ := repository(t)
	empty := t.TempDir()
	gitIn(t, empty, "init", "-q", "--bare", ".")
	for _, tt := range []struct{ address, want string }{
		{"git+file://" + filepath.Join(empty, "missing"), "no repository at this address"},
		{"git+file://" + empty, "is empty"},
		{"git+file://" + bare + "#other", `no branch "other"`},
	} {
		cfg, _ := gitConfig(t.TempDir())
		if _, err := source.Git(t.Context(), tt.address, cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.address, err, tt.want)
		}
	}
}

func TestGitIsAFileSystem(t *testing.T) {
	bare, work := repository(t)
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, secret, "secret")
	write(t, filepath.Join(work, "help/mail/x/en.md"), "text")
	for link, target := range map[string]string{"help/in.md": "mail/x/en.md", "help/out.md": secret, "help/up.md": "../../../etc/passwd", "help/loop.md": "loop.md"} {
		if err := os.Symlink(target, filepath.Join(work, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	commit(t, work, "links")
	hook := filepath.Join(work, ".git/hooks/post-checkout")
	write(t, hook, "#!/bin/sh\nexit 1\n")
	s, _ := openGit(t, "git+file://"+bare, t.TempDir())
	if got := text(t, s, "help/in.md"); got != "text" {
		t.Errorf("a link within: %q", got)
	}
	for _, name := range []string{"help/out.md", "help/up.md", "help/loop.md"} {
		if got := text(t, s, name); !strings.HasPrefix(got, "error: ") || strings.Contains(got, "not exist") {
			t.Errorf("%s: %q, want an error", name, got)
		}
	}
	if _, err := put(s, "help/in.md", source.Hash([]byte("text")), []byte("x")); err == nil {
		t.Error("wrote through a link")
	}
	if _, err := put(s, "site.yaml/x.md", "", []byte("x")); err == nil {
		t.Error("wrote below a file")
	}
	gitIn(t, work, "rm", "-q", "help/out.md", "help/up.md", "help/loop.md", "help/in.md")
	commit(t, work, "no links")
	s, _ = openGit(t, "git+file://"+bare, t.TempDir())
	if err := fstest.TestFS(s.FS(), "site.yaml", "help/mail/x/en.md", "status/2026/a.md"); err != nil {
		t.Error(err)
	}
}

func TestGitWritesAreCommits(t *testing.T) {
	bare, work := repository(t)
	s, _ := openGit(t, "git+file://"+bare, t.TempDir())
	h, err := put(s, "status/2026/b.md", "", []byte("post\n"))
	if err != nil {
		t.Fatal(err)
	}
	if h, err = put(s, "status/2026/b.md", h, []byte("post\nupdate\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := put(s, "status/2026/b.md", "", []byte("x")); !errors.Is(err, source.ErrConflict) {
		t.Errorf("second creation: %v, want ErrConflict", err)
	}
	gitIn(t, bare, "fsck", "--strict")
	gitIn(t, work, "pull", "-q")
	if got, _ := os.ReadFile(filepath.Join(work, "status/2026/b.md")); string(got) != "post\nupdate\n" {
		t.Errorf("pushed: %q", got)
	}
	want := "Signpost Example Mail <signpost@help.example.com> status: update b\nSignpost Example Mail <signpost@help.example.com> status: new b\nWriter <writer@example.com> first\n"
	if got := gitIn(t, bare, "log", "--format=%an <%ae> %s"); got != want {
		t.Errorf("log:\n%swant:\n%s", got, want)
	}
	if err := take(s, "status/2026/b.md", "stale"); !errors.Is(err, source.ErrConflict) {
		t.Errorf("stale removal: %v, want ErrConflict", err)
	}
	if err := take(s, "status/2026/b.md", h); err != nil {
		t.Fatal(err)
	}
	if got := gitIn(t, bare, "ls-tree", "-r", "--name-only", "HEAD"); got != "site.yaml\nstatus/2026/a.md\n" {
		t.Errorf("after the removal:\n%s", got)
	}
	gitIn(t, bare, "fsck", "--strict")
}

func TestGitConflictIsUndone(t *testing.T) {
	bare, work := repository(t)
	data := t.TempDir()
	s, _ := openGit(t, "git+file://"+bare, data)
	_, hash, err := s.Read("status/2026/a.md", 100)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(work, "status/2026/other.md"), "other")
	commit(t, work, "another file")
	if hash, err = put(s, "status/2026/a.md", hash, []byte("one\n")); err != nil {
		t.Fatalf("another file was pushed meanwhile: %v", err)
	}
	gitIn(t, work, "pull", "-q")
	write(t, filepath.Join(work, "status/2026/a.md"), "by hand\n")
	commit(t, work, "same file")
	if _, err := put(s, "status/2026/a.md", hash, []byte("two\n")); !errors.Is(err, source.ErrConflict) {
		t.Errorf("the same file was pushed meanwhile: %v, want ErrConflict", err)
	}
	if got := text(t, s, "status/2026/a.md"); got != "by hand\n" {
		t.Errorf("shown after the conflict: %q", got)
	}
	if left := pendingFiles(t, data); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func pendingFiles(t *testing.T, data string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(data, "git/*/pending/*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Two replicas with clones of their own append lines at the same time.
func TestGitReplicasLoseNothing(t *testing.T) {
	bare, work := repository(t)
	var wg sync.WaitGroup
	const each = 5
	for r := range 2 {
		s, _ := openGit(t, "git+file://"+bare, t.TempDir())
		go s.Watch(t.Context(), func() {})
		wg.Go(func() {
			for i := range each {
				if _, err := put(s, fmt.Sprintf("status/2026/r%d-%d.md", r, i), "", []byte("post")); err != nil {
					t.Error(err)
				}
				appendLine(t, s, "status/2026/a.md", fmt.Sprintf("line %d of %d\n", i, r))
			}
		})
	}
	wg.Wait()
	gitIn(t, work, "pull", "-q")
	got, _ := os.ReadFile(filepath.Join(work, "status/2026/a.md"))
	if n := strings.Count(string(got), "line "); n != 2*each {
		t.Errorf("%d of %d lines are left:\n%s", n, 2*each, got)
	}
	if n := strings.Count(gitIn(t, bare, "ls-tree", "-r", "--name-only", "HEAD"), "/r"); n != 2*each {
		t.Errorf("%d of %d posts are left", n, 2*each)
	}
	gitIn(t, bare, "fsck", "--strict")
}

func appendLine(t *testing.T, s *source.Source, name, line string) {
	for range 100 {
		data, hash, err := s.Read(name, 1<<20)
		if err != nil {
			t.Error(err)
			return
		}
		_, err = put(s, name, hash, append(data, line...))
		if err == nil {
			return
		}
		if !errors.Is(err, source.ErrConflict) {
			t.Error(err)
			return
		}
		time.Sleep(20 * time.Millisecond) // until the fetch
	}
	t.Errorf("%q found no way in", line)
}

func TestGitWithoutItsRemote(t *testing.T) {
	bare, work := repository(t)
	data := t.TempDir()
	s, log := openGit(t, "git+file://"+bare, data)
	gone := bare + ".gone"
	if err := os.Rename(bare, gone); err != nil {
		t.Fatal(err)
	}
	if _, err := put(s, "status/2026/b.md", "", []byte("down\n")); err != nil {
		t.Fatalf("a post while the repository is gone: %v", err)
	}
	_, hash, _ := s.Read("status/2026/a.md", 100)
	if _, err := put(s, "status/2026/a.md", hash, []byte("zero\none\n\ntwo\n\nthree\n")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "cannot be used") || !strings.Contains(log.String(), "this change is shown here") {
		t.Errorf("the log does not tell:\n%s", log)
	}
	// Another start, still without the remote.
	s, _ = openGit(t, "git+file://"+bare, data)
	if got := text(t, s, "status/2026/b.md"); got != "down\n" {
		t.Errorf("the kept post after a start: %q", got)
	}
	if err := os.Rename(gone, bare); err != nil {
		t.Fatal(err)
	}
	// Meanwhile someone has changed the end of the same file.
	write(t, filepath.Join(work, "status/2026/a.md"), "one\n\ntwo\n\nthree\n\nfour\n")
	commit(t, work, "four")
	go s.Watch(t.Context(), func() {})
	eventually(t, "pushing what was kept", func() bool { return len(pendingFiles(t, data)) == 0 })
	if got := gitIn(t, bare, "show", "HEAD:status/2026/b.md"); got != "down\n" {
		t.Errorf("pushed: %q", got)
	}
	if got, want := gitIn(t, bare, "show", "HEAD:status/2026/a.md"), "zero\none\n\ntwo\n\nthree\n\nfour\n"; got != want {
		t.Errorf("joined: %q, want %q", got, want)
	}
	if got := text(t, s, "status/2026/a.md"); !strings.Contains(got, "zero") || !strings.Contains(got, "four") {
		t.Errorf("shown: %q", got)
	}
}

func TestGitKeepsWhatCannotBeJoined(t *testing.T) {
	bare, work := repository(t)
	data := t.TempDir()
	s, log := openGit(t, "git+file://"+bare, data)
	_, hash, _ := s.Read("status/2026/a.md", 100)
	if err := os.Rename(bare, bare+".gone"); err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]string{"status/2026/a.md": hash, "status/2026/new.md": ""} {
		if _, err := put(s, name, h, []byte("ours\n")); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(bare+".gone", bare); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(work, "status/2026/a.md"), "theirs\n")
	write(t, filepath.Join(work, "status/2026/new.md"), "theirs\n")
	commit(t, work, "theirs")
	go s.Watch(t.Context(), func() {})
	eventually(t, "settling the conflicts", func() bool { return len(pendingFiles(t, data)) == 0 })
	if got := text(t, s, "status/2026/a.md") + text(t, s, "status/2026/new.md"); got != "theirs\ntheirs\n" {
		t.Errorf("shown: %q", got)
	}
	kept, _ := filepath.Glob(filepath.Join(data, "git/*/conflicts/*-a.md"))
	if len(kept) != 1 || !strings.Contains(log.String(), "kept aside") {
		t.Errorf("kept: %v, log:\n%s", kept, log)
	}
	both, _ := fs.Glob(s.FS(), "status/2026/new-*.md")
	if len(both) != 1 || text(t, s, both[0]) != "ours\n" {
		t.Errorf("the second new file: %v", both)
	}
}

func TestGitWatchSeesPushes(t *testing.T) {
	bare, work := repository(t)
	data := t.TempDir()
	s, _ := openGit(t, "git+file://"+bare, data)
	calls := make(chan struct{}, 100)
	go s.Watch(t.Context(), func() { calls <- struct{}{} })
	wait := func(what string) {
		t.Helper()
		select {
		case <-calls:
		case <-time.After(20 * time.Second):
			t.Fatalf("%s was not noticed", what)
		}
	}
	write(t, filepath.Join(work, "help/mail/new/en.md"), "text")
	commit(t, work, "new")
	wait("a push")
	before := s.FS()
	if _, err := put(s, "status/2026/b.md", "", []byte("b")); err != nil {
		t.Fatal(err)
	}
	wait("an own post")
	if _, err := fs.Stat(before, "status/2026/b.md"); err == nil {
		t.Error("files that were handed out have changed")
	}
	other, _ := openGit(t, "git+file://"+bare, data) // another process with the same data folder
	if _, err := put(other, "status/2026/c.md", "", []byte("c")); err != nil {
		t.Fatal(err)
	}
	wait("another process's post")
	gitIn(t, work, "pull", "-q")
	gitIn(t, work, "reset", "-q", "--hard", "HEAD~2")
	gitIn(t, work, "push", "-q", "-f", "origin", "HEAD")
	eventually(t, "following a rewritten history", func() bool {
		_, err := fs.Stat(s.FS(), "status/2026/c.md")
		return errors.Is(err, fs.ErrNotExist)
	})
}

func TestGitDamagedCloneIsMadeAnew(t *testing.T) {
	bare, _ := repository(t)
	data := t.TempDir()
	openGit(t, "git+file://"+bare, data)
	packs, _ := filepath.Glob(filepath.Join(data, "git/*/repo/objects/pack/*.pack"))
	if len(packs) == 0 {
		t.Fatal("no pack to damage")
	}
	for _, p := range packs {
		if err := os.Remove(p); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := openGit(t, "git+file://"+bare, data)
	if got := text(t, s, "site.yaml"); got != "name: Test\n" {
		t.Errorf("read %q", got)
	}
}
