package status

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"signpost/internal/content/status/walltime"
)

// A Fact is one thing that the public is told of a post: an update, or the
// reminder of planned work. Feeds, notices and exports tell facts.
type Fact struct {
	Post       *PostState
	Update     *Update
	Reminder   bool      // made 24 hours before planned work begins; Update.ID is then "reminder-YYYYMMDDTHHMMZ"
	ID         string    // "POST/UPDATE", for the tag: URI; never changes
	At         time.Time // when it was told
	Edited     time.Time // when its text or window was changed later; zero: never
	State      State     // of the post since then; an update keeps the one before
	Components []Effect  // what it left in effect, whatever the clock says
	Unaffected []string  // components that were said to keep working
	Window     Window    // of planned work, as announced by then
	Seq        int       // grows with each update, edit and move of the post (RFC 5545, 3.8.7.4)
	FirstSeen  time.Time // when the file was first seen; zero: not known
}

// Texts returns what was told in a language, each text that is missing there in
// the post's.
func (f *Fact) Texts(lang string) []Body { return f.Post.TextOf(*f.Update, lang) }

// Changed is when the fact was told, or changed later.
func (f *Fact) Changed() time.Time { return walltime.Later(f.At, f.Edited) }

// A Timeline is all that the public was told up to an instant.
type Timeline struct {
	facts []*Fact           // newest first
	posts map[string][]Fact // by id of the post, oldest first, without reminders
}

// Facts yields what was told, newest first, of the posts that touch the
// component ("": of all).
func (t *Timeline) Facts(component string) iter.Seq[*Fact] {
	return func(yield func(*Fact) bool) {
		for _, f := range t.facts {
			if (component == "" || f.Post.Post.touches(component)) && !yield(f) {
				return
			}
		}
	}
}

// Of returns the facts about a post, oldest first, without reminders. When nobody
// knows when planned work was announced, its first one may lie in the future.
func (t *Timeline) Of(post string) []Fact { return t.posts[post] }

// tell computes the timeline of a board.
func (s *BoardState) tell() {
	t := Timeline{posts: map[string][]Fact{}}
	for i := range slices.Backward(s.Posts) {
		p := &s.Posts[i]
		facts := s.facts(p)
		t.posts[p.ID] = facts
		for k := range facts {
			if f := &facts[k]; !f.At.After(s.At) {
				t.facts = append(t.facts, f)
			}
		}
		t.facts = append(t.facts, s.reminders(p, facts)...)
	}
	slices.SortStableFunc(t.facts, func(a, b *Fact) int { return a.At.Compare(b.At) })
	slices.Reverse(t.facts)
	s.Timeline = t
}

// facts are the updates of a post that are public.
func (s *BoardState) facts(p *PostState) []Fact {
	facts := make([]Fact, 0, len(p.Updates))
	r := &replay{PostState: PostState{Post: p.Post, Planned: p.Post.Planned}}
	r.Effects = p.Affects
	changes := 0
	for i := range p.Updates {
		u := &p.Updates[i]
		r.take(*u)
		f := Fact{
			Post: p, Update: u, ID: p.ID + "/" + u.ID, At: walltime.Later(u.At.Time, p.Publish.Time), State: r.State, Window: r.Planned,
			Components: r.effective(), Unaffected: p.UnaffectedAfter(i + 1), FirstSeen: p.Seen.First,
		}
		if u.At.IsZero() {
			f.At = p.told()
		}
		note := func(at time.Time) {
			if !at.IsZero() && !at.After(s.At) {
				changes++
				f.Edited = walltime.Later(f.Edited, at)
			}
		}
		note(u.Edited.Time)
		for _, m := range p.Seen.Moved {
			if m.Update == u.ID || m.Update == "" && i == 0 {
				note(m.At)
			}
		}
		if !f.Edited.After(f.At) {
			f.Edited = time.Time{}
		}
		f.Seq = i + changes
		facts = append(facts, f)
	}
	return facts
}

// told is when planned work without a date was announced; when nobody knows,
// it is taken to be told a day before.
func (p *Post) told() time.Time {
	if at := p.Announced(); !at.IsZero() {
		return at
	}
	return p.Planned.Start.Time.Add(-reminderLead)
}

// reminders returns one fact for each announced start of a maintenance that was
// still going to happen 24 hours before it.
func (s *BoardState) reminders(p *PostState, facts []Fact) []*Fact {
	if p.Kind != Maintenance || p.Announced().IsZero() {
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
	var list []*Fact
	for _, start := range starts {
		at := start.Time.Add(-reminderLead)
		if at.After(s.At) || !p.Announced().Before(at) {
			continue
		}
		then, _ := s.board.PostAt(p.Post, at)
		if then.Phase != Upcoming || !then.Planned.Start.Time.Equal(start.Time) {
			continue
		}
		f := facts[len(then.Updates)-1]
		latest := then.Updates[len(then.Updates)-1]
		f.Update = &Update{ID: "reminder-" + updateID(Moment{Time: at}), State: Scheduled, At: Moment{Time: at}, Body: latest.Body, Bodies: latest.Bodies, Line: latest.Line}
		f.Reminder, f.ID, f.At, f.Edited = true, p.ID+"/"+f.Update.ID, at, time.Time{}
		list = append(list, &f)
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
	return r.effective()
}

// effective are the effects of the updates so far, whatever the clock says.
func (r *replay) effective() []Effect {
	switch {
	case r.Kind == Notice, r.State == Scheduled:
		return nil
	case r.Kind == Maintenance:
		return maintained(r.Effects)
	}
	return r.Effects
}
