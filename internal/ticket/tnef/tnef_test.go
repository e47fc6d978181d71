package tnef

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestInflateRTF decodes the example of [MS-OXRTFCP], section 4.1.1.
func TestInflateRTF(t *testing.T) {
	raw, err := hex.DecodeString("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(inflateRTF(raw)), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for n := range raw {
		inflateRTF(raw[:n]) // damage must not panic
	}
}

func TestRTFText(t *testing.T) {
	for in, want := range map[string]string{
		`{\rtf1\ansi\ansicpg1252\pard hello world}`:                                     "hello world",
		`{\rtf1{\fonttbl{\f0 Arial;}}{\*\generator X;}a\par b\tab c}`:                   "a\nb c",
		`{\rtf1\ansicpg1252 gr\'fc\'df\u8364?e \u-10179?x}`:                             "grüß€e \uFFFDx",
		`{\rtf1\uc2\u228ae\uc0\u246 \{x\}}`:                                             "äö{x}",
		`{\rtf1\fromhtml1{\*\htmltag64 <p>}\htmlrtf \b\htmlrtf0 a{\*\htmltag72 </p>}b}`: "a\nb",
		`\`: "", `{{{`: "", `}}}`: "", `\'`: "", `\u`: "\x00",
	} {
		if got := rtfText([]byte(in)); got != want {
			t.Errorf("%s: got %q, want %q", in, got, want)
		}
	}
}

// attribute is one of a winmail.dat.
func attribute(id int, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{1}, uint32(id))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	b = append(b, data...)
	sum := 0
	for _, c := range data {
		sum += int(c)
	}
	return binary.LittleEndian.AppendUint16(b, uint16(sum))
}

func property(kind, id int, value []byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, uint16(kind))
	b = binary.LittleEndian.AppendUint16(b, uint16(id))
	if kind == 3 {
		return append(b, value...)
	}
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(value)))
	return append(append(b, value...), make([]byte, (4-len(value)%4)%4)...)
}

func winmail(attributes ...[]byte) []byte {
	return append([]byte{0x78, 0x9f, 0x3e, 0x22, 1, 0}, bytes.Join(attributes, nil)...)
}

func TestTNEF(t *testing.T) {
	rtf := "{\\rtf1\\ansi gr\\'fcn}"
	plainRTF := binary.LittleEndian.AppendUint32(nil, uint32(len(rtf)+12))
	plainRTF = binary.LittleEndian.AppendUint32(plainRTF, uint32(len(rtf)))
	plainRTF = append(plainRTF, "MELA\x00\x00\x00\x00"+rtf...)
	var wide []byte
	for _, u := range utf16.Encode([]rune("grün\x00")) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	props := func(list ...[]byte) []byte {
		return attribute(attProps, append(binary.LittleEndian.AppendUint32(nil, uint32(len(list))), bytes.Join(list, nil)...))
	}
	named := append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, 3), 0x8001), make([]byte, 16)...)
	named = append(append(binary.LittleEndian.AppendUint32(named, 1), 6, 0, 0, 0), "a\x00b\x00\x00\x00\x00\x00\x01\x00\x00\x00"...)
	for name, raw := range map[string][]byte{
		"body":         winmail(attribute(0x9006, []byte{0, 0, 1, 0}), attribute(attBody, []byte("gr\xfcn\x00"))),
		"text":         winmail(props(property(3, 0x0017, []byte{1, 0, 0, 0}), property(typeUnicode, propBody, wide))),
		"after a name": winmail(props(named, property(typeString8, propBody, []byte("gr\xfcn\x00")))),
		"html":         winmail(props(property(typeBinary, propHTML, []byte("<p>gr&uuml;n</p>")))),
		"rtf":          winmail(props(property(typeBinary, propRTF, plainRTF))),
	} {
		got, html := Text(raw)
		if s := strings.NewReplacer("<p>", "", "</p>", "", "&uuml;", "ü", "\xfc", "ü").Replace(string(got)); s != "grün" || html != (name == "html") {
			t.Errorf("%s: got %q, HTML %v", name, got, html)
		}
		for n := range raw {
			Text(raw[:n]) // damage must not panic
		}
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add(winmail(attribute(attBody, []byte("x"))))
	f.Add([]byte("{\\rtf1\\'e4\\u228?}"))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		Text(raw)
		rtfText(inflateRTF(raw))
		rtfText(raw)
	})
}
