package server

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/state"
)

// What visitors do is counted without saying who they are: no address and no
// cookie, and nothing for programs.

// programs are parts of the User-Agent of what is no reader: search engines,
// previews, the mail gateways that open every link, and libraries.
var programs = []string{
	"bot/", "bot;", "bot)", "bot ", "bot-", "crawl", "spider", "slurp", "scan", "preview", "prefetch", "proxy", "monitor", "check", "facebookexternalhit",
	"barracuda", "proofpoint", "mimecast", "safelinks", "curl/", "wget/", "python", "java/", "libwww", "okhttp", "go-http-client", "apache-httpclient", "node-fetch", "axios",
}

// human reports whether a person's browser shows the answer as a page now.
func (r *request) human() bool {
	h := r.Request().Header
	agent := strings.ToLower(h.Get("User-Agent"))
	if r.Request().Method == http.MethodHead || agent == "" || strings.HasSuffix(agent, "bot") {
		return false
	}
	agent = strings.ReplaceAll(agent, "cubot ", "") // a telephone
	for _, part := range programs {
		if strings.Contains(agent, part) {
			return false
		}
	}
	for _, name := range []string{"Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(h.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") || strings.Contains(v, "preview") {
			return false
		}
	}
	dest := h.Get("Sec-Fetch-Dest")
	return dest == "" || dest == "document"
}

// countRead counts one reading of an article.
func (r *request) countRead(a *article.Article) {
	if r.s.state != nil && r.human() {
		r.s.state.Read(a.ID, r.lang, r.now)
	}
}

// countSearch keeps the words of a search; of one visitor's keystrokes the last.
func (r *request) countSearch(words string, results int) {
	if r.s.state != nil && r.Request().Method != http.MethodHead {
		r.s.state.Search(state.Search{Visitor: r.visitor(), Words: words, Lang: r.lang, Results: results}, r.now)
	}
}

// newVisitorKey returns a key that dies with the process.
func newVisitorKey() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}

// visitor tells browsers apart for a few minutes, in memory only.
func (r *request) visitor() string {
	m := hmac.New(sha256.New, r.s.visitorKey)
	m.Write([]byte(r.client.String() + "\n" + r.Request().UserAgent()))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// searchClick answers the script, which says what was chosen from results.
func (r *request) searchClick() error {
	r.noStore()
	if err := r.fromHere(); err != nil {
		return err
	}
	position, err := strconv.Atoi(r.FormValue("position"))
	if err != nil || position < 1 || position > maxResults {
		return badRequest("position is a number from 1 to 100")
	}
	id := 0
	if _, slug, ok := strings.Cut(r.FormValue("url"), "/help/"); ok {
		slug, _, _ = strings.Cut(slug, "?")
		slug, _, _ = strings.Cut(slug, "#")
		if a, _ := r.snap.Help.Find(slug); a != nil {
			id = a.ID
		}
	}
	r.s.state.Click(r.visitor(), id, position, r.now)
	return r.NoContent(http.StatusNoContent)
}
