package source_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/source"
)

// commitAt commits everything at noon of a day.
func commitAt(t *testing.T, work, day string, args ...string) {
	t.Helper()
	t.Setenv("GIT_AUTHOR_DATE", day+"T12:00:00Z")
	t.Setenv("GIT_COMMITTER_DATE", day+"T12:00:00Z")
	gitIn(t, work, "add", "-A")
	gitIn(t, work, append([]string{"commit", "-q", "-m", day}, args...)...)
}

func noon(day string) time.Time {
	if day == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return at.Add(12 * time.Hour)
}

func between(published, updated string) source.Dates {
	return source.Dates{Published: noon(published), Updated: noon(updated)}
}

func datesOf(t *testing.T, s *source.Source) map[string]source.Dates {
	t.Helper()
	d, err := s.Dates(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func openFolder(t *testing.T, dir string) *source.Source {
	t.Helper()
	s, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// history makes a repository whose content is in the folder desk, with a merge.
func history(t *testing.T) (work string) {
	t.Helper()
	needGit(t)
	work = t.TempDir()
	gitIn(t, work, "init", "-q")
	write(t, filepath.Join(work, "desk/help/mail/a/en.md"), "one")
	write(t, filepath.Join(work, "desk/help/mail/b/en.md"), "one")
	write(t, filepath.Join(work, "README.md"), "one")
	commitAt(t, work, "2014-01-01")
	write(t, filepath.Join(work, "desk/help/mail/a/en.md"), "two")
	write(t, filepath.Join(work, "desk/help/mail/a/de.md"), "eins")
	commitAt(t, work, "2014-02-01")
	gitIn(t, work, "checkout", "-q", "-b", "side")
	write(t, filepath.Join(work, "desk/help/mail/c/en.md"), "side")
	commitAt(t, work, "2014-03-01")
	gitIn(t, work, "checkout", "-q", "main")
	write(t, filepath.Join(work, "README.md"), "two")
	commitAt(t, work, "2014-04-01")
	t.Setenv("GIT_COMMITTER_DATE", "2014-05-01T12:00:00Z")
	gitIn(t, work, "merge", "-q", "--no-ff", "-m", "merge", "side")
	return work
}

func TestDatesOfAFolder(t *testing.T) {
	work := history(t)
	s := openFolder(t, filepath.Join(work, "desk"))
	want := map[string]source.Dates{
		"help/mail/a/en.md": between("2014-01-01", "2014-02-01"),
		"help/mail/a/de.md": between("2014-02-01", "2014-02-01"),
		"help/mail/b/en.md": between("2014-01-01", "2014-01-01"),
		"help/mail/c/en.md": between("2014-03-01", "2014-03-01"), // not when it was merged
	}
	if diff := cmp.Diff(want, datesOf(t, s)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What is not committed has no date yet, or keeps its own.
	write(t, filepath.Join(work, "desk/help/mail/b/en.md"), "two")
	write(t, filepath.Join(work, "desk/help/mail/d/en.md"), "new")
	if diff := cmp.Diff(want, datesOf(t, s)); diff != "" {
		t.Errorf("uncommitted (-want +got)\n%s", diff)
	}
	commitAt(t, work, "2014-06-01")
	want["help/mail/b/en.md"] = between("2014-01-01", "2014-06-01")
	want["help/mail/d/en.md"] = between("2014-06-01", "2014-06-01")
	if diff := cmp.Diff(want, datesOf(t, s)); diff != "" {
		t.Errorf("after another commit (-want +got)\n%s", diff)
	}
	linked := filepath.Join(t.TempDir(), "linked")
	gitIn(t, work, "worktree", "add", "-q", linked, "HEAD~1")
	delete(want, "help/mail/d/en.md")
	want["help/mail/b/en.md"] = between("2014-01-01", "2014-01-01")
	if diff := cmp.Diff(want, datesOf(t, openFolder(t, filepath.Join(linked, "desk")))); diff != "" {
		t.Errorf("in a linked working tree (-want +got)\n%s", diff)
	}
}

func TestDatesOfAShallowClone(t *testing.T) {
	work := history(t)
	write(t, filepath.Join(work, "desk/help/mail/a/en.md"), "three")
	write(t, filepath.Join(work, "desk/help/mail/d/en.md"), "new")
	commitAt(t, work, "2014-06-01")
	shallow := filepath.Join(t.TempDir(), "shallow")
	gitIn(t, work, "clone", "-q", "--depth", "2", "file://"+work, shallow)
	want := map[string]source.Dates{
		"help/mail/a/en.md": between("", "2014-06-01"),
		"help/mail/d/en.md": between("2014-06-01", "2014-06-01"),
	}
	if diff := cmp.Diff(want, datesOf(t, openFolder(t, filepath.Join(shallow, "desk")))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDatesOfARepository(t *testing.T) {
	bare, work := repository(t)
	write(t, filepath.Join(work, "help/mail/a/en.md"), "one")
	commitAt(t, work, "2014-01-01")
	gitIn(t, work, "push", "-q", "origin", "HEAD")
	s, _ := openGit(t, "git+file://"+bare, t.TempDir())
	if got, want := datesOf(t, s)["help/mail/a/en.md"], between("2014-01-01", "2014-01-01"); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestDatesWithoutHistory(t *testing.T) {
	s, _ := folder(t)
	if d := datesOf(t, s); d != nil {
		t.Errorf("outside of Git: %v", d)
	}
	needGit(t)
	dir := t.TempDir()
	gitIn(t, dir, "init", "-q")
	write(t, filepath.Join(dir, "site.yaml"), "name: x\n")
	if d := datesOf(t, openFolder(t, dir)); d != nil {
		t.Errorf("before the first commit: %v", d)
	}
}

// The dates are those that git log tells, in a repository of some size.
func TestDatesAgreeWithGit(t *testing.T) {
	needGit(t)
	root, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		t.Skip("these sources are in no Git repository")
	}
	dir := filepath.Join(string(root[:len(root)-1]), "articles")
	dates := datesOf(t, openFolder(t, dir))
	if dates == nil {
		t.Skip("nothing is committed")
	}
	shallow := gitIn(t, dir, "rev-parse", "--is-shallow-repository") != "false\n"
	files, err := filepath.Glob(filepath.Join(dir, "help/*/*/en.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles: %v", err)
	}
	for _, f := range files[:min(len(files), 10)] {
		if gitIn(t, dir, "status", "--porcelain", f) != "" || shallow {
			continue
		}
		name, _ := filepath.Rel(dir, f)
		out := gitIn(t, dir, "log", "-1", "--format=%cI", "--", f)
		want, err := time.Parse(time.RFC3339, out[:max(len(out)-1, 0)])
		if err != nil {
			t.Fatalf("%s: git says %q", name, out)
		}
		if got := dates[filepath.ToSlash(name)].Updated; !got.Equal(want) {
			t.Errorf("%s was updated %v, git says %v", name, got, want)
		}
	}
}

func BenchmarkDates(b *testing.B) {
	dir := os.Getenv("SIGNPOST_BENCH_REPOSITORY")
	if dir == "" {
		b.Skip("SIGNPOST_BENCH_REPOSITORY names no folder with articles in a Git working tree")
	}
	for b.Loop() {
		s, err := source.Folder(dir)
		if err != nil {
			b.Fatal(err)
		}
		d, err := s.Dates(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(d)), "files")
		s.Close()
	}
}

// Status posts have dates as articles do; other files have none.
func TestDatesOfPosts(t *testing.T) {
	needGit(t)
	work := t.TempDir()
	gitIn(t, work, "init", "-q")
	write(t, filepath.Join(work, "site.yaml"), "name: Test\n")
	write(t, filepath.Join(work, "help/mail/one/en.md"), "one")
	write(t, filepath.Join(work, "status/2026/a.md"), "one")
	commitAt(t, work, "2026-01-01")
	write(t, filepath.Join(work, "status/2026/a.md"), "two")
	write(t, filepath.Join(work, "status/b.md"), "one")
	commitAt(t, work, "2026-02-01")
	want := map[string]source.Dates{
		"help/mail/one/en.md": between("2026-01-01", "2026-01-01"), "status/2026/a.md": between("2026-01-01", "2026-02-01"), "status/b.md": between("2026-02-01", "2026-02-01"),
	}
	if diff := cmp.Diff(want, datesOf(t, openFolder(t, work)), cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Error(diff)
	}
}
