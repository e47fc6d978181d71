//go:build unix

package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/internal/content/source"
	"signpost/internal/site"
)

// swapped is a server whose content folder is replaced while it runs.
type swapped struct {
	*staffed
	top string // folder that holds the place
	n   int    // names of copies
}

func swappedDesk(t *testing.T, files map[string]string) *swapped {
	t.Helper()
	top := t.TempDir()
	dir := filepath.Join(top, "site")
	for name, text := range files {
		writeFile(t, dir, name, text)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	s := &swapped{staffed: staff(t, src, dir), top: top}
	s.follow()
	return s
}

// follow keeps the snapshot current as a server does.
func (s *swapped) follow() {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { s.live.Run(ctx) })
	s.t.Cleanup(func() { cancel(); wg.Wait() })
}

func (s *swapped) must(errs ...error) {
	s.t.Helper()
	if err := errors.Join(errs...); err != nil {
		s.t.Fatal(err)
	}
}

// copy makes a copy of the place as it is and returns its path.
func (s *swapped) copy() string {
	s.t.Helper()
	s.n++
	dir := filepath.Join(s.top, "copy"+strconv.Itoa(s.n))
	real, err := filepath.EvalSymlinks(s.dir)
	s.must(err, copyTree(dir, real))
	return dir
}

// copyTree copies a folder as "cp -r" does: over what is there, and without the
// temporary files that a writer at work takes away meanwhile.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o777)
		}
		data, err := os.ReadFile(p)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return errors.Join(err, os.WriteFile(target, data, 0o666))
	})
}

// put gives the name to a copy, in one of the ways that people and tools have.
func (s *swapped) put(way int, dir string) {
	s.t.Helper()
	info, err := os.Lstat(s.dir)
	s.must(err)
	isLink := info.Mode()&os.ModeSymlink != 0
	switch way {
	case 0: // rename
		s.n++
		s.must(os.Rename(s.dir, filepath.Join(s.top, "old"+strconv.Itoa(s.n))), os.Rename(dir, s.dir))
	case 1: // a link that flips
		if !isLink {
			s.n++
			s.must(os.Rename(s.dir, filepath.Join(s.top, "old"+strconv.Itoa(s.n))), os.Symlink(filepath.Base(dir), s.dir))
			return
		}
		s.must(os.Symlink(filepath.Base(dir), s.dir+".new"), os.Rename(s.dir+".new", s.dir))
	case 2: // delete and copy back
		if isLink {
			s.must(os.Remove(s.dir))
		} else {
			for os.RemoveAll(s.dir) != nil { // a post was written into it meanwhile
			}
		}
		s.must(copyTree(s.dir, dir))
	}
}

// post publishes an incident and returns its id, "" when it was not acknowledged.
func (s *swapped) post(n int) (id string, answer reply) {
	body := fmt.Sprintf(`{"kind": "incident", "title": "Incident number %d", "affects": ["imap"], "text": "Text %d."}`, n, n)
	answer, err := s.try("POST", "/api/v1/status/posts", body)
	if err != nil {
		s.t.Error(err)
		return "", answer
	}
	var v struct{ ID string }
	json.Unmarshal([]byte(answer.body), &v)
	if answer.status != http.StatusCreated {
		v.ID = ""
	}
	return v.ID, answer
}

// try is call for other goroutines than the test's.
func (s *swapped) try(method, path, body string) (reply, error) {
	req, err := http.NewRequest(method, s.http.URL+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Host = "help.example.com"
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return reply{resp.StatusCode, resp.Header, string(text)}, err
}

var placeFiles = map[string]string{
	"site.yaml": "name: Example Mail\nurl: https://help.example.com\nlanguages: [en]\ntime_zone: UTC\ndefault_provider: example\n" +
		"components:\n  - {id: imap, name: {en: IMAP}, services: [imap]}\ncategories:\n  - {id: mail, name: {en: Mail}}\n",
	"providers/example.yaml":  "id: example\nname: Example Mail\ndomains: [example.com]\nservices:\n  - {use: imap, host: imap.example.com, port: 993, security: tls}\n",
	"help/mail/hello/en.md":   "---\nid: 1\ntitle: Hello\n---\n\nGeneration 0.\n",
	"help/mail/other/en.md":   "---\nid: 2\ntitle: Other\n---\n\nAnother text.\n",
	"help/mail/third/en.md":   "---\nid: 3\ntitle: Third\n---\n\nA third text.\n",
	"status/2020/2020-a.md":   "---\nkind: notice\ntitle: Old notice\nlang: en\n---\n\n## 2020-01-01 10:00 published\n\nOld.\n",
	"help/mail/hello/a.txt":   "attached\n",
	"help/mail/fourth/en.md":  "---\nid: 4\ntitle: Fourth\n---\n\nA fourth text.\n",
	"help/mail/fifth/en.md":   "---\nid: 5\ntitle: Fifth\n---\n\nA fifth text.\n",
	"help/mail/another/en.md": "---\nid: 6\ntitle: Sixth\n---\n\nA sixth text.\n",
}

// Random swaps of the content folder, older copies among them, while readers read
// and agents post: no page is empty, the new text is there, and every post that was
// acknowledged is in the content or kept. SIGNPOST_SWAPS makes it more than a few.
func TestSwapsLoseNothing(t *testing.T) {
	t.Parallel()
	swaps := 12
	if v := os.Getenv("SIGNPOST_SWAPS"); v != "" {
		var err error
		if swaps, err = strconv.Atoi(v); err != nil {
			t.Fatalf("SIGNPOST_SWAPS: %v", err)
		}
	}
	s := swappedDesk(t, placeFiles)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	stop := make(chan struct{})
	var readers sync.WaitGroup
	read := func(path string, whole func(reply) bool) {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond): // 50 requests a second
				}
				if got, err := s.try("GET", path, ""); err != nil || got.status != http.StatusOK || !whole(got) {
					t.Errorf("%s: %d, %v\n%.300s", path, got.status, err, got.body)
					return
				}
			}
		})
	}
	read("/help/hello.txt", func(r reply) bool { return strings.Contains(r.body, "Generation ") })
	read("/help/other", func(r reply) bool { return strings.Contains(r.body, "Another text.") })
	acknowledged := map[string]string{} // id to text
	older := []string{s.copy()}
	for n := range swaps {
		posted := make(chan string, 1)
		text := fmt.Sprintf("Text %d.", n)
		go func() {
			id, answer := s.post(n)
			if id == "" && answer.status != http.StatusServiceUnavailable {
				t.Errorf("a post: %d %s", answer.status, answer.body)
			}
			posted <- id
		}()
		next := s.copy()
		if random.IntN(3) == 0 { // an older copy, which some posts are not in
			next = older[random.IntN(len(older))]
			fresh := filepath.Join(s.top, "again"+strconv.Itoa(n))
			s.must(copyTree(fresh, next))
			next = fresh
		}
		writeFile(t, next, "help/mail/hello/en.md", fmt.Sprintf("---\nid: 1\ntitle: Hello\n---\n\nGeneration %d.\n", n+1))
		older = append(older, next)
		if random.IntN(2) == 0 { // an answer before the swap, or during it
			if id := <-posted; id != "" {
				acknowledged[id] = text
			}
			posted <- ""
		}
		s.put(random.IntN(3), next)
		older = slices.DeleteFunc(older, func(dir string) bool { _, err := os.Stat(dir); return err != nil })
		if id := <-posted; id != "" {
			acknowledged[id] = text
		}
		within(t, fmt.Sprintf("the text of swap %d", n), func() bool {
			got, err := s.try("GET", "/help/hello.txt", "")
			return err == nil && strings.Contains(got.body, fmt.Sprintf("Generation %d.", n+1))
		})
	}
	close(stop)
	readers.Wait()
	if len(acknowledged) == 0 {
		t.Fatal("no post was acknowledged")
	}
	for id, text := range acknowledged {
		within(t, "the acknowledged post "+id+" being in the content, or kept and named", func() bool { return s.has(id, text) })
	}
	t.Logf("%d posts were acknowledged", len(acknowledged))
}

// has reports whether a post's text is shown, or is kept and named as a problem.
func (s *swapped) has(id, text string) bool {
	if got, err := s.try("GET", "/api/v1/status/posts/"+id, ""); err == nil && got.status == http.StatusOK && strings.Contains(got.body, text) {
		return true
	}
	for _, p := range s.live.Snapshot().Place {
		_, file, ok := strings.Cut(p.Message, "it is kept in ")
		if data, err := os.ReadFile(file); ok && err == nil && strings.Contains(string(data), text) {
			return strings.Contains(s.admin("/problems").body, filepath.Base(file))
		}
	}
	return false
}

// What an agent and an operator are told when the place is gone, and when a tool
// rewrites it.
func TestPostingWithoutAPlace(t *testing.T) {
	t.Parallel()
	s := swappedDesk(t, placeFiles)
	away := filepath.Join(s.top, "away")
	s.must(os.Rename(s.dir, away))
	_, answer := s.post(1)
	if answer.status != http.StatusServiceUnavailable || answer.header.Get("Retry-After") == "" || !strings.Contains(answer.body, `"cause":"gone"`) || !strings.Contains(answer.body, `"hint":"`) {
		t.Errorf("gone: %d %s", answer.status, answer.body)
	}
	within(t, "the operators being told", func() bool { return strings.Contains(s.admin("/problems").body, "the site stays as it was") })
	if got := s.get("/help/hello", "Host", "help.example.com"); got.status != http.StatusOK || !strings.Contains(got.body, "Generation 0.") {
		t.Errorf("a page while the folder is gone: %d", got.status)
	}
	s.must(os.Mkdir(s.dir, 0o777))
	if _, answer = s.post(2); answer.status != http.StatusServiceUnavailable || !strings.Contains(answer.body, "it is empty") {
		t.Errorf("empty: %d %s", answer.status, answer.body)
	}
	s.must(os.Remove(s.dir), os.Mkdir(s.dir, 0o777), os.Rename(away, filepath.Join(s.dir, "..v1")), os.Symlink("..v1", filepath.Join(s.dir, "..data")))
	for _, name := range []string{"site.yaml", "providers", "help", "status"} {
		s.must(os.Symlink("..data/"+name, filepath.Join(s.dir, name)))
	}
	within(t, "the site being back", func() bool { return !strings.Contains(s.admin("/problems").body, "the site stays as it was") })
	if _, answer = s.post(3); answer.status != http.StatusConflict || !strings.Contains(answer.body, `"cause":"read-only"`) || !strings.Contains(answer.body, "Kubernetes") {
		t.Errorf("a ConfigMap: %d %s", answer.status, answer.body)
	}
	// The tool puts another version in place.
	s.must(os.CopyFS(filepath.Join(s.dir, "..v2"), os.DirFS(filepath.Join(s.dir, "..v1"))))
	writeFile(t, s.dir, "..v2/help/mail/hello/en.md", "---\nid: 1\ntitle: Hello\n---\n\nGeneration 2.\n")
	s.must(os.Symlink("..v2", filepath.Join(s.dir, "..data_tmp")), os.Rename(filepath.Join(s.dir, "..data_tmp"), filepath.Join(s.dir, "..data")))
	within(t, "the new version of the ConfigMap", func() bool {
		return strings.Contains(s.get("/help/hello.txt", "Host", "help.example.com").body, "Generation 2.")
	})
}

// A change that leaves size and time as they were is seen when the server is told
// to read everything again.
func TestReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range placeFiles {
		writeFile(t, dir, name, text)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	file := filepath.Join(dir, "help/mail/hello/en.md")
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, long, long); err != nil {
		t.Fatal(err)
	}
	reload := make(chan struct{})
	d := &desk{t: t, dir: dir, log: &logBuffer{}}
	d.live, err = site.Open(site.Config{Source: src, Now: time.Now, Log: slog.New(slog.DiscardHandler), Reload: reload})
	if err != nil {
		t.Fatal(err)
	}
	defer d.live.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { d.live.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt([]byte("Generation 9."), int64(strings.Index(placeFiles["help/mail/hello/en.md"], "Generation 0.")))
	if err := errors.Join(err, f.Close(), os.Chtimes(file, long, long)); err != nil {
		t.Fatal(err)
	}
	before := d.live.Snapshot().Library.Revision
	reload <- struct{}{}
	within(t, "the change", func() bool { return d.live.Snapshot().Library.Revision != before })
}
