// Package newsroom is where agents write what the status board shows: by forms
// that work on a telephone and without a script, and by an API.
//
// [New] returns the [Room]; [Room.Publish] answers the forms, [Room.AddPostAPI]
// and its like answer programs.
//
// Guarantees: what is published is a file of the content, and is public when the
// answer arrives; no database has a part in it; the same form or Idempotency-Key
// publishes once; a change of what somebody else has changed meanwhile is refused.
package newsroom

// A Room is where agents write what the status board shows.
type Room struct {
	posted *once // posts and updates that agents wrote
}

// New returns a room in which nothing was posted yet.
func New() *Room { return &Room{posted: newOnce()} }
