package source_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/content/source"
)

func TestGitWritesOneCommit(t *testing.T) {
	bare, _ := repository(t)
	s, _ := openGit(t, "git+file://"+bare, t.TempDir())
	_, hash, _ := s.Read("status/2026/a.md", 100)
	err := s.Write([]source.Change{
		{Path: "status/2026/b.md", Data: []byte("b")}, {Path: "status/2026/b.de.md", Data: []byte("b de")}, {Path: "status/2026/a.md", Expected: hash},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := gitIn(t, bare, "show", "--format=%s", "--name-status", "HEAD"), "status: new b\n\nD\tstatus/2026/a.md\nA\tstatus/2026/b.de.md\nA\tstatus/2026/b.md\n"; got != want {
		t.Errorf("the commit:\n%s\nwant\n%s", got, want)
	}
	err = s.Write([]source.Change{{Path: "status/2026/c.md", Data: []byte("c")}, {Path: "status/2026/b.md", Data: []byte("other")}})
	if !errors.Is(err, source.ErrConflict) || !strings.HasPrefix(text(t, s, "status/2026/c.md"), "error: ") {
		t.Errorf("one of two does not fit: %v", err)
	}
	gitIn(t, bare, "fsck", "--strict")
}

// hold makes the repository's hook wait until the returned function is called.
func hold(t *testing.T, bare string) (release func()) {
	t.Helper()
	gate := filepath.Join(t.TempDir(), "gate")
	write(t, gate, "")
	write(t, filepath.Join(bare, "hooks/pre-receive"), "#!/bin/sh\ncat >/dev/null\nwhile [ -e "+gate+" ]; do sleep 0.05; done\n")
	if err := os.Chmod(filepath.Join(bare, "hooks/pre-receive"), 0o755); err != nil {
		t.Fatal(err)
	}
	free := func() { os.Remove(gate) }
	t.Cleanup(free)
	return free
}

// A server's answer needs the local disk only, also while a push is under way
// that the repository does not answer.
func TestGitServerDoesNotWaitForThePush(t *testing.T) {
	bare, _ := repository(t)
	release := hold(t, bare)
	data := t.TempDir()
	cfg, _ := gitConfig(data)
	cfg.Wait = 0
	s, err := source.Git(t.Context(), "git+file://"+bare, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	go s.Watch(t.Context(), func() {})
	for _, name := range []string{"status/2026/b.md", "status/2026/c.md", "status/2026/d.md"} {
		if _, err := put(s, name, "", []byte("post")); err != nil {
			t.Fatal(err)
		}
		if got := text(t, s, name); got != "post" || !s.Pending(name) {
			t.Errorf("%s is not shown, or does not wait: %q", name, got)
		}
	}
	if got := gitIn(t, bare, "ls-tree", "-r", "--name-only", "HEAD"); strings.Contains(got, "b.md") {
		t.Errorf("pushed through a closed gate:\n%s", got)
	}
	if len(pendingFiles(t, data)) != 3 {
		t.Errorf("on the disk: %v", pendingFiles(t, data))
	}
	release()
	eventually(t, "pushing", func() bool { return len(pendingFiles(t, data)) == 0 })
	if got := gitIn(t, bare, "ls-tree", "-r", "--name-only", "HEAD"); strings.Count(got, "status/2026/") != 4 || s.Pending("status/2026/d.md") {
		t.Errorf("pushed:\n%s", got)
	}
}

func TestGitTellsWhatWaitsAndWhatWasSetAside(t *testing.T) {
	bare, work := repository(t)
	s, _ := openGit(t, "git+file://"+bare, t.TempDir())
	_, hash, _ := s.Read("status/2026/a.md", 100)
	if err := os.Rename(bare, bare+".gone"); err != nil {
		t.Fatal(err)
	}
	if _, err := put(s, "status/2026/a.md", hash, []byte("ours\n")); err != nil {
		t.Fatal(err)
	}
	problems, _ := s.Problems(s.FS(), true, 0)
	if len(problems) != 1 || problems[0].Path != "status/2026/a.md" || !strings.Contains(problems[0].Message, "waits to be pushed") {
		t.Errorf("while the repository is gone: %v", problems)
	}
	if err := os.Rename(bare+".gone", bare); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(work, "status/2026/a.md"), "theirs\n")
	commit(t, work, "theirs")
	go s.Watch(t.Context(), func() {})
	eventually(t, "telling the conflict", func() bool {
		problems, _ = s.Problems(s.FS(), true, 0)
		return len(problems) == 1 && strings.Contains(problems[0].Message, "conflicts")
	})
}

// A file of pending/ that an earlier version wrote.
func TestGitReadsPendingChangesOfBefore(t *testing.T) {
	bare, _ := repository(t)
	data := t.TempDir()
	s, _ := openGit(t, "git+file://"+bare, data)
	dir, err := source.GitDir(data, "git+file://"+bare)
	if err != nil {
		t.Fatal(err)
	}
	entry, _ := json.Marshal(map[string]any{"path": "status/2026/z.md", "expected": "", "base": nil, "data": []byte("kept"), "time": time.Now()})
	write(t, filepath.Join(dir, "pending", "00000000000000000001-00000000.json"), string(entry))
	go s.Watch(t.Context(), func() {})
	eventually(t, "pushing", func() bool { return len(pendingFiles(t, data)) == 0 })
	if got := gitIn(t, bare, "show", "HEAD:status/2026/z.md"); got != "kept" {
		t.Errorf("pushed: %q", got)
	}
}

func TestGitRewrittenHistoryLosesNoPost(t *testing.T) {
	bare, work := repository(t)
	data, lost := t.TempDir(), t.TempDir()
	s, _ := openGit(t, "git+file://"+bare, data)
	if err := s.Remember(filepath.Join(data, "acknowledged"), lost, time.Now); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"status/2026/b.md", "status/2026/c.md"} {
		if _, err := put(s, name, "", []byte("post of "+name)); err != nil {
			t.Fatal(err)
		}
	}
	if problems, _ := s.Problems(s.FS(), true, 0); len(problems) != 0 {
		t.Fatalf("before: %v", problems)
	}
	go s.Watch(t.Context(), func() {})
	gitIn(t, work, "pull", "-q")
	gitIn(t, work, "rm", "-q", "status/2026/c.md")
	commit(t, work, "a post is removed on purpose")
	eventually(t, "the removal", func() bool { return strings.HasPrefix(text(t, s, "status/2026/c.md"), "error: ") })
	if problems, _ := s.Problems(s.FS(), true, 0); len(problems) != 0 {
		t.Errorf("a post that a person removed: %v", problems)
	}
	gitIn(t, work, "reset", "-q", "--hard", "HEAD~3")
	write(t, filepath.Join(work, "README.md"), "another history")
	gitIn(t, work, "add", "-A")
	gitIn(t, work, "commit", "-q", "-m", "rewritten")
	gitIn(t, work, "push", "-q", "-f", "origin", "HEAD")
	eventually(t, "the rewritten history", func() bool { return strings.HasPrefix(text(t, s, "status/2026/b.md"), "error: ") })
	problems, _ := s.Problems(s.FS(), true, 0)
	if len(problems) != 1 || problems[0].Path != "status/2026/b.md" {
		t.Errorf("after a force-push: %v", problems)
	}
	if kept, err := os.ReadFile(filepath.Join(lost, "status/2026/b.md")); string(kept) != "post of status/2026/b.md" {
		t.Errorf("kept: %q, %v", kept, err)
	}
}

func TestGitSubmodulesAndLinksToFolders(t *testing.T) {
	bare, work := repository(t)
	other := filepath.Join(t.TempDir(), "other")
	gitIn(t, work, "init", "-q", other)
	write(t, filepath.Join(other, "x.md"), "x")
	gitIn(t, other, "add", "-A")
	gitIn(t, other, "commit", "-q", "-m", "x")
	gitIn(t, work, "-c", "protocol.file.allow=always", "submodule", "add", "-q", other, "help/sub")
	write(t, filepath.Join(work, "texts/a/en.md"), "a")
	for link, target := range map[string]string{"help/mail": "../texts", "help/loop": "..", "help/deep": "mail/a"} {
		if err := os.Symlink(target, filepath.Join(work, link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	commit(t, work, "links")
	s, _ := openGit(t, "git+file://"+bare, t.TempDir())
	got := map[string]string{}
	err := fs.WalkDir(s.FS(), "help", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		got[p] = text(t, s, p)
		if !d.Type().IsRegular() {
			_, err := d.Info()
			got[p] = err.Error()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"help/mail/a/en.md": "a", "help/deep/en.md": "a", "help/sub": "Git submodule", "help/loop": "circle"} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if len(got) != 4 {
		t.Errorf("seen: %v", got)
	}
}
