package server

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"

	"signpost/internal/auth"
	"signpost/internal/view"
)

// signInPage is the form for strangers.
func (r *request) signInPage() error {
	r.noStore()
	next := auth.LocalPath(r.QueryParam("next"))
	if _, err := r.agent(); err == nil {
		return r.Redirect(http.StatusSeeOther, next)
	}
	return r.signInForm(http.StatusOK, "", "", next)
}

func (r *request) signInForm(status int, name, failure, next string) error {
	p := &view.AgentSignIn{Chrome: r.agentChrome(""), Name: name, Error: failure, Next: next}
	p.Title = r.words().T("signin.title")
	if r.s.openID != nil {
		p.OpenID = r.root() + "/agent/openid?next=" + url.QueryEscape(next)
	}
	p.Password = len(r.s.state.Access().Agents) > 0
	p.First = !p.Password && r.s.openID == nil
	return r.fresh(status, p)
}

// signIn takes name and password.
func (r *request) signIn() error {
	r.noStore()
	if err := r.fromHere(); err != nil {
		return err
	}
	l, next, name := r.words(), auth.LocalPath(r.FormValue("next")), r.FormValue("name")
	cookie, err := r.s.auth.SignIn(r.Request().Context(), name, r.FormValue("password"), network(r.client), r.now)
	var limit *auth.LimitError
	switch {
	case errors.As(err, &limit):
		r.Response().Header().Set("Retry-After", seconds(limit.After))
		return r.signInForm(http.StatusTooManyRequests, name, l.T("signin.limit", "wait", l.Duration(limit.After)), next)
	case errors.Is(err, auth.ErrBusy):
		r.Response().Header().Set("Retry-After", "5")
		return r.signInForm(http.StatusServiceUnavailable, name, l.T("signin.busy"), next)
	case errors.Is(err, auth.ErrSignIn):
		return r.signInForm(http.StatusUnauthorized, name, l.T("signin.wrong"), next)
	case err != nil:
		return err
	}
	r.SetCookie(auth.SessionCookie(cookie, r.s.overTLS(r.Context)))
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

func (r *request) signOut() error {
	if err := r.s.auth.SignOut(r.Request().Context(), r.cookie()); err != nil {
		return err
	}
	r.SetCookie(auth.SessionCookie("", r.s.overTLS(r.Context)))
	return r.Redirect(http.StatusSeeOther, r.root()+"/agent/signin")
}

// openIDBegin sends the browser to the OpenID provider.
func (r *request) openIDBegin() error {
	r.noStore()
	if r.s.openID == nil {
		return errNotFound
	}
	next := auth.LocalPath(r.QueryParam("next"))
	target, cookie, err := r.s.openID.Begin(r.Request().Context(), next, r.now)
	if err != nil {
		r.s.log.Warn("signing in with OpenID", "error", err)
		return r.signInForm(http.StatusServiceUnavailable, "", r.words().T("signin.openid.gone"), next)
	}
	r.SetCookie(auth.FlowCookie(cookie, r.s.overTLS(r.Context)))
	return r.Redirect(http.StatusSeeOther, target)
}

// openIDBack takes the provider's answer.
func (r *request) openIDBack() error {
	r.noStore()
	if r.s.openID == nil {
		return errNotFound
	}
	secure := r.s.overTLS(r.Context)
	session, next, err := r.s.openID.Finish(r.Request().Context(), r.QueryParams(), auth.FlowValue(r.Request(), secure), r.now)
	r.SetCookie(auth.FlowCookie("", secure))
	l := r.words()
	switch {
	case errors.Is(err, auth.ErrForbidden):
		return r.signInForm(http.StatusForbidden, "", l.T("signin.forbidden"), "/agent")
	case errors.Is(err, auth.ErrForm):
		return r.signInForm(http.StatusBadRequest, "", l.T("agent.form.old"), "/agent")
	case err != nil:
		r.s.log.Warn("signing in with OpenID", "error", err)
		return r.signInForm(http.StatusServiceUnavailable, "", l.T("signin.openid.gone"), "/agent")
	}
	r.SetCookie(auth.SessionCookie(session, secure))
	return r.Redirect(http.StatusSeeOther, next)
}
