package search

import (
	"sync/atomic"

	"signpost/internal/search/passage"
)

// outlines keeps the outlines of documents that were found, up to a bound; the
// others are made anew each time.
type outlines struct {
	byDoc []atomic.Pointer[passage.Outline]
	bytes atomic.Int64
}

// maxOutlines bounds the outlines that are kept, in bytes.
const maxOutlines = 16 << 20

func (p *presenter) outline(doc uint32) *passage.Outline {
	place := &p.outlines.byDoc[doc]
	if o := place.Load(); o != nil {
		return o
	}
	o := p.docs[doc].outline(p.rarity[p.docLang[doc]])
	if n := o.Bytes(); p.outlines.bytes.Add(n) > maxOutlines || !place.CompareAndSwap(nil, o) {
		p.outlines.bytes.Add(-n)
	}
	return o
}

// matcher knows the written forms of all terms of the slots.
func (p *presenter) matcher(slots []slot) *passage.Matcher {
	var marks []passage.Mark
	for i, s := range slots {
		for _, a := range s.alternatives {
			for _, w := range a.terms {
				t := &p.terms[w.term]
				for _, form := range t.forms {
					marks = append(marks, passage.Mark{Hash: form, Concept: int32(i), Weight: s.weight * w.weight * t.idf, Part: len(a.terms) > 1, Apart: s.phrase})
				}
			}
		}
	}
	return passage.NewMatcher(marks, len(slots))
}

// present fills in the place and the snippet of a hit; found is the document of
// its group that matched, w its weights, shown the one whose title is shown.
// What is shown below a title alone is the text that most titles have.
func (p *presenter) present(m *passage.Matcher, h *Hit, found, shown uint32, w passage.Weights) {
	doc := shown
	if len(p.docs[doc].Sections) == 0 {
		doc = p.fullest(p.group[found])
	}
	if doc != found {
		w = m.Weigh(p.outline(doc))
	}
	src := p.docs[doc]
	text, matches := h.Doc.Summary, []passage.Match(nil)
	if w.Section >= 0 {
		s := &src.Sections[w.Section]
		h.Anchor, h.Section = s.Anchor, s.Heading
		if len(s.Platforms) > 0 {
			h.Platform = s.Platforms[0]
		}
		if w.Start >= 0 && (text == "" || src == h.Doc) {
			matches = m.Find(s.Text, w.Start)
		}
		if text == "" || len(matches) > 0 {
			h.Snippet = passage.Snippet(s.Text, matches)
			return
		}
	}
	if text == "" && len(src.Sections) > 0 {
		text = src.Sections[0].Text
	}
	h.Snippet = passage.Snippet(text, m.Find(text, 0))
}
