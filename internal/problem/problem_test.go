package problem_test

import (
	"testing"

	"signpost/internal/problem"
)

func TestNearest(t *testing.T) {
	known := []string{"title", "summary", "platforms", "services", "imap", "pop3", "id"}
	for word, want := range map[string]string{
		"titel": "title", "Summary": "summary", "platform": "platforms", "servcies": "services",
		"impa": "imap", "pop": "pop3", "zzz": "", "": "", "x": "",
	} {
		if got := problem.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestStringIsSafeForTerminals(t *testing.T) {
	var l problem.List
	l.Errorf("a\x1b[31m.md", 3, "hint\nforged: line", "bad \u202eword")
	got := l[0].String()
	want := "a\uFFFD[31m.md:3: error: bad \uFFFDword (hint\uFFFDforged: line)"
	if got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
}

func TestSort(t *testing.T) {
	var l problem.List
	l.Warnf("b", 1, "", "x")
	l.Errorf("a", 2, "", "y")
	l.Errorf("a", 1, "", "z")
	l.Errorf("a", 1, "", "z")
	l.Sort()
	if len(l) != 3 || l[0].Message != "z" || l[2].Path != "b" || !l.HasErrors() || l.ErrorsIn("b") {
		t.Errorf("sorted: %v", l)
	}
}

func TestDidYouMean(t *testing.T) {
	for _, tt := range []struct {
		word  string
		known []string
		want  string
	}{
		{"imab", []string{"imap", "pop"}, `did you mean "imap"?`},
		{"sieve", []string{"submit", "imap", "imap"}, "known: imap, submit"},
		{"sieve", nil, ""},
	} {
		if got := problem.DidYouMean(tt.word, tt.known); got != tt.want {
			t.Errorf("DidYouMean(%q, %q) = %q, want %q", tt.word, tt.known, got, tt.want)
		}
	}
}

// The same problem of two readers is one, whatever stands between.
func TestSortDropsRepeats(t *testing.T) {
	var l problem.List
	l.Errorf("a", 1, "", "x")
	l.Errorf("a", 1, "", "y")
	l.Errorf("a", 1, "", "x")
	if l.Sort(); len(l) != 2 || l[0].Message != "x" || l[1].Message != "y" {
		t.Errorf("%v", l)
	}
}
