package markdown

import (
	"errors"
	"fmt"
	"strings"
)

// A Resolver answers what a document itself cannot know, for one language and
// reader; nil is one that knows nothing. Its methods return errors for what does not exist; an [*Error] may
// carry a hint. Check turns them into problems; a rendering shows a marker.
type Resolver interface {
	// Value returns the value of {{name}} or {{name for client}}, as text.
	// client is "" or the word after "for".
	Value(name, client string) (string, error)
	// Link resolves a link to a page of this site.
	Link(Ref) (Link, error)
	// Image returns the picture with a file name relative to the folder of from.
	Image(from, name string) (Image, error)
	// Settings returns the table of {{settings service}} or {{settings service for client}}.
	Settings(service, client string) (Settings, error)
	// Profile returns the button of {{profile}}.
	Profile() (Profile, error)
}

// A Ref is a link to a page of this site, as written in a file.
type Ref struct {
	From     string // path of the file that holds the link
	Kind     RefKind
	Target   string // slug or id; relative path; absolute path
	Fragment string // without "#"; "" for the whole page
}

// RefKind says how a link was written.
type RefKind string

// The ways to write a link. Links to the same document ("#anchor") are
// checked here and never reach the Resolver.
const (
	ByName RefKind = "name" // [[1042]] or [[apple-mail]]: Target is an id or a slug
	ByPath RefKind = "path" // [text](../spam-filter/en.md): Target is relative to the folder of From
	BySite RefKind = "site" // [text](/status): Target begins with "/"
)

// A Link is where a Ref leads. Without Href only its text is shown, for
// instance when the page is not public yet.
type Link struct {
	Href  string // site-relative ("/help/apple-mail") or absolute, without the fragment
	Title string // title of the page, the text of [[1042]]; "" shows what was typed
}

// An Image is a picture of a document.
type Image struct {
	Src           string // site-relative or absolute
	Width, Height int    // pixels; 0 when not known
	Size          int64  // bytes; Check warns above 300 KB
}

// Settings is a table of settings.
type Settings struct {
	Caption string // may be empty
	Rows    []Setting
}

// A Setting is one row of a settings table.
type Setting struct {
	Label string // in the reader's language: "Server"
	Value string
	Copy  bool // shown as code with a copy button
}

// A Profile is the download button of {{profile}}.
type Profile struct {
	Href string // site-relative or absolute
	Text string // in the reader's language
}

// Options say how a document is rendered.
type Options struct {
	Base      string // "https://help.example.com": makes all links absolute, for feeds, replies and .md
	Self      string // site-relative URL of the document; with Base, "#anchor" becomes a full link
	Platform  string // only common text and this platform's blocks; "" for all
	IDPrefix  string // goes before every anchor, for several documents on one page
	NoAnchors bool   // HTML without the links at headings and steps
	NoImages  bool   // HTML with the descriptions of pictures in their place, for mail
	Width     int    // plain text: wrap at this column; 0 for one line a paragraph
	NoURLs    bool   // plain text: the text of links only
	Texts     *Texts // nil for English
}

// Texts are the words that renderings add, in the reader's language.
type Texts struct {
	Note, Tip, Warning string
	On                 string            // heading of a platform block: "On %s"
	And                string            // between the last two platforms: "and"
	Platforms          map[string]string // names of [Platforms]
	SectionLink        string            // label of a heading's anchor: "Link to “%s”"
	StepLink           string            // label of a step's anchor: "Link to step %d"
	Picture            string            // before a picture's description in plain text; "" for the description only
}

// English returns the English texts.
func English() *Texts {
	return &Texts{
		Note: "Note", Tip: "Tip", Warning: "Warning", On: "On %s", And: "and",
		Platforms: map[string]string{
			"macos": "Mac", "ios": "iPhone and iPad", "windows": "Windows",
			"android": "Android", "linux": "Linux", "web": "the web",
		},
		SectionLink: "Link to “%s”", StepLink: "Link to step %d", Picture: "Picture",
	}
}

// filled returns the options with English where no texts are given.
func (o Options) filled() *Options {
	if o.Texts == nil {
		o.Texts = English()
	}
	return &o
}

func (o *Options) alert(kind string) string {
	switch kind {
	case "note":
		return o.Texts.Note
	case "tip":
		return o.Texts.Tip
	default:
		return o.Texts.Warning
	}
}

// on returns the heading of a platform block: "On Mac and Windows".
func (o *Options) on(platforms []string) string {
	var names []string
	for _, p := range platforms {
		name := o.Texts.Platforms[p]
		if name == "" {
			name = p
		}
		names = append(names, name)
	}
	list := names[len(names)-1]
	if len(names) > 1 {
		list = strings.Join(names[:len(names)-1], ", ") + " " + o.Texts.And + " " + list
	}
	return fmt.Sprintf(o.Texts.On, list)
}

// nothing is the Resolver of a document that is alone.
type nothing struct{}

var errNothing = errors.New("nothing is known here but this text")

func (nothing) Value(string, string) (string, error)      { return "", errNothing }
func (nothing) Link(Ref) (Link, error)                    { return Link{}, errNothing }
func (nothing) Image(string, string) (Image, error)       { return Image{}, errNothing }
func (nothing) Settings(string, string) (Settings, error) { return Settings{}, errNothing }
func (nothing) Profile() (Profile, error)                 { return Profile{}, errNothing }

func orNothing(r Resolver) Resolver {
	if r == nil {
		return nothing{}
	}
	return r
}
