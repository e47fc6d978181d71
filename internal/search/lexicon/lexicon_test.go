package lexicon

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/search/words"
)

func filled(lang string, list ...string) *Lexicon {
	lx := New(lang)
	next := uint32(0)
	for i, w := range list {
		t := lx.Number(words.Stem(lang, w), next)
		if t == next {
			next++
		}
		lx.Add(w, t, uint32(i+1))
	}
	lx.Prepare()
	return lx
}

func TestCorrections(t *testing.T) {
	en := filled("en", "password", "pillows", "server", "than", "certificate", "mail", "deliver", "account")
	de := filled("de", "ändern", "passwort", "größe")
	for _, c := range []struct {
		lx   *Lexicon
		word string
		want string // shown, "" for none
	}{
		{en, "pasword", "password"},
		{en, "apssword", "password"},
		{en, "passsword", "password"},
		{en, "certifcat", "certificate"},
		{en, "pilow", "pillows"},
		{en, "delivvered", "deliver"},
		{en, "sevrer", "server"},
		{en, "acount", "account"},
		{en, "that", ""},
		{en, "xyzzy", ""},
		{en, "mai", ""},
		{en, "s3rver", ""},
		{de, "aendern", "ändern"},
		{de, "groesse", "größe"},
		{de, "passwrot", "passwort"},
	} {
		got := ""
		if l := c.lx.Corrections(words.Fold(c.word)); len(l) > 0 {
			got = l[0].Word.Shown
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.word, got, c.want)
		}
	}
}

func TestTermAndInflections(t *testing.T) {
	lx := filled("de", "passwort", "passwörter", "konto")
	a, _ := lx.Term("passwort")
	b, ok := lx.Term("passworte")
	if !ok || a != b {
		t.Errorf("an unknown inflection has the term %d, %v, want %d", b, ok, a)
	}
	if d := cmp.Diff([]string{"passwort", "passwörter"}, lx.Inflections("passwort")); d != "" {
		t.Error(d)
	}
	if _, ok := lx.Term("nichts"); ok {
		t.Error("an unknown word has a term")
	}
}

func TestCompletionsAreBounded(t *testing.T) {
	var list []string
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			list = append(list, "zq"+string(a)+string(b)+"xxk")
		}
	}
	lx := filled("", list...)
	if n := len(lx.Completions("z")); n != maxShortCompletions {
		t.Errorf("one letter: %d", n)
	}
	if n := len(lx.Completions("zqa")); n != 26 {
		t.Errorf("three letters: %d", n)
	}
	if n := len(lx.Completions("nothing")); n != 0 {
		t.Errorf("nothing: %d", n)
	}
}

func TestTitles(t *testing.T) {
	ts := NewTitles([]string{"Set up Apple Mail", "Mail is rejected", "", "Apple"})
	for typed, want := range map[string][]uint32{"apple": {3, 0}, "mail": {0, 1}, "set up app": {0}, "pple": nil} {
		var got []uint32
		for _, s := range ts.Beginning(typed) {
			got = append(got, s.Doc)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%q: %s", typed, d)
		}
	}
}

func FuzzCorrections(f *testing.F) {
	lx := filled("en", "password", "pillows", "server", "ünïcode", "日本")
	f.Add("pasword")
	f.Fuzz(func(t *testing.T, word string) {
		for _, c := range lx.Corrections(words.Fold(word)) {
			if c.Score <= 0 || c.Score > 1 || c.Word.Shown == "" {
				t.Errorf("%q: %+v", word, c)
			}
		}
	})
}
