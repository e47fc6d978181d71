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
	"signpost/internal/server/exchange"
	"signpost/internal/state"
)

// What visitors do is counted without saying who they are: no address and no
// cookie, and nothing for programs.

// countRead counts one reading of an article.
func (rm *Room) countRead(r *exchange.Request, a *article.Article) {
	if rm.state != nil && r.Human() {
		rm.state.Events.Read(a.ID, r.Lang, r.Now)
	}
}

// countSearch keeps the words of a search; of one visitor's keystrokes the last.
func (rm *Room) countSearch(r *exchange.Request, words string, results int) {
	if rm.state != nil && r.Request().Method != http.MethodHead {
		rm.state.Events.Search(state.Search{Visitor: rm.visitor(r), Words: words, Lang: r.Lang, Results: results}, r.Now)
	}
}

// newVisitorKey returns a key that dies with the process.
func newVisitorKey() []byte {
	key := make([]byte, 32)
	rand.Read(key)
	return key
}

// visitor tells browsers apart for a few minutes, in memory only.
func (rm *Room) visitor(r *exchange.Request) string {
	m := hmac.New(sha256.New, rm.visitorKey)
	m.Write([]byte(r.Client.String() + "\n" + r.Request().UserAgent()))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// Click answers the script, which says what was chosen from results.
func (rm *Room) Click(r *exchange.Request) error {
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
		return exchange.BadRequest("position is a number from 1 to 100")
	}
	id := 0
	if _, slug, ok := strings.Cut(form.Get("url"), "/help/"); ok {
		slug, _, _ = strings.Cut(slug, "?")
		slug, _, _ = strings.Cut(slug, "#")
		if a, _ := r.Snap.Help.Find(slug); a != nil {
			id = a.ID
		}
	}
	rm.state.Events.Click(rm.visitor(r), id, position, r.Now)
	return r.NoContent(http.StatusNoContent)
}
