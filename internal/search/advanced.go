package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"signpost/internal/search/postings"
	"signpost/internal/search/words"
)

// An AdvancedQuery is what an agent asks in bleve's query language, such as
//
//	lang:de title:apop +imap -kind:incident "app password" certif*
//
// "+" must occur, "-" must not; "~" after a word allows a typing error, "^3" weighs
// it. Words find their inflections, quotes only the words as they are, in a row. A
// field that has one of a few values (lang kind category platform service state id
// group) narrows; without a sign, several values of one field are alternatives. The
// other fields are title also heading summary body.
type AdvancedQuery struct {
	Text   string // at most 1,024 bytes
	Lang   string // a group that is found in it is shown in it
	Offset int    // hits to leave out
	Limit  int    // hits wanted; 0 means 10, at most 100
}

// A QueryError says which part of an agent's query is not understood, and why.
type QueryError = postings.QueryError

// advancedTime is how long an agent's query may run.
const advancedTime = 2 * time.Second

// Advanced runs an agent's query over all documents, internal ones included. Hits
// are groups, each shown by the document that fits best; Total and Facets are of all
// groups found, of which a query finds those in the best 10,000 documents. An error
// is a [*QueryError], [context.DeadlineExceeded] after two seconds, or of the index.
func (s *Store) Advanced(ctx context.Context, q AdvancedQuery) (Results, error) {
	out := Results{Hits: []Hit{}, Facets: newFacets()}
	v := s.view.Load()
	if v == nil {
		return out, nil
	}
	ctx, cancel := context.WithTimeout(ctx, advancedTime)
	defer cancel()
	found, asked, err := s.durable.Query(ctx, q.Text, postings.Lookup{Boost: v.all.rank.boost, Inflect: v.all.inflections, Phrase: v.saying})
	if err != nil {
		return out, err
	}
	groups := v.group(found, q.Lang)
	out.Total, out.Facets = len(groups), v.facets(found)
	q.Limit, q.Offset = limited(q.Limit, defaultHits), min(max(q.Offset, 0), len(groups))
	out.Hits = v.present(groups[q.Offset:min(q.Offset+q.Limit, len(groups))], strings.Join(asked, " "), q.Lang)
	return out, nil
}

// group returns the best match of each group, or the one in lang, in order.
func (v *view) group(found []postings.Match, lang string) []ranked {
	var out []ranked
	at := map[uint32]int{} // by group
	for _, m := range found {
		d, ok := v.byKey[m.Key]
		if !ok { // the index is already ahead of the view
			continue
		}
		g := v.all.group[d]
		i, known := at[g]
		switch {
		case !known:
			at[g] = len(out)
			out = append(out, ranked{doc: d, score: float32(m.Score)})
		case v.all.docs[d].Lang == lang:
			out[i].doc = d
		}
	}
	return out
}

func newFacets() Facets {
	return Facets{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
}

// facets counts each group once per value of the documents found.
func (v *view) facets(found []postings.Match) Facets {
	f := newFacets()
	type value struct {
		group uint32
		facet byte
		text  string
	}
	seen := map[value]bool{}
	for _, m := range found {
		d, ok := v.byKey[m.Key]
		if !ok {
			continue
		}
		count := func(in map[string]int, facet byte, values ...string) {
			for _, text := range values {
				if key := (value{v.all.group[d], facet, text}); text != "" && !seen[key] {
					seen[key] = true
					in[text]++
				}
			}
		}
		doc := v.all.docs[d]
		count(f.Lang, 'l', doc.Lang)
		count(f.Category, 'c', doc.Category)
		count(f.Kind, 'k', doc.Kind)
		count(f.Platform, 'p', doc.Platforms...)
		count(f.Service, 's', doc.Services...)
		count(f.State, 'x', doc.State...)
	}
	return f
}

// present finds the section of each hit that says most of the words asked for.
func (v *view) present(list []ranked, asked, lang string) []Hit {
	ix := v.all
	m := ix.matcher(ix.parse(Query{Text: asked, Lang: lang, Verbatim: true}, ix.read(asked, lang)).slots)
	defer m.Release()
	hits := make([]Hit, len(list))
	for i, r := range list {
		hits[i] = Hit{Doc: ix.docs[r.doc], Score: float64(r.score)}
		ix.presenter.present(m, &hits[i], r.doc, r.doc, m.Weigh(ix.outline(r.doc)))
	}
	return hits
}

// saying returns the keys of the documents that have the words of a text in a row in
// a field.
func (v *view) saying(field int, text string) []string {
	var keys []string
	said := strings.Fields(words.Plain(text))
	if len(said) == 0 {
		return nil
	}
	phrase := hashes(said)
	for d, has := range v.all.having(said, nil) {
		if has && v.all.docs[d].saysIn(field, phrase) {
			keys = append(keys, v.keys[d])
		}
	}
	return keys
}

// inflections returns the written forms of a word in all languages.
func (v *vocabulary) inflections(word string) []string {
	var out []string
	for _, lx := range v.lexicons {
		out = append(out, lx.Inflections(word)...)
	}
	return slices.Compact(out)
}

// AdvancedFields returns the fields that an agent's query may name.
func AdvancedFields() []string { return postings.FieldNames() }
