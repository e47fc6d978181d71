package server_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// has reports what a page lacks of what it has to say, and has of what it must not ("-…").
func has(t *testing.T, what, body string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if absent, not := strings.CutPrefix(w, "-"); not {
			if strings.Contains(body, absent) {
				t.Errorf("%s says %q", what, absent)
			}
		} else if !strings.Contains(body, w) {
			t.Errorf("%s does not say %q", what, w)
		}
	}
}

var article = regexp.MustCompile(`(?s)<main.*</main>`)

// A post is read in the reader's language, and what is missing there in its own,
// marked; its title is made in every language when it has none.
func TestPostsInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	s := frozenDesk(t, now, map[string]string{
		"status/2026/a.md":    "---\nkind: incident\naffects: imap=down\n---\n## 2026-11-23 14:20 investigating {#x}\nWe look.\n## 14:40 identified {#y}\nA switch.\n",
		"status/2026/a.de.md": "---\nwho: Kunden in Bonn\n---\n## {#x}\nWir sehen nach.\n",
		"status/2026/b.md":    "---\ntitle: Disks\nkind: maintenance\nlang: nb\nstarts: 2026-11-25 22:00\nlasts: 1h\naffects: webmail\n---\nNye disker.\n",
		"status/2026/b.de.md": "---\ntitle: Festplatten\n## broken\n",
	})
	german := article.FindString(ask(s, "/de/status/a"))
	has(t, "the German page", german, "E-Mail lesen (IMAP): nicht erreichbar", `lang="de"><p>Wir sehen nach.`, `<span class="chip">Englisch</span>`, `lang="en"><p>A switch.`, "Kunden in Bonn", "-noch nicht übersetzt", "-We look.")
	has(t, "the English page", article.FindString(ask(s, "/status/a")), "Reading mail (IMAP): not available", "We look.", "A switch.", "-chip", "-Wir")
	has(t, "the Norwegian page", article.FindString(ask(s, "/nb/status/a")), "Lese e-post (IMAP): ikke tilgjengelig", "We look.", `class="note`, "-Wir")
	has(t, "alternates", ask(s, "/de/status/a"), `<link rel="alternate" hreflang="de"`, `<link rel="alternate" hreflang="en"`, `-<link rel="alternate" hreflang="nb"`)
	has(t, "the German feed", ask(s, "/de/status/feed.atom"), "[Ursache gefunden] E-Mail lesen (IMAP): nicht erreichbar", "Wir sehen nach.", `<entry xml:lang="en">`, "-We look.")
	has(t, "the German calendar", ask(s, "/de/status/maintenance.ics"), "SUMMARY;LANGUAGE=nb:Disks", "Nye disker.")
	has(t, "a broken translation", ask(s, "/de/status/b"), "Disks", "Nye disker.")
	has(t, "the German board", article.FindString(ask(s, "/de/status")), "A switch.", "nicht erreichbar")
}

// What is down twice is said once; a promise that was not kept is shown without
// its time; a notice is not a problem.
func TestWhatIsSaidOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	incident := func(affects, text string) string {
		return "---\nkind: incident\naffects: " + affects + "\n---\n" + text
	}
	s := frozenDesk(t, now, map[string]string{
		"status/2026/a.md": incident("imap=down", "## 2026-11-23 14:20 investigating eta=10m next=10m\nx\n"),
		"status/2026/b.md": incident("imap=down", "## 2026-11-23 14:10 investigating\nx\n"),
		"status/2026/c.md": incident("imap=degraded", "## 2026-11-23 14:05 investigating\nx\n"),
		"status/2026/n.md": "---\nkind: notice\ntitle: A wave of spam\ndate: 2026-11-20\naffects: imap\nhelp: cannot-connect\n---\nx\n",
	})
	board := ask(s, "/status")
	if m := verdict.FindStringSubmatch(board); m == nil || !strings.Contains(m[2], "Reading mail (IMAP) has been down since 14:10 CET.") || strings.Contains(m[2], "more problem") {
		t.Errorf("verdict %q", m)
	}
	has(t, "the late post", article.FindString(ask(s, "/status/a")), "This is taking longer than expected.", "The next update is late.", "-14:30", "-Next update by")
	home := ask(s, "/")
	if n := strings.Count(home, `<div class="banner`); n != 1 {
		t.Errorf("%d lines above the home page", n)
	}
	has(t, "the home page", article.FindString(home), "-A wave of spam")
	has(t, "the board", article.FindString(board), "A wave of spam")

	s = frozenDesk(t, now, map[string]string{
		"status/2026/a.md": incident("imap=down", "## 2026-11-23 14:20 investigating\nx\n"),
		"status/2026/b.md": incident("imap=down webmail=degraded", "## 2026-11-23 14:10 investigating\nx\n"),
	})
	if m := verdict.FindStringSubmatch(ask(s, "/status")); m == nil || strings.Contains(m[2], "more problem") || !strings.Contains(m[2], "Webmail") {
		t.Errorf("what covers the other one speaks: %q", m)
	}
}
