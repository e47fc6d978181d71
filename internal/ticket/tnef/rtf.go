package tnef

import (
	"encoding/binary"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// rtfStart is what the dictionary of compressed RTF holds at first ([MS-OXRTFCP],
// section 2.1.2.1).
const rtfStart = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

// The forms of the RTF property: "LZFu" is compressed, "MELA" is not.
const (
	rtfCompressed = 0x75465A4C
	rtfPlain      = 0x414C454D
)

// maxRTF bounds the text that compressed RTF becomes.
const maxRTF = 4 << 20

// inflateRTF undoes the compression of [MS-OXRTFCP], section 2.2; damage ends
// the text early.
func inflateRTF(data []byte) []byte {
	s := stream{data: data}
	s.uint32() // the compressed size
	size, form := s.uint32(), s.uint32()
	s.uint32() // a checksum
	if form == rtfPlain {
		return s.data[:min(size, len(s.data))]
	}
	if form != rtfCompressed || s.damaged {
		return nil
	}
	var dictionary [4096]byte
	at := copy(dictionary[:], rtfStart)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		dictionary[at] = c
		at = (at + 1) % len(dictionary)
	}
	for len(out) < min(size, maxRTF) {
		control := s.take(1)
		for bit := range 8 {
			switch {
			case s.damaged || control == nil || len(s.data) == 0:
				return out
			case control[0]&(1<<bit) == 0:
				put(s.take(1)[0])
			default:
				pair := s.take(2)
				if pair == nil {
					return out
				}
				reference := int(binary.BigEndian.Uint16(pair))
				offset, length := reference>>4, reference&15+2
				if offset == at {
					return out
				}
				for range length {
					put(dictionary[offset])
					offset = (offset + 1) % len(dictionary)
				}
			}
		}
	}
	return out
}

// An rtfReader takes the text out of RTF (Rich Text Format specification 1.9.1), also
// of RTF that encapsulates HTML ([MS-OXRTFEX]), where the tags are in groups of
// their own.
type rtfReader struct {
	src    string
	out    strings.Builder
	groups []rtfGroup
	state  rtfGroup
	skip   int // characters that stand for one that was given as a number
	page   encoding.Encoding
}

// An rtfGroup is what holds until the end of a group.
type rtfGroup struct {
	silent      bool // a destination without text
	insteadHTML bool // \htmlrtf: only for programs that do not know HTML
	alternative int  // \uc: characters after each \u
}

// rtfText returns the text of RTF.
func rtfText(src []byte) string {
	r := rtfReader{src: string(src), state: rtfGroup{alternative: 1}, page: charmap.Windows1252}
	for r.src != "" {
		c := r.src[0]
		r.src = r.src[1:]
		switch c {
		case '{':
			if len(r.groups) < 1000 {
				r.groups = append(r.groups, r.state)
			}
		case '}':
			if n := len(r.groups); n > 0 {
				r.state, r.groups = r.groups[n-1], r.groups[:n-1]
			}
		case '\\':
			r.control()
		case '\r', '\n', 0:
		default:
			r.put(string(c))
		}
	}
	return r.out.String()
}

// put writes text that is for people.
func (r *rtfReader) put(s string) {
	switch {
	case r.skip > 0:
		r.skip--
	case !r.state.silent && !r.state.insteadHTML:
		r.out.WriteString(s)
	}
}

// control reads what follows a backslash.
func (r *rtfReader) control() {
	if r.src == "" {
		return
	}
	c := r.src[0]
	if !isLetter(c) {
		r.src = r.src[1:]
		switch c {
		case '\'':
			r.byte()
		case '*':
			r.state.silent = true
		case '~':
			r.put(" ")
		case '\\', '{', '}':
			r.put(string(c))
		case '\n', '\r':
			r.put("\n")
		}
		return
	}
	n := 0
	for n < len(r.src) && n < 32 && isLetter(r.src[n]) {
		n++
	}
	word := r.src[:n]
	d := n
	if d < len(r.src) && r.src[d] == '-' {
		d++
	}
	for d < len(r.src) && d < n+11 && r.src[d] >= '0' && r.src[d] <= '9' {
		d++
	}
	value, err := strconv.Atoi(r.src[n:d])
	r.src = strings.TrimPrefix(r.src[d:], " ")
	r.word(word, value, err == nil)
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// byte reads two hexadecimal digits: a byte in the code page of the text.
func (r *rtfReader) byte() {
	if len(r.src) < 2 {
		r.src = ""
		return
	}
	v, err := strconv.ParseUint(r.src[:2], 16, 8)
	r.src = r.src[2:]
	if err != nil {
		return
	}
	if s, err := r.page.NewDecoder().Bytes([]byte{byte(v)}); err == nil {
		r.put(string(s))
	}
}

// codePages of RTF that are in use.
var codePages = map[int]encoding.Encoding{
	437: charmap.CodePage437, 850: charmap.CodePage850, 1250: charmap.Windows1250, 1251: charmap.Windows1251,
	1252: charmap.Windows1252, 1253: charmap.Windows1253, 1254: charmap.Windows1254, 1257: charmap.Windows1257,
}

// word obeys a control word.
func (r *rtfReader) word(word string, value int, has bool) {
	switch word {
	case "par", "line", "row", "sect", "page":
		r.put("\n")
	case "tab", "cell":
		r.put(" ")
	case "u":
		r.skip = 0
		if value < 0 {
			value += 1 << 16
		}
		r.put(string(rune(value)))
		r.skip = r.state.alternative
	case "uc":
		r.state.alternative = max(0, min(value, 10))
	case "ansicpg":
		if p := codePages[value]; p != nil {
			r.page = p
		}
	case "htmltag":
		if tag := strings.ToLower(r.src[:min(len(r.src), 5)]); strings.HasPrefix(tag, "<br") || strings.HasPrefix(tag, "</p>") || strings.HasPrefix(tag, "</div") || strings.HasPrefix(tag, "</tr>") {
			r.out.WriteByte('\n')
		}
	case "htmlrtf":
		r.state.insteadHTML = !has || value != 0
	case "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "listtable", "generator":
		r.state.silent = true
	case "lquote", "rquote":
		r.put("'")
	case "ldblquote", "rdblquote":
		r.put(`"`)
	case "endash", "emdash":
		r.put("–")
	case "bullet":
		r.put("•")
	}
}
