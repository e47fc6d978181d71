package postings

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// numbered returns n documents whose texts hold their number.
func numbered(n int) (keys []string, fields func(int) Fields) {
	for i := range n {
		keys = append(keys, fmt.Sprint("doc", i))
	}
	return keys, func(i int) Fields {
		f := Fields{Exact: map[string][]string{"lang": {"en"}}}
		f.Text[Title] = fmt.Sprintf("Title number%d", i)
		f.Text[Body] = fmt.Sprintf("the body of %s says common words and number%d twice number%d", keys[i], i, i)
		return f
	}
}

func openStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func update(t testing.TB, s *Store, n int) *Postings {
	t.Helper()
	keys, fields := numbered(n)
	p, err := s.Update(keys, fields, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func closeStore(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// A place is a position in the list of documents with a frequency.
type place struct{ doc, tf uint32 }

// flat orders postings for comparison, whatever the segments are.
func flat(p *Postings) map[string]map[place]int {
	out := map[string]map[place]int{}
	for i, w := range p.Words {
		of := map[place]int{}
		for _, r := range p.Runs[i] {
			for _, rec := range r.Records {
				if doc := r.Docs[rec.Doc()]; doc != p.Gone {
					of[place{doc, rec.TF()}] += 1 << r.Field
				}
			}
		}
		if len(of) > 0 {
			out[w] = of
		}
	}
	return out
}

func TestReadsWhatWasWritten(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		s := openStore(t, dir)
		p := flat(update(t, s, 3))
		if d := cmp.Diff(map[place]int{{1, 1}: 1 << Title, {1, 2}: 1 << Body}, p["number1"]); d != "" {
			t.Error(d)
		}
		if len(p["common"]) != 3 {
			t.Errorf("common: %v", p["common"])
		}
		p = flat(update(t, s, 1))
		if p["number1"] != nil || len(p["common"]) != 1 {
			t.Errorf("a removed document is still read: %v", p)
		}
		closeStore(t, s)
		if _, _, err := s.Query(t.Context(), "common", Lookup{Inflect: func(string) []string { return nil }}); err == nil {
			t.Error("a query after Close gives no error")
		}
	}
}

func TestOnlyChangesAreIndexed(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	update(t, s, 50)
	closeStore(t, s)
	s = openStore(t, dir)
	defer s.Close()
	keys, fields := numbered(50)
	keys[7] = "doc7 changed"
	var asked []int
	var done, total int
	_, err := s.Update(keys, func(i int) Fields { asked = append(asked, i); return fields(i) }, func(d, n int) { done, total = d, n })
	if err != nil || !cmp.Equal(asked, []int{7}) || done != 1 || total != 1 || s.Rebuilt() != "" {
		t.Errorf("analysed %v, progress %d of %d, rebuilt %q, %v", asked, done, total, s.Rebuilt(), err)
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	update(t, s, 3)
	if _, err := Open(dir); !errors.Is(err, ErrLocked) {
		t.Errorf("second Open: %v", err)
	}
	if p := flat(update(t, s, 4)); len(p["common"]) != 4 {
		t.Error("the first store was disturbed")
	}
	closeStore(t, s)
	closeStore(t, openStore(t, dir))
}

func TestCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file); err == nil {
		t.Error("a file is taken for a folder")
	}
}

// Every file of a saved index is damaged in turn, in several ways, after a
// clean end and after a crash (no checksums). The index must come back whole.
func TestDamage(t *testing.T) {
	const n = 30
	saved := t.TempDir()
	s := openStore(t, saved)
	want := flat(update(t, s, n))
	closeStore(t, s)
	var files []string
	filepath.WalkDir(saved, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "lock" {
			rel, _ := filepath.Rel(saved, path)
			files = append(files, rel)
		}
		return err
	})
	if len(files) < 3 {
		t.Fatalf("only %v", files)
	}
	r := rand.New(rand.NewPCG(5, 6))
	ways := map[string]func([]byte) []byte{
		"empty":   func([]byte) []byte { return nil },
		"halved":  func(b []byte) []byte { return b[:len(b)/2] },
		"garbage": func(b []byte) []byte { return noise(r, len(b)) },
		"flipped": func(b []byte) []byte { b[r.IntN(len(b))] ^= 0x55; return b },
		"missing": nil,
	}
	for _, name := range files {
		for way, damage := range ways {
			for _, crashed := range []bool{false, true} {
				if crashed && way == "flipped" && !strings.HasSuffix(name, ".zap") {
					continue // without checksums only segments are known to be whole
				}
				t.Run(fmt.Sprintf("%s/%s/%v", filepath.Base(name), way, crashed), func(t *testing.T) {
					dir := t.TempDir()
					if err := os.CopyFS(dir, os.DirFS(saved)); err != nil {
						t.Fatal(err)
					}
					path := filepath.Join(dir, name)
					if crashed {
						os.Remove(filepath.Join(dir, filepath.Dir(files[0]), sumsName))
						os.Remove(filepath.Join(filepath.Dir(path), sumsName))
						os.Remove(filepath.Join(filepath.Dir(filepath.Dir(path)), sumsName))
					}
					b, err := os.ReadFile(path)
					if crashed && errors.Is(err, fs.ErrNotExist) {
						t.Skip("this is the file of checksums")
					}
					if err != nil {
						t.Fatal(err)
					}
					if damage == nil {
						err = os.Remove(path)
					} else {
						err = os.WriteFile(path, damage(b), 0o600)
					}
					if err != nil {
						t.Fatal(err)
					}
					s := openStore(t, dir)
					defer closeStore(t, s)
					if d := cmp.Diff(want, flat(update(t, s, n))); d != "" {
						t.Error(d)
					}
				})
			}
		}
	}
}

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestOtherVersion(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, "v0")
	if err := os.MkdirAll(old, 0o700); err != nil {
		t.Fatal(err)
	}
	s := openStore(t, dir)
	defer closeStore(t, s)
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) || s.Rebuilt() == "" {
		t.Errorf("the folder of another version stays: %v, %q", err, s.Rebuilt())
	}
	if p := flat(update(t, s, 2)); len(p["common"]) != 2 {
		t.Errorf("%v", p)
	}
}

// A process that ended before it had read an index whole leaves it distrusted,
// so that a damage that kills the program kills it once.
func TestUnproven(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	update(t, s, 5)
	closeStore(t, s)
	s = openStore(t, dir) // and dies before Update
	s.lock.Release()
	again := openStore(t, dir)
	defer closeStore(t, again)
	if again.Rebuilt() == "" {
		t.Error("the index is trusted")
	}
	s.idx.Close()
}

// TestKill kills a process that publishes without end, and opens what it left.
func TestKill(t *testing.T) {
	if dir := os.Getenv("SEARCH_KILL_DIR"); dir != "" {
		s := openStore(t, dir)
		for i := 1; ; i++ {
			keys, fields := numbered(i % 40)
			for k := range keys {
				keys[k] += fmt.Sprint(" revision ", i/(k+1))
			}
			if _, err := s.Update(keys, fields, nil); err != nil {
				t.Fatal(err)
			}
			fmt.Println("published", i)
		}
	}
	if testing.Short() {
		t.Skip("kills processes for some seconds")
	}
	dir := t.TempDir()
	for round := range 5 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "SEARCH_KILL_DIR="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines, published := bufio.NewScanner(out), 0
		for lines.Scan() && published < 3+7*round {
			if strings.HasPrefix(lines.Text(), "published") {
				published++
			}
		}
		time.Sleep(time.Duration(round) * 3 * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		if published == 0 {
			t.Fatal("the process published nothing")
		}
		at := time.Now()
		s := openStore(t, dir)
		p := flat(update(t, s, 25))
		t.Logf("killed after %d: %v, rebuilt: %q", published, time.Since(at).Round(time.Millisecond), s.Rebuilt())
		if len(p["common"]) != 25 || len(p["number24"]) != 2 {
			t.Errorf("round %d: %d documents", round, len(p["common"]))
		}
		if round%2 == 0 {
			closeStore(t, s)
		} else {
			s.closeIndex()
			s.lock.Release()
		}
	}
}

// What was read of a segment is used again, without the documents that are gone.
func TestReadsAgain(t *testing.T) {
	s := openStore(t, t.TempDir())
	defer closeStore(t, s)
	update(t, s, 50)
	before := len(s.known)
	p := flat(update(t, s, 49))
	if _, ok := p["number49"]; ok || len(p["common"]) != 49 {
		t.Errorf("a deleted document is read: %v", p["number49"])
	}
	if len(s.known) != before {
		t.Errorf("%d segments are kept, want %d", len(s.known), before)
	}
	fresh := openStore(t, "")
	defer closeStore(t, fresh)
	if d := cmp.Diff(flat(update(t, fresh, 49)), p); d != "" {
		t.Error(d)
	}
}

func TestRecord(t *testing.T) {
	for _, c := range []struct{ doc, tf, want uint64 }{{0, 1, 1}, {MaxDocuments - 1, 255, 255}, {7, 1000, 255}} {
		if r := newRecord(c.doc, c.tf); uint64(r.Doc()) != c.doc || uint64(r.TF()) != c.want {
			t.Errorf("%d, %d: %d, %d", c.doc, c.tf, r.Doc(), r.TF())
		}
	}
}
