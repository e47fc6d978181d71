package badge

import (
	"encoding/xml"
	"strings"
	"testing"

	"signpost/internal/content/status"
)

func TestWrite(t *testing.T) {
	name, state := `Example "Mail" <&> ]]> 📬`, "all systems\x00 work"
	b, err := Write(name, state, status.ImpactNone, false)
	if err != nil {
		t.Fatal(err)
	}
	var p struct {
		Role  string   `xml:"role,attr"`
		Label string   `xml:"aria-label,attr"`
		Title string   `xml:"title"`
		Texts []string `xml:"text"`
		Boxes []struct {
			Fill string `xml:"fill,attr"`
		} `xml:"rect"`
	}
	if err := xml.Unmarshal(b, &p); err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	state = strings.ReplaceAll(state, "\x00", "\uFFFD")
	if want := name + ": " + state; p.Role != "img" || p.Label != want || p.Title != want || p.Texts[0] != name || p.Texts[1] != state {
		t.Errorf("read back as %+v", p)
	}
	seen := map[string]bool{}
	for _, level := range []status.Impact{status.ImpactNone, status.ImpactMinor, status.ImpactMajor, status.ImpactCritical} {
		for _, maintenance := range []bool{false, true} {
			b, err := Write("a", "b", level, maintenance)
			if err != nil {
				t.Fatal(err)
			}
			if err := xml.Unmarshal(b, &p); err != nil {
				t.Fatal(err)
			}
			seen[p.Boxes[len(p.Boxes)-1].Fill] = true
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d colours for five states", len(seen))
	}
}

// TestEndpoint: the keys are those of Shields' schema, version 1; no others
// may be there.
func TestEndpoint(t *testing.T) {
	b, err := Endpoint("Example Mail", "IMAP is down", status.ImpactCritical, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"schemaVersion":1,"label":"Example Mail","message":"IMAP is down","color":"#b42318","isError":true}`; string(b) != want {
		t.Errorf("got %s", b)
	}
	if b, _ = Endpoint("Example Mail", "planned work", status.ImpactNone, true); strings.Contains(string(b), "isError") || !strings.Contains(string(b), "#0b5cad") {
		t.Errorf("planned work: %s", b)
	}
}
