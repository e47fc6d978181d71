package status

import (
	"maps"
	"slices"
)

var conditionWords = map[string]Condition{
	"ok": Operational, "maintenance": UnderMaintenance, "degraded": Degraded, "partial": PartialOutage, "down": MajorOutage,
}

// Word returns the condition as it is written in files.
func (c Condition) Word() string {
	for w, v := range conditionWords {
		if v == c {
			return w
		}
	}
	return ""
}

// String returns the condition in Statuspage's words.
func (c Condition) String() string {
	switch c {
	case UnderMaintenance:
		return "under_maintenance"
	case Degraded:
		return "degraded_performance"
	case PartialOutage:
		return "partial_outage"
	case MajorOutage:
		return "major_outage"
	default:
		return "operational"
	}
}

// Impact is what a component in this condition means for the board.
func (c Condition) Impact() Impact {
	switch c {
	case Degraded:
		return ImpactMinor
	case PartialOutage:
		return ImpactMajor
	case MajorOutage:
		return ImpactCritical
	default:
		return ImpactNone
	}
}

var impactWords = map[string]Impact{"none": ImpactNone, "minor": ImpactMinor, "major": ImpactMajor, "critical": ImpactCritical}

// String returns none, minor, major or critical.
func (i Impact) String() string {
	for w, v := range impactWords {
		if v == i {
			return w
		}
	}
	return ""
}

// States returns the states that updates of the kind can have.
func (k Kind) States() []State {
	switch k {
	case Incident:
		return []State{Investigating, Identified, Monitoring, Updated, Resolved, Reopened, Postmortem}
	case Maintenance:
		return []State{Scheduled, Started, Updated, Extended, Completed, Cancelled, Postmortem}
	case Notice:
		return []State{Published, Updated, Resolved}
	}
	return nil
}

// First is the state with which a post of the kind begins.
func (k Kind) First() State { return k.States()[0] }

// Last is the state that closes a post of the kind.
func (k Kind) Last() State {
	if k == Maintenance {
		return Completed
	}
	return Resolved
}

// Closes reports whether the state ends a post.
func (s State) Closes() bool { return s == Resolved || s == Completed || s == Cancelled }

// keeps reports whether an update with this word leaves the state as it was.
func (s State) keeps() bool { return s == Updated || s == Postmortem }

// meant maps words that people write to the state they mean.
var meant = map[string]State{
	"fixed": Resolved, "solved": Resolved, "closed": Resolved, "ended": Completed, "done": Completed, "finished": Completed,
	"begun": Started, "in-progress": Started, "in_progress": Started, "canceled": Cancelled, "watching": Monitoring,
	"planned": Scheduled, "prolonged": Extended, "post-mortem": Postmortem,
}

// ids returns all component and group ids.
func (c *Config) ids() []string {
	var ids []string
	for _, x := range c.Components {
		ids = append(ids, x.ID)
	}
	for _, g := range c.Groups {
		ids = append(ids, g.ID)
	}
	return ids
}

// Expand returns the components that an id stands for, nil when it is unknown.
func (c *Config) Expand(id string) []string {
	if slices.ContainsFunc(c.Components, func(x Component) bool { return x.ID == id }) {
		return []string{id}
	}
	i := slices.IndexFunc(c.Groups, func(g Group) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	members := slices.Clone(c.Groups[i].Members)
	for _, x := range c.Components {
		if x.Group == id && !slices.Contains(members, x.ID) {
			members = append(members, x.ID)
		}
	}
	return members
}

func sortedWords[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
