package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestPreferred(t *testing.T) {
	for _, tt := range []struct{ field, want string }{
		{"", ""},
		{"identity", ""},
		{"deflate", ""},
		{"gzip", "gzip"},
		{"GZIP", "gzip"},
		{"br", "br"},
		{"gzip, deflate, br, zstd", "br"},
		{"*", "br"},
		{"*;q=0", ""},
		{"br;q=0, *", "gzip"},
		{"gzip;q=0, *", "br"},
		{"br;q=0, gzip;q=0, *;q=1", ""},
		{"br;q=0.1, gzip;q=0.9", "gzip"},
		{"gzip;Q=0", ""},
		{"gzip; q=0", ""},
		{"gzip;q=0.000", ""},
		{"gzip;q=most", ""},
		{"identity;q=1, gzip;q=0.1", ""},
		{"identity;q=0, gzip;q=0.1", "gzip"},
		{"br;x=1;q=0, gzip", "gzip"},
		{", ,br", "br"},
	} {
		if got := preferred([]string{tt.field}, true, true); got != tt.want {
			t.Errorf("Accept-Encoding %q: %q, want %q", tt.field, got, tt.want)
		}
	}
	if got := preferred([]string{"gzip", "br"}, true, true); got != "br" {
		t.Errorf("of two fields: %q", got)
	}
	if got := preferred([]string{"br"}, false, true); got != "" {
		t.Errorf("who takes br alone gets %q where there is none", got)
	}
}

func TestMatches(t *testing.T) {
	for _, fields := range [][]string{{`"a"`}, {`W/"a"`}, {`"b", "a"`}, {`"b"`, `"a"`}, {"*"}} {
		if !matches(fields, `"a"`) {
			t.Errorf("If-None-Match %q does not match", fields)
		}
	}
	for _, fields := range [][]string{nil, {""}, {`a`}, {`"b"`}, {`"a-br"`}} {
		if matches(fields, `"a"`) {
			t.Errorf("If-None-Match %q matches", fields)
		}
	}
}

func TestPanicIsNotKept(t *testing.T) {
	c := newAnswerCache(1 << 20)
	func() {
		defer func() { recover() }()
		c.get("page", func() (*answer, error) { panic("once") })
	}()
	a, err := c.get("page", func() (*answer, error) { return plainAnswer("text/html", []byte("page")), nil })
	if err != nil || string(a.body) != "page" {
		t.Errorf("after a panic: %v", err)
	}
	if again, err := c.get("page", func() (*answer, error) { return nil, errUnfinished }); err != nil || again != a {
		t.Errorf("what was made is made again: %v", err)
	}
}

// What others read before is in no answer, and each is whole.
func TestAnswerOnce(t *testing.T) {
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 50 {
				body := []byte(strings.Repeat(string(rune('a'+i))+" kari.canary ", 60*(1+n)))
				field := []string{"br", "gzip", "identity"}[n%3]
				a := answerOnce("text/html", body, &http.Request{Header: http.Header{"Accept-Encoding": {field}}})
				var read io.Reader = bytes.NewReader(a.body)
				switch field {
				case "br":
					read = brotli.NewReader(bytes.NewReader(a.br))
				case "gzip":
					read, _ = gzip.NewReader(bytes.NewReader(a.gz))
				}
				got, err := io.ReadAll(read)
				if err != nil || !bytes.Equal(got, body) {
					t.Errorf("%s of %d bytes: %v", field, len(body), err)
				}
				if (a.br != nil) != (field == "br") || (a.gz != nil) != (field == "gzip") || !a.varies {
					t.Errorf("for %s it made br %d, gzip %d bytes", field, len(a.br), len(a.gz))
				}
			}
		})
	}
	all.Wait()
}

// After each change of the content every page is made anew, and many at once.
func TestCompressingNeedsLittleMemory(t *testing.T) {
	body := []byte(strings.Repeat("<p>The mail program asks for a password, again and again.</p>\n", 150))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	a := newAnswer("text/html", body, thorough(len(body)))
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("a page of %d bytes took %d MB of memory", len(body), n>>20)
	}
	if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(a.br))); err != nil || !bytes.Equal(got, body) {
		t.Errorf("it is not whole: %v", err)
	}
}

func BenchmarkNewAnswer(b *testing.B) {
	body := []byte(strings.Repeat("<p>The mail program asks for a password, again and again.</p>\n", 150))
	b.ReportAllocs()
	for b.Loop() {
		newAnswer("text/html", body, thorough(len(body)))
	}
}

func BenchmarkAnswerOnce(b *testing.B) {
	body := []byte(strings.Repeat("<p>The mail program asks for a password, again and again.</p>\n", 150))
	r := &http.Request{Header: http.Header{"Accept-Encoding": {"gzip, deflate, br"}}}
	b.ReportAllocs()
	for b.Loop() {
		answerOnce("text/html", body, r)
	}
}
