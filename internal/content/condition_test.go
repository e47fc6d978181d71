package content_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/markdown"
	"signpost/internal/mail/provider"
)

// withoutPOP is the provider of the tests without POP.
var withoutPOP = strings.NewReplacer("  - {use: pop3, host: pop.example.com}\n", "",
	"except:\n  - {client: apple-mail, use: pop3, host: apop.example.com, auth: [apop, password], because: apop}\n", "").Replace(providerYAML)

// conditional is the small site with conditions everywhere.
func conditional(changes ...string) fstest.MapFS {
	return with(base(), append([]string{
		"help/mail/apop/en.md", "---\nid: 1001\ntitle: APOP of {{pop3.host}}\nneeds: [pop3]\nwas: [old-apop]\n---\nUse {{pop3.host}}.\n\n![x](none.svg)\n",
		"help/mail/apop/s.sieve", "# {{pop3.host}}\n",
		"help/mail/spam/en.md", "---\nid: 1002\ntitle: Spam\n---\nText.\n\n::: if pop3\nPOP at {{pop3.host}}: [[apop]].\n:::\n::: unless pop3\nNo POP.\n:::\n\n{{include quota}}\n",
		"help/mail/spam/de.md", "",
		"help/parts/quota/en.md", "::: if vars.quota\nYou have {{vars.quota}}.\n:::\n::: if link.orders\n[Order]({{link.orders}}) more.\n:::\n",
	}, changes...)...)
}

func TestConditions(t *testing.T) {
	full := load(t, conditional("help/mail/apop/none.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>`))
	if len(full.Problems) > 0 || slugs(full) != "apop spam" {
		t.Errorf("with POP: %s\n%v", slugs(full), full.Problems)
	}
	if got, want := text(full, "spam"), "Text.\n\nPOP at pop.example.com: APOP of pop.example.com (/help/apop).\n\nYou have 10 GB.\n"; got != want {
		t.Errorf("with POP:\n%s\nwant:\n%s", got, want)
	}
	less := load(t, conditional("providers/example.yaml", withoutPOP))
	if len(less.Problems) > 0 || slugs(less) != "spam" {
		t.Errorf("without POP: %s\n%v", slugs(less), less.Problems)
	}
	if got, want := text(less, "spam"), "Text.\n\nNo POP.\n\nYou have 10 GB.\n"; got != want {
		t.Errorf("without POP:\n%s\nwant:\n%s", got, want)
	}
	shelf := less.Shelf(content.Writers, now)
	for _, name := range []string{"apop", "1001", "old-apop"} {
		if a, _ := shelf.Find(name); a != nil {
			t.Errorf("%s is found", name)
		}
	}
	if less.Files["help/mail/apop/s.sieve"] != nil {
		t.Error("a file of the article that is left out is served")
	}
}

// A link to an article that is left out becomes text, with its title.
func TestLinksToWhatIsLeftOut(t *testing.T) {
	lib := load(t, conditional("providers/example.yaml", withoutPOP,
		"help/mail/spam/en.md", "---\nid: 1002\ntitle: Spam\n---\nSee [[1001]] and [this](../apop/en.md#a).\n"))
	if got, want := text(lib, "spam"), "See apop and this.\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	const warning = `help/mail/spam/en.md:5: warning: the link to apop is shown as text: the provider does not offer all that it needs (pop3) (put the sentence between "::: if pop3" and ":::")`
	if len(lib.Problems) != 1 || lib.Problems[0].String() != warning {
		t.Errorf("problems: %v", lib.Problems)
	}
}

// The archive of posts may name what the provider offered then.
func TestPostsAboutWhatIsLeftOut(t *testing.T) {
	post := func(state string) string {
		return "---\nkind: incident\ntitle: Down\naffects: [imap=down]\nhelp: [apop]\n---\n\n## 2026-11-22 10:00 investigating\n\nSee [[apop]].\n\n::: if pop3\nPOP.\n:::\n" + state
	}
	lib := load(t, conditional("providers/example.yaml", withoutPOP, "status/2026/2026-11-22-down.md", post("\n## 2026-11-22 11:00 resolved\n\nDone.\n")))
	if len(lib.Problems) > 0 {
		t.Errorf("closed: %v", lib.Problems)
	}
	lib = load(t, conditional("providers/example.yaml", withoutPOP, "status/2026/2026-11-22-down.md", post("")))
	if len(lib.Problems) != 1 || lib.Problems[0].Line != 10 || !strings.Contains(lib.Problems[0].Message, "the link to apop is shown as text") {
		t.Errorf("open: %v", lib.Problems)
	}
	p := lib.Board.Post("2026-11-22-down")
	doc, _ := lib.PostDoc(p, p.Updates[0].Body)
	if got := doc.Text(&content.Reader{Library: lib, Lang: "en"}, markdown.Options{}); strings.Contains(got, "POP.") {
		t.Errorf("the update says %q", got)
	}
}

// What a provider no longer offers is neither a loss to confirm nor an article
// that is gone.
func TestArticlesThatAreLeftOutAreNoLoss(t *testing.T) {
	mem, err := lastgood.Open("")
	if err != nil {
		t.Fatal(err)
	}
	loader := content.NewLoader(mem)
	files := conditional("help/mail/apop/none.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>`)
	for _, slug := range []string{"a", "b", "c", "d", "e"} {
		files["help/mail/pop-"+slug+"/en.md"] = &fstest.MapFile{Data: []byte("---\nid: 20" + string(slug[0]-'a'+'1') + "\ntitle: " + slug + "\nneeds: [pop3]\n---\nx\n")}
	}
	if lib, _ := loader.Load(files, now); len(lib.Articles) != 7 {
		t.Fatalf("%d articles: %v", len(lib.Articles), lib.Problems)
	}
	files["providers/example.yaml"] = &fstest.MapFile{Data: []byte(withoutPOP)}
	lib, _ := loader.Load(files, now)
	if len(lib.Problems) > 0 || len(lib.Articles) != 1 || len(lib.Removed) > 0 {
		t.Errorf("%d articles, removed %v: %v", len(lib.Articles), lib.Removed, lib.Problems)
	}
	for name := range files { // and their files may go now
		if strings.HasPrefix(name, "help/mail/pop-") {
			delete(files, name)
		}
	}
	lib, _ = loader.Load(files, now)
	if len(lib.Problems) > 0 || len(lib.Removed) > 0 {
		t.Errorf("removed %v: %v", lib.Removed, lib.Problems)
	}
	files["providers/example.yaml"] = &fstest.MapFile{Data: []byte(providerYAML)}
	if lib, _ = loader.Load(files, now); len(lib.Problems) > 0 || len(lib.Articles) != 2 {
		t.Errorf("with POP again: %d articles: %v", len(lib.Articles), lib.Problems)
	}
}

func TestConditionProblems(t *testing.T) {
	spam := func(front, body string) []string {
		return []string{"help/mail/spam/en.md", "---\nid: 1002\ntitle: Spam\n" + front + "---\n" + body + "\n", "help/mail/spam/de.md", ""}
	}
	tests := []struct {
		name    string
		changes []string
		want    string
	}{
		{"unknown need", spam("needs: [imap, popp3]\n", "x"), `help/mail/spam/en.md:4: error: needs: unknown condition "popp3" (did you mean "pop3"?)`},
		{"need of an own value that is nearly there", spam("needs:\n- imap\n- vars.qouta\n", "x"), `help/mail/spam/en.md:4: warning: needs: there is no vars.qouta, but there is vars.quota (write vars.quota, or take no notice if another provider of yours has it)`},
		{"in a part", append(spam("", "{{include p}}"), "help/parts/p/en.md", "a\n\n::: if vars.qouta\nb\n:::\n"), `help/parts/p/en.md:3: warning: there is no vars.qouta, but there is vars.quota (write vars.quota, or take no notice if another provider of yours has it)`},
		{"values that are shown", spam("", "::: if imap\n{{imap.hots}}\n:::"), `help/mail/spam/en.md:6: error: there is no value {{imap.hots}} (did you mean "imap.host"?)`},
		{"component that is no service", spam("services: [telegraph]\n", "x"), `help/mail/spam/en.md:4: error: there is no component "telegraph" in site.yaml (did you mean "imap"?)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			lib := load(t, with(base(), append(tt.changes, "help/mail/apop/en.md", "---\nid: 1001\ntitle: APOP\n---\nx\n")...))
			if len(lib.Problems) != 1 || !strings.HasPrefix(lib.Problems[0].String(), strings.Split(tt.want, " (did")[0]) {
				t.Errorf("got  %v\nwant %s", lib.Problems, tt.want)
			}
		})
	}
	lib := load(t, with(base(), spam("services: [imap, sieve, calendar]\n", "x")...))
	if a := lib.Named("spam"); len(lib.Problems) != 1 || !strings.Contains(lib.Problems[0].Message, `"calendar"`) || a == nil {
		t.Errorf("problems: %v", lib.Problems)
	}
	lib = load(t, with(base(), spam("services: [imap, sieve]\n", "x")...))
	if a := lib.Named("spam"); len(lib.Problems) > 0 || !slices.Equal(a.Services, []string{"imap"}) {
		t.Errorf("services %v, problems %v", a.Services, lib.Problems)
	}
}

// Whatever a description can offer is a word of conditions.
func TestOffersNameEveryUse(t *testing.T) {
	for _, use := range provider.Uses {
		if !slices.Contains(markdown.Offers(), string(use)) {
			t.Errorf("no condition can name %s", use)
		}
	}
	for _, word := range markdown.Offers() {
		if use := provider.UseNamed(word); !slices.Contains(provider.Uses, use) && !slices.Contains([]string{"webmail", "oauth", "mx", "spf", "dkim"}, word) {
			t.Errorf("no provider can offer %s", word)
		}
	}
}
