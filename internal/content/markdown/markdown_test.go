package markdown

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var update = flag.Bool("update", false, "write the golden files")

// site is a small real Resolver.
type site struct{}

var siteValues = map[string]string{
	"imap.host": "imap.example.com", "imap.port": "993", "pop3.host": "pop.example.com",
	"pop3.host for apple-mail": "apop.example.com", "provider.name": "Example & <Mail>",
	"link.filter": "https://manager.example.com/filter?a=1&b=2", "vars.spam-header": "X-Spam_Score",
	"vars.hostile": `"><script>alert(1)</script>*x*`, "vars.js": "javascript:alert(1)", "address": "anna@example.com",
	"vars.long": strings.Repeat("x", 2000),
}

func (site) Value(name, client string) (string, error) {
	if client != "" {
		name += " for " + client
	}
	if v, ok := siteValues[name]; ok {
		return v, nil
	}
	return "", Errorf("did you mean imap.host?", "there is no value %s", name)
}

func (site) Link(r Ref) (Link, error) {
	pages := map[string]Link{
		"1042": {"/help/apple-mail", "Set up Apple Mail"}, "apple-mail": {"/help/apple-mail", "Set up Apple Mail"},
		"../spam-filter/en.md": {"/help/spam-filter", "The <spam> filter"}, "/status": {"/status", ""},
		"extra.sieve": {"/help/spam-filter/extra.sieve", ""}, "soon": {"", "Later"},
	}
	if l, ok := pages[r.Target]; ok && r.Fragment != "missing" {
		return l, nil
	}
	return Link{}, Errorf("", "there is no page %q with anchor %q", r.Target, r.Fragment)
}

func (site) Image(from, name string) (Image, error) {
	if name == "none.png" {
		return Image{}, Errorf("", "there is no picture %q beside %s", name, from)
	}
	size := int64(1000)
	if name == "big.png" {
		size = 400 << 10
	}
	return Image{"/help/x/" + name, 320, 200, size}, nil
}

func (site) Settings(service, client string) (Settings, error) {
	if service != "imap" {
		return Settings{}, Errorf("known: imap", "there is no service %q", service)
	}
	host := "imap.example.com"
	if client != "" {
		host = client + "." + host
	}
	return Settings{"Incoming mail (IMAP)", []Setting{{"Server", host, true}, {"Port", "993", true}, {"Security", "TLS", false}}}, nil
}

func (site) Profile() (Profile, error) {
	return Profile{"/setup/apple?lang=en", "Download the profile"}, nil
}

var siteParts = map[string]string{
	"password": "Use an **app password**.\n\n1. Open [the filter]({{link.filter}}).\n2. Press ++Ctrl+C++.\n",
	"loop":     "x\n\n{{include loop2}}\n", "loop2": "{{include loop}}\n",
	"d1": "{{include d2}}", "d2": "{{include d3}}", "d3": "{{include d4}}", "d4": "deep",
	"platform": "::: ios\nx\n:::\n", "heading": "## Same\n", "wrong": "{{wrong.value}}\n",
}

func sitePart(name string) (*File, error) {
	src, ok := siteParts[name]
	if !ok {
		return nil, Errorf("known: password", "there is no part %q", name)
	}
	f, _ := Parse("help/parts/"+name+"/en.md", []byte(src))
	return f, nil
}

func expand(t testing.TB, src string, steps bool) *Doc {
	t.Helper()
	f, problems := Parse("help/mail/x/en.md", []byte(src))
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	d, problems := f.Expand(sitePart, Shape{Steps: steps, Offers: offered})
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return d
}

// offered says what the provider of the tests has.
func offered(name string) (bool, error) {
	if name == "vars.phoen" {
		return false, Warningf(`did you mean "vars.phone"?`, "vars has no phoen")
	}
	return slices.Contains([]string{"imap", "pop3", "submit", "submit.2", "vars.phone"}, name), nil
}

func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("testdata/*.in.md")
	if err != nil || len(inputs) == 0 {
		t.Fatal("no inputs", err)
	}
	for _, in := range inputs {
		name := strings.TrimSuffix(filepath.Base(in), ".in.md")
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile(in)
			if err != nil {
				t.Fatal(err)
			}
			d := expand(t, string(src), name == "howto")
			if p := d.Check(site{}); p.HasErrors() {
				t.Error(p)
			}
			golden(t, name+".html", string(d.HTML(site{}, Options{})))
			golden(t, name+".txt", d.Text(site{}, Options{Width: 72, Base: "https://help.example.com", Self: "/help/x"}))
			golden(t, name+".md", d.Markdown(site{}, Options{Base: "https://help.example.com", Self: "/help/x"}))
			reply := Options{Base: "https://help.example.com", Self: "/help/x", Platform: "ios", NoAnchors: true, IDPrefix: "u1-"}
			golden(t, name+".reply.html", string(d.HTML(site{}, reply)))
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
