package search

import (
	"sync/atomic"

	"signpost/internal/search/passage"
)

// outlines keeps the outlines of documents that were found, up to a bound; the
// others are made anew each time.
type outlines struct {
	byDoc []*atomic.Pointer[passage.Outline]
	bytes *atomic.Int64
}

// maxOutlines bounds the outlines that are kept, in bytes.
const maxOutlines = 16 << 20

func outlineBytes(o passage.Outline) int64 { return int64(4 * len(o)) }

func (o *outlines) of(doc uint32, d *Document) passage.Outline {
	place := o.byDoc[doc]
	if p := place.Load(); p != nil {
		return *p
	}
	out := d.outline()
	n := outlineBytes(out)
	if o.bytes.Add(n) > maxOutlines || !place.CompareAndSwap(nil, &out) {
		o.bytes.Add(-n)
	}
	return out
}

// matcher knows the written forms of all terms of the slots.
func (ix *Index) matcher(slots []slot) *passage.Matcher {
	var marks []passage.Mark
	for i, s := range slots {
		for _, a := range s.alternatives {
			for _, w := range a.terms {
				t := &ix.terms[w.term]
				for _, form := range t.forms {
					marks = append(marks, passage.Mark{Hash: form, Concept: int32(i), Weight: s.weight * w.weight * t.idf, Part: len(a.terms) > 1, Apart: s.phrase})
				}
			}
		}
	}
	return passage.NewMatcher(marks, len(slots))
}

// present fills in the place and the snippet of a hit; found is the document of
// its group that matched, best its best section or -1. What is shown below a
// title alone is the text that most titles have.
func (ix *Index) present(m *passage.Matcher, h *Hit, found uint32, best int) {
	src := h.Doc
	if len(src.Sections) == 0 {
		src = ix.docs[ix.fullest(ix.group[found])]
	}
	if src != ix.docs[found] {
		_, _, best = m.Weigh(src.outline())
	}
	text := h.Doc.Summary
	if best >= 0 {
		s := &src.Sections[best]
		h.Anchor, h.Section = s.Anchor, s.Heading
		if len(s.Platforms) > 0 {
			h.Platform = s.Platforms[0]
		}
		if text == "" || src == h.Doc && len(m.Find(s.Text)) > 0 {
			text = s.Text
		}
	}
	if text == "" && len(src.Sections) > 0 {
		text = src.Sections[0].Text
	}
	h.Snippet = passage.Snippet(text, m.Find(text))
}
