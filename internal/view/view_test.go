package view

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
)

var hexAll = regexp.MustCompile(`#[0-9a-f]{3,6}\b`)

// TestPagesRender renders every page empty and with every field filled, in
// every language: no template fails half way.
func TestPagesRender(t *testing.T) {
	r := renderer(t)
	for _, lang := range texts(t).Languages() {
		for _, p := range pages() {
			name, chrome := p.page()
			chrome.Lang = lang
			if out, err := r.Render(p); err != nil || len(out) < 200 {
				t.Errorf("%s empty in %s: %d bytes, %v", name, lang, len(out), err)
			}
			fill(reflect.ValueOf(p).Elem(), 0)
			chrome.Lang = lang
			out, err := r.Render(p)
			if err != nil {
				t.Errorf("%s full in %s: %v", name, lang, err)
			}
			if !strings.HasSuffix(string(out), "</html>\n") {
				t.Errorf("%s in %s does not end", name, lang)
			}
			if i := strings.Index(string(out), "ZgotmplZ"); i >= 0 {
				t.Errorf("%s in %s: a value was refused at its place: …%s", name, lang, out[max(0, i-80):i+8])
			}
		}
	}
}

// fill sets every field to something that is not zero.
func fill(v reflect.Value, depth int) {
	if depth > 6 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(LevelDegraded)
	case reflect.Int:
		v.SetInt(404)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), depth+1)
		fill(v.Index(1), depth+1)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth+1)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(NewWebSiteLD("</script>", "https://help.example.com", "https://help.example.com/search?q={query}")))
	}
}

// TestHostileTexts puts markup into every text of every page.
func TestHostileTexts(t *testing.T) {
	const hostile = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>' javascript:alert(3)`
	r := renderer(t)
	for _, p := range pages() {
		name, chrome := p.page()
		poison(reflect.ValueOf(p).Elem(), hostile)
		chrome.Lang = "en"
		out, err := r.Render(p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, bad := range []string{"<img src=x", "<script>alert", `href="javascript:alert`} {
			if strings.Contains(string(out), bad) {
				t.Errorf("%s lets %q through", name, bad)
			}
		}
	}
}

// poison fills every plain string; HTML is trusted by its type.
func poison(v reflect.Value, s string) {
	fill(v, 0)
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if v.Type() == stringType {
				v.SetString(s)
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				walk(v.Field(i))
			}
		}
	}
	walk(v)
}

func TestRuns(t *testing.T) {
	days := []Day{{Level: "none"}, {Level: "ok"}, {Level: "ok"}, {Level: "down"}, {Level: "ok"}}
	want := []Run{{"none", 0, 3}, {"ok", 4, 11}, {"down", 12, 15}, {"ok", 16, 19}}
	if got := runs(days); !reflect.DeepEqual(got, want) {
		t.Errorf("runs = %v, want %v", got, want)
	}
}

func TestThemeCSS(t *testing.T) {
	css, err := ThemeCSS("#0b6070")
	if err != nil {
		t.Fatal(err)
	}
	if found := hexAll.FindAllString(string(css), -1); len(found) != 4 || found[0] != "#0b6070" || found[1] != "#ffffff" {
		t.Errorf("%s", css)
	}
	if _, err := ThemeCSS("#ffd400"); err == nil {
		t.Error("yellow text on white is accepted")
	}
}

func TestQR(t *testing.T) {
	code, err := NewQR("https://help.example.com/p/abcdefghijklmnopqrstuvwxyz")
	if err != nil || code.Size < 29 || !strings.HasPrefix(code.Path, "M4 4h7v1h-7z") {
		t.Errorf("size %d, path %.20q, %v", code.Size, code.Path, err)
	}
	if _, err := NewQR(strings.Repeat("x", 10000)); err == nil {
		t.Error("a text that is too long for a QR code was accepted")
	}
}

// TestSaid looks at what single pages say, and leave out, in special cases.
func TestSaid(t *testing.T) {
	s := newSample(texts(t).For("de"))
	english := PostLink{Title: "IMAP does not answer", Lang: "en", URL: "/de/status/x", Level: LevelDown}
	quiet := s.chrome("Kontakt", "/contact")
	quiet.Alerts = nil
	for name, test := range map[string]struct {
		page     Page
		want     string
		unwanted string
	}{
		"a post that is not translated names its language": {
			&StatusBoard{Chrome: s.chrome("Status", "/status"), Open: []PostCard{{PostLink: english, Body: "<p>Text.</p>", BodyLang: "en"}}},
			`<h3><a href="/de/status/x" lang="en">IMAP does not answer</a></h3>`, `<div class="body"><p>Text.`,
		},
		"so does one in a list":                          {&StatusHistory{Chrome: s.chrome("Status", "/status"), Days: []HistoryDay{{Posts: []PostLink{english}}}}, `<a href="/de/status/x" lang="en">`, ""},
		"an empty search does not count":                 {&Search{Chrome: queried(s.chrome("Suche", "/search"), "xqz")}, "Zu diesen Wörtern wurde nichts gefunden.", "0 Ergebnisse"},
		"the contact page says a problem once":           {&Contact{Chrome: s.chrome("Kontakt", "/contact"), Sentence: "IMAP ist ausgefallen.", Level: LevelDown}, `class="banner down"`, `class="state down"`},
		"and says it when no banner does":                {&Contact{Chrome: quiet, Sentence: "IMAP ist langsam.", Level: LevelDegraded}, `class="state degraded"`, `class="banner`},
		"a form for a post has a heading of its own":     {&AgentStatus{Chrome: s.chrome("Status", "/agent/status"), Mode: "update"}, "<h1>Neuen Stand melden</h1>", "<h1>Status</h1>"},
		"only the first incident is copied by the key i": {&AgentDesk{Chrome: s.chrome("", "/agent"), Asked: true, Incidents: []DeskIncident{{Title: "1"}, {Title: "2"}}}, "Als Antwort kopieren</button>", ""},
	} {
		out, err := renderer(t).Render(test.page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(out), test.want) || test.unwanted != "" && strings.Contains(string(out), test.unwanted) {
			t.Errorf("%s: %s", name, out[max(0, strings.Index(string(out), "<main")):])
		}
	}
}

func queried(c Chrome, words string) Chrome { c.Query = words; return c }
