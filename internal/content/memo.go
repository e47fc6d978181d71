package content

import (
	"slices"

	"signpost/internal/content/article"
	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

// A memo keeps what was made of each text from load to load. Nothing in it is
// taken on trust: a text is used again when it is the same parsed file and
// everything that was asked while it was made (parts, conditions, values,
// links, pictures) has the same answer now.
type memo struct {
	last, next map[*markdown.File]*made
	steady     bool // all that articles are made from is as it was at the last load
}

// made is what was made of one text. An expansion never changes; a check of it
// is replaced as a whole.
type made struct {
	lang   string
	steps  bool
	parts  []partAnswer
	offers []offerAnswer

	doc      *markdown.Doc
	problems problem.List // of the expansion
	links    []markdown.Reference

	check *check // nil before the first one
}

type partAnswer struct {
	name string
	file *markdown.File
	err  error
}

type offerAnswer struct {
	name string
	has  bool
	err  error
}

// A check is what was found in a text when it was held against the other files.
type check struct {
	title, summary string
	values         Values
	hosts          int // number of the list of host names that it was searched for
	asked          *markdown.Recorder
	problems       problem.List
	verdict        verdict
}

// begin starts a load: what it does not use is forgotten at its end.
func (m *memo) begin() { m.last, m.next = m.next, make(map[*markdown.File]*made, len(m.next)) }

// end forgets what the load has not used.
func (m *memo) end() { m.last = nil }

// An input is one file as a load found it.
type input struct {
	data, good []byte
	gone       bool
}

// edition compares the files with those of the last load. Those of posts do
// not count: nothing in an article is made from them.
func (b *build) edition() int {
	inputs := make(map[string]input, len(b.entries))
	same := true
	for p, e := range b.entries {
		if e.class == layout.Post || e.class == layout.PostText {
			continue
		}
		in := input{e.data, e.good, e.gone}
		last, known := b.ld.inputs[p]
		same = same && known && last.gone == in.gone && (last.good == nil) == (in.good == nil) &&
			string(last.data) == string(in.data) && string(last.good) == string(in.good)
		inputs[p] = in
	}
	if same = same && len(inputs) == len(b.ld.inputs); !same {
		b.ld.edition++
	}
	b.ld.inputs, b.ld.memo.steady = inputs, same
	return b.ld.edition
}

// expand returns a text with its parts in place.
func (m *memo) expand(l *Library, f *markdown.File, lang string, steps bool) *made {
	if known := m.next[f]; known != nil && known.lang == lang && known.steps == steps {
		return known
	}
	if known := m.last[f]; known != nil && known.lang == lang && known.steps == steps && (m.steady || known.holds(l)) {
		m.next[f] = known
		return known
	}
	made := &made{lang: lang, steps: steps}
	shape := l.shape(steps)
	offers := shape.Offers
	shape.Offers = func(name string) (bool, error) {
		has, err := offers(name)
		made.offers = append(made.offers, offerAnswer{name, has, err})
		return has, err
	}
	made.doc, made.problems = f.Expand(func(name string) (*markdown.File, error) {
		part, err := l.part(name, lang)
		made.parts = append(made.parts, partAnswer{name, part, err})
		return part, err
	}, shape)
	made.links = made.doc.References()
	m.next[f] = made
	return made
}

// holds reports whether parts and conditions are as they were.
func (m *made) holds(l *Library) bool {
	for _, p := range m.parts {
		if part, err := l.part(p.name, m.lang); part != p.file || !markdown.SameError(err, p.err) {
			return false
		}
	}
	for _, o := range m.offers {
		if has, err := l.offers(o.name); has != o.has || !markdown.SameError(err, o.err) {
			return false
		}
	}
	return true
}

// expand is [memo.expand] of a text that belongs to the site; its parts count
// as included.
func (b *build) expand(f *markdown.File, lang string, steps bool) *made {
	made := b.lib.loading.expand(b.lib, f, lang, steps)
	for _, p := range made.parts {
		b.included[p.name] = true
	}
	return made
}

// check holds a text against the other files.
func (b *build) check(t *article.Text, m *made) *check {
	r := &Reader{Library: b.lib, Lang: t.Lang, checking: true}
	values := b.lib.Values()
	if c := m.check; c != nil && c.title == t.Title && c.summary == t.Summary && c.hosts == b.ld.hostsCount && (b.ld.memo.steady || c.asked.Holds(r, c.values == values)) {
		c.values = values
		return c
	}
	r.badValues = 0
	c := &check{title: t.Title, summary: t.Summary, values: values, hosts: b.ld.hostsCount, asked: markdown.Record(r)}
	found := m.doc.Check(c.asked)
	found = append(found, t.CheckFront(c.asked.Value)...)
	c.asked.Close()
	c.verdict = verdict{values: errorsIn(m.problems) + r.badValues, links: errorsIn(found) - r.badValues}
	c.problems = slices.Concat(m.problems, found)
	b.literalHosts(t, &c.problems)
	m.check = c
	return c
}
