package edit

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
)

// A page is the file of a post, cut so that one update can be changed while
// all other bytes stay.
type page struct {
	file     string
	cfg      status.Config
	post     *status.Post
	text     []byte // with \n, without a byte order mark
	head     int    // length of the front matter
	starts   []int  // offset of each heading; one more for the end of the text
	headings []string
}

func open(file string, src []byte, cfg status.Config) (*page, error) {
	post, err := checked(file, src, cfg)
	if err != nil {
		return nil, fmt.Errorf("%s has to be put right first: %w", file, err)
	}
	text := bytes.TrimPrefix(src, []byte("\uFEFF"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	parts, _ := markdown.Split(file, text)
	pg := &page{file: file, cfg: cfg, post: post, text: text, head: len(text) - len(parts.Body)}
	_, sections := parts.Sections()
	offset, line := 0, 1
	for _, s := range sections {
		for ; line < s.Line; line++ {
			offset += bytes.IndexByte(text[offset:], '\n') + 1
		}
		pg.starts = append(pg.starts, offset)
		pg.headings = append(pg.headings, s.Heading)
	}
	pg.starts = append(pg.starts, len(text))
	return pg, nil
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
func (pg *page) result(text []byte, ids []string) ([]byte, error) {
	p, err := checked(pg.file, text, pg.cfg)
	if err != nil {
		return nil, err
	}
	var got []string
	for _, u := range p.Updates {
		got = append(got, u.ID)
	}
	if !slices.Equal(got, ids) {
		return nil, errHidden
	}
	return text, nil
}

// AppendUpdate adds an update at the end of a post. The ids of all others stay.
func AppendUpdate(file string, src []byte, a Addition, now time.Time, cfg status.Config) ([]byte, error) {
	pg, err := open(file, src, cfg)
	if err != nil {
		return nil, err
	}
	heading, at, err := compose(a, now, pg.post.Zone, pg.ids())
	if err != nil {
		return nil, err
	}
	if pg.post.Kind != status.Notice {
		if err := happened(at, now, a.At, "write when it happened, or nothing for now"); err != nil {
			return nil, err
		}
	}
	last := pg.post.Updates[len(pg.post.Updates)-1]
	if !at.Day && !last.At.Day && at.Time.Before(last.At.Time) {
		return nil, fmt.Errorf("%s is before the latest update of the post, %s; give a later time", at, last.At)
	}
	text := append(bytes.TrimRight(pg.text, "\n \t"), "\n\n"...)
	if pg.post.Kind != status.Maintenance && pg.implicit() == 1 { // no headings so far: keep the id of the first update
		text = fmt.Appendf(text, "## %s %s {#%s}\n\n", last.At.Typed(pg.post.Zone), last.State, last.ID)
	}
	text = append(text, section(heading, a.Message)...)
	_, id, _ := strings.Cut(heading, "{#")
	return pg.result(text, append(pg.ids(), strings.TrimSuffix(id, "}")))
}

// Resolve closes a post: an incident or notice is resolved, a maintenance
// completed, unless a.State says cancelled. Then the values of variables are
// written into the text, so that the archive keeps what was true; a variable
// that value does not know stays. value may be nil.
func Resolve(file string, src []byte, a Addition, value markdown.Lookup, now time.Time, cfg status.Config) ([]byte, error) {
	pg, err := open(file, src, cfg)
	if err != nil {
		return nil, err
	}
	if a.State == "" {
		a.State = pg.post.Kind.Last()
	}
	closed, err := AppendUpdate(file, src, a, now, cfg)
	if err != nil || value == nil {
		return closed, err
	}
	return Keep(file, closed, value, cfg), nil
}

// Keep writes the values of variables into a post that is closed. Any other
// text is returned as it is, and so is one that would not load then.
func Keep(file string, src []byte, value markdown.Lookup, cfg status.Config) []byte {
	if p, _ := status.Parse(file, src, cfg); p == nil || !p.Closed() {
		return src
	}
	frozen, _ := markdown.Freeze(file, src, value)
	if p, _ := status.Parse(file, frozen, cfg); p == nil {
		return src
	}
	return frozen
}

// Edit replaces the text of an update and marks it as edited. id "" is the
// latest one.
func Edit(file string, src []byte, id, message string, now time.Time, cfg status.Config) ([]byte, error) {
	pg, err := open(file, src, cfg)
	if err != nil {
		return nil, err
	}
	i := len(pg.post.Updates) - 1
	if id != "" {
		i = slices.Index(pg.ids(), id)
	}
	if i < 0 {
		return nil, fmt.Errorf("the post has no update %q; it has %s", id, strings.Join(pg.ids(), ", "))
	}
	u := pg.post.Updates[i]
	now = now.In(pg.post.Zone).Truncate(time.Minute)
	mark := status.Moment{Time: now}.Typed(pg.post.Zone)
	if u.Implicit {
		return pg.editSummary(mark, message)
	}
	n := i - pg.implicit()
	heading := pg.headings[n]
	if strings.HasSuffix(heading, "}") {
		heading, _, _ = strings.Cut(heading, "{#")
	}
	kept := slices.DeleteFunc(strings.Fields(heading), func(w string) bool { return strings.HasPrefix(w, "edited=") })
	kept = append(kept, "edited="+strings.ReplaceAll(mark, " ", "T"), "{#"+u.ID+"}")
	body := section("## "+strings.Join(kept, " "), message)
	if n+2 < len(pg.starts) {
		body += "\n"
	}
	return pg.result(slices.Concat(pg.text[:pg.starts[n]], []byte(body), pg.text[pg.starts[n+1]:]), pg.ids())
}

// editSummary replaces the text before the first heading.
func (pg *page) editSummary(mark, message string) ([]byte, error) {
	front := bytes.TrimRight(pg.text[:pg.head], " \t\n")
	front = bytes.TrimSuffix(front, []byte("---"))
	var kept []byte
	for line := range bytes.Lines(front) {
		if !bytes.HasPrefix(line, []byte("edited:")) {
			kept = append(kept, line...)
		}
	}
	kept = fmt.Appendf(kept, "edited: %s\n---\n", mark)
	body := strings.TrimPrefix(section("", message), "\n")
	if len(pg.starts) > 1 {
		body += "\n"
	}
	return pg.result(slices.Concat(kept, []byte(body), pg.text[pg.starts[0]:]), pg.ids())
}

// Undo takes the latest update away. The ids of all others stay.
func Undo(file string, src []byte, cfg status.Config) ([]byte, error) {
	pg, err := open(file, src, cfg)
	if err != nil {
		return nil, err
	}
	n := len(pg.post.Updates) - 1
	if n == 0 {
		return nil, ErrLastUpdate
	}
	text := append(bytes.TrimRight(pg.text[:pg.starts[n-pg.implicit()]], "\n \t"), '\n')
	return pg.result(text, pg.ids()[:n])
}
