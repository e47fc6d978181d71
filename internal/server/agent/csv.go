package agent

import (
	"cmp"
	"encoding/csv"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"signpost/internal/server/web"
	"signpost/internal/state"
)

// A csvTable is what the report can be saved as.
type csvTable struct {
	name, caption string // caption is a text's key without "report."
	rows          func(*web.Request, *state.Report) [][]string
}

var csvTables = []csvTable{
	{"articles", "links", articleCells},
	{"searches", "csv.searches", searchCells},
	{"gaps", "gaps", gapCells},
	{"comments", "csv.comments", commentCells},
	{"days", "csv.days", dayCells},
}

// ReportCSV answers one table as a file. Its cells are neutral: no spreadsheet
// takes one for a formula.
func (h *Handlers) ReportCSV(r *web.Request) error {
	i := slices.IndexFunc(csvTables, func(t csvTable) bool { return t.name == cmp.Or(r.QueryParam("table"), csvTables[0].name) })
	if i < 0 {
		return web.ErrNotFound
	}
	report, err := h.reportOf(r, reportPeriod(r))
	if errors.Is(err, state.ErrUnavailable) {
		return &web.Error{Status: http.StatusServiceUnavailable, Retry: time.Minute}
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
	r.Send(http.StatusOK, "text/csv; charset=utf-8", []byte(b.String()))
	return nil
}

// neutral writes a cell so that spreadsheets show it and do not compute it.
func neutral(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n|%＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

func articleCells(r *web.Request, report *state.Report) [][]string {
	rows := [][]string{{"id", "title", "sent", "opened", "openings", "reply_helped", "reply_unhelped", "helped", "unhelped", "reads"}}
	for _, a := range report.Articles {
		title, _ := articleName(r.Page, a.Article)
		rows = append(rows, append([]string{strconv.Itoa(a.Article), title}, numbers(a.Sent, a.Opened, a.Opens, a.ReplyHelped, a.ReplyUnhelped, a.Helped, a.Unhelped, a.Reads)...))
	}
	return rows
}

func searchCells(_ *web.Request, report *state.Report) [][]string {
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

func gapCells(_ *web.Request, report *state.Report) [][]string {
	rows := [][]string{{"day", "lang", "words", "note", "agent"}}
	for _, g := range report.Gaps {
		rows = append(rows, []string{g.Day, g.Lang, strings.Join(g.Terms, " "), g.Note, g.Agent})
	}
	return rows
}

func commentCells(r *web.Request, report *state.Report) [][]string {
	rows := [][]string{{"day", "id", "title", "revision", "lang", "helpful", "reason", "comment", "query"}}
	for _, c := range report.Comments {
		title, _ := articleName(r.Page, c.Article)
		rows = append(rows, []string{c.Day, strconv.Itoa(c.Article), title, c.Revision, c.Lang, strconv.FormatBool(c.Helpful), c.Reason, c.Comment, c.Query})
	}
	return rows
}

func dayCells(_ *web.Request, report *state.Report) [][]string {
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
