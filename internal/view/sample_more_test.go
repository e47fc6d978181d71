package view

import "time"

func (s *sample) result() *SetupResult {
	code, err := NewQR("https://help.example.com/p/4bX2mEw8yJr0dQkTqf6GZh3uLs1vNcAa")
	if err != nil {
		panic(err)
	}
	code.Expires = "in 10 minutes"
	return &SetupResult{
		Chrome: s.chrome(s.l.T("setup.result"), "/setup"), Address: "kari.nordmann@example.com", Domain: "example.com", Provider: "Example Mail", Protocol: "imap", POP: true,
		Groups:  settings("kari.nordmann@example.com"),
		Special: []Special{{Client: "Apple Mail", Why: Link{Text: articles[0].Title, URL: articles[0].URL}, Groups: settings("kari.nordmann@example.com")[:1]}},
		Profile: &Profile{Action: "/setup/profile.mobileconfig", Fields: []Hidden{{"address", "kari.nordmann@example.com"}, {"protocol", "imap"}}, DAV: true, Adds: []string{"Mail (IMAP)", "Calendars"}},
		QR:      &code, Files: []File{{"msmtp", "msmtp", "~/.msmtprc", "/setup/file/msmtp", []Hidden{{"address", "kari.nordmann@example.com"}}}, {"mbsync", "mbsync", "~/.mbsyncrc", "/setup/file/mbsync", nil}},
		Guides: guides(), Verify: &Verify{OK: true, Ago: s.l.Ago(s.now.Add(-5*time.Minute), s.now)}, Hosted: true, Webmail: "https://webmail.example.com/", DNS: "/setup/domain?d=example.com", Explain: "/setup/explain?d=example.com",
	}
}

func guides() []Guide {
	return []Guide{{Client: "apple-mail", Name: "Apple Mail", Platform: "macOS", URL: "/setup/apple-mail"}, {Client: "ios", Name: "Mail", Platform: "iPhone and iPad", URL: "/setup/ios"}, {Client: "thunderbird", Name: "Thunderbird", URL: "/setup/thunderbird"}, {Client: "outlook", Name: "Outlook", Platform: "Windows", URL: "/setup/outlook"}}
}

func (s *sample) setups() map[string]Page {
	waiting := s.result()
	waiting.Placeholder, waiting.Address, waiting.Groups, waiting.QR, waiting.Verify = true, "{address}", settings("{address}"), nil, &Verify{Ago: "an hour ago", Problems: []string{"imap.example.com does not answer on port 993."}}
	waiting.Profile.Fields = []Hidden{{"address", "{address}"}}
	return map[string]Page{
		"/setup":         &Setup{Chrome: s.chrome(s.l.T("setup.title"), "/setup"), Domains: []string{"example.com"}, Guides: guides()},
		"/setup-error":   &Setup{Chrome: s.chrome(s.l.T("setup.title"), "/setup"), Address: "kari@", Error: s.l.T("setup.error.no-at"), Foreign: &Foreign{Domain: "example.org", MX: "mx.example.net"}},
		"/setup-result":  s.result(),
		"/setup-waiting": waiting,
		"/setup-guide": &SetupGuide{
			Chrome: s.chrome("Apple Mail", "/setup/apple-mail"), Client: "apple-mail", Name: "Apple Mail", Platform: "macOS", Domain: "example.com", Domains: []string{"example.com"}, BodyLang: "en", Summary: "Set up Apple Mail on a Mac.", Groups: settings("{address}"),
			Special: &Link{Text: articles[0].Title, URL: articles[0].URL}, Body: articleBody, Profile: true, Article: "/help/apple-mail", Others: guides(), Contact: s.ways(),
		},
		"/setup-explain": &SetupExplain{Chrome: s.chrome(s.l.T("explain.title"), "/setup/explain"), Domain: "example.com", Clients: []ExplainClient{
			{Name: "Thunderbird", Steps: []ExplainStep{{"https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=name@example.com", "All servers, with the sign-in methods.", "ok"}, {"https://example.com/.well-known/autoconfig/mail/config-v1.1.xml", "Nothing answers here. The first address is enough.", "notice"}}},
			{Name: "Outlook", Note: "Outlook asks a service of its maker first.", Steps: []ExplainStep{{"https://autodiscover.example.com/autodiscover/autodiscover.xml", "The name does not exist. Add the record below.", "down"}}},
		}},
		"/setup-domain": &SetupDomain{
			Chrome: s.chrome(s.l.T("domain.title"), "/setup/domain"), Domain: "example.org", Checked: true, At: At(s.l, s.now),
			Checks: []Check{{"ok", "Mail for example.org goes to our servers."}, {"degraded", "There are two SPF records. Receivers ignore both: join them."}, {"down", "There is no DKIM record."}},
			Groups: []RecordGroup{{"Delivery", "Without these, nobody can write to you.", []Record{{"example.org.", "MX", "10 mx.example.com."}, {"example.org.", "TXT", "v=spf1 include:_spf.example.com -all"}}}},
			Zone:   "example.org. 3600 IN MX 10 mx.example.com.\n",
		},
		"/p/token":   &SetupProfile{Chrome: s.chrome(s.l.T("token.title"), "/p"), Address: "kari.nordmann@example.com", Groups: settings("kari.nordmann@example.com"), Profile: *s.result().Profile},
		"/p/expired": &SetupProfile{Chrome: s.chrome(s.l.T("token.expired"), "/p"), Expired: true},
	}
}

func (s *sample) agents() map[string]Page {
	a := func(current string) Agent {
		return Agent{Name: "kari", CSRF: "csrf", Current: current, Host: "https://help.example.com", Problems: []Problem{{"help/spam/en.md", 12, true, "unknown key \"sumary\"", "did you mean \"summary\"?"}, {"help/parts/x/en.md", 0, false, "is included nowhere", ""}}}
	}
	langs := []Choice{{"", "As detected", true}, {"en", "English", false}, {"de", "Deutsch", false}}
	platforms := []Choice{{"", "As detected", true}, {"macos", "macOS", false}, {"ios", "iPhone and iPad", false}}
	desk := &AgentDesk{
		Chrome: s.chrome(s.l.T("agent.desk"), "/agent"), Agent: a("desk"), Text: "Hello,\n\nsince this morning Apple Mail on my Mac says that the password is wrong. It is not, the webmail works with it.\n\nKari", Asked: true,
		Detected: []string{"macOS", "Apple Mail", "POP", "English"}, Address: "kari.nordmann@example.com", Platforms: platforms, Langs: langs, Tracking: true,
		Incidents: []DeskIncident{{"IMAP and POP do not answer", "23 November 15:02", "/status/2026-11-23-imap", LevelDown, "identified", "We know about this problem and are working on it: https://help.example.com/status/2026-11-23-imap", "<p>We know about this problem.</p>", []string{"says: password"}}},
		Maybe:     []DeskIncident{{"Sending is slow", "23 November 15:20", "/status/2026-11-23-smtp", LevelDegraded, "investigating", "We are looking into it.", "<p>We are looking into it.</p>", []string{"says: error"}}},
		AlsoOpen:  []Link{{Text: "Domains do not resolve", URL: "/status/2026-11-23-dns"}}, MoreOpen: 1, Open: 4,
		Articles: []DeskArticle{
			{1, 1042, "on-macos", articles[0].Title, articles[0].URL, "/agent/a/1042", "Why <mark>Apple Mail</mark> says that the <mark>password</mark> is <mark>wrong</mark>", []string{"“Apple Mail” in the title", "sent for 14 similar tickets"}, "en", []string{"macOS"}, "20 November 2026", true, false, 31, 24, 9},
			{2, 1003, "", articles[3].Title, articles[3].URL, "/agent/a/1003", "A good <mark>password</mark> is long.", []string{"password"}, "en", nil, "", false, true, 3, 1, 0},
		},
	}
	report := &AgentReport{
		Chrome: s.chrome(s.l.T("agent.report"), "/agent/report"), Agent: a("report"), Period: "November 2026", Periods: []Link{{"30 days", "/agent/report?days=30", true}, {"90 days", "/agent/report?days=90", false}}, Files: []Link{{"Links", "/agent/report.csv", false}},
		Totals:  []Figure{{"Links sent", "1,204", ""}, {"Opened", "871", "72 %"}, {"Helped", "240", ""}, {"Searches", "9,312", ""}},
		Charts:  []Chart{{"Searches a day", []Point{{"1 Nov", 30}, {"2 Nov", 55}, {"3 Nov", 41}, {"4 Nov", 80}, {"5 Nov", 0}}}, {"Links sent a day", []Point{{"1 Nov", 3}, {"2 Nov", 5}, {"3 Nov", 4}}}},
		Links:   []LinkRow{{articles[0].Title, articles[0].URL, 31, 24, 9, 1}, {articles[1].Title, articles[1].URL, 20, 4, 1, 0}},
		Missing: []QueryRow{{"exchange", "en", 12, 0}}, Unused: []QueryRow{{"fax", "de", 3, 2}}, Gaps: []GapRow{{"caldav, windows, sync", 4, "21 November 2026", []string{"7"}}},
		Reviews: []ReviewRow{{articles[1].Title, articles[1].URL, "1 November 2026", "anna"}}, Votes: []VoteRow{{articles[2].Title, articles[2].URL, 3, 8, "hard to follow (5)", []string{"The picture is too small."}}},
	}
	conditions := []Choice{{"", s.l.T("write.unaffected"), false}, {"degraded", s.l.T("level.degraded"), false}, {"down", s.l.T("level.down"), true}}
	field := func(kind, name, label, value string, options ...Choice) Field {
		return Field{Type: kind, Name: name, Label: s.l.T(label), Value: value, Checked: kind == "checkbox", Hint: "30m", Options: options}
	}
	states := field("radio", "state", "write.state", "", Choice{"investigating", "We are looking into it", true}, Choice{"identified", "We know the cause", false})
	card := s.board().Open[0]
	write := &AgentStatus{
		Chrome: s.chrome(s.l.T("nav.status"), "/agent/status"), Agent: a("status"), Mode: "new", Form: true, Action: "/agent/status", Fields: []Hidden{{"csrf", "csrf"}},
		Others: []Choice{{"become:incident", "Incident", true}, {"become:maintenance", "Planned work", false}}, States: &states, Zone: "Europe/Oslo",
		About: &card.PostLink, Updates: []Link{{Text: "Cause found", URL: "/agent/status?do=edit", Current: true}},
		Tabs: []LanguageTab{
			{Lang: "en", Name: "English", Selected: true, Filled: true, Fields: []Field{field("text", "title", "write.title", "IMAP does not answer"), field("area", "text", "write.text", "We are looking into it.")}},
			{Lang: "de", Name: "Deutsch", Fields: []Field{field("area", "text-de", "write.text", "")}, More: []Field{field("text", "who-de", "post.who", "")}, Open: true},
		},
		Parts:    []StatusPart{{true, "mail", "All: Mail", conditions}, {false, "imap", "IMAP", conditions}, {false, "calendar", "Calendar and contacts", conditions}},
		Sections: []FormSection{{Fields: []Field{field("select", "mail", "write.mail", "", Choice{"", "Say nothing", true}), field("datetime-local", "starts", "post.starts", "2026-12-01T22:00")}}, {Title: s.l.T("write.more"), Open: true, Fields: []Field{field("checkbox", "draft", "write.draft", "true")}}},
		Second:   &Second{Posts: []Choice{{"x", "IMAP and POP do not answer", false}}}, SignIn: "/agent/signin", Error: s.l.T("write.signedout"),
		Preview: &Preview{Alert: &Alert{Full: true, Level: LevelDown, Text: "IMAP is down since 23:30.", Mail: "Incoming mail is safe.", Since: At(s.l, s.now), URL: "/status/x", State: "We are looking into it"}, Card: card, Ends: true, Times: []PreviewTime{{"Europe/Oslo", "1 December 2026, 22:00", "2 December 2026, 00:00"}, {"UTC", "1 December 2026, 21:00", "1 December 2026, 23:00"}}, Warnings: []string{"“tonight” means nothing tomorrow: write the date."}, Told: &Told{Reach: s.l.T("told.reach", "list", "E-mail 12, Slack 1"), Mail: "[Cause found] IMAP does not answer\n\nSince: 1 December 2026, 22:00 CET", Waits: s.l.T("told.relay")}},
		Notices: true,
	}
	work := func(release []Hidden) (list []PostWork) {
		for _, p := range s.posts() {
			list = append(list, PostWork{PostLink: p, Work: []Link{{Text: s.l.T("write.update"), URL: "/agent/status?do=update&id=x"}}, Release: release})
		}
		return list
	}
	buttons := &AgentStatus{
		Chrome: write.Chrome, Agent: a("status"), Action: "/agent/status", Blocked: &Blocked{s.l.T("write.cause.gone"), "The content folder cannot be reached: it is missing. Put the folder back."},
		Place: []Problem{{"status/2026/x.md", 0, true, "this post was acknowledged, and the copy of the content that is served now lacks it", "copy it back"}},
		Error: s.l.T("write.cause.no-space"), Advice: "Enlarge the disk.", Drafted: work([]Hidden{{"csrf", "csrf"}}), Posts: work(nil), Saved: &Link{Text: "IMAP and POP do not answer", URL: "/status/x"}, Undo: []Hidden{{"csrf", "csrf"}},
		Told: &Told{Held: []HeldNotice{{s.l.T("told.held", "state", "Cause found", "time", "22:00 CET"), "stop:20261201T2100Z"}}, Counts: s.l.T("told.counts", "delivered", "12", "failed", "1", "waiting", "3")}, ToldFields: []Hidden{{"csrf", "csrf"}},
	}
	kinds := &AgentStatus{
		Chrome: write.Chrome, Agent: a("status"), Mode: "new", Action: "/agent/status",
		Kinds: []KindStart{{Link: Link{Text: "Incident", URL: "/agent/status?do=new&kind=incident"}, Explained: s.l.T("write.kind.incident"), Templates: []Link{{Text: "Outage", URL: "/agent/status?do=new&kind=incident&template=outage"}}}},
	}
	return map[string]Page{
		"/agent/signin": &AgentSignIn{Chrome: s.chrome(s.l.T("signin.title"), "/agent"), Password: true, OpenID: "/agent/openid", First: true, Error: s.l.T("signin.wrong")},
		"/agent":        desk,
		"/agent/empty":  &AgentDesk{Chrome: desk.Chrome, Agent: a("desk"), Platforms: platforms, Langs: langs},
		"/agent/search": &AgentSearch{
			Chrome: s.chrome(s.l.T("search.button"), "/agent/search"), Agent: a("search"), Examples: []Link{{Text: "lang:de +imap", URL: "/agent/search?q=lang%3Ade+%2Bimap"}}, Fields: []string{"title", "lang"}, Asked: true, Total: 22,
			Facets: []FilterGroup{{s.l.T("desk.lang"), []Filter{{"English", 20, "/agent/search?q=a", true}, {"Deutsch", 2, "/agent/search?q=b", false}}}}, Narrowed: true, Next: "/agent/search?q=a&page=2", Previous: "/agent/search?q=a",
			Results: []AgentHit{{1042, articles[0].Title, "/agent/a/1042?lang=de", articles[0].URL, "on-macos", "macOS", "<mark>IMAP</mark> works.", "Deutsch", []string{s.l.T("desk.overdue")}, "", "", "20 November 2026"}, {Title: "IMAP does not answer", URL: "/status/x", Level: LevelDown, StateWord: "identified"}},
		},
		"/agent/search-wrong": &AgentSearch{Chrome: s.chrome(s.l.T("search.button"), "/agent/search"), Agent: a("search"), Error: s.l.T("find.field")},
		"/agent/a/1042":       &AgentArticle{Chrome: s.chrome(articles[0].Title, "/agent/a/1042"), Agent: a("desk"), ID: 1042, Heading: articles[0].Title, Public: articles[0].URL, Link: "https://help.example.com/r/x7d2/apple-mail-pop", Langs: langs, Platforms: platforms, Sections: []Choice{{"", "The whole article", true}}, Text: "Apple Mail signs in with APOP.", Markdown: "Apple Mail signs in with **APOP**.", HTML: "<p>Apple Mail signs in with <strong>APOP</strong>.</p>", Preview: "<p>Apple Mail signs in with <strong>APOP</strong>.</p>", Revision: "3f2a", Updated: On(s.l, s.now), Review: On(s.l, s.now), Overdue: true, Owner: "anna", Internal: true, Sent: 31},
		"/agent/report":       report,
		"/agent/status":       buttons,
		"/agent/write":        write,
		"/agent/kinds":        kinds,
		"/agent/problem":      &AgentProblems{Chrome: s.chrome(s.l.T("problems.title"), "/agent/problems"), Agent: a("problems"), Revision: "3f2a9", Loaded: At(s.l, s.now)},
	}
}

// all returns every page by a path that no test but these use.
func (s *sample) all() map[string]Page {
	quiet := s.board()
	quiet.Level, quiet.Sentence, quiet.Mail, quiet.Open, quiet.Upcoming, quiet.Recent, quiet.Alerts = LevelOK, "Everything works.", "", nil, nil, nil, nil
	calm := s.home()
	calm.Level, calm.Sentence, calm.Now, calm.Upcoming, calm.Alerts = LevelOK, "Everything works.", nil, nil, nil
	fallback := s.article()
	fallback.Fallback, fallback.Lang = &Fallback{Reason: "missing", Lang: "English"}, s.l.Tag
	out := map[string]Page{
		"/": s.home(), "/calm": calm, "/help/apple-mail-pop": s.article(), "/help/fallback": fallback,
		"/topics/programs": &Topic{Chrome: s.chrome("Mail programs", "/topics/programs"), Crumbs: []Link{{Text: "Help", URL: "/"}}, Category: Category{Name: "Mail programs", Count: 4, Articles: articles}, Others: []Link{{Text: "Spam and phishing", URL: "/topics/spam"}}},
		"/search":          s.search("aple mail paswrod", true), "/search-none": s.search("xyzzy", false),
		"/contact":   &Contact{Chrome: s.chrome(s.l.T("contact.title"), "/contact"), Level: LevelOK, Sentence: "Everything works.", Ways: s.ways(), Popular: articles},
		"/error/404": &ErrorPage{Chrome: s.chrome(s.l.T("error.title.404"), "/x"), Status: 404, Near: articles[:3], Contact: s.ways()},
		"/error/429": &ErrorPage{Chrome: s.chrome(s.l.T("error.title.429"), "/x"), Status: 429, Retry: "in 30 seconds"},
		"/error/500": &ErrorPage{Chrome: s.chrome(s.l.T("error.title.500"), "/x"), Status: 500},
		"/message":   &Message{Chrome: s.chrome("Confirm", "/x"), Text: "Press the button to confirm.", Button: "Confirm", Action: "/x", Back: Link{Text: "Back", URL: "/"}},
		"/vote":      &VoteReason{Chrome: s.chrome(s.l.T("vote.thanks"), "/x"), Article: articles[0], Action: "/x", Reasons: []Choice{{"outdated", s.l.T("vote.reason.outdated"), false}, {"unclear", s.l.T("vote.reason.unclear"), false}}},
		"/widget":    &Widget{Chrome: s.chrome("", "/widget"), Level: LevelOK, Sentence: "Everything works.", Popular: articles[:3]},
		"/status":    s.board(),
		"/status/ok": quiet,
		"/status/x":  s.post(),
		"/status/history/2026-11": &StatusHistory{
			Chrome: s.chrome(s.l.T("history.title", "month", "November 2026"), "/x"), Month: s.l.Month(s.now), Days: []HistoryDay{{On(s.l, s.now), s.posts()[:2]}, {On(s.l, s.now.AddDate(0, 0, -21)), s.posts()[2:]}},
			Previous: &Link{Text: "October 2026", URL: "/status/history/2026-10"}, Months: []Link{{Text: "November 2026", URL: "/status/history/2026-11", Current: true}, {Text: "October 2026", URL: "/status/history/2026-10"}},
		},
		"/style": NewStyle(s.chrome("", "/style"), s.l, At(s.l, s.now)),
	}
	for _, m := range []map[string]Page{s.setups(), s.agents(), s.notices()} {
		for path, p := range m {
			out[path] = p
		}
	}
	return out
}
