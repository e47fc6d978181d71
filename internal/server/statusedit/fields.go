package statusedit

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/server/page"
	"signpost/internal/view"
)

// A layout makes the fields of one form, which are those of the kind.
type layout struct {
	e page.Context
	l *locale.Language
	f postForm
}

func (b layout) is(kind status.Kind) bool { return b.f.Kind == string(kind) }

func (b layout) field(kind, name, label, hint string) view.Field {
	return view.Field{Type: kind, Name: name, Label: b.l.T(label), Value: b.f.Values[name], Hint: hint}
}

func (b layout) line(name, label, hint string) view.Field {
	return b.field("text", name, label, hint)
}

// time is a date and time picker; what no picker can hold, as a zone behind the
// time, stays text.
func (b layout) time(name, label string) view.Field {
	v := b.field("datetime-local", name, label, "")
	if v.Value == "" {
		return v
	}
	if at, err := time.Parse("2006-01-02 15:04", b.f.time(name)); err == nil {
		v.Value = at.Format("2006-01-02T15:04")
	} else {
		v.Type = "text"
	}
	return v
}

func (b layout) check(name, label string) view.Field {
	v := b.field("checkbox", name, label, "")
	v.Checked, v.Value = v.Value != "", "true"
	return v
}

// choose is a list to choose from; pairs are values and their names.
func (b layout) choose(name, label string, pairs ...string) view.Field {
	v := b.field("select", name, label, "")
	known := false
	for i := 0; i < len(pairs); i += 2 {
		known = known || pairs[i] == v.Value
		v.Options = append(v.Options, view.Choice{Value: pairs[i], Name: pairs[i+1], Selected: pairs[i] == v.Value})
	}
	if !known {
		v.Options = append(v.Options, view.Choice{Value: v.Value, Name: v.Value, Selected: true})
	}
	return v
}

// tabs are the texts, a tab for each language; the first is that of the post.
func (b layout) tabs(first string) []view.LanguageTab {
	langs := b.e.Snap.Languages()
	if i := slices.Index(langs, first); i > 0 {
		langs = slices.Insert(slices.Delete(slices.Clone(langs), i, i+1), 0, first)
	}
	var list []view.LanguageTab
	for i, lang := range langs {
		suffix := ""
		if i > 0 {
			suffix = "-" + lang
		}
		tab := view.LanguageTab{Lang: lang, Name: b.e.WordsIn(lang).Name, Selected: i == 0 && !slices.Contains(langs, b.f.Values["tab"]) || b.f.Values["tab"] == lang}
		if b.f.Mode == modeNew || b.f.Mode == modeSet {
			title := b.line("title"+suffix, "write.title", b.l.T("write.title.hint"))
			if strings.Contains(title.Value+b.f.Values["text"+suffix], "{components}") {
				title.Hint = b.l.T("write.braces")
			}
			tab.Fields = append(tab.Fields, title)
		}
		if b.f.Mode != modeSet {
			text := b.field("area", "text"+suffix, "write.text", b.l.T("write.text.hint"))
			tab.Fields = append(tab.Fields, text)
		}
		if b.f.Mode == modeNew || b.f.Mode == modeSet {
			for _, s := range [][2]string{{"who", "post.who"}, {"action", "post.action"}, {"workaround", "post.workaround"}, {"expect", "post.expect"}, {"unaffected_text", "write.works"}} {
				tab.More = append(tab.More, b.line(s[0]+suffix, s[1], ""))
			}
		}
		for _, v := range slices.Concat(tab.Fields, tab.More) {
			tab.Filled = tab.Filled || v.Value != ""
		}
		tab.Open = slices.ContainsFunc(tab.More, func(v view.Field) bool { return v.Value != "" })
		list = append(list, tab)
	}
	return list
}

// parts are the components, below their groups: a group is one choice for all.
func (b layout) parts() []view.StatusPart {
	var list []view.StatusPart
	groups := b.e.Snap.Library.Site.Groups
	for _, g := range groups {
		part := b.part(g.ID, b.l.T("write.all", "group", b.e.Text(g.Name)))
		part.Group = true
		list = append(list, part)
		for _, c := range b.e.Snap.Library.Site.Components {
			if c.Group == g.ID {
				list = append(list, b.part(c.ID, b.e.Text(c.Name)))
			}
		}
	}
	for _, c := range b.e.Snap.Library.Site.Components {
		if !slices.ContainsFunc(groups, func(g status.Group) bool { return g.ID == c.Group }) {
			list = append(list, b.part(c.ID, b.e.Text(c.Name)))
		}
	}
	return list
}

func (b layout) part(id, name string) view.StatusPart {
	pairs := []string{"", b.l.T("write.unaffected")}
	if b.f.Mode == modeUpdate {
		pairs[1] = b.l.T("write.unchanged")
	}
	switch {
	case b.f.Mode == modeUpdate:
	case b.is(status.Maintenance):
		pairs = append(pairs, wordNamed, b.l.T("level.maintenance"))
	case b.is(status.Notice):
		pairs = append(pairs, wordNamed, b.l.T("write.named"))
	}
	if !b.is(status.Notice) {
		for _, c := range []status.Condition{status.MajorOutage, status.PartialOutage, status.Degraded} {
			pairs = append(pairs, c.Word(), b.l.T("level."+page.Level(c)))
		}
	}
	if b.f.Mode == modeUpdate {
		pairs = append(pairs, status.Operational.Word(), b.l.T("level.ok"))
	} else {
		pairs = append(pairs, wordKeeps, b.l.T("write.keeps"))
	}
	v := b.choose("component-"+id, "write.components", pairs...)
	return view.StatusPart{ID: id, Name: name, States: v.Options}
}

// mail asks the customer's first question.
func (b layout) mail() view.Field {
	none := "write.nomail"
	if b.f.Mode == modeUpdate {
		none = "write.unchanged"
	}
	pairs := []string{"", b.l.T(none)}
	for _, m := range []status.MailSafety{status.MailSafe, status.MailDelayed, status.MailAtRisk, status.MailLost} {
		pairs = append(pairs, string(m), b.l.T("mail."+string(m)))
	}
	return b.choose("mail", "write.mail", pairs...)
}

// sections are the fields below the texts and components: first those that
// every post of the kind has, then the rarer ones, folded.
func (b layout) sections() []view.FormSection {
	list := []view.FormSection{{Fields: b.usual()}}
	if b.f.Mode == modeNew || b.f.Mode == modeSet {
		if b.is(status.Maintenance) {
			list = append(list, b.folded("write.windows", b.windowFields()))
		}
		list = append(list, b.folded("write.more", b.rare()))
	}
	return list
}

func (b layout) folded(title string, fields []view.Field) view.FormSection {
	s := view.FormSection{Title: b.l.T(title), Fields: fields}
	s.Open = slices.ContainsFunc(fields, func(v view.Field) bool { return v.Checked || v.Type != "checkbox" && v.Value != "" })
	return s
}

func (b layout) usual() (list []view.Field) {
	moving := b.f.Mode == modeUpdate && b.is(status.Maintenance)
	switch b.f.Mode {
	case modeNew, modeSet:
		list = append(list, b.mail())
	case modeUpdate:
		if !b.is(status.Notice) {
			list = append(list, b.mail())
		}
	}
	if b.is(status.Maintenance) && (b.f.Mode == modeNew || b.f.Mode == modeSet) || moving {
		list = append(list, b.time("starts", "post.starts"), b.time("ends", "post.ends"), b.line("lasts", "write.lasts", "2h30m"))
	}
	if b.f.Mode == modeSet {
		return list
	}
	if !b.is(status.Maintenance) || b.f.Mode != modeNew {
		label := "write.at"
		if b.f.Mode == modeNew && b.is(status.Incident) {
			label = "write.began"
		}
		at := b.time("at", label)
		at.Hint = b.l.T("write.now")
		list = append(list, at)
	}
	if b.f.Mode != modeResolve && b.is(status.Incident) {
		list = append(list, b.line("eta", "post.eta", "30m, 30m-45m"), b.line("next", "post.next", "30m"))
	}
	if b.f.Mode == modeUpdate {
		pairs := []string{"", ""}
		if post := b.e.Snap.Library.Board.Post(b.f.ID); post != nil {
			for _, u := range post.Updates {
				pairs = append(pairs, u.ID, b.l.T("state."+string(u.State))+" · "+page.Moment(b.l, u.At).Text)
			}
		}
		list = append(list, b.choose("corrects", "post.corrects", pairs...))
	}
	return list
}

// windowFields are the single periods, with room for more.
func (b layout) windowFields() (list []view.Field) {
	n := len(b.f.windows())
	for i := range maxWindows {
		name := "window-" + strconv.Itoa(i)
		if i >= max(n+2, 3) && b.f.Values[name+"-starts"]+b.f.Values[name+"-ends"]+b.f.Values[name+"-lasts"] == "" {
			continue
		}
		for _, v := range []view.Field{b.time(name+"-starts", "post.starts"), b.time(name+"-ends", "post.ends"), b.line(name+"-lasts", "write.lasts", "")} {
			v.Label = strconv.Itoa(i+1) + ". " + v.Label
			list = append(list, v)
		}
	}
	return list
}

func (b layout) rare() (list []view.Field) {
	impacts := []string{"", b.l.T("write.impact.auto"), "none", b.l.T("write.impact.none")}
	for _, i := range []status.Impact{status.ImpactMinor, status.ImpactMajor, status.ImpactCritical} {
		impacts = append(impacts, i.String(), b.l.T("impact."+i.String()))
	}
	if b.f.Mode == modeNew && b.is(status.Incident) {
		var states []string
		for _, s := range status.Incident.States()[:4] {
			states = append(states, string(s), b.l.T("state."+string(s)))
		}
		list = append(list, b.choose("state", "write.state", slices.Insert(states, 0, "", "")...))
	}
	list = append(list, b.line("help", "write.articles", b.l.T("write.articles.hint")))
	if !b.is(status.Notice) {
		list = append(list, b.choose("impact", "write.impact", impacts...), b.line("supplier", "post.supplier", ""))
	}
	list = append(list, b.choose("pin", "write.pin", "", "–", "true", b.l.T("write.pin.yes")), b.time("pin_until", "write.pin.until"),
		b.time("expires", "write.expires"), b.time("publish", "write.publishat"), b.check("draft", "write.draft"), b.check("approx", "write.approx"))
	if b.is(status.Maintenance) {
		list = append(list, b.check("ends_unknown", "write.endunknown"))
	} else {
		list = append(list, b.choose("resolved", "write.resolved", "", "–", "unknown", b.l.T("write.resolved.unknown")))
	}
	if b.f.Mode == modeNew {
		list = append(list, b.line("zone", "write.zone", b.e.Snap.Library.Site.Zone.String()), b.line("post_id", "write.id", "2026-12-01-new-disks"))
	}
	return append(list, b.line("superseded_by", "write.superseded", ""))
}

// states are the states that an update of the post can give.
func (b layout) states(post status.PostState) view.Field {
	var pairs []string
	for _, s := range post.Kind.States() {
		late := s == status.Reopened || s == status.Postmortem
		over := post.Phase == status.Over || post.Phase == status.Called
		switch {
		case b.f.Mode == modeResolve && s != post.Kind.Last() && (s != status.Cancelled || post.Phase != status.Upcoming):
		case b.f.Mode == modeUpdate && (over != late && s != status.Updated || s.Closes() && s != status.Cancelled || s == status.Cancelled && post.Phase != status.Upcoming):
		default:
			pairs = append(pairs, string(s), b.l.T("state."+string(s)))
		}
	}
	if b.f.Values["state"] == "" && len(pairs) > 0 {
		state := pairs[0]
		if b.f.Mode == modeUpdate && slices.Contains(pairs, string(status.Updated)) {
			state = string(status.Updated)
		}
		b.f.Values["state"] = state
	}
	v := b.choose("state", "write.state", pairs...)
	v.Type = "radio"
	return v
}
