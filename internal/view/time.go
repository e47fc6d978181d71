package view

import (
	"time"

	"signpost/internal/locale"
)

// Time is an instant or a day as a page shows it. The zero value is "unknown"
// and is not shown.
type Time struct {
	RFC3339 string // "2014-10-06T00:01:00+02:00", or "2014-10-06" with day precision
	Text    string // "6 October 2014, 00:01 CEST", in the author's zone
	UTC     string // "5 October 2014, 22:01 UTC"; "" with day precision or when the author writes UTC
	Approx  bool   // shown with "about"
}

// Known reports whether there is a time.
func (t Time) Known() bool { return t.RFC3339 != "" }

// Exact reports whether it is an instant and not only a day.
func (t Time) Exact() bool { return len(t.RFC3339) > len(time.DateOnly) }

// At shows the instant t, which is in its author's zone.
func At(l *locale.Language, t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	out := Time{RFC3339: t.Format(time.RFC3339), Text: l.DateTime(t)}
	if _, offset := t.Zone(); offset != 0 {
		out.UTC = l.DateTime(t.UTC())
	}
	return out
}

// On shows the day of t in its author's zone.
func On(l *locale.Language, t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{RFC3339: t.Format(time.DateOnly), Text: l.Date(t)}
}
