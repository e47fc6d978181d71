package search

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"signpost/internal/search/words"
)

// shared is where the data for tuning lies beside the repository.
const shared = "../../../shared/data"

// helpArticles loads the shared help articles, one section per heading.
func helpArticles(t testing.TB) []Document {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(shared, "thunderbird-support/articles/*.md"))
	if len(files) == 0 {
		t.Skip("the shared help articles are not beside the repository")
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

type jsonLine struct {
	Title, Text string
	Articles    []string
}

func helpTickets(t testing.TB) []jsonLine {
	t.Helper()
	f, err := os.Open(filepath.Join(shared, "thunderbird-support/tickets-before-2025.jsonl"))
	if err != nil {
		t.Skip("the shared tickets are not beside the repository")
	}
	defer f.Close()
	var out []jsonLine
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var l jsonLine
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

// Every prefix of three letters or more of every word of every title finds its
// article among the first ten: alone, unless more than ten titles have such a
// word; then with the words before it, unless more than ten titles begin so.
func TestTitlePrefixes(t *testing.T) {
	docs := helpArticles(t)
	ix := newIndexes(t, docs).Public
	titles := make([][]string, len(docs))
	for i, d := range docs {
		titles[i] = strings.Fields(words.Plain(d.Title))
	}
	tried, crowded, unreachable := 0, 0, 0
	for i, d := range docs {
		for w, word := range titles[i] {
			for n := 3; n <= len(word); n++ {
				text := word[:n]
				if sharing(titles, func(ws []string) bool { return hasPrefixWord(ws, text) }) > 10 {
					crowded++
					text = strings.Join(append(append([]string{}, titles[i][:w]...), text), " ")
					if sharing(titles, func(ws []string) bool { return strings.Contains(" "+strings.Join(ws, " "), " "+text) }) > 10 {
						unreachable++
						continue
					}
				}
				tried++
				if got := ids(ix.Search(Query{Text: text, Lang: "en", Typing: true, Bare: true}).Hits); !slices.Contains(got, d.ID) {
					t.Errorf("%q does not find %q: %v", text, d.Title, got)
				}
			}
		}
	}
	t.Logf("%d prefixes tried; %d of those words are in more than ten titles, %d even with the words before", tried, crowded, unreachable)
}

func sharing(titles [][]string, has func([]string) bool) int {
	n := 0
	for _, ws := range titles {
		if has(ws) {
			n++
		}
	}
	return n
}

func hasPrefixWord(ws []string, prefix string) bool {
	return slices.ContainsFunc(ws, func(w string) bool { return strings.HasPrefix(w, prefix) })
}
