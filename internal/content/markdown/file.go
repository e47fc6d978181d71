package markdown

import (
	"iter"

	"signpost/internal/problem"
)

// A File is one parsed body, without the parts that it includes.
type File struct {
	Path string
	root *node
}

type node struct{}

// A Doc is a File with its parts in place, and all anchors fixed.
type Doc struct {
	Path string
	root *node
}

// Shape says what kind of document a File becomes.
type Shape struct {
	Steps bool // ordered lists are numbered steps: "kind: howto"
}

// Empty reports whether the file has no body.
func (f *File) Empty() bool { return f == nil || f.root == nil }

// Includes returns the names of the parts that the file includes itself, in
// order, with repeats.
func (f *File) Includes() []string { return nil }

// Literals yields every piece of text that the author typed (text, code, link
// destinations, alternative texts, captions) with its line, for instance to
// look for host names that should be variables. Variables stay as typed.
func (f *File) Literals() iter.Seq2[int, string] { return func(func(int, string) bool) {} }

// Expand puts parts in place and gives every heading, step and platform block
// its anchor. part returns the part of a name in the reader's language, or an
// error (an [*Error] may carry a hint). Problems are errors: an unknown part, a
// loop, parts nested more than [MaxIncludes] deep, more than [MaxSize] bytes.
//
// Steps are numbered through the whole document: "step-1", "step-2" … A list
// in a platform block goes on from the steps before it, and its anchors name
// the platforms: "step-ios-3"; a list after platform blocks goes on from the
// longest of them. Only lists that stand directly in the document, in a part
// or in a platform block are steps.
func (f *File) Expand(part func(name string) (*File, error), shape Shape) (*Doc, problem.List) {
	return &Doc{Path: f.Path}, nil
}
