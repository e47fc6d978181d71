// Package intent finds what is to be told of a status page, and decides when.
//
// [Events] returns what the public was told lately, as events; package delivery
// compares them with what subscribers were told. [Due] gathers what waits for a
// post into one notice. [Fact] leads from an event back to its text.
//
// Guarantees: nothing reads the clock; what happened more than [notify.Fresh] ago is
// never an event; an edited text is none.
package intent

import (
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/notify"
)

// soon is how far ahead planned work counts as under way for who subscribes now.
const soon = 24 * time.Hour

// movedPrefix begins the id of the event of a window that was changed by hand: no
// update says so.
const movedPrefix = "moved-"

// instant is how the time of a change stands in an id.
const instant = "20060102T150405Z"

// Events returns what the public was told in the last six hours, oldest first.
func Events(b *status.BoardState) []notify.Event {
	var list []notify.Event
	for f := range b.Timeline.Facts("") {
		if b.At.Sub(f.At) <= notify.Fresh {
			list = append(list, event(b, f))
		}
	}
	slices.Reverse(list)
	list = append(list, moved(b)...)
	slices.SortStableFunc(list, func(a, c notify.Event) int { return a.At.Compare(c.At) })
	return list
}

// event is what a fact tells.
func event(b *status.BoardState, f *status.Fact) notify.Event {
	return notify.Event{
		Post: f.Post.ID, Update: f.Update.ID, Kind: kind(b, f), PostKind: string(f.Post.Kind), Components: concerned(f), At: f.At,
	}
}

// concerned are the components that a post touches or has touched.
func concerned(f *status.Fact) []string {
	var ids []string
	add := func(effects []status.Effect) {
		for _, e := range effects {
			if !slices.Contains(ids, e.Component) {
				ids = append(ids, e.Component)
			}
		}
	}
	add(f.Post.Affects)
	for _, u := range f.Post.Updates {
		add(u.Affects)
	}
	slices.Sort(ids)
	return ids
}

func kind(b *status.BoardState, f *status.Fact) notify.Kind {
	if f.Reminder {
		return notify.Reminder
	}
	facts := b.Timeline.Of(f.Post.ID)
	at := slices.IndexFunc(facts, func(x status.Fact) bool { return x.ID == f.ID })
	switch {
	case f.Update.State == status.Cancelled:
		return notify.Cancelled
	case f.Update.State.Closes():
		return notify.Resolved
	case f.Update.State == status.Postmortem:
		return notify.Postmortem
	case f.Post.Kind == status.Maintenance && at <= 0 && f.Update.State == status.Scheduled:
		return notify.Planned
	case f.Post.Kind != status.Maintenance && at <= 0, f.Update.State == status.Reopened:
		return notify.First
	case f.Post.Kind == status.Maintenance && at > 0 && facts[at-1].Window != f.Window:
		return notify.Moved
	}
	return notify.Update
}

// moved returns an event for each window that was changed by hand.
func moved(b *status.BoardState) []notify.Event {
	var list []notify.Event
	for i := range b.Posts {
		p := &b.Posts[i]
		facts := b.Timeline.Of(p.ID)
		if p.Kind != status.Maintenance || p.Phase == status.Called || p.Phase == status.Over || len(facts) == 0 {
			continue
		}
		for _, m := range p.Seen.Moved {
			if m.At.After(b.At) || b.At.Sub(m.At) > notify.Fresh {
				continue
			}
			e := event(b, &facts[len(facts)-1])
			e.Update, e.Kind, e.At = movedPrefix+m.At.UTC().Format(instant), notify.Moved, m.At
			list = append(list, e)
		}
	}
	return list
}

// UnderWay returns the latest event of each post that matters to somebody who
// subscribes now: open incidents and work, and work within a day. The oldest is first.
func UnderWay(b *status.BoardState) []notify.Event {
	var list []notify.Event
	for i := range b.Posts {
		p := &b.Posts[i]
		work := p.Phase == status.Upcoming && p.Planned.Start.Time.Sub(b.At) <= soon
		if p.Kind == status.Notice || p.Phase != status.Open && !work {
			continue
		}
		facts := b.Timeline.Of(p.ID)
		for k := range slices.Backward(facts) {
			if !facts[k].At.After(b.At) {
				list = append(list, event(b, &facts[k]))
				break
			}
		}
	}
	slices.SortStableFunc(list, func(a, c notify.Event) int { return a.At.Compare(c.At) })
	return list
}

// Fact returns the fact that an event tells, as the board has it now; false when the
// post or the update is gone.
func Fact(b *status.BoardState, post, update string) (status.Fact, bool) {
	facts := b.Timeline.Of(post)
	if len(facts) == 0 {
		return status.Fact{}, false
	}
	if strings.HasPrefix(update, movedPrefix) {
		return facts[len(facts)-1], true
	}
	for f := range b.Timeline.Facts("") {
		if f.Post.ID == post && f.Update.ID == update {
			return *f, true
		}
	}
	return status.Fact{}, false
}

// Urgent reports whether an event leaves as soon as its hold is over; the others
// wait for further updates of their post.
func Urgent(k notify.Kind) bool { return k != notify.Update && k != notify.Postmortem }

// Classes in which messages are sent, the lowest first.
const (
	ClassFirst   = 0 // first notices of an incident
	ClassUrgent  = 1 // confirmations, resolved, cancelled, moved, and what was under way for a new subscriber
	ClassRoutine = 2
)

// Class returns the class of an event.
func Class(e notify.Event) int {
	switch {
	case e.Kind == notify.First && e.PostKind == string(status.Incident):
		return ClassFirst
	case e.Kind == notify.Update, e.Kind == notify.Postmortem, e.Kind == notify.Planned, e.PostKind == string(status.Notice):
		return ClassRoutine
	}
	return ClassUrgent
}
