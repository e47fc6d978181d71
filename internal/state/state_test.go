package state_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/state"
	"signpost/internal/state/statetest"
)

var now = time.Date(2014, 10, 6, 12, 0, 0, 0, time.UTC)

// redact stands for the redaction of package ticket, which also tells a
// password by its capital letter.
func redact(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if strings.Contains(w, "@") || w == "Canary1!" {
			words[i] = "…"
		}
	}
	return strings.Join(words, " ")
}

func config(dir, url string) state.Config {
	return state.Config{Dir: dir, URL: url, Key: []byte("0123456789abcdef"), Keys: ring, Redact: redact}
}

func open(t *testing.T, cfg state.Config) *state.Store {
	t.Helper()
	s, err := state.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// eachEngine runs a test on SQLite and on PostgreSQL; url gives a new empty
// database with each call.
func eachEngine(t *testing.T, test func(t *testing.T, url func(t *testing.T) string)) {
	t.Run("sqlite", func(t *testing.T) {
		test(t, func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "a b.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		p := statetest.Start(t)
		test(t, func(t *testing.T) string { return p.Database(t) })
	})
}

// TestConformance is what every engine must do.
func TestConformance(t *testing.T) {
	tests := map[string]func(*testing.T, *state.Store){
		"votes and replies": testReplies,
		"searches":          testSearches,
		"asked":             testAsked,
		"gaps":              testGaps,
		"audit":             testAudit,
		"accounts":          testAccounts,
		"retention":         testRetention,
		"empty report":      testEmptyReport,
		"odd text":          testOddText,
		"subscriptions":     testSubscriptions,
		"import":            testImport,
		"brake":             testBrake,
		"telling":           testTelling,
		"silence":           testSilence,
		"bounces":           testBounces,
		"bounce flood":      testBounceFlood,
		"webhook off":       testWebhookOff,
		"person":            testPerson,
	}
	eachEngine(t, func(t *testing.T, url func(*testing.T) string) {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) { test(t, open(t, config(t.TempDir(), url(t)))) })
		}
		t.Run("backup", func(t *testing.T) { testBackup(t, url) })
		t.Run("leaving", func(t *testing.T) { testLeaving(t, url) })
		t.Run("other ring", func(t *testing.T) { testOtherRing(t, url(t)) })
		t.Run("leases", func(t *testing.T) { testLeases(t, url(t)) })
		t.Run("totals", func(t *testing.T) { testTotals(t, url) })
		t.Run("keys", func(t *testing.T) { testKeys(t, url(t)) })
		t.Run("two replicas", func(t *testing.T) { testReplicas(t, url(t)) })
		t.Run("upgrade", func(t *testing.T) { testUpgrade(t, url(t)) })
	})
}

func flush(t *testing.T, s *state.Store) {
	t.Helper()
	s.Spool()
	if err := s.Events.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func report(t *testing.T, s *state.Store) state.Report {
	t.Helper()
	flush(t, s)
	r, err := s.Reports.Report(t.Context(), now.AddDate(0, 0, -2), now.AddDate(0, 0, 1))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

func testReplies(t *testing.T, s *state.Store) {
	const nonce = 1<<63 - 1
	must(t,
		s.Events.Sent(state.Sent{Nonce: nonce, Article: 1042, Lang: "de", Platform: "ios", Agent: "kim", Format: "text"}, now),
		s.Events.Sent(state.Sent{Nonce: 2, Article: 1042, Agent: "kim"}, now),
		s.Events.Sent(state.Sent{Nonce: 3, Article: 7, Agent: "lee"}, now),
	)
	s.Events.Opened(nonce, 1042, now)
	s.Events.Opened(nonce, 1042, now)
	flush(t, s)
	s.Events.Opened(nonce, 1042, now)
	s.Events.Opened(2, 1042, now.AddDate(0, 0, 1))
	s.Events.Opened(0, 1042, now)
	must(t,
		s.Events.Vote(state.Vote{Article: 1042, Revision: "3", Lang: "de", Helpful: true, Query: "apop jo@example.org", Reply: nonce}, now),
		s.Events.Vote(state.Vote{Article: 1042, Revision: "3", Lang: "en", Reason: "wrong", Comment: "Mail jo@example.org!", Query: "imap"}, now),
	)
	if err := s.Events.Vote(state.Vote{Article: 1, Comment: strings.Repeat("ö", 601)}, now); err == nil {
		t.Error("a comment of 601 characters is taken")
	}
	if err := s.Events.Vote(state.Vote{Article: 1, Comment: strings.Repeat("ö", 600)}, now.AddDate(0, 0, 5)); err != nil {
		t.Errorf("600 characters: %v", err)
	}
	s.Events.Read(7, "en", now)
	s.Events.Read(7, "en", now)
	s.Events.Read(7, "de", now)
	r := report(t, s)
	equal(t, []state.ArticleCount{
		{Article: 1042, Sent: 2, Opened: 2, Opens: 4, ReplyHelped: 1, Helped: 1, Unhelped: 1},
		{Article: 7, Sent: 1, Reads: 3},
	}, r.Articles)
	equal(t, []state.AgentCount{{Agent: "kim", Sent: 2, Opened: 2, Helped: 1}, {Agent: "lee", Sent: 1}}, r.Agents)
	equal(t, []state.ArticleOpinion{{
		Day: "2014-10-06", Article: 1042, Revision: "3", Lang: "en", Reason: "wrong", Comment: "Mail …", Query: "imap",
	}}, r.Comments)
	equal(t, []state.ReasonCount{{Article: 1042, Reason: "wrong", Times: 1}}, r.Reasons)
	equal(t, []state.DayCount{
		{Day: "2014-10-04"},
		{Day: "2014-10-05"},
		{Day: "2014-10-06", Sent: 3, Opened: 3, Helped: 1, Unhelped: 1, Reads: 3},
		{Day: "2014-10-07", Opened: 1},
	}, r.Days)
	equal(t, []state.Reading{{Article: 7, N: 3}}, s.Reports.Signals(t.Context(), now).Reads)
}

func testSearches(t *testing.T, s *state.Store) {
	at := now
	step := func(d time.Duration) time.Time { at = at.Add(d); return at }
	for i, words := range []string{"im", "imap", "imap ser", "imap servr", "imap server"} {
		s.Events.Search(state.Search{Visitor: "v1", Words: words, Lang: "en", Results: i}, step(time.Second))
	}
	flush(t, s)
	s.Events.Click("v1", 1042, 3, step(time.Minute))
	s.Events.Search(state.Search{Visitor: "v1", Words: "apop", Lang: "en"}, step(time.Second))
	s.Events.Search(state.Search{Visitor: "v2", Words: "Apop ", Lang: "en"}, step(time.Second))
	s.Events.Search(state.Search{Visitor: "v2", Words: "apop", Lang: "en"}, step(time.Hour))
	s.Events.Search(state.Search{Words: "quota", Lang: "en", Results: 9}, step(0))
	s.Events.Search(state.Search{Words: "mail of jo@example.org", Lang: "en", Results: 1}, step(0))
	s.Events.Search(state.Search{Words: " \x00 "}, step(0))
	s.Events.Click("v2", 7, 1, step(time.Hour))
	s.Events.Click("nobody", 7, 1, step(0))
	r := report(t, s)
	equal(t, []state.SearchCount{{Words: "apop", Lang: "en", Times: 3}}, r.NoResult)
	equal(t, []state.SearchCount{
		{Words: "mail of …", Lang: "en", Times: 1, Results: 1},
		{Words: "quota", Lang: "en", Times: 1, Results: 9},
	}, r.NoClick)
	if len(r.Searches) != 4 || r.Searches[1] != (state.SearchCount{Words: "imap server", Lang: "en", Times: 1, Results: 4, Clicks: 1, Position: 3}) {
		t.Errorf("searches: %+v", r.Searches)
	}
}

func testAsked(t *testing.T, s *state.Store) {
	ask := func(ticket string, article int, terms ...string) {
		t.Helper()
		must(t, s.Events.Asked(state.Asked{Ticket: ticket, Article: article, Lang: "en", Terms: terms}, now))
		flush(t, s)
	}
	ask("t1", 1, "certif", "johnson", "x", "has space", "jo@example.org")
	ask("t1", 1, "certif")  // the link was copied twice
	ask("t1", 2, "johnson") // a second link in the same reply
	ask("t2", 1, "certif")
	if got := s.Reports.Signals(t.Context(), now).Asked; len(got) != 0 {
		t.Errorf("known after two tickets: %+v", got)
	}
	ask("t3", 2, "certif", "certif")
	equal(t, []state.AskedTerm{{Article: 1, Lang: "en", Term: "certif", N: 2}, {Article: 2, Lang: "en", Term: "certif", N: 1}}, s.Reports.Signals(t.Context(), now).Asked)
	ask("t3", 1, "certif")
	ask("", 2, "certif")
	var b bytes.Buffer
	must(t, s.Reports.ExportAsked(t.Context(), &b))
	equal(t, `{"article":1,"lang":"en","term":"certif","n":3}`+"\n"+`{"article":2,"lang":"en","term":"certif","n":2}`+"\n", b.String())
	must(t, s.Events.ResetAsked(t.Context(), 1))
	equal(t, []state.AskedTerm{{Article: 2, Lang: "en", Term: "certif", N: 2}}, s.Reports.Signals(t.Context(), now).Asked)
	must(t, s.Events.ResetAsked(t.Context(), 0))
	equal(t, []state.AskedTerm{}, s.Reports.Signals(t.Context(), now).Asked)
}

func testAudit(t *testing.T, s *state.Store) {
	ctx := t.Context()
	s.Events.Audit(state.AuditEntry{Agent: "kim", Action: "post.add", Subject: "2014-10-06-down"}, now)
	s.Events.Audit(state.AuditEntry{Token: "pager", Action: "post.update", Subject: "2014-10-06-down"}, now.Add(time.Minute))
	flush(t, s)
	must(t, s.Accounts.AddAgent(ctx, state.Agent{Name: "lee", Created: now}), s.Accounts.RemoveAgent(ctx, "lee"))
	if err := s.Accounts.RemoveAgent(ctx, "lee"); !errors.Is(err, state.ErrNotFound) {
		t.Error(err)
	}
	all, err := s.Reports.Audit(ctx, time.Time{}, 100)
	must(t, err)
	for i := range all[min(2, len(all)):] {
		all[2+i].At = time.Time{} // the wall's
	}
	equal(t, []state.AuditEntry{
		{At: now, Agent: "kim", Action: "post.add", Subject: "2014-10-06-down"},
		{At: now.Add(time.Minute), Token: "pager", Action: "post.update", Subject: "2014-10-06-down"},
		{Action: "agent.add", Subject: "lee"},
		{Action: "agent.remove", Subject: "lee"},
	}, all)
	newest, err := s.Reports.Audit(ctx, time.Time{}, 2)
	must(t, err)
	equal(t, 2, len(newest))
	must(t, s.Expire(ctx, state.Retention{Audit: 30}, now.AddDate(0, 0, 31)))
	all, err = s.Reports.Audit(ctx, time.Time{}, 100)
	must(t, err)
	equal(t, 2, len(all))
}

func testGaps(t *testing.T, s *state.Store) {
	g, err := s.Events.AddGap(t.Context(), state.Gap{Agent: "kim", Lang: "en", Note: "how to print for jo@example.org", Terms: []string{"print", "page"}}, now)
	must(t, err)
	if _, err := s.Events.AddGap(t.Context(), state.Gap{Agent: "kim"}, now); err == nil {
		t.Error("an empty gap is taken")
	}
	want := state.Gap{ID: g.ID, Day: "2014-10-06", Agent: "kim", Lang: "en", Note: "how to print for …", Terms: []string{"page", "print"}}
	got, err := s.Reports.Gaps(t.Context(), false)
	must(t, err)
	equal(t, []state.Gap{want}, got)
	must(t, s.Events.CloseGap(t.Context(), g.ID, 1042, now))
	if err := s.Events.CloseGap(t.Context(), g.ID, 1042, now); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("closed twice: %v", err)
	}
	got, err = s.Reports.Gaps(t.Context(), false)
	must(t, err)
	equal(t, []state.Gap{}, got)
	got, err = s.Reports.Gaps(t.Context(), true)
	must(t, err)
	want.Closed, want.Article = "2014-10-06", 1042
	equal(t, []state.Gap{want}, got)
}

func testAccounts(t *testing.T, s *state.Store) {
	ctx := t.Context()
	kim := state.Agent{Name: "kim", Password: "$argon2id$…", Created: now}
	session := state.Session{ID: "s1", Agent: "kim", Source: "password", Created: now, Expires: now.Add(time.Hour)}
	token := state.Token{ID: "h1", Name: "monitor", Agent: "kim", Scopes: []string{"status:write", "report"}, Created: now}
	must(t, s.Accounts.AddAgent(ctx, kim), s.Accounts.AddSession(ctx, session), s.Accounts.AddToken(ctx, token))
	if err := s.Accounts.AddAgent(ctx, kim); !errors.Is(err, state.ErrExists) {
		t.Errorf("the same agent again: %v", err)
	}
	again := token
	again.ID = "h2"
	if err := s.Accounts.AddToken(ctx, again); !errors.Is(err, state.ErrExists) {
		t.Errorf("the same token name again: %v", err)
	}
	a := s.Accounts.Access()
	equal(t, map[string]state.Agent{"kim": kim}, a.Agents)
	equal(t, map[string]state.Session{"s1": session}, a.Sessions)
	equal(t, map[string]state.Token{"h1": token}, a.Tokens)
	must(t, s.Accounts.SetPassword(ctx, "kim", "new"))
	if a = s.Accounts.Access(); a.Agents["kim"].Password != "new" || len(a.Sessions) != 0 {
		t.Errorf("after a new password: %+v", a)
	}
	must(t, s.Accounts.AddSession(ctx, session), s.Accounts.RemoveSession(ctx, "s1"), s.Accounts.RemoveSession(ctx, "s1"))
	if n := len(s.Accounts.Access().Sessions); n != 0 {
		t.Errorf("%d sessions after signing out", n)
	}
	must(t, s.Accounts.AddSession(ctx, session), s.Accounts.RemoveAgent(ctx, "kim"))
	if a = s.Accounts.Access(); len(a.Agents)+len(a.Sessions)+len(a.Tokens) != 0 {
		t.Errorf("left of a removed agent: %+v", a)
	}
	guest := state.Session{ID: "s2", Agent: "lee@example.org", Source: "oidc", Created: now, Expires: now.Add(time.Hour)}
	must(t, s.Accounts.AddSession(ctx, guest), s.Accounts.RemoveAgent(ctx, guest.Agent))
	if n := len(s.Accounts.Access().Sessions); n != 0 {
		t.Errorf("%d sessions of an OpenID user who was removed", n)
	}
	for _, err := range []error{s.Accounts.RemoveAgent(ctx, "kim"), s.Accounts.SetPassword(ctx, "kim", ""), s.Accounts.RemoveToken(ctx, "monitor")} {
		if !errors.Is(err, state.ErrNotFound) {
			t.Errorf("of what is not there: %v", err)
		}
	}
}

func testRetention(t *testing.T, s *state.Store) {
	ctx := t.Context()
	old := now.AddDate(0, 0, -91)
	for _, at := range []time.Time{old, now} {
		s.Events.Search(state.Search{Words: "apop", Results: 1}, at)
		s.Events.Read(7, "en", at)
		must(t, s.Events.Vote(state.Vote{Article: 7}, at), s.Events.Asked(state.Asked{Ticket: at.String(), Article: 7, Terms: []string{"certif"}}, at))
	}
	must(t,
		s.Accounts.AddSession(ctx, state.Session{ID: "old", Created: old, Expires: old}),
		s.Accounts.AddToken(ctx, state.Token{ID: "never", Name: "never", Created: old}),
		s.Accounts.AddToken(ctx, state.Token{ID: "old", Name: "old", Created: old, Expires: old}),
	)
	flush(t, s)
	must(t, s.Expire(ctx, state.Retention{Votes: 100, Searches: 90, Reads: 90}, now))
	r, err := s.Reports.Report(ctx, old, now)
	must(t, err)
	first, last := r.Days[0], r.Days[len(r.Days)-1]
	equal(t, state.DayCount{Day: "2014-07-07", Unhelped: 1}, first)
	equal(t, state.DayCount{Day: "2014-10-06", Unhelped: 1, Searches: 1, Reads: 1}, last)
	if a := s.Accounts.Access(); len(a.Sessions) != 0 || len(a.Tokens) != 1 {
		t.Errorf("after expiry: %+v", a)
	}
	// The hash of 91 days ago is gone: two more tickets are only the second and third.
	must(t, s.Events.Asked(state.Asked{Ticket: "a", Article: 7, Terms: []string{"certif"}}, now))
	flush(t, s)
	equal(t, []state.AskedTerm{}, s.Reports.Signals(ctx, now).Asked)
	must(t, s.Events.Asked(state.Asked{Ticket: "b", Article: 7, Terms: []string{"certif"}}, now))
	flush(t, s)
	equal(t, []state.AskedTerm{{Article: 7, Term: "certif", N: 3}}, s.Reports.Signals(ctx, now).Asked)
}

func testEmptyReport(t *testing.T, s *state.Store) {
	r, err := s.Reports.Report(t.Context(), now, now)
	must(t, err)
	equal(t, state.Report{
		From: "2014-10-06", To: "2014-10-06", Days: []state.DayCount{{Day: "2014-10-06"}}, Articles: []state.ArticleCount{}, NoResult: []state.SearchCount{},
		NoClick: []state.SearchCount{}, Searches: []state.SearchCount{}, Comments: []state.ArticleOpinion{}, Reasons: []state.ReasonCount{},
		Agents: []state.AgentCount{}, Gaps: []state.Gap{},
	}, r)
	r, err = s.Reports.Report(t.Context(), now, now.AddDate(-100, 0, 0))
	must(t, err)
	if len(r.Days) > 801 {
		t.Errorf("%d days", len(r.Days))
	}
	// The first and the last day that there are.
	first, last := time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	r, err = s.Reports.Report(t.Context(), last, first)
	must(t, err)
	if n := len(r.Days); n > 801 || r.Days[n-1].Day != "9999-12-31" {
		t.Errorf("%d days until %s", n, r.To)
	}
	r, err = s.Reports.Report(t.Context(), first, first.AddDate(0, 1, 0))
	must(t, err)
	if len(r.Days) != 31 || r.From != "0001-01-01" || r.To != "0001-01-31" {
		t.Errorf("%d days from %s to %s", len(r.Days), r.From, r.To)
	}
}

// testOddText gives what PostgreSQL refuses in a text.
func testOddText(t *testing.T, s *state.Store) {
	odd := "a\x00b\xff\u202e'; DROP TABLE votes; --"
	must(t,
		s.Events.Vote(state.Vote{Article: 1, Revision: odd, Lang: odd, Reason: odd, Comment: odd, Query: odd}, now),
		s.Events.Sent(state.Sent{Nonce: 1, Article: 1, Lang: odd, Platform: odd, Agent: odd, Format: odd}, now),
		s.Events.Asked(state.Asked{Article: 1, Lang: odd, Terms: []string{odd, "a\x00b"}}, now),
	)
	s.Events.Search(state.Search{Words: odd, Lang: odd}, now)
	s.Events.Read(1, odd, now)
	r := report(t, s)
	if len(r.Comments) != 1 || len(r.Searches) != 1 || len(r.Agents) != 1 || r.Articles[0].Reads != 1 {
		t.Errorf("%+v", r)
	}
}

// testKeys compares key rings: PostgreSQL's replicas share one.
func testKeys(t *testing.T, url string) {
	ctx := t.Context()
	a, b := open(t, config(t.TempDir(), url)), open(t, config(t.TempDir(), url))
	must(t, a.CheckKeys(ctx, map[int]string{1: "one"}, now), a.CheckKeys(ctx, map[int]string{1: "one"}, now))
	for name, ring := range map[string]map[int]string{"another secret": {1: "other", 2: "two"}, "other keys": {7: "seven"}} {
		if err := b.CheckKeys(ctx, ring, now); strings.HasPrefix(url, "postgres") != errors.Is(err, state.ErrKeys) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, b.CheckKeys(ctx, map[int]string{2: "two", 1: "one"}, now), b.CheckKeys(ctx, map[int]string{2: "two"}, now))
	must(t, b.AcceptKeys(ctx, map[int]string{7: "seven"}, now))
	known, err := a.KnownKeys(ctx)
	must(t, err)
	equal(t, []state.KeyFingerprint{{ID: 7, Fingerprint: "seven", Since: now}}, known)
	if !strings.HasPrefix(url, "postgres") {
		return
	}
	// Two that start together with an empty database: one of them is right.
	must(t, a.AcceptKeys(ctx, nil, now))
	errs := make([]error, 2)
	var wg sync.WaitGroup
	for i, s := range []*state.Store{a, b} {
		wg.Go(func() { errs[i] = s.CheckKeys(ctx, map[int]string{1: fmt.Sprint(i)}, now) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs...), state.ErrKeys) {
		t.Errorf("together: %v", errs)
	}
}

// flushPatiently tries again when the other writer has kept the file for too long:
// SQLite lets nobody wait in turn. What was not written waits, and is not lost.
func flushPatiently(t *testing.T, s *state.Store) error {
	err := s.Events.Flush(t.Context())
	for errors.Is(err, state.ErrUnavailable) {
		time.Sleep(10 * time.Millisecond)
		err = s.Events.Flush(t.Context())
	}
	return err
}

func testReplicas(t *testing.T, url string) {
	a, b := open(t, config(t.TempDir(), url)), open(t, config(t.TempDir(), url))
	for range 20 {
		a.Events.Opened(1, 7, now)
		b.Events.Opened(1, 7, now)
		flush(t, a)
		flush(t, b)
	}
	// Both raise the same counters at the same time, in opposite order.
	var wg sync.WaitGroup
	for i, s := range []*state.Store{a, b} {
		wg.Go(func() {
			for range 20 {
				for j := range 50 {
					s.Events.Read(1+(1-2*i)*j+i*49, "en", now)
				}
				err := s.Events.Asked(state.Asked{Article: 1, Terms: []string{"certif", "imap"}}, now)
				s.Spool()
				if err := errors.Join(err, flushPatiently(t, s)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, r := range a.Reports.Signals(t.Context(), now).Reads {
		if r.N != 40 {
			t.Errorf("article %d: %d reads, want 40", r.Article, r.N)
		}
	}
	if asked := a.Reports.Signals(t.Context(), now).Asked; len(asked) != 2 || asked[0].N != 40 {
		t.Errorf("asked: %+v", asked)
	}
	must(t, a.Accounts.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}), b.Accounts.Refresh(t.Context()))
	if _, ok := b.Accounts.Access().Agents["kim"]; !ok {
		t.Error("the other replica does not know the new agent")
	}
	_, err := a.Beat(t.Context(), "v1", now)
	must(t, err)
	alive, err := b.Beat(t.Context(), "v2", now.Add(time.Minute))
	must(t, err)
	if len(alive) != 2 || alive[0].Version != "v1" || alive[1].Version != "v2" || !alive[1].Since.Equal(now.Add(time.Minute)) {
		t.Errorf("replicas: %+v", alive)
	}
	if alive, err = b.Beat(t.Context(), "v2", now.Add(3*time.Minute)); err != nil || len(alive) != 1 || !alive[0].Since.Equal(now.Add(time.Minute)) {
		t.Errorf("after the first has gone: %+v, %v", alive, err)
	}
	// A token made on one replica works on the other at once.
	must(t, a.Accounts.AddToken(t.Context(), state.Token{ID: "h", Name: "pager", Created: now}))
	if _, ok := b.Accounts.Token(t.Context(), "h"); !ok {
		t.Error("the other replica does not know the new token")
	}
	if _, ok := b.Accounts.Token(t.Context(), "x"); ok {
		t.Error("an unknown token is known")
	}
	if r := report(t, a); r.Days[2].Opened != 40 {
		t.Errorf("%d opens", r.Days[2].Opened)
	}
}

// withoutAudit leaves the audit log out of a backup, and the number of rows.
func withoutAudit(backup string) string {
	var out strings.Builder
	for line := range strings.Lines(backup) {
		if !strings.HasPrefix(line, `{"table":"audit"`) && !strings.HasPrefix(line, `{"rows"`) {
			out.WriteString(line)
		}
	}
	return out.String()
}

func testBackup(t *testing.T, url func(*testing.T) string) {
	from := open(t, config(t.TempDir(), url(t)))
	testReplies(t, from)
	testAsked(t, from)
	ctx := t.Context()
	must(t, from.Accounts.AddAgent(ctx, state.Agent{Name: "kim", Created: now}), from.Accounts.AddSession(ctx, state.Session{ID: "s", Agent: "kim", Created: now}))
	must(t, from.Accounts.AddToken(ctx, state.Token{ID: "h", Name: "t", Scopes: []string{"report"}, Created: now}))
	_, err := from.Events.AddGap(ctx, state.Gap{Note: "one"}, now)
	must(t, err)
	var b bytes.Buffer
	must(t, from.Backup(ctx, &b))

	// A backup of one engine is restored into another.
	to := open(t, config(t.TempDir(), ""))
	must(t, to.Accounts.AddAgent(ctx, state.Agent{Name: "lee", Created: now}))
	n, err := to.Restore(ctx, bytes.NewReader(b.Bytes()))
	must(t, err)
	if want := strings.Count(b.String(), "\n") - 2; n != want {
		t.Errorf("%d rows restored, want %d", n, want)
	}
	var again bytes.Buffer
	must(t, to.Backup(ctx, &again))
	equal(t, withoutAudit(b.String()), withoutAudit(again.String()))
	equal(t, report(t, from), report(t, to))
	if a := to.Accounts.Access(); len(a.Agents) != 1 || len(a.Sessions) != 0 || len(a.Tokens) != 1 {
		t.Errorf("restored accounts: %+v", a)
	}

	lines := strings.SplitAfter(b.String(), "\n")
	for name, damaged := range map[string]string{
		"empty":             "",
		"other":             "{}\n",
		"newer":             `{"signpost":"state","version":99}` + "\n",
		"cut":               strings.Join(lines[:len(lines)-2], ""),
		"row gone":          strings.Join(append([]string{lines[0]}, lines[2:]...), ""),
		"bad table":         lines[0] + `{"table":"pg_user","row":["x"]}` + "\n" + `{"rows":1}` + "\n",
		"bad column":        lines[0] + `{"table":"agents","row":["x",{},1,1]}` + "\n" + `{"rows":1}` + "\n",
		"bad number":        lines[0] + `{"table":"agents","row":["x","y",1.5,1]}` + "\n" + `{"rows":1}` + "\n",
		"text for a number": lines[0] + `{"table":"agents","row":["x","y","1",1]}` + "\n" + `{"rows":1}` + "\n",
		"number for a text": lines[0] + `{"table":"agents","row":[1,"y",1,1]}` + "\n" + `{"rows":1}` + "\n",
		"bad json":          lines[0] + "{\n",
		"two in one":        b.String() + b.String(),
		"twice":             lines[0] + `{"table":"agents","row":["x","y",1,1]}` + "\n" + `{"table":"agents","row":["x","y",1,1]}` + "\n" + `{"rows":2}` + "\n",
	} {
		if _, err := to.Restore(ctx, strings.NewReader(damaged)); err == nil {
			t.Errorf("%s: restored", name)
		} else if name != "twice" && !errors.Is(err, state.ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var last bytes.Buffer
	must(t, to.Backup(ctx, &last))
	equal(t, again.String(), last.String())
}

// testUpgrade brings a database of the first schema, as it was released, to
// the present one. testdata/first.sql is never changed.
func testUpgrade(t *testing.T, url string) {
	script, err := os.ReadFile("testdata/first.sql")
	must(t, err)
	state.ExecScript(t, url, string(script))
	s := open(t, config(t.TempDir(), url))
	r := report(t, s)
	equal(t, []state.ArticleCount{{Article: 1042, Sent: 1, Opened: 1, Opens: 2, ReplyHelped: 1, Helped: 1, Reads: 5}}, r.Articles)
	if _, ok := s.Accounts.Access().Agents["kim"]; !ok {
		t.Error("the agent was lost")
	}
	must(t, s.Close())
	// A newer schema is used as long as it names this program's as one it serves.
	state.ExecScript(t, url, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, "+map[bool]string{true: "true", false: "1"}[strings.HasPrefix(url, "postgres")]+")")
	s = open(t, config(t.TempDir(), url))
	must(t, s.Ping(t.Context()), s.Close())
	state.ExecScript(t, url, "UPDATE counters SET n = 9000 WHERE name = 'oldest_schema'")
	s = open(t, config(t.TempDir(), url))
	if err := s.Ping(t.Context()); !errors.Is(err, state.ErrUnavailable) || !errors.Is(err, state.ErrNewer) || !strings.Contains(state.Hint(err), "install the version") {
		t.Errorf("a schema that is too new: %v", err)
	}
}

// testTotals compares the totals that were kept, event by event and in any
// order, with those that a restore counts at once.
func testTotals(t *testing.T, url func(*testing.T) string) {
	s := open(t, config(t.TempDir(), url(t)))
	ctx, r := t.Context(), rand.New(rand.NewPCG(1, 2))
	begin := now.AddDate(0, 0, -80)
	for range 40 {
		for range 30 {
			at, article := begin.AddDate(0, 0, r.IntN(81)), 1+r.IntN(4)
			nonce := uint64(1 + r.IntN(200))
			sent := begin.AddDate(0, 0, int(nonce)%81)
			later := sent.AddDate(0, 0, r.IntN(81-int(nonce)%81))
			switch r.IntN(6) {
			case 0, 1: // often after it was opened
				must(t, s.Events.Sent(state.Sent{Nonce: nonce, Article: article, Agent: fmt.Sprint("agent", r.IntN(3))}, sent))
			case 2:
				s.Events.Opened(nonce, article, later)
			case 3:
				must(t, s.Events.Vote(state.Vote{ID: uint64(1 + r.IntN(150)), Article: article, Helpful: nonce%3 == 0, Reason: []string{"", "wrong", "old"}[r.IntN(3)], Reply: nonce}, later))
			case 4:
				words := fmt.Sprint("word", r.IntN(20))
				visitor := fmt.Sprint("visitor", r.IntN(5))
				s.Events.Search(state.Search{Visitor: visitor, Words: words, Lang: "en", Results: len(words) % 2}, at)
				s.Events.Click(visitor, article, 1+r.IntN(3), at)
			case 5:
				s.Events.Read(article, "en", at)
			}
		}
		flush(t, s)
	}
	again := func() *state.Store {
		t.Helper()
		var b bytes.Buffer
		must(t, s.Backup(ctx, &b))
		to := open(t, config(t.TempDir(), url(t)))
		_, err := to.Restore(ctx, &b)
		must(t, err)
		return to
	}
	same := func(what string, want, got *state.Store) {
		t.Helper()
		// The whole time, whole months, and parts of them at both ends.
		for _, days := range [][2]int{{0, 80}, {3, 77}, {40, 41}, {20, 50}, {60, 80}, {-100, 200}} {
			for _, other := range []int{0, 1} {
				from, to := begin.AddDate(0, 0, days[0]+other), begin.AddDate(0, 0, days[1])
				a, err := want.Reports.Report(ctx, from, to)
				must(t, err)
				b, err := got.Reports.Report(ctx, from, to)
				must(t, err)
				if d := cmp.Diff(a, b); d != "" {
					t.Fatalf("%s, days %v: -counted +kept\n%s", what, days, d)
				}
			}
		}
		if d := cmp.Diff(want.Totals(t), got.Totals(t)); d != "" {
			t.Fatalf("%s: -counted +kept\n%s", what, d)
		}
	}
	same("kept", again(), s)
	must(t, s.Expire(ctx, state.Retention{Votes: 45, Searches: 45, Replies: 45, Reads: 45}, now))
	same("expired", again(), s)
	// What a restore counted goes on.
	to := again()
	for _, s := range []*state.Store{s, to} {
		s.Events.Opened(199, 1, now)
		s.Events.Read(9, "de", now)
		flush(t, s)
	}
	same("restored", to, s)
}
