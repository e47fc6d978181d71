package server_test

import (
	"context"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// devices are what browsers call themselves, and what their visitors need
// first: a selector and its text.
var devices = []struct{ name, agent, first, says string }{
	{"iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "form[action$=mobileconfig] > button", "Download the profile"},
	{"iPad", "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1", "form[action$=mobileconfig] > button", "Download the profile"},
	{"Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "form[action$=mobileconfig] > button", "Download the profile"},
	{"Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", ".card .chips a", "Outlook"},
	{"Android", "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36", ".card .chips a", "Android"},
	{"Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ".card .chips a", "Thunderbird"},
}

func calledAs(agent string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: agent})
		return err
	})
}

// TestSetupDeviceFirst: without a script, what the visitor's device needs
// stands in the first 640 pixels, on a phone and on a desk.
func TestSetupDeviceFirst(t *testing.T) {
	o := newAgentSite(t, "")
	ctx := chromium(t)
	for _, d := range devices {
		for _, width := range []int64{390, 1280} {
			t.Run(d.name+" "+strconv.FormatInt(width, 10), func(t *testing.T) {
				browse(t, ctx, chromedp.EmulateViewport(width, 900), scripting(false), calledAs(d.agent), chromedp.Navigate(o.http.URL+"/setup"),
					chromedp.SendKeys(chromedp.CSS("#address"), "kari@example.com"), chromedp.KeyEvent(kb.Enter))
				becomes(t, ctx, `document.querySelector("h1 .address")?.textContent ?? ""`, "kari@example.com")
				bottom, err := strconv.ParseFloat(eval(t, ctx, `String(document.querySelector("main `+d.first+`").getBoundingClientRect().bottom)`), 64)
				if err != nil || bottom > 640 {
					t.Errorf("the first thing to do ends at %.0f (%v)", bottom, err)
				}
				if text := eval(t, ctx, `document.querySelector("main `+d.first+`").textContent`); !strings.Contains(text, d.says) {
					t.Errorf("the first thing to do is %q", text)
				}
				keep(t, ctx, "setup-"+d.name+"-"+strconv.FormatInt(width, 10))
			})
		}
	}
}

// TestSetupMistyped: a domain that is near one of ours, or near a common one,
// is asked about, and the answer is one press away.
func TestSetupMistyped(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	srv := httptest.NewServer(d.srv)
	t.Cleanup(srv.Close)
	for typed, want := range map[string]string{
		"kari@exmaple.com": "kari@example.com", "kari@example.con": "kari@example.com", "kari@example": "kari@example.com", "kari@example,com": "kari@example.com",
		"o'neil&sons@otehr.test": "o'neil&sons@other.test", "kari@gmial.com": "kari@gmail.com",
		"kari@gmail.com": "", "kari@foreign.test": "", "kari": "", "@exmaple.com": "",
	} {
		page := d.form("/setup", "address", typed).body
		asked := strings.Contains(page, `class="meant"`)
		if asked != (want != "") {
			t.Errorf("%s: asked %v", typed, asked)
		}
		if !asked {
			continue
		}
		_, form, _ := strings.Cut(page, `class="meant"`)
		if got := hidden(t, `<form `+form, "/setup").Get("address"); got != want {
			t.Errorf("%s: did you mean %s, want %s", typed, got, want)
		}
	}
}
