package content_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"signpost/articles"
	"signpost/internal/content"
	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

// sample returns the sample site without its posts, which are about the
// invented provider only.
func sample(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(articles.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(p, "status/") {
			return err
		}
		data, err := fs.ReadFile(articles.FS, p)
		files[p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// alter replaces what a pattern finds in a file; it must find something.
func alter(t *testing.T, files fstest.MapFS, file, pattern, with string) {
	t.Helper()
	re := regexp.MustCompile(`(?m)` + pattern)
	if !re.Match(files[file].Data) {
		t.Fatalf("%s: nothing is like %s", file, pattern)
	}
	files[file] = &fstest.MapFile{Data: re.ReplaceAll(files[file].Data, []byte(with))}
}

const (
	providerFile = "providers/example.yaml"
	siteFile     = "site.yaml"
)

// without takes services, values and links away from the sample's provider.
func without(t *testing.T, names ...string) fstest.MapFS {
	t.Helper()
	files := sample(t)
	for _, name := range names {
		head, rest, _ := strings.Cut(name, ".")
		switch {
		case name == "login.address":
			alter(t, files, providerFile, `^login: .*`, `login: "{local}"`)
		case head == "vars":
			alter(t, files, providerFile, `^  `+rest+`: .*\n`, "")
		case head == "link":
			alter(t, files, siteFile, `^  `+rest+`: https.*\n`, "")
		case head == "except":
			alter(t, files, providerFile, `^  - \{client: `+rest+`.*\n`, "")
		case name == "mx":
			alter(t, files, providerFile, `mx1.example.com, mx2.example.com, `, "")
		case name == "mx.2":
			alter(t, files, providerFile, `, mx2.example.com`, "")
		case name == "spf":
			alter(t, files, providerFile, `^  spf: .*\n`, "")
		case name == "dkim":
			alter(t, files, providerFile, `^  dkim: .*\n`, "")
		case name == "dkim.2":
			alter(t, files, providerFile, `, sel2: [^}]*`, "")
		case strings.HasSuffix(name, ".2"):
			alter(t, files, providerFile, `^  - \{use: `+head+`, .*security: starttls.*\n`, "")
		default:
			alter(t, files, providerFile, `^  - \{use: `+name+`, .*\n`, "")
			if component := "    services: [" + name + "]\n"; strings.Contains(string(files[siteFile].Data), component) {
				alter(t, files, siteFile, regexp.QuoteMeta(component), "")
			}
		}
	}
	return files
}

// told are words that no text may have when the provider lacks a thing.
var told = map[string]string{
	"login.address": `whole address|ganze Adresse|hele adressen`,
	"pop3":          `\bPOP3?\b`, "imap": `\bIMAP\b`, "sieve": `Sieve`, "caldav": `CalDAV`, "carddav": `CardDAV`, "link.webmail": `[Ww]ebmail`,
	"link.app-passwords": `[Aa]pp password|App-Passw|[Aa]pp-passord`, "link.two-step": `[Tt]wo-step|zwei Schritten|[Tt]otrinn`,
}

// The sample is right for every provider: whatever one lacks, there is no
// problem, and no article speaks of it.
func TestSampleFitsAnyProvider(t *testing.T) {
	all := sample(t)
	names := regexp.MustCompile(`(?m)^  ([a-z-]+): `)
	_, vars, _ := strings.Cut(string(all[providerFile].Data), "\nvars:\n")
	_, links, _ := strings.Cut(string(all[siteFile].Data), "\nlinks:\n")
	links, _, _ = strings.Cut(links, "\n\n")
	variants := map[string][]string{
		"everything": {}, "IMAP only": {"pop3", "except.apple-mail"}, "POP only": {"imap"}, "no Sieve": {"sieve"}, "no DAV": {"caldav", "carddav"},
		"no CalDAV": {"caldav"}, "no second submission": {"submit.2"}, "no second mail exchanger": {"mx.2"}, "one DKIM selector": {"dkim.2"},
		"no DKIM": {"dkim"}, "no SPF": {"spf"}, "no own domains": {"mx", "spf", "dkim"}, "no exceptions": {"except.apple-mail", "except.outlook-classic"},
		"the local part as user name": {"login.address"}, "no webmail": {"link.webmail"}, "no payments": {"link.orders", "link.invoices"}, "no app passwords": {"link.app-passwords"},
		"no two-step sign-in": {"link.two-step"}, "neither of them": {"link.app-passwords", "link.two-step"},
	}
	var own []string
	for _, m := range names.FindAllStringSubmatch(vars, -1) {
		own = append(own, "vars."+m[1])
	}
	for _, m := range names.FindAllStringSubmatch(links, -1) {
		own = append(own, "link."+m[1])
	}
	for bit := 1; bit <= len(own); bit *= 2 { // of any two, some provider has only the one, and some only the other
		for i, name := range own {
			half := fmt.Sprint("half of the values and links, ", bit, i&bit > 0)
			variants[half] = append(variants[half], name)
		}
	}
	variants["no values or links"] = own
	variants["IMAP and sending only"] = append([]string{"pop3", "imap.2", "submit.2", "caldav", "carddav", "sieve", "mx", "spf", "dkim", "except.apple-mail", "except.outlook-classic"}, own...)
	variants["POP and sending only"] = append([]string{"imap", "submit.2", "caldav", "carddav", "sieve", "mx", "spf", "dkim"}, own...)
	for name, lacks := range variants {
		t.Run(name, func(t *testing.T) {
			lib := load(t, without(t, lacks...))
			for _, p := range lib.Problems {
				if p.Severity == problem.Error || p.Path != siteFile {
					t.Error(p)
				}
			}
			if len(lib.Articles) < 10 {
				t.Errorf("only %d articles are left", len(lib.Articles))
			}
			for _, what := range lacks {
				if pattern := told[what]; pattern != "" {
					silent(t, lib, what, regexp.MustCompile(pattern))
				}
			}
		})
	}
}

// silent looks for words in all texts.
func silent(t *testing.T, lib *content.Library, what string, words *regexp.Regexp) {
	t.Helper()
	for _, a := range lib.Articles {
		for lang, text := range a.Texts {
			r := &content.Reader{Library: lib, Lang: lang}
			title, _ := markdown.Substitute(text.Title, r.Value)
			summary, _ := markdown.Substitute(text.Summary, r.Value)
			body := ""
			if doc := lib.Doc(text); doc != nil {
				body = doc.Text(r, markdown.Options{})
			}
			for _, s := range []string{title, summary, body} {
				if at := words.FindStringIndex(s); at != nil {
					t.Errorf("%s speaks of %s: …%s…", text.Path, what, s[max(at[0]-60, 0):min(at[1]+30, len(s))])
				}
			}
		}
	}
}
