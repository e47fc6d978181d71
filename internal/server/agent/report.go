package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/state"
	"signpost/internal/view"
)

// reportDays are the periods of the report; the first one is shown at first.
var reportDays = []int{30, 7, 90, 365}

const (
	reportRows  = 50 // of each table on the page
	chartPoints = 60 // bars of a chart; longer periods are shown by weeks
)

func reportPeriod(r *web.Request) int {
	n, _ := strconv.Atoi(r.QueryParam("days"))
	if !slices.Contains(reportDays, n) {
		return reportDays[0]
	}
	return n
}

// reportOf counts the last days. Everything is read from the database: without
// it there are no numbers, but a page.
func (h *Handlers) reportOf(r *web.Request, days int) (state.Report, error) {
	ctx, cancel := context.WithTimeout(r.Request().Context(), 25*time.Second)
	defer cancel()
	return h.state.Reports.Report(ctx, r.Now.AddDate(0, 0, 1-days), r.Now)
}

// Report answers /agent/report: what was sent, opened and searched, and what
// helped.
func (h *Handlers) Report(r *web.Request) error {
	days := reportPeriod(r)
	l := r.Page.Words()
	p := &view.AgentReport{Chrome: r.Page.AgentChrome(), Agent: r.AgentBar("report"), Period: l.T("report.days", "n", days), Reviews: reviews(r)}
	p.Title = l.T("agent.report")
	for _, n := range slices.Sorted(slices.Values(reportDays)) {
		p.Periods = append(p.Periods, view.Link{Text: l.T("report.days", "n", n), URL: r.Page.Root() + "/agent/report?days=" + strconv.Itoa(n), Current: n == days})
	}
	for _, t := range csvTables {
		p.Files = append(p.Files, view.Link{Text: l.T("report." + t.caption), URL: fmt.Sprintf("%s/agent/report.csv?table=%s&days=%d", r.Page.Root(), t.name, days)})
	}
	report, err := h.reportOf(r, days)
	if err != nil {
		if !errors.Is(err, state.ErrUnavailable) {
			r.App.Log.Error("the report", "error", err)
		}
		p.Gone = true
		return r.SendFresh(http.StatusOK, p)
	}
	fillReport(r.Page, p, &report)
	return r.SendFresh(http.StatusOK, p)
}

func fillReport(e page.Context, p *view.AgentReport, report *state.Report) {
	l := e.Words()
	var all state.DayCount
	for _, d := range report.Days {
		all.Sent, all.Opened, all.Helped, all.Unhelped = all.Sent+d.Sent, all.Opened+d.Opened, all.Helped+d.Helped, all.Unhelped+d.Unhelped
		all.Searches, all.NoResult, all.Reads = all.Searches+d.Searches, all.NoResult+d.NoResult, all.Reads+d.Reads
	}
	opened, helped := 0, 0
	for _, a := range report.Articles {
		opened, helped = opened+a.Opened, helped+a.ReplyHelped
		if a.Sent > 0 && len(p.Links) < reportRows {
			title, url := articleName(e, a.Article)
			p.Links = append(p.Links, view.LinkRow{Title: title, URL: url, Sent: a.Sent, Opened: a.Opened, Helped: a.ReplyHelped, Not: a.ReplyUnhelped})
		}
	}
	figure := func(key string, n, of int) {
		f := view.Figure{Name: l.T(key), Value: l.Number(n)}
		if of > 0 {
			f.Note = l.T("number.percent", "n", strconv.Itoa(n*100/of))
		}
		p.Totals = append(p.Totals, f)
	}
	figure("report.sent", all.Sent, 0)
	figure("report.opened", opened, all.Sent)
	figure("report.helped", helped, opened)
	figure("report.reads", all.Reads, 0)
	figure("report.searches", all.Searches, 0)
	figure("report.empty", all.NoResult, all.Searches)
	for _, c := range []struct {
		key   string
		value func(state.DayCount) int
	}{
		{"report.chart.sent", func(d state.DayCount) int { return d.Sent }},
		{"report.chart.opened", func(d state.DayCount) int { return d.Opened }},
		{"report.chart.searches", func(d state.DayCount) int { return d.Searches }},
		{"report.chart.reads", func(d state.DayCount) int { return d.Reads }},
	} {
		if chart := chart(e, l.T(c.key), report.Days, c.value); slices.ContainsFunc(chart.Points, func(p view.Point) bool { return p.Value > 0 }) {
			p.Charts = append(p.Charts, chart)
		}
	}
	p.Missing, p.Unused = queryRows(report.NoResult), queryRows(report.NoClick)
	p.Votes = voteRows(e, report)
	p.Gaps = gapRows(e, report.Gaps)
}

// chart draws days, or weeks when there are too many days.
func chart(e page.Context, title string, days []state.DayCount, value func(state.DayCount) int) view.Chart {
	step := 1
	if len(days) > chartPoints {
		step = 7
	}
	c := view.Chart{Title: title}
	for some := range slices.Chunk(days, step) {
		n := 0
		for _, d := range some {
			n += value(d)
		}
		day, err := time.Parse(time.DateOnly, some[0].Day)
		if err != nil {
			continue
		}
		c.Points = append(c.Points, view.Point{Name: e.Words().ShortDate(day), Value: n})
	}
	return c
}

// articleName is an article's title and page, for agents.
func articleName(e page.Context, id int) (title, url string) {
	a, _ := e.Snap.Desk.Find(strconv.Itoa(id))
	if a == nil {
		for gone, was := range e.Snap.Library.Removed {
			if gone == id {
				return was.Title, e.Root() + "/agent/report"
			}
		}
		return "#" + strconv.Itoa(id), e.Root() + "/agent/report"
	}
	return e.ArticleLink(a).Title, e.Root() + "/agent/a/" + strconv.Itoa(id)
}

func queryRows(list []state.SearchCount) []view.QueryRow {
	var rows []view.QueryRow
	for _, q := range list[:min(len(list), reportRows)] {
		rows = append(rows, view.QueryRow{Words: q.Words, Lang: q.Lang, Count: q.Times, Results: q.Results})
	}
	return rows
}

// voteRows are the articles that readers called unhelpful, the worst first.
func voteRows(e page.Context, report *state.Report) []view.VoteRow {
	l := e.Words()
	var rows []view.VoteRow
	counts := slices.DeleteFunc(slices.Clone(report.Articles), func(a state.ArticleCount) bool { return a.Unhelped == 0 })
	slices.SortStableFunc(counts, func(a, b state.ArticleCount) int { return cmp.Compare(b.Unhelped, a.Unhelped) })
	for _, a := range counts[:min(len(counts), reportRows)] {
		row := view.VoteRow{Yes: a.Helped, No: a.Unhelped}
		row.Title, row.URL = articleName(e, a.Article)
		var reasons []string
		for _, c := range report.Reasons {
			if c.Article == a.Article && !c.Helpful && c.Reason != "" && l.Has("vote.reason."+c.Reason) {
				reasons = append(reasons, fmt.Sprintf("%s (%d)", l.T("vote.reason."+c.Reason), c.Times))
			}
		}
		row.Reasons = strings.Join(reasons, ", ")
		for _, c := range report.Comments {
			if c.Article == a.Article && !c.Helpful && len(row.Comments) < 5 {
				row.Comments = append(row.Comments, c.Comment)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// gapRows joins gaps that are about the same words.
func gapRows(e page.Context, gaps []state.Gap) []view.GapRow {
	var rows []view.GapRow
	at := map[string]int{}
	for _, g := range gaps { // newest first
		terms := strings.Join(g.Terms, ", ")
		if g.Note != "" {
			terms = g.Note
		}
		i, ok := at[terms]
		if !ok {
			if len(rows) == reportRows {
				continue
			}
			i = len(rows)
			at[terms] = i
			day, _ := time.Parse(time.DateOnly, g.Day)
			rows = append(rows, view.GapRow{Terms: terms, Last: e.Words().Date(day)})
		}
		rows[i].Count++
		rows[i].IDs = append(rows[i].IDs, strconv.FormatInt(g.ID, 10))
	}
	return rows
}

// CloseGaps takes gaps off the list: they have an article now, or need none.
func (h *Handlers) CloseGaps(r *web.Request) error {
	for _, text := range r.Request().Form["gap"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return web.BadRequest("")
		}
		err = h.state.Events.CloseGap(r.Request().Context(), id, 0, r.Now)
		if errors.Is(err, state.ErrUnavailable) {
			return &web.Error{Status: http.StatusServiceUnavailable, Retry: time.Minute}
		}
		if err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
	}
	return r.Redirect(http.StatusSeeOther, r.Page.Root()+"/agent/report#gaps")
}

// reviews are the articles whose review is due, longest first.
func reviews(r *web.Request) []view.ReviewRow {
	var due []*article.Article
	for _, a := range r.Page.Snap.Desk.Articles {
		if !a.Review.IsZero() && !r.Now.Before(a.Review) {
			due = append(due, a)
		}
	}
	slices.SortStableFunc(due, func(a, b *article.Article) int { return a.Review.Compare(b.Review) })
	var rows []view.ReviewRow
	for _, a := range due {
		row := view.ReviewRow{Due: r.Page.Words().Date(a.Review), Owner: a.ReviewedBy}
		row.Title, row.URL = articleName(r.Page, a.ID)
		rows = append(rows, row)
	}
	return rows
}
