package lang

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestNewLanguage adds a language to a build by its one file, and looks at
// what the rest of the program makes of it.
func TestNewLanguage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	source := func(name string) string { return filepath.Join(here, "testdata", "newlanguage", name) }
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		filepath.Join(here, "ro.go"):                  source("ro.go"),
		filepath.Join(here, "newlanguage", "main.go"): source("main.go"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "overlay.json")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.Command("go", "run", "-overlay", file, "signpost/internal/lang/newlanguage")
	run.Stderr = os.Stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got map[string]any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := map[string]any{
		"subject": "poșta", "text": "Nu pot să trimit mesaje de ieri și primesc o eroare 45012. Parola este", "lang": "ro", "codes": []any{"45012"},
		"stop": true, "asks": true, "stem": true, "terms": []any{"mesaj"},
		"plural": []any{"1 zi", "2 zile", "20 de zile"}, "alias": "ro",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	// The same file makes a language that lacks nothing.
	test := exec.Command("go", "test", "-overlay", file, "-run", "^TestOverlaid$", "-count=1", ".")
	test.Env = append(os.Environ(), "SIGNPOST_TEST_LANGUAGE=ro")
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestOverlaid is run by TestNewLanguage in a build with a further language.
func TestOverlaid(t *testing.T) {
	tag := os.Getenv("SIGNPOST_TEST_LANGUAGE")
	if tag == "" {
		t.Skip("run by TestNewLanguage")
	}
	l := Of(tag)
	if l == nil {
		t.Fatalf("%s is not there", tag)
	}
	for _, m := range missing(l) {
		t.Errorf("%s lacks %s", tag, m)
	}
}
