package server_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// watched notes what reaches the server.
type watched struct {
	http.Handler
	mu     sync.Mutex
	bodies []string // "POST /setup address=…"
}

func (w *watched) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	w.bodies = append(w.bodies, r.Method+" "+r.URL.String()+" "+string(body))
	w.mu.Unlock()
	w.Handler.ServeHTTP(rw, r)
}

func (w *watched) all() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.bodies, "\n")
}

// With scripts, what a visitor types stays in the page: the server learns the
// domain only, until a file is asked for.
func TestSetupJourney(t *testing.T) {
	ctx := chromium(t)
	d := newMailDesk(t)
	w := &watched{Handler: d.srv}
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	ask := func(address string) {
		browse(t, ctx, chromedp.Navigate(srv.URL+"/setup"), chromedp.SendKeys(chromedp.CSS("form.ask[method=post] [name=address]"), address+kb.Enter))
	}
	const login = `[...document.querySelectorAll("main code")].map(c => c.textContent).filter(v => v.includes("@"))[0] || ""`

	ask("o'neil&sons+tag@example.com")
	becomes(t, ctx, login, "o'neil&sons+tag@example.com")
	becomes(t, ctx, `String(document.querySelector("main h1 .address")?.textContent)`, "o'neil&sons+tag@example.com")
	becomes(t, ctx, `document.activeElement.tagName + location.pathname`, "H1/setup")
	becomes(t, ctx, `document.querySelector("form[action='/setup/file/msmtp'] [name=address]").value`, "o'neil&sons+tag@example.com")
	if strings.Contains(w.all(), "neil") {
		t.Errorf("the address left the page:\n%s", w.all())
	}

	// A name that looks like a placeholder, or like markup, is one name.
	ask(`{domain}<b>@example.com`)
	becomes(t, ctx, `String(document.querySelector("main h1 .address")?.textContent)`, "{domain}<b>@example.com")
	becomes(t, ctx, `String(document.querySelectorAll("main b").length)`, "0")

	// Asking for the code sends the address, once, in a body.
	ask("kari@example.com")
	becomes(t, ctx, login, "kari@example.com")
	browse(t, ctx, chromedp.Click(chromedp.CSS("form:has([name=qr]) button")))
	becomes(t, ctx, `String(document.querySelector("details.qr")?.open) + !!document.querySelector("details.qr path")`, "truetrue")
	if n := strings.Count(w.all(), "kari"); n != 1 || strings.Contains(w.all(), "GET /setup?") {
		t.Errorf("the address was sent %d times:\n%s", n, w.all())
	}

	// A foreign domain says so, with what was typed still there.
	ask("kari@foreign.test")
	becomes(t, ctx, `String(document.querySelector(".note.degraded p")?.textContent)`, "The mail of foreign.test goes to mx.elsewhere.test, not to us. Please check the spelling, or ask whoever runs that server.")
	becomes(t, ctx, `document.querySelector("form.ask[method=post] [name=address]").value`, "kari@foreign.test")
	browse(t, ctx, chromedp.Click(chromedp.CSS(".note.degraded button")))
	becomes(t, ctx, login, "kari@foreign.test")

	// A guide fills itself in and sends nothing.
	before := w.all()
	browse(t, ctx, chromedp.Navigate(srv.URL+"/setup/apple-mail?d=example.com"))
	becomes(t, ctx, login, "your.name@example.com")
	browse(t, ctx, chromedp.SendKeys(chromedp.CSS("#fill"), "ola@example.net"))
	becomes(t, ctx, login, "ola@example.net")
	becomes(t, ctx, `String([...document.querySelectorAll("main .body")].some(e => e.textContent.includes("ola@example.net")))`, "true")
	browse(t, ctx, chromedp.Sleep(200*time.Millisecond))
	if after := strings.TrimPrefix(w.all(), before); strings.Contains(after, "ola") {
		t.Errorf("the guide sent the address: %s", after)
	}
}
