package help

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/token"
	"signpost/internal/view"
)

// A VoteOrder says whether an article helped.
type VoteOrder struct {
	Article  int    `json:"article"`
	Helpful  bool   `json:"helpful"`
	Lang     string `json:"lang,omitempty" jsonschema:"description=The language that was read"`
	Revision string `json:"revision,omitempty" jsonschema:"description=Of the text that was read; default: the present one"`
	Reason   string `json:"reason,omitempty" jsonschema:"description=accurate, clear or other; wrong, outdated, unclear or other"`
	Comment  string `json:"comment,omitempty" jsonschema:"maxLength=600"`
	Query    string `json:"query,omitempty" jsonschema:"description=The search that led to the article"`
	Reply    string `json:"reply,omitempty" jsonschema:"description=Token of the reply link that led to it"`
}

// VoteAPI answers POST /api/v1/votes.
func (h *Handlers) VoteAPI(r *web.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	var o VoteOrder
	if err := r.ReadJSON(&o); err != nil {
		return err
	}
	if err := r.CheckChoice(o.Lang, ""); err != nil {
		return err
	}
	a, _ := r.Page.Snap.Help.Find(strconv.Itoa(o.Article))
	switch {
	case a == nil:
		return &web.Error{Status: http.StatusNotFound, Detail: "There is no article with this id."}
	case o.Reason != "" && !slices.Contains(voteReasons[o.Helpful], o.Reason):
		return web.BadRequest("reason is one of " + strings.Join(voteReasons[o.Helpful], ", ") + ".")
	case utf8.RuneCountInString(o.Comment) > state.MaxComment:
		return web.BadRequest("comment has at most " + strconv.Itoa(state.MaxComment) + " characters.")
	}
	r.Page.Lang = cmp.Or(o.Lang, r.Page.Lang)
	if o.Revision == "" {
		shown, doc, rd := r.Page.ShownDoc(a)
		if doc != nil {
			o.Revision = revisionOf(a, doc.HTML(rd, markdown.Options{Texts: r.Page.MarkdownTexts(shown.Body.Lang)}))
		}
	}
	_, err := h.castVote(r, state.Vote{
		Article: a.ID, Revision: o.Revision, Lang: r.Page.Lang, Helpful: o.Helpful, Reason: o.Reason, Comment: o.Comment, Query: o.Query,
	}, o.Reply)
	if err != nil {
		return err
	}
	return r.NoContent()
}

// voteReasons are the one-click reasons.
var voteReasons = map[bool][]string{
	true:  {"accurate", "clear", "other"},
	false: {"wrong", "outdated", "unclear", "other"},
}

const voteTime = time.Hour // in which a reason can be added to a vote

// vote is the form of an article, nil when nothing is kept. Its bytes depend on
// the snapshot alone; the script fills in how the reader got here.
func (h *Handlers) vote(e page.Context, a *article.Article, body view.HTML) *view.Vote {
	if h.state == nil || h.keys == nil {
		return nil
	}
	return &view.Vote{Action: e.Root() + "/help/" + a.Slug + "/vote", Revision: revisionOf(a, body)}
}

// revisionName is what [revisionOf] returns. Anything else that a client calls a
// revision may be about itself, and is not kept.
var revisionName = regexp.MustCompile(`^(rev [0-9]{1,10} )?[0-9a-f]{8}$`)

// revisionOf names the version of the text that a reader saw.
func revisionOf(a *article.Article, body view.HTML) string {
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:4])
	if a.Rev > 0 {
		return "rev " + strconv.Itoa(a.Rev) + " " + hash
	}
	return hash
}

// castVote keeps a vote. reply is the token of the link that led to the
// article, "" without one.
func (h *Handlers) castVote(r *web.Request, v state.Vote, reply string) (state.Vote, error) {
	if !revisionName.MatchString(v.Revision) {
		v.Revision = ""
	}
	if l, err := h.keys.ReadReply(reply); h.tracking && err == nil && l.Article == v.Article {
		v.Reply = l.Nonce
	}
	if v.ID == 0 {
		v.ID = token.NewNonce()
	}
	return v, h.keepVote(r, v)
}

func (h *Handlers) keepVote(r *web.Request, v state.Vote) error {
	err := h.state.Events.Vote(v, r.Now)
	switch {
	case errors.Is(err, state.ErrFull):
		return &web.Error{Status: http.StatusServiceUnavailable, Retry: time.Minute}
	case errors.Is(err, state.ErrInput):
		return web.BadRequest(err.Error())
	}
	return err
}

// Vote answers POST /help/SLUG/vote: first yes or no, then, if the reader
// likes, the reason.
func (h *Handlers) Vote(r *web.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	a, _ := r.Page.Snap.Help.Find(r.Param("slug"))
	if a == nil {
		return r.Missing(r.Param("slug"))
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	if form.Has("vote") {
		return h.voteReason(r, a, form)
	}
	helpful := form.Get("helpful")
	if helpful != "yes" && helpful != "no" {
		return web.BadRequest(r.Page.Words().T("vote.title"))
	}
	v, err := h.castVote(r, state.Vote{
		Article: a.ID, Revision: form.Get("revision"), Lang: r.Page.Lang, Helpful: helpful == "yes", Query: form.Get("q"),
	}, form.Get("r"))
	if err != nil {
		return err
	}
	return h.reasonPage(r, a, v)
}

// reasonPage asks why. The vote itself travels sealed in the form, so that the
// reason is added to it and it is not counted twice.
func (h *Handlers) reasonPage(r *web.Request, a *article.Article, v state.Vote) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l := r.Page.Words()
	p := &view.VoteReason{
		Chrome: page.Unlisted(r.Page.Chrome("")), Article: r.Page.ArticleLink(a), Helpful: v.Helpful, Action: r.Page.Root() + "/help/" + a.Slug + "/vote",
		Fields: []view.Hidden{{Name: "vote", Value: h.keys.Seal("vote", raw, r.Now.Add(voteTime))}},
	}
	p.Title = l.T("vote.thanks")
	for _, reason := range voteReasons[v.Helpful] {
		p.Reasons = append(p.Reasons, view.Choice{Value: reason, Name: l.T("vote.reason." + reason)})
	}
	return r.SendFresh(http.StatusOK, p)
}

func (h *Handlers) voteReason(r *web.Request, a *article.Article, form url.Values) error {
	l := r.Page.Words()
	raw, err := h.keys.Unseal("vote", form.Get("vote"), r.Now)
	var v state.Vote
	if err != nil || json.Unmarshal(raw, &v) != nil || v.Article != a.ID {
		return web.BadRequest(l.T("agent.form.old"))
	}
	for _, known := range voteReasons[v.Helpful] {
		if form.Get("reason") == known {
			v.Reason = known
		}
	}
	v.Comment = web.FirstRunes(form.Get("comment"), state.MaxComment)
	if v.Reason != "" || v.Comment != "" {
		if err := h.keepVote(r, v); err != nil {
			return err
		}
	}
	link := r.Page.ArticleLink(a)
	p := &view.Message{Chrome: page.Unlisted(r.Page.Chrome("")), Text: l.T("vote.done"), Back: view.Link{Text: l.T("vote.back", "title", link.Title), URL: link.URL}}
	p.Title = l.T("vote.thanks")
	return r.SendFresh(http.StatusOK, p)
}
