package markdown

import (
	"fmt"
	"strings"

	"signpost/internal/problem"
)

const maxPicture = 300 << 10 // bytes, before Check warns

// Check returns all problems that show only with the other files: unknown
// values, broken links and anchors, missing pictures. Paths and lines are
// those of the file or part in which the problem stands.
func (d *Doc) Check(r Resolver) problem.List {
	c := checker{d: d, r: orNothing(r), o: Options{}.filled()}
	for p := range d.places() {
		c.node(p)
	}
	return limited(c.problems)
}

const maxProblems = 100 // of one file

// limited keeps the first problems: who has made so many knows what to do.
func limited(l problem.List) problem.List {
	if len(l) <= maxProblems {
		return l
	}
	rest := l[maxProblems:]
	last := problem.Problem{Path: rest[0].Path, Line: rest[0].Line, Severity: problem.Warning, Message: fmt.Sprintf("and %d more problems", len(rest))}
	if rest.HasErrors() {
		last.Severity = problem.Error
	}
	return append(l[:maxProblems:maxProblems], last)
}

type checker struct {
	d        *Doc
	r        Resolver
	o        *Options
	values   int // bytes of all values together
	problems problem.List
}

func (c *checker) node(p place) {
	fail := func(err error) {
		if err != nil {
			report(&c.problems, p.path, int(p.line), err)
		}
	}
	switch p.kind {
	case kText, kCodeSpan, kCode, kKeys:
		c.text(p, p.text)
	case kLink, kName:
		c.text(p, p.title())
		_, err := c.d.target(p, c.r, c.o)
		fail(err)
	case kImage:
		c.text(p, p.title())
		img, err := picture(p, c.r)
		fail(err)
		if err == nil && img.Size > maxPicture {
			c.problems.Warnf(p.path, int(p.line), "save it with fewer pixels or colours",
				"the picture %q has %d KB; more than 300 KB is slow on a phone", p.text, img.Size>>10)
		}
	case kSettings:
		_, err := c.r.Settings(p.text, p.title())
		fail(err)
	case kProfile:
		_, err := c.r.Profile()
		fail(err)
	}
}

func (c *checker) text(p place, s string) {
	if !strings.Contains(s, "{{") {
		return
	}
	substitute(s, false, c.r.Value, func(v string) string {
		before := c.values
		c.values += len(v)
		if before <= MaxSize && c.values > MaxSize {
			report(&c.problems, p.path, int(p.line), Errorf("", "with its values, the text is larger than 1 MiB"))
		}
		return v
	}, func(line int, err error) {
		report(&c.problems, p.path, int(p.line)+line-1, err)
	})
}
