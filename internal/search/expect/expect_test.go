package expect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/search/expect"
)

func TestParse(t *testing.T) {
	got, err := expect.Parse("# words\nen | a b… | x, y 3 | why\n\n[later]\nde | c | x or y 1 |\nen | [d] | nothing |\n")
	want := []expect.Line{
		{Number: 2, Lang: "en", Query: "a b", Typing: true, Want: []string{"x", "y"}, Within: 3},
		{Number: 5, Section: "later", Lang: "de", Query: "c", Want: []string{"x", "y"}, Any: true, Within: 1},
		{Number: 6, Section: "later", Lang: "en", Query: "[d]"},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v, %s", err, d)
	}
	for _, bad := range []string{"en | a | x 1", "en | a | x |", "en | a | x 0 |", "en | a | x, y 1 |"} {
		if _, err := expect.Parse(bad); err == nil {
			t.Errorf("Parse(%q) gives no error", bad)
		}
	}
}

func TestMiss(t *testing.T) {
	for _, c := range []struct {
		line  string
		found []string
		miss  bool
	}{
		{"en | q | x 1 |", []string{"x", "y"}, false},
		{"en | q | x 1 |", []string{"y", "x"}, true},
		{"en | q | x 1 |", nil, true},
		{"en | q | x, y 3 |", []string{"y", "z", "x"}, false},
		{"en | q | x, y 3 |", []string{"y", "z", "v", "x"}, true},
		{"en | q | x or y 1 |", []string{"y"}, false},
		{"en | q | nothing |", nil, false},
		{"en | q | nothing |", []string{"x"}, true},
	} {
		l, err := expect.Parse(c.line)
		if err != nil {
			t.Fatal(err)
		}
		if m := l[0].Miss(c.found); (m != "") != c.miss {
			t.Errorf("%s with %v: %q", c.line, c.found, m)
		}
	}
}
