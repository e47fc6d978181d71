package edit

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/problem"
)

// A page is a post, cut so that one update can be changed while all other bytes
// stay.
type page struct {
	Files    // as they were; the post's own with \n, without a byte order mark
	cfg      status.Config
	post     *status.Post
	head     int      // length of the front matter
	starts   []int    // offset of each heading; one more for the end of the text
	headings []string // without "## "
}

// plain gives a text LF line ends and takes its byte order mark away.
func plain(src []byte) []byte {
	text := bytes.TrimPrefix(src, []byte("\uFEFF"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
}

func open(f Files, cfg status.Config) (*page, error) {
	post, problems := f.Parse(cfg)
	if post == nil {
		err := &Rejected{problems}
		i := slices.IndexFunc(problems, func(p problem.Problem) bool { return p.Severity == problem.Error })
		return nil, fmt.Errorf("%s has to be put right first: %w", problems[max(i, 0)].Path, err)
	}
	f.Data = plain(f.Data)
	pg := &page{Files: f, cfg: cfg, post: post}
	var body int
	pg.starts, pg.headings, body = offsets(f.Path, f.Data)
	pg.head = body
	return pg, nil
}

// offsets returns where the headings of a text are, with one more for its end,
// their words, and where the front matter ends.
func offsets(file string, text []byte) (starts []int, headings []string, body int) {
	parts, _ := markdown.Split(file, text)
	_, sections := parts.Sections()
	offset, line := 0, 1
	for _, s := range sections {
		for ; line < s.Line; line++ {
			offset += bytes.IndexByte(text[offset:], '\n') + 1
		}
		starts = append(starts, offset)
		headings = append(headings, s.Heading)
	}
	return append(starts, len(text)), headings, len(text) - len(parts.Body)
}

// implicit is how many updates of the post have no heading: 0 or 1.
func (pg *page) implicit() int {
	if pg.post.Updates[0].Implicit {
		return 1
	}
	return 0
}

func (pg *page) ids() []string {
	var ids []string
	for _, u := range pg.post.Updates {
		ids = append(ids, u.ID)
	}
	return ids
}

// result checks that what was written is read back as a post with the updates
// of these ids, in this order.
func (pg *page) result(f Files, ids []string) (Files, error) {
	p, err := checked(f, pg.cfg)
	if err != nil {
		return Files{}, err
	}
	var got []string
	for _, u := range p.Updates {
		got = append(got, u.ID)
	}
	if !slices.Equal(got, ids) {
		return Files{}, errHidden
	}
	return f, nil
}

// AppendUpdate adds an update at the end of a post. The ids of all others stay.
func AppendUpdate(f Files, a Addition, now time.Time, cfg status.Config) (Files, error) {
	pg, err := open(f, cfg)
	if err != nil {
		return Files{}, err
	}
	if err := foreign(a.Texts, pg.post.Lang, cfg); err != nil {
		return Files{}, err
	}
	heading, at, err := compose(a, now, pg.post.Zone, pg.ids())
	if err != nil {
		return Files{}, err
	}
	if pg.post.Kind != status.Notice && !a.Force {
		if err := happened(at, now, a.At, "write when it happened, or nothing for now"); err != nil {
			return Files{}, err
		}
	}
	last := pg.post.Updates[len(pg.post.Updates)-1]
	if !at.Day && !last.At.Day && at.Time.Before(last.At.Time) {
		return Files{}, fmt.Errorf("%s is before the latest update of the post, %s; give a later time", at, last.At)
	}
	h := cut(pg.Path, pg.Data)
	if _, err := h.revise(a.Facts); err != nil {
		return Files{}, err
	}
	out := pg.Files
	out.Data = append(bytes.TrimRight(h.bytes(), "\n \t"), "\n\n"...)
	if pg.post.Kind != status.Maintenance && pg.implicit() == 1 { // no headings so far: keep the id of the first update
		out.Data = fmt.Appendf(out.Data, "## %s %s {#%s}\n\n", last.At.Typed(pg.post.Zone), last.State, last.ID)
	}
	out.Data = append(out.Data, section(heading, a.Message)...)
	ids := append(pg.ids(), idOf(heading))
	for _, lang := range slices.Sorted(maps.Keys(a.Texts)) {
		if strings.TrimSpace(a.Texts[lang]) != "" {
			out = out.with(lang, withUpdate(out.Texts[lang], idOf(heading), ids, a.Texts[lang]))
		}
	}
	if out, err = pg.result(out, ids); err != nil {
		return Files{}, err
	}
	after, err := checked(out, cfg)
	if err != nil {
		return Files{}, err
	}
	return out, meant(pg.post, after, now, a.Force)
}

// Resolve closes a post: an incident or notice is resolved, a maintenance
// completed, unless a.State says cancelled. Then the values of variables are
// written into the text, so that the archive keeps what was true; a variable
// that value does not know stays. value gives those of a language; it may be nil.
func Resolve(f Files, a Addition, value Values, now time.Time, cfg status.Config) (Files, error) {
	if a.State == "" {
		pg, err := open(f, cfg)
		if err != nil {
			return Files{}, err
		}
		a.State = pg.post.Kind.Last()
	}
	closed, err := AppendUpdate(f, a, now, cfg)
	if err != nil || value == nil {
		return closed, err
	}
	return Keep(closed, value, cfg), nil
}

// Values returns the values of variables in a language.
type Values func(lang string) markdown.Lookup

// Keep writes the values of variables into a post that is closed. Any other
// post is returned as it is, and so is one that would not load then.
func Keep(f Files, value Values, cfg status.Config) Files {
	p, _ := f.Parse(cfg)
	if p == nil || !p.Closed() {
		return f
	}
	frozen := f
	frozen.Data, _ = markdown.Freeze(f.Path, f.Data, value(p.Lang))
	for lang, text := range f.Texts {
		text, _ = markdown.Freeze(status.TranslationPath(f.Path, lang), text, value(lang))
		frozen = frozen.with(lang, text)
	}
	if p, _ := frozen.Parse(cfg); p == nil {
		return f
	}
	return frozen
}

// Edit replaces texts of an update and marks it as edited.
func Edit(f Files, c Correction, now time.Time, cfg status.Config) (Files, error) {
	if c.Text == nil && len(c.Texts) == 0 {
		return Files{}, errors.New("give the new text")
	}
	pg, err := open(f, cfg)
	if err != nil {
		return Files{}, err
	}
	if err := foreign(c.Texts, pg.post.Lang, cfg); err != nil {
		return Files{}, err
	}
	i := len(pg.post.Updates) - 1
	if c.Update != "" {
		i = slices.Index(pg.ids(), c.Update)
	}
	if i < 0 {
		return Files{}, fmt.Errorf("the post has no update %q; it has %s", c.Update, strings.Join(pg.ids(), ", "))
	}
	u := pg.post.Updates[i]
	mark := pg.mark(now)
	out := pg.Files
	for _, lang := range slices.Sorted(maps.Keys(c.Texts)) {
		id := u.ID
		if u.Implicit {
			id = ""
		}
		out = out.with(lang, withUpdate(out.Texts[lang], id, pg.ids(), c.Texts[lang]))
	}
	if u.Implicit {
		return pg.editSummary(out, mark, c.Text)
	}
	n := i - pg.implicit()
	heading := pg.headings[n]
	if strings.HasSuffix(heading, "}") {
		heading, _, _ = strings.Cut(heading, "{#")
	}
	kept := slices.DeleteFunc(strings.Fields(heading), func(w string) bool { return strings.HasPrefix(w, "edited=") })
	kept = append(kept, "edited="+strings.ReplaceAll(mark, " ", "T"), "{#"+u.ID+"}")
	heading = "## " + strings.Join(kept, " ")
	old := pg.Data[pg.starts[n]:pg.starts[n+1]]
	_, rest, _ := bytes.Cut(old, []byte("\n"))
	body := heading + "\n" + string(rest)
	if c.Text != nil {
		if body = section(heading, *c.Text); n+2 < len(pg.starts) {
			body += "\n"
		}
	}
	out.Data = slices.Concat(pg.Data[:pg.starts[n]], []byte(body), pg.Data[pg.starts[n+1]:])
	return pg.result(out, pg.ids())
}

// mark is the time of a change as it is written in the file.
func (pg *page) mark(now time.Time) string {
	return status.Moment{Time: now.In(pg.post.Zone).Truncate(time.Minute)}.Typed(pg.post.Zone)
}

// editSummary replaces the text before the first heading.
func (pg *page) editSummary(out Files, mark string, text *string) (Files, error) {
	h := cut(pg.Path, pg.Data)
	if err := h.set("edited", mark); err != nil {
		return Files{}, err
	}
	if text != nil {
		body := strings.TrimPrefix(section("", *text), "\n")
		if len(pg.starts) > 1 {
			body += "\n"
		}
		h.body = append([]byte(body), pg.Data[pg.starts[0]:]...)
	}
	out.Data = h.bytes()
	return pg.result(out, pg.ids())
}

// Revise changes what a post says outside of its updates. What readers see is
// marked as edited.
func Revise(f Files, r Revision, now time.Time, cfg status.Config) (Files, error) {
	pg, err := open(f, cfg)
	if err != nil {
		return Files{}, err
	}
	if err := foreign(r.Texts, pg.post.Lang, cfg); err != nil {
		return Files{}, err
	}
	h := cut(pg.Path, pg.Data)
	told, err := h.revise(r.Facts)
	if err != nil {
		return Files{}, err
	}
	if r.Windows != nil {
		told = true
		if err := h.windows(r.Windows); err != nil {
			return Files{}, err
		}
	}
	out := pg.Files
	for _, lang := range slices.Sorted(maps.Keys(r.Texts)) {
		told = true
		text, err := withSentences(out.Texts[lang], r.Texts[lang])
		if err != nil {
			return Files{}, err
		}
		out = out.with(lang, text)
	}
	if told && !pg.post.Draft {
		if err := h.set("edited", pg.mark(now)); err != nil {
			return Files{}, err
		}
	}
	out.Data = h.bytes()
	if out, err = pg.result(out, pg.ids()); err != nil {
		return Files{}, err
	}
	after, err := checked(out, cfg)
	if err != nil {
		return Files{}, err
	}
	return out, meant(pg.post, after, now, r.Force)
}

// Undo takes the latest update away. The ids of all others stay.
func Undo(f Files, cfg status.Config) (Files, error) {
	pg, err := open(f, cfg)
	if err != nil {
		return Files{}, err
	}
	n := len(pg.post.Updates) - 1
	if n == 0 {
		return Files{}, ErrLastUpdate
	}
	out := pg.Files
	out.Data = append(bytes.TrimRight(pg.Data[:pg.starts[n-pg.implicit()]], "\n \t"), '\n')
	for lang, text := range pg.Texts {
		out = out.with(lang, withUpdate(text, pg.post.Updates[n].ID, pg.ids(), ""))
	}
	return pg.result(out, pg.ids()[:n])
}
