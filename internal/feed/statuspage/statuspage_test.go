package statuspage

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"signpost/internal/content/status"
)

var golden = flag.Bool("update", false, "write the goldens")

const hostile = `Mail "stuck" <in> & queue ]]> 📬`

var posts = map[string]string{
	"stuck": "---\ntitle: '" + hostile + "'\nkind: incident\naffects: imap=down\nunaffected: web-hosting\nmail: delayed\nhelp: cannot-connect\n---\n" +
		"Summary\n## 2014-09-22 23:30 investigating eta=30m-45m\nWe look.\n## 23:40 monitoring imap=partial\n## 23:45 update\nStill <watching> & waiting.\n",
	"gone":     "---\ntitle: Gone\nkind: incident\naffects: pop=degraded\n---\n## 2014-09-01 10:00 investigating\n## 11:00 resolved\n## 12:00 postmortem\nWhy.\n",
	"unknown":  "---\ntitle: Unknown\nkind: incident\ndate: 2014-02-01\nresolved: unknown\naffects: pop=degraded\n---\nText\n",
	"notice":   "---\ntitle: Notice\nkind: notice\ndate: 2014-09-20\naffects: pop\n---\nText\n",
	"expired":  "---\ntitle: Expired\nkind: notice\ndate: 2013-09-20\nexpires: 2013-12-31\n---\nText\n",
	"active":   "---\ntitle: Active\nkind: maintenance\nstarts: 2014-09-22 23:00\nlasts: 2h\naffects: web-hosting\n---\n## 2014-09-20 10:00 scheduled\n",
	"upcoming": "---\ntitle: Upcoming\nkind: maintenance\nstarts: 2014-10-06 00:01\nends: 2014-10-06 07:59\naffects: imap\n---\n",
	"called":   "---\ntitle: Called off\nkind: maintenance\nstarts: 2014-10-06 00:01\nends: 2014-10-06 07:59\naffects: imap\n---\n## 2014-09-01 scheduled\n## 2014-09-02 cancelled\n",
	"past":     "---\ntitle: Past\nkind: maintenance\nstarts: 2014-01-09 18:00\nends: unknown\naffects: imap\n---\n",
}

func board(t testing.TB, posts map[string]string) *status.Board {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	named := func(s string) map[string]string { return map[string]string{"en": s, "de": s + " (de)"} }
	cfg := status.Config{Zone: zone, Components: []status.Component{
		{ID: "imap", Name: named("IMAP"), Group: "mail"}, {ID: "pop", Name: named("POP"), Group: "mail"}, {ID: "web-hosting", Name: named("Web")},
	}, Groups: []status.Group{{ID: "mail", Name: named("E-mail"), Members: []string{"imap", "pop"}}}}
	var list []*status.Post
	for name, src := range posts {
		p, problems := status.Parse("status/"+name+".md", []byte(src), cfg)
		if p == nil {
			t.Fatal(problems)
		}
		list = append(list, p)
	}
	b, problems := status.NewBoard(cfg, list)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return b
}

func documents(t testing.TB, posts map[string]string, at string) map[string][]byte {
	t.Helper()
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	b := board(t, posts)
	p := Page{
		ID: "example", Name: "Example Mail", URL: "https://help.example.com/status", Lang: "en", Zone: now.Location(),
		PostURL: func(id string) string { return "https://help.example.com/status/" + id },
		HTML:    func(_ *status.Post, b status.Body) string { return "<p>" + b.Source + "</p>" },
		Text:    func(_ *status.Post, b status.Body) string { return b.Source },
	}
	if zone, err := time.LoadLocation("Europe/Oslo"); err == nil {
		p.Zone = zone
	}
	all := map[string][]byte{}
	for _, name := range Names {
		d, err := Write(name, p, b, b.At(now))
		if err != nil {
			t.Fatal(err)
		}
		all[name] = d
	}
	return all
}

func TestGolden(t *testing.T) {
	for name, d := range documents(t, posts, "2014-09-22T23:50:00+02:00") {
		var got bytes.Buffer
		if err := json.Indent(&got, d, "", " "); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", strings.ReplaceAll(name, "/", "-"))
		if *golden {
			if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// A component is the same object wherever it stands.
func TestOneComponentEverywhere(t *testing.T) {
	type object = map[string]any
	first := map[string]object{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, x := range v {
				walk(x)
			}
		case object:
			if id, ok := v["id"].(string); ok && v["position"] != nil {
				if first[id] == nil {
					first[id] = v
				}
				if diff := cmp.Diff(first[id], v); diff != "" {
					t.Errorf("%s: %s", id, diff)
				}
			}
			for _, x := range v {
				walk(x)
			}
		}
	}
	for _, d := range documents(t, posts, "2014-09-22T23:50:00+02:00") {
		var v any
		if err := json.Unmarshal(d, &v); err != nil {
			t.Fatal(err)
		}
		walk(v)
	}
	if len(first) == 0 {
		t.Error("no components")
	}
}

// What the lists hold, at instants around the changes.
func TestLists(t *testing.T) {
	tests := []struct{ at, name, want string }{
		{"2014-09-22T23:50:00+02:00", "incidents.json", "stuck monitoring major; notice monitoring none; gone postmortem minor; unknown resolved minor; expired resolved none"},
		{"2014-09-22T23:50:00+02:00", "incidents/unresolved.json", "stuck monitoring major; notice monitoring none"},
		{"2014-09-22T23:50:00+02:00", "scheduled-maintenances.json", "called cancelled maintenance; upcoming scheduled maintenance; active in_progress maintenance; past completed maintenance"},
		{"2014-09-22T23:50:00+02:00", "scheduled-maintenances/active.json", "active in_progress maintenance"},
		{"2014-09-22T23:50:00+02:00", "scheduled-maintenances/upcoming.json", "upcoming scheduled maintenance"},
		{"2014-09-23T01:00:00+02:00", "scheduled-maintenances/active.json", ""},
		{"2014-09-22T23:35:00+02:00", "incidents/unresolved.json", "stuck investigating critical; notice monitoring none"},
		{"2014-09-22T23:29:59+02:00", "incidents/unresolved.json", "notice monitoring none"},
	}
	for _, tt := range tests {
		var d document
		if err := json.Unmarshal(documents(t, posts, tt.at)[tt.name], &d); err != nil {
			t.Fatal(err)
		}
		list := d.Incidents
		if list == nil {
			list = d.Maintenances
		}
		var got []string
		for _, i := range *list {
			got = append(got, i.ID+" "+i.Status+" "+i.Impact)
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s %s: %s", tt.at, tt.name, diff)
		}
	}
}

func TestIndicator(t *testing.T) {
	tests := []struct{ at, want string }{
		{"2014-09-22T22:59:59+02:00", "none All Systems Operational"},
		{"2014-09-22T23:00:00+02:00", "maintenance Service Under Maintenance"},
		{"2014-09-22T23:30:00+02:00", "critical Major Service Outage"},
		{"2014-09-22T23:40:00+02:00", "major Partial System Outage"},
	}
	for _, tt := range tests {
		var d document
		if err := json.Unmarshal(documents(t, posts, tt.at)["status.json"], &d); err != nil {
			t.Fatal(err)
		}
		if got := d.Status.Indicator + " " + d.Status.Description; got != tt.want {
			t.Errorf("%s: %s, want %s", tt.at, got, tt.want)
		}
	}
}

// Every document keeps the shape that clients rely on, with posts and without.
func TestSchema(t *testing.T) {
	f, err := os.Open(filepath.Join("testdata", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	for _, some := range []map[string]string{posts, nil} {
		for name, d := range documents(t, some, "2014-09-22T23:50:00+02:00") {
			s, err := c.Compile("schema.json#/$defs/" + strings.NewReplacer("/", "-", ".json", "").Replace(name))
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(d))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(v); err != nil {
				t.Errorf("%s: %v\n%s", name, err, d)
			}
			if strings.Contains(name, "incidents") && strings.Contains(string(d), `"incidents":null`) {
				t.Errorf("%s: a list is null", name)
			}
		}
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := Write("history.json", Page{}, board(t, nil), board(t, nil).At(time.Unix(0, 0))); err == nil {
		t.Error("no error")
	}
}
