package notices

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/mail/address"
	"signpost/internal/mail/hosted"
	"signpost/internal/notify"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// consent is the version of the text that a subscriber agrees to: the interface
// texts subscribe.text and subscribe.purpose.
const consent = "2026-12"

// formPage is the form with the whole of what can be chosen.
func formPage(r *web.Request, action string, c notify.Choice) *view.Subscribe {
	e := r.Page
	l := e.Words()
	p := &view.Subscribe{Chrome: page.Unlisted(e.Chrome(action)), Intro: l.T("subscribe.text"), Form: view.NoticeForm{Action: e.Root() + action, Zone: c.Zone}}
	p.Title = l.T("status.follow")
	for _, component := range e.Snap.Library.Site.Components {
		p.Form.Components = append(p.Form.Components, view.Choice{Value: component.ID, Name: e.Text(component.Name), Selected: slices.Contains(c.Components, component.ID)})
	}
	for _, k := range []status.Kind{status.Incident, status.Maintenance, status.Notice} {
		p.Form.Kinds = append(p.Form.Kinds, view.Choice{Value: string(k), Name: l.T("kind." + string(k)), Selected: slices.Contains(c.Posts, string(k))})
	}
	for _, lang := range e.Snap.Languages() {
		p.Form.Languages = append(p.Form.Languages, view.Choice{Value: lang, Name: e.WordsIn(lang).Name, Selected: lang == c.Language})
	}
	p.Form.Open = len(c.Components)+len(c.Posts) > 0 || c.Zone != ""
	if p.Form.Zone == "" {
		p.Form.Zone = e.Snap.Library.Site.Zone.String()
	}
	return p
}

// askPage is /status/subscribe.
func askPage(r *web.Request, c notify.Choice) *view.Subscribe {
	p := formPage(r, "/status/subscribe", c)
	p.Form.Asks = true
	return p
}

// Form answers GET /status/subscribe.
func (h *Handlers) Form(r *web.Request) error {
	return r.SendPage(func() (view.Page, error) {
		p := askPage(r, notify.Choice{Language: r.Page.Lang})
		p.Chrome = r.Page.Chrome("/status/subscribe")
		p.Title = r.Page.Words().T("status.follow")
		return p, nil
	})
}

// Ask answers POST /status/subscribe. The answer is the same whether an address
// is known or not.
func (h *Handlers) Ask(r *web.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	l := r.Page.Words()
	c, key := chosen(r, form)
	p := askPage(r, c)
	p.Form.Address = limited(form.Get("address"))
	if form.Get("do") == "meant" {
		p.Form.Address = limited(form.Get("meant"))
	}
	a, err := address.Parse(p.Form.Address)
	var bad *address.Error
	switch {
	case errors.As(err, &bad):
		return refuse(r, p, "address", l.T("setup.error."+bad.Key))
	case err != nil:
		return err
	case key != "":
		return refuse(r, p, key, l.T("subscribe.error."+key))
	}
	sure := form.Get("do") == "meant" || form.Get("do") == "anyway" && form.Get("doubted") == p.Form.Address
	if !sure && h.doubt(r.Page, p, a) {
		return r.SendFresh(http.StatusOK, p)
	}
	err = h.c.Store.Ask(r.Request().Context(), notify.Request{Channel: notify.Mail, Target: a.String(), Choice: c, Consent: consent}, r.Now)
	switch {
	case errors.Is(err, notify.ErrRole):
		return refuse(r, p, "address", l.T("subscribe.error.role"))
	case errors.Is(err, notify.ErrTarget):
		return refuse(r, p, "address", l.T("contact.error.address"))
	case errors.Is(err, notify.ErrChoice):
		return web.BadRequest(l.T("subscribe.error.zone"))
	case err != nil:
		return h.later(r, err)
	}
	return r.SendFresh(http.StatusOK, message(r, "subscribe.sent", l.T("subscribe.sent.text", "address", a.Unicode())))
}

// doubt says on the page why an address may be a bad choice; false when it is fine.
func (h *Handlers) doubt(e page.Context, p *view.Subscribe, a address.Address) bool {
	l := e.Words()
	if h.c.Ours(e.Snap.Library, a.Domain) {
		p.Form.Doubt = l.T("subscribe.own", "address", a.Unicode())
		return true
	}
	var own []string
	for _, provider := range e.Snap.Library.Providers {
		own = append(own, provider.Domains...)
	}
	meant, err := address.Parse(strings.TrimSuffix(a.String(), a.Domain) + hosted.Meant(a.Domain, own))
	if err != nil {
		return false
	}
	p.Form.Meant, p.Form.Doubt = meant.Unicode(), l.T("subscribe.meant", "address", meant.Unicode())
	return true
}

// chosen reads what somebody wants to be told; key names the field that is wrong.
func chosen(r *web.Request, form url.Values) (c notify.Choice, key string) {
	site := r.Page.Snap.Library.Site
	c.Language = r.Page.Lang
	if lang := form.Get("language"); r.Page.Knows(lang) {
		c.Language = lang
	}
	for _, component := range site.Components {
		if slices.Contains(form["component"], component.ID) {
			c.Components = append(c.Components, component.ID)
		}
	}
	for _, k := range []status.Kind{status.Incident, status.Maintenance, status.Notice} {
		if slices.Contains(form["kind"], string(k)) {
			c.Posts = append(c.Posts, string(k))
		}
	}
	c.Zone = strings.TrimSpace(form.Get("zone"))
	if c.Zone == site.Zone.String() {
		c.Zone = ""
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" || len(c.Zone) > 64 {
		c.Zone = limited(c.Zone)
		return c, "zone"
	}
	return c, ""
}

const maxShown = 400 // characters of a field that are repeated

func limited(s string) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > maxShown {
		return string(r[:maxShown])
	}
	return s
}

// refuse shows a form again, with what is wrong.
func refuse(r *web.Request, p *view.Subscribe, field, why string) error {
	p.Wrong, p.Error = field, why
	return r.SendFresh(http.StatusBadRequest, p)
}

// message is a short page with a text of its own.
func message(r *web.Request, title, text string) *view.Message {
	p := &view.Message{Chrome: page.Unlisted(r.Page.Chrome("")), Text: text, Back: view.Link{Text: r.Page.Words().T("nav.status"), URL: r.Page.Root() + "/status"}}
	p.Title = r.Page.Words().T(title)
	return p
}

// later says that nothing can be kept at present. The log has the cause, and
// nothing that was typed.
func (h *Handlers) later(r *web.Request, err error) error {
	r.App.Log.Warn("a subscription could not be read or kept", "error", err)
	r.RetryAfter(time.Minute)
	return r.SendFresh(http.StatusServiceUnavailable, message(r, "subscribe.later", r.Page.Words().T("subscribe.later.text")))
}
