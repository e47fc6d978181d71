package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/search/postings"
)

// advancedStore holds the sample, of which two articles have states.
func advancedStore(t *testing.T) *Store {
	t.Helper()
	docs := slices.Clone(sample)
	for i := range docs {
		switch docs[i].Group {
		case "13":
			docs[i].State = []string{"internal"}
		case "12":
			docs[i].State = []string{"public", "overdue"}
		}
	}
	s, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Update(docs, nil, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAdvanced(t *testing.T) {
	s := advancedStore(t)
	for _, c := range []struct {
		query string
		want  []string // sorted
	}{
		{"+lang:de +title:passwort", []string{"11/de"}},
		{"+title:passwords -lang:nb", []string{"11/en"}},
		{"category:internal", []string{"13/en"}},
		{"+kind:INCIDENT", []string{"i1"}},
		{"zanz*", []string{"13/en"}},
		{"587", []string{"10/en"}},
		{"pasword~1", []string{"11/en", "13/en"}},
		{"-lang:en", []string{"10/de", "11/de"}},
		{"", []string{}},

		// Without a sign, fields with one of a few values narrow, and words do not.
		{"lang:de title:passwort", []string{"11/de"}},
		{"lang:de", []string{"10/de", "11/de"}},
		{"lang:de lang:nb title:passwort title:passordet", []string{"11/nb"}},
		{"lang:en services:imap incoming", []string{"10/en", "i1"}},
		{"platform:ios -lang:en", []string{"10/de"}},
		{"platforms:ios server", []string{"10/en"}},
		{"state:internal", []string{"13/en"}},
		{"state:overdue rejected", []string{"12/en"}},
		{"lang:en +password -zanzibar", []string{"11/en"}},

		// What must occur and never does is a condition all the same.
		{"+title:qqqq* password", []string{}},
		{`+"no such thing" password`, []string{}},

		// Quotes ask for the words as they are, in a row, in a text or a named field.
		{`body:"second factor"`, []string{"11/en"}},
		{`"factor second"`, []string{}},
		{`"app passwords"`, []string{"11/en"}},
		{`body:"app passwords"`, []string{}},
		{`+password -"app password"`, []string{"13/en"}},
		{`title:"Änder passwort"`, []string{}},
		{`title:"passwort ändern"`, []string{"11/de"}},

		// Signs of the language that are meant as such, and odd spacing.
		{`imap.example.com\:993`, []string{"10/en"}}, // words of one field, in any order
		{"+lang:en webmail mailbox", []string{"11/en"}},
		{"title: apple\t+lang: en", []string{"10/en"}},
		{"password^1e300 mail^-3", []string{"10/en", "11/en", "12/en", "13/en", "i1"}},
	} {
		r, err := s.Advanced(t.Context(), AdvancedQuery{Text: c.query})
		got := ids(r.Hits)
		slices.Sort(got)
		if err != nil || !cmp.Equal(got, c.want) || r.Total != len(c.want) {
			t.Errorf("%q: %v of %d, %v; want %v", c.query, got, r.Total, err, c.want)
		}
	}
}

func TestAdvancedErrors(t *testing.T) {
	s := advancedStore(t)
	for _, c := range []struct {
		query  string
		reason postings.Reason
		at     int
		part   string
		says   string
	}{
		{"titel:x", postings.UnknownField, 1, "titel:x", `did you mean "title"?`},
		{"lang:de  +titel:x imap", postings.UnknownField, 10, "+titel:x", `character 10, "+titel:x"`},
		{"äöü title: apple flavour: x", postings.UnknownField, 18, "flavour: x", "known: also"},
		{`imap "open`, postings.OpenQuote, 6, `"open`, "cannot be read"},
		{`"app pass" title:"two words" - "x`, postings.OpenQuote, 30, `- "x`, "not closed"},
		{"imap body:>5", postings.NoRange, 6, "body:>5", "no field is a number"},
		{`imap body:>"2020-01-01"`, postings.NoRange, 6, `body:>"2020-01-01"`, "no field is a number"},
		{"imap title:", postings.Unreadable, 6, "title:", "not part of the query language"},
		{"imap +", postings.Unreadable, 6, "+", "not part"},
		{"imap~x", postings.Unreadable, 1, "imap~x", "not part"},
		{"pop3 *map", postings.WidePattern, 6, "*map", "2 letters"},
		{"a*", postings.WidePattern, 1, "a*", "2 letters"},
		{"ab*?*?", postings.WidePattern, 1, "ab*?*?", "at most 3"},
		{"/.*.*.*x/", postings.WidePattern, 1, "/.*.*.*x/", "2 letters"},
		{"lang:*", postings.WidePattern, 1, "lang:*", "2 letters"},
		{strings.Repeat("a ", 600), postings.TooLong, 1, "", "longer than"},
		{strings.Repeat("a ", 100), postings.TooMany, 0, "", "more than"},
	} {
		_, err := s.Advanced(t.Context(), AdvancedQuery{Text: c.query})
		var e *QueryError
		if !errors.As(err, &e) {
			t.Errorf("%.40q: %v", c.query, err)
			continue
		}
		if e.Reason != c.reason || e.At != c.at || e.Part != c.part || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.40q: %+v, %v", c.query, *e, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Advanced(ended, AdvancedQuery{Text: "password"}); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
}

// TestAdvancedHits: a group is one hit, in the language of the reader when it was
// found in it, with the section that says what was asked for; facets count groups.
func TestAdvancedHits(t *testing.T) {
	s := advancedStore(t)
	r, err := s.Advanced(t.Context(), AdvancedQuery{Text: "passwort password passordet -zanzibar", Lang: "nb"})
	if err != nil || len(r.Hits) != 1 || r.Hits[0].Doc.ID != "11/nb" {
		t.Fatalf("%v, %v", ids(r.Hits), err)
	}
	want := Facets{
		Category: map[string]int{"account": 1}, Platform: map[string]int{}, Kind: map[string]int{"article": 1},
		Lang: map[string]int{"de": 1, "en": 1, "nb": 1}, Service: map[string]int{"webmail": 1}, State: map[string]int{},
	}
	if diff := cmp.Diff(want, r.Facets); diff != "" {
		t.Error(diff)
	}
	r, err = s.Advanced(t.Context(), AdvancedQuery{Text: "lang:en +port smtp"})
	if err != nil || len(r.Hits) != 1 || r.Hits[0].Anchor != "smtp" || r.Hits[0].Platform != "ios" || !strings.Contains(r.Hits[0].Snippet, "<mark>port</mark>") {
		t.Errorf("%+v, %v", r.Hits, err)
	}

	var docs []Document
	for i := range 25 {
		docs = append(docs, Document{ID: fmt.Sprint(i), Kind: Article, Lang: "en", Title: "Mailbox", State: []string{"public"}})
	}
	if _, err := s.Update(docs, nil, nil); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for offset := 0; offset <= 30; offset += 10 {
		r, err := s.Advanced(t.Context(), AdvancedQuery{Text: "mailbox", Offset: offset})
		if err != nil || r.Total != 25 || r.Facets.State["public"] != 25 || len(r.Hits) != max(0, min(10, 25-offset)) {
			t.Errorf("from %d: %d of %d, %v", offset, len(r.Hits), r.Total, err)
		}
		for _, id := range ids(r.Hits) {
			seen[id] = true
		}
	}
	if len(seen) != 25 {
		t.Errorf("the pages show %d of 25", len(seen))
	}
}
