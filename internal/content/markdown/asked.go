package markdown

import (
	"errors"
	"slices"
)

// A Recorder is a Resolver that passes every question on to another one and
// notes the answers. What was made with it holds as long as the same questions
// get the same answers; see [Recorder.Holds]. It is used by one goroutine at a time.
type Recorder struct {
	r       Resolver
	known   map[question]bool
	answers []answered
}

// A question is one call of a Resolver.
type question struct {
	method        method
	first, second string // the arguments of all methods but Link
	ref           Ref
}

type method uint8

const (
	askValue method = iota
	askLink
	askImage
	askSettings
	askProfile
)

type answered struct {
	question
	answer
}

// An answer holds the results of any method: a Link, an Image or a Profile is
// kept whole, a table by its caption and rows.
type answer struct {
	text    string
	link    Link
	image   Image
	rows    []Setting
	profile Profile
	err     error
}

// Record returns a Recorder in front of r.
func Record(r Resolver) *Recorder {
	return &Recorder{r: orNothing(r), known: map[question]bool{}}
}

// Close lets go of what answered; Holds still works.
func (c *Recorder) Close() { c.r, c.known = nil, nil }

// Holds reports whether r answers everything that was asked as it was answered
// then. With sameValues, variables, tables and the profile button are known to
// be as they were, and only links and pictures are asked for.
func (c *Recorder) Holds(r Resolver, sameValues bool) bool {
	for i := range c.answers {
		a := &c.answers[i]
		if sameValues && a.method != askLink && a.method != askImage {
			continue
		}
		if !a.same(ask(r, a.question)) {
			return false
		}
	}
	return true
}

// ask passes a question on each time, since a Resolver may count them, and
// notes it once.
func (c *Recorder) ask(q question) answer {
	a := ask(c.r, q)
	if !c.known[q] {
		c.known[q] = true
		c.answers = append(c.answers, answered{q, a})
	}
	return a
}

func ask(r Resolver, q question) (a answer) {
	switch q.method {
	case askValue:
		a.text, a.err = r.Value(q.first, q.second)
	case askLink:
		a.link, a.err = r.Link(q.ref)
	case askImage:
		a.image, a.err = r.Image(q.first, q.second)
	case askSettings:
		var s Settings
		s, a.err = r.Settings(q.first, q.second)
		a.text, a.rows = s.Caption, s.Rows
	case askProfile:
		a.profile, a.err = r.Profile()
	}
	return a
}

func (a answer) same(b answer) bool {
	return a.text == b.text && a.link == b.link && a.image == b.image && a.profile == b.profile &&
		slices.Equal(a.rows, b.rows) && SameError(a.err, b.err)
}

// SameError reports whether two errors of a [Resolver] say the same, with
// their hints.
func SameError(a, b error) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	var x, y *Error
	if errors.As(a, &x) != errors.As(b, &y) || x != nil && *x != *y {
		return false
	}
	return a.Error() == b.Error()
}

// Value implements [Resolver].
func (c *Recorder) Value(name, client string) (string, error) {
	a := c.ask(question{method: askValue, first: name, second: client})
	return a.text, a.err
}

// Link implements [Resolver].
func (c *Recorder) Link(ref Ref) (Link, error) {
	a := c.ask(question{method: askLink, ref: ref})
	return a.link, a.err
}

// Image implements [Resolver].
func (c *Recorder) Image(from, name string) (Image, error) {
	a := c.ask(question{method: askImage, first: from, second: name})
	return a.image, a.err
}

// Settings implements [Resolver].
func (c *Recorder) Settings(service, client string) (Settings, error) {
	a := c.ask(question{method: askSettings, first: service, second: client})
	return Settings{Caption: a.text, Rows: a.rows}, a.err
}

// Profile implements [Resolver].
func (c *Recorder) Profile() (Profile, error) {
	a := c.ask(question{method: askProfile})
	return a.profile, a.err
}
