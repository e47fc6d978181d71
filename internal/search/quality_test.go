package search

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const shared = "../../../shared/data"

type line struct{ ID, Title, Text string }

func readLines(t testing.TB, path string) []line {
	f, err := os.Open(path)
	if err != nil {
		t.Skip("shared data is not here")
	}
	defer f.Close()
	var out []line
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var l line
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func readQrels(t testing.TB, path string) map[string]map[string]float64 {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]float64{}
	for l := range strings.Lines(string(text)) {
		var q, d string
		var g float64
		fmt.Sscan(l, &q, &d, &g)
		if out[q] == nil {
			out[q] = map[string]float64{}
		}
		out[q][d] = g
	}
	return out
}

func ndcg(rel map[string]float64, got []string) float64 {
	var dcg, ideal float64
	for i, d := range got {
		dcg += rel[d] / math.Log2(float64(i)+2)
	}
	var g []float64
	for _, v := range rel {
		g = append(g, v)
	}
	for i := range g {
		for j := range g {
			if g[i] > g[j] {
				g[i], g[j] = g[j], g[i]
			}
		}
	}
	for i, v := range g[:min(10, len(g))] {
		ideal += v / math.Log2(float64(i)+2)
	}
	return dcg / ideal
}

func collection(t testing.TB, name string) *Index {
	var docs []Document
	for _, l := range readLines(t, filepath.Join(shared, "relevance", name, "docs.jsonl")) {
		docs = append(docs, Document{ID: l.ID, Kind: Article, Lang: "en", Title: l.Title, Sections: []Section{{Text: l.Text}}})
	}
	s, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ixs, err := s.Update(docs, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ixs.All
}

func measure(ix *Index, qs []line, rel map[string]map[string]float64) float64 {
	var sum float64
	for _, q := range qs {
		var got []string
		for _, h := range ix.Search(Query{Text: q.Text, Lang: "en", Bare: true}).Hits {
			got = append(got, h.Doc.ID)
		}
		sum += ndcg(rel[q.ID], got)
	}
	return sum / float64(len(qs))
}

func TestX(t *testing.T) {
	for _, c := range []string{"stackfaq", "hint3", "covidfaq"} {
		ix := collection(t, c)
		dir := filepath.Join(shared, "relevance", c)
		rel := readQrels(t, dir+"/qrels.dev.tsv")
		qs := readLines(t, dir+"/queries.dev.jsonl")
		at := time.Now()
		n := measure(ix, qs, rel)
		t.Logf("%s %.4f %v/query", c, n, time.Since(at)/time.Duration(len(qs)))
	}
}
