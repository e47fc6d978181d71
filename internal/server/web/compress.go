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

// A compressor writes one encoding; [brotli.Writer] and [gzip.Writer] are such.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// newCompressor makes one for so many bytes; quality is brotli's 0 to 11. At its
// best, brotli takes eight bytes of memory for each of its window: a window that
// is no larger than what goes in keeps a page from taking 32 MB.
func newCompressor(encoding string, quality, size int) compressor {
	if encoding == "br" {
		return brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: quality, LGWin: min(max(bits.Len(uint(size)), 10), 22)})
	}
	zw, _ := gzip.NewWriterLevel(nil, min(quality+1, gzip.BestCompression)) // a level that there is
	return zw
}

// quick are compressors for answers that are sent once. Their tables are
// hundreds of kilobytes: making them costs more than a page.
var quick = map[string]*sync.Pool{
	"br":   {New: func() any { return newCompressor("br", quickly, mostly) }},
	"gzip": {New: func() any { return newCompressor("gzip", quickly, mostly) }},
}

const (
	quickly = 4         // quality
	mostly  = 128 << 10 // bytes of an answer, or fewer
)

// once compresses with a compressor that others use after.
func once(encoding string, body []byte) []byte {
	w := quick[encoding].Get().(compressor)
	defer quick[encoding].Put(w)
	return compressed(w, body)
}

// compressed returns the smaller form of body, nil when it is not smaller.
func compressed(w compressor, body []byte) []byte {
	var b bytes.Buffer
	w.Reset(&b)
	w.Write(body) // a bytes.Buffer does not fail
	w.Close()
	if b.Len() >= len(body) {
		return nil
	}
	return bytes.Clone(b.Bytes())
}
