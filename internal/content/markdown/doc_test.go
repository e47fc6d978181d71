package markdown

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const outlineText = `Read about {{imap.host}} and [the filter](../spam-filter/en.md). Then go on.

## The {{imap.host}} server {#server}

![A *list*](list.png "For {{imap.host}}")

::: ios macos
Before any heading.

### Tap

1. Tap **Add**. Then wait.
2. ![Second](two.png)

   Press ++Home++: now
:::

After. See [[apple-mail#step-3]] and [out](https://example.com), [own](#server).

{{include heading}}

## Same
`

func TestDoc(t *testing.T) {
	d := expand(t, outlineText, true)
	ios := []string{"macos", "ios"}
	check := func(name string, want, got any) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	check("outline", []Heading{
		{2, "server", "The imap.example.com server", nil}, {3, "tap", "Tap", ios}, {2, "same-2", "Same", nil}, {2, "same", "Same", nil},
	}, d.Outline(site{}))
	check("steps", []Step{
		{1, "step-macos-ios-1", "Tap Add", "Tap Add. Then wait.", "", "help/mail/x/en.md", ios},
		{2, "step-macos-ios-2", "Press Home", "Second Press Home: now", "two.png", "help/mail/x/en.md", ios},
	}, d.Steps(site{}))
	check("passages", []Passage{
		{"", "", 0, "Read about imap.example.com and the filter. Then go on.", nil},
		{"server", "The imap.example.com server", 2, "A list\nFor imap.example.com", nil},
		{"on-macos-ios", "The imap.example.com server", 2, "Before any heading.", ios},
		{"tap", "Tap", 3, "Tap Add. Then wait.\n\nSecond\n\nPress Home: now", ios},
		{"server", "The imap.example.com server", 2, "After. See Set up Apple Mail and out, own.", nil},
		{"same-2", "Same", 2, "", nil},
		{"same", "Same", 2, "", nil},
	}, d.Passages(site{}))
	check("figures", []Figure{
		{"help/mail/x/en.md", 5, "list.png", "A list", "For {{imap.host}}"}, {"help/mail/x/en.md", 13, "two.png", "Second", ""},
	}, d.Figures())
	check("references", []Reference{
		{Ref{"help/mail/x/en.md", ByPath, "../spam-filter/en.md", ""}, 1}, {Ref{"help/mail/x/en.md", ByName, "apple-mail", "step-3"}, 18},
	}, d.References())
	check("anchors", []string{"server", "on-macos-ios", "tap", "same-2", "same", "step-macos-ios-1", "step-macos-ios-2"}, d.Anchors())
	check("lead", "Read about imap.example.com and the filter. Then go on.", d.Lead(site{}, 160))
	check("short lead", "Read about imap.example.com…", d.Lead(site{}, 32))
}

func mustParse(t *testing.T, src string) *File {
	t.Helper()
	f, problems := Parse("x.md", []byte(src))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return f
}

func TestEmpty(t *testing.T) {
	for _, src := range []string{"", "\n \n", "---\na: b\n---\n", "---\r\n---"} {
		f, problems := Parse("x.md", []byte(src))
		if len(problems) > 0 || !f.Empty() {
			t.Errorf("%q: %v", src, problems)
		}
		d, _ := f.Expand(nil, Shape{Steps: true})
		if d.HTML(nil, Options{}) != "" || d.Text(nil, Options{}) != "" || d.Passages(nil) != nil || d.Lead(nil, 10) != "" || d.HasAnchor("") {
			t.Errorf("%q is not empty", src)
		}
	}
	var f *File
	if !f.Empty() {
		t.Error("no file is not empty")
	}
}

func TestLiterals(t *testing.T) {
	f := mustParse(t, "a *b* {{imap.host}}\n`c` \\{{\n\n```\nd\n```\n\n[e](/f \"g\") ![h](i.png \"j\") [[k]] <l@example.com>\n\n<m>\n")
	var got []string
	for line, s := range f.Literals() {
		got = append(got, fmt.Sprintf("%d %s", line, s))
	}
	want := []string{"1 a ", "1 b", "1  {{imap.host}}", "2 c", "2  {{", "5 d", "8 /f", "8 g", "8 e", "8  ", "8 i.png", "8 j", "8 h", "8  ", "8 k", "8  ", "8 mailto:l@example.com", "8 l@example.com", "10 <m>"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSplit(t *testing.T) {
	s, problems := Split("p.md", []byte("\uFEFF---\r\ntitle: x\r\n--- \r\nintro\r\n\r\n## 23:30 investigating ##\r\nA\r\n```\r\n## no\r\n~~~\r\n```\r\n ##\tb {#c}\r\n### sub\r\n##not\r\n##\r\nlast"))
	if len(problems) > 0 || string(s.Front) != "title: x\n" || s.FrontLines != 1 || s.BodyLines != 3 {
		t.Fatalf("%v %+v", problems, s)
	}
	intro, sections := s.Sections()
	if string(intro.Body) != "intro\n\n" || intro.BodyLines != 3 || string(intro.Front) != "title: x\n" {
		t.Errorf("intro %+v", intro)
	}
	want := []Section{
		{"23:30 investigating", 6, Source{Path: "p.md", Body: []byte("A\n```\n## no\n~~~\n```\n"), BodyLines: 6}},
		{"b {#c}", 12, Source{Path: "p.md", Body: []byte("### sub\n##not\n"), BodyLines: 12}},
		{"", 15, Source{Path: "p.md", Body: []byte("last"), BodyLines: 15}},
	}
	if diff := cmp.Diff(want, sections); diff != "" {
		t.Error(diff)
	}
	_, problems = sections[1].Parse()
	if len(problems) != 1 || problems[0].Line != 13 {
		t.Error("a problem of a section has the line of the file:", problems)
	}
	sections[1].Under = 2
	if _, problems = sections[1].Parse(); len(problems) > 0 {
		t.Error("a level-three heading may stand under the section's own:", problems)
	}
	if intro, sections := (Source{Path: "x"}).Sections(); len(sections) != 0 || len(intro.Body) != 0 {
		t.Error("sections of nothing")
	}
}

func TestAnchors(t *testing.T) {
	d := expand(t, "## A\n\n## A\n\n## A {#a-2}\n\n## A\n\n## On ios {#on-ios}\n\n::: ios\nx\n:::\n\n# {#only}\n", false)
	if want := []string{"a", "a-3", "a-2", "a-4", "on-ios", "on-ios-2", "only"}; !slices.Equal(d.Anchors(), want) {
		t.Error(d.Anchors())
	}
}

func TestPlatforms(t *testing.T) {
	d := expand(t, "a\n\n::: ios\nb\n:::\n\n::: windows linux macos\nc\n:::\n\n1. x\n\n   ::: ios\n   d\n   :::\n", false)
	if got := d.Text(nil, Options{Platform: "macos"}); got != "a\n\nOn Mac, Windows and Linux:\n\nc\n\n1. x\n" {
		t.Errorf("%q", got)
	}
	if got := d.Text(nil, Options{Platform: "ios"}); got != "a\n\nOn iPhone and iPad:\n\nb\n\n1. x\n\n   On iPhone and iPad:\n\n   d\n" {
		t.Errorf("%q", got)
	}
}

// TestMarkdownAgain reads the Markdown that was written: it must say the same.
func TestMarkdownAgain(t *testing.T) {
	texts := []string{
		"# not a heading\\n", "1\\. no list\n2\\) no", "\\- no\n\\+ no\n\\> no\n\\# no\n\\=\\=\\=", "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f> \\&amp; \\\\ \\~~g\\~~ a_b_c",
		"- a\n- b\n\n* c\n\n1. d\n\n1) e", "- a\n\n  b\n\n      code\n- c\n  - d\n    1. e", "> a\n> > b\n>\n> - c", "| a | b\\|c |\n|:-:|--:|\n| `x\\|y` | z\\\\ |",
		"``a`b`` `` ` `` ` c `", "~~~\n```\n~~~", "a\\\nb", "**a *b* c** ~~d~~", "a\n***\nb", "## a #\\#", "+++ \\:::", "1999\\. A year.",
		"<https://example.com/a_b> <a@example.com>", "[x](https://example.com/a(b) \"t\")", "\tcode\n\n\tmore",
	}
	for _, src := range texts {
		d := mustExpand(src)
		md := d.Markdown(site{}, Options{})
		again := mustExpand(md)
		want, got := string(d.HTML(site{}, Options{})), string(again.HTML(site{}, Options{}))
		if want != got {
			t.Errorf("%q became %q:\nwant %s\ngot  %s", src, md, want, got)
		}
	}
}

func mustExpand(src string) *Doc {
	f, _ := Parse("x.md", []byte(src))
	d, _ := f.Expand(sitePart, Shape{})
	return d
}

func BenchmarkLoad(b *testing.B) {
	prose := strings.Repeat("Your mail program asks for the name of a server, and here is what to type in *its* field.\n", 12)
	src := outlineText + prose + "\n## More {#more}\n\n" + prose + "\n- one\n- two\n\n" + prose // 4 KB
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		f, _ := Parse("x.md", []byte(src))
		f.Expand(sitePart, Shape{Steps: true})
	}
}

func BenchmarkHTML(b *testing.B) {
	d := mustExpand(strings.Repeat(outlineText, 8))
	for b.Loop() {
		d.HTML(site{}, Options{})
	}
}
