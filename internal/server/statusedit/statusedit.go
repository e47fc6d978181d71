// Package statusedit is where agents write what the status board shows: by forms
// that work on a telephone and without a script, and by an API.
//
// [New] returns the [Handlers]; [Handlers.Publish] answers the forms, [Handlers.AddPostAPI]
// and its like answer programs.
//
// Guarantees: what is published is a file of the content, and is public when the
// answer arrives; no database has a part in it; the same form or Idempotency-Key
// publishes once; a change of what somebody else has changed meanwhile is refused.
package statusedit

// Handlers answer the forms and calls by which agents write posts.
type Handlers struct {
	posted *once // posts and updates that agents wrote
}

// New returns the handlers; nothing was posted yet.
func New() *Handlers { return &Handlers{posted: newOnce()} }
