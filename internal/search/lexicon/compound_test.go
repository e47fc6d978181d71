package lexicon

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCompounds(t *testing.T) {
	known := []string{"posteingang", "server", "zertifikat", "posteingangsserver", "kalender", "einrichten", "ohne", "wort"}
	term := map[string]uint32{}
	fill := func(lang string) *Lexicon {
		lx := New(lang)
		for i, w := range known {
			term[w] = uint32(i)
			lx.Number(w, uint32(i))
			lx.Add(w, uint32(i), 1)
		}
		lx.Prepare()
		return lx
	}
	lx := fill("de")
	for word, want := range map[string][]string{
		"serverzertifikat":     {"server", "zertifikat"},
		"posteingangskalender": {"posteingangs", "kalender"}, // a form of the word
		"servernase":           nil,
		"ohneserver":           nil, // a stop word is no part
		"server":               nil,
		"zertifikatserver":     {"zertifikat", "server"},
		"öäüöäüserver":         nil,
	} {
		if d := cmp.Diff(want, lx.Split(word)); d != "" {
			t.Errorf("Split(%q): %s", word, d)
		}
	}
	for _, part := range []string{"posteingang", "server"} {
		if d := cmp.Diff([]uint32{term["posteingangsserver"]}, lx.Compounds(term[part])); d != "" {
			t.Errorf("Compounds(%q): %s", part, d)
		}
	}
	if en := fill("en"); en.Compounds(term["server"]) != nil {
		t.Error("English words are compounds")
	}
}

// Where compounds are rare, two words in one are a missing blank, and one of them
// may be a stop word.
func TestMissingBlank(t *testing.T) {
	lx := New("en")
	for i, w := range []string{"thank", "you", "password", "reset", "a", "lot"} {
		lx.Number(w, uint32(i))
		lx.Add(w, uint32(i), 1)
	}
	lx.Prepare()
	for word, want := range map[string][]string{
		"thankyou":      {"thank", "you"},
		"passwordreset": {"password", "reset"},
		"alot":          nil, // too short to be sure
		"lotpassword":   nil,
	} {
		if d := cmp.Diff(want, lx.Split(word)); d != "" {
			t.Errorf("Split(%q): %s", word, d)
		}
	}
}
