package status

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func front(lines string) string { return "---\ntitle: T\n" + lines + "---\n" }

// What would otherwise be read as something else than was meant.
func TestProblemsThatHide(t *testing.T) {
	maintenance := front("kind: maintenance\nstarts: 2014-10-06 01:00\nends: 2014-10-06 02:00\n")
	for _, tt := range []struct{ name, src, want string }{
		{"unknown translated key", front("kind: incident\ntitel_de: x\n"), `4: unknown key "titel_de" | did you mean "title_de"?`},
		{"key that is not translated", front("kind: incident\nzone_de: x\n"), `4: unknown key "zone_de" | translated are title, expect, who, unaffected_text, action, workaround`},
		{"language of no site", front("kind: notice\ndate: 2014-10-06\ntitle_fr: x\n"), `5: "fr" is no language of this site; title_fr is not shown | known: de, en, nb`},
		{"no space", incidentHead + "## 10:00 investigating\nx\n##11:00 resolved\ny", `9: "##11:00 resolved" is text, not the heading of an update | write a space after ##`},
		{"code without end", incidentHead + "## 10:00 investigating\n```\n## 11:00 resolved\n", "9: a block of code does not end: headings in it are text | write ``` below the code"},
		{"completed before it began", maintenance + "## 2014-10-05 22:00 completed", "7: completed 2014-10-05 22:00 CEST is before it began, 2014-10-06 01:00 CEST | write cancelled, or started above it when it began early"},
		{"postmortem too early", incidentHead + "## 10:00 investigating\n## 11:00 postmortem", "8: a postmortem comes when it is over | write update, or resolved first"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Parse("status/x.md", []byte(tt.src), sample(t))
			if diff := cmp.Diff(tt.want, first(problems)); diff != "" {
				t.Errorf("%s\nall: %v", diff, problems)
			}
		})
	}
}

func TestAllowedOrders(t *testing.T) {
	maintenance := front("kind: maintenance\nstarts: 2014-10-06 01:00\nends: 2014-10-06 02:00\n")
	for _, fine := range []string{
		maintenance + "## 2014-10-05 22:00 started\n## 2014-10-05 23:00 completed", maintenance + "## 2014-10-05 22:00 cancelled",
		incidentHead + "## 10:00 investigating\n## 11:00 resolved\n## 12:00 postmortem", front("kind: incident\ndate: 2014-10-06\nresolved: unknown\n") + "## 10:00 investigating\n## 11:00 postmortem",
	} {
		if p, problems := Parse("status/x.md", []byte(fine), sample(t)); p == nil {
			t.Errorf("%s\n%v", fine, problems)
		}
	}
}
