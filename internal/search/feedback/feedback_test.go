package feedback

import "testing"

func TestQuery(t *testing.T) {
	ix := New([]map[string]int{{"password": 5, "lost": 1}, nil, {"server": 3, "password": 1}, {"server": -2}})
	terms := ix.Query([]Word{{"passwords", 1}, {"password", 1}, {"the", 1}, {"unknown", 1}, {"lost", 1}}, []string{"en", "de"}, 10)
	if len(terms) != 2 {
		t.Fatalf("%+v", terms)
	}
	sum := map[uint32]float32{}
	for _, k := range terms {
		for g, s := range k.Scores {
			if s != k.Score(g) || s <= 0 {
				t.Errorf("%s in group %d: %g and %g", k.Word.Word, g, s, k.Score(g))
			}
			sum[g] += s
		}
		if k.Score(1) != 0 || k.Score(3) != 0 {
			t.Errorf("%s scores for a group without it", k.Word.Word)
		}
	}
	if sum[0] <= sum[2] {
		t.Errorf("five tickets count %g, one %g", sum[0], sum[2])
	}
	if got := ix.Query([]Word{{"password", 1}, {"server", 9}}, []string{"en"}, 1); len(got) != 1 || got[0].Word.Word != "server" {
		t.Errorf("the heaviest is %+v", got)
	}
	if got := New(nil).Query([]Word{{"password", 1}}, []string{"en"}, 5); len(got) != 0 {
		t.Errorf("nothing asked: %+v", got)
	}
}
