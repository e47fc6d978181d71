package status

import (
	"strings"
	"time"
)

// A Sighting is what is known of a post's file beside its text: when it was
// first seen, and when its window was changed by hand. Times are never later
// than when they were noted.
type Sighting struct {
	First time.Time // zero: not known
	Moved []Move    // oldest first
}

// A Move is a change by hand of an announced window.
type Move struct {
	Update string // id of the update that announces it, "" for the front matter
	At     time.Time
}

// Announcements are the windows that a post announces, as they stand in its
// file: by the id of the update that says so, "" for the front matter. Two files
// with the same ones announce the same times. Empty for what is not planned.
func (p *Post) Announcements() map[string]string {
	list := map[string]string{}
	text := func(w Window) string { return w.Start.RFC3339() + "/" + w.End.RFC3339() }
	front := ""
	if p.Kind == Maintenance {
		front = text(p.Planned)
	}
	for _, w := range p.Windows {
		front += " " + text(w)
	}
	if front != "" {
		list[""] = front
	}
	for _, u := range p.Updates {
		if !u.Window.Start.IsZero() || !u.Window.End.IsZero() {
			list[u.ID] = text(u.Window)
		}
	}
	return list
}

// Announced is when the public was first told of the post: by the date that it
// states, else when its file was first seen; zero when nobody knows. What was
// seen only after its window is over tells nothing.
func (p *Post) Announced() time.Time {
	switch {
	case !p.Posted.IsZero() && p.Publish.Time.After(p.Posted.Time), p.Posted.IsZero() && !p.Publish.IsZero():
		return p.Publish.Time
	case !p.Posted.IsZero():
		return p.Posted.Time
	case p.Planned.End.IsZero() && p.Seen.First.Before(p.Planned.Start.Time.Add(UnknownEnd)), p.Seen.First.Before(p.Planned.End.End()):
		return p.Seen.First
	}
	return time.Time{}
}

// WithSeen returns the same board with what is known of the posts' files, by
// path. The posts of b stay as they are.
func (b *Board) WithSeen(seen map[string]Sighting) *Board {
	c := *b
	c.Posts, c.byID = make([]*Post, len(b.Posts)), map[string]*Post{}
	for i, p := range b.Posts {
		if s, ok := seen[p.Path]; ok {
			stamped := *p
			stamped.Seen = s
			p = &stamped
		}
		c.Posts[i], c.byID[strings.ToLower(p.ID)] = p, p
	}
	return &c
}
