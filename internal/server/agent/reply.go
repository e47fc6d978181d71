package agent

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/mail/address"
	"signpost/internal/search"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
	"signpost/internal/token"
)

// A replyOrder says what goes into an agent's reply.
type replyOrder struct {
	Kind     string // "article" or "settings"
	Format   string // "text", "markdown", "html" or "link": for the report
	Article  int
	Anchor   string // of a section; "": see [suggest.ArticleSnippet]
	Lang     string // a language of the site; else the site's first
	Platform string // one of markdown.Platforms, else none
	Client   string // mail program
	Address  string // the customer's; ignored while it is incomplete
	Ticket   string // as pasted; teaches the article its terms, and is not kept
}

// replyFormats are what a reply can be copied as; the state counts them.
var replyFormats = []string{"text", "markdown", "html", "link"}

// formatOf is the format that a form names, "" for none: what else stands there is
// not kept.
func formatOf(r *web.Request) string {
	if f := r.FormValue("format"); slices.Contains(replyFormats, f) {
		return f
	}
	return ""
}

func (o *replyOrder) customer(r *web.Request) suggest.Customer {
	c := suggest.Customer{Client: o.Client}
	if r.Page.Knows(o.Lang) {
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
func (h *Handlers) makeReply(r *web.Request, o replyOrder) (suggest.Snippet, error) {
	c := o.customer(r)
	base := r.Page.Base()
	switch o.Kind {
	case "settings":
		return suggest.SettingsSnippet(r.Page.Snap, r.Page.Texts(), c, base)
	case "", "article":
	default:
		return suggest.Snippet{}, web.BadRequest("kind is article or settings.")
	}
	a, _ := r.Page.Snap.Desk.Find(strconv.Itoa(o.Article))
	if a == nil {
		return suggest.Snippet{}, &web.Error{Status: http.StatusNotFound, Detail: "There is no article with this id."}
	}
	if !r.Page.Snap.Help.Has(a) {
		return suggest.Snippet{}, &web.Error{Status: http.StatusConflict, Detail: "Customers cannot open this article."}
	}
	p, err := suggest.ArticleSnippet(r.Page.Snap, r.Page.Texts(), a, c, o.Anchor, base, "")
	if errors.Is(err, suggest.ErrNoSection) {
		return suggest.Snippet{}, &web.Error{Status: http.StatusNotFound, Detail: "The article has no section with this anchor."}
	} else if err != nil {
		return p, err
	}
	url, err := h.sent(r, a, c, o)
	if err != nil {
		return suggest.Snippet{}, err
	}
	return suggest.ArticleSnippet(r.Page.Snap, r.Page.Texts(), a, c, o.Anchor, base, url)
}

// sent returns the link that goes into a reply, and takes note of it.
func (h *Handlers) sent(r *web.Request, a *article.Article, c suggest.Customer, o replyOrder) (string, error) {
	if err := h.learn(r, a, c, o.Ticket); err != nil {
		r.App.Log.Warn("what a ticket teaches was not kept", "error", err)
	}
	if !h.tracking {
		return plainLink(r.Page, a, c), nil
	}
	token, fresh, err := h.minted.token(h.replyKey(r, a, c, o), func() (string, uint64, error) { return h.mint(r.Page, a, c) })
	if err != nil {
		return "", err
	}
	if fresh != 0 {
		err = h.state.Events.Sent(state.Sent{Nonce: fresh, Article: a.ID, Lang: c.Lang, Platform: c.Platform, Agent: r.Who.Agent, Format: o.Format}, r.Now)
		if err != nil { // the link works all the same
			r.App.Log.Warn("a sent link was not counted", "error", err)
		}
	}
	return r.Page.Base() + "/r/" + token + "/" + a.Slug, nil
}

func (h *Handlers) mint(e page.Context, a *article.Article, c suggest.Customer) (string, uint64, error) {
	nonce := token.NewNonce()
	token, err := h.keys.Reply(token.Reply{Article: a.ID, Lang: c.Lang, Platform: c.Platform, Nonce: nonce})
	return token, nonce, err
}

// plainLink is the permanent link, which nobody counts.
func plainLink(e page.Context, a *article.Article, c suggest.Customer) string {
	u := e.Base() + "/a/" + strconv.Itoa(a.ID)
	if c.Platform != "" {
		u += "?p=" + c.Platform
	}
	return u
}

// replyKey tells replies apart: whoever copies text and then HTML for the same
// ticket sends one reply.
func (h *Handlers) replyKey(r *web.Request, a *article.Article, c suggest.Customer, o replyOrder) string {
	if o.Ticket == "" {
		return ""
	}
	return h.hash("reply", fmt.Sprintf("%q %d %q %q %q", r.Who.Agent, a.ID, c.Lang, c.Platform, o.Ticket))
}

// hash is a keyed hash of something that must not be kept itself.
func (h *Handlers) hash(purpose, text string) string {
	m := hmac.New(sha256.New, h.key)
	m.Write([]byte(purpose + "\n" + text))
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// learn counts the ticket's terms for the article.
func (h *Handlers) learn(r *web.Request, a *article.Article, c suggest.Customer, text string) error {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	t, err := ticket.Parse([]byte(text))
	if err != nil {
		return nil // nothing can be learnt from it
	}
	lang := cmp.Or(t.Lang, c.Lang, r.Page.Snap.DefaultLanguage())
	return h.state.Events.Asked(state.Asked{
		Ticket: h.hash("ticket", text), Article: a.ID, Lang: lang, Terms: search.Terms(lang, t.Subject+"\n"+t.Text),
	}, r.Now)
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

// Reply answers the desk's script with what goes into the clipboard.
func (h *Handlers) Reply(r *web.Request) error {
	id, _ := strconv.Atoi(r.FormValue("article"))
	p, err := h.makeReply(r, replyOrder{
		Kind: r.FormValue("kind"), Format: formatOf(r), Article: id, Anchor: r.FormValue("anchor"), Lang: r.FormValue("lang"), Platform: r.FormValue("platform"),
		Address: r.FormValue("address"), Ticket: r.FormValue("text"),
	})
	if err != nil {
		return err
	}
	body, err := web.EncodeJSON(p)
	if err != nil {
		return err
	}
	r.Send(http.StatusOK, "application/json", body)
	return nil
}
