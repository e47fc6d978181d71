package search

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/search/query"
	_ "modernc.org/sqlite"

	"signpost/internal/search/words"
)

// recombine makes n documents of the titles and sections of others.
func recombine(from []Document, n int) []Document {
	r := rand.New(rand.NewPCG(1, 2))
	var sections []Section
	var words []string
	for _, d := range from {
		sections = append(sections, d.Sections...)
		words = append(words, strings.Fields(d.Title)...)
	}
	docs := make([]Document, n)
	for i := range docs {
		base := from[r.IntN(len(from))]
		title := strings.Fields(base.Title)
		title[r.IntN(len(title))] = words[r.IntN(len(words))]
		d := Document{ID: fmt.Sprint("d", i), Kind: Article, Lang: "en", Title: strings.Join(title, " ")}
		for range len(base.Sections) {
			d.Sections = append(d.Sections, sections[r.IntN(len(sections))])
		}
		docs[i] = d
	}
	return docs
}

// benchQueries are ticket titles as whole questions, their three rarest words,
// and beginnings of those.
func benchQueries(b *testing.B, ix *Index) (full, three, typed []string) {
	for _, t := range helpTickets(b)[:300] {
		full = append(full, t.Title)
		type word struct {
			w  string
			at int
			n  float32
		}
		var ws []word
		for i, w := range strings.Fields(words.Plain(t.Title)) {
			if id, ok := ix.lexicons[0].Term(w); ok && !words.IsStop("en", w) {
				ws = append(ws, word{w, i, ix.terms[id].idf})
			}
		}
		slices.SortFunc(ws, func(a, b word) int { return int(1000 * (b.n - a.n)) })
		ws = ws[:min(3, len(ws))]
		slices.SortFunc(ws, func(a, b word) int { return a.at - b.at })
		var s []string
		for _, w := range ws {
			s = append(s, w.w)
		}
		if len(s) == 0 {
			continue
		}
		kw := strings.Join(s, " ")
		three = append(three, kw)
		for _, n := range []int{2, 3, 5, 8, 12, 16} {
			if n < len(kw) {
				typed = append(typed, kw[:n])
			}
		}
	}
	return
}

// percentiles runs every query three times and reports the median and the 99th
// percentile of the best times, in microseconds.
func percentiles(queries []string, run func(string)) (p50, p99 float64) {
	var times []float64
	for _, q := range queries {
		best := time.Hour
		for range 3 {
			at := time.Now()
			run(q)
			best = min(best, time.Since(at))
		}
		times = append(times, float64(best.Nanoseconds())/1000)
	}
	slices.Sort(times)
	return times[len(times)/2], times[len(times)*99/100]
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkAgainstOthers compares this package with bleve's own fielded query
// and SQLite's FTS5 over the same documents, in one run.
func BenchmarkAgainstOthers(b *testing.B) {
	docs := recombine(helpArticles(b), 10_000)
	dir := b.TempDir()
	at := time.Now()
	s, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	ixs, err := s.Update(docs, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	ours := time.Since(at)
	ix := ixs.Public
	full, three, typed := benchQueries(b, ix)
	at = time.Now()
	bl := bleveFielded(b, docs)
	theirs := time.Since(at)
	defer bl.Close()
	b.Run("build", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(ours.Seconds(), "ours-s")
		b.ReportMetric(theirs.Seconds(), "bleve-s")
		b.ReportMetric(ours.Seconds()/theirs.Seconds(), "ratio")
		b.ReportMetric(0, "ns/op")
	})
	db := ftsIndex(b, docs)
	defer db.Close()
	for _, k := range []struct {
		name    string
		queries []string
	}{{"full", full}, {"three", three}, {"typed", typed}} {
		b.Run(k.name, func(b *testing.B) {
			for b.Loop() {
			}
			typing := k.name == "typed"
			p50, p99 := percentiles(k.queries, func(q string) { ix.Search(Query{Text: q, Lang: "en", Typing: typing, Bare: true}) })
			s50, s99 := percentiles(k.queries, func(q string) { ix.Search(Query{Text: q, Lang: "en", Typing: typing}) })
			q50, q99 := percentiles(k.queries, func(q string) { bleveSearch(b, bl, q, typing) })
			f50, f99 := percentiles(k.queries[:min(60, len(k.queries))], func(q string) { ftsSearch(b, db, q, typing) })
			for name, v := range map[string]float64{"p50-us": p50, "p99-us": p99, "snippets-p50-us": s50, "snippets-p99-us": s99, "bleve-p50-us": q50, "bleve-p99-us": q99, "fts5-p50-us": f50, "fts5-p99-us": f99, "bleve/p50": q50 / p50, "bleve/snippets-p50": q50 / s50} {
				b.ReportMetric(v, name)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

func bleveFielded(b *testing.B, docs []Document) bleve.Index {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = en.AnalyzerName
	dm := bleve.NewDocumentStaticMapping()
	for _, f := range []string{"title", "heading", "body"} {
		t := bleve.NewTextFieldMapping()
		t.Store, t.IncludeTermVectors, t.IncludeInAll, t.DocValues = false, false, false, false
		dm.AddFieldMappingsAt(f, t)
	}
	m.DefaultMapping = dm
	idx, err := bleve.NewUsing(b.TempDir()+"/bleve", m, "scorch", "scorch", nil)
	if err != nil {
		b.Fatal(err)
	}
	for part := range slices.Chunk(docs, 2000) {
		batch := idx.NewBatch()
		for _, d := range part {
			h, t := text(d)
			batch.Index(d.ID, map[string]any{"title": d.Title, "heading": h, "body": t})
		}
		if err := idx.Batch(batch); err != nil {
			b.Fatal(err)
		}
	}
	return idx
}

func text(d Document) (heading, body string) {
	for _, s := range d.Sections {
		heading += s.Heading + "\n"
		body += s.Text + "\n"
	}
	return
}

func bleveSearch(b *testing.B, idx bleve.Index, text string, typing bool) {
	var qs []query.Query
	for f, boost := range map[string]float64{"title": 3, "heading": 1.5, "body": 1} {
		q := bleve.NewMatchQuery(text)
		q.SetField(f)
		q.SetBoost(boost)
		qs = append(qs, q)
		if words := strings.Fields(strings.ToLower(text)); typing && len(words) > 0 {
			p := bleve.NewPrefixQuery(words[len(words)-1])
			p.SetField(f)
			qs = append(qs, p)
		}
	}
	if _, err := idx.Search(bleve.NewSearchRequest(bleve.NewDisjunctionQuery(qs...))); err != nil {
		b.Fatal(err)
	}
}

func ftsIndex(b *testing.B, docs []Document) *sql.DB {
	db, err := sql.Open("sqlite", b.TempDir()+"/fts.db")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	exec := func(q string, args ...any) {
		if _, err := db.Exec(q, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec(`CREATE VIRTUAL TABLE d USING fts5(title, heading, body, content='', tokenize='porter unicode61')`)
	exec("BEGIN")
	for i, d := range docs {
		h, t := text(d)
		exec("INSERT INTO d(rowid, title, heading, body) VALUES (?,?,?,?)", i+1, d.Title, h, t)
	}
	exec("COMMIT")
	return db
}

func ftsSearch(b *testing.B, db *sql.DB, text string, typing bool) {
	words := strings.Fields(words.Plain(text))
	for i, w := range words {
		words[i] = `"` + w + `"`
	}
	if typing && len(words) > 0 {
		words[len(words)-1] += "*"
	}
	rows, err := db.Query(`SELECT rowid FROM d WHERE d MATCH ? ORDER BY bm25(d, 3, 1.5, 1) LIMIT 10`, strings.Join(words, " OR "))
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
	}
}

// BenchmarkLife measures restart, an edit and the memory of an index of 10,000
// documents.
func BenchmarkLife(b *testing.B) {
	docs := recombine(helpArticles(b), 10_000)
	dir := b.TempDir()
	s, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Update(docs, nil, nil); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	before := heap()
	at := time.Now()
	if s, err = Open(dir); err != nil {
		b.Fatal(err)
	}
	ixs, err := s.Update(docs, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	ixs.Public.Search(Query{Text: "imap"})
	restart := time.Since(at)
	after := heap()
	docs = slices.Clone(docs)
	docs[77].Sections = slices.Clone(docs[77].Sections)
	docs[77].Sections[0].Text += " zanzibar"
	at = time.Now()
	if ixs, err = s.Update(docs, nil, nil); err != nil {
		b.Fatal(err)
	}
	if n := ixs.Public.Search(Query{Text: "zanzibar"}).Total; n != 1 {
		b.Fatal("the edit is not found")
	}
	edit := time.Since(at)
	for b.Loop() {
	}
	b.ReportMetric(restart.Seconds(), "restart-s")
	b.ReportMetric(edit.Seconds(), "edit-s")
	b.ReportMetric(float64(after-before)/1e6, "heap-MB")
	b.ReportMetric(0, "ns/op")
	runtime.KeepAlive(ixs)
	s.Close()
}
