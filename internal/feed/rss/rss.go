// Package rss writes RSS 2.0 for readers that know nothing else.
package rss

import "signpost/internal/feed"

// ContentType is the media type of the result of [Write].
const ContentType = "application/rss+xml; charset=utf-8"

// Write returns the feed as an RSS 2.0 document.
func Write(f feed.Feed) ([]byte, error) { return nil, nil }
