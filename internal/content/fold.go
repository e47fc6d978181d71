package content

import (
	"fmt"

	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
	"signpost/internal/problem"
)

// follows notes of which file with errors an error may only be a consequence.
func follows(broken string, e *markdown.Error) *markdown.Error {
	e.Follows = broken
	return e
}

// fold replaces the consequences of a site.yaml or provider description that
// cannot be used by one line each: they say nothing that its own errors do not.
func (b *build) fold() {
	count := map[string]int{}
	kept := b.problems[:0:0]
	for _, p := range b.problems {
		if class, _ := layout.Classify(p.Path); class == layout.Post && b.lib.brokenSite != "" {
			p.Follows = b.lib.brokenSite // its components, languages and zone are not known
		}
		if p.Follows != "" {
			count[p.Follows]++
		} else {
			kept = append(kept, p)
		}
	}
	b.problems = kept
	for path, n := range count {
		what := "problems"
		if n == 1 {
			what = "problem"
		}
		b.problems = append(b.problems, problem.Problem{
			Path: path, Severity: problem.Warning, Hint: "correct the errors of this file first",
			Message: fmt.Sprintf("%d %s of other files may follow from its errors and are not shown", n, what),
		})
	}
}
