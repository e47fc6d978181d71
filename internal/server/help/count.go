package help

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/server/web"
	"signpost/internal/state"
)

// What visitors do is counted without saying who they are: no address and no
// cookie, and nothing for programs.

// countRead counts one reading of an article.
func (h *Handlers) countRead(r *web.Request, a *article.Article) {
	if h.state != nil && r.Human() {
		h.state.Events.Read(a.ID, r.Page.Lang, r.Now)
	}
}

// countSearch keeps the words of a search; of one visitor's keystrokes the last.
func (h *Handlers) countSearch(r *web.Request, words string, results int) {
	if h.state != nil && r.Request().Method != http.MethodHead {
		h.state.Events.Search(state.Search{Visitor: h.visitor(r), Words: words, Lang: r.Page.Lang, Results: results}, r.Now)
	}
}

// newVisitorKey returns a key that dies with the process.
func newVisitorKey() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}

// visitor tells browsers apart for a few minutes, in memory only.
func (h *Handlers) visitor(r *web.Request) string {
	m := hmac.New(sha256.New, h.visitorKey)
	m.Write([]byte(r.Client.String() + "\n" + r.Request().UserAgent()))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// Click answers the script, which says what was chosen from results.
func (h *Handlers) Click(r *web.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	position, err := strconv.Atoi(form.Get("position"))
	if err != nil || position < 1 || position > maxResults {
		return web.BadRequest("position is a number from 1 to 100")
	}
	id := 0
	if _, slug, ok := strings.Cut(form.Get("url"), "/help/"); ok {
		slug, _, _ = strings.Cut(slug, "?")
		slug, _, _ = strings.Cut(slug, "#")
		if a, _ := r.Page.Snap.Help.Find(slug); a != nil {
			id = a.ID
		}
	}
	h.state.Events.Click(h.visitor(r), id, position, r.Now)
	return r.NoContent()
}
