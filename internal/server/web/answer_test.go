package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
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
		if got := preferred([]string{tt.field}).String(); got != cmp.Or(tt.want, "identity") {
			t.Errorf("Accept-Encoding %q: %q, want %q", tt.field, got, tt.want)
		}
	}
	if got := preferred([]string{"gzip", "br"}); got != brotliCoding {
		t.Errorf("of two fields: %s", got)
	}
}

func TestMatching(t *testing.T) {
	a := newAnswer("text/html", []byte("page"))
	e := a.etag
	for _, tt := range []struct {
		fields []string
		coding coding
		want   string
	}{
		{[]string{`"` + e + `"`}, identity, `"` + e + `"`},
		{[]string{`W/"` + e + `"`}, identity, `"` + e + `"`},
		{[]string{`"b", "` + e + `"`}, identity, `"` + e + `"`},
		{[]string{`"b"`, `"` + e + `"`}, identity, `"` + e + `"`},
		{[]string{"*"}, identity, `"` + e + `"`},
		{[]string{`"` + e + `-br4"`}, brotliCoding, `"` + e + `-br4"`},
		{[]string{`"` + e + `-br11"`}, brotliCoding, `"` + e + `-br11"`},
		{[]string{`W/"` + e + `-gz9"`}, gzipCoding, `"` + e + `-gz9"`},
		{nil, identity, ""},
		{[]string{""}, identity, ""},
		{[]string{e}, identity, ""},
		{[]string{`"b"`}, identity, ""},
		{[]string{`"` + e + `-br4"`}, identity, ""},
		{[]string{`"` + e + `-br4"`}, gzipCoding, ""},
		{[]string{`"` + e + `"`}, brotliCoding, ""},
		{[]string{`"` + e + `-br"`}, brotliCoding, ""},
		{[]string{`"` + e + `-brx"`}, brotliCoding, ""},
		{[]string{`"` + e + `-br4`}, brotliCoding, ""},
	} {
		if got := a.matching(tt.fields, tt.coding); got != tt.want {
			t.Errorf("If-None-Match %q for %s: %q, want %q", tt.fields, tt.coding, got, tt.want)
		}
	}
}

func TestPanicIsNotKept(t *testing.T) {
	c := newAnswerCache(1 << 20)
	func() {
		defer func() { recover() }()
		c.get("page", func() (*answer, error) { panic("once") })
	}()
	a, err := c.get("page", func() (*answer, error) { return newAnswer("text/html", []byte("page")), nil })
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
				c := []coding{brotliCoding, gzipCoding, identity}[n%3]
				a := newAnswer("text/html", body)
				w := httptest.NewRecorder()
				a.write(w, &http.Request{Header: http.Header{"Accept-Encoding": {c.String()}}}, http.StatusOK, onceEncoder{})
				if got := decoded(t, c, w.Body.Bytes()); !bytes.Equal(got, body) {
					t.Errorf("%s of %d bytes is not whole", c, len(body))
				}
				if got := cmp.Or(w.Header().Get("Content-Encoding"), "identity"); got != c.String() || w.Header().Get("Vary") != "Accept-Encoding" {
					t.Errorf("for %s it sent %s", c, got)
				}
			}
		})
	}
	all.Wait()
}

// decoded undoes a coding.
func decoded(t *testing.T, c coding, data []byte) []byte {
	t.Helper()
	var read io.Reader = bytes.NewReader(data)
	switch c {
	case brotliCoding:
		read = brotli.NewReader(read)
	case gzipCoding:
		zr, err := gzip.NewReader(read)
		if err != nil {
			t.Error(err)
			return nil
		}
		read = zr
	}
	got, err := io.ReadAll(read)
	if err != nil {
		t.Error(err)
	}
	return got
}

// The best level of a page must not take as much memory as brotli's own window.
func TestCompressingNeedsLittleMemory(t *testing.T) {
	body := testPage(1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	data := compress(brotliCoding, bestBrotli, body)
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 8<<20 {
		t.Errorf("a page of %d bytes took %d MB of memory", len(body), n>>20)
	}
	if got := decoded(t, brotliCoding, data); !bytes.Equal(got, body) {
		t.Error("it is not whole")
	}
}

// Beyond its bytes the cache drops the answers that were not used for longest,
// and keeps the others.
func TestAnswersAreEvicted(t *testing.T) {
	c := newAnswerCache(10 * (1000 + 512))
	made := map[string]int{}
	get := func(key string) {
		t.Helper()
		if _, err := c.get(key, func() (*answer, error) {
			made[key]++
			return newAnswer("text/html", bytes.Repeat([]byte(key), 1000)), nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 40 {
		get("a")
		get(string(rune('A' + i)))
		if c.used > c.max || c.used != c.order.Len()*(1000+512) {
			t.Fatalf("%d bytes in %d answers, of %d", c.used, c.order.Len(), c.max)
		}
	}
	if made["a"] != 1 {
		t.Errorf("what is asked for all the time was made %d times", made["a"])
	}
	get("A")
	if made["A"] != 2 {
		t.Errorf("what was evicted was made %d times", made["A"])
	}
	none := newAnswerCache(0)
	for range 2 {
		if a, err := none.get("x", func() (*answer, error) { return newAnswer("text/html", []byte("x")), nil }); err != nil || string(a.body) != "x" || none.used != 0 {
			t.Errorf("an empty cache answers %v, and holds %d bytes", err, none.used)
		}
	}
}

// testPage is about as large and as repetitive as a page.
func testPage(n int) []byte {
	var b bytes.Buffer
	for i := range 150 {
		fmt.Fprintf(&b, "<p id=\"p%d\">The mail program asks for a password, again and again: %x.</p>\n", i, sha256.Sum256([]byte{byte(i), byte(n)}))
	}
	return b.Bytes()
}
