package markdown

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConditions(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"shown", "a\n\n::: if pop3\nb\n:::\n\nc\n", "a\n\nb\n\nc\n"},
		{"hidden", "a\n\n::: if jmap\nb\n:::\n\nc\n", "a\n\nc\n"},
		{"one of them is enough", "::: if jmap pop3\nb\n:::\n", "b\n"},
		{"commas", "::: if jmap, pop3\nb\n:::\n", "b\n"},
		{"own values", "::: if vars.phone\nb\n:::\n\n::: if link.orders\nc\n:::\n", "b\n"},
		{"a second server", "::: if submit.2\nb\n:::\n\n::: if imap.2\nc\n:::\n", "b\n"},
		{"unless", "::: unless pop3\na\n:::\n\n::: unless jmap\nb\n:::\n", "b\n"},
		{"unless any", "::: unless jmap pop3\na\n:::\nb\n", "b\n"},
		{"in a condition", "::: if pop3\na\n\n::: unless jmap\nb\n:::\n\n::: if jmap\nc\n:::\n:::\n\nd\n", "a\n\nb\n\nd\n"},
		{"hidden with what is in it", "::: if jmap\n::: if pop3\na\n:::\n{{include nowhere}}\n:::\nb\n", "b\n"},
		{"platforms in a condition", "::: if pop3\n::: ios\na\n:::\n:::\n", "On iPhone and iPad:\n\na\n"},
		{"a condition in platforms", "::: ios\n::: if pop3\na\n:::\n\n::: if jmap\nb\n:::\n:::\n", "On iPhone and iPad:\n\na\n"},
		{"platforms of nothing", "a\n\n::: ios\n::: if jmap\nb\n:::\n:::\n", "a\n"},
		{"in an item", "1. a\n   ::: if pop3\n   b\n   :::\n2. c\n   ::: if jmap\n   d\n   :::\n", "1. a b\n2. c\n"},
		{"a whole item", "1. a\n2. ::: if jmap\n   b\n   :::\n3. ::: if pop3\n   c\n   :::\n4. d\n", "1. a\n2. c\n3. d\n"},
		{"within a paragraph", "a.\n::: if pop3\nb.\n:::\n::: if jmap\nc.\n:::\nd.\n\n::: if pop3\ne.\n\nf.\n:::\ng.\n", "a. b. d.\n\ne.\n\nf. g.\n"},
		{"within a paragraph, nested", "a.\n::: if pop3\n::: if imap\nb.\n:::\nc.\n:::\n", "a. b. c.\n"},
		{"a paragraph of its own", "a.\n\n::: if pop3\nb.\n:::\n\nc.\n", "a.\n\nb.\n\nc.\n"},
		{"a whole list", "a\n\n- ::: if jmap\n  b\n  :::\n", "a\n"},
		{"a list of its own", "1. a\n2. b\n\n::: if pop3\n1. c\n:::\n", "1. a\n2. b\n\n1. c\n"},
		{"in a quotation", "> a\n>\n> ::: if jmap\n> b\n> :::\n", "> a\n"},
		{"an alert", "::: if jmap\n> [!NOTE]\n> x\n:::\n\na\n", "a\n"},
		{"colons in code", "::: if pop3\n```\n:::\n```\n:::\n\na\n", "    :::\n\na\n"},
		{"an end in an item is not the end of what is around it", "::: if pop3\n- a\n\n  ::: if imap\n  b\n  :::\n\nc\n:::\n\n::: unless pop3\nd\n:::\n", "- a\n\n  b\n\nc\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, expand(t, tt.src, false).Text(site{}, Options{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Anchors of what is hidden do not exist, and steps count without it.
func TestConditionAnchors(t *testing.T) {
	d := expand(t, "1. a\n2. ::: if jmap\n   b\n   :::\n3. c\n\n::: if jmap\n## Hidden\n:::\n\n::: if pop3\n## Shown\n:::\n", true)
	if diff := cmp.Diff([]string{"shown", "step-1", "step-2"}, d.Anchors()); diff != "" {
		t.Error(diff)
	}
}

// A shared File is expanded for several providers; none of them changes it.
func TestConditionsDoNotChangeTheFile(t *testing.T) {
	f, _ := Parse("x.md", []byte("1. a\n   ::: if pop3\n   b\n   :::\n2. c\n"))
	for range 2 {
		for _, want := range []string{"1. a b\n2. c\n", "1. a\n2. c\n"} {
			d, _ := f.Expand(sitePart, Shape{Offers: func(string) (bool, error) { return want == "1. a b\n2. c\n", nil }})
			if got := d.Text(site{}, Options{}); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
	}
}

func TestConditionProblems(t *testing.T) {
	const colons = ` (write "::: macos ios" or "::: if pop3" before and ":::" after the block, each alone on its line)`
	const inside = ` (a block that begins inside a list item or quotation ends inside it: indent its ":::" as far as its first line)`
	const cut = ` this condition cuts a list in two (put the block inside an item ("2. ::: if pop3", with the text and ":::" indented below), or write the whole list once for "::: if" and once for "::: unless")`
	tests := []struct {
		name, src string
		want      []string
	}{
		{"names nothing", "::: if\na\n:::\n", []string{`x.md:1: error: the condition names nothing (write "::: if pop3", or several names of which one is enough: "::: if caldav carddav")`}},
		{"unknown service", "a\n\n::: if impa\na\n:::\n", []string{`x.md:3: error: unknown condition "impa" (did you mean "imap"?)`}},
		{"unknown value", "::: unless var.phone\na\n:::\n", []string{`x.md:1: error: unknown condition "var.phone" (did you mean "vars"?)`}},
		{"unknown and far", "::: if telephone\na\n:::\n", []string{`x.md:1: error: unknown condition "telephone" (a condition names a service (imap, pop3, pop, submit, smtp, caldav, carddav, jmap, sieve, webmail, oauth, mx, spf, dkim), vars.NAME or link.NAME)`}},
		{"a value that is nearly there", "::: if vars.phoen\na\n:::\n", []string{`x.md:1: warning: vars has no phoen (did you mean "vars.phone"?)`}},
		{"else", "::: if pop3\na\n:::\n::: else\nb\n:::\n", []string{`x.md:4: error: "::: else" does not exist (end the block with ":::"; the opposite of "::: if pop3" is a block "::: unless pop3")`}},
		{"a service without if", "::: pop3\na\n:::\n", []string{`x.md:1: error: unknown platform "pop3" (for a condition write "::: if pop3")`}},
		{"a note of another program", ":::note\na\n:::\n", []string{`x.md:1: error: unknown platform "note" (for a note write "> [!NOTE]" and "> " before its lines)`}},
		{"does not end", "::: if pop3\na\n", []string{`x.md:1: error: this condition does not end` + colons}},
		{"the outer one does not end", "::: if pop3\n::: ios\na\n:::\n", []string{`x.md:1: error: this condition does not end` + colons}},
		{"begins in an item and ends outside", "1. a\n   ::: if pop3\n   b\n2. c\n   :::\n", []string{
			`x.md:2: error: this condition does not end inside the list item or quotation in which it begins` + inside,
			`x.md:5: error: this ":::" ends a block, but none is open here` + colons,
		}},
		{"begins in a quotation", "> ::: if pop3\n> b\n\nc\n", []string{`x.md:1: error: this condition does not end inside the list item or quotation in which it begins` + inside}},
		{"ends an item's block at the margin", "::: if pop3\n1. a\n   ::: if imap\n   b\n:::\n", []string{`x.md:3: error: this condition does not end inside the list item or quotation in which it begins` + inside}},
		{"cuts steps", "1. a\n2. b\n::: if pop3\n3. c\n:::\n4. d\n", []string{`x.md:3: error:` + cut}},
		{"takes the first steps", "::: if pop3\n1. a\n2. b\n:::\n3. c\n", []string{`x.md:1: error:` + cut}},
		{"cuts bullets", "- a\n::: if pop3\n- b\n:::\n- c\n", []string{`x.md:2: error:` + cut}},
		{"bullets apart", "- a\n\n::: if pop3\n- b\n:::\n\n- c\n", nil},
		{"too deep", "::: if imap\n::: if imap\n::: if imap\n::: if imap\n::: if imap\n::: if imap\n::: if imap\na\n:::\n:::\n:::\n:::\n:::\n:::\n:::\n", []string{`x.md:7: error: blocks are nested too deep here (at most 6 levels are read; one condition may name several services)`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, problems := Parse("x.md", []byte(tt.src))
			_, more := f.Expand(sitePart, Shape{Offers: offered})
			if diff := cmp.Diff(tt.want, messages(append(problems, more...))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestForeignMarkdown(t *testing.T) {
	const typed = " is shown to readers as it is typed ("
	tests := []struct{ name, src, want string }{
		{"admonition", "a\n\n!!! note \"Title\"\n    b\n", `x.md:3: warning: "!!!" (an admonition of MkDocs)` + typed + noteHint},
		{"folded admonition", "??? tip\n    b\n", `x.md:1: warning: "???" (a folded admonition of MkDocs)` + typed + noteHint},
		{"tab", "=== \"Mac\"\n    b\n", `x.md:1: warning: "===" (a content tab of MkDocs)` + typed + `write a platform block, "::: macos" and ":::", or a heading for each tab)`},
		{"contents", "[TOC]\n", "x.md:1: warning: [TOC] (a table of contents)" + typed + "delete it; the page makes its own from the headings)"},
		{"contents of GitLab", "[[_TOC_]]\n", "x.md:1: warning: [TOC] (a table of contents)" + typed + "delete it; the page makes its own from the headings)"},
		{"embedded", "See ![[image.png]]\n", `x.md:1: warning: "![[ ]]" (an embedded file of Obsidian)` + typed + "for a picture write ![What it shows](picture.png), for a part {{include NAME}})"},
		{"task", "- a\n- [x] b\n", `x.md:2: warning: "[ ]" (a task list)` + typed + "delete the brackets, or use a numbered list)"},
		{"task in a loose list", "1. a\n\n2. [ ] b\n", `x.md:3: warning: "[ ]" (a task list)` + typed + "delete the brackets, or use a numbered list)"},
		{"footnote", "a\nb[^1].\n", "x.md:2: warning: a footnote" + typed + footnoteHint},
		{"text of a footnote", "[^note]: The text.\n", "x.md:1: warning: a footnote" + typed + footnoteHint},
		{"footnote of one word", "a[^1].\n\n[^1]: Word\n", "x.md:1: warning: a footnote" + typed + footnoteHint},
		{"attribute list", "a\n{: .class }\n", "x.md:2: warning: an attribute list" + typed + "delete it; only headings have an attribute here: ## Heading {#anchor})"},
		{"attribute of a heading", "## Title {.class}\n", "x.md:1: warning: an attribute list" + typed + "delete it; only headings have an attribute here: ## Heading {#anchor})"},
		{"marked text", "a ==b== c\n", `x.md:1: warning: "== ==" (marked text)` + typed + "write **bold**)"},
		{"tag", "{% include note.html %}\n", `x.md:1: warning: "{% %}" (a tag of Liquid or GitBook)` + typed + `write Markdown in its place; for a note "> [!NOTE]", for a part {{include NAME}})`},
		{"old note", "> **Note**\n> b\n", `x.md:1: warning: "> **Note**" (an alert of old)` + typed + noteHint},
		{"definition", "Word\n: what it means\n", `x.md:2: warning: a definition list` + typed + "write a list of bullets, or a table)"},
		{"in code", "`[^1]` `![[a]]`\n\n```\n!!! note\n=== \"a\"\n[TOC]\n```\n\n    - [ ] a\n", ""},
		{"ordinary text", "Really!!! It costs 3 == 3. See [1] and {x}: a.b\n\n- [a](/status) b\n- at 10:30: all: well\n\n> **Note** that this is a sentence.\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Parse("x.md", []byte(tt.src))
			var want []string
			if tt.want != "" {
				want = []string{tt.want}
			}
			if diff := cmp.Diff(want, messages(problems)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

const (
	noteHint     = `write "> [!NOTE]", "> [!TIP]" or "> [!WARNING]" and "> " before every line)`
	footnoteHint = "put the sentence in brackets where it belongs, or into a paragraph of its own)"
)
