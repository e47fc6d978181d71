// Package uptime tells what the posts of a board say about the recent past of
// each component, day by day.
//
// [Of] computes it. Nothing is measured: a day is what was written about it, a
// day before the first post has no data, and what is known only to the day counts
// as little as it may have lasted.
package uptime

import (
	"slices"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/content/status/walltime"
)

// A Day is one bar: what posts say about one component on one local day.
// Durations of overlapping posts count once, as the worst of them.
type Day struct {
	Date        time.Time     // local midnight
	Length      time.Duration // 23, 24 or 25 hours; of today: until now
	NoData      bool          // before the first post of the board
	Down        time.Duration
	Partial     time.Duration
	Degraded    time.Duration
	Maintenance time.Duration
	Unknown     bool // something lasted a time that is known only in part; the rest is in no duration
	Posts       []*status.Post
}

// Bars is the recent past of one component.
type Bars struct {
	Component status.Component
	Days      []Day // oldest first, the last one is today
}

// PartialWeight is how much a minute of partial outage counts in [Bars.Uptime].
const PartialWeight = 0.3

// Uptime is 100 × (1 − (down + PartialWeight × partial) / time with data), in
// percent. Degraded service and maintenance do not count. ok is false without data.
func (b Bars) Uptime() (percent float64, ok bool) {
	var total, lost float64
	for _, d := range b.Days {
		if !d.NoData {
			total += d.Length.Seconds()
			lost += d.Down.Seconds() + PartialWeight*d.Partial.Seconds()
		}
	}
	if total == 0 {
		return 0, false
	}
	return 100 * (1 - lost/total), true
}

// A segment is a stretch in which a post held a component in a condition.
type segment struct {
	from, to  time.Time
	condition status.Condition
	post      *status.Post
	unknown   bool // only touches the day, for a time that is not known
}

// Of computes the bars of all components of a board for the last n local days
// up to t.
func Of(b *status.Board, t time.Time, n int) []Bars {
	zone := b.Zone()
	today := walltime.Midnight(t.In(zone), zone)
	var first time.Time
	for _, p := range b.Posts {
		if public(p, t) {
			first = walltime.Earlier(first, origin(p))
		}
	}
	days := make([]Day, 0, n)
	for i := n - 1; i >= 0; i-- {
		y, m, d := today.Date()
		date := walltime.Midnight(time.Date(y, m, d-i, 12, 0, 0, 0, time.UTC), zone)
		end := walltime.NextMidnight(date)
		if i == 0 {
			end = t
		}
		days = append(days, Day{Date: date, Length: end.Sub(date), NoData: first.IsZero() || !end.After(first)})
	}
	if n <= 0 {
		return []Bars{}
	}
	happened := segments(b, days[0].Date, t)
	list := make([]Bars, 0, len(b.Components))
	for _, c := range b.Components {
		bars := Bars{Component: c, Days: slices.Clone(days)}
		for i := range bars.Days {
			bars.Days[i].fill(happened[c.ID])
		}
		list = append(list, bars)
	}
	return list
}

// segments returns, by component, what happened between two instants.
func segments(b *status.Board, from, to time.Time) map[string][]segment {
	all := map[string][]segment{}
	for _, p := range b.Posts {
		if p.Kind == status.Notice || !public(p, to) || over(p, from) {
			continue
		}
		trace(b, p, to, func(component string, s segment) {
			if s.to.After(from) {
				all[component] = append(all[component], s)
			}
		})
	}
	return all
}

// public reports whether a post is not held back at an instant.
func public(p *status.Post, at time.Time) bool { return !p.Draft && !p.Publish.Time.After(at) }

// over reports whether nothing of the post can reach beyond an instant.
func over(p *status.Post, at time.Time) bool {
	last := p.Updates[len(p.Updates)-1]
	ended := last.At.End()
	for _, u := range p.Updates {
		ended = walltime.Later(ended, u.Window.End.Time)
	}
	if p.Kind == status.Maintenance {
		ended = walltime.Later(ended, p.Planned.Start.Time.Add(status.UnknownEnd))
		ended = walltime.Later(ended, p.Planned.End.End())
		return ended.Before(at)
	}
	closed := p.ResolvedUnknown
	for _, u := range p.Updates {
		closed = u.State == status.Resolved || closed && u.State != status.Reopened
	}
	return closed && ended.Before(at)
}

// trace goes from one change of a post to the next, and reports what held in
// between. What is known only to the day counts as little as it may have
// lasted: from the end of the day on which it began, to the beginning of the
// day on which it ended.
func trace(b *status.Board, p *status.Post, to time.Time, report func(string, segment)) {
	vague := func(day time.Time, components []string) {
		for _, c := range components {
			report(c, segment{from: day, to: walltime.NextMidnight(day), post: p, unknown: true})
		}
	}
	if p.ResolvedUnknown || p.EndsUnknown && p.Updates[len(p.Updates)-1].State != status.Completed {
		if at := p.Begins(); !at.After(to) {
			vague(walltime.Midnight(at, p.Zone), p.Touched())
		}
		return
	}
	days := vagueDays(p, to, vague)
	at := origin(p)
	if p.Publish.Time.After(at) {
		at = p.Publish.Time
	}
	for !at.IsZero() && at.Before(to) {
		ps, next := b.PostAt(p, at)
		end := to
		if !next.IsZero() && next.Before(to) {
			end = next
		}
		for _, e := range ps.Effects {
			from := at
			if slices.Contains(days[at.Unix()], e.Component) {
				from = walltime.NextMidnight(at)
			}
			if e.Condition > status.Operational && from.Before(end) {
				report(e.Component, segment{from: from, to: end, condition: e.Condition, post: p})
			}
		}
		at = next
	}
}

// vagueDays returns, by the Unix time of its begin, the components of an incident
// that changed on a day at a time that nobody knows, and reports each such day.
// A component that did well before the update and after it is not among them.
func vagueDays(p *status.Post, to time.Time, report func(day time.Time, components []string)) map[int64][]string {
	days := map[int64][]string{}
	if p.Kind != status.Incident {
		return days
	}
	before := map[string]status.Condition{}
	for i, u := range p.Updates {
		after := map[string]status.Condition{}
		for _, e := range p.EffectsAfter(i + 1) {
			after[e.Component] = e.Condition
		}
		if u.At.Day && !u.At.Time.After(to) {
			var changed []string
			for _, c := range p.Touched() {
				if before[c] != after[c] {
					changed = append(changed, c)
				}
			}
			days[u.At.Time.Unix()] = append(days[u.At.Time.Unix()], changed...)
			report(u.At.Time, changed)
		}
		before = after
	}
	return days
}

// origin is the first instant at which the post can have an effect.
func origin(p *status.Post) time.Time {
	if p.Posted.IsZero() {
		return p.Planned.Start.Time
	}
	return p.Posted.Time
}

// fill adds the segments that lie in the day.
func (d *Day) fill(segments []segment) {
	end := d.Date.Add(d.Length)
	var cuts []time.Time
	var inside []segment
	for _, s := range segments {
		if !s.from.Before(end) || !s.to.After(d.Date) {
			continue
		}
		if !slices.Contains(d.Posts, s.post) {
			d.Posts = append(d.Posts, s.post)
		}
		if s.unknown {
			d.Unknown = true
			continue
		}
		inside = append(inside, s)
		cuts = append(cuts, walltime.Later(s.from, d.Date), walltime.Earlier(s.to, end))
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i := 1; i < len(cuts); i++ {
		worst := status.Operational
		for _, s := range inside {
			if !s.from.After(cuts[i-1]) && !s.to.Before(cuts[i]) {
				worst = max(worst, s.condition)
			}
		}
		d.add(worst, cuts[i].Sub(cuts[i-1]))
	}
}

func (d *Day) add(c status.Condition, length time.Duration) {
	switch c {
	case status.MajorOutage:
		d.Down += length
	case status.PartialOutage:
		d.Partial += length
	case status.Degraded:
		d.Degraded += length
	case status.UnderMaintenance:
		d.Maintenance += length
	}
}
