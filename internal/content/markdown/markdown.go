// Package markdown reads the Markdown files of the content folder (articles,
// parts, status posts) and writes them as HTML, plain text and Markdown.
//
// The way of a file: [Split] separates the front matter, which the caller
// decodes with yamldoc, from the body; [Source.Parse] makes a [File]; its
// [File.Expand] puts the included parts in place and yields a [Doc], which
// [Doc.Check]s itself against a [Resolver] and renders: [Doc.HTML],
// [Doc.Text], [Doc.Markdown]. A File and a Doc never change once made, and
// may be used by many goroutines.
//
// The syntax is CommonMark 0.31 with the tables, strikethrough and autolinks
// of GFM, and:
//
//	## Title {#id}                    a heading with a permanent anchor
//	{{imap.host}} {{pop3.host for apple-mail}} \{{   a value; literal braces
//	{{settings imap}} {{profile}} {{include part}}   alone on a line
//	::: macos ios … :::               a platform block
//	::: if pop3 … :::                 a block for providers that offer any of the names
//	::: unless sieve … :::            a block for providers that offer none of them
//	> [!NOTE] [!TIP] [!WARNING]       an alert
//	![Alt](file.png "Caption")        alone in a paragraph: a figure
//	[[1042]] [[slug#anchor]]          a link to an article
//	++Ctrl+K++                        keys
//
// Values are substituted after parsing, as text, so that no value can become
// markup. Raw HTML is shown as it was typed. Links have the schemes http,
// https, mailto and tel, nothing else. Every problem names its line.
//
// The HTML uses these classes: anchor (link at a heading or step), steps (ol),
// platform (section, with data-platform="macos ios"), platform-name, alert with
// alert-note, alert-tip or alert-warning and alert-title, table (the box around
// every table), settings (its box), copy (code with data-copy), right and
// center (cells), profile and button, problem (what could not be resolved).
// There are no inline styles and no scripts.
package markdown

import "signpost/internal/content/markdown/syntax"

// Limits of one file.
const (
	MaxSize     = syntax.MaxSize    // bytes of a file, and of a document with its parts
	MaxIncludes = 3                 // how deep parts may include parts
	MaxDepth    = syntax.MaxDepth   // how deep lists, quotes and emphasis may be nested
	MaxColumns  = syntax.MaxColumns // of a table
)

// Platforms are the words that a platform block may name, in the order in
// which they are shown.
func Platforms() []string { return syntax.Platforms() }

// Offers are the words that a condition may name besides vars.NAME, link.NAME
// and except.CLIENT.
func Offers() []string { return syntax.Offers() }

// CheckOffer says what is wrong with a word of a condition.
func CheckOffer(word string) error { return syntax.CheckOffer(word) }

// An Error is an error of a [Resolver] with a hint.
type Error = syntax.Error

// Errorf returns an *Error: one sentence without a full stop that says what is
// wrong. The hint says what to do, and may be empty.
func Errorf(hint, format string, args ...any) *Error { return syntax.Errorf(hint, format, args...) }

// Warningf returns an *Error that does not keep a text from being used.
func Warningf(hint, format string, args ...any) *Error {
	e := syntax.Errorf(hint, format, args...)
	e.Warning = true
	return e
}

// HintOf returns what an [*Error] says to do, or "".
func HintOf(err error) string { return syntax.HintOf(err) }

// Lookup returns the value of a variable; see [Resolver].
type Lookup = syntax.Lookup
