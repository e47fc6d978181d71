package intent

import (
	"slices"
	"strings"
	"time"

	"signpost/internal/notify"
)

// Rules say when what was found is told.
type Rules struct {
	Hold    time.Duration // in which the agent who posts can stop a notice
	Gather  time.Duration // for which updates wait for further ones
	PerHour int           // notices per post and hour; the last one is kept for the end of the matter
}

// DefaultRules are those of a site that sets nothing.
var DefaultRules = Rules{Hold: 30 * time.Second, Gather: 3 * time.Minute, PerHour: 6}

// Due returns when an event is told that was found at an instant. Nobody wrote a
// reminder just now: it has no hold.
func (r Rules) Due(e notify.Event, found time.Time) time.Time {
	switch {
	case e.Kind == notify.Reminder:
		return found
	case Urgent(e.Kind):
		return found.Add(r.Hold)
	}
	return found.Add(max(r.Hold, r.Gather))
}

// A Notice tells one or more events of a post as one message.
type Notice struct {
	notify.Event                // the newest event, with the kind that matters most
	Events       []notify.Event // all that it tells, oldest first
	Class        int
}

// Tells returns the ids of the updates that the notice tells, oldest first.
func (n *Notice) Tells() []string {
	var ids []string
	for _, e := range n.Events {
		ids = append(ids, e.Update)
	}
	return ids
}

// Ready makes the notices that are due of what is held. Whatever waits of a post
// goes along with its first event that is due. times are, by post, when notices
// of it were told within the last hour.
func (r Rules) Ready(held []notify.Held, times map[string][]time.Time, now time.Time) []Notice {
	byPost := map[string][]notify.Event{}
	due := map[string]bool{}
	for _, h := range held {
		byPost[h.Post] = append(byPost[h.Post], h.Event)
		due[h.Post] = due[h.Post] || !h.Due.After(now)
	}
	var list []Notice
	for post, events := range byPost {
		if !due[post] {
			continue
		}
		n := join(events)
		limit := r.PerHour - 1
		if closes(n.Kind) || n.Kind == notify.Moved {
			limit = r.PerHour
		}
		recent := 0
		for _, t := range times[post] {
			if now.Sub(t) < time.Hour {
				recent++
			}
		}
		if recent < limit {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b Notice) int {
		if a.Class != b.Class {
			return a.Class - b.Class
		}
		if n := a.At.Compare(b.At); n != 0 {
			return n
		}
		return strings.Compare(a.Post, b.Post)
	})
	return list
}

func closes(k notify.Kind) bool { return k == notify.Resolved || k == notify.Cancelled }

// weight orders the kinds by what matters to who hears several things at once.
var weight = map[notify.Kind]int{
	notify.First: 6, notify.Planned: 5, notify.Moved: 4, notify.Reminder: 3, notify.Postmortem: 2, notify.Update: 1,
}

// join makes one notice of what waits of a post. What came before its end
// does not matter any more; what came after it does.
func join(events []notify.Event) Notice {
	slices.SortStableFunc(events, func(a, b notify.Event) int { return a.At.Compare(b.At) })
	n := Notice{Event: events[len(events)-1], Events: events}
	for _, e := range slices.Backward(events) {
		if closes(e.Kind) {
			if weight[n.Kind] <= weight[notify.Postmortem] {
				n.Kind = e.Kind
			}
			break
		}
		if weight[e.Kind] > weight[n.Kind] {
			n.Kind = e.Kind
		}
	}
	n.Class = Class(n.Event)
	return n
}
