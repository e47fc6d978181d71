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
	for word, want := range map[string][]uint32{
		"serverzertifikat":     {term["server"], term["zertifikat"]},
		"posteingangskalender": {term["posteingang"], term["kalender"]}, // a linking s
		"servernase":           nil,
		"ohneserver":           nil, // a stop word is no part
		"server":               nil,
		"zertifikatserver":     {term["zertifikat"], term["server"]},
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
	if en := fill("en"); en.Split("serverzertifikat") != nil || en.Compounds(term["server"]) != nil {
		t.Error("English words are taken apart")
	}
}
