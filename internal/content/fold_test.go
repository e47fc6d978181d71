package content_test

import (
	"strings"
	"testing"

	"signpost/internal/problem"
)

// What follows from a file that cannot be used is one line; other problems are
// said as always.
func TestConsequencesAreFolded(t *testing.T) {
	post := "---\nkind: incident\ntitle: Down\naffects: [imap=down]\n---\n\n## 2026-11-22 10:00 CET investigating\n\nUse {{imap.host}}.\n\n## 2026-11-22 11:00 resolved\n\nDone.\n"
	own := []string{"help/mail/other/en.md", "---\nid: 1003\ntitle: Other\nstat: draft\n---\nx\n", "status/2026/2026-11-22-down.md", post, "help/mail/fr/fr.md", ""}
	const real = `help/mail/other/en.md:4: error: unknown key "stat"`
	for name, tt := range map[string]struct {
		changes []string
		broken  string
	}{
		"provider": {[]string{"providers/example.yaml", strings.Replace(providerYAML, "use: imap", "use: imapp", 1)}, "providers/example.yaml"},
		"no YAML":  {[]string{"providers/example.yaml", "provider: [\n"}, "providers/example.yaml"},
		"site":     {[]string{"site.yaml", "name: [\nlanguages: [en, de]\n"}, "site.yaml"},
		"a key":    {[]string{"site.yaml", "name: Test\nlanguages: [en, de]\ncomponentes: []\n"}, "site.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			lib := load(t, with(base(), append(own, tt.changes...)...))
			folded, found := 0, false
			for _, p := range lib.Problems {
				switch {
				case strings.HasPrefix(p.String(), real):
					found = true
				case p.Path == tt.broken && strings.Contains(p.Message, "of other files may follow from its errors and are not shown"):
					folded++
				case p.Path == tt.broken && p.Severity == problem.Error:
				default:
					t.Errorf("not folded: %s", p)
				}
			}
			if folded != 1 || !found {
				t.Errorf("%d lines for the consequences: %v", folded, lib.Problems)
			}
		})
	}
}
