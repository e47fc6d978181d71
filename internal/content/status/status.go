// Package status holds the posts of a status page: incidents, planned
// maintenance and notices, written as Markdown files with dated headings.
//
// [Parse] reads one file and says everything that is wrong with it; a [Board]
// holds all posts, and [Board.At] computes from them what is true at an
// instant: the condition of every component, the state of every post, and the
// next instant at which anything changes. The package edit below this one writes
// posts; walltime reads the times in them.
//
// Guarantees. Nothing reads the clock. A wall-clock time that does not exist
// or happens twice in its zone is refused, and so is an abbreviation (CET)
// that was not in force at that time. What is known only to the day stays a
// day. Ids of posts and updates never change by what happens later. A post or
// an update that lies in the future does not count yet.
package status

import (
	"cmp"
	"time"

	"signpost/internal/content/status/walltime"
	"signpost/internal/locale"
)

// Kind says what sort of post it is.
type Kind string

// The kinds of posts.
const (
	Incident    Kind = "incident"
	Maintenance Kind = "maintenance"
	Notice      Kind = "notice"
)

// State is the word of an update's heading.
type State string

// The states. Which kind may use which is in [Kind.States].
const (
	Investigating State = "investigating"
	Identified    State = "identified"
	Monitoring    State = "monitoring"
	Updated       State = "update" // says something, keeps the state
	Resolved      State = "resolved"
	Reopened      State = "reopened"
	Postmortem    State = "postmortem"
	Scheduled     State = "scheduled"
	Started       State = "started"
	Extended      State = "extended" // a maintenance ends later: ends=TIME
	Completed     State = "completed"
	Cancelled     State = "cancelled"
	Published     State = "published"
)

// Condition is how a component does, in the words of Statuspage's JSON.
// Higher is worse.
type Condition int

// The conditions. In files they are written ok, maintenance, degraded,
// partial and down.
const (
	Operational Condition = iota
	UnderMaintenance
	Degraded
	PartialOutage
	MajorOutage
)

// Impact is how much a post matters to customers; also the indicator of the
// whole board. Higher is worse.
type Impact int

// The impacts, written none, minor, major and critical.
const (
	ImpactNone Impact = iota
	ImpactMinor
	ImpactMajor
	ImpactCritical
)

// MailSafety answers the first question of a customer. It is "" when a post
// does not say; then no sentence about mail is printed.
type MailSafety string

// The answers.
const (
	MailSafe    MailSafety = "safe"
	MailDelayed MailSafety = "delayed"
	MailAtRisk  MailSafety = "at-risk"
	MailLost    MailSafety = "lost"
)

// Text is a sentence by language; the key "" is the language of the post.
type Text map[string]string

// In returns the text in the first language that has it, else in the post's.
func (t Text) In(langs ...string) string {
	for _, l := range langs {
		if s, ok := t[l]; ok {
			return s
		}
	}
	return t[""]
}

// A Component is a part of the service that customers know by name.
type Component struct {
	ID       string
	Name     map[string]string // by language
	Group    string            // id of the group under which it is shown, or ""
	Services []string          // services of the provider description: imap, pop3, submit …
}

// A Group is a name for several components. A post may name it in their stead.
type Group struct {
	ID      string
	Name    map[string]string // by language
	Members []string          // component ids
}

// A Moment is a point in time as well as it is known, in the zone of its post.
type Moment = walltime.Moment

// A Span is an announced duration, "30m-45m".
type Span = walltime.Span

// A Window is a stretch of time. End is zero when it is not known.
type Window struct {
	Start, End Moment
}

// An Effect is what a post or an update does to one component.
type Effect struct {
	Component string // a component's id; groups are expanded
	Condition Condition
}

// A Body is Markdown text of a post or update, as it stands in its file.
type Body struct {
	Source string
	Line   int    // line of the file on which it begins
	Path   string // of that file; "": the post's own
	Lang   string // of the text; "": the post's
}

// Bodies is a text in languages other than the post's.
type Bodies map[string]Body

// or returns the body in the first language that has one, else own.
func (b Bodies) or(own Body, langs []string) Body {
	for _, l := range langs {
		if body, ok := b[l]; ok {
			return body
		}
	}
	return own
}

// An Update is one entry of a post's timeline.
type Update struct {
	ID       string
	State    State
	At       Moment
	Affects  []Effect      // changes to components, groups expanded
	ETA      Span          // zero when not given
	Next     time.Duration // "next update in", zero when not given
	Window   Window        // extended, scheduled: the new start (may be zero) and end
	Corrects string        // id of an earlier update of the post
	Edited   Moment        // last later change, zero when there was none
	Implicit bool          // made from the front matter of a post without update headings
	Body     Body
	Bodies   Bodies // in other languages
	Line     int
}

// In returns the text of the update in the first of the languages that has
// one, else in the post's.
func (u *Update) In(langs ...string) Body { return u.Bodies.or(u.Body, langs) }

// A Post is one file of the folder status.
type Post struct {
	ID    string
	Path  string // slash-separated, relative to the content folder
	Kind  Kind
	Lang  string   // of its texts
	Title Text     // in every language of the site, made from kind and components when the file has none
	Named []string // what "affects" names: components and groups as written
	Zone  *time.Location

	Draft           bool     // never public
	Publish         Moment   // not public before; zero: at once
	Seen            Sighting // when the file was first seen, and its window changed by hand
	Posted          Moment   // when it became public; zero: not known, and public ever since
	Planned         Window   // maintenance: as first announced
	Windows         []Window // parts of the time in which something is done
	EndsUnknown     bool     // ends: unknown
	ResolvedUnknown bool     // resolved: unknown
	Approx          bool

	Affects    []Effect // as first announced, groups expanded
	Unaffected []string // components, groups expanded
	Impact     *Impact  // nil: derived from the effects
	Mail       MailSafety
	Supplier   string // the third party whose fault or work it is

	Expect         Text // what will be noticed
	Who            Text // who is concerned
	UnaffectedText Text
	Action         Text // what customers should do
	Workaround     Text

	Help         []string // slugs of articles
	Pin          bool
	PinUntil     Moment // zero: until the post is over
	Expires      Moment
	SupersededBy string // id of a post

	Summary   Body     // what stands before the first update heading
	Summaries Bodies   // the same in other languages
	Updates   []Update // oldest first; never empty

	// Translations are the paths of its texts in other languages.
	Translations map[string]string

	lines map[string]int // line of each front matter key
}

// Line returns the line of a front matter key, 1 when it is not there.
func (p *Post) Line(key string) int { return max(1, p.lines[key]) }

// SummaryIn returns the text before the first heading in the first of the
// languages that has one, else in the post's.
func (p *Post) SummaryIn(langs ...string) Body { return p.Summaries.or(p.Summary, langs) }

// BodyLang returns the language of a body of the post.
func (p *Post) BodyLang(b Body) string { return cmp.Or(b.Lang, p.Lang) }

// Closed reports whether the last word on the post is that it is over.
func (p *Post) Closed() bool {
	closed := p.ResolvedUnknown
	for _, u := range p.Updates {
		if !u.State.keeps() {
			closed = u.State.Closes()
		}
	}
	return closed
}

// Config is what a post can refer to.
type Config struct {
	Zone       *time.Location // the site's
	Languages  []string       // of the site; the first is the default
	Components []Component
	Groups     []Group
	Now        time.Time // for what depends on the clock: "ends: unknown", moments that cannot be meant; zero: not checked
	// Words are the interface texts of a language, from which titles are made;
	// nil makes them of ids.
	Words func(lang string) *locale.Language
}
