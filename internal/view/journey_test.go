package view

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// zone moves the visitor's clock.
func zone(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return err
	})
}

// scripts switches them off, as some visitors do.
func scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

func clipboard(t *testing.T, ctx context.Context, origin string) {
	t.Helper()
	do(t, ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for _, name := range []string{"clipboard-read", "clipboard-write"} {
			if _, err := cdp.Call(ctx, chromedp.FromContext(ctx).Browser, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: name, AllowWithoutSanitization: name == "clipboard-write"}, Setting: browser.PermissionSettingGranted, Origin: origin,
			}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// becomes waits until a script's value is as wanted.
func becomes(t *testing.T, ctx context.Context, script, want string) {
	t.Helper()
	var got string
	for range 40 {
		if got = get[string](t, ctx, script); got == want {
			return
		}
		do(t, ctx, chromedp.Sleep(50_000_000))
	}
	t.Errorf("%s is %q, want %q", script, got, want)
}

const shown = `[...document.querySelectorAll(".platform")].filter(p => p.offsetParent).map(p => p.dataset.platform).join()`

func TestSearchByKeyboard(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	field := `document.getElementById("q").`
	do(t, ctx, chromedp.Navigate(srv.URL+"/help/apple-mail-pop"), chromedp.KeyEvent("/"))
	becomes(t, ctx, `document.activeElement.id`, "q")
	// The driver sends the character of a key even when the page refused the key.
	get[string](t, ctx, field+`value = ""`)
	do(t, ctx, chromedp.KeyEvent("apple"))
	becomes(t, ctx, field+`getAttribute("aria-expanded")`, "true")
	becomes(t, ctx, `document.querySelector(".search [role=status]").textContent`, "Suggestions: 1. Use the arrow keys to choose one.")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	becomes(t, ctx, `document.getElementById(`+field+`getAttribute("aria-activedescendant")).textContent`, "Apple Mail cannot connect with POPChange the server name")
	// Whoever moves in the text or types on is back in the text: Enter then
	// searches, and does not open what was marked before.
	do(t, ctx, chromedp.KeyEvent(kb.Home))
	becomes(t, ctx, `String(`+field+`getAttribute("aria-activedescendant"))`, "null")
	do(t, ctx, chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(" "))
	becomes(t, ctx, `String(`+field+`getAttribute("aria-activedescendant"))`, "null")
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	becomes(t, ctx, field+`getAttribute("aria-expanded")`, "false")
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	becomes(t, ctx, `location.pathname + location.hash`, "/help/apple-mail-pop#step-3")
	do(t, ctx, chromedp.Click(chromedp.CSS(".vote button")))
	becomes(t, ctx, `location.pathname`, "/vote") // the server saw which search led here
}

func TestPlatforms(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	page := srv.URL + "/help/apple-mail-pop"
	do(t, ctx, chromedp.Navigate(page))
	becomes(t, ctx, shown, "macos,ios") // this machine's is not among them
	do(t, ctx, chromedp.Click(chromedp.CSS(".switch button[value=ios]")))
	becomes(t, ctx, shown, "ios")
	do(t, ctx, chromedp.Navigate(page))
	becomes(t, ctx, shown, "ios")
	do(t, ctx, chromedp.Navigate(page+"?p=macos"))
	becomes(t, ctx, shown, "macos")
	do(t, ctx, chromedp.Navigate(page+"?p=ios#step-3"))
	becomes(t, ctx, shown, "macos")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.switch button[value=""]`)))
	becomes(t, ctx, shown, "macos,ios")
	do(t, ctx, chromedp.Click(chromedp.CSS(".switch button[value=ios]")), media("print", "light"))
	becomes(t, ctx, shown, "macos,ios")
	becomes(t, ctx, `getComputedStyle(document.querySelector("header")).display`, "none")
}

func TestWithoutScripts(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	do(t, ctx, scripts(false), chromedp.Navigate(srv.URL+"/help/apple-mail-pop"))
	becomes(t, ctx, shown, "macos,ios")
	becomes(t, ctx, `String(document.querySelector(".switch").offsetParent)`, "null")
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#q"), "spam"), chromedp.KeyEvent(kb.Enter))
	becomes(t, ctx, `location.pathname + location.search`, "/search?q=spam")
	do(t, ctx, chromedp.Navigate(srv.URL+"/status/x"))
	becomes(t, ctx, `document.querySelector(".facts .when").textContent`, "23 November 2026, 23:30 CET 23 November 2026, 22:30 UTC")
}

func TestVisitorsTime(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	when := `document.querySelector(".facts .when").innerText.replace(/\s+/g, " ")`
	do(t, ctx, zone("America/New_York"), chromedp.Navigate(srv.URL+"/status/x"))
	becomes(t, ctx, when, "23 November 2026, 17:30 your time")
	do(t, ctx, chromedp.Click(chromedp.CSS(".facts .when summary")))
	becomes(t, ctx, when, "23 November 2026, 17:30 your time 23 November 2026, 23:30 CET 23 November 2026, 22:30 UTC")
	// Two times are one range; what is only a day stays as it is.
	do(t, ctx, zone("America/New_York"), chromedp.Navigate(srv.URL+"/status"))
	becomes(t, ctx, `document.querySelector("#upcoming ~ .post .when").innerText.replace(/\s+/g, " ")`, "1 December 2026, 17:41–19:41 your time")
	becomes(t, ctx, `document.querySelector("#upcoming ~ .post .when details").textContent.replace(/\s+/g, " ")`,
		"your time1 December 2026, 23:41 CET – 2 December 2026, 01:41 CET 1 December 2026, 22:41 UTC – 2 December 2026, 00:41 UTC")
	becomes(t, ctx, `[...document.querySelectorAll("#recent ~ .posts time")].map(t => t.textContent + (t.title && " = " + t.title)).join(", ")`, "23 November 2026, 17:30 = 23 November 2026, 23:30 CET, 1 December 2026, 17:41 = 1 December 2026, 23:41 CET, 1 December 2026, 19:41 = 2 December 2026, 01:41 CET, 2 November 2026")
	do(t, ctx, zone("Europe/Berlin"), chromedp.Navigate(srv.URL+"/status/x"))
	becomes(t, ctx, when, "23 November 2026, 23:30 CET 23 November 2026, 22:30 UTC")
	do(t, ctx, zone("Asia/Tokyo"), chromedp.Navigate(srv.URL+"/de/status/x"))
	becomes(t, ctx, when, "24. November 2026, 07:30 Uhr Ihre Zeit")
	do(t, ctx, zone("Asia/Tokyo"), chromedp.Navigate(srv.URL+"/nb/status/x"))
	becomes(t, ctx, when, "24. november 2026 kl. 07.30 din tid")
	// A range that ends on another day names both days.
	do(t, ctx, zone("Asia/Kathmandu"), chromedp.Navigate(srv.URL+"/nb/status"))
	becomes(t, ctx, `document.querySelector("#upcoming ~ .post .when").innerText.replace(/\s+/g, " ")`, "2. desember 2026 kl. 04.26–06.26 din tid")
	do(t, ctx, zone("Atlantic/Azores"), chromedp.Navigate(srv.URL+"/nb/status"))
	becomes(t, ctx, `document.querySelector("#upcoming ~ .post .when").innerText.replace(/\s+/g, " ")`, "1. desember 2026 kl. 21.41–23.41 din tid")
	do(t, ctx, zone("Europe/London"), chromedp.Navigate(srv.URL+"/nb/status"))
	becomes(t, ctx, `document.querySelector("#upcoming ~ .post .when").innerText.replace(/\s+/g, " ")`, "1. desember 2026 kl. 22.41 – 2. desember 2026 kl. 00.41 din tid")
}

func TestSetupStaysInThePage(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	clipboard(t, ctx, srv.URL)
	do(t, ctx, chromedp.Navigate(srv.URL+"/setup"), chromedp.SendKeys(chromedp.CSS("#address"), "o'neil&sons@example.com"), chromedp.KeyEvent(kb.Enter))
	becomes(t, ctx, `document.querySelector("h1 .address")?.textContent ?? ""`, "o'neil&sons@example.com")
	becomes(t, ctx, `document.querySelector("form[action$=mobileconfig]").elements.address.value`, "o'neil&sons@example.com")
	becomes(t, ctx, `document.querySelectorAll(".settings")[0].querySelectorAll("code")[2].textContent`, "o'neil&sons@example.com")
	do(t, ctx, chromedp.Click(chromedp.CSS(".settings tr:last-child .copybtn")))
	becomes(t, ctx, `navigator.clipboard.readText()`, "o'neil&sons@example.com")

	do(t, ctx, chromedp.Navigate(srv.URL+"/setup-guide"), chromedp.SendKeys(chromedp.CSS("#fill"), "kari@example.com"))
	becomes(t, ctx, `document.querySelectorAll(".settings")[0].querySelectorAll("code")[2].textContent`, "kari@example.com")
}

func TestDeskByKeyboard(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	clipboard(t, ctx, srv.URL)
	do(t, ctx, chromedp.Navigate(srv.URL+"/agent/empty"))
	becomes(t, ctx, `document.activeElement.id`, "text")
	do(t, ctx, chromedp.KeyEvent("Apple Mail says that the password is wrong"))
	becomes(t, ctx, `String(document.querySelectorAll(".suggestions > li").length)`, "2")
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("2"))
	becomes(t, ctx, `document.activeElement.textContent`, "Choose and protect your password")
	const types = `navigator.clipboard.read().then(async items => (await Promise.all(items[0].types.toSorted().map(async type => (await items[0].getType(type)).text()))).join("|"))`
	for key, want := range map[string]string{
		"t": "article text 1003", "m": "article markdown 1003", "l": `<a href="https://help.example.com/r/x">Choose and protect your password</a>|https://help.example.com/r/x`,
		"h": "<p>html</p>|article html 1003", "s": "<p>html</p>|settings html 0",
	} {
		do(t, ctx, chromedp.KeyEvent(key))
		becomes(t, ctx, types+`.then(text => text.split("|").sort().join("|")).catch(() => "")`, join(want))
	}
	do(t, ctx, chromedp.KeyEvent("i"))
	becomes(t, ctx, `navigator.clipboard.readText().then(text => text.slice(0, 8))`, "We know ")
	do(t, ctx, chromedp.KeyEvent("/"))
	becomes(t, ctx, `document.activeElement.id`, "text")
	do(t, ctx, chromedp.Navigate(srv.URL+"/agent/empty#text=I%20cannot%20send"))
	becomes(t, ctx, `document.getElementById("text").value + location.hash`, "I cannot send")
	becomes(t, ctx, `String(document.querySelectorAll(".suggestions > li").length)`, "2")
}

func join(s string) string {
	parts := strings.Split(s, "|")
	if len(parts) == 2 && parts[0] > parts[1] {
		parts[0], parts[1] = parts[1], parts[0]
	}
	return strings.Join(parts, "|")
}

// TestSearchEscape closes the list before its answer has come, and empties the
// field: neither leaves old suggestions behind.
func TestSearchEscape(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	field := `document.getElementById("q").`
	open := field + `getAttribute("aria-expanded")`
	do(t, ctx, chromedp.Navigate(srv.URL+"/help/apple-mail-pop"))
	get[bool](t, ctx, field+`focus(), `+field+`value = "apple", `+field+`dispatchEvent(new Event("input"))`)
	do(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.Sleep(400_000_000))
	becomes(t, ctx, open, "false")
	get[bool](t, ctx, field+`value = "apple", `+field+`dispatchEvent(new Event("input"))`)
	becomes(t, ctx, open, "true")
	get[bool](t, ctx, field+`value = "", `+field+`dispatchEvent(new Event("input"))`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown))
	becomes(t, ctx, open+` + document.querySelector(".search [role=status]").textContent`, "false")
	// A key of an input method chooses a character, not a suggestion.
	get[bool](t, ctx, field+`value = "apple", `+field+`dispatchEvent(new Event("input"))`)
	becomes(t, ctx, open, "true")
	get[bool](t, ctx, field+`dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", isComposing: true }))`)
	becomes(t, ctx, `String(`+field+`getAttribute("aria-activedescendant"))`, "null")
}

// TestCopyButtons: two quick presses leave the button as it was, its name tells
// what it copies, and the success is said.
func TestCopyButtons(t *testing.T) {
	srv := site(t)
	ctx := browserFor(t, srv.URL)
	clipboard(t, ctx, srv.URL)
	do(t, ctx, chromedp.Navigate(srv.URL+"/setup-guide"))
	name := `document.querySelector(".copybtn").getAttribute("aria-labelledby").split(" ").map(id => document.getElementById(id).textContent).join(" ")`
	becomes(t, ctx, name, "Copy imap.example.com")
	do(t, ctx, chromedp.Click(chromedp.CSS(".copybtn")), chromedp.Click(chromedp.CSS(".copybtn")))
	becomes(t, ctx, `document.querySelector("body > [role=status]").textContent`, "Copied")
	becomes(t, ctx, `document.querySelector(".copybtn").textContent`, "Copied")
	becomes(t, ctx, `navigator.clipboard.readText()`, "imap.example.com")
	becomes(t, ctx, `document.querySelector("body > [role=status]").textContent`, "")
	becomes(t, ctx, name, "Copy imap.example.com")
}
