package view

import "html/template"

// A Page is one of the structs of this package; Renderer.Render takes it.
type Page interface {
	// page returns the name of its template and what it shares with all others.
	page() (name string, c *Chrome)
}

// Chrome is what every page has around its own content. Every URL is
// site-relative and complete (with the language prefix) unless said otherwise.
type Chrome struct {
	Lang        string      // of the interface: a language of the catalogues
	Root        string      // "" for the default language, else "/de": prefix of the fixed routes
	Title       string      // without the site's name
	Description string      // one sentence for search engines, may be empty
	Canonical   string      // absolute, "" = none
	Alternates  []Alternate // absolute, all languages of this page
	Robots      string      // "noindex" or ""
	Site        Site
	Languages   []LanguageLink // the language switch; shown when there are two or more
	Query       string         // text in the search field
	Alerts      []Alert        // open incidents and pinned notices, worst first
	Feeds       []Feed         // <link rel="alternate">
	JSONLD      any            // a typed value (see jsonld.go), marshalled by the renderer; nil = none
	EditURL     string         // "Improve this page", absolute; "" = none
}

// Site is the same on all pages of one language.
type Site struct {
	Name     string
	URL      string // absolute, without a slash at the end
	Logo     string // URL of the operator's logo, "" = none
	LogoW    int    // its size in CSS pixels, 0 = unknown
	LogoH    int
	ThemeCSS string // URL of site.css with the lines of ThemeCSS behind it, "" = the default accent
	CSS      string // URL of the operator's own stylesheet, "" = none
	Sample   bool   // the embedded sample is served: a banner says so
	Contact  bool   // there is a contact page
	Setup    bool   // there is a provider description
	Notices  bool   // readers can subscribe to the status
	Header   []Link
	Footer   []Link
	Legal    []Link // imprint, privacy, accessibility: in the footer, and under forms that ask for an address
}

// Link is a text with a target. Current marks the page itself.
type Link struct {
	Text    string
	URL     string
	Current bool
}

// Alternate is this page in another language; Lang "x-default" is allowed.
type Alternate struct {
	Lang string
	URL  string
}

// LanguageLink is one entry of the language switch. Name is in that language.
type LanguageLink struct {
	Lang    string
	Name    string
	URL     string
	Current bool
}

// Feed is a subscription. Type is a media type.
type Feed struct {
	Title string
	Type  string
	URL   string
}

// Alert is the line about an open post above every page, or above one article.
type Alert struct {
	Full  bool   // major impact: shown large with the mail sentence; else one line
	Level string // a Level: "down" "partial" "degraded" "maintenance" "notice"
	Text  string // one plain sentence: "IMAP and POP are down since 23:30."
	Mail  string // "Incoming mail is safe.", "" = nothing said
	Since Time
	URL   string // the post
	State string // in words, for Full; or ""
	ETA   *Due   // for Full; nil = none promised

	Follow string // URL of where to subscribe to the status, ""
}

// ArticleLink points at a help article.
type ArticleLink struct {
	Title   string
	URL     string
	Summary string
	Lang    string // when it differs from the page's language, else ""
}

// PostLink points at a status post in a list.
type PostLink struct {
	Title     string
	Lang      string // of the title, when it differs from the page's language, else ""
	URL       string
	Level     string // colour and icon: a Level
	StateWord string // "resolved", in words
	Kind      string // incident, maintenance, notice
	When      Time
	Until     Time // maintenance; zero = open
	Duration  string
	Summary   string
	Names     []string // components, in words
}

// Level orders how bad a thing is; templates use it as a class, and a word or
// an icon with a text always stands beside it.
const (
	LevelOK          = "ok"
	LevelNotice      = "notice"
	LevelMaintenance = "maintenance"
	LevelDegraded    = "degraded"
	LevelPartial     = "partial"
	LevelDown        = "down"
	LevelNone        = "none" // no data
)

// ContactWays is how to reach the provider; empty fields are not shown.
type ContactWays struct {
	Hours string
	Phone string
	Email string
	URL   string
}

// Any reports whether there is a way at all.
func (c ContactWays) Any() bool { return c.Phone != "" || c.Email != "" || c.URL != "" }

// Hidden is a form field that the visitor does not see.
type Hidden struct {
	Name  string
	Value string
}

// HTML that a page shows as it is comes from internal/content/markdown only,
// or is built here; the alias names that promise.
type HTML = template.HTML
