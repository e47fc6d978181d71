// Package relevance measures search and suggestions with collections whose right
// answers are known.
//
// [ReadDocs] and [ReadTickets] read such collections, as JSON Lines. [Replay]
// gives the tickets to a [Catalog] of articles, which [OfSite] or [OfDocs] makes
// and [Catalog.Learn] lets learn from earlier tickets; [Run] searches for queries
// and writes what other tools score.
//
// Guarantees: a ticket is read and ranked by the very code of the site, and
// learning keeps the site's rules; what cannot be read is named with its line.
package relevance

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
	"signpost/internal/ticket"
)

// maxLine is the longest line of a JSON Lines file, in bytes.
const maxLine = 4 << 20

// An ID may be written as a text or as a number.
type ID string

// UnmarshalJSON reads either form.
func (id *ID) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(id))
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("an id is a text or a number, not %s", b)
	}
	*id = ID(n.String())
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
			return fmt.Errorf("%s:%d: %w; every line is one JSON object", name, line, err)
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

// ReadDocs reads flat documents {"id", "title", "text"}: literal text, any id.
func ReadDocs(name string) (docs []search.Document, err error) {
	seen := map[string]int{}
	type flat struct {
		ID    ID     `json:"id"`
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

// A Ticket is a ticket with the articles that answered it.
type Ticket struct {
	ID       ID     `json:"id"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Articles []ID   `json:"articles"` // slugs or ids
}

// read returns the ticket as the site reads it; false when it has no text.
func (t Ticket) read() (ticket.Ticket, bool) {
	read, err := ticket.FromText(t.Title, t.Text, "", "")
	return read, err == nil
}

// ReadTickets reads tickets; one that names no article, and a file without
// tickets, are errors.
func ReadTickets(name string) ([]Ticket, error) {
	var list []Ticket
	err := readLines(name, func(_ int, t Ticket) error {
		if len(t.Articles) == 0 {
			return errors.New("the ticket names no article: \"articles\": [\"slug\"]")
		}
		list = append(list, t)
		return nil
	})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("%s holds no tickets", name)
	}
	return list, err
}

// Run searches for the queries {"id", "text"} of a file and writes a line
// "query-id document-id rank score" for each result. name gives the name of a
// hit; lang and limit are those of [search.Query].
func Run(w io.Writer, ix *search.Index, queries string, name func(search.Hit) string, lang string, limit int) error {
	type query struct {
		ID   ID     `json:"id"`
		Text string `json:"text"`
	}
	return readLines(queries, func(_ int, q query) error {
		if q.ID == "" {
			return errors.New("the query has no id")
		}
		if err := fitsRun(string(q.ID)); err != nil {
			return err
		}
		res := ix.Search(search.Query{Text: q.Text, Lang: lang, Limit: limit})
		for i, h := range res.Hits {
			if err := fitsRun(name(h)); err != nil {
				return err
			}
			if _, err := fmt.Fprintf(w, "%s %s %d %g\n", q.ID, name(h), i+1, h.Score); err != nil {
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
