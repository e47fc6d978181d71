package judge

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"signpost/internal/search"
)

const docs = `{"id": 7, "title": "Change the password", "text": "How you can change the password of your account, and what to do when it is lost."}

{"id": "a/b", "title": "The server", "text": "This is about the server and not about what you have to do with it. {{imap.host}}"}
`

func build(t *testing.T, list []search.Document) *search.Index {
	t.Helper()
	s, err := search.Open("")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	ixs, err := s.Update(list, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return ixs.Public
}

func TestRun(t *testing.T) {
	list, err := ReadDocs(strings.NewReader(docs))
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].ID != "7" || list[0].Lang != "en" || !strings.Contains(list[1].Sections[0].Text, "{{imap.host}}") {
		t.Errorf("%+v", list)
	}
	qs, err := ReadQueries(strings.NewReader(`{"id": 1, "text": "pasword"}` + "\n" + `{"id": "q2", "text": "nothing known"}`))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := Run(&out, build(t, list), qs, "", 10, nil); err != nil {
		t.Fatal(err)
	}
	if f := strings.Fields(out.String()); len(f) != 4 || !cmp.Equal(f[:3], []string{"1", "7", "1"}) {
		t.Errorf("run file: %q", out.String())
	}
}

func TestErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{\"id\":1}\n{", "line 2: unexpected end"},
		{`{"title":"x"}`, "line 1: a document has no id"},
		{`{"id":"a b"}`, "white space"},
		{`{"id":""}`, "empty"},
		{`{"id":[1]}`, "must be a string or a number"},
		{"{\"id\":1}\n\n{\"id\":\"1\"}", `line 3: the id "1" is used twice`},
	} {
		if _, err := ReadDocs(strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.text, err, c.want)
		}
	}
	if _, err := ReadQueries(strings.NewReader(`{"text":"x"}`)); err == nil {
		t.Error("a query without id is read")
	}
	if _, err := ReadTickets(strings.NewReader(`{"id":"x","articles":[]}`)); err == nil {
		t.Error("a ticket without articles is read")
	}
}

func TestReplay(t *testing.T) {
	list, err := ReadDocs(strings.NewReader(docs))
	if err != nil {
		t.Fatal(err)
	}
	tickets, err := ReadTickets(strings.NewReader(`{"id": 1, "title": "Lost password", "text": "I lost it", "articles": ["7"]}
{"id": 2, "title": "Carrots", "text": "My carrots are gone", "articles": ["a/b", "zzz"]}`))
	if err != nil {
		t.Fatal(err)
	}
	read := func(k Ticket) search.Ticket { return search.Ticket{Subject: k.Title, Text: k.Text, Lang: "en"} }
	now := time.Unix(0, 0)
	clock := func() time.Time { now = now.Add(5 * time.Microsecond); return now }
	want := Report{Tickets: 2, Hit1: .5, Hit3: .5, Hit5: .5, MRR: .5, P50: 5, P99: 5}
	if d := cmp.Diff(want, Replay(build(t, list), tickets, read, nil, clock)); d != "" {
		t.Error(d)
	}
	// A word counts from its third ticket on.
	for n, hit := range map[int]float64{2: .5, 3: 1} {
		var history []Ticket
		for range n {
			history = append(history, tickets[1])
		}
		AddHistory(list, history, read, nil)
		if r := Replay(build(t, list), tickets, read, nil, clock); r.Hit1 != hit {
			t.Errorf("after %d tickets hit@1 is %g, want %g", n, r.Hit1, hit)
		}
	}
	if r := Replay(build(t, list), nil, read, nil, clock); r != (Report{}) {
		t.Errorf("no tickets: %+v", r)
	}
}

func FuzzReadDocs(f *testing.F) {
	f.Add(docs)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadDocs(strings.NewReader(text))
		if err != nil && list != nil {
			t.Error("documents and an error")
		}
	})
}
