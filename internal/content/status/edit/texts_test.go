package edit

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
)

// show prints the files of a post.
func show(f Files) string {
	var b strings.Builder
	for _, file := range f.List() {
		b.WriteString("== " + file.Path + "\n" + string(file.Data))
	}
	return b.String()
}

func equal(t *testing.T, what, want string, f Files, err error) Files {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if diff := cmp.Diff(want, show(f)); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
	if p, problems := f.Parse(sample(t)); p == nil {
		t.Fatalf("%s: %v", what, problems)
	}
	return f
}

// A post is written, told on, corrected, undone and closed in three languages.
func TestLifeInThreeLanguages(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	f, err := NewPost(Draft{
		FrontMatter: status.FrontMatter{Kind: status.Incident, Title: "Mail is late", Affects: []string{"imap=degraded"}, Expect: "A delay"}, Message: "We look.",
		Texts: map[string]Text{
			"de": {TextFront: status.TextFront{Title: "Verspätete Post", Expect: "Eine Verzögerung"}, Message: "Wir sehen nach.\n\n## Kein Abschnitt"},
			"nb": {TextFront: status.TextFront{Title: "E-post er forsinket"}},
		},
	}, none, now, cfg)
	head := "== status/2026/2026-11-23-mail-is-late.md\n---\ntitle: Mail is late\nkind: incident\nlang: en\naffects: imap=degraded\nexpect: A delay\n---\n\n"
	first := "## 2026-11-23 15:32 investigating {#20261123T1432Z}\nWe look.\n"
	german := "== status/2026/2026-11-23-mail-is-late.de.md\n---\ntitle: Verspätete Post\nexpect: Eine Verzögerung\n---\n\n"
	germanFirst := "## {#20261123T1432Z}\nWir sehen nach.\n\n### Kein Abschnitt\n"
	norwegian := "== status/2026/2026-11-23-mail-is-late.nb.md\n---\ntitle: E-post er forsinket\n---\n"
	f = equal(t, "new", head+first+german+germanFirst+norwegian, f, err)
	p, _ := f.Parse(cfg)
	if p.Title["de"] != "Verspätete Post" || p.Expect["de"] != "Eine Verzögerung" || p.Updates[0].Bodies["de"].Source == "" || p.Title[""] != "Mail is late" {
		t.Errorf("read back: %+v", p)
	}

	second := "\n## 2026-11-23 15:42 identified {#20261123T1442Z}\nA switch {{imap.host}}.\n"
	germanSecond := "\n## {#20261123T1442Z}\nEin Switch {{imap.host}}.\n"
	f, err = AppendUpdate(f, Addition{State: status.Identified, Message: "A switch {{imap.host}}.", Texts: map[string]string{"de": "Ein Switch {{imap.host}}.", "nb": " "}}, now.Add(10*time.Minute), cfg)
	f = equal(t, "update", head+first+second+german+germanFirst+germanSecond+norwegian, f, err)

	undone, err := Undo(f, cfg)
	equal(t, "undo", head+first+german+germanFirst+norwegian, undone, err)

	text := "We looked."
	edited := strings.Replace(first, "investigating {", "investigating edited=2026-11-23T16:32 {", 1)
	corrected, err := Edit(f, Correction{Update: "20261123T1432Z", Text: &text, Texts: map[string]string{"nb": "Vi ser på det."}}, now.Add(time.Hour), cfg)
	equal(t, "edit", head+strings.Replace(edited, "We look.", text, 1)+second+german+germanFirst+germanSecond+norwegian+"\n## {#20261123T1432Z}\nVi ser på det.\n", corrected, err)
	corrected, err = Edit(f, Correction{Update: "20261123T1432Z", Texts: map[string]string{"de": ""}}, now.Add(time.Hour), cfg)
	equal(t, "translation taken away", head+edited+second+german+strings.TrimPrefix(germanSecond, "\n")+norwegian, corrected, err)

	value := func(lang string) markdown.Lookup {
		return func(name, _ string) (string, error) {
			if name == "imap.host" {
				return "imap." + lang + ".example.com", nil
			}
			return "", errors.New("unknown")
		}
	}
	f, err = Resolve(f, Addition{Message: "Well again.", Facts: map[string]string{"mail": "safe", "title_nb": ""}}, value, now.Add(2*time.Hour), cfg)
	closed := strings.Replace(head, "expect: A delay\n", "expect: A delay\nmail: safe\n", 1)
	equal(t, "resolve", closed+first+strings.Replace(second, "{{imap.host}}", "imap.en.example.com", 1)+"\n## 2026-11-23 17:32 resolved {#20261123T1632Z}\nWell again.\n"+
		german+germanFirst+strings.Replace(germanSecond, "{{imap.host}}", "imap.de.example.com", 1)+norwegian, f, err)
}

// The order of a translation is the post's, whatever was translated first.
func TestTranslationsKeepTheOrder(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	f := Files{Path: "status/x.md", Data: []byte(incidentHead + "## 10:00 investigating\na\n## 11:00 identified\nb\n## 12:00 monitoring\nc\n")}
	for _, id := range []string{"20141006T1000Z", "20141006T0800Z", "20141006T0900Z"} {
		var err error
		if f, err = Edit(f, Correction{Update: id, Texts: map[string]string{"de": "Text " + id}}, now, cfg); err != nil {
			t.Fatal(err)
		}
	}
	want := "## {#20141006T0800Z}\nText 20141006T0800Z\n\n## {#20141006T0900Z}\nText 20141006T0900Z\n\n## {#20141006T1000Z}\nText 20141006T1000Z\n"
	if diff := cmp.Diff(want, string(f.Texts["de"])); diff != "" {
		t.Error(diff)
	}
	for _, id := range []string{"20141006T1000Z", "20141006T0800Z", "20141006T0900Z"} {
		var err error
		if f, err = Edit(f, Correction{Update: id, Texts: map[string]string{"de": ""}}, now, cfg); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.Texts) > 0 {
		t.Errorf("an empty translation stays: %q", f.Texts)
	}
}

// Facts of the front matter change without touching anything else.
func TestRevise(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	f := Files{Path: "status/x.md", Data: []byte("---\r\n# our worst day\r\ntitle: T\r\nhelp:\r\n- a\r\n- b\r\n\r\nkind: incident\r\nwindows:\r\n  - {starts: 2014-10-06 22:00, lasts: 1h}\r\n---\r\n\r\nIntro\r\n\r\n## 2014-10-06 10:00 investigating imap=down\r\nText\r\n")}
	f, err := Revise(f, Revision{Facts: map[string]string{"help": "c", "pin": "until 2026-12-01"}}, now, cfg)
	f = equal(t, "not told", "== status/x.md\n---\n# our worst day\ntitle: T\nhelp: c\n\nkind: incident\nwindows:\n  - {starts: 2014-10-06 22:00, lasts: 1h}\npin: until 2026-12-01\n---\n\nIntro\n\n## 2014-10-06 10:00 investigating imap=down\nText\n", f, err)
	f, err = Revise(f, Revision{
		Facts: map[string]string{"title": "Other: words", "pin": "", "unaffected": "pop"}, Windows: []status.WindowText{{Starts: "2014-10-06 22:00", Ends: "23:30"}},
		Texts: map[string]status.TextFront{"de": {Title: "Andere Worte"}},
	}, now, cfg)
	f = equal(t, "told", "== status/x.md\n---\n# our worst day\ntitle: 'Other: words'\nhelp: c\n\nkind: incident\nwindows:\n    - starts: 2014-10-06 22:00\n      ends: \"23:30\"\nunaffected: pop\nedited: 2026-11-23 15:32\n---\n\nIntro\n\n## 2014-10-06 10:00 investigating imap=down\nText\n== status/x.de.md\n---\ntitle: Andere Worte\n---\n", f, err)
	if p, _ := f.Parse(cfg); text(p.Updates[0].Edited) != "2026-11-23T15:32:00+01:00" {
		t.Errorf("the first update is not marked: %+v", p.Updates[0])
	}
	f, err = Revise(f, Revision{Windows: []status.WindowText{}}, now, cfg)
	if err != nil || strings.Contains(string(f.Data), "windows") {
		t.Errorf("%v\n%s", err, f.Data)
	}
	var rejected *Rejected
	if _, err := Revise(f, Revision{Facts: map[string]string{"unaffected": "imab"}}, now, cfg); !errors.As(err, &rejected) {
		t.Errorf("a component that does not exist: %v", err)
	}
}

// A moment that cannot be meant is refused, written when that is wanted, and
// then no reason to refuse what follows.
func TestDoubtful(t *testing.T) {
	cfg := sample(t)
	now := clock(t, "2026-11-23T14:32:18Z")
	past := Draft{FrontMatter: status.FrontMatter{Kind: status.Maintenance, Title: "T", Starts: "2026-10-01 02:00", Lasts: "1h", Affects: []string{"imap"}}}
	var doubtful *Doubtful
	if _, err := NewPost(past, none, now, cfg); !errors.As(err, &doubtful) {
		t.Errorf("error %v", err)
	}
	past.Force = true
	f, err := NewPost(past, none, now, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if f, err = AppendUpdate(f, Addition{State: status.Updated, Message: "x"}, now, cfg); err != nil {
		t.Fatal(err)
	}
	move := Addition{State: status.Scheduled, Starts: "2026-11-25 22:00", Lasts: "2h"}
	moved, err := AppendUpdate(f, move, now, cfg)
	if err != nil || !strings.Contains(string(moved.Data), "scheduled starts=2026-11-25T22:00 ends=2026-11-26T00:00 ") {
		t.Errorf("%v\n%s", err, moved.Data)
	}
	move.Starts = "2056-11-25 22:00"
	if _, err := AppendUpdate(f, move, now, cfg); !errors.As(err, &doubtful) {
		t.Errorf("moved by decades: %v", err)
	}
	if _, err := Revise(f, Revision{Facts: map[string]string{"expires": "2016-12-01"}}, now, cfg); !errors.As(err, &doubtful) {
		t.Errorf("expired before it began: %v", err)
	}
	if _, err := NewPost(Draft{FrontMatter: status.FrontMatter{Kind: status.Incident, Title: "T"}, At: "2026-12-24 10:00", Force: true}, none, now, cfg); err != nil {
		t.Errorf("a future incident that is wanted: %v", err)
	}
}
