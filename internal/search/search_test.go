package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a small help site in three languages.
var sample = []Document{
	{
		ID: "10/en", Group: "10", Kind: Article, Lang: "en", Title: "Set up Apple Mail", Also: []string{"mail.app", "macOS mail"}, Category: "clients",
		Platforms: []string{"macos", "ios"}, Services: []string{"imap", "smtp"}, Links: []string{"12"},
		Sections: []Section{
			{Text: "Follow these steps to add your account on a Mac or an iPhone."},
			{Anchor: "imap", Heading: "Incoming mail server", Text: "Enter imap.example.com as the incoming server. The port is 993. Choose SSL."},
			{Anchor: "smtp", Heading: "Outgoing mail server", Text: "Enter smtp.example.com. The port is 587; <b>never</b> 25.", Platforms: []string{"ios"}},
		},
	},
	{
		ID: "10/de", Group: "10", Kind: Article, Lang: "de", Title: "Apple Mail einrichten", Also: []string{"Posteingangsserver", "Mailprogramm"},
		Summary: "So richten Sie Ihr Konto auf Mac und iPhone ein.", Category: "clients", Platforms: []string{"macos", "ios"},
	},
	{
		ID: "11/en", Group: "11", Kind: Article, Lang: "en", Title: "Change your password", Category: "account", Services: []string{"webmail"},
		Sections: []Section{
			{Text: "You can change the password of your mailbox at any time."},
			{Anchor: "app", Heading: "App passwords", Text: "Programs that cannot ask for a second factor need an app password. The error AUTHENTICATIONFAILED means that the password is wrong."},
		},
	},
	{
		ID: "11/de", Group: "11", Kind: Article, Lang: "de", Title: "Passwort ändern", Category: "account",
		Sections: []Section{{Text: "Ihre Passwörter können Sie jederzeit im Kundenbereich ändern."}},
	},
	{
		ID: "11/nb", Group: "11", Kind: Article, Lang: "nb", Title: "Endre passordet", Category: "account",
		Sections: []Section{{Text: "Du kan endre passordene dine når som helst på kundesidene."}},
	},
	{
		ID: "12/en", Group: "12", Kind: Article, Lang: "en", Title: "Mail is rejected", Category: "delivery", Services: []string{"smtp"},
		Sections: []Section{
			{Text: "Another server refused your message."},
			{Anchor: "codes", Heading: "Error codes", Text: "550 5.7.1 means that the receiver takes the message for spam. 552 means that it is too large."},
		},
	},
	{
		ID: "13/en", Group: "13", Kind: Article, Lang: "en", Title: "Reset zanzibar caches", Category: "internal", Internal: true, Links: []string{"11"},
		Sections: []Section{{Text: "Zanzibar is the name of the password host. zanzibarish passwords are reset there."}},
	},
	{
		ID: "i1", Kind: Incident, Lang: "en", Title: "IMAP and POP are down",
		Services: []string{"imap"}, Sections: []Section{{Text: "Incoming mail is safe."}},
	},
}

func newIndexes(t testing.TB, docs []Document) Indexes {
	t.Helper()
	s, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ixs, err := s.Update(docs, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ixs
}

func ids(hits []Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, h.Doc.ID)
	}
	return out
}

func TestSearchFirstHit(t *testing.T) {
	ix := newIndexes(t, sample).Public
	for _, c := range []struct{ name, text, lang, first, corrected string }{
		{"words", "change password", "en", "11/en", ""},
		{"inflection", "changing passwords", "en", "11/en", ""},
		{"typing errors", "chnage pasword", "en", "11/en", "change password"},
		{"missing blank", "changeyour apppassword", "en", "11/en", ""},
		{"capitals and signs are kept", "Pasword, pleese?", "en", "11/en", "password, pleese?"},
		{"half typed", "passw", "en", "11/en", ""},
		{"half typed beyond the stem", "rejecte", "en", "12/en", ""},
		{"half-typed title", "set up app", "en", "10/en", ""},
		{"also", "mail.app", "en", "10/en", ""},
		{"port", "993", "en", "10/en", ""},
		{"error code", "550 5.7.1", "en", "12/en", ""},
		{"error word", "AUTHENTICATIONFAILED", "en", "11/en", ""},
		{"host name", "imap.example.com", "en", "10/en", ""},
		{"German inflection", "Passwörter", "de", "11/de", ""},
		{"umlaut as two letters", "Passwort aendern", "de", "11/de", ""},
		{"umlaut left out", "passworter andern", "de", "11/de", ""},
		{"front matter only", "posteingangsserver", "de", "10/de", ""},
		{"front matter only, no language asked", "posteingangsserver", "", "10/de", ""},
		{"found by German words, shown in English", "posteingangsserver", "en", "10/en", ""},
		{"found in English, shown in German", "incoming mail server", "de", "10/de", ""},
		{"Norwegian", "endre passord", "nb", "11/nb", ""},
		{"language prefers, hides nothing", "smtp 587 outgoing", "nb", "10/en", ""},
		{"incident", "pop down", "en", "i1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ix.Search(Query{Text: c.text, Lang: c.lang})
			if len(r.Hits) == 0 {
				t.Fatalf("%q found nothing", c.text)
			}
			if got := r.Hits[0].Doc.ID; got != c.first {
				t.Errorf("%q: first is %s of %v, want %s", c.text, got, ids(r.Hits), c.first)
			}
			if r.Corrected != c.corrected {
				t.Errorf("%q: corrected to %q, want %q", c.text, r.Corrected, c.corrected)
			}
		})
	}
}

// The only language of an index is the asked one: what a mistyped word may mean
// counts as no rarer than what it likely means.
func TestOnlyLanguage(t *testing.T) {
	var docs []Document
	for i, title := range []string{"Printer one", "Printer two", "Printer three", "Painter", "Other", "Another"} {
		docs = append(docs, Document{ID: string(rune('a' + i)), Kind: Article, Lang: "en", Title: title, Sections: []Section{{Text: "Text."}}})
	}
	ix := newIndexes(t, docs).Public
	if d := cmp.Diff(ix.Search(Query{Text: "prinster", Lang: "en"}), ix.Search(Query{Text: "prinster"})); d != "" {
		t.Error(d)
	}
}

func TestGroupsOnce(t *testing.T) {
	r := newIndexes(t, sample).Public.Search(Query{Text: "password passwort passordet mail", Lang: "de"})
	seen := map[string]bool{}
	for _, h := range r.Hits {
		if seen[h.Doc.group()] {
			t.Errorf("group %s is shown twice: %v", h.Doc.Group, ids(r.Hits))
		}
		seen[h.Doc.group()] = true
	}
	if r.Total != len(seen) {
		t.Errorf("Total is %d for %d groups", r.Total, len(seen))
	}
}

func TestVerbatim(t *testing.T) {
	ix := newIndexes(t, sample).Public
	r := ix.Search(Query{Text: "pasword", Verbatim: true})
	if len(r.Hits) != 0 || r.Hits == nil || r.Corrected != "" {
		t.Errorf("verbatim: %v, corrected %q", ids(r.Hits), r.Corrected)
	}
}

func TestFilters(t *testing.T) {
	ix := newIndexes(t, sample).Public
	for _, c := range []struct {
		name string
		q    Query
		want []string
	}{
		{"category", Query{Text: "mail password", Category: "delivery"}, []string{"12/en"}},
		{"platform keeps articles about all platforms", Query{Text: "rejected steps", Platform: "windows"}, []string{"12/en"}},
		{"kind", Query{Text: "mail", Kind: Incident}, []string{"i1"}},
	} {
		if got := ids(ix.Search(c.q).Hits); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Quotes ask for the words side by side, and a minus leaves out what has the word.
func TestQuotesAndMinus(t *testing.T) {
	ix := newIndexes(t, sample).Public
	for text, want := range map[string][]string{
		`"second factor"`:                 {"11/en"},
		`„second factor“ mail`:            {"11/en"},
		`"factor second"`:                 {},
		`"phrase that is nowhere" mail`:   {},
		`password -factor`:                {},
		`pop mail -"incoming mail" -smtp`: {"12/en"},
		`"password`:                       {"11/en"},
		// A sentence may quote what no text says so, and inches are not quotation marks.
		`what can I do about "second factors" of a password`: {"11/en"},
		`factor 6'4" second 5" password`:                     {"11/en", "12/en"},
	} {
		if got := ids(ix.Search(Query{Text: text, Lang: "en"}).Hits); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// However a failure is contracted, and where a text writes it out, the article about
// the failure comes first.
func TestContractions(t *testing.T) {
	ix := newIndexes(t, []Document{
		{ID: "open", Kind: Article, Lang: "en", Title: "Open attachments", Sections: []Section{{Text: "How to open and save what is attached."}}},
		{ID: "fails", Kind: Article, Lang: "en", Title: "Cannot open attachments", Sections: []Section{{Text: "When a file is not shown."}}},
		{ID: "quote", Kind: Article, Lang: "en", Title: "Settings of the mail program", Sections: []Section{{Text: "It says that it couldn't find or open the account."}}},
	}).Public
	for _, text := range []string{"can't open attachments", "cant open attachment", "couldn’t open attachments", "couldnt open attachment", "could not open attachments", "unable to open attachments", "attachments won't open", "attachment doesnt open", "attachments aren't opening"} {
		if got := ids(ix.Search(Query{Text: text}).Hits); len(got) == 0 || got[0] != "fails" {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestFacets(t *testing.T) {
	r := newIndexes(t, sample).Public.Search(Query{Text: "mail", Lang: "en", Facets: true})
	want := Facets{
		Category: map[string]int{"clients": 1, "delivery": 1},
		Platform: map[string]int{"macos": 3, "ios": 3},
		Kind:     map[string]int{Article: 2, Incident: 1},
		Lang:     map[string]int{"en": 3, "de": 1},
	}
	if d := cmp.Diff(want, r.Facets); d != "" {
		t.Error(d)
	}
}

func TestSectionAndSnippet(t *testing.T) {
	ix := newIndexes(t, sample).Public
	h := ix.Search(Query{Text: "outgoing server port"}).Hits[0]
	want := "Enter smtp.example.com. The <mark>port</mark> is 587; &lt;b&gt;never&lt;/b&gt; 25."
	if h.Anchor != "smtp" || h.Section != "Outgoing mail server" || h.Platform != "ios" || h.Snippet != want {
		t.Errorf("%q %q %q\n got %s\nwant %s", h.Anchor, h.Section, h.Platform, h.Snippet, want)
	}
	h = ix.Search(Query{Text: "incoming server", Lang: "de"}).Hits[0]
	if h.Doc.ID != "10/de" || h.Anchor != "imap" || h.Snippet != "So richten Sie Ihr Konto auf Mac und iPhone ein." {
		t.Errorf("front matter only: %s #%s %q", h.Doc.ID, h.Anchor, h.Snippet)
	}
}

// Nothing of an internal document may show in the public index, not even in
// corrections, completions, counts or the order of hits.
func TestInternalLeavesNoTrace(t *testing.T) {
	with := newIndexes(t, sample)
	without := newIndexes(t, slices.DeleteFunc(slices.Clone(sample), func(d Document) bool { return d.Internal })).Public
	queries := []string{"zanzibar", "zanzibra", "zanz", "z", "password", "passwords reset", "caches", "change your password", "host", "pop reset zanzibarish mail"}
	for _, text := range queries {
		for _, typing := range []bool{false, true} {
			q := Query{Text: text, Typing: typing, Facets: true}
			if d := cmp.Diff(without.Search(q), with.Public.Search(q)); d != "" {
				t.Errorf("%q: %s", text, d)
			}
		}
		if d := cmp.Diff(without.Suggest(Ticket{Text: text}), with.Public.Suggest(Ticket{Text: text})); d != "" {
			t.Errorf("ticket %q: %s", text, d)
		}
	}
	for _, g := range []string{"10", "11", "12", "13"} {
		if d := cmp.Diff(without.Related(g, "en", 5), with.Public.Related(g, "en", 5)); d != "" {
			t.Errorf("related to %s: %s", g, d)
		}
	}
	if got := ids(with.All.Search(Query{Text: "zanzibra"}).Hits); !slices.Equal(got, []string{"13/en"}) {
		t.Errorf("agents find %v", got)
	}
}

func TestSynonyms(t *testing.T) {
	syn, problems := ParseSynonyms("synonyms.txt", []byte("passcode, password # same\niphone mail app => apple mail\nbounce => rejected, \"mail delivery\"\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	plain := newIndexes(t, sample).Public
	ix := plain.WithSynonyms(syn)
	for text, first := range map[string]string{"passcodes": "11/en", "iphone mail app": "10/en", "bounce": "12/en"} {
		r := ix.Search(Query{Text: text, Lang: "en"})
		if len(r.Hits) == 0 || r.Hits[0].Doc.ID != first || r.Corrected != "" {
			t.Errorf("%q: %v %q, want %s", text, ids(r.Hits), r.Corrected, first)
		}
	}
	if r := plain.Search(Query{Text: "bounce", Verbatim: true}); len(r.Hits) != 0 {
		t.Errorf("the index without synonyms finds %v", ids(r.Hits))
	}
	h := ix.Suggest(Ticket{Text: "what is a bounce"})
	if len(h) == 0 || !slices.Contains(h[0].Why, "bounce = rejected") {
		t.Errorf("why: %+v", h)
	}
	twice, _ := ParseSynonyms("synonyms.txt", []byte("refusal, rejected\nrefusal note, rejected\n"))
	h = plain.WithSynonyms(twice).Suggest(Ticket{Text: "refusal note", Lang: "en"})
	if len(h) == 0 || !slices.Equal(h[0].Why, []string{"refusal = rejected"}) {
		t.Errorf("a reason is said twice: %+v", h)
	}
}

// "and" has the stem of "ändern", but is no word for changing anything.
func TestStopWordsHaveNoSynonymsByStem(t *testing.T) {
	syn, _ := ParseSynonyms("synonyms.txt", []byte("change, ändern\n"))
	ix := newIndexes(t, sample).Public.WithSynonyms(syn)
	for _, h := range ix.Suggest(Ticket{Text: "rejected and refused", Lang: "en"}) {
		if slices.ContainsFunc(h.Why, func(w string) bool { return strings.HasPrefix(w, "and") }) {
			t.Errorf("%s: %q", h.Doc.ID, h.Why)
		}
	}
	if h := ix.Suggest(Ticket{Text: "Konto ändern", Lang: "de"}); len(h) == 0 || h[0].Doc.ID != "11/de" {
		t.Errorf("ändern: %+v", h)
	}
}

// A word that is common in the ticket's language counts as no rarer through the
// one document of another language that borrows it.
func TestSuggestBorrowedWord(t *testing.T) {
	docs := []Document{
		{ID: "a", Kind: Article, Lang: "en", Title: "Account blocked", Sections: []Section{{Text: "Your account was blocked."}}},
		{ID: "b", Kind: Article, Lang: "en", Title: "Account closed", Sections: []Section{{Text: "Close an account."}}},
		{ID: "c", Kind: Article, Lang: "de", Title: "Der Account", Sections: []Section{{Text: "Alles zum Konto."}}},
		{ID: "d", Kind: Article, Lang: "de", Title: "Kalender", Sections: []Section{{Text: "Termine."}}},
		{ID: "e", Kind: Article, Lang: "de", Title: "Adressen", Sections: []Section{{Text: "Kontakte."}}},
	}
	h := newIndexes(t, docs).Public.Suggest(Ticket{Text: "my account", Lang: "en"})
	if len(h) != 3 || h[2].Doc.ID != "c" {
		t.Errorf("%v: the German article is not last", ids(h))
	}
}

func TestSuggest(t *testing.T) {
	docs := slices.Clone(sample)
	for i := range docs {
		if docs[i].Group == "12" {
			docs[i].Asked = map[string]int{"mailchimp": 4, "newslett": 3}
		}
	}
	ix := newIndexes(t, docs).Public
	hits := ix.Suggest(Ticket{Subject: "Newsletters", Text: "My newsletter from Mailchimp never arrives", Lang: "en"})
	if len(hits) == 0 || hits[0].Doc.ID != "12/en" || !slices.Contains(hits[0].Why, "asked: mailchimp") {
		t.Errorf("%v", hits)
	}
	hits = ix.Suggest(Ticket{Text: "Ich möchte mein Passwort ändern", Lang: "de"})
	if len(hits) == 0 || hits[0].Doc.ID != "11/de" || !slices.Contains(hits[0].Why, "passwort") {
		t.Errorf("%v", hits)
	}
	if hits = ix.Suggest(Ticket{}); hits == nil || len(hits) != 0 {
		t.Errorf("an empty ticket gives %v", hits)
	}
}

func TestRelated(t *testing.T) {
	ix := newIndexes(t, sample).Public
	if got := ids(ix.Related("10", "en", 2)); len(got) == 0 || got[0] != "12/en" {
		t.Errorf("related to 10: %v, want the linked article first", got)
	}
	if got := ix.Related("nothing", "en", 2); got == nil || len(got) != 0 {
		t.Errorf("related to nothing: %v", got)
	}
}

func TestLimits(t *testing.T) {
	ix := newIndexes(t, sample).Public
	for _, text := range []string{"", " ", "\xff\xfe", strings.Repeat("password ", 5000), strings.Repeat("x", 1<<20), "….;!", "\x00"} {
		for _, limit := range []int{-1, 0, 1, 1 << 30} {
			if r := ix.Search(Query{Text: text, Limit: limit, Typing: true}); r.Hits == nil || len(r.Hits) > maxHits {
				t.Errorf("%.20q: %d hits", text, len(r.Hits))
			}
		}
	}
	if r := newIndexes(t, nil).Public.Search(Query{Text: "anything"}); r.Hits == nil || r.Total != 0 {
		t.Error("an empty index finds something")
	}
	s, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	for _, docs := range [][]Document{{{ID: ""}}, {{ID: "a"}, {ID: "a"}}, {{ID: "a\x00b"}}} {
		if _, err := s.Update(docs, nil, nil); err == nil {
			t.Errorf("no error for %+v", docs)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Update(sample, nil, nil); err == nil {
		t.Error("no error after Close")
	}
}
