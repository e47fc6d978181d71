package site_test

import (
	"os"
	"slices"
	"testing"

	"signpost/internal/search"
	"signpost/internal/search/expect"
)

// Of what customers type into the search of the sample site, so much is answered
// by the first result, and so much by one of the first three.
func TestCustomersQueries(t *testing.T) {
	text, err := os.ReadFile("testdata/customers.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := expect.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	s := sample(t)
	var first, third float64
	asked := map[string]int{}
	for _, l := range lines {
		asked[l.Lang]++
		var found []string
		for _, h := range s.Index.Search(search.Query{Text: l.Query, Lang: l.Lang}).Hits {
			found = append(found, slug(s, h))
		}
		at := slices.IndexFunc(found, func(f string) bool { return slices.Contains(l.Want, f) })
		if at == 0 {
			first++
		}
		if at >= 0 && at < 3 {
			third++
		}
		if at != 0 {
			t.Logf("%s %q: %v, want %v", l.Lang, l.Query, found[:min(len(found), 4)], l.Want)
		}
	}
	for _, lang := range []string{"en", "nb", "de"} {
		if asked[lang] < 50 {
			t.Errorf("%d queries in %s, want 50", asked[lang], lang)
		}
	}
	n := float64(len(lines))
	t.Logf("success@1 %.3f, success@3 %.3f of %d queries", first/n, third/n, len(lines))
	if first/n < .9 || third/n < .97 {
		t.Errorf("success@1 is %.3f and success@3 %.3f; at least .90 and .97 are expected", first/n, third/n)
	}
}
