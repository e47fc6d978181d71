package article

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

var oslo = func() *time.Location {
	l, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return l
}()

const fullFront = `---
id: 1042
title: Set up Apple Mail with {{imap.host}}
summary: >
  Two ways
  to do it
also: [mail.app, APOP]
platforms: [macos, ios]
services: imap
was: [apple-mail-apop, 17]
review: 2027-03-01 anna
publish: 2026-12-01
published: 2026-11-01T06:00Z
updated: 2026-11-02 06:00:30+01:00
kind: howto
rev: 3
---
1. Open it.
`

func TestFull(t *testing.T) {
	en := parse(t, "help/mail/apple-mail/en.md", fullFront)
	a, problems := Assemble("mail", "apple-mail", map[string]*Text{"en": en}, []string{"en"})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := *a
	got.Texts = nil
	want := Article{
		ID: 1042, Slug: "apple-mail", Category: "mail", Main: "en", Original: "en",
		Platforms: []string{"macos", "ios"}, Services: []string{"imap"}, Was: []string{"apple-mail-apop", "17"},
		Kind: Howto, Rev: 3, Publish: time.Date(2026, 12, 1, 0, 0, 0, 0, oslo),
		Review: time.Date(2027, 3, 1, 0, 0, 0, 0, oslo), ReviewedBy: "anna",
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Article{})); diff != "" {
		t.Error(diff)
	}
	if !en.Published.Equal(time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)) || !en.Updated.Equal(time.Date(2026, 11, 2, 5, 0, 30, 0, time.UTC)) {
		t.Errorf("published %v, updated %v", en.Published, en.Updated)
	}
	if en.Summary != "Two ways to do it" || en.Line("kind") != 15 || en.Line("of") != 1 {
		t.Errorf("%q, kind on line %d", en.Summary, en.Line("kind"))
	}
	if p := en.CheckFront(func(string, string) (string, error) {
		return "", markdown.Errorf("look again", "there is no such value")
	}); len(p) != 1 || p[0].Line != 3 || p[0].Hint != "look again" {
		t.Error(p)
	}
}

func parse(t *testing.T, path, src string) *Text {
	t.Helper()
	text, problems := ParseFile(path, []byte(src), Config{Zone: oslo})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return text
}

func TestProblems(t *testing.T) {
	long := strings.Repeat("x", 161)
	tests := []struct{ name, path, src, want string }{
		{"no front matter", "", "text\n", `en.md:1: error: the file has no front matter (begin the file with "---", "id: 1042", "title: …" and "---", each on its line)`},
		{"open front matter", "", "---\nid: 1\n", `en.md:1: error: the front matter begins here and does not end (write a line "---" between the front matter and the text)`},
		{"not YAML", "", "---\nid: 1\ntitle: a: b\n---\nx", `en.md:3: error: this is not YAML: mapping values are not allowed in this context (check the indentation, and put values that contain : or # in quotes)`},
		{"unknown key", "", front("titel: x"), `en.md:4: error: unknown key "titel" (did you mean "title"?)`},
		{"no title", "", "---\nid: 1\n---\nx", `en.md:1: error: the article has no title (add title: …)`},
		{"long title", "", "---\nid: 1\ntitle: " + long + "\n---\nx", `en.md:3: error: the title has 161 characters; at most 120 (say the rest in the summary)`},
		{"two-line title", "", "---\nid: 1\ntitle: |\n  a\n  b\n---\nx", `en.md:3: error: the title has more than one line (write it on one line)`},
		{"long summary", "", front("summary: " + long), `en.md:4: error: the summary has 161 characters; at most 160 (say it in one sentence)`},
		{"id 0", "", "---\ntitle: x\nid: 0\n---\nx", `en.md:3: error: 0 cannot be an id (use a number from 1)`},
		{"id word", "", "---\ntitle: x\nid: abc\n---\nx", `en.md:3: error: "id" should be a whole number, not "abc"`},
		{"platform", "", front("platforms:\n- macos\n- andriod"), `en.md:6: error: unknown platform "andriod" (did you mean "android"?)`},
		{"platform twice", "", front("platforms: [ios, ios]"), `en.md:4: error: "platforms" names "ios" twice (delete it)`},
		{"empty entry", "", front(`also: [""]`), `en.md:4: error: "also" has an empty entry (delete it)`},
		{"many also", "", front("also: [a, b, c, d, e, f, g, h, i]"), `en.md:4: warning: "also" has 9 entries; many words weaken each (keep those that customers type most)`},
		{"was", "", front("was: [a b]"), `en.md:4: error: "a b" is not a slug or an id (write old slugs and ids: was: [apple-mail-pop, 17])`},
		{"state", "", front("state: darft"), `en.md:4: error: unknown state "darft" (did you mean "draft"?)`},
		{"kind", "", front("kind: how-to"), `en.md:4: error: unknown kind "how-to" (did you mean "howto"?)`},
		{"rev", "", front("rev: 0"), `en.md:4: error: "rev" is 0 (count from 1)`},
		{"review", "", front("review: soon"), `en.md:4: error: "soon" is not a date (write review: 2027-03-01, or review: 2027-03-01 anna)`},
		{"publish", "", front("publish: tomorrow"), `en.md:4: error: "tomorrow" is not a date or a time (write publish: 2026-12-01 or publish: 2026-12-01T06:00Z)`},
		{"no zone", "", front("publish: 2026-12-01T06:00"), `en.md:4: error: the time "2026-12-01T06:00" has no zone (add the zone: 2026-12-01T06:00Z or 2026-12-01T06:00+01:00)`},
		{"31 February", "", front("updated: 2026-02-31"), `en.md:4: error: "2026-02-31" does not exist (check day, hour and minute)`},
		{"updated first", "", front("published: 2026-12-01\nupdated: 2026-11-01"), `en.md:5: error: the article was updated before it was published (exchange the two dates)`},
		{"language", "help/a/b/English.md", front("rev: 1"), `help/a/b/English.md: error: "English.md" is not the name of a language (name it by its language: en.md, de.md)`},
		{"body", "", front("rev: 1") + "\n<b>\n", `en.md:8: warning: HTML is shown to readers as it is typed: <b> (use Markdown, or put the text in backticks)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := tt.path
			if path == "" {
				path = "en.md"
			}
			text, problems := ParseFile(path, []byte(tt.src), Config{})
			if text == nil || text.File == nil || len(problems) == 0 || problems[0].String() != tt.want {
				t.Errorf("got  %v\nwant %s", problems, tt.want)
			}
		})
	}
}

func front(lines string) string { return "---\nid: 1\ntitle: x\n" + lines + "\n---\ntext\n" }

func TestAssembleProblems(t *testing.T) {
	ok := front("rev: 2")
	tests := []struct {
		name  string
		slug  string
		files map[string]string
		want  []string
		texts []string // languages of the article; nil when there is none
	}{
		{"fine", "a", map[string]string{"en": ok, "de": "---\ntitle: y\nsummary: s\nalso: [z]\nof: 1\n---\n"}, nil, []string{"de", "en"}},
		{"no id", "a", map[string]string{"en": "---\ntitle: x\n---\nx"}, []string{`en.md:1: error: the article has no id (give it a number that no other article has: id: 1042)`}, nil},
		{"of without rev", "a", map[string]string{"en": front("of: 1")}, []string{`en.md:4: error: this translates rev 1, but no other file has a rev (add "rev: 1" to the text that this one translates)`}, nil},
		{"rev and of", "a", map[string]string{"en": ok, "de": "---\nrev: 2\nof: 2\n---\n"}, []string{`de.md:2: error: "rev" and "of" are in one file (delete "rev"; it counts the changes of the text that others translate)`}, []string{"de", "en"}},
		{"two revs", "a", map[string]string{"en": ok, "de": "---\nrev: 3\n---\n"}, []string{`de.md:2: error: "rev" is not the same as in en.md (write "of" in the translation)`}, []string{"de", "en"}},
		{"no text", "a", map[string]string{"en": "---\nid: 1\ntitle: x\n---\n\n"}, []string{`en.md:5: error: the article has no text (write it below the front matter)`}, nil},
		{"was itself", "a", map[string]string{"en": front("was: [b, 1]")}, []string{`en.md:4: error: "1" is what the article is called now (name only slugs and ids that the article had before)`}, nil},
		{"shared keys anywhere", "a", map[string]string{"en": "---\ntitle: x\n---\ntext\n", "de": "---\nid: 1\nneeds: [pop3]\n---\n", "nb": "---\nplatforms: [ios]\ntitle: y\n---\n"}, nil, []string{"de", "en", "nb"}},
		{"shared keys that agree", "a", map[string]string{"en": front("platforms: [ios, macos]"), "de": front("platforms: [macos, ios]")}, nil, []string{"de", "en"}},
		{"shared keys that disagree", "a", map[string]string{"en": front("platforms: [ios]"), "de": front("platforms: [macos]\nstate: draft")}, []string{
			`de.md:4: error: "platforms" is not the same as in en.md (delete the line in one of the two files; it holds for all languages)`,
		}, []string{"de", "en"}},
		{"of too high", "a", map[string]string{"en": ok, "de": "---\ntitle: x\nof: 3\n---\n"}, []string{`de.md:3: error: this translates rev 3, but en.md has rev 2 (write the rev that was translated)`}, []string{"en"}},
		{"slug", "a b", map[string]string{"en": ok}, []string{`.: error: "a b" cannot be the name of a folder here (use the letters a to z, digits, - and _)`}, nil},
		{"number", "17", map[string]string{"en": ok}, []string{`.: error: "17" cannot be the name of a folder here (add a word; numbers alone are ids)`}, nil},
		{"other main language", "a", map[string]string{"nb": ok, "de": "---\ntitle: x\n---\n"}, nil, []string{"de", "nb"}},
		{"broken translation", "a", map[string]string{"en": ok, "de": "---\ntitel: x\n---\n"}, nil, []string{"en"}},
		{"broken file with the id", "a", map[string]string{"en": front("x: y"), "de": "---\ntitle: x\n---\n"}, nil, nil},
		{"broken file, the id elsewhere", "a", map[string]string{"en": "---\nx: y\ntitle: x\n---\nx", "de": front("")}, nil, []string{"de"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			texts := map[string]*Text{}
			for lang, src := range tt.files {
				texts[lang], _ = ParseFile(lang+".md", []byte(src), Config{})
			}
			a, problems := Assemble("mail", tt.slug, texts, []string{"en"})
			if diff := cmp.Diff(tt.want, messages(problems)); diff != "" {
				t.Error(diff)
			}
			var langs []string
			if a != nil {
				for lang := range a.Texts {
					langs = append(langs, lang)
				}
				slices.Sort(langs)
			}
			if diff := cmp.Diff(tt.texts, langs); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func messages(l problem.List) []string {
	var out []string
	for _, p := range l {
		out = append(out, p.String())
	}
	return out
}

func TestFallback(t *testing.T) {
	a, problems := Assemble("mail", "a", map[string]*Text{
		"en": parse(t, "en.md", front("rev: 2")),
		"de": parse(t, "de.md", "---\ntitle: de\nof: 1\n---\nText\n"),
		"nb": parse(t, "nb.md", "---\ntitle: nb\nof: 1\n---\n"),
		"fr": parse(t, "fr.md", "---\ntitle: fr\n---\nTexte\n"),
	}, []string{"en"})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	tests := []struct {
		lang, head, body string
		reason           Reason
	}{
		{"en", "en", "en", AsWanted},
		{"de", "de", "de", Outdated},
		{"nb", "nb", "en", FrontMatterOnly},
		{"fr", "fr", "fr", AsWanted},
		{"fr-CA", "fr", "fr", AsWanted},
		{"it", "en", "en", NoTranslation},
		{"", "en", "en", NoTranslation},
	}
	for _, tt := range tests {
		if s := a.In(tt.lang); s.Head.Lang != tt.head || s.Body.Lang != tt.body || s.Reason != tt.reason {
			t.Errorf("In(%q) = %s, %s, %q; want %s, %s, %q", tt.lang, s.Head.Lang, s.Body.Lang, s.Reason, tt.head, tt.body, tt.reason)
		}
	}
	if diff := cmp.Diff([]string{"en", "de", "fr"}, a.Languages()); diff != "" {
		t.Error(diff)
	}
}

// Without English first, and with the original in another language than the
// site's first.
func TestAnyLanguageFirst(t *testing.T) {
	files := map[string]*Text{
		"en": parse(t, "en.md", "---\nid: 7\ntitle: en\nrev: 2\n---\nText\n"),
		"de": parse(t, "de.md", "---\ntitle: de\nof: 1\nplatforms: [ios]\n---\nText\n"),
		"nb": parse(t, "nb.md", "---\nalso: [ord]\n---\n"),
	}
	a, problems := Assemble("mail", "a", files, []string{"nb", "de", "en"})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if a.Main != "de" || a.Original != "en" || a.ID != 7 || a.Rev != 2 {
		t.Errorf("main %s, original %s, id %d, rev %d", a.Main, a.Original, a.ID, a.Rev)
	}
	if file, line := a.Place("platforms"); file != "de.md" || line != 4 {
		t.Errorf("platforms at %s:%d", file, line)
	}
	if s := a.In("nb"); s.Head.Title != "de" || !slices.Equal(s.Head.Also, []string{"ord"}) || s.Body.Lang != "de" || s.Reason != FrontMatterOnly {
		t.Errorf("in Norwegian: %q, %s, %s", s.Head.Title, s.Body.Lang, s.Reason)
	}
	if s := a.In("de"); s.Reason != Outdated {
		t.Errorf("the translation of rev 1 is %q", s.Reason)
	}
	if s := a.In("en"); s.Reason != AsWanted {
		t.Errorf("the original is %q", s.Reason)
	}
}

func TestTimes(t *testing.T) {
	publish := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)
	review := time.Date(2027, 3, 1, 0, 0, 0, 0, oslo)
	before, between, after := publish.Add(-time.Second), publish, review
	tests := []struct {
		name                        string
		state                       State
		now                         time.Time
		visible, scheduled, overdue bool
		next                        time.Time
	}{
		{"scheduled", Public, before, false, true, false, publish},
		{"published", Public, between, true, false, false, review},
		{"overdue", Public, after, true, false, true, time.Time{}},
		{"draft", Draft, before, false, false, false, review},
		{"draft after", Draft, between, false, false, false, review},
		{"internal", Internal, after, false, false, true, time.Time{}},
	}
	for _, tt := range tests {
		a := &Article{State: tt.state, Publish: publish, Review: review}
		if a.Visible(tt.now) != tt.visible || a.Scheduled(tt.now) != tt.scheduled || a.Overdue(tt.now) != tt.overdue || !a.Next(tt.now).Equal(tt.next) {
			t.Errorf("%s: visible %v, scheduled %v, overdue %v, next %v", tt.name, a.Visible(tt.now), a.Scheduled(tt.now), a.Overdue(tt.now), a.Next(tt.now))
		}
	}
	if a := (&Article{}); !a.Visible(before) || a.Overdue(after) || !a.Next(before).IsZero() {
		t.Error("an article without times is public at once")
	}
}

func TestNew(t *testing.T) {
	for _, title := range []string{"", `Quotes " and: colons # {{`, "new\nline \x1b \xff", strings.Repeat("ü", 300), "---"} {
		src := New("two-step_sign-in", title, 7)
		text, problems := ParseFile("help/mail/two-step_sign-in/en.md", src, Config{})
		a, more := Assemble("mail", "two-step_sign-in", map[string]*Text{"en": text}, []string{"en"})
		if len(problems)+len(more) > 0 || a == nil || a.State != Draft || a.ID != 7 {
			t.Errorf("%q: %v %v\n%s", title, problems, more, src)
			continue
		}
		d, problems := text.File.Expand(nil, markdown.Shape{Steps: a.Kind == Howto})
		if problems = append(problems, d.Check(nil)...); len(problems) > 0 {
			t.Error(problems)
		}
		if p := text.CheckFront(func(string, string) (string, error) { return "", nil }); len(p) > 0 {
			t.Error(p)
		}
		if title == "" && text.Title != "Two step sign in" {
			t.Errorf("title %q", text.Title)
		}
	}
}

func TestForms(t *testing.T) {
	for s, want := range map[string]bool{"a": true, "2fa": true, "A_b-c": true, "": false, "-a": false, "12": false, "ä": false, "a b": false, "a/b": false, strings.Repeat("a", 81): false} {
		if IsSlug(s) != want {
			t.Errorf("IsSlug(%q) = %v", s, !want)
		}
	}
	for s, want := range map[string]bool{"en": true, "nb": true, "pt-BR": true, "zh-Hant-TW": true, "EN": false, "english": false, "": false, "..": false} {
		if IsLanguage(s) != want {
			t.Errorf("IsLanguage(%q) = %v", s, !want)
		}
	}
	c := Category{ID: "mail", Name: map[string]string{"en": "Mail", "de": "Post"}}
	if got := []string{c.NameIn("de", "en"), c.NameIn("nb", "en"), Category{ID: "x"}.NameIn("de", "en")}; !slices.Equal(got, []string{"Post", "Mail", "x"}) {
		t.Error(got)
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte(fullFront))
	f.Add([]byte(front("was: [1]")))
	f.Fuzz(func(t *testing.T, src []byte) {
		text, _ := ParseFile("help/a/b/en.md", src, Config{Zone: oslo})
		a, _ := Assemble("a", "b", map[string]*Text{"en": text}, []string{"en"})
		if a == nil {
			return
		}
		d, _ := text.File.Expand(func(string) (*markdown.File, error) { return nil, fmt.Errorf("none") }, markdown.Shape{Steps: a.Kind == Howto})
		d.HTML(nil, markdown.Options{})
	})
}
