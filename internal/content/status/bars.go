package status

import (
	"slices"
	"time"

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
	Posts       []*Post
}

// Bars is the recent past of one component.
type Bars struct {
	Component Component
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
	condition Condition
	post      *Post
	unknown   bool // only touches the day, for a time that is not known
}

// Bars computes the bars of all components for the last n local days up to t.
func (b *Board) Bars(t time.Time, n int) []Bars {
	today := walltime.Midnight(t.In(b.zone), b.zone)
	var first time.Time
	for _, p := range b.Posts {
		begins := p.Posted.Time
		if begins.IsZero() {
			begins = p.Planned.Start.Time
		}
		first = earlier(first, begins)
	}
	days := make([]Day, 0, n)
	for i := n - 1; i >= 0; i-- {
		y, m, d := today.Date()
		date := walltime.Midnight(time.Date(y, m, d-i, 12, 0, 0, 0, time.UTC), b.zone)
		end := walltime.NextMidnight(date)
		if i == 0 {
			end = t
		}
		days = append(days, Day{Date: date, Length: end.Sub(date), NoData: first.IsZero() || !end.After(first)})
	}
	if n <= 0 {
		return []Bars{}
	}
	segments := b.segments(days[0].Date, t)
	list := make([]Bars, 0, len(b.Components))
	for _, c := range b.Components {
		bars := Bars{Component: c, Days: slices.Clone(days)}
		for i := range bars.Days {
			bars.Days[i].fill(segments[c.ID])
		}
		list = append(list, bars)
	}
	return list
}

// segments returns, by component, what happened between two instants.
func (b *Board) segments(from, to time.Time) map[string][]segment {
	all := map[string][]segment{}
	for _, p := range b.Posts {
		if p.Kind == Notice || p.over(from) {
			continue
		}
		b.trace(p, to, func(component string, s segment) {
			if s.to.After(from) {
				all[component] = append(all[component], s)
			}
		})
	}
	return all
}

// over reports whether nothing of the post can reach beyond an instant.
func (p *Post) over(at time.Time) bool {
	last := p.Updates[len(p.Updates)-1]
	ended := last.At.End()
	for _, u := range p.Updates {
		ended = later(ended, u.Window.End.Time)
	}
	if p.Kind == Maintenance {
		ended = later(ended, p.Planned.Start.Time.Add(unknownEnd))
		ended = later(ended, p.Planned.End.End())
		return ended.Before(at)
	}
	closed := p.ResolvedUnknown
	for _, u := range p.Updates {
		closed = u.State == Resolved || closed && u.State != Reopened
	}
	return closed && ended.Before(at)
}

// trace goes from one change of a post to the next, and reports what held in
// between. What is known only to the day counts as little as it may have
// lasted: from the end of the day on which it began, to the beginning of the
// day on which it ended.
func (b *Board) trace(p *Post, to time.Time, report func(string, segment)) {
	vague := func(day time.Time) {
		for _, c := range p.Touched() {
			report(c, segment{from: day, to: walltime.NextMidnight(day), post: p, unknown: true})
		}
	}
	if p.ResolvedUnknown || p.EndsUnknown && p.Updates[len(p.Updates)-1].State != Completed {
		if at := p.begins(); !at.After(to) {
			vague(walltime.Midnight(at, p.Zone))
		}
		return
	}
	days := map[int64]bool{} // instants, as Unix times, that stand for a day
	for _, u := range p.Updates {
		if u.At.Day && !u.At.IsZero() && !u.At.Time.After(to) {
			days[u.At.Time.Unix()] = true
			if p.Kind == Incident {
				vague(u.At.Time)
			}
		}
	}
	for at := p.origin(); !at.IsZero() && at.Before(to); {
		ps, next := b.postAt(p, at)
		end := to
		if !next.IsZero() && next.Before(to) {
			end = next
		}
		from := at
		if days[at.Unix()] && p.Kind == Incident {
			from = walltime.NextMidnight(at)
		}
		for _, e := range ps.Effects {
			if e.Condition > Operational && from.Before(end) {
				report(e.Component, segment{from: from, to: end, condition: e.Condition, post: p})
			}
		}
		at = next
	}
}

// origin is the first instant at which the post can have an effect.
func (p *Post) origin() time.Time {
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
		cuts = append(cuts, later(s.from, d.Date), earlier(s.to, end))
	}
	slices.SortFunc(cuts, time.Time.Compare)
	for i := 1; i < len(cuts); i++ {
		worst := Operational
		for _, s := range inside {
			if !s.from.After(cuts[i-1]) && !s.to.Before(cuts[i]) {
				worst = max(worst, s.condition)
			}
		}
		d.add(worst, cuts[i].Sub(cuts[i-1]))
	}
}

func (d *Day) add(c Condition, length time.Duration) {
	switch c {
	case MajorOutage:
		d.Down += length
	case PartialOutage:
		d.Partial += length
	case Degraded:
		d.Degraded += length
	case UnderMaintenance:
		d.Maintenance += length
	}
}
