package status

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/status/walltime"
	"signpost/internal/problem"
)

// A Board is all posts and components of a site. It does not change.
type Board struct {
	Components []Component
	Groups     []Group
	Posts      []*Post // newest first
	zone       *time.Location
	byID       map[string]*Post // by lower-case id
}

// Zone is the zone of the site, in which its days begin.
func (b *Board) Zone() *time.Location { return b.zone }

// NewBoard makes a board. Of two posts with one id (case does not matter) the
// one whose path sorts first is kept, and the other is reported.
func NewBoard(cfg Config, posts []*Post) (*Board, problem.List) {
	b := &Board{Components: cfg.Components, Groups: cfg.Groups, zone: cfg.Zone, byID: map[string]*Post{}}
	if b.zone == nil {
		b.zone = time.UTC
	}
	var problems problem.List
	posts = slices.Clone(posts)
	slices.SortFunc(posts, func(a, c *Post) int { return cmp.Compare(a.Path, c.Path) })
	for _, p := range posts {
		id := strings.ToLower(p.ID)
		if first, twice := b.byID[id]; twice {
			problems.Errorf(p.Path, p.Line("id"), "give the post another id: or file name", "the id %q is already that of %s", p.ID, first.Path)
			continue
		}
		b.byID[id] = p
		b.Posts = append(b.Posts, p)
	}
	slices.SortStableFunc(b.Posts, func(a, c *Post) int { return c.Begins().Compare(a.Begins()) })
	return b, problems
}

// Begins is when the post's matter begins, by which posts are ordered.
func (p *Post) Begins() time.Time {
	if p.Kind == Maintenance {
		return p.Planned.Start.Time
	}
	return p.Posted.Time
}

// Post returns the post with an id, nil when there is none. Case does not matter.
func (b *Board) Post(id string) *Post { return b.byID[strings.ToLower(id)] }

// ComponentsFor returns the ids of the components that stand for a service of
// the provider description (imap, pop3, submit; also pop and smtp), and the
// component of that id itself.
func (b *Board) ComponentsFor(service string) []string {
	names := []string{service}
	switch service {
	case "pop":
		names = append(names, "pop3")
	case "pop3":
		names = append(names, "pop")
	case "smtp":
		names = append(names, "submit")
	case "submit":
		names = append(names, "smtp")
	}
	var ids []string
	for _, c := range b.Components {
		if slices.ContainsFunc(names, func(n string) bool { return c.ID == n || slices.Contains(c.Services, n) }) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

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
	State      State     // by the latest update that changes it; of a maintenance also by the clock
	Updates    []Update  // public by then, oldest first (hides Post.Updates)
	Planned    Window    // as announced by then (hides Post.Planned)
	Began      Moment    // when it really began; zero: not yet
	Ended      Moment    // when it was over; zero: not yet, or nobody knows
	Effects    []Effect  // on components now; none when it is over
	Unaffected []string  // components that it has left alone so far (hides Post.Unaffected)
	Impact     Impact    // now; of a post that is over, the worst it was (hides Post.Impact)
	ETA        Window    // earliest and latest; zero when none is promised
	Overdue    bool      // the ETA has passed
	Next       time.Time // when the next update is promised; zero when not
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
	Posts     []*Post // open ones that touch it, newest first
}

// BoardState is the board at an instant.
type BoardState struct {
	At          time.Time
	Next        time.Time        // the next instant at which anything changes; zero: never
	Indicator   Impact           // the worst of all components and all open incidents
	Maintenance bool             // a component is under maintenance
	Components  []ComponentState // in the order of the site
	Posts       []PostState      // public ones, newest first
	Changed     time.Time        // latest change of any post
	Timeline    Timeline         // what was told of them
	board       *Board
}

// At computes the situation at t.
func (b *Board) At(t time.Time) *BoardState {
	s := &BoardState{At: t, board: b}
	for _, c := range b.Components {
		s.Components = append(s.Components, ComponentState{Component: c})
	}
	for _, p := range b.Posts {
		ps, next := b.PostAt(p, t)
		s.Next = walltime.Earlier(s.Next, next)
		if ps.Phase == Hidden {
			continue
		}
		s.Posts = append(s.Posts, ps)
		s.Changed = walltime.Later(s.Changed, ps.Changed)
		s.apply(ps)
	}
	for _, c := range s.Components {
		s.Indicator = max(s.Indicator, c.Condition.Impact())
		s.Maintenance = s.Maintenance || c.Condition == UnderMaintenance
	}
	s.tell()
	return s
}

// apply lets an open post act on components and indicator.
func (s *BoardState) apply(ps PostState) {
	if ps.Phase != Open {
		return
	}
	if ps.Kind == Incident {
		s.Indicator = max(s.Indicator, ps.Impact)
	}
	for i := range s.Components {
		c := &s.Components[i]
		if ps.Post.touches(c.ID) {
			c.Posts = append(c.Posts, ps.Post)
		}
		for _, e := range ps.Effects {
			if e.Component == c.ID {
				c.Condition = max(c.Condition, e.Condition)
			}
		}
	}
}

// touches reports whether the post ever has something to do with a component.
func (p *Post) touches(component string) bool {
	is := func(e Effect) bool { return e.Component == component }
	return slices.ContainsFunc(p.Affects, is) ||
		slices.ContainsFunc(p.Updates, func(u Update) bool { return slices.ContainsFunc(u.Affects, is) })
}

// Touched returns the components that the post ever affects, as first named.
func (p *Post) Touched() []string {
	var ids []string
	add := func(list []Effect) {
		for _, e := range list {
			if !slices.Contains(ids, e.Component) {
				ids = append(ids, e.Component)
			}
		}
	}
	add(p.Affects)
	for _, u := range p.Updates {
		add(u.Affects)
	}
	return ids
}

// filter returns the posts that keep says, in the given order.
func (s *BoardState) filter(keep func(PostState) bool, order func(a, b PostState) int) []PostState {
	list := []PostState{}
	for _, p := range s.Posts {
		if keep(p) {
			list = append(list, p)
		}
	}
	if order != nil {
		slices.SortStableFunc(list, order)
	}
	return list
}

func worstFirst(a, b PostState) int { return cmp.Compare(b.Impact, a.Impact) }

// Open returns the incidents that are not resolved, the worst first, then the newest.
func (s *BoardState) Open() []PostState {
	return s.filter(func(p PostState) bool { return p.Kind == Incident && p.Phase == Open }, worstFirst)
}

// InProgress returns the maintenance going on, the soonest end first.
func (s *BoardState) InProgress() []PostState {
	return s.filter(func(p PostState) bool { return p.Kind == Maintenance && p.Phase == Open },
		func(a, b PostState) int { return a.Planned.End.Time.Compare(b.Planned.End.Time) })
}

// Upcoming returns the maintenance to come, soonest first.
func (s *BoardState) Upcoming() []PostState {
	return s.filter(func(p PostState) bool { return p.Phase == Upcoming },
		func(a, b PostState) int { return a.Planned.Start.Time.Compare(b.Planned.Start.Time) })
}

// Notices returns the notices in force, newest first.
func (s *BoardState) Notices() []PostState {
	return s.filter(func(p PostState) bool { return p.Kind == Notice && p.Phase == Open }, nil)
}

// Banners returns what every page says: open incidents, maintenance in
// progress that is noticed, and pinned posts; the worst first.
func (s *BoardState) Banners() []PostState {
	return s.filter(func(p PostState) bool { return p.Banner }, func(a, b PostState) int {
		if c := worstFirst(a, b); c != 0 {
			return c
		}
		return cmp.Compare(slices.Index(bannerOrder, a.Kind), slices.Index(bannerOrder, b.Kind))
	})
}

var bannerOrder = []Kind{Incident, Maintenance, Notice}

// Post returns a public post by id. Case does not matter.
func (s *BoardState) Post(id string) (PostState, bool) {
	i := slices.IndexFunc(s.Posts, func(p PostState) bool { return strings.EqualFold(p.ID, id) })
	if i < 0 {
		return PostState{}, false
	}
	return s.Posts[i], true
}

// Touching returns the open incidents and the maintenance in progress that touch
// one of the components or, through "help:", the article; the worst first. A
// notice is not a problem.
func (s *BoardState) Touching(article string, components []string) []PostState {
	return s.filter(func(p PostState) bool {
		return p.Kind != Notice && p.Phase == Open && (article != "" && slices.Contains(p.Help, article) ||
			slices.ContainsFunc(components, p.Post.touches))
	}, worstFirst)
}

// About returns all public posts that name the article in "help:", newest first.
func (s *BoardState) About(article string) []PostState {
	return s.filter(func(p PostState) bool { return slices.Contains(p.Help, article) }, nil)
}

// A Month is a part of the archive.
type Month struct {
	Year  int
	Month time.Month
	Posts []PostState // newest first
}

// Months returns the public posts by the month in which they begin, newest
// first, in the zone of the site.
func (s *BoardState) Months() []Month {
	months := []Month{}
	for _, p := range s.Posts {
		y, m, _ := p.Begins().In(s.board.zone).Date()
		if n := len(months); n == 0 || months[n-1].Year != y || months[n-1].Month != m {
			months = append(months, Month{Year: y, Month: m})
		}
		last := &months[len(months)-1]
		last.Posts = append(last.Posts, p)
	}
	return months
}
