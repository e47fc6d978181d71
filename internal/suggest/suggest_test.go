package suggest_test

import (
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/net/html"

	"signpost/internal/content/source"
	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/site"
	"signpost/internal/suggest"
	"signpost/internal/ticket"
	"signpost/web"
)

const evil = `<img src=x onerror=alert(1)> **b** [l](http://evil.test) |`

var files = map[string]string{
	"site.yaml": "name: Test\nurl: https://help.example.com\nlanguages: [en, de]\ndefault_provider: example.com\ntime_zone: Europe/Oslo\n" +
		"components:\n  - {id: imap, name: {en: Reading mail (IMAP)}, services: [imap]}\n" +
		"  - {id: smtp, name: {en: Sending mail (SMTP)}}\n  - {id: pop, name: {en: Fetching e-mail, de: Mail abholen}}\n",
	"providers/example.yaml": "provider: example.com\nname: Example\ndomains: [example.com]\nservices:\n" +
		"  - {use: imap, host: imap.example.com, port: 993, security: tls, auth: [password]}\n" +
		"  - {use: submit, host: smtp.example.com, port: 465, security: tls, auth: [password]}\n",
	"help/mail/setup/en.md": "---\nid: 1001\ntitle: Set up Kite Mail\nkind: howto\nservices: [imap]\n---\n\n" +
		"::: macos\n1. Open **Kite**. It is blue.\n2. Type {{address}} as user. Then wait.\n:::\n\n::: windows\n1. Call Bill.\n:::\n\n{{settings imap}}\n",
	"help/mail/setup/de.md":  "---\ntitle: Kite Mail einrichten\n---\n",
	"help/mail/evil/en.md":   "---\nid: 1002\ntitle: '" + evil + "'\nsummary: '" + evil + "'\n---\nText.\n",
	"help/mail/secret/en.md": "---\nid: 1003\ntitle: Refund of kites\nstate: internal\n---\nRefunds.\n",
	"status/down.md":         "---\ntitle: '" + evil + "'\nkind: incident\naffects: imap=down\n---\n## 2026-11-20 15:00 investigating\nA spindle broke.\n",
}

func open(t *testing.T) (*site.Snapshot, *locale.Catalogues) { return openWith(t, nil) }

// openWith opens the site with files beside it, or in the place of its own.
func openWith(t *testing.T, more map[string]string) (*site.Snapshot, *locale.Catalogues) {
	t.Helper()
	fsys := fstest.MapFS{}
	for _, list := range []map[string]string{files, more} {
		for name, text := range list {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	live, err := site.Open(site.Config{Source: source.Embedded("test", fs.FS(fsys)), Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	if p := live.Snapshot().Problems; p.HasErrors() {
		t.Fatal(p)
	}
	texts, err := locale.Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	return live.Snapshot(), texts
}

func read(t *testing.T, text string) ticket.Ticket {
	t.Helper()
	v, err := ticket.FromText("", text, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSuggest(t *testing.T) {
	s, _ := open(t)
	for _, tt := range []struct {
		text     string
		o        suggest.Options
		article  string // URL of the first
		incident string // reason of the first; "-": none
	}{
		{"How do I set up Kite Mail?", suggest.Options{}, "/help/setup", "-"},
		{"How do I set up Kite Mail?", suggest.Options{Lang: "de"}, "/de/help/setup", "-"},
		{"Wie kann ich Kite Mail einrichten?", suggest.Options{}, "/de/help/setup", "-"},
		{"The spindle broke, and IMAP is dead", suggest.Options{}, "", "says: imap is dead"}, // one word in passing does not answer it
		{"I want a refund", suggest.Options{}, "/agent/a/1003", "-"},
		{"I want a refund: no mails, no mail, no mailbox", suggest.Options{}, "/agent/a/1003", "-"},
		{"I want a refund, reading does not work", suggest.Options{}, "/agent/a/1003", "-"},
		{"No new mail in Kite since this morning", suggest.Options{}, "/help/setup", "says: no new mail"},
		{"I want a refund", suggest.Options{Public: true}, "", "-"},
	} {
		got := suggest.For(s, read(t, tt.text), tt.o)
		url, why := "", "-"
		if len(got.Articles) > 0 {
			url, _, _ = strings.Cut(got.Articles[0].URL, "?")
			url, _, _ = strings.Cut(url, "#")
		}
		if len(got.Incidents) > 0 {
			why = strings.Join(got.Incidents[0].Why, " ")
		}
		if url != tt.article || !strings.Contains(why, tt.incident) {
			t.Errorf("%q %+v = %s because of %s, want %s, %s", tt.text, tt.o, url, why, tt.article, tt.incident)
		}
		if got.Articles == nil || got.Incidents == nil || got.Open == nil || got.Detected.Codes == nil {
			t.Errorf("%q: a list is nil", tt.text)
		}
	}
}

// TestRefusedPasswords: a wrong password is the customer's own matter, unless an
// incident says of itself that passwords are not taken.
func TestRefusedPasswords(t *testing.T) {
	const fits, might, not = "fits", "might", "not"
	for _, tt := range []struct{ incident, text, want string }{
		{"Passwords are refused by the server.", "IMAP in Kite says that the password is wrong. What should I do?", fits},
		{"Passwords are refused by the server.", "Meine Mails kommen nicht mehr, das Programm fragt ständig nach dem Passwort.", fits},
		{"Passwords are refused by the server.", "I changed my password and now Kite says wrong password.", might},
		{"Passwords are refused by the server.", "The outgoing server says that the password is wrong", not},
		{"Passwords are refused by the server.", "Where do I order another mailbox?", not},
		{"Innloggingen feiler, og passordet godtas ikke.", "My mail program keeps asking for the password", fits},
		{"The disk is full.", "Kite says that my password is wrong", not},
	} {
		s, _ := openWith(t, map[string]string{"status/down.md": "---\ntitle: Reading fails\nkind: incident\naffects: imap=down\n---\n## 2026-11-20 15:00 investigating\n" + tt.incident + "\n"})
		got := suggest.For(s, read(t, tt.text), suggest.Options{})
		level := not
		if len(got.Incidents) > 0 {
			level = fits
		} else if len(got.Open) > 0 && got.Open[0].Maybe {
			level = might
		}
		if level != tt.want {
			t.Errorf("%q while %q: %s, want %s", tt.text, tt.incident, level, tt.want)
		}
	}
}

// TestSpellings: umlauts may be written out, a code of a mail program says
// enough, and a few words need not tell their language.
func TestSpellings(t *testing.T) {
	for _, tt := range []struct {
		text string
		want bool
	}{
		{"Die Mails im Posteingang laden nicht, das Programm haengt seit heute frueh.", true},
		{"Das Programm meldet beim Abrufen eine Zeitueberschreitung.", true},
		{"0x800CCC0E", true},
		{"Kite says 0x80042108 again", true},
		{"0x80042109", false}, // the outgoing server
		{"IMAP antwortet nicht", true},
		{"IMAP svarer ikke", true},
		{"IMAP?", false},
	} {
		s, _ := openWith(t, map[string]string{"status/down.md": "---\ntitle: Reading fails\nkind: incident\naffects: imap=down\n---\n## 2026-11-20 15:00 investigating\nThe disk is full.\n"})
		if got := suggest.For(s, read(t, tt.text), suggest.Options{}); len(got.Incidents) > 0 != tt.want {
			t.Errorf("%q: %+v, open %+v", tt.text, got.Incidents, got.Open)
		}
	}
}

func TestPiecesForACustomer(t *testing.T) {
	s, texts := open(t)
	anna, err := address.Parse("anna.berg@example.com")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := s.Help.Find("setup")
	for _, tt := range []struct {
		c       suggest.Customer
		want    []string
		without []string
	}{
		{suggest.Customer{Address: anna, Platform: "macos"}, []string{"Set up Kite Mail", "Open", "It is blue", "2. Type", "anna.berg@example.com", "Then wait", "imap.example.com", "993", "https://help.example.com/a/1001?p=macos"}, []string{"Bill", "your.name"}},
		{suggest.Customer{Platform: "windows"}, []string{"1. Call Bill", "your.name@example.com"}, []string{"Kite. It", "anna"}},
		{suggest.Customer{Lang: "de"}, []string{"Kite Mail einrichten", "https://help.example.com/a/1001"}, []string{"Bill", "?p="}},
	} {
		p, err := suggest.ArticleSnippet(s, texts, a, tt.c, "", "https://help.example.com", "")
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{p.Text, strings.ReplaceAll(p.Markdown, `\`, ""), textOf(t, p.HTML) + p.HTML} {
			for _, w := range tt.want {
				w = strings.TrimPrefix(strings.TrimPrefix(w, "1. "), "2. ")
				if !strings.Contains(form, w) {
					t.Errorf("%+v: no %q in\n%s", tt.c, w, form)
				}
			}
			for _, w := range tt.without {
				if strings.Contains(form, w) {
					t.Errorf("%+v: %q in\n%s", tt.c, w, form)
				}
			}
		}
		for line := range strings.Lines(p.Text) {
			if len([]rune(line)) > 73 && !strings.Contains(line, "://") {
				t.Errorf("a long line: %q", line)
			}
		}
	}
	own, err := suggest.SettingsSnippet(s, texts, suggest.Customer{Address: anna}, "https://help.example.com")
	if err != nil || !strings.Contains(own.Text, "smtp.example.com") || !strings.Contains(own.Text, "anna.berg@example.com") || own.URL != "https://help.example.com/setup" {
		t.Errorf("settings: %v\n%s", err, own.Text)
	}
}

// TestHostileTitles: what stands in a title is text in every form.
func TestHostileTitles(t *testing.T) {
	s, texts := open(t)
	a, _ := s.Help.Find("evil")
	p, err := suggest.ArticleSnippet(s, texts, a, suggest.Customer{}, "", "https://help.example.com", "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(p.Text, "<img src=x onerror=alert(1)>") {
		t.Errorf("text: %s", p.Text)
	}
	if strings.Contains(p.Markdown, "\n<img") || strings.Contains(p.Markdown, " **b**") || strings.Contains(p.Markdown, "[l](http") || !strings.Contains(p.Markdown, `\<img`) {
		t.Errorf("Markdown: %s", p.Markdown)
	}
	if names := elements(t, p.HTML); slices.Contains(names, "img") || slices.Contains(names, "script") {
		t.Errorf("HTML has %v: %s", names, p.HTML)
	}
}

func elements(t *testing.T, text string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			names = append(names, n.Data)
		}
	}
	return names
}

func textOf(t *testing.T, text string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return b.String()
}
