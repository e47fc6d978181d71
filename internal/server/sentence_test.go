package server_test

import (
	"html"
	"io/fs"
	"log/slog"
	"maps"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/server"
	"signpost/internal/site"
)

// frozenDesk serves the sample's site.yaml and these files at one instant.
func frozenDesk(t testing.TB, now time.Time, files map[string]string) *server.Server {
	t.Helper()
	return benchDesk(t, now, files).srv
}

func benchDesk(t testing.TB, now time.Time, files map[string]string) *desk {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{"site.yaml": sampleFile(t, "site.yaml")}
	maps.Copy(all, files)
	for name, text := range all {
		writeFile(t, dir, name, text)
	}
	src, err := source.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { src.Close() })
	clock := func() time.Time { return now }
	log := slog.New(slog.DiscardHandler)
	live, err := site.Open(site.Config{Source: src, Now: clock, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	for _, p := range live.Snapshot().Problems {
		if strings.HasPrefix(p.Path, "status/") {
			t.Log(p)
		}
	}
	s, err := server.New(server.Config{Live: live, Log: log, Now: clock, URL: "https://help.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{dir: dir, live: live, srv: s}
}

// sampleFile is a file of the sample site.
func sampleFile(t testing.TB, name string) string {
	t.Helper()
	b, err := fs.ReadFile(articles.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func ask(s *server.Server, path string) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "http://help.example.com"+path, nil))
	return w.Body.String()
}

var verdict = regexp.MustCompile(`<div class="verdict (\w+)"><p>(.*?)</p>(?:<p>(.*?)</p>)?</div>`)

// What the status page says first, word for word.
func TestSentences(t *testing.T) {
	t.Parallel()
	oslo, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 15, 0, 0, 0, oslo)
	incident := func(front, updates string) string {
		return "---\ntitle: Trouble with mail\nkind: incident\ndate: 2026-11-23\n" + front + "\n---\n" + updates
	}
	tests := []struct {
		name       string
		posts      []string
		level      string
		en, nb, de string
	}{
		{
			"nothing", nil, "ok",
			"Everything works.", "Alt virker.", "Alles funktioniert.",
		},
		{
			"one component",
			[]string{incident("affects: imap=down\nmail: safe", "## 14:20 investigating\n")},
			"down",
			"Reading mail (IMAP) has been down since 14:20 CET. | Incoming mail is safe.",
			"Lese e-post (IMAP) har vært nede siden kl. 14.20 CET. | Innkommende e-post er trygg.",
			"E-Mail lesen (IMAP) ist seit 14:20 Uhr (MEZ) ausgefallen. | Eingehende E-Mails sind sicher.",
		},
		{
			"several",
			[]string{incident("affects: imap=down pop=down webmail=down\nmail: delayed", "## 14:20 investigating\n")},
			"down",
			"Reading mail (IMAP), Fetching mail (POP) and Webmail have been down since 14:20 CET. | Incoming mail is delayed. Nothing is lost.",
			"Lese e-post (IMAP), Hente e-post (POP) og Webmail har vært nede siden kl. 14.20 CET. | Innkommende e-post er forsinket. Ingenting er tapt.",
			"E-Mail lesen (IMAP), E-Mail abholen (POP) und Webmail sind seit 14:20 Uhr (MEZ) ausgefallen. | Eingehende E-Mails kommen verspätet an. Nichts geht verloren.",
		},
		{
			"a whole group",
			[]string{incident("affects: mail=down\nmail: at-risk", "## 14:20 investigating\n")},
			"down",
			"E-mail has been down since 14:20 CET. | Some incoming mail may be returned to its sender.",
			"E-post har vært nede siden kl. 14.20 CET. | Noe innkommende e-post kan bli sendt tilbake til avsenderen.",
			"E-Mail ist seit 14:20 Uhr (MEZ) ausgefallen. | Ein Teil der eingehenden E-Mails kann an die Absender zurückgehen.",
		},
		{
			"everything",
			[]string{incident("affects: network=partial", "## 14:20 investigating\n")},
			"partial",
			"Network has been partly down since 14:20 CET.", "Nettverk har vært delvis nede siden kl. 14.20 CET.", "Netzwerk ist seit 14:20 Uhr (MEZ) teilweise ausgefallen.",
		},
		{
			"one name for two things",
			[]string{incident("affects: domains=degraded", "## 14:20 investigating\n")},
			"degraded",
			"Domains and DNS have been slow or limited since 14:20 CET.",
			"Domener og DNS har vært trege eller begrenset siden kl. 14.20 CET.",
			"Domains und DNS sind seit 14:20 Uhr (MEZ) langsam oder eingeschränkt.",
		},
		{
			"degraded",
			[]string{incident("affects: webmail=degraded\nmail: lost", "## 14:20 investigating\n")},
			"degraded",
			"Webmail has been slow or limited since 14:20 CET. | Some mail has been lost.",
			"Webmail har vært treg eller begrenset siden kl. 14.20 CET. | Noe e-post har gått tapt.",
			"Webmail ist seit 14:20 Uhr (MEZ) langsam oder eingeschränkt. | Ein Teil der E-Mails ist verloren gegangen.",
		},
		{
			"one down, one slow",
			[]string{incident("affects: imap=down pop=degraded smtp=degraded", "## 14:20 investigating\n")},
			"down",
			"Reading mail (IMAP) has been down since 14:20 CET. Fetching mail (POP) and Sending mail (SMTP) are slow or limited.",
			"Lese e-post (IMAP) har vært nede siden kl. 14.20 CET. Hente e-post (POP) og Sende e-post (SMTP) er trege eller begrenset.",
			"E-Mail lesen (IMAP) ist seit 14:20 Uhr (MEZ) ausgefallen. E-Mail abholen (POP) und E-Mail senden (SMTP) sind langsam oder eingeschränkt.",
		},
		{
			"worse than at first",
			[]string{incident("affects: imap=degraded", "## 13:05 investigating\n## 14:20 identified imap=down\n## 14:40 update\n")},
			"down",
			"Reading mail (IMAP) has been down since 14:20 CET.", "Lese e-post (IMAP) har vært nede siden kl. 14.20 CET.", "E-Mail lesen (IMAP) ist seit 14:20 Uhr (MEZ) ausgefallen.",
		},
		{
			"at different times",
			[]string{incident("affects: imap=down", "## 13:05 investigating\n## 14:20 identified pop=down\n")},
			"down",
			"Reading mail (IMAP) and Fetching mail (POP) are down.", "Lese e-post (IMAP) og Hente e-post (POP) er nede.", "E-Mail lesen (IMAP) und E-Mail abholen (POP) sind ausgefallen.",
		},
		{
			"the start is known to the day",
			[]string{incident("affects: imap=down", "## 2026-11-22 investigating\n")},
			"down",
			"Reading mail (IMAP) is down.", "Lese e-post (IMAP) er nede.", "E-Mail lesen (IMAP) ist ausgefallen.",
		},
		{
			"since yesterday",
			[]string{incident("affects: imap=down", "## 2026-11-22 23:30 investigating\n")},
			"down",
			"Reading mail (IMAP) has been down since 23:30 CET on 22 November.",
			"Lese e-post (IMAP) har vært nede siden 22. november kl. 23.30 CET.",
			"E-Mail lesen (IMAP) ist seit dem 22. November, 23:30 Uhr (MEZ), ausgefallen.",
		},
		{
			"about, and in another zone",
			[]string{incident("affects: imap=down\napprox: true\nzone: America/New_York", "## 08:20 EST investigating\n")},
			"down",
			"Reading mail (IMAP) has been down since about 08:20 EST.", "Lese e-post (IMAP) har vært nede siden cirka kl. 08.20 EST.", "E-Mail lesen (IMAP) ist seit etwa 08:20 Uhr (EST) ausgefallen.",
		},
		{
			"reopened",
			[]string{incident("affects: imap=down", "## 13:05 investigating\n## 13:30 resolved\n## 14:20 reopened\n")},
			"down",
			"Reading mail (IMAP) has been down since 14:20 CET.", "Lese e-post (IMAP) har vært nede siden kl. 14.20 CET.", "E-Mail lesen (IMAP) ist seit 14:20 Uhr (MEZ) ausgefallen.",
		},
		{
			"no component",
			[]string{incident("", "## 14:20 investigating\n")},
			"degraded",
			"Trouble with mail.", "Trouble with mail.", "Trouble with mail.",
		},
		{
			"two at once",
			[]string{
				incident("affects: imap=degraded\nmail: safe", "## 13:05 investigating\n"),
				incident("affects: smtp=down\nmail: delayed", "## 14:20 investigating\n"),
			},
			"down",
			"Sending mail (SMTP) has been down since 14:20 CET. There is one more problem. | Incoming mail is delayed. Nothing is lost.",
			"Sende e-post (SMTP) har vært nede siden kl. 14.20 CET. Det er ett problem til. | Innkommende e-post er forsinket. Ingenting er tapt.",
			"E-Mail senden (SMTP) ist seit 14:20 Uhr (MEZ) ausgefallen. Es gibt eine weitere Störung. | Eingehende E-Mails kommen verspätet an. Nichts geht verloren.",
		},
		{
			"three at once, and only one says that mail is safe",
			[]string{
				incident("affects: imap=degraded\nmail: safe", "## 13:05 investigating\n"),
				incident("affects: smtp=down", "## 14:20 investigating\n"),
				incident("affects: payments=degraded", "## 14:20 investigating\n"),
			},
			"down",
			"Sending mail (SMTP) has been down since 14:20 CET. There are 2 more problems.",
			"Sende e-post (SMTP) har vært nede siden kl. 14.20 CET. Det er 2 problemer til.",
			"E-Mail senden (SMTP) ist seit 14:20 Uhr (MEZ) ausgefallen. Es gibt 2 weitere Störungen.",
		},
		{
			"maintenance",
			[]string{"---\ntitle: New disks\nkind: maintenance\nstarts: 2026-11-23 14:00\nlasts: 90m\naffects: imap pop\nmail: safe\n---\n"},
			"maintenance",
			"Planned work is going on until 15:30 CET: Reading mail (IMAP) and Fetching mail (POP). | Incoming mail is safe.",
			"Planlagt arbeid pågår til kl. 15.30 CET: Lese e-post (IMAP) og Hente e-post (POP). | Innkommende e-post er trygg.",
			"Geplante Arbeiten laufen bis 15:30 Uhr (MEZ): E-Mail lesen (IMAP) und E-Mail abholen (POP). | Eingehende E-Mails sind sicher.",
		},
		{
			"maintenance into the night",
			[]string{"---\ntitle: New disks\nkind: maintenance\nstarts: 2026-11-23 14:00\nlasts: 12h\naffects: webmail\n---\n"},
			"maintenance",
			"Planned work is going on until 02:00 CET on 24 November: Webmail.",
			"Planlagt arbeid pågår til 24. november kl. 02.00 CET: Webmail.",
			"Geplante Arbeiten laufen bis zum 24. November, 02:00 Uhr (MEZ): Webmail.",
		},
		{
			"maintenance that nobody notices",
			[]string{"---\ntitle: New disks\nkind: maintenance\nimpact: none\nstarts: 2026-11-23 14:00\nlasts: 12h\naffects: webmail\n---\n"},
			"ok",
			"Everything works.", "Alt virker.", "Alles funktioniert.",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			for i, p := range tt.posts {
				files["status/2026/post-"+string(rune('a'+i))+".md"] = p
			}
			s := frozenDesk(t, now, files)
			for path, want := range map[string]string{"/status": tt.en, "/nb/status": tt.nb, "/de/status": tt.de} {
				m := verdict.FindStringSubmatch(ask(s, path))
				if m == nil {
					t.Fatalf("%s has no verdict", path)
				}
				got := m[2]
				if m[3] != "" {
					got += " | " + m[3]
				}
				if got = html.UnescapeString(got); got != want || m[1] != tt.level {
					t.Errorf("%s:\n got %s: %s\nwant %s: %s", path, m[1], got, tt.level, want)
				}
			}
		})
	}
}
