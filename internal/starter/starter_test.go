package starter_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"signpost/articles"
	"signpost/internal/content"
	"signpost/internal/content/lastgood"
	"signpost/internal/locale"
	"signpost/internal/mail/discover"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
	"signpost/internal/starter"
	"signpost/web"
)

func sample(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(articles.FS, ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[p], err = fs.ReadFile(articles.FS, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func load(t *testing.T, files map[string][]byte) (*content.Library, fs.FS) {
	t.Helper()
	tree := fstest.MapFS{}
	for name, data := range files {
		tree[name] = &fstest.MapFile{Data: data}
	}
	memory, err := lastgood.Open("")
	if err != nil {
		t.Fatal(err)
	}
	lib, err := content.NewLoader(memory).Load(tree, time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return lib, tree
}

func server(use provider.Use, host string, security provider.Security, login string, auth ...provider.Auth) provider.Service {
	s := provider.Service{Use: use, Host: host, Security: security, Login: login, Auth: auth, Port: provider.DefaultPort(use, security)}
	if len(auth) == 0 {
		s.Auth = []provider.Auth{provider.Password}
	}
	return s
}

// Whatever kind of provider it is, its site has no errors, nothing of the
// sample, and offers exactly what was said.
func TestProviders(t *testing.T) {
	const tls, starttls = provider.TLS, provider.STARTTLS
	submit := server(provider.Submit, "smtp.case.test", tls, "{address}")
	var many []string
	for i := range 300 {
		many = append(many, "d"+strings.Repeat("x", i%40)+string(rune('a'+i%26))+string(rune('a'+i/26))+".case.test")
	}
	pop := server(provider.POP3, "pop.case.test", tls, "{address}")
	pop.LeaveOnServer = 14 * 24 * time.Hour
	imap := server(provider.IMAP, "imap.case.test", tls, "{address}")
	tests := []struct {
		name    string
		answers starter.Answers
	}{
		{"IMAP only", starter.Answers{Name: "Case Mail", URL: "https://help.case.test", Domains: []string{"case.test"}, Services: []provider.Service{imap, submit}}},
		{"POP only", starter.Answers{Domains: []string{"case.test"}, Services: []provider.Service{pop, submit}}},
		{"the local part as user name", starter.Answers{Domains: []string{"case.test"}, Services: []provider.Service{server(provider.IMAP, "imap.case.test", tls, "{local}"), server(provider.Submit, "smtp.case.test", tls, "{local}")}}},
		{"OAuth2 only", starter.Answers{Found: &discover.Found{Domains: []string{"case.test"}, OAuth: provider.OAuth{Issuer: "https://login.case.test", Scopes: []string{"mail"}}, Services: []provider.Service{
			server(provider.IMAP, "imap.case.test", tls, "{address}", provider.OAuth2), server(provider.Submit, "smtp.case.test", tls, "{address}", provider.OAuth2),
		}}}},
		{"STARTTLS only", starter.Answers{Domains: []string{"case.test"}, Services: []provider.Service{server(provider.IMAP, "imap.case.test", starttls, "{address}"), server(provider.Submit, "smtp.case.test", starttls, "{address}")}}},
		{"300 domains", starter.Answers{Domains: append([]string{"case.test"}, many...), Services: []provider.Service{imap, submit}}},
		{"German first", starter.Answers{Languages: []string{"de", "en"}, Domains: []string{"case.test"}, Services: []provider.Service{imap, submit}}},
		{"German only", starter.Answers{Languages: []string{"de"}, Domains: []string{"case.test"}, Services: []provider.Service{imap, submit}}},
		{"Arabic first", starter.Answers{Languages: []string{"ar", "en"}, Domains: []string{"case.test"}, Services: []provider.Service{imap, submit}}},
		{"a name that YAML would misread", starter.Answers{Name: `No: "1" & {2} # 3`, TimeZone: "Europe/Berlin", Domains: []string{"case.test"}, Services: []provider.Service{imap, submit}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, err := tt.answers.Files(sample(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, tag := range tt.answers.Languages { // as "signpost new locale ar" writes them, when the program has none
				if texts := catalogues(t); !texts.Knows(tag) {
					files["locale/"+tag+".yaml"] = texts.Draft(tag)
				}
			}
			lib, tree := load(t, files)
			for _, p := range lib.Problems {
				if p.Severity == problem.Error || !strings.HasPrefix(p.Path, "providers/") {
					t.Error(p)
				}
			}
			if left := starter.Leftovers(tree); len(left) > 0 {
				t.Errorf("of the sample: %v", left)
			}
			p := lib.Provider()
			if p == nil || len(lib.Articles) < 4 || len(lib.Board.Posts) > 0 {
				t.Fatalf("%d articles, %d posts", len(lib.Articles), len(lib.Board.Posts))
			}
			if got, want := published(p.Services), published(tt.answers.Services); !slices.Equal(got, want) {
				t.Errorf("services %v, want %v", got, want)
			}
			if len(p.Vars)+len(lib.Site.Links)+len(p.Hosted.MX)+len(p.Except) > 0 || p.Webmail != "" || len(p.Profile.Consent) > 0 || lib.Site.Contact.Phone != "" || lib.Site.Contact.Email != "" {
				t.Error("something is published that nobody said")
			}
			if n := tt.answers.Name; n != "" && (lib.Site.Name != n || p.NameIn("de") != n) {
				t.Errorf("name %q, %q", lib.Site.Name, p.NameIn("de"))
			}
		})
	}
}

func catalogues(t *testing.T) *locale.Catalogues {
	t.Helper()
	c, err := locale.Load(web.Locale())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func published(list []provider.Service) []string {
	var lines []string
	for _, s := range list {
		lines = append(lines, strings.Join([]string{string(s.Use), s.Host, s.URL, string(s.Security), s.Login, s.LeaveOnServer.String()}, " "))
	}
	return lines
}

// A service that is offered, but nobody said where, is a comment with its reason.
func TestUnknownServer(t *testing.T) {
	a := starter.Answers{Domains: []string{"case.test"}, Uses: []provider.Use{provider.IMAP, provider.Submit, provider.POP3}, Found: &discover.Found{
		Domains: []string{"case.test"}, Webmail: "https://webmail.case.test/", MX: []string{"mx.case.test"}, Services: []provider.Service{
			server(provider.IMAP, "imap.case.test", provider.TLS, "{address}"), server(provider.Submit, "smtp.case.test", provider.TLS, "{address}"),
			{Use: provider.CalDAV, URL: "https://dav.case.test/", Security: provider.TLS, Auth: []provider.Auth{provider.Password}, Login: "{address}"},
		},
	}}
	files, err := a.Files(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	lib, _ := load(t, files)
	if p := lib.Provider(); len(p.Services) != 2 || p.Webmail != "https://webmail.case.test/" || len(p.Hosted.MX) > 0 {
		t.Errorf("services %v, webmail %q, hosted %v", p.Services, p.Webmail, p.Hosted)
	}
	src := string(files["providers/case.test.yaml"])
	for _, want := range []string{"# Not published: nobody said where pop3 is", "# - {use: pop3, host: pop.case.test}", "# hosted: {mx: [mx.case.test]}", "# Not published: people agree to this text", "# consent:"} {
		if !strings.Contains(src, want) {
			t.Errorf("%q is not in\n%s", want, src)
		}
	}
}

// Without a domain the sample's values stay, and each of them is named.
func TestLeftovers(t *testing.T) {
	a := starter.Answers{Name: "Case Mail", Uses: []provider.Use{provider.IMAP, provider.Submit}}
	files, err := a.Files(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	lib, tree := load(t, files)
	for _, p := range lib.Problems {
		if p.Severity == problem.Error {
			t.Error(p)
		}
	}
	left := starter.Leftovers(tree)
	if len(left) != 6 || !strings.Contains(left[0].String(), "this value is still that of the sample: provider: example.com") {
		t.Errorf("%v", left)
	}
	marked, err := starter.Marked(sample(t))
	if err != nil {
		t.Fatal(err)
	}
	lib, tree = load(t, marked)
	if left := starter.Leftovers(tree); len(lib.Problems) > 0 || len(left) < 30 {
		t.Errorf("%d values are marked: %v", len(left), lib.Problems)
	}
}
