// Package judge measures ranking on judged collections and on labelled tickets.
//
// [ReadDocs], [ReadQueries] and [Run] score any collection of flat documents;
// [ReadTickets], [AddHistory] and [Replay] find out how often the article that
// an agent really sent is among the first suggestions. Files are JSON Lines, at
// most 16 MiB a line; errors name the line.
package judge

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"signpost/internal/search"
	"signpost/internal/search/words"
)

// maxLine bounds one line of a file, in bytes.
const maxLine = 16 << 20

// A Query is a line {id, text}.
type Query struct {
	ID   ID     `json:"id"`
	Text string `json:"text"`
}

// An ID is a string or a number in JSON. It has no white space, because run
// files are separated by it.
type ID string

// UnmarshalJSON accepts a string or a number.
func (id *ID) UnmarshalJSON(text []byte) error {
	var s string
	if len(text) > 0 && text[0] == '"' {
		if err := json.Unmarshal(text, &s); err != nil {
			return err
		}
	} else {
		var n json.Number
		if err := json.Unmarshal(text, &n); err != nil {
			return errors.New("id must be a string or a number")
		}
		s = n.String()
	}
	if s == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fmt.Errorf("the id %q is empty or has white space", s)
	}
	*id = ID(s)
	return nil
}

// ReadDocs reads flat documents {id, title, text} as literal text. Their
// language is guessed for all together; in an unknown one nothing is stemmed.
func ReadDocs(r io.Reader) ([]search.Document, error) {
	var docs []search.Document
	var sample strings.Builder
	seen := map[ID]bool{}
	err := lines(r, func(text []byte) error {
		var l struct {
			ID          ID
			Title, Text string
		}
		if err := json.Unmarshal(text, &l); err != nil {
			return err
		}
		if l.ID == "" {
			return errors.New("a document has no id")
		}
		if seen[l.ID] {
			return fmt.Errorf("the id %q is used twice", l.ID)
		}
		seen[l.ID] = true
		if sample.Len() < 1<<16 {
			fmt.Fprintf(&sample, "%s\n%.2000s\n", l.Title, l.Text)
		}
		docs = append(docs, search.Document{ID: string(l.ID), Kind: search.Article, Title: l.Title, Sections: []search.Section{{Text: l.Text}}})
		return nil
	})
	if err != nil {
		return nil, err
	}
	lang := words.Guess(sample.String())
	for i := range docs {
		docs[i].Lang = lang
	}
	return docs, nil
}

// ReadQueries reads queries {id, text}.
func ReadQueries(r io.Reader) ([]Query, error) {
	var qs []Query
	err := lines(r, func(text []byte) error {
		var q Query
		if err := json.Unmarshal(text, &q); err != nil {
			return err
		}
		if q.ID == "" {
			return errors.New("a query has no id")
		}
		qs = append(qs, q)
		return nil
	})
	return qs, err
}

// lines calls read for every line that is not blank.
func lines(r io.Reader, read func([]byte) error) error {
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, maxLine)
	n := 0
	for sc.Scan() {
		n++
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		if err := read(sc.Bytes()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	return nil
}

// Run asks every query and writes lines "query document rank score", limit for
// each query. name returns what a document is called in the file, such as its
// slug; nil means its ID.
func Run(w io.Writer, ix *search.Index, qs []Query, lang string, limit int, name func(*search.Document) string) error {
	if name == nil {
		name = func(d *search.Document) string { return d.ID }
	}
	out := bufio.NewWriter(w)
	for _, q := range qs {
		for i, h := range ix.Search(search.Query{Text: q.Text, Lang: lang, Limit: limit, Bare: true}).Hits {
			fmt.Fprintf(out, "%s %s %d %g\n", q.ID, name(h.Doc), i+1, h.Score)
		}
	}
	return out.Flush()
}

// A Ticket is a line {id, title, text, articles}: what a customer wrote and the
// articles that an agent answered with.
type Ticket struct {
	ID       ID       `json:"id"`
	Title    string   `json:"title"`
	Text     string   `json:"text"`
	Articles []string `json:"articles"`
}

// ReadTickets reads labelled tickets. A ticket without articles is an error.
func ReadTickets(r io.Reader) ([]Ticket, error) {
	var ts []Ticket
	err := lines(r, func(text []byte) error {
		var t Ticket
		if err := json.Unmarshal(text, &t); err != nil {
			return err
		}
		if len(t.Articles) == 0 {
			return fmt.Errorf("the ticket %q has no articles", t.ID)
		}
		ts = append(ts, t)
		return nil
	})
	return ts, err
}

// minTickets is how many tickets a term must have been seen in before it may be
// kept at all.
const minTickets = 3

// AddHistory counts the terms of earlier tickets into Document.Asked of the
// articles they were answered with. As in the running program, a term counts
// only once it was seen in three tickets. read turns a ticket into what is
// searched, with its language. name is as for [Run].
func AddHistory(docs []search.Document, history []Ticket, read func(Ticket) search.Ticket, name func(*search.Document) string) {
	if name == nil {
		name = func(d *search.Document) string { return d.ID }
	}
	terms := make([][]string, len(history))
	seen := map[string]int{}
	for i, t := range history {
		r := read(t)
		terms[i] = search.Terms(r.Lang, r.Subject+"\n"+r.Text)
		for _, w := range terms[i] {
			seen[w]++
		}
	}
	asked := map[string]map[string]int{}
	for i, t := range history {
		for _, a := range slices.Compact(slices.Sorted(slices.Values(t.Articles))) {
			if asked[a] == nil {
				asked[a] = map[string]int{}
			}
			for _, w := range terms[i] {
				if seen[w] >= minTickets {
					asked[a][w]++
				}
			}
		}
	}
	for i := range docs {
		docs[i].Asked = asked[name(&docs[i])]
	}
}

// A Report says how often the right article was suggested.
type Report struct {
	Tickets int     `json:"tickets"`
	Hit1    float64 `json:"hit@1"`
	Hit3    float64 `json:"hit@3"`
	Hit5    float64 `json:"hit@5"`
	MRR     float64 `json:"mrr"` // mean of 1/rank within the first hundred
	P50     float64 `json:"p50_us"`
	P99     float64 `json:"p99_us"` // time of one suggestion of five, in microseconds
}

// Replay suggests articles for every ticket. clock reads a monotonic clock; read
// and name are as for [AddHistory].
func Replay(ix *search.Index, tickets []Ticket, read func(Ticket) search.Ticket, name func(*search.Document) string, clock func() time.Time) Report {
	if name == nil {
		name = func(d *search.Document) string { return d.ID }
	}
	r := Report{Tickets: len(tickets)}
	if len(tickets) == 0 {
		return r
	}
	var took []float64
	for _, t := range tickets {
		q := read(t)
		q.Kind = search.Article
		q.Limit = 5
		at := clock()
		ix.Suggest(q)
		took = append(took, float64(clock().Sub(at).Nanoseconds())/1000)
		q.Limit, q.Bare = 100, true
		hits := ix.Suggest(q)
		rank := slices.IndexFunc(hits, func(h search.Hit) bool { return slices.Contains(t.Articles, name(h.Doc)) }) + 1
		if rank == 0 {
			continue
		}
		r.MRR += 1 / float64(rank)
		for at, hit := range map[int]*float64{1: &r.Hit1, 3: &r.Hit3, 5: &r.Hit5} {
			if rank <= at {
				*hit++
			}
		}
	}
	n := float64(len(tickets))
	for _, v := range []*float64{&r.Hit1, &r.Hit3, &r.Hit5, &r.MRR} {
		*v /= n
	}
	slices.Sort(took)
	r.P50, r.P99 = took[len(took)/2], took[min(len(took)*99/100, len(took)-1)]
	return r
}
