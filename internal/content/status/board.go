package status

import (
	"iter"
	"time"

	"signpost/internal/problem"
)

// A Board is all posts and components of a site. It does not change.
type Board struct {
	Components []Component
	Groups     []Group
	Posts      []*Post // newest first
	zone       *time.Location
}

// NewBoard makes a board. Of two posts with one id (case does not matter) the
// one whose path sorts first is kept, and the other is reported.
func NewBoard(cfg Config, posts []*Post) (*Board, problem.List) { return nil, nil }

// Post returns the post with an id, nil when there is none. Case does not matter.
func (b *Board) Post(id string) *Post { return nil }

// Phase is where a post is in its life at an instant.
type Phase string

// The phases.
const (
	Hidden   Phase = "hidden"    // not public yet
	Upcoming Phase = "upcoming"  // a maintenance that has not begun
	Open     Phase = "open"      // an incident not resolved, a maintenance in progress, a notice in force
	Over     Phase = "over"      // resolved, completed, expired, superseded
	Called   Phase = "cancelled" // a maintenance that does not happen
)

// A PostState is a post at an instant.
type PostState struct {
	*Post
	Phase      Phase
	State      State     // of the latest update that is not "update"; maintenance: by clock too (scheduled, started, completed)
	Updates    []Update  // public by then, oldest first (hides Post.Updates)
	Planned    Window    // as announced by then (hides Post.Planned)
	Began      Moment    // when it really began, zero: unknown or not yet
	Ended      Moment    // when it was over, zero: unknown or not yet
	Effects    []Effect  // on components now; empty when over
	Impact     Impact    // none minor major critical; of a post that is over: the worst it was (hides Post.Impact)
	ETA        Window    // earliest and latest, zero when none is promised
	Overdue    bool      // the ETA has passed
	Next       time.Time // when the next update is promised, zero when not
	Late       bool      // that has passed
	Banner     bool      // to be shown on every page
	Superseded bool
	Expired    bool
	Changed    time.Time // of the latest public update or edit
}

// A ComponentState is a component at an instant.
type ComponentState struct {
	Component
	Condition Condition
	Posts     []*Post // that make it so or are in progress on it
}

// A Situation is the board at an instant.
type Situation struct {
	At          time.Time
	Next        time.Time        // the next instant at which anything changes; zero: never
	Indicator   Impact           // the worst of all components and all open incidents
	Maintenance bool             // one is in progress
	Components  []ComponentState // in the order of the site
	Posts       []PostState      // public ones, newest first
	Changed     time.Time        // latest change of any post
}

// At computes the situation at t.
func (b *Board) At(t time.Time) *Situation { return &Situation{At: t} }

// Open returns incidents that are not resolved, the worst first, then the newest.
func (s *Situation) Open() []PostState { return nil }

// InProgress returns the maintenance going on, soonest end first.
func (s *Situation) InProgress() []PostState { return nil }

// Upcoming returns the maintenance to come, soonest first.
func (s *Situation) Upcoming() []PostState { return nil }

// Notices returns the notices in force, newest first.
func (s *Situation) Notices() []PostState { return nil }

// Banners returns what every page says: open incidents, maintenance in
// progress that is noticed, and pinned posts; the worst first.
func (s *Situation) Banners() []PostState { return nil }

// Post returns a public post by id.
func (s *Situation) Post(id string) (PostState, bool) { return PostState{}, false }

// Touching returns the open incidents, maintenance in progress and notices in
// force that touch one of the components or, through "help:", the article.
func (s *Situation) Touching(article string, components []string) []PostState { return nil }

// About returns all public posts that name the article in "help:", newest first.
func (s *Situation) About(article string) []PostState { return nil }

// A Month is a part of the archive.
type Month struct {
	Year  int
	Month time.Month
	Posts []PostState // newest first
}

// Months returns the public posts by the month in which they began, newest
// first, in the zone of the site.
func (s *Situation) Months() []Month { return nil }

// ComponentsFor returns the ids of the components that stand for a service of
// the provider description (imap, pop3, submit; also pop and smtp), and the
// component of that id itself.
func (b *Board) ComponentsFor(service string) []string { return nil }

// A Day is one bar: what posts say about one component on one local day.
type Day struct {
	Date                                 time.Time     // local midnight
	Length                               time.Duration // 23, 24 or 25 hours; today: until now
	NoData                               bool          // before the first post of the board
	Down, Partial, Degraded, Maintenance time.Duration // overlaps count once, the worst wins
	Unknown                              bool          // something happened whose length is known only in part; it is not in the durations
	Posts                                []*Post
}

// Bars is the recent past of one component.
type Bars struct {
	Component Component
	Days      []Day // oldest first, the last one is today
}

// PartialWeight is how much a minute of partial outage counts in [Bars.Uptime].
const PartialWeight = 0.3

// Uptime is 100 × (1 − (down + PartialWeight × partial) / time with data), in
// percent. Degraded service and maintenance do not count. ok is false without data.
func (b Bars) Uptime() (percent float64, ok bool) { return 0, false }

// Bars computes the bars of all components for the last n local days up to t.
func (b *Board) Bars(t time.Time, n int) []Bars { return nil }

// An Entry is one update as feeds show it.
type Entry struct {
	Post      PostState
	Update    Update
	Reminder  bool   // made 24 hours before a maintenance; Update.ID is "reminder-YYYYMMDDTHHMMZ"
	ID        string // "POST/UPDATE", for the tag: URI; never changes
	Published time.Time
	Updated   time.Time // later than Published only after a real edit
}

// Entries returns the entries public at the situation's instant, newest first,
// of posts that touch the component ("": all).
func (s *Situation) Entries(component string) iter.Seq[Entry] { return nil }
