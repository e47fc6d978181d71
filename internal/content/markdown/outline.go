package markdown

// A Heading is one line of a table of contents.
type Heading struct {
	Level     int // 1 to 6
	Anchor    string
	Text      string
	Platforms []string // of the platform block around it; nil for everyone
}

// A Step is one step of a "kind: howto".
type Step struct {
	Number    int
	Anchor    string
	Name      string   // first sentence
	Text      string   // all of it, plain
	Image     string   // file name of the first picture, or ""
	From      string   // path of the file it stands in, for Image
	Platforms []string // nil for everyone
}

// A Passage is a piece of a document for search: what stands under one
// heading, or in one platform block without a heading.
type Passage struct {
	Anchor    string // "" for the text before the first heading
	Heading   string
	Level     int
	Text      string   // plain, without URLs
	Platforms []string // nil for everyone
}

// A Figure is a picture, alone in its paragraph or within text.
type Figure struct {
	From    string // path of the file it stands in
	Line    int
	Name    string // file name relative to the folder of From
	Alt     string
	Caption string
}

// A Reference is a link to a page of this site and where it stands.
type Reference struct {
	Ref
	Line int
}

// Outline returns the headings in order.
func (d *Doc) Outline(r Resolver) []Heading { return nil }

// Steps returns the steps in order.
func (d *Doc) Steps(r Resolver) []Step { return nil }

// Passages returns the document cut for search, values substituted.
func (d *Doc) Passages(r Resolver) []Passage { return nil }

// Figures returns the pictures in order, values not substituted.
func (d *Doc) Figures() []Figure { return nil }

// References returns the links to pages of this site in order.
func (d *Doc) References() []Reference { return nil }

// Anchors returns all anchors of headings, steps and platform blocks.
func (d *Doc) Anchors() []string { return nil }

// HasAnchor reports whether a link may name the fragment.
func (d *Doc) HasAnchor(fragment string) bool { return false }

// Lead returns the first paragraph as plain text of at most limit characters,
// cut at a word, as a summary for a document that has none.
func (d *Doc) Lead(r Resolver, limit int) string { return "" }
