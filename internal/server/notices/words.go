package notices

import (
	"errors"
	"html/template"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/notify"
	"signpost/internal/notify/channel"
	"signpost/internal/notify/intent"
	"signpost/internal/server/page"
	"signpost/internal/site"
	"signpost/internal/view"
)

// words are what a message is made from: the post as the snapshot has it, in the
// language and zone of who is told.
type words struct {
	m    notify.Message
	e    page.Context
	l    *locale.Language
	zone *time.Location // nil: that of whoever wrote the post
	post *status.PostState
	fact status.Fact // that is told; zero for a request to confirm
}

var errGone = &notify.Error{Permanent: true, Err: errors.New("the post or the update is gone")}

// word finds what a message tells.
func (h *Handlers) word(m notify.Message) (*words, error) {
	w := h.wordIn(h.c.App.Live.Snapshot(), m)
	if m.Event.Kind != notify.Confirm && w.post == nil {
		return w, errGone
	}
	return w, nil
}

// wordIn finds what a message tells in a snapshot; without a post when it is gone.
func (h *Handlers) wordIn(snap *site.Snapshot, m notify.Message) *words {
	e := h.c.App.Page(snap, snap.DefaultLanguage())
	if e.Knows(m.Subscription.Language) {
		e = e.In(m.Subscription.Language)
	}
	w := &words{m: m, e: e, l: e.Words()}
	if m.Subscription.Zone != "" {
		w.zone, _ = time.LoadLocation(m.Subscription.Zone) // checked when it was chosen
	}
	if f, ok := intent.Fact(snap.Board, m.Event.Post, m.Event.Update); ok && m.Event.Kind != notify.Confirm {
		w.fact, w.post = f, f.Post
	}
	return w
}

func (w *words) url(path string) string { return w.e.Absolute(w.e.Root() + path) }

// moment is a time in the reader's zone.
func (w *words) moment(m status.Moment) string {
	if w.zone != nil && !m.Day {
		m.Time = m.Time.In(w.zone)
	} else if !m.Day {
		m.Time = m.Time.In(w.post.Zone)
	}
	t := page.Moment(w.l, m)
	if t.Approx {
		return w.l.T("time.about") + " " + t.Text
	}
	return t.Text
}

func (w *words) title() string {
	if w.post == nil {
		return w.l.T("notice.confirm.subject", "site", w.e.Snap.Library.Site.Name)
	}
	return w.e.PostTitle(w.post.Post)
}

// state is what has happened, in words.
func (w *words) state() string {
	if w.post == nil {
		return ""
	}
	if w.m.Event.Kind == notify.Moved {
		return w.l.T("notice.moved")
	}
	return w.stateOf(&w.fact)
}

func (w *words) stateOf(f *status.Fact) string {
	if f.Reminder {
		return w.l.T("state.reminder")
	}
	return w.l.T("state." + string(f.Update.State))
}

// over reports whether what is told ends the matter.
func (w *words) over() bool {
	return w.fact.State.Closes() || w.fact.State == status.Cancelled || w.fact.State == status.Postmortem
}

// level is how bad it is by what is told.
func (w *words) level() string {
	if w.post == nil {
		return view.LevelNotice
	}
	worst := status.Operational
	for _, c := range w.fact.Components {
		worst = max(worst, c.Condition)
	}
	switch {
	case w.over():
		return view.LevelOK
	case w.post.Kind == status.Maintenance:
		return view.LevelMaintenance
	case w.post.Kind == status.Notice:
		return view.LevelNotice
	}
	return page.Level(worst)
}

// lead says whether mail is safe, which everybody asks first.
func (w *words) lead() string {
	if w.post == nil || w.m.Event.Kind == notify.Cancelled {
		return ""
	}
	return page.MailSentence(w.l, w.post.Mail)
}

// told are the facts that the message tells, the newest first.
func (w *words) told() []*status.Fact {
	list := []*status.Fact{&w.fact}
	for _, id := range slices.Backward(w.m.Told) {
		f, ok := intent.Fact(w.e.Snap.Board, w.post.ID, id)
		if ok && !slices.ContainsFunc(list, func(other *status.Fact) bool { return other.Update.ID == f.Update.ID }) {
			list = append(list, &f)
		}
	}
	return list
}

// facts are since when, what is affected and what is not, and what is promised.
func (w *words) facts() []channel.Fact {
	var list []channel.Fact
	add := func(label string, values ...string) {
		values = slices.DeleteFunc(values, func(s string) bool { return s == "" })
		if len(values) > 0 {
			list = append(list, channel.Fact{Label: label, Values: values})
		}
	}
	t, p := w.l.T, w.post
	planned := p.Kind == status.Maintenance && w.fact.State != status.Completed
	if planned {
		add(t("post.starts"), w.moment(w.fact.Window.Start))
		add(t("post.ends"), w.moment(w.fact.Window.End))
	} else if p.Kind == status.Incident {
		add(t("alert.since"), w.moment(p.Began))
		if w.over() {
			add(t("post.ends"), w.moment(p.Ended))
		}
	}
	if w.fact.State == status.Cancelled || w.fact.State.Closes() {
		return list
	}
	add(t("post.affected"), w.affected(planned)...)
	add(t("post.unaffected"), append(w.e.ComponentNames(w.fact.Unaffected), w.e.PostText(p.Post, p.UnaffectedText))...)
	add(t("post.who"), w.e.PostText(p.Post, p.Who))
	add(t("post.expect"), w.e.PostText(p.Post, p.Expect))
	if n := len(p.Updates); n > 0 && p.Updates[n-1].ID == w.fact.Update.ID && p.Phase == status.Open {
		if !p.ETA.End.IsZero() && !p.Overdue {
			add(t("post.eta"), w.moment(p.ETA.End))
		}
		if !p.Next.IsZero() && !p.Late {
			add(t("post.next"), w.moment(status.Moment{Time: p.Next}))
		}
	}
	return list
}

// affected names components, each with its state unless the work is yet to come.
func (w *words) affected(planned bool) []string {
	if planned {
		var ids []string
		for _, a := range w.post.Affects {
			ids = append(ids, a.Component)
		}
		return w.e.ComponentNames(ids)
	}
	var list []string
	for _, c := range w.fact.Components {
		if name := strings.Join(w.e.ComponentNames([]string{c.Component}), ""); name != "" {
			list = append(list, name+": "+w.l.T("level."+page.Level(c.Condition)))
		}
	}
	return list
}

// paragraph is a text of the catalogues as HTML.
func paragraph(text string) template.HTML {
	return template.HTML("<p>" + template.HTMLEscapeString(text) + "</p>")
}

// note words a message for a webhook or a chat.
func (h *Handlers) note(m notify.Message) (channel.Note, error) {
	w, err := h.word(m)
	if err != nil {
		return channel.Note{}, err
	}
	n := channel.Note{State: w.state(), Title: w.title(), Level: w.level(), Lead: w.lead()}
	if m.Event.Kind == notify.Confirm {
		n.Text, n.URL, n.LinkText = w.l.T("notice.confirm.chat", "site", w.e.Snap.Library.Site.Name), w.url("/status/subscribe/"+m.Confirm), w.l.T("notice.confirm.open")
		return n, nil
	}
	n.Facts = w.facts()
	var text []string
	for _, t := range append(w.advice(), w.texts()...) {
		text = append(text, strings.TrimSpace(t.Head+"\n"+t.Plain))
	}
	n.Text = strings.Join(text, "\n\n")
	n.URL, n.LinkText = w.url("/status/"+w.post.ID), w.l.T("notice.open")
	n.Event = w.event(n)
	return n, nil
}

// event is what a webhook receives.
func (w *words) event(n channel.Note) channel.Event {
	p := w.post
	d := channel.Data{
		Post: p.ID, Kind: string(p.Kind), URL: n.URL, Title: n.Title, Lang: w.e.Lang, State: string(w.fact.Update.State), Updates: w.m.Told, Text: n.Text,
		Mail: string(p.Mail), Components: []channel.Component{}, Unaffected: slices.Clone(w.fact.Unaffected),
	}
	for _, c := range w.fact.Components {
		d.Components = append(d.Components, channel.Component{ID: c.Component, Condition: c.Condition.Word()})
	}
	if d.Unaffected == nil {
		d.Unaffected = []string{}
	}
	if p.Kind == status.Maintenance {
		d.Starts, d.Ends = w.fact.Window.Start.RFC3339(), w.fact.Window.End.RFC3339()
	} else {
		d.Starts, d.Ends = p.Began.RFC3339(), p.Ended.RFC3339()
	}
	if !p.Next.IsZero() && p.Phase == status.Open {
		d.Next = p.Next.Format(time.RFC3339)
	}
	return channel.Event{Type: "status." + string(w.m.Event.Kind), Timestamp: w.m.Date.UTC(), Data: d}
}
