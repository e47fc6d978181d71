package status

import (
	"time"

	"signpost/internal/content/status/walltime"
	"signpost/internal/problem"
)

const (
	// LateAnnouncement is how long planned work can be over when it is announced.
	LateAnnouncement = 7 * 24 * time.Hour
	// LongestWork is how long planned work can be meant to last.
	LongestWork = 60 * 24 * time.Hour
	// FarAhead is how long before its start planned work can be meant to be announced.
	FarAhead = 10 * 366 * 24 * time.Hour
	// Leeway is how far the clock of a writer may be ahead of ours.
	Leeway = 5 * time.Minute
)

// Odd returns a warning for each moment of the post that is well written and
// cannot be meant: planned work that was over a week before it was announced,
// an incident in the future, and the like. Tools refuse to write them unless
// they are told to. A zero now leaves out what depends on it.
func (p *Post) Odd(now time.Time) problem.List {
	var l problem.List
	told := walltime.Later(p.Posted.Time, p.Publish.Time)
	if p.Kind == Maintenance {
		p.oddWork(&l, p.Planned, told, now, p.windowLine())
		for _, u := range p.Updates {
			if !u.Window.Start.IsZero() || !u.Window.End.IsZero() {
				p.oddWork(&l, u.Window, u.At.Time, now, u.Line)
			}
		}
	}
	if !now.IsZero() {
		p.oddFuture(&l, now)
	}
	for _, end := range []struct {
		key string
		at  Moment
	}{{"expires", p.Expires}, {"pin", p.PinUntil}} {
		if !end.at.IsZero() && !p.Posted.IsZero() && !end.at.End().After(p.Posted.Time) {
			l.Warnf(p.Path, p.Line(end.key), "check the year, the month and the day", "%s: %s is before the post begins, %s", end.key, end.at, p.Posted)
		}
	}
	return l
}

func (p *Post) windowLine() int {
	for _, key := range []string{"starts", "windows", "ends"} {
		if p.lines[key] > 0 {
			return p.lines[key]
		}
	}
	return 1
}

// oddWork looks at one announcement of a window, told at an instant (zero: not known).
func (p *Post) oddWork(l *problem.List, w Window, told, now time.Time, line int) {
	const hint = "check the year, the month and the day"
	if told.IsZero() && w.Start.Time.After(now) {
		told = now
	}
	if end := w.End; !end.IsZero() && !told.IsZero() && end.End().Add(LateAnnouncement).Before(told) {
		l.Warnf(p.Path, line, hint, "the planned work ended on %s, more than a week before it was announced", end)
	}
	if w.Start.IsZero() {
		return
	}
	if end := w.End; !end.IsZero() && end.End().Sub(w.Start.Time) > LongestWork {
		l.Warnf(p.Path, line, hint, "the planned work lasts from %s to %s", w.Start, end)
	}
	if !told.IsZero() && w.Start.Time.Sub(told) > FarAhead {
		l.Warnf(p.Path, line, hint, "the planned work begins on %s, years after it is announced", w.Start)
	}
}

// oddFuture warns of what is said to have happened and has not come yet.
func (p *Post) oddFuture(l *problem.List, now time.Time) {
	for i, u := range p.Updates {
		switch {
		case u.Edited.Time.After(now.Add(Leeway)):
			l.Warnf(p.Path, u.Line, "write when the text was changed, or leave it out", "edited: %s has not come yet", u.Edited)
		case p.Kind == Notice || !u.At.Time.After(now.Add(Leeway)):
		case i > 0:
			l.Warnf(p.Path, u.Line, "check the year, the month and the day; the update is shown only then", "the update of %s has not come yet", u.At)
			return // those below it are later still
		case p.Kind == Incident:
			l.Warnf(p.Path, u.Line, "check the year, the month and the day; planned work is kind: maintenance", "the incident begins in the future, %s, and is shown only then", u.At)
			return
		default:
			l.Warnf(p.Path, u.Line, "check the year, the month and the day; publish: sets when a post becomes public", "the announcement of %s has not come yet, and is shown only then", u.At)
			return
		}
	}
}
