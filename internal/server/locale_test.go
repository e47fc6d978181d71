package server_test

import (
	"strings"
	"testing"
)

// TestOwnTexts: a site has a language that the program does not have, right to
// left, and words of its own; a change of them is seen at once.
func TestOwnTexts(t *testing.T) {
	t.Parallel()
	o := newAgentSite(t, "")
	writeFile(t, o.dir, "site.yaml", "name: Example Mail\nlanguages: [en, ar, fi]\n")
	writeFile(t, o.dir, "locale/ar.yaml", "nav.status: الحالة\nsearch.button: بحث\n")
	writeFile(t, o.dir, "locale/en.yaml", "search.button: Look it up\n")
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/ar/":                    {`<html lang="ar" dir="rtl">`, ">الحالة</a>", "<button>بحث</button>", `hreflang="fi"`, ">suomi</a>"},
		"/":                       {`<html lang="en" dir="ltr">`, "<button>Look it up</button>", ">العربية</a>"},
		"/fi/":                    {`<html lang="fi" dir="ltr">`, "<button>Look it up</button>"},
		"/ar/search?q=x":          {`dir="rtl"`, "<button>بحث</button>"},
		"/ar/help/apple-mail-pop": {`<article lang="en" dir="ltr"`},
		"/ar/nowhere":             {`dir="rtl"`, "<button>بحث</button>"},
	} {
		body := o.get(path).body
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s has no %q", path, w)
			}
		}
	}
	problems := ""
	for _, p := range o.live.Snapshot().Problems {
		problems += p.String() + "\n"
	}
	for _, want := range []string{`site.yaml:2: error: there are no interface texts in "fi"`, "signpost new locale fi", "locale/ar.yaml: warning: ", "texts are missing"} {
		if !strings.Contains(problems, want) {
			t.Errorf("no %q in\n%s", want, problems)
		}
	}
	writeFile(t, o.dir, "locale/en.yaml", "search.button: Find\n")
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	if body := o.get("/fi/").body; !strings.Contains(body, "<button>Find</button>") {
		t.Error("changed words are not shown")
	}
}
