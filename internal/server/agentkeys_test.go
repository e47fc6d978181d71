package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestEveryKey presses each key of the desk and of the editor on the real
// server, and looks into the clipboard.
func TestEveryKey(t *testing.T) {
	o := newAgentSite(t, "")
	o.hire()
	posted := o.form("/agent/status", "csrf", o.csrf(), "mode", "new", "do", "publish", "kind", "incident", "title", "Reading mail fails", "text", "Passwords are refused by the server.", "component-imap", "down")
	if posted.status != http.StatusSeeOther {
		t.Fatalf("posting: %d", posted.status)
	}
	ctx := chromium(t)
	mayUseClipboard(t, ctx, o.http.URL)
	signInBy(t, ctx, o)
	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent#text="+strings.ReplaceAll("From: kari.canary@example.com\n\nIMAP in Apple Mail on my Mac says that the password is wrong. What should I do?", "\n", "%0A")))
	becomes(t, ctx, `String(document.querySelectorAll(".suggestions > li").length > 0) + location.hash`, "true")
	becomes(t, ctx, `[...document.querySelectorAll(".ticket select, [name=address]")].map(e => e.value).join()`, "macos,en,kari.canary@example.com")
	becomes(t, ctx, `document.querySelector(".incident h2 a").textContent`, "Reading mail fails")
	title := eval(t, ctx, `document.querySelectorAll(".suggestions h2 a")[1].textContent`)
	browse(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("2"))
	becomes(t, ctx, `document.activeElement.textContent`, title)
	const plain = `navigator.clipboard.readText()`
	for _, k := range []struct{ key, want string }{
		{"l", o.http.URL + "/r/"}, {"t", title}, {"m", "**[" + title}, {"s", "kari.canary@example.com"}, {"i", "Passwords are refused by the server."}, {"h", title},
	} {
		eval(t, ctx, `navigator.clipboard.writeText("nothing").then(() => "")`) // else what is wanted may be there already
		browse(t, ctx, chromedp.KeyEvent(k.key))
		becomes(t, ctx, plain+`.then(text => String(text.includes(`+"`"+k.want+"`"+`)))`, "true")
	}
	browse(t, ctx, chromedp.KeyEvent("g"))
	becomes(t, ctx, `String(document.querySelector(".answers .state.ok")?.textContent)`, "Noted. Thank you.")
	sent := o.report()
	if len(sent.Gaps) != 1 || len(sent.Articles) != 1 || sent.Articles[0].Sent != 1 {
		t.Errorf("one reply to one ticket: %+v, gaps %+v", sent.Articles, sent.Gaps)
	}
	browse(t, ctx, chromedp.KeyEvent("3"), chromedp.KeyEvent("e"))
	becomes(t, ctx, `String(!!document.getElementById("as-markdown"))`, "true")
	becomes(t, ctx, `document.querySelector("[name=address]").value + document.querySelector("[name=platform]").value + location.search`, "kari.canary@example.commacos")
	for key, id := range map[string]string{"l": "link", "t": "as-text", "m": "as-markdown", "h": "as-text"} {
		want := eval(t, ctx, `document.getElementById("`+id+`").value.trim()`)
		browse(t, ctx, chromedp.KeyEvent(key))
		becomes(t, ctx, plain+`.then(text => text.trim())`, want)
	}
	within(t, "the editor's copy is counted", func() bool {
		n := 0
		for _, a := range o.report().Articles {
			n += a.Sent
		}
		return n == 2
	})
	browse(t, ctx, chromedp.Click(chromedp.CSS(".filters button")))
	becomes(t, ctx, `document.querySelector("[name=address]").value`, "kari.canary@example.com")
}
