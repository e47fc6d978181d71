package statuspage

import (
	"slices"
	"strings"

	"signpost/internal/content/status"
	"signpost/internal/content/status/walltime"
)

// A document is any of the eight; lists are pointers so that an empty one is
// written as [] and a missing one not at all.
type document struct {
	Page         page         `json:"page"`
	Components   *[]component `json:"components,omitempty"`
	Incidents    *[]incident  `json:"incidents,omitempty"`
	Maintenances *[]incident  `json:"scheduled_maintenances,omitempty"`
	Status       *indicator   `json:"status,omitempty"`
}

type page struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	URL       string  `json:"url"`
	TimeZone  string  `json:"time_zone"`
	UpdatedAt *string `json:"updated_at"`
}

type indicator struct {
	Indicator   string `json:"indicator"`
	Description string `json:"description"`
}

type component struct {
	ID                 string   `json:"id"`
	Name               string   `json:"name"`
	Status             string   `json:"status"`
	CreatedAt          *string  `json:"created_at"`
	UpdatedAt          *string  `json:"updated_at"`
	Position           int      `json:"position"`
	Description        *string  `json:"description"`
	Showcase           bool     `json:"showcase"`
	StartDate          *string  `json:"start_date"`
	GroupID            *string  `json:"group_id"`
	PageID             string   `json:"page_id"`
	Group              bool     `json:"group"`
	OnlyShowIfDegraded bool     `json:"only_show_if_degraded"`
	Components         []string `json:"components,omitempty"`
}

type incident struct {
	ID             string      `json:"id"`
	Name           string      `json:"name"`
	Status         string      `json:"status"`
	CreatedAt      *string     `json:"created_at"`
	UpdatedAt      *string     `json:"updated_at"`
	MonitoringAt   *string     `json:"monitoring_at"`
	ResolvedAt     *string     `json:"resolved_at"`
	Impact         string      `json:"impact"`
	Shortlink      string      `json:"shortlink"`
	StartedAt      *string     `json:"started_at"`
	PageID         string      `json:"page_id"`
	Updates        []update    `json:"incident_updates"`
	Components     []component `json:"components"`
	ScheduledFor   **string    `json:"scheduled_for,omitempty"` // a maintenance has it, null or not
	ScheduledUntil **string    `json:"scheduled_until,omitempty"`
	Signpost       extra       `json:"signpost"`
}

type update struct {
	ID            string    `json:"id"`
	Status        string    `json:"status"`
	Body          string    `json:"body"`
	BodyHTML      string    `json:"body_html"`
	IncidentID    string    `json:"incident_id"`
	CreatedAt     *string   `json:"created_at"`
	UpdatedAt     *string   `json:"updated_at"`
	DisplayAt     *string   `json:"display_at"`
	Affected      *[]change `json:"affected_components"`
	Notifications bool      `json:"deliver_notifications"`
	CustomTweet   *string   `json:"custom_tweet"`
	TweetID       *string   `json:"tweet_id"`
}

type change struct {
	Code      string `json:"code"`
	Name      string `json:"name"`
	OldStatus string `json:"old_status"`
	NewStatus string `json:"new_status"`
}

// extra is what Statuspage has no place for.
type extra struct {
	Kind       string   `json:"kind"`
	Unaffected []string `json:"unaffected"`
	Mail       *string  `json:"mail"`
	Expect     *string  `json:"expect"`
	ETA        *eta     `json:"eta"`
	Help       []string `json:"help"`
}

type eta struct {
	Earliest *string `json:"earliest"`
	Latest   *string `json:"latest"`
	Overdue  bool    `json:"overdue"`
}

// incident writes a post. A time that nobody knows is null, except that
// created_at, updated_at and started_at fall back on each other: clients do
// not expect null there.
func (w *writer) incident(p status.PostState) incident {
	began := p.Began.Time
	if began.IsZero() {
		began = p.Planned.Start.Time
	}
	facts := w.now.Timeline.Of(p.ID)
	created := facts[0].At
	if created.After(w.now.At) { // nobody knows when it was announced
		created = w.now.At
	}
	changed := p.Changed
	if changed.IsZero() {
		changed = created
	}
	x := incident{
		ID: p.ID, Name: p.Title.In(w.Lang), Status: word(p.State, status.Investigating), CreatedAt: w.time(created), UpdatedAt: w.time(changed),
		ResolvedAt: w.time(p.Ended.Time), Impact: p.Impact.String(), Shortlink: w.PostURL(p.ID), StartedAt: w.time(began), PageID: w.ID,
		Updates: w.updates(facts), Components: []component{}, Signpost: w.extra(p),
	}
	switch {
	case p.Kind == status.Maintenance:
		x.Impact = "maintenance"
		from, until := w.time(p.Planned.Start.Time), w.time(p.Planned.End.End())
		x.ScheduledFor, x.ScheduledUntil = &from, &until
	case p.Kind == status.Notice && p.Phase == status.Over:
		x.Status = "resolved"
	}
	if last := p.Updates[len(p.Updates)-1]; last.State == status.Postmortem {
		x.Status = "postmortem"
	}
	for _, u := range p.Updates {
		if u.State == status.Monitoring && x.MonitoringAt == nil {
			x.MonitoringAt = w.time(u.At.Time)
		}
	}
	touched := p.Touched()
	for _, c := range w.now.Components {
		if slices.Contains(touched, c.ID) {
			x.Components = append(x.Components, w.component(c.Component, c.Condition))
		}
	}
	return x
}

// word is Statuspage's word for a state; an update keeps the one before it.
func word(s, before status.State) string {
	if s == status.Updated || s == status.Extended {
		s = before
	}
	switch s {
	case status.Reopened:
		return string(status.Investigating)
	case status.Published:
		return string(status.Monitoring)
	case status.Started:
		return "in_progress"
	default:
		return string(s)
	}
}

// updates writes the timeline, newest first.
func (w *writer) updates(facts []status.Fact) []update {
	list := []update{}
	var before []status.Effect
	for i, f := range facts {
		at, p := f.At, f.Post.Post
		if at.After(w.now.At) {
			at = w.now.At
		}
		x := update{
			ID: f.Post.ID + "-" + f.Update.ID, Status: word(f.Update.State, f.State), IncidentID: f.Post.ID, CreatedAt: w.time(at),
			UpdatedAt: w.time(walltime.Later(at, f.Edited)), DisplayAt: w.time(at), Affected: w.changes(p, before, f.Components, i == 0), Notifications: true,
		}
		var texts, html []string
		for _, b := range f.Texts(w.Lang) {
			texts = append(texts, strings.TrimSpace(w.Text(p, b)))
			html = append(html, w.HTML(p, b))
		}
		x.Body, x.BodyHTML = strings.Join(texts, "\n\n"), strings.Join(html, "\n")
		before = f.Components
		list = append(list, x)
	}
	slices.Reverse(list)
	return list
}

// changes writes what an update does to components; null when it does nothing.
func (w *writer) changes(p *status.Post, before, after []status.Effect, first bool) *[]change {
	condition := func(list []status.Effect, id string) status.Condition {
		for _, e := range list {
			if e.Component == id {
				return e.Condition
			}
		}
		return status.Operational
	}
	var list []change
	for _, id := range p.Touched() {
		old, now := condition(before, id), condition(after, id)
		if old == now && !first {
			continue
		}
		c := change{Code: id, Name: id, OldStatus: old.String(), NewStatus: now.String()}
		for _, x := range w.board.Components {
			if x.ID == id {
				c.Name = name(x.Name, w.Lang, id)
			}
		}
		list = append(list, c)
	}
	if list == nil {
		return nil
	}
	return &list
}

func (w *writer) extra(p status.PostState) extra {
	x := extra{Kind: string(p.Kind), Unaffected: []string{}, Help: []string{}}
	x.Unaffected = append(x.Unaffected, p.Unaffected...)
	x.Help = append(x.Help, p.Help...)
	if p.Mail != "" {
		mail := string(p.Mail)
		x.Mail = &mail
	}
	if expect := p.Expect.In(w.Lang); expect != "" {
		x.Expect = &expect
	}
	if !p.ETA.End.IsZero() {
		x.ETA = &eta{w.time(p.ETA.Start.Time), w.time(p.ETA.End.Time), p.Overdue}
	}
	return x
}
