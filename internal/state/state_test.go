package state_test

import (
	"bytes"
	"errors"
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
	return state.Config{Dir: dir, URL: url, Key: []byte("0123456789abcdef"), Redact: redact}
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
		"accounts":          testAccounts,
		"retention":         testRetention,
		"subscriptions":     testSubscriptions,
		"empty report":      testEmptyReport,
		"odd text":          testOddText,
	}
	eachEngine(t, func(t *testing.T, url func(*testing.T) string) {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) { test(t, open(t, config(t.TempDir(), url(t)))) })
		}
		t.Run("backup", func(t *testing.T) { testBackup(t, url) })
		t.Run("two replicas", func(t *testing.T) { testReplicas(t, url(t)) })
		t.Run("upgrade", func(t *testing.T) { testUpgrade(t, url(t)) })
	})
}

func flush(t *testing.T, s *state.Store) {
	t.Helper()
	s.Spool()
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func report(t *testing.T, s *state.Store) state.Report {
	t.Helper()
	flush(t, s)
	r, err := s.Report(t.Context(), now.AddDate(0, 0, -2), now.AddDate(0, 0, 1))
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
		s.Sent(state.Sent{Nonce: nonce, Article: 1042, Lang: "de", Platform: "ios", Agent: "kim", Format: "text"}, now),
		s.Sent(state.Sent{Nonce: 2, Article: 1042, Agent: "kim"}, now),
		s.Sent(state.Sent{Nonce: 3, Article: 7, Agent: "lee"}, now),
	)
	s.Opened(nonce, 1042, now)
	s.Opened(nonce, 1042, now)
	flush(t, s)
	s.Opened(nonce, 1042, now)
	s.Opened(2, 1042, now.AddDate(0, 0, 1))
	s.Opened(0, 1042, now)
	must(t,
		s.Vote(state.Vote{Article: 1042, Revision: "3", Lang: "de", Helpful: true, Query: "apop jo@example.org", Reply: nonce}, now),
		s.Vote(state.Vote{Article: 1042, Revision: "3", Lang: "en", Reason: "wrong", Comment: "Mail jo@example.org!", Query: "imap"}, now),
	)
	if err := s.Vote(state.Vote{Article: 1, Comment: strings.Repeat("ö", 601)}, now); err == nil {
		t.Error("a comment of 601 characters is taken")
	}
	if err := s.Vote(state.Vote{Article: 1, Comment: strings.Repeat("ö", 600)}, now.AddDate(0, 0, 5)); err != nil {
		t.Errorf("600 characters: %v", err)
	}
	s.Read(7, "en", now)
	s.Read(7, "en", now)
	s.Read(7, "de", now)
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
	equal(t, []state.Reading{{Article: 7, N: 3}}, s.Signals(t.Context(), now).Reads)
}

func testSearches(t *testing.T, s *state.Store) {
	at := now
	step := func(d time.Duration) time.Time { at = at.Add(d); return at }
	for i, words := range []string{"im", "imap", "imap ser", "imap servr", "imap server"} {
		s.Search(state.Search{Visitor: "v1", Words: words, Lang: "en", Results: i}, step(time.Second))
	}
	flush(t, s)
	s.Click("v1", 1042, 3, step(time.Minute))
	s.Search(state.Search{Visitor: "v1", Words: "apop", Lang: "en"}, step(time.Second))
	s.Search(state.Search{Visitor: "v2", Words: "Apop ", Lang: "en"}, step(time.Second))
	s.Search(state.Search{Visitor: "v2", Words: "apop", Lang: "en"}, step(time.Hour))
	s.Search(state.Search{Words: "quota", Lang: "en", Results: 9}, step(0))
	s.Search(state.Search{Words: "mail of jo@example.org", Lang: "en", Results: 1}, step(0))
	s.Search(state.Search{Words: " \x00 "}, step(0))
	s.Click("v2", 7, 1, step(time.Hour))
	s.Click("nobody", 7, 1, step(0))
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
		must(t, s.Asked(state.Asked{Ticket: ticket, Article: article, Lang: "en", Terms: terms}, now))
		flush(t, s)
	}
	ask("t1", 1, "certif", "johnson", "x", "has space", "jo@example.org")
	ask("t1", 1, "certif")  // the link was copied twice
	ask("t1", 2, "johnson") // a second link in the same reply
	ask("t2", 1, "certif")
	if got := s.Signals(t.Context(), now).Asked; len(got) != 0 {
		t.Errorf("known after two tickets: %+v", got)
	}
	ask("t3", 2, "certif", "certif")
	equal(t, []state.AskedTerm{{Article: 1, Lang: "en", Term: "certif", N: 2}, {Article: 2, Lang: "en", Term: "certif", N: 1}}, s.Signals(t.Context(), now).Asked)
	ask("t3", 1, "certif")
	ask("", 2, "certif")
	var b bytes.Buffer
	must(t, s.ExportAsked(t.Context(), &b))
	equal(t, `{"article":1,"lang":"en","term":"certif","n":3}`+"\n"+`{"article":2,"lang":"en","term":"certif","n":2}`+"\n", b.String())
	must(t, s.ResetAsked(t.Context(), 1))
	equal(t, []state.AskedTerm{{Article: 2, Lang: "en", Term: "certif", N: 2}}, s.Signals(t.Context(), now).Asked)
	must(t, s.ResetAsked(t.Context(), 0))
	equal(t, []state.AskedTerm{}, s.Signals(t.Context(), now).Asked)
}

func testGaps(t *testing.T, s *state.Store) {
	g, err := s.AddGap(t.Context(), state.Gap{Agent: "kim", Lang: "en", Note: "how to print for jo@example.org", Terms: []string{"print", "page"}}, now)
	must(t, err)
	if _, err := s.AddGap(t.Context(), state.Gap{Agent: "kim"}, now); err == nil {
		t.Error("an empty gap is taken")
	}
	want := state.Gap{ID: g.ID, Day: "2014-10-06", Agent: "kim", Lang: "en", Note: "how to print for …", Terms: []string{"page", "print"}}
	got, err := s.Gaps(t.Context(), false)
	must(t, err)
	equal(t, []state.Gap{want}, got)
	must(t, s.CloseGap(t.Context(), g.ID, 1042, now))
	if err := s.CloseGap(t.Context(), g.ID, 1042, now); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("closed twice: %v", err)
	}
	got, err = s.Gaps(t.Context(), false)
	must(t, err)
	equal(t, []state.Gap{}, got)
	got, err = s.Gaps(t.Context(), true)
	must(t, err)
	want.Closed, want.Article = "2014-10-06", 1042
	equal(t, []state.Gap{want}, got)
}

func testAccounts(t *testing.T, s *state.Store) {
	ctx := t.Context()
	kim := state.Agent{Name: "kim", Password: "$argon2id$…", Created: now}
	session := state.Session{ID: "s1", Agent: "kim", Source: "password", Created: now, Expires: now.Add(time.Hour)}
	token := state.Token{ID: "h1", Name: "monitor", Agent: "kim", Scopes: []string{"status:write", "report"}, Created: now}
	must(t, s.AddAgent(ctx, kim), s.AddSession(ctx, session), s.AddToken(ctx, token))
	if err := s.AddAgent(ctx, kim); !errors.Is(err, state.ErrExists) {
		t.Errorf("the same agent again: %v", err)
	}
	again := token
	again.ID = "h2"
	if err := s.AddToken(ctx, again); !errors.Is(err, state.ErrExists) {
		t.Errorf("the same token name again: %v", err)
	}
	a := s.Access()
	equal(t, map[string]state.Agent{"kim": kim}, a.Agents)
	equal(t, map[string]state.Session{"s1": session}, a.Sessions)
	equal(t, map[string]state.Token{"h1": token}, a.Tokens)
	must(t, s.SetPassword(ctx, "kim", "new"))
	if a = s.Access(); a.Agents["kim"].Password != "new" || len(a.Sessions) != 0 {
		t.Errorf("after a new password: %+v", a)
	}
	must(t, s.AddSession(ctx, session), s.RemoveSession(ctx, "s1"), s.RemoveSession(ctx, "s1"))
	if n := len(s.Access().Sessions); n != 0 {
		t.Errorf("%d sessions after signing out", n)
	}
	must(t, s.AddSession(ctx, session), s.RemoveAgent(ctx, "kim"))
	if a = s.Access(); len(a.Agents)+len(a.Sessions)+len(a.Tokens) != 0 {
		t.Errorf("left of a removed agent: %+v", a)
	}
	guest := state.Session{ID: "s2", Agent: "lee@example.org", Source: "oidc", Created: now, Expires: now.Add(time.Hour)}
	must(t, s.AddSession(ctx, guest), s.RemoveAgent(ctx, guest.Agent))
	if n := len(s.Access().Sessions); n != 0 {
		t.Errorf("%d sessions of an OpenID user who was removed", n)
	}
	for _, err := range []error{s.RemoveAgent(ctx, "kim"), s.SetPassword(ctx, "kim", ""), s.RemoveToken(ctx, "monitor")} {
		if !errors.Is(err, state.ErrNotFound) {
			t.Errorf("of what is not there: %v", err)
		}
	}
}

func testRetention(t *testing.T, s *state.Store) {
	ctx := t.Context()
	old := now.AddDate(0, 0, -91)
	for _, at := range []time.Time{old, now} {
		s.Search(state.Search{Words: "apop", Results: 1}, at)
		s.Read(7, "en", at)
		must(t, s.Vote(state.Vote{Article: 7}, at), s.Asked(state.Asked{Ticket: at.String(), Article: 7, Terms: []string{"certif"}}, at))
	}
	must(t,
		s.AddSession(ctx, state.Session{ID: "old", Created: old, Expires: old}),
		s.AddToken(ctx, state.Token{ID: "never", Name: "never", Created: old}),
		s.AddToken(ctx, state.Token{ID: "old", Name: "old", Created: old, Expires: old}),
	)
	flush(t, s)
	must(t, s.Expire(ctx, state.Retention{Votes: 100, Searches: 90, Reads: 90}, now))
	r, err := s.Report(ctx, old, now)
	must(t, err)
	first, last := r.Days[0], r.Days[len(r.Days)-1]
	equal(t, state.DayCount{Day: "2014-07-07", Unhelped: 1}, first)
	equal(t, state.DayCount{Day: "2014-10-06", Unhelped: 1, Searches: 1, Reads: 1}, last)
	if a := s.Access(); len(a.Sessions) != 0 || len(a.Tokens) != 1 {
		t.Errorf("after expiry: %+v", a)
	}
	// The hash of 91 days ago is gone: two more tickets are only the second and third.
	must(t, s.Asked(state.Asked{Ticket: "a", Article: 7, Terms: []string{"certif"}}, now))
	flush(t, s)
	equal(t, []state.AskedTerm{}, s.Signals(ctx, now).Asked)
	must(t, s.Asked(state.Asked{Ticket: "b", Article: 7, Terms: []string{"certif"}}, now))
	flush(t, s)
	equal(t, []state.AskedTerm{{Article: 7, Term: "certif", N: 3}}, s.Signals(ctx, now).Asked)
}

func testSubscriptions(t *testing.T, s *state.Store) {
	ctx := t.Context()
	sub := state.Subscription{ID: "a", Kind: "mail", Target: "jo@example.org", Topics: []string{"imap"}, Lang: "de", Created: now}
	id, err := s.Subscribe(ctx, sub)
	must(t, err)
	other := sub
	other.ID, other.Topics = "b", []string{}
	again, err := s.Subscribe(ctx, other)
	must(t, err)
	equal(t, "a", id)
	equal(t, "a", again)
	list, err := s.Subscriptions(ctx, "", 10)
	must(t, err)
	equal(t, []state.Subscription{}, list)
	must(t, s.Confirm(ctx, "a", now), s.Confirm(ctx, "a", now.Add(time.Hour)))
	if err := s.Confirm(ctx, "zzz", now); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("confirmed what is not there: %v", err)
	}
	sub.Topics, sub.Confirmed = []string{}, now
	list, err = s.Subscriptions(ctx, "", 10)
	must(t, err)
	equal(t, []state.Subscription{sub}, list)

	first, err := s.PlanDelivery(ctx, "d1", now)
	must(t, err)
	second, err := s.PlanDelivery(ctx, "d1", now)
	must(t, err)
	if !first || second {
		t.Errorf("planned %v, then %v", first, second)
	}
	must(t, s.Retry(ctx, "d1", now.Add(time.Minute)))
	due, err := s.Deliveries(ctx, now, 10)
	must(t, err)
	equal(t, []state.Delivery{}, due)
	due, err = s.Deliveries(ctx, now.Add(time.Minute), 10)
	must(t, err)
	equal(t, []state.Delivery{{ID: "d1", Attempts: 1, Due: now.Add(time.Minute)}}, due)
	must(t, s.Delivered(ctx, "d1", now))
	due, err = s.Deliveries(ctx, now.Add(time.Hour), 10)
	must(t, err)
	equal(t, []state.Delivery{}, due)
	must(t, s.Unsubscribe(ctx, "a"), s.Unsubscribe(ctx, "a"))

	for _, c := range []struct {
		holder string
		at     time.Time
		want   bool
	}{{"x", now, true}, {"y", now, false}, {"x", now.Add(30 * time.Second), true}, {"y", now.Add(61 * time.Second), false}, {"y", now.Add(2 * time.Minute), true}, {"x", now.Add(2 * time.Minute), false}} {
		got, err := s.Lease(ctx, "notify", c.holder, c.at.Add(time.Minute), c.at)
		must(t, err)
		if got != c.want {
			t.Errorf("%s at %v: %v", c.holder, c.at, got)
		}
	}
}

func testEmptyReport(t *testing.T, s *state.Store) {
	r, err := s.Report(t.Context(), now, now)
	must(t, err)
	equal(t, state.Report{
		From: "2014-10-06", To: "2014-10-06", Days: []state.DayCount{{Day: "2014-10-06"}}, Articles: []state.ArticleCount{}, NoResult: []state.SearchCount{},
		NoClick: []state.SearchCount{}, Searches: []state.SearchCount{}, Comments: []state.ArticleOpinion{}, Reasons: []state.ReasonCount{},
		Agents: []state.AgentCount{}, Gaps: []state.Gap{},
	}, r)
	r, err = s.Report(t.Context(), now, now.AddDate(-100, 0, 0))
	must(t, err)
	if len(r.Days) > 801 {
		t.Errorf("%d days", len(r.Days))
	}
	// The first and the last day that there are.
	first, last := time.Date(0, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	r, err = s.Report(t.Context(), last, first)
	must(t, err)
	if n := len(r.Days); n > 801 || r.Days[n-1].Day != "9999-12-31" {
		t.Errorf("%d days until %s", n, r.To)
	}
	r, err = s.Report(t.Context(), first, first.AddDate(0, 1, 0))
	must(t, err)
	if len(r.Days) != 31 || r.From != "0001-01-01" || r.To != "0001-01-31" {
		t.Errorf("%d days from %s to %s", len(r.Days), r.From, r.To)
	}
}

// testOddText gives what PostgreSQL refuses in a text.
func testOddText(t *testing.T, s *state.Store) {
	odd := "a\x00b\xff\u202e'; DROP TABLE votes; --"
	must(t,
		s.Vote(state.Vote{Article: 1, Revision: odd, Lang: odd, Reason: odd, Comment: odd, Query: odd}, now),
		s.Sent(state.Sent{Nonce: 1, Article: 1, Lang: odd, Platform: odd, Agent: odd, Format: odd}, now),
		s.Asked(state.Asked{Article: 1, Lang: odd, Terms: []string{odd, "a\x00b"}}, now),
	)
	s.Search(state.Search{Words: odd, Lang: odd}, now)
	s.Read(1, odd, now)
	r := report(t, s)
	if len(r.Comments) != 1 || len(r.Searches) != 1 || len(r.Agents) != 1 || r.Articles[0].Reads != 1 {
		t.Errorf("%+v", r)
	}
}

func testReplicas(t *testing.T, url string) {
	a, b := open(t, config(t.TempDir(), url)), open(t, config(t.TempDir(), url))
	for range 20 {
		a.Opened(1, 7, now)
		b.Opened(1, 7, now)
		flush(t, a)
		flush(t, b)
	}
	// Both raise the same counters at the same time, in opposite order.
	var wg sync.WaitGroup
	for i, s := range []*state.Store{a, b} {
		wg.Go(func() {
			for range 20 {
				for j := range 50 {
					s.Read(1+(1-2*i)*j+i*49, "en", now)
				}
				err := s.Asked(state.Asked{Article: 1, Terms: []string{"certif", "imap"}}, now)
				s.Spool()
				if err := errors.Join(err, s.Flush(t.Context())); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for _, r := range a.Signals(t.Context(), now).Reads {
		if r.N != 40 {
			t.Errorf("article %d: %d reads, want 40", r.Article, r.N)
		}
	}
	if asked := a.Signals(t.Context(), now).Asked; len(asked) != 2 || asked[0].N != 40 {
		t.Errorf("asked: %+v", asked)
	}
	must(t, a.AddAgent(t.Context(), state.Agent{Name: "kim", Created: now}), b.Refresh(t.Context()))
	if _, ok := b.Access().Agents["kim"]; !ok {
		t.Error("the other replica does not know the new agent")
	}
	if r := report(t, a); r.Days[2].Opened != 40 {
		t.Errorf("%d opens", r.Days[2].Opened)
	}
}

func testBackup(t *testing.T, url func(*testing.T) string) {
	from := open(t, config(t.TempDir(), url(t)))
	testReplies(t, from)
	testAsked(t, from)
	testSubscriptions(t, from)
	ctx := t.Context()
	must(t, from.AddAgent(ctx, state.Agent{Name: "kim", Created: now}), from.AddSession(ctx, state.Session{ID: "s", Agent: "kim", Created: now}))
	must(t, from.AddToken(ctx, state.Token{ID: "h", Name: "t", Scopes: []string{"report"}, Created: now}))
	_, err := from.AddGap(ctx, state.Gap{Note: "one"}, now)
	must(t, err)
	var b bytes.Buffer
	must(t, from.Backup(ctx, &b))

	// A backup of one engine is restored into another.
	to := open(t, config(t.TempDir(), ""))
	must(t, to.AddAgent(ctx, state.Agent{Name: "lee", Created: now}))
	n, err := to.Restore(ctx, bytes.NewReader(b.Bytes()))
	must(t, err)
	if want := strings.Count(b.String(), "\n") - 2; n != want {
		t.Errorf("%d rows restored, want %d", n, want)
	}
	var again bytes.Buffer
	must(t, to.Backup(ctx, &again))
	equal(t, b.String(), again.String())
	equal(t, report(t, from), report(t, to))
	if a := to.Access(); len(a.Agents) != 1 || len(a.Sessions) != 0 || len(a.Tokens) != 1 {
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
	again.Reset()
	must(t, to.Backup(ctx, &again))
	equal(t, b.String(), again.String())
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
	if _, ok := s.Access().Agents["kim"]; !ok {
		t.Error("the agent was lost")
	}
	testSubscriptions(t, s)
	s.Close()
	state.ExecScript(t, url, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, "+map[bool]string{true: "true", false: "1"}[strings.HasPrefix(url, "postgres")]+")")
	if _, err := state.Open(t.Context(), config(t.TempDir(), url)); !errors.Is(err, state.ErrNewer) {
		t.Errorf("a newer schema: %v", err)
	}
}
