// Package jsonfeed writes JSON Feed 1.1.
package jsonfeed

import "signpost/internal/feed"

// ContentType is the media type of the result of [Write].
const ContentType = "application/feed+json; charset=utf-8"

// Write returns the feed as a JSON Feed.
func Write(f feed.Feed) ([]byte, error) { return nil, nil }
