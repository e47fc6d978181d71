package web

import (
	"errors"
	"net/http"
	"net/url"

	"signpost/internal/auth"
	"signpost/internal/problem"
	"signpost/internal/view"
)

// Agents' pages go through agentPage, calls of the API through agentAPI: neither
// lets anybody in who is not signed in.

// WithForm reads a form, in memory and with its files, and calls h if this
// session's page sent it.
func WithForm(h Handler) Handler {
	return func(r *Request) error {
		if _, err := r.Form(); err != nil {
			return err
		}
		if err := r.Request().ParseMultipartForm(BodyTicketForm); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return BadForm(err)
		}
		if err := r.checkForm(r.Request().PostForm.Get("csrf")); err != nil {
			return err
		}
		return h(r)
	}
}

// typed reports whether the request is a form in which something stands beside
// the token.
func (r *Request) typed() bool {
	form, err := r.Form()
	if err != nil || r.Request().Method != http.MethodPost {
		return false
	}
	for name := range form {
		if name != "csrf" && form.Get(name) != "" {
			return true
		}
	}
	return false
}

// SessionValue is the value of the session's cookie, "" without one.
func (r *Request) SessionValue() string {
	return auth.SessionValue(r.Request(), r.OverTLS())
}

// FormToken is the token that the forms of this session carry.
func (r *Request) FormToken() string { return r.App.Auth.FormToken(r.SessionValue(), r.Now) }

// SignedIn returns who is signed in by cookie. It reads only memory.
func (r *Request) SignedIn() (auth.Identity, error) {
	return r.App.Auth.Check(r.SessionValue(), r.Now)
}

// Again answers a form that was refused before its handler ran, with what was typed.
type Again func(r *Request, refused *Error) error

// again shows a form once more that was refused for a reason that passes. Forms
// of other sites' pages are not shown.
func again(show Again, h Handler) Handler {
	return func(r *Request) error {
		err := h(r)
		if err == nil || r.Response().Committed {
			return err
		}
		e := AsError(err)
		passes := e.Status == http.StatusForbidden || e.Status == http.StatusTooManyRequests || e.Status == http.StatusServiceUnavailable
		if !passes || r.FromHere() != nil {
			return err
		}
		if e.Retry > 0 {
			r.RetryAfter(e.Retry)
		}
		r.NoStore()
		return show(r, e)
	}
}

// agentPage lets only those in who are signed in; others are redirected to the
// sign-in form, and from there to the page, or to the one that the form stands on.
// A form that is kept is refused instead.
func agentPage(form string, kept bool, h Handler) Handler {
	return func(r *Request) error {
		r.NoStore()
		r.Response().Header().Set("X-Robots-Tag", "noindex")
		who, err := r.SignedIn()
		if err != nil && kept && r.typed() {
			return &Error{Status: http.StatusForbidden, Detail: r.Page.Words().T("agent.signedout")}
		}
		if err != nil {
			next := r.Page.Root() + r.Target
			switch {
			case form != "" && form != Itself:
				next = r.Page.Root() + form // what the form is sent to has no page
			case r.Request().Method == http.MethodPost:
			case r.Request().URL.RawQuery != "":
				next += "?" + r.Request().URL.RawQuery
			}
			return r.Redirect(http.StatusSeeOther, r.Page.Root()+"/agent/signin?next="+url.QueryEscape(auth.LocalPath(next)))
		}
		r.Who = who
		if value, err := r.App.Auth.Rotate(r.Request().Context(), r.SessionValue(), r.Now); err != nil {
			r.App.Log.Warn("a session was not prolonged", "error", err)
		} else if value != "" {
			r.SetCookie(auth.SessionCookie(value, r.OverTLS()))
		}
		return h(r)
	}
}

// agentAPI lets a session (which proves with X-CSRF-Token that a page of this
// site asks) or an API token with the scope in.
func agentAPI(scope string, h Handler) Handler {
	return func(r *Request) error {
		r.NoStore()
		if given := r.Request().Header.Get("Authorization"); given != "" {
			who, err := r.App.Auth.Bearer(r.Request().Context(), given, scope, r.Now)
			switch {
			case errors.Is(err, auth.ErrScope):
				r.Response().Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+scope+`"`)
				return &Error{Status: http.StatusForbidden, Detail: "This token does not have the scope " + scope + "."}
			case err != nil:
				r.Response().Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
				return &Error{Status: http.StatusUnauthorized, Detail: "This token is unknown or has expired."}
			}
			r.Who = who
			return h(r)
		}
		who, err := r.SignedIn()
		if err != nil {
			r.Response().Header().Set("WWW-Authenticate", "Bearer")
			return &Error{Status: http.StatusUnauthorized, Detail: "Sign in, or send an API token: Authorization: Bearer TOKEN."}
		}
		if m := r.Request().Method; m != http.MethodGet && m != http.MethodHead {
			if err := r.checkForm(r.Request().Header.Get("X-CSRF-Token")); err != nil {
				return err
			}
		}
		r.Who = who
		return h(r)
	}
}

// checkForm refuses what another site's page sends in the agent's name.
func (r *Request) checkForm(token string) error {
	if err := r.FromHere(); err != nil {
		return err
	}
	if err := r.App.Auth.CheckForm(r.SessionValue(), token, r.Now); err != nil {
		return &Error{Status: http.StatusForbidden, Detail: r.Page.Words().T("agent.form.old")}
	}
	return nil
}

// FromHere refuses requests that the browser says come from another site's
// page (Fetch Metadata, else the Origin field). Programs send neither.
func (r *Request) FromHere() error {
	if err := http.NewCrossOriginProtection().Check(r.Request()); err != nil {
		return &Error{Status: http.StatusForbidden, Detail: r.Page.Words().T("agent.form.foreign")}
	}
	return nil
}

// OverTLS reports whether the client's connection is encrypted, here or at a
// trusted proxy.
func (r *Request) OverTLS() bool { return r.App.overTLS(r.echo) }

// AgentBar is what every page for signed-in agents has.
func (r *Request) AgentBar(current string) view.Agent {
	a := view.Agent{Name: r.Who.Agent, CSRF: r.FormToken(), Current: current, Host: r.Page.Base()}
	for _, p := range r.Page.Snap.Problems {
		a.Problems = append(a.Problems, view.Problem{Path: p.Path, Line: p.Line, Error: p.Severity == problem.Error, Message: p.Message, Hint: p.Hint})
	}
	return a
}
