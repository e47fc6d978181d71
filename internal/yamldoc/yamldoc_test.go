package yamldoc_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"signpost/internal/yamldoc"
)

type level int

func (l *level) UnmarshalYAML(n *yaml.Node) error {
	switch n.Value {
	case "low":
		*l = 1
	case "high":
		*l = 2
	default:
		return yamldoc.Hinted{Err: errors.New("no such level"), Hint: "low or high"}
	}
	return nil
}

type config struct {
	Title  string            `yaml:"title"`
	Port   int               `yaml:"port"`
	Pin    bool              `yaml:"pin"`
	Auth   []string          `yaml:"auth"`
	Names  map[string]string `yaml:"names"`
	Nested []struct {
		Host string `yaml:"host"`
	} `yaml:"nested"`
	Level level `yaml:"level"`
}

func TestDecode(t *testing.T) {
	var got config
	doc, problems := yamldoc.Decode("a.yaml", []byte("title: 1.10\nport: 993\nauth: apop\nnames: {en: Mail}\nnested:\n  - host: a\n  - host: b\nlevel: high\n"), 10, &got)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := config{Title: "1.10", Port: 993, Auth: []string{"apop"}, Names: map[string]string{"en": "Mail"}, Level: 2}
	want.Nested = []struct {
		Host string `yaml:"host"`
	}{{"a"}, {"b"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if line := doc.Line("nested", 1, "host"); line != 17 {
		t.Errorf("Line(nested, 1, host) = %d, want 17", line)
	}
	if line := doc.Line("nested", 1, "nothing"); line != 17 {
		t.Errorf("Line of a missing key = %d, want its parent's 17", line)
	}
	if doc.Has("pin") || !doc.Has("nested", 0, "host") {
		t.Error("Has is wrong")
	}
}

func TestDecodeProblems(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"unknown key", "titel: x", `a.yaml:1: error: unknown key "titel" (did you mean "title"?)`},
		{"unknown key, none near", "qqqqqq: x", "known: auth, level, names, nested, pin, port, title"},
		{"repeated key", "title: a\ntitle: b", `a.yaml:2: error: the key "title" stands here a second time; it is already on line 1`},
		{"wrong type", "title: a\nport: many", `a.yaml:2: error: "port" should be a whole number, not "many"`},
		{"wrong shape", "title: [a]", `a.yaml:1: error: "title" should be text, not a list`},
		{"list wanted", "nested: {a: b}", `a.yaml:1: error: "nested" should be a list, not keys and values`},
		{"map wanted", "names: x", `"names" should have keys and values, not "x"`},
		{"own type", "level: middle", `a.yaml:1: error: "level": no such level (low or high)`},
		{"not yaml", "title: a\n  b: c: d\n", "a.yaml:2: error: this is not YAML"},
		{"a tab", "list:\n\t- a\n", "a line begins with a tab; indent with blanks"},
		{"a no-break blank", "title:\u00a03023\nlist: [a]\n", "a no-break blank stands there"},
		{"not utf-8", "title: a\nauth: \xff", "a.yaml:2: error: the text is not UTF-8"},
		{"alias", "title: &a x\nauth: [*a]", "anchors and aliases"},
		{"two documents", "title: a\n---\ntitle: b", "a second YAML document begins here"},
		{"list at the top", "- a", "the document should have keys and values, not a list"},
		{"too large", strings.Repeat("#", 1<<20+1), "at most 1048576 are read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var c config
			_, problems := yamldoc.Decode("a.yaml", []byte(tt.src), 0, &c)
			if len(problems) == 0 {
				t.Fatal("no problem was found")
			}
			var all []string
			for _, p := range problems {
				all = append(all, p.String())
			}
			if text := strings.Join(all, "\n"); !strings.Contains(text, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", text, tt.want)
			}
		})
	}
}

func TestEverythingIsReportedAtOnce(t *testing.T) {
	var c config
	_, problems := yamldoc.Decode("a.yaml", []byte("a: 1\nport: x\nlevel: y\ntitle: kept\n"), 0, &c)
	if len(problems) != 3 || c.Title != "kept" {
		t.Errorf("%d problems, title %q; want 3 and %q\n%v", len(problems), c.Title, "kept", problems)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("title: x\nnested: [{host: a}]"))
	f.Add([]byte("? [a, b]\n: x\n<<: {}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		var c config
		yamldoc.Decode("a.yaml", src, 0, &c)
	})
}

func TestNumbersAreWhole(t *testing.T) {
	for _, n := range []string{"9.5", "1e3", "0x10", "1_000", "'5'", "twelve"} {
		var got config
		if _, problems := yamldoc.Decode("a.yaml", []byte("port: "+n+"\n"), 0, &got); len(problems) != 1 || !strings.Contains(problems[0].Message, "should be a whole number") {
			t.Errorf("port: %s is read as %d: %v", n, got.Port, problems)
		}
	}
}

// Zeros before a number do not make it octal.
func TestLeadingZeros(t *testing.T) {
	for typed, want := range map[string]int{"0012": 12, "0993": 993, "00": 0, "-08": -8} {
		var got config
		if _, problems := yamldoc.Decode("a.yaml", []byte("port: "+typed+"\n"), 0, &got); len(problems) > 0 || got.Port != want {
			t.Errorf("port: %s is read as %d: %v", typed, got.Port, problems)
		}
	}
}
