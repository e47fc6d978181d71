package view

// StatusBoard is /status.
type StatusBoard struct {
	Chrome
	Level    string     // of the whole
	Sentence string     // "IMAP and POP are down since 23:30." or "Everything works."
	Mail     string     // "Incoming mail is safe.", "" = nothing said
	Open     []PostCard // incidents, running maintenance and pinned notices
	Upcoming []PostCard
	Groups   []ComponentGroup
	Recent   []PostLink
	Days     int    // length of the bars
	From     Time   // their first day
	Zone     string // "Europe/Oslo", whose midnights part the days
	AsOf     Time   // of the snapshot
	History  string // URL of the newest month
	Calendar string // URL of the iCalendar feed
}

// PostCard is an open or upcoming post with its newest update.
type PostCard struct {
	PostLink
	Body       HTML   // newest update, or the summary
	BodyLang   string // when it differs from the page's language, else ""
	Updated    Time
	Affected   []Affect
	Unaffected []string
	Mail       string
	Expect     string // "about 10 minutes per router"
	Next       *Due
	ETA        *Due
	Help       []ArticleLink
}

// ComponentGroup is a heading with components. Name may be empty.
type ComponentGroup struct {
	Name       string
	Components []Component
}

// Component is a row of the board.
type Component struct {
	ID        string
	Name      string
	Level     string
	StateWord string // "working", "partly down" …
	Since     Time   // zero when it works
	Uptime    string // "99.95 %", "" = no data
	Days      []Day  // oldest first
	Problems  int    // days with a problem among them
	URL       string // its feeds
}

// Day is one bar.
type Day struct {
	Date  Time
	Level string
	Text  string // "IMAP partly down for 1 h 20 min"; "" = nothing to say
	URL   string // the post, "" = none
}

// Affect is a component with the state that a post gives it.
type Affect struct {
	Name      string
	Level     string
	StateWord string // "" for what a notice is only about
}

// Prose is a rendered text in a language of its own.
type Prose struct {
	Lang string
	HTML HTML
}

// Due is a promised time.
type Due struct {
	At      Time
	Text    string // "in 30 to 45 minutes", as promised; may be empty
	Overdue bool
}

// StatusPost is /status/ID.
type StatusPost struct {
	Chrome
	ID             string
	Kind           string // incident, maintenance, notice
	Heading        string
	HeadingLang    string
	Open           bool
	Level          string // impact
	StateWord      string
	ImpactWord     string
	Starts         Time
	Ends           Time
	Duration       string
	BodyLang       string
	Fallback       *Fallback
	Windows        []Window
	Affected       []Affect
	Unaffected     []string
	UnaffectedText string
	Mail           string // sentence
	MailLevel      string // ok degraded partial down
	Who            string // "Customers with their mail on server 3"
	Expect         string
	ETA            *Due
	Next           *Due
	Workaround     Prose
	Action         Prose // what the customer has to do
	Supplier       string
	Summary        HTML     // in BodyLang
	Updates        []Update // newest first
	Help           []ArticleLink
	Superseded     *Link
	Expired        bool
	Calendar       string // maintenance: one .ics
	Previous       *Link
	NextPost       *Link
	Contact        ContactWays
}

// Window is one period of a longer post.
type Window struct {
	Start Time
	End   Time
	Text  string
}

// Update is an entry of the timeline.
type Update struct {
	ID        string
	Level     string
	StateWord string
	At        Time // zero = unknown
	Body      HTML
	Lang      string // of Body
	LangName  string // of Body, when it differs from the page's and nothing above says so; else ""
	Changes   []Affect
	Edited    Time  // zero = never
	Corrects  *Link // the entry that this one corrects
	ETA       string
}

// StatusHistory is one month of posts, newest first.
type StatusHistory struct {
	Chrome
	Month    string // "October 2014"
	Days     []HistoryDay
	Previous *Link
	NextPage *Link
	Months   []Link
}

// HistoryDay is the posts that began on one day.
type HistoryDay struct {
	Date  Time
	Posts []PostLink
}

// Choice is a checkbox, radio button or option.
type Choice struct {
	Value    string
	Name     string
	Selected bool
}

func (p *StatusBoard) page() (string, *Chrome)   { return "status", &p.Chrome }
func (p *StatusPost) page() (string, *Chrome)    { return "post", &p.Chrome }
func (p *StatusHistory) page() (string, *Chrome) { return "history", &p.Chrome }
