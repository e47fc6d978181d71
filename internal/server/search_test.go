package server_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"signpost/articles"
	"signpost/internal/search"
	"signpost/internal/search/expect"
)

// asks sends a search to the API as a page does and names what it finds. Each
// query comes from an address of its own: the rate limit is not what is tested.
func (d *desk) asks(l expect.Line) []string {
	d.t.Helper()
	v := url.Values{"q": {l.Query}, "lang": {l.Lang}}
	if l.Typing {
		v.Set("typing", "1")
	}
	req := httptest.NewRequest(http.MethodGet, "https://help.example.com/api/v1/search?"+v.Encode(), nil)
	req.RemoteAddr = fmt.Sprintf("10.1.%d.%d:4000", l.Number/200, l.Number%200+1)
	w := httptest.NewRecorder()
	d.srv.ServeHTTP(w, req)
	var got struct {
		Results []struct{ Kind, Slug string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		d.t.Fatalf("%q: %d %s", l.Query, w.Code, w.Body)
	}
	if n := w.Body.Len(); n > 8<<10 {
		d.t.Errorf("the answer to %q has %d bytes", l.Query, n)
	}
	var names []string
	for _, r := range got.Results {
		switch r.Kind {
		case search.Incident:
			names = append(names, "incident")
		case search.Setting:
			names = append(names, "settings")
		default:
			names = append(names, r.Slug)
		}
	}
	return names
}

// A search that names two mail programs gets the same answer each time.
func TestSettingsOfTwoPrograms(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	first := ""
	for i := range 30 {
		req := httptest.NewRequest(http.MethodGet, "https://help.example.com/api/v1/search?q=pop+smtp+outlook+apple+mail&limit=1", nil)
		req.RemoteAddr = fmt.Sprintf("10.1.1.%d:4000", i+1)
		w := httptest.NewRecorder()
		d.srv.ServeHTTP(w, req)
		if first == "" {
			first = w.Body.String()
		}
		if got := w.Body.String(); got != first || w.Code != http.StatusOK {
			t.Fatalf("%s\nand then\n%s", first, got)
		}
	}
}

// The name of a mail program is a whole word: "pop" and "ios" stand in many others.
func TestSettingsOfProgramsByWord(t *testing.T) {
	t.Parallel()
	d := sampleDesk(t)
	for query, want := range map[string]string{
		"pop mail.app": "apop.example.com", "pop apple mail": "apop.example.com", "pop studios": "",
	} {
		got := d.get("/api/v1/search?q=" + url.QueryEscape(query) + "&limit=3").body
		if strings.Contains(got, `"kind":"setting"`) != (want != "") || !strings.Contains(got, want) {
			t.Errorf("%s: %s", query, got)
		}
	}
}

// What the pages add to the index: settings at once, and what is wrong now. The
// other lines of the file are tested where the index is made.
func TestSampleSearchAnswers(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../site/testdata/search.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := expect.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now().UTC().Add(-10 * time.Minute).Format("2006-01-02T15:04Z")
	files := map[string]string{"status/imap-down.md": "---\ntitle: IMAP is down\ntitle_nb: IMAP er nede\ntitle_de: IMAP ist gestört\nkind: incident\naffects: imap=down\n---\n## " +
		began + " investigating\nMail programs cannot connect to IMAP. Mail is safe.\n"}
	err = fs.WalkDir(articles.FS, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := articles.FS.ReadFile(name)
		files[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	calm, broken := sampleDesk(t), folderDesk(t, files)
	for _, l := range lines {
		if d := map[string]*desk{"server: settings at once": calm, "server: open incident": broken}[l.Section]; d != nil {
			if miss := l.Miss(d.asks(l)); miss != "" {
				t.Error(miss)
			}
		}
	}
}
