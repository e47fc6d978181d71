package search

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"signpost/internal/search/words"
)

// sumo loads the shared help articles, one section per heading.
func sumo(t testing.TB) []Document {
	files, _ := filepath.Glob(filepath.Join(shared, "thunderbird-support/articles/*.md"))
	if len(files) == 0 && t != nil {
		t.Skip("shared data is not here")
	}
	var docs []Document
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "---\n")
		front, body, _ := strings.Cut(rest, "---\n")
		d := Document{ID: strings.TrimSuffix(filepath.Base(f), ".md"), Kind: Article, Lang: "en"}
		for l := range strings.Lines(front) {
			if v, ok := strings.CutPrefix(l, "title:"); ok {
				d.Title = strings.Trim(strings.TrimSpace(v), `"`)
			}
		}
		for i, part := range strings.Split("\n"+body, "\n## ") {
			s := Section{Text: part}
			if i > 0 {
				s.Heading, s.Text, _ = strings.Cut(part, "\n")
				s.Anchor = strings.ReplaceAll(words.Plain(s.Heading), " ", "-")
			}
			d.Sections = append(d.Sections, s)
		}
		docs = append(docs, d)
	}
	return docs
}

type labTicket struct {
	ID, Created, Title, Text string
	Articles                 []string
}

func labTickets(t testing.TB) []labTicket {
	text, err := os.ReadFile(filepath.Join(shared, "thunderbird-support/tickets-before-2025.jsonl"))
	if err != nil {
		t.Skip("shared data is not here")
	}
	var out []labTicket
	for l := range strings.Lines(string(text)) {
		var k labTicket
		if err := json.Unmarshal([]byte(l), &k); err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	return out
}

func TestLabReplay(t *testing.T) {
	docs := sumo(t)
	tix := labTickets(t)
	train, test := tix[:len(tix)*7/10], tix[len(tix)*7/10:]
	s, _ := Open("")
	run := func(name string) {
		ixs, err := s.Update(docs, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		var h1, h3, h5, mrr float64
		for _, k := range test {
			rank := 999
			for i, h := range ixs.Public.Suggest(Ticket{Subject: k.Title, Text: k.Text, Lang: "en", Limit: 100}) {
				if slices.Contains(k.Articles, h.Doc.ID) {
					rank = i + 1
					break
				}
			}
			if rank <= 1 {
				h1++
			}
			if rank <= 3 {
				h3++
			}
			if rank <= 5 {
				h5++
			}
			if rank < 999 {
				mrr += 1 / float64(rank)
			}
		}
		n := float64(len(test))
		t.Logf("%s hit@1 %.3f hit@3 %.3f hit@5 %.3f mrr %.3f", name, h1/n, h3/n, h5/n, mrr/n)
	}
	run("without history")
	for i := range docs {
		docs[i].Asked = map[string]int{}
		for _, k := range train {
			if slices.Contains(k.Articles, docs[i].ID) {
				for _, w := range Terms("en", k.Title+"\n"+k.Text) {
					docs[i].Asked[w]++
				}
			}
		}
	}
	run("with history")
	ixs, _ := s.Update(docs, nil, nil)
	for _, h := range ixs.Public.Suggest(Ticket{Subject: test[0].Title, Text: test[0].Text, Lang: "en"}) {
		t.Log(h.Doc.ID, h.Why, h.Anchor, h.Snippet)
	}
	hits, err := s.Advanced(`title:certificates +imap -kind:incident`, 5)
	t.Log(len(hits), err)
	for _, h := range hits {
		t.Log(h.Doc.ID, h.Score)
	}
	for _, q := range []string{`titel:foo`, `"abc`, `size:>5`, `port 993`, `certif* lang:de`, `-imap`, `+`, `lang:EN certifcate~1`} {
		hits, err := s.Advanced(q, 5)
		t.Log(q, len(hits), err)
	}
	for _, h := range ixs.Public.Related("cannot-send-messages", "en", 5) {
		t.Log("related", h.Doc.ID)
	}
	for _, q := range []string{"imap server", "how do i chnge my pasword", "certif", "outlook"} {
		r := ixs.Public.Search(Query{Text: q, Limit: 3})
		t.Log(q, r.Total, r.Corrected)
		for _, h := range r.Hits {
			t.Logf("   %s #%s %q %s", h.Doc.ID, h.Anchor, h.Section, h.Snippet)
		}
	}
}
