package newsroom

// A Room is where agents write what the status board shows.
type Room struct {
	posted *once // posts and updates that agents wrote
}

// New returns a room in which nothing was posted yet.
func New() *Room { return &Room{posted: newOnce()} }
