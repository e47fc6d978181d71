package search

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

var markup = regexp.MustCompile(`</?mark>`)

// FuzzSearch: no text of a query, ticket or query string may panic; snippets
// hold no other markup than <mark>, closed.
func FuzzSearch(f *testing.F) {
	for _, q := range []string{"change password", "550 5.7.1", "Passwörter ändern", "+lang:de \"a b\"~2 x*", "日本語", "e-mail_x@y.z…", "’'s\xff"} {
		f.Add(q, "en")
	}
	s, err := Open("")
	if err != nil {
		f.Fatal(err)
	}
	syn, _ := ParseSynonyms("s", []byte("mail, e-mail, post\nx y => password\n"))
	ixs, err := s.Update(sample, syn, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		r := ixs.All.Search(Query{Text: text, Lang: lang, Typing: true, Facets: true})
		for _, h := range append(r.Hits, ixs.All.Suggest(Ticket{Subject: text, Text: text, Lang: lang})...) {
			plain := markup.ReplaceAllString(h.Snippet, "")
			if strings.ContainsAny(plain, "<>\"\n") || !utf8.ValidString(plain) {
				t.Errorf("%q: snippet %q", text, h.Snippet)
			}
			if strings.Count(h.Snippet, "<mark>") != strings.Count(h.Snippet, "</mark>") {
				t.Errorf("%q: snippet %q", text, h.Snippet)
			}
		}
		if _, err := s.Advanced(t.Context(), AdvancedQuery{Text: text, Limit: 5}); err != nil && err.Error() == "" {
			t.Error("an empty error")
		}
		for _, w := range Terms(lang, text) {
			if strings.ContainsAny(w, "@ ") {
				t.Errorf("%q: term %q", text, w)
			}
		}
	})
}

// FuzzSnippet: the text of a snippet is a piece of a document's text.
func FuzzSnippet(f *testing.F) {
	f.Add("The password is <wrong> & \"bad\".\nNext line, with a password again.", "password wrong")
	f.Add(strings.Repeat("ä password ", 60), "password")
	f.Fuzz(func(t *testing.T, text, query string) {
		ix := newIndexes(t, []Document{{ID: "1", Lang: "en", Title: "Title", Sections: []Section{{Text: text}}}}).Public
		for _, h := range ix.Search(Query{Text: query + " title"}).Hits {
			plain := markup.ReplaceAllString(h.Snippet, "")
			if strings.ContainsAny(plain, "<>") || utf8.RuneCountInString(plain) > 6*160 {
				t.Errorf("%q", h.Snippet)
			}
		}
	})
}
