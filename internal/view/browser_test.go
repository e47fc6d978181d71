package view

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"signpost/web"
)

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// site serves the sample pages as the server will: same headers, same scripts.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	r := renderer(t)
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, kind string, body []byte) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Security-Policy", policy)
		_, _ = w.Write(body)
	}
	for _, lang := range texts(t).Languages() {
		s := newSample(texts(t).For(lang))
		prefix := s.chrome("", "").Root
		for path, p := range s.all() {
			body, err := r.Render(p)
			if err != nil {
				t.Fatal(err)
			}
			if path == "/" {
				path = "/{$}"
			}
			mux.HandleFunc("GET "+prefix+path, func(w http.ResponseWriter, _ *http.Request) { answer(w, "text/html; charset=utf-8", body) })
		}
	}
	theme, err := ThemeCSS("#0b6070")
	if err != nil {
		t.Fatal(err)
	}
	base, err := fs.ReadFile(web.Static(), "site.css")
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("/theme.css", func(w http.ResponseWriter, _ *http.Request) { answer(w, "text/css", append(base, theme...)) })
	mux.HandleFunc("/static/figure.svg", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 240"><rect width="640" height="240" fill="#e4eaea"/></svg>`))
	})
	mux.HandleFunc("/api/v1/search", func(w http.ResponseWriter, req *http.Request) {
		type hit struct{ Kind, Title, URL, Anchor, Section, Snippet string }
		out := []map[string]string{}
		for _, h := range []hit{{"article", articles[0].Title, articles[0].URL, "step-3", "Change the server name", "a <mark>b</mark>"}, {"article", articles[1].Title, articles[1].URL, "", "", "Teach the <mark>filter</mark> &lt;b&gt;"}} {
			if strings.Contains(strings.ToLower(h.Title), strings.ToLower(req.FormValue("q"))) {
				out = append(out, map[string]string{"kind": h.Kind, "title": h.Title, "url": h.URL, "anchor": h.Anchor, "section": h.Section, "snippet": h.Snippet})
			}
		}
		body, _ := json.Marshal(map[string]any{"results": out})
		answer(w, "application/json", body)
	})
	en := newSample(texts(t).For("en"))
	page := func(p Page) []byte {
		body, err := r.Render(p)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	desk, waiting := page(en.agents()["/agent"]), page(en.setups()["/setup-waiting"])
	mux.HandleFunc("POST /agent", func(w http.ResponseWriter, req *http.Request) { answer(w, "text/html; charset=utf-8", desk) })
	mux.HandleFunc("POST /setup", func(w http.ResponseWriter, req *http.Request) {
		if got := req.FormValue("address"); got != "@example.com" {
			t.Errorf("the script sent the address %q, not only its domain", got)
		}
		answer(w, "text/html; charset=utf-8", waiting)
	})
	mux.HandleFunc("POST /help/apple-mail/vote", func(w http.ResponseWriter, req *http.Request) {
		if req.FormValue("q") != "apple" || req.FormValue("revision") != "3f2a" || req.FormValue("helpful") != "yes" {
			t.Errorf("vote: %v", req.Form)
		}
		http.Redirect(w, req, "/vote", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /search/click", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /agent/reply", func(w http.ResponseWriter, req *http.Request) {
		if req.FormValue("csrf") != "csrf" || req.FormValue("text") == "" {
			t.Errorf("reply: %v", req.Form)
		}
		article := req.FormValue("article")
		if req.FormValue("kind") == "settings" {
			article = "0"
		}
		body, _ := json.Marshal(map[string]string{
			"url": "https://help.example.com/r/x", "text": fmt.Sprintf("%s %s %s", req.FormValue("kind"), req.FormValue("format"), article),
			"markdown": req.FormValue("kind") + " " + req.FormValue("format") + " " + article, "html": "<p>" + req.FormValue("format") + "</p>",
		})
		answer(w, "application/json", body)
	})
	mux.Handle("/static/", http.StripPrefix("/static/", http.FileServerFS(web.Static())))
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	return srv
}

// need finds a program, or skips; with SIGNPOST_REQUIRE_REAL=1 it fails.
func need(t *testing.T, names ...string) string {
	t.Helper()
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	missing(t, strings.Join(names, " or ")+" is not installed")
	return ""
}

func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// browserFor starts Chromium; every console message and every request to another
// host fails the test.
func browserFor(t *testing.T, host string) context.Context {
	t.Helper()
	path := need(t, "chromium", "chromium-browser", "google-chrome")
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	alloc, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	ctx, timeout := context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(func() { timeout(); cancel(); stop() })
	var mu sync.Mutex
	var noise []string
	note := func(s string) { mu.Lock(); defer mu.Unlock(); noise = append(noise, s) }
	err := chromedp.Listen(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			note(ev.Entry.Text + " " + ev.Entry.URL)
		case *runtime.EventExceptionThrown:
			note(ev.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			note("console: " + string(ev.Type))
		case *network.EventRequestWillBeSent:
			if u := ev.Request.URL; !strings.HasPrefix(u, host) && !strings.HasPrefix(u, "data:") {
				note("request to another host: " + u)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		for _, s := range noise {
			t.Error(s)
		}
	})
	do(t, ctx, chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.Enable, network.EnableParams{})
		return err
	}))
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// get evaluates a script in the page; promises are waited for.
func get[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// media sets what the page believes about the visitor's screen.
func media(kind, scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: kind, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// TestAxe runs axe-core over every page, light and dark, on a phone and on a
// desk, and looks for content that is wider than the screen.
func TestAxe(t *testing.T) {
	script, err := os.ReadFile("../../.ci/npm/axe/node_modules/axe-core/axe.min.js")
	if err != nil {
		missing(t, "axe-core is not installed: npm ci --ignore-scripts in .ci/npm/axe")
	}
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	shots := os.Getenv("SIGNPOST_SHOTS")
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			for path := range newSample(texts(t).For("en")).all() {
				t.Run(fmt.Sprintf("%s %d %s", path, width, scheme), func(t *testing.T) {
					do(t, ctx, chromedp.EmulateViewport(width, 1000), media("screen", scheme), chromedp.Navigate(srv.URL+path))
					if wide := get[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
						t.Errorf("%d pixels wider than the screen", wide)
					}
					get[bool](t, ctx, string(script)+"\n;true")
					for _, v := range get[[]string](t, ctx, `axe.run().then(r => r.violations.map(v => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join("\n")))`) {
						t.Error(v)
					}
					if shots != "" {
						shoot(t, ctx, filepath.Join(shots, fmt.Sprintf("%s-%d-%s.png", strings.ReplaceAll(strings.Trim(path, "/"), "/", "_"), width, scheme)))
					}
				})
			}
		}
	}
}

// TestNarrow looks at every page in every language at the width of a small
// phone: German words are long.
func TestNarrow(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	do(t, ctx, chromedp.EmulateViewport(320, 800))
	for _, lang := range texts(t).Languages() {
		s := newSample(texts(t).For(lang))
		for path := range s.all() {
			do(t, ctx, chromedp.Navigate(srv.URL+s.chrome("", "").Root+path))
			if wide := get[int](t, ctx, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("%s in %s is %d pixels wider than the screen", path, lang, wide)
			}
		}
	}
}

func shoot(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o600); err != nil {
		t.Fatal(err)
	}
}

var loaded = regexp.MustCompile(`<(?:link rel="stylesheet" href|script src)="([^"]+)"`)

// TestWeight keeps pages small: 15 KB on the wire and five requests at most,
// with every stylesheet and script that the page names.
func TestWeight(t *testing.T) {
	srv := site(t)
	size := func(path string) (int, []byte) {
		resp, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		var n counter
		z, _ := gzip.NewWriterLevel(&n, gzip.BestCompression)
		_, _ = z.Write(body)
		z.Close()
		return int(n), body
	}
	for path := range newSample(texts(t).For("en")).all() {
		total, body := size(path)
		parts := loaded.FindAllSubmatch(body, -1)
		for _, m := range parts {
			n, _ := size(string(m[1]))
			total += n
		}
		t.Logf("%6d bytes %s", total, path)
		if total > 15_000 || len(parts) < 1 || len(parts) > 4 {
			t.Errorf("%s is %d bytes with gzip in %d requests", path, total, len(parts)+1)
		}
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
