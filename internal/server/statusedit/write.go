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

// Start shows the three buttons, or one of the forms behind them.
func Start(r *web.Request) error {
	f := postForm{Mode: r.QueryParam("do"), ID: r.QueryParam("id")}
	if !slices.Contains([]string{"new", "update", "resolve"}, f.Mode) {
		f.Mode = ""
	}
	p := statusPage(r, f)
	if post := r.Page.Snap.Library.Board.Post(r.QueryParam("saved")); post != nil {
		p.Saved = &view.Link{Text: r.Page.PostTitle(post), URL: r.Page.Root() + "/status/" + post.ID}
		if hash := hashOf(r, post); hash != "" {
			p.Undo = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "do", Value: "undo"}, {Name: "id", Value: post.ID}, {Name: "match-" + post.ID, Value: hash}}
		}
	}
	return r.SendFresh(http.StatusOK, p)
}

// hashOf is the version of a post's files.
func hashOf(r *web.Request, p *status.Post) string {
	f, err := content.ReadPost(r.App.Live.Source(), p, r.Page.Snap.Library.StatusConfig(r.Now))
	if err != nil {
		return ""
	}
	return f.Hash
}

// A postForm is what an agent typed.
type postForm struct {
	Mode, ID, Template, Kind, Title, State, Text, Mail string
	Starts, Lasts, At, ETA, Next                       string
	Components                                         map[string]string // id to the word of a condition
}

func postInput(r *web.Request) postForm {
	v := func(name string) string { return strings.TrimSpace(web.FirstRunes(r.FormValue(name), 20_000)) }
	f := postForm{
		Mode: v("mode"), ID: v("id"), Template: v("template"), Kind: v("kind"), Title: v("title"), State: v("state"), Text: v("text"), Mail: v("mail"),
		Starts: v("starts"), Lasts: v("lasts"), At: v("at"), ETA: v("eta"), Next: v("next"), Components: map[string]string{},
	}
	for _, c := range r.Page.Snap.Library.Site.Components {
		if word := v("component-" + c.ID); word != "" {
			f.Components[c.ID] = word
		}
	}
	return f
}

// affects lists the chosen components as posts name them.
func (f *postForm) affects(components []status.Component) []string {
	var list []string
	for _, c := range components {
		switch word := f.Components[c.ID]; {
		case word == "":
		case f.Mode == "new" && f.Kind == string(status.Maintenance):
			list = append(list, c.ID)
		default:
			list = append(list, c.ID+"="+word)
		}
	}
	return list
}

func draft(e page.Context, f postForm) edit.Draft {
	d := edit.Draft{
		FrontMatter: status.FrontMatter{
			Kind: status.Kind(f.Kind), Title: f.Title, Starts: f.Starts, Lasts: f.Lasts, Mail: status.MailSafety(f.Mail),
			Affects: f.affects(e.Snap.Library.Site.Components),
		},
		Message: f.Text, At: f.At, ETA: f.ETA, NextIn: f.Next, Template: f.Template,
	}
	if d.Kind != status.Maintenance { // an incident's start is the time of its first update
		d.At, d.Starts = cmp.Or(d.At, d.Starts), ""
	}
	if i := slices.IndexFunc(templates(e), func(t edit.Template) bool { return t.Name == f.Template }); i < 0 || templates(e)[i].Kind != d.Kind {
		d.Template = "" // it was left when the kind was chosen
	}
	return d
}

func addition(e page.Context, f postForm) edit.Addition {
	return edit.Addition{State: status.State(f.State), Message: f.Text, Affects: f.affects(e.Snap.Library.Site.Components), At: f.At, ETA: f.ETA, Next: f.Next}
}

func templates(e page.Context) []edit.Template { return edit.Templates(e.Snap.DefaultLanguage()) }

// Publish answers the forms: a preview, a template, a new text, or undo.
func (h *Handlers) Publish(r *web.Request) error {
	f := postInput(r)
	switch r.FormValue("do") {
	case "preview":
		p := statusPage(r, f)
		preview, err := preview(r, f)
		if err != nil {
			return statusFailed(r, f, err)
		}
		p.Preview = preview
		return r.SendFresh(http.StatusOK, p)
	case "template":
		useTemplate(r.Page, &f)
		return r.SendFresh(http.StatusOK, statusPage(r, f))
	case "publish":
		return h.statusWrite(r, f)
	case "undo":
		if _, err := editor(r).Undo(f.ID, r.FormValue("match-"+f.ID)); err != nil {
			return statusFailed(r, postForm{}, err)
		}
		h.record(r, "undo", f.ID)
		return statusWritten(r, "")
	}
	return web.BadRequest("")
}

// statusWrite publishes. The form's own key keeps a second tap from publishing
// twice.
func (h *Handlers) statusWrite(r *web.Request, f postForm) error {
	key := r.FormValue("key")
	if key != "" {
		key = r.Who.Agent + " " + key
	}
	request := fmt.Appendf(nil, "%q", f) // everything in it: what was corrected is not the same form
	a, _, err := h.posted.do(key, request, r.Now, func() (*onceAnswer, error) {
		w, err := writePost(r, f)
		if err == nil {
			h.record(r, formAction(f.Mode), w.ID)
		}
		return &onceAnswer{body: []byte(w.ID)}, err
	})
	if errors.Is(err, errOther) {
		err = errors.New("this form was published already, and what was changed in it since is not; write an update")
	}
	if err != nil {
		return statusFailed(r, f, err)
	}
	return statusWritten(r, string(a.body))
}

// formAction is what a form does, for the audit log.
func formAction(mode string) string {
	if mode == "new" {
		return "add"
	}
	return "update"
}

func writePost(r *web.Request, f postForm) (content.Written, error) {
	e := editor(r)
	match := r.FormValue("match-" + f.ID)
	switch f.Mode {
	case "new":
		return e.New(draft(r.Page, f))
	case "update":
		return e.Add(f.ID, addition(r.Page, f), match)
	case "resolve":
		return e.Resolve(f.ID, addition(r.Page, f), match)
	}
	return content.Written{}, web.BadRequest("")
}

// statusWritten makes what was written public, and leads back to the start. id
// is the post, "" when it may be gone.
func statusWritten(r *web.Request, id string) error {
	if err := r.App.Live.Load(); err != nil {
		r.App.Log.Error("a post was written but is not shown yet", "error", err)
	}
	target := r.Page.Root() + "/agent/status"
	if id != "" {
		target += "?saved=" + url.QueryEscape(id)
	}
	return r.Redirect(http.StatusSeeOther, target)
}

// useTemplate fills what is still empty from a template.
func useTemplate(e page.Context, f *postForm) {
	for _, t := range templates(e) {
		if t.Name != f.Template {
			continue
		}
		f.Kind = string(t.Kind)
		if f.Text == "" && !strings.Contains(t.Text, "{components}") {
			f.Text = t.Text
		}
		if f.Title == "" && !strings.Contains(t.Title, "{components}") {
			f.Title = t.Title
		}
		if f.Mail == "" {
			f.Mail = string(t.Mail)
		}
		for _, w := range t.Affects {
			id, word, _ := strings.Cut(w, "=")
			if word == "" {
				word = "down"
			}
			if f.Components[id] == "" {
				f.Components[id] = word
			}
		}
	}
}

// openPosts are those that a further update can be about: open ones, planned
// ones, and notices.
func openPosts(e page.Context) []status.PostState {
	s := e.Snap.Board
	return slices.Concat(s.Open(), s.InProgress(), s.Upcoming(), s.Notices())
}

// statusPage is the page of a form; Mode "" shows the three buttons.
func statusPage(r *web.Request, f postForm) *view.AgentStatus {
	l := r.Page.Words()
	p := &view.AgentStatus{
		Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("status"), Mode: f.Mode, Action: r.Page.Root() + "/agent/status",
		Headline: f.Title, Text: f.Text, Starts: f.Starts, Lasts: f.Lasts, At: f.At, ETA: f.ETA, NextBy: f.Next,
		Zone: r.Page.Snap.Library.Site.Zone.String(),
	}
	standing(r, p)
	p.Title = l.T("nav.status")
	if f.Mode != "" {
		p.Title = l.T("write." + f.Mode)
	}
	open := openPosts(r.Page)
	if len(open) == 0 && f.Mode != "new" {
		p.Mode, f.Mode = "", ""
	}
	p.Fields = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "mode", Value: f.Mode}, {Name: "key", Value: formKey(r, f)}}
	for _, post := range open {
		p.Open = append(p.Open, view.Choice{Value: post.ID, Name: r.Page.PostTitle(post.Post), Selected: post.ID == f.ID})
		if f.Mode == "update" || f.Mode == "resolve" {
			p.Fields = append(p.Fields, view.Hidden{Name: "match-" + post.ID, Value: hashOf(r, post.Post)})
		}
		p.Posts = append(p.Posts, r.Page.PostLink(post))
	}
	for _, post := range r.Page.Snap.Board.Posts[:min(5, len(r.Page.Snap.Board.Posts))] {
		if !slices.ContainsFunc(open, func(o status.PostState) bool { return o.ID == post.ID }) {
			p.Posts = append(p.Posts, r.Page.PostLink(post))
		}
	}
	statusChoices(r.Page, p, f, open)
	return p
}

// formKey stays the same while one form is corrected and sent again.
func formKey(r *web.Request, f postForm) string {
	if key := r.FormValue("key"); key != "" && r.Request().Method == http.MethodPost && f.Mode != "" {
		return key
	}
	return strconv.FormatUint(token.NewNonce(), 36)
}

// statusChoices fills the lists of a form.
func statusChoices(e page.Context, p *view.AgentStatus, f postForm, open []status.PostState) {
	l := e.Words()
	if f.Mode == "new" {
		kind := f.Kind
		if kind == "" {
			kind = string(status.Incident)
		}
		for _, k := range []status.Kind{status.Incident, status.Maintenance, status.Notice} {
			p.Kinds = append(p.Kinds, view.Choice{Value: string(k), Name: l.T("kind." + string(k)), Selected: string(k) == kind})
		}
		p.Templates = []view.Choice{{Name: l.T("write.notemplate"), Selected: f.Template == ""}}
		for _, t := range templates(e) {
			p.Templates = append(p.Templates, view.Choice{Value: t.Name, Name: l.T("template." + t.Name), Selected: t.Name == f.Template})
		}
		p.Mails = []view.Choice{{Name: l.T("write.nomail"), Selected: f.Mail == ""}}
		for _, m := range []status.MailSafety{status.MailSafe, status.MailDelayed, status.MailAtRisk, status.MailLost} {
			p.Mails = append(p.Mails, view.Choice{Value: string(m), Name: l.T("mail." + string(m)), Selected: string(m) == f.Mail})
		}
	}
	p.States = stateChoices(e, f, open)
	if f.Mode == "resolve" {
		return // everything works again
	}
	for _, c := range e.Snap.Library.Site.Components {
		part := view.StatusPart{ID: c.ID, Name: e.Text(c.Name)}
		none := "write.unaffected"
		if f.Mode == "update" {
			none = "write.unchanged"
		}
		part.States = []view.Choice{{Name: l.T(none), Selected: f.Components[c.ID] == ""}}
		for _, condition := range []status.Condition{status.MajorOutage, status.PartialOutage, status.Degraded, status.Operational} {
			if condition == status.Operational && f.Mode == "new" {
				continue
			}
			part.States = append(part.States, view.Choice{Value: condition.Word(), Name: l.T("level." + page.Level(condition)), Selected: f.Components[c.ID] == condition.Word()})
		}
		p.Parts = append(p.Parts, part)
	}
}

// stateChoices are the states that an update can give: those of the post that
// is chosen, or of all open ones.
func stateChoices(e page.Context, f postForm, open []status.PostState) []view.Choice {
	var states []status.State
	for _, post := range open {
		if f.ID != "" && post.ID != f.ID {
			continue
		}
		switch {
		case f.Mode == "resolve" && post.Kind == status.Maintenance:
			states = append(states, post.Kind.Last(), status.Cancelled)
		case f.Mode == "update":
			for _, s := range post.Kind.States() {
				if s != post.Kind.Last() && s != status.Cancelled && s != status.Reopened && s != status.Postmortem {
					states = append(states, s)
				}
			}
		}
	}
	var list []view.Choice
	selected := f.State
	if selected == "" && f.Mode == "update" {
		selected = string(status.Updated)
	} else if selected == "" {
		selected = string(status.Completed)
	}
	for _, s := range states {
		if !slices.ContainsFunc(list, func(c view.Choice) bool { return c.Value == string(s) }) {
			list = append(list, view.Choice{Value: string(s), Name: e.Words().T("state." + string(s)), Selected: string(s) == selected})
		}
	}
	return list
}
