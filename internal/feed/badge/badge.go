// Package badge draws the state of the board as a small SVG picture, for
// pages elsewhere. The state is said in words, not by the colour alone.
package badge

import (
	"encoding/json"
	"encoding/xml"
	"strconv"
	"unicode/utf8"

	"signpost/internal/content/status"
)

// ContentType is the media type of the result of [Write].
const ContentType = "image/svg+xml; charset=utf-8"

type picture struct {
	XMLName xml.Name `xml:"http://www.w3.org/2000/svg svg"`
	Width   int      `xml:"width,attr"`
	Height  int      `xml:"height,attr"`
	ViewBox string   `xml:"viewBox,attr"`
	Role    string   `xml:"role,attr"`
	Label   string   `xml:"aria-label,attr"`
	Title   string   `xml:"title"`
	Boxes   []box    `xml:"rect"`
	Texts   []label  `xml:"text"`
}

type box struct {
	X      int    `xml:"x,attr"`
	Width  int    `xml:"width,attr"`
	Height int    `xml:"height,attr"`
	Fill   string `xml:"fill,attr"`
}

type label struct {
	X      int    `xml:"x,attr"`
	Y      int    `xml:"y,attr"`
	Length int    `xml:"textLength,attr"`
	Font   string `xml:"font-family,attr"`
	Size   int    `xml:"font-size,attr"`
	Fill   string `xml:"fill,attr"`
	Text   string `xml:",chardata"`
}

const (
	height  = 20
	padding = 6
)

// colourOf returns the colour of a state; maintenance makes a harmless one
// blue. White on each has a contrast of at least 4.5.
func colourOf(level status.Impact, maintenance bool) string {
	switch {
	case level == status.ImpactCritical:
		return "#b42318"
	case level == status.ImpactMajor:
		return "#b54708"
	case level == status.ImpactMinor:
		return "#8a6100"
	case maintenance:
		return "#0b5cad"
	}
	return "#1a7f37"
}

// Endpoint returns the same as the JSON that badge services read ("endpoint
// badge" of Shields, schema version 1).
func Endpoint(name, state string, level status.Impact, maintenance bool) ([]byte, error) {
	return json.Marshal(struct {
		SchemaVersion int    `json:"schemaVersion"`
		Label         string `json:"label"`
		Message       string `json:"message"`
		Color         string `json:"color"`
		IsError       bool   `json:"isError,omitempty"`
	}{1, name, state, colourOf(level, maintenance), level >= status.ImpactMajor})
}

// Write returns a badge that says label and state in words; level chooses the
// colour.
func Write(name, state string, level status.Impact, maintenance bool) ([]byte, error) {
	colour := colourOf(level, maintenance)
	left, right := width(name), width(state)
	text := func(x, width int, s string) label {
		return label{x + padding, 14, width - 2*padding, "Verdana,DejaVu Sans,sans-serif", 11, "#fff", s}
	}
	total := left + right
	p := picture{
		Width: total, Height: height, ViewBox: "0 0 " + strconv.Itoa(total) + " " + strconv.Itoa(height),
		Role: "img", Label: name + ": " + state, Title: name + ": " + state,
		Boxes: []box{{0, left, height, "#444"}, {left, right, height, colour}},
		Texts: []label{text(0, left, name), text(left, right, state)},
	}
	return xml.Marshal(p)
}

// width estimates the width of a text in pixels; textLength in the picture
// makes it true.
func width(s string) int { return 2*padding + 7*max(1, utf8.RuneCountInString(s)) }
