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
