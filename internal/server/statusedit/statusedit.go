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

import "signpost/internal/server/web"

// Handlers answer the forms and calls by which agents write posts.
type Handlers struct {
	posted  *once // posts and updates that agents wrote
	record  Record
	notices Notices
}

// A Record keeps who did what to which post, for the audit log. The action is
// one of "add", "update", "edit", "undo" and "stop".
type Record func(r *web.Request, action, post string)

// New returns the handlers; nothing was posted yet.
func New(record Record, n Notices) *Handlers {
	return &Handlers{posted: newOnce(), record: record, notices: n}
}
