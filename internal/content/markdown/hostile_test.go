package markdown

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"signpost/internal/content/markdown/syntax"
)

// hostileTexts are tried in every place of the syntax.
var hostileTexts = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `javascript:alert(1)`,
	`JaVaScRiPt:alert(1)`, `data:text/html;base64,PHNjcmlwdD4=`, `vbscript:x`, `&#106;avascript:alert(1)`, `java&Tab;script:alert(1)`,
	`&quot; onclick=&quot;alert(1)`, `{{vars.hostile}}`, `{{vars.js}}`, `\{{vars.hostile}}`, `]]><svg/onload=alert(1)>`, `--><b onclick=x>`,
	"`\"><script>`", `\"><script>`, `x{#"onclick="x}`, `//example.org/x`, `/\example.org`, `%6aavascript:x`, `<a href="javascript:x">`,
}

var hostileFrames = []string{
	"§\n", "## §\n", "## x {#§}\n", "- §\n", "1. §\n", "> §\n", "> [!NOTE]\n> §\n", "> [!§]\n", "`§`\n", "```§\n§\n```\n", "    §\n",
	"[x](§)\n", "[x](<§>)\n", "[x](/status \"§\")\n", "[§](/status)\n", "[x][r]\n\n[r]: § \"§\"\n", "<§>\n", "![§](a.png \"§\")\n", "![x](§)\n",
	"a ![§](a.png '§') b\n", "[[§]]\n", "[[1042#§]]\n", "++§++\n", "++Ctrl+§++\n", "| § | b |\n|---|:-:|\n| § | x |\n", "**§** *§* ~~§~~\n", "::: §\nx\n:::\n",
	"::: ios\n§\n:::\n", "{{§}}\n", "{{settings §}}\n", "{{include §}}\n", "{{imap.host for §}}\n", "https://example.com/§\n", "[x](https://§/)\n", "[x](mailto:§)\n",
	"[x](#§)\n", "<div §>\n", "<!-- § -->\n", "§@example.com\n", "[![§](a.png)](§)\n", "[x]({{vars.js}}§)\n", "[x](§{{vars.js}})\n",
}

func TestHostile(t *testing.T) {
	for _, frame := range hostileFrames {
		for _, text := range hostileTexts {
			src := strings.ReplaceAll(frame, "§", text)
			if err := renderAll(src); err != "" {
				t.Errorf("%q: %s", src, err)
			}
		}
	}
}

// renderAll puts a text through everything, and says what is wrong with the
// results. Files with errors are rendered too: drafts are.
func renderAll(src string) string {
	f, _ := Parse("help/mail/x/en.md", []byte(src))
	for range f.Literals() {
	}
	d, _ := f.Expand(sitePart, Shape{Steps: true})
	d.Check(site{})
	d.Steps(site{})
	d.Figures()
	d.References()
	d.Lead(site{}, 100)
	Freeze("x.md", []byte(src), site{}.Value)
	for _, p := range d.Passages(site{}) {
		if p.Anchor != "" && !d.HasAnchor(p.Anchor) {
			return "passage without anchor " + p.Anchor
		}
	}
	for _, h := range d.Outline(site{}) {
		if !d.HasAnchor(h.Anchor) {
			return "heading without anchor " + h.Anchor
		}
	}
	for _, o := range []Options{{}, {Base: "https://help.example.com", Self: "/help/x", IDPrefix: "u-", Width: 30, NoURLs: true, Platform: "ios"}} {
		if err := unsafe(string(d.HTML(site{}, o))); err != "" {
			return err
		}
		d.Text(site{}, o)
		md := d.Markdown(site{}, o)
		again, _ := Parse("x.md", []byte(md))
		e, _ := again.Expand(sitePart, Shape{})
		if err := unsafe(string(e.HTML(site{}, o))); err != "" {
			return "as Markdown: " + err
		}
	}
	return ""
}

var allowedTags = strings.Fields("p h1 h2 h3 h4 h5 h6 a ul ol li blockquote div pre code table thead tbody tr th td caption section figure figcaption img hr br em strong del kbd mark")

var allowedAttributes = strings.Fields("id class href title src alt width height loading start role tabindex scope data-platform data-copy aria-label")

// unsafe reads HTML as a browser does, and reports what must not be there.
func unsafe(fragment string) string {
	root, err := html.Parse(strings.NewReader(fragment))
	if err != nil {
		return err.Error()
	}
	ids := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			return "comment " + n.Data
		}
		if n.Type != html.ElementNode || n.Data == "html" || n.Data == "head" || n.Data == "body" {
			continue
		}
		if !slices.Contains(allowedTags, n.Data) {
			return "element " + n.Data
		}
		for _, a := range n.Attr {
			switch {
			case !slices.Contains(allowedAttributes, a.Key):
				return "attribute " + a.Key
			case a.Key == "id" && ids[a.Val]:
				return "id twice: " + a.Val
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "href" || a.Key == "src":
				u, err := url.Parse(a.Val)
				if err != nil && strings.HasPrefix(a.Val, "http") {
					continue // a browser does not open it either
				}
				if err != nil || u.Scheme != "" && !slices.Contains(syntax.Schemes, u.Scheme) || u.Scheme == "" && u.Host != "" || strings.Contains(a.Val, `\`) {
					return "URL " + a.Val
				}
			}
		}
	}
	return ""
}

// TestSlow tries what makes Markdown parsers slow. Time that grows with the
// square of the size would be minutes here.
func TestSlow(t *testing.T) {
	frames := map[string]string{
		"brackets": "[", "images": "![", "emphasis": "*a **a _", "backticks": "` `` ", "links": "[a](", "names": "[[", "angles": "<a ", "entities": "&", "keys": "++a",
		"strikes": "~a ~~", "closers": "](b) ", "mail": "a@", "braces": "{{", "escapes": `\`, "urls": "https://a ", "comments": "<!--", "tables": "|", "autolinks": "<a@", "references": "[a]: <",
		"quotes": "> ", "lists": "- ", "headings": "# ", "alerts": "> [!", "fences": "``` ", "colons": "::: ios ",
	}
	const maxLine, maxParagraph = 16 << 10, 64 << 10 // as in package syntax
	for name, frame := range frames {
		t.Run(name, func(t *testing.T) {
			for _, line := range []int{len(frame), maxLine - 10} {
				for _, paragraph := range []int{line, maxParagraph - 10} {
					start := time.Now()
					l := strings.Repeat(frame, max(1, line/len(frame))) + "\n"
					p := strings.Repeat(l, max(1, paragraph/len(l))) + "\n"
					src := strings.Repeat(p, MaxSize/16/len(p))
					f, _ := Parse("x.md", []byte(src))
					d, _ := f.Expand(sitePart, Shape{Steps: true})
					d.HTML(site{}, Options{})
					d.Markdown(site{}, Options{})
					if took := time.Since(start); took > 10*time.Second {
						t.Errorf("line %d, paragraph %d: %s", line, paragraph, took)
					}
				}
			}
		})
	}
}

func TestSlowStairs(t *testing.T) {
	for _, mark := range []string{"- ", "1. ", "> ", "- > "} {
		var b strings.Builder
		for i := 0; b.Len()+i*len(mark) < MaxSize-100; i++ {
			if mark[0] == '>' {
				b.WriteString(strings.Repeat(mark, min(i, MaxDepth)) + "\n")
			} else {
				b.WriteString(strings.Repeat(" ", i*len(mark)) + mark + "x\n")
			}
		}
		start := time.Now()
		Parse("x.md", []byte(b.String()))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%q: %s", mark, took)
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, frame := range hostileFrames {
		f.Add(strings.ReplaceAll(frame, "§", hostileTexts[1]))
	}
	for _, src := range siteParts {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if err := renderAll(src); err != "" {
			t.Error(err)
		}
	})
}
