// Package walltime reads times as people type them into files and forms:
// "2026-12-01 22:00", "22:00 CET", "2026-12-01".
//
// [Parse] reads one, [Read] takes one from the beginning of a line. A time
// that the clocks of the zone never show, or show twice, is refused, and so is
// an abbreviation that was not in force then; the [*Error] holds the text as
// it was probably meant. What is known only to the day stays a day.
package walltime

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Moment is a point in time as well as it is known.
type Moment struct {
	Time   time.Time // in the zone of the post; local midnight when only the day is known
	Day    bool      // only the day is known
	Approx bool      // "about"
}

// RFC3339 is the moment for programs: an instant, a day when no more is known,
// or "".
func (m Moment) RFC3339() string {
	switch {
	case m.IsZero():
		return ""
	case m.Day:
		return m.Time.Format(time.DateOnly)
	}
	return m.Time.Format(time.RFC3339)
}

// IsZero reports whether the moment is not known at all.
func (m Moment) IsZero() bool { return m.Time.IsZero() }

// End is the moment's last instant: the end of the day when only the day is
// known.
func (m Moment) End() time.Time {
	if m.Day {
		return NextMidnight(m.Time)
	}
	return m.Time
}

// String writes the moment with its zone, for messages.
func (m Moment) String() string {
	if m.Day {
		return m.Time.Format(time.DateOnly)
	}
	return m.Time.Format(layout + " MST")
}

// Typed writes the moment in the zone so that [Parse] reads it back, whatever
// the clocks do in that night.
func (m Moment) Typed(zone *time.Location) string {
	t := m.Time.In(zone)
	if m.Day {
		return t.Format(time.DateOnly)
	}
	wall := t.Format(layout)
	if _, err := instant(wall, "", zone); err == nil {
		return wall
	}
	return t.Format(layout + "-07:00")
}

// A Span is an announced duration, "30m-45m". Min equals Max for "30m".
type Span struct {
	Min, Max time.Duration
}

// An Error says what is wrong with a time that a person typed.
type Error struct {
	Message string
	Hint    string
	Fixed   string // the time as it was probably meant, or ""
}

func (e *Error) Error() string {
	if e.Fixed != "" {
		return e.Message + "; write " + e.Fixed
	}
	if e.Hint != "" {
		return e.Message + "; " + e.Hint
	}
	return e.Message
}

const layout = "2006-01-02 15:04"

var (
	isoDate    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	otherDate  = regexp.MustCompile(`^(\d{1,2})([./])(\d{1,2})[./](\d{2}|\d{4})$`)
	loneDate   = regexp.MustCompile(`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$`)
	clockTime  = regexp.MustCompile(`^(\d{1,2})[:.](\d{2})(?::\d{2})?(Z|[+-]\d{2}:?\d{2})?$`)
	halfDay    = regexp.MustCompile(`(?i)^(\d{1,2})(?::(\d{2}))?([ap])\.?m\.?$`)
	bareHour   = regexp.MustCompile(`^\d{1,2}(:\d{2})?$`)
	offsetZone = regexp.MustCompile(`^([+-])(\d{2})(?::?(\d{2}))?$`)
	namedZone  = regexp.MustCompile(`^[A-Z]{1,5}$`)
)

// Parse reads "2026-12-01 22:00", "2026-12-01", "22:00" (on day), each with
// a zone abbreviation that must be in force, an offset (+01:00), Z or UTC; the
// space before the time may be a T. day may be zero; the result is in zone.
// The error is a [*Error].
func Parse(text string, day time.Time, zone *time.Location) (Moment, error) {
	m, _, rest, err := Read(Split(text), day, zone)
	if err != nil {
		return Moment{}, err
	}
	if m.IsZero() || len(rest) > 0 {
		return Moment{}, &Error{Message: fmt.Sprintf("%q is not a time", text), Hint: "write 2026-12-01 22:00, or 22:00"}
	}
	return m, nil
}

// Split separates the words of a time; "2026-12-01T22:00Z" has two.
func Split(text string) []string {
	words := strings.Fields(text)
	if len(words) > 0 {
		if d, c, ok := strings.Cut(words[0], "T"); ok && isoDate.MatchString(d) {
			words = append([]string{d, c}, words[1:]...)
		}
	}
	return words
}

// Read takes a date, a time and a zone, each of which may be missing, from
// the beginning of words, and returns the words that follow. given tells
// whether there was a date or a time. Without both the moment is day, as a day.
func Read(words []string, day time.Time, zone *time.Location) (m Moment, given bool, rest []string, err error) {
	date := day
	dated := false
	if len(words) > 0 {
		date, dated, err = readDate(words[0], day, words[1:])
		if err != nil {
			return m, true, nil, err
		}
		if dated {
			words = words[1:]
		}
	}
	wall, zoneWord, n, err := readClock(words)
	if err != nil {
		return m, true, nil, prefixFixed(err, words, n, dateWord(dated, date))
	}
	if n == 0 {
		if date.IsZero() {
			return m, dated, words, nil
		}
		return Moment{Time: Midnight(date, zone), Day: true}, dated, words, nil
	}
	if date.IsZero() {
		return m, true, nil, &Error{Message: "a time without a day", Hint: "put the day before it: 2026-12-01 " + wall}
	}
	at, terr := instant(date.Format(time.DateOnly)+" "+wall, zoneWord, zone)
	if terr != nil {
		if terr.Fixed != "" {
			terr.Fixed = strings.TrimSpace(dateWord(dated, date) + " " + terr.Fixed)
		}
		return m, true, nil, prefixFixed(terr, words, n, "")
	}
	return Moment{Time: at}, true, words[n:], nil
}

func dateWord(dated bool, date time.Time) string {
	if dated {
		return date.Format(time.DateOnly)
	}
	return ""
}

// prefixFixed puts the date before and the words after the corrected time.
func prefixFixed(err error, words []string, n int, date string) error {
	te, ok := err.(*Error)
	if !ok || te.Fixed == "" {
		return err
	}
	parts := append([]string{}, strings.Fields(date)...)
	parts = append(append(parts, te.Fixed), words[min(n, len(words)):]...)
	te.Fixed = strings.Join(parts, " ")
	return te
}

func readDate(word string, day time.Time, after []string) (time.Time, bool, error) {
	if isoDate.MatchString(word) {
		d, err := time.Parse(time.DateOnly, word)
		if err != nil || d.Year() < 1970 {
			return day, false, &Error{Message: fmt.Sprintf("%q is not a day of the calendar", word), Hint: "write year-month-day, as in 2026-12-01"}
		}
		return d, true, nil
	}
	m := otherDate.FindStringSubmatch(word)
	if m == nil {
		if loneDate.MatchString(word) {
			return day, false, &Error{Message: fmt.Sprintf("%q is not written as a date", word), Hint: "write year-month-day with two digits each, as in 2026-12-01"}
		}
		return day, false, nil
	}
	return day, false, wrongDate(word, m, day, after)
}

// wrongDate explains a date like 01.04.2014 or 04/01/2014. With dots the day
// stands first; with slashes nobody can know, so both are offered.
func wrongDate(word string, m []string, day time.Time, after []string) error {
	year := m[4]
	if len(year) == 2 {
		year = "20" + year
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[3])
	iso := func(month, d int) string {
		s := fmt.Sprintf("%s-%02d-%02d", year, month, d)
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return ""
		}
		return s
	}
	dayFirst, monthFirst := iso(b, a), iso(a, b)
	te := &Error{Message: fmt.Sprintf("%q: write year-month-day", word), Hint: "as in 2026-12-01"}
	tail := strings.Join(append([]string{""}, after...), " ")
	switch {
	case m[2] == "." && dayFirst != "", monthFirst == "" && dayFirst != "", dayFirst == monthFirst && dayFirst != "":
		te.Fixed = dayFirst + tail
	case dayFirst == "" && monthFirst != "" && m[2] == "/":
		te.Fixed = monthFirst + tail
	case m[2] == "/" && dayFirst != "":
		te.Hint = "write " + dayFirst + " or " + monthFirst
	}
	return te
}

// readClock reads a time of day and the zone after it, and tells how many
// words that took.
func readClock(words []string) (wall, zone string, n int, err error) {
	if len(words) == 0 {
		return "", "", 0, nil
	}
	m := clockTime.FindStringSubmatch(words[0])
	if m == nil || isHalfDay(words) {
		return readHalfDay(words)
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if hour > 23 || minute > 59 {
		return "", "", 1, &Error{Message: fmt.Sprintf("%q is not a time of day", words[0]), Hint: "hours go from 00 to 23, minutes from 00 to 59; midnight is 00:00 of the next day"}
	}
	wall = fmt.Sprintf("%02d:%02d", hour, minute)
	if !strings.HasPrefix(words[0], wall) || strings.HasPrefix(words[0][5:], ":") {
		return "", "", 1, &Error{Message: fmt.Sprintf("%q: write the time as HH:MM", words[0]), Fixed: wall + m[3]}
	}
	n, zone = 1, m[3]
	if zone == "" && len(words) > 1 && (namedZone.MatchString(words[1]) || offsetZone.MatchString(words[1])) {
		n, zone = 2, words[1]
	}
	return wall, zone, n, nil
}

func isHalfDay(words []string) bool {
	return len(words) > 1 && bareHour.MatchString(words[0]) && halfDay.MatchString(words[0]+words[1])
}

// readHalfDay explains "6 AM"; anything else is no time.
func readHalfDay(words []string) (wall, zone string, n int, err error) {
	word, n := words[0], 1
	if isHalfDay(words) {
		word, n = words[0]+words[1], 2
	}
	m := halfDay.FindStringSubmatch(word)
	if m == nil {
		return "", "", 0, nil
	}
	te := &Error{Message: fmt.Sprintf("%q: write the time in 24 hours, as HH:MM", strings.Join(words[:n], " "))}
	hour, _ := strconv.Atoi(m[1])
	if hour >= 1 && hour <= 12 {
		hour %= 12
		if strings.EqualFold(m[3], "p") {
			hour += 12
		}
		minute := m[2]
		if minute == "" {
			minute = "00"
		}
		te.Fixed = fmt.Sprintf("%02d:%s", hour, minute)
	}
	return "", "", n, te
}

// instant finds the instant at which clocks in zone show wall ("2006-01-02
// 15:04"). word is "", an abbreviation, an offset, Z or UTC. In the error,
// Fixed begins with the time of day.
//
// Offsets are tried instead of using [time.ParseInLocation], which chooses
// silently in gaps and overlaps, or a layout with MST, which invents offsets.
func instant(wall, word string, zone *time.Location) (time.Time, *Error) {
	asUTC, err := time.Parse(layout, wall)
	if err != nil {
		return time.Time{}, &Error{Message: fmt.Sprintf("%q is not a time", wall)}
	}
	clock := wall[len(wall)-5:]
	if offset, ok := fixedOffset(word); ok {
		return asUTC.Add(-offset).In(zone), nil
	}
	var found []time.Time
	for _, offset := range offsetsAround(asUTC, zone) {
		t := asUTC.Add(-offset).In(zone)
		if t.Format(layout) == wall {
			found = append(found, t)
		}
	}
	if word != "" {
		for _, t := range found {
			if name, _ := t.Zone(); name == word {
				return t, nil
			}
		}
		if len(found) == 1 {
			return time.Time{}, wrongZone(found[0], word, clock, zone)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		after := asUTC.Add(-offsetsAround(asUTC, zone)[0]).In(zone)
		e := &Error{Message: fmt.Sprintf("%s does not exist in %s: the clocks were put forward", wall, zone)}
		if after.Day() == asUTC.Day() {
			e.Fixed = after.Format("15:04 ") + abbreviation(after)
		} else {
			e.Hint = "write " + after.Format(layout+" ") + abbreviation(after)
		}
		return time.Time{}, e
	}
	slices.SortFunc(found, time.Time.Compare)
	return time.Time{}, &Error{
		Message: fmt.Sprintf("%s happens twice in %s: the clocks were put back", wall, zone),
		Hint:    fmt.Sprintf("write %s %s or %s %s", clock, abbreviation(found[0]), clock, abbreviation(found[1])),
	}
}

// offsetsAround returns the different offsets from UTC near an instant, the
// one before first.
func offsetsAround(t time.Time, zone *time.Location) []time.Duration {
	var offsets []time.Duration
	for _, around := range []time.Duration{-26 * time.Hour, 0, 26 * time.Hour} {
		_, seconds := t.Add(around).In(zone).Zone()
		offsets = append(offsets, time.Duration(seconds)*time.Second)
	}
	return slices.Compact(offsets)
}

func abbreviation(t time.Time) string {
	name, _ := t.Zone()
	return name
}

func wrongZone(t time.Time, word, clock string, zone *time.Location) *Error {
	name := abbreviation(t)
	te := &Error{
		Message: fmt.Sprintf("%s is not in force in %s on %s: it is %s (%s)", word, zone, t.Format(time.DateOnly), name, t.Format("-07:00")),
		Fixed:   clock + " " + name,
	}
	for month := time.January; month <= time.December; month++ {
		other := time.Date(t.Year(), month, 1, 12, 0, 0, 0, zone)
		if abbreviation(other) == word {
			te.Hint = fmt.Sprintf("write %s %s, leave the zone out, or write %s if you mean that", clock, name, other.Format("-07:00"))
			return te
		}
	}
	te.Message = fmt.Sprintf("%s is not a time of %s: there it is %s (%s)", word, zone, name, t.Format("-07:00"))
	te.Hint = "leave the zone out, or write the difference to UTC, as in +01:00"
	return te
}

func fixedOffset(word string) (time.Duration, bool) {
	if word == "Z" || word == "UTC" {
		return 0, true
	}
	m := offsetZone.FindStringSubmatch(word)
	if m == nil {
		return 0, false
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi(m[3])
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if m[1] == "-" {
		d = -d
	}
	return d, hours <= 14 && minutes < 60
}

// Midnight is the first instant of a day in zone; not always 00:00.
func Midnight(day time.Time, zone *time.Location) time.Time {
	y, m, d := day.Date()
	t := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if t.Day() != d { // a gap at midnight, resolved backwards
		t = t.Add(time.Hour)
	}
	return t
}

// NextMidnight is the first instant of the day after t's in t's zone.
func NextMidnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return Midnight(time.Date(y, m, d+1, 12, 0, 0, 0, time.UTC), t.Location())
}

var durationPart = regexp.MustCompile(`^(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?$`)

// ParseDuration reads "30m", "7h58m", "2d".
func ParseDuration(s string) (time.Duration, bool) {
	m := durationPart.FindStringSubmatch(s)
	if m == nil || s == "" {
		return 0, false
	}
	var d time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		n, _ := strconv.Atoi(m[i+1])
		d += time.Duration(n) * unit
	}
	return d, d > 0 && d <= 400*24*time.Hour
}

// ParseSpan reads "30m" or "30m-45m".
func ParseSpan(s string) (Span, bool) {
	from, to, ranged := strings.Cut(s, "-")
	low, ok := ParseDuration(from)
	if !ok {
		return Span{}, false
	}
	if !ranged {
		return Span{low, low}, true
	}
	high, ok := ParseDuration(to)
	return Span{low, high}, ok && high >= low
}

// IsClock reports whether a word is written like a time of day.
func IsClock(word string) bool { return clockTime.MatchString(word) }

// IsAbbreviation reports whether a word is written like the name of a zone.
func IsAbbreviation(word string) bool { return namedZone.MatchString(word) }

// Earlier is the earlier of two instants; a zero one is none.
func Earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Later is the later of two instants; a zero one is none.
func Later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
