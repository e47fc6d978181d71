package markdown

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/problem"
)

func messages(l problem.List) []string {
	var out []string
	for _, p := range l {
		out = append(out, p.String())
	}
	return out
}

// lines returns a text of n lines.
func lines(n int, line string) string { return strings.Repeat(line+"\n", n) }

func TestParseProblems(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"fine", "---\na: b\n---\ntext\n", nil},
		{"BOM and CRLF", "\uFEFF---\r\na: b\r\n---\r\ntext\r\n\r\n<b>\r\n", []string{`x.md:6: warning: HTML is shown to readers as it is typed: <b> (use Markdown, or put the text in backticks)`}},
		{"20 MB", strings.Repeat("a ", 10<<20), []string{`x.md:1: error: the file has 20971520 bytes; at most 1048576 are read (split it into several files)`}},
		{"not UTF-8", "a\nb\nc\xff\n", []string{`x.md:3: error: this line is not UTF-8 (save the file as UTF-8)`}},
		{"NUL", "a\n\x00\n", []string{`x.md:2: error: a NUL character stands here (this does not look like a text file)`}},
		{"control character", "a\r\nb\rc\x1b[1m\n", []string{`x.md:3: error: a control character stands here (delete it; it cannot be seen in most editors)`}},
		{"noncharacter", "\uFDD0{imap.host}}", []string{`x.md:1: error: a control character stands here (delete it; it cannot be seen in most editors)`}},
		{"open front matter", "---\na: b\ntext\n", []string{`x.md:1: error: the front matter begins here and does not end (write a line "---" between the front matter and the text)`}},
		{"long line", "a\n\n" + strings.Repeat("x", 17<<10), []string{`x.md:3: error: this line is longer than 16 KiB (break it into lines)`}},
		{"long paragraph", "a\n\n" + lines(2000, strings.Repeat("*a _", 10)), []string{`x.md:3: error: this paragraph or table is longer than 64 KiB (divide it with empty lines)`}},
		{"indented", "a\n\n" + strings.Repeat(" ", 201) + "x\n", []string{`x.md:3: error: this line is indented by more than 200 spaces (nest less)`}},
		{"brackets", "a\n\n" + strings.Repeat("[", 501), []string{`x.md:3: error: this line has more than 500 brackets (break it into lines)`}},
		{"brackets in a paragraph", "a\n\n" + lines(501, "[a](/b)"), []string{`x.md:3: error: this paragraph or table has more than 500 brackets (divide it with empty lines)`}},
		{"wide table", "a\n" + strings.Repeat("|-", 66) + "|\n", []string{`x.md:2: error: this table has more than 64 columns (split the table)`}},
		{"deep quotes", "a\n\n" + strings.Repeat("> ", 30) + "x\n", []string{`x.md:3: error: quotes and lists are nested too deep here (at most 24 levels are read)`}},
		{"deep lists", nested(30), []string{`x.md:24: error: quotes, lists or emphasis are nested too deep here (at most 24 levels are read)`}},
		{"deep emphasis", strings.Repeat("*a **b ", 15) + strings.Repeat("c** d* ", 15), []string{`x.md:1: error: quotes, lists or emphasis are nested too deep here (at most 24 levels are read)`}},
		{"thematic break", strings.Repeat("- ", 40) + "\n", nil},
		{"not a value", "a {{imap host}}\n\n`{{x`", []string{
			`x.md:1: error: "{{imap host}}" is not a value (a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces)`,
			`x.md:3: error: "{{x" is not a value (a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces)`,
		}},
		{"in code", "```\nok\n{{ .Range }}\n```\n", []string{`x.md:3: error: "{{ .Range }}" is not a value (a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces)`}},
		{"in a caption", "![a](b.png \"{{}}\")\n", []string{`x.md:1: error: "{{}}" is not a value (a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces)`}},
		{"in a table", "| a |\n|---|\n| {{-}} |\n", []string{`x.md:3: error: "{{-}}" is not a value (a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces)`}},
		{"inline directive", "a\nsee {{settings imap}}\n", []string{`x.md:2: error: {{settings imap}} must stand alone on its line (put empty lines around it)`}},
		{"inline profile", "see {{profile}}\n", []string{`x.md:1: error: {{profile}} must stand alone on its line (put empty lines around it)`}},
		{"include without name", "{{include}}\n", []string{`x.md:1: error: an include needs the name of one part (write {{include password}})`}},
		{"settings of what", "{{include a for b}}\n\n{{profile x}}", []string{
			`x.md:1: error: an include needs the name of one part (write {{include password}})`,
			`x.md:3: error: the profile button takes no words (write {{profile}})`,
		}},
		{"unknown platform", "a\n\n::: macs\nx\n:::\n", []string{`x.md:3: error: unknown platform "macs" (did you mean "macos"?)`}},
		{"open platform block", "a\n\n::: ios\nx\n", []string{`x.md:3: error: this platform block does not end (write "::: macos ios" or "::: if pop3" before and ":::" after the block, each alone on its line)`}},
		{"stray end", "a\n\n:::\n", []string{`x.md:3: error: this ":::" ends a block, but none is open here (write "::: macos ios" or "::: if pop3" before and ":::" after the block, each alone on its line)`}},
		{"nested platform blocks", "::: ios\n::: macos\nx\n:::\n:::\n", []string{`x.md:2: error: a platform block begins inside another one (end the first with ":::" before)`}},
		{"platform block in a list", "1. a\n\n   ::: ios\n   x\n   :::\n2. b\n", nil},
		{"unknown alert", "a\n\n> [!CAUTION]\n> x\n", []string{`x.md:3: error: unknown alert [!CAUTION] (write [!NOTE], [!TIP] or [!WARNING])`}},
		{"javascript", "a [x](javascript:alert(1)) b\n", []string{`x.md:1: error: the link "javascript:alert(1)" is not allowed (links may begin with https://, http://, mailto: or tel:)`}},
		{"data", "a\n[x]\n\n[x]: data:text/html,x\n", []string{`x.md:2: error: the link "data:text/html,x" is not allowed (links may begin with https://, http://, mailto: or tel:)`}},
		{"hidden javascript", "[x](java&#10;script:alert(1))\n", []string{`x.md:1: error: the link "java�script:alert(1)" has characters that no address can have (write %20 for a space)`}},
		{"no protocol", "[x](//example.com)\n", []string{`x.md:1: error: the link "//example.com" does not say how to get there (begin with https://)`}},
		{"empty link", "[x]()\n", []string{`x.md:1: error: a link leads nowhere (write the address in brackets: [text](../spam-filter/en.md))`}},
		{"bad name", "[[not a slug]]\n", []string{`x.md:1: error: [[not a slug]] is not the id or slug of an article (write [[1042]] or [[apple-mail#step-3]]; for other words write [words](../apple-mail/en.md))`}},
		{"link in link", "[a [[1042]]](/status)\n", []string{`x.md:1: error: [[1042]] stands inside another link`}},
		{"foreign picture", "![a](https://example.org/x.png)\n", []string{`x.md:1: error: the picture "https://example.org/x.png" is not a file beside the article (put the file beside the article and write its name: ![Alt](step-1.png))`}},
		{"picture outside", "![a](../../x.png)\n", []string{`x.md:1: error: the picture "../../x.png" is not a file beside the article (put the file beside the article and write its name: ![Alt](step-1.png))`}},
		{"no picture", "![a]()\n", []string{`x.md:1: error: a picture has no file name (put the file beside the article and write its name: ![Alt](step-1.png))`}},
		{"no alt", "a\n![](x.png)\n", []string{`x.md:2: warning: the picture "x.png" has no alternative text (say what the picture shows: ![The account list](list.png))`}},
		{"HTML block", "a\n\n<!-- note\n-->\n", []string{`x.md:3: warning: HTML is shown to readers as it is typed: <!-- note (use Markdown, or put the text in backticks)`}},
		{"level one", "# Title\n", []string{`x.md:1: warning: the title is the only heading of level 1 (begin with "## ")`}},
		{"heading jump", "## a\n\n#### b\n", []string{`x.md:3: warning: the heading jumps from level 2 to level 4 (use ### here)`}},
		{"anchor", "## a {#ä b}\n", []string{`x.md:1: error: "ä b" cannot be the anchor of a heading (use letters, digits, - and _)`}},
		{"anchor twice", "## a {#x}\n\n## b {#x}\n", []string{`x.md:3: error: the anchor "x" is already on line 1 (choose another anchor)`}},
		{"step anchor", "## a {#step-2}\n", []string{`x.md:1: error: anchors like "step-2" belong to steps (choose another anchor)`}},
		{"many problems", lines(103, "[x]()\n"), append(repeated(100, `error: a link leads nowhere (write the address in brackets: [text](../spam-filter/en.md))`), "x.md:201: error: and 3 more problems")},
		{"reference bomb", "[a]: /" + strings.Repeat("x", 16000) + "\n\n" + strings.Repeat(lines(200, "[a]")+"\n", 1), []string{`x.md:68: error: the links of this file are longer than 1 MiB together`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, problems := Parse("x.md", []byte(tt.src))
			if f == nil {
				t.Fatal("no file")
			}
			if diff := cmp.Diff(tt.want, messages(problems)); diff != "" {
				t.Error(diff)
			}
			d, _ := f.Expand(sitePart, Shape{})
			if out := d.HTML(site{}, Options{}); len(out) > 8<<20 {
				t.Errorf("%d bytes of HTML", len(out))
			}
		})
	}
}

func repeated(n int, message string) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("x.md:%d: %s", 2*i+1, message))
	}
	return out
}

func nested(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("  ", i) + "- x\n")
	}
	return b.String()
}

func TestExpandProblems(t *testing.T) {
	tests := []struct {
		name, src string
		part      func(string) (*File, error)
		want      []string
	}{
		{"unknown part", "a\n\n{{include passwort}}\n", sitePart, []string{`x.md:3: error: there is no part "passwort" (known: password)`}},
		{"nil part", "{{include x}}\n", func(string) (*File, error) { return nil, nil }, []string{`x.md:1: error: there is no part x`}},
		{"loop", "a\n\n{{include loop}}\n", sitePart, []string{`help/parts/loop2/en.md:1: error: the parts include each other: loop > loop2 > loop (take one of the includes out)`}},
		{"three deep", "{{include d2}}\n", sitePart, nil},
		{"four deep", "{{include d1}}\n", sitePart, []string{`help/parts/d3/en.md:1: error: parts are included more than 3 deep: d1 > d2 > d3 > d4 (include the last one directly)`}},
		{"platform in platform", "::: macos\n{{include platform}}\n:::\n", sitePart, []string{`help/parts/platform/en.md:1: error: this part has a platform block, and is included in one (include the part outside of platform blocks)`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, problems := Parse("x.md", []byte(tt.src))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			_, problems = f.Expand(tt.part, Shape{})
			if diff := cmp.Diff(tt.want, messages(problems)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Ten parts include the nine others ten times each: without a limit, more than
// a gigabyte.
func TestTooLarge(t *testing.T) {
	f, _ := Parse("x.md", []byte(lines(200, "\n{{include a}}")))
	part := func(name string) (*File, error) {
		var b bytes.Buffer
		b.WriteString(lines(300, "some text of the part\n"))
		for _, other := range "abcdefghij" {
			if string(other) != name {
				b.WriteString(lines(10, "{{include "+string(other)+"}}\n"))
			}
		}
		p, problems := Parse("help/parts/"+name+"/en.md", b.Bytes())
		return p, problemsOrNil(problems)
	}
	d, problems := f.Expand(part, Shape{})
	problems.Sort()
	var tooLarge []string
	for _, p := range problems {
		if strings.Contains(p.Message, "larger") {
			tooLarge = append(tooLarge, p.String())
		}
	}
	if len(tooLarge) != 1 || len(problems) > 101 {
		t.Errorf("%d problems, %q", len(problems), tooLarge)
	}
	if n := len(d.HTML(site{}, Options{})); n > 4<<20 {
		t.Errorf("%d bytes", n)
	}
}

func problemsOrNil(l problem.List) error {
	if l.HasErrors() {
		return Errorf("", "%v", l)
	}
	return nil
}

func TestCheckProblems(t *testing.T) {
	tests := []struct {
		name, src string
		want      []string
	}{
		{"fine", "{{imap.host}} [[1042]] [x](/status#y) ![a](b.png)\n", nil},
		{"unknown value", "a\nb {{imap.hots}} `{{x.y for z}}`\n", []string{
			`help/mail/x/en.md:2: error: there is no value imap.hots (did you mean imap.host?)`, `help/mail/x/en.md:2: error: there is no value x.y for z (did you mean imap.host?)`,
		}},
		{"in code, caption, title, alt, key", "```\n\n{{no.1}}\n```\n\n![{{no.2}}](x.png \"{{no.3}}\")\n\n[a](/status \"{{no.4}}\") ++{{no.5}}++\n", []string{
			`help/mail/x/en.md:3: error: there is no value no.1 (did you mean imap.host?)`, `help/mail/x/en.md:6: error: there is no value no.3 (did you mean imap.host?)`,
			`help/mail/x/en.md:6: error: there is no value no.2 (did you mean imap.host?)`, `help/mail/x/en.md:8: error: there is no value no.4 (did you mean imap.host?)`,
			`help/mail/x/en.md:8: error: there is no value no.5 (did you mean imap.host?)`,
		}},
		{"long value", "{{vars.long}}", []string{`help/mail/x/en.md:1: error: the value of {{vars.long}} is longer than 1024 bytes`}},
		{"hostile value as link", "[a]({{vars.js}}) [b]({{vars.js}}/x)", []string{`help/mail/x/en.md:1: error: the link "javascript:alert(1)" is not allowed (links may begin with https://, http://, mailto: or tel:)`, `help/mail/x/en.md:1: error: the link "javascript:alert(1)/x" is not allowed (links may begin with https://, http://, mailto: or tel:)`}},
		{"unknown value in a link", "[a]({{link.no}})", []string{`help/mail/x/en.md:1: error: there is no value link.no (did you mean imap.host?)`}},
		{"broken links", "[a](no.md)\n[[2000]] [[apple-mail#missing]]", []string{
			`help/mail/x/en.md:1: error: there is no page "no.md" with anchor ""`, `help/mail/x/en.md:2: error: there is no page "2000" with anchor ""`,
			`help/mail/x/en.md:2: error: there is no page "apple-mail" with anchor "missing"`,
		}},
		{"own anchor", "## Links\n\n[a](#links) [b](#lnks)", []string{`help/mail/x/en.md:3: error: this page has no anchor "lnks" (did you mean "links"?)`}},
		{"pictures", "![a](none.png)\n\n![a](big.png)", []string{
			`help/mail/x/en.md:1: error: there is no picture "none.png" beside help/mail/x/en.md`,
			`help/mail/x/en.md:3: warning: the picture "big.png" has 400 KB; more than 300 KB is slow on a phone (save it with fewer pixels or colours)`,
		}},
		{"settings", "{{settings imap}}\n\n{{settings smpt}}", []string{`help/mail/x/en.md:3: error: there is no service "smpt" (known: imap)`}},
		{"in a part", "a\n\n{{include wrong}}", []string{`help/parts/wrong/en.md:1: error: there is no value wrong.value (did you mean imap.host?)`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := expand(t, tt.src, false)
			if diff := cmp.Diff(tt.want, messages(d.Check(site{}))); diff != "" {
				t.Error(diff)
			}
			// Strangers see a value that is missing as it was typed, and the text of
			// a link without its target; never why.
			html := string(d.HTML(site{}, Options{}))
			marked := slices.Contains([]string{"unknown value", "in code, caption, title, alt, key", "long value", "settings", "in a part"}, tt.name)
			if got := strings.Contains(html, `<mark class="problem">{{`); got != marked || strings.Contains(html, "there is no") || strings.Contains(html, "not allowed") {
				t.Errorf("marked %t, want %t, without a reason: %s", got, marked, html)
			}
		})
	}
	if p := expand(t, "{{profile}}", false).Check(nil); len(p) != 1 || p[0].Message != "nothing is known here but this text" {
		t.Error(p)
	}
}

func TestSubstitute(t *testing.T) {
	tests := []struct{ in, want, err string }{
		{"Set up {{imap.host}}:{{ imap.port }}", "Set up imap.example.com:993", ""},
		{"{{pop3.host for apple-mail}}", "apop.example.com", ""},
		{`\{{imap.host}} \\{{imap.host}}`, `{{imap.host}} \\imap.example.com`, ""},
		{"{{imap.hots}} {{imap.host}}", "{{imap.hots}} imap.example.com", "there is no value imap.hots"},
		{"{{a b}} {{", "{{a b}} {{", `"{{a b}}" is not a value`},
		{"plain { } }}", "plain { } }}", ""},
	}
	for _, tt := range tests {
		got, err := Substitute(tt.in, site{}.Value)
		if got != tt.want || (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
			t.Errorf("Substitute(%q) = %q, %v", tt.in, got, err)
		}
	}
}

func TestSubstituteFile(t *testing.T) {
	src := "# {{vars.spam-header}}\n\\{{x}}\n{{no.value}}\n"
	out, problems := SubstituteFile("extra.sieve", []byte(src), site{}.Value)
	if string(out) != "# X-Spam_Score\n{{x}}\n{{no.value}}\n" {
		t.Errorf("%q", out)
	}
	want := []string{`extra.sieve:3: error: there is no value no.value (did you mean imap.host?)`}
	if diff := cmp.Diff(want, messages(problems)); diff != "" {
		t.Error(diff)
	}
	if _, problems := SubstituteFile("x.txt", []byte("a\n\x00"), site{}.Value); len(problems) != 1 || problems[0].Line != 2 {
		t.Error(problems)
	}
	if _, problems := SubstituteFile("x.txt", make([]byte, MaxSize+1), site{}.Value); len(problems) != 1 {
		t.Error(problems)
	}
}

func TestFreeze(t *testing.T) {
	src := "---\ntitle: at {{imap.host}}\nx: {{vars.hostile}}\n---\n\n## 10:00 resolved\n{{vars.hostile}} \\{{a}} {{imap.port}}\n{{settings imap}}\n{{no.value}}\n"
	out, problems := Freeze("p.md", []byte(src), site{}.Value)
	want := "---\ntitle: at imap.example.com\nx: {{vars.hostile}}\n---\n\n## 10:00 resolved\n\">\\<script>alert(1)\\</script>\\*x\\* \\{{a}} 993\n{{settings imap}}\n{{no.value}}\n"
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}
	wantProblems := []string{
		`p.md:3: error: the value of {{vars.hostile}} cannot be put into the front matter (write the text out by hand)`,
		`p.md:8: error: "{{settings imap}}" is not a value (a value is {{imap.host}} or {{pop3.host for apple-mail}}; write \{{ for two braces)`,
		`p.md:9: error: there is no value no.value (did you mean imap.host?)`,
	}
	if diff := cmp.Diff(wantProblems, messages(problems)); diff != "" {
		t.Error(diff)
	}
	if same, problems := Freeze("p.md", []byte("a\x00"), site{}.Value); len(problems) != 1 || string(same) != "a\x00" {
		t.Error(problems)
	}
}
