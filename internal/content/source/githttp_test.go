package source_test

import (
	"context"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"signpost/internal/content/source"
)

// A real HTTP server that wants a token: Git's own program behind it.
func TestGitOverHTTPWithAToken(t *testing.T) {
	bare, _ := repository(t)
	out, err := exec.Command("git", "--exec-path").Output()
	backend := filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
	if _, statErr := os.Stat(backend); err != nil || statErr != nil {
		t.Skip("git has no HTTP server here")
	}
	gitIn(t, bare, "config", "http.receivepack", "true")
	handler := &cgi.Handler{Path: backend, Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(bare), "GIT_HTTP_EXPORT_ALL=1"}}
	var loseAnswer atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, token, _ := r.BasicAuth(); user != "reader" || token != "sesame" {
			w.Header().Set("WWW-Authenticate", "Basic")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "receive-pack") && loseAnswer.Swap(false) {
			handler.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	address := "git+" + strings.Replace(server.URL, "://", "://reader@", 1) + "/site.git"
	cfg, _ := gitConfig(t.TempDir())
	if _, err := source.Git(t.Context(), address, cfg); err == nil || !strings.Contains(err.Error(), "refuses these credentials") {
		t.Errorf("without the token: %v", err)
	}
	cfg.TokenFile = filepath.Join(t.TempDir(), "token")
	write(t, cfg.TokenFile, "sesame\n")
	s, err := source.Git(t.Context(), address, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := put(s, "status/2026/b.md", "", []byte("b\n")); err != nil {
		t.Fatal(err)
	}
	if got := gitIn(t, bare, "show", "HEAD:status/2026/b.md"); got != "b\n" {
		t.Errorf("pushed: %q", got)
	}
	loseAnswer.Store(true)
	if _, err := put(s, "status/2026/b.md", source.Hash([]byte("b\n")), []byte("b\nc\n")); err != nil {
		t.Fatal(err)
	}
	if loseAnswer.Load() {
		t.Error("no answer was lost")
	}
	if got := gitIn(t, bare, "log", "--format=%s"); got != "status: update b\nstatus: new b\nfirst\n" {
		t.Errorf("a push without an answer:\n%s", got)
	}
	if left := pendingFiles(t, cfg.Data); len(left) != 0 {
		t.Errorf("left behind after a push without an answer: %v", left)
	}
	server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if s, err = source.Git(ctx, address, cfg); err != nil {
		t.Fatalf("a start while the server is gone: %v", err)
	}
	if got := text(t, s, "status/2026/b.md"); got != "b\nc\n" {
		t.Errorf("the last clone: %q", got)
	}
}

// A server that takes a request and never answers is given up after the time-out,
// and asked again.
func TestGitGivesUpSilentServer(t *testing.T) {
	bare, _ := repository(t)
	out, err := exec.Command("git", "--exec-path").Output()
	backend := filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
	if _, statErr := os.Stat(backend); err != nil || statErr != nil {
		t.Skip("git has no HTTP server here")
	}
	handler := &cgi.Handler{Path: backend, Env: []string{"GIT_PROJECT_ROOT=" + filepath.Dir(bare), "GIT_HTTP_EXPORT_ALL=1"}}
	var silent atomic.Bool
	givenUp := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !silent.Load() {
			handler.ServeHTTP(w, r)
			return
		}
		<-r.Context().Done()
		select {
		case givenUp <- struct{}{}:
		default:
		}
	}))
	defer server.Close()
	cfg, _ := gitConfig(t.TempDir())
	s, err := source.Git(t.Context(), "git+"+server.URL+"/site.git", cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	silent.Store(true)
	cfg.Timeout = 50 * time.Millisecond
	if s, err = source.Git(t.Context(), "git+"+server.URL+"/site.git", cfg); err != nil {
		t.Fatalf("a start while the server is silent: %v", err)
	}
	defer s.Close()
	<-givenUp // at the start
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go s.Watch(ctx, func() {})
	<-givenUp // and later
}
