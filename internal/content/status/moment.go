package status

import (
	"slices"
	"time"

	"signpost/internal/content/status/walltime"
)

const (
	// UnknownEnd is how long a maintenance without a known end is taken to last.
	UnknownEnd = 24 * time.Hour
	// reminderLead is how long before its start a maintenance is told again.
	reminderLead = 24 * time.Hour
)

// A replay goes through the updates of a post up to an instant.
type replay struct {
	PostState
	t       time.Time
	next    time.Time
	started time.Time // by a "started" update
	closed  Moment    // by resolved, completed or cancelled
	before  []Effect  // before the post was resolved
	worst   Impact
}

// change notes an instant at which something changes.
func (r *replay) change(at time.Time) {
	if at.After(r.t) {
		r.next = walltime.Earlier(r.next, at)
	}
}

// PostAt computes a post at t, and the next instant at which it changes.
func (b *Board) PostAt(p *Post, t time.Time) (PostState, time.Time) {
	r := &replay{PostState: PostState{Post: p, Planned: p.Planned, Phase: Hidden}, t: t}
	r.run()
	if len(r.Updates) == 0 {
		return r.PostState, r.next
	}
	switch p.Kind {
	case Maintenance:
		r.maintenance()
	default:
		r.incident()
	}
	r.windows()
	if by := b.Post(p.SupersededBy); by != nil && !by.Draft {
		public := walltime.Later(by.Posted.Time, by.Publish.Time)
		r.change(public)
		r.Superseded = !public.After(t)
	}
	if !p.Expires.IsZero() {
		r.change(p.Expires.End())
		r.Expired = !p.Expires.End().After(t)
	}
	if p.Kind == Notice && (r.Superseded || r.Expired) {
		r.Phase = Over
	}
	r.finish()
	return r.PostState, r.next
}

// run goes through the updates.
func (r *replay) run() {
	if r.Draft {
		return
	}
	if public := r.Publish.Time; public.After(r.t) {
		r.change(public)
		return
	}
	r.Effects = r.Affects
	r.worst = r.impactOf(r.Effects)
	r.Changed = walltime.Later(r.Changed, r.Publish.Time)
	for i, u := range r.Post.Updates {
		if u.At.Time.After(r.t) {
			r.change(u.At.Time)
			break // they are in order
		}
		r.Updates = r.Post.Updates[:i+1]
		r.Changed = walltime.Later(r.Changed, u.At.Time)
		if e := u.Edited.Time; !e.After(r.t) {
			r.Changed = walltime.Later(r.Changed, e)
		} else {
			r.change(e)
		}
		r.take(u)
	}
	if len(r.Updates) == 0 {
		return
	}
	if at := r.Announced(); !at.After(r.t) {
		r.Changed = walltime.Later(r.Changed, at)
	}
	for _, m := range r.Seen.Moved {
		if !m.At.After(r.t) {
			r.Changed = walltime.Later(r.Changed, m.At)
		}
	}
}

// take applies one update.
func (r *replay) take(u Update) {
	if !u.State.keeps() && u.State != Extended {
		r.State = u.State
	}
	if u.State == Reopened {
		r.Effects, r.closed = r.before, Moment{}
	}
	if !u.Window.Start.IsZero() {
		r.Planned.Start = u.Window.Start
	}
	if !u.Window.End.IsZero() {
		r.Planned.End = u.Window.End
	}
	if u.State == Started && r.started.IsZero() {
		r.started = u.At.Time
		r.Began = u.At
	}
	for _, e := range u.Affects {
		r.Effects = setEffect(r.Effects, e)
	}
	r.worst = max(r.worst, r.impactOf(r.Effects))
	if u.State.Closes() {
		r.before, r.Effects, r.closed = r.Effects, nil, u.At
		r.ETA, r.PostState.Next = Window{}, time.Time{}
		return
	}
	r.promise(u)
}

// promise reads what an update announces. A new ETA replaces the old one; each
// update keeps or renews the promise of a next one. Counted from the end of
// the day when only the day of the update is known. Once something is being
// watched the ETA has served.
func (r *replay) promise(u Update) {
	switch {
	case u.State == Monitoring:
		r.ETA = Window{}
	case u.ETA.Max > 0:
		r.ETA = Window{
			Start: Moment{Time: u.At.Time.Add(u.ETA.Min), Approx: u.At.Day},
			End:   Moment{Time: u.At.End().Add(u.ETA.Max), Approx: u.At.Day},
		}
	}
	r.PostState.Next = time.Time{}
	if u.Next > 0 {
		r.PostState.Next = u.At.End().Add(u.Next)
	}
}

// incident decides the phase of an incident or notice.
func (r *replay) incident() {
	r.Phase, r.Began, r.Ended = Open, r.Updates[0].At, r.closed
	if r.ResolvedUnknown {
		r.State, r.Effects = Resolved, nil
		r.ETA, r.PostState.Next = Window{}, time.Time{}
	}
	if r.State == Resolved {
		r.Phase = Over
	}
	if r.Kind == Notice {
		r.Effects = nil
	}
}

// maintenance decides the phase of a maintenance by the clock.
func (r *replay) maintenance() {
	start, end := r.Planned.Start.Time, r.Planned.End.End()
	if r.EndsUnknown && r.Planned.End.IsZero() {
		end = start.Add(UnknownEnd)
	}
	if !r.closed.IsZero() {
		r.Phase, r.Ended = Over, r.closed
		if r.State == Cancelled {
			r.Phase = Called
		} else if r.Began.IsZero() {
			r.Began = r.Planned.Start
		}
		return
	}
	r.change(start)
	r.change(end)
	r.change(start.Add(-reminderLead))
	begun := !r.started.IsZero() || !start.After(r.t)
	switch {
	case !begun:
		r.Phase, r.State = Upcoming, Scheduled
	case end.After(r.t):
		r.Phase, r.State = Open, Started
	default:
		r.Phase, r.State = Over, Completed
		r.Ended = r.Planned.End
	}
	if begun && r.Began.IsZero() {
		r.Began = r.Planned.Start
	}
}

// windows limits a maintenance to its windows, and adds those of an incident.
func (r *replay) windows() {
	inside := len(r.Windows) == 0
	for _, w := range r.Windows {
		if r.Phase == Called || !r.closed.IsZero() && w.Start.Time.After(r.closed.Time) {
			continue
		}
		r.change(w.Start.Time)
		r.change(w.End.End())
		inside = inside || !w.Start.Time.After(r.t) && w.End.End().After(r.t)
	}
	switch r.Kind {
	case Maintenance:
		if r.Phase != Open || !inside || r.Post.Impact != nil && *r.Post.Impact == ImpactNone {
			r.Effects = nil
			return
		}
		r.Effects = maintained(r.Effects)
	case Incident:
		if len(r.Windows) > 0 && inside && r.Phase == Open {
			r.Effects = slices.Clone(r.Effects)
			for i, e := range r.Effects {
				r.Effects[i].Condition = max(e.Condition, UnderMaintenance)
			}
		}
	}
}

// maintained turns what a maintenance affects into the condition for it.
func maintained(effects []Effect) []Effect {
	var list []Effect
	for _, e := range effects {
		if e.Condition != Operational {
			list = append(list, Effect{e.Component, UnderMaintenance})
		}
	}
	return list
}

// impactOf is the impact of a post with these effects.
func (r *replay) impactOf(effects []Effect) Impact {
	switch {
	case r.Post.Impact != nil:
		return *r.Post.Impact
	case r.Kind == Notice:
		return ImpactNone
	case r.Kind == Incident && len(r.Affects) == 0 && len(effects) == 0:
		return ImpactMinor
	}
	worst := ImpactNone
	for _, e := range effects {
		i := e.Condition.Impact()
		if r.Kind == Maintenance && e.Condition == UnderMaintenance {
			i = ImpactMinor
		}
		worst = max(worst, i)
	}
	return worst
}

// finish computes impact, promises and the banner.
func (r *replay) finish() {
	r.PostState.Unaffected = r.UnaffectedAfter(len(r.Updates))
	switch {
	case r.Phase == Open && r.Kind == Maintenance && len(r.Effects) == 0:
		r.PostState.Impact = ImpactNone
	case r.Phase == Open && r.Kind == Incident:
		r.PostState.Impact = r.impactOf(r.Effects)
	default:
		r.PostState.Impact = r.worst
	}
	if eta := r.ETA.End.Time; !eta.IsZero() {
		r.change(eta)
		r.Overdue = !eta.After(r.t)
	}
	if next := r.PostState.Next; !next.IsZero() {
		r.change(next)
		r.Late = !next.After(r.t)
	}
	pinned := r.Pin
	if until := r.PinUntil; !until.IsZero() {
		r.change(until.End())
		pinned = pinned && until.End().After(r.t)
	}
	public := r.Phase == Open || r.Phase == Upcoming
	r.Banner = pinned && public || r.Phase == Open && (r.Kind == Incident || r.Kind == Maintenance && len(r.Effects) > 0)
}
