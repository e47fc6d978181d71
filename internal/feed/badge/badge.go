// Package badge draws the state of the board as a small SVG picture.
package badge

import "signpost/internal/content/status"

// ContentType is the media type of the result of [Write].
const ContentType = "image/svg+xml; charset=utf-8"

// Write returns a badge that says label and state in words; level chooses the
// colour, maintenance makes a harmless state blue.
func Write(label, state string, level status.Impact, maintenance bool) []byte { return nil }
