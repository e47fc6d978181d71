package statusedit

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/token"
	"signpost/internal/view"
)

// Status posts are written by forms that work on a telephone and without a
// script: what is published is a file, and live before the answer. Nothing here
// asks the database.

// editor writes into the content as it is now.
func editor(r *web.Request) *content.Editor {
	return &content.Editor{Source: r.App.Live.Source(), Library: r.App.Live.Snapshot().Library, Now: r.Now}
}

// Start shows the posts and what can be done, or a form.
func (h *Handlers) Start(r *web.Request) error {
	f := formOf(r.Page, r.QueryParams())
	if f.Mode = r.QueryParam("do"); !slices.Contains([]string{modeNew, modeUpdate, modeResolve, modeEdit, modeSet}, f.Mode) {
		f = postForm{Values: map[string]string{}}
	}
	if f.Mode == modeNew {
		useTemplate(r.Page, &f)
	}
	if post := r.Page.Snap.Library.Board.Post(f.ID); post != nil && (f.Mode == modeSet || f.Mode == modeEdit) {
		if err := fillFrom(r, &f, post); err != nil {
			return statusFailed(r, postForm{Values: map[string]string{}}, err)
		}
	}
	p := statusPage(r, f)
	if p.Form && f.Mode != modeNew {
		h.told(r, p, f.ID)
	}
	if post := r.Page.Snap.Library.Board.Post(r.QueryParam("saved")); post != nil {
		h.told(r, p, post.ID)
		p.Saved = &view.Link{Text: r.Page.PostTitle(post), URL: r.Page.Root() + "/status/" + post.ID}
		if hash := hashOf(r, post); hash != "" {
			p.Undo = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "do", Value: "undo"}, {Name: "id", Value: post.ID}, {Name: "match-" + post.ID, Value: hash}}
		}
	}
	return r.SendFresh(http.StatusOK, p)
}

// fillFrom puts what a post says into the form that changes it.
func fillFrom(r *web.Request, f *postForm, post *status.Post) error {
	if f.Mode == modeSet {
		files, err := content.ReadPost(r.App.Live.Source(), post, r.Page.Snap.Library.StatusConfig(r.Now))
		if err == nil {
			*f = filled(r.Page, post, files.Files)
		}
		return err
	}
	u := updateOf(*f, post)
	f.Values["update"], f.Values["text"] = u.ID, u.Body.Source
	if u.Implicit {
		f.Values["text"] = post.Summary.Source
	}
	for lang, b := range bodiesOf(post, u) {
		f.Values["text-"+lang] = b.Source
	}
	return nil
}

// hashOf is the version of a post's files.
func hashOf(r *web.Request, p *status.Post) string {
	f, err := content.ReadPost(r.App.Live.Source(), p, r.Page.Snap.Library.StatusConfig(r.Now))
	if err != nil {
		return ""
	}
	return f.Hash
}

func templates(e page.Context) []edit.Template { return edit.Templates(e.Snap.DefaultLanguage()) }

// Publish answers the forms: a preview, another kind, a text, or undo.
func (h *Handlers) Publish(r *web.Request) error {
	f, err := postInput(r)
	if err != nil {
		return err
	}
	do, kind, _ := strings.Cut(r.FormValue("do"), ":")
	switch do {
	case "preview":
		p := statusPage(r, f)
		preview, err := h.preview(r, f)
		if err != nil {
			return statusFailed(r, f, err)
		}
		p.Preview = preview
		return r.SendFresh(http.StatusOK, p)
	case "become":
		f.Kind = kind
		return r.SendFresh(http.StatusOK, statusPage(r, f))
	case "addto": // what was going to be a second incident
		f.Mode, f.ID = modeUpdate, kind
		return r.SendFresh(http.StatusOK, statusPage(r, f))
	case "separate":
		return h.statusWrite(r, f)
	case "publish":
		if open := second(r.Page, f); len(open) > 0 && !h.posted.has(keyOf(r), r.Now) {
			p := statusPage(r, f)
			p.Second = &view.Second{Posts: open}
			return r.SendFresh(http.StatusOK, p)
		}
		return h.statusWrite(r, f)
	case "release":
		return h.simply(r, "edit", f.ID, func(match string) error {
			_, err := editor(r).Revise(f.ID, edit.Revision{Facts: map[string]string{"draft": "", "publish": ""}}, match)
			return err
		})
	case "stop":
		return h.stop(r, f, kind)
	case "undo":
		return h.simply(r, "undo", "", func(match string) error {
			_, err := editor(r).Undo(f.ID, match)
			return err
		})
	}
	return web.BadRequest("")
}

// simply changes a post by a button; saved is the post that is named after it.
func (h *Handlers) simply(r *web.Request, action, saved string, do func(match string) error) error {
	id := r.FormValue("id")
	if err := do(r.FormValue("match-" + id)); err != nil {
		return statusFailed(r, postForm{Values: map[string]string{}}, err)
	}
	h.record(r, action, id)
	show(r)
	return statusWritten(r, saved)
}

// second lists the open incidents by which a component does badly that a new one
// is about too.
func second(e page.Context, f postForm) []view.Choice {
	if f.Mode != modeNew || f.Kind != string(status.Incident) {
		return nil
	}
	lib := e.Snap.Library
	cfg := status.Config{Components: lib.Site.Components, Groups: e.Snap.Library.Site.Groups}
	affected, _ := f.affects(e)
	named := map[string]bool{}
	for _, word := range affected {
		id, _, _ := strings.Cut(word, "=")
		for _, component := range cfg.Expand(id) {
			named[component] = true
		}
	}
	var list []view.Choice
	for _, post := range e.Snap.Board.Open() {
		bad := func(x status.Effect) bool { return named[x.Component] && x.Condition != status.Operational }
		if post.Kind == status.Incident && slices.ContainsFunc(post.Effects, bad) {
			list = append(list, view.Choice{Value: post.ID, Name: e.PostTitle(post.Post)})
		}
	}
	return list
}

// statusWrite publishes. The form's own key keeps a second tap from publishing
// twice.
func (h *Handlers) statusWrite(r *web.Request, f postForm) error {
	request := fmt.Appendf(nil, "%q", f) // everything in it: what was corrected is not the same form
	a, _, err := h.posted.do(keyOf(r), request, r.Now, func() (*onceAnswer, error) {
		var id string
		err := h.quietly(r, f.Values["silent"] != "", func() (string, error) {
			w, err := writePost(r, f)
			id = w.ID
			return id, err
		})
		if err == nil {
			h.record(r, formAction(f.Mode), id)
		}
		return &onceAnswer{body: []byte(id)}, err
	})
	if errors.Is(err, errOther) {
		err = errors.New("this form was published already, and what was changed in it since is not; write an update")
	}
	if err != nil {
		return statusFailed(r, f, err)
	}
	return statusWritten(r, string(a.body))
}

// keyOf is the key of the form, of this agent alone.
func keyOf(r *web.Request) string {
	key := r.FormValue("key")
	if key != "" {
		key = r.Who.Agent + " " + key
	}
	return key
}

// formAction is what a form does, for the audit log.
func formAction(mode string) string {
	switch mode {
	case modeNew:
		return "add"
	case modeEdit, modeSet:
		return "edit"
	}
	return "update"
}

func writePost(r *web.Request, f postForm) (content.Written, error) {
	e := editor(r)
	match := r.FormValue("match-" + f.ID)
	if f.Mode == modeNew {
		return e.New(draft(r.Page, f))
	}
	post, err := e.Post(cmp.Or(f.ID, "-"))
	if err != nil {
		return content.Written{}, err
	}
	switch f.Mode {
	case modeUpdate:
		return e.Add(f.ID, addition(r.Page, f), match)
	case modeResolve:
		return e.Resolve(f.ID, addition(r.Page, f), match)
	case modeEdit:
		return e.Edit(f.ID, correction(f, post), match)
	case modeSet:
		old, err := content.ReadPost(e.Source, post, r.Page.Snap.Library.StatusConfig(r.Now))
		if err != nil {
			return content.Written{}, err
		}
		return e.Revise(f.ID, revision(r.Page, f, filled(r.Page, post, old.Files)), match)
	}
	return content.Written{}, web.BadRequest("")
}

// show makes what was written public. Written is written: an error would make the
// caller write it again.
func show(r *web.Request) {
	if err := r.App.Live.Load(); err != nil {
		r.App.Log.Error("a post was written but is not shown yet", "error", err)
	}
}

// statusWritten leads back to the start. id is the post, "" when it may be gone.
func statusWritten(r *web.Request, id string) error {
	target := r.Page.Root() + "/agent/status"
	if id != "" {
		target += "?saved=" + url.QueryEscape(id)
	}
	return r.Redirect(http.StatusSeeOther, target)
}

// useTemplate fills what is still empty from a template, in every language that
// it is written in. "{components}" in it becomes the names of what was chosen.
func useTemplate(e page.Context, f *postForm) {
	if f.Values["template"] == "" {
		return
	}
	first := e.Snap.DefaultLanguage()
	for _, lang := range e.Snap.Languages() {
		suffix := ""
		if lang != first {
			suffix = "-" + lang
		}
		for _, t := range edit.Templates(lang) {
			if t.Name != f.Values["template"] || suffix != "" && !strings.HasPrefix(lang, t.Lang) {
				continue
			}
			if suffix == "" {
				f.Kind = string(t.Kind)
				f.set("mail", string(t.Mail))
				f.set("impact", t.Impact)
				f.set("pin", t.Pin)
				f.concern(e, t)
			}
			for name, text := range map[string]string{
				"title": t.Title, "text": t.Text, "expect": t.Expect, "who": t.Who, "action": t.Action, "workaround": t.Workaround, "unaffected_text": t.UnaffectedText,
			} {
				f.set(name+suffix, text)
			}
		}
	}
}

// set fills a field that is empty.
func (f *postForm) set(name, text string) {
	if text = strings.TrimSpace(text); f.Values[name] == "" && text != "" {
		f.Values[name] = text
	}
}

// concern chooses the components of a template.
func (f *postForm) concern(e page.Context, t edit.Template) {
	ids := partIDs(e)
	for _, w := range status.Words(t.Affects) {
		id, word, _ := strings.Cut(w, "=")
		if word == "" {
			word = "down"
			if t.Kind != status.Incident {
				word = wordNamed
			}
		}
		if slices.Contains(ids, id) {
			f.set("component-"+id, word)
		}
	}
}

// formKey stays the same while one form is corrected and sent again.
func formKey(r *web.Request, f postForm) string {
	if key := r.FormValue("key"); key != "" && r.Request().Method == http.MethodPost && f.Mode != "" {
		return key
	}
	return strconv.FormatUint(token.NewNonce(), 36)
}
