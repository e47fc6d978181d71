package view

// Agent is what every page for signed-in agents has beside its Chrome.
type Agent struct {
	Name     string // of the signed-in agent
	CSRF     string
	Current  string    // desk, search, report, status, problems
	Problems []Problem // of the content; the bar shows how many
	Host     string    // absolute URL of the site, for the bookmarklet
}

// Problem is one line of the content check.
type Problem struct {
	Path    string
	Line    int
	Error   bool
	Message string
	Hint    string
}

// AgentSignIn is the form of /agent/signin.
type AgentSignIn struct {
	Chrome
	Name     string
	Error    string
	Next     string // where to go afterwards
	OpenID   string // URL that starts OpenID Connect, "" = off
	Password bool   // local accounts exist
	First    bool   // there is no account yet: explain how to make one
}

// AgentDesk is /agent. Without a script the form posts to Chrome.Root+"/agent".
type AgentDesk struct {
	Chrome
	Agent
	Text      string // the ticket as pasted
	Error     string
	Asked     bool // there are suggestions, perhaps none
	Detected  []string
	Address   string
	Platforms []Choice
	Langs     []Choice
	// What was detected in the ticket: a choice that still says so is none.
	WasPlatform, WasLang, WasAddress string

	Incidents []DeskIncident // that explain the ticket
	Maybe     []DeskIncident // that might
	AlsoOpen  []Link         // the first of all others
	MoreOpen  int            // how many others there are beyond AlsoOpen
	Open      int            // open ones in all
	Articles  []DeskArticle  // that fit strongly
	Possible  []DeskArticle  // that might fit, numbered on
	Tracking  bool
	Noted     bool // a gap was recorded
}

// DeskIncident is an open post that explains a ticket, or might.
type DeskIncident struct {
	Title     string
	Since     string
	URL       string
	Level     string
	StateWord string
	Reply     string // ready to paste
	ReplyHTML string
	Why       []string
}

// DeskArticle is a suggestion.
type DeskArticle struct {
	Number    int // 1 … 5, the key that chooses it
	ID        int
	Anchor    string // of the section that fits; "" for none
	Title     string
	URL       string // the public page
	Editor    string // /agent/a/ID with language and platform
	Snippet   HTML   // <mark> only
	Why       []string
	Lang      string
	Platforms []string
	Updated   string
	Overdue   bool
	Internal  bool // customers cannot open it
	Sent      int
	Opened    int
	Helped    int
}

// AgentArticle is /agent/a/ID: the article as this customer gets it.
type AgentArticle struct {
	Chrome
	Agent
	ID        int
	Heading   string
	Public    string // URL of the public page
	Link      string // what to paste: /r/… or /a/…, absolute
	Address   string
	Langs     []Choice
	Platforms []Choice
	Sections  []Choice // how much of the article
	Token     string   // of Link, while openings are counted
	Ticket    string   // as pasted on the desk: teaches the article its words
	Noted     bool     // the link was counted as sent
	Text      string
	Markdown  string
	HTML      string
	Preview   HTML
	Revision  string
	Updated   Time
	Review    Time
	Overdue   bool
	Owner     string
	Internal  bool
	Sent      int
	Opened    int
	Helped    int
}

// AgentSearch is /agent/search.
type AgentSearch struct {
	Chrome
	Agent
	Error    string // why the query cannot be read
	Examples []Link
	Fields   []string // that a query may name
	Asked    bool
	Total    int
	Facets   []FilterGroup
	Narrowed bool // one of the facets is chosen
	Results  []AgentHit
	Previous string
	Next     string
}

// FilterGroup is one field with the values that results have in it.
type FilterGroup struct {
	Name    string
	Options []Filter
}

// AgentHit is an article, or a post, that an agent found.
type AgentHit struct {
	ID        int // of the article; 0 for a post
	Title     string
	URL       string // the editor, or the post
	Public    string // the page that customers see; "" for none
	Anchor    string
	Section   string
	Snippet   HTML // <mark> only
	Lang      string
	States    []string // all that is not plainly public
	Level     string   // of a post
	StateWord string
	Updated   string
}

// AgentReport is /agent/report.
type AgentReport struct {
	Chrome
	Agent
	Period  string
	Periods []Link
	Files   []Link // the tables as CSV
	Gone    bool   // the database cannot be reached: there are no numbers
	Totals  []Figure
	Charts  []Chart
	Links   []LinkRow
	Missing []QueryRow // searches without a result
	Unused  []QueryRow // searches without a click
	Gaps    []GapRow
	Reviews []ReviewRow
	Votes   []VoteRow
}

// Figure is one number with its name.
type Figure struct {
	Name  string
	Value string
	Note  string
}

// Chart is a bar chart; its numbers are also a table.
type Chart struct {
	Title  string
	Points []Point
}

// Point is one bar.
type Point struct {
	Name  string
	Value int
}

// LinkRow is what became of the links to one article.
type LinkRow struct {
	Title  string
	URL    string
	Sent   int
	Opened int
	Helped int
	Not    int
}

// QueryRow is one search.
type QueryRow struct {
	Words   string
	Lang    string
	Count   int
	Results int
}

// GapRow is a group of tickets that no article fits.
type GapRow struct {
	Terms string
	Count int
	Last  string
	IDs   []string
}

// ReviewRow is an article whose review is due.
type ReviewRow struct {
	Title string
	URL   string
	Due   string
	Owner string
}

// VoteRow is an article that readers called unhelpful, with their words.
type VoteRow struct {
	Title    string
	URL      string
	Yes      int
	No       int
	Reasons  string
	Comments []string
}

// AgentStatus is /agent/status: writing posts, also from a phone.
type AgentStatus struct {
	Chrome
	Agent
	Mode       string // "" = the start; new (without a form: its kinds), update, resolve, edit, set
	Form       bool   // there is a form
	Error      string
	Conflict   bool // somebody else wrote meanwhile; the texts are kept
	Saved      *Link
	Undo       []Hidden // a form that takes the last write back; nil = none
	Action     string   // POST
	Fields     []Hidden // CSRF, Idempotency-Key, If-Match …
	Kinds      []KindStart
	Others     []Choice // the kinds that a new post can become
	About      *PostLink
	Updates    []Link     // whose text can be corrected, the chosen one current
	Drafted    []PostWork // not public
	Posts      []PostWork
	States     *Field
	Tabs       []LanguageTab
	Parts      []StatusPart
	Sections   []FormSection
	Zone       string   // of the times
	Silence    bool     // nobody is to be told: as chosen
	Notices    bool     // subscribers are told of what is published
	Told       *Told    // how far telling them of Saved or About is; nil: not said
	ToldFields []Hidden // of the form that stops it
	Second     *Second
	Preview    *Preview
	ReadOnly   bool // the content source can never be written: there are no forms
	Blocked    *Blocked
	Advice     string    // what the operator can do about Error, in English
	Place      []Problem // what has become of posts, and of the place they are written to
	SignIn     string    // where to sign in again, "" = signed in
}

// KindStart is a kind of post with the templates to begin with.
type KindStart struct {
	Link
	Explained string
	Templates []Link
}

// PostWork is a post with what can be done to it.
type PostWork struct {
	PostLink
	Work    []Link
	Release []Hidden // a form that makes it public; nil = it is
}

// Field is a field of a form.
type Field struct {
	Type    string // of an input; area, select, radio
	Name    string
	Label   string
	Value   string
	Checked bool
	Hint    string
	Options []Choice
}

// FormSection is a part of a form; one with a title is folded.
type FormSection struct {
	Title  string
	Open   bool
	Fields []Field
}

// LanguageTab is the texts of a post in one language.
type LanguageTab struct {
	Lang     string
	Name     string
	Selected bool
	Filled   bool
	Fields   []Field
	More     []Field // folded
	Open     bool    // unless something is in them
}

// Second asks about a second incident: those of the same component that are open.
type Second struct {
	Posts []Choice
}

// Blocked is why nothing can be written at present.
type Blocked struct {
	Why    string // a sentence in the agent's language
	Detail string // for the operator: what the system says and what to do, in English
}

// StatusPart is one component with the states it can be given.
type StatusPart struct {
	Group  bool // stands for several
	ID     string
	Name   string
	States []Choice
}

// Preview shows a post before it is public: above every page and on the board.
type Preview struct {
	Alert    *Alert // nil = there is none
	Card     PostCard
	Times    []PreviewTime
	Ends     bool // the times have an end
	Warnings []string
	Told     *Told // who would be told; nil: nobody can be
}

// PreviewTime is the window in one zone.
type PreviewTime struct {
	Zone string // "Europe/Oslo (yours)"
	From string
	To   string
}

// AgentProblems lists the problems of the content.
type AgentProblems struct {
	Chrome
	Agent
	Revision string
	Loaded   Time
}

func (p *AgentSignIn) page() (string, *Chrome)   { return "agent-signin", &p.Chrome }
func (p *AgentDesk) page() (string, *Chrome)     { return "agent-desk", &p.Chrome }
func (p *AgentSearch) page() (string, *Chrome)   { return "agent-search", &p.Chrome }
func (p *AgentArticle) page() (string, *Chrome)  { return "agent-article", &p.Chrome }
func (p *AgentReport) page() (string, *Chrome)   { return "agent-report", &p.Chrome }
func (p *AgentStatus) page() (string, *Chrome)   { return "agent-status", &p.Chrome }
func (p *AgentProblems) page() (string, *Chrome) { return "agent-problems", &p.Chrome }
