package postings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"signpost/internal/problem"
	"signpost/internal/search/words"
)

// exactFields hold one value, compared as a whole without regard to case.
var exactFields = []string{"id", "group", "kind", "lang", "category", "platform", "service"}

const (
	maxAdvanced = 1024 // bytes of a query string
	maxClauses  = 64
)

// A Match is a document that a query found.
type Match struct {
	Key   string
	Score float64
}

// Query runs a query string in bleve's language. boost weighs the text fields
// where a word has no field, inflect names the written forms of a word. Errors
// are fit for showing: syntax, unknown fields, too long.
func (s *Store) Query(text string, limit int, boost [NumFields]float32, inflect func(word string) []string) ([]Match, error) {
	idx := s.serving.Load()
	if idx == nil {
		return nil, errors.New("the index is not ready")
	}
	if len(text) > maxAdvanced {
		return nil, fmt.Errorf("the query is longer than %d bytes", maxAdvanced)
	}
	out := []Match{}
	if strings.TrimSpace(text) == "" {
		return out, nil
	}
	err := guard(func() error {
		parsed, err := query.NewQueryStringQuery(text).Parse()
		if err != nil {
			return fmt.Errorf("the query cannot be read: %s", problem.Printable(strings.ReplaceAll(err.Error(), "\n", "; ")))
		}
		rw := rewriter{boost: boost, inflect: inflect}
		q, err := rw.rewrite(parsed)
		if err != nil {
			return err
		}
		if q == nil {
			q = query.NewMatchNoneQuery()
		}
		req := bleve.NewSearchRequestOptions(q, limit, 0, false)
		req.SortBy([]string{"-_score", "_id"})
		res, err := (*idx).Search(req)
		if err != nil {
			return fmt.Errorf("the query failed: %w", err)
		}
		for _, h := range res.Hits {
			out = append(out, Match{h.ID, h.Score})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// A rewriter replaces what the query language knows by what the index holds:
// unstemmed words in named fields.
type rewriter struct {
	boost   [NumFields]float32
	inflect func(word string) []string
	clauses int
}

func (rw *rewriter) rewrite(q query.Query) (query.Query, error) {
	if rw.clauses++; rw.clauses > maxClauses {
		return nil, fmt.Errorf("the query has more than %d parts", maxClauses)
	}
	switch q := q.(type) {
	case nil:
		return nil, nil
	case *query.BooleanQuery:
		return rw.boolean(q)
	case *query.ConjunctionQuery:
		l, err := rw.list(q.Conjuncts)
		if err != nil || len(l) == 0 {
			return nil, err
		}
		return query.NewConjunctionQuery(l), nil
	case *query.DisjunctionQuery:
		l, err := rw.list(withoutNumber(q.Disjuncts))
		if err != nil || len(l) == 0 {
			return nil, err
		}
		d := query.NewDisjunctionQuery(l)
		d.SetMin(q.Min)
		return d, nil
	case *query.MatchQuery:
		return rw.fields(q.FieldVal, q.Boost(), func(field string) query.Query { return rw.words(q.Match, q.Fuzziness, field) }, q.Match)
	case *query.MatchPhraseQuery:
		return rw.fields(q.FieldVal, q.Boost(), func(field string) query.Query { return rw.words(q.MatchPhrase, 0, field) }, q.MatchPhrase)
	case *query.WildcardQuery:
		return rw.fields(q.FieldVal, q.Boost(), func(field string) query.Query {
			w := query.NewWildcardQuery(strings.ToLower(q.Wildcard))
			w.SetField(field)
			return w
		}, q.Wildcard)
	case *query.RegexpQuery:
		return rw.fields(q.FieldVal, q.Boost(), func(field string) query.Query {
			r := query.NewRegexpQuery(q.Regexp)
			r.SetField(field)
			return r
		}, q.Regexp)
	case *query.NumericRangeQuery, *query.DateRangeQuery, *query.DateRangeStringQuery:
		return nil, errors.New("no field is a number or a date: comparisons are not possible")
	case *query.MatchNoneQuery, *query.MatchAllQuery:
		return q, nil
	}
	return nil, fmt.Errorf("this kind of query is not supported (%T)", q)
}

// withoutNumber drops the second reading that the query language gives to a
// word of digits.
func withoutNumber(qs []query.Query) []query.Query {
	if len(qs) == 2 {
		_, word := qs[0].(*query.MatchQuery)
		_, number := qs[1].(*query.NumericRangeQuery)
		if word && number {
			return qs[:1]
		}
	}
	return qs
}

func (rw *rewriter) list(qs []query.Query) ([]query.Query, error) {
	var out []query.Query
	for _, q := range qs {
		r, err := rw.rewrite(q)
		if err != nil {
			return nil, err
		}
		if r != nil {
			out = append(out, r)
		}
	}
	return out, nil
}

func (rw *rewriter) boolean(q *query.BooleanQuery) (query.Query, error) {
	var part [3]query.Query
	for i, p := range []query.Query{q.Must, q.Should, q.MustNot} {
		if p == nil {
			continue
		}
		r, err := rw.rewrite(p)
		if err != nil {
			return nil, err
		}
		part[i] = r
	}
	if part[0] == nil && part[1] == nil {
		if part[2] == nil {
			return query.NewMatchNoneQuery(), nil
		}
		part[0] = query.NewConjunctionQuery([]query.Query{query.NewMatchAllQuery()})
	}
	b := query.NewBooleanQuery(nil, nil, nil)
	b.Must, b.Should, b.MustNot = part[0], part[1], part[2]
	return b, nil
}

// fields applies make to the named field, or to all text fields.
func (rw *rewriter) fields(field string, boost float64, make func(string) query.Query, value string) (query.Query, error) {
	if slices.Contains(exactFields, field) {
		if q, ok := make(field).(*query.WildcardQuery); ok {
			return q, nil
		}
		t := query.NewTermQuery(strings.ToLower(value))
		t.SetField(field)
		t.SetBoost(boost)
		return t, nil
	}
	if field != "" {
		if !slices.Contains(fieldNames[:], field) {
			known := slices.Concat(fieldNames[:], exactFields)
			return nil, fmt.Errorf("there is no field %q; %s", problem.Printable(field), problem.DidYouMean(field, known))
		}
		q := make(field)
		setBoost(q, boost)
		return q, nil
	}
	var all []query.Query
	for i, f := range fieldNames {
		q := make(f)
		setBoost(q, boost*float64(rw.boost[i]))
		all = append(all, q)
	}
	return query.NewDisjunctionQuery(all), nil
}

func setBoost(q query.Query, boost float64) {
	if b, ok := q.(query.BoostableQuery); ok {
		b.SetBoost(boost)
	}
}

// words asks for all words of a text, each in any of its inflections.
func (rw *rewriter) words(text string, fuzziness int, field string) query.Query {
	var all []query.Query
	words.Scan(text, func(t words.Token) bool {
		if t.Compound {
			return true
		}
		if fuzziness > 0 {
			f := query.NewFuzzyQuery(t.Word)
			f.SetFuzziness(min(fuzziness, 2))
			f.SetField(field)
			all = append(all, f)
			return len(all) < maxClauses
		}
		var any []query.Query
		for _, w := range rw.forms(t.Word) {
			q := query.NewTermQuery(w)
			q.SetField(field)
			any = append(any, q)
		}
		all = append(all, query.NewDisjunctionQuery(any))
		return len(all) < maxClauses
	})
	if len(all) == 0 {
		return query.NewMatchNoneQuery()
	}
	return query.NewConjunctionQuery(all)
}

// forms returns the word and its inflections.
func (rw *rewriter) forms(word string) []string {
	out := append(rw.inflect(word), word)
	slices.Sort(out)
	return slices.Compact(out)
}
