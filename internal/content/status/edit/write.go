// Package edit writes status posts: a new one, a further update, a correction.
//
// Every function takes the bytes of a file and returns those of the new one;
// storing them is the caller's. What is returned has been read back: it is a
// post without errors whose other updates have kept their ids, order and text.
// Errors are for the person who typed; a wrong time zone comes with the
// corrected time.
package edit

import (
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
	"signpost/internal/problem"
)

// A Draft is a post to be written: its front matter and its first update.
// Times are texts as people type them, see [walltime.Parse]. An incident's "affects"
// without a condition takes the one of the template: down, or degraded.
type Draft struct {
	status.FrontMatter
	State    status.State `json:"state,omitempty"` // "": investigating, scheduled or published
	Message  string       `json:"text,omitempty"`  // Markdown
	At       string       `json:"at,omitempty"`    // "": now
	ETA      string       `json:"eta,omitempty"`
	NextIn   string       `json:"next,omitempty"`
	Template string       `json:"template,omitempty"` // fills what is empty; "" for none
}

// An Addition is an update to be written.
type Addition struct {
	State    status.State `json:"state"`
	Message  string       `json:"text,omitempty"`       // Markdown
	Affects  []string     `json:"components,omitempty"` // imap=ok
	At       string       `json:"at,omitempty"`         // "": now
	ETA      string       `json:"eta,omitempty"`        // 30m, 30m-45m
	Next     string       `json:"next,omitempty"`       // the next update will come in 30m
	Starts   string       `json:"starts,omitempty"`     // scheduled
	Ends     string       `json:"ends,omitempty"`       // scheduled, extended
	Corrects string       `json:"corrects,omitempty"`   // id of an earlier update
}

// ErrLastUpdate is returned by [Undo] when the post has no other update: then
// the file itself is what would have to go.
var ErrLastUpdate = errors.New("this is the only update of the post")

// A Rejected error says why a text was not written: it would have had errors.
type Rejected struct {
	Problems problem.List
}

func (e *Rejected) Error() string {
	i := slices.IndexFunc(e.Problems, func(p problem.Problem) bool { return p.Severity == problem.Error })
	if i < 0 {
		return "the post would have an error"
	}
	p := e.Problems[i]
	if p.Hint == "" {
		return p.Message
	}
	return p.Message + " (" + p.Hint + ")"
}

// checked returns the post in src, or why it cannot be used.
func checked(file string, src []byte, cfg status.Config) (*status.Post, error) {
	p, problems := status.Parse(file, src, cfg)
	if p == nil {
		return nil, &Rejected{problems}
	}
	return p, nil
}

// NewPost returns the path and the text of a new post. taken tells which post
// ids exist.
func NewPost(d Draft, taken func(id string) bool, now time.Time, cfg status.Config) (file string, src []byte, err error) {
	if d.Kind.States() == nil {
		return "", nil, fmt.Errorf("the kind of a post is incident, maintenance or notice, not %q", d.Kind)
	}
	d.Affects, d.Unaffected = status.Words(d.Affects), status.Words(d.Unaffected)
	if d.Lang == "" && len(cfg.Languages) > 0 {
		d.Lang = cfg.Languages[0]
	}
	if !slices.Contains(cfg.Languages, d.Lang) && len(cfg.Languages) > 0 {
		return "", nil, fmt.Errorf("%q is none of the site's languages: %s", d.Lang, strings.Join(cfg.Languages, ", "))
	}
	typed := d.Title
	if err := d.fill(&cfg); err != nil {
		return "", nil, err
	}
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
	zone := cfg.Zone
	if d.Zone != "" {
		if zone, err = time.LoadLocation(d.Zone); err != nil {
			return "", nil, fmt.Errorf("%q is not a time zone; write a name like Europe/Oslo", d.Zone)
		}
	}
	if zone == nil {
		zone = time.UTC
	}
	state := d.State
	if state == "" {
		state = d.Kind.First()
	}
	heading, at, err := compose(Addition{State: state, At: d.At, ETA: d.ETA, Next: d.NextIn}, now, zone, nil)
	if err != nil {
		return "", nil, err
	}
	if d.Kind == status.Incident {
		if err := happened(at, now, d.At, "planned work is a maintenance"); err != nil {
			return "", nil, err
		}
	}
	day := at.Time
	if d.Kind == status.Maintenance && d.Starts != "" {
		start, err := instant(d.Starts, at.Time, zone)
		if err != nil {
			return "", nil, fmt.Errorf("starts: %w", err)
		}
		day = start.Time
		d.Starts = start.Typed(zone)
	}
	front, err := encode(&d.FrontMatter)
	if err != nil {
		return "", nil, err
	}
	words := d.Title
	if typed == "" && strings.Contains(words, namesOf(&cfg, d.Affects, d.Lang)) { // names may be long and change
		words = strings.Join(componentIDs(d.Affects), " ") + " " + string(d.Kind)
	}
	id := postID(d, words, day, taken)
	file = path.Join("status", day.Format("2006"), id+".md")
	src = append(front, section(heading, d.Message)...)
	p, err := checked(file, src, cfg)
	if err != nil {
		return "", nil, err
	}
	if len(p.Updates) != 1 {
		return "", nil, errHidden
	}
	return file, src, nil
}

// leeway is how much further than ours the clock of a writer may be.
const leeway = 5 * time.Minute

// happened refuses a time that is still to come: what is written there would
// be shown only then, and every update until then would be refused. Mostly it
// is 23:50, typed after midnight.
func happened(at status.Moment, now time.Time, typed, otherwise string) error {
	if !at.Time.After(now.Add(leeway)) {
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
	for _, p := range parts {
		if strings.ContainsAny(strings.TrimPrefix(p, "##"), "\r\n{}#") {
			return "", at, fmt.Errorf("%q cannot stand in the heading of an update", p)
		}
	}
	return strings.Join(append(parts, "{#"+status.NewUpdateID(at, ids)+"}"), " "), at, nil
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
