package status

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// summary says in one line how a post and the component imap are.
func summary(b *Board, id string, at time.Time) string {
	s := b.At(at)
	p, ok := s.Post(id)
	if !ok {
		return "hidden"
	}
	parts := []string{string(p.Phase), string(p.State), s.Components[0].Condition.Word(), p.Impact.String()}
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"overdue", p.Overdue},
		{"late", p.Late},
		{"banner", p.Banner},
		{"superseded", p.Superseded},
		{"expired", p.Expired},
		{"yellow", s.Maintenance},
	} {
		if f.set {
			parts = append(parts, f.name)
		}
	}
	return strings.Join(parts, " ")
}

const maintenanceHead = "---\ntitle: T\nkind: maintenance\nstarts: 2014-10-06 00:01\nends: 2014-10-06 07:59\naffects: imap\n---\n"

// Each boundary is looked at one second before, at it, and one second after.
func TestBoundaries(t *testing.T) {
	incident := "---\ntitle: T\nkind: incident\naffects: imap=down\n---\n"
	tests := []struct {
		name, src string
		steps     []string // instant, then what holds from it on; the first line holds before
	}{
		{"incident", incident + "## 2014-10-06 10:00 investigating\n## 10:20 identified imap=partial\n## 10:30 monitoring imap=degraded\n## 11:00 resolved\n## 12:00 postmortem", []string{
			"hidden",
			"2014-10-06T10:00:00+02:00 open investigating down critical banner",
			"2014-10-06T10:20:00+02:00 open identified partial major banner",
			"2014-10-06T10:30:00+02:00 open monitoring degraded minor banner",
			"2014-10-06T11:00:00+02:00 over resolved ok critical",
			"2014-10-06T12:00:00+02:00 over resolved ok critical",
		}},
		{"reopened", incident + "## 2014-10-06 10:00 investigating imap=degraded\n## 10:10 resolved\n## 10:20 reopened\n## 10:30 reopened imap=down\n", nil},
		{"reopens with what was", incident + "## 2014-10-06 10:00 investigating imap=degraded\n## 10:10 resolved\n## 10:20 reopened\n## 10:30 update imap=down\n## 10:40 resolved", []string{
			"hidden",
			"2014-10-06T10:00:00+02:00 open investigating degraded minor banner",
			"2014-10-06T10:10:00+02:00 over resolved ok critical",
			"2014-10-06T10:20:00+02:00 open reopened degraded minor banner",
			"2014-10-06T10:30:00+02:00 open reopened down critical banner",
			"2014-10-06T10:40:00+02:00 over resolved ok critical",
		}},
		{"eta and next", incident + "## 2014-10-06 10:00 investigating eta=30m-45m next=20m\n## 10:30 update\n## 11:00 monitoring\n", []string{
			"hidden",
			"2014-10-06T10:00:00+02:00 open investigating down critical banner",
			"2014-10-06T10:20:00+02:00 open investigating down critical late banner",
			"2014-10-06T10:30:00+02:00 open investigating down critical banner",
			"2014-10-06T10:45:00+02:00 open investigating down critical overdue banner",
			"2014-10-06T11:00:00+02:00 open monitoring down critical banner",
		}},
		{"eta of a day", incident + "## 2014-10-06 investigating eta=30m\n", []string{
			"hidden",
			"2014-10-06T00:00:00+02:00 open investigating down critical banner",
			"2014-10-07T00:30:00+02:00 open investigating down critical overdue banner",
		}},
		{"resolved, nobody knows when", "---\ntitle: T\nkind: incident\ndate: 2014-02-01\nresolved: unknown\naffects: imap=down\n---\n", []string{
			"hidden",
			"2014-02-01T00:00:00+01:00 over resolved ok critical",
		}},
		{"impact none", "---\ntitle: T\nkind: incident\nimpact: none\naffects: imap=degraded\n---\n## 2014-10-06 10:00 investigating", []string{
			"hidden",
			"2014-10-06T10:00:00+02:00 open investigating degraded none banner",
		}},
		{"maintenance", maintenanceHead + "Text", []string{
			"upcoming scheduled ok minor",
			"2014-10-06T00:01:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T07:59:00+02:00 over completed ok minor",
		}},
		{"announced", maintenanceHead + "## 2014-10-01 10:00 scheduled\n", []string{
			"hidden",
			"2014-10-01T10:00:00+02:00 upcoming scheduled ok minor",
			"2014-10-06T00:01:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T07:59:00+02:00 over completed ok minor",
		}},
		{"maintenance without impact", strings.Replace(maintenanceHead, "affects", "impact: none\naffects", 1), []string{
			"upcoming scheduled ok none",
			"2014-10-06T00:01:00+02:00 open started ok none",
			"2014-10-06T07:59:00+02:00 over completed ok none",
		}},
		{"extended in time", maintenanceHead + "## 2014-10-06 07:30 extended ends=09:00", []string{
			"upcoming scheduled ok minor",
			"2014-10-06T00:01:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T07:30:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T09:00:00+02:00 over completed ok minor",
		}},
		{"extended too late", maintenanceHead + "## 2014-10-06 08:10 extended ends=09:00", []string{
			"upcoming scheduled ok minor",
			"2014-10-06T00:01:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T07:59:00+02:00 over completed ok minor",
			"2014-10-06T08:10:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T09:00:00+02:00 over completed ok minor",
		}},
		{"completed early", maintenanceHead + "## 2014-10-06 03:00 completed", []string{
			"upcoming scheduled ok minor",
			"2014-10-06T00:01:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T03:00:00+02:00 over completed ok minor",
		}},
		{"started early", maintenanceHead + "## 2014-10-05 23:50 started", []string{
			"upcoming scheduled ok minor",
			"2014-10-05T23:50:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T07:59:00+02:00 over completed ok minor",
		}},
		{"cancelled", maintenanceHead + "## 2014-10-05 12:00 cancelled", []string{
			"upcoming scheduled ok minor",
			"2014-10-05T12:00:00+02:00 cancelled cancelled ok minor",
		}},
		{"cancelled while in progress", maintenanceHead + "## 2014-10-06 01:00 cancelled", []string{
			"upcoming scheduled ok minor",
			"2014-10-06T00:01:00+02:00 open started maintenance minor banner yellow",
			"2014-10-06T01:00:00+02:00 cancelled cancelled ok minor",
		}},
		{"moved", maintenanceHead + "## 2014-10-05 12:00 scheduled\n## 2014-10-05 13:00 scheduled starts=2014-10-07T01:00 ends=02:00", []string{
			"hidden",
			"2014-10-05T12:00:00+02:00 upcoming scheduled ok minor",
			"2014-10-05T13:00:00+02:00 upcoming scheduled ok minor",
			"2014-10-07T01:00:00+02:00 open started maintenance minor banner yellow",
			"2014-10-07T02:00:00+02:00 over completed ok minor",
		}},
		{"no end known", "---\ntitle: T\nkind: maintenance\nstarts: 2014-01-09 18:00\nends: unknown\naffects: imap\n---\n", []string{
			"upcoming scheduled ok minor",
			"2014-01-09T18:00:00+01:00 open started maintenance minor banner yellow",
			"2014-01-10T18:00:00+01:00 over completed ok minor",
		}},
		{"windows", "---\ntitle: T\nkind: maintenance\nwindows: [{starts: 2014-04-02 08:00, lasts: 2h}, {starts: 2014-04-03 09:00, ends: 11:00}]\naffects: imap\n---\n", []string{
			"upcoming scheduled ok minor",
			"2014-04-02T08:00:00+02:00 open started maintenance minor banner yellow",
			"2014-04-02T10:00:00+02:00 open started ok none",
			"2014-04-03T09:00:00+02:00 open started maintenance minor banner yellow",
			"2014-04-03T11:00:00+02:00 over completed ok minor",
		}},
		{"spring: an hour less", "---\ntitle: T\nkind: maintenance\nstarts: 2014-03-30 01:00\nends: 2014-03-30 04:00\naffects: imap\n---\n", []string{
			"upcoming scheduled ok minor",
			"2014-03-30T00:00:00Z open started maintenance minor banner yellow",
			"2014-03-30T02:00:00Z over completed ok minor",
		}},
		{"autumn: an hour more", "---\ntitle: T\nkind: maintenance\nstarts: 2014-10-26 02:30 CEST\nends: 2014-10-26 02:30 CET\naffects: imap\n---\n", []string{
			"upcoming scheduled ok minor",
			"2014-10-26T00:30:00Z open started maintenance minor banner yellow",
			"2014-10-26T01:30:00Z over completed ok minor",
		}},
		{"spring: length", "---\ntitle: T\nkind: maintenance\nstarts: 2014-03-30 01:00\nlasts: 3h\naffects: imap\n---\n", []string{
			"upcoming scheduled ok minor",
			"2014-03-30T00:00:00Z open started maintenance minor banner yellow",
			"2014-03-30T03:00:00Z over completed ok minor",
		}},
		{"spring: a day", "---\ntitle: T\nkind: maintenance\nstarts: 2014-03-30\nends: 2014-03-30\naffects: imap\n---\n", []string{
			"upcoming scheduled ok minor",
			"2014-03-29T23:00:00Z open started maintenance minor banner yellow",
			"2014-03-30T22:00:00Z over completed ok minor",
		}},
		{"notice", "---\ntitle: T\nkind: notice\nexpires: 2014-10-26\naffects: imap\n---\n## 2014-10-25 12:00 published", []string{
			"hidden",
			"2014-10-25T12:00:00+02:00 open published ok none",
			"2014-10-27T00:00:00+01:00 over published ok none expired",
		}},
		{"pinned", "---\ntitle: T\nkind: notice\npin: until 2014-10-26 12:00\naffects: imap\n---\n## 2014-10-25 12:00 published\n## 2014-10-26 13:00 resolved\n", []string{
			"hidden",
			"2014-10-25T12:00:00+02:00 open published ok none banner",
			"2014-10-26T12:00:00+01:00 open published ok none",
			"2014-10-26T13:00:00+01:00 over resolved ok none",
		}},
		{"superseded", "---\ntitle: T\nkind: notice\nsuperseded_by: newer\npin: true\naffects: imap\n---\n## 2014-10-01 published", []string{
			"hidden",
			"2014-10-01T00:00:00+02:00 open published ok none banner",
			"2014-10-20T00:00:00+02:00 over published ok none superseded",
		}},
	}
	newer := mustParse(t, "newer", "---\ntitle: Newer\nkind: notice\ndate: 2014-10-20\n---\n")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, problems := Parse("status/x.md", []byte(tt.src), sample(t))
			if tt.steps == nil {
				if p != nil {
					t.Error("no complaint")
				}
				return
			}
			if p == nil {
				t.Fatal(problems)
			}
			b := board(t, p, newer)
			before := tt.steps[0]
			for _, step := range tt.steps[1:] {
				stamp, want, _ := strings.Cut(step, " ")
				at := clock(t, stamp)
				got := []string{summary(b, "x", at.Add(-time.Second)), summary(b, "x", at), summary(b, "x", at.Add(time.Second))}
				if diff := cmp.Diff([]string{before, want, want}, got); diff != "" {
					t.Errorf("%s: %s", stamp, diff)
				}
				if next := b.At(at.Add(-time.Second)).Next; !next.Equal(at) {
					t.Errorf("one second before %s the next change is at %s", stamp, next)
				}
				before = want
			}
		})
	}
}

// From one instant of change to the next, nothing differs in between.
func TestNextIsComplete(t *testing.T) {
	b := board(t, archive(t)...)
	show := func(at time.Time) string {
		s := b.At(at)
		var parts []string
		for _, p := range s.Posts {
			parts = append(parts, summary(b, p.ID, at), fmt.Sprint(len(p.Updates)))
		}
		n := 0
		for range s.Timeline.Facts("") {
			n++
		}
		return fmt.Sprint(parts, n, s.Indicator)
	}
	at := clock(t, "2013-05-01T00:00:00Z")
	for changes := 0; ; changes++ {
		next := b.At(at).Next
		if next.IsZero() {
			if changes < 30 {
				t.Errorf("only %d changes in the archive", changes)
			}
			return
		}
		want := show(at)
		for _, between := range []time.Time{at.Add(next.Sub(at) / 2), next.Add(-time.Nanosecond)} {
			if diff := cmp.Diff(want, show(between)); diff != "" {
				t.Fatalf("between %s and %s: %s", at, next, diff)
			}
		}
		at = next
	}
}

func TestIndicatorIsTheWorst(t *testing.T) {
	b := board(t,
		mustParse(t, "a", "---\ntitle: A\nkind: incident\naffects: imap=degraded\n---\n## 2014-10-06 10:00 investigating"),
		mustParse(t, "b", "---\ntitle: B\nkind: incident\nimpact: major\n---\n## 2014-10-06 11:00 investigating"),
		mustParse(t, "c", maintenanceHead),
	)
	tests := []struct {
		at   string
		want string
	}{
		{"2014-10-06T07:00:00+02:00", "none under_maintenance []"},
		{"2014-10-06T10:30:00+02:00", "minor degraded_performance [a]"},
		{"2014-10-06T11:30:00+02:00", "major degraded_performance [b a]"},
	}
	for _, tt := range tests {
		s := b.At(clock(t, tt.at))
		ids := []string{}
		for _, p := range s.Open() {
			ids = append(ids, p.ID)
		}
		if got := fmt.Sprint(s.Indicator, " ", s.Components[0].Condition, " ", ids); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.at, got, tt.want)
		}
	}
}

func ids(list []PostState) string {
	var s []string
	for _, p := range list {
		s = append(s, p.ID)
	}
	return strings.Join(s, " ")
}

func TestLists(t *testing.T) {
	b := board(t, archive(t)...)
	s := b.At(clock(t, "2014-04-02T09:00:00+02:00"))
	got := []string{
		ids(s.Open()), ids(s.InProgress()), ids(s.Upcoming()), ids(s.Notices()), ids(s.Banners()),
		ids(s.Touching("apple-mail-pop", nil)), ids(s.Touching("", b.ComponentsFor("pop3"))), ids(s.About("cannot-connect")),
		strings.Join(b.ComponentsFor("pop"), " ") + "/" + strings.Join(b.ComponentsFor("submit"), " "),
	}
	want := []string{
		"2014-03-26-new-servers-and-storage", "", "2014-10-06-network-maintenance", "2013-05-10-apple-mail-pop", "2014-03-26-new-servers-and-storage",
		"", "2014-03-26-new-servers-and-storage", // a notice is not a problem
		"2014-03-26-new-servers-and-storage 2013-05-27-new-pop-server", "pop/smtp",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var months []string
	for _, m := range b.At(clock(t, "2026-11-23T12:00:00Z")).Months() {
		months = append(months, fmt.Sprintf("%d-%02d:%d", m.Year, m.Month, len(m.Posts)))
	}
	if diff := cmp.Diff("2014-10:1 2014-09:2 2014-04:1 2014-03:1 2014-02:1 2014-01:1 2013-05:3", strings.Join(months, " ")); diff != "" {
		t.Error(diff)
	}
}

func TestTwoPostsWithOneID(t *testing.T) {
	a := mustParse(t, "Same", "---\ntitle: A\nkind: notice\ndate: 2014-10-06\n---\n")
	c := mustParse(t, "other", "---\ntitle: B\nkind: notice\nid: same\ndate: 2014-10-07\n---\n")
	b, problems := NewBoard(sample(t), []*Post{c, a})
	if len(problems) != 1 || problems[0].Path != "status/other.md" || problems[0].Line != 4 || b.Post("SAME") != a {
		t.Errorf("%v, %v", problems, b.Post("SAME"))
	}
}

func TestTimeline(t *testing.T) {
	b := board(t,
		mustParse(t, "m", maintenanceHead+"Summary\n## 2014-10-01 10:00 scheduled\nSoon\n## 2014-10-05 12:00 scheduled starts=2014-10-07T00:01 ends=07:59\n## 2014-10-07 01:00 update edited=2014-10-07T02:00\n"),
		mustParse(t, "undated", maintenanceHead),
		mustParse(t, "late", maintenanceHead+"## 2014-10-05 12:00 scheduled\n"),
		mustParse(t, "i", "---\ntitle: I\nkind: incident\naffects: pop=down\n---\n## 2014-10-06 investigating\n## 2014-10-06 10:00 resolved\n"),
	)
	list := func(at, component string) string {
		var got []string
		s := b.At(clock(t, at))
		for f := range s.Timeline.Facts(component) {
			s := f.ID + " " + f.At.Format("02T15:04")
			if f.Changed().After(f.At) {
				s += " edited " + f.Changed().Format("02T15:04")
			}
			got = append(got, s)
		}
		return strings.Join(got, "; ")
	}
	tests := []struct{ at, component, want string }{
		{"2014-10-05T00:00:59+02:00", "", "m/20141001T0800Z 01T10:00"},
		{"2014-10-05T00:01:00+02:00", "", "m/reminder-20141004T2201Z 05T00:01; undated/20141006 05T00:01; m/20141001T0800Z 01T10:00"},
		{"2014-10-07T01:30:00+02:00", "imap", "m/20141006T2300Z 07T01:00; m/reminder-20141005T2201Z 06T00:01; m/20141005T1000Z 05T12:00; late/20141005T1000Z 05T12:00; m/reminder-20141004T2201Z 05T00:01; undated/20141006 05T00:01; m/20141001T0800Z 01T10:00"},
		{"2014-10-07T03:00:00+02:00", "pop", "i/20141006T0800Z 06T10:00; i/20141006 06T00:00"},
	}
	for _, tt := range tests {
		got := strings.Split(list(tt.at, tt.component), "; ")
		want := strings.Split(tt.want, "; ")
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", tt.at, diff)
		}
	}
	if got := list("2014-10-07T03:00:00+02:00", ""); !strings.HasPrefix(got, "m/20141006T2300Z 07T01:00 edited 07T02:00; i/20141006T0800Z 06T10:00; m/reminder") {
		t.Error(got)
	}
	p := b.Post("m")
	if n := len(p.TextOf(p.Updates[0])); n != 2 {
		t.Errorf("%d texts of the first update", n)
	}
}
