package markdown

import (
	"strings"

	"signpost/internal/content/markdown/syntax"
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
	return syntax.Limited(c.problems)
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
			syntax.Report(&c.problems, p.path, int(p.Line), err)
		}
	}
	switch p.Kind {
	case syntax.Text, syntax.CodeSpan, syntax.Code, syntax.Keys:
		c.text(p, p.Text)
	case syntax.Link, syntax.Name:
		c.text(p, p.Title())
		_, err := c.d.target(p, c.r, c.o)
		fail(err)
	case syntax.Image:
		c.text(p, p.Title())
		img, err := picture(p, c.r)
		fail(err)
		if err == nil && img.Size > maxPicture {
			c.problems.Warnf(p.path, int(p.Line), "save it with fewer pixels or colours",
				"the picture %q has %d KB; more than 300 KB is slow on a phone", p.Text, img.Size>>10)
		}
	case syntax.Settings:
		_, err := c.r.Settings(p.Text, p.Title())
		fail(err)
	case syntax.Profile:
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
			syntax.Report(&c.problems, p.path, int(p.Line), Errorf("", "with its values, the text is larger than 1 MiB"))
		}
		return v
	}, func(line int, err error) {
		syntax.Report(&c.problems, p.path, int(p.Line)+line-1, err)
	})
}
