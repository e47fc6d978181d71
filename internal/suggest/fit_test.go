package suggest_test

import (
	"log/slog"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"signpost/articles"
	"signpost/internal/content/source"
	"signpost/internal/site"
	"signpost/internal/suggest"
)

func folderSnapshot(t *testing.T, files map[string]string) *site.Snapshot {
	t.Helper()
	tree := fstest.MapFS{"site.yaml": {Data: []byte("name: Test\nlanguages: [en]\ncomponents:\n  - {id: imap, name: IMAP}\n")}}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return snapshot(t, source.Embedded("test", tree))
}

func snapshot(t *testing.T, src *source.Source) *site.Snapshot {
	t.Helper()
	live, err := site.Open(site.Config{
		Source: src, Now: func() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { live.Close() })
	return live.Snapshot()
}

// TestFit asks the sample site what it has an article for, and what it has none
// for. A strong article is right, and most questions have one; of what is asked of
// somebody else, hardly anything has.
func TestFit(t *testing.T) {
	s := snapshot(t, source.Embedded("sample", articles.FS))
	answered := map[string]string{ // slug of the article, by ticket
		"How do I set up my iPhone?":                                      "set-up-iphone",
		"I forgot my password and cannot log in":                          "change-password",
		"My mailbox is full, how do I get more space?":                    "mailbox-full",
		"How do I forward my mail to another address?":                    "forwarding",
		"Hello, where can I change the credit card for my invoice?":       "pay-when-card-fails",
		"I deleted a folder by accident. Can you restore it?":             "restore-deleted-mail",
		"My calendar does not sync on Android":                            "calendar-contacts-sync",
		"how do I add DKIM records for my domain":                         "own-domain-dns",
		"Can I use Apple Mail with POP?":                                  "apple-mail-pop",
		"Which port do I need for the outgoing server?":                   "server-settings",
		"I would like to close my account and delete everything.":         "cancel-or-delete-account",
		"My scanner has to send its scans by e-mail. What do I enter?":    "set-up-printer-scanner",
		"Please move my old mail over from my former provider.":           "move-from-another-provider",
		"Wie richte ich Thunderbird auf dem Computer ein?":                "set-up-thunderbird",
		"Wie kann ich eine Abwesenheitsnotiz einrichten?":                 "vacation-reply",
		"Ich möchte meine Mails an eine andere Adresse weiterleiten":      "forwarding",
		"Mein Postfach ist voll":                                          "mailbox-full",
		"Kan jeg bruke kalenderen på telefonen og synkronisere kontakter": "calendar-contacts-sync",
		"Hvordan setter jeg opp totrinnspålogging?":                       "two-step-sign-in",
		"Postkassen min er full":                                          "mailbox-full",
	}
	strong, wrong := 0, 0
	for text, want := range answered {
		got := suggest.For(s, read(t, text), suggest.Options{}).Articles
		if len(got) == 0 {
			t.Errorf("%q: no article", text)
			continue
		}
		if got[0].Fit == suggest.Strong {
			strong++
			if got[0].Slug != want {
				wrong++
				t.Logf("%q: %s stands out, want %s", text, got[0].Slug, want)
			}
		} else {
			t.Logf("%q: %s is only possible, want %s", text, got[0].Slug, want)
		}
		for i := range got[1:] {
			if got[i].Fit == suggest.Possible && got[i+1].Fit == suggest.Strong {
				t.Errorf("%q: a strong article stands below a possible one", text)
			}
		}
	}
	if strong < 12 || wrong > 1 {
		t.Errorf("%d of %d get a strong article, %d of them a wrong one", strong, len(answered), wrong)
	}
	elsewhere := []string{
		"Can you recommend a good pizza place in Oslo?", "My washing machine is broken, when does the technician come?",
		"Do you have any jobs for a Java developer?", "I would like to complain about my neighbour's dog",
		"Please send me the tracking number of my parcel", "What is the weather tomorrow?", "I want to sponsor your company event next year",
		"Could you call me about the offer we discussed?", "Is the train to Bergen late today?", "I need a lawyer for my divorce",
		"Wann kommt meine Bestellung an?", "Was kostet ein neuer Drucker?", "Haben Sie am Samstag geöffnet?",
		"Mein Nachbar parkt immer vor meiner Einfahrt", "Jeg lurer på når bussen går", "Kan dere levere blomster til mor?",
		"Jeg vil leie en bil i påsken", "Hvor lenge varer en eksamen?",
	}
	strong = 0
	for _, text := range elsewhere {
		if got := suggest.For(s, read(t, text), suggest.Options{}).Articles; len(got) > 0 && got[0].Fit == suggest.Strong {
			strong++
			t.Logf("%q: %s seems to fit", text, got[0].Slug)
		}
	}
	if strong > 2 {
		t.Errorf("%d of %d questions for somebody else get a strong article", strong, len(elsewhere))
	}
}

// TestCodeIsEnough: an article that names the ticket's error code is suggested
// for the code alone, wherever it stands.
func TestCodeIsEnough(t *testing.T) {
	s := folderSnapshot(t, map[string]string{
		"help/g/badge/en.md":  "---\nid: 1\ntitle: The badge\n---\nAbout the badge.\n",
		"help/g/lists/en.md":  "---\nid: 2\ntitle: The lists\n---\n`0x8004010F` `550 5.7.26` `MAILBOXDISABLED`\n",
		"help/g/teapot/en.md": "---\nid: 3\ntitle: The teapot\n---\nAbout the teapot.\n",
	})
	for _, text := range []string{"The badge now says 0x8004010F.", "Bounced with 550 5.7.26 here", "It answers 0X8004010F"} {
		if !slices.ContainsFunc(suggest.For(s, read(t, text), suggest.Options{}).Articles, func(a suggest.ArticleResult) bool { return a.Slug == "lists" }) {
			t.Errorf("%q: the article with the code is not suggested", text)
		}
	}
}
