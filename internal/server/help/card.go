package help

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"signpost/internal/lang"
	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/server/page"
	"signpost/internal/view"
)

// Words by which a search asks for settings. Protocols have the same names
// everywhere; the other words are those of all languages.
var (
	useWords = func() map[string][]provider.Use {
		uses := map[string][]provider.Use{
			"imap": {provider.IMAP}, "imaps": {provider.IMAP}, "pop": {provider.POP3}, "pop3": {provider.POP3}, "pop3s": {provider.POP3},
			"smtp": {provider.Submit}, "caldav": {provider.CalDAV}, "carddav": {provider.CardDAV},
			"sieve": {provider.Sieve}, "managesieve": {provider.Sieve}, "jmap": {provider.JMAP},
		}
		for _, l := range lang.All() {
			for _, w := range l.Settings.Incoming {
				uses[w] = []provider.Use{provider.IMAP, provider.POP3}
			}
			for _, w := range l.Settings.Outgoing {
				uses[w] = []provider.Use{provider.Submit}
			}
		}
		return uses
	}()
	askWords = wordsOf(func(s lang.Settings) []string { return s.Ask })
	// serverWords ask for all settings when nothing else is said.
	serverWords = wordsOf(func(s lang.Settings) []string { return s.Servers })
	// clientWords name a mail program; of several the first here counts.
	clientWords = []struct {
		client string
		words  []string
	}{
		{"apple-mail", []string{"apple mail", "mac mail", "macos mail", "mail app"}},
		{"outlook-classic", []string{"outlook"}},
		{"iphone", []string{"iphone", "ipad", "ios"}},
		{"thunderbird", []string{"thunderbird"}},
		{"gmail-app", []string{"gmail"}},
	}
)

func wordsOf(list func(lang.Settings) []string) []string {
	var all []string
	for _, l := range lang.All() {
		all = append(all, list(l.Settings)...)
	}
	return all
}

// settingsCard answers "imap server" and "pop apple mail" at once, from the
// provider description; nil when the search asks for something else.
func settingsCard(e page.Context, text string) *view.SettingsCard {
	p := e.Snap.Library.Provider()
	if p == nil || len(text) > 80 {
		return nil
	}
	lower := strings.ToLower(text)
	words := strings.FieldsFunc(lower, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	uses, asks := askedUses(p, lower, words)
	client, said := "", " "+strings.Join(words, " ")+" "
	for _, c := range clientWords {
		if slices.ContainsFunc(c.words, func(w string) bool { return strings.Contains(said, " "+w+" ") }) {
			client = c.client
			break
		}
	}
	if len(uses) == 0 || !asks && client == "" && len(words) > 1 || len(words) > 6 {
		return nil
	}
	l := e.Words()
	rd := e.ReaderIn(e.Lang)
	account := p.Account(address.Address{}, client)
	card := &view.SettingsCard{Title: l.T("card.title", "provider", p.NameIn(e.Lang)), URL: e.Root() + "/setup"}
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
		if a, _ := e.Snap.Help.Find(account.Because); a != nil {
			link := e.ArticleLink(a)
			card.Note, card.NoteTo = link.Title, link.URL
		}
	}
	return card
}

// askedUses finds the services that a search names, by their words, host names
// or ports, and whether it asks for settings.
func askedUses(p *provider.Provider, lower string, words []string) (uses []provider.Use, asks bool) {
	add := func(u provider.Use) {
		if !slices.Contains(uses, u) {
			uses = append(uses, u)
		}
	}
	only, server := true, false
	for _, w := range words {
		for _, u := range useWords[w] {
			add(u)
		}
		server = server || slices.Contains(serverWords, w)
		asks = asks || slices.Contains(askWords, w)
		only = only && (slices.Contains(serverWords, w) || slices.Contains(askWords, w))
	}
	for _, s := range p.Account(address.Address{}, "").Services {
		if s.Host != "" && strings.Contains(lower, s.Host) || server && slices.Contains(words, strconv.Itoa(s.PortNumber())) {
			add(s.Use)
			asks = true
		}
	}
	if len(uses) == 0 && server && only {
		uses = []provider.Use{provider.IMAP, provider.Submit}
	}
	return uses, asks || server
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
	return html.EscapeString(strings.Join(parts, " · "))
}
