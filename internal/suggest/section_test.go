package suggest_test

import (
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"signpost/articles"
	"signpost/internal/content"
	"signpost/internal/content/markdown"
	"signpost/internal/content/source"
	"signpost/internal/locale"
	"signpost/internal/site"
	"signpost/internal/suggest"
	"signpost/web"
)

var (
	linkTarget = regexp.MustCompile(` \((?:https?|mailto|tel):[^\s)]*\)`)
	alertLabel = regexp.MustCompile(`(?m)^> \pL+:$`)
	stepNumber = regexp.MustCompile(`(?m)^([0-9]+)[.)] `)
)

// letters are the words of a text without marks, punctuation and addresses.
func letters(s string) string {
	s = linkTarget.ReplaceAllString(strings.Join(strings.Fields(s), " "), "")
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// TestSectionsOfTheSample: of every section of every sample article, in every language and
// for every platform, a snippet holds whole blocks of this section alone, and
// steps of one list without a gap, from its first.
func TestSectionsOfTheSample(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	live, err := site.Open(site.Config{Source: source.Embedded("sample", articles.FS), Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	texts, err := locale.Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	s := live.Snapshot()
	sections := 0
	for _, a := range s.Desk.Articles {
		for _, lang := range a.Languages() {
			doc := s.Library.Doc(a.Texts[lang])
			if doc == nil {
				continue
			}
			rd := s.DeskReader(lang, content.WordsIn(texts.For(lang)))
			if lang != s.DefaultLanguage() {
				rd.Root = "/" + lang
			}
			byAnchor := map[string]string{}
			var heading string
			for _, p := range doc.Passages(rd) {
				if p.Anchor != "" && len(p.Platforms) == 0 {
					heading = p.Anchor
				}
				byAnchor[heading] += p.Heading + "\n" + p.Text + "\n"
			}
			for _, h := range doc.Outline(rd) {
				for _, platform := range append([]string{""}, markdown.Platforms()...) {
					if len(h.Platforms) > 0 {
						continue
					}
					p, err := suggest.ArticleSnippet(s, texts, a, suggest.Customer{Lang: lang, Platform: platform}, h.Anchor, "https://help.example.com", "")
					if err != nil {
						t.Fatal(err)
					}
					sections++
					name := fmt.Sprintf("%s#%s %s %s", a.Slug, h.Anchor, lang, platform)
					checkSnippet(t, name, p, letters(byAnchor[h.Anchor]), a.Texts[lang].Summary)
				}
			}
		}
	}
	if sections < 500 {
		t.Errorf("only %d snippets of the sample were looked at", sections)
	}
}

func checkSnippet(t *testing.T, name string, p suggest.Snippet, section, summary string) {
	t.Helper()
	if n := len([]rune(p.Text)); n > 1800 {
		t.Errorf("%s: %d characters", name, n)
	}
	if !strings.Contains(p.URL, "#") {
		t.Errorf("%s: the link has no anchor: %s", name, p.URL)
	}
	blocks := strings.Split(strings.TrimSpace(p.Text), "\n\n")
	blocks = blocks[1 : len(blocks)-1]            // title and link
	table := strings.Contains(p.Markdown, "\n| ") // its cells stand in another order
	var steps []int
	for _, b := range blocks {
		if strings.Contains(b, "\n---") { // a heading, which may have a number of its own
			if !strings.Contains(section, letters(b)) {
				t.Errorf("%s: a heading of another section: %s", name, b)
			}
			continue
		}
		for _, m := range stepNumber.FindAllStringSubmatch(b, -1) {
			n, _ := strconv.Atoi(m[1])
			steps = append(steps, n)
		}
		for _, item := range stepNumber.Split(b, -1) {
			item = letters(alertLabel.ReplaceAllString(item, ""))
			if !table && !strings.Contains(section, item) && !strings.Contains(letters(summary), item) {
				t.Errorf("%s: not in the section:\n%s\n--\n%s", name, item, section)
			}
		}
	}
	for i := 1; i < len(steps); i++ {
		if steps[i] != steps[i-1]+1 {
			t.Errorf("%s: steps %v", name, steps)
		}
	}
}
