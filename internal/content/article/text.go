package article

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// FrontMatter is what stands between the "---" lines of an article's file.
type FrontMatter struct {
	ID        int      `yaml:"id"`        // required in one language; never changes
	Title     string   `yaml:"title"`     // required above a text
	Summary   string   `yaml:"summary"`   // at most 160 characters
	Also      []string `yaml:"also"`      // words that customers use
	Platforms []string `yaml:"platforms"` // macos ios windows android linux web
	Services  []string `yaml:"services"`  // component ids
	Needs     []string `yaml:"needs"`     // services, vars.NAME and link.NAME that the provider must have
	Was       []string `yaml:"was"`       // old slugs and ids
	Review    string   `yaml:"review"`    // 2027-03-01, or 2027-03-01 anna
	State     string   `yaml:"state"`     // draft or internal
	Publish   string   `yaml:"publish"`   // 2026-12-01T06:00Z or 2026-12-01
	Published string   `yaml:"published"` // like publish
	Updated   string   `yaml:"updated"`   // like publish
	Kind      string   `yaml:"kind"`      // howto
	Rev       int      `yaml:"rev"`       // counts changes that translations must follow
	Of        int      `yaml:"of"`        // in a translation: the rev that it translates
}

// A Text is one language of an article.
type Text struct {
	Path    string
	Lang    string
	Title   string // may hold variables
	Summary string // may hold variables; at most 160 characters; may be empty
	Also    []string
	Of      int // rev of the original that it translates; 0 when not said
	File    *markdown.File

	Published time.Time // zero: not said
	Updated   time.Time // zero: not said

	front      FrontMatter
	lines      lines
	broken     bool // ParseFile found an error
	bodyLine   int
	publish    time.Time
	review     time.Time
	reviewedBy string
}

// lines say where each key of the front matter stands.
type lines map[string][]int // the key itself, then its items

func (l lines) at(key string, item int) int {
	switch at := l[key]; {
	case item+1 < len(at):
		return at[item+1]
	case len(at) > 0:
		return at[0]
	}
	return 1
}

// Config is what the front matter is read with.
type Config struct {
	Zone *time.Location // of the site: for dates without a time; nil for UTC
}

// Limits of a front matter.
const (
	MaxTitle   = 120 // characters; an error beyond
	MaxSummary = 160 // characters; an error beyond
	MaxAlso    = 8   // words that customers use; a warning beyond, as many words weaken each
)

// Line returns the line of a key of the front matter, or 1.
func (t *Text) Line(key string) int { return t.lines.at(key, -1) }

func (t *Text) has(key string) bool { return len(t.lines[key]) > 0 }

// ParseFile reads one language of an article. The Text is never nil; with an
// error it should not be used.
func ParseFile(file string, src []byte, c Config) (*Text, problem.List) {
	t := &Text{Path: file, Lang: strings.TrimSuffix(path.Base(file), ".md"), bodyLine: 1}
	source, problems := markdown.Split(file, src)
	if problems.HasErrors() {
		t.File, t.broken = &markdown.File{Path: file}, true
		return t, problems
	}
	if !IsLanguage(t.Lang) || !strings.HasSuffix(file, ".md") {
		problems.Errorf(file, 0, "name it by its language: en.md, de.md", "%q is not the name of a language", path.Base(file))
	}
	doc, more := yamldoc.Decode(file, source.Front, source.FrontLines, &t.front)
	problems = append(problems, more...)
	t.lines = linesOf(doc, t.front)
	t.bodyLine = source.BodyLines + 1
	r := reader{Text: t, zone: c.Zone, hasBody: len(bytes.TrimSpace(source.Body)) > 0, problems: &problems}
	if r.zone == nil {
		r.zone = time.UTC
	}
	switch {
	case more.HasErrors() && !doc.Has(): // no YAML at all: nothing else is worth saying
	case source.Front == nil:
		r.fail(1, `begin the file with "---", "id: 1042", "title: …" and "---", each on its line`, "the file has no front matter")
	default:
		r.read()
	}
	t.File, more = source.Parse()
	problems = append(problems, more...)
	t.broken = problems.HasErrors()
	return t, problems
}

func linesOf(doc *yamldoc.Doc, f FrontMatter) lines {
	l := lines{}
	items := map[string]int{"also": len(f.Also), "platforms": len(f.Platforms), "services": len(f.Services), "needs": len(f.Needs), "was": len(f.Was)}
	for _, key := range slices.Concat(shared, []string{"title", "summary", "also", "rev", "of", "published", "updated"}) {
		if !doc.Has(key) {
			continue
		}
		l[key] = []int{doc.Line(key)}
		for i := range items[key] {
			l[key] = append(l[key], doc.Line(key, i))
		}
	}
	return l
}

// CheckFront returns the variables of title and summary that do not exist.
func (t *Text) CheckFront(value markdown.Lookup) problem.List {
	var problems problem.List
	for key, s := range map[string]string{"title": t.Title, "summary": t.Summary} {
		if _, err := markdown.Substitute(s, value); err != nil {
			problems.Errorf(t.Path, t.Line(key), markdown.HintOf(err), "%s", err)
		}
	}
	problems.Sort()
	return problems
}

// reader checks the values of a front matter.
type reader struct {
	*Text
	zone     *time.Location
	hasBody  bool
	problems *problem.List
}

func (r reader) fail(line int, hint, format string, args ...any) {
	r.problems.Errorf(r.Path, line, hint, format, args...)
}

func (r reader) read() {
	f := &r.front
	r.words()
	if r.has("id") && (f.ID < 1 || f.ID > 999_999_999) && !r.problems.ErrorsAt(r.Path, r.Line("id")) {
		r.fail(r.Line("id"), "use a number from 1", "%d cannot be an id", f.ID)
	}
	r.list("platforms", f.Platforms, "platform", markdown.Platforms())
	r.list("services", f.Services, "service", nil)
	r.list("needs", f.Needs, "condition", nil)
	for i, name := range f.Needs {
		if err := markdown.CheckOffer(name); err != nil && name != "" {
			r.fail(r.lines.at("needs", i), markdown.HintOf(err), "needs: %s", err)
		}
	}
	r.list("was", f.Was, "old name", nil)
	for i, was := range f.Was {
		if !IsSlug(was) && !isID(was) {
			r.fail(r.lines.at("was", i), "write old slugs and ids: was: [apple-mail-pop, 17]", "%q is not a slug or an id", was)
		}
	}
	r.oneOf("state", f.State, string(Draft), string(Internal))
	r.oneOf("kind", f.Kind, string(Howto))
	for key, n := range map[string]int{"rev": f.Rev, "of": f.Of} {
		if r.has(key) && n < 1 && !r.problems.ErrorsAt(r.Path, r.Line(key)) {
			r.fail(r.Line(key), "count from 1", "%q is %d", key, n)
		}
	}
	r.Of = f.Of
	r.publish = r.instant("publish", f.Publish)
	r.Published = r.instant("published", f.Published)
	r.Updated = r.instant("updated", f.Updated)
	if !r.Updated.IsZero() && r.Updated.Before(r.Published) {
		r.fail(r.Line("updated"), "exchange the two dates", "the article was updated before it was published")
	}
	date, by, _ := strings.Cut(strings.TrimSpace(f.Review), " ")
	r.reviewedBy = strings.TrimSpace(by)
	if r.has("review") {
		var err error
		if r.review, err = time.ParseInLocation(time.DateOnly, date, r.zone); err != nil {
			r.fail(r.Line("review"), "write review: 2027-03-01, or review: 2027-03-01 anna", "%q is not a date", date)
		}
	}
}

// words reads what a translation may have too.
func (r reader) words() {
	f := &r.front
	r.Title, r.Summary, r.Also = strings.TrimSpace(f.Title), strings.TrimSpace(f.Summary), f.Also
	line := r.Line("title")
	switch n := utf8.RuneCountInString(r.Title); {
	case n == 0 && !r.hasBody && !r.has("title"): // words only
	case n == 0 && r.problems.ErrorsAt(r.Path, line) && r.has("title"): // it could not be read
	case n == 0:
		r.fail(line, "add title: …", "the article has no title")
	case n > MaxTitle:
		r.fail(line, "say the rest in the summary", "the title has %d characters; at most %d", n, MaxTitle)
	case strings.ContainsAny(r.Title, "\n\r"):
		r.fail(line, "write it on one line", "the title has more than one line")
	}
	if n := utf8.RuneCountInString(r.Summary); n > MaxSummary {
		r.fail(r.Line("summary"), "say it in one sentence", "the summary has %d characters; at most %d", n, MaxSummary)
	}
	r.Summary = strings.Join(strings.Fields(r.Summary), " ")
	r.list("also", f.Also, "word", nil)
	if len(f.Also) > MaxAlso {
		r.problems.Warnf(r.Path, r.Line("also"), "keep those that customers type most", "%q has %d entries; many words weaken each", "also", len(f.Also))
	}
}

// list complains about empty, repeated and unknown items.
func (r reader) list(key string, items []string, noun string, known []string) {
	for i, item := range items {
		line := r.lines.at(key, i)
		switch {
		case strings.TrimSpace(item) == "":
			r.fail(line, "delete it", "%q has an empty entry", key)
		case slices.Contains(items[:i], item):
			r.fail(line, "delete it", "%q names %q twice", key, item)
		case known != nil && !slices.Contains(known, item):
			r.fail(line, problem.DidYouMean(item, known), "unknown %s %q", noun, item)
		}
	}
}

func (r reader) oneOf(key, value string, known ...string) {
	if r.has(key) && !slices.Contains(known, value) {
		r.fail(r.Line(key), problem.DidYouMean(value, known), "unknown %s %q", key, value)
	}
}

var instantForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})? ?(Z|[+-]\d{2}:\d{2})?)?$`)

// instant reads a date (midnight in the site's zone) or a time with its zone.
func (r reader) instant(key, value string) time.Time {
	if !r.has(key) {
		return time.Time{}
	}
	m := instantForm.FindStringSubmatch(value)
	switch {
	case m == nil:
		r.fail(r.Line(key), fmt.Sprintf("write %s: 2026-12-01 or %s: 2026-12-01T06:00Z", key, key), "%q is not a date or a time", value)
		return time.Time{}
	case m[2] != "" && m[4] == "":
		r.fail(r.Line(key), fmt.Sprintf("add the zone: %sT%sZ or %sT%s+01:00", m[1], m[2], m[1], m[2]), "the time %q has no zone", value)
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, m[1], r.zone)
	if m[2] != "" {
		if m[3] == "" {
			m[3] = ":00"
		}
		t, err = time.Parse(time.RFC3339, m[1]+"T"+m[2]+m[3]+m[4])
	}
	if err != nil {
		r.fail(r.Line(key), "check day, hour and minute", "%q does not exist", value)
		return time.Time{}
	}
	return t
}
