package site_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/search"
	"signpost/internal/search/expect"
	"signpost/internal/site"
)

func sample(t testing.TB) *site.Snapshot {
	t.Helper()
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	live, err := site.Open(site.Config{Source: source.Embedded("sample", articles.FS), Now: now, Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	return live.Snapshot()
}

func slug(s *site.Snapshot, h search.Hit) string {
	if a := s.ArticleOf(h.Doc); a != nil {
		return a.Slug
	}
	return h.Doc.Kind
}

// Every line of the file holds. Settings cards and open incidents are the
// server's; it has the same test for those lines.
func TestSampleSearch(t *testing.T) {
	text, err := os.ReadFile("testdata/search.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := expect.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	s := sample(t)
	asked := map[string]int{}
	for _, l := range lines {
		if strings.HasPrefix(l.Section, "server:") {
			continue
		}
		asked[l.Lang]++
		res := s.Index.Search(search.Query{Text: l.Query, Lang: l.Lang, Typing: l.Typing})
		var found []string
		for _, h := range res.Hits {
			found = append(found, slug(s, h))
		}
		if miss := l.Miss(found); miss != "" {
			t.Errorf("%s (understood as %q)", miss, res.Corrected)
		}
	}
	if asked["en"] < 100 || asked["nb"] < 25 || asked["de"] < 25 {
		t.Errorf("so many queries by language: %v", asked)
	}
}
