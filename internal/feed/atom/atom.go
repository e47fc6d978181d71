// Package atom writes Atom feeds (RFC 4287).
package atom

import "signpost/internal/feed"

// ContentType is the media type of the result of [Write].
const ContentType = "application/atom+xml; charset=utf-8"

// Write returns the feed as an Atom document.
func Write(f feed.Feed) ([]byte, error) { return nil, nil }
