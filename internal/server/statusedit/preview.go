package statusedit

import (
	"cmp"
	"slices"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
	"signpost/internal/problem"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// otherZones are where readers may be who are not in the site's own zone.
var otherZones = []string{"UTC", "Europe/London", "America/New_York", "Asia/Tokyo"}

// preview shows what a form would publish, without writing anything.
func (h *Handlers) preview(r *web.Request, f postForm) (*view.Preview, error) {
	lib := r.Page.Snap.Library
	cfg := lib.StatusConfig(r.Now)
	files, err := previewFiles(r, f, cfg)
	if err != nil {
		return nil, err
	}
	post, problems := files.Parse(cfg)
	if post == nil {
		return nil, &edit.Rejected{Problems: problems}
	}
	public := *post // as readers will see it
	public.Draft, public.Publish, public.Posted = false, status.Moment{}, status.Moment{}
	posts := slices.DeleteFunc(slices.Clone(lib.Board.Posts), func(p *status.Post) bool { return p.Path == files.Path })
	board, _ := status.NewBoard(cfg, append(posts, &public))
	last := post.Updates[len(post.Updates)-1]
	at := r.Now
	if last.At.End().After(at) {
		at = last.At.End()
	}
	v := &view.Preview{}
	now := board.At(at)
	if state, ok := now.Post(post.ID); ok {
		v.Card = r.Page.PostCard(state)
		if slices.ContainsFunc(now.Banners(), func(p status.PostState) bool { return p.ID == post.ID }) {
			alert := r.Page.Alert(state)
			v.Alert = &alert
		}
	}
	if h.notices != nil && f.Mode != modeEdit {
		v.Told = h.notices.Preview(r, now, post.ID)
	}
	from, to := last.At, status.Moment{}
	if post.Kind == status.Maintenance && !post.Planned.Start.IsZero() {
		from, to = post.Planned.Start, post.Planned.End
	}
	v.Times, v.Ends = previewTimes(r.Page, from, to), !to.IsZero()
	for _, p := range slices.Concat(problems, post.Check(slugs(r.Page), postIDs(lib.Board.Posts))) {
		v.Warnings = append(v.Warnings, problem.Printable(p.Message))
	}
	return v, nil
}

// previewFiles are the files of the post as they would be.
func previewFiles(r *web.Request, f postForm, cfg status.Config) (edit.Files, error) {
	if f.Mode == modeNew {
		return edit.NewPost(draft(r.Page, f), func(id string) bool { return r.Page.Snap.Library.Board.Post(id) != nil }, r.Now, cfg)
	}
	post, err := editor(r).Post(cmp.Or(f.ID, "-"))
	if err != nil {
		return edit.Files{}, err
	}
	old, err := content.ReadPost(r.App.Live.Source(), post, cfg)
	if err != nil {
		return edit.Files{}, err
	}
	switch f.Mode {
	case modeResolve:
		return edit.Resolve(old.Files, addition(r.Page, f), nil, r.Now, cfg)
	case modeEdit:
		return edit.Edit(old.Files, correction(f, post), r.Now, cfg)
	case modeSet:
		return edit.Revise(old.Files, revision(r.Page, f, filled(r.Page, post, old.Files)), r.Now, cfg)
	}
	return edit.AppendUpdate(old.Files, addition(r.Page, f), r.Now, cfg)
}

// previewTimes shows a window to its author and to readers elsewhere.
func previewTimes(e page.Context, from, to status.Moment) []view.PreviewTime {
	l, own := e.Words(), e.Snap.Library.Site.Zone
	show := func(m status.Moment, zone *time.Location) string {
		switch {
		case m.IsZero():
			return ""
		case m.Day:
			return l.Date(m.Time)
		}
		return l.DateTime(m.Time.In(zone))
	}
	list := []view.PreviewTime{{Zone: l.T("write.yours", "zone", own.String()), From: show(from, own), To: show(to, own)}}
	for _, name := range otherZones {
		zone, err := time.LoadLocation(name)
		if err != nil || name == own.String() {
			continue
		}
		list = append(list, view.PreviewTime{Zone: name, From: show(from, zone), To: show(to, zone)})
	}
	return list
}

func slugs(e page.Context) []string {
	var list []string
	for _, a := range e.Snap.Library.Articles {
		list = append(list, a.Slug)
	}
	return list
}

func postIDs(posts []*status.Post) []string {
	var list []string
	for _, p := range posts {
		list = append(list, p.ID)
	}
	return list
}
