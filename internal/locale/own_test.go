package locale

import (
	"slices"
	"strings"
	"testing"

	"signpost/internal/lang"
	"signpost/web"
)

func load(t *testing.T) *Catalogues {
	t.Helper()
	c, err := Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDraft: what translators start from is whole, in the forms of their
// language, and changes nothing by itself.
func TestDraft(t *testing.T) {
	c := load(t)
	for _, tag := range []string{"ar", "pl", "ja", "en", "de-AT"} {
		draft := c.Draft(tag)
		own, problems := c.ParseOwn("locale/"+tag+".yaml", draft)
		if len(problems) > 0 {
			t.Errorf("%s: %v", tag, problems)
		}
		if c.Knows(tag) {
			if len(own.texts) > 0 || c.With([]*Own{own}, []string{"en"}) != c {
				t.Errorf("%s: a draft changes texts", tag)
			}
			continue
		}
		l := c.With([]*Own{own}, []string{"en", tag}).For(tag)
		if l.Tag != tag || l.T("setup.title") != c.For("en").T("setup.title") {
			t.Errorf("%s: %s %q", tag, l.Tag, l.T("setup.title"))
		}
	}
	forms := string(c.Draft("ar"))
	for _, form := range lang.PluralOf("ar").Forms() {
		if !strings.Contains(forms, "\n  "+form+": \"") {
			t.Errorf("no form %q", form)
		}
	}
}

func TestParseOwn(t *testing.T) {
	c := load(t)
	for _, tt := range []struct{ file, text, says string }{
		{"en.yaml", "nav.setup: Settings\n", ""},
		{"en.yaml", "", ""},
		{"en.yaml", "# nothing\n", ""},
		{"fr.yaml", "nav.setup: Configurer\n", "texts are missing"},
		{"en.yaml", "nav.setpu: Settings\n", `did you mean "nav.setup"`},
		{"en.yaml", "nav:\n  setup: Settings\n", "keys are not nested"},
		{"en.yaml", "nav.setup: {one: A, other: B}\n", "counts nothing"},
		{"en.yaml", "nav.setup: A\nnav.setup: B\n", "is there twice"},
		{"en.yaml", "setup.foreign: Mail of {domian} is elsewhere\n", "has no argument {domian}"},
		{"pl.yaml", "qr.in: {one: A, two: B, other: C}\n", "forms"},
		{"en.yaml", "nav.setup: {one: A\n", ""},
		{"en.yaml", "- nav.setup\n", "not a list of keys"},
		{"x_y.yaml", "nav.setup: A\n", "not the tag of a language"},
		{"en.yaml", strings.Repeat("# much\n", MaxSize/7+1), "larger than"},
	} {
		own, problems := c.ParseOwn("locale/"+tt.file, []byte(tt.text))
		all := ""
		for _, p := range problems {
			all += p.String() + "\n"
		}
		if tt.says == "" && strings.HasSuffix(tt.text, "{one: A\n") { // what the YAML library says of it
			if !problems.HasErrors() {
				t.Error("broken YAML is not an error")
			}
			continue
		}
		if tt.says == "" && all != "" || !strings.Contains(all, tt.says) {
			t.Errorf("%s %.40q: %q, want %q", tt.file, tt.text, all, tt.says)
		}
		if own == nil {
			t.Errorf("%s: nothing could be read", tt.file)
		}
	}
}

// TestWith: a language of the folder has its own texts, direction and name;
// single words replace those of the program, also where they stand in for
// another language.
func TestWith(t *testing.T) {
	c := load(t)
	ar, _ := c.ParseOwn("locale/ar.yaml", []byte("nav.setup: إعداد البريد\n"))
	en, _ := c.ParseOwn("locale/en.yaml", []byte("nav.contact: Talk to us\n"))
	w := c.With([]*Own{ar, en}, []string{"en", "ar", "he", "sv-FI"})
	for _, tt := range []struct{ tag, dir, name, setup, contact string }{
		{"ar", "rtl", "العربية", "إعداد البريد", "Talk to us"},
		{"he", "rtl", "עברית", c.For("en").T("nav.setup"), "Talk to us"},
		{"en", "ltr", "English", c.For("en").T("nav.setup"), "Talk to us"},
		{"de", "ltr", "Deutsch", c.For("de").T("nav.setup"), c.For("de").T("nav.contact")},
	} {
		l := w.For(tt.tag)
		if l.Tag != tt.tag || l.Dir != tt.dir || l.Name != tt.name || l.T("nav.setup") != tt.setup || l.T("nav.contact") != tt.contact {
			t.Errorf("%s: %s %s %q %q %q", tt.tag, l.Tag, l.Dir, l.Name, l.T("nav.setup"), l.T("nav.contact"))
		}
	}
	if !slices.Contains(w.Languages(), "ar") || c.For("ar").Tag != "en" || c.For("en").T("nav.contact") == "Talk to us" {
		t.Error("the program's own catalogues changed, or a language is missing")
	}
	for tag, want := range map[string]string{"de": "Französisch", "en": "French", "ar": "الفرنسية"} {
		if got := w.For(tag).T("lang.fr"); got != want {
			t.Errorf("French in %s is %q", tag, got)
		}
	}
}
