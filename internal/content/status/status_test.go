package status

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/problem"
)

func oslo(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// sample is the configuration of the sample site.
func sample(t testing.TB) Config {
	named := func(s string) map[string]string { return map[string]string{"en": s} }
	cfg := Config{Zone: oslo(t), Languages: []string{"en", "nb", "de"}}
	mail := []string{"imap", "pop", "smtp", "webmail", "spam-filter"}
	rest := []string{"web-hosting", "domains", "payments"}
	for _, id := range mail {
		cfg.Components = append(cfg.Components, Component{ID: id, Name: named(strings.ToUpper(id)), Group: "mail"})
	}
	for _, id := range rest {
		cfg.Components = append(cfg.Components, Component{ID: id, Name: named(id)})
	}
	cfg.Components[1].Services = []string{"pop3"}
	cfg.Components[2].Services = []string{"submit"}
	cfg.Groups = []Group{
		{ID: "mail", Name: named("E-mail"), Members: mail},
		{ID: "network", Name: named("Network"), Members: append(append([]string{}, mail...), rest...)},
	}
	return cfg
}

func mustParse(t testing.TB, name, src string) *Post {
	t.Helper()
	p, problems := Parse("status/"+name+".md", []byte(src), sample(t))
	if p == nil {
		t.Fatalf("%s: %v", name, problems)
	}
	return p
}

// archive loads the posts of the sample site.
func archive(t testing.TB) []*Post {
	t.Helper()
	root := filepath.Join("..", "..", "..", "articles")
	files, err := filepath.Glob(filepath.Join(root, "status", "*", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no posts in %s: %v", root, err)
	}
	var posts []*Post
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name, _ := filepath.Rel(root, f)
		p, problems := Parse(filepath.ToSlash(name), src, sample(t))
		if len(problems) > 0 {
			t.Errorf("%v", problems)
		}
		if p == nil {
			t.FailNow()
		}
		posts = append(posts, p)
	}
	return posts
}

func board(t testing.TB, posts ...*Post) *Board {
	t.Helper()
	b, problems := NewBoard(sample(t), posts)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

func clock(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func text(m Moment) string {
	switch {
	case m.IsZero():
		return ""
	case m.Day:
		return m.Time.Format(time.DateOnly)
	default:
		return m.Time.Format(time.RFC3339)
	}
}

func updatesOf(p *Post) string {
	var list []string
	for _, u := range p.Updates {
		list = append(list, strings.TrimSpace(text(u.At)+" "+string(u.State)+" "+u.ID))
	}
	return strings.Join(list, "; ")
}

func TestArchive(t *testing.T) {
	b := board(t, archive(t)...)
	type row struct {
		ID, Kind, Planned, Updates string
		Approx, Unknown            bool
		Phase                      Phase
	}
	var got []row
	s := b.At(clock(t, "2026-11-23T12:00:00Z"))
	for _, p := range s.Posts {
		planned := ""
		if p.Kind == Maintenance {
			planned = text(p.Planned.Start) + " " + text(p.Planned.End)
		}
		got = append(got, row{p.ID, string(p.Kind), planned, updatesOf(p.Post), p.Approx, p.EndsUnknown || p.ResolvedUnknown, p.Phase})
	}
	want := []row{
		{"2014-10-06-network-maintenance", "maintenance", "2014-10-06T00:01:00+02:00 2014-10-06T07:59:00+02:00", "scheduled 20141006", false, false, Over},
		{"2014-09-22-email-network", "incident", "", "2014-09-22 investigating 20140922; 2014-09-22T23:50:00+02:00 identified 20140922T2150Z; 2014-09-22T23:51:00+02:00 resolved 20140922T2151Z", true, false, Over},
		{"2014-09-20-server-problems", "incident", "", "2014-09-20 investigating 20140920; 2014-09-21T01:15:00+02:00 resolved 20140920T2315Z", true, false, Over},
		{"2014-04-08-heartbleed", "notice", "", "2014-04-08 resolved 20140408", false, false, Over},
		{"2014-03-26-new-servers-and-storage", "incident", "", "2014-03-26 investigating 20140326; 2014-03-27T13:00:00+01:00 monitoring 20140327T1200Z; 2014-04-01 update 20140401; 2014-04-03 update 20140403; 2014-04-08 update 20140408; 2014-04-11 resolved 20140411", false, false, Over},
		{"2014-02-01-payment-processor", "incident", "", "2014-02-01 investigating 20140201", true, true, Over},
		{"2014-01-09-scheduled-maintenance", "maintenance", "2014-01-09T18:00:00+01:00 ", "scheduled 20140109", true, true, Over},
		{"2013-05-27-new-pop-server", "maintenance", "2013-05-27T06:00:00+02:00 2013-05-27T07:00:00+02:00", "scheduled 20130527", false, false, Over},
		{"2013-05-20-spam-surge", "notice", "", "2013-05-20 published 20130520", true, false, Over},
		{"2013-05-10-apple-mail-pop", "notice", "", "2013-05-10 published 20130510", true, false, Over},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var windows []string
	for _, w := range b.Post("2014-03-26-new-servers-and-storage").Windows {
		windows = append(windows, text(w.Start)+" "+text(w.End))
	}
	if diff := cmp.Diff([]string{
		"2014-04-02T08:00:00+02:00 2014-04-02T10:00:00+02:00", "2014-04-03T09:00:00+02:00 2014-04-03T11:00:00+02:00",
	}, windows); diff != "" {
		t.Error(diff)
	}
	articles := []string{
		"spam-filter", "extra-spam-filter", "passwords", "password-after-breach", "apple-mail-pop",
		"pay-when-card-fails", "is-it-you-or-is-it-me", "cannot-connect",
	}
	for _, p := range b.Posts {
		if l := p.Check(articles, nil); len(l) > 0 {
			t.Error(l)
		}
	}
	if !strings.Contains(b.Post("2013-05-10-apple-mail-pop").Summary.Source, "{{pop3.host for apple-mail}}") {
		t.Error("the server name of the Apple Mail post is no variable")
	}
}

const incidentHead = "---\ntitle: T\nkind: incident\ndate: 2014-10-06\n---\n\n"

// The complaints of one file, line by line. Each has its own message.
func TestProblems(t *testing.T) {
	maintenance := "---\ntitle: T\nkind: maintenance\nstarts: 2014-10-06 01:00\nends: 2014-10-06 02:00\n---\n"
	tests := []struct{ name, src, want string }{
		{"zone not in force", incidentHead + "## 00:01 CET investigating", "7: CET is not in force in Europe/Oslo on 2014-10-06: it is CEST (+02:00) | write ## 00:01 CEST investigating; or leave the zone out, or write +01:00 if you mean that"},
		{"dots", incidentHead + "## 01.04.2014 investigating", `7: "01.04.2014": write year-month-day | write ## 2014-04-01 investigating; or as in 2026-12-01`},
		{"slashes", incidentHead + "## 04/01/2014 investigating", `7: "04/01/2014": write year-month-day | write 2014-01-04 or 2014-04-01`},
		{"half day", incidentHead + "## 6 AM investigating", `7: "6 AM": write the time in 24 hours, as HH:MM | write ## 06:00 investigating`},
		{"midnight", "---\ntitle: T\nkind: incident\ndate: 2014-09-20\n---\n## 23:40 investigating\n## 01:15 resolved", "7: 2014-09-20 01:15 CEST is before the update above, 2014-09-20 23:40 CEST | after midnight write ## 2014-09-21 01:15 resolved"},
		{"gap", incidentHead + "## 2014-03-30 02:30 investigating", "7: 2014-03-30 02:30 does not exist in Europe/Oslo: the clocks were put forward | write ## 2014-03-30 03:30 CEST investigating"},
		{"overlap", incidentHead + "## 2014-10-26 02:30 investigating", "7: 2014-10-26 02:30 happens twice in Europe/Oslo: the clocks were put back | write 02:30 CEST or 02:30 CET"},
		{"unknown state", incidentHead + "## 10:00 investigating\n## 11:00 fixed", `8: unknown state "fixed" | did you mean "resolved"?`},
		{"state of another kind", maintenance + "## 2014-10-06 00:10 investigating", "7: investigating is not a state of a maintenance | its states are: scheduled, started, update, extended, completed, cancelled, postmortem"},
		{"no state", incidentHead + "## 10:00", "7: the heading says no state | write ## 2026-12-01 22:00 resolved; the states are: investigating, identified, monitoring, update, resolved, reopened, postmortem"},
		{"text in the heading", incidentHead + "## UPDATE 23:50 CET: it works", `7: "## UPDATE 23:50 CET: it works" is not the heading of an update | write ## 2026-12-01 22:00 resolved and the text on the next line; the states, in small letters: investigating, identified, monitoring, update, resolved, reopened, postmortem`},
		{"no time of day", incidentHead + "## 25:10 investigating", `7: "25:10" is not a time of day | hours go from 00 to 23, minutes from 00 to 59; midnight is 00:00 of the next day`},

		{"foreign zone", incidentHead + "## 10:00 EST investigating", "7: EST is not a time of Europe/Oslo: there it is CEST (+02:00) | write ## 10:00 CEST investigating; or leave the zone out, or write the difference to UTC, as in +01:00"},
		{"one digit", incidentHead + "## 9:30 investigating", `7: "9:30": write the time as HH:MM | write ## 09:30 investigating`},
		{"no such day", incidentHead + "## 2014-02-30 investigating", `7: "2014-02-30" is not a day of the calendar | write year-month-day, as in 2026-12-01`},
		{"resolved without any time", incidentHead + "## 10:00 investigating\n## resolved", "8: resolved without any time | write ## 22:00 resolved with the time, ## 2026-12-01 resolved, or resolved: unknown in the front matter"},
		{"after resolved", incidentHead + "## 10:00 resolved\n## 11:00 identified", "8: identified comes after resolved | only update and postmortem can follow, or reopened"},
		{"words in the heading", incidentHead + "## 10:00 investigating the cause", `7: "the" cannot stand in the heading of an update | put the text on the lines below the heading; only component=condition, eta=, next= and the like stand in it`},
		{"component in the heading", incidentHead + "## 10:00 investigating imab=down", `7: unknown component or word "imab" | did you mean "imap"?`},
		{"eta", incidentHead + "## 10:00 investigating eta=soon", `7: eta: "soon" is not a duration | write eta=30m, eta=2h or eta=30m-45m`},
		{"corrects", incidentHead + "## 10:00 investigating\n## 11:00 update corrects=20141006T0801Z", `8: corrects: there is no earlier update "20141006T0801Z" | did you mean "20141006T0800Z"?`},
		{"two ids", incidentHead + "## 10:00 investigating {#a}\n## 11:00 update {#A}", `8: the id "A" is already on line 7 | give each update its own {#ID}, or none`},
		{"begins with update", incidentHead + "## 10:00 update", "7: the first update has to give a state | begin with investigating"},
		{"underlined", incidentHead + "Cause\n-----\n", `8: a line under "Cause" makes it a heading of the second level, which is only for updates | write ### and a space before it, or leave a line empty before the dashes`},

		{"unknown key", front("kind: incident\naffect: imap=down\n"), `4: unknown key "affect" | did you mean "affects"?`},
		{"unknown kind", front("kind: incidnet\n"), `3: unknown kind "incidnet" | did you mean "incident"?`},
		{"unknown component", front("kind: incident\naffects: imab=down\n"), `4: affects: unknown component "imab" | did you mean "imap"?`},
		{"no condition", front("kind: incident\naffects: imap\ndate: 2014-10-06\n"), "4: affects: how bad is it for imap? | write imap=degraded, imap=partial or imap=down"},
		{"unknown condition", front("kind: incident\naffects: imap=slow\ndate: 2014-10-06\n"), `4: affects: "slow" is not a condition of a component | known: degraded, down, maintenance, ok, partial`},
		{"both", front("kind: incident\naffects: mail=down imap=down\nunaffected: imap\ndate: 2014-10-06\n"), "5: imap is both affected and unaffected | name it in one of the two lists"},
		{"both groups", front("kind: incident\naffects: mail=down\nunaffected: mail\ndate: 2014-10-06\n"), "5: imap is both affected and unaffected | name it in one of the two lists"},
		{"ends before starts", front("kind: maintenance\nstarts: 2014-10-06 07:59\nends: 2014-10-06 00:01\n"), "5: ends 2014-10-06 00:01 CEST is not after starts 2014-10-06 07:59 CEST | check both times; after midnight write the next day"},
		{"no end", front("kind: maintenance\nstarts: 2014-10-06 07:59\n"), "4: the maintenance has no end | add ends: 2026-12-01 23:00, or lasts: 1h"},
		{"both ends", front("kind: maintenance\nstarts: 2014-10-06 07:59\nends: 2014-10-06 08:59\nlasts: 1h\n"), "6: both ends and lasts say when the maintenance is over | keep one of the two"},
		{"end not known in advance", front("kind: maintenance\nstarts: 2026-11-23 07:59\nends: unknown\n"), "5: the end cannot be unknown before the maintenance is over | write a time, add lasts: 2h, or add a completed update"},
		{"wrong zone in the front matter", front("kind: maintenance\nstarts: 2014-10-06 00:01 CET\nlasts: 1h\n"), "4: starts: CET is not in force in Europe/Oslo on 2014-10-06: it is CEST (+02:00) | write starts: 2014-10-06 00:01 CEST; or leave the zone out, or write +01:00 if you mean that"},
		{"zone of the post", front("kind: incident\nzone: CET\ndate: 2014-10-06\n"), `4: "CET" is not a time zone of the IANA list | write the name of the zone's city: Europe/Oslo, America/New_York; or UTC`},
		{"extended without a time", maintenance + "## 2014-10-06 01:30 extended", "7: extended until when? | write ## 22:00 extended ends=23:30"},
		{"extended backwards", maintenance + "## 2014-10-06 01:30 extended ends=01:45", "7: ends 2014-10-06 01:45 CEST is not later than the end before, 2014-10-06 02:00 CEST | write completed when it is over earlier"},
		{"incident with starts", front("kind: incident\ndate: 2014-10-06\nstarts: 2014-10-06 10:00\n"), "5: starts is only for a maintenance | write times in headings, or use windows:"},
		{"no day", front("kind: incident\n") + "## 10:00 investigating", "5: a time without a day | put the day before it: 2026-12-01 10:00"},
		{"no front matter", "Hello", "1: the file has no front matter | begin with a line ---, then kind: and affects:, then a line ---"},
		{"not UTF-8", "---\ntitle: \xff\n---\n", "2: this line is not UTF-8 | save the file as UTF-8"},
		{"no title", "---\nkind: notice\ndate: 2014-10-06\n---\n", `2: without title and components the post is called "notice" | add title: with what customers read first, or affects:`},
		{"twice known", incidentHead[:len(incidentHead)-5] + "resolved: unknown\n---\n## 10:00 resolved", "5: an update says when it was resolved | leave resolved: unknown out"},
		{"relative", incidentHead + "## 10:00 investigating\nIt broke Yesterday.", `8: "Yesterday" means another day to later readers | write the day: the post is read for years, and in other time zones`},
		{"dotted date in the text", incidentHead + "## 10:00 investigating\nSince 01.04.2014.", `8: "01.04.2014" is read differently in other countries | write 2026-12-01 or 1 December 2026`},
		{"state in the title", "---\ntitle: '[Resolved] T'\nkind: notice\ndate: 2014-10-06\n---\n", "2: the title repeats the state | leave the prefix out: the state is printed by itself, and the title then never changes"},
	}
	cfg := sample(t)
	cfg.Now = clock(t, "2026-11-23T12:00:00Z")
	seen := map[string]string{}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, problems := Parse("status/x.md", []byte(tt.src), cfg)
			if (p == nil) != problems.HasErrors() {
				t.Errorf("post %v, problems %v", p != nil, problems)
			}
			if diff := cmp.Diff(tt.want, first(problems)); diff != "" {
				t.Errorf("%s\nall: %v", diff, problems)
			}
			if other, twice := seen[tt.want]; twice && other != "both" {
				t.Errorf("the same message as %s", other)
			}
			seen[tt.want] = tt.name
		})
	}
}

func first(problems problem.List) string {
	if len(problems) == 0 {
		return ""
	}
	p := problems[0]
	_, s, _ := strings.Cut(problem.Problem{Path: "x", Line: p.Line, Severity: p.Severity, Message: p.Message}.String(), ":")
	s = strings.Replace(strings.Replace(s, "error: ", "", 1), "warning: ", "", 1)
	if p.Hint != "" {
		s += " | " + p.Hint
	}
	return s
}

func TestGoodForms(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"zone in force", incidentHead + "## 23:51 CEST resolved", "2014-10-06T23:51:00+02:00 resolved 20141006T2151Z"},
		{"winter", incidentHead + "## 2014-03-27 13:00 CET investigating", "2014-03-27T13:00:00+01:00 investigating 20140327T1200Z"},
		{"offset", incidentHead + "## 00:01 +01:00 investigating", "2014-10-06T01:01:00+02:00 investigating 20141005T2301Z"},
		{"UTC", incidentHead + "## 2014-10-26 00:30Z investigating\n## 01:30 UTC resolved", "2014-10-26T02:30:00+02:00 investigating 20141026T0030Z; 2014-10-26T02:30:00+01:00 resolved 20141026T0130Z"},
		{"overlap told apart", incidentHead + "## 2014-10-26 02:30 CEST investigating\n## 02:30 CET resolved", "2014-10-26T02:30:00+02:00 investigating 20141026T0030Z; 2014-10-26T02:30:00+01:00 resolved 20141026T0130Z"},
		{"repeated", incidentHead + "## 10:00 investigating\n## 10:00 update\n## 10:00 update {#20141006T0800Z-2}\n## 10:00 resolved", "2014-10-06T10:00:00+02:00 investigating 20141006T0800Z; 2014-10-06T10:00:00+02:00 update 20141006T0800Z-3; 2014-10-06T10:00:00+02:00 update 20141006T0800Z-2; 2014-10-06T10:00:00+02:00 resolved 20141006T0800Z-4"},
		{"reopened", incidentHead + "## 10:00 resolved\n## 11:00 reopened\n## 12:00 resolved\n## postmortem", "2014-10-06T10:00:00+02:00 resolved 20141006T0800Z; 2014-10-06T11:00:00+02:00 reopened 20141006T0900Z; 2014-10-06T12:00:00+02:00 resolved 20141006T1000Z; 2014-10-06 postmortem 20141006"},
		{"day precision after a time", incidentHead + "## 10:00 investigating\n## update\n## 11:00 resolved ##", "2014-10-06T10:00:00+02:00 investigating 20141006T0800Z; 2014-10-06 update 20141006; 2014-10-06T11:00:00+02:00 resolved 20141006T0900Z"},
		{"code", incidentHead + "## 10:00 investigating\n```\n## not a heading\n```\n", "2014-10-06T10:00:00+02:00 investigating 20141006T0800Z"},
		{"post zone", "---\ntitle: T\nkind: incident\nzone: America/New_York\n---\n## 2014-01-09 12:00 EST investigating", "2014-01-09T12:00:00-05:00 investigating 20140109T1700Z"},
		{"line ends", strings.ReplaceAll("\uFEFF"+incidentHead+"## 10:00 investigating\nText\n", "\n", "\r\n"), "2014-10-06T10:00:00+02:00 investigating 20141006T0800Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, updatesOf(mustParse(t, "x", tt.src))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFrontMatter(t *testing.T) {
	p := mustParse(t, "x", `---
title: Mail is slow
title_de: >-
  E-Mail ist
  langsam
kind: incident
id: Slow-mail
affects: [network=degraded, imap=down]
unaffected: web-hosting, domains
supplier: Carrier
pin: until 2014-10-07
expires: 2014-10-09
mail: at-risk
who_nb: Alle
help: [a, b]
---
Summary

## 2014-10-06 10:00 investigating pop=ok eta=30m-45m next=20m

Text

### Sub-heading
`)
	var affects []string
	for _, e := range p.Affects {
		affects = append(affects, e.Component+"="+e.Condition.Word())
	}
	got := []string{
		p.ID, p.Title.In("de", "en"), p.Title.In("nb"), p.Who.In("nb"), p.Who.In("de"), strings.Join(affects, " "), strings.Join(p.Unaffected, " "),
		text(Moment{Time: p.PinUntil.End()}), text(Moment{Time: p.Expires.End()}), p.Summary.Source, p.Updates[0].Body.Source, p.Updates[0].ETA.Max.String(),
	}
	want := []string{
		"Slow-mail", "E-Mail ist langsam", "Mail is slow", "Alle", "", "imap=down pop=degraded smtp=degraded webmail=degraded spam-filter=degraded payments=degraded",
		"web-hosting domains", "2014-10-08T00:00:00+02:00", "2014-10-10T00:00:00+02:00", "Summary", "Text\n\n### Sub-heading", "45m0s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if p.Line("title_de") != 3 || p.Line("help") != 15 || p.Updates[0].Line != 19 || p.Updates[0].Body.Line != 21 {
		t.Errorf("lines %d %d %d %d", p.Line("title_de"), p.Line("help"), p.Updates[0].Line, p.Updates[0].Body.Line)
	}
	if l := p.Check([]string{"a", "c"}, nil); len(l) != 1 || l[0].Line != 15 {
		t.Errorf("references: %v", l)
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "..", "articles", "status", "*", "*.md"))
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Add(incidentHead + "## 2014-10-26 02:30 CEST investigating imap=down eta=1h-2h next=30m {#x}\n## 10:00 resolved")
	f.Add("---\ntitle: T\nkind: maintenance\nstarts: 2014-03-29\nends: unknown\nwindows: [{starts: 2014-03-30 01:00, lasts: 2h}]\n---\n## 2014-03-30 extended ends=04:00\n")
	cfg := sample(f)
	f.Fuzz(func(t *testing.T, src string) {
		p, problems := Parse(path.Join("status", "x.md"), []byte(src), cfg)
		if (p == nil) != problems.HasErrors() {
			t.Fatalf("post %v, problems %v", p != nil, problems)
		}
		if p == nil || len(p.Updates) > 20 {
			return
		}
		b, _ := NewBoard(cfg, []*Post{p})
		at := p.Begins().Add(-48 * time.Hour)
		for range 4 * (len(p.Updates) + len(p.Windows) + 4) {
			s := b.At(at)
			for range s.Timeline.Facts("") {
			}
			if s.Next.IsZero() {
				return
			}
			if !s.Next.After(at) {
				t.Fatalf("next %s is not after %s", s.Next, at)
			}
			at = s.Next
		}
		t.Fatalf("the board never comes to rest:\n%s", src)
	})
}
