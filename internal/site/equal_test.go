package site_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/content"
	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/content/source"
	"signpost/internal/search"
	"signpost/internal/site"
)

// edits is how many random edits a test makes: a few, or SIGNPOST_EDITS.
func edits(t *testing.T, few int) int {
	text := os.Getenv("SIGNPOST_EDITS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("SIGNPOST_EDITS: %q is not a number", text)
	}
	return n
}

// What is kept from load to load never shows: after each random edit of a
// random site, pages, links, searches and problems are those of a load that
// starts from the files alone.
func TestKeptWorkNeverShows(t *testing.T) {
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { keptWork(t, seed, edits(t, 60)) })
	}
}

func keptWork(t *testing.T, seed uint64, n int) {
	dir := t.TempDir()
	w := &writer{t: t, dir: dir, rnd: rand.New(rand.NewPCG(seed, 3))}
	w.begin()
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	open := func() *site.Live {
		live, err := site.Open(site.Config{Source: src, Now: func() time.Time { return now }, Log: quiet})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { live.Close() })
		return live
	}
	keeping, afresh := open(), open()
	pages := 0
	for i := range n {
		what := w.edit()
		now = now.Add(time.Minute)
		afresh.Forget()
		for _, live := range []*site.Live{keeping, afresh} {
			live.AtOnce()
			if err := live.Load(); err != nil {
				t.Fatal(err)
			}
		}
		got, want := dump(keeping.Snapshot()), dump(afresh.Snapshot())
		if got != want {
			t.Fatalf("after edit %d (%s), kept work shows (-afresh +keeping):\n%s", i, what, cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
		}
		pages += len(keeping.Snapshot().Help.Articles)
	}
	if pages < n {
		t.Errorf("%d articles in %d snapshots: the test hardly tests anything", pages, n)
	}
}

// dump is everything of a snapshot that readers, agents and writers see.
func dump(s *site.Snapshot) string {
	var b strings.Builder
	fmt.Fprintln(&b, "revision", s.Library.Revision, "next", s.Next)
	for _, p := range s.Problems {
		fmt.Fprintf(&b, "%+v\n", p)
	}
	dumpShelf(&b, s, "help", s.Help)
	dumpShelf(&b, s, "desk", s.Desk)
	for _, p := range s.Board.Posts {
		doc, _ := s.Library.PostDoc(p.Post, p.SummaryIn("en"))
		fmt.Fprintln(&b, "post", p.ID, p.Phase, doc.HTML(s.Reader("en", nil), markdown.Options{}))
	}
	for _, p := range []string{"help/mail/s1/rules.sieve", "help/mail/s2/rules.sieve"} {
		if f := s.Help.File(p); f != nil {
			fmt.Fprintln(&b, p, f.Hash, string(f.Data))
		}
	}
	for _, q := range []string{"password", "server imap.example.com", "other host", "s1", "hint", "einstellung", "slow", "quota 10"} {
		for _, lang := range []string{"en", "de"} {
			found(&b, s.Index.Search(search.Query{Text: q, Lang: lang}))
			found(&b, s.DeskIndex.Search(search.Query{Text: q, Lang: lang}))
		}
	}
	return b.String()
}

func found(w io.Writer, r search.Results) {
	for _, h := range r.Hits {
		fmt.Fprintln(w, "hit", h.Doc.ID, h.Doc.Title, h.Score, h.Anchor, h.Section, h.Snippet)
	}
}

func dumpShelf(w io.Writer, s *site.Snapshot, name string, shelf *content.Shelf) {
	for _, topic := range shelf.Topics {
		fmt.Fprintln(w, name, "topic", topic.ID, slugs(topic.Articles))
	}
	for _, a := range shelf.Articles {
		fmt.Fprintln(w, name, a.ID, a.Slug, a.State, a.Services, "links", slugs(shelf.Links(a)), "back", slugs(shelf.Backlinks(a)))
		for _, lang := range a.Languages() {
			r := s.Reader(lang, nil)
			if shelf == s.Desk {
				r = s.DeskReader(lang, nil)
			}
			title, summary, shown := site.Head(r, a)
			fmt.Fprintln(w, lang, title, summary, slugs(s.Related(a, lang, 3)))
			if doc := s.Library.Doc(shown.Body); doc != nil {
				fmt.Fprintln(w, doc.HTML(r, markdown.Options{}), doc.Outline(r), doc.Steps(r), doc.Anchors())
			}
		}
	}
}

func slugs(list []*article.Article) []string {
	var names []string
	for _, a := range list {
		names = append(names, a.Slug)
	}
	return names
}

// A writer edits a small site at random, with all the mistakes that writers make.
type writer struct {
	t   *testing.T
	dir string
	rnd *rand.Rand
}

func (w *writer) begin() {
	w.site()
	w.provider()
	for range 30 {
		w.article()
	}
	w.part()
	w.part()
}

// edit makes one edit and says which.
func (w *writer) edit() string {
	kinds := []struct {
		weight int
		do     func() string
	}{{10, w.article}, {4, w.rename}, {4, w.remove}, {4, w.part}, {3, w.provider}, {2, w.site}, {9, w.post}, {2, w.attachment}}
	n := w.rnd.IntN(38)
	for _, k := range kinds {
		if n -= k.weight; n < 0 {
			return k.do()
		}
	}
	panic("the weights do not add up")
}

func (w *writer) pick(list ...string) string { return list[w.rnd.IntN(len(list))] }

func (w *writer) put(name, text string) string {
	write(w.t, w.dir, name, text)
	return "write " + name + ": " + text
}

func (w *writer) slug() string { return fmt.Sprintf("s%d", w.rnd.IntN(10)) }

func (w *writer) article() string {
	i := w.rnd.IntN(10)
	lang := w.pick("en", "en", "de")
	var b strings.Builder
	b.WriteString("---\n")
	if lang == "en" {
		fmt.Fprintf(&b, "id: %d\n", i+1)
	}
	fmt.Fprintf(&b, "title: %s %d\n", w.pick("Password", "Server {{imap.host}}", "Quota {{vars.quota}}", "Einstellung"), w.rnd.IntN(100))
	b.WriteString(w.pick("", "", "", "summary: At {{provider.name}}\n", "summary: Not {{vars.none}}\n", "unknown: key\n"))
	if lang == "en" {
		b.WriteString(w.pick("", "", "", "kind: howto\n", "state: internal\n", "state: draft\n", "needs: [pop3]\n", "was: [old-"+w.slug()+"]\n", "publish: 2026-11-23T12:30Z\n", "services: [imap]\n", "services: [caldav]\n"))
	}
	b.WriteString("---\n")
	if w.rnd.IntN(8) > 0 || lang == "en" {
		for range 1 + w.rnd.IntN(5) {
			b.WriteString(w.block() + "\n\n")
		}
	}
	return w.put(fmt.Sprintf("help/mail/s%d/%s.md", i, lang), b.String())
}

func (w *writer) block() string {
	switch w.rnd.IntN(14) {
	case 0:
		return "## " + w.pick("Password", "Server", "At {{imap.host}}") + " {#" + w.pick("one", "two", "three") + "}"
	case 1:
		return "See [[" + w.slug() + "]] and [[" + w.slug() + "#" + w.pick("one", "two", "step-1", "step-2") + "]]."
	case 2:
		return "Or [this](../" + w.slug() + "/en.md#one), [[" + w.pick("1", "5", "old-"+w.slug(), "nothing") + "]]."
	case 3:
		return "{{include " + w.pick("hint", "hint", "more", "gone") + "}}"
	case 4:
		return "The host is {{imap.host}}, the quota {{vars.quota}}."
	case 5:
		return w.pick("{{settings imap}}", "{{settings pop3}}", "{{profile}}", "{{vars.none}}")
	case 6:
		return "::: if " + w.pick("pop3", "vars.quota", "vars.quotas") + "\nSet up {{pop3.host}}, see [[" + w.slug() + "]].\n:::"
	case 7:
		return "1. Open the settings.\n2. Type the password."
	case 8:
		return "::: macos ios\n1. On a Mac, " + w.pick("one", "two") + ".\n:::"
	case 9:
		return "The server is " + w.pick("imap.example.com", "other.example.com", "mail.example.net") + "."
	case 10:
		return "Take [the rules](rules.sieve) or ![Rules](rules.png)."
	case 11:
		return "Go to [the topic](/topics/" + w.pick("mail", "none") + ") or [a page](/help/" + w.slug() + "#one)."
	default:
		return w.pick("A password is secret.", "Some text about the server.", "Die Einstellung ist einfach.", "++Ctrl+K++ opens it.")
	}
}

func (w *writer) part() string {
	text := w.pick("A hint about {{imap.host}}.\n", "## Hint {#one}\n\nMore about [["+w.slug()+"]].\n", "{{include more}}\n", "{{vars.none}}\n", "1. Step.\n")
	return w.put("help/parts/"+w.pick("hint", "hint", "more")+"/"+w.pick("en", "de")+".md", text)
}

func (w *writer) provider() string {
	text := "provider: example.com\nname: " + w.pick("Example Mail", "Other Mail") + "\ndomains: [example.com]\nservices:\n" +
		"  - {use: imap, host: " + w.pick("imap.example.com", "other.example.com") + "}\n  - {use: submit, host: smtp.example.com}\n" +
		w.pick("", "  - {use: pop3, host: pop.example.com}\n") + w.pick("vars: {quota: 10 GB}\n", "vars: {quota: 20 GB}\n", "", "broken: [\n")
	return w.put("providers/example.yaml", text)
}

func (w *writer) site() string {
	return w.put("site.yaml", "name: Test\ndefault_provider: example.com\n"+
		w.pick("languages: [en, de]\n", "languages: [de, en]\n", "languages: [en]\n", "languages: [en, de]\n", "nonsense: 1\n")+
		w.pick("time_zone: Europe/Oslo\n", "time_zone: UTC\n")+w.pick("components:\n  - {id: imap, name: IMAP}\n", ""))
}

func (w *writer) post() string {
	return w.put(fmt.Sprintf("status/2026/2026-11-2%d-slow.md", w.rnd.IntN(3)),
		"---\ntitle: Slow\nkind: incident\naffects: imap=degraded\n---\n\n## 2026-11-23 10:00 investigating\n\nLook at [["+w.slug()+"]], {{imap.host}}.\n"+w.pick("", "\n## 2026-11-23 11:00 resolved\n\nAll is well.\n"))
}

func (w *writer) attachment() string {
	return w.put("help/mail/"+w.slug()+"/rules.sieve", "# "+w.pick("{{imap.host}}", "{{vars.quota}}", "nothing")+"\nkeep;\n")
}

func (w *writer) rename() string {
	from, to := "help/mail/"+w.slug(), "help/"+w.pick("mail", "web")+"/"+w.slug()
	if _, err := os.Stat(filepath.Join(w.dir, from)); err != nil {
		return "nothing to rename"
	}
	if err := os.MkdirAll(filepath.Join(w.dir, filepath.Dir(to)), 0o777); err != nil {
		w.t.Fatal(err)
	}
	_ = os.Rename(filepath.Join(w.dir, from), filepath.Join(w.dir, to)) // fails where an article is already
	return "rename " + from + " to " + to
}

func (w *writer) remove() string {
	name := w.pick("help/mail/"+w.slug(), "help/web/"+w.slug(), "help/mail/"+w.slug()+"/de.md", "help/parts/hint/de.md", "help/mail/"+w.slug()+"/rules.sieve")
	if err := os.RemoveAll(filepath.Join(w.dir, name)); err != nil {
		w.t.Fatal(err)
	}
	return "remove " + name
}

// The heap after many edits is that after a few: nothing that is kept outlives
// the version of the file that it was made from.
func TestHeapIsFlat(t *testing.T) {
	n := edits(t, 0)
	if n == 0 {
		t.Skip("takes many edits: set SIGNPOST_EDITS")
	}
	dir := t.TempDir()
	w := &writer{t: t, dir: dir, rnd: rand.New(rand.NewPCG(7, 7))}
	w.begin()
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	live, err := site.Open(site.Config{Source: src, Now: func() time.Time { return now }, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	edit := func(times int) uint64 {
		for range times {
			w.article()
			now = now.Add(time.Minute)
			if err := live.Load(); err != nil {
				t.Fatal(err)
			}
		}
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := edit(50)
	if after := edit(n); after > before+before/4+1<<20 {
		t.Errorf("the heap grew from %d to %d KB over %d edits", before>>10, after>>10, n)
	}
}
