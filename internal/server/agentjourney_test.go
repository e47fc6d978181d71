package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"signpost/internal/state/statetest"
)

// realTickets are questions of mail users; none of them is in the repository.
func realTickets(t *testing.T, n int) []string {
	t.Helper()
	f, err := os.Open("../../../shared/data/thunderbird-support/tickets-before-2025.jsonl")
	if err != nil {
		t.Skip("the tickets are not here")
	}
	defer f.Close()
	var list []string
	for s := bufio.NewScanner(f); s.Scan() && len(list) < n; {
		var v struct{ Title, Text string }
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v.Title+"\n\n"+v.Text)
	}
	return list
}

// chromium starts a browser in which every exception and every error in the
// console fails the test. A page that answers an error is such an error.
func chromium(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && path == "" {
			path = p
		}
	}
	if path == "" {
		if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
			t.Fatal("Chromium is not installed")
		}
		t.Skip("Chromium is not installed")
	}
	opts := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	alloc, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	ctx, timeout := context.WithTimeout(ctx, 5*time.Minute)
	var mu sync.Mutex
	err := chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *log.EventEntryAdded:
			if strings.HasSuffix(ev.Entry.URL, "/nowhere") {
				return // asked for to see the page for status 404
			}
			t.Error("the browser says:", ev.Entry.Text, ev.Entry.URL)
		case *runtime.EventExceptionThrown:
			t.Error("a script failed:", ev.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { timeout(); cancel(); stop() })
	return ctx
}

func browse(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func eval(t *testing.T, ctx context.Context, script string) string {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return v
}

// becomes waits until a script, which may fail while a page is on its way,
// has a value.
func becomes(t *testing.T, ctx context.Context, script, want string) {
	t.Helper()
	script = "(() => { try { return (" + script + ") } catch (e) { return String(e) } })()"
	got := ""
	within(t, script+" is "+want, func() bool {
		v, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
		if err != nil {
			got = err.Error()
			return ctx.Err() != nil
		}
		got = v
		return got == want
	})
	if got != want {
		t.Fatalf("%s is %q, want %q", script, got, want)
	}
}

func mayUseClipboard(t *testing.T, ctx context.Context, origin string) {
	t.Helper()
	browse(t, ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
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

func signInBy(t *testing.T, ctx context.Context, o *agentSite) {
	t.Helper()
	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent"), chromedp.SendKeys(chromedp.CSS("#name"), "anna"),
		chromedp.SendKeys(chromedp.CSS("#password"), annasPassword+kb.Enter))
	becomes(t, ctx, `location.pathname`, "/agent")
}

// TestJourney is the day of an agent and of a customer: a ticket is pasted, an
// article chosen and copied by two keys, the link opened, the vote given, and
// the report shows it.
func TestJourney(t *testing.T) {
	tickets := realTickets(t, 20)
	t.Run("SQLite", func(t *testing.T) { journey(t, newAgentSite(t, ""), tickets, nil) })
	t.Run("PostgreSQL", func(t *testing.T) {
		pg := statetest.Start(t)
		journey(t, newAgentSite(t, pg.Database(t)), tickets[:3], nil)
	})
	t.Run("PostgreSQL, stopped in the middle", func(t *testing.T) {
		pg := statetest.Start(t)
		journey(t, newAgentSite(t, pg.Database(t)), tickets[:3], pg)
	})
}

// journey goes through all of it; with pg, the database stops after the first
// ticket and comes back before the report.
func journey(t *testing.T, o *agentSite, tickets []string, pg *statetest.Postgres) {
	o.hire()
	ctx := chromium(t)
	mayUseClipboard(t, ctx, o.http.URL)
	signInBy(t, ctx, o)
	chosen := map[string]int{}
	for i, ticket := range tickets {
		slug := copyAnswer(t, ctx, o, ticket)
		chosen[slug]++
		if i == 0 && pg != nil {
			pg.Stop(t)
		}
		link := eval(t, ctx, `navigator.clipboard.readText().then(text => text.trim().split(/\s/).at(-1))`)
		page, anchor, _ := strings.Cut(link, "#")
		if !strings.HasPrefix(link, o.http.URL+"/r/") || !strings.HasSuffix(page, "/"+slug) {
			t.Fatalf("the clipboard's last line is %q", link)
		}
		browse(t, ctx, chromedp.Navigate(link))
		becomes(t, ctx, `location.pathname + location.hash + new URL(location.href).searchParams.get("r")`, "/help/"+slug+strings.TrimSuffix("#"+anchor, "#")+"null")
		if i%2 == 0 {
			browse(t, ctx, chromedp.Click(chromedp.CSS(".vote button[value=yes]")))
			becomes(t, ctx, `location.pathname`, "/help/"+slug+"/vote")
			o.later.Add(int64(time.Minute)) // voters are limited
		}
	}
	if pg != nil {
		for _, path := range []string{"/", "/status", "/help/spam-filter", "/search?q=imap", "/setup", "/agent", "/agent/report", "/agent/status"} {
			if got := o.page(path); got.status != http.StatusOK {
				t.Errorf("%s without the database: %d", path, got.status)
			}
		}
		if got := o.page("/agent/report"); !strings.Contains(got.body, "the database cannot be reached") {
			t.Error("the report does not say why it has no numbers")
		}
		pg.Resume(t)
	}
	sent, opened, opens, helped := 0, 0, 0, 0
	for _, a := range o.report().Articles {
		sent, opened, opens, helped = sent+a.Sent, opened+a.Opened, opens+a.Opens, helped+a.ReplyHelped
	}
	if n := len(tickets); sent != n || opened != n || opens != n || helped != (n+1)/2 {
		t.Errorf("%d tickets: sent %d, opened %d in %d openings, helped %d", n, sent, opened, opens, helped)
	}
	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent/report"))
	becomes(t, ctx, `document.querySelector(".figures dd").firstChild.textContent.trim()`, fmt.Sprint(len(tickets)))
	if rows := eval(t, ctx, `String(document.querySelectorAll("section[aria-labelledby=links] tbody tr").length)`); rows != fmt.Sprint(len(chosen)) {
		t.Errorf("%s rows for %d articles", rows, len(chosen))
	}
}

// copyAnswer pastes a ticket and presses 1 and h; it returns the article's slug.
func copyAnswer(t *testing.T, ctx context.Context, o *agentSite, ticket string) string {
	t.Helper()
	quoted, _ := json.Marshal(ticket)
	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent"))
	eval(t, ctx, `(() => { const t = document.getElementById("text"); t.value = `+string(quoted)+`; t.dispatchEvent(new Event("input", { bubbles: true })); return ""; })()`)
	becomes(t, ctx, `String(document.querySelectorAll(".suggestions > li").length > 0)`, "true")
	slug := eval(t, ctx, `new URL(document.querySelector(".suggestions h2 a").href).pathname.split("/").at(-1)`)
	browse(t, ctx, chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("1"), chromedp.KeyEvent("h"))
	becomes(t, ctx, `document.querySelector(".toast").textContent`, "Copied")
	becomes(t, ctx, `navigator.clipboard.read().then(items => items[0].types.toSorted().join())`, "text/html,text/plain")
	return slug
}

// TestTitleRunsNowhere publishes an article and a post whose titles are HTML.
func TestTitleRunsNowhere(t *testing.T) {
	const evil = `<img src=x onerror="document.title='owned'">`
	o := newAgentSite(t, "")
	writeFile(t, o.dir, "help/evil/evil/en.md", "---\nid: 6666\ntitle: 'xyzzy "+strings.ReplaceAll(evil, "'", "''")+"'\nsummary: 'xyzzy "+strings.ReplaceAll(evil, "'", "''")+"'\n---\nxyzzy "+evil+"\n")
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	o.hire()
	posted := o.form("/agent/status", "csrf", o.csrf(), "mode", "new", "do", "publish", "kind", "incident", "title", "xyzzy "+evil, "text", "xyzzy "+evil, "component-imap", "down")
	if posted.status != http.StatusSeeOther {
		t.Fatalf("posting: %d %s", posted.status, posted.body)
	}
	o.form("/agent/reply", "csrf", o.csrf(), "kind", "article", "article", "6666", "format", "html", "text", "xyzzy")
	o.form("/help/evil/vote", "helpful", "no", "q", evil)
	o.get("/search?q=%3Cimg+src%3Dx+onerror%3D1%3E+plugh", "User-Agent", browserAgent)
	o.settle()
	ctx := chromium(t)
	signInBy(t, ctx, o)
	pages := []string{"/agent/report", "/agent/status?do=update", "/agent/status" + strings.TrimPrefix(posted.header.Get("Location"), "/agent/status"), "/agent/a/6666", "/agent/problems", "/help/evil", "/status", "/search?q=xyzzy"}
	check := func(where string) {
		browse(t, ctx, chromedp.Sleep(100*time.Millisecond))
		if got := eval(t, ctx, `document.title + [...document.images].filter(i => i.getAttribute("src") === "x").length`); strings.Contains(got, "owned") && !strings.Contains(got, "onerror") || !strings.HasSuffix(got, "0") {
			t.Errorf("%s: %s", where, got)
		}
	}
	for _, path := range pages {
		browse(t, ctx, chromedp.Navigate(o.http.URL+path))
		check(path)
	}
	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent"), chromedp.SendKeys(chromedp.CSS("#text"), "xyzzy xyzzy IMAP"))
	becomes(t, ctx, `String(document.querySelector(".suggestions h2")?.textContent.includes("onerror"))`, "true")
	check("the desk")
	if csv := o.page("/agent/report.csv"); csv.header.Get("X-Content-Type-Options") != "nosniff" || !strings.HasPrefix(csv.header.Get("Content-Type"), "text/csv") {
		t.Error("the CSV may be taken for a page")
	}
}

// TestStatusFromAPhone posts, updates and resolves an incident on a small
// screen without a script, with the database stopped.
func TestStatusFromAPhone(t *testing.T) {
	pg := statetest.Start(t)
	o := newAgentSite(t, pg.Database(t))
	o.hire()
	o.store.Accounts.Refresh(t.Context())
	pg.Stop(t)
	ctx := chromium(t)
	browse(t, ctx, chromedp.EmulateViewport(360, 740), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	signInBy(t, ctx, o)
	public := func(path, want string) {
		t.Helper()
		if got := o.get(path); got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s = %d without %q", path, got.status, want)
		}
	}
	fits := func() {
		t.Helper()
		if wide := eval(t, ctx, `String(document.documentElement.scrollWidth - innerWidth)`); wide != "0" {
			t.Errorf("%s is %s pixels wider than the telephone", eval(t, ctx, "location.href"), wide)
		}
	}
	press := func(selector string) { t.Helper(); browse(t, ctx, chromedp.Click(chromedp.CSS(selector))) }
	arrives := func(script, want string) { t.Helper(); becomes(t, ctx, script, want) }

	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent/status"))
	fits()
	press(`a.button[href$="do=new"]`)
	arrives(`String(document.querySelectorAll(".kinds > li").length)`, "3")
	fits()
	keep(t, ctx, "write-kinds")
	press(`.kinds a[href$="kind=incident"]`)
	arrives(`String(!!document.querySelector("#title"))`, "true")
	fits()
	keep(t, ctx, "write-new")
	browse(t, ctx, chromedp.SendKeys(chromedp.CSS("#title"), "Quuxmail is not reachable"), chromedp.SendKeys(chromedp.CSS("#text"), "We are looking into it."))
	eval(t, ctx, `(() => { document.querySelector("[name=component-imap]").value = "down"; return ""; })()`)
	press(`.write .row button[value=preview]`)
	arrives(`String(document.querySelectorAll(".preview .banner.down.full, .preview .card.post").length)`, "2")
	fits()
	keep(t, ctx, "write-preview")
	if got := o.get("/status"); strings.Contains(got.body, "Quuxmail") {
		t.Error("a preview is public")
	}
	press(`.write button[value=publish]`)
	arrives(`String(!!document.querySelector(".state.ok a"))`, "true")
	fits()
	public("/status", "Quuxmail is not reachable")
	public("/", "Quuxmail is not reachable")

	keep(t, ctx, "write-start")
	const open = `.posts li:has(a[href^="/status/20"]) a`
	press(open + `[href*="do=update"]`)
	arrives(`String(!!document.querySelector("[name=state][value=identified]"))`, "true")
	press(`[name=state][value=identified]`)
	browse(t, ctx, chromedp.SendKeys(chromedp.CSS("#text"), "A switch is broken."))
	press(`.write button[value=publish]`)
	arrives(`String(!!document.querySelector(".state.ok a"))`, "true")
	post := eval(t, ctx, `document.querySelector(".state.ok a").pathname`)
	public(post, "A switch is broken.")

	press(`.state.ok form button`) // undo
	arrives(`String(!!document.querySelector(".state.ok a"))`, "false")
	if got := o.get(post); strings.Contains(got.body, "A switch is broken.") {
		t.Error("what was undone is still public")
	}

	press(open + `[href*="do=resolve"]`)
	arrives(`String(!!document.querySelector("#text"))`, "true")
	browse(t, ctx, chromedp.SendKeys(chromedp.CSS("#text"), "Everything works again."))
	press(`.write button[value=publish]`)
	arrives(`String(!!document.querySelector(".state.ok a"))`, "true")
	public(post, "Resolved")
	public("/", "Everything works")
}
