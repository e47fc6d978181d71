package words

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScan(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Hello, World", []string{"hello", "world"}},
		{"550 5.7.1", []string{"550", "5", "7", "1", "5.7.1"}},
		{"imap.Example.com:993", []string{"imap", "example", "com", "imap.example.com", "993"}},
		{"e-mail set-up", []string{"e", "mail", "email", "set", "up", "setup"}},
		{"don't can’t server's", []string{"dont", "cant", "server"}},
		{"NS_ERROR_FAIL", []string{"ns", "error", "fail", "ns_error_fail"}},
		{"Äpfel A\u0308pfel", []string{"äpfel", "äpfel"}},
		{"日本語 x", []string{"日本", "本語", "x"}},
		{"end. 'quoted' -", []string{"end", "quoted"}},
		{strings.Repeat("x", MaxWord+1) + " ok", []string{"ok"}},
		{"\xff\xfe a", []string{"a"}},
	} {
		got := []string{}
		Scan(c.text, func(k Token) bool {
			if k.Start < 0 || k.End > len(c.text) || k.Start >= k.End {
				t.Errorf("%q: %+v", c.text, k)
			}
			got = append(got, k.Word)
			return true
		})
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%q: %s", c.text, d)
		}
	}
}

func TestStem(t *testing.T) {
	for _, c := range []struct{ lang, a, b string }{
		{"en", "certificate", "certificates"},
		{"en", "change", "changing"},
		{"de", "passwort", "passwörter"},
		{"de", "server", "servern"},
		{"nb", "passord", "passordene"},
		{"nb", "konto", "kontoen"},
	} {
		if Stem(c.lang, c.a) != Stem(c.lang, c.b) {
			t.Errorf("%s: %s and %s have the stems %s and %s", c.lang, c.a, c.b, Stem(c.lang, c.a), Stem(c.lang, c.b))
		}
	}
	for _, w := range []string{"5.7.1", "windows11", "imap.example.com"} {
		if Stem("en", w) != w {
			t.Errorf("%s is stemmed to %s", w, Stem("en", w))
		}
	}
	if Stem("fr", "Été") != "Ete" && Stem("fr", "été") != "ete" {
		t.Error("another language is not folded only")
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{"passwörter": "passworter", "straße": "strasse", "smørbrød": "smorbrod", "æsj": "aesj", "plain": "plain", "łódź": "lodz"} {
		if got := Fold(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	for typed, want := range map[string]string{"aendern": "ändern", "passoerd": "passørd", "steuerueberweisung": "steuerüberweisung", "faar": "får"} {
		if !slices.Contains(Spellings(typed), Fold(want)) {
			t.Errorf("%s is not %s: %v", typed, want, Spellings(typed))
		}
	}
}

func TestTerms(t *testing.T) {
	got := Terms("en", "Hello, my passwords for anna@example.com at https://example.com/x?y=secret and C:\\Users\\anna fail: error 5501, call 0301234567. Passwords! imap.example.com")
	want := []string{"password", "fail", "error", "5501", "call", "imap", "exampl", "com"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if got := Terms("en", ""); got == nil {
		t.Error("nil")
	}
}

// Words and hashes come from two readers of the same text; they must agree.
func FuzzHashes(f *testing.F) {
	f.Add("Don't panic. E-mail’s Ünïcödé; 日本 5.7.1\nNext?")
	f.Fuzz(func(t *testing.T, text string) {
		var want []uint32
		Scan(text, func(k Token) bool {
			if !k.Compound && !slices.ContainsFunc([]rune(k.Word), ideograph) {
				want = append(want, Hash(Fold(k.Word)))
			}
			return true
		})
		if strings.ContainsFunc(text, ideograph) || slices.ContainsFunc(strings.Fields(text), func(s string) bool { return len(s) > MaxWord }) {
			want = nil
		}
		var got []uint32
		Hashes(text, func(h uint32, start, end int) {
			if start >= end || end > len(text) || h < MinHash {
				t.Errorf("%d %d %d", h, start, end)
			}
			got = append(got, h)
		}, func() {})
		if want != nil && !slices.Equal(want, got) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	})
}

func TestAsksAreStops(t *testing.T) {
	for lang, list := range askWords {
		for w := range list {
			if !IsStop(lang, w) {
				t.Errorf("%s: %q makes the question, but is no stop word", lang, w)
			}
		}
	}
	if !Asks("de", "wie") || Asks("de", "bitte") {
		t.Error("German")
	}
}
