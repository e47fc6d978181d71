package view

import "slices"

// Settings is one service's values, as a table with copy buttons.
type Settings struct {
	Use  string // imap pop3 submit caldav carddav jmap sieve
	Name string // "Incoming mail (IMAP)"
	Note string
	Rows []Setting
}

// Setting is one row. Values may hold {address} {local} {domain}, which the
// script replaces by what the visitor typed.
type Setting struct {
	Name  string
	Value string
	Copy  bool // offers a copy button
}

// Setup is the form of /setup.
type Setup struct {
	Chrome
	Address string
	Login   string
	Error   string
	Domains []string // the provider's own, for the example
	Guides  []Guide
	Meant   *Meant
	Foreign *Foreign
}

// Meant asks whether a mistyped address was meant to be another one.
type Meant struct {
	Address string // with the domain that was probably meant
	Domain  string
}

// Foreign says that the domain's mail is somewhere else.
type Foreign struct {
	Domain  string
	MX      string // who has it, "" = nobody
	Unknown bool   // DNS did not answer
}

// Guide is a mail program with its own page.
type Guide struct {
	Client   string   // of the URL
	Clients  []string // all that the guide is for
	Name     string   // "Apple Mail"
	Platform string   // "macOS", in words
	URL      string
	Current  bool
}

// For reports whether the guide is for a mail program.
func (g Guide) For(client string) bool { return slices.Contains(g.Clients, client) }

// SetupResult is the answer to the form. The visitor's device comes first, as
// far as it is known, everything else is folded.
type SetupResult struct {
	Chrome
	// Placeholder: only a domain is known. Address is "{address}", and all
	// values and hidden fields hold {address} {local} {domain}; the script
	// fills in what the visitor typed, which never leaves the page until a
	// file is asked for.
	Placeholder bool
	Address     string
	Login       string // as typed; "" = the description's form
	Domain      string
	Provider    string
	Protocol    string // imap or pop3
	Ours        bool   // the visitor said so, DNS did not
	POP         bool   // POP is offered at all
	Groups      []Settings
	Special     []Special
	Profile     *Profile
	QR          *QR
	Files       []File
	Device      string  // iphone ipad mac android windows linux; "" = not known
	First       []Guide // of that device
	Guides      []Guide // of all others
	Verify      *Verify
	Hosted      bool   // the domain is a customer's: the DNS page is offered
	Webmail     string // URL, "" = none
	DNS         string // URL of the DNS page
	Explain     string // URL
}

// Special is what one program needs instead of the general settings.
type Special struct {
	Client string
	Why    Link
	Groups []Settings
}

// Profile is the button for Apple devices.
type Profile struct {
	Device string // of the visitor, as in SetupResult
	Action string // POST; "" = cannot be offered
	Fields []Hidden
	DAV    bool     // calendars and contacts can be included
	Adds   []string // "Mail (IMAP)", "Calendars"
	Signed bool
	Why    *Link // when Action is empty: the guide to use instead
}

// QR is a code as an SVG path of unit squares; see NewQR.
type QR struct {
	Size    int // modules along one side, with the quiet zone
	Path    string
	URL     string
	Expires string // "in 10 minutes"
	Open    bool   // it was asked for
}

// File is a configuration file to download by POST.
type File struct {
	Format string
	Name   string // "msmtp"
	About  string
	Action string
	Fields []Hidden
}

// Verify is what the last connection to the described servers showed.
type Verify struct {
	OK       bool
	At       Time
	Ago      string // "5 minutes ago"
	Problems []string
}

// SetupGuide is /setup/CLIENT: steps with the settings beside them.
type SetupGuide struct {
	Chrome
	Client   string
	Name     string
	Platform string
	Domain   string
	Domains  []string
	Summary  string
	BodyLang string
	Fallback *Fallback
	Groups   []Settings
	Special  *Link // the article that explains this program's exception
	Body     HTML
	Example  string // the address that stands for the visitor's; the script puts theirs in its place
	Profile  bool   // the set-up page offers a profile for this program
	Article  string // URL of the indexed article
	Others   []Guide
	Known    []Alert
	Contact  ContactWays
}

// SetupExplain shows what each program asks and gets.
type SetupExplain struct {
	Chrome
	Domain  string
	Error   string
	Clients []ExplainClient
}

// ExplainClient is a kind of mail program.
type ExplainClient struct {
	Name  string
	Note  string
	Steps []ExplainStep
}

// ExplainStep is one question.
type ExplainStep struct {
	Asks  string // URL or DNS name
	Gets  string
	Level string // ok notice degraded down
}

// SetupDomain is the DNS page of a customer's domain.
type SetupDomain struct {
	Chrome
	Domain  string
	Error   string
	Groups  []RecordGroup
	Zone    string // the same as zone text
	Checked bool   // Checks are the live DNS
	Checks  []Check
	At      Time
}

// RecordGroup is DNS records with one purpose.
type RecordGroup struct {
	Name    string
	Why     string
	Records []Record
}

// Record is one DNS record.
type Record struct {
	Name  string
	Type  string
	Value string
}

// Check is one sentence about the live DNS.
type Check struct {
	Level string // ok notice degraded down
	Text  string
}

// SetupProfile is /p/TOKEN, reached by the QR code.
type SetupProfile struct {
	Chrome
	Expired bool
	Device  string // as in SetupResult
	Address string
	First   []Guide // of the device
	Groups  []Settings
	Profile Profile
}

func (p *Setup) page() (string, *Chrome)        { return "setup", &p.Chrome }
func (p *SetupResult) page() (string, *Chrome)  { return "setup-result", &p.Chrome }
func (p *SetupGuide) page() (string, *Chrome)   { return "setup-guide", &p.Chrome }
func (p *SetupExplain) page() (string, *Chrome) { return "setup-explain", &p.Chrome }
func (p *SetupDomain) page() (string, *Chrome)  { return "setup-domain", &p.Chrome }
func (p *SetupProfile) page() (string, *Chrome) { return "setup-profile", &p.Chrome }
