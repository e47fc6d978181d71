package notices

import (
	"errors"
	"net/http"
	"net/url"

	"signpost/internal/notify"
	"signpost/internal/notify/intent"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
	"signpost/internal/webhook"
)

// Subscription answers GET /status/subscribe/TOKEN: the button that confirms, or
// the page of the subscription. It changes nothing: mail systems open links.
func (h *Handlers) Subscription(r *web.Request) error {
	r.NoStore()
	asked, err := h.c.Store.Requested(r.Request().Context(), r.Param("token"), r.Now)
	if err == nil {
		return r.SendFresh(http.StatusOK, confirmPage(r, asked))
	}
	if !errors.Is(err, notify.ErrLink) {
		return h.broken(r, err)
	}
	sub, err := h.c.Store.Find(r.Request().Context(), r.Param("token"), r.Now)
	if err != nil {
		return h.broken(r, err)
	}
	return h.manage(r, sub, func(*view.Subscribe) {})
}

// confirmPage is the button.
func confirmPage(r *web.Request, asked notify.Request) *view.Message {
	l := r.Page.Words()
	p := message(r, "subscribe.confirm", l.T("subscribe.confirm.text", "target", shown(asked.Channel, asked.Target), "site", r.Page.Snap.Library.Site.Name))
	p.Button, p.Action = l.T("subscribe.confirm"), r.Page.Root()+r.Target
	p.Fields = []view.Hidden{{Name: "do", Value: "confirm"}}
	return p
}

// shown is a target without what is secret of it.
func shown(c notify.Channel, target string) string {
	if c == notify.Mail {
		return target
	}
	host := "…"
	if u, err := url.Parse(target); err == nil {
		host = u.Host
	}
	return name(c) + ", https://" + host + "/…"
}

// name is what a channel calls itself.
func name(c notify.Channel) string {
	return map[notify.Channel]string{
		notify.Webhook: "Webhook", notify.Slack: "Slack", notify.Teams: "Microsoft Teams", notify.Mattermost: "Mattermost", notify.Ntfy: "ntfy",
	}[c]
}

// broken says why a link does not work.
func (h *Handlers) broken(r *web.Request, err error) error {
	l := r.Page.Words()
	for is, key := range map[error]string{notify.ErrExpired: "expired", notify.ErrUsed: "used", notify.ErrLink: "unknown"} {
		if errors.Is(err, is) {
			p := message(r, "subscribe.link", l.T("subscribe.link."+key))
			p.Back = view.Link{Text: l.T("status.follow"), URL: r.Page.Root() + "/status/subscribe"}
			return r.SendFresh(http.StatusNotFound, p)
		}
	}
	return h.later(r, err)
}

// manage shows the page of a subscription; change adds to it.
func (h *Handlers) manage(r *web.Request, sub notify.Subscription, change func(*view.Subscribe)) error {
	l := r.Page.Words()
	owned, err := h.c.Store.Owned(r.Request().Context(), sub.ID)
	if err != nil {
		return h.later(r, err)
	}
	p := formPage(r, "/status/subscribe/"+url.PathEscape(sub.Manage), sub.Choice)
	p.Form.Open = true
	p.Title, p.Intro = l.T("subscribe.manage"), l.T("subscribe.manage.for", "target", shown(sub.Channel, sub.Target))
	if sub.Channel == notify.Mail {
		t := &view.Targets{Secret: h.secret(sub.ID, "").String()}
		for _, o := range owned {
			t.List = append(t.List, view.Target{ID: o.ID, Name: name(o.Channel) + ", " + o.Target, Off: !o.Off.IsZero()})
		}
		for _, c := range notify.Channels() {
			if c != notify.Mail {
				t.Channels = append(t.Channels, view.Choice{Value: string(c), Name: name(c)})
			}
		}
		p.Targets = t
	}
	change(p)
	code := http.StatusOK
	if p.Error != "" {
		code = http.StatusBadRequest
	}
	return r.SendFresh(code, p)
}

// Change answers POST /status/subscribe/TOKEN.
func (h *Handlers) Change(r *web.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	if form.Get("do") == "confirm" {
		return h.confirm(r)
	}
	sub, err := h.c.Store.Find(r.Request().Context(), r.Param("token"), r.Now)
	if err != nil {
		return h.broken(r, err)
	}
	switch form.Get("do") {
	case "change":
		return h.rechoose(r, sub, form)
	case "add":
		return h.add(r, sub, form)
	case "remove":
		return h.remove(r, sub, form.Get("id"))
	case "leave":
		if err := h.c.Store.Leave(r.Request().Context(), sub.Leave, r.Now); err != nil {
			return h.later(r, err)
		}
		return r.SendFresh(http.StatusOK, left(r))
	}
	return web.BadRequest(r.Page.Words().T("subscribe.link.unknown"))
}

func (h *Handlers) confirm(r *web.Request) error {
	sub, err := h.c.Store.Confirm(r.Request().Context(), r.Param("token"), intent.UnderWay(r.Page.Snap.Board), r.Now)
	switch {
	case errors.Is(err, notify.ErrTooMany):
		return web.BadRequest(r.Page.Words().T("subscribe.error.many"))
	case err != nil:
		return h.broken(r, err)
	}
	l := r.Page.Words()
	p := message(r, "subscribe.confirmed", l.T("subscribe.confirmed.text", "target", shown(sub.Channel, sub.Target)))
	p.Back = view.Link{Text: l.T("subscribe.manage"), URL: r.Page.Root() + "/status/subscribe/" + url.PathEscape(sub.Manage)}
	return r.SendFresh(http.StatusOK, p)
}

func (h *Handlers) rechoose(r *web.Request, sub notify.Subscription, form url.Values) error {
	c, key := chosen(r, form)
	l := r.Page.Words()
	if key != "" {
		sub.Choice = c
		return h.manage(r, sub, func(p *view.Subscribe) { p.Wrong, p.Error = key, l.T("subscribe.error."+key) })
	}
	sub, err := h.c.Store.Change(r.Request().Context(), r.Param("token"), c, r.Now)
	if err != nil {
		return h.broken(r, err)
	}
	return h.manage(r, sub, func(p *view.Subscribe) { p.Done = l.T("subscribe.saved") })
}

// add asks a webhook or chat whether it wants to be told.
func (h *Handlers) add(r *web.Request, sub notify.Subscription, form url.Values) error {
	l := r.Page.Words()
	fail := func(key string) error {
		return h.manage(r, sub, func(p *view.Subscribe) {
			p.Wrong, p.Error = "target", l.T("subscribe.error."+key)
			if p.Targets != nil {
				p.Targets.URL = limited(form.Get("target"))
			}
		})
	}
	target, err := webhook.ParseTarget(form.Get("target"))
	if err != nil || sub.Channel != notify.Mail {
		return fail("target")
	}
	c := notify.Channel(form.Get("channel"))
	if c == notify.Mail {
		return fail("target")
	}
	err = h.c.Store.Ask(r.Request().Context(), notify.Request{Channel: c, Target: target, Choice: sub.Choice, Consent: consent, Owner: sub.ID}, r.Now)
	switch {
	case errors.Is(err, notify.ErrTooMany):
		return fail("many")
	case errors.Is(err, notify.ErrTarget), errors.Is(err, notify.ErrChoice):
		return fail("target")
	case err != nil:
		return h.later(r, err)
	}
	key := "subscribe.added.chat"
	if c == notify.Webhook {
		key = "subscribe.added.webhook"
	}
	return h.manage(r, sub, func(p *view.Subscribe) { p.Done = l.T(key) })
}

// remove ends one of the subscription's own webhooks and chats.
func (h *Handlers) remove(r *web.Request, sub notify.Subscription, id string) error {
	owned, err := h.c.Store.Owned(r.Request().Context(), sub.ID)
	if err != nil {
		return h.later(r, err)
	}
	for _, o := range owned {
		if o.ID != id {
			continue
		}
		if err := h.c.Store.End(r.Request().Context(), id, r.Now); err != nil && !errors.Is(err, notify.ErrNobody) {
			return h.later(r, err)
		}
	}
	return h.manage(r, sub, func(p *view.Subscribe) { p.Done = r.Page.Words().T("subscribe.saved") })
}

// LeavePage answers GET /status/unsubscribe/TOKEN with one button. It changes
// nothing, and says nothing about the token.
func (h *Handlers) LeavePage(r *web.Request) error {
	r.NoStore()
	p := message(r, "notice.leave", r.Page.Words().T("subscribe.leave.text"))
	p.Button, p.Action = r.Page.Words().T("notice.leave"), r.Page.Root()+r.Target
	return r.SendFresh(http.StatusOK, p)
}

// Leave answers POST /status/unsubscribe/TOKEN (RFC 8058, section 3.2), from
// anywhere and as often as it is sent. Its body says nothing that matters.
func (h *Handlers) Leave(r *web.Request) error {
	r.NoStore()
	if err := h.c.Store.Leave(r.Request().Context(), r.Param("token"), r.Now); err != nil {
		return h.later(r, err)
	}
	return r.SendFresh(http.StatusOK, left(r))
}

func left(r *web.Request) *view.Message {
	p := message(r, "subscribe.left", r.Page.Words().T("subscribe.left.text"))
	p.Chrome = page.Unlisted(p.Chrome)
	return p
}
