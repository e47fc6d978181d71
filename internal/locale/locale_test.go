package locale_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/locale"
	"signpost/web"
)

func load(t *testing.T) *locale.Catalogues {
	t.Helper()
	c, err := locale.Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWriting shows what each language makes of the same values.
func TestWriting(t *testing.T) {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	sydney := time.FixedZone("+11", 11*3600)
	summer := time.Date(2014, 10, 6, 0, 1, 0, 0, oslo)
	winter := time.Date(2014, 1, 9, 18, 0, 0, 0, oslo)
	c := load(t)
	for lang, want := range map[string][]string{
		"en": {
			"6 October 2014, 00:01 CEST", "18:00 CET", "Thursday 9 January 2014", "9 January", "October 2014", "9 January 2014, 18:00 UTC+11:00",
			"1,234,567", "1,234", "−999", "99.99%", "100%", "1 hour 20 minutes", "2 days 3 hours", "1 minute", "2 days ago", "IMAP, POP and SMTP",
		},
		"nb": {
			"6. oktober 2014 kl. 00.01 CEST", "kl. 18.00 CET", "torsdag 9. januar 2014", "9. januar", "oktober 2014", "9. januar 2014 kl. 18.00 UTC+11:00",
			"1\u00a0234\u00a0567", "1234", "−999", "99,99\u00a0%", "100\u00a0%", "1 time 20 minutter", "2 døgn 3 timer", "1 minutt", "for 2 dager siden", "IMAP, POP og SMTP",
		},
		"de": {
			"6. Oktober 2014, 00:01 Uhr (MESZ)", "18:00 Uhr (MEZ)", "Donnerstag, 9. Januar 2014", "9. Januar", "Oktober 2014", "9. Januar 2014, 18:00 Uhr (UTC+11:00)",
			"1.234.567", "1.234", "−999", "99,99\u00a0%", "100\u00a0%", "1 Stunde 20 Minuten", "2 Tage 3 Stunden", "1 Minute", "vor 2 Tagen", "IMAP, POP und SMTP",
		},
	} {
		l := c.For(lang)
		got := []string{
			l.DateTime(summer), l.TimeZone(winter), l.Weekday(winter), l.ShortDate(winter), l.Month(summer), l.DateTime(time.Date(2014, 1, 9, 18, 0, 0, 0, sydney)),
			l.Number(1234567), l.Number(1234), l.Number(-999), l.Percent(.99998), l.Percent(1), l.Duration(80 * time.Minute), l.Duration(51*time.Hour + time.Minute), l.Duration(0),
			l.Ago(winter, winter.Add(48*time.Hour)), l.List([]string{"IMAP", "POP", "SMTP"}),
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", lang, d)
		}
	}
}

func TestTexts(t *testing.T) {
	c := load(t)
	en := c.For("en")
	for want, got := range map[string]string{
		"1 result":              en.T("search.count", "n", 1),
		"1,200 results":         en.T("search.count", "n", 1200),
		"0 results":             en.T("search.count", "n", 0),
		"Results for “<b>”":     en.T("search.title", "query", "<b>"),
		"Results for “{query}”": en.T("search.title"),
		"no.such.key":           c.For("de").T("no.such.key"),
		"Deutsch":               c.For("de-AT").Name,
		"norsk bokmål":          c.For("nn").Name,
		"English":               c.For("ja").Name,
		"français":              c.For("fr-CA").Name,
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	offered := []string{"en", "nb", "de"}
	for accept, want := range map[string]string{
		"":                               "",
		"de-AT,de;q=0.9,en;q=0.8":        "de",
		"fr, no;q=0.5":                   "nb",
		"nn-NO":                          "nb",
		"en;q=0.2, de;q=0.3":             "de",
		"de;q=0, en;q=0.1":               "en",
		"fr":                             "",
		"*":                              "",
		"de;q=9, en":                     "en",
		"de;q=x, en;q=0.1":               "en",
		strings.Repeat("fr,", 50) + "de": "",
		";;;,,,;q=1":                     "",
	} {
		if got := locale.Match(accept, offered); got != want {
			t.Errorf("Match(%q) = %q, want %q", accept, got, want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"twice":      {"a: x\na: y", `"a" is there twice`},
		"brace":      {"a: '{x'", "a brace that does not enclose"},
		"plural":     {"a: {one: x, few: y}", `"few" is not a plural form`},
		"half":       {"a: {one: x}", "requires the plural forms one, other"},
		"list":       {"a: [x]", "neither a text nor plural forms"},
		"no mapping": {"x", "not a list of keys"},
		"no yaml":    {"a: [", "yaml"},
		"too large":  {strings.Repeat("#", locale.MaxSize+1), "larger than"},
	} {
		_, err := locale.Load(fstest.MapFS{"en.yaml": {Data: []byte(test.text)}})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	if _, err := locale.Load(fstest.MapFS{"de.yaml": {Data: []byte("a: b")}}); err == nil || !strings.Contains(err.Error(), "en.yaml is missing") {
		t.Errorf("without English: %v", err)
	}
}

func TestCheckFindsGaps(t *testing.T) {
	c, err := locale.Load(fstest.MapFS{
		"en.yaml": {Data: []byte("a: 'x {n}'\nb: {one: x, other: y}\nc: z\nlanguage.name: E\nlanguage.dir: ltr")},
		"de.yaml": {Data: []byte("a: 'x {m}'\nb: x\nd: z\nzone.CET: MEZ\nlanguage.name: D\nlanguage.dir: ltr")},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"de.yaml: a has the arguments [m], en has [n]",
		"de.yaml: b must have plural forms in both languages, or in neither",
		"de.yaml: c is missing",
		"de.yaml: d is not in en.yaml",
	}
	if d := cmp.Diff(want, c.Check()); d != "" {
		t.Error(d)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("de-AT,de;q=0.9,en;q=0.8")
	f.Fuzz(func(t *testing.T, accept string) {
		if got := locale.Match(accept, []string{"en", "de"}); got != "" && got != "en" && got != "de" {
			t.Errorf("%q was not offered", got)
		}
	})
}

// TestBuiltIn: every language of the program is complete, and counts as its
// speakers do. Forms after UTS 35 and CLDR; French counts 0 as one.
func TestBuiltIn(t *testing.T) {
	c := load(t)
	for _, gap := range c.Check() {
		t.Error(gap)
	}
	want := map[string]string{
		"en": "0 days, 1 day, 2 days, 3 days, 5 days, 11 days, 21 days, 100 days",
		"nb": "0 dager, 1 dag, 2 dager, 3 dager, 5 dager, 11 dager, 21 dager, 100 dager",
		"sv": "0 dagar, 1 dag, 2 dagar, 3 dagar, 5 dagar, 11 dagar, 21 dagar, 100 dagar",
		"da": "0 dage, 1 dag, 2 dage, 3 dage, 5 dage, 11 dage, 21 dage, 100 dage",
		"de": "0 Tage, 1 Tag, 2 Tage, 3 Tage, 5 Tage, 11 Tage, 21 Tage, 100 Tage",
		"nl": "0 dagen, 1 dag, 2 dagen, 3 dagen, 5 dagen, 11 dagen, 21 dagen, 100 dagen",
		"fr": "0 jour, 1 jour, 2 jours, 3 jours, 5 jours, 11 jours, 21 jours, 100 jours",
		"es": "0 días, 1 día, 2 días, 3 días, 5 días, 11 días, 21 días, 100 días",
		"it": "0 giorni, 1 giorno, 2 giorni, 3 giorni, 5 giorni, 11 giorni, 21 giorni, 100 giorni",
		"pl": "0 dni, 1 dzień, 2 dni, 3 dni, 5 dni, 11 dni, 21 dni, 100 dni",
	}
	got := map[string]string{}
	for _, tag := range c.Languages() {
		var days []string
		for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 100} {
			days = append(days, c.For(tag).T("report.days", "n", n))
		}
		got[tag] = strings.Join(days, ", ")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	var found []string
	for _, n := range []int{0, 1, 2, 3, 5, 11, 21, 22, 25, 100, 112, 122} {
		found = append(found, c.For("pl").T("search.count", "n", n))
	}
	if got, want := strings.Join(found, ", "), "0 wyników, 1 wynik, 2 wyniki, 3 wyniki, 5 wyników, 11 wyników, 21 wyników, 22 wyniki, 25 wyników, 100 wyników, 112 wyników, 122 wyniki"; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestMonths: months stand beside a day and alone as the language inflects
// them, and the first day has a form of its own where there is one.
func TestMonths(t *testing.T) {
	c := load(t)
	first := time.Date(2014, 10, 1, 9, 5, 0, 0, time.UTC)
	for tag, want := range map[string]string{
		"en": "1 October 2014 | October 2014 | 1 October 2014, 09:05 UTC",
		"sv": "1 oktober 2014 | oktober 2014 | 1 oktober 2014 kl. 09.05 UTC",
		"da": "1. oktober 2014 | oktober 2014 | 1. oktober 2014 kl. 09.05 UTC",
		"nl": "1 oktober 2014 | oktober 2014 | 1 oktober 2014 om 09:05 uur UTC",
		"fr": "1er octobre 2014 | octobre 2014 | 1er octobre 2014 à 09:05 UTC",
		"es": "1 de octubre de 2014 | octubre de 2014 | 1 de octubre de 2014, 09:05 UTC",
		"it": "1º ottobre 2014 | ottobre 2014 | 1º ottobre 2014, ore 09:05 UTC",
		"pl": "1 października 2014 | październik 2014 | 1 października 2014, 09:05 UTC",
	} {
		l := c.For(tag)
		if got := strings.Join([]string{l.Date(first), l.Month(first), l.DateTime(first)}, " | "); got != want {
			t.Errorf("%s: got %s, want %s", tag, got, want)
		}
	}
}
