// Package ical writes planned maintenance as an iCalendar subscription
// (RFC 5545, RFC 7986) with the X-MAINTNOTE properties by which network
// operators' programs read it.
package ical

import "signpost/internal/content/status"

// ContentType is the media type of the result of [Write].
const ContentType = "text/calendar; charset=utf-8"

// A Calendar is what is written around the events. URLs are absolute.
type Calendar struct {
	Name      string // shown by calendar programs
	Lang      string
	Host      string // right-hand side of UIDs: never changes
	Self      string // URL of the calendar
	Provider  string // domain, for X-MAINTNOTE-PROVIDER
	Organizer string // name
	Email     string // for ORGANIZER
	PostURL   func(id string) string
	Text      func(p *status.Post, b status.Body) string // plain text of a body
	Component string // only maintenance that touches it; "" for all
}

// Write returns all maintenance public at the situation's instant.
func Write(c Calendar, s *status.Situation) ([]byte, error) { return nil, nil }
