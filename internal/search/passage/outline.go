package passage

import "signpost/internal/search/words"

// Marks between the words of an outline.
const (
	endSentence = iota
	startSection
	endHeading
)

// An Outline is a document as a row of hashed words with marks between them, so
// that its best sentence and section are found without reading its text. Fill
// it with Title, Summary and Section, in this order; it must not be changed later.
type Outline struct {
	rarity    map[uint32]float32
	marks     []uint32
	sentences []sentence
}

// A sentence is what its words say together, and where it begins: bytes in the
// text that it was given with.
type sentence struct {
	rarity float32
	start  uint32
}

// NewOutline returns an empty outline. rarity is what a word says, its idf, by
// its words.Hash; words that it does not have say nothing.
func NewOutline(rarity map[uint32]float32) *Outline { return &Outline{rarity: rarity} }

// Title adds a title or another name.
func (o *Outline) Title(text string) { o.text(text) }

// Summary adds sentences outside of sections.
func (o *Outline) Summary(text string) {
	o.marks = append(o.marks, endHeading)
	o.text(text)
}

// Section adds the next section.
func (o *Outline) Section(heading, text string) {
	o.marks = append(o.marks, startSection)
	o.text(heading)
	o.marks = append(o.marks, endHeading)
	o.text(text)
}

func (o *Outline) text(text string) {
	var s sentence
	first := true
	words.Hashes(text, func(h uint32, start, _ int) {
		if first {
			s, first = sentence{start: uint32(start)}, false
		}
		o.marks = append(o.marks, h)
		s.rarity += o.rarity[h]
	}, func() {
		o.marks = append(o.marks, endSentence)
		o.sentences = append(o.sentences, s)
		first = true
	})
}

// Bytes is the memory that the outline takes.
func (o *Outline) Bytes() int64 { return int64(4*cap(o.marks) + 8*cap(o.sentences)) }
