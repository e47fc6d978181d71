package web

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"signpost/internal/ticket"
)

// A Route is an entry in the table of everything that is answered, and all that
// is known about it before its handler runs.
type Route struct {
	Methods string // "GET POST"; GET brings HEAD. "": an area, see below
	Path    string // "/help/:slug"; of an area "/api/*"
	Handler Handler

	Access  Access
	Scope   string   // what a token must be allowed when Access is [Programs]
	Form    string   // of a form that agents send: the page it stands on, or [Itself]
	Body    int64    // bytes of a request's body; 0: [BodyPublic]
	Limit   Kind     // the budget of a client that a request is counted in; "": none
	Refusal Refusal  // how errors look
	Query   []string // the parameters that a redirect may repeat; nil: all
	Host    HostRule // on which host names it is answered
	Case    CaseRule // of the path
}

// An area has no methods and no handler: it says how requests are refused that
// lie below its path and for which there is no route.

// Access is who may ask.
type Access uint8

// The kinds of access.
const (
	Everybody Access = iota // "Authorization" is dropped unread
	Agents                  // who is signed in; others are redirected to the form for that
	Programs                // API tokens with the scope, and pages of signed-in agents
)

// Refusal is the form of errors.
type Refusal uint8

// The forms of errors.
const (
	AsPage    Refusal = iota
	AsProblem         // problem details (RFC 9457)
)

// HostRule is on which host names a route is answered.
type HostRule uint8

// The host rules.
const (
	OwnHosts  HostRule = iota
	AnyHost            // for those who watch the server
	Discovery          // any host, and mail programs ask: never redirected, and an error is a line
)

// CaseRule is how the letters of a path are compared.
type CaseRule uint8

// The case rules.
const (
	ExactCase CaseRule = iota
	AnyCase            // the first segment and what follows it may be in any case
)

// Itself says that a form is sent to the page that it stands on.
const Itself = "."

// Bytes of a request's body.
const (
	BodyPublic     = 64 << 10
	BodyTicketForm = ticket.MaxBytes + 64<<10 // a message in a form
	BodyTicketJSON = 2 * ticket.MaxBytes      // the same in JSON, where line ends and quotes take two bytes
)

// unrouted is what applies where there is neither a route nor an area.
var unrouted = &Route{}

// routeKey is one method of a route.
type routeKey struct{ method, path string }

// routes are the table as it is asked while a request comes in.
type routes struct {
	byKey   map[routeKey]*Route
	byPath  map[string]*Route // for methods that a path does not have
	areas   []*Route
	anyCase map[string]bool // first segments of paths
}

// Handle adds routes to the router.
func (a *App) Handle(table []Route) {
	for _, entry := range table {
		r := &entry
		if r.Case == AnyCase {
			a.routes.anyCase[firstSegment(r.Path[1:])] = true
		}
		if r.Methods == "" {
			a.routes.areas = append(a.routes.areas, r)
			continue
		}
		h := r.guarded()
		for _, method := range r.methods() {
			a.routes.byKey[routeKey{method, r.Path}] = r
			a.echo.Add(method, r.Path, func(c echo.Context) error { return h(a.request(c)) })
		}
		if a.routes.byPath[r.Path] == nil {
			a.routes.byPath[r.Path] = r
		}
	}
}

// methods lists the methods of a route, HEAD among them.
func (r *Route) methods() []string {
	list := strings.Fields(r.Methods)
	for _, method := range list {
		if method == http.MethodGet {
			return append(list, http.MethodHead)
		}
	}
	return list
}

// takesAll reports whether a slash at the end of the path is part of a name.
func (r *Route) takesAll() bool { return r.Handler != nil && strings.HasSuffix(r.Path, "/*") }

// guarded is the handler behind what the route's attributes demand, the limit
// first: a refusal costs less than a look at credentials.
func (r *Route) guarded() Handler {
	h := r.Handler
	if r.Form != "" {
		h = WithForm(h)
	}
	switch r.Access {
	case Agents:
		h = agentPage(r.Form, h)
	case Programs:
		h = agentAPI(r.Scope, h)
	}
	if r.Limit != "" {
		h = limited(r.Limit, h)
	}
	if r.Host == Discovery {
		h = plainly(h)
	}
	return h
}

// find returns the route for a path, and what applies when there is none.
func (a *App) find(c echo.Context, path string) *Route {
	c.SetPath("") // the router leaves both as they were when nothing matches
	c.SetHandler(echo.NotFoundHandler)
	method := c.Request().Method
	a.echo.Router().Find(method, path, c)
	if template := c.Path(); template != "" {
		return cmp.Or(a.routes.byKey[routeKey{method, template}], a.routes.byPath[template], unrouted)
	}
	for _, area := range a.routes.areas {
		if strings.HasPrefix(path, strings.TrimSuffix(area.Path, "*")) {
			return area
		}
	}
	return unrouted
}
