package search

import (
	"fmt"
	"strings"
	"testing"
)

const lab = "/tmp/se/"

func labQueries(t testing.TB, ix *Index, c, v string) string {
	qs := readLines(t, lab+c+"/queries."+v+".jsonl")
	if v == "title" || v == "sayt" {
		q := "qrels.tsv"
		if v == "title" {
			q = "qrels.title.tsv"
		}
		rel := readQrels(t, lab+c+"/"+q)
		hit, n := map[string]int{}, map[string]int{}
		for _, q := range qs {
			id, k, _ := strings.Cut(q.ID, "@")
			n[k]++
			for _, h := range ix.Search(Query{Text: q.Text, Lang: "en", Limit: 5, Bare: true}).Hits {
				if rel[id][h.Doc.ID] > 0 {
					hit[k]++
					break
				}
			}
		}
		out := ""
		for _, k := range []string{"3", "5", "8", "12", "16", "20"} {
			out += fmt.Sprintf(" %s:%.3f", k, float64(hit[k])/float64(n[k]))
		}
		return v + out
	}
	q := "qrels.tsv"
	if strings.HasPrefix(v, "ticket") {
		q = "qrels.ticket.tsv"
	}
	rel := readQrels(t, lab+c+"/"+q)
	return fmt.Sprintf("%s %.4f", v, measure(ix, qs, rel))
}

func TestLabVariants(t *testing.T) {
	for _, c := range []string{"stackfaq", "hint3", "covidfaq"} {
		ix := collection(t, c)
		out := []string{c}
		dir := lab + c
		out = append(out, fmt.Sprintf("full %.4f", measure(ix, readLines(t, dir+"/queries.jsonl"), readQrels(t, dir+"/qrels.tsv"))))
		for _, v := range []string{"typo1", "typo", "kw", "kwtypo", "title", "sayt", "ticket"} {
			out = append(out, labQueries(t, ix, c, v))
		}
		t.Log(strings.Join(out, "  "))
	}
}
