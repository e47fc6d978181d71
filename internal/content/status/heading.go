package status

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status/walltime"
	"signpost/internal/lang"
	"signpost/internal/locale"
	"signpost/internal/problem"
)

// headingForm is what an update's heading looks like, for messages.
const headingForm = "write ## 2026-12-01 22:00 "

var (
	glued     = regexp.MustCompile(`^ {0,3}##[^#\s]`)
	underline = regexp.MustCompile(`^ {0,3}-+[ \t]*$`)
	paragraph = regexp.MustCompile(`^ {0,3}[^\s>#*+\-|=0-9]`)
	fence     = regexp.MustCompile("^ {0,3}(```+|~~~+)(.*)$")
	fixedID   = regexp.MustCompile(`^(.*?)[ \t]*\{#([^}]*)\}$`)
)

// trimBody drops empty lines at both ends of a text that begins after some lines of the file.
func trimBody(text []byte, before int) Body {
	s := string(text)
	for {
		line, rest, more := strings.Cut(s, "\n")
		if !more || strings.TrimSpace(line) != "" {
			break
		}
		s, before = rest, before+1
	}
	return Body{Source: strings.TrimRight(s, " \t\n"), Line: before + 1}
}

// maxUpdates is how many updates a post can have.
const maxUpdates = 2000

// body reads the summary and the updates.
func (r *reader) body(src markdown.Source) {
	intro, sections := src.Sections()
	r.post.Summary = trimBody(intro.Body, intro.BodyLines)
	r.underlined(r.post.Summary)
	if len(sections) > maxUpdates {
		r.fail(sections[maxUpdates].Line, "begin a new post", "the post has more than %d updates", maxUpdates)
		return
	}
	for _, s := range sections {
		u, ok := r.update(s)
		r.underlined(u.Body)
		if ok {
			r.post.Updates = append(r.post.Updates, u)
		}
	}
}

// underlined refuses the other form of a heading of the second level, and what
// was meant as a heading and would silently become text.
func (r *reader) underlined(b Body) {
	lines := strings.Split(b.Source, "\n")
	code := false
	for i := range lines {
		if fence.MatchString(lines[i]) {
			code = !code
		}
		if !code && glued.MatchString(lines[i]) {
			r.fail(b.Line+i, "write a space after ##", "%q is text, not the heading of an update", strings.TrimSpace(lines[i]))
		}
		if i > 0 && underline.MatchString(lines[i]) && paragraph.MatchString(lines[i-1]) {
			r.fail(b.Line+i, "write ### and a space before it, or leave a line empty before the dashes", "a line under %q makes it a heading of the second level, which is only for updates", strings.TrimSpace(lines[i-1]))
		}
	}
}

// update reads a heading: [DATE] [TIME [ZONE]] STATE [key=value …] [{#ID}].
func (r *reader) update(s markdown.Section) (Update, bool) {
	u := Update{Line: s.Line, Body: trimBody(s.Body, s.BodyLines)}
	heading, ok := s.Heading, true
	if m := fixedID.FindStringSubmatch(heading); m != nil {
		heading, u.ID = m[1], m[2]
		if ok = idForm.MatchString(u.ID) && len(u.ID) <= 80; !ok {
			r.fail(s.Line, "use letters a-z, digits, - and _", "%q cannot be the id of an update", u.ID)
		}
	}
	at, given, rest, err := walltime.Read(walltime.Split(heading), r.date, r.post.Zone)
	if err != nil {
		r.timeError(s.Line, "", "## ", err)
		return u, false
	}
	at.Approx = r.post.Approx
	u.At = at
	if len(rest) == 0 {
		r.fail(s.Line, headingForm+string(r.post.Kind.Last())+"; the states are: "+r.stateNames(), "the heading says no state")
		return u, false
	}
	if u.State, err = r.state(s.Line, rest, heading); err != nil {
		return u, false
	}
	switch {
	case u.State.Closes() && !given:
		r.fail(s.Line, fmt.Sprintf("write ## 22:00 %s with the time, ## 2026-12-01 %s, or resolved: unknown in the front matter", u.State, u.State), "%s without any time", u.State)
		return u, false
	case at.IsZero():
		r.fail(s.Line, headingForm+string(u.State)+", or add date: to the front matter", "the update has no day")
		return u, false
	}
	ok = r.order(u, s) && ok
	r.date = at.Time
	for _, word := range rest[1:] {
		ok = r.attribute(&u, word) && ok
	}
	if u.State == Extended && u.Window.End.IsZero() && ok {
		r.fail(s.Line, "write ## 22:00 extended ends=23:30", "extended until when?")
		return u, false
	}
	return u, ok
}

func (r *reader) stateNames() string {
	var names []string
	for _, s := range r.post.Kind.States() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

var errReported = fmt.Errorf("already reported")

// state reads the word of a state.
func (r *reader) state(line int, rest []string, heading string) (State, error) {
	word := rest[0]
	state, kind := State(word), r.post.Kind
	if slices.Contains(kind.States(), state) {
		return state, nil
	}
	lower := State(strings.ToLower(strings.TrimRight(word, ":")))
	for _, k := range []Kind{Incident, Maintenance, Notice} {
		switch {
		case slices.Contains(k.States(), state):
			r.fail(line, "its states are: "+r.stateNames(), "%s is not a state of %s %s", word, article(kind), kind)
			return "", errReported
		case slices.Contains(k.States(), lower) || strings.Contains(word, ":"):
			r.fail(line, headingForm+string(kind.Last())+" and the text on the next line; the states, in small letters: "+r.stateNames(), "%q is not the heading of an update", "## "+heading)
			return "", errReported
		}
	}
	hint := problem.DidYouMean(string(lower), strings.Split(r.stateNames(), ", "))
	if m, ok := meant[string(lower)]; ok && slices.Contains(kind.States(), m) {
		hint = fmt.Sprintf("did you mean %q?", m)
	}
	r.fail(line, hint, "unknown state %q", word)
	return "", errReported
}

// article is the English article before the word of a kind.
func article(k Kind) string {
	if k == Incident {
		return "an"
	}
	return "a"
}

// order refuses an update that lies before the one above it.
func (r *reader) order(u Update, s markdown.Section) bool {
	if len(r.post.Updates) == 0 {
		return true
	}
	prev := r.post.Updates[len(r.post.Updates)-1].At
	early := u.At.Time.Before(prev.Time)
	if u.At.Day || prev.Day {
		early = u.At.Time.Format(time.DateOnly) < prev.Time.In(u.At.Time.Location()).Format(time.DateOnly)
	}
	if !early {
		return true
	}
	hint := "put the updates in order, the oldest first"
	if words := strings.Fields(s.Heading); walltime.IsClock(words[0]) {
		next := walltime.NextMidnight(prev.Time).Format(time.DateOnly)
		hint = fmt.Sprintf("after midnight write ## %s %s", next, s.Heading)
	}
	r.fail(s.Line, hint, "%s is before the update above, %s", u.At, prev)
	return false
}

var attributeNames = []string{"eta", "next", "starts", "ends", "corrects", "edited"}

// attribute reads one "key=value" of a heading.
func (r *reader) attribute(u *Update, word string) bool {
	key, value, has := strings.Cut(word, "=")
	before := len(r.List)
	switch {
	case !has:
		r.fail(u.Line, "put the text on the lines below the heading; only component=condition, eta=, next= and the like stand in it", "%q cannot stand in the heading of an update", word)
	case key == "eta":
		var ok bool
		if u.ETA, ok = walltime.ParseSpan(value); !ok {
			r.fail(u.Line, "write eta=30m, eta=2h or eta=30m-45m", "eta: %q is not a duration", value)
		}
	case key == "next":
		var ok bool
		if u.Next, ok = walltime.ParseDuration(value); !ok {
			r.fail(u.Line, "write next=30m", "next: %q is not a duration", value)
		}
	case key == "starts" || key == "ends":
		r.newWindow(u, key, value)
	case key == "corrects":
		u.Corrects = value
	case key == "edited":
		m, err := walltime.Parse(value, time.Time{}, r.post.Zone)
		if err != nil {
			r.timeError(u.Line, "edited: ", "edited=", err)
		}
		u.Edited = m
	default:
		known := append(r.cfg.ids(), attributeNames...)
		if r.cfg.Expand(key) == nil {
			r.fail(u.Line, problem.DidYouMean(key, known), "unknown component or word %q", key)
			break
		}
		for _, e := range r.effects("heading", u.Line, key, value, true) {
			u.Affects = setEffect(u.Affects, e)
		}
	}
	return len(r.List) == before
}

// newWindow reads starts= and ends= of scheduled and extended.
func (r *reader) newWindow(u *Update, key, value string) {
	if u.State != Scheduled && (u.State != Extended || key == "starts") {
		r.fail(u.Line, "write extended ends=TIME, or scheduled starts=TIME ends=TIME", "%s= does not belong to %s", key, u.State)
		return
	}
	day := u.At.Time
	if key == "ends" && !u.Window.Start.IsZero() {
		day = u.Window.Start.Time
	}
	m, err := walltime.Parse(value, day, r.post.Zone)
	if err != nil {
		te := err.(*walltime.Error)
		fixed := strings.Fields(te.Fixed)
		te.Fixed = strings.Join(fixed, "T")
		if len(fixed) == 0 || walltime.IsAbbreviation(fixed[len(fixed)-1]) { // no place for an abbreviation
			te.Fixed, te.Hint = "", "write "+key+"=22:00 or, in full, "+key+"=2026-12-01T22:00+01:00"
		}
		r.timeError(u.Line, key+": ", key+"=", te)
		return
	}
	m.Approx = r.post.Approx
	if key == "starts" {
		u.Window.Start = m
	} else {
		u.Window.End = m
	}
}

// relative finds, per language, phrases that mean another day to every later reader.
var relative = func() map[string]*regexp.Regexp {
	patterns := map[string]*regexp.Regexp{}
	for _, l := range lang.All() {
		var days []string
		for _, d := range l.Days {
			days = append(days, regexp.QuoteMeta(d))
		}
		if len(days) > 0 {
			patterns[l.Tag] = regexp.MustCompile(`(?i)(?:^|[^\pL])(` + strings.Join(days, "|") + `)(?:$|[^\pL])`)
		}
	}
	return patterns
}()

var dottedDate = regexp.MustCompile(`(?:^|[^\d.])(\d{1,2}\.\d{1,2}\.\d{4})(?:$|[^\d])`)

// relativeWords warns of words and dates that are unclear to later readers.
func (r *reader) relativeWords(src markdown.Source, language string) {
	line := src.BodyLines + 1
	patterns := []*regexp.Regexp{relative[locale.Reference]}
	if l := lang.Of(language); l != nil && l.Tag != locale.Reference && relative[l.Tag] != nil {
		patterns = append(patterns, relative[l.Tag])
	}
	open := false
	for content := range strings.Lines(string(src.Body)) {
		if fence.MatchString(strings.TrimRight(content, "\n")) {
			open = !open
		}
		for _, p := range patterns {
			if m := p.FindStringSubmatch(content); m != nil && !open {
				r.Warnf(r.file, line, "write the day: the post is read for years, and in other time zones", "%q means another day to later readers", m[1])
			}
		}
		if m := dottedDate.FindStringSubmatch(content); m != nil && !open {
			r.Warnf(r.file, line, "write 2026-12-01 or 1 December 2026", "%q is read differently in other countries", m[1])
		}
		line++
	}
	if open {
		r.Warnf(r.file, line-1, "write ``` below the code", "a block of code does not end: headings in it are text")
	}
}

// timeline adds what the front matter says of the first update, gives every
// update its id, and checks that the states follow each other.
func (r *reader) timeline() {
	p := r.post
	r.implicit()
	if len(p.Updates) == 0 {
		return
	}
	if first := &p.Updates[0]; !first.Implicit && r.edited.Time.After(first.Edited.Time) {
		first.Edited = r.edited // the text above the headings comes with it
	}
	p.Posted = p.Updates[0].At
	taken := map[string]int{}
	for _, u := range p.Updates {
		if u.ID == "" {
			continue
		}
		if first, twice := taken[strings.ToLower(u.ID)]; twice {
			r.fail(u.Line, "give each update its own {#ID}, or none", "the id %q is already on line %d", u.ID, first)
		}
		taken[strings.ToLower(u.ID)] = u.Line
	}
	for i := range p.Updates {
		u := &p.Updates[i]
		if u.ID == "" {
			u.ID = freeID(updateID(u.At), taken)
			taken[strings.ToLower(u.ID)] = u.Line
		}
	}
	r.transitions()
	r.ends()
}

// updateID is the id of an update at m: 20140921T2151Z, or 20140921.
func updateID(m Moment) string {
	if m.Day {
		return m.Time.Format("20060102")
	}
	return m.Time.UTC().Format("20060102T1504Z")
}

// NewUpdateID returns the id for a new update at m of a post with these ids.
func NewUpdateID(m Moment, ids []string) string {
	taken := map[string]int{}
	for _, id := range ids {
		taken[strings.ToLower(id)] = 1
	}
	return freeID(updateID(m), taken)
}

func freeID(id string, taken map[string]int) string {
	free := id
	for n := 2; ; n++ {
		if _, ok := taken[strings.ToLower(free)]; !ok {
			return free
		}
		free = id + "-" + strconv.Itoa(n)
	}
}

// implicit makes the first update of the front matter: a maintenance is
// scheduled by it even when headings follow; an incident or notice without any
// heading is being investigated, or published.
func (r *reader) implicit() {
	p := r.post
	if len(p.Updates) > 0 && (p.Kind != Maintenance || p.Updates[0].State == Scheduled) {
		return
	}
	if r.HasErrors() {
		return
	}
	u := Update{State: p.Kind.First(), Edited: r.edited, Implicit: true, Body: p.Summary, Line: max(1, p.Summary.Line)}
	if r.fm.Date != "" {
		d, _ := time.Parse(time.DateOnly, r.fm.Date)
		u.At = Moment{Time: walltime.Midnight(d, p.Zone), Day: true, Approx: p.Approx}
		u.ID = updateID(u.At)
	}
	switch {
	case !u.At.IsZero():
	case p.Kind == Maintenance:
		u.ID = updateID(Moment{Time: p.Planned.Start.Time, Day: true})
	default:
		r.failKey("kind", "add date: 2026-12-01, or a heading: "+strings.TrimPrefix(headingForm, "write ")+string(p.Kind.First()), "the post does not say when it was published")
		return
	}
	p.Updates = slices.Insert(p.Updates, 0, u)
}

// transitions checks which state follows which.
func (r *reader) transitions() {
	p := r.post
	state := State("")
	seen := map[string]bool{}
	for _, u := range p.Updates {
		if u.Corrects != "" && !seen[u.Corrects] {
			r.fail(u.Line, problem.DidYouMean(u.Corrects, sortedWords(seen)), "corrects: there is no earlier update %q", u.Corrects)
		}
		seen[u.ID] = true
		switch {
		case u.State == Postmortem && !state.Closes() && !p.ResolvedUnknown:
			r.fail(u.Line, "write update, or "+string(p.Kind.Last())+" first", "a postmortem comes when it is over")
			continue
		case u.State.keeps():
			if state == "" {
				r.fail(u.Line, "begin with "+string(p.Kind.First()), "the first update has to give a state")
			}
			continue
		case u.State == Reopened && state != Resolved:
			r.fail(u.Line, "write update, or identified", "only a resolved incident can be reopened")
		case state.Closes() && u.State != Reopened:
			hint := "only update and postmortem can follow"
			if p.Kind == Incident {
				hint += ", or reopened"
			}
			r.fail(u.Line, hint, "%s comes after %s", u.State, state)
		}
		state = u.State
	}
	if p.ResolvedUnknown && state.Closes() {
		r.failKey("resolved", "leave resolved: unknown out", "an update says when it was resolved")
	}
}

// ends checks the changed times of a maintenance, and that it ends at all.
func (r *reader) ends() {
	p := r.post
	if p.Kind != Maintenance || p.Planned.Start.IsZero() {
		return
	}
	now, begun, completed := p.Planned, false, false
	for _, u := range p.Updates {
		begun = begun || u.State == Started
		if u.State == Completed && !begun && u.At.End().Before(now.Start.Time) {
			r.fail(u.Line, "write cancelled, or started above it when it began early", "completed %s is before it began, %s", u.At, now.Start)
		}
		completed = completed || u.State.Closes()
		if w := u.Window; !w.Start.IsZero() {
			now.Start = w.Start
			if w.End.IsZero() && !now.End.IsZero() && !p.EndsUnknown {
				r.fail(u.Line, "write scheduled starts=TIME ends=TIME", "a moved maintenance needs its new end too")
			}
		}
		if w := u.Window; !w.End.IsZero() {
			if u.State == Extended && !now.End.IsZero() && !w.End.End().After(now.End.End()) {
				r.fail(u.Line, "write completed when it is over earlier", "ends %s is not later than the end before, %s", w.End, now.End)
			}
			now.End = w.End
			if !w.End.End().After(now.Start.Time) {
				r.fail(u.Line, "check both times; after midnight write the day too: ends=2026-12-02T01:00", "ends %s is not after starts %s", w.End, now.Start)
			}
		}
	}
	if p.EndsUnknown && !completed && !r.cfg.Now.IsZero() && r.cfg.Now.Before(p.Planned.Start.Time.Add(UnknownEnd)) {
		r.failKey("ends", "write a time, add lasts: 2h, or add a completed update", "the end cannot be unknown before the maintenance is over")
	}
}
