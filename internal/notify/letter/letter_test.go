package letter

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/relay"
)

var update = flag.Bool("update", false, "write the golden files")

// letters are one of each shape.
func letters() map[string]Letter {
	return map[string]Letter{
		"outage": {
			Lang: "en", Dir: "ltr", Site: "Example Mail", Subject: "[Cause found] IMAP and POP are down", Level: "down", State: "Cause found", Title: "IMAP and POP are down",
			Lead: "Incoming mail is safe.", Facts: []Fact{{"Since", []string{"1 December 2026, 09:10 CET"}}, {"Affected", []string{"IMAP: down", "POP: down"}}, {"Not affected", []string{"Webmail"}}},
			Texts: []Text{{Head: "Cause found · 1 December 2026, 09:40 CET", Plain: "A switch failed; see <https://example.com/x>.", HTML: `<p>A switch failed; see <a href="https://example.com/x">this</a>.</p>`}},
			Help:  "Help", Links: []Link{{"Read mail in the browser", "https://help.example.com/help/webmail"}},
			Action: Link{"Read it on the status page", "https://help.example.com/status/down"}, Foot: "You get this because jo@example.org asked for it.",
			Manage: Link{"Change what you get", "https://help.example.com/status/subscribe/MMM"}, Leave: Link{"Unsubscribe", "https://help.example.com/status/unsubscribe/LLL"},
		},
		"confirm": {
			Lang: "de", Dir: "ltr", Site: "Beispiel & Söhne", Subject: "Bitte bestätigen", Level: "notice", Title: "Meldungen zum Betrieb",
			Action: Link{"Bestätigen", "https://help.example.com/status/subscribe/CCC"}, Notes: []string{"Wenn Sie das nicht waren, tun Sie nichts."},
		},
		"hostile": {
			Lang: "ar", Dir: "rtl", Site: "<b>Site</b>", Subject: "a\r\nBcc: x@example.org", Level: `"><script>`, Title: "<script>alert(1)</script>", Lead: "{{.Site}}",
			Texts:  []Text{{Lang: "en", Plain: "-- \n.\nEnd", HTML: "<p>End</p>"}},
			Action: Link{"<i>", "javascript:alert(1)"}, Leave: Link{"Leave", "https://help.example.com/status/unsubscribe/a\r\nX-Evil: 1"},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, l := range letters() {
		html, err := l.HTML()
		if err != nil {
			t.Fatal(err)
		}
		for ext, got := range map[string]string{".html": html, ".txt": l.Plain()} {
			file := filepath.Join("testdata", name+ext)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got), -update writes it:\n%s", file, diff)
			}
		}
		for _, no := range []string{"<script>alert", "<img", "http-equiv", "@import", "url(", `href="javascript`} {
			if strings.Contains(html, no) {
				t.Errorf("%s holds %s", name, no)
			}
		}
	}
}

func TestMail(t *testing.T) {
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	e := Envelope{From: "status@example.com", To: "jo@example.org", Return: "b-1@example.com", Host: "help.example.com", ID: "second", Thread: "first", Kind: "incident", Date: at}
	fields := func(m relay.Mail) http.Header {
		h := http.Header{}
		for _, f := range m.Header {
			h.Add(f.Name, f.Value)
		}
		return h
	}
	m, err := letters()["outage"].Mail(e)
	if err != nil {
		t.Fatal(err)
	}
	h := fields(m)
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "List-Id": "<status.help.example.com>", "List-Unsubscribe": "<https://help.example.com/status/unsubscribe/LLL>",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "References": "<first@help.example.com>", "In-Reply-To": "<first@help.example.com>",
		"Feedback-Id": "incident:status:help.example.com", "Content-Language": "en",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if m.ID != "second@help.example.com" || m.Envelope != e.Return || !m.Date.Equal(at) {
		t.Errorf("%+v", m)
	}
	e.Thread = e.ID
	if m, err = letters()["confirm"].Mail(e); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "References"} {
		if got := fields(m).Get(name); got != "" {
			t.Errorf("the request for a confirmation has %s: %s", name, got)
		}
	}
}
