package status

import "time"

// A TimeError says what is wrong with a time that a person typed.
type TimeError struct {
	Message string
	Hint    string
	Fixed   string // the text with the time as it was probably meant, or ""
}

func (e *TimeError) Error() string { return e.Message }

// ParseTime reads "2026-12-01 22:00", "2026-12-01", "22:00" (on day), each with
// a zone abbreviation that must be in force, an offset (+01:00), Z or UTC.
// day and the result are in zone. The error is a [*TimeError].
func ParseTime(text string, day time.Time, zone *time.Location) (Moment, error) { return Moment{}, nil }
