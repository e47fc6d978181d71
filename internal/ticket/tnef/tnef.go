// Package tnef takes the text out of winmail.dat, in which Outlook wraps messages:
// the Transport Neutral Encapsulation Format of [MS-OXTNEF].
package tnef

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// A file is a signature, a key, and attributes of a level, an id, a length, data
// and a checksum.
const (
	tnefSignature = 0x223E9F78
	attBody       = 0x8000C // the text; the upper half of an id is its type
	attBodyText   = 0x2800C
	attProps      = 0x69003 // MAPI properties of the message
)

// MAPI properties that hold the text ([MS-OXPROPS]).
const (
	propBody = 0x1000
	propRTF  = 0x1009 // compressed
	propHTML = 0x1013
)

// MAPI property types ([MS-OXCDATA], section 2.11.1).
const (
	typeString8 = 0x001E
	typeUnicode = 0x001F
	typeObject  = 0x000D
	typeBinary  = 0x0102
	typeMany    = 0x1000 // a flag: several values
)

// A stream is read from its beginning; at its end it is damaged.
type stream struct {
	data    []byte
	damaged bool
}

// take returns the next n bytes, nil when they are not there.
func (s *stream) take(n int) []byte {
	if n < 0 || n > len(s.data) {
		s.damaged = true
		s.data = nil
		return nil
	}
	b := s.data[:n]
	s.data = s.data[n:]
	return b
}

func (s *stream) uint16() int {
	if b := s.take(2); b != nil {
		return int(binary.LittleEndian.Uint16(b))
	}
	return 0
}

func (s *stream) uint32() int {
	if b := s.take(4); b != nil {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

// Text returns the text of a winmail.dat and whether it is HTML; nothing when it has
// none or is damaged before it. Of several forms the plainest counts. Bytes that are
// not UTF-8 are in a code page that the file does not tell reliably.
func Text(raw []byte) (text []byte, html bool) {
	s := stream{data: raw}
	if s.uint32() != tnefSignature {
		return nil, false
	}
	s.uint16()
	var body []byte
	props := map[int][]byte{}
	for !s.damaged && len(s.data) > 0 {
		s.take(1) // the level: message or attachment
		id, size := s.uint32(), s.uint32()
		data := s.take(size)
		s.uint16() // checksum
		switch id {
		case attBody, attBodyText:
			body = bytes.TrimRight(data, "\x00")
		case attProps:
			readProps(data, props)
		}
	}
	switch {
	case len(body) > 0:
		return body, false
	case len(props[propBody]) > 0:
		return props[propBody], false
	case len(props[propHTML]) > 0:
		return props[propHTML], true
	case len(props[propRTF]) > 0:
		return []byte(rtfText(inflateRTF(props[propRTF]))), false
	}
	return nil, false
}

// readProps reads a list of MAPI properties ([MS-OXTNEF], section 2.1.3.4) and keeps
// those that hold text; wide strings are made UTF-8.
func readProps(data []byte, keep map[int][]byte) {
	s := stream{data: data}
	for n := s.uint32(); n > 0 && !s.damaged; n-- {
		kind, id := s.uint16(), s.uint16()
		if id >= 0x8000 {
			skipName(&s)
		}
		values := 1
		variable := kind&^typeMany == typeString8 || kind&^typeMany == typeUnicode || kind&^typeMany == typeObject || kind&^typeMany == typeBinary
		if kind&typeMany != 0 || variable {
			values = s.uint32()
		}
		for ; values > 0 && !s.damaged; values-- {
			if !variable {
				s.take(fixedSize(kind &^ typeMany))
				continue
			}
			size := s.uint32()
			value := s.take(size)
			s.take(min((4-size%4)%4, len(s.data)))
			if id == propBody || id == propRTF || id == propHTML {
				keep[id] = propText(kind, value)
			}
		}
	}
}

// propText makes the value of a wide string UTF-8; others stay as they are.
func propText(kind int, value []byte) []byte {
	switch kind {
	case typeString8:
		return bytes.TrimRight(value, "\x00")
	case typeUnicode:
		units := make([]uint16, len(value)/2)
		for i := range units {
			units[i] = binary.LittleEndian.Uint16(value[2*i:])
		}
		return bytes.TrimRight([]byte(string(utf16.Decode(units))), "\x00")
	}
	return value
}

// skipName skips the name of a property that has one instead of a fixed id.
func skipName(s *stream) {
	s.take(16) // of whose name space
	if s.uint32() == 0 {
		s.take(4)
		return
	}
	size := s.uint32()
	s.take(size)
	s.take(min((4-size%4)%4, len(s.data)))
}

// fixedSize is the length of a value of a type of fixed length, filled up to four bytes.
func fixedSize(kind int) int {
	switch kind {
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040:
		return 8
	case 0x0048:
		return 16
	}
	return 4
}
