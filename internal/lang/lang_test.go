package lang

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"signpost/web"
)

// optional names what not every language has.
var optional = []string{
	"Aliases", "Search.Stemmer", "Search.Compounds", "Search.Linking", "Search.Separable", "Detect.Letters", "Detect.Script",
	"Mail.Addressed", "Mail.Apps", "Mail.Clients", "Trouble.Short",
}

// missing names each piece that a language of the interface lacks.
func missing(l *Language) []string {
	var out []string
	gaps(reflect.ValueOf(*l), "", &out)
	return out
}

func gaps(v reflect.Value, name string, out *[]string) {
	switch {
	case slices.Contains(optional, name):
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			gaps(v.Field(i), strings.TrimPrefix(name+"."+v.Type().Field(i).Name, "."), out)
		}
	case v.Kind() == reflect.Map:
		for _, p := range Parts() {
			if e := v.MapIndex(reflect.ValueOf(p)); !e.IsValid() || e.Len() == 0 {
				*out = append(*out, fmt.Sprintf("%s[%s]", name, p))
			}
		}
	case v.IsZero():
		*out = append(*out, name)
	}
}

// ticketsOnly are languages of the interface whose words are known as far as
// reading tickets needs them. Their searches go by the words as they are typed,
// and no incident is offered for what a message says in them but for the English
// words of programs: silence, not guesses.
var ticketsOnly = []string{"da", "es", "fr", "it", "nl", "pl", "sv"}

// forTickets reports whether a piece is needed to read tickets.
func forTickets(piece string) bool {
	return strings.HasPrefix(piece, "Mail.") && piece != "Mail.Web" && piece != "Mail.On" || strings.HasPrefix(piece, "Detect.")
}

// TestInterfaceLanguagesAreComplete: a catalogue of interface texts requires
// everything that this package knows of a language, or of its tickets.
func TestInterfaceLanguagesAreComplete(t *testing.T) {
	catalogues, err := fs.Glob(web.Locale(), "*.yaml")
	if err != nil || len(catalogues) < 3 {
		t.Fatalf("catalogues: %v, %v", catalogues, err)
	}
	for _, file := range catalogues {
		tag := strings.TrimSuffix(filepath.Base(file), ".yaml")
		l := Of(tag)
		if l == nil {
			t.Errorf("web/locale/%s has no file internal/lang/%s.go", file, tag)
			continue
		}
		lacks := missing(l)
		if slices.Contains(ticketsOnly, tag) {
			if len(lacks) == 0 {
				t.Errorf("%s.go is complete and does not belong among those for tickets only", tag)
			}
			lacks = slices.DeleteFunc(lacks, func(m string) bool { return !forTickets(m) })
		}
		for _, m := range lacks {
			t.Errorf("%s.go lacks %s", tag, m)
		}
	}
}

// TestMissing sees to it that an incomplete language is described in full.
func TestMissing(t *testing.T) {
	l := *Of("en")
	if got := missing(&l); len(got) > 0 {
		t.Fatalf("English lacks %v", got)
	}
	l.Search.Stop, l.Mail.Head.Sent, l.Days = nil, nil, nil
	l.Trouble.Symptoms = map[Part][]string{}
	for _, p := range Parts()[1:] {
		l.Trouble.Symptoms[p] = []string{"x"}
	}
	want := []string{"Search.Stop", "Mail.Head.Sent", "Trouble.Symptoms[imap]", "Days"}
	if d := cmp.Diff(want, missing(&l)); d != "" {
		t.Error(d)
	}
	if n := len(missing(&Language{Tag: "eo"})); n < 40 {
		t.Errorf("an empty language lacks %d pieces only", n)
	}
}

// TestLists: every list is as its consumers read it.
func TestLists(t *testing.T) {
	for _, l := range All() {
		if tag, err := language.Parse(l.Tag); err != nil || tag.String() != l.Tag {
			t.Errorf("%s: not a canonical tag: %v", l.Tag, err)
		}
		eachList(reflect.ValueOf(*l), l.Tag, func(name string, list []string) {
			seen := map[string]bool{}
			for _, p := range list {
				switch {
				case p != strings.Join(strings.Fields(p), " "):
					t.Errorf("%s: %q has blanks at its ends or in a row", name, p)
				case p != strings.ToLower(p) && !strings.HasSuffix(name, "Aliases"):
					t.Errorf("%s: %q is not in lower case", name, p)
				case !norm.NFC.IsNormalString(p):
					t.Errorf("%s: %q is not composed (NFC)", name, p)
				case seen[p]:
					t.Errorf("%s: %q is there twice", name, p)
				case !strings.ContainsFunc(p, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
					t.Errorf("%s: %q has no letter", name, p)
				case strings.Contains(strings.ReplaceAll(p, " * ", " "), "* *"):
					t.Errorf("%s: %q has two stars in a row", name, p)
				}
				seen[p] = true
			}
		})
		for _, w := range l.Search.Ask {
			if !slices.Contains(l.Search.Stop, w) {
				t.Errorf("%s: the question word %q is not a stop word", l.Tag, w)
			}
		}
	}
}

func eachList(v reflect.Value, name string, check func(string, []string)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			eachList(v.Field(i), name+"."+v.Type().Field(i).Name, check)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if p, ok := k.Interface().(Part); ok && !slices.Contains(Parts(), p) {
				check(name, []string{"*"})
			}
			eachList(v.MapIndex(k), name+"."+k.String(), check)
		}
	case reflect.Slice:
		check(name, v.Interface().([]string))
	}
}

func TestOf(t *testing.T) {
	for tag, want := range map[string]string{
		"de": "de", "de-AT": "de", "DE-at": "de", "nn-NO": "nb", "no": "nb", "pt-BR": "pt", "zh-Hant": "", "": "", "-": "", "deu": "",
	} {
		got := ""
		if l := Of(tag); l != nil {
			got = l.Tag
		}
		if got != want {
			t.Errorf("Of(%q) is %q, want %q", tag, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	offered := []string{"en", "nb", "de", "pt-BR", "zh-Hant"}
	for tag, want := range map[string]string{
		"de-AT": "de", "de": "de", "DE": "de", "no": "nb", "nn-NO": "nb", "pt": "", "pt-br": "pt-BR", "pt-PT": "",
		"zh-Hant-TW": "zh-Hant", "zh": "", "fr": "", "": "", "*": "", "den": "",
	} {
		if got := Match(tag, offered); got != want {
			t.Errorf("Match(%q) = %q, want %q", tag, got, want)
		}
	}
	if got := Match("nb", []string{"en", "no"}); got != "no" {
		t.Errorf("nb finds %q among en and no", got)
	}
	if got := Match("nn", []string{"nb", "nn"}); got != "nn" {
		t.Errorf("nn finds %q among nb and nn", got)
	}
}

func TestPlural(t *testing.T) {
	for tag, want := range map[string]struct {
		forms string
		of    string // the forms for 0, 1, 2, 5, 21, 100, 1000000
	}{
		"en":    {"one other", "other one other other other other other"},
		"de-AT": {"one other", "other one other other other other other"},
		"nb":    {"one other", "other one other other other other other"},
		"fr":    {"one other", "one one other other other other other"},
		"pl":    {"one few many other", "many one few many many many many"},
		"ru":    {"one few many other", "many one few many one many many"},
		"ja":    {"other", "other other other other other other other"},
		"ar":    {"zero one two few many other", "zero one two few many other other"},
		"":      {"other", "other other other other other other other"},
		"x y":   {"other", "other other other other other other other"},
	} {
		r := PluralOf(tag)
		var of []string
		for _, n := range []int{0, 1, 2, 5, 21, 100, 1000000} {
			of = append(of, r.Form(n))
		}
		if got := strings.Join(of, " "); got != want.of {
			t.Errorf("%q: %s, want %s", tag, got, want.of)
		}
		if got := strings.Join(r.Forms(), " "); got != want.forms {
			t.Errorf("%q has the forms %s, want %s", tag, got, want.forms)
		}
	}
	if got := PluralOf("en").Form(-1); got != "one" {
		t.Errorf("-1 is %s", got)
	}
}
