package server_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var foundTitle = regexp.MustCompile(`<li><a href="(/agent/a/[^"]+|/status/[^"]+)">`)

// TestAgentSearch asks the agents' own search on the sample, with an article that is
// for agents only, one whose review is due, and an incident.
func TestAgentSearch(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	writeFile(t, o.dir, "help/spam/inside/en.md", "---\nid: 7001\ntitle: Quuxfilter for agents\nstate: internal\nreview: 2020-01-01\nservices: [imap]\n---\nQuux words.\n\n## Second {#second}\n\nThe rest of the quux with <b>gnats</b>.\n")
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	if got := o.get("/agent/search?q=quuxfilter"); got.header.Get("Location") != "/agent/signin?next=%2Fagent%2Fsearch%3Fq%3Dquuxfilter" {
		t.Errorf("a stranger: %d %s", got.status, got.header.Get("Location"))
	}
	o.hire()
	posted := o.form("/agent/status", "csrf", o.csrf(), "mode", "new", "do", "publish", "kind", "incident", "title", "Quuxmail is slow", "text", "We are looking.", "component-imap", "degraded")
	if posted.status != http.StatusSeeOther {
		t.Fatalf("posting: %d", posted.status)
	}
	ask := func(q string) (status int, found []string, page string) {
		t.Helper()
		got := o.page("/agent/search?q=" + url.QueryEscape(q))
		page = html.UnescapeString(got.body)
		for _, m := range foundTitle.FindAllStringSubmatch(page, -1) {
			found = append(found, m[1])
		}
		return got.status, found, page
	}
	const inside = "/agent/a/7001?lang=en"
	for _, c := range []struct {
		query, first string
		says         []string
	}{
		{"", "", []string{"lang:de title:apop +imap -pop3"}},
		{"quuxfilter", inside, []string{"for agents only", "review overdue"}},
		{"+quux state:internal", inside, nil},
		{"quux state:overdue services:imap", inside, nil},
		{"gnats", inside + "&section=%23second", []string{"Second</span>", "<mark>gnats</mark>", "state:overdue"}},
		{"lang:de +title:apop", "/agent/a/1009?lang=de", []string{`aria-current="true">Deutsch`, `>Public page</a>`}},
		{"kind:incident quuxmail", "/status/", []string{"Quuxmail is slow"}},
		{"qqqqzzzz", "", []string{"Nothing was found"}},
	} {
		status, found, page := ask(c.query)
		if status != http.StatusOK || c.first == "" && len(found) > 0 || c.first != "" && (len(found) == 0 || !strings.HasPrefix(found[0], c.first)) {
			t.Errorf("%q: %d, %q", c.query, status, found)
		}
		for _, want := range c.says {
			if !strings.Contains(page, want) {
				t.Errorf("%q: the page lacks %q", c.query, want)
			}
		}
	}
	for query, want := range map[string]string{
		"imap titel:x":             "“titel:x” cannot be read (character 6). There is no such field. Did you mean title?",
		`"open`:                    "The quotation mark is not closed.",
		strings.Repeat("a ", 1000): "This search is too long.",
		"*":                        "A pattern begins with two letters",
	} {
		if status, _, page := ask(query); status != http.StatusBadRequest || !strings.Contains(page, want) || !strings.Contains(page, "platform:ios") {
			t.Errorf("%.20q: %d without %q", query, status, want)
		}
	}
	if _, _, page := ask("<script>alert(1)</script>"); strings.Contains(o.page("/agent/search?q=%3Cscript%3E").body, "<script>") || !strings.Contains(page, `value="<script>`) {
		t.Error("the query runs, or is lost")
	}
	if strings.Contains(o.log.String(), "quuxfilter") {
		t.Error("the log knows what an agent asked")
	}
	// Every facet leads to what it counts, and back.
	facet := regexp.MustCompile(`<li><a href="([^"]+)"( aria-current="true")?>[^<]+ <span>(\d+)</span>`)
	first := o.page("/agent/search?q=imap")
	options := facet.FindAllStringSubmatch(first.body, -1)
	if len(options) < 12 {
		t.Errorf("%d facets", len(options))
	}
	for _, f := range options {
		if got := o.page(html.UnescapeString(f[1])); !strings.Contains(got.body, ">"+f[3]+" result") {
			t.Errorf("%s does not find %s", f[1], f[3])
		} else if back := html.UnescapeString(got.body); !strings.Contains(back, `"/agent/search?q=imap" aria-current="true"`) {
			t.Errorf("%s has no way back", f[1])
		}
	}
	if !strings.Contains(o.page("/agent/search?q=mail").body, "page=2&amp;q=mail") || !strings.Contains(o.page("/agent/search?q=mail&page=2").body, `<ol class="results">`) {
		t.Error("there is no second page")
	}
}

// TestAgentSearchByKeys searches in a browser and copies a link that is counted.
func TestAgentSearchByKeys(t *testing.T) {
	o := newAgentSite(t, "")
	o.hire()
	ctx := chromium(t)
	mayUseClipboard(t, ctx, o.http.URL)
	signInBy(t, ctx, o)
	becomes(t, ctx, `document.querySelector("nav a[href='/agent/search']")?.textContent ?? ""`, "Search")
	browse(t, ctx, chromedp.Navigate(o.http.URL+"/agent/search"), chromedp.SendKeys(chromedp.CSS("#q"), "lang:en +title:apple +pop"+kb.Enter))
	becomes(t, ctx, `String(document.querySelectorAll(".results > li").length > 0) + new URLSearchParams(location.search).get("q")`, "truelang:en +title:apple +pop")
	browse(t, ctx, chromedp.Click(chromedp.CSS("[data-copylink]")))
	becomes(t, ctx, `document.querySelector(".toast").textContent`, "Copied")
	link := eval(t, ctx, `navigator.clipboard.readText()`)
	if !strings.HasPrefix(link, o.http.URL+"/r/") {
		t.Errorf("the link is %q", link)
	}
	browse(t, ctx, chromedp.Click(chromedp.CSS(".results a")))
	becomes(t, ctx, `String(location.pathname.startsWith("/agent/a/"))`, "true")
	if r := o.report(); len(r.Articles) != 1 || r.Articles[0].Sent != 1 {
		t.Errorf("the link was not counted: %+v", r.Articles)
	}
}
