package office

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"

	"signpost/internal/auth"
	"signpost/internal/server/exchange"
	"signpost/internal/view"
)

// SignInPage is the form for strangers.
func (rm *Room) SignInPage(r *exchange.Request) error {
	r.NoStore()
	next := auth.LocalPath(r.QueryParam("next"))
	if _, err := r.SignedIn(); err == nil {
		return r.Redirect(http.StatusSeeOther, next)
	}
	return rm.signInForm(r, http.StatusOK, "", "", next)
}

func (rm *Room) signInForm(r *exchange.Request, status int, name, failure, next string) error {
	p := &view.AgentSignIn{Chrome: r.AgentChrome(), Name: name, Error: failure, Next: next}
	p.Title = r.Words().T("signin.title")
	if rm.openID != nil {
		p.OpenID = r.Root() + "/agent/openid?next=" + url.QueryEscape(next)
	}
	p.Password = len(rm.state.Accounts.Access().Agents) > 0
	p.First = !p.Password && rm.openID == nil
	return r.Fresh(status, p)
}

// SignIn takes name and password.
func (rm *Room) SignIn(r *exchange.Request) error {
	r.NoStore()
	if err := r.FromHere(); err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	l, next, name := r.Words(), auth.LocalPath(form.Get("next")), form.Get("name")
	cookie, err := r.Origin.Auth.SignIn(r.Request().Context(), name, form.Get("password"), network(r.Client), r.Now)
	var limit *auth.LimitError
	switch {
	case errors.As(err, &limit):
		r.RetryAfter(limit.After)
		return rm.signInForm(r, http.StatusTooManyRequests, name, l.T("signin.limit", "wait", l.Duration(limit.After)), next)
	case errors.Is(err, auth.ErrBusy):
		r.Response().Header().Set("Retry-After", "5")
		return rm.signInForm(r, http.StatusServiceUnavailable, name, l.T("signin.busy"), next)
	case errors.Is(err, auth.ErrSignIn):
		return rm.signInForm(r, http.StatusUnauthorized, name, l.T("signin.wrong"), next)
	case err != nil:
		return err
	}
	r.SetCookie(auth.SessionCookie(cookie, r.OverTLS()))
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
func SignOut(r *exchange.Request) error {
	if err := r.Origin.Auth.SignOut(r.Request().Context(), r.SessionValue()); err != nil {
		return err
	}
	r.SetCookie(auth.SessionCookie("", r.OverTLS()))
	return r.Redirect(http.StatusSeeOther, r.Root()+"/agent/signin")
}

// OpenIDBegin sends the browser to the OpenID provider.
func (rm *Room) OpenIDBegin(r *exchange.Request) error {
	r.NoStore()
	if rm.openID == nil {
		return exchange.ErrNotFound
	}
	next := auth.LocalPath(r.QueryParam("next"))
	target, cookie, err := rm.openID.Begin(r.Request().Context(), next, r.Now)
	if err != nil {
		r.Origin.Log.Warn("signing in with OpenID", "error", err)
		return rm.signInForm(r, http.StatusServiceUnavailable, "", r.Words().T("signin.openid.gone"), next)
	}
	r.SetCookie(auth.FlowCookie(cookie, r.OverTLS()))
	return r.Redirect(http.StatusSeeOther, target)
}

// OpenIDBack takes the provider's answer.
func (rm *Room) OpenIDBack(r *exchange.Request) error {
	r.NoStore()
	if rm.openID == nil {
		return exchange.ErrNotFound
	}
	secure := r.OverTLS()
	session, next, err := rm.openID.Finish(r.Request().Context(), r.QueryParams(), auth.FlowValue(r.Request(), secure), r.Now)
	r.SetCookie(auth.FlowCookie("", secure))
	l := r.Words()
	switch {
	case errors.Is(err, auth.ErrForbidden):
		return rm.signInForm(r, http.StatusForbidden, "", l.T("signin.forbidden"), "/agent")
	case errors.Is(err, auth.ErrForm):
		return rm.signInForm(r, http.StatusBadRequest, "", l.T("agent.form.old"), "/agent")
	case err != nil:
		r.Origin.Log.Warn("signing in with OpenID", "error", err)
		return rm.signInForm(r, http.StatusServiceUnavailable, "", l.T("signin.openid.gone"), "/agent")
	}
	r.SetCookie(auth.SessionCookie(session, secure))
	return r.Redirect(http.StatusSeeOther, next)
}
