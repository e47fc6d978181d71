package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// An answer is a whole response: bytes that depend on nothing but the snapshot.
type answer struct {
	contentType string
	body        []byte
	etag        string // of the identity encoding, without quotes
	br, gz      []byte // nil when compressing does not pay, or nobody asked
	varies      bool   // with Accept-Encoding
}

// plainAnswer is not compressed yet.
func plainAnswer(contentType string, body []byte) *answer {
	sum := sha256.Sum256(body)
	return &answer{
		contentType: contentType, body: body, etag: base64.RawURLEncoding.EncodeToString(sum[:12]),
		varies: len(body) >= worthCompressing && compressible(contentType),
	}
}

// newAnswer compresses for everybody who will ask; quality is brotli's 0 to 11.
func newAnswer(contentType string, body []byte, quality int) *answer {
	a := plainAnswer(contentType, body)
	if a.varies {
		a.br, a.gz = compressed(newCompressor("br", quality, len(body)), body), compressed(newCompressor("gzip", quality, len(body)), body)
	}
	return a
}

// answerOnce compresses as the one client likes it that the answer is for.
func answerOnce(contentType string, body []byte, r *http.Request) *answer {
	a := plainAnswer(contentType, body)
	if !a.varies {
		return a
	}
	switch preferred(r.Header.Values("Accept-Encoding"), true, true) {
	case "br":
		a.br = once("br", body)
	case "gzip":
		a.gz = once("gzip", body)
	}
	return a
}

func (a *answer) size() int { return len(a.body) + len(a.br) + len(a.gz) + 256 }

// write sends the answer, or 304 when the client has it already.
func (a *answer) write(w http.ResponseWriter, r *http.Request, status int) {
	h := w.Header()
	body, suffix := a.body, ""
	if a.varies {
		h.Add("Vary", "Accept-Encoding")
		switch preferred(r.Header.Values("Accept-Encoding"), a.br != nil, a.gz != nil) {
		case "br":
			body, suffix = a.br, "-br"
			h.Set("Content-Encoding", "br")
		case "gzip":
			body, suffix = a.gz, "-gz"
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Type", a.contentType)
	if status == http.StatusOK && h.Get("Cache-Control") != "no-store" {
		etag := `"` + a.etag + suffix + `"`
		h.Set("ETag", etag)
		if matches(r.Header.Values("If-None-Match"), etag) {
			h.Del("Content-Encoding")
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// preferred returns the encoding of those that there are which the client likes
// best, the smallest among equals: "br", "gzip", or "" for the bytes as they are
// (RFC 9110 section 12.5.3).
func preferred(fields []string, br, gzip bool) string {
	weight := map[string]float64{}
	for part := range strings.SplitSeq(strings.ToLower(strings.Join(fields, ",")), ",") {
		name, params, _ := strings.Cut(part, ";")
		q := 1.0
		for param := range strings.SplitSeq(params, ";") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(param), "q="); ok {
				q, _ = strconv.ParseFloat(v, 64) // what is no number is a refusal
			}
		}
		weight[strings.TrimSpace(name)] = q
	}
	likes := func(name string) float64 {
		if q, ok := weight[name]; ok {
			return q
		}
		return weight["*"]
	}
	best, most := "", weight["identity"] // not named, it is what is left
	for _, form := range []struct {
		name string
		made bool
	}{{"gzip", gzip}, {"br", br}} {
		if q := likes(form.name); form.made && q > 0 && q >= most {
			best, most = form.name, q
		}
	}
	return best
}

// matches reports whether If-None-Match names an ETag (RFC 9110 section 13.1.2).
func matches(fields []string, etag string) bool {
	for part := range strings.SplitSeq(strings.Join(fields, ","), ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == etag || part == "*" {
			return true
		}
	}
	return false
}

// answerCache keeps the answers that were made from one snapshot, up to a
// number of bytes; beyond it, answers are made anew for each request.
type answerCache struct {
	mu      sync.Mutex
	entries map[string]*cached
	left    int
}

type cached struct {
	once sync.Once
	a    *answer
	err  error
}

func newAnswerCache(bytes int) *answerCache {
	return &answerCache{entries: map[string]*cached{}, left: bytes}
}

var errUnfinished = errors.New("the page could not be made")

// get returns the answer for key, making it at most once at a time. Errors are
// not kept.
func (c *answerCache) get(key string, make func() (*answer, error)) (*answer, error) {
	c.mu.Lock()
	e := c.entries[key]
	if e == nil {
		if c.left <= 0 {
			c.mu.Unlock()
			return make()
		}
		e = &cached{}
		c.entries[key] = e
	}
	c.mu.Unlock()
	e.once.Do(func() {
		e.err = errUnfinished // what the others see should make panic
		defer c.settle(key, e)
		e.a, e.err = make()
	})
	return e.a, e.err
}

// settle keeps an answer that was made, and forgets an error.
func (c *answerCache) settle(key string, e *cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.err != nil {
		delete(c.entries, key)
		return
	}
	c.left -= e.a.size()
}

// SendJSON sends JSON for this request alone.
func (r *Request) SendJSON(status int, v any) error {
	body, err := EncodeJSON(v)
	if err != nil {
		return err
	}
	r.Send(status, "application/json", body)
	return nil
}

// List returns an empty list instead of none, which JSON would call null.
func List(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// SendCachedJSON sends a value that depends on nothing but the snapshot and the key.
func (r *Request) SendCachedJSON(key string, value func() any) error {
	return r.SendCached("application/json", key, func() ([]byte, error) { return EncodeJSON(value()) })
}

// EncodeJSON writes < and > as they are: the media type keeps browsers from
// reading the answer as HTML, and snippets are full of them.
func EncodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}
