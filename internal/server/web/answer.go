package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// An answer is a whole response: bytes that depend on nothing but the snapshot.
type answer struct {
	body   []byte
	sum    [sha256.Size]byte
	etag   string // of the identity coding, without quotes
	varies bool   // with Accept-Encoding
	fixed  bool   // as long as the program runs: worth the best level at once

	contentType, length []string // header fields
}

func newAnswer(contentType string, body []byte) *answer {
	a := &answer{
		contentType: []string{contentType}, body: body, sum: sha256.Sum256(body), length: []string{strconv.Itoa(len(body))},
		varies: len(body) >= worthCompressing && compressible(contentType),
	}
	a.etag = base64.RawURLEncoding.EncodeToString(a.sum[:12])
	return a
}

// size is about what the answer takes in memory.
func (a *answer) size() int { return len(a.body) + 512 }

// firstLevel is the level at which a body that is kept is compressed first.
func (a *answer) firstLevel(c coding) int {
	if a.fixed {
		return bestLevel(c, len(a.body))
	}
	return fastLevel(c)
}

// An encoder returns an answer's body in a coding and the level that it was
// compressed with; nil when compressing does not pay.
type encoder interface {
	encode(a *answer, c coding) (data []byte, level int)
}

// onceEncoder compresses for one client and keeps nothing.
type onceEncoder struct{}

func (onceEncoder) encode(a *answer, c coding) (data []byte, level int) {
	level = onceLevel(c, len(a.body))
	return compress(c, level, a.body), level
}

// Header fields that many answers share. Nobody may change them.
var (
	varyEncoding = []string{"Accept-Encoding"}
	codingFields = [...][]string{gzipCoding: {gzipCoding.String()}, brotliCoding: {brotliCoding.String()}}
	codingSuffix = [...]string{identity: "", gzipCoding: "-gz", brotliCoding: "-br"}
)

// write sends the answer, or 304 when the client has it already: in the coding
// that it asks for, at whichever level (RFC 9110 section 13.1.2).
func (a *answer) write(w http.ResponseWriter, r *http.Request, status int, enc encoder) {
	h := w.Header()
	c := identity
	if a.varies {
		if vary, ok := h["Vary"]; ok {
			h["Vary"] = append(vary[:len(vary):len(vary)], varyEncoding...)
		} else {
			h["Vary"] = varyEncoding
		}
		c = preferred(r.Header["Accept-Encoding"])
	}
	tagged := status == http.StatusOK && h.Get("Cache-Control") != "no-store"
	known := r.Header["If-None-Match"]
	if tagged && len(known) > 0 && c != identity && a.notModified(w, known, c) {
		return
	}
	body, length, level := a.body, a.length, 0
	if c != identity {
		if body, level = enc.encode(a, c); body == nil {
			body, c = a.body, identity
		} else {
			h["Content-Encoding"], length = codingFields[c], []string{strconv.Itoa(len(body))}
		}
	}
	if tagged {
		if len(known) > 0 && c == identity && a.notModified(w, known, c) {
			return
		}
		h["Etag"] = []string{a.tag(c, level)}
	}
	h["Content-Type"], h["Content-Length"] = a.contentType, length
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

// tag is the ETag of the body in a coding at a level.
func (a *answer) tag(c coding, level int) string {
	if c == identity {
		return `"` + a.etag + `"`
	}
	return `"` + a.etag + codingSuffix[c] + strconv.Itoa(level) + `"`
}

// notModified answers 304 when If-None-Match names the body in this coding. The
// answer repeats the ETag that matched: it is what the client's copy has.
func (a *answer) notModified(w http.ResponseWriter, fields []string, c coding) bool {
	tag := a.matching(fields, c)
	if tag == "" {
		return false
	}
	w.Header()["Etag"] = []string{tag}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// matching returns the ETag in If-None-Match that is the body's in this coding
// at any level, "" for none.
func (a *answer) matching(fields []string, c coding) string {
	for _, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
			if part == "*" {
				return a.tag(c, a.firstLevel(c))
			}
			rest, ok := strings.CutPrefix(part, `"`+a.etag+codingSuffix[c])
			if !ok {
				continue
			}
			level, ok := strings.CutSuffix(rest, `"`)
			if ok && (level == "") == (c == identity) && strings.Trim(level, "0123456789") == "" {
				return part
			}
		}
	}
	return ""
}

// preferred returns the coding that the client likes best, the smallest among
// equals, identity for the bytes as they are (RFC 9110 section 12.5.3).
func preferred(fields []string) coding {
	const unnamed = -1
	weights, rest := [...]float64{identity: unnamed, gzipCoding: unnamed, brotliCoding: unnamed}, 0.0
	for _, field := range fields {
		for part := range strings.SplitSeq(field, ",") {
			name, params, more := strings.Cut(part, ";")
			q := 1.0
			if more {
				q = quality(params)
			}
			switch name = strings.TrimSpace(name); {
			case name == "*":
				rest = q
			case strings.EqualFold(name, "br"):
				weights[brotliCoding] = q
			case strings.EqualFold(name, "gzip"):
				weights[gzipCoding] = q
			case strings.EqualFold(name, "identity"):
				weights[identity] = q
			}
		}
	}
	best, most := identity, max(weights[identity], 0) // not named, it is what is left
	for _, c := range [...]coding{gzipCoding, brotliCoding} {
		q := weights[c]
		if q == unnamed {
			q = rest
		}
		if q > 0 && q >= most {
			best, most = c, q
		}
	}
	return best
}

// quality is the weight among a coding's parameters, 1 when there is none. What
// is not a number is a refusal.
func quality(params string) float64 {
	q := 1.0
	for param := range strings.SplitSeq(params, ";") {
		if name, v, ok := strings.Cut(strings.TrimSpace(param), "="); ok && strings.EqualFold(name, "q") {
			q, _ = strconv.ParseFloat(v, 64)
		}
	}
	return q
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
