package server_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/auth"
	"signpost/internal/content/source"
	"signpost/internal/server"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/token"
)

// An agentSite is a site with agents: the real server over a copy of the sample,
// with its state.
type agentSite struct {
	*desk
	data   string
	store  *state.Store
	auth   *auth.Auth
	keys   *token.Keyring
	later  atomic.Int64 // how far the clock is ahead
	cookie string       // of the agent anna
	stop   func()       // ends everything, the state included
}

const (
	annasPassword = "correct horse battery"
	browserAgent  = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
)

func (o *agentSite) now() time.Time { return time.Now().Add(time.Duration(o.later.Load())) }

// newAgentSite serves the sample with the state at a database URL, "" for SQLite.
func newAgentSite(t *testing.T, database string, change ...func(*server.Config)) *agentSite {
	t.Helper()
	content, data := filepath.Join(t.TempDir(), "site"), t.TempDir()
	if err := os.CopyFS(content, articles.FS); err != nil {
		t.Fatal(err)
	}
	return openAgentSite(t, content, data, database, change...)
}

func openAgentSite(t *testing.T, content, data, database string, change ...func(*server.Config)) *agentSite {
	t.Helper()
	src, err := source.Folder(content)
	if err != nil {
		t.Fatal(err)
	}
	o := &agentSite{desk: &desk{t: t, dir: content, log: &logBuffer{}}, data: data}
	log := slog.New(slog.NewTextHandler(o.log, nil))
	path := filepath.Join(data, "secret.key")
	if o.keys, err = token.Open(path); errors.Is(err, fs.ErrNotExist) {
		o.keys = token.New()
		err = o.keys.Create(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	o.store, err = state.Open(t.Context(), state.Config{URL: database, Dir: data, Key: o.keys.Secret("state"), Keys: o.keys, Redact: ticket.Redact, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	signals := site.NewSignals(o.store, o.now)
	o.live, err = site.Open(site.Config{Source: src, Data: data, Now: o.now, Log: log, Asked: signals.Asked, Popular: signals.Popular})
	if err != nil {
		t.Fatal(err)
	}
	o.auth = auth.New(o.store.Accounts, o.keys)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { o.live.Run(ctx) })
	wg.Go(func() { o.store.Run(ctx) })
	var handler http.Handler
	o.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	cfg := server.Config{Live: o.live, Log: log, Now: o.now, URL: o.http.URL, State: o.store, Auth: o.auth, Keys: o.keys, Tracking: true}
	for _, f := range change {
		f(&cfg)
	}
	if o.srv, err = server.New(cfg); err != nil {
		t.Fatal(err)
	}
	handler = o.srv
	o.stop = sync.OnceFunc(func() {
		o.http.Close()
		cancel()
		wg.Wait()
		o.live.Close()
		o.store.Close()
		src.Close()
	})
	t.Cleanup(o.stop)
	return o
}

// hire makes the account anna and signs in.
func (o *agentSite) hire() {
	o.t.Helper()
	if err := o.auth.AddAgent(o.t.Context(), "anna", annasPassword, o.now()); err != nil {
		o.t.Fatal(err)
	}
	o.signIn()
}

func (o *agentSite) signIn() {
	o.t.Helper()
	got := o.form("/agent/signin", "name", "anna", "password", annasPassword)
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/agent" {
		o.t.Fatalf("signing in: %d %s", got.status, got.body)
	}
	o.cookie, _, _ = strings.Cut(got.header.Get("Set-Cookie"), ";")
}

func (o *agentSite) form(path string, pairs ...string) reply {
	o.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return o.do(http.MethodPost, path, v.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Cookie", o.cookie, "User-Agent", browserAgent)
}

func (o *agentSite) page(path string) reply {
	o.t.Helper()
	return o.get(path, "Cookie", o.cookie, "User-Agent", browserAgent)
}

var (
	csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	anyHidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

// csrf is a token for forms of this session.
func (o *agentSite) csrf() string {
	o.t.Helper()
	m := csrfField.FindStringSubmatch(o.page("/agent").body)
	if m == nil {
		o.t.Fatal("the desk has no form")
	}
	return m[1]
}

// upload posts a ticket as a file.
func (o *agentSite) upload(raw []byte) reply {
	o.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("csrf", o.csrf())
	f, _ := w.CreateFormFile("file", "ticket.eml")
	f.Write(raw)
	w.Close()
	return o.do(http.MethodPost, "/agent", b.String(), "Content-Type", w.FormDataContentType(), "Cookie", o.cookie)
}

// settle waits until everything that happened is in the database.
func (o *agentSite) settle() {
	o.t.Helper()
	within(o.t, "what happened is stored", func() bool {
		o.store.Events.Flush(o.t.Context())
		for _, n := range o.store.Stats().Waiting {
			if n > 0 {
				return false
			}
		}
		return true
	})
}

// report is what the state counted today.
func (o *agentSite) report() state.Report {
	o.t.Helper()
	o.settle()
	r, err := o.store.Reports.Report(o.t.Context(), o.now().AddDate(0, 0, -1), o.now())
	if err != nil {
		o.t.Fatal(err)
	}
	return r
}

func (o *agentSite) articleCount(id int) state.ArticleCount {
	o.t.Helper()
	for _, a := range o.report().Articles {
		if a.Article == id {
			return a
		}
	}
	return state.ArticleCount{}
}
