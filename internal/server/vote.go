package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/link"
	"signpost/internal/state"
	"signpost/internal/view"
)

// voteReasons are the one-click reasons.
var voteReasons = map[bool][]string{
	true:  {"accurate", "clear", "other"},
	false: {"wrong", "outdated", "unclear", "other"},
}

const voteTime = time.Hour // in which a reason can be added to a vote

// vote is the form of an article, nil when nothing is kept. Its bytes depend on
// the snapshot alone; the script fills in how the reader got here.
func (r *request) vote(a *article.Article, body view.HTML) *view.Vote {
	if r.s.state == nil || r.s.keys == nil {
		return nil
	}
	return &view.Vote{Action: r.root() + "/help/" + a.Slug + "/vote", Revision: revisionOf(a, body)}
}

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
func (r *request) castVote(v state.Vote, reply string) (state.Vote, error) {
	if ok, wait := r.s.votes.allow(r.client, r.now); !ok {
		return v, tooMany(wait)
	}
	if l, err := r.s.keys.ReadReply(reply); err == nil && l.Article == v.Article {
		v.Reply = l.Nonce
	}
	if v.ID == 0 {
		v.ID = link.NewNonce()
	}
	return v, r.keepVote(v)
}

func (r *request) keepVote(v state.Vote) error {
	err := r.s.state.Vote(v, r.now)
	switch {
	case errors.Is(err, state.ErrFull):
		return &httpError{Status: http.StatusServiceUnavailable, Retry: time.Minute}
	case errors.Is(err, state.ErrInput):
		return badRequest(err.Error())
	}
	return err
}

// voteForm answers POST /help/SLUG/vote: first yes or no, then, if the reader
// likes, the reason.
func (r *request) voteForm() error {
	r.noStore()
	if err := r.fromHere(); err != nil {
		return err
	}
	a, _ := r.snap.Help.Find(r.Param("slug"))
	if a == nil {
		return r.goneOr404(r.Param("slug"))
	}
	if token := r.FormValue("vote"); token != "" {
		return r.voteReason(a, token)
	}
	helpful := r.FormValue("helpful")
	if helpful != "yes" && helpful != "no" {
		return badRequest(r.words().T("vote.title"))
	}
	v, err := r.castVote(state.Vote{
		Article: a.ID, Revision: r.FormValue("revision"), Lang: r.lang, Helpful: helpful == "yes", Query: r.FormValue("q"),
	}, r.FormValue("r"))
	if err != nil {
		return err
	}
	return r.reasonPage(a, v)
}

// reasonPage asks why. The vote itself travels sealed in the form, so that the
// reason is added to it and it is not counted twice.
func (r *request) reasonPage(a *article.Article, v state.Vote) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	l := r.words()
	p := &view.VoteReason{
		Chrome: r.unlisted(r.chrome("")), Article: r.articleLink(a), Helpful: v.Helpful, Action: r.root() + "/help/" + a.Slug + "/vote",
		Fields: []view.Hidden{{Name: "vote", Value: r.s.keys.Seal("vote", raw, r.now.Add(voteTime))}},
	}
	p.Title = l.T("vote.thanks")
	for _, reason := range voteReasons[v.Helpful] {
		p.Reasons = append(p.Reasons, view.Choice{Value: reason, Name: l.T("vote.reason." + reason)})
	}
	return r.fresh(http.StatusOK, p)
}

func (r *request) voteReason(a *article.Article, token string) error {
	l := r.words()
	raw, err := r.s.keys.Unseal("vote", token, r.now)
	var v state.Vote
	if err != nil || json.Unmarshal(raw, &v) != nil || v.Article != a.ID {
		return badRequest(l.T("agent.form.old"))
	}
	if ok, wait := r.s.votes.allow(r.client, r.now); !ok {
		return tooMany(wait)
	}
	for _, known := range voteReasons[v.Helpful] {
		if r.FormValue("reason") == known {
			v.Reason = known
		}
	}
	v.Comment = firstRunes(r.FormValue("comment"), state.MaxComment)
	if v.Reason != "" || v.Comment != "" {
		if err := r.keepVote(v); err != nil {
			return err
		}
	}
	link := r.articleLink(a)
	p := &view.Message{Chrome: r.unlisted(r.chrome("")), Text: l.T("vote.done"), Back: view.Link{Text: l.T("vote.back", "title", link.Title), URL: link.URL}}
	p.Title = l.T("vote.thanks")
	return r.fresh(http.StatusOK, p)
}

func firstRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), n)])
}
