// Package edit writes status posts: a new one ([NewPost]), a further update
// ([AppendUpdate], [Resolve]), a correction ([Edit]), other facts ([Revise]).
//
// Every function takes the [Files] of a post, its own and its texts in other
// languages, and returns those of the new version; storing them is the caller's.
// What is returned has been read back: it is a post without errors whose other
// updates have kept their ids, order and text. Errors are for the person who
// typed; a wrong time zone comes with the corrected time, and a moment that
// cannot be meant is refused as [Doubtful].
package edit

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/content/status/walltime"
)

// NewPost returns the files of a new post. taken tells which post ids exist.
func NewPost(d Draft, taken func(id string) bool, now time.Time, cfg status.Config) (Files, error) {
	if d.Kind.States() == nil {
		return Files{}, fmt.Errorf("the kind of a post is incident, maintenance or notice, not %q", d.Kind)
	}
	d.Affects, d.Unaffected = status.Words(d.Affects), status.Words(d.Unaffected)
	if d.Lang == "" && len(cfg.Languages) > 0 {
		d.Lang = cfg.Languages[0]
	}
	if err := known(d.Lang, cfg); err != nil {
		return Files{}, err
	}
	if err := foreign(d.Texts, d.Lang, cfg); err != nil {
		return Files{}, err
	}
	named := d.Title != "" && !strings.Contains(d.Title, placeholder)
	if err := d.fill(&cfg); err != nil {
		return Files{}, err
	}
	if err := d.place(&cfg); err != nil {
		return Files{}, err
	}
	if d.Kind == status.Notice && d.Title == "" && len(d.Affects) == 0 {
		return Files{}, errors.New("a notice needs a title, or components")
	}
	d.conditions()
	zone, err := d.zone(cfg)
	if err != nil {
		return Files{}, err
	}
	heading, at, err := compose(Addition{State: cmp.Or(d.State, d.Kind.First()), At: d.At, ETA: d.ETA, Next: d.NextIn}, now, zone, nil)
	if err != nil {
		return Files{}, err
	}
	if d.Kind == status.Incident && !d.Force {
		if err := happened(at, now, d.At, "planned work is a maintenance"); err != nil {
			return Files{}, err
		}
	}
	day, err := d.times(at, zone)
	if err != nil {
		return Files{}, err
	}
	front, err := encode(&d.FrontMatter)
	if err != nil {
		return Files{}, err
	}
	words := d.Title
	if !named && (words == "" || strings.Contains(words, namesOf(&cfg, d.Affects, d.Lang))) { // names may be long and change
		words = strings.Join(componentIDs(d.Affects), " ") + " " + string(d.Kind)
	}
	id := postID(d, words, day, taken)
	f := Files{Path: path.Join("status", day.Format("2006"), id+".md"), Data: append(front, section(heading, d.Message)...)}
	return d.finish(f, heading, now, cfg)
}

// finish adds the texts in other languages, and checks what was written.
func (d *Draft) finish(f Files, heading string, now time.Time, cfg status.Config) (Files, error) {
	for lang, t := range d.Texts {
		text, err := newText(t, idOf(heading))
		if err != nil {
			return Files{}, err
		}
		f = f.with(lang, text)
	}
	p, err := checked(f, cfg)
	if err != nil {
		return Files{}, err
	}
	if len(p.Updates) != 1 {
		return Files{}, errHidden
	}
	if err := meant(nil, p, now, d.Force); err != nil {
		return Files{}, err
	}
	return f, nil
}

// known refuses a language that the site does not have.
func known(lang string, cfg status.Config) error {
	if len(cfg.Languages) > 0 && !slices.Contains(cfg.Languages, lang) {
		return fmt.Errorf("%q is none of the site's languages: %s", lang, strings.Join(cfg.Languages, ", "))
	}
	return nil
}

// conditions says of each component of an incident how it does, and names each
// once.
func (d *Draft) conditions() {
	for i, w := range d.Affects {
		if d.Kind == status.Incident && !strings.Contains(w, "=") {
			d.Affects[i] = w + "=" + d.condition()
		}
	}
	seen := map[string]bool{}
	d.Affects = slices.DeleteFunc(d.Affects, func(w string) bool {
		again := seen[w]
		seen[w] = true
		return again
	})
}

// zone is the zone of the times that the draft names.
func (d *Draft) zone(cfg status.Config) (zone *time.Location, err error) {
	if zone = cfg.Zone; d.Zone != "" {
		if zone, err = time.LoadLocation(d.Zone); err != nil {
			return nil, fmt.Errorf("%q is not a time zone; write a name like Europe/Oslo", d.Zone)
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	return zone, nil
}

// times writes the times of the front matter as people do, and returns the day
// after which the post is named.
func (d *Draft) times(at status.Moment, zone *time.Location) (day time.Time, err error) {
	day = at.Time
	if d.Kind == status.Maintenance && d.Starts != "" {
		start, err := instant(d.Starts, at.Time, zone)
		if err != nil {
			return day, fmt.Errorf("starts: %w", err)
		}
		day = start.Time
		d.Starts = start.Typed(zone)
	}
	d.Ends, d.Expires, d.Publish = rewritten(d.Ends, zone), rewritten(d.Expires, zone), rewritten(d.Publish, zone)
	if until, ok := strings.CutPrefix(d.Pin, "until "); ok {
		d.Pin = "until " + rewritten(until, zone)
	}
	d.Windows = slices.Clone(d.Windows)
	for i, w := range d.Windows {
		d.Windows[i].Starts, d.Windows[i].Ends = rewritten(w.Starts, zone), rewritten(w.Ends, zone)
	}
	return day, nil
}

// rewritten writes a time of RFC 3339 as people do; any other text stays.
func rewritten(s string, zone *time.Location) string {
	if at, err := time.Parse(time.RFC3339, strings.TrimSpace(s)); err == nil {
		return status.Moment{Time: at.In(zone).Truncate(time.Minute)}.Typed(zone)
	}
	return s
}

// happened refuses a time that is still to come: what is written there would
// be shown only then, and every update until then would be refused. Mostly it
// is 23:50, typed after midnight.
func happened(at status.Moment, now time.Time, typed, otherwise string) error {
	if !at.Time.After(now.Add(status.Leeway)) {
		return nil
	}
	hint := otherwise
	if first, _, _ := strings.Cut(strings.TrimSpace(typed), " "); walltime.IsClock(first) {
		hint = "for the day before write " + at.Time.AddDate(0, 0, -1).Format("2006-01-02 15:04")
	}
	return fmt.Errorf("%s has not come yet; %s", at, hint)
}

var errHidden = errors.New("the text hides the heading of the update: close the block of code (```) in it")

// componentIDs are the names before the conditions in "imap=down".
func componentIDs(affects []string) []string {
	var ids []string
	for _, w := range affects {
		id, _, _ := strings.Cut(w, "=")
		ids = append(ids, id)
	}
	return ids
}

// postID makes an id of the day and some words that is not taken.
func postID(d Draft, words string, day time.Time, taken func(string) bool) string {
	id := d.ID
	if id == "" {
		id = day.Format(time.DateOnly) + "-" + slug(words, string(d.Kind))
	}
	free := id
	for n := 2; taken != nil && taken(free); n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	return free
}

var letters = strings.NewReplacer("æ", "ae", "ø", "o", "å", "a", "ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "ł", "l", "đ", "d")

const slugLength = 48 // characters at most

// slug makes words of a title, or returns other when it has no Latin letters.
func slug(title, other string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(letters.Replace(strings.ToLower(title))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > slugLength {
			break
		}
	}
	s := b.String()
	if len(s) > slugLength { // the last word is not whole
		s = s[:slugLength]
		if i := strings.LastIndexByte(s, '-'); i > 0 {
			s = s[:i]
		}
	}
	if s = strings.Trim(s, "-"); s != "" {
		return s
	}
	return other
}

// compose writes the heading of an update. ids are those of the post.
func compose(a Addition, now time.Time, zone *time.Location, ids []string) (heading string, at status.Moment, err error) {
	now = now.In(zone).Truncate(time.Minute)
	at = status.Moment{Time: now}
	if a.At != "" {
		if at, err = instant(a.At, now, zone); err != nil {
			return "", at, err
		}
	}
	if a.State.Closes() && (a.ETA != "" || a.Next != "") {
		return "", at, fmt.Errorf("%s ends the post: leave out eta and next", a.State)
	}
	parts := []string{"##", at.Typed(zone), string(a.State)}
	parts = append(parts, status.Words(a.Affects)...)
	for _, attr := range [][2]string{{"eta", a.ETA}, {"next", a.Next}, {"corrects", a.Corrects}} {
		if v := strings.TrimSpace(attr[1]); v != "" {
			parts = append(parts, attr[0]+"="+v)
		}
	}
	day := at.Time
	if a.Lasts != "" && (a.Starts == "" || a.Ends != "") {
		return "", at, errors.New("lasts goes with starts, in place of ends")
	}
	for _, attr := range [][2]string{{"starts", a.Starts}, {"ends", a.Ends}} {
		if attr[1] == "" {
			continue
		}
		m, err := instant(attr[1], day, zone)
		if err != nil {
			return "", at, fmt.Errorf("%s: %w", attr[0], err)
		}
		day = m.Time
		parts = append(parts, attr[0]+"="+strings.ReplaceAll(m.Typed(zone), " ", "T"))
	}
	if a.Lasts != "" {
		d, ok := walltime.ParseDuration(a.Lasts)
		if !ok {
			return "", at, fmt.Errorf("lasts: %q is not a duration; write 2h30m", a.Lasts)
		}
		parts = append(parts, "ends="+strings.ReplaceAll(status.Moment{Time: day.Add(d).In(zone)}.Typed(zone), " ", "T"))
	}
	for _, p := range parts {
		if strings.ContainsAny(strings.TrimPrefix(p, "##"), "\r\n{}#") {
			return "", at, fmt.Errorf("%q cannot stand in the heading of an update", p)
		}
	}
	return strings.Join(append(parts, "{#"+status.NewUpdateID(at, ids)+"}"), " "), at, nil
}

// idOf is the id at the end of a heading that [compose] made.
func idOf(heading string) string {
	_, id, _ := strings.Cut(heading, "{#")
	return strings.TrimSuffix(id, "}")
}

// instant reads a time as people type it, or as programs write it (RFC 3339), to
// the minute.
func instant(s string, near time.Time, zone *time.Location) (status.Moment, error) {
	if at, err := time.Parse(time.RFC3339, strings.TrimSpace(s)); err == nil {
		return status.Moment{Time: at.In(zone).Truncate(time.Minute)}, nil
	}
	return walltime.Parse(s, near, zone)
}

// section writes an update. Headings of the second level in the text become
// those of the third: the second is for updates.
func section(heading, message string) string {
	message = strings.TrimSpace(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(message))
	_, parts := markdown.Source{Body: []byte(message)}.Sections()
	lines := strings.Split(message, "\n")
	for _, s := range parts {
		lines[s.Line-1] = "#" + strings.TrimLeft(lines[s.Line-1], " ")
	}
	if message == "" {
		return heading + "\n"
	}
	return heading + "\n" + strings.Join(lines, "\n") + "\n"
}
