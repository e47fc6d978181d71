package content_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/lastgood"
)

// many is a site of twelve articles.
func many() map[string]string {
	files := base()
	for i := range 10 {
		files[fmt.Sprintf("help/more/more%d/en.md", i)] = fmt.Sprintf("---\nid: %d\ntitle: More\n---\n{{include hint}}\n", 2000+i)
	}
	files["help/parts/hint/en.md"] = "A hint\n"
	files["status/2026/x.md"] = "---\ntitle: Down\nkind: incident\ndate: 2026-11-01\naffects: imap=down\n---\n## 10:00 investigating\nx\n"
	return files
}

// Without a disk, or with half a copy, nothing is missing: neither languages,
// components and name of the site, nor parts, nor the incident.
func TestEverythingGoneStays(t *testing.T) {
	ld := newLoader(t)
	ld.Load(with(many()), now)
	for _, left := range []map[string]string{{}, {"help/mail/apop/en.md": base()["help/mail/apop/en.md"]}} {
		lib, _ := ld.Load(with(left), now)
		if len(lib.Articles) != 12 || lib.Site.Name != "Test" || len(lib.Site.Languages) != 2 || lib.Board.Post("x") == nil {
			t.Errorf("%d articles, site %+v, post %v", len(lib.Articles), lib.Site, lib.Board.Post("x"))
		}
		if got := text(lib, "more1"); !strings.Contains(got, "A hint") {
			t.Errorf("more1: %q", got)
		}
		if !lib.Problems.ErrorsIn("site.yaml") || !lib.Problems.ErrorsIn("providers/example.yaml") || !lib.Problems.ErrorsIn("help") {
			t.Errorf("problems:\n%v", lib.Problems)
		}
	}
}

func TestSiteFileGoneStays(t *testing.T) {
	mem, err := lastgood.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ld := content.NewLoader(mem)
	ld.Load(with(many()), now)
	lib, _ := ld.Load(with(many(), "site.yaml", "", "status/2026/x.md", ""), now)
	if lib.Site.Name != "Test" || !lib.Problems.ErrorsIn("site.yaml") {
		t.Errorf("site %+v, problems:\n%v", lib.Site, lib.Problems)
	}
	lib, _ = ld.Load(with(many(), "site.yaml", "", "status/2026/y.md", many()["status/2026/x.md"], "status/2026/x.md", ""), now)
	if lib.Board.Post("x") != nil || lib.Board.Post("y") == nil {
		t.Error("a post that was taken away is still there, or the new one is not")
	}
	if err := mem.Accept(); err != nil {
		t.Fatal(err)
	}
	if lib, _ = ld.Load(with(many(), "site.yaml", ""), now); lib.Problems.ErrorsIn("site.yaml") {
		t.Errorf("after the confirmation:\n%v", lib.Problems)
	}
}

// A confirmation is for what is missing when it is given, not for later.
// A site.yaml that is being copied is empty for a moment.
func TestSiteFileEmptiedStays(t *testing.T) {
	ld := newLoader(t)
	ld.Load(with(many()), now)
	lib, _ := ld.Load(with(many(), "site.yaml", "\n"), now)
	if lib.Site.Name != "Test" || len(lib.Site.Components) == 0 || !lib.Problems.ErrorsIn("site.yaml") {
		t.Errorf("site %+v, problems:\n%v", lib.Site, lib.Problems)
	}
	if lib, _ = newLoader(t).Load(with(many(), "site.yaml", "\n"), now); lib.Problems.ErrorsIn("site.yaml") && strings.Contains(lib.Problems[0].Message, "empty") {
		t.Errorf("an empty file that never was another: %v", lib.Problems)
	}
}

func TestConfirmationOfNothing(t *testing.T) {
	mem, err := lastgood.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	ld := content.NewLoader(mem)
	ld.Load(with(many()), now)
	if err := mem.Accept(); err != nil {
		t.Fatal(err)
	}
	ld.Load(with(many()), now)
	if lib, _ := ld.Load(with(base()), now); len(lib.Articles) != 12 {
		t.Errorf("%d articles, want all 12 kept", len(lib.Articles))
	}
}

// A category that is renamed takes its articles along, and a provider's file its
// provider: none of them is gone.
func TestRenamedCategoryIsNoLoss(t *testing.T) {
	ld := newLoader(t)
	ld.Load(with(many()), now)
	files := map[string]string{}
	for name, src := range many() {
		files[strings.Replace(name, "help/more/", "help/other/", 1)] = src
	}
	files["providers/main.yaml"] = files["providers/example.yaml"]
	delete(files, "providers/example.yaml")
	lib, _ := ld.Load(with(files), now)
	if len(lib.Problems) > 0 || len(lib.Removed) > 0 || len(lib.Articles) != 12 || lib.Named("more1").Category != "other" {
		t.Errorf("%d articles, removed %v, problems:\n%v", len(lib.Articles), lib.Removed, lib.Problems)
	}
}

// The first language of a site need not be English.
func TestRemovedArticleOfANorwegianSite(t *testing.T) {
	files := maps.Clone(base())
	files["site.yaml"] = strings.Replace(files["site.yaml"], "[en, de]", "[nb, en]", 1)
	files["help/mail/nytt/nb.md"] = "---\nid: 1003\ntitle: Nytt\n---\nx\n"
	files["help/mail/nytt/en.md"] = "---\ntitle: New\n---\nx\n"
	files["help/mail/senere/nb.md"] = "---\nid: 1004\ntitle: Hemmelig\npublish: 2026-12-24\n---\nx\n"
	ld := newLoader(t)
	ld.Load(with(files), now)
	lib, _ := ld.Load(with(files, "help/mail/nytt/nb.md", "", "help/mail/nytt/en.md", "", "help/mail/senere/nb.md", ""), now)
	if got := lib.Removed[1003]; got.Title != "Nytt" || len(lib.Removed) != 1 {
		t.Errorf("removed: %v", lib.Removed)
	}
}

func TestZoneOfTheSiteChanges(t *testing.T) {
	files := base()
	files["help/mail/later/en.md"] = "---\nid: 1003\ntitle: Later\npublish: 2026-12-01\n---\nx\n"
	ld := newLoader(t)
	ld.Load(with(files), now)
	lib, _ := ld.Load(with(files, "site.yaml", strings.Replace(files["site.yaml"], "Europe/Oslo", "America/New_York", 1)), now)
	if got, want := lib.Named("later").Publish, time.Date(2026, 12, 1, 5, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("published at %v, want %v", got.UTC(), want)
	}
}

// A letter that is longer in lower case must not move the place of a host name.
func TestHostNameAfterOddLetters(t *testing.T) {
	lib := load(t, with(base(), "help/mail/bad/en.md", "---\nid: 1003\ntitle: x\n---\n"+strings.Repeat("Ⱥ", 40)+"\nIMAP.Example.com\n"))
	if !strings.Contains(fmt.Sprint(lib.Problems), "help/mail/bad/en.md:6: error: the host name imap.example.com is spelled out") {
		t.Errorf("problems:\n%v", lib.Problems)
	}
}

// Parts are text of the articles; those that nothing includes are checked too.
func TestPartsAreChecked(t *testing.T) {
	lib := load(t, with(base(),
		"help/parts/used/en.md", "imap.example.com and {{no.value}}\n", "help/parts/unused/en.md", "\n[[nothing]]\n",
		"help/mail/a/en.md", "---\nid: 1003\ntitle: x\n---\n{{include used}}\n", "help/mail/b/en.md", "---\nid: 1004\ntitle: x\n---\n{{include used}}\n"))
	want := `help/parts/unused/en.md:2: there is no article "nothing"
help/parts/used/en.md:1: there is no value {{no.value}}
help/parts/used/en.md:1: the host name imap.example.com is spelled out
`
	var got strings.Builder
	for _, p := range lib.Problems {
		fmt.Fprintf(&got, "%s:%d: %s\n", p.Path, p.Line, p.Message)
	}
	if got.String() != want {
		t.Errorf("problems:\n%swant:\n%s", got.String(), want)
	}
}

// A post that is over keeps the values that were true; a host name in it is no
// mistake.
func TestHostNamesInPosts(t *testing.T) {
	post := "---\ntitle: x\nkind: incident\naffects: imap=down\n---\n## 2026-11-01 10:00 investigating\nimap.example.com\n"
	lib := load(t, with(base(), "status/2026/open.md", post, "status/2026/over.md", post+"## 11:00 resolved\nx\n"))
	if got := fmt.Sprint(lib.Problems); strings.Contains(got, "over.md") || !strings.Contains(got, "open.md:7: warning: the host name imap.example.com is spelled out") {
		t.Errorf("problems:\n%v", lib.Problems)
	}
}

// A file with an error is complained about once: its links, values and host
// names are told together with it.
func TestEverythingIsSaidAtOnce(t *testing.T) {
	lib := load(t, with(base(),
		"help/mail/bad/en.md", "---\nid: 9.5\ntitel: x\nkind: howto\n---\n{{imap.hots}} and imap.example.com\n\n[[nothing]] [here](#step-1)\n\n1. x\n\n[a](javascript:b) [[nothing]]\n",
		"status/2026/bad.md", "---\ntitle: x\nkind: incident\nafects: imap\nmail: gone\napprox: perhaps\nwindows: [nope, {starts: x}]\n---\n## 2026-11-01 10:00 fixed\n"))
	want := `help/mail/bad/en.md:1: the article has no title
help/mail/bad/en.md:2: "id" should be a whole number, not "9.5"
help/mail/bad/en.md:3: unknown key "titel"
help/mail/bad/en.md:6: there is no value {{imap.hots}}
help/mail/bad/en.md:6: the host name imap.example.com is spelled out
help/mail/bad/en.md:8: there is no article "nothing"
help/mail/bad/en.md:12: the link "javascript:b" is not allowed
status/2026/bad.md:4: unknown key "afects"
status/2026/bad.md:5: "gone" does not say how safe mail is
status/2026/bad.md:6: "approx" should be true or false, not "perhaps"
status/2026/bad.md:7: "windows" should have keys and values, not "nope"
status/2026/bad.md:9: unknown state "fixed"
`
	var got strings.Builder
	for _, p := range lib.Problems {
		fmt.Fprintf(&got, "%s:%d: %s\n", p.Path, p.Line, p.Message)
	}
	if got.String() != want {
		t.Errorf("problems:\n%swant:\n%s", got.String(), want)
	}
}

// A file whose size and time of change are the same as before is not read
// again, unless the change was so recent that the time says nothing.
func TestFilesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	for name, src := range base() {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(src), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "help", "mail", "spam", "en.md")
	write := func(word string, at time.Time) {
		t.Helper()
		if err := os.WriteFile(file, []byte("---\nid: 1002\ntitle: Spam\n---\n"+word+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	ld := newLoader(t)
	for _, step := range []struct {
		word    string
		changed time.Time
		want    string
	}{
		{"one", now.Add(-time.Second), "one"},
		{"two", now.Add(-time.Second), "two"},
		{"six", now.Add(-time.Hour), "six"},
		{"ten", now.Add(-time.Hour), "six"},
		{"ten", now.Add(-time.Minute), "ten"},
		{"three", now.Add(-time.Minute), "three"},
	} {
		write(step.word, step.changed)
		lib, err := ld.Load(os.DirFS(dir), now)
		if err != nil {
			t.Fatal(err)
		}
		if got := text(lib, "spam"); !strings.Contains(got, step.want) {
			t.Errorf("wrote %s: %q", step.word, got)
		}
	}
}
