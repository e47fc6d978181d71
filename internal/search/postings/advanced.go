package postings

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"signpost/internal/search/words"
)

// exactFields hold one value, compared as a whole without regard to case.
var exactFields = []string{"id", "group", "kind", "lang", "category", "platform", "service", "state"}

// otherNames are what articles call fields that have several values.
var otherNames = map[string]string{"platforms": "platform", "services": "service"}

const (
	maxAdvanced = 1024 // bytes of a query string
	maxClauses  = 64
	maxMatches  = 10_000
	maxBoost    = 100

	// Bounds of what one pattern or misspelt word may stand for.
	patternStart = 2 // letters or digits before the first * or ?
	patternSigns = 3 // of * and ?
	fuzzyWord    = 5 // letters from which two errors are allowed
)

// A Match is a document that a query found.
type Match struct {
	Key   string
	Score float64
}

// A Lookup is what a query asks the caller.
type Lookup struct {
	// Boost weighs the text fields where a word has no field.
	Boost [NumFields]float32
	// Inflect returns the written forms of a word.
	Inflect func(word string) []string
	// Phrase returns the keys of the documents that have the words of a text
	// in a row in a field.
	Phrase func(field int, text string) []string
}

// Query runs a query string in bleve's language until ctx ends, and returns what
// matches, best first and at most 10,000 documents, with the words that were asked
// for. A clause with one of the exact fields narrows; without a sign, several of one
// field are alternatives. A query that is not understood gives a [*QueryError].
func (s *Store) Query(ctx context.Context, text string, l Lookup) (found []Match, asked []string, err error) {
	idx := s.serving.Load()
	if idx == nil {
		return nil, nil, errors.New("the index is not ready")
	}
	found = []Match{}
	text = strings.Map(oneBlank, strings.ToValidUTF8(text, ""))
	if strings.TrimSpace(text) == "" {
		return found, nil, nil
	}
	err = guard(func() error {
		q, words, err := l.compile(text)
		if err != nil {
			return err
		}
		asked = words
		req := bleve.NewSearchRequestOptions(q, maxMatches, 0, false)
		req.SortBy([]string{"-_score", "_id"})
		res, err := (*idx).SearchInContext(ctx, req)
		if err != nil {
			return fmt.Errorf("the query failed: %w", err)
		}
		for _, h := range res.Hits {
			found = append(found, Match{h.ID, h.Score})
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return found, asked, nil
}

// oneBlank makes every sign between words the one that the query language ends
// words with.
func oneBlank(r rune) rune {
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return ' '
	}
	return r
}

// compile reads a query string. An error names the first part that cannot be read
// by itself.
func (l *Lookup) compile(text string) (query.Query, []string, error) {
	if len(text) > maxAdvanced {
		return nil, nil, &QueryError{Reason: TooLong, At: 1}
	}
	q, words, err := l.read(text)
	if err == nil {
		return q, words, nil
	}
	for _, p := range parts(text) {
		if _, _, err := l.read(p.text); err != nil {
			return nil, nil, at(err, p)
		}
	}
	return nil, nil, at(err, part{text, 1})
}

// read compiles a query string or a part of one.
func (l *Lookup) read(text string) (query.Query, []string, error) {
	parsed, err := query.NewQueryStringQuery(text).Parse()
	if err != nil {
		reason := Unreadable
		if strings.Contains(err.Error(), "unterminated quote") {
			reason = OpenQuote
		}
		return nil, nil, &QueryError{Reason: reason}
	}
	rw := rewriter{Lookup: l}
	q, err := rw.rewrite(parsed)
	if err != nil {
		return nil, nil, err
	}
	if q == nil {
		q = query.NewMatchNoneQuery()
	}
	return q, rw.asked, nil
}

// A rewriter replaces what the query language knows by what the index holds:
// unstemmed words in named fields.
type rewriter struct {
	*Lookup
	clauses int
	without bool     // inside what must not occur
	asked   []string // the words that may occur
}

func (rw *rewriter) rewrite(q query.Query) (query.Query, error) {
	if rw.clauses++; rw.clauses > maxClauses {
		return nil, &QueryError{Reason: TooMany}
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
		return rw.fields(q.FieldVal, q.Boost(), func(field string) query.Query {
			return query.NewDocIDQuery(rw.Phrase(slices.Index(fieldNames[:], field), q.MatchPhrase))
		}, q.MatchPhrase)
	case *query.WildcardQuery:
		if !bounded(q.Wildcard) {
			return nil, &QueryError{Reason: WidePattern}
		}
		return rw.fields(q.FieldVal, q.Boost(), func(field string) query.Query {
			w := query.NewWildcardQuery(strings.ToLower(q.Wildcard))
			w.SetField(field)
			return w
		}, q.Wildcard)
	case *query.RegexpQuery:
		return nil, &QueryError{Reason: WidePattern}
	case *query.NumericRangeQuery, *query.DateRangeQuery, *query.DateRangeStringQuery:
		return nil, &QueryError{Reason: NoRange}
	case *query.MatchNoneQuery, *query.MatchAllQuery:
		return q, nil
	}
	return nil, &QueryError{Reason: Unreadable}
}

// bounded accepts patterns that stand for few words of a language.
func bounded(pattern string) bool {
	first := strings.IndexAny(pattern, "*?")
	signs := strings.Count(pattern, "*") + strings.Count(pattern, "?")
	letters := strings.ContainsFunc(pattern[:first], func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	})
	return utf8.RuneCountInString(pattern[:first]) >= patternStart && !letters && signs <= patternSigns
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
	must, err := rw.rewrite(q.Must)
	if err != nil {
		return nil, err
	}
	// What matches everything counts nothing, and keeps bleve from taking
	// something that must occur and never does for no condition at all.
	all := query.NewMatchAllQuery()
	all.SetBoost(0)
	required := []query.Query{all}
	if must != nil {
		required = append(required, must)
	}
	should, narrowing, err := rw.alternatives(q.Should)
	if err != nil {
		return nil, err
	}
	required = append(required, narrowing...)
	rw.without = true
	mustNot, err := rw.rewrite(q.MustNot)
	rw.without = false
	switch {
	case err != nil:
		return nil, err
	case len(required) == 1 && should == nil && mustNot == nil:
		return query.NewMatchNoneQuery(), nil
	case should != nil && narrows(q.Must): // of the words one at least
		required = append(required, should)
		should = nil
	}
	b := query.NewBooleanQuery(nil, nil, nil)
	b.Must, b.MustNot = query.NewConjunctionQuery(required), mustNot
	if should != nil {
		b.Should = should
	}
	return b, nil
}

// narrows reports whether all that must occur are fields that narrow.
func narrows(must query.Query) bool {
	list, ok := must.(*query.ConjunctionQuery)
	return !ok || !slices.ContainsFunc(list.Conjuncts, func(q query.Query) bool { return !slices.Contains(exactFields, fieldOf(q)) })
}

// alternatives takes apart the clauses without a sign: words, of which the more
// occur the better, and those that narrow, by their fields.
func (rw *rewriter) alternatives(q query.Query) (words query.Query, narrowing []query.Query, err error) {
	list, ok := q.(*query.DisjunctionQuery)
	if !ok {
		return nil, nil, nil
	}
	var some []query.Query
	byField := map[string][]query.Query{}
	for _, clause := range list.Disjuncts {
		r, err := rw.rewrite(clause)
		if err != nil {
			return nil, nil, err
		}
		if field := fieldOf(clause); slices.Contains(exactFields, field) {
			byField[field] = append(byField[field], r)
		} else if r != nil {
			some = append(some, r)
		}
	}
	for _, field := range exactFields {
		if any := byField[field]; any != nil {
			narrowing = append(narrowing, query.NewDisjunctionQuery(any))
		}
	}
	if some != nil {
		words = query.NewDisjunctionQuery(some)
	}
	return words, narrowing, nil
}

// fieldOf is the field that a clause names, "" for none.
func fieldOf(q query.Query) string {
	if d, ok := q.(*query.DisjunctionQuery); ok && len(d.Disjuncts) > 0 { // a word of digits
		q = d.Disjuncts[0]
	}
	f, ok := q.(query.FieldableQuery)
	if !ok {
		return ""
	}
	return fieldName(f.Field())
}

func fieldName(name string) string {
	if other, ok := otherNames[name]; ok {
		return other
	}
	return name
}

// fields applies make to the named field, or to all text fields.
func (rw *rewriter) fields(field string, boost float64, make func(string) query.Query, value string) (query.Query, error) {
	field = fieldName(field)
	if slices.Contains(exactFields, field) {
		if q, ok := make(field).(*query.WildcardQuery); ok {
			return q, nil
		}
		t := query.NewTermQuery(strings.ToLower(value))
		t.SetField(field)
		return t, nil
	}
	if !rw.without {
		rw.asked = append(rw.asked, value)
	}
	if field != "" {
		if !slices.Contains(fieldNames[:], field) {
			return nil, &QueryError{Reason: UnknownField, Field: field}
		}
		q := make(field)
		setBoost(q, boost)
		return q, nil
	}
	var all []query.Query
	for i, f := range fieldNames {
		q := make(f)
		setBoost(q, boost*float64(rw.Boost[i]))
		all = append(all, q)
	}
	return query.NewDisjunctionQuery(all), nil
}

// setBoost weighs a query; what is not a weight weighs nothing more than others.
func setBoost(q query.Query, boost float64) {
	if math.IsNaN(boost) || boost < 0 {
		boost = 1
	}
	if b, ok := q.(query.BoostableQuery); ok {
		b.SetBoost(min(boost, maxBoost))
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
			if utf8.RuneCountInString(t.Word) < fuzzyWord {
				fuzziness = 1
			}
			f := query.NewFuzzyQuery(t.Word)
			f.SetFuzziness(min(fuzziness, 2))
			f.SetPrefix(1) // the first letter is right
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
	out := append(rw.Inflect(word), word)
	slices.Sort(out)
	return slices.Compact(out)
}
