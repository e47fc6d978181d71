package agent

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"

	"signpost/internal/auth"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// SignInPage is the form for strangers.
func (h *Handlers) SignInPage(r *web.Request) error {
	r.NoStore()
	next := auth.LocalPath(r.QueryParam("next"))
	if _, err := r.SignedIn(); err == nil {
		return r.Redirect(http.StatusSeeOther, next)
	}
	return h.signInForm(r, http.StatusOK, "", "", next)
}

func (h *Handlers) signInForm(r *web.Request, status int, name, failure, next string) error {
	p := &view.AgentSignIn{Chrome: r.Page.AgentChrome(), Name: name, Error: failure, Next: next}
	p.Title = r.Page.Words().T("signin.title")
	if h.openID != nil {
		p.OpenID = r.Page.Root() + "/agent/openid?next=" + url.QueryEscape(next)
	}
	p.Password = len(h.state.Accounts.Access().Agents) > 0
	p.First = !p.Password && h.openID == nil
	return r.SendFresh(status, p)
}

// SignIn takes name and password.
func (h *Handlers) SignIn(r *web.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	l, next, name := r.Page.Words(), auth.LocalPath(form.Get("next")), form.Get("name")
	session, browser, err := r.App.Auth.SignIn(r.Request().Context(), auth.Attempt{
		Name: name, Password: form.Get("password"), Client: network(r.Client), Browser: auth.BrowserValue(r.Request(), r.OverTLS()),
	}, r.Now)
	var limit *auth.LimitError
	switch {
	case errors.As(err, &limit):
		r.RetryAfter(limit.After)
		return h.signInForm(r, http.StatusTooManyRequests, name, l.T("signin.limit", "wait", l.Duration(limit.After)), next)
	case errors.Is(err, auth.ErrBusy):
		r.Response().Header().Set("Retry-After", "5")
		return h.signInForm(r, http.StatusServiceUnavailable, name, l.T("signin.busy"), next)
	case errors.Is(err, auth.ErrSignIn):
		return h.signInForm(r, http.StatusUnauthorized, name, l.T("signin.wrong"), next)
	case err != nil:
		return err
	}
	r.SetCookie(auth.SessionCookie(session, r.OverTLS()))
	r.SetCookie(auth.BrowserCookie(browser, r.Page.Root()+"/agent/signin", r.OverTLS()))
	return r.Redirect(http.StatusSeeOther, next)
}

// network is whom attempts to sign in are counted for: an IPv4 address, or the
// /64 that one customer of a provider has.
func network(ip netip.Addr) string {
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// SignOut ends the session.
func SignOut(r *web.Request) error {
	if err := r.App.Auth.SignOut(r.Request().Context(), r.SessionValue()); err != nil {
		return err
	}
	r.SetCookie(auth.SessionCookie("", r.OverTLS()))
	return r.Redirect(http.StatusSeeOther, r.Page.Root()+"/agent/signin")
}

// OpenIDBegin sends the browser to the OpenID provider.
func (h *Handlers) OpenIDBegin(r *web.Request) error {
	r.NoStore()
	if h.openID == nil {
		return web.ErrNotFound
	}
	next := auth.LocalPath(r.QueryParam("next"))
	target, cookie, err := h.openID.Begin(r.Request().Context(), next, r.Now)
	if err != nil {
		r.App.Log.Warn("signing in with OpenID", "error", err)
		return h.signInForm(r, http.StatusServiceUnavailable, "", r.Page.Words().T("signin.openid.gone"), next)
	}
	r.SetCookie(auth.FlowCookie(cookie, r.OverTLS()))
	return r.Redirect(http.StatusSeeOther, target)
}

// OpenIDBack takes the provider's answer.
func (h *Handlers) OpenIDBack(r *web.Request) error {
	r.NoStore()
	if h.openID == nil {
		return web.ErrNotFound
	}
	secure := r.OverTLS()
	session, next, err := h.openID.Finish(r.Request().Context(), r.QueryParams(), auth.FlowValue(r.Request(), secure), r.Now)
	r.SetCookie(auth.FlowCookie("", secure))
	l := r.Page.Words()
	switch {
	case errors.Is(err, auth.ErrForbidden):
		return h.signInForm(r, http.StatusForbidden, "", l.T("signin.forbidden"), "/agent")
	case errors.Is(err, auth.ErrForm):
		return h.signInForm(r, http.StatusBadRequest, "", l.T("agent.form.old"), "/agent")
	case err != nil:
		r.App.Log.Warn("signing in with OpenID", "error", err)
		return h.signInForm(r, http.StatusServiceUnavailable, "", l.T("signin.openid.gone"), "/agent")
	}
	r.SetCookie(auth.SessionCookie(session, secure))
	return r.Redirect(http.StatusSeeOther, next)
}
