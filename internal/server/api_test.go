package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/google/go-cmp/cmp"

	"signpost/articles"
	"signpost/internal/auth"
	"signpost/internal/content/source"
	"signpost/internal/server"
	"signpost/internal/site"
	"signpost/internal/state"
	"signpost/internal/ticket"
	"signpost/internal/token"
)

// A staffed desk has a state, an account and tokens.
type staffed struct {
	*desk
	store *state.Store
	auth  *auth.Auth
	token string // may do everything
}

const password = "correct horse battery"

// staffedDesk serves files to agents too. Tracking is on.
func staffedDesk(t *testing.T, files map[string]string) *staffed {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		writeFile(t, dir, name, text)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	return staff(t, src, dir)
}

func staff(t *testing.T, src *source.Source, dir string) *staffed {
	t.Helper()
	d := &desk{t: t, dir: dir, log: &logBuffer{}}
	log := slog.New(slog.NewTextHandler(d.log, nil))
	keys := token.New()
	store, err := state.Open(t.Context(), state.Config{Dir: t.TempDir(), Key: keys.Secret("state"), Redact: ticket.Redact, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	d.live, err = site.Open(site.Config{Source: src, Data: t.TempDir(), Now: time.Now, Log: log, Asked: site.NewSignals(store, time.Now).Asked})
	if err != nil {
		t.Fatal(err)
	}
	s := &staffed{desk: d, store: store, auth: auth.New(store.Accounts, keys)}
	d.srv, err = server.New(server.Config{
		Live: d.live, Log: log, Now: time.Now, URL: "https://help.example.com", State: store, Auth: s.auth, Keys: keys, Tracking: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { store.Run(ctx) })
	d.http = httptest.NewServer(d.srv)
	t.Cleanup(func() {
		d.http.Close()
		cancel()
		wg.Wait()
		store.Close()
		d.live.Close()
	})
	if err := s.auth.AddAgent(t.Context(), "anna", password, time.Now()); err != nil {
		t.Fatal(err)
	}
	s.token = s.newToken("all", auth.Scopes...)
	return s
}

func (s *staffed) newToken(name string, scopes ...string) string {
	s.t.Helper()
	token, err := s.auth.AddToken(s.t.Context(), name, "", scopes, time.Time{}, time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

// call sends JSON with the token.
func (s *staffed) call(method, path, body string, header ...string) reply {
	s.t.Helper()
	header = append([]string{"Authorization", "Bearer " + s.token}, header...)
	if body != "" {
		header = append([]string{"Content-Type", "application/json"}, header...)
	}
	return s.do(method, path, body, header...)
}

func decode[T any](t *testing.T, r reply, status int) T {
	t.Helper()
	var v T
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), &v); err != nil {
		t.Fatalf("%v: %s", err, r.body)
	}
	return v
}

// isProblem reports whether an error has the form of RFC 9457.
func isProblem(r reply) bool {
	var v struct {
		Type, Title, Detail string
		Status              int
	}
	return strings.HasPrefix(r.header.Get("Content-Type"), "application/problem+json") && json.Unmarshal([]byte(r.body), &v) == nil &&
		v.Status == r.status && v.Title == http.StatusText(r.status) && v.Type == "about:blank"
}

var routeParam = regexp.MustCompile(`:[a-z]+`)

// everybody may ask for these.
var publicAPI = []string{
	"GET /api/v1/search", "GET /api/v1/articles/:id", "POST /api/v1/setup", "POST /api/v1/votes", "GET /api/v1/openapi.json",
	"GET /agent/signin", "POST /agent/signin", "GET /agent/openid", "GET /agent/openid/back",
}

func TestStrangersGetNothing(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	weak := s.newToken("metrics", auth.ObsoleteScope)
	old, err := s.auth.AddToken(t.Context(), "old", "", auth.Scopes, time.Now().Add(time.Second), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(1100 * time.Millisecond)
	cookie, _, err := s.auth.SignIn(t.Context(), auth.Attempt{Name: "anna", Password: password, Client: "test"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	session := auth.SessionCookie(cookie, false).String()
	checked := 0
	for _, route := range s.srv.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if !strings.HasPrefix(path, "/api/v1/") && path != "/agent" && !strings.HasPrefix(path, "/agent/") || slices.Contains(publicAPI, strings.Replace(route, "HEAD", "GET", 1)) {
			continue
		}
		checked++
		url := routeParam.ReplaceAllString(path, "1")
		api := strings.HasPrefix(path, "/api/")
		for _, tt := range []struct {
			name   string
			header []string
			api    int // want
			page   int
		}{
			{"nobody", nil, 401, 303},
			{"an unknown token", []string{"Authorization", "Bearer signpost_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, 401, 303},
			{"a password", []string{"Authorization", "Basic YW5uYTphbm5h"}, 401, 303},
			{"an expired token", []string{"Authorization", "Bearer " + old}, 401, 303},
			{"a token without the scope", []string{"Authorization", "Bearer " + weak}, 403, 303},
			{"a made-up cookie", []string{"Cookie", "signpost=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, 401, 303},
		} {
			want := tt.page
			if api {
				want = tt.api
			}
			got := s.do(method, url, "", tt.header...)
			if got.status != want || api && method != http.MethodHead && !isProblem(got) {
				t.Errorf("%s as %s = %d, want %d: %s", route, tt.name, got.status, want, got.body)
			}
			if !api && !strings.HasPrefix(got.header.Get("Location"), "/agent/signin") {
				t.Errorf("%s as %s leads to %q", route, tt.name, got.header.Get("Location"))
			}
		}
		if api && method != http.MethodGet && method != http.MethodHead {
			for _, header := range [][]string{nil, {"X-CSRF-Token", "x"}, {"X-CSRF-Token", s.auth.FormToken(cookie, time.Now()), "Sec-Fetch-Site", "cross-site"}} {
				if got := s.do(method, url, "{}", append(header, "Cookie", session, "Content-Type", "application/json")...); got.status != http.StatusForbidden {
					t.Errorf("%s by another site's page %v = %d: %s", route, header, got.status, got.body)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d routes were looked at", checked)
	}
}

func TestOpenAPI(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	raw := s.get("/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(raw.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, route := range s.srv.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if strings.HasPrefix(path, "/api/") && method != http.MethodHead {
			want = append(want, method+" "+regexp.MustCompile(`:([a-z]+)`).ReplaceAllString(path, "{$1}"))
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			got = append(got, method+" "+path)
			if op.Summary == "" || op.OperationID == "" {
				t.Errorf("%s %s has no summary or id", method, path)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(slices.Compact(want), got); diff != "" {
		t.Errorf("routes and description differ (-routes +description):\n%s", diff)
	}
}

// asDescribed calls the API, and checks request and answer against its own
// description.
func (s *staffed) asDescribed(doc *openapi3.T, method, path, body string, header ...string) reply {
	s.t.Helper()
	r := s.call(method, path, body, header...)
	router, err := legacy.NewRouter(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	req := httptest.NewRequest(method, "http://help.example.com"+path, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	route, params, err := router.FindRoute(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc}}
	if r.status < 300 {
		if err := openapi3filter.ValidateRequest(s.t.Context(), in); err != nil {
			s.t.Errorf("%s %s: a request that works is not described: %v", method, path, err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: r.status, Header: r.header, Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	out.SetBodyBytes([]byte(r.body))
	if err := openapi3filter.ValidateResponse(s.t.Context(), out); err != nil {
		s.t.Errorf("%s %s: the answer is not described: %v\n%s", method, path, err, r.body)
	}
	return r
}

func (s *staffed) description() *openapi3.T {
	s.t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData([]byte(s.get("/api/v1/openapi.json").body))
	if err != nil {
		s.t.Fatal(err)
	}
	doc.Servers = nil // the router takes "/" for a path below every path
	return doc
}

func TestAnswersAreAsDescribed(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	doc := s.description()
	for _, tt := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/api/v1/search?q=spam", "", 200},
		{"GET", "/api/v1/search?q=spam&limit=0", "", 400},
		{"GET", "/api/v1/articles/1002", "", 200},
		{"GET", "/api/v1/articles/9", "", 404},
		{"GET", "/api/v2/summary.json", "", 200},
		{"POST", "/api/v1/setup", `{"address": "kari@example.com"}`, 200},
		{"POST", "/api/v1/setup", `{"address": "kari@example.com", "password": "x"}`, 400},
		{"POST", "/api/v1/votes", `{"article": 1002, "helpful": true}`, 204},
		{"POST", "/api/v1/votes", `{"article": 1002, "helpful": false, "reason": "unclear", "comment": "too short", "lang": "de"}`, 204},
		{"POST", "/api/v1/votes", `{"article": 1002, "helpful": true, "reason": "wrong"}`, 400},
		{"POST", "/api/v1/votes", `{"article": 1, "helpful": true}`, 404},
		{"POST", "/api/v1/suggest", `{"subject": "Spam", "text": "I get too much spam."}`, 200},
		{"POST", "/api/v1/suggest", `{"text": ""}`, 422},
		{"POST", "/api/v1/suggest", `{"text": "spam", "lang": "xx"}`, 400},
		{"POST", "/api/v1/suggest", `{"text": "spam", "limit": 21}`, 400},
		{"POST", "/api/v1/suggest", `{"text": 5}`, 400},
		{"POST", "/api/v1/suggest", `{"text": "a"} {}`, 400},
		{"POST", "/api/v1/suggest", `nonsense`, 400},
		{"POST", "/api/v1/replies", `{"article": 1002}`, 200},
		{"POST", "/api/v1/replies", `{"article": 9}`, 404},
		{"POST", "/api/v1/replies", `{"kind": "settings", "address": "kari@example.com"}`, 200},
		{"POST", "/api/v1/gaps", `{"text": "How do I train a parrot to filter spam?", "note": "parrots"}`, 201},
		{"POST", "/api/v1/gaps", `{}`, 422},
		{"GET", "/api/v1/gaps", "", 200},
		{"GET", "/api/v1/gaps?all=1", "", 200},
		{"POST", "/api/v1/gaps/7/close", `{}`, 404},
		{"GET", "/api/v1/report", "", 200},
		{"GET", "/api/v1/report?from=2026-01-01&to=2026-02-01", "", 200},
		{"GET", "/api/v1/report?from=yesterday", "", 400},
		{"GET", "/api/v1/status/posts", "", 200},
		{"GET", "/api/v1/status/posts/none", "", 404},
	} {
		r := s.asDescribed(doc, tt.method, tt.path, tt.body)
		if r.status != tt.want || r.status >= 400 && !isProblem(r) {
			t.Errorf("%s %s %s = %d, want %d: %s", tt.method, tt.path, tt.body, r.status, tt.want, r.body)
		}
	}
	if r := s.do("POST", "/api/v1/suggest", "text=spam", "Content-Type", "application/x-www-form-urlencoded", "Authorization", "Bearer "+s.token); r.status != http.StatusUnsupportedMediaType || !isProblem(r) {
		t.Errorf("a form instead of JSON = %d", r.status)
	}
	if r := s.call("POST", "/api/v1/suggest", `{"text": "`+strings.Repeat("x", 3<<20)+`"}`); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a ticket of 3 MiB = %d", r.status)
	}
	nested := "From: a@example.com\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\nContent-Type: text/plain\n\nx\n", 60) + "--b--\n"
	order, _ := json.Marshal(map[string]string{"text": nested})
	if r := s.call("POST", "/api/v1/suggest", string(order)); r.status != http.StatusUnprocessableEntity || !strings.Contains(r.body, "more than 50 parts") {
		t.Errorf("a mail of 60 parts = %d: %s", r.status, r.body)
	}
	if r := s.call("POST", "/api/v1/status/posts", `{"text": "`+strings.Repeat("x", 100<<10)+`"}`); r.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a post of 100 KiB = %d", r.status)
	}
	if r := s.call("DELETE", "/api/v1/suggest", ""); r.status != http.StatusMethodNotAllowed || !isProblem(r) {
		t.Errorf("another method = %d", r.status)
	}
}

type suggestions struct {
	Incidents []struct{ ID, Title, URL string }
	Articles  []struct {
		ID               int
		Slug, Title, URL string
		Score            float64
		Snippet          string
		Why              []string
	}
}

func TestSuggestReplyLearn(t *testing.T) {
	t.Parallel()
	files := smallSite()
	files["help/mail/secret/en.md"] = "---\nid: 1003\ntitle: Refund rules\nstate: internal\n---\nRefunds for parrots.\n"
	s := staffedDesk(t, files)
	mail := "From: Kari <kari@example.com>\nSubject: Re: Spam\nContent-Type: text/plain\n\nHei,\n\nWhere do I train the filter? My phone 12345678, mail kari@example.com\n\n> old\n"
	body, _ := json.Marshal(map[string]any{"text": mail})
	v := decode[suggestions](t, s.call("POST", "/api/v1/suggest", string(body)), 200)
	if len(v.Articles) == 0 || v.Articles[0].Slug != "spam" || v.Articles[0].URL == "" || len(v.Articles[0].Why) == 0 || v.Incidents == nil {
		t.Fatalf("suggestions: %+v", v)
	}
	if v := decode[suggestions](t, s.call("POST", "/api/v1/suggest", `{"text": "refunds for parrots"}`), 200); len(v.Articles) == 0 || v.Articles[0].URL != "/agent/a/1003" {
		t.Errorf("an internal article for agents: %+v", v.Articles)
	}
	if r := s.call("POST", "/api/v1/replies", `{"article": 1003}`); r.status != http.StatusConflict {
		t.Errorf("a link to an internal article = %d", r.status)
	}
	order, _ := json.Marshal(map[string]any{"article": 1002, "format": "html", "lang": "de", "ticket": mail})
	piece := decode[struct{ URL, Text, Markdown, HTML string }](t, s.call("POST", "/api/v1/replies", string(order)), 200)
	if !strings.HasPrefix(piece.URL, "https://help.example.com/r/") || !strings.Contains(piece.Text, "Der Spamfilter") || !strings.Contains(piece.Text, piece.URL) || !strings.Contains(piece.HTML, `href="`+piece.URL+`"`) || !strings.Contains(piece.Markdown, piece.URL) {
		t.Fatalf("piece: %+v", piece)
	}
	browser := []string{"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
	path := strings.TrimPrefix(piece.URL, "https://help.example.com")
	if r := s.get(path, browser...); r.status != http.StatusFound || !strings.HasPrefix(r.header.Get("Location"), "/de/help/spam") {
		t.Fatalf("%s = %d %s", path, r.status, r.header.Get("Location"))
	}
	token := strings.Split(path, "/")[2]
	if r := s.do("POST", "/api/v1/votes", `{"article": 1002, "helpful": true, "reply": "`+token+`", "query": "mail kari@example.com"}`, "Content-Type", "application/json"); r.status != 204 {
		t.Fatalf("vote = %d: %s", r.status, r.body)
	}
	within(t, "the report", func() bool {
		r := decode[state.Report](t, s.call("GET", "/api/v1/report", ""), 200)
		i := slices.IndexFunc(r.Articles, func(a state.ArticleCount) bool { return a.Article == 1002 })
		return i >= 0 && r.Articles[i].Sent == 1 && r.Articles[i].Opened == 1 && r.Articles[i].ReplyHelped == 1
	})
	var kept bytes.Buffer
	if err := s.store.Backup(t.Context(), &kept); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"kari@", "12345678", "127.0.0.1", s.token, "Where do I"} {
		if strings.Contains(s.log.String(), secret) || strings.Contains(kept.String(), secret) {
			t.Errorf("%q is in the log or in the state", secret)
		}
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	type gap struct {
		ID, Note string
		Terms    []string
		Closed   string
	}
	g := decode[gap](t, s.call("POST", "/api/v1/gaps", `{"subject": "Spam", "text": "My neighbour Ola Nordmann trains the filter with xylophones"}`), 201)
	if g.ID == "" || len(g.Terms) == 0 || slices.ContainsFunc(g.Terms, func(w string) bool { return strings.Contains(w, "nordmann") || strings.Contains(w, "xylo") }) {
		t.Errorf("gap: %+v", g)
	}
	type gaps struct{ Gaps []gap }
	if v := decode[gaps](t, s.call("GET", "/api/v1/gaps", ""), 200); len(v.Gaps) != 1 {
		t.Errorf("gaps: %+v", v)
	}
	if r := s.call("POST", "/api/v1/gaps/"+g.ID+"/close", `{"article": 1002}`); r.status != 204 {
		t.Errorf("close = %d: %s", r.status, r.body)
	}
	if v := decode[gaps](t, s.call("GET", "/api/v1/gaps", ""), 200); v.Gaps == nil || len(v.Gaps) != 0 {
		t.Errorf("open gaps after closing: %+v", v)
	}
}

type apiPost struct {
	ID, Kind, State, Phase, URL, Path, Hash string
	Updates                                 []struct{ ID, State, Text, Edited string }
}

func TestStatusPostsByAPI(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	doc := s.description()
	body := `{"kind": "incident", "title": "IMAP is slow", "affects": ["imap=degraded"], "text": "We are looking into it."}`
	first := s.asDescribed(doc, "POST", "/api/v1/status/posts", body, "Idempotency-Key", "k1")
	p := decode[apiPost](t, first, 201)
	etag := first.header.Get("ETag")
	if p.State != "investigating" || p.Phase != "open" || etag != `"`+p.Hash+`"` || first.header.Get("Location") != "/api/v1/status/posts/"+p.ID || p.URL != "https://help.example.com/status/"+p.ID {
		t.Fatalf("%+v, ETag %s, Location %s", p, etag, first.header.Get("Location"))
	}
	if r := s.get("/status/" + p.ID); r.status != 200 || !strings.Contains(r.body, "We are looking into it.") {
		t.Errorf("the post is not public when the answer arrives: %d", r.status)
	}
	// Asked again, because the connection broke.
	again := s.call("POST", "/api/v1/status/posts", body, "Idempotency-Key", "k1")
	if again.status != 201 || again.body != first.body || again.header.Get("ETag") != etag || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same again = %d %s", again.status, again.body)
	}
	if r := s.call("POST", "/api/v1/status/posts", strings.Replace(body, "slow", "gone", 1), "Idempotency-Key", "k1"); r.status != 422 || !isProblem(r) {
		t.Errorf("another post with the same key = %d", r.status)
	}
	posts := "/api/v1/status/posts/" + p.ID
	if r := s.asDescribed(doc, "GET", posts, ""); r.status != 200 || r.header.Get("ETag") != etag {
		t.Errorf("GET = %d %s", r.status, r.header.Get("ETag"))
	}
	second := s.asDescribed(doc, "POST", posts+"/updates", `{"state": "identified", "text": "A disk failed.", "eta": "30m", "next": "20m", "components": ["imap=down"]}`, "If-Match", etag)
	if v := decode[apiPost](t, second, 201); v.State != "identified" || len(v.Updates) != 2 || v.Updates[1].Text != "A disk failed.\n" && v.Updates[1].Text != "A disk failed." {
		t.Errorf("after an update: %+v", v)
	}
	for _, stale := range []string{etag, `"x"`} {
		if r := s.asDescribed(doc, "POST", posts+"/updates", `{"state": "monitoring", "text": "x"}`, "If-Match", stale); r.status != 412 || !isProblem(r) {
			t.Errorf("a stale If-Match %s = %d", stale, r.status)
		}
	}
	if r := s.call("POST", posts+"/updates", `{"state": "monitoring"}`, "If-Match", "x"); r.status != 400 {
		t.Errorf("an If-Match that is no ETag = %d", r.status)
	}
	edited := decode[apiPost](t, s.asDescribed(doc, "PUT", posts+"/updates/latest", `{"text": "A switch failed."}`, "If-Match", second.header.Get("ETag")), 200)
	if edited.Updates[1].Edited == "" || !strings.Contains(edited.Updates[1].Text, "switch") {
		t.Errorf("edited: %+v", edited)
	}
	if v := decode[apiPost](t, s.asDescribed(doc, "PUT", posts+"/updates/"+edited.Updates[0].ID, `{"text": "We look."}`), 200); !strings.Contains(v.Updates[0].Text, "We look.") {
		t.Errorf("the first update: %+v", v)
	}
	revised := s.asDescribed(doc, "PATCH", posts, `{"facts": {"mail": "safe", "title": "IMAP is slow again"}, "texts": {"de": {"title": "IMAP ist langsam"}}}`, "If-Match", s.call("GET", posts, "").header.Get("ETag"))
	if v := decode[apiPost](t, revised, 200); v.Hash == edited.Hash || !strings.Contains(s.get("/de/status/"+p.ID).body, "IMAP ist langsam") {
		t.Errorf("revised: %+v", v)
	}
	if r := s.asDescribed(doc, "PATCH", posts, `{"facts": {"mail": "save"}}`); r.status != 422 || !strings.Contains(r.body, "safe") {
		t.Errorf("a wrong fact = %d %s", r.status, r.body)
	}
	if r := s.asDescribed(doc, "POST", "/api/v1/status/posts", `{"kind": "maintenance", "starts": "2021-12-01 22:00", "lasts": "1h", "affects": ["imap"], "text": "x"}`); r.status != 422 || !strings.Contains(r.body, "more than a week before") {
		t.Errorf("work that was over long ago = %d %s", r.status, r.body)
	}
	texts := decode[struct {
		Updates []struct{ Texts map[string]string }
	}](t, s.asDescribed(doc, "PUT", posts+"/updates/latest", `{"texts": {"de": "Ein Switch."}}`), 200)
	if texts.Updates[1].Texts["de"] != "Ein Switch." {
		t.Errorf("translated: %+v", texts)
	}
	if v := decode[apiPost](t, s.asDescribed(doc, "POST", posts+"/updates", `{"state": "resolved", "text": "Everything works."}`), 201); v.Phase != "over" || v.State != "resolved" {
		t.Errorf("resolved: %+v", v)
	}
	if r := s.get("/status"); strings.Contains(r.body, "IMAP has been down") {
		t.Error("the board still says that it is open")
	}
	for range 2 {
		decode[apiPost](t, s.asDescribed(doc, "DELETE", posts+"/updates/latest", ""), 200)
	}
	gone := s.asDescribed(doc, "DELETE", posts+"/updates/latest", "")
	if v := decode[apiPost](t, gone, 200); v.Hash != "" || v.Updates == nil || len(v.Updates) != 0 {
		t.Errorf("gone: %+v", v)
	}
	if r := s.get("/status/" + p.ID); r.status != 404 {
		t.Errorf("a post that was taken back = %d", r.status)
	}
}

func TestRefusedPosts(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	for _, tt := range []struct {
		method, path, body string
		want               int
		detail             string
	}{
		{"POST", "/api/v1/status/posts", `{"kind": "outage", "title": "x", "text": "x"}`, 422, "incident, maintenance or notice"},
		{"POST", "/api/v1/status/posts", `{"kind": "incident", "title": "x", "affects": ["imp"], "text": "x"}`, 422, "imap"},
		{"POST", "/api/v1/status/posts", `{"kind": "incident", "titel": "x"}`, 400, "titel"},
		{"POST", "/api/v1/status/posts", `{"kind": "maintenance", "title": "x", "starts": "2026-02-30 10:00", "lasts": "1h", "affects": ["imap"], "text": "x"}`, 422, ""},
		{"POST", "/api/v1/status/posts", `{"kind": "incident", "title": "x", "affects": ["imap"], "id": "../../etc/passwd", "text": "x"}`, 422, ""},
		{"POST", "/api/v1/status/posts/none/updates", `{"state": "resolved", "text": "x"}`, 404, "no post"},
		{"PUT", "/api/v1/status/posts/none/updates/latest", `{"text": "x"}`, 404, "no post"},
		{"DELETE", "/api/v1/status/posts/none/updates/latest", ``, 404, "no post"},
	} {
		r := s.call(tt.method, tt.path, tt.body)
		if r.status != tt.want || !isProblem(r) || !strings.Contains(r.body, tt.detail) {
			t.Errorf("%s %s %s = %d, want %d with %q: %s", tt.method, tt.path, tt.body, r.status, tt.want, tt.detail, r.body)
		}
	}
	if got := s.get("/api/v2/incidents.json").body; !strings.Contains(got, `"incidents":[]`) {
		t.Errorf("something was written: %s", got)
	}
}

// TestOneOfManyWriters sends the same update at the same time with one key, and
// different ones with one ETag.
func TestOneOfManyWriters(t *testing.T) {
	t.Parallel()
	s := staffedDesk(t, smallSite())
	created := s.call("POST", "/api/v1/status/posts", `{"kind": "incident", "title": "IMAP", "affects": ["imap"], "text": "x"}`)
	p := decode[apiPost](t, created, 201)
	updates := "/api/v1/status/posts/" + p.ID + "/updates"
	count := func(send func(i int) reply) map[int]int {
		var mu sync.Mutex
		got := map[int]int{}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				r := send(i)
				mu.Lock()
				defer mu.Unlock()
				got[r.status]++
			})
		}
		wg.Wait()
		return got
	}
	same := count(func(int) reply {
		return s.call("POST", updates, `{"state": "identified", "text": "same"}`, "Idempotency-Key", "same")
	})
	if same[201] != 8 {
		t.Errorf("the same update eight times: %v", same)
	}
	now := s.call("GET", "/api/v1/status/posts/"+p.ID, "")
	if v := decode[apiPost](t, now, 200); len(v.Updates) != 2 {
		t.Errorf("%d updates, want 2", len(v.Updates))
	}
	different := count(func(i int) reply {
		return s.call("POST", updates, `{"state": "update", "text": "`+strconv.Itoa(i)+`"}`, "If-Match", now.header.Get("ETag"))
	})
	if different[201] != 1 || different[412] != 7 {
		t.Errorf("eight updates of one version: %v", different)
	}
}

func TestSampleCannotBeWritten(t *testing.T) {
	t.Parallel()
	s := staff(t, source.Embedded("sample", articles.FS), "")
	r := s.call("POST", "/api/v1/status/posts", `{"kind": "incident", "title": "x", "affects": ["imap"], "text": "x"}`)
	if r.status != http.StatusConflict || !isProblem(r) {
		t.Errorf("= %d: %s", r.status, r.body)
	}
}
