package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"signpost/internal/search"
)

// maxLine is the longest line of a JSON Lines file, in bytes.
const maxLine = 4 << 20

// An anyID is an id that may be written as a text or as a number.
type anyID string

func (id *anyID) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(id))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("an id is a text or a number, not %s", b)
	}
	*id = anyID(n.String())
	return nil
}

// readLines reads a JSON Lines file and names the line of what cannot be read.
func readLines[T any](name string, each func(line int, v T) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 64<<10), maxLine)
	line := 0
	for sc.Scan() {
		line++
		text := sc.Bytes()
		if line == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff")) // as Windows programs write it
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(text, &v); err != nil {
			var wrong *json.UnmarshalTypeError
			if errors.As(err, &wrong) && wrong.Field != "" {
				err = fmt.Errorf("%q cannot be a %s", wrong.Field, wrong.Value)
			}
			return hinted(fmt.Errorf("%s:%d: %w", name, line, err), "every line is one JSON object")
		}
		if err := each(line, v); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	if errors.Is(sc.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("%s:%d: the line is longer than %d bytes", name, line+1, maxLine)
	}
	return sc.Err()
}

// openDocs indexes flat documents as literal text, with any id.
func openDocs(name string, bar *progress) (*search.Index, func(search.Hit) string, func(), error) {
	docs, err := readDocs(name)
	if err != nil {
		return nil, nil, nil, err
	}
	store, err := search.Open("")
	if err != nil {
		return nil, nil, nil, err
	}
	indexes, err := store.Update(docs, nil, bar.update)
	if err != nil {
		store.Close()
		return nil, nil, nil, err
	}
	return indexes.Public, func(h search.Hit) string { return h.Doc.ID }, func() { store.Close() }, nil
}

func readDocs(name string) (docs []search.Document, err error) {
	seen := map[string]int{}
	type flat struct {
		ID    anyID  `json:"id"`
		Title string `json:"title"`
		Text  string `json:"text"`
	}
	err = readLines(name, func(line int, d flat) error {
		if d.ID == "" {
			return errors.New("the document has no id")
		}
		if first, twice := seen[string(d.ID)]; twice {
			return fmt.Errorf("the id %q is already on line %d", d.ID, first)
		}
		seen[string(d.ID)] = line
		docs = append(docs, search.Document{
			ID: string(d.ID), Kind: search.Article, Lang: "en", Title: d.Title, Sections: []search.Section{{Text: d.Text}},
		})
		return nil
	})
	return docs, err
}

// runQueries writes "query-id document-id rank score" lines.
func runQueries(ix *search.Index, name func(search.Hit) string, f searchFlags) (err error) {
	out, err := os.Create(f.run)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(out)
	defer func() { err = errors.Join(err, w.Flush(), out.Close()) }()
	type query struct {
		ID   anyID  `json:"id"`
		Text string `json:"text"`
	}
	return readLines(f.queries, func(_ int, q query) error {
		if q.ID == "" {
			return errors.New("the query has no id")
		}
		if err := fitsRun(string(q.ID)); err != nil {
			return err
		}
		res := ix.Search(search.Query{Text: q.Text, Lang: f.lang, Limit: f.limit})
		for i, h := range res.Hits {
			if err := fitsRun(name(h)); err != nil {
				return err
			}
			if _, err := io.WriteString(w, fmt.Sprintf("%s %s %d %g\n", q.ID, name(h), i+1, h.Score)); err != nil {
				return err
			}
		}
		return nil
	})
}

// fitsRun refuses an id that would be read as two.
func fitsRun(id string) error {
	if strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return fmt.Errorf("the id %q has white space, which separates the columns of a run file", id)
	}
	return nil
}
