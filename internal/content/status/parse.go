package status

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status/walltime"
	"signpost/internal/problem"
)

var (
	idForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	langForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// Parse reads a post. file is the path relative to the content folder; its
// last part without ".md" is the post's id unless the front matter has one.
// The post is nil when the problems contain errors.
func Parse(file string, src []byte, cfg Config) (*Post, problem.List) {
	r := &reader{file: file, cfg: cfg, post: &Post{Path: file, Zone: cfg.Zone}}
	r.read(src)
	if r.HasErrors() {
		return nil, r.List
	}
	return r.post, r.List
}

// A reader turns one file into a post.
type reader struct {
	problem.List
	file   string
	cfg    Config
	fm     FrontMatter
	post   *Post
	date   time.Time    // "date:", or the day of the entry before
	edited Moment       // "edited:"
	said   map[int]bool // lines of the front matter that could not be read
}

// fail reports an error, unless it follows from one that the line already has.
func (r *reader) fail(line int, hint, format string, args ...any) {
	if !r.said[line] {
		r.Errorf(r.file, line, hint, format, args...)
	}
}

// failKey reports an error at a key of the front matter.
func (r *reader) failKey(key, hint, format string, args ...any) {
	r.fail(r.post.Line(key), hint, format, args...)
}

func (r *reader) read(src []byte) {
	if r.post.Zone == nil {
		r.post.Zone = time.UTC
	}
	parts, problems := markdown.Split(r.file, src)
	if r.List = problems; r.HasErrors() {
		return
	}
	if parts.FrontLines == 0 {
		r.fail(1, "begin with a line ---, then kind: and affects:, then a line ---", "the file has no front matter")
		return
	}
	r.fm, r.post.lines, problems = readFront(r.file, parts.Front, parts.FrontLines)
	r.List = append(r.List, problems...)
	if r.HasErrors() && len(r.post.lines) == 0 {
		return // it is no YAML
	}
	r.said = map[int]bool{}
	for _, p := range problems {
		r.said[p.Line] = true
	}
	r.identity()
	if r.post.Kind.States() == nil {
		return
	}
	r.references()
	r.sentences()
	r.times()
	r.body(parts)
	r.timeline()
	r.title()
	if len(r.post.Updates) > 0 && !r.HasErrors() {
		r.List = append(r.List, r.post.Odd(r.cfg.Now)...)
	}
	r.relativeWords(parts, r.post.Lang)
}

// identity reads id, kind, language, zone and title.
func (r *reader) identity() {
	p, fm := r.post, &r.fm
	p.ID = strings.TrimSuffix(path.Base(r.file), ".md")
	if fm.ID != "" {
		p.ID = fm.ID
	}
	if !idForm.MatchString(p.ID) || len(p.ID) > 120 {
		r.failKey("id", "use at most 120 letters a-z, digits, - and _; begin with a letter or digit", "%q cannot be the id of a post", p.ID)
	}
	p.Kind = fm.Kind
	if p.Kind.States() == nil {
		r.failKey("kind", problem.DidYouMean(string(p.Kind), []string{"incident", "maintenance", "notice"}), "unknown kind %q", p.Kind)
	}
	p.Lang = "en"
	if len(r.cfg.Languages) > 0 {
		p.Lang = r.cfg.Languages[0]
	}
	if fm.Lang != "" {
		p.Lang = fm.Lang
	}
	if !langForm.MatchString(p.Lang) {
		r.failKey("lang", "write a language code: en, nb, de", "%q is not a language", p.Lang)
	}
	if fm.Zone != "" {
		zone, err := time.LoadLocation(fm.Zone)
		if err != nil || fm.Zone != "UTC" && !strings.Contains(fm.Zone, "/") {
			r.failKey("zone", "write the name of the zone's city: Europe/Oslo, America/New_York; or UTC", "%q is not a time zone of the IANA list", fm.Zone)
		} else {
			p.Zone = zone
		}
	}
	for _, key := range slices.Sorted(maps.Keys(fm.Translations)) {
		if m := translatedKey.FindStringSubmatch(key); m != nil && len(r.cfg.Languages) > 0 && !slices.Contains(r.cfg.Languages, m[2]) {
			r.Warnf(r.file, p.Line(key), problem.DidYouMean(m[2], r.cfg.Languages), "%q is no language of this site; %s is not shown", m[2], key)
		}
	}
	p.Title = fm.text("title", fm.Title)
	for l, t := range p.Title {
		p.Title[l] = strings.Join(strings.Fields(t), " ")
		if utf8.RuneCountInString(t) > 200 {
			r.failKey("title", "say the rest in the text", "the title is longer than 200 characters")
		}
		if strings.HasPrefix(t, "[") && strings.Contains(strings.ToLower(t), "resolved]") {
			r.Warnf(r.file, p.Line("title"), "leave the prefix out: the state is printed by itself, and the title then never changes", "the title repeats the state")
		}
	}
}

// references reads what the post is about: components, articles, other posts.
func (r *reader) references() {
	p, fm := r.post, &r.fm
	named := map[string]string{} // component -> the word that affects it
	explicit := map[string]bool{}
	for _, w := range Words(fm.Affects) {
		id, value, has := strings.Cut(w, "=")
		for _, e := range r.effects("affects", p.Line("affects"), id, value, has) {
			p.Affects = setEffect(p.Affects, e)
			named[e.Component] = id
			explicit[e.Component] = explicit[e.Component] || e.Component == id
		}
		if !slices.Contains(p.Named, id) {
			p.Named = append(p.Named, id)
		}
	}
	for _, id := range Words(fm.Unaffected) {
		members := r.cfg.Expand(id)
		if members == nil {
			r.failKey("unaffected", problem.DidYouMean(id, r.cfg.ids()), "unknown component %q", id)
		}
		for _, c := range members {
			by, both := named[c]
			switch {
			case both && (explicit[c] || by == id || c != id):
				r.failKey("unaffected", "name it in one of the two lists", "%s is both affected and unaffected", c)
			case both: // "affects: network" without one of its members
				p.Affects = slices.DeleteFunc(p.Affects, func(e Effect) bool { return e.Component == c })
			}
			if !slices.Contains(p.Unaffected, c) {
				p.Unaffected = append(p.Unaffected, c)
			}
		}
	}
	for _, slug := range Words(fm.Help) {
		if !idForm.MatchString(slug) {
			r.failKey("help", "write the articles' slugs: help: spam-filter passwords", "%q is not the slug of an article", slug)
		} else if !slices.Contains(p.Help, slug) {
			p.Help = append(p.Help, slug)
		}
	}
	p.SupersededBy = fm.SupersededBy
	if s := fm.SupersededBy; s != "" && (!idForm.MatchString(s) || strings.EqualFold(s, p.ID)) {
		r.failKey("superseded_by", "write the id of the post that replaces this one", "%q cannot replace this post", s)
	}
}

// effects reads one "component=condition". key is where it stands.
func (r *reader) effects(key string, line int, id, value string, has bool) []Effect {
	members := r.cfg.Expand(id)
	if members == nil {
		r.fail(line, problem.DidYouMean(id, r.cfg.ids()), "%s: unknown component %q", key, id)
		return nil
	}
	condition, known := conditionWords[value]
	switch kind := r.post.Kind; {
	case has && !known:
		r.fail(line, problem.DidYouMean(value, sortedWords(conditionWords)), "%s: %q is not a condition of a component", key, value)
		return nil
	case has && kind == Notice:
		r.fail(line, "write "+id+", or make it an incident", "%s: a notice says nothing about the condition of %s", key, id)
	case has && kind == Incident && condition == UnderMaintenance:
		r.fail(line, "write "+id+"=degraded, "+id+"=partial or "+id+"=down", "%s: an incident is no maintenance of %s", key, id)
	case !has && kind == Incident:
		r.fail(line, "write "+id+"=degraded, "+id+"=partial or "+id+"=down", "%s: how bad is it for %s?", key, id)
	case !has && kind == Maintenance:
		condition = UnderMaintenance
	}
	var list []Effect
	for _, c := range members {
		list = append(list, Effect{c, condition})
	}
	return list
}

func setEffect(list []Effect, e Effect) []Effect {
	if i := slices.IndexFunc(list, func(x Effect) bool { return x.Component == e.Component }); i >= 0 {
		list = slices.Clone(list)
		list[i] = e
		return list
	}
	return append(slices.Clip(list), e)
}

// sentences reads impact, mail and the free texts.
func (r *reader) sentences() {
	p, fm := r.post, &r.fm
	if fm.Impact != "" {
		i, ok := impactWords[fm.Impact]
		if !ok {
			r.failKey("impact", problem.DidYouMean(fm.Impact, sortedWords(impactWords)), "unknown impact %q", fm.Impact)
		}
		p.Impact = &i
	}
	answers := []string{string(MailSafe), string(MailDelayed), string(MailAtRisk), string(MailLost)}
	if fm.Mail != "" && !slices.Contains(answers, string(fm.Mail)) {
		r.failKey("mail", problem.DidYouMean(string(fm.Mail), answers), "%q does not say how safe mail is", fm.Mail)
	}
	p.Mail, p.Approx, p.Supplier = fm.Mail, fm.Approx, strings.TrimSpace(fm.Supplier)
	p.Expect = fm.text("expect", fm.Expect)
	p.Who = fm.text("who", fm.Who)
	p.UnaffectedText = fm.text("unaffected_text", fm.UnaffectedText)
	p.Action = fm.text("action", fm.Action)
	p.Workaround = fm.text("workaround", fm.Workaround)
}

// moment reads the value of a key as a time.
func (r *reader) moment(key string, line int, value string) Moment {
	m, err := walltime.Parse(value, r.date, r.post.Zone)
	if err != nil {
		r.timeError(line, key+": ", key+": ", err)
		return Moment{}
	}
	m.Approx = r.post.Approx
	return m
}

// timeError reports a [walltime.Error]; before is what stands before the time in
// the corrected line.
func (r *reader) timeError(line int, where, before string, err error) {
	te := err.(*walltime.Error)
	hint := te.Hint
	if te.Fixed != "" {
		hint = "write " + before + te.Fixed
		if _, more, ok := strings.Cut(te.Hint, ", "); ok && strings.HasPrefix(te.Hint, "write ") {
			hint += "; or " + more
		} else if te.Hint != "" {
			hint += "; or " + te.Hint
		}
	}
	r.fail(line, hint, "%s%s", where, te.Message)
}

// times reads all times of the front matter.
func (r *reader) times() {
	p, fm := r.post, &r.fm
	if fm.Date != "" {
		d, err := walltime.Parse(fm.Date, time.Time{}, time.UTC)
		if err == nil && !d.Day {
			err = &walltime.Error{Message: "the date is not a day", Hint: "write year-month-day, as in 2026-12-01"}
		}
		if err != nil {
			r.timeError(p.Line("date"), "date: ", "date: ", err)
		}
		r.date = d.Time
	}
	if p.Kind == Maintenance {
		r.planned()
	} else {
		for key, v := range map[string]string{"starts": fm.Starts, "ends": fm.Ends, "lasts": fm.Lasts} {
			if v != "" {
				r.failKey(key, "write times in headings, or use windows:", "%s is only for a maintenance", key)
			}
		}
	}
	r.windows()
	if fm.Resolved != "" {
		p.ResolvedUnknown = true
		if fm.Resolved != "unknown" || p.Kind == Maintenance {
			r.failKey("resolved", "write a heading: ## 2026-12-01 22:00 "+string(p.Kind.Last()), "resolved can only be unknown here, and not for a maintenance")
		}
	}
	if fm.Expires != "" {
		p.Expires = r.moment("expires", p.Line("expires"), fm.Expires)
	}
	p.Draft = fm.Draft
	if fm.Publish != "" {
		p.Publish = r.moment("publish", p.Line("publish"), fm.Publish)
	}
	if fm.Edited != "" {
		r.edited = r.moment("edited", p.Line("edited"), fm.Edited)
	}
	switch pin, until := strings.CutPrefix(fm.Pin, "until "); {
	case until:
		p.Pin, p.PinUntil = true, r.moment("pin", p.Line("pin"), pin)
	case fm.Pin == "true":
		p.Pin = true
	case fm.Pin != "" && fm.Pin != "false":
		r.failKey("pin", "write pin: true, or pin: until 2026-12-01", "pin cannot be %q", fm.Pin)
	}
}

// planned reads starts, ends and lasts of a maintenance.
func (r *reader) planned() {
	p, fm := r.post, &r.fm
	if fm.Starts != "" {
		p.Planned.Start = r.moment("starts", p.Line("starts"), fm.Starts)
	} else if len(fm.Windows) == 0 {
		r.failKey("kind", "add starts: 2026-12-01 22:00 and ends: or lasts:", "the maintenance does not say when it starts")
	}
	p.EndsUnknown = fm.Ends == "unknown"
	switch {
	case p.EndsUnknown && len(fm.Windows) > 0:
		r.failKey("ends", "leave ends out", "a maintenance with windows knows when it ends")
	case fm.Ends != "" && fm.Lasts != "":
		r.failKey("lasts", "keep one of the two", "both ends and lasts say when the maintenance is over")
	case fm.Ends == "" && fm.Lasts == "" && len(fm.Windows) == 0:
		r.failKey("starts", "add ends: 2026-12-01 23:00, or lasts: 1h", "the maintenance has no end")
	case !p.EndsUnknown && !p.Planned.Start.IsZero():
		p.Planned.End = r.end("", p.Line("ends"), p.Planned.Start, fm.Ends, fm.Lasts)
	}
}

// end reads an end or a length, for a window that starts at start.
func (r *reader) end(where string, line int, start Moment, ends, lasts string) Moment {
	switch {
	case lasts != "":
		d, ok := walltime.ParseDuration(lasts)
		if !ok {
			r.fail(max(line, r.post.Line("lasts")), "write lasts: 2h30m", "%slasts: %q is not a duration", where, lasts)
			return Moment{}
		}
		return Moment{Time: start.Time.Add(d).In(r.post.Zone), Approx: r.post.Approx}
	case ends == "":
		return Moment{}
	}
	day := r.date
	r.date = start.Time
	end := r.moment(where+"ends", line, ends)
	r.date = day
	if !end.IsZero() && !end.End().After(start.Time) {
		r.fail(line, "check both times; after midnight write the next day", "%sends %s is not after starts %s", where, end, start)
	}
	return end
}

// windows reads the inner windows, and gives a maintenance without starts its
// outer one.
func (r *reader) windows() {
	p := r.post
	for i, w := range r.fm.Windows {
		line := p.Line("windows." + strconv.Itoa(i))
		if w.Starts == "" || (w.Ends == "") == (w.Lasts == "") {
			r.fail(line, "write - {starts: 2026-12-01 22:00, ends: 2026-12-01 23:00}", "windows: each one has starts, and ends or lasts")
			continue
		}
		win := Window{Start: r.moment("windows: starts", line, w.Starts)}
		if win.Start.IsZero() {
			continue
		}
		win.End = r.end("windows: ", line, win.Start, w.Ends, w.Lasts)
		p.Windows = append(p.Windows, win)
	}
	slices.SortStableFunc(p.Windows, func(a, b Window) int { return a.Start.Time.Compare(b.Start.Time) })
	if p.Kind != Maintenance || len(p.Windows) == 0 {
		return
	}
	if p.Planned.Start.IsZero() {
		p.Planned.Start = p.Windows[0].Start
	}
	last := slices.MaxFunc(p.Windows, func(a, b Window) int { return a.End.End().Compare(b.End.End()) }).End
	if p.Planned.End.IsZero() {
		p.Planned.End = last
	}
	if p.Windows[0].Start.Time.Before(p.Planned.Start.Time) || last.End().After(p.Planned.End.End()) {
		r.failKey("windows", "widen starts and ends", "a window lies outside of the maintenance")
	}
}

// Check returns what is wrong with the post's references, given the slugs of
// all articles and the ids of all posts.
func (p *Post) Check(articles, posts []string) problem.List {
	var l problem.List
	known := func(list []string, id string) bool {
		return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, id) })
	}
	for _, slug := range p.Help {
		if !known(articles, slug) {
			l.Errorf(p.Path, p.Line("help"), didYouMean(slug, articles), "unknown article %q", slug)
		}
	}
	if s := p.SupersededBy; s != "" && !known(posts, s) {
		l.Errorf(p.Path, p.Line("superseded_by"), didYouMean(s, posts), "unknown post %q", s)
	}
	return l
}

func didYouMean(word string, known []string) string {
	if hint := problem.DidYouMean(word, known); hint != "" {
		return hint
	}
	return "check the spelling, or create it first"
}
