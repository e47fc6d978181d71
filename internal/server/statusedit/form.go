package statusedit

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

// What a form can be for.
const (
	modeNew     = "new"     // a post
	modeUpdate  = "update"  // a further update
	modeResolve = "resolve" // the last update
	modeEdit    = "edit"    // a corrected text
	modeSet     = "set"     // what the post says beside its updates
)

// A postForm is what an agent typed: every field by its name, as it came.
type postForm struct {
	Mode, ID, Kind string
	Values         map[string]string
}

// own are fields that are not part of what was typed.
func own(name string) bool {
	return slices.Contains([]string{"csrf", "key", "do", "mode", "id", "kind"}, name) || strings.HasPrefix(name, "match-")
}

// formOf reads a form, or the address of a page that shows one.
func formOf(e page.Context, values url.Values) postForm {
	f := postForm{Mode: values.Get("mode"), ID: values.Get("id"), Kind: values.Get("kind"), Values: map[string]string{}}
	for name := range values {
		if text := strings.TrimSpace(values.Get(name)); text != "" && !own(name) {
			f.Values[name] = text
		}
	}
	if post := e.Snap.Library.Board.Post(f.ID); post != nil && f.Mode != modeNew {
		f.ID, f.Kind = post.ID, string(post.Kind)
	}
	return f
}

// time is a moment that a date picker gave, or that was typed, as it is written
// in a post.
func (f *postForm) time(name string) string {
	const picked = "2006-01-02T15:04"
	text := f.Values[name]
	for _, layout := range []string{picked, picked + ":05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.Format("2006-01-02 15:04")
		}
	}
	return text
}

// Words that a component's choice has beside the conditions.
const (
	wordNamed = "named" // it is concerned, without a condition
	wordKeeps = "keeps" // it is said to keep working
)

// affects lists the chosen components and groups as posts name them: those that
// are concerned, and those that keep working.
func (f *postForm) affects(e page.Context) (affected, unaffected []string) {
	for _, id := range partIDs(e) {
		switch word := f.Values["component-"+id]; word {
		case "":
		case wordNamed:
			affected = append(affected, id)
		case wordKeeps:
			unaffected = append(unaffected, id)
		default:
			affected = append(affected, id+"="+word)
		}
	}
	return affected, unaffected
}

// partIDs are what a post can name: groups, then components.
func partIDs(e page.Context) []string {
	var ids []string
	for _, g := range e.Snap.Library.Site.Groups {
		ids = append(ids, g.ID)
	}
	for _, c := range e.Snap.Library.Site.Components {
		ids = append(ids, c.ID)
	}
	return ids
}

// ownLanguage is the language that a new post is written in: the site's first,
// or the only one that was written in.
func (f *postForm) ownLanguage(e page.Context) string {
	first := e.Snap.DefaultLanguage()
	if f.Values["title"] != "" || f.Values["text"] != "" {
		return first
	}
	var written []string
	for _, lang := range e.Snap.Languages() {
		if f.Values["title-"+lang] != "" || f.Values["text-"+lang] != "" {
			written = append(written, lang)
		}
	}
	if len(written) == 1 {
		return written[0]
	}
	return first
}

// sentences are the fields of a language beside its text.
func (f *postForm) sentences(suffix string) status.TextFront {
	return status.TextFront{
		Title: f.Values["title"+suffix], Expect: f.Values["expect"+suffix], Who: f.Values["who"+suffix],
		UnaffectedText: f.Values["unaffected_text"+suffix], Action: f.Values["action"+suffix], Workaround: f.Values["workaround"+suffix],
	}
}

// pin is what "pin" says in the front matter.
func (f *postForm) pin() string {
	if until := f.time("pin_until"); until != "" {
		return "until " + until
	}
	return f.Values["pin"]
}

// ends is the end of planned work.
func (f *postForm) ends() string {
	if f.Values["ends_unknown"] != "" {
		return "unknown"
	}
	return f.time("ends")
}

// windows are the single periods of planned work, in their order.
func (f *postForm) windows() []status.WindowText {
	var list []status.WindowText
	for i := range maxWindows {
		n := "window-" + strconv.Itoa(i)
		w := status.WindowText{Starts: f.time(n + "-starts"), Ends: f.time(n + "-ends"), Lasts: f.Values[n+"-lasts"]}
		if w != (status.WindowText{}) {
			list = append(list, w)
		}
	}
	return list
}

const maxWindows = 60 // of a form

// draft is a new post.
func draft(e page.Context, f postForm) edit.Draft {
	own := f.ownLanguage(e)
	suffix := ""
	if own != e.Snap.DefaultLanguage() {
		suffix = "-" + own
	}
	s := f.sentences(suffix)
	d := edit.Draft{
		FrontMatter: status.FrontMatter{
			Kind: status.Kind(f.Kind), Lang: own, Title: s.Title, Expect: s.Expect, Who: s.Who, UnaffectedText: s.UnaffectedText, Action: s.Action, Workaround: s.Workaround,
			ID: f.Values["post_id"], Zone: f.Values["zone"], Starts: f.time("starts"), Ends: f.ends(), Lasts: f.Values["lasts"], Windows: f.windows(),
			Resolved: f.Values["resolved"], Approx: f.Values["approx"] != "", Impact: f.Values["impact"], Mail: status.MailSafety(f.Values["mail"]),
			Supplier: f.Values["supplier"], Help: status.Words([]string{f.Values["help"]}), Pin: f.pin(), Expires: f.time("expires"),
			SupersededBy: f.Values["superseded_by"], Draft: f.Values["draft"] != "", Publish: f.time("publish"),
		},
		State: status.State(f.Values["state"]), Message: f.Values["text"+suffix], At: f.time("at"), ETA: f.Values["eta"], NextIn: f.Values["next"],
		Force: f.Values["force"] != "", Texts: map[string]edit.Text{},
	}
	d.Affects, d.Unaffected = f.affects(e)
	for _, lang := range e.Snap.Languages() {
		if t := (edit.Text{TextFront: f.sentences("-" + lang), Message: f.Values["text-"+lang]}); lang != own && t != (edit.Text{}) {
			d.Texts[lang] = t
		}
	}
	if d.Kind != status.Maintenance { // an incident's start is the time of its first update
		d.At, d.Starts, d.Ends, d.Lasts, d.Windows = cmp.Or(d.At, d.Starts), "", "", "", nil
	}
	return d
}

// addition is an update.
func addition(e page.Context, f postForm) edit.Addition {
	a := edit.Addition{
		State: status.State(f.Values["state"]), Message: f.Values["text"], At: f.time("at"), ETA: f.Values["eta"], Next: f.Values["next"],
		Starts: f.time("starts"), Ends: f.time("ends"), Lasts: f.Values["lasts"], Corrects: f.Values["corrects"],
		Texts: map[string]string{}, Facts: map[string]string{}, Force: f.Values["force"] != "",
	}
	a.Affects, _ = f.affects(e)
	for _, lang := range e.Snap.Languages() {
		if text := f.Values["text-"+lang]; text != "" {
			a.Texts[lang] = text
		}
	}
	if mail := f.Values["mail"]; mail != "" {
		a.Facts["mail"] = mail
	}
	return a
}

// correction is a corrected text. Texts in other languages change when they are
// not as they were.
func correction(f postForm, post *status.Post) edit.Correction {
	u := updateOf(f, post)
	c := edit.Correction{Update: u.ID, Texts: map[string]string{}}
	body := u.Body.Source
	if u.Implicit {
		body = post.Summary.Source
	}
	if text := f.Values["text"]; text != unix(body) {
		c.Text = &text
	}
	bodies := bodiesOf(post, u)
	for name, text := range f.Values {
		if lang, ok := strings.CutPrefix(name, "text-"); ok && lang != post.Lang && text != unix(bodies[lang].Source) {
			c.Texts[lang] = text
		}
	}
	for lang := range bodies {
		if f.Values["text-"+lang] == "" {
			c.Texts[lang] = ""
		}
	}
	return c
}

// bodiesOf are the texts of an update in other languages than the post's.
func bodiesOf(post *status.Post, u status.Update) status.Bodies {
	if u.Implicit {
		return post.Summaries
	}
	return u.Bodies
}

// updateOf is the update that a form is about: the latest when it names none.
func updateOf(f postForm, post *status.Post) status.Update {
	if i := slices.IndexFunc(post.Updates, func(u status.Update) bool { return u.ID == f.Values["update"] }); i >= 0 {
		return post.Updates[i]
	}
	return post.Updates[len(post.Updates)-1]
}

// unix is a text as forms send it, trimmed and with one kind of line ends.
func unix(text string) string {
	return strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
}

// revision is what differs between a form and the post as it is.
func revision(e page.Context, f, before postForm) edit.Revision {
	r := edit.Revision{Facts: map[string]string{}, Texts: map[string]status.TextFront{}, Force: f.Values["force"] != ""}
	facts, old := f.facts(e), before.facts(e)
	for key, value := range facts {
		if value != old[key] {
			r.Facts[key] = value
		}
	}
	if windows := f.windows(); !slices.Equal(windows, before.windows()) {
		if r.Windows = windows; windows == nil {
			r.Windows = []status.WindowText{}
		}
	}
	for _, lang := range e.Snap.Languages() {
		if s := f.sentences("-" + lang); s != before.sentences("-"+lang) {
			r.Texts[lang] = s
		}
	}
	return r
}

// facts are the keys of the front matter with what the form says of them.
func (f *postForm) facts(e page.Context) map[string]string {
	affected, unaffected := f.affects(e)
	s := f.sentences("")
	facts := map[string]string{
		"title": s.Title, "expect": s.Expect, "who": s.Who, "unaffected_text": s.UnaffectedText, "action": s.Action, "workaround": s.Workaround,
		"affects": strings.Join(affected, " "), "unaffected": strings.Join(unaffected, " "), "pin": f.pin(), "expires": f.time("expires"), "publish": f.time("publish"),
	}
	for _, key := range []string{"impact", "mail", "supplier", "superseded_by", "help", "draft", "approx", "resolved"} {
		facts[key] = f.Values[key]
	}
	if f.Kind == string(status.Maintenance) {
		facts["starts"], facts["ends"], facts["lasts"] = f.time("starts"), f.ends(), f.Values["lasts"]
	}
	return facts
}

// filled is the form that changes a post, with what the post says now.
func filled(e page.Context, post *status.Post, files edit.Files) postForm {
	fm := status.ReadFrontMatter(files.Path, files.Data)
	f := postForm{Mode: modeSet, ID: post.ID, Kind: string(post.Kind), Values: map[string]string{
		"starts": fm.Starts, "ends": fm.Ends, "lasts": fm.Lasts, "impact": fm.Impact, "mail": string(fm.Mail), "supplier": fm.Supplier,
		"help": strings.Join(status.Words(fm.Help), " "), "pin": fm.Pin, "expires": fm.Expires, "publish": fm.Publish, "superseded_by": fm.SupersededBy,
		"resolved": fm.Resolved,
	}}
	f.say("", status.TextFront{Title: fm.Title, Expect: fm.Expect, Who: fm.Who, UnaffectedText: fm.UnaffectedText, Action: fm.Action, Workaround: fm.Workaround})
	for lang, data := range files.Texts {
		if t, _ := status.ParseTranslation(status.TranslationPath(files.Path, lang), data); t != nil {
			f.say("-"+lang, t.Front)
		}
	}
	if fm.Ends == "unknown" {
		f.Values["ends"], f.Values["ends_unknown"] = "", "true"
	}
	if until, ok := strings.CutPrefix(fm.Pin, "until "); ok {
		f.Values["pin"], f.Values["pin_until"] = "", until
	}
	for i, w := range fm.Windows[:min(len(fm.Windows), maxWindows)] {
		n := "window-" + strconv.Itoa(i)
		f.Values[n+"-starts"], f.Values[n+"-ends"], f.Values[n+"-lasts"] = w.Starts, w.Ends, w.Lasts
	}
	for name, set := range map[string]bool{"draft": fm.Draft, "approx": fm.Approx} {
		if set {
			f.Values[name] = "true"
		}
	}
	for _, word := range status.Words(fm.Affects) {
		id, condition, _ := strings.Cut(word, "=")
		f.Values["component-"+id] = cmp.Or(condition, wordNamed)
	}
	for _, id := range status.Words(fm.Unaffected) {
		f.Values["component-"+id] = wordKeeps
	}
	maps.DeleteFunc(f.Values, func(_, text string) bool { return text == "" })
	return f
}

// say fills the short sentences of a language.
func (f *postForm) say(suffix string, s status.TextFront) {
	for name, text := range map[string]string{
		"title": s.Title, "expect": s.Expect, "who": s.Who, "unaffected_text": s.UnaffectedText, "action": s.Action, "workaround": s.Workaround,
	} {
		f.Values[name+suffix] = strings.TrimSpace(text)
	}
}

// postInput is the form in the body of a request.
func postInput(r *web.Request) (postForm, error) {
	values, err := r.Form()
	if err != nil {
		return postForm{}, err
	}
	return formOf(r.Page, values), nil
}
