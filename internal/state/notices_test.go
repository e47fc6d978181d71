package state_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"signpost/internal/notify"
	"signpost/internal/state"
	"signpost/internal/state/notices"
	"signpost/internal/token"
)

// ring is the key ring of all stores of these tests: replicas share it.
var ring = token.New()

// take takes up to n messages of any kind.
func take(t *testing.T, s *notices.Store, n int, at time.Time) []notices.Job {
	t.Helper()
	jobs, err := s.Take(t.Context(), notices.Want{N: n, MaxClass: 2, Until: at.Add(time.Minute)}, at)
	must(t, err)
	return jobs
}

// subscribe asks for a subscription and confirms it by the link that is sent.
func subscribe(t *testing.T, s *notices.Store, r notify.Request, at time.Time, underWay ...notify.Event) notify.Subscription {
	t.Helper()
	must(t, s.Ask(t.Context(), r, at))
	link := confirmation(t, s, at)
	sub, err := s.Confirm(t.Context(), link, underWay, at)
	must(t, err)
	return sub
}

func confirmation(t *testing.T, s *notices.Store, at time.Time) string {
	t.Helper()
	jobs := take(t, s, 1, at)
	if len(jobs) != 1 {
		t.Fatalf("%d messages wait, want a confirmation", len(jobs))
	}
	m, err := s.Message(t.Context(), jobs[0], at)
	must(t, err, s.Delivered(t.Context(), jobs[0], at))
	if m.Confirm == "" || m.Event.Kind != notify.Confirm {
		t.Fatalf("not a confirmation: %+v", m)
	}
	return m.Confirm
}

func to(address string) notify.Request {
	return notify.Request{Channel: notify.Mail, Target: address, Choice: notify.Choice{Language: "en"}, Consent: "1"}
}

func incident(update string, k notify.Kind, at time.Time) notify.Event {
	return notify.Event{Post: "2014-10-06-imap", Update: update, Kind: k, PostKind: "incident", Components: []string{"imap"}, At: at}
}

// tell holds an event and tells it.
func tell(t *testing.T, s *notices.Store, e notify.Event, class int, at time.Time) int {
	t.Helper()
	must(t, s.Hold(t.Context(), []notify.Held{{Event: e, Due: at}}, at))
	n, err := s.Tell(t.Context(), e, class, []string{e.Update}, []notify.Event{e}, at)
	must(t, err)
	return n
}

func testSubscriptions(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	for _, c := range []struct {
		r    notify.Request
		want error
	}{
		{to("postmaster@example.com"), notify.ErrRole},
		{to("Abuse+x@example.com"), notify.ErrRole},
		{to("team-request@example.com"), notify.ErrRole},
		{to("majordomo@example.com"), notify.ErrRole},
		{to("news-leave@example.com"), notify.ErrRole},
		{to("no at sign"), notify.ErrTarget},
		{to("jo@example.com\r\nBcc: lee@example.com"), notify.ErrTarget},
		{notify.Request{Channel: notify.Slack, Target: "http://hooks.example.com/x", Choice: notify.Choice{Language: "en"}}, notify.ErrTarget},
		{notify.Request{Channel: "fax", Target: "https://example.com/", Choice: notify.Choice{Language: "en"}}, notify.ErrTarget},
		{notify.Request{Channel: notify.Mail, Target: "jo@example.com", Choice: notify.Choice{Language: "en", Zone: "Europe/Nowhere"}}, notify.ErrChoice},
		{notify.Request{Channel: notify.Mail, Target: "jo@example.com", Choice: notify.Choice{Language: "en", Posts: []string{"rumour"}}}, notify.ErrChoice},
		{notify.Request{Channel: notify.Mail, Target: "jo@example.com"}, notify.ErrChoice},
	} {
		if err := n.Ask(ctx, c.r, now); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v", c.r, err)
		}
	}
	r := to("Jo <Jo+status@Example.COM>")
	r.Components, r.Zone = []string{"smtp", "imap"}, "Europe/Oslo"
	must(t, n.Ask(ctx, r, now))
	for _, again := range []string{"jo@example.com", "JO+other@example.com"} {
		must(t, n.Ask(ctx, to(again), now.Add(time.Hour))) // once a day, and nobody can tell
	}
	if c := must2(n.Counts(ctx)); len(c) != 0 {
		t.Errorf("a request counts as a subscription: %v", c)
	}
	link := confirmation(t, n, now.Add(time.Hour))
	if jobs := take(t, n, 10, now.Add(time.Hour)); len(jobs) != 0 {
		t.Errorf("%d more confirmations for one address", len(jobs))
	}
	asked, err := n.Requested(ctx, link, now.Add(time.Hour))
	must(t, err)
	equal(t, notify.Request{
		Channel: notify.Mail, Target: "Jo+status@example.com", Consent: "1",
		Choice: notify.Choice{Components: []string{"imap", "smtp"}, Language: "en", Zone: "Europe/Oslo"},
	}, asked)
	if _, err := n.Requested(ctx, link, now.Add(49*time.Hour)); !errors.Is(err, notify.ErrExpired) {
		t.Errorf("after two days: %v", err)
	}
	sub, err := n.Confirm(ctx, link, nil, now.Add(2*time.Hour))
	must(t, err)
	if _, err := n.Confirm(ctx, link, nil, now.Add(3*time.Hour)); !errors.Is(err, notify.ErrUsed) {
		t.Errorf("a second time: %v", err)
	}
	if _, err := n.Requested(ctx, link, now.Add(3*time.Hour)); !errors.Is(err, notify.ErrUsed) {
		t.Errorf("the page after it: %v", err)
	}
	if _, err := n.Confirm(ctx, sub.Manage, nil, now); !errors.Is(err, notify.ErrLink) {
		t.Errorf("a token of another kind: %v", err)
	}
	equal(t, notify.Proof{At: now.Add(2 * time.Hour), Version: "1", Language: "en"}, sub.Proof)
	equal(t, []notify.Count{{Channel: notify.Mail, Language: "en", N: 1}}, must2(n.Counts(ctx)))

	changed, err := n.Change(ctx, sub.Manage, notify.Choice{Language: "de", Posts: []string{"incident"}}, now.Add(4*time.Hour))
	must(t, err)
	found, err := n.Find(ctx, changed.Manage, now.Add(4*time.Hour))
	must(t, err)
	equal(t, notify.Choice{Language: "de", Posts: []string{"incident"}}, found.Choice)

	// A chat of the same person: its address is a secret.
	chat := notify.Request{Channel: notify.Slack, Target: "https://hooks.example.com/services/SECRET", Choice: notify.Choice{Language: "en"}, Owner: sub.ID}
	slack := subscribe(t, n, chat, now.Add(5*time.Hour))
	equal(t, "https://hooks.example.com/services/SECRET", slack.Target)
	owned := must2(n.Owned(ctx, sub.ID))
	if len(owned) != 1 || owned[0].Target != "https://hooks.example.com/…" {
		t.Errorf("owned: %+v", owned)
	}
	var b bytes.Buffer
	must(t, s.Backup(ctx, &b))
	if strings.Contains(b.String(), "SECRET") {
		t.Error("the URL of a chat is in the clear")
	}

	// Leaving takes what belongs to the person along.
	must(t, n.Leave(ctx, "no token", now), n.Leave(ctx, strings.Repeat("a", 26), now))
	must(t, n.Leave(ctx, strings.ToUpper(sub.Leave), now.Add(6*time.Hour)), n.Leave(ctx, sub.Leave, now.Add(6*time.Hour)))
	if list := must2(n.List(ctx, "")); len(list) != 0 {
		t.Errorf("left: %+v", list)
	}
	if _, err := n.Find(ctx, sub.Manage, now.Add(6*time.Hour)); !errors.Is(err, notify.ErrLink) {
		t.Errorf("the manage page of who has left: %v", err)
	}
	got, err := n.Import(ctx, []notices.Import{{Address: "jo@example.com", Choice: notify.Choice{Language: "en"}}}, "old list", false, now)
	must(t, err)
	equal(t, notices.Imported{Suppressed: 1}, got)
	back := subscribe(t, n, to("jo@example.com"), now.Add(48*time.Hour)) // whoever asks again is welcome
	if back.Leave == sub.Leave {
		t.Error("an old link could end the new subscription")
	}
	other := subscribe(t, n, to("jo+new@example.com"), now.Add(96*time.Hour))
	if other.ID != back.ID || other.Target != "jo+new@example.com" {
		t.Errorf("the address that was confirmed last is not the one that is told: %+v", other)
	}
}

// testOtherRing subscribes an address again after the oldest key was removed.
func testOtherRing(t *testing.T, url string) {
	one := open(t, config(t.TempDir(), url))
	before := subscribe(t, one.Notices, to("jo@example.com"), now)
	other := config(t.TempDir(), url)
	other.Keys = token.New()
	two := open(t, other)
	after := subscribe(t, two.Notices, to("jo@example.com"), now)
	if after.ID != before.ID || after.Leave != before.Leave {
		t.Errorf("%+v, before %+v", after, before)
	}
	// The links of the mails that were sent go on working.
	must(t, two.Notices.Leave(t.Context(), before.Leave, now))
	if list := must2(two.Notices.List(t.Context(), "")); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}

// testBrake asks for very many addresses of one domain: the form stays open, and
// the confirmations wait their turn.
func testBrake(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	for i := range 45 {
		must(t, n.Ask(ctx, to(fmt.Sprintf("p%d@victim.example.net", i)), now))
	}
	must(t, n.Ask(ctx, to("jo@example.com"), now))
	var sizes []int
	for minute := range 4 {
		at := now.Add(time.Duration(minute) * time.Minute)
		jobs := take(t, n, 100, at)
		sizes = append(sizes, len(jobs))
		for _, j := range jobs {
			must(t, n.Delivered(ctx, j, at))
		}
	}
	equal(t, []int{21, 20, 5, 0}, sizes)
	var b bytes.Buffer
	must(t, s.Backup(ctx, &b))
	if strings.Contains(b.String(), "victim") {
		t.Error("an address that nobody has confirmed is in the clear")
	}
}

func must2[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func testImport(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	var list []notices.Import
	for i := range 300 {
		list = append(list, notices.Import{Address: fmt.Sprintf("p%d@example.net", i), Choice: notify.Choice{Language: "nb"}})
	}
	list = append(list, list[7], notices.Import{Address: "broken@", Choice: notify.Choice{Language: "nb"}}, notices.Import{Address: "root@example.net", Choice: notify.Choice{Language: "nb"}})
	got, err := n.Import(ctx, list, "newsletter 2013", true, now)
	must(t, err)
	if got.Added != 300 || got.Known != 1 || !slices.Equal(got.Refused, []int{301, 302}) {
		t.Errorf("dry: %d added, %d known, refused %v", got.Added, got.Known, got.Refused)
	}
	if c := must2(n.Counts(ctx)); len(c) != 0 {
		t.Errorf("a dry run has stored %v", c)
	}
	_, err = n.Import(ctx, list, "newsletter 2013", false, now)
	must(t, err)
	equal(t, []notify.Count{{Channel: notify.Mail, Language: "nb", N: 300}}, must2(n.Counts(ctx)))
	if all := must2(n.List(ctx, notify.Mail)); len(all) != 300 || all[0].Proof.Version != "newsletter 2013" {
		t.Errorf("%d listed, %+v", len(all), all[0].Proof)
	}
	if q := tell(t, n, incident("1", notify.First, now), 0, now); q != 300 {
		t.Errorf("%d messages", q)
	}
}

func testTelling(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	k := must2(n.Known(ctx, now))
	if !k.Since.IsZero() {
		t.Errorf("notices began %v", k.Since)
	}
	old := incident("0", notify.First, now.Add(-time.Hour))
	must(t, n.Count(ctx, []notify.Event{old}, now))
	k = must2(n.Known(ctx, now))
	if !k.Since.Equal(now) || !k.Has(old) || k.Has(incident("1", notify.Update, now)) {
		t.Errorf("after the beginning: %+v", k)
	}
	imap := to("imap@example.com")
	imap.Components = []string{"imap"}
	other := to("other@example.com")
	other.Components = []string{"imap_x", "smtp"}
	plans := to("plans@example.com")
	plans.Posts = []string{"maintenance"}
	all := to("all@example.com")
	all.Language = "de"
	var subs []notify.Subscription
	for _, r := range []notify.Request{imap, other, plans, all} {
		subs = append(subs, subscribe(t, n, r, now))
	}
	e := incident("1", notify.Update, now)
	equal(t, map[notify.Channel]int{notify.Mail: 2}, must2(n.Reach(ctx, e)))
	equal(t, 2, tell(t, n, e, 2, now))
	if k := must2(n.Known(ctx, now)); !k.Has(e) || len(k.Times[e.Post]) != 1 {
		t.Errorf("after telling: %+v", k)
	}
	if q, err := n.Tell(ctx, e, 2, []string{"1"}, []notify.Event{e}, now); q != 0 || err != nil {
		t.Errorf("told again: %d %v", q, err)
	}

	// A replica that found the event before, and stood still since, holds it again.
	must(t, n.Hold(ctx, []notify.Held{{Event: e, Due: now}}, now))
	if q, err := n.Tell(ctx, e, 2, []string{"1"}, []notify.Event{e}, now); q != 0 || err != nil || len(must2(n.Known(ctx, now)).Held) != 0 {
		t.Errorf("told again by a late replica: %d %v", q, err)
	}

	// One is being sent when the next one comes; the other's is replaced.
	first := take(t, n, 1, now)
	e2 := incident("2", notify.Resolved, now.Add(10*time.Second))
	equal(t, 2, tell(t, n, e2, 1, now.Add(10*time.Second)))
	rest := take(t, n, 10, now.Add(10*time.Second))
	var told [][]string
	threads := map[string]bool{}
	for _, j := range append(first, rest...) {
		m := must2(n.Message(ctx, j, now.Add(20*time.Second)))
		told = append(told, m.Told)
		threads[m.Thread] = true
		if m.Subscription.ID == subs[1].ID || m.Subscription.ID == subs[2].ID || m.Subscription.Leave == "" || len(m.ID) != 26 || !strings.HasPrefix(m.Return, "b-") {
			t.Errorf("message %+v", m)
		}
		must(t, n.Delivered(ctx, j, now.Add(20*time.Second)))
	}
	slices.SortFunc(told, slices.Compare)
	equal(t, [][]string{{"1"}, {"1", "2"}, {"2"}}, told)
	p := must2(n.Progress(ctx, e.Post))
	equal(t, notify.Progress{Delivered: 3}, p)

	// What comes later belongs to the thread of the first message.
	tell(t, n, incident("3", notify.First, now.Add(time.Minute)), 0, now.Add(time.Minute))
	for _, j := range take(t, n, 10, now.Add(time.Minute)) {
		m := must2(n.Message(ctx, j, now.Add(time.Minute)))
		if m.Thread == m.ID {
			t.Error("a later message begins a thread")
		}
	}
}

func testSilence(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	subscribe(t, n, to("jo@example.com"), now)
	must(t, n.Count(ctx, nil, now))
	e := incident("1", notify.First, now)
	must(t, n.Hold(ctx, []notify.Held{{Event: e, Due: now.Add(30 * time.Second)}}, now))
	if p := must2(n.Progress(ctx, e.Post)); len(p.Held) != 1 || p.Held[0].Update != "1" || !p.Held[0].Due.Equal(now.Add(30*time.Second)) {
		t.Errorf("held: %+v", p)
	}
	must(t, n.Silence(ctx, e.Post, "1", now.Add(time.Second)))
	if q, err := n.Tell(ctx, e, 0, []string{"1"}, []notify.Event{e}, now.Add(30*time.Second)); q != 0 || err != nil {
		t.Errorf("stopped, and told: %d %v", q, err)
	}
	k := must2(n.Known(ctx, now.Add(time.Minute)))
	if !k.Has(e) || k.Has(incident("2", notify.Update, now.Add(2*time.Minute))) || len(k.Held) != 0 {
		t.Errorf("after the stop: %+v", k)
	}
	must(t, n.Silence(ctx, e.Post, "", now.Add(3*time.Minute)))
	k = must2(n.Known(ctx, now.Add(4*time.Minute)))
	if !k.Has(incident("2", notify.Update, now.Add(2*time.Minute))) || k.Has(incident("3", notify.Update, now.Add(5*time.Minute))) {
		t.Error("a silenced post")
	}
}

func testLeases(t *testing.T, url string) {
	one, two := open(t, config(t.TempDir(), url)), open(t, config(t.TempDir(), url))
	a, b, ctx := one.Notices, two.Notices, t.Context()
	hold := func(s *notices.Store, at time.Time) bool { return must2(s.Lease(ctx, "notices", 30*time.Second, at)) }
	if !hold(a, now) || hold(b, now.Add(29*time.Second)) || !hold(a, now.Add(20*time.Second)) || !hold(b, now.Add(50*time.Second)) || hold(a, now.Add(51*time.Second)) {
		t.Error("two replicas hold one lease, or none does")
	}
	for i := range 6 {
		subscribe(t, a, to(fmt.Sprintf("p%d@example.com", i)), now)
	}
	tell(t, a, incident("1", notify.First, now), 0, now)
	mine, theirs := take(t, a, 4, now), take(t, b, 4, now)
	if len(mine) != 4 || len(theirs) != 2 {
		t.Fatalf("%d and %d messages", len(mine), len(theirs))
	}
	// The first one stands still with what it holds; the second takes it over.
	ids := map[string]bool{}
	for _, j := range mine {
		ids[must2(a.Message(ctx, j, now)).ID] = true
	}
	over := take(t, b, 10, now.Add(time.Minute))
	if len(over) != 6 {
		t.Fatalf("%d messages were taken over", len(over))
	}
	same := 0
	for _, j := range over {
		if ids[must2(b.Message(ctx, j, now)).ID] {
			same++
		}
	}
	equal(t, 4, same)
	must(t, a.Failed(ctx, mine[0], now), a.Delivered(ctx, mine[1], now)) // it wakes up: too late
	if _, err := a.Retry(ctx, mine[2], now, true, now); err != nil {
		t.Error(err)
	}
	if p := must2(b.Progress(ctx, "2014-10-06-imap")); p.Waiting != 6 || p.Delivered+p.Failed != 0 {
		t.Errorf("what a replica did that had lost its lease counts: %+v", p)
	}
	for _, j := range over {
		must(t, b.Delivered(ctx, j, now))
	}
	equal(t, notify.Progress{Delivered: 6}, must2(a.Progress(ctx, "2014-10-06-imap")))
}

func testBounces(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	sub := subscribe(t, n, to("gone@example.com"), now)
	at := now
	send := func() notify.Message {
		t.Helper()
		e := incident(at.Format("150405.0102"), notify.Update, at)
		tell(t, n, e, 2, at)
		jobs := take(t, n, 1, at)
		m := must2(n.Message(ctx, jobs[0], at))
		must(t, n.Delivered(ctx, jobs[0], at))
		return m
	}
	bounced := func(m notify.Message, status string) notices.Verdict {
		t.Helper()
		return must2(n.Bounce(ctx, m.Return, status, at))
	}
	one := send()
	for status, want := range map[string]notices.Verdict{"4.1.1": notices.Ignored, "5.7.1": notices.Ignored, "5.2.2": notices.Ignored, "": notices.Ignored, "5.1.1": notices.Counted} {
		equal(t, want, bounced(one, status))
	}
	for range 5 {
		equal(t, notices.Counted, bounced(one, "5.1.1")) // one message counts once
	}
	for _, forged := range []string{"", "b-", one.Return[:len(one.Return)-1] + "7", strings.Replace(one.Return, sub.ID, strings.Repeat("a", 16), 1)} {
		if _, err := n.Bounce(ctx, forged, "5.1.1", at); forged != one.Return && !errors.Is(err, notify.ErrLink) {
			t.Errorf("%q: %v", forged, err)
		}
	}
	at = at.Add(24 * time.Hour)
	equal(t, notices.Counted, bounced(send(), "5.1.10"))
	at = at.Add(24 * time.Hour)
	equal(t, notices.Counted, bounced(send(), "5.1.2")) // three, but within three days
	must(t, n.Outage(ctx, at))
	at = at.Add(10 * time.Minute)
	equal(t, notices.Deferred, bounced(send(), "5.1.1"))
	at = now.AddDate(0, 0, 7)
	equal(t, notices.Ended, bounced(send(), "5.1.1"))
	equal(t, notices.Unknown, bounced(one, "5.1.1"))
	got, err := n.Import(ctx, []notices.Import{{Address: "gone@example.com", Choice: notify.Choice{Language: "en"}}}, "old list", false, at)
	must(t, err)
	equal(t, notices.Imported{Suppressed: 1}, got)
}

// testBounceFlood lets very many addresses bounce within an hour: that is the
// fault of their server, and ends no subscription.
func testBounceFlood(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	for i := range 20 {
		subscribe(t, n, to(fmt.Sprintf("p%d@example.com", i)), now)
	}
	tell(t, n, incident("1", notify.First, now), 0, now)
	var verdicts []notices.Verdict
	for _, j := range take(t, n, 20, now) {
		m := must2(n.Message(ctx, j, now))
		must(t, n.Delivered(ctx, j, now))
		verdicts = append(verdicts, must2(n.Bounce(ctx, m.Return, "5.1.1", now)))
	}
	if slices.Index(verdicts, notices.Stopped) != 4 || slices.Contains(verdicts[4:], notices.Counted) {
		t.Errorf("%v", verdicts)
	}
}

func testWebhookOff(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	sub, err := n.Add(ctx, notify.Request{Channel: notify.Webhook, Target: "https://example.com/hook", Choice: notify.Choice{Language: "en"}}, now)
	must(t, err)
	tell(t, n, incident("1", notify.First, now), 0, now)
	at := now
	off := false
	for i := 0; !off && i < 40; i++ {
		if i == 20 {
			tell(t, n, incident("2", notify.Update, at), 2, at)
		}
		for _, j := range take(t, n, 10, at) {
			off = off || must2(n.Retry(ctx, j, at.Add(time.Hour), true, at))
		}
		_, err := n.Expire(ctx, at)
		must(t, err)
		at = at.Add(time.Hour)
	}
	if !off && at.Sub(now) < 24*time.Hour {
		t.Errorf("turned off after %v", at.Sub(now))
	}
	list := must2(n.List(ctx, notify.Webhook))
	if len(list) != 1 || list[0].Off.IsZero() {
		t.Errorf("%+v", list)
	}
	if q := tell(t, n, incident("3", notify.Update, at), 2, at); q != 0 {
		t.Error("a webhook that is off is told")
	}
	_, err = n.Confirm(ctx, sub.Manage, nil, at)
	if !errors.Is(err, notify.ErrLink) {
		t.Error(err)
	}
}

func testPerson(t *testing.T, s *state.Store) {
	ctx, n := t.Context(), s.Notices
	subscribe(t, n, to("canary+x@example.com"), now)
	tell(t, n, incident("1", notify.First, now), 0, now)
	p := must2(n.Person(ctx, "Canary@example.com", now))
	if len(p.Subscriptions) != 1 || p.Subscriptions[0].Target != "canary+x@example.com" || p.Waiting != 1 || p.Suppressed != "" {
		t.Errorf("%+v", p)
	}
	equal(t, 1, must2(n.DeletePerson(ctx, "canary@example.com", now)))
	p = must2(n.Person(ctx, "canary@example.com", now))
	if len(p.Subscriptions) != 0 || p.Waiting != 0 || p.Suppressed != "deleted" {
		t.Errorf("%+v", p)
	}
	var b bytes.Buffer
	must(t, s.Backup(ctx, &b))
	if strings.Contains(b.String(), "canary") {
		t.Error("a deleted person is in the backup")
	}
}

// testLeaving leaves while the database is gone, and restores a backup that is
// older than that.
func testLeaving(t *testing.T, url func(*testing.T) string) {
	dir, ctx := t.TempDir(), t.Context()
	s := open(t, config(dir, url(t)))
	n := s.Notices
	stays, goes, later := subscribe(t, n, to("stays@example.com"), now), subscribe(t, n, to("goes@example.com"), now), subscribe(t, n, to("later@example.com"), now)
	must(t, n.Count(ctx, nil, now))
	var backup bytes.Buffer
	must(t, s.Backup(ctx, &backup))
	tell(t, n, incident("1", notify.First, now), 0, now)
	jobs := take(t, n, 3, now)
	must(t, n.Leave(ctx, goes.Leave, now))
	gone, stop := context.WithCancel(ctx)
	stop() // the database does not answer
	must(t, n.Leave(gone, later.Leave, now))
	nobody := 0
	for _, j := range jobs {
		if m, err := n.Message(ctx, j, now); errors.Is(err, notify.ErrNobody) {
			nobody++
		} else if must(t, err); m.Subscription.ID != stays.ID {
			t.Errorf("who has left is told: %+v", m.Subscription)
		}
	}
	equal(t, 2, nobody)
	if st, err := os.Stat(filepath.Join(dir, "ended.jsonl")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the journal: %v %v", st, err)
	}
	_, err := s.Restore(ctx, bytes.NewReader(backup.Bytes()))
	must(t, err)
	list := must2(n.List(ctx, ""))
	if len(list) != 1 || list[0].ID != stays.ID {
		t.Errorf("after the restore: %+v", list)
	}
	if k := must2(n.Known(ctx, now)); !k.Since.IsZero() || !k.Has(incident("1", notify.First, now)) {
		t.Errorf("what is public does not count as told: %+v", k)
	}
	if jobs := take(t, n, 10, now.Add(time.Hour)); len(jobs) != 0 {
		t.Errorf("%d messages wait again", len(jobs))
	}
	// A replica that has nothing but its own journal, and the database of another.
	must(t, s.Close())
	again := open(t, config(dir, url(t)))
	_, err = again.Restore(ctx, bytes.NewReader(backup.Bytes()))
	must(t, err)
	if list := must2(again.Notices.List(ctx, "")); len(list) != 1 {
		t.Errorf("in a new database: %+v", list)
	}
}
