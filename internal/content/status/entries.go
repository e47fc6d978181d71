package status

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"signpost/internal/content/status/walltime"
)

// An Entry is one update as feeds and notices tell it.
type Entry struct {
	Post      PostState
	Update    Update
	Reminder  bool   // made 24 hours before a maintenance; Update.ID is then "reminder-YYYYMMDDTHHMMZ"
	ID        string // "POST/UPDATE", for the tag: URI; never changes
	Published time.Time
	Updated   time.Time // later than Published only after a real edit
}

// Entries returns the entries public at the situation's instant, newest first,
// of the posts that touch the component ("": of all).
func (s *BoardState) Entries(component string) iter.Seq[Entry] {
	var list []Entry
	for _, p := range slices.Backward(s.Posts) {
		if component != "" && !p.Post.touches(component) {
			continue
		}
		for _, u := range p.Updates {
			e := Entry{Post: p, Update: u, ID: p.ID + "/" + u.ID, Published: u.At.Time}
			if u.At.IsZero() { // nobody knows when it was announced
				e.Published = p.Post.Planned.Start.Time.Add(-reminderLead)
				if e.Published.After(s.At) {
					continue
				}
			}
			e.Updated = e.Published
			if !u.Edited.Time.After(s.At) {
				e.Updated = walltime.Later(e.Updated, u.Edited.Time)
			}
			list = append(list, e)
		}
		list = append(list, s.reminders(p)...)
	}
	slices.SortStableFunc(list, func(a, b Entry) int { return a.Published.Compare(b.Published) })
	return func(yield func(Entry) bool) {
		for _, e := range slices.Backward(list) {
			if !yield(e) {
				return
			}
		}
	}
}

// reminders returns one entry for each announced start of a maintenance that
// was still going to happen 24 hours before it.
func (s *BoardState) reminders(p PostState) []Entry {
	if p.Kind != Maintenance || p.Posted.IsZero() {
		return nil
	}
	starts := []Moment{p.Post.Planned.Start}
	for _, u := range p.Updates {
		if !u.Window.Start.IsZero() {
			starts = append(starts, u.Window.Start)
		}
	}
	slices.SortFunc(starts, func(a, b Moment) int { return cmp.Compare(a.Time.Unix(), b.Time.Unix()) })
	starts = slices.CompactFunc(starts, func(a, b Moment) bool { return a.Time.Equal(b.Time) })
	var list []Entry
	for _, start := range starts {
		at := start.Time.Add(-reminderLead)
		if at.After(s.At) || !p.Posted.Time.Before(at) {
			continue
		}
		then, _ := s.board.PostAt(p.Post, at)
		if then.Phase != Upcoming || !then.Planned.Start.Time.Equal(start.Time) {
			continue
		}
		latest := then.Updates[len(then.Updates)-1]
		u := Update{ID: "reminder-" + updateID(Moment{Time: at}), State: Scheduled, At: Moment{Time: at}, Body: latest.Body, Line: latest.Line}
		list = append(list, Entry{Post: p, Update: u, Reminder: true, ID: p.ID + "/" + u.ID, Published: at, Updated: at})
	}
	return list
}

// TextOf returns what belongs to an update of the post, each text in the first
// of the languages that it is written in, else in the post's: the text before
// the first heading comes with the first update.
func (p *Post) TextOf(u Update, langs ...string) []Body {
	bodies := []Body{}
	if b := p.SummaryIn(langs...); u.ID == p.Updates[0].ID && !u.Implicit && b.Source != "" {
		bodies = append(bodies, b)
	}
	if b := u.In(langs...); b.Source != "" {
		bodies = append(bodies, b)
	}
	return bodies
}

// UnaffectedAfter returns the components that the post was said to leave alone,
// without those that one of the first n updates affects after all.
func (p *Post) UnaffectedAfter(n int) []string {
	return slices.DeleteFunc(slices.Clone(p.Unaffected), func(component string) bool {
		return slices.ContainsFunc(p.Updates[:min(n, len(p.Updates))], func(u Update) bool {
			return slices.ContainsFunc(u.Affects, func(e Effect) bool { return e.Component == component && e.Condition != Operational })
		})
	})
}

// EffectsAfter returns what the first n updates of the post leave in effect,
// whatever the clock says. A planned maintenance has no effect until it is
// started.
func (p *Post) EffectsAfter(n int) []Effect {
	if n <= 0 {
		return nil
	}
	r := &replay{PostState: PostState{Post: p}}
	r.Effects = p.Affects
	for _, u := range p.Updates[:min(n, len(p.Updates))] {
		r.take(u)
	}
	switch {
	case p.Kind == Notice, r.State == Scheduled:
		return nil
	case p.Kind == Maintenance:
		r.maintained()
	}
	return r.Effects
}
