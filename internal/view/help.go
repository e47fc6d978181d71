package view

// Home is the front page.
type Home struct {
	Chrome
	Level      string // the whole service's Level
	Sentence   string // "Everything works." or what is wrong, in one sentence
	Now        []PostLink
	Upcoming   []PostLink
	Domains    []string // the provider's mail domains, for the set-up card's example
	Clients    []Link   // the most used guides
	Categories []Category
	MostRead   []ArticleLink
}

// Category is a topic with its articles.
type Category struct {
	ID       string
	Name     string
	URL      string
	Count    int           // all articles
	Articles []ArticleLink // the first few, or all on the topic's own page
}

// Topic lists one category.
type Topic struct {
	Chrome
	Crumbs   []Link
	Category Category
	Others   []Link
}

// Article is one help article.
type Article struct {
	Chrome
	ID        int
	Slug      string
	Crumbs    []Link
	Heading   string // the article's title
	Summary   string
	BodyLang  string // language of title and body
	Fallback  *Fallback
	Known     []Alert // open posts about a service of this article
	Contents  []Heading
	Platforms []Platform // two or more: the switch is shown
	Body      HTML
	Updated   Time   // day precision, zero = unknown
	Permalink string // absolute /a/ID
	Formats   []Link // .md, .txt, .json
	Related   []ArticleLink
	Posts     []PostLink // status posts that name this article
	Vote      *Vote      // nil = votes are off
	Contact   ContactWays
}

// Heading is an entry of the table of contents.
type Heading struct {
	ID       string
	Text     string
	Children []Heading
}

// Platform is a system that an article has blocks for.
type Platform struct {
	ID   string // macos ios windows android linux web
	Name string
}

// Fallback says why the text is not in the reader's language.
type Fallback struct {
	Reason string // "missing": not translated; "outdated": the translation is older than the original
	Lang   string // the name of the language that the text is in, in the reader's language
	URL    string // "outdated": the newer original; else ""
}

// Vote is the form "Was this helpful".
type Vote struct {
	Action   string // POST
	Revision string
	Done     bool // thank instead of asking
}

// Search is the results page.
type Search struct {
	Chrome
	Total      int
	Corrected  *Correction
	Card       *SettingsCard
	Results    []Result
	Categories []Filter
	Platforms  []Filter
	Narrowed   bool   // one of the filters is chosen
	Previous   string // URL of the page before, "" = none
	Next       string
	Popular    []ArticleLink // shown with an empty query or result
	Contact    ContactWays
}

// Correction says that other words were searched than typed.
type Correction struct {
	Shown       string // what the results are for
	Original    string // what was typed
	OriginalURL string // searches exactly that
}

// Result is one hit. Kind is article, incident or setting.
type Result struct {
	Kind     string
	Title    string
	URL      string
	Section  string // heading of the best section
	Snippet  HTML   // text with <mark> only
	Category string
	Lang     string // when it differs from the page's language
	Level    string // incident: a Level
	State    string // incident: in words
	When     Time   // incident
	Known    bool   // article touched by an open incident
}

// Filter narrows the results; choosing it again removes it.
type Filter struct {
	Name     string
	Count    int
	URL      string
	Selected bool
}

// SettingsCard is the instant answer to "imap server".
type SettingsCard struct {
	Title  string
	Groups []Settings
	URL    string // the set-up page
	Note   string
	NoteTo string // article that says more, "" = none
}

// Contact is how to reach people.
type Contact struct {
	Chrome
	Level    string
	Sentence string
	Ways     ContactWays
	Popular  []ArticleLink
	Form     *ContactForm // nil: nobody takes messages here, or one was dealt with
	Sent     string       // reference of a message that was taken
	Without  string       // says that its files were left out
	Solved   bool         // an answer was enough
}

// ContactForm is a message to the provider, with what may answer it.
type ContactForm struct {
	Text      string
	Address   string // for the answer
	Mailbox   string // that it is about
	Error     string
	Wrong     string // the field that the error is about: text, address, mailbox or file
	Looked    bool   // what follows was looked for
	Incidents []PostLink
	Articles  []ArticleLink
	Elsewhere string // says that the answer may not be readable there
}

// ErrorPage is every answer that is not the page asked for.
type ErrorPage struct {
	Chrome
	Status  int           // 404 410 421 429 500 503, and 400 403 405 412 413
	Removed string        // 410: title of the article
	Near    []ArticleLink // 404, 410
	Retry   string        // 429, 503: "in 30 seconds", "" = not said
	Detail  string        // a safe sentence, "" = none
	Contact ContactWays
}

// Message is a short answer after a form (subscription confirmed, thanks …),
// with at most one more form.
type Message struct {
	Chrome
	Text   string
	Button string // "" = no form
	Action string // POST
	Fields []Hidden
	Back   Link
}

func (p *Home) page() (string, *Chrome)      { return "home", &p.Chrome }
func (p *Topic) page() (string, *Chrome)     { return "topic", &p.Chrome }
func (p *Article) page() (string, *Chrome)   { return "article", &p.Chrome }
func (p *Search) page() (string, *Chrome)    { return "search", &p.Chrome }
func (p *Contact) page() (string, *Chrome)   { return "contact", &p.Chrome }
func (p *ErrorPage) page() (string, *Chrome) { return "error", &p.Chrome }
func (p *Message) page() (string, *Chrome)   { return "message", &p.Chrome }

// VoteReason asks why after a vote; every field is optional.
type VoteReason struct {
	Chrome
	Article ArticleLink
	Helpful bool
	Action  string // POST
	Fields  []Hidden
	Reasons []Choice
}

// Widget is the page in the frame that widget.js inserts. It has no header.
type Widget struct {
	Chrome
	Level    string
	Sentence string
	Popular  []ArticleLink
}

// Style shows every element, for those who work on the pages.
type Style struct {
	Chrome
	Levels  []string
	Article Article
	Board   StatusBoard
	Post    StatusPost
	Setup   SetupResult
	Report  AgentReport
}

func (p *VoteReason) page() (string, *Chrome) { return "vote", &p.Chrome }
func (p *Widget) page() (string, *Chrome)     { return "widget", &p.Chrome }
func (p *Style) page() (string, *Chrome)      { return "style", &p.Chrome }
