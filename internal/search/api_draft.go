package search

import (
	"errors"

	"signpost/internal/problem"
)

// ErrLocked is returned by [Open] when another process uses the folder.
// The caller may open an index in memory instead.
var ErrLocked = errors.New("the search index is in use by another process")

// A Store keeps the durable index of all documents and makes [Indexes] from it.
// Its methods may be called from several goroutines; updates run one at a time.
type Store struct{}

// Open opens or creates the index in dir; "" keeps it in memory. An index that
// is damaged or of an old version is thrown away and filled again by the next
// Update. The error is [ErrLocked] or says what the folder does not allow.
func Open(dir string) (*Store, error) { return &Store{}, nil }

// Close releases the folder. Indexes made earlier stay usable.
func (s *Store) Close() error { return nil }

// Indexes are made from the same documents: Public from those that are not
// internal, All for signed-in agents. They share nothing, unless no document
// is internal; then they are the same.
type Indexes struct{ Public, All *Index }

// Update makes the store hold exactly docs and returns new indexes. Only
// documents whose content changed are analysed again. progress, when not nil,
// is told how many of the changed documents are done.
func (s *Store) Update(docs []Document, syn *Synonyms, progress func(done, total int)) (Indexes, error) {
	return Indexes{&Index{}, &Index{}}, nil
}

// Advanced runs an agent's query string, such as
//
//	lang:de title:apop +imap -kind:incident
//
// over all documents, internal ones included. Fields: title also heading
// summary body lang kind category platform service id group. A syntax error
// or an unknown field gives an error fit for showing.
func (s *Store) Advanced(query string, limit int) ([]Hit, error) { return []Hit{}, nil }

// An Index answers searches. It never changes and may be used by any number of
// goroutines while others are built and swapped in.
type Index struct{}

// WithSynonyms returns an index over the same arrays with other synonyms.
func (ix *Index) WithSynonyms(syn *Synonyms) *Index { return ix }

// Len returns the number of documents.
func (ix *Index) Len() int { return 0 }

// A Query is what a customer typed.
type Query struct {
	Text  string
	Lang  string // preferred language; hides nothing
	Limit int    // hits wanted; 0 means 10, at most 100

	Category, Platform, Kind string // filters; "" lets everything pass

	// Typing says that the last word is not finished. Without it the last
	// word is completed only when it is not a known word.
	Typing bool
	// Verbatim turns the correction of unknown words off.
	Verbatim bool
	// Facets asks for Results.Facets.
	Facets bool
}

// Results of a search. Lists are never nil.
type Results struct {
	Hits      []Hit
	Total     int    // groups that match at all
	Corrected string // the query as it was understood, when unknown words were corrected; else ""
	Facets    Facets // zero unless asked for
}

// Facets count the matching groups by value.
type Facets struct{ Category, Platform, Kind, Lang map[string]int }

// A Hit is one group, shown by its document in the asked language when there
// is one.
type Hit struct {
	Doc   *Document
	Score float64 // comparable within one answer only

	Anchor   string // of the best section; "" for the top of the page
	Section  string // heading of the best section
	Platform string // the platform block that the best section is in; "" for none
	// Snippet is at most about 160 characters of HTML: escaped text in which
	// only <mark> is an element.
	Snippet string
	// Why names what matched, for suggestions: words, synonyms, earlier tickets.
	Why []string
}

// Search ranks documents for a customer.
func (ix *Index) Search(q Query) Results { return Results{Hits: []Hit{}} }

// A Ticket is what remains of a customer's message after quotes, greeting and
// signature were taken away.
type Ticket struct {
	Subject, Text string
	Lang          string   // preferred language of the articles
	Platform      string   // preferred platform; hides nothing
	Codes         []string // error codes, host names, clients found in the text
	Kind          string   // filter; "" lets everything pass
	Limit         int      // 0 means 5, at most 100
}

// Suggest ranks documents for a ticket, by their text and by the tickets that
// were answered with them.
func (ix *Index) Suggest(t Ticket) []Hit { return []Hit{} }

// Related returns the articles nearest to a group, by links in both
// directions, shared services and shared terms. It is a pure function of the
// index.
func (ix *Index) Related(group, lang string, limit int) []Hit { return []Hit{} }

// Terms returns the distinct stemmed terms of a text, without stop words,
// numbers of more than five digits, addresses and URLs: what may be counted in
// Document.Asked.
func Terms(lang, text string) []string { return nil }

// Synonyms are the parsed groups of a synonym file.
type Synonyms struct{}

// ParseSynonyms reads a synonym file: one group per line, "a, b, c" for words
// that mean the same, "a => b, c" for one direction, "#" for a comment. An
// entry may have several words. Bad lines are left out and reported.
func ParseSynonyms(path string, text []byte) (*Synonyms, problem.List) { return &Synonyms{}, nil }
