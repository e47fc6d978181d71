package status

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/locale"
	"signpost/web"
)

const translatedPost = "---\ntitle: Mail is late\ntitle_nb: E-post er forsinket\nkind: incident\naffects: imap=degraded\n---\nIntro\n\n" +
	"## 2014-10-06 10:00 investigating {#a}\nWe look.\n## 11:00 identified\nA switch.\n## 12:00 resolved\nWell.\n"

// translate joins a post with a text, and returns the problems without hints.
func translate(t *testing.T, post, name, text string) (*Post, []string) {
	t.Helper()
	p := mustParse(t, "x", post)
	tr, problems := ParseTranslation("status/"+name, []byte(text))
	if tr != nil {
		problems = append(problems, p.Translate(tr, sample(t))...)
	}
	var list []string
	for _, x := range problems {
		list = append(list, strings.TrimPrefix(x.String(), "status/"))
	}
	return p, list
}

func TestTranslation(t *testing.T) {
	p, problems := translate(t, translatedPost, "x.de.md", "---\ntitle: Verspätete   Post\nexpect: Eine Verzögerung\n---\nEinleitung\n\n## {#a}\nWir sehen nach.\n### Mehr\n\n## {#20141006T1000Z}\nWieder gut.\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var texts []string
	for _, u := range p.Updates {
		for _, b := range p.TextOf(u, "de") {
			texts = append(texts, p.BodyLang(b)+": "+b.Source)
		}
	}
	want := []string{"de: Einleitung", "de: Wir sehen nach.\n### Mehr", "en: A switch.", "de: Wieder gut."}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if p.Title.In("de") != "Verspätete Post" || p.Title.In("nb") != "E-post er forsinket" || p.Expect.In("de") != "Eine Verzögerung" || p.Translations["de"] != "status/x.de.md" {
		t.Errorf("%q, %q, %q", p.Title, p.Expect, p.Translations)
	}
	if b := p.Updates[2].In("de"); b.Path != "status/x.de.md" || b.Line != 12 {
		t.Errorf("place of a text: %s:%d", b.Path, b.Line)
	}
	if got := p.TextOf(p.Updates[0], "fr", "nb"); got[0].Source != "Intro" || got[1].Source != "We look." {
		t.Errorf("a language without texts: %v", got)
	}
}

// The text of a post without headings is what stands above them.
func TestTranslationWithoutHeadings(t *testing.T) {
	p, problems := translate(t, "---\nkind: notice\ntitle: T\ndate: 2014-10-06\n---\nText\n", "x.nb.md", "Tekst\n")
	if len(problems) > 0 || p.TextOf(p.Updates[0], "nb")[0].Source != "Tekst" || p.SummaryIn("nb").Source != "Tekst" {
		t.Errorf("%v: %+v", problems, p.Updates[0])
	}
}

func TestTranslationProblems(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"time in a heading", "x.de.md", "## 11:00 identified {#a}\nx", `x.de.md:1: error: "## 11:00 identified {#a}" is not the heading of a translated update: times, states and components stand only in the post itself (write ## {#ID} with the id of the update in x.md)`},
		{"no id", "x.de.md", "## Ursache\nx", `x.de.md:1: error: "## Ursache" is not the heading of a translated update: times, states and components stand only in the post itself (write ## {#ID} with the id of the update in x.md)`},
		{"unknown id", "x.de.md", "## {#aa}\nx", `x.de.md:1: warning: x.md has no update "aa" (did you mean "a"?)`},
		{"twice", "x.de.md", "## {#a}\nx\n## {#A}\ny", `x.de.md:3: error: the update "A" is translated twice (keep one of the two)`},
		{"components", "x.de.md", "---\ntitle: T\naffects: imap\n---\n", `x.de.md:3: error: unknown key "affects" (a translation has title, expect, who, unaffected_text, action, workaround; all else stands in x.md)`},
		{"title twice", "x.nb.md", "---\ntitle: T\n---\n", `x.nb.md:2: error: title is translated twice (take one out: title here, or title_nb on line 3 of x.md)`},
		{"language of the post", "x.en.md", "Text", `x.en.md:1: error: the post itself is in "en" (name it after the language of its text, or write it into x.md)`},
		{"language of nobody", "x.fr.md", "Text", `x.fr.md: warning: "fr" is not a language of this site; the file is not used (known: de, en, nb)`},
		{"another form of heading", "x.de.md", "Text\n---\n", `x.de.md:2: error: a line under "Text" makes it a heading of the second level, which is only for updates (write ### and a space before it, or leave a line empty before the dashes)`},
		{"unclear day", "x.de.md", "## {#a}\nHeute geht nichts.", `x.de.md:2: warning: "Heute" means another day to later readers (write the day: the post is read for years, and in other time zones)`},
	}
	for _, tt := range tests {
		p, problems := translate(t, translatedPost, tt.file, tt.text)
		if diff := cmp.Diff([]string{tt.want}, problems); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
		if strings.Contains(tt.want, "error") && (len(p.Summaries) > 0 || len(p.Updates[0].Bodies) > 0) {
			t.Errorf("%s: the text is used all the same", tt.name)
		}
	}
}

func TestTranslationOf(t *testing.T) {
	for file, want := range map[string]string{
		"status/2026/x.de.md": "status/2026/x.md de", "status/x.pt-BR.md": "status/x.md pt-BR", "status/x.md": "", "status/x.Deutsch.md": "", "status/.de.md": "",
	} {
		post, lang, _ := TranslationOf(file)
		if got := strings.TrimSpace(post + " " + lang); got != want {
			t.Errorf("%s: %q", file, got)
		}
		if want != "" && TranslationPath(post, lang) != file {
			t.Errorf("%s: back to %s", file, TranslationPath(post, lang))
		}
	}
}

// Without a title, kind and components make one in every language, which stays
// as it is whatever happens later.
func TestMadeTitles(t *testing.T) {
	words, err := locale.Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	cfg := sample(t)
	cfg.Words = words.For
	cfg.Components[4].Name = map[string]string{"en": "Spam filter", "nb": "Søppelpostfilter", "de": "Spamfilter"}
	tests := []struct{ front, want string }{
		{"kind: incident\naffects: imap=degraded pop=down\ndate: 2014-10-06", "de IMAP, POP: nicht erreichbar; en IMAP, POP: not available; nb IMAP, POP: ikke tilgjengelig"},
		{"kind: incident\naffects: spam-filter=degraded\ndate: 2014-10-06", "de Spamfilter: langsamer als sonst; en Spam filter: slower than usual; nb Søppelpostfilter: tregere enn vanlig"},
		{"kind: maintenance\naffects: mail\nstarts: 2014-10-06 10:00\nlasts: 1h", "de Geplante Wartung: E-mail; en Planned maintenance: E-mail; nb Planlagt vedlikehold: E-mail"},
		{"kind: incident\ndate: 2014-10-06\ntitle_nb: Noe er galt", "de Störung; en Incident; nb Noe er galt"},
		{"kind: notice\nlang: de\naffects: spam-filter\ndate: 2014-10-06", "de Mitteilung: Spamfilter; en Notice: Spam filter; nb Melding: Søppelpostfilter"},
		{"kind: incident\n---\n## 2014-10-06 10:00 investigating\n## 11:00 identified imap=partial\n## 12:00 monitoring imap=down pop=down\n", "de IMAP: teilweise nicht erreichbar; en IMAP: partly not available; nb IMAP: delvis ikke tilgjengelig"},
	}
	for _, tt := range tests {
		p, problems := Parse("status/x.md", []byte("---\n"+tt.front+"\n---\n"), cfg)
		if p == nil {
			t.Fatal(problems)
		}
		var got []string
		for _, lang := range slices.Sorted(maps.Keys(p.Title)) {
			if lang != "" {
				got = append(got, lang+" "+p.Title[lang])
			}
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" || p.Title[""] != p.Title[p.Lang] {
			t.Errorf("%s: %s %q", tt.front, diff, p.Title[""])
		}
	}
}

// Moments that are well written and cannot be meant are warned about.
func TestMomentsThatCannotBeMeant(t *testing.T) {
	now := clock(t, "2014-10-06T12:00:00Z")
	const when = "check the year, the month and the day"
	tests := []struct{ name, src, want string }{
		{"announced after a week", "kind: maintenance\naffects: imap\nstarts: 2014-09-01 10:00\nlasts: 1h\n---\n## 2014-10-06 10:00 scheduled\n", "5: the planned work ended on 2014-09-01 11:00 CEST, more than a week before it was announced | " + when},
		{"announced after a day", "kind: maintenance\naffects: imap\nstarts: 2014-10-05 10:00\nlasts: 1h\n---\n## 2014-10-06 10:00 scheduled\n", ""},
		{"moved into the past", "kind: maintenance\naffects: imap\nstarts: 2014-10-07 10:00\nlasts: 1h\n---\n## 2014-10-06 10:00 scheduled starts=2013-10-07T10:00 ends=2013-10-07T11:00\n", "8: the planned work ended on 2013-10-07 11:00 CEST, more than a week before it was announced | " + when},
		{"nobody knows when announced", "kind: maintenance\naffects: imap\nstarts: 2013-09-01 10:00\nlasts: 1h\n---\n", ""},
		{"months long", "kind: maintenance\naffects: imap\nstarts: 2014-11-01 10:00\nends: 2015-11-01 11:00\n---\n", "5: the planned work lasts from 2014-11-01 10:00 CET to 2015-11-01 11:00 CET | " + when},
		{"years ahead", "kind: maintenance\naffects: imap\nstarts: 2041-11-01 10:00\nlasts: 1h\n---\n", "5: the planned work begins on 2041-11-01 10:00 CET, years after it is announced | " + when},
		{"incident of the future", "kind: incident\n---\n## 2014-11-06 10:00 investigating imap=down\n## 2014-11-06 11:00 resolved\n", "5: the incident begins in the future, 2014-11-06 10:00 CET, and is shown only then | " + when + "; planned work is kind: maintenance"},
		{"update of the future", "kind: incident\n---\n## 2014-10-06 10:00 investigating imap=down\n## 2014-11-06 11:00 resolved\n", "6: the update of 2014-11-06 11:00 CET has not come yet | " + when + "; the update is shown only then"},
		{"notice of the future", "kind: notice\n---\n## 2014-11-06 10:00 published\n", ""},
		{"a clock that is ahead", "kind: incident\n---\n## 2014-10-06 14:04 investigating imap=down\n", ""},
		{"expires before", "kind: notice\nexpires: 2013-12-01\ndate: 2014-10-01\n---\n", "4: expires: 2013-12-01 is before the post begins, 2014-10-01 | " + when},
		{"pinned until before", "kind: notice\npin: until 2013-12-01\ndate: 2014-10-01\n---\n", "4: pin: 2013-12-01 is before the post begins, 2014-10-01 | " + when},
	}
	for _, tt := range tests {
		cfg := sample(t)
		cfg.Now = now
		p, problems := Parse("status/x.md", []byte("---\ntitle: T\n"+tt.src), cfg)
		if p == nil {
			t.Fatalf("%s: %v", tt.name, problems)
		}
		got := ""
		for _, x := range problems {
			got += strings.TrimSuffix(strings.TrimPrefix(strings.Replace(strings.Replace(x.String(), " (", " | ", 1), "warning: ", "", 1), "status/x.md:"), ")")
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}
