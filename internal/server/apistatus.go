package server

import (
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
)

// Status posts by API. What is written is public when the answer arrives, and
// no database has a part in it.

// A draftBody is a post to be published: front matter and text.
type draftBody = edit.Draft

// An updateBody is an update.
type updateBody = edit.Addition

// A textOrder is a text.
type textOrder struct {
	Text string `json:"text" jsonschema:"description=Markdown"`
}

// A postValue is a post as agents' programs see it.
type postValue struct {
	ID      string        `json:"id"`
	Kind    string        `json:"kind"`
	State   string        `json:"state"`
	Phase   string        `json:"phase"` // hidden, upcoming, open, over or cancelled
	Impact  string        `json:"impact"`
	Title   string        `json:"title"`
	Lang    string        `json:"lang"`
	URL     string        `json:"url"` // absolute
	Path    string        `json:"path"`
	Hash    string        `json:"hash"` // of the file; in quotes it is the ETag
	Began   string        `json:"began,omitempty"`
	Ended   string        `json:"ended,omitempty"`
	Starts  string        `json:"starts,omitempty"` // of a maintenance, as announced
	Ends    string        `json:"ends,omitempty"`
	Affects []effectValue `json:"affects"` // now
	Updates []updateValue `json:"updates"` // oldest first; empty when the post is gone
}

type effectValue struct {
	Component string `json:"component"`
	Condition string `json:"condition"`
}

type updateValue struct {
	ID     string `json:"id"`
	State  string `json:"state"`
	At     string `json:"at"`
	Edited string `json:"edited,omitempty"`
	Text   string `json:"text"` // Markdown as it stands in the file
}

type postsValue struct {
	Posts []postValue `json:"posts"` // newest first
}

// momentText is RFC 3339, or a day when no more is known.
func momentText(m status.Moment) string {
	switch {
	case m.IsZero():
		return ""
	case m.Day:
		return m.Time.Format(time.DateOnly)
	}
	return m.Time.Format(time.RFC3339)
}

func (r *request) postValue(p status.PostState, hash string) postValue {
	v := postValue{
		ID: p.ID, Kind: string(p.Kind), State: string(p.State), Phase: string(p.Phase), Impact: p.Impact.String(), Title: r.postTitle(p.Post),
		Lang: p.Lang, URL: r.absolute(r.root() + "/status/" + p.ID), Path: p.Path, Hash: hash, Began: momentText(p.Began), Ended: momentText(p.Ended),
		Starts: momentText(p.Planned.Start), Ends: momentText(p.Planned.End), Affects: []effectValue{}, Updates: []updateValue{},
	}
	for _, e := range p.Effects {
		v.Affects = append(v.Affects, effectValue{e.Component, e.Condition.Word()})
	}
	for _, u := range p.Post.Updates {
		v.Updates = append(v.Updates, updateValue{u.ID, string(u.State), momentText(u.At), momentText(u.Edited), u.Body.Source})
	}
	return v
}

// stateOf is a post at this moment, also one that is not public yet.
func (r *request) stateOf(p *status.Post) status.PostState {
	if s, ok := r.snap.Situation.Post(p.ID); ok {
		return s
	}
	return status.PostState{Post: p, Phase: status.Hidden, Impact: status.ImpactNone, Updates: p.Updates}
}

// postsAPI answers GET /api/v1/status/posts.
func (r *request) postsAPI() error {
	v := postsValue{Posts: []postValue{}}
	for _, p := range r.snap.Situation.Posts {
		if r.QueryParam("all") != "1" && p.Phase != status.Open && p.Phase != status.Upcoming {
			continue
		}
		v.Posts = append(v.Posts, r.postValue(p, r.hashOf(p.Post)))
	}
	return r.value(http.StatusOK, v)
}

// postAPI answers GET /api/v1/status/posts/ID.
func (r *request) postAPI() error {
	post := r.snap.Library.Board.Post(r.Param("id"))
	if post == nil {
		return noPost
	}
	hash := r.hashOf(post)
	r.Response().Header().Set("ETag", `"`+hash+`"`)
	return r.value(http.StatusOK, r.postValue(r.stateOf(post), hash))
}

var noPost = &httpError{Status: http.StatusNotFound, Detail: "There is no post with this id."}

func (r *request) addPostAPI() error {
	var d draftBody
	return r.change(&d, http.StatusCreated, func(e *content.Editor, _, _ string) (content.Written, error) { return e.New(d) })
}

func (r *request) addUpdateAPI() error {
	var a updateBody
	return r.change(&a, http.StatusCreated, func(e *content.Editor, id, match string) (content.Written, error) { return e.Add(id, a, match) })
}

func (r *request) editUpdateAPI() error {
	var o textOrder
	update := r.Param("update")
	if update == "latest" {
		update = ""
	}
	return r.change(&o, http.StatusOK, func(e *content.Editor, id, match string) (content.Written, error) {
		return e.Edit(id, update, o.Text, match)
	})
}

func (r *request) undoAPI() error {
	return r.change(nil, http.StatusOK, func(e *content.Editor, id, match string) (content.Written, error) { return e.Undo(id, match) })
}

// change reads an order, changes a post, and answers when the change is public.
// order is nil for a call without a body.
func (r *request) change(order any, success int, do func(e *content.Editor, id, match string) (content.Written, error)) error {
	var body []byte
	var err error
	if order != nil {
		if body, err = r.rawJSON(order); err != nil {
			return err
		}
	}
	match, err := ifMatch(r.Request().Header.Get("If-Match"))
	if err != nil {
		return err
	}
	key, err := r.onceKey()
	if err != nil {
		return err
	}
	request := append([]byte(r.Request().Method+" "+r.path+"\n"+match+"\n"), body...)
	a, again, err := r.s.posted.do(key, request, r.now, func() (*onceAnswer, error) {
		id := r.Param("id")
		if id == "" && r.Path() != "/api/v1/status/posts" {
			return nil, noPost
		}
		w, err := do(r.editor(), id, match)
		if err != nil {
			return nil, postError(err, match)
		}
		return r.published(w, success)
	})
	if err != nil {
		return err
	}
	h := r.Response().Header()
	for name, values := range a.header {
		h[name] = values
	}
	if again {
		h.Set("Idempotency-Replayed", "true")
	}
	r.send(a.status, "application/json", a.body)
	return nil
}

// published makes what was written public, and its answer.
func (r *request) published(w content.Written, success int) (*onceAnswer, error) {
	if err := r.s.live.Load(); err != nil {
		return nil, err
	}
	r.snap = r.s.live.Snapshot()
	v := postValue{ID: w.ID, Path: w.Path, Hash: w.Hash, Affects: []effectValue{}, Updates: []updateValue{}}
	a := &onceAnswer{status: success, header: http.Header{}}
	if post := r.snap.Library.Board.Post(w.ID); post != nil && w.Hash != "" {
		v = r.postValue(r.stateOf(post), w.Hash)
		a.header.Set("ETag", `"`+w.Hash+`"`)
		if success == http.StatusCreated {
			a.header.Set("Location", "/api/v1/status/posts/"+url.PathEscape(w.ID))
		}
	}
	var err error
	a.body, err = marshalJSON(v)
	return a, err
}

// ifMatch returns the hash that an If-Match field asks for, "" for none or any
// (RFC 9110 section 13.1.1).
func ifMatch(field string) (string, error) {
	field = strings.TrimSpace(field)
	if field == "" || field == "*" {
		return "", nil
	}
	hash, opened := strings.CutPrefix(field, `"`)
	hash, closed := strings.CutSuffix(hash, `"`)
	if !opened || !closed || hash == "" || strings.Contains(hash, `"`) {
		return "", badRequest(`If-Match holds one ETag in quotes: "…".`)
	}
	return hash, nil
}

// onceKey is the request's Idempotency-Key, of this caller alone.
func (r *request) onceKey() (string, error) {
	key := r.Request().Header.Get("Idempotency-Key")
	switch {
	case key == "":
		return "", nil
	case len(key) > maxKey:
		return "", badRequest("Idempotency-Key has at most " + itoa(maxKey) + " bytes.")
	}
	return r.who.Agent + "\x00" + r.who.Token + "\x00" + key, nil
}

// postError tells what an agent should see of an error of the editor: it is
// made for the person who typed, unless the disk is to blame.
func postError(err error, match string) error {
	var disk *fs.PathError
	var call *os.SyscallError
	var move *os.LinkError
	switch {
	case errors.Is(err, content.ErrNoPost):
		return noPost
	case errors.Is(err, source.ErrConflict) && match != "":
		return &httpError{Status: http.StatusPreconditionFailed, Detail: "Someone else has changed the post meanwhile. Read it again."}
	case errors.Is(err, source.ErrConflict):
		return &httpError{Status: http.StatusConflict, Detail: "Someone else is changing the post at this moment. Try again."}
	case errors.Is(err, source.ErrReadOnly):
		return &httpError{Status: http.StatusConflict, Detail: "The content of this site cannot be written."}
	case errors.As(err, &disk), errors.As(err, &call), errors.As(err, &move):
		return err
	}
	return &httpError{Status: http.StatusUnprocessableEntity, Detail: sentence(err)}
}
