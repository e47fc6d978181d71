// Package asset is what lies beside articles and parts: pictures and attached
// files. It knows their types and sizes, and takes out of pictures what a camera
// wrote about place, time and person.
package asset

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image"
	_ "image/gif" // sizes of pictures
	_ "image/jpeg"
	_ "image/png"
	"io"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	_ "golang.org/x/image/webp"
)

// MaxFile is the largest picture or attached file, in bytes.
const MaxFile = 10 << 20

// types are the files beside articles that are served, by extension. Text
// files get the values of their variables.
var types = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp",
	".svg": "image/svg+xml", ".pdf": "application/pdf",
	".txt": "text/plain; charset=utf-8", ".sieve": "text/plain; charset=utf-8", ".conf": "text/plain; charset=utf-8",
}

// Type returns the media type under which a file is served, "" when it is not.
func Type(name string) string { return types[strings.ToLower(path.Ext(name))] }

// Extensions returns the extensions of the files that are served, sorted.
func Extensions() []string { return slices.Sorted(maps.Keys(types)) }

// TakesValues reports whether {{variables}} in the file are replaced.
func TakesValues(name string) bool { return strings.HasPrefix(Type(name), "text/") }

// IsPicture reports whether the file is a picture.
func IsPicture(name string) bool { return strings.HasPrefix(Type(name), "image/") }

// Size returns a picture's size in pixels.
func Size(name string, data []byte) (width, height int, err error) {
	if strings.EqualFold(path.Ext(name), ".svg") {
		return svgSize(data)
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0, err
	}
	return c.Width, c.Height, nil
}

var errNoSize = errors.New("the <svg> element has neither width and height nor a viewBox")

func svgSize(data []byte) (int, int, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	for {
		tok, err := d.Token()
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("there is no <svg> element")
			}
			return 0, 0, err
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local != "svg" {
			return 0, 0, errors.New("the first element is not <svg>")
		}
		attr := map[string]string{}
		for _, a := range e.Attr {
			attr[a.Name.Local] = a.Value
		}
		w, h := pixels(attr["width"]), pixels(attr["height"])
		if box := strings.FieldsFunc(attr["viewBox"], func(r rune) bool { return r == ' ' || r == ',' }); len(box) == 4 && (w == 0 || h == 0) {
			w, h = pixels(box[2]), pixels(box[3])
		}
		if w == 0 || h == 0 {
			return 0, 0, errNoSize
		}
		return w, h, nil
	}
}

func pixels(s string) int {
	f, err := strconv.ParseFloat(strings.TrimSuffix(s, "px"), 64)
	if err != nil || f <= 0 || f > 1<<16 {
		return 0
	}
	return int(math.Round(f))
}

// Strip removes what a camera or an editor wrote about place, time and
// person (EXIF, XMP, IPTC, comments) and keeps everything that is seen. Data
// that is not understood is returned as it is. turned says that EXIF wanted
// the picture turned, which nobody does any more afterwards.
func Strip(name string, data []byte) (clean []byte, turned bool) {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg":
		return stripJPEG(data)
	case ".png":
		return stripPNG(data), false
	case ".webp":
		return stripWebP(data), false
	}
	return data, false
}

// stripJPEG keeps the segments of the picture itself, its colour profile (APP2)
// and Adobe's colour transform (APP14); ITU-T T.81 annex B.
func stripJPEG(data []byte) ([]byte, bool) {
	if !bytes.HasPrefix(data, []byte{0xff, 0xd8}) {
		return data, false
	}
	out := append(make([]byte, 0, len(data)), data[:2]...)
	turned := false
	for i := 2; ; {
		if i+4 > len(data) || data[i] != 0xff {
			return data, turned
		}
		marker := data[i+1]
		if marker == 0xff { // fill byte
			i++
			continue
		}
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if size < 2 || i+2+size > len(data) {
			return data, turned
		}
		if marker == 0xda { // the picture's data, to the end
			return append(out, data[i:]...), turned
		}
		segment := data[i : i+2+size]
		isApp, comment := marker >= 0xe0 && marker <= 0xef, marker == 0xfe
		if marker == 0xe1 && exifOrientation(segment[4:]) > 1 {
			turned = true
		}
		if !isApp && !comment || marker == 0xe0 || marker == 0xe2 || marker == 0xee {
			out = append(out, segment...)
		}
		i += 2 + size
	}
}

// exifOrientation reads tag 0x0112 of the first directory; 0 when there is none.
func exifOrientation(b []byte) int {
	b, ok := bytes.CutPrefix(b, []byte("Exif\x00\x00"))
	if !ok || len(b) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if b[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int(order.Uint32(b[4:]))
	if at < 8 || at+2 > len(b) {
		return 0
	}
	n := int(order.Uint16(b[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > len(b) {
			return 0
		}
		if order.Uint16(b[e:]) == 0x0112 {
			return int(order.Uint16(b[e+8:]))
		}
	}
	return 0
}

// stripPNG drops the chunks that hold text, time and EXIF (PNG, section 11.3).
func stripPNG(data []byte) []byte {
	const signature = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(data, []byte(signature)) {
		return data
	}
	out := append(make([]byte, 0, len(data)), signature...)
	for i := len(signature); i < len(data); {
		if i+12 > len(data) {
			return data
		}
		size := int(binary.BigEndian.Uint32(data[i:]))
		if size < 0 || i+12+size > len(data) || i+12+size < i {
			return data
		}
		switch string(data[i+4 : i+8]) {
		case "tEXt", "zTXt", "iTXt", "eXIf", "tIME":
		default:
			out = append(out, data[i:i+12+size]...)
		}
		i += 12 + size
	}
	return out
}

// stripWebP drops the EXIF and XMP chunks and clears their flags in VP8X.
func stripWebP(data []byte) []byte {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WEBP" {
		return data
	}
	out := append(make([]byte, 0, len(data)), data[:12]...)
	for i := 12; i < len(data); {
		if i+8 > len(data) {
			return data
		}
		size := int(binary.LittleEndian.Uint32(data[i+4:]))
		end := i + 8 + size + size%2
		if size < 0 || end > len(data) || end < i {
			return data
		}
		switch kind := string(data[i : i+4]); kind {
		case "EXIF", "XMP ":
		default:
			start := len(out)
			out = append(out, data[i:end]...)
			if kind == "VP8X" && size > 0 {
				out[start+8] &^= 0x08 | 0x04
			}
		}
		i = end
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}
