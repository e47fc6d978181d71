package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is wrong with a file is said with its name and line; a byte order mark,
// blank lines and DOS line ends are not wrong.
func TestJudgedFiles(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	docs := file("docs.jsonl", "\ufeff{\"id\": 1, \"title\": \"Reset the password\", \"text\": \"Here.\"}\r\n\r\n{\"id\": \"b c\", \"title\": \"Calendar\"}\n")
	out := filepath.Join(dir, "run.txt")
	for _, c := range []struct {
		name    string
		queries string
		want    string // in the error; "" for none
	}{
		{"good", `{"id": "q", "text": "password"}`, ""},
		{"a text that is a number", "{\"id\": \"q\", \"text\": \"x\"}\n{\"id\": \"r\", \"text\": 5}", `queries.jsonl:2: "text" cannot be a number`},
		{"no object", "\n[1]", "queries.jsonl:2: "},
		{"no id", `{"text": "x"}`, "queries.jsonl:1: the query has no id"},
		{"white space in the id of a query", `{"id": "q r", "text": "x"}`, `queries.jsonl:1: the id "q r" has white space`},
		{"white space in the id of a document", `{"id": "q", "text": "calendar"}`, `queries.jsonl:1: the id "b c" has white space`},
		{"too long", strings.Repeat("x", 4<<20+1), "queries.jsonl:1: the line is longer than"},
	} {
		var errOut bytes.Buffer
		code := run(t.Context(), []string{"search", "--docs", docs, "--queries", file("queries.jsonl", c.queries), "--run", out}, nil, &bytes.Buffer{}, &errOut)
		if c.want == "" && code != 0 || c.want != "" && (code != 1 || !strings.Contains(errOut.String(), c.want)) {
			t.Errorf("%s: exit status %d, %q; want %q", c.name, code, &errOut, c.want)
		}
	}
}
