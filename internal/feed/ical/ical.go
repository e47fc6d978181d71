// Package ical writes planned maintenance as an iCalendar subscription
// (RFC 5545, RFC 7986), with the X-MAINTNOTE properties by which the programs
// of network operators read it (draft-gunter-calext-maintenance-notifications).
//
// A cancelled maintenance stays in the calendar as CANCELLED: calendar
// programs only forget what they are told about. UIDs never change, SEQUENCE
// grows with every update, and nothing depends on the time of the call but the
// situation.
package ical

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status"
)

// ContentType is the media type of the result of [Write].
const ContentType = "text/calendar; charset=utf-8"

// A Calendar is what is written around the events. URLs are absolute.
type Calendar struct {
	Name      string // shown by calendar programs
	Lang      string
	Host      string // right-hand side of UIDs: never changes
	Self      string // URL of the calendar
	Provider  string // domain, for X-MAINTNOTE-PROVIDER
	Organizer string // name
	Email     string // of the organizer; "" leaves the organizer out
	PostURL   func(id string) string
	Text      func(p *status.Post, b status.Body) string // plain text of a body
	Component string                                     // only what touches it; "" for all
}

// An event is one stretch of planned work: a maintenance, or one of the
// windows of a post.
type event struct {
	status.PostState
	uid       string
	window    status.Window
	estimated bool          // the end of the window
	state     string        // of X-MAINTNOTE-STATUS
	facts     []status.Fact // what was told of the post
	now       time.Time
}

// Write returns all planned work that is public at the situation's instant,
// the latest first.
func Write(c Calendar, s *status.BoardState) ([]byte, error) {
	var w writer
	w.line("BEGIN", nil, "VCALENDAR")
	w.line("VERSION", nil, "2.0")
	w.line("PRODID", nil, "-//Signpost//Status//EN")
	w.line("CALSCALE", nil, "GREGORIAN")
	w.line("METHOD", nil, "PUBLISH")
	w.text("NAME", nil, c.Name)
	w.text("X-WR-CALNAME", nil, c.Name)
	w.line("SOURCE", []param{{"VALUE", "URI"}}, uri(c.Self))
	w.line("REFRESH-INTERVAL", []param{{"VALUE", "DURATION"}}, "PT1H")
	w.line("X-PUBLISHED-TTL", nil, "PT1H")
	if !s.Changed.IsZero() {
		w.line("LAST-MODIFIED", nil, utc(s.Changed))
	}
	for _, p := range s.Posts {
		if c.Component != "" && !slices.Contains(p.Touched(), c.Component) {
			continue
		}
		for _, e := range events(p, c.Host, s.At) {
			e.facts, e.now = s.Timeline.Of(p.ID), s.At
			c.write(&w, e)
		}
	}
	w.line("END", nil, "VCALENDAR")
	return []byte(w.String()), nil
}

// events returns the planned work of a post. The windows of an incident are
// planned work too.
func events(p status.PostState, host string, now time.Time) []event {
	if p.Kind == status.Notice {
		return nil
	}
	if len(p.Windows) == 0 {
		if p.Kind != status.Maintenance {
			return nil
		}
		e := event{PostState: p, uid: p.ID + "@" + host, window: p.Planned}
		if p.Phase == status.Over && p.Ended.Time.After(e.window.Start.Time) &&
			(e.window.End.IsZero() || p.Ended.Time.Before(e.window.End.End())) {
			e.window.End = p.Ended
		}
		e.state = stateOf(p, e.window, now)
		if e.window.End.IsZero() { // programs need one
			e.estimated = true
			e.window.End = estimate(e.window.Start)
		}
		return []event{e}
	}
	var list []event
	for i, win := range p.Windows {
		e := event{PostState: p, uid: fmt.Sprintf("%s-%d@%s", p.ID, i+1, host), window: win}
		e.state = stateOf(p, win, now)
		list = append(list, e)
	}
	return list
}

// estimate is the end of work whose end nobody knows: the one after which it is
// taken to be over.
func estimate(start status.Moment) status.Moment {
	if start.Day {
		return start // to the end of the day
	}
	return status.Moment{Time: start.Time.Add(status.UnknownEnd), Approx: true}
}

func stateOf(p status.PostState, w status.Window, now time.Time) string {
	moved := slices.ContainsFunc(p.Updates, func(u status.Update) bool { return !u.Window.Start.IsZero() || !u.Window.End.IsZero() })
	switch {
	case p.Phase == status.Called:
		return "CANCELLED"
	case p.Phase == status.Over || !w.End.IsZero() && !w.End.End().After(now):
		return "COMPLETED"
	case p.Phase == status.Open && !w.Start.Time.After(now):
		return "IN-PROCESS"
	case moved:
		return "RE-SCHEDULED"
	default:
		return "CONFIRMED"
	}
}

// write writes one event.
func (c *Calendar) write(w *writer, e event) {
	told, stamp := e.facts[0].At, e.Changed
	if stamp.IsZero() { // nobody knows when it was announced
		stamp = told
	}
	if stamp.After(e.now) {
		stamp = e.now
	}
	w.line("BEGIN", nil, "VEVENT")
	w.line("UID", nil, e.uid)
	w.line("DTSTAMP", nil, utc(stamp))
	w.line("LAST-MODIFIED", nil, utc(stamp))
	if at := e.Announced(); !at.IsZero() {
		w.line("CREATED", nil, utc(at))
	}
	w.line("SEQUENCE", nil, fmt.Sprint(e.facts[len(e.facts)-1].Seq))
	w.moment("DTSTART", e.window.Start, false)
	if !e.window.End.IsZero() && e.window.End.Day == e.window.Start.Day {
		w.moment("DTEND", e.window.End, true)
	} else if !e.window.End.IsZero() { // one is a day, the other a time
		w.moment("DTEND", status.Moment{Time: e.window.End.End(), Day: e.window.Start.Day}, false)
	}
	state := "CONFIRMED"
	if e.state == "CANCELLED" {
		state = e.state
	}
	w.line("STATUS", nil, state)
	w.line("TRANSP", nil, "TRANSPARENT")
	w.text("SUMMARY", language(c.Lang, e.Lang, e.Title), e.Title.In(c.Lang))
	w.text("DESCRIPTION", nil, c.description(e))
	w.line("URL", nil, uri(c.PostURL(e.ID)))
	if c.Email != "" {
		w.line("ORGANIZER", []param{{"CN", cmp.Or(c.Organizer, c.Name)}}, "mailto:"+uri(c.Email))
	}
	c.maintnote(w, e)
	w.line("END", nil, "VEVENT")
}

// language names the language of a text when it is not the calendar's.
func language(want, own string, t status.Text) []param {
	if _, ok := t[want]; ok || want == own || own == "" {
		return nil
	}
	return []param{{"LANGUAGE", own}}
}

// description says what to expect, then the updates, the latest first.
func (c *Calendar) description(e event) string {
	var parts []string
	for _, t := range []status.Text{e.Expect, e.UnaffectedText, e.Action} {
		if s := t.In(c.Lang); s != "" {
			parts = append(parts, s)
		}
	}
	for _, f := range slices.Backward(e.facts) {
		for _, b := range f.Texts(c.Lang) {
			parts = append(parts, strings.TrimSpace(c.Text(e.Post, b)))
		}
	}
	return strings.Join(parts, "\n\n")
}

// maintnote writes what programs read: who, what, how much, and how it stands.
func (c *Calendar) maintnote(w *writer, e event) {
	w.text("X-MAINTNOTE-PROVIDER", nil, c.Provider)
	w.text("X-MAINTNOTE-ACCOUNT", nil, "customers")
	w.text("X-MAINTNOTE-MAINTENANCE-ID", nil, strings.TrimSuffix(e.uid, "@"+c.Host))
	worst := 0
	for _, effect := range e.PostState.Affects {
		i := impactOf(e.PostState, effect)
		worst = max(worst, i)
		w.text("X-MAINTNOTE-OBJECT-ID", []param{{"X-MAINTNOTE-OBJECT-IMPACT", impacts[i]}}, effect.Component)
	}
	for _, id := range e.Unaffected {
		w.text("X-MAINTNOTE-OBJECT-ID", []param{{"X-MAINTNOTE-OBJECT-IMPACT", impacts[0]}}, id)
	}
	if len(e.PostState.Affects)+len(e.Unaffected) == 0 { // readers of the draft need an object
		w.text("X-MAINTNOTE-OBJECT-ID", []param{{"X-MAINTNOTE-OBJECT-IMPACT", impacts[worst]}}, c.Provider)
	}
	if e.estimated {
		w.line("X-MAINTNOTE-END", nil, "ESTIMATED")
	}
	w.line("X-MAINTNOTE-IMPACT", nil, impacts[worst])
	w.line("X-MAINTNOTE-STATUS", nil, e.state)
}

// impacts are the words of X-MAINTNOTE-OBJECT-IMPACT that we can mean, from
// good to bad.
var impacts = []string{"NO-IMPACT", "DEGRADED", "OUTAGE"}

func impactOf(p status.PostState, e status.Effect) int {
	switch {
	case p.Post.Impact != nil && *p.Post.Impact == status.ImpactNone, e.Condition == status.Operational:
		return 0
	case e.Condition == status.Degraded, e.Condition == status.PartialOutage,
		e.Condition == status.UnderMaintenance && p.Post.Impact != nil && *p.Post.Impact == status.ImpactMinor:
		return 1
	default:
		return 2
	}
}
