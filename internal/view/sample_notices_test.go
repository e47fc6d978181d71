package view

// notices are the pages of subscriptions.
func (s *sample) notices() map[string]Page {
	form := NoticeForm{
		Action: "/status/subscribe", Asks: true, Zone: "Europe/Oslo",
		Components: []Choice{{"imap", "IMAP", true}, {"pop3", "POP", false}, {"webmail", "Webmail", false}},
		Kinds:      []Choice{{"incident", s.l.T("kind.incident"), false}, {"maintenance", s.l.T("kind.maintenance"), false}, {"notice", s.l.T("kind.notice"), false}},
		Languages:  []Choice{{"en", "English", true}, {"de", "Deutsch", false}},
	}
	doubt := form
	doubt.Address, doubt.Meant, doubt.Doubt = "jo@gmial.com", "jo@gmail.com", s.l.T("subscribe.meant", "address", "jo@gmail.com")
	own := form
	own.Asks, own.Action = false, "/status/subscribe/x"
	chrome := s.chrome(s.l.T("status.follow"), "/status/subscribe")
	chrome.Site.Notices, chrome.Site.Legal = true, []Link{{Text: s.l.T("legal.privacy"), URL: "https://www.example.com/privacy"}}
	return map[string]Page{
		"/status/subscribe":       &Subscribe{Chrome: chrome, Intro: s.l.T("subscribe.text"), Form: form},
		"/status/subscribe/doubt": &Subscribe{Chrome: chrome, Intro: s.l.T("subscribe.text"), Form: doubt, Error: s.l.T("subscribe.error.zone"), Wrong: "zone"},
		"/status/subscribe/x": &Subscribe{
			Chrome: chrome, Intro: s.l.T("subscribe.manage.for", "target", "jo@example.org"), Done: s.l.T("subscribe.saved"), Form: own,
			Targets: &Targets{
				List: []Target{{"1", "Slack, https://hooks.slack.com/…", false}, {"2", "Webhook, https://example.net/…", true}}, Channels: []Choice{{"webhook", "Webhook", false}, {"slack", "Slack", false}},
				Secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq=",
			},
		},
	}
}
