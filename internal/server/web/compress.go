package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/bits"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
)

const worthCompressing = 512 // bytes; below, the headers weigh more

func compressible(contentType string) bool {
	t, _, _ := strings.Cut(contentType, ";")
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "json") || strings.HasSuffix(t, "xml") ||
		t == "image/svg+xml" || t == "text/calendar" || t == "application/javascript"
}

// A coding is a content coding (RFC 9110 section 8.4.1).
type coding uint8

const (
	identity coding = iota
	gzipCoding
	brotliCoding
)

// String returns the name that Accept-Encoding and Content-Encoding use.
func (c coding) String() string {
	return [...]string{"identity", "gzip", "br"}[c]
}

// Levels of the two encoders, 0 to 11 for brotli and 1 to 9 for gzip.
const (
	cheapBrotli, cheapGzip = 1, 1
	fastBrotli, fastGzip   = 5, 5
	bestBrotli, bestGzip   = 11, 9

	cheapBelow = 2 << 10  // bytes of an answer made for one request, below which the cheap level is used
	largeBody  = 96 << 10 // bytes above which brotli's best level takes seconds
)

// fastLevel is the level of what a reader waits for.
func fastLevel(c coding) int {
	if c == brotliCoding {
		return fastBrotli
	}
	return fastGzip
}

// onceLevel is the level of an answer of this size that nobody else will get.
func onceLevel(c coding, size int) int {
	switch {
	case size >= cheapBelow:
		return fastLevel(c)
	case c == brotliCoding:
		return cheapBrotli
	}
	return cheapGzip
}

// bestLevel is the level of what is made in the background.
func bestLevel(c coding, size int) int {
	switch {
	case c == gzipCoding:
		return bestGzip
	case size > largeBody:
		return 7
	}
	return bestBrotli
}

// A compressor writes one coding; [brotli.Writer] and [gzip.Writer] are such.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// newCompressor returns a compressor for bodies of about size bytes. At its
// best level brotli takes eight bytes of memory for each byte of its window: a
// window no larger than the body keeps a page from taking 32 MB.
func newCompressor(c coding, level, size int) compressor {
	if c == brotliCoding {
		return brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: level, LGWin: min(max(bits.Len(uint(size)), 10), 22)})
	}
	zw, _ := gzip.NewWriterLevel(nil, level) // fails for unknown levels only
	return zw
}

// pools hold compressors of the levels that readers wait for. Their tables are
// hundreds of kilobytes: making them costs more than compressing a page.
var pools = map[coding]map[int]*sync.Pool{
	brotliCoding: {cheapBrotli: pool(brotliCoding, cheapBrotli), fastBrotli: pool(brotliCoding, fastBrotli)},
	gzipCoding:   {cheapGzip: pool(gzipCoding, cheapGzip), fastGzip: pool(gzipCoding, fastGzip)},
}

const usualBody = 128 << 10 // bytes; sizes the window of pooled compressors

func pool(c coding, level int) *sync.Pool {
	return &sync.Pool{New: func() any { return newCompressor(c, level, usualBody) }}
}

// compress returns the compressed form of body, nil when it is not smaller.
func compress(c coding, level int, body []byte) []byte {
	p := pools[c][level]
	if p == nil {
		return compressed(newCompressor(c, level, len(body)), body)
	}
	w := p.Get().(compressor)
	defer p.Put(w)
	return compressed(w, body)
}

func compressed(w compressor, body []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(body)/3 + 64)
	w.Reset(&b)
	w.Write(body) // a bytes.Buffer does not fail
	w.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return bytes.Clone(b.Bytes())
}
