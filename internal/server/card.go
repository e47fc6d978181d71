package server

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/view"
)

// Words by which a search asks for settings, in the languages of the pages.
var (
	useWords = map[string][]provider.Use{
		"imap": {provider.IMAP}, "imaps": {provider.IMAP}, "pop": {provider.POP3}, "pop3": {provider.POP3}, "pop3s": {provider.POP3},
		"smtp": {provider.Submit}, "submission": {provider.Submit}, "outgoing": {provider.Submit}, "postausgang": {provider.Submit},
		"postausgangsserver": {provider.Submit}, "utgående": {provider.Submit}, "caldav": {provider.CalDAV}, "carddav": {provider.CardDAV},
		"incoming": {provider.IMAP, provider.POP3}, "posteingang": {provider.IMAP, provider.POP3},
		"posteingangsserver": {provider.IMAP, provider.POP3}, "innkommende": {provider.IMAP, provider.POP3},
		"sieve": {provider.Sieve}, "managesieve": {provider.Sieve}, "jmap": {provider.JMAP},
	}
	askWords = []string{
		"server", "servers", "port", "ports", "host", "hostname", "settings", "setting", "address", "name", "ssl", "tls", "encryption",
		"einstellungen", "servername", "verschlüsselung", "innstillinger", "innstilling", "tjener", "vert", "kryptering", "serveradresse",
	}
	clientWords = map[string][]string{
		"apple-mail": {"apple mail", "mac mail", "macos mail", "mail.app"}, "iphone": {"iphone", "ipad", "ios"},
		"thunderbird": {"thunderbird"}, "outlook-classic": {"outlook"}, "gmail-app": {"gmail"},
	}
)

// settingsCard answers "imap server" and "pop apple mail" at once, from the
// provider description; nil when the search asks for something else.
func (r *request) settingsCard(text string) *view.SettingsCard {
	p := r.snap.Library.Provider()
	if p == nil || len(text) > 80 {
		return nil
	}
	lower := strings.ToLower(text)
	words := strings.FieldsFunc(lower, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '.' && c != '-' })
	var uses []provider.Use
	asks := false
	for _, w := range words {
		for _, u := range useWords[w] {
			if !slices.Contains(uses, u) {
				uses = append(uses, u)
			}
		}
		asks = asks || slices.Contains(askWords, w)
	}
	client := ""
	for name, list := range clientWords {
		if slices.ContainsFunc(list, func(w string) bool { return strings.Contains(lower, w) }) {
			client = name
		}
	}
	if len(uses) == 0 || !asks && client == "" && len(words) > 1 || len(words) > 6 {
		return nil
	}
	l := r.words()
	rd := r.readerIn(r.lang)
	account := p.Account(address.Address{}, client)
	card := &view.SettingsCard{Title: l.T("card.title", "provider", p.NameIn(r.lang)), URL: r.root() + "/setup"}
	for _, u := range uses {
		for i, s := range account.All(u) {
			if i > 0 && !strings.Contains(lower, strings.ToLower(s.SecurityName())) && !slices.Contains(words, strconv.Itoa(s.PortNumber())) {
				continue // the first is what people should use; others are for who asks for them
			}
			table := rd.Table(p, s)
			g := view.Settings{Use: string(u), Name: table.Caption}
			for _, row := range table.Rows {
				g.Rows = append(g.Rows, view.Setting{Name: row.Label, Value: row.Value, Copy: row.Copy})
			}
			card.Groups = append(card.Groups, g)
		}
	}
	if len(card.Groups) == 0 {
		return nil
	}
	if account.Because != "" {
		if a, _ := r.snap.Help.Find(account.Because); a != nil {
			link := r.articleLink(a)
			card.Note, card.NoteTo = link.Title, link.URL
		}
	}
	return card
}

// cardSnippet is a card in one line.
func cardSnippet(c *view.SettingsCard) string {
	var parts []string
	for _, g := range c.Groups {
		var values []string
		for _, row := range g.Rows {
			if row.Value != "" && !strings.Contains(row.Value, "@") {
				values = append(values, row.Value)
			}
		}
		parts = append(parts, g.Name+": "+strings.Join(values, ", "))
	}
	return escape(strings.Join(parts, " · "))
}
