package server_test

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const testProvider = `provider: example.com
name: Example Mail
domains: [example.com]
services:
  - {use: imap, host: imap.example.com}
  - {use: pop3, host: pop.example.com}
  - {use: submit, host: smtp.example.com}
`

func smallSite() map[string]string {
	return map[string]string{
		"site.yaml":              "name: Test\nurl: https://help.example.com\nhosts: [support.example.net]\nlanguages: [en, de]\ndefault_provider: example.com\ntime_zone: Europe/Oslo\ncomponents:\n  - {id: imap, name: IMAP}\ncontact: {email: support@example.com}\n",
		"providers/example.yaml": testProvider,
		"help/mail/apop/en.md":   "---\nid: 1001\ntitle: APOP on the Mac\nwas: [old-apop]\nservices: [imap]\n---\nUse {{imap.host}}.\n",
		"help/mail/spam/en.md":   "---\nid: 1002\ntitle: Spam filter\nsummary: How spam is sorted\npublished: 2026-10-01\n---\n## Train it {#train}\n\nPress **Report spam**.\n",
		"help/mail/spam/de.md":   "---\ntitle: Der Spamfilter\n---\n## Trainieren {#train}\n\nDrücken Sie **Spam melden**.\n",
	}
}

func TestPagesOfTheSample(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for _, tt := range []struct{ path, want string }{
		{"/", "How can we help?"},
		{"/nb/", "Example Mail"},
		{"/de/", "Example Mail"},
		{"/topics/spam", "How the spam filter works"},
		{"/help/apple-mail-pop", "apop.example.com"},
		{"/de/help/spam-filter", "Spam"},
		{"/help/apple-mail-pop.md", "# Apple Mail with POP"},
		{"/help/apple-mail-pop.txt", "Apple Mail with POP"},
		{"/help/apple-mail-pop.json", `"slug":"apple-mail-pop"`},
		{"/search?q=apop", "/help/apple-mail-pop"},
		{"/search", "Search"},
		{"/contact", "support@example.com"},
		{"/status", "Everything works"},
		{"/sitemap.xml", "https://help.example.com/de/help/spam-filter"},
		{"/robots.txt", "Sitemap: https://help.example.com/sitemap.xml"},
		{"/opensearch.xml", "https://help.example.com/search?q={searchTerms}"},
		{"/llms.txt", "https://help.example.com/help/spam-filter.md"},
		{"/help/feed.atom", "<feed"},
		{"/api/v1/search?q=apop", `"slug":"apple-mail-pop"`},
		{"/api/v1/articles/1009", `"slug":"apple-mail-pop"`},
		{"/files/help/spam/extra-spam-filter/extra-filter.sieve", "X-Spam-Score"},
		{"/healthz", "ok"},
		{"/readyz", "ok"},
	} {
		got := d.get(tt.path)
		if got.status != http.StatusOK || !strings.Contains(got.body, tt.want) {
			t.Errorf("GET %s = %d without %q", tt.path, got.status, tt.want)
		}
		head := d.do(http.MethodHead, tt.path, "")
		if head.status != http.StatusOK || head.body != "" || head.header.Get("Content-Type") != got.header.Get("Content-Type") {
			t.Errorf("HEAD %s = %d, %q, %d bytes", tt.path, head.status, head.header.Get("Content-Type"), len(head.body))
		}
		if strings.Contains(got.body, "127.0.0.1") {
			t.Errorf("GET %s repeats the request's host", tt.path)
		}
	}
}

func TestFirstResults(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for query, want := range map[string]string{
		"apop": "apple-mail-pop", "spam": "spam-filter", "certificate warning": "certificate-warning", "paswrod": "password",
	} {
		var v struct {
			Query   string
			Total   int
			Results []struct{ Kind, ID, Slug, Title, URL, Anchor, Section, Snippet string }
		}
		got := d.get("/api/v1/search?q=" + strings.ReplaceAll(query, " ", "+"))
		if err := json.Unmarshal([]byte(got.body), &v); err != nil {
			t.Fatal(err)
		}
		if len(v.Results) == 0 || !strings.Contains(v.Results[0].Slug, want) || v.Results[0].Kind != "article" {
			t.Errorf("%q: first of %d is %+v, want %s", query, v.Total, v.Results[:min(1, len(v.Results))], want)
		}
		_, page, _ := strings.Cut(d.get("/search?q="+strings.ReplaceAll(query, " ", "+")).body, "<main")
		if i := strings.Index(page, `href="/help/`); i < 0 || !strings.Contains(page[i:i+60], want) {
			t.Errorf("%q: the page without scripts does not have it first", query)
		}
	}
	if got := d.get("/api/v1/search?q=qqqqxxxx").body; !strings.Contains(got, `"results":[]`) {
		t.Errorf("no result: %s", got)
	}
}

func TestRedirectsAndErrors(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	for _, tt := range []struct {
		path, accept string
		status       int
		location     string
	}{
		{"/help/old-apop", "", 301, "/help/apop"},
		{"/help/APOP", "", 301, "/help/apop"},
		{"/de/help/old-apop.md", "", 301, "/de/help/apop.md"},
		{"/a/1002", "", 302, "/help/spam"},
		{"/a/1002.", "", 302, "/help/spam"},
		{"/a/1002),", "", 302, "/help/spam"},
		{"/a/1002-spam-filter", "", 302, "/help/spam"},
		{"/a/1002?p=ios", "", 302, "/help/spam?p=ios"},
		{"/a/1002?p=evil", "", 302, "/help/spam"},
		{"/a/1002", "de-DE,de;q=0.9,en;q=0.5", 302, "/de/help/spam"},
		{"/", "de", 302, "/de/"},
		{"/", "fr", 200, ""},
		{"/en/help/spam", "", 301, "/help/spam"},
		{"/de", "", 301, "/de/"},
		{"/help/spam/", "", 301, "/help/spam"},
		{"/help/nothing", "", 404, ""},
		{"/topics/nothing", "", 404, ""},
		{"/nothing", "", 404, ""},
		{"/a/99", "", 404, ""},
		{"//evil.example.org/", "", 301, "/evil.example.org"},
		{"/de//evil.example.org/", "", 301, "/de/evil.example.org"},
	} {
		got := d.get(tt.path, "Accept-Language", tt.accept)
		if got.status != tt.status || got.header.Get("Location") != tt.location {
			t.Errorf("GET %s (%s) = %d %q, want %d %q", tt.path, tt.accept, got.status, got.header.Get("Location"), tt.status, tt.location)
		}
	}
	near := d.get("/help/spam-filtre")
	if near.status != 404 || !strings.Contains(near.body, `href="/help/spam"`) {
		t.Error("the page for a mistyped slug does not suggest the article that is near")
	}
	for _, path := range []string{"/api/v1/nothing", "/api/v1/articles/99", "/api/v1/search?q=x&limit=0", "/api/v1/search?q=x&lang=xx"} {
		got := d.get(path)
		var v struct {
			Type, Title string
			Status      int
		}
		if err := json.Unmarshal([]byte(got.body), &v); err != nil || v.Status != got.status || got.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("GET %s: %d %q %s", path, got.status, got.header.Get("Content-Type"), got.body)
		}
	}
	if got := d.do("PUT", "/help/spam", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("PUT = %d", got.status)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	for host, want := range map[string]int{
		"help.example.com": 200, "HELP.example.com:443": 200, "support.example.net": 200, "localhost": 200, "127.0.0.1:8080": 200, "[::1]:80": 200,
		"evil.example.org": 421, "example.com": 421, "autoconfig.example.com": 421, "help.example.com.evil.example.org": 421, "": 421,
	} {
		for _, path := range []string{"/", "/help/spam", "/api/v1/search?q=x", "/sitemap.xml", "/nothing"} {
			if host == "" {
				continue // Go's client always sends one
			}
			got := d.get(path, "Host", host)
			if path == "/nothing" && want == 200 {
				continue
			}
			if got.status != want {
				t.Errorf("Host %s, %s: %d, want %d", host, path, got.status, want)
			}
			if strings.Contains(strings.ToLower(got.body), "evil") || strings.Contains(got.body, "support.example.net") {
				t.Errorf("Host %s, %s: the answer repeats the Host header", host, path)
			}
		}
	}
}

func TestHeadersAndEncodings(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	plain := d.get("/help/spam", "Accept-Encoding", "identity")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "public, max-age=",
		"ETag": `"`,
	} {
		if got := plain.header.Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q…", name, got, want)
		}
	}
	if h := plain.header.Get("Strict-Transport-Security"); h != "" {
		t.Errorf("HSTS without TLS: %q", h)
	}
	for _, encoding := range []string{"identity", "gzip", "br"} {
		got := d.get("/help/spam", "Accept-Encoding", encoding)
		if e := got.header.Get("Content-Encoding"); e != encoding && encoding != "identity" {
			t.Errorf("Accept-Encoding %s: Content-Encoding %q", encoding, e)
		}
		again := d.get("/help/spam", "Accept-Encoding", encoding, "If-None-Match", got.header.Get("ETag"))
		if again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s: If-None-Match gives %d", encoding, again.status)
		}
		if got.header.Get("Vary") == "" {
			t.Errorf("%s: no Vary", encoding)
		}
	}
	if got := d.get("/api/v1/search?q=spam"); got.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("the search API has no CORS header")
	}
	page := d.get("/").body
	for _, asset := range regexp.MustCompile(`(?:href|src)="(/static/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		got := d.get(asset[1])
		if got.status != 200 || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
			t.Errorf("GET %s = %d, %s", asset[1], got.status, got.header.Get("Cache-Control"))
		}
	}
}

func TestAuthorizationIsNeverSeen(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	d.get("/help/spam", "Authorization", "Basic c2VjcmV0LXBhc3N3b3Jk")
	d.get("/nothing-c2VjcmV0", "Authorization", "Basic c2VjcmV0LXBhc3N3b3Jk", "Referer", "https://x.example/c2VjcmV0")
	if strings.Contains(d.log.String(), "c2VjcmV0") {
		t.Errorf("the log holds what a visitor sent:\n%s", d.log)
	}
}

func TestBodiesAreLimited(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	got := d.do("POST", "/search", strings.Repeat("x", 1<<20))
	if got.status < 400 || got.status >= 500 {
		t.Errorf("a megabyte to a page that takes none: %d", got.status)
	}
}

func TestSitemapAndFeedAreXML(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for _, path := range []string{"/sitemap.xml", "/opensearch.xml", "/help/feed.atom", "/nb/help/feed.atom"} {
		dec := xml.NewDecoder(strings.NewReader(d.get(path).body))
		for {
			if _, err := dec.Token(); err != nil {
				if err.Error() != "EOF" {
					t.Errorf("%s: %v", path, err)
				}
				break
			}
		}
	}
	var sitemap struct {
		URLs []struct {
			Loc   string `xml:"loc"`
			Links []struct {
				Lang string `xml:"hreflang,attr"`
			} `xml:"link"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal([]byte(d.get("/sitemap.xml").body), &sitemap); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sitemap.URLs, func(u struct {
		Loc   string `xml:"loc"`
		Links []struct {
			Lang string `xml:"hreflang,attr"`
		} `xml:"link"`
	},
	) bool {
		return u.Loc == "https://help.example.com/help/spam-filter"
	})
	if i < 0 || len(sitemap.URLs[i].Links) != 3 {
		t.Errorf("the spam filter's entry names %v", sitemap.URLs[max(i, 0)])
	}
}

// A word and a picture in a draft, an internal and a scheduled article must be
// in no public answer.
func TestCanaries(t *testing.T) {
	t.Parallel()
	files := smallSite()
	const word = "kanarienvogel"
	for name, extra := range map[string]string{"draft": "state: draft", "inside": "state: internal", "later": "publish: 2126-01-01"} {
		files["help/mail/"+name+"/en.md"] = "---\nid: " + map[string]string{"draft": "1010", "inside": "1011", "later": "1012"}[name] +
			"\ntitle: The " + word + " of " + name + "\nalso: [" + word + "xyz]\nservices: [imap]\n" + extra + "\n---\n## Secret " + word + "\n\n" + word + " [[spam]]\n\n![" + word + "](canary.svg)\n"
		files["help/mail/"+name+"/canary.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><title>` + word + `</title></svg>`
	}
	files["help/mail/apop/en.md"] = "---\nid: 1001\ntitle: APOP on the Mac\n---\nSee [[draft]] [[inside]] [[later]] and [[1011]].\n"
	d := folderDesk(t, files)
	paths := []string{
		"/", "/de/", "/help/apop", "/help/apop.md", "/help/apop.txt", "/help/apop.json", "/help/spam", "/topics/mail", "/sitemap.xml", "/llms.txt",
		"/help/feed.atom", "/robots.txt", "/opensearch.xml", "/contact", "/status", "/status/feed.atom", "/status/feed.json", "/api/v2/summary.json",
		"/search?q=" + word, "/search?q=kanarienvogl", "/search?q=secret", "/api/v1/search?q=kanar", "/api/v1/search?q=kanarienvogelxy", "/api/v1/search?q=the",
		"/help/draft", "/help/inside", "/help/later", "/a/1010", "/a/1011", "/a/1012", "/help/drafd", "/api/v1/articles/1010", "/api/v1/articles/1011",
		"/files/help/mail/draft/canary.svg", "/files/help/mail/inside/canary.svg", "/files/help/mail/later/canary.svg", "/topics/nothing",
	}
	for _, path := range paths {
		got := d.get(path)
		for line := range strings.Lines(got.body) {
			// What was searched for may be repeated in the search field and title.
			if strings.Contains(strings.ToLower(line), word) && !strings.Contains(path, "q=") {
				t.Errorf("GET %s tells of a hidden article: %s", path, line)
			}
		}
		if strings.Contains(path, "q=") && (strings.Contains(got.body, "Secret") || strings.Contains(got.body, "The "+word) || strings.Contains(got.body, "/help/draft") || strings.Contains(got.body, "/help/inside")) {
			t.Errorf("GET %s finds a hidden article", path)
		}
		if strings.Contains(path, "canary.svg") && got.status != http.StatusNotFound {
			t.Errorf("GET %s = %d", path, got.status)
		}
	}
	if got := d.get("/api/v1/search?q=kanarienvogl").body; strings.Contains(got, "corrected") {
		t.Errorf("a word of a hidden article corrects a search: %s", got)
	}
}

// An edit is seen and searchable, a broken file keeps its page, other edits go
// on, and strangers see no problem.
func TestEditsGoLive(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	writeFile(t, d.dir, "help/mail/spam/en.md", "---\nid: 1002\ntitle: Spam filter\n---\n## Train it {#train}\n\nThe word quokka.\n")
	within(t, "the edit is visible", func() bool { return strings.Contains(d.get("/help/spam").body, "quokka") })
	if got := d.get("/api/v1/search?q=quokka").body; !strings.Contains(got, `"slug":"spam"`) {
		t.Errorf("the edit is visible but not searchable: %s", got)
	}
	writeFile(t, d.dir, "help/mail/spam/en.md", "---\nid: 1002\ntitle: [broken\n---\nwombat\n")
	writeFile(t, d.dir, "help/mail/apop/en.md", "---\nid: 1001\ntitle: APOP on the Mac\n---\nNumbat.\n")
	within(t, "the other edit goes live", func() bool { return strings.Contains(d.get("/help/apop").body, "Numbat") })
	if got := d.get("/help/spam"); got.status != 200 || !strings.Contains(got.body, "quokka") {
		t.Errorf("the broken article: %d", got.status)
	}
	if got := d.get("/readyz"); got.status != 200 {
		t.Errorf("/readyz = %d beside a broken file", got.status)
	}
	if !strings.Contains(d.log.String(), "help/mail/spam/en.md") {
		t.Errorf("the log does not name the broken file:\n%s", d.log)
	}
	admin := d.admin("/problems")
	if !strings.Contains(admin.body, `"path":"help/mail/spam/en.md"`) || !strings.Contains(d.admin("/metrics").body, `signpost_content_problems{severity="error"} 1`) {
		t.Errorf("the admin listener: %s", admin.body)
	}
	if strings.Contains(d.get("/").body, "broken") {
		t.Error("strangers are told of the problem")
	}
}

func TestRemovedArticleAnswersGone(t *testing.T) {
	t.Parallel()
	d := folderDesk(t, smallSite())
	d.remove("help/mail/spam")
	within(t, "the article is gone", func() bool { return d.get("/help/spam").status == http.StatusGone })
	if got := d.get("/a/1002"); got.status != http.StatusGone || !strings.Contains(got.body, `name="q"`) {
		t.Errorf("/a/1002 = %d", got.status)
	}
	if got := d.get("/help/apop"); got.status != 200 {
		t.Errorf("the other article: %d", got.status)
	}
}

func TestFilesRunInASandbox(t *testing.T) {
	t.Parallel()
	files := smallSite()
	files["help/mail/spam/evil.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><script>alert(1)</script></svg>`
	files["help/mail/spam/page.html"] = "<script>alert(1)</script>"
	d := folderDesk(t, files)
	got := d.get("/files/help/mail/spam/evil.svg")
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Content-Security-Policy"), "sandbox;") {
		t.Errorf("an SVG: %d, %s", got.status, got.header.Get("Content-Security-Policy"))
	}
	for _, path := range []string{"/files/help/mail/spam/page.html", "/files/site.yaml", "/files/providers/example.yaml", "/files/help/mail/spam/en.md", "/files/../site.yaml", "/files/%2e%2e/site.yaml"} {
		if got := d.get(path); got.status == 200 {
			t.Errorf("GET %s = 200", path)
		}
	}
}
