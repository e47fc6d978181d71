package server

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content"
	"signpost/internal/content/source"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/link"
	"signpost/internal/view"
)

// Status posts are written by forms that work on a telephone and without a
// script: what is published is a file, and live before the answer. Nothing here
// asks the database.

// editor writes into the content as it is now.
func (r *request) editor() *content.Editor {
	return &content.Editor{Source: r.s.live.Source(), Library: r.s.live.Snapshot().Library, Now: r.now}
}

// statusStart shows the three buttons, or one of the forms behind them.
func (r *request) statusStart() error {
	f := postForm{Mode: r.QueryParam("do"), ID: r.QueryParam("id")}
	if !slices.Contains([]string{"new", "update", "resolve"}, f.Mode) {
		f.Mode = ""
	}
	p := r.statusPage(f)
	if post := r.snap.Library.Board.Post(r.QueryParam("saved")); post != nil {
		p.Saved = &view.Link{Text: r.postTitle(post), URL: r.root() + "/status/" + post.ID}
		if hash := r.hashOf(post); hash != "" {
			p.Undo = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "do", Value: "undo"}, {Name: "id", Value: post.ID}, {Name: "match-" + post.ID, Value: hash}}
		}
	}
	return r.fresh(http.StatusOK, p)
}

const maxPostFile = 1 << 20 // bytes

// hashOf is the version of a post's file.
func (r *request) hashOf(p *status.Post) string {
	_, hash, err := r.s.live.Source().Read(p.Path, maxPostFile)
	if err != nil {
		return ""
	}
	return hash
}

// A postForm is what an agent typed.
type postForm struct {
	Mode, ID, Template, Kind, Title, State, Text, Mail string
	Starts, Lasts, At, ETA, Next                       string
	Components                                         map[string]string // id to the word of a condition
}

func (r *request) postInput() postForm {
	v := func(name string) string { return strings.TrimSpace(firstRunes(r.FormValue(name), 20_000)) }
	f := postForm{
		Mode: v("mode"), ID: v("id"), Template: v("template"), Kind: v("kind"), Title: v("title"), State: v("state"), Text: v("text"), Mail: v("mail"),
		Starts: v("starts"), Lasts: v("lasts"), At: v("at"), ETA: v("eta"), Next: v("next"), Components: map[string]string{},
	}
	for _, c := range r.snap.Library.Site.Components {
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

func (r *request) draft(f postForm) edit.Draft {
	d := edit.Draft{
		FrontMatter: status.FrontMatter{
			Kind: status.Kind(f.Kind), Title: f.Title, Starts: f.Starts, Lasts: f.Lasts, Mail: status.MailSafety(f.Mail),
			Affects: f.affects(r.snap.Library.Site.Components),
		},
		Message: f.Text, At: f.At, ETA: f.ETA, NextIn: f.Next, Template: f.Template,
	}
	if i := slices.IndexFunc(r.templates(), func(t edit.Template) bool { return t.Name == f.Template }); i < 0 || r.templates()[i].Kind != d.Kind {
		d.Template = "" // it was left when the kind was chosen
	}
	return d
}

func (r *request) addition(f postForm) edit.Addition {
	return edit.Addition{State: status.State(f.State), Message: f.Text, Affects: f.affects(r.snap.Library.Site.Components), At: f.At, ETA: f.ETA, Next: f.Next}
}

func (r *request) templates() []edit.Template { return edit.Templates(r.snap.DefaultLanguage()) }

// statusPublish answers the forms: a preview, a template, a new text, or undo.
func (r *request) statusPublish() error {
	f := r.postInput()
	switch r.FormValue("do") {
	case "preview":
		p := r.statusPage(f)
		preview, err := r.preview(f)
		if err != nil {
			return r.statusFailed(f, err)
		}
		p.Preview = preview
		return r.fresh(http.StatusOK, p)
	case "template":
		r.useTemplate(&f)
		return r.fresh(http.StatusOK, r.statusPage(f))
	case "publish":
		return r.statusWrite(f)
	case "undo":
		w, err := r.editor().Undo(f.ID, r.FormValue("match-"+f.ID))
		if err != nil {
			return r.statusFailed(postForm{}, err)
		}
		return r.statusWritten(w, "")
	}
	return badRequest("")
}

// statusWrite publishes. The form's own key keeps a second tap from publishing
// twice.
func (r *request) statusWrite(f postForm) error {
	key := r.FormValue("key")
	if key != "" {
		key = r.who.Agent + " " + key
	}
	request := []byte(f.Mode + "\n" + f.ID + "\n" + f.Title + "\n" + f.Text)
	a, _, err := r.s.posted.do(key, request, r.now, func() (*onceAnswer, error) {
		w, err := r.writePost(f)
		return &onceAnswer{body: []byte(w.ID)}, err
	})
	if err != nil {
		return r.statusFailed(f, err)
	}
	return r.statusWritten(content.Written{}, string(a.body))
}

func (r *request) writePost(f postForm) (content.Written, error) {
	e := r.editor()
	match := r.FormValue("match-" + f.ID)
	switch f.Mode {
	case "new":
		return e.New(r.draft(f))
	case "update":
		return e.Add(f.ID, r.addition(f), match)
	case "resolve":
		return e.Resolve(f.ID, r.addition(f), match)
	}
	return content.Written{}, badRequest("")
}

// statusWritten makes what was written public, and leads back to the start.
func (r *request) statusWritten(w content.Written, id string) error {
	if err := r.s.live.Load(); err != nil {
		r.s.log.Error("a post was written but is not shown yet", "error", err)
	}
	target := r.root() + "/agent/status"
	if id != "" {
		target += "?saved=" + url.QueryEscape(id)
	}
	return r.Redirect(http.StatusSeeOther, target)
}

// statusFailed shows the form again, with what was typed and what is wrong.
func (r *request) statusFailed(f postForm, err error) error {
	var he *httpError
	if errors.As(err, &he) {
		return err
	}
	p := r.statusPage(f)
	code := http.StatusUnprocessableEntity
	switch {
	case errors.Is(err, source.ErrConflict):
		p.Conflict, code = true, http.StatusConflict
	case errors.Is(err, source.ErrReadOnly):
		p.ReadOnly, code = true, http.StatusConflict
	default:
		p.Error = err.Error()
	}
	return r.fresh(code, p)
}

// useTemplate fills what is still empty from a template.
func (r *request) useTemplate(f *postForm) {
	for _, t := range r.templates() {
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
func (r *request) openPosts() []status.PostState {
	s := r.snap.Situation
	return slices.Concat(s.Open(), s.InProgress(), s.Upcoming(), s.Notices())
}

// statusPage is the page of a form; Mode "" shows the three buttons.
func (r *request) statusPage(f postForm) *view.AgentStatus {
	l := r.words()
	p := &view.AgentStatus{
		Chrome: r.agentChrome(""), Agent: r.agentBar("status"), Mode: f.Mode, Action: r.root() + "/agent/status",
		Headline: f.Title, Text: f.Text, Starts: f.Starts, Lasts: f.Lasts, At: f.At, ETA: f.ETA, NextBy: f.Next,
		Zone: r.snap.Library.Site.Zone.String(), ReadOnly: r.s.live.Source().Dir() == "",
	}
	p.Title = l.T("nav.status")
	open := r.openPosts()
	if len(open) == 0 && f.Mode != "new" {
		p.Mode, f.Mode = "", ""
	}
	p.Fields = []view.Hidden{{Name: "csrf", Value: p.CSRF}, {Name: "mode", Value: f.Mode}, {Name: "key", Value: r.formKey(f)}}
	for _, post := range open {
		p.Open = append(p.Open, view.Choice{Value: post.ID, Name: r.postTitle(post.Post), Selected: post.ID == f.ID})
		if f.Mode == "update" || f.Mode == "resolve" {
			p.Fields = append(p.Fields, view.Hidden{Name: "match-" + post.ID, Value: r.hashOf(post.Post)})
		}
		p.Posts = append(p.Posts, r.postLink(post))
	}
	for _, post := range r.snap.Situation.Posts[:min(5, len(r.snap.Situation.Posts))] {
		if !slices.ContainsFunc(open, func(o status.PostState) bool { return o.ID == post.ID }) {
			p.Posts = append(p.Posts, r.postLink(post))
		}
	}
	r.statusChoices(p, f, open)
	return p
}

// formKey stays the same while one form is corrected and sent again.
func (r *request) formKey(f postForm) string {
	if key := r.FormValue("key"); key != "" && r.Request().Method == http.MethodPost && f.Mode != "" {
		return key
	}
	return strconv.FormatUint(link.NewNonce(), 36)
}

// statusChoices fills the lists of a form.
func (r *request) statusChoices(p *view.AgentStatus, f postForm, open []status.PostState) {
	l := r.words()
	if f.Mode == "new" {
		kind := f.Kind
		if kind == "" {
			kind = string(status.Incident)
		}
		for _, k := range []status.Kind{status.Incident, status.Maintenance, status.Notice} {
			p.Kinds = append(p.Kinds, view.Choice{Value: string(k), Name: l.T("kind." + string(k)), Selected: string(k) == kind})
		}
		p.Templates = []view.Choice{{Name: l.T("write.notemplate"), Selected: f.Template == ""}}
		for _, t := range r.templates() {
			p.Templates = append(p.Templates, view.Choice{Value: t.Name, Name: l.T("template." + t.Name), Selected: t.Name == f.Template})
		}
		p.Mails = []view.Choice{{Name: l.T("write.nomail"), Selected: f.Mail == ""}}
		for _, m := range []status.MailSafety{status.MailSafe, status.MailDelayed, status.MailAtRisk, status.MailLost} {
			p.Mails = append(p.Mails, view.Choice{Value: string(m), Name: l.T("mail." + string(m)), Selected: string(m) == f.Mail})
		}
	}
	p.States = r.stateChoices(f, open)
	if f.Mode == "resolve" {
		return // everything works again
	}
	for _, c := range r.snap.Library.Site.Components {
		part := view.StatusPart{ID: c.ID, Name: r.text(c.Name)}
		none := "write.unaffected"
		if f.Mode == "update" {
			none = "write.unchanged"
		}
		part.States = []view.Choice{{Name: l.T(none), Selected: f.Components[c.ID] == ""}}
		for _, condition := range []status.Condition{status.MajorOutage, status.PartialOutage, status.Degraded, status.Operational} {
			if condition == status.Operational && f.Mode == "new" {
				continue
			}
			part.States = append(part.States, view.Choice{Value: condition.Word(), Name: l.T("level." + level(condition)), Selected: f.Components[c.ID] == condition.Word()})
		}
		p.Parts = append(p.Parts, part)
	}
}

// stateChoices are the states that an update can give: those of the post that
// is chosen, or of all open ones.
func (r *request) stateChoices(f postForm, open []status.PostState) []view.Choice {
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
			list = append(list, view.Choice{Value: string(s), Name: r.words().T("state." + string(s)), Selected: string(s) == selected})
		}
	}
	return list
}
