package search

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"signpost/internal/search/passage"
	"signpost/internal/search/postings"
	"signpost/internal/search/words"
)

// Kinds of documents.
const (
	Article  = "article"
	Incident = "incident"
	Setting  = "setting" // a settings card made from the provider description
)

// A Document is one page in one language. The caller must not change it after
// it was given to [Store.Update].
type Document struct {
	ID    string // unique among all documents, e.g. "article/1042/de"
	Group string // what a result shows once, e.g. "1042"; "" means ID
	Kind  string // Article, Incident or Setting
	Lang  string // "en", "nb", "de", …; other languages are searched without stemming

	Title    string
	Also     []string // words that customers use; count like the title, never shown
	Summary  string
	Sections []Section // none for a translation that is front matter only
	Category string
	// Platforms the whole document is about; none means all.
	Platforms []string
	Services  []string // component ids, for Related
	Links     []string // groups that the text links to, for Related

	// Internal documents are in Indexes.All only.
	Internal bool
	// State is what agents may ask for, such as "public" or "overdue".
	State []string

	// Asked counts, per term of [Terms], the earlier tickets that were
	// answered with this document's group. It is not kept in the store, and a
	// change of it alone re-indexes nothing.
	Asked map[string]int
}

// A Section is a part of a document that a hit can point at.
type Section struct {
	Anchor    string   // fragment without "#"; "" for the beginning
	Heading   string   // "" for the beginning
	Text      string   // plain text
	Platforms []string // platform block around the section; none means all
}

// group returns what the document is shown as.
func (d *Document) group() string {
	if d.Group != "" {
		return d.Group
	}
	return d.ID
}

// hash identifies everything of the document that the durable index holds.
func (d *Document) hash() string {
	h := sha256.New()
	var n [8]byte
	put := func(list ...string) {
		for _, s := range list {
			binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
			h.Write(n[:])
			h.Write([]byte(s))
		}
	}
	list := func(l []string) {
		binary.LittleEndian.PutUint64(n[:], uint64(len(l)))
		h.Write(n[:])
		put(l...)
	}
	put(d.ID, d.group(), d.Kind, d.Lang, d.Title, d.Summary, d.Category)
	list(d.Also)
	list(d.Platforms)
	list(d.Services)
	list(d.State)
	if d.Internal {
		put("internal")
	}
	for _, s := range d.Sections {
		put(s.Heading, s.Text)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// sameText reports whether two documents have equal hashes, cheaply: strings
// that two loads share compare without being read.
func (d *Document) sameText(o *Document) bool {
	return d.ID == o.ID && d.group() == o.group() && d.Kind == o.Kind && d.Lang == o.Lang &&
		d.Title == o.Title && d.Summary == o.Summary && d.Category == o.Category && d.Internal == o.Internal &&
		slices.Equal(d.Also, o.Also) && slices.Equal(d.Platforms, o.Platforms) && slices.Equal(d.Services, o.Services) && slices.Equal(d.State, o.State) &&
		slices.EqualFunc(d.Sections, o.Sections, func(a, b Section) bool {
			return a.Heading == b.Heading && a.Text == b.Text
		})
}

// fields returns what the durable index holds of the document.
func (d *Document) fields() postings.Fields {
	var heading, body strings.Builder
	for _, s := range d.Sections {
		if s.Heading != "" {
			heading.WriteString(s.Heading)
			heading.WriteString("\n")
		}
		body.WriteString(s.Text)
		body.WriteString("\n")
	}
	f := postings.Fields{Exact: map[string][]string{
		"id": {d.ID}, "group": {d.group()}, "kind": {d.Kind}, "lang": {d.Lang}, "category": {d.Category},
		"platform": d.Platforms, "service": d.Services, "state": d.State,
	}}
	f.Text[postings.Title] = d.Title
	f.Text[postings.Also] = strings.Join(d.Also, "\n")
	f.Text[postings.Heading] = heading.String()
	f.Text[postings.Summary] = d.Summary
	f.Text[postings.Body] = body.String()
	return f
}

// says reports whether words follow each other in a text of the document.
func (d *Document) says(phrase []uint32) bool {
	for field := range postings.NumFields {
		if d.saysIn(field, phrase) {
			return true
		}
	}
	return false
}

// saysIn is says of one field.
func (d *Document) saysIn(field int, phrase []uint32) bool {
	in := func(text string) bool { return follow(text, phrase) }
	switch field {
	case postings.Title:
		return in(d.Title)
	case postings.Also:
		return slices.ContainsFunc(d.Also, in)
	case postings.Heading:
		return slices.ContainsFunc(d.Sections, func(s Section) bool { return in(s.Heading) })
	case postings.Summary:
		return in(d.Summary)
	}
	return slices.ContainsFunc(d.Sections, func(s Section) bool { return in(s.Text) })
}

// follow reports whether words follow each other in a text.
func follow(text string, phrase []uint32) bool {
	found, last := false, make([]uint32, 0, 64)
	words.Hashes(text, func(h uint32, _, _ int) {
		if found {
			return
		}
		if last = append(last, h); len(last) >= len(phrase) {
			found = slices.Equal(last[len(last)-len(phrase):], phrase)
		}
		if len(last) == cap(last) {
			last = append(last[:0], last[max(0, len(last)-len(phrase)):]...)
		}
	}, func() {})
	return found
}

// outline reduces the document to where its words are; rarity is of its language.
func (d *Document) outline(rarity map[uint32]float32) *passage.Outline {
	o := passage.NewOutline(rarity)
	o.Title(d.Title)
	for _, a := range d.Also {
		o.Title(a)
	}
	o.Summary(d.Summary)
	for _, s := range d.Sections {
		o.Section(s.Heading, s.Text)
	}
	return o
}
