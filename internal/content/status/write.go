package status

import (
	"errors"
	"time"
)

// A Draft is a post to be written: its front matter and its first update.
// Times are texts as people type them, see [ParseTime]. An incident's "affects"
// without a condition means down.
type Draft struct {
	FrontMatter
	State    State  `json:"state,omitempty"` // "": investigating, scheduled or published
	Message  string `json:"text,omitempty"`  // Markdown
	At       string `json:"at,omitempty"`    // "": now
	ETA      string `json:"eta,omitempty"`
	NextIn   string `json:"next,omitempty"`
	Template string `json:"template,omitempty"` // fills what is empty; "" for none
}

// An Addition is an update to be written.
type Addition struct {
	State        State
	Message      string
	Affects      []string
	At           string // "" : now
	ETA, Next    string
	Starts, Ends string // scheduled, extended
	Corrects     string
}

// ErrLastUpdate is returned by [Undo] when the post has no other update.
var ErrLastUpdate = errors.New("this is the only update of the post")

// NewPost returns the path and the text of a new post. taken tells which post ids exist.
func NewPost(d Draft, taken func(id string) bool, now time.Time, cfg Config) (path string, src []byte, err error) {
	return "", nil, nil
}

// AppendUpdate adds an update at the end of a post.
func AppendUpdate(path string, src []byte, a Addition, now time.Time, cfg Config) ([]byte, error) {
	return nil, nil
}

// Resolve closes a post: an incident or notice is resolved, a maintenance
// completed. Values of variables are written into the text, see [Freeze].
func Resolve(path string, src []byte, a Addition, lookup func(variable string) (string, bool), now time.Time, cfg Config) ([]byte, error) {
	return nil, nil
}

// Edit replaces the text of an update and marks it as edited. update "" is the
// latest one.
func Edit(path string, src []byte, update, message string, now time.Time, cfg Config) ([]byte, error) {
	return nil, nil
}

// Undo takes the latest update away.
func Undo(path string, src []byte, cfg Config) ([]byte, error) { return nil, nil }

// Freeze writes the values of variables ("{{imap.host}}") into the text of a
// post, so that the archive keeps what was true. lookup gets what stands
// between the braces; what it does not know stays.
func Freeze(src []byte, lookup func(variable string) (string, bool)) []byte { return nil }
