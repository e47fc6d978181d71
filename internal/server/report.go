package server

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/state"
	"signpost/internal/view"
)

// reportDays are the periods of the report; the first one is shown at first.
var reportDays = []int{30, 7, 90, 365}

const (
	reportRows  = 50 // of each table on the page
	chartPoints = 60 // bars of a chart; longer periods are shown by weeks
)

func (r *request) reportPeriod() int {
	n, _ := strconv.Atoi(r.QueryParam("days"))
	if !slices.Contains(reportDays, n) {
		return reportDays[0]
	}
	return n
}

// reportOf counts the last days. Everything is read from the database: without
// it there are no numbers, but a page.
func (r *request) reportOf(days int) (state.Report, error) {
	ctx, cancel := context.WithTimeout(r.Request().Context(), 25*time.Second)
	defer cancel()
	return r.s.state.Report(ctx, r.now.AddDate(0, 0, 1-days), r.now)
}

func (r *request) report() error {
	days := r.reportPeriod()
	l := r.words()
	p := &view.AgentReport{Chrome: r.agentChrome(""), Agent: r.agentBar("report"), Period: l.T("report.days", "n", days), Reviews: r.reviews()}
	p.Title = l.T("agent.report")
	for _, n := range slices.Sorted(slices.Values(reportDays)) {
		p.Periods = append(p.Periods, view.Link{Text: l.T("report.days", "n", n), URL: r.root() + "/agent/report?days=" + itoa(n), Current: n == days})
	}
	for _, t := range csvTables {
		p.Files = append(p.Files, view.Link{Text: l.T("report." + t.caption), URL: fmt.Sprintf("%s/agent/report.csv?table=%s&days=%d", r.root(), t.name, days)})
	}
	report, err := r.reportOf(days)
	if err != nil {
		if !errors.Is(err, state.ErrUnavailable) {
			r.s.log.Error("the report", "error", err)
		}
		p.Gone = true
		return r.fresh(http.StatusOK, p)
	}
	r.fillReport(p, &report)
	return r.fresh(http.StatusOK, p)
}

func (r *request) fillReport(p *view.AgentReport, report *state.Report) {
	l := r.words()
	var all state.DayCount
	for _, d := range report.Days {
		all.Sent, all.Opened, all.Helped, all.Unhelped = all.Sent+d.Sent, all.Opened+d.Opened, all.Helped+d.Helped, all.Unhelped+d.Unhelped
		all.Searches, all.NoResult, all.Reads = all.Searches+d.Searches, all.NoResult+d.NoResult, all.Reads+d.Reads
	}
	opened, helped := 0, 0
	for _, a := range report.Articles {
		opened, helped = opened+a.Opened, helped+a.ReplyHelped
		if a.Sent > 0 && len(p.Links) < reportRows {
			title, url := r.articleName(a.Article)
			p.Links = append(p.Links, view.LinkRow{Title: title, URL: url, Sent: a.Sent, Opened: a.Opened, Helped: a.ReplyHelped, Not: a.ReplyUnhelped})
		}
	}
	figure := func(key string, n, of int) {
		f := view.Figure{Name: l.T(key), Value: l.Number(n)}
		if of > 0 {
			f.Note = l.T("number.percent", "n", itoa(n*100/of))
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
		if chart := r.chart(l.T(c.key), report.Days, c.value); slices.ContainsFunc(chart.Points, func(p view.Point) bool { return p.Value > 0 }) {
			p.Charts = append(p.Charts, chart)
		}
	}
	p.Missing, p.Unused = queryRows(report.NoResult), queryRows(report.NoClick)
	p.Votes = r.voteRows(report)
	p.Gaps = r.gapRows(report.Gaps)
}

// chart draws days, or weeks when there are too many days.
func (r *request) chart(title string, days []state.DayCount, value func(state.DayCount) int) view.Chart {
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
		c.Points = append(c.Points, view.Point{Name: r.words().ShortDate(day), Value: n})
	}
	return c
}

// articleName is an article's title and page, for agents.
func (r *request) articleName(id int) (title, url string) {
	a, _ := r.snap.Desk.Find(strconv.Itoa(id))
	if a == nil {
		for gone, was := range r.snap.Library.Removed {
			if gone == id {
				return was.Title, r.root() + "/agent/report"
			}
		}
		return "#" + strconv.Itoa(id), r.root() + "/agent/report"
	}
	return r.articleLink(a).Title, r.root() + "/agent/a/" + strconv.Itoa(id)
}

func queryRows(list []state.SearchCount) []view.QueryRow {
	var rows []view.QueryRow
	for _, q := range list[:min(len(list), reportRows)] {
		rows = append(rows, view.QueryRow{Words: q.Words, Lang: q.Lang, Count: q.Times, Results: q.Results})
	}
	return rows
}

// voteRows are the articles that readers called unhelpful, the worst first.
func (r *request) voteRows(report *state.Report) []view.VoteRow {
	l := r.words()
	var rows []view.VoteRow
	counts := slices.DeleteFunc(slices.Clone(report.Articles), func(a state.ArticleCount) bool { return a.Unhelped == 0 })
	slices.SortStableFunc(counts, func(a, b state.ArticleCount) int { return cmp.Compare(b.Unhelped, a.Unhelped) })
	for _, a := range counts[:min(len(counts), reportRows)] {
		row := view.VoteRow{Yes: a.Helped, No: a.Unhelped}
		row.Title, row.URL = r.articleName(a.Article)
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
func (r *request) gapRows(gaps []state.Gap) []view.GapRow {
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
			rows = append(rows, view.GapRow{Terms: terms, Last: r.words().Date(day)})
		}
		rows[i].Count++
		rows[i].IDs = append(rows[i].IDs, strconv.FormatInt(g.ID, 10))
	}
	return rows
}

// closeGaps takes gaps off the list: they have an article now, or need none.
func (r *request) closeGaps() error {
	for _, text := range r.Request().Form["gap"] {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return badRequest("")
		}
		err = r.s.state.CloseGap(r.Request().Context(), id, 0, r.now)
		if errors.Is(err, state.ErrUnavailable) {
			return &httpError{Status: http.StatusServiceUnavailable, Retry: time.Minute}
		}
		if err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
	}
	return r.Redirect(http.StatusSeeOther, r.root()+"/agent/report#gaps")
}

// reviews are the articles whose review is due, longest first.
func (r *request) reviews() []view.ReviewRow {
	var due []*article.Article
	for _, a := range r.snap.Desk.Articles {
		if !a.Review.IsZero() && !r.now.Before(a.Review) {
			due = append(due, a)
		}
	}
	slices.SortStableFunc(due, func(a, b *article.Article) int { return a.Review.Compare(b.Review) })
	var rows []view.ReviewRow
	for _, a := range due {
		row := view.ReviewRow{Due: r.words().Date(a.Review), Owner: a.ReviewedBy}
		row.Title, row.URL = r.articleName(a.ID)
		rows = append(rows, row)
	}
	return rows
}

// A csvTable is what the report can be saved as.
type csvTable struct {
	name, caption string // caption is a text's key without "report."
	rows          func(*request, *state.Report) [][]string
}

var csvTables = []csvTable{
	{"articles", "links", articleCells},
	{"searches", "csv.searches", searchCells},
	{"gaps", "gaps", gapCells},
	{"comments", "csv.comments", commentCells},
	{"days", "csv.days", dayCells},
}

// reportCSV answers one table as a file. Its cells are neutral: no spreadsheet
// takes one for a formula.
func (r *request) reportCSV() error {
	i := slices.IndexFunc(csvTables, func(t csvTable) bool { return t.name == cmp.Or(r.QueryParam("table"), csvTables[0].name) })
	if i < 0 {
		return errNotFound
	}
	report, err := r.reportOf(r.reportPeriod())
	if errors.Is(err, state.ErrUnavailable) {
		return &httpError{Status: http.StatusServiceUnavailable, Retry: time.Minute}
	}
	if err != nil {
		return err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, row := range csvTables[i].rows(r, &report) {
		for n := range row {
			row[n] = neutral(row[n])
		}
		w.Write(row) // a strings.Builder does not fail
	}
	w.Flush()
	r.Response().Header().Set("Content-Disposition", `attachment; filename="`+csvTables[i].name+"-"+report.To+`.csv"`)
	r.send(http.StatusOK, "text/csv; charset=utf-8", []byte(b.String()))
	return nil
}

// neutral writes a cell so that spreadsheets show it and do not compute it.
func neutral(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

func articleCells(r *request, report *state.Report) [][]string {
	rows := [][]string{{"id", "title", "sent", "opened", "openings", "reply_helped", "reply_unhelped", "helped", "unhelped", "reads"}}
	for _, a := range report.Articles {
		title, _ := r.articleName(a.Article)
		rows = append(rows, append([]string{itoa(a.Article), title}, numbers(a.Sent, a.Opened, a.Opens, a.ReplyHelped, a.ReplyUnhelped, a.Helped, a.Unhelped, a.Reads)...))
	}
	return rows
}

func searchCells(_ *request, report *state.Report) [][]string {
	rows := [][]string{{"words", "lang", "times", "results", "clicks", "position"}}
	for _, list := range [][]state.SearchCount{report.NoResult, report.NoClick, report.Searches} {
		for _, q := range list {
			row := append([]string{q.Words, q.Lang}, numbers(q.Times, q.Results, q.Clicks)...)
			row = append(row, strconv.FormatFloat(q.Position, 'f', 1, 64))
			if !slices.ContainsFunc(rows, func(other []string) bool { return other[0] == row[0] && other[1] == row[1] }) {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func gapCells(_ *request, report *state.Report) [][]string {
	rows := [][]string{{"day", "lang", "words", "note", "agent"}}
	for _, g := range report.Gaps {
		rows = append(rows, []string{g.Day, g.Lang, strings.Join(g.Terms, " "), g.Note, g.Agent})
	}
	return rows
}

func commentCells(r *request, report *state.Report) [][]string {
	rows := [][]string{{"day", "id", "title", "revision", "lang", "helpful", "reason", "comment", "query"}}
	for _, c := range report.Comments {
		title, _ := r.articleName(c.Article)
		rows = append(rows, []string{c.Day, itoa(c.Article), title, c.Revision, c.Lang, strconv.FormatBool(c.Helpful), c.Reason, c.Comment, c.Query})
	}
	return rows
}

func dayCells(_ *request, report *state.Report) [][]string {
	rows := [][]string{{"day", "sent", "openings", "helped", "unhelped", "searches", "no_result", "reads"}}
	for _, d := range report.Days {
		rows = append(rows, append([]string{d.Day}, numbers(d.Sent, d.Opened, d.Helped, d.Unhelped, d.Searches, d.NoResult, d.Reads)...))
	}
	return rows
}

func numbers(list ...int) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = strconv.Itoa(n)
	}
	return out
}
