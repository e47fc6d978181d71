package server_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"signpost/internal/server"
	"signpost/internal/token"
)

// publicRoutes are all that strangers may use. A new route that is not named
// here must refuse them.
var publicRoutes = regexp.MustCompile(`^(/|/(help|topics|a|contact|search|status|history|setup|p|r|static|files|theme\.css|style|healthz|readyz)\b.*` +
	`|/(mail|\.well-known|autodiscover)/.*|/(sitemap\.xml|robots\.txt|opensearch\.xml|llms\.txt|widget\.js|widget|mcp)` +
	`|/api/v2/.*|/api/v1/(search|setup|articles/:id|openapi\.json|votes)|/agent/signin|/agent/openid|/agent/openid/back)$`)

func TestEveryOtherRouteIsClosed(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	refused := 0
	for _, route := range o.srv.Routes() {
		method, template, _ := strings.Cut(route, " ")
		if publicRoutes.MatchString(template) || strings.HasPrefix(method, "echo_") {
			continue
		}
		refused++
		path := regexp.MustCompile(`:[a-z]+|\*`).ReplaceAllString(template, "1009")
		for name, header := range map[string][]string{
			"nothing":    nil,
			"cookie":     {"Cookie", "signpost=AAAAAAAAAAAAAAAAAAAAAAAA"},
			"token":      {"Authorization", "Bearer AAAAAAAAAAAAAAAAAAAA"},
			"basic":      {"Authorization", "Basic YW5uYTphbm5h"},
			"no token":   {"Cookie", o.cookie, "Sec-Fetch-Site", "cross-site"},
			"other site": {"Cookie", o.cookie, "Origin", "https://evil.test", "Content-Type", "application/json"},
		} {
			if (name == "no token" || name == "other site") && (method == http.MethodGet || method == http.MethodHead) {
				continue
			}
			got := o.do(method, path, "{}", header...)
			switch {
			case strings.HasPrefix(template, "/api/") && (got.status == http.StatusUnauthorized || got.status == http.StatusForbidden):
				if method != http.MethodHead && got.header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s %s with %s: %s", method, template, name, got.header.Get("Content-Type"))
				}
			case strings.HasPrefix(got.header.Get("Location"), "/agent/signin?next="), got.status == http.StatusForbidden:
			default:
				t.Errorf("%s %s with %s answers %d", method, template, name, got.status)
			}
			if cc := got.header.Get("Cache-Control"); cc != "no-store" {
				t.Errorf("%s %s with %s may be kept: %q", method, template, name, cc)
			}
		}
	}
	if refused < 15 {
		t.Errorf("only %d routes were tried", refused)
	}
}

func TestSigningIn(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	if got := o.get("/agent/signin"); !strings.Contains(got.body, "signpost agent add") || strings.Contains(got.body, `type="password"`) {
		t.Error("the page does not say how the first account is made")
	}
	o.hire()
	if got := o.get("/de/agent"); got.status != http.StatusSeeOther || got.header.Get("Location") != "/de/agent/signin?next=%2Fde%2Fagent" {
		t.Errorf("a stranger is led to %q", got.header.Get("Location"))
	}
	for _, next := range []string{"https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"} {
		if got := o.form("/agent/signin", "name", "anna", "password", annasPassword, "next", next); got.header.Get("Location") != "/agent" {
			t.Errorf("next %q leads to %q", next, got.header.Get("Location"))
		}
	}
	if got := o.form("/agent/signin", "name", "anna", "password", "wrong wrong wrong", "next", "/agent/report"); got.status != http.StatusUnauthorized ||
		!strings.Contains(got.body, "name or the password is wrong") || !strings.Contains(got.body, `value="/agent/report"`) {
		t.Errorf("a wrong password: %d", got.status)
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.test"}} {
		got := o.do(http.MethodPost, "/agent/signin", "name=anna&password=correct+horse+battery", append(header, "Content-Type", "application/x-www-form-urlencoded")...)
		if got.status != http.StatusForbidden || got.header.Get("Set-Cookie") != "" {
			t.Errorf("another site signs in: %d", got.status)
		}
	}
	page := o.page("/agent")
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"} {
		if page.header.Get(name) != want {
			t.Errorf("%s: %q", name, page.header.Get(name))
		}
	}
	if got := o.form("/agent/signout"); got.status != http.StatusForbidden {
		t.Errorf("signing out without a token: %d", got.status)
	}
	if got := o.form("/agent/signout", "csrf", o.csrf()); got.status != http.StatusSeeOther {
		t.Errorf("signing out: %d", got.status)
	}
	if got := o.page("/agent"); got.status != http.StatusSeeOther {
		t.Errorf("after signing out: %d", got.status)
	}
	limited := false
	for range 40 {
		if got := o.form("/agent/signin", "name", "anna", "password", "wrong wrong wrong"); got.status == http.StatusTooManyRequests {
			limited = got.header.Get("Retry-After") != ""
			break
		}
	}
	if !limited {
		t.Error("anybody may guess for ever")
	}
}

const kariTicket = "From: Kari Canary <kari.canary@example.com>\r\nSubject: Re: [Ticket #8812] Wrong password\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
	"Hello,\r\n\r\nsince this morning Apple Mail on my Mac says AUTHENTICATIONFAILED. Zyzzogeton is my cat.\r\n\r\nKari Canary\r\n"

func TestDesk(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	got := o.form("/agent", "csrf", o.csrf(), "text", kariTicket)
	for _, want := range []string{"AUTHENTICATIONFAILED", `<option value="macos" selected>`, `<option value="en" selected>`, `value="kari.canary@example.com"`, "Because of:", `formaction="/agent/a/`} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the desk's answer has no %s", want)
		}
	}
	if n := strings.Count(got.body, "data-article="); n != 5 {
		t.Errorf("%d articles", n)
	}
	file := o.upload([]byte(kariTicket))
	if strings.Contains(file.body, "Canary &lt;") || !strings.Contains(file.body, "Zyzzogeton") || strings.Count(file.body, "data-article=") != 5 {
		t.Error("a file is not read like a text")
	}
	// What was detected before is no choice for the next ticket; what was chosen is.
	next := o.form("/agent", "csrf", o.csrf(), "text", "Auf meinem iPhone kann ich keine E-Mails senden. Was soll ich tun? Vielen Dank und freundliche Grüße",
		"platform", "macos", "was-platform", "macos", "lang", "nb", "was-lang", "en")
	if !strings.Contains(next.body, `<option value="ios" selected>`) || !strings.Contains(next.body, `<option value="nb" selected>`) {
		t.Error("choices and detections are confused")
	}
	if got := o.form("/agent", "csrf", o.csrf(), "text", kariTicket, "gap", "1"); !strings.Contains(got.body, "Noted. Thank you.") {
		t.Error("a gap was not noted")
	}
	gaps, err := o.store.Reports.Gaps(t.Context(), false)
	if err != nil || len(gaps) != 1 || !slices.Contains(gaps[0].Terms, "authenticationfailed") || slices.Contains(gaps[0].Terms, "zyzzogeton") || gaps[0].Agent != "anna" {
		t.Errorf("the gap: %+v, %v", gaps, err)
	}
	if page := o.page("/agent/report"); !strings.Contains(page.body, "authenticationfailed") {
		t.Error("the report does not show the gap")
	}
	if got := o.form("/agent/gaps", "csrf", o.csrf(), "gap", strconv.FormatInt(gaps[0].ID, 10)); got.status != http.StatusSeeOther {
		t.Errorf("closing a gap: %d", got.status)
	}
	if page := o.page("/agent/report"); strings.Contains(page.body, "authenticationfailed") {
		t.Error("a closed gap is still shown")
	}
}

// nested is a message with messages inside messages.
func nested(parts, size int) []byte {
	var b strings.Builder
	b.WriteString("From: a@example.com\r\nMIME-Version: 1.0\r\n")
	for i := range parts {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\n")
	for b.Len() < size {
		b.WriteString("imap password ")
	}
	return []byte(b.String()[:size])
}

func TestTicketsThatAreRefused(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	for name, tt := range map[string]struct {
		raw    []byte
		status int
		want   string
	}{
		"60 nested parts":  {nested(60, 1<<20), http.StatusUnprocessableEntity, "many levels deep"},
		"larger than 1 MB": {nested(1, 1<<20+1), http.StatusUnprocessableEntity, "larger than 1 MB"},
		"far larger":       {nested(1, 3<<20), http.StatusRequestEntityTooLarge, "larger than 1 MB"},
		"many parts":       {[]byte("Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 80)), http.StatusUnprocessableEntity, "very many parts"},
		"nothing":          {[]byte("Subject: \r\n\r\n  \r\n"), http.StatusUnprocessableEntity, "no text"},
	} {
		t.Run(name, func(t *testing.T) {
			got := o.upload(tt.raw)
			if got.status != tt.status || !strings.Contains(got.body, tt.want) || !strings.Contains(got.body, `id="desk-error"`) {
				t.Errorf("%d without %q", got.status, tt.want)
			}
		})
	}
	if got := o.form("/agent/a/1009", "csrf", o.csrf(), "text", strings.Repeat("x", 70<<10)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("70 KiB on another route: %d", got.status)
	}
}

func TestReplyLinks(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	piece := func(pairs ...string) (p struct{ URL, Text, Markdown, HTML string }) {
		got := o.form("/agent/reply", append(pairs, "csrf", o.csrf(), "kind", "article", "article", "1009", "lang", "de", "platform", "macos")...)
		if err := json.Unmarshal([]byte(got.body), &p); err != nil {
			t.Fatalf("%d: %v", got.status, err)
		}
		return p
	}
	first := piece("format", "text", "text", kariTicket)
	if again := piece("format", "html", "text", kariTicket); again.URL != first.URL {
		t.Error("text and HTML of one reply have different links")
	}
	if other := piece("format", "html", "text", "another ticket"); other.URL == first.URL {
		t.Error("two tickets share a link")
	}
	if !strings.Contains(first.Text, first.URL) || !strings.Contains(first.Markdown, first.URL) || !strings.Contains(first.HTML, `href="`+first.URL) {
		t.Errorf("a text has no link: %+v", first)
	}
	// Browsers carry the fragment over the redirect (RFC 9110, section 10.2.2).
	path, anchor, _ := strings.Cut(strings.TrimPrefix(first.URL, o.http.URL), "#")
	if !regexp.MustCompile(`^/r/[A-Za-z0-9_-]{20,60}/apple-mail-pop$`).MatchString(path) || anchor != "step-macos-1" {
		t.Fatalf("the link is %s", first.URL)
	}
	for _, uncounted := range []struct{ method, agent, header, value string }{
		{http.MethodHead, browserAgent, "X-Test", "1"},
		{http.MethodGet, "Mozilla/5.0 (compatible; examplebot/2.1)", "X-Test", "1"},
		{http.MethodGet, "curl/8.5.0", "X-Test", "1"},
		{http.MethodGet, browserAgent, "Sec-Purpose", "prefetch;prerender"},
		{http.MethodGet, browserAgent, "Sec-Fetch-Dest", "image"},
		{http.MethodGet, "MailGateway LinkScanner", "X-Test", "1"},
	} {
		if got := o.do(uncounted.method, path, "", "User-Agent", uncounted.agent, uncounted.header, uncounted.value); got.status != http.StatusFound {
			t.Errorf("%s by %s: %d", uncounted.method, uncounted.agent, got.status)
		}
	}
	if c := o.articleCount(1009); c.Sent != 2 || c.Opens != 0 {
		t.Errorf("before: %+v", c)
	}
	got := o.get(path, "User-Agent", browserAgent)
	target := got.header.Get("Location")
	if got.status != http.StatusFound || !strings.HasPrefix(target, "/de/help/apple-mail-pop?p=macos&r=") || got.header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s %s", got.status, target, got.header.Get("Cache-Control"))
	}
	if c := o.articleCount(1009); c.Sent != 2 || c.Opened != 1 || c.Opens != 1 {
		t.Errorf("after: %+v", c)
	}
	if got := o.get("/r/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/apple-mail-pop)."); got.header.Get("Location") != "/help/apple-mail-pop" {
		t.Errorf("a damaged link: %d %s", got.status, got.header.Get("Location"))
	}
	if got := o.get("/r/AAAA"); got.status != http.StatusNotFound {
		t.Errorf("a forged link: %d", got.status)
	}
	token := target[strings.Index(target, "r=")+2:]
	vote := o.form("/de/help/apple-mail-pop/vote", "helpful", "yes", "r", token, "revision", "x", "q", "apop jo.canary@example.com")
	fields := anyHidden.FindAllStringSubmatch(vote.body, -1)
	if vote.status != http.StatusOK || len(fields) == 0 || vote.header.Get("Set-Cookie") != "" {
		t.Fatalf("the vote: %d", vote.status)
	}
	reason := o.form("/de/help/apple-mail-pop/vote", "vote", fields[len(fields)-1][2], "reason", "clear", "comment", "Danke! jo.canary@example.com")
	if reason.status != http.StatusOK || !strings.Contains(reason.body, "/de/help/apple-mail-pop") {
		t.Errorf("the reason: %d", reason.status)
	}
	if c := o.articleCount(1009); c.ReplyHelped != 1 || c.Helped != 1 {
		t.Errorf("the vote is not credited once: %+v", c)
	}
	r := o.report()
	if len(r.Comments) != 1 || r.Comments[0].Reason != "clear" || strings.Contains(r.Comments[0].Comment+r.Comments[0].Query, "canary") || r.Comments[0].Lang != "de" {
		t.Errorf("comments: %+v", r.Comments)
	}
	page := o.page("/agent/report")
	if !strings.Contains(page.body, ">Apple Mail with POP") {
		t.Error("the report does not name the article")
	}
}

func TestWithoutTracking(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "", func(c *server.Config) { c.Tracking = false })
	o.hire()
	got := o.form("/agent/reply", "csrf", o.csrf(), "kind", "article", "article", "1009", "format", "link", "text", kariTicket, "platform", "macos")
	if !strings.Contains(got.body, o.http.URL+"/a/1009?p=macos") || strings.Contains(got.body, "/r/") {
		t.Errorf("the link: %s", got.body)
	}
	if c := o.articleCount(1009); c.Sent != 0 {
		t.Errorf("counted all the same: %+v", c)
	}
	if page := o.page("/agent/a/1009"); !strings.Contains(page.body, o.http.URL+"/a/1009") || strings.Contains(page.body, "/r/") {
		t.Error("the editor has another link")
	}
	// A link that was sent while tracking was on leads there all the same.
	token, err := o.keys.Reply(token.Reply{Article: 1009, Platform: "macos", Nonce: 7})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.page("/r/" + token + "/apple-mail-pop."); got.status != http.StatusFound || got.header.Get("Location") != "/help/apple-mail-pop?p=macos" {
		t.Errorf("an old link: %d to %s", got.status, got.header.Get("Location"))
	}
	if c := o.articleCount(1009); c.Opened != 0 {
		t.Errorf("an opening was counted: %+v", c)
	}
}

// TestLearning answers tickets about a made-up word with one article until the
// next snapshot finds it by that word.
func TestLearning(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	const ticket = "My quux device shows frobnication when I try to use it"
	if got := o.form("/agent", "csrf", o.csrf(), "text", ticket); strings.Contains(got.body, `data-article="1009"`) {
		t.Fatal("the article is suggested before anything was learnt")
	}
	for i := range 4 {
		o.form("/agent/reply", "csrf", o.csrf(), "kind", "article", "article", "1009", "format", "text", "text", fmt.Sprintf("%s, number %d", ticket, i))
	}
	o.settle()
	o.later.Add(int64(time.Minute))
	if err := o.live.Renew(); err != nil {
		t.Fatal(err)
	}
	got := o.form("/agent", "csrf", o.csrf(), "text", ticket)
	if !strings.Contains(got.body, `data-article="1009"`) || !strings.Contains(got.body, "in earlier tickets") {
		t.Error("nothing was learnt")
	}
}

func TestEditor(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	short := o.form("/agent/a/1009", "csrf", o.csrf(), "from", "desk", "platform", "macos", "lang", "en", "address", "kari.canary@example.com", "text", kariTicket)
	whole := o.form("/agent/a/1009", "csrf", o.csrf(), "section", "whole", "platform", "macos", "lang", "en", "address", "kari.canary@example.com")
	for name, page := range map[string]string{"short": short.body, "whole": whole.body} {
		for _, want := range []string{"apop.example.com", o.http.URL + "/r/", `id="as-markdown"`, `value="kari.canary@example.com"`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
	}
	if len(whole.body) < len(short.body) {
		t.Error("the whole article is shorter than the short answer")
	}
	if got := o.page("/agent/a/1009?address=kari.canary@example.com"); strings.Contains(got.body, "canary") {
		t.Error("an address is taken from a GET")
	}
	token := regexp.MustCompile(`name="token" value="([^"]+)"`).FindStringSubmatch(short.body)
	if token == nil {
		t.Fatal("the editor has no token")
	}
	for range 2 {
		if got := o.form("/agent/sent", "csrf", o.csrf(), "article", "1009", "token", token[1], "format", "text", "text", kariTicket); got.status != http.StatusNoContent {
			t.Errorf("sent: %d", got.status)
		}
	}
	if c := o.articleCount(1009); c.Sent != 1 {
		t.Errorf("sent %d times", c.Sent)
	}
}

func TestReportFiles(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	o.hire()
	for _, words := range []string{"=HYPERLINK(\"https://evil.test\")", "+1+1", "-2", "@SUM(A1)", "<img src=x onerror=alert(1)>"} {
		o.get("/search?q="+strings.NewReplacer("+", "%2B", " ", "+", "\"", "%22", "<", "%3C", ">", "%3E").Replace(words), "User-Agent", browserAgent+words[:2])
	}
	o.settle()
	got := o.page("/agent/report.csv?table=searches&days=7")
	if !strings.HasPrefix(got.header.Get("Content-Type"), "text/csv") || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("headers: %v", got.header)
	}
	if regexp.MustCompile(`(?m)^"?[=+\-@]`).MatchString(got.body) || !strings.Contains(got.body, "'=hyperlink") {
		t.Errorf("cells that a spreadsheet computes:\n%s", got.body)
	}
	for _, table := range []string{"articles", "gaps", "comments", "days"} {
		if got := o.page("/agent/report.csv?table=" + table); got.status != http.StatusOK || !strings.Contains(got.body, ",") {
			t.Errorf("%s: %d", table, got.status)
		}
	}
	if got := o.page("/agent/report.csv?table=secrets"); got.status != http.StatusNotFound {
		t.Errorf("an unknown table: %d", got.status)
	}
	if page := o.page("/agent/report"); strings.Contains(page.body, "<img src=x") {
		t.Error("a search runs in the report")
	}
}

// TestCrowd lets 200 agents sign in and ask at once.
func TestCrowd(t *testing.T) { // alone: it measures the heap
	if testing.Short() {
		t.Skip("200 sign-ins take half a minute")
	}
	o := newAgentSite(t, "")
	o.hire()
	token, small, large := o.csrf(), kariTicket+strings.Repeat("The password of my mailbox is refused. ", 80), string(nested(3, 900<<10))
	before := heap()
	var most atomic.Uint64
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(50 * time.Millisecond):
				most.Store(max(most.Load(), heap()))
			}
		}
	}()
	var answers sync.Map
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			got := o.form("/agent/signin", "name", "agent"+strconv.Itoa(i), "password", "wrong wrong wrong")
			answers.Store(fmt.Sprint("signin ", i), got.status)
		})
		wg.Go(func() {
			ticket := small
			if i%10 == 0 {
				ticket = large
			}
			got := o.form("/agent", "csrf", token, "text", ticket)
			answers.Store(fmt.Sprint("ticket ", i), got.status)
		})
	}
	slow := time.Duration(0)
	for range 20 { // the public pages meanwhile
		begin := time.Now()
		if got := o.get("/"); got.status != http.StatusOK {
			t.Errorf("the home page: %d", got.status)
		}
		slow = max(slow, time.Since(begin))
		time.Sleep(100 * time.Millisecond)
	}
	wg.Wait()
	close(done)
	peak := most.Load()
	counts := map[string]int{}
	answers.Range(func(k, v any) bool {
		counts[strings.Fields(k.(string))[0]+" "+strconv.Itoa(v.(int))]++
		return true
	})
	t.Logf("answers %v, slowest page %v, heap %d MiB before, %d MiB at most", counts, slow, before>>20, peak>>20)
	if counts["ticket 200"] < 10 || counts["ticket 200"]+counts["ticket 503"] != 200 || counts["signin 401"]+counts["signin 429"]+counts["signin 503"] != 200 {
		t.Errorf("answers: %v", counts)
	}
	if peak > before+600<<20 { // the requests are made in this process too
		t.Errorf("the heap grew from %d to %d MiB", before>>20, peak>>20)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// TestNoTrace sends an address, a ticket and a client through everything, and
// looks for them in all files and the log.
func TestNoTrace(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "", func(c *server.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	o.hire()
	header := []string{"User-Agent", browserAgent, "X-Forwarded-For", "203.0.113.77", "Cookie", o.cookie, "Content-Type", "application/x-www-form-urlencoded", "Referer", "https://webmail.example.net/?to=kari.canary@example.com"}
	post := func(path, body string) {
		if got := o.do(http.MethodPost, path, body, header...); got.status >= 500 {
			t.Errorf("POST %s: %d", path, got.status)
		}
	}
	o.upload([]byte(kariTicket))
	o.form("/agent", "csrf", o.csrf(), "text", kariTicket, "gap", "1", "address", "kari.canary@example.com")
	o.form("/agent/a/1009", "csrf", o.csrf(), "text", kariTicket, "address", "kari.canary@example.com", "sent", "1")
	for range 3 {
		o.form("/agent/reply", "csrf", o.csrf(), "kind", "article", "article", "1009", "text", kariTicket, "address", "kari.canary@example.com")
	}
	o.get("/search?q=kari.canary%40example.com+password", header...)
	o.get("/help/spam-filter", header...)
	o.get("/r/kari.canary@example.com/x", header...)
	post("/help/spam-filter/vote", "helpful=no&q=kari.canary%40example.com")
	post("/search/click", "url=/help/kari.canary@example.com&position=1")
	post("/agent/status", "do=publish&text=kari.canary@example.com")
	o.settle()
	o.stop()
	for _, canary := range []string{"canary", "zyzzogeton", "203.0.113.77", "webmail.example.net"} {
		if strings.Contains(strings.ToLower(o.log.String()), canary) {
			t.Errorf("the log holds %q", canary)
		}
	}
	err := filepath.WalkDir(o.data, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, canary := range []string{"canary", "zyzzogeton", "203.0.113.77", "webmail.example.net", "127.0.0.1"} {
			if strings.Contains(strings.ToLower(string(raw)), canary) {
				t.Errorf("%s holds %q", filepath.Base(path), canary)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
