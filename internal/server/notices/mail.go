package notices

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"signpost/internal/content/status"
	"signpost/internal/notify"
	"signpost/internal/notify/letter"
	"signpost/internal/relay"
	"signpost/internal/view"
)

// A mailSender tells by mail.
type mailSender struct {
	h    *Handlers
	send func(context.Context, relay.Mail) error
}

// Send implements [notify.Sender].
func (s mailSender) Send(ctx context.Context, m notify.Message) error {
	mail, err := s.h.mail(m)
	if err != nil {
		return err
	}
	err = s.send(ctx, mail)
	var why *relay.Error
	if errors.As(err, &why) {
		return &notify.Error{Permanent: why.Permanent, Relay: why.Relay, Status: why.Status, Err: err}
	}
	return err
}

// mail is a message as it leaves.
func (h *Handlers) mail(m notify.Message) (relay.Mail, error) {
	w, err := h.word(m)
	if err != nil {
		return relay.Mail{}, err
	}
	l, e := w.letter(), w.e
	site := e.Snap.Library.Site
	from := cmp.Or(site.Sender, h.c.Sender, site.Contact.Email)
	if from == "" { // messages wait until it is there
		return relay.Mail{}, &notify.Error{Relay: true, Err: errors.New("there is no address to write from: name one as sender in site.yaml")}
	}
	env := letter.Envelope{
		From: from, FromName: site.Name, To: m.Subscription.Target, Host: hostOf(e.Base()), ID: m.ID, Thread: m.Thread, Kind: cmp.Or(m.Event.PostKind, string(m.Event.Kind)), Date: m.Date,
	}
	if m.Return != "" && h.c.Bounces != "" {
		env.Return = m.Return + "@" + h.c.Bounces
	}
	mail, err := l.Mail(env)
	if err != nil {
		return mail, &notify.Error{Permanent: true, Err: err}
	}
	return mail, nil
}

// letter words a message that is mailed.
func (w *words) letter() letter.Letter {
	m := w.m
	t := w.l.T
	v := letter.Letter{Lang: w.l.Tag, Dir: w.l.Dir, Site: w.e.Snap.Library.Site.Name, Level: w.level(), State: w.state(), Title: w.title(), Lead: w.lead()}
	if m.Event.Kind == notify.Confirm {
		v.Subject, v.Level, v.State = t("notice.confirm.subject", "site", v.Site), view.LevelNotice, ""
		v.Texts = []letter.Text{{Plain: t("notice.confirm.text", "site", v.Site)}}
		v.Texts[0].HTML = paragraph(v.Texts[0].Plain)
		v.Action = letter.Link{Text: t("notice.confirm.open"), URL: w.url("/status/subscribe/" + m.Confirm)}
		v.Notes = []string{t("notice.confirm.not")}
		return v
	}
	v.Subject = "[" + v.State + "] " + v.Title
	if m.Late {
		v.Intro = t("notice.late")
	}
	for _, f := range w.facts() {
		v.Facts = append(v.Facts, letter.Fact(f))
	}
	v.Texts = append(w.advice(), w.texts()...)
	for _, a := range w.help() {
		v.Help, v.Links = t("post.help"), append(v.Links, letter.Link{Text: a.Title, URL: w.e.Absolute(a.URL)})
	}
	v.Action = letter.Link{Text: t("notice.open"), URL: w.url("/status/" + w.post.ID)}
	v.Foot = t("notice.why", "address", m.Subscription.Target, "site", v.Site)
	v.Manage = letter.Link{Text: t("notice.change"), URL: w.url("/status/subscribe/" + m.Subscription.Manage)}
	v.Leave = letter.Link{Text: t("notice.leave"), URL: w.url("/status/unsubscribe/" + m.Subscription.Leave)}
	return v
}

// help are the articles that the post names, while it matters.
func (w *words) help() []view.ArticleLink {
	if w.over() {
		return nil
	}
	return w.e.HelpLinks(w.post.Post)
}

// advice is what the reader should do, while it matters.
func (w *words) advice() []letter.Text {
	if w.over() || w.post.Phase != status.Open && w.post.Phase != status.Upcoming {
		return nil
	}
	var list []letter.Text
	for _, part := range []struct {
		key  string
		text status.Text
	}{{"post.action", w.post.Action}, {"post.workaround", w.post.Workaround}} {
		if source := part.text.In(w.e.Lang); source != "" {
			lang := w.post.Lang
			if _, ok := part.text[w.e.Lang]; ok {
				lang = w.e.Lang
			}
			list = append(list, w.prose(w.l.T(part.key), status.Body{Source: source, Line: 1, Lang: lang}))
		}
	}
	return list
}

// prose is a text of the post under a heading.
func (w *words) prose(head string, b status.Body) letter.Text {
	t := letter.Text{Head: head, Plain: strings.TrimSpace(w.e.PostPlain(w.post.Post, b)), HTML: w.e.PostMail(w.post.Post, b)}
	if lang := w.post.BodyLang(b); lang != w.e.Lang {
		t.Lang = lang
	}
	return t
}

// texts are the updates that are told, the newest first.
func (w *words) texts() []letter.Text {
	var list []letter.Text
	for _, f := range w.told() {
		head := w.stateOf(f) + " · " + w.moment(status.Moment{Time: f.At})
		for _, b := range f.Texts(w.e.Lang) {
			list = append(list, w.prose(head, b))
			head = ""
		}
	}
	return list
}
