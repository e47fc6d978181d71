// Package statuspage writes the JSON of Statuspage's public API, version 2, so
// that programs made for it read this site.
//
// Differences on purpose: the indicator is the worst of all components and all
// open incidents, so that the page is never green beside an incident; every
// incident lists its components; the key "signpost" holds what the format has
// no place for. Ids never change. Notices appear as incidents without impact. A
// cancelled maintenance is in the list of all of them with the status
// "cancelled", which Statuspage does not have, and in no other.
package statuspage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
	"signpost/internal/content/status/walltime"
)

// ContentType is the media type of the result of [Write].
const ContentType = "application/json; charset=utf-8"

// limit is how many posts a list holds.
const limit = 50

// Names are the eight documents below /api/v2/.
var Names = []string{
	"status.json", "summary.json", "components.json", "incidents.json", "incidents/unresolved.json",
	"scheduled-maintenances.json", "scheduled-maintenances/active.json", "scheduled-maintenances/upcoming.json",
}

// A Page is what is written around the posts. URLs are absolute.
type Page struct {
	ID      string // never changes
	Name    string
	URL     string
	Lang    string
	Zone    *time.Location
	PostURL func(id string) string
	HTML    func(p *status.Post, b status.Body) string // safe HTML of a body
	Text    func(p *status.Post, b status.Body) string // plain text of a body
}

// Write returns the document of that name, one of [Names].
func Write(name string, p Page, b *status.Board, s *status.BoardState) ([]byte, error) {
	w := &writer{Page: p, board: b, now: s, latest: changesOf(s)}
	if w.Zone == nil {
		w.Zone = time.UTC
	}
	d := document{Page: w.page()}
	open := func(ps status.PostState) bool { return ps.Phase == status.Open }
	soon := func(ps status.PostState) bool { return ps.Phase == status.Upcoming }
	all := func(status.PostState) bool { return true }
	switch name {
	case "status.json":
		d.Status = w.status()
	case "components.json":
		d.Status, d.Components = w.status(), w.components()
	case "summary.json":
		d.Status, d.Components = w.status(), w.components()
		d.Incidents = w.incidents(open)
		d.Maintenances = w.maintenances(func(ps status.PostState) bool { return open(ps) || soon(ps) })
	case "incidents.json":
		d.Incidents = w.incidents(all)
	case "incidents/unresolved.json":
		d.Incidents = w.incidents(open)
	case "scheduled-maintenances.json":
		d.Maintenances = w.maintenances(all)
	case "scheduled-maintenances/active.json":
		d.Maintenances = w.maintenances(open)
	case "scheduled-maintenances/upcoming.json":
		d.Maintenances = w.maintenances(soon)
	default:
		return nil, fmt.Errorf("there is no document %q; there are %s", name, strings.Join(Names, ", "))
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(d)
	return buf.Bytes(), err
}

// A writer writes one document.
type writer struct {
	Page
	board  *status.Board
	now    *status.BoardState
	latest map[string]time.Time // of components and groups: the latest of a post that touches them
}

// changesOf returns when each component and group last changed.
func changesOf(s *status.BoardState) map[string]time.Time {
	group := map[string]string{}
	for _, c := range s.Components {
		group[c.ID] = c.Group
	}
	changes := map[string]time.Time{}
	for _, p := range s.Posts {
		for _, id := range p.Touched() {
			for _, x := range []string{id, group[id]} {
				if p.Changed.After(changes[x]) {
					changes[x] = p.Changed
				}
			}
		}
	}
	return changes
}

// time writes an instant as Statuspage does: with milliseconds and the page's
// offset; null when it is not known.
func (w *writer) time(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.In(w.Zone).Format("2006-01-02T15:04:05.000Z07:00")
	return &s
}

// since is when the board begins: the creation of things without a date. It is
// never in the future.
func (w *writer) since() time.Time {
	n := len(w.now.Posts)
	if n == 0 {
		return time.Unix(0, 0)
	}
	p := w.now.Posts[n-1]
	first := p.Announced()
	if first.IsZero() {
		first = p.Post.Planned.Start.Time
	}
	return walltime.Earlier(first, w.now.At)
}

func (w *writer) changed() time.Time {
	if w.now.Changed.IsZero() {
		return w.since()
	}
	return w.now.Changed
}

func (w *writer) page() page {
	return page{ID: w.ID, Name: w.Name, URL: w.URL, TimeZone: w.Zone.String(), UpdatedAt: w.time(w.changed())}
}

// status says the worst in one word.
func (w *writer) status() *indicator {
	switch i := w.now.Indicator; {
	case i == status.ImpactCritical:
		return &indicator{i.String(), "Major Service Outage"}
	case i == status.ImpactMajor:
		return &indicator{i.String(), "Partial System Outage"}
	case i == status.ImpactMinor:
		return &indicator{i.String(), "Minor Service Outage"}
	case w.now.Maintenance:
		return &indicator{"maintenance", "Service Under Maintenance"}
	default:
		return &indicator{status.ImpactNone.String(), "All Systems Operational"}
	}
}

func name(names map[string]string, lang, id string) string {
	if n := names[lang]; n != "" {
		return n
	}
	for _, l := range slices.Sorted(maps.Keys(names)) {
		return names[l]
	}
	return id
}

// component writes one component or group in a condition.
func (w *writer) component(c status.Component, condition status.Condition) component {
	x := component{
		ID: c.ID, Name: name(c.Name, w.Lang, c.ID), Status: condition.String(), CreatedAt: w.time(w.since()), UpdatedAt: w.time(w.since()),
		Showcase: true, PageID: w.ID,
	}
	if changed := w.latest[c.ID]; !changed.IsZero() {
		x.UpdatedAt = w.time(changed)
	}
	x.Position = w.position(c.ID)
	if c.Group != "" {
		x.GroupID = &c.Group
	}
	return x
}

// components writes each group before its members.
func (w *writer) components() *[]component {
	list := []component{}
	written := map[string]bool{}
	for _, c := range w.now.Components {
		if c.Group != "" && !written[c.Group] {
			written[c.Group] = true
			list = append(list, w.group(c.Group))
		}
		list = append(list, w.component(c.Component, c.Condition))
	}
	return &list
}

// position is the place of a component or group in components.json, from 1.
func (w *writer) position(id string) int {
	n, counted := 0, map[string]bool{}
	for _, c := range w.board.Components {
		if c.Group != "" && !counted[c.Group] {
			counted[c.Group] = true
			if n++; c.Group == id {
				break
			}
		}
		if n++; c.ID == id {
			break
		}
	}
	return n
}

// group writes a group: its condition is that of its worst member.
func (w *writer) group(id string) component {
	g := status.Component{ID: id}
	for _, x := range w.board.Groups {
		if x.ID == id {
			g.Name = x.Name
		}
	}
	worst := status.Operational
	members := []string{}
	for _, c := range w.now.Components {
		if c.Group == id {
			members = append(members, c.ID)
			worst = max(worst, c.Condition)
		}
	}
	x := w.component(g, worst)
	x.Group, x.Showcase, x.Components = true, false, members
	return x
}

func (w *writer) incidents(keep func(status.PostState) bool) *[]incident {
	return w.list(func(p status.PostState) bool { return p.Kind != status.Maintenance && keep(p) })
}

func (w *writer) maintenances(keep func(status.PostState) bool) *[]incident {
	return w.list(func(p status.PostState) bool { return p.Kind == status.Maintenance && keep(p) })
}

func (w *writer) list(keep func(status.PostState) bool) *[]incident {
	list := []incident{}
	for _, p := range w.now.Posts {
		if len(list) < limit && keep(p) {
			list = append(list, w.incident(p))
		}
	}
	return &list
}
