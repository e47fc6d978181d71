package server

import (
	"errors"
	"net/http"
	"net/url"

	"signpost/internal/auth"
)

// Agents' pages go through agentPage, calls of the API through agentAPI: neither
// lets anybody in who is not signed in.

// agentGet registers a page for agents.
func (s *Server) agentGet(path string, h handler) { s.get(path, agentPage(h)) }

// agentPost registers a form of agents: it must carry the session's token.
func (s *Server) agentPost(path string, h handler) {
	s.echo.POST(path, s.wrap(agentPage(func(r *request) error { return r.withForm(h) })))
}

// withForm reads a form, in memory, and calls h if this session's page sent it.
func (r *request) withForm(h handler) error {
	err := r.Request().ParseForm()
	if err == nil {
		err = r.Request().ParseMultipartForm(maxTicketBody)
	}
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if asHTTPError(err).Status == http.StatusRequestEntityTooLarge {
			return err
		}
		return badRequest("")
	}
	if err := r.checkForm(r.FormValue("csrf")); err != nil {
		return err
	}
	return h(r)
}

// cookie is the value of the session's cookie, "" without one.
func (r *request) cookie() string {
	return auth.SessionValue(r.Request(), r.s.overTLS(r.Context))
}

// csrf is the token that the forms of this session carry.
func (r *request) csrf() string { return r.s.auth.FormToken(r.cookie(), r.now) }

// noStore keeps an answer out of every cache.
func (r *request) noStore() { r.Response().Header().Set("Cache-Control", "no-store") }

// agent returns who is signed in by cookie. It reads only memory.
func (r *request) agent() (auth.Identity, error) { return r.s.auth.Check(r.cookie(), r.now) }

// agentPage lets only those in who are signed in; others are led to the form.
func agentPage(h handler) handler {
	return func(r *request) error {
		r.noStore()
		r.Response().Header().Set("X-Robots-Tag", "noindex")
		who, err := r.agent()
		if err != nil {
			next := r.root() + r.path
			if r.Request().Method == http.MethodGet && r.Request().URL.RawQuery != "" {
				next += "?" + r.Request().URL.RawQuery
			}
			return r.Redirect(http.StatusSeeOther, r.root()+"/agent/signin?next="+url.QueryEscape(auth.LocalPath(next)))
		}
		r.who = who
		if value, err := r.s.auth.Rotate(r.Request().Context(), r.cookie(), r.now); err != nil {
			r.s.log.Warn("a session was not prolonged", "error", err)
		} else if value != "" {
			r.SetCookie(auth.SessionCookie(value, r.s.overTLS(r.Context)))
		}
		return h(r)
	}
}

// agentAPI lets a session (which proves with X-CSRF-Token that a page of this
// site asks) or an API token with the scope in.
func agentAPI(scope string, h handler) handler {
	return func(r *request) error {
		r.noStore()
		if given := r.Request().Header.Get("Authorization"); given != "" {
			who, err := r.s.auth.Bearer(given, scope, r.now)
			switch {
			case errors.Is(err, auth.ErrScope):
				r.Response().Header().Set("WWW-Authenticate", `Bearer error="insufficient_scope", scope="`+scope+`"`)
				return &httpError{Status: http.StatusForbidden, Detail: "This token does not have the scope " + scope + "."}
			case err != nil:
				r.Response().Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
				return &httpError{Status: http.StatusUnauthorized, Detail: "This token is unknown or has expired."}
			}
			r.who = who
			return h(r)
		}
		who, err := r.agent()
		if err != nil {
			r.Response().Header().Set("WWW-Authenticate", "Bearer")
			return &httpError{Status: http.StatusUnauthorized, Detail: "Sign in, or send an API token: Authorization: Bearer TOKEN."}
		}
		if m := r.Request().Method; m != http.MethodGet && m != http.MethodHead {
			if err := r.checkForm(r.Request().Header.Get("X-CSRF-Token")); err != nil {
				return err
			}
		}
		r.who = who
		return h(r)
	}
}

// checkForm refuses what another site's page sends in the agent's name.
func (r *request) checkForm(token string) error {
	if err := r.fromHere(); err != nil {
		return err
	}
	if err := r.s.auth.CheckForm(r.cookie(), token, r.now); err != nil {
		return &httpError{Status: http.StatusForbidden, Detail: r.words().T("agent.form.old")}
	}
	return nil
}

// fromHere refuses requests that the browser says come from another site's
// page (Fetch Metadata, else the Origin field). Programs send neither.
func (r *request) fromHere() error {
	if err := http.NewCrossOriginProtection().Check(r.Request()); err != nil {
		return &httpError{Status: http.StatusForbidden, Detail: r.words().T("agent.form.foreign")}
	}
	return nil
}
