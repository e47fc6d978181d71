package view

import (
	"time"

	"signpost/internal/locale"
)

// sample makes a realistic page of every type, with its path. Texts of the
// content stay English; the interface is in l's language.
type sample struct {
	l   *locale.Language
	now time.Time
}

func newSample(l *locale.Language) *sample {
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		panic(err)
	}
	return &sample{l, time.Date(2026, 11, 23, 23, 41, 0, 0, oslo)}
}

func (s *sample) ago(d time.Duration) Time { return At(s.l, s.now.Add(-d)) }

func (s *sample) chrome(title, path string) Chrome {
	root := ""
	if s.l.Tag != "en" {
		root = "/" + s.l.Tag
	}
	return Chrome{
		Lang: s.l.Tag, Root: root, Title: title, Description: "How to set up and use Example Mail.",
		Canonical:  "https://help.example.com" + root + path,
		Alternates: []Alternate{{"en", "https://help.example.com" + path}, {"de", "https://help.example.com/de" + path}, {"nb", "https://help.example.com/nb" + path}, {"x-default", "https://help.example.com" + path}},
		Site: Site{
			Name: "Example Mail", URL: "https://help.example.com", ThemeCSS: "/theme.css", Contact: true, Setup: true, Sample: true,
			Header: []Link{{Text: "Webmail", URL: "https://webmail.example.com/"}},
			Footer: []Link{{Text: "Privacy", URL: "https://www.example.com/privacy"}, {Text: "Imprint", URL: "https://www.example.com/imprint"}},
		},
		Languages: []LanguageLink{{"en", "English", path, s.l.Tag == "en"}, {"de", "Deutsch", "/de" + path, s.l.Tag == "de"}, {"nb", "norsk bokmål", "/nb" + path, s.l.Tag == "nb"}},
		Alerts:    []Alert{s.alert(false)},
		Feeds:     []Feed{{"Articles", "application/atom+xml", "/help/feed.atom"}},
		EditURL:   "https://git.example.com/help/edit",
	}
}

func (s *sample) alert(full bool) Alert {
	return Alert{Full: full, Level: LevelDown, Text: "IMAP and POP are down since 23:30.", Mail: "Incoming mail is safe.", Since: s.ago(11 * time.Minute), URL: "/status/2026-11-23-imap"}
}

var articles = []ArticleLink{
	{Title: "Apple Mail cannot connect with POP", URL: "/help/apple-mail-pop", Summary: "Why Apple Mail needs another server name for POP, and how to change it."},
	{Title: "Train the spam filter", URL: "/help/spam-filter", Summary: "Teach the filter with Report Spam, and get back what it took by mistake."},
	{Title: "“Certificate not trusted”: what the warning means", URL: "/help/certificate-warning", Summary: "When to go on, and when to stop."},
	{Title: "Choose and protect your password", URL: "/help/passwords"},
}

func (s *sample) posts() []PostLink {
	return []PostLink{
		{Title: "IMAP and POP do not answer", URL: "/status/2026-11-23-imap", Level: LevelDown, StateWord: "identified", Kind: "incident", When: s.ago(11 * time.Minute), Names: []string{"IMAP", "POP"}, Summary: "A power strip in our server room has failed."},
		{Title: "Network maintenance", URL: "/status/2026-12-01-network", Level: LevelMaintenance, StateWord: "planned", Kind: "maintenance", When: s.ago(-8 * 24 * time.Hour), Until: s.ago(-8*24*time.Hour - 2*time.Hour), Duration: "2 hours", Names: []string{"IMAP", "POP", "SMTP", "Webmail"}},
		{Title: "Card payments fail", URL: "/status/2026-11-02-payments", Level: LevelOK, StateWord: "resolved", Kind: "incident", When: On(s.l, s.now.AddDate(0, 0, -21)), Names: []string{"Payments"}},
	}
}

func (s *sample) ways() ContactWays {
	return ContactWays{Hours: "Monday to Friday, 08:00 to 18:00", Phone: "+47 00 00 00 00", Email: "support@example.com", URL: "https://www.example.com/tickets"}
}

func categories() []Category {
	names := []string{"Getting started", "Mail programs", "Spam and phishing", "Passwords and safety", "Your own domain", "Paying"}
	out := make([]Category, len(names))
	for i, n := range names {
		out[i] = Category{ID: string(rune('a' + i)), Name: n, URL: "/topics/" + string(rune('a'+i)), Count: 5 + i, Articles: articles[i%2 : 3+i%2]}
	}
	for i := range out {
		for j := range out[i].Articles {
			out[i].Articles = append([]ArticleLink{}, out[i].Articles...)
			out[i].Articles[j].Summary = ""
		}
	}
	return out
}

func settings(address string) []Settings {
	return []Settings{
		{Use: "imap", Name: "Incoming mail (IMAP)", Note: "recommended", Rows: []Setting{{"Server", "imap.example.com", true}, {"Port", "993", true}, {"Security", "SSL/TLS", false}, {"Sign-in", "Normal password", false}, {"User name", address, true}}},
		{Use: "submit", Name: "Outgoing mail (SMTP)", Rows: []Setting{{"Server", "smtp.example.com", true}, {"Port", "465", true}, {"Security", "SSL/TLS", false}, {"Sign-in", "Normal password", false}, {"User name", address, true}}},
	}
}

const articleBody = `<p>Apple Mail signs in with a method called APOP when it can. Our usual server does not offer it, so Apple Mail says that the password is wrong, although it is right.</p>
<h2 id="when">When you need this <a class="anchor" href="#when" aria-label="Link to this section">#</a></h2>
<p>Only if you use <strong>POP</strong> and only in <em>Apple Mail</em>. With IMAP, use the <a href="/setup">usual settings</a>. Press <kbd>⌘</kbd>+<kbd>,</kbd> to open the settings.</p>
<div class="alert alert-note" role="note"><p class="alert-title">Note</p><p>Your mail stays where it is. Changing the server name deletes nothing.</p></div>
<section class="platform" data-platform="macos"><p class="platform-name">macOS</p>
<h2 id="mac-steps">Change the server name <a class="anchor" href="#mac-steps" aria-label="Link to this section">#</a></h2>
<ol class="steps"><li id="step-1"><a class="anchor" href="#step-1" aria-label="Link to step 1">#</a><p>Open <strong>Mail</strong>, then <strong>Settings</strong>, then <strong>Accounts</strong>.</p></li>
<li id="step-2"><a class="anchor" href="#step-2" aria-label="Link to step 2">#</a><p>Choose your account and open <strong>Server Settings</strong>.</p>
<figure><img src="/static/figure.svg" width="640" height="240" alt="The window with the server settings" loading="lazy"><figcaption>The field for incoming mail</figcaption></figure></li>
<li id="step-3"><a class="anchor" href="#step-3" aria-label="Link to step 3">#</a><p>Replace the host name with <code class="copy" data-copy="apop.example.com">apop.example.com</code> and save.</p></li></ol></section>
<section class="platform" data-platform="ios"><p class="platform-name">iPhone and iPad</p>
<h2 id="ios-steps">On an iPhone or iPad <a class="anchor" href="#ios-steps" aria-label="Link to this section">#</a></h2>
<ol class="steps"><li id="ios-1"><p>Open <strong>Settings</strong>, then <strong>Apps</strong>, then <strong>Mail</strong>.</p></li><li id="ios-2"><p>Change the host name to <code class="copy" data-copy="apop.example.com">apop.example.com</code>.</p></li></ol></section>
<div class="alert alert-tip" role="note"><p class="alert-title">Tip</p><p>IMAP keeps all your devices the same. If nothing speaks for POP, change to IMAP.</p></div>
<h2 id="settings-table">All settings <a class="anchor" href="#settings-table" aria-label="Link to this section">#</a></h2>
<div class="table settings" tabindex="0"><table>
<caption>Incoming mail (POP) for Apple Mail</caption>
<tbody><tr><th scope="row">Server</th><td><code class="copy" data-copy="apop.example.com">apop.example.com</code></td></tr><tr><th scope="row">Port</th><td><code class="copy" data-copy="995">995</code></td></tr></tbody></table></div>
<div class="table" tabindex="0"><table><thead><tr><th>Folder</th><th class="right">Kept for</th></tr></thead><tbody><tr><td>Spam</td><td class="right">30 days</td></tr></tbody></table></div>
<div class="alert alert-warning" role="note"><p class="alert-title">Warning</p><p>Never send us your password.</p></div>
<pre><code>require ["fileinto"];
if header :contains "X-Spam-Level" "*******" { fileinto "Obvious spam"; }</code></pre>
<p class="profile"><a class="button" href="/setup">Set up this device</a></p>
<ul><li>One thing</li><li>Another thing, with <code>550 5.7.1</code></li></ul>`

func (s *sample) article() *Article {
	c := s.chrome("Apple Mail cannot connect with POP", "/help/apple-mail-pop")
	c.JSONLD = NewArticleLD(c.Title, articles[0].Summary, c.Canonical, "en", "2026-01-05", "2026-11-20", OrgLD{Name: "Example Mail", URL: "https://www.example.com"}, []Link{{Text: "Help", URL: "https://help.example.com/"}})
	return &Article{
		Chrome: c, ID: 1042, Slug: "apple-mail-pop",
		Crumbs:  []Link{{Text: "Help", URL: "/"}, {Text: "Mail programs", URL: "/topics/programs"}},
		Heading: c.Title, Summary: articles[0].Summary, BodyLang: "en",
		Known:     []Alert{s.alert(false)},
		Contents:  []Heading{{ID: "when", Text: "When you need this"}, {ID: "mac-steps", Text: "Change the server name"}, {ID: "settings-table", Text: "All settings", Children: []Heading{{ID: "step-3", Text: "The third step"}}}},
		Platforms: []Platform{{"macos", "macOS"}, {"ios", "iPhone and iPad"}},
		Body:      articleBody, Updated: On(s.l, s.now), Permalink: "https://help.example.com/a/1042",
		Formats: []Link{{Text: "Markdown", URL: "/help/apple-mail-pop.md"}, {Text: "Text", URL: "/help/apple-mail-pop.txt"}},
		Related: articles[1:], Posts: s.posts()[2:], Vote: &Vote{Action: "/help/apple-mail/vote", Revision: "3f2a"}, Contact: s.ways(),
	}
}

func (s *sample) home() *Home {
	c := s.chrome("", "/")
	c.JSONLD = NewWebSiteLD("Example Mail", c.Site.URL, c.Site.URL+"/search?q={query}")
	c.Alerts = []Alert{s.alert(true)}
	return &Home{
		Chrome: c, Level: LevelDown, Sentence: "IMAP and POP are down since 23:30.", Now: s.posts()[:1], Upcoming: s.posts()[1:2], Domains: []string{"example.com"},
		Clients:    []Link{{Text: "Apple Mail", URL: "/setup/apple-mail"}, {Text: "Outlook", URL: "/setup/outlook"}, {Text: "Thunderbird", URL: "/setup/thunderbird"}},
		Categories: categories(), MostRead: articles,
	}
}

func (s *sample) search(query string, results bool) *Search {
	c := s.chrome(s.l.T("search.title", "query", query), "/search")
	c.Query, c.Robots = query, "noindex"
	p := &Search{Chrome: c, Contact: s.ways(), Popular: articles}
	if !results {
		return p
	}
	p.Popular, p.Contact = nil, ContactWays{}
	p.Total = 1234
	p.Corrected = &Correction{Shown: "apple mail password", Original: query, OriginalURL: "/search?q=x&exact=1"}
	p.Categories = []Filter{{"Mail programs", 8, "/search?q=x", true}, {"Passwords and safety", 3, "/search?q=x", false}}
	p.Platforms = []Filter{{"macOS", 5, "/search?q=x", false}, {"Windows", 2, "/search?q=x", false}}
	p.Card = &SettingsCard{Title: "Settings for incoming mail", Groups: settings("name@example.com")[:1], URL: "/setup", Note: "Apple Mail with POP needs another server.", NoteTo: "/help/apple-mail-pop"}
	p.Results = []Result{
		{Kind: "incident", Title: "IMAP and POP do not answer", URL: "/status/2026-11-23-imap", Snippet: "A power strip in our server room has failed.", Level: LevelDown, State: "identified", When: s.ago(11 * time.Minute)},
		{Kind: "article", Title: articles[0].Title, URL: articles[0].URL, Section: "Change the server name", Snippet: "Why <mark>Apple</mark> <mark>Mail</mark> says that the <mark>password</mark> is wrong, although it is right, and how to change it.", Category: "Mail programs", Known: true},
		{Kind: "article", Title: articles[3].Title, URL: articles[3].URL, Snippet: "A good <mark>password</mark> is long, not complicated.", Category: "Passwords and safety", Lang: "de"},
	}
	p.Next = "/search?q=x&page=2"
	return p
}

func (s *sample) card(i int) PostCard {
	return PostCard{
		PostLink: s.posts()[i], Body: "<p>A power strip in our server room has failed. We are moving the servers to another one.</p>", Updated: s.ago(time.Minute),
		Affected: []Affect{{"IMAP", LevelDown, "down"}, {"POP", LevelDown, "down"}}, Unaffected: []string{"Web hosting", "Domains"},
		Mail: "Incoming mail is delayed, not lost.", Expect: "about 10 minutes per router", Next: &Due{At: s.ago(-20 * time.Minute)}, ETA: &Due{Text: "in 30 to 45 minutes", Overdue: true, At: s.ago(5 * time.Minute)}, Help: articles[:2],
	}
}

func (s *sample) board() *StatusBoard {
	days := make([]Day, 90)
	for i := range days {
		days[i] = Day{Date: On(s.l, s.now.AddDate(0, 0, i-89)), Level: LevelOK}
		if i < 12 {
			days[i].Level = LevelNone
		}
	}
	bad := append([]Day{}, days...)
	bad[40].Level, bad[40].Text, bad[40].URL = LevelPartial, "partly down for 1 hour 20 minutes", "/status/a"
	bad[63].Level, bad[63].Text = LevelMaintenance, "maintenance for 2 hours"
	bad[89].Level, bad[89].Text, bad[89].URL = LevelDown, "down for 11 minutes", "/status/2026-11-23-imap"
	c := s.chrome(s.l.T("status.title"), "/status")
	c.Feeds = []Feed{{"Atom", "application/atom+xml", "/status/feed.atom"}, {"JSON Feed", "application/feed+json", "/status/feed.json"}}
	return &StatusBoard{
		Chrome: c, Level: LevelDown, Sentence: "IMAP and POP are down since 23:30.", Mail: "Incoming mail is safe.",
		Open: []PostCard{s.card(0)}, Upcoming: []PostCard{s.card(1)},
		Groups: []ComponentGroup{
			{Name: "Mail", Components: []Component{
				{ID: "imap", Name: "IMAP", Level: LevelDown, StateWord: "down", Since: s.ago(11 * time.Minute), Uptime: s.l.Percent(.99951), Days: bad, Problems: 3},
				{ID: "smtp", Name: "SMTP", Level: LevelOK, StateWord: "working", Uptime: s.l.Percent(1), Days: days},
				{ID: "webmail", Name: "Webmail", Level: LevelDegraded, StateWord: "slow", Uptime: s.l.Percent(.9999), Days: days},
			}},
			{Name: "Other", Components: []Component{{ID: "web", Name: "Web hosting", Level: LevelOK, StateWord: "working", Days: days}}},
		},
		Recent: s.posts(), Days: 90, From: days[0].Date, Zone: "Europe/Oslo", AsOf: At(s.l, s.now), History: "/status/history/2026-11", Calendar: "/status/maintenance.ics",
	}
}

func (s *sample) post() *StatusPost {
	c := s.chrome("IMAP and POP do not answer", "/status/2026-11-23-imap")
	return &StatusPost{
		Chrome: c, ID: "2026-11-23-imap", Kind: "incident", Heading: c.Title, Open: true, Level: LevelDown, StateWord: "identified", ImpactWord: "major",
		Starts: s.ago(11 * time.Minute), Ends: s.ago(-2 * time.Hour), Duration: "2 hours 11 minutes", BodyLang: "en",
		Fallback: &Fallback{Reason: "missing", Lang: "English"},
		Windows:  []Window{{Start: s.ago(-10 * time.Hour), End: s.ago(-12 * time.Hour)}},
		Affected: []Affect{{"IMAP", LevelDown, "down"}, {"POP", LevelDown, "down"}}, Unaffected: []string{"Web hosting", "Domains"}, UnaffectedText: "Programs on your own computer are not affected.",
		Mail: "Incoming mail is delayed, not lost.", MailLevel: LevelDegraded, Who: "Customers whose mail is on server 3", Expect: "about 10 minutes per router",
		ETA: &Due{Text: "in 30 to 45 minutes", At: s.ago(time.Minute), Overdue: true}, Next: &Due{At: s.ago(-20 * time.Minute)},
		Workaround: Prose{s.l.Tag, "<p>Read your mail in the webmail.</p>"}, Action: Prose{s.l.Tag, "<p>Change your password.</p>"}, HeadingLang: s.l.Tag, Supplier: "Power company", Summary: "<p>Mail programs say that the server does not answer.</p>",
		Updates: []Update{
			{ID: "20261123T2240Z", Level: LevelDown, StateWord: "identified", At: s.ago(time.Minute), Body: "<p>A power strip has failed. <strong>Web hosting is not affected.</strong></p>", Changes: []Affect{{"Webmail", LevelOK, "working"}}, Edited: s.ago(0), ETA: "30 minutes"},
			{ID: "20261123T2230Z", Level: LevelDegraded, StateWord: "investigating", At: s.ago(11 * time.Minute), Body: "<p>We are looking into it.</p>", Corrects: &Link{Text: "22:10", URL: "#x"}},
		},
		Help: articles[:2], Calendar: "/status/2026-11-23-imap.ics", Previous: &Link{Text: "Card payments fail", URL: "/status/x"}, NextPost: &Link{Text: "Network maintenance", URL: "/status/y"}, Contact: s.ways(),
	}
}
