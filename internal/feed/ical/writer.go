package ical

import (
	"strings"
	"time"
	"unicode/utf8"

	"signpost/internal/content/status"
)

// A param is a parameter of a property.
type param struct{ name, value string }

// A writer writes content lines.
type writer struct{ strings.Builder }

// maxLine is the length of a line in octets without its end (RFC 5545, 3.1).
const maxLine = 75

// line writes a property whose value is written as it is.
func (w *writer) line(name string, params []param, value string) {
	var b strings.Builder
	b.WriteString(name)
	for _, p := range params {
		b.WriteString(";" + p.name + "=" + quoted(p.value))
	}
	b.WriteString(":" + strings.Map(printable, value))
	w.fold(b.String())
}

// text writes a property of the type TEXT (RFC 5545, 3.3.11). Empty ones are
// left out.
func (w *writer) text(name string, params []param, value string) {
	if value != "" {
		w.line(name, params, escaper.Replace(value))
	}
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// printable drops control characters, which no value can hold.
func printable(r rune) rune {
	if r < 0x20 && r != '\t' || r == 0x7f || r == utf8.RuneError {
		return -1
	}
	return r
}

// quoted writes a parameter's value, with the escapes of RFC 6868.
func quoted(s string) string {
	s = strings.NewReplacer("^", "^^", `"`, "^'", "\r\n", "^n", "\n", "^n").Replace(s)
	s = strings.Map(printable, s)
	if strings.ContainsAny(s, ";:,") {
		return `"` + s + `"`
	}
	return s
}

// fold breaks a line so that none is longer than 75 octets, never inside a
// character.
func (w *writer) fold(s string) {
	room := maxLine
	for len(s) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		w.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], maxLine-1
	}
	w.WriteString(s + "\r\n")
}

// moment writes a time in UTC, or a day. The end of a day-long event is the
// day after its last one (RFC 5545, 3.6.1).
func (w *writer) moment(name string, m status.Moment, end bool) {
	if !m.Day {
		w.line(name, nil, utc(m.Time))
		return
	}
	day := m.Time
	if end {
		day = m.End()
	}
	w.line(name, []param{{"VALUE", "DATE"}}, day.Format("20060102"))
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// uri keeps a URI to the characters that it can hold, so that it cannot end
// its line.
func uri(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= 0x20 || r >= 0x7f || r == '"' || r == '<' || r == '>' {
			return -1
		}
		return r
	}, s)
}
