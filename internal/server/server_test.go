package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/server"
	"signpost/internal/site"
)

// A help desk under test: the real server over a content folder.
type desk struct {
	t    *testing.T
	dir  string
	live *site.Live
	srv  *server.Server
	http *httptest.Server
	log  *logBuffer
}

type logBuffer struct {
	mu sync.Mutex
	b  strings.Builder
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

// sampleDesk serves the embedded sample site.
func sampleDesk(t *testing.T) *desk {
	t.Helper()
	return start(t, source.Embedded("sample", articles.FS), "")
}

// folderDesk serves a folder with these files, and keeps it current.
func folderDesk(t *testing.T, files map[string]string) *desk {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		writeFile(t, dir, name, text)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return start(t, src, dir)
}

func writeFile(t testing.TB, dir, name, text string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, src *source.Source, dir string) *desk {
	t.Helper()
	d := &desk{t: t, dir: dir, log: &logBuffer{}}
	log := slog.New(slog.NewTextHandler(d.log, nil))
	var err error
	d.live, err = site.Open(site.Config{Source: src, Data: t.TempDir(), Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { d.live.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		wg.Wait()
		d.live.Close()
	})
	d.srv, err = server.New(server.Config{Live: d.live, Log: log, Now: time.Now, URL: "https://help.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	d.http = httptest.NewServer(d.srv)
	t.Cleanup(d.http.Close)
	return d
}

// A reply is a response that was read to its end.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request; header holds pairs. Redirects are not followed.
func (d *desk) do(method, path, body string, header ...string) reply {
	d.t.Helper()
	req, err := http.NewRequestWithContext(d.t.Context(), method, d.http.URL+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: 2 * time.Minute}
	resp, err := client.Do(req)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(text)}
}

func (d *desk) get(path string, header ...string) reply {
	d.t.Helper()
	return d.do(http.MethodGet, path, "", header...)
}

// within waits until ok is true, and gives up after two minutes.
func within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: never", what)
}

// admin asks the operators' listener.
func (d *desk) admin(path string) reply {
	d.t.Helper()
	w := httptest.NewRecorder()
	d.srv.Admin("").ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	return reply{w.Code, w.Header(), w.Body.String()}
}

func (d *desk) remove(name string) {
	d.t.Helper()
	if err := os.RemoveAll(filepath.Join(d.dir, filepath.FromSlash(name))); err != nil {
		d.t.Fatal(err)
	}
}
