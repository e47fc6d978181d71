package edit

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
)

// sample is a site in Oslo.
func sample(t testing.TB) status.Config {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	cfg := status.Config{Zone: zone, Languages: []string{"en", "nb", "de"}}
	for _, id := range []string{"imap", "pop", "spam-filter", "payments"} {
		cfg.Components = append(cfg.Components, status.Component{ID: id, Name: map[string]string{"en": strings.ToUpper(id)}})
	}
	return cfg
}

func clock(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func text(m status.Moment) string {
	switch {
	case m.IsZero():
		return ""
	case m.Day:
		return m.Time.Format(time.DateOnly)
	default:
		return m.Time.Format(time.RFC3339)
	}
}

func updatesOf(p *status.Post) string {
	var list []string
	for _, u := range p.Updates {
		list = append(list, text(u.At)+" "+string(u.State)+" "+u.ID)
	}
	return strings.Join(list, "; ")
}

const incidentHead = "---\ntitle: T\nkind: incident\ndate: 2014-10-06\n---\n\n"

func none(string) bool { return false }

// The functions for a post of one file.

func newPost(d Draft, taken func(string) bool, now time.Time, cfg status.Config) (string, []byte, error) {
	f, err := NewPost(d, taken, now, cfg)
	return f.Path, f.Data, err
}

func appendUpdate(file string, src []byte, a Addition, now time.Time, cfg status.Config) ([]byte, error) {
	f, err := AppendUpdate(Files{Path: file, Data: src}, a, now, cfg)
	return f.Data, err
}

func resolve(file string, src []byte, a Addition, value markdown.Lookup, now time.Time, cfg status.Config) ([]byte, error) {
	var values Values
	if value != nil {
		values = func(string) markdown.Lookup { return value }
	}
	f, err := Resolve(Files{Path: file, Data: src}, a, values, now, cfg)
	return f.Data, err
}

func edit(file string, src []byte, id, message string, now time.Time, cfg status.Config) ([]byte, error) {
	f, err := Edit(Files{Path: file, Data: src}, Correction{Update: id, Text: &message}, now, cfg)
	return f.Data, err
}

func undo(file string, src []byte, cfg status.Config) ([]byte, error) {
	f, err := Undo(Files{Path: file, Data: src}, cfg)
	return f.Data, err
}

// check parses what was written and returns its updates.
func check(t *testing.T, file string, src []byte) *status.Post {
	t.Helper()
	p, problems := status.Parse(file, src, sample(t))
	if len(problems) > 0 {
		t.Fatalf("%v\n%s", problems, src)
	}
	return p
}

func TestLifeOfAnIncident(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	file, src, err := newPost(Draft{
		FrontMatter: status.FrontMatter{Kind: status.Incident, Title: `Mail "stuck" <in> & queue ]]> 📬`, Affects: []string{"imap", "pop=degraded"}, Mail: status.MailDelayed},
		Message:     "We look.\n\n## Not an update\n```\n## code\n```", NextIn: "30m",
	}, none, now, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if file != "status/2026/2026-11-23-mail-stuck-in-queue.md" {
		t.Errorf("path %s", file)
	}
	want := "---\ntitle: Mail \"stuck\" <in> & queue ]]> \U0001F4EC\nkind: incident\nlang: en\naffects: imap=down pop=degraded\nmail: delayed\n---\n\n" +
		"## 2026-11-23 15:32 investigating next=30m {#20261123T1432Z}\nWe look.\n\n### Not an update\n```\n## code\n```\n"
	p := check(t, file, src)
	if p.Title[""] != `Mail "stuck" <in> & queue ]]> 📬` || !strings.HasSuffix(string(src), want[strings.Index(want, "kind:"):]) {
		t.Errorf("%q\n%s", p.Title[""], cmp.Diff(want, string(src)))
	}
	step := func(name string, next []byte, err error, want string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		src = next
		if diff := cmp.Diff(want, updatesOf(check(t, file, src))); diff != "" {
			t.Errorf("%s: %s\n%s", name, diff, src)
		}
	}
	first := "2026-11-23T15:32:00+01:00 investigating 20261123T1432Z"
	next, err := appendUpdate(file, src, Addition{State: status.Updated, Message: "Same minute."}, now.Add(20*time.Second), cfg)
	step("a second one in the minute", next, err, first+"; 2026-11-23T15:32:00+01:00 update 20261123T1432Z-2")
	next, err = appendUpdate(file, src, Addition{State: status.Identified, Affects: []string{"pop=ok"}, ETA: "30m-45m"}, now.Add(10*time.Minute), cfg)
	step("identified", next, err, first+"; 2026-11-23T15:32:00+01:00 update 20261123T1432Z-2; 2026-11-23T15:42:00+01:00 identified 20261123T1442Z")
	next, err = undo(file, src, cfg)
	step("undo", next, err, first+"; 2026-11-23T15:32:00+01:00 update 20261123T1432Z-2")
	next, err = edit(file, src, "20261123T1432Z", "Better words.", now.Add(time.Hour), cfg)
	step("edit", next, err, first+"; 2026-11-23T15:32:00+01:00 update 20261123T1432Z-2")
	next, err = edit(file, src, "20261123T1432Z", "Even better words.", now.Add(2*time.Hour), cfg)
	step("edit again", next, err, first+"; 2026-11-23T15:32:00+01:00 update 20261123T1432Z-2")
	if u := check(t, file, src).Updates[0]; u.Body.Source != "Even better words." || text(u.Edited) != "2026-11-23T17:32:00+01:00" || strings.Count(string(src), "edited=") != 1 {
		t.Errorf("edited %s: %q\n%s", text(u.Edited), u.Body.Source, src)
	}
	next, err = resolve(file, src, Addition{Message: "Uses {{imap.host}} and {{vars.x}}."}, func(name, _ string) (string, error) {
		if name == "imap.host" {
			return "imap.example.com", nil
		}
		return "", errors.New("unknown")
	}, now.Add(3*time.Hour), cfg)
	closed := first + "; 2026-11-23T15:32:00+01:00 update 20261123T1432Z-2; 2026-11-23T18:32:00+01:00 resolved 20261123T1732Z"
	step("resolve", next, err, closed)
	if !strings.Contains(string(src), "Uses imap.example.com and {{vars.x}}.") {
		t.Errorf("not frozen:\n%s", src)
	}
	next, err = appendUpdate(file, src, Addition{State: status.Reopened}, now.Add(4*time.Hour), cfg)
	step("reopen", next, err, closed+"; 2026-11-23T19:32:00+01:00 reopened 20261123T1832Z")
	next, err = resolve(file, src, Addition{}, nil, now.Add(5*time.Hour), cfg)
	step("resolve again", next, err, closed+"; 2026-11-23T19:32:00+01:00 reopened 20261123T1832Z; 2026-11-23T20:32:00+01:00 resolved 20261123T1932Z")
}

func TestMaintenanceIsWritten(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	file, src, err := newPost(Draft{
		FrontMatter: status.FrontMatter{Kind: status.Maintenance, Starts: "2026-12-01T22:00", Lasts: "2h", Affects: []string{"imap", "pop"}, Help: []string{"a", "b"}},
	}, func(id string) bool { return !strings.HasSuffix(id, "-2") }, now, cfg)
	if err != nil {
		t.Fatal(err)
	}
	p := check(t, file, src)
	if file != "status/2026/2026-12-01-imap-pop-maintenance-2.md" || strings.Contains(string(src), "title:") || p.Title[""] != "maintenance: IMAP, POP" || text(p.Planned.End) != "2026-12-02T00:00:00+01:00" {
		t.Errorf("%s %q %s\n%s", file, p.Title[""], text(p.Planned.End), src)
	}
	now = clock(t, "2026-12-01T23:50:00Z")
	src, err = appendUpdate(file, src, Addition{State: status.Extended, Ends: "2026-12-02 01:00", At: "2026-12-01 23:30"}, now, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := updatesOf(check(t, file, src)); got != "2026-11-23T15:32:00+01:00 scheduled 20261123T1432Z; 2026-12-01T23:30:00+01:00 extended 20261201T2230Z" {
		t.Errorf("%s\n%s", got, src)
	}
	src, err = resolve(file, src, Addition{At: "2026-12-02 00:45"}, nil, now, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := check(t, file, src).Updates[2].State; got != status.Completed {
		t.Errorf("closed as %s", got)
	}
}

// Every key that a draft can have is written so that it is read back.
// Programs write times as RFC 3339 does; a component that is named twice is
// written once; an id made without a title names components.
func TestDraftsOfPrograms(t *testing.T) {
	now := clock(t, "2026-11-28T10:00:00Z")
	file, src, err := newPost(Draft{
		FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap", "pop", "imap=down"}}, At: "2026-11-28T09:15:42Z",
	}, none, now, sample(t))
	if err != nil {
		t.Fatal(err)
	}
	if want := "status/2026/2026-11-28-imap-pop-incident.md"; file != want {
		t.Errorf("%s, want %s", file, want)
	}
	for _, want := range []string{"affects: imap=down pop=down\n", "## 2026-11-28 10:15 investigating "} {
		if !strings.Contains(string(src), want) {
			t.Errorf("no %q in\n%s", want, src)
		}
	}
	check(t, file, src)
	if _, _, err := newPost(Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Title: "T", Lang: "xx"}}, none, now, sample(t)); err == nil || !strings.Contains(err.Error(), "en, nb, de") {
		t.Errorf("a language that the site does not have: %v", err)
	}
}

func TestEveryKeyIsWritten(t *testing.T) {
	fm := status.FrontMatter{
		Title: "On: #1 'quoted'", Kind: status.Maintenance, ID: "my-id", Lang: "nb", Zone: "America/New_York", Date: "2026-11-20",
		Windows: []status.WindowText{{Starts: "2026-12-01 22:00", Lasts: "1h"}, {Starts: "2026-12-02 22:00", Ends: "23:30"}},
		Approx:  true, Affects: []string{"imap=down", "pop"}, Unaffected: []string{"payments"}, Impact: "major", Mail: status.MailSafe,
		Supplier: "yes", Expect: "two\nlines: - #", Who: "null", UnaffectedText: "~", Action: "- a", Workaround: "{{x}}", Help: []string{"a", "b"},
		Pin: "until 2026-12-03", Expires: "2026-12-04", SupersededBy: "other", Draft: true, Publish: "2026-11-21", Translations: map[string]string{"title_de": "Auf: Deutsch"},
	}
	want := fm
	src, err := encode(&fm)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := status.Parse("status/x.md", src, sample(t))
	if p == nil {
		t.Fatalf("%v\n%s", problems, src)
	}
	got := []string{
		p.ID, p.Title[""], p.Title["de"], p.Lang, p.Zone.String(), text(p.Posted), text(p.Planned.Start), text(p.Planned.End),
		strings.TrimSpace(fmt.Sprintln(p.Approx, p.Affects, p.Unaffected, p.Impact, p.Mail, p.Help)), p.Supplier, p.Expect[""], p.Who[""], p.UnaffectedText[""],
		p.Action[""], p.Workaround[""], text(p.PinUntil), text(p.Expires), p.SupersededBy,
		fmt.Sprint(p.Draft), text(p.Publish),
	}
	if diff := cmp.Diff([]string{
		"my-id", want.Title, "Auf: Deutsch", "nb", "America/New_York", "2026-11-20", "2026-12-01T22:00:00-05:00", "2026-12-02T23:30:00-05:00",
		"true [{imap major_outage} {pop under_maintenance}] [payments] major safe [a b]", "yes", want.Expect, "null", "~",
		"- a", "{{x}}", "2026-12-03", "2026-12-04", "other", "true", "2026-11-21",
	}, got); diff != "" {
		t.Errorf("%s\n%s", diff, src)
	}
}

// In the night when clocks go back, what is written is read as the instant
// that was meant.
func TestWrittenInTheDoubleHour(t *testing.T) {
	cfg := sample(t)
	for _, now := range []time.Time{clock(t, "2026-10-25T00:30:00Z"), clock(t, "2026-10-25T01:30:00Z")} {
		file, src, err := newPost(Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Title: "T", Affects: []string{"imap"}}}, none, now, cfg)
		if err != nil {
			t.Fatal(err)
		}
		src, err = edit(file, src, "", "x", now, cfg)
		if err != nil {
			t.Fatal(err)
		}
		u := check(t, file, src).Updates[0]
		if !u.At.Time.Equal(now) || !u.Edited.Time.Equal(now) {
			t.Errorf("%s: at %s, edited %s\n%s", now, u.At.Time, u.Edited.Time, src)
		}
	}
}

// A post without headings keeps the id of the update that the front matter made.
func TestChangePostsWithoutHeadings(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	for _, kind := range []string{"kind: incident\naffects: imap=down\ndate: 2026-11-20", "kind: notice\ndate: 2026-11-20", "kind: maintenance\nstarts: 2026-11-20 10:00\nlasts: 10d"} {
		src := []byte("---\ntitle: T\n" + kind + "\n---\nText\n")
		p := check(t, "status/x.md", src)
		src, err := appendUpdate("status/x.md", src, Addition{State: status.Updated, Message: "More"}, now, cfg)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		src, err = edit("status/x.md", src, "", "Other", now, cfg)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		q := check(t, "status/x.md", src)
		if len(q.Updates) != 2 || q.Updates[0].ID != p.Updates[0].ID || q.Updates[1].Body.Source != "Other" {
			t.Errorf("%s: %s, then %s\n%s", kind, updatesOf(p), updatesOf(q), src)
		}
		if kind[6] == 'm' {
			src, err = edit("status/x.md", src, p.Updates[0].ID, "New words", now, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if q := check(t, "status/x.md", src); q.Summary.Source != "New words" || q.Updates[0].Edited.IsZero() || q.Updates[1].Body.Source != "Other" {
				t.Errorf("edited summary: %+v\n%s", q.Updates, src)
			}
		}
	}
}

func TestUndoOfTheOnlyUpdate(t *testing.T) {
	src := incidentHead + "## 10:00 investigating\n"
	if _, err := undo("status/x.md", []byte(src), sample(t)); !errors.Is(err, ErrLastUpdate) {
		t.Errorf("error %v", err)
	}
}

// What cannot be written says why, and gives back the corrected time.
func TestRefused(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	good := incidentHead + "## 10:00 investigating imap=down\n"
	add := func(a Addition) func() error {
		return func() error { _, err := appendUpdate("status/x.md", []byte(good), a, now, cfg); return err }
	}
	create := func(d Draft) func() error {
		return func() error { _, _, err := newPost(d, none, now, cfg); return err }
	}
	tests := []struct {
		name, want string
		do         func() error
	}{
		{"wrong zone", "CEST is not in force in Europe/Oslo on 2026-11-23: it is CET (+01:00); write 15:00 CET", add(Addition{State: status.Updated, At: "15:00 CEST"})},
		{"wrong zone with a day", "CET is not in force in Europe/Oslo on 2026-07-01: it is CEST (+02:00); write 2026-07-01 15:00 CEST", add(Addition{State: status.Updated, At: "2026-07-01 15:00 CET"})},
		{"wrong zone of a start", "starts: CET is not in force in Europe/Oslo on 2026-07-01: it is CEST (+02:00); write 2026-07-01 22:00 CEST", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Title: "T", Starts: "2026-07-01 22:00 CET", Lasts: "1h"}})},
		{"too early", "2014-10-06 09:00 CEST is before the latest update of the post, 2014-10-06 10:00 CEST; give a later time", add(Addition{State: status.Updated, At: "2014-10-06 09:00"})},
		{"not yet", "2026-11-23 23:50 CET has not come yet; for the day before write 2026-11-22 23:50", add(Addition{State: status.Updated, At: "23:50"})},
		{"not this year", "2027-11-23 10:00 CET has not come yet; write when it happened, or nothing for now", add(Addition{State: status.Updated, At: "2027-11-23 10:00"})},
		{"a planned outage", "2026-12-01 10:00 CET has not come yet; planned work is a maintenance", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Title: "T"}, At: "2026-12-01 10:00"})},
		{"state", `unknown state "fixed" (did you mean "resolved"?)`, add(Addition{State: "fixed"})},
		{"component", `unknown component or word "imab" (did you mean "imap"?)`, add(Addition{State: status.Updated, Affects: []string{"imab=ok"}})},
		{"open code", "the text hides the heading of the update: close the block of code (```) in it", func() error {
			_, err := appendUpdate("status/x.md", []byte(good+"```\n"), Addition{State: status.Updated}, now, cfg)
			return err
		}},
		{"heading smuggled in", `"eta=1h\n##" cannot stand in the heading of an update`, add(Addition{State: status.Updated, ETA: "1h\n##"})},
		{"broken file", `status/x.md has to be put right first: unknown kind "incidnet" (did you mean "incident"?)`, func() error {
			_, err := appendUpdate("status/x.md", []byte(strings.Replace(good, "incident", "incidnet", 1)), Addition{State: status.Updated}, now, cfg)
			return err
		}},
		{"no such update", `the post has no update "x"; it has 20141006T0800Z`, func() error { _, err := edit("status/x.md", []byte(good), "x", "", now, cfg); return err }},
		{"no title", "a notice needs a title, or components", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Notice}})},
		{"work that is long over", "the planned work ended on 2026-10-01 03:00 CEST, more than a week before it was announced (check the year, the month and the day)", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Starts: "2026-10-01 02:00", Lasts: "1h", Affects: []string{"imap"}}})},
		{"work of a year", "the planned work lasts from 2026-12-31 23:00 CET to 2027-12-31 01:00 CET (check the year, the month and the day)", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Starts: "2026-12-31 23:00", Ends: "2027-12-31 01:00", Affects: []string{"imap"}}})},
		{"language of the post", `the post itself is in "en"; leave that language out of the translations`, add(Addition{State: status.Updated, Texts: map[string]string{"en": "x"}})},
		{"language of nobody", `"fr" is none of the site's languages: en, nb, de`, add(Addition{State: status.Updated, Texts: map[string]string{"fr": "x"}})},
		{"no such fact", `"mial" cannot be changed (did you mean "mail"?)`, add(Addition{State: status.Updated, Facts: map[string]string{"mial": "safe"}})},
		{"a fact of another kind", `"id" cannot be changed (did you mean "pin"?)`, add(Addition{State: status.Updated, Facts: map[string]string{"id": "x"}})},
		{"no kind", `the kind of a post is incident, maintenance or notice, not ""`, create(Draft{})},
		{"no template", `there is no template "outege" (did you mean "outage"?)`, create(Draft{FrontMatter: status.FrontMatter{Kind: status.Incident}, Template: "outege"})},
		{"template of another kind", "the template spam is for a post of the kind notice, not incident", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Incident}, Template: "spam"})},
		{"no end", "the maintenance has no end (add ends: 2026-12-01 23:00, or lasts: 1h)", create(Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Title: "T", Starts: "2026-12-01 22:00"}})},
		{"id with a path", `"../x" cannot be the id of a post (use at most 120 letters a-z, digits, - and _; begin with a letter or digit)`, create(Draft{FrontMatter: status.FrontMatter{Kind: status.Notice, Title: "T", ID: "../x"}})},
		{"zone", `"CET" is not a time zone of the IANA list (write the name of the zone's city: Europe/Oslo, America/New_York; or UTC)`, create(Draft{FrontMatter: status.FrontMatter{Kind: status.Notice, Title: "T", Zone: "CET"}})},
	}
	for _, tt := range tests {
		err := tt.do()
		if got := fmt.Sprint(err); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// A clock may be a little ahead of ours, and a notice may be written for later.
func TestTimesThatAreAllowed(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	if _, err := appendUpdate("status/x.md", []byte(incidentHead+"## 10:00 investigating\n"), Addition{State: status.Updated, At: "15:35"}, now, cfg); err != nil {
		t.Error(err)
	}
	if _, _, err := newPost(Draft{FrontMatter: status.FrontMatter{Kind: status.Notice, Title: "T"}, At: "2026-12-01 10:00"}, none, now, cfg); err != nil {
		t.Error(err)
	}
}

// What is slow is not down.
func TestConditionOfTheTemplate(t *testing.T) {
	for template, want := range map[string]status.Condition{"": status.MajorOutage, "outage": status.MajorOutage, "degraded": status.Degraded, "supplier": status.Degraded} {
		d := Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Affects: []string{"imap", "pop=partial"}}, Template: template}
		file, src, err := newPost(d, none, clock(t, "2026-11-23T14:32:18Z"), sample(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := check(t, file, src).Affects; got[0].Condition != want || got[1].Condition != status.PartialOutage {
			t.Errorf("%q: %v", template, got)
		}
	}
}

// Every template makes a post that loads, in every language.
func TestTemplates(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	cfg.Languages = []string{"en", "nb", "sv", "da", "de", "nl", "fr", "es", "it", "pl"}
	var names []string
	for _, lang := range cfg.Languages {
		var of []string
		for _, tpl := range Templates(lang) {
			of = append(of, tpl.Name)
			d := Draft{FrontMatter: status.FrontMatter{Kind: tpl.Kind, Lang: lang}, Template: tpl.Name}
			if len(status.Words(tpl.Affects)) == 0 && tpl.Kind != status.Notice {
				d.Affects = []string{"imap", "pop"}
			}
			if tpl.Kind == status.Maintenance {
				d.Starts, d.Lasts = "2026-12-01 22:00", "2h"
			}
			file, src, err := newPost(d, none, now, cfg)
			if err != nil {
				t.Fatalf("%s %s: %v", lang, tpl.Name, err)
			}
			p := check(t, file, src)
			if p.Lang != lang || strings.Contains(string(src), "{components}") || p.Updates[0].Body.Source == "" {
				t.Errorf("%s:\n%s", filepath.Base(file), src)
			}
		}
		names = append(names, strings.Join(of, " "))
	}
	want := "degraded maintenance outage security spam supplier"
	if diff := cmp.Diff(slices.Repeat([]string{want}, len(cfg.Languages)), names); diff != "" {
		t.Error(diff)
	}
	if Templates("fi")[0].Lang != "en" || Templates("fr-CA")[0].Lang != "fr" || Templates("de-AT")[0].Lang != "de" || Templates("no")[0].Lang != "nb" {
		t.Error("wrong language of the templates")
	}
}

// Whatever is added is read back, and all else stays.
func FuzzAppend(f *testing.F) {
	f.Add("update", "Text\n## heading\n```\n## code\n", "imap=ok", "30m", "2014-10-06 11:00")
	f.Add("resolved", "a\n---\nb", "", "", "")
	cfg := sample(f)
	now := clock(f, "2026-11-23T14:32:18Z")
	src := incidentHead + "## 10:00 investigating imap=down\nOld text\n"
	f.Fuzz(func(t *testing.T, state, message, affects, eta, at string) {
		out, err := appendUpdate("status/x.md", []byte(src), Addition{State: status.State(state), Message: message, Affects: []string{affects}, ETA: eta, At: at}, now, cfg)
		if err != nil {
			return
		}
		p, problems := status.Parse("status/x.md", out, cfg)
		if p == nil || len(p.Updates) != 2 || p.Updates[0].Body.Source != "Old text" {
			t.Fatalf("%v\n%s", problems, out)
		}
		back, err := undo("status/x.md", out, cfg)
		if err != nil || string(back) != src {
			t.Fatalf("%v\n%s", err, back)
		}
	})
}
