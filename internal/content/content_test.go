package content_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"signpost/articles"
	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/markdown"
	"signpost/internal/content/source"
	"signpost/internal/problem"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const providerYAML = `provider: example.com
name: Example Mail
domains: [example.com]
services:
  - {use: imap, host: imap.example.com}
  - {use: pop3, host: pop.example.com}
  - {use: submit, host: smtp.example.com}
except:
  - {client: apple-mail, use: pop3, host: apop.example.com, auth: [apop, password], because: apop}
vars: {quota: 10 GB}
`

// base is a small site without problems; a test changes some of its files.
func base() map[string]string {
	return map[string]string{
		"site.yaml":              "name: Test\nlanguages: [en, de]\ndefault_provider: example.com\ntime_zone: Europe/Oslo\ncomponents:\n  - {id: imap, name: IMAP}\n",
		"providers/example.yaml": providerYAML,
		"help/mail/apop/en.md":   "---\nid: 1001\ntitle: APOP\nservices: [imap]\n---\nUse {{pop3.host for apple-mail}}. See [[spam]].\n",
		"help/mail/spam/en.md":   "---\nid: 1002\ntitle: Spam\n---\n## Train {#train}\n\nText of {{provider.name}}.\n",
		"help/mail/spam/de.md":   "---\ntitle: Spam-Filter\n---\n## Trainieren {#train}\n\nText.\n",
	}
}

func with(files map[string]string, changes ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			delete(m, changes[i])
		} else {
			m[changes[i]] = &fstest.MapFile{Data: []byte(changes[i+1])}
		}
	}
	return m
}

func newLoader(t *testing.T) *content.Loader {
	t.Helper()
	mem, err := lastgood.Open("")
	if err != nil {
		t.Fatal(err)
	}
	return content.NewLoader(mem)
}

func load(t *testing.T, fsys fstest.MapFS) *content.Library {
	t.Helper()
	lib, err := newLoader(t).Load(fsys, now)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func slugs(lib *content.Library) string {
	var list []string
	for _, a := range lib.Shelf(content.Customers, now).Articles {
		list = append(list, a.Slug)
	}
	return strings.Join(list, " ")
}

func text(lib *content.Library, slug string) string {
	a := lib.Named(slug)
	if a == nil {
		return ""
	}
	r := &content.Reader{Library: lib, Shelf: lib.Shelf(content.Customers, now), Lang: "en"}
	return lib.Doc(a.Texts[a.Main]).Text(r, markdown.Options{})
}

func TestBaseHasNoProblems(t *testing.T) {
	lib := load(t, with(base()))
	if len(lib.Problems) > 0 {
		t.Errorf("problems:\n%v", lib.Problems)
	}
	if got := slugs(lib); got != "apop spam" {
		t.Errorf("articles: %s", got)
	}
	if got := text(lib, "apop"); !strings.Contains(got, "Use apop.example.com. See Spam") {
		t.Errorf("text of apop: %q", got)
	}
}

func TestSampleSiteHasNoProblems(t *testing.T) {
	mem, _ := lastgood.Open("")
	lib, err := content.NewLoader(mem).Load(articles.FS, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range lib.Problems {
		t.Error(p)
	}
	full := map[string]int{}
	for _, a := range lib.Articles {
		for _, lang := range a.Languages() {
			full[lang]++
		}
	}
	if full["en"] < 30 || full["nb"] < 10 || full["de"] < 10 {
		t.Errorf("articles by language: %v; want 30 en, 10 nb, 10 de", full)
	}
	if n := len(lib.Site.Categories); n < 8 {
		t.Errorf("%d categories", n)
	}
	if n := len(lib.Board.Posts); n != 10 {
		t.Errorf("%d posts in the archive, want 10", n)
	}
}

// Each bad input gets a message with file and line, and the rest is served.
func TestBadInput(t *testing.T) {
	bomb := []string{}
	for i := range 10 {
		var b strings.Builder
		for j := range 10 {
			fmt.Fprintf(&b, "{{include part%d}}\n\n", (i+j+1)%10)
		}
		bomb = append(bomb, fmt.Sprintf("help/parts/part%d/en.md", i), b.String()+strings.Repeat("text ", 1000))
	}
	for _, tt := range []struct {
		name    string
		changes []string
		want    string // beginning of a problem
		served  string
	}{
		{"front matter is not YAML", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: a: b: c\n---\nx\n"}, "help/mail/bad/en.md:3: error: this is not YAML", "apop spam"},
		{"unknown key", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitel: x\ntitle: x\n---\nx\n"}, `help/mail/bad/en.md:3: error: unknown key "titel" (did you mean "title"?)`, "apop spam"},
		{"front matter does not end", []string{"help/mail/bad/en.md", "---\nid: 1003\n"}, "help/mail/bad/en.md:1: error:", "apop spam"},
		{"no id", []string{"help/mail/bad/en.md", "---\ntitle: x\n---\nx\n"}, "help/mail/bad/en.md:", "apop spam"},
		{"two articles with one id", []string{"help/mail/zwei/en.md", "---\nid: 1002\ntitle: x\n---\nx\n"}, "help/mail/zwei/en.md:2: error: the id 1002 is already that of help/mail/spam/en.md", "apop spam"},
		{"two articles with one slug", []string{"help/other/SPAM/en.md", "---\nid: 1003\ntitle: x\n---\nx\n"}, `help/other/SPAM/en.md: error: the name "SPAM" is already that of help/mail/spam`, "apop spam"},
		{"include loop", []string{"help/parts/a/en.md", "{{include b}}\n", "help/parts/b/en.md", "{{include a}}\n", "help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n{{include a}}\n"}, "help/parts/b/en.md:1: error:", "apop spam"},
		{"includes of a gigabyte", append(bomb, "help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n{{include part0}}\n"), "help/parts/part", "apop spam"},
		{"part with front matter", []string{"help/parts/a/en.md", "---\nid: 1003\n---\nx\n"}, "help/parts/a/en.md:1: warning: this is a piece to include, which has no front matter", "apop spam"},
		{"unknown part", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n{{include pasword}}\n", "help/parts/password/en.md", "x\n"}, `help/mail/bad/en.md:5: error: there is no part "pasword" in help/parts (did you mean "password"?)`, "apop spam"},
		{"link to a missing anchor", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n\n[[spam#trian]]\n"}, `help/mail/bad/en.md:6: error: spam has no anchor "trian" (did you mean "train"?)`, "apop bad spam"},
		{"link to a missing article", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n[[spma]]\n"}, `help/mail/bad/en.md:5: error: there is no article "spma" (did you mean "spam"?)`, "apop bad spam"},
		{"link to a missing file", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n[x](filter.sieve)\n"}, `help/mail/bad/en.md:5: error: there is no file "help/mail/bad/filter.sieve"`, "apop bad spam"},
		{"unknown value", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n{{imap.hots}}\n"}, `help/mail/bad/en.md:5: error: there is no value {{imap.hots}} (did you mean "imap.host"?)`, "apop spam"},
		{"unknown value of a client", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n{{pop3.host for aple-mail}}\n"}, `help/mail/bad/en.md:5: error: there is no value {{pop3.host for aple-mail}} (did you mean "pop3.host for apple-mail"?)`, "apop spam"},
		{"unknown category", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n[x](/topics/mial) [y](/topics/mail)\n"}, `help/mail/bad/en.md:5: error: there is no category "mial" (did you mean "mail"?)`, "apop bad spam"},
		{"own host spelled out", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\nUse `imap.example.com`.\n"}, "help/mail/bad/en.md:5: error: the host name imap.example.com is spelled out (write {{imap.host}})", "apop bad spam"},
		{"own host of one client", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\nsummary: Use apop.example.com\n---\nx\n"}, "help/mail/bad/en.md:4: error: the host name apop.example.com is spelled out (write {{pop3.host for apple-mail}})", "apop bad spam"},
		{"20 MB", []string{"help/mail/bad/en.md", strings.Repeat("x", 20<<20)}, "help/mail/bad/en.md: error: this file cannot be read: the file is too large: 20971520 bytes", "apop spam"},
		{"invalid UTF-8", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\nb\xffd\n"}, "help/mail/bad/en.md:5: error:", "apop spam"},
		{"broken picture", []string{"help/mail/spam/a.png", "no picture"}, "help/mail/spam/a.png: warning: the size of this picture cannot be read", "apop spam"},
		{"missing picture", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n![Alt](b.png)\n"}, `help/mail/bad/en.md:5: error: there is no picture "b.png" beside the file`, "apop bad spam"},
		{"unknown component", []string{"help/mail/bad/en.md", "---\nid: 1003\ntitle: x\nservices: [imp]\n---\nx\n"}, `help/mail/bad/en.md:4: error: there is no component "imp" in site.yaml (did you mean "imap"?)`, "apop bad spam"},
		{"language of no site", []string{"help/mail/spam/fr.md", "---\ntitle: x\n---\nx\n"}, `help/mail/spam/fr.md: warning: "fr" is not a language of this site`, "apop spam"},
		{"file at no place", []string{"help/spam.md", "x"}, "help/spam.md: warning: this file is not used (articles are help/CATEGORY/SLUG/LANGUAGE.md", "apop spam"},
		{"site.yaml is not YAML", []string{"site.yaml", "name: [\n"}, "site.yaml:", "apop spam"},
		{"unknown key of the site", []string{"site.yaml", "name: x\ntimezone: Europe/Oslo\ncomponents: [{id: imap}]\n"}, `site.yaml:2: error: unknown key "timezone" (did you mean "time_zone"?)`, "apop spam"},
		{"line of the provider", []string{"site.yaml", "name: x\ndefault_provider: exampel.com\ncomponents: [{id: imap}]\n"}, `site.yaml:2: error: the default provider "exampel.com" has no description (did you mean "example.com"?)`, "apop spam"},
		{"address of nobody", []string{"site.yaml", "name: x\ncontact: {email: support}\ncomponents: [{id: imap}]\n"}, `site.yaml:2: error: "support" is not a mail address (write it as support@example.com)`, "apop spam"},
		{"sender of nobody", []string{"site.yaml", "name: x\nsender: status\ncontact_to: help@example.com\ncomponents: [{id: imap}]\n"}, `site.yaml:2: error: "status" is not a mail address (write it as support@example.com)`, "apop spam"},
		{"components of one name", []string{"site.yaml", "components: [{id: imap}, {id: IMAP}]\n"}, `site.yaml:1: error: the component "IMAP" is listed twice`, "apop spam"},
		{"component of no service", []string{"site.yaml", "components: [{id: imap, services: [imapp]}]\n"}, `site.yaml:1: warning: the component imap stands for a service "imapp" that no provider describes (did you mean "imap"?)`, "apop spam"},
		{"parts as a category", []string{"site.yaml", "components: [{id: imap}]\ncategories: [{id: parts}]\n"}, `site.yaml:2: error: help/parts holds pieces to include and is no category (rename its folder)`, "apop spam"},
		{"wrong zone", []string{"site.yaml", "time_zone: CET\ncomponents: [{id: imap}]\n"}, `site.yaml:1: error: "CET" is not a time zone (write the name of a place, such as Europe/Oslo, or UTC)`, "apop spam"},
		{"a post that is wrong", []string{"status/2026/x.md", "---\ntitle: x\nkind: incident\ndate: 2026-11-01\n---\n## 10:00 fixed\nx\n"}, "status/2026/x.md:6: error:", "apop spam"},
		{"no provider", []string{"providers/example.yaml", ""}, `site.yaml:3: error: the default provider "example.com" has no description`, ""},
		{"former name taken", []string{"help/mail/apop/en.md", "---\nid: 1001\ntitle: x\nwas: [spam]\n---\nx\n"}, `help/mail/apop/en.md:4: error: the former name "spam" leads to spam already`, "apop spam"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lib := load(t, with(base(), tt.changes...))
			if !slices.ContainsFunc(lib.Problems, func(p problem.Problem) bool { return strings.HasPrefix(p.String(), tt.want) }) {
				t.Errorf("no problem begins with\n%s\nbut there are\n%v", tt.want, lib.Problems)
			}
			if got := slugs(lib); got != tt.served {
				t.Errorf("served: %q, want %q", got, tt.served)
			}
		})
	}
}

// A file that breaks keeps its last good version, and the others go on.
func TestLastGoodVersions(t *testing.T) {
	ld := newLoader(t)
	step := func(wantSpam, wantAPOP string, changes ...string) *content.Library {
		t.Helper()
		lib, err := ld.Load(with(base(), changes...), now)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(lib, "spam"); !strings.Contains(got, wantSpam) {
			t.Errorf("spam: %q, want %q", got, wantSpam)
		}
		if got := text(lib, "apop"); !strings.Contains(got, wantAPOP) {
			t.Errorf("apop: %q, want %q", got, wantAPOP)
		}
		return lib
	}
	step("Text of Example Mail", "Use apop")
	for name, broken := range map[string]string{
		"front matter":   "---\nid: 1002\ntitle: [\n---\nbroken\n",
		"unknown value":  "---\nid: 1002\ntitle: Spam\n---\nbroken {{imap.hots}}\n",
		"missing anchor": "---\nid: 1002\ntitle: Spam\n---\nbroken [[apop#nowhere]]\n",
		"missing part":   "---\nid: 1002\ntitle: Spam\n---\nbroken\n\n{{include nothing}}\n",
		"unreadable":     strings.Repeat("broken ", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			lib := step("Text of Example Mail", "New text", "help/mail/spam/en.md", broken, "help/mail/apop/en.md", "---\nid: 1001\ntitle: APOP\n---\nNew text\n")
			if !lib.Problems.ErrorsIn("help/mail/spam/en.md") {
				t.Errorf("the broken file is not named:\n%v", lib.Problems)
			}
		})
	}
	lib := step("Mended", "Use apop", "help/mail/spam/en.md", "---\nid: 1002\ntitle: Spam\n---\nMended\n")
	if len(lib.Problems) > 1 { // the German text links nothing
		t.Errorf("problems after mending:\n%v", lib.Problems)
	}
}

// What a provider, a part or a post was the last time stands in for what is
// broken now.
func TestLastGoodProviderPartAndPost(t *testing.T) {
	ld := newLoader(t)
	files := base()
	files["help/parts/hint/en.md"] = "Good hint\n"
	files["help/mail/apop/en.md"] = "---\nid: 1001\ntitle: APOP\n---\n{{imap.host}}\n\n{{include hint}}\n"
	files["status/2026/x.md"] = "---\ntitle: Good post\nkind: incident\ndate: 2026-11-01\naffects: imap=down\n---\n## 10:00 investigating\nx\n"
	if lib, _ := ld.Load(with(files), now); len(lib.Problems) > 0 {
		t.Fatal(lib.Problems)
	}
	lib, _ := ld.Load(with(files, "providers/example.yaml", "provider: [", "help/parts/hint/en.md", "b\xffd", "status/2026/x.md", "---\nkind: nothing\n---\n"), now)
	if got := text(lib, "apop"); !strings.Contains(got, "imap.example.com") || !strings.Contains(got, "Good hint") {
		t.Errorf("apop: %q", got)
	}
	if p := lib.Board.Post("x"); p == nil || p.Title.In("en") != "Good post" {
		t.Errorf("post: %v", p)
	}
	for _, path := range []string{"providers/example.yaml", "help/parts/hint/en.md", "status/2026/x.md"} {
		if !lib.Problems.ErrorsIn(path) {
			t.Errorf("no problem names %s", path)
		}
	}
}

func TestMemoryOutlivesTheProgram(t *testing.T) {
	dir := t.TempDir()
	open := func() *content.Loader {
		mem, err := lastgood.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		return content.NewLoader(mem)
	}
	if _, err := open().Load(with(base()), now); err != nil {
		t.Fatal(err)
	}
	lib, err := open().Load(with(base(), "help/mail/spam/en.md", "---\nid: x\n---\n"), now)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(lib, "spam"); !strings.Contains(got, "Text of Example Mail") {
		t.Errorf("after a restart beside a broken file: %q", got)
	}
	// A file in the memory that someone damaged is only a second choice less.
	if err := os.WriteFile(filepath.Join(dir, "good", "help", "mail", "spam", "en.md"), []byte("---\nid: y\n---\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lib, err = open().Load(with(base(), "help/mail/spam/en.md", "---\nid: x\n---\n"), now)
	if err != nil || slugs(lib) != "apop" {
		t.Errorf("articles: %q, %v", slugs(lib), err)
	}
}

func TestRemovedArticleIsRemembered(t *testing.T) {
	ld := newLoader(t)
	ld.Load(with(base()), now)
	lib, _ := ld.Load(with(base(), "help/mail/spam/en.md", "", "help/mail/spam/de.md", ""), now)
	if got := lib.Removed[1002]; got.Slug != "spam" || got.Title != "Spam" {
		t.Errorf("removed: %v", lib.Removed)
	}
	if got := text(lib, "apop"); !strings.Contains(got, "See spam") {
		t.Errorf("the article that links to it: %q", got)
	}
	lib, _ = ld.Load(with(base()), now)
	if len(lib.Removed) != 0 {
		t.Errorf("it is back, but removed: %v", lib.Removed)
	}
}

func TestSuddenLossIsHeldBack(t *testing.T) {
	dir := t.TempDir()
	mem, err := lastgood.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	ld := content.NewLoader(mem)
	files := base()
	for i := range 10 {
		files[fmt.Sprintf("help/mail/more%d/en.md", i)] = fmt.Sprintf("---\nid: %d\ntitle: More\n---\nx\n", 2000+i)
	}
	ld.Load(with(files), now)
	lost := base()
	delete(lost, "providers/example.yaml")
	lib, _ := ld.Load(with(lost), now)
	if len(lib.Articles) != 12 || lib.Provider() == nil {
		t.Errorf("%d articles and provider %v; want all 12 kept", len(lib.Articles), lib.Provider())
	}
	if !lib.Problems.ErrorsIn("help") || !lib.Problems.ErrorsIn("providers/example.yaml") {
		t.Errorf("problems: %v", lib.Problems)
	}
	if err := mem.Accept(); err != nil {
		t.Fatal(err)
	}
	lib, _ = ld.Load(with(base()), now)
	if len(lib.Articles) != 2 || len(lib.Removed) != 10 {
		t.Errorf("after the confirmation: %d articles, %d removed", len(lib.Articles), len(lib.Removed))
	}
}

func TestHiddenArticlesAreOnNoShelf(t *testing.T) {
	files := base()
	files["help/mail/draft/en.md"] = "---\nid: 1010\ntitle: Draft\nstate: draft\n---\nx\n"
	files["help/mail/inside/en.md"] = "---\nid: 1011\ntitle: Internal\nstate: internal\n---\nx\n"
	files["help/mail/later/en.md"] = "---\nid: 1012\ntitle: Later\npublish: 2026-12-01T06:00Z\n---\nx\n"
	files["help/mail/draft/a.svg"] = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`
	files["help/mail/apop/en.md"] = "---\nid: 1001\ntitle: APOP\n---\nSee [[draft]], [[inside]], [[later]].\n"
	lib := load(t, with(files))
	for who, want := range map[content.Audience]string{
		content.Customers: "apop spam", content.Agents: "apop inside later spam", content.Writers: "apop draft inside later spam",
	} {
		var got []string
		for _, a := range lib.Shelf(who, now).Articles {
			got = append(got, a.Slug)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("audience %d sees %v, want %s", who, got, want)
		}
	}
	shelf := lib.Shelf(content.Customers, now)
	if shelf.File("help/mail/draft/a.svg") != nil {
		t.Error("a picture of a draft is on the public shelf")
	}
	if a, _ := shelf.Find("1012"); a != nil {
		t.Error("a scheduled article is found")
	}
	if got := text(lib, "apop"); strings.Contains(got, "/help/draft") || strings.Contains(got, "Internal") {
		t.Errorf("a public text tells of hidden ones: %q", got)
	}
	next := shelf.Next(now)
	if want := time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC); !next.Equal(want) {
		t.Errorf("next change at %v, want %v", next, want)
	}
	if got := lib.Shelf(content.Customers, next).Articles; len(got) != 3 {
		t.Errorf("%d articles when the scheduled one is due, want 3", len(got))
	}
}

func TestSymlinkThatLeadsOut(t *testing.T) {
	dir := t.TempDir()
	for name, text := range base() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(file), 0o777)
		os.WriteFile(file, []byte(text), 0o666)
	}
	os.Symlink("/etc/hostname", filepath.Join(dir, "help/mail/spam/evil.txt"))
	mem, _ := lastgood.Open("")
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	lib, err := content.NewLoader(mem).Load(src.FS(), now)
	if err != nil {
		t.Fatal(err)
	}
	want := "help/mail/spam/evil.txt: error: this is left out: this link leads out of the content (copy what it leads to into the content folder)"
	if len(lib.Problems) != 1 || lib.Problems[0].String() != want {
		t.Errorf("problems:\n%v\nwant\n%s", lib.Problems, want)
	}
	if slugs(lib) != "apop spam" {
		t.Errorf("served: %s", slugs(lib))
	}
}

func BenchmarkLoad10000(b *testing.B) {
	files := base()
	for i := range 10_000 {
		files[fmt.Sprintf("help/c%d/a%d/en.md", i%8, i)] = fmt.Sprintf("---\nid: %d\ntitle: Article %d\n---\n## A heading\n\nText with {{imap.host}} and [[spam]].\n\n1. one\n2. two\n", 10_000+i, i)
	}
	dir := b.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		os.MkdirAll(filepath.Dir(file), 0o777)
		os.WriteFile(file, []byte(text), 0o666)
	}
	mem, _ := lastgood.Open("")
	ld := content.NewLoader(mem)
	for b.Loop() {
		lib, err := ld.Load(os.DirFS(dir), now)
		if err != nil || len(lib.Articles) != 10_002 {
			b.Fatal(err, len(lib.Articles))
		}
	}
}

// closed is a file system in which one folder may not be read.
type closed struct {
	fstest.MapFS
	dir string
}

func (c closed) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == c.dir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.ReadDir(name)
}

// A folder that cannot be read is named, what was good in it stays, and the
// others are served.
func TestFolderThatCannotBeRead(t *testing.T) {
	ld := newLoader(t)
	if _, err := ld.Load(with(base()), now); err != nil {
		t.Fatal(err)
	}
	for served, ld := range map[string]*content.Loader{"apop spam": ld, "apop": newLoader(t)} {
		lib, err := ld.Load(closed{with(base()), "help/mail/spam"}, now)
		if err != nil {
			t.Fatal(err)
		}
		want := "help/mail/spam: error: this folder cannot be read: permission denied (check who may read it)"
		if !slices.ContainsFunc(lib.Problems, func(p problem.Problem) bool { return p.String() == want }) {
			t.Errorf("no problem is\n%s\nbut there are\n%v", want, lib.Problems)
		}
		if got := slugs(lib); got != served {
			t.Errorf("served: %q, want %q", got, served)
		}
	}
}
