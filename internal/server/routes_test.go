package server_test

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"signpost/internal/auth"
	"signpost/internal/limit"
	"signpost/internal/mail/dnstest"
	"signpost/internal/server"
	"signpost/internal/server/web"
)

var updateRoutes = flag.Bool("update", false, "write testdata/routes.txt anew")

// An endless body counts what is read of it, up to more than any route takes.
type endless struct {
	head string
	read int
}

func (b *endless) Read(p []byte) (int, error) {
	if b.read > 32<<20 {
		return 0, io.EOF
	}
	n := copy(p, b.head)
	b.head = b.head[n:]
	for i := n; i < len(p); i++ {
		p[i] = 'x'
	}
	b.read += len(p)
	return len(p), nil
}

// A surveyor asks the server what each route does with hosts, strangers, errors,
// bodies, credentials and crowds.
type surveyor struct {
	srv           http.Handler
	cookie, token string
	clients       int
}

// filled are paths and queries that get past the first checks of a handler.
var filled = map[string]string{"/help/:slug/vote": "/help/spam-filter/vote"}

// ask sends a request from a client with an address of its own, unless from is given.
func (s *surveyor) ask(method, target, from string, body io.Reader, header ...string) (*httptest.ResponseRecorder, *http.Request) {
	r := httptest.NewRequest(method, "http://localhost"+target, body)
	if from == "" {
		s.clients++
		from = fmt.Sprintf("10.%d.%d.%d:1", s.clients>>16, s.clients>>8&255, s.clients&255)
	}
	r.RemoteAddr = from
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		} else {
			r.Header.Set(header[i], header[i+1])
		}
	}
	w := httptest.NewRecorder()
	s.srv.ServeHTTP(w, r)
	return w, r
}

// known are the header fields of somebody who may do everything.
func (s *surveyor) known(path string) []string {
	kind := "application/x-www-form-urlencoded"
	if strings.HasPrefix(path, "/api/") || path == "/mcp" {
		kind = "application/json"
	}
	return []string{"Authorization", "Bearer " + s.token, "Cookie", s.cookie, "Content-Type", kind}
}

// row says what a route does.
func (s *surveyor) row(method, path string) string {
	target := cmp.Or(filled[path], strings.ReplaceAll(routeParam.ReplaceAllString(path, "x"), "*", "x"))
	cells := []string{path}
	add := func(name, value string) { cells = append(cells, name+"="+value) }

	w, _ := s.ask(method, target, "", nil, "Host", "elsewhere.test")
	add("hosts", map[bool]string{true: "own", false: "any"}[w.Code == http.StatusMisdirectedRequest])

	w, _ = s.ask(method, target, "", nil)
	switch {
	case w.Code == http.StatusUnauthorized:
		add("strangers", "401")
	case strings.HasPrefix(w.Header().Get("Location"), "/agent/signin?next="):
		next, _ := url.QueryUnescape(strings.TrimPrefix(w.Header().Get("Location"), "/agent/signin?next="))
		add("strangers", "sign-in,"+next)
	default:
		add("strangers", "-")
	}

	body := &endless{head: "text="}
	if strings.HasPrefix(path, "/api/") || path == "/mcp" {
		body.head = `{"text":"`
	}
	w, r := s.ask(method, target, "", body, s.known(path)...)
	form, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	add("answer", strconv.Itoa(w.Code)+","+form)
	if method != http.MethodGet && method != http.MethodHead {
		add("body", strconv.Itoa((body.read-1)>>10)+"K")
	}
	add("authorization", map[bool]string{true: "dropped", false: "kept"}[r.Header.Get("Authorization") == ""])

	w, _ = s.ask("PURGE", target, "", nil)
	form, _, _ = strings.Cut(w.Header().Get("Content-Type"), ";")
	add("purge", strconv.Itoa(w.Code)+","+form)

	w, _ = s.ask(method, target+"/?d=example.com&address=kari", "", nil)
	if u, err := url.Parse(w.Header().Get("Location")); w.Code == http.StatusMovedPermanently && err == nil && u.Path == target {
		add("slash", u.RawQuery)
	} else {
		add("slash", "-")
	}
	add("limit", s.limit(method, path, target))
	return strings.Join(cells, " ")
}

// budgets let each kind do another number of things at once.
func budgets() map[web.Kind]limit.Budget {
	set := map[web.Kind]limit.Budget{}
	for i, kind := range slices.Sorted(maps.Keys(web.Limits())) {
		set[kind] = limit.Budget{PerMinute: 1, AtOnce: 5 + i}
	}
	return set
}

// limit is the limit that counts requests: the one whose budget is used up.
func (s *surveyor) limit(method, path, target string) string {
	s.clients++
	from := fmt.Sprintf("11.%d.%d.%d:1", s.clients>>16, s.clients>>8&255, s.clients&255)
	for n := range 5 + len(web.Limits()) {
		if w, _ := s.ask(method, target, from, nil); w.Code == http.StatusTooManyRequests {
			for kind, budget := range budgets() {
				if budget.AtOnce == n {
					return string(kind)
				}
			}
			return "?"
		}
	}
	return "-"
}

// TestRoutes holds what testdata/routes.txt says of every route: on which hosts it
// is answered, what strangers get, in which form it refuses, how much it reads,
// whether credentials reach it, what a redirect repeats, and which limit counts it. -update writes the file anew.
func TestRoutes(t *testing.T) {
	t.Parallel()
	at := time.Now()
	dns := dnstest.Serve(t, mailZone)
	o := newAgentSite(t, "", func(c *server.Config) {
		c.Now, c.Resolver, c.Limits, c.Notices = func() time.Time { return at }, dns.Resolver, budgets(), c.State.Notices
	})
	o.hire()
	token, err := o.auth.AddToken(t.Context(), "all", "", auth.Scopes, time.Time{}, at)
	if err != nil {
		t.Fatal(err)
	}
	s := &surveyor{srv: o.srv, cookie: o.cookie, token: token}
	methods := map[string][]string{} // by row
	for _, route := range o.srv.Routes() {
		method, path, _ := strings.Cut(route, " ")
		row := s.row(method, path)
		methods[row] = append(methods[row], method)
	}
	for _, path := range []string{"/none", "/api/none", "/api", "/autodiscover/none", "/setup/none/none", "/p/none/none", "/agent/none", "/help/none/none"} {
		methods[s.row(http.MethodGet, path)] = []string{"(none)"}
	}
	var rows []string
	for row, of := range methods {
		slices.Sort(of)
		path, cells, _ := strings.Cut(row, " ")
		rows = append(rows, fmt.Sprintf("%-44s %-15s %s", path, strings.Join(of, ","), cells))
	}
	slices.Sort(rows)
	got := strings.Join(rows, "\n") + "\n"
	if *updateRoutes {
		if err := os.WriteFile("testdata/routes.txt", []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/routes.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the routes do something else than testdata/routes.txt says; -update writes it anew (-want +got):\n%s", diff)
	}
}
