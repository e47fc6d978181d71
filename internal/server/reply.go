package server

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/desk"
	"signpost/internal/link"
	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/search"
	"signpost/internal/state"
	"signpost/internal/ticket"
)

// A replyOrder says what goes into an agent's reply.
type replyOrder struct {
	Kind     string // "article" or "settings"
	Format   string // "text", "markdown", "html" or "link": for the report
	Article  int
	Lang     string // a language of the site; else the site's first
	Platform string // one of markdown.Platforms, else none
	Client   string // mail program
	Address  string // the customer's; ignored while it is incomplete
	Ticket   string // as pasted; teaches the article its terms, and is not kept
}

func (o *replyOrder) customer(r *request) desk.Customer {
	c := desk.Customer{Client: o.Client}
	if r.knows(o.Lang) {
		c.Lang = o.Lang
	}
	if slices.Contains(markdown.Platforms(), o.Platform) {
		c.Platform = o.Platform
	}
	c.Address, _ = address.Parse(o.Address)
	return c
}

// makeReply writes a piece for a reply that is about to be sent: its link is
// counted, and the article learns from the ticket.
func (r *request) makeReply(o replyOrder) (desk.Piece, error) {
	c := o.customer(r)
	base := r.s.baseURL(r.snap)
	switch o.Kind {
	case "settings":
		return desk.Settings(r.snap, r.s.texts, c, base)
	case "", "article":
	default:
		return desk.Piece{}, badRequest("kind is article or settings")
	}
	a, _ := r.snap.Desk.Find(strconv.Itoa(o.Article))
	if a == nil {
		return desk.Piece{}, &httpError{Status: http.StatusNotFound, Detail: "There is no article with this id."}
	}
	if !r.snap.Help.Has(a) {
		return desk.Piece{}, &httpError{Status: http.StatusConflict, Detail: "Customers cannot open this article."}
	}
	url, err := r.sent(a, c, o)
	if err != nil {
		return desk.Piece{}, err
	}
	return desk.Article(r.snap, r.s.texts, a, c, base, url)
}

// sent returns the link that goes into a reply, and takes note of it.
func (r *request) sent(a *article.Article, c desk.Customer, o replyOrder) (string, error) {
	if err := r.learn(a, c, o.Ticket); err != nil {
		r.s.log.Warn("what a ticket teaches was not kept", "error", err)
	}
	if !r.s.tracking {
		return r.plainLink(a, c), nil
	}
	token, fresh, err := r.s.minted.token(r.replyKey(a, c, o), func() (string, uint64, error) { return r.mint(a, c) })
	if err != nil {
		return "", err
	}
	if fresh != 0 {
		err = r.s.state.Sent(state.Sent{Nonce: fresh, Article: a.ID, Lang: c.Lang, Platform: c.Platform, Agent: r.who.Agent, Format: o.Format}, r.now)
		if err != nil { // the link works all the same
			r.s.log.Warn("a sent link was not counted", "error", err)
		}
	}
	return r.s.baseURL(r.snap) + "/r/" + token + "/" + a.Slug, nil
}

func (r *request) mint(a *article.Article, c desk.Customer) (string, uint64, error) {
	nonce := link.NewNonce()
	token, err := r.s.keys.Reply(link.Reply{Article: a.ID, Lang: c.Lang, Platform: c.Platform, Nonce: nonce})
	return token, nonce, err
}

// plainLink is the permanent link, which nobody counts.
func (r *request) plainLink(a *article.Article, c desk.Customer) string {
	u := r.s.baseURL(r.snap) + "/a/" + strconv.Itoa(a.ID)
	if c.Platform != "" {
		u += "?p=" + c.Platform
	}
	return u
}

// replyKey tells replies apart: whoever copies text and then HTML for the same
// ticket sends one reply.
func (r *request) replyKey(a *article.Article, c desk.Customer, o replyOrder) string {
	if o.Ticket == "" {
		return ""
	}
	return r.s.hash("reply", fmt.Sprintf("%q %d %q %q %q", r.who.Agent, a.ID, c.Lang, c.Platform, o.Ticket))
}

// hash is a keyed hash of something that must not be kept itself.
func (s *Server) hash(purpose, text string) string {
	m := hmac.New(sha256.New, s.visitorKey)
	m.Write([]byte(purpose + "\n" + text))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// learn counts the ticket's terms for the article.
func (r *request) learn(a *article.Article, c desk.Customer, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	t, err := ticket.Parse([]byte(text))
	if err != nil {
		return nil // nothing can be learnt from it
	}
	lang := cmp.Or(t.Lang, c.Lang, r.snap.DefaultLanguage())
	return r.s.state.Asked(state.Asked{
		Ticket: r.s.hash("ticket", text), Article: a.ID, Lang: lang, Terms: search.Terms(lang, t.Subject+"\n"+t.Text),
	}, r.now)
}

// minted remembers the links of the last replies.
type minted struct {
	mu     sync.Mutex
	tokens map[string]string
}

const maxMinted = 5000

// token returns the link's token for a key; fresh is the nonce of a new one,
// else 0.
func (m *minted) token(key string, mint func() (string, uint64, error)) (token string, fresh uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if token := m.tokens[key]; token != "" && key != "" {
		return token, 0, nil
	}
	if token, fresh, err = mint(); err != nil {
		return "", 0, err
	}
	if m.tokens == nil || len(m.tokens) >= maxMinted {
		m.tokens = map[string]string{}
	}
	m.tokens[key] = token
	return token, fresh, nil
}

// agentReply answers the desk's script with what goes into the clipboard.
func (r *request) agentReply() error {
	id, _ := strconv.Atoi(r.FormValue("article"))
	p, err := r.makeReply(replyOrder{
		Kind: r.FormValue("kind"), Format: r.FormValue("format"), Article: id, Lang: r.FormValue("lang"), Platform: r.FormValue("platform"),
		Address: r.FormValue("address"), Ticket: r.FormValue("text"),
	})
	if err != nil {
		return err
	}
	body, err := marshalJSON(p)
	if err != nil {
		return err
	}
	r.send(http.StatusOK, "application/json", body)
	return nil
}

// replyLink answers /r/TOKEN/SLUG: it counts the opening, and leads to the
// article. The token says all that is needed; no database is asked.
func (r *request) replyLink() error {
	h := r.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	token := r.Param("token")
	reply, err := r.s.keys.ReadReply(token)
	if err != nil { // a mail program broke the link: its readable part may be whole
		if a, _ := r.snap.Help.Find(trimLink(r.Param("slug"))); a != nil {
			return r.Redirect(http.StatusFound, r.root()+"/help/"+a.Slug)
		}
		return errNotFound
	}
	a, _ := r.snap.Help.Find(strconv.Itoa(reply.Article))
	if a == nil {
		return r.goneOr404(strconv.Itoa(reply.Article))
	}
	if r.human() {
		r.s.state.Opened(reply.Nonce, a.ID, r.now)
	}
	lang := reply.Lang
	if !r.knows(lang) {
		lang = cmp.Or(locale.Match(r.Request().Header.Get("Accept-Language"), r.snap.Languages()), r.lang)
	}
	target := rootOf(r.snap, lang) + "/help/" + a.Slug + "?"
	if reply.Platform != "" {
		target += "p=" + reply.Platform + "&"
	}
	return r.Redirect(http.StatusFound, target+"r="+token)
}

// trimLink takes off what a sentence left behind a link.
func trimLink(s string) string { return strings.TrimRight(s, ".,;:!?)]}>'\"*_") }
