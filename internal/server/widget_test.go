package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

func TestOnlyTheWidgetIsFramed(t *testing.T) {
	t.Parallel()
	files := smallSite()
	d := folderDesk(t, files)
	if csp := d.get("/widget").header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "; frame-ancestors 'none'") {
		t.Errorf("without origins: %s", csp)
	}
	files["site.yaml"] += "embed_origins: [https://www.example.com, 'https://mail.example.com:8443']\n"
	d = folderDesk(t, files)
	w := d.get("/widget")
	if csp := w.header.Get("Content-Security-Policy"); w.status != 200 || !strings.HasSuffix(csp, "; frame-ancestors https://www.example.com https://mail.example.com:8443") {
		t.Errorf("/widget = %d %s", w.status, csp)
	}
	if strings.Contains(w.body, "<script") {
		t.Error("the frame holds a script")
	}
	if de := d.get("/de/widget"); de.status != 200 || !strings.Contains(de.body, `lang="de"`) {
		t.Errorf("/de/widget = %d", de.status)
	}
	js := d.get("/widget.js")
	if js.status != 200 || js.header.Get("Content-Type") != "text/javascript; charset=utf-8" || js.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("/widget.js = %d %v", js.status, js.header)
	}
	for _, path := range []string{"/", "/de/", "/search?q=spam", "/status", "/help/spam", "/setup", "/contact", "/none", "/widget.js", "/api/v1/search?q=x"} {
		if csp := d.get(path).header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s may be framed: %s", path, csp)
		}
	}
}

// TestWidgetOnAHostPage looks at the widget in a page of another origin, with a
// title that would run if anything ran.
func TestWidgetOnAHostPage(t *testing.T) {
	program, err := exec.LookPath("chromium")
	if err != nil {
		missingReal(t, "chromium")
	}
	files := smallSite()
	evil := `<img src=x onerror=alert(1)>`
	files["help/mail/evil/en.md"] = "---\nid: 1009\ntitle: '" + evil + "'\n---\ntext\n"
	files["status/down.md"] = "---\ntitle: '" + evil + "'\nkind: incident\naffects: imap=down\n---\n## 2026-11-20 15:00 investigating\nText.\n"
	host := httptest.NewServer(nil)
	t.Cleanup(host.Close)
	files["site.yaml"] += "embed_origins: ['" + host.URL + "']\n"
	d := folderDesk(t, files)
	foreign := httptest.NewServer(nil)
	t.Cleanup(foreign.Close)
	embeds := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<!doctype html><title>Webmail</title><p>Mail</p><script src="` + d.http.URL + `/widget.js" data-title="Help &amp; status"></script>`))
	})
	host.Config.Handler, foreign.Config.Handler = embeds, embeds

	ctx := tab(t, program)
	var mu sync.Mutex
	dialogs := 0
	if err := chromedp.Listen(ctx, func(ev any) {
		if _, ok := ev.(*page.EventJavascriptDialogOpening); ok {
			mu.Lock()
			defer mu.Unlock()
			dialogs++
		}
	}); err != nil {
		t.Fatal(err)
	}
	framed := inFrame(t, ctx, host.URL)
	if !strings.Contains(framed.Text, evil) || !strings.Contains(framed.Text, "IMAP") || !framed.Styled {
		t.Errorf("the frame shows %+v", framed)
	}
	attr, err := chromedp.Run(ctx, chromedp.Attributes(chromedp.CSS("iframe")))
	if err != nil {
		t.Fatal(err)
	}
	if attr["sandbox"] != "allow-forms allow-popups allow-popups-to-escape-sandbox" || attr["title"] != "Help & status" {
		t.Errorf("the frame's element: %v", attr)
	}
	if got := inFrame(t, ctx, foreign.URL); strings.Contains(got.Text, "IMAP") {
		t.Errorf("a page that is not named frames it: %+v", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if dialogs > 0 {
		t.Error("the title ran")
	}
}

// tab opens a tab in which a sandboxed frame stays in the process of its page,
// so that the test can look into it.
func tab(t *testing.T, program string) context.Context {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-features", "IsolateSandboxedIframes,site-per-process"))
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	ctx, timeout := context.WithTimeout(ctx, time.Minute)
	t.Cleanup(func() { timeout(); cancel(); stop() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

type frameLook struct {
	Text   string
	Styled bool // the site's stylesheet applies
}

// inFrame opens a page and looks into its frame.
func inFrame(t *testing.T, ctx context.Context, url string) frameLook {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	var look frameLook
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		tree, err := chromedp.Call(ctx, page.GetFrameTree, cdp.Empty{})
		if err != nil || len(tree.FrameTree.ChildFrames) == 0 {
			continue
		}
		world, err := chromedp.Call(ctx, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.ChildFrames[0].Frame.ID})
		if err != nil {
			continue
		}
		yes := true
		r, err := chromedp.Call(ctx, runtime.Evaluate, runtime.EvaluateParams{ContextID: world.ExecutionContextID, ReturnByValue: &yes, Expression: `({
			Text: document.body.innerText,
			Styled: document.querySelector(".vh") ? getComputedStyle(document.querySelector(".vh")).position === "absolute" : false,
		})`})
		if err != nil || r.Result == nil {
			continue
		}
		if json.Unmarshal(r.Result.Value, &look) == nil && look.Styled {
			break
		}
	}
	return look
}
