package synonym

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	s, problems := Parse("synonyms.txt", []byte(strings.Join([]string{
		"# comment",
		"Mail, E-Mail,  electronic post # the same",
		"",
		"alone",
		"apple mail => mail.app",
		"a => b => c",
		"=> x",
		"!!, ?",
		"same, SAME",
	}, "\n")))
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	hint := ` (write "a, b, c" or "a => b, c")`
	want := []string{
		`synonyms.txt:4: error: a group needs at least two entries, this has only "alone"` + hint,
		`synonyms.txt:6: error: more than one "=>"` + hint,
		`synonyms.txt:7: error: an entry is empty` + hint,
		`synonyms.txt:8: error: the entry "!!" has no word` + hint,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if l := s.Of("mail"); len(l) != 1 || !cmp.Equal(l[0].Name, []string{"E-Mail", "electronic post"}) {
		t.Errorf("mail: %+v", l)
	}
	if l := s.Of("apple"); len(l) != 1 || !cmp.Equal(*l[0], Synonym{From: []string{"apple", "mail"}, To: [][]string{{"mail", "app"}}, Name: []string{"mail.app"}}) {
		t.Errorf("apple: %+v", l)
	}
	if l := s.Of("app"); l != nil {
		t.Errorf("one way only: %+v", l)
	}
	if l := (*Set)(nil).Of("mail"); l != nil {
		t.Errorf("no file: %+v", l)
	}
}

func TestLimits(t *testing.T) {
	_, problems := Parse("s", []byte("x"+strings.Repeat(", y", maxEntries)))
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "entries") {
		t.Errorf("%v", problems)
	}
	_, problems = Parse("s", []byte(strings.Repeat("\n", maxLines+5)))
	if len(problems) != 1 || problems[0].Line != maxLines+1 {
		t.Errorf("%v", problems)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a, b c => d\n# x\n=>,,=>")
	f.Fuzz(func(t *testing.T, text string) {
		_, problems := Parse("s", []byte(text))
		for _, p := range problems {
			if p.Line < 1 || p.Message == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}
