package statusedit

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

// Status posts by API. What is written is public when the answer arrives, and
// no database has a part in it.

// A DraftBody is a post to be published: front matter and text.
type DraftBody struct {
	edit.Draft
	Notify *bool `json:"notify,omitempty" jsonschema:"description=false tells no subscriber; nor does a token without the scope notify"`
}

// An UpdateBody is an update.
type UpdateBody struct {
	edit.Addition
	Notify *bool `json:"notify,omitempty" jsonschema:"description=false tells no subscriber; nor does a token without the scope notify"`
}

// A TextBody is a corrected text.
type TextBody = edit.Correction

// A RevisionBody is what changes of a post outside of its updates.
type RevisionBody struct {
	edit.Revision
	Notify *bool `json:"notify,omitempty" jsonschema:"description=false tells no subscriber of a window that has moved; nor does a token without the scope notify"`
}

// A PostValue is a post as agents' programs see it.
type PostValue struct {
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
	Affects []effectValue `json:"affects"`           // now
	Updates []updateValue `json:"updates"`           // oldest first; empty when the post is gone
	Pending bool          `json:"pending,omitempty"` // kept here, and not in the content's repository yet
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
	// Texts are those in other languages, by language.
	Texts map[string]string `json:"texts,omitempty"`
}

// A PostsValue is a list of posts.
type PostsValue struct {
	Posts []PostValue `json:"posts"` // newest first
}

func postOf(e page.Context, p status.PostState, hash string) PostValue {
	v := PostValue{
		ID: p.ID, Kind: string(p.Kind), State: string(p.State), Phase: string(p.Phase), Impact: p.Impact.String(), Title: e.PostTitle(p.Post),
		Lang: p.Lang, URL: e.Absolute(e.Root() + "/status/" + p.ID), Path: p.Path, Hash: hash, Began: p.Began.RFC3339(), Ended: p.Ended.RFC3339(),
		Starts: p.Planned.Start.RFC3339(), Ends: p.Planned.End.RFC3339(), Affects: []effectValue{}, Updates: []updateValue{},
	}
	for _, e := range p.Effects {
		v.Affects = append(v.Affects, effectValue{e.Component, e.Condition.Word()})
	}
	for _, u := range p.Post.Updates {
		x := updateValue{ID: u.ID, State: string(u.State), At: u.At.RFC3339(), Edited: u.Edited.RFC3339(), Text: u.Body.Source}
		for lang, b := range u.Bodies {
			if x.Texts == nil {
				x.Texts = map[string]string{}
			}
			x.Texts[lang] = b.Source
		}
		v.Updates = append(v.Updates, x)
	}
	return v
}

// stateOf is a post at this moment, also one that is not public yet.
func stateOf(e page.Context, p *status.Post) status.PostState {
	if s, ok := e.Snap.Board.Post(p.ID); ok {
		return s
	}
	return status.PostState{Post: p, Phase: status.Hidden, Impact: status.ImpactNone, Updates: p.Updates}
}

// PostsAPI answers GET /api/v1/status/posts.
func PostsAPI(r *web.Request) error {
	v := PostsValue{Posts: []PostValue{}}
	for _, p := range r.Page.Snap.Board.Posts {
		if r.QueryParam("all") != "1" && p.Phase != status.Open && p.Phase != status.Upcoming {
			continue
		}
		v.Posts = append(v.Posts, postOf(r.Page, p, hashOf(r, p.Post)))
	}
	return r.SendJSON(http.StatusOK, v)
}

// PostAPI answers GET /api/v1/status/posts/ID.
func PostAPI(r *web.Request) error {
	post := r.Page.Snap.Library.Board.Post(r.Param("id"))
	if post == nil {
		return noPost
	}
	hash := hashOf(r, post)
	r.Response().Header().Set("ETag", `"`+hash+`"`)
	v := postOf(r.Page, stateOf(r.Page, post), hash)
	v.Pending = r.App.Live.Source().Pending(post.Path)
	return r.SendJSON(http.StatusOK, v)
}

var noPost = &web.Error{Status: http.StatusNotFound, Detail: "There is no post with this id."}

// AddPostAPI answers POST /api/v1/status/posts.
func (h *Handlers) AddPostAPI(r *web.Request) error {
	var d DraftBody
	return h.change(r, "add", &d, http.StatusCreated, func(e *content.Editor, _, _ string) (content.Written, error) { return e.New(d.Draft) })
}

// AddUpdateAPI answers POST /api/v1/status/posts/ID/updates.
func (h *Handlers) AddUpdateAPI(r *web.Request) error {
	var a UpdateBody
	return h.change(r, "update", &a, http.StatusCreated, func(e *content.Editor, id, match string) (content.Written, error) {
		return e.Add(id, a.Addition, match)
	})
}

// EditUpdateAPI answers PUT /api/v1/status/posts/ID/updates/UPDATE.
func (h *Handlers) EditUpdateAPI(r *web.Request) error {
	var c TextBody
	return h.change(r, "edit", &c, http.StatusOK, func(e *content.Editor, id, match string) (content.Written, error) {
		if c.Update = r.Param("update"); c.Update == "latest" {
			c.Update = ""
		}
		return e.Edit(id, c, match)
	})
}

// ReviseAPI answers PATCH /api/v1/status/posts/ID.
func (h *Handlers) ReviseAPI(r *web.Request) error {
	var v RevisionBody
	return h.change(r, "edit", &v, http.StatusOK, func(e *content.Editor, id, match string) (content.Written, error) {
		return e.Revise(id, v.Revision, match)
	})
}

// UndoAPI answers DELETE /api/v1/status/posts/ID/updates/latest.
func (h *Handlers) UndoAPI(r *web.Request) error {
	return h.change(r, "undo", nil, http.StatusOK, func(e *content.Editor, id, match string) (content.Written, error) { return e.Undo(id, match) })
}

// change reads an order, changes a post, and answers when the change is public.
// order is nil for a call without a body.
func (h *Handlers) change(r *web.Request, action string, order any, success int, do func(e *content.Editor, id, match string) (content.Written, error)) error {
	var body []byte
	var err error
	if order != nil {
		if body, err = r.RawJSON(order); err != nil {
			return err
		}
	}
	match, err := ifMatch(r.Request().Header.Get("If-Match"))
	if err != nil {
		return err
	}
	key, err := onceKey(r)
	if err != nil {
		return err
	}
	request := append([]byte(r.Request().Method+" "+r.Target+"\n"+match+"\n"), body...)
	a, again, err := h.posted.do(key, request, r.Now, func() (*onceAnswer, error) {
		id := r.Param("id")
		if id == "" && r.Route() != "/api/v1/status/posts" {
			return nil, noPost
		}
		var w content.Written
		err := h.quietly(r, silent(order), func() (string, error) {
			w, err = do(editor(r), id, match)
			return w.ID, err
		})
		if err != nil {
			return nil, postError(err, match)
		}
		h.record(r, action, w.ID)
		return published(r, w, success)
	})
	if err != nil {
		return err
	}
	head := r.Response().Header()
	for name, values := range a.header {
		head[name] = values
	}
	if again {
		head.Set("Idempotency-Replayed", "true")
	}
	r.Send(a.status, "application/json", a.body)
	return nil
}

// silent reports whether an order says that nobody is to be told.
func silent(order any) bool {
	var notify *bool
	switch o := order.(type) {
	case *DraftBody:
		notify = o.Notify
	case *UpdateBody:
		notify = o.Notify
	case *RevisionBody:
		notify = o.Notify
	}
	return notify != nil && !*notify
}

// published is the answer about what was written.
func published(r *web.Request, w content.Written, success int) (*onceAnswer, error) {
	r.Page.Snap = r.App.Live.Snapshot()
	v := PostValue{ID: w.ID, Path: w.Path, Hash: w.Hash, Affects: []effectValue{}, Updates: []updateValue{}}
	a := &onceAnswer{status: success, header: http.Header{}}
	if post := r.Page.Snap.Library.Board.Post(w.ID); post != nil && w.Hash != "" {
		v = postOf(r.Page, stateOf(r.Page, post), w.Hash)
		a.header.Set("ETag", `"`+w.Hash+`"`)
		if success == http.StatusCreated {
			a.header.Set("Location", "/api/v1/status/posts/"+url.PathEscape(w.ID))
		}
	}
	var err error
	a.body, err = web.EncodeJSON(v)
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
		return "", web.BadRequest(`If-Match holds one ETag in quotes: "…".`)
	}
	return hash, nil
}

// onceKey is the request's Idempotency-Key, of this caller alone.
func onceKey(r *web.Request) (string, error) {
	key := r.Request().Header.Get("Idempotency-Key")
	switch {
	case key == "":
		return "", nil
	case len(key) > maxKey:
		return "", web.BadRequest("Idempotency-Key has at most " + strconv.Itoa(maxKey) + " bytes.")
	}
	return r.Who.Agent + "\x00" + r.Who.Token + "\x00" + key, nil
}
