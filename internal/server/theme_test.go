package server_test

import (
	"net/http"
	"strings"
	"testing"
)

// The operator's theme is on every public page, and only its colour on
// the agents' pages.
func TestTheme(t *testing.T) {
	o := newAgentSite(t, "")
	o.hire()
	writeFile(t, o.dir, "theme/logo.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100" viewBox="0 0 300 100"><path d="M0 0h300v100H0z"/></svg>`)
	writeFile(t, o.dir, "theme/site.css", "main { letter-spacing: .01em }\n")
	writeFile(t, o.dir, "site.yaml", `name: Example Mail
languages: [en, de]
legal: {imprint: https://www.example.com/imprint}
theme:
  accent: "#7a1f5c"
  logo: theme/logo.svg
  css: theme/site.css
  links:
    - text: {en: Webmail, de: Webmail öffnen}
      url: https://webmail.example.com/
      place: header
    - text: {en: Privacy, de: Datenschutz}
      url: https://www.example.com/privacy
`)
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	const css, logo = `href="/files/theme/site.css?v=`, `src="/files/theme/logo.svg?v=`
	for path, want := range map[string][]string{
		"/":                    {css, logo, `alt="Example Mail" width="120" height="40"`, ">Webmail</a>", ">Privacy</a>", "/theme.css?v=7a1f5c"},
		"/de/help/spam-filter": {css, logo, ">Webmail öffnen</a>", ">Datenschutz</a>", `<a href="https://www.example.com/imprint">Impressum</a>`},
		"/nowhere":             {css, ">Privacy</a>"},
	} {
		body := o.get(path).body
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s has no %q", path, w)
			}
		}
		if header, _, _ := strings.Cut(body, "<main"); strings.Contains(header, "https://www.example.com/privacy") || !strings.Contains(header, "https://webmail.example.com/") {
			t.Errorf("%s has the links in the wrong place", path)
		}
	}
	for _, path := range []string{"/agent", "/agent/status", "/agent/report", "/agent/a/1009", "/agent/problems"} {
		body := o.page(path).body
		for _, no := range []string{css, "/imprint", "Privacy", "webmail.example.com"} {
			if strings.Contains(body, no) {
				t.Errorf("%s has the operator's %q", path, no)
			}
		}
		if !strings.Contains(body, "/theme.css?v=7a1f5c") {
			t.Errorf("%s has lost the colour", path)
		}
	}
	for path, kind := range map[string]string{"/files/theme/site.css": "text/css; charset=utf-8", "/files/theme/logo.svg": "image/svg+xml", "/theme.css": "text/css; charset=utf-8"} {
		if got := o.get(path); got.status != http.StatusOK || got.header.Get("Content-Type") != kind || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", path, got.status, got.header)
		}
	}

	// A yellow that nobody could read is refused; the program's own colour stays.
	writeFile(t, o.dir, "site.yaml", "name: Example Mail\ntheme:\n  accent: \"#ffd400\"\n")
	if err := o.live.Load(); err != nil {
		t.Fatal(err)
	}
	if body := o.page("/agent/problems").body; !strings.Contains(body, "#ffd400 has the contrast 1.3") || !strings.Contains(body, "site.yaml") {
		t.Error("the agents are not told of the colour")
	}
	if body := o.get("/").body; strings.Contains(body, "ffd400") {
		t.Error("the page has a colour that nobody can read")
	}
}
