// Package colour judges the operator's accent colour and derives the shades
// that the pages use.
//
// [Accent] is what most callers need: it refuses a colour that cannot be read
// on a light page, and finds the shade of the same hue for dark pages. The
// measure is the contrast ratio of WCAG 2.2.
package colour

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Page colours of web/static/site.css that an accent must be readable on, and
// the contrast that normal text needs (WCAG 2.2, success criterion 1.4.3).
const (
	lightPage   = "#f3f6f6" // --surface, the darker of the two backgrounds
	darkPage    = "#14171a"
	minContrast = 4.5

	darkContrast  = 7   // the shade on dark pages is ours to choose: AAA
	darkColouring = 0.5 // and not garish: at most this saturation
)

var hexColour = regexp.MustCompile(`^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)

// Shades are "#rrggbb": the accent on light and on dark pages, and the text on
// each.
type Shades struct {
	Light, OnLight string
	Dark, OnDark   string
}

// Accent returns the shades of an accent colour, "#1a6b5c" or "#165". One that
// cannot be read on a light page is an error that says by how much it misses.
func Accent(accent string) (Shades, error) {
	if !hexColour.MatchString(accent) {
		return Shades{}, fmt.Errorf("accent %q is not a colour; write it as #rrggbb", accent)
	}
	light := parseColour(accent)
	if c := contrast(light, parseColour(lightPage)); c < minContrast {
		return Shades{}, fmt.Errorf("accent %s has the contrast %.2f on a light page; at least %.1f is needed to be readable: choose a darker shade", accent, c, minContrast)
	}
	dark := light
	for contrast(dark, parseColour(darkPage)) < darkContrast {
		dark = dark.lighter()
	}
	return Shades{Light: light.String(), OnLight: "#ffffff", Dark: dark.String(), OnDark: darkPage}, nil
}

// colour is sRGB, each channel from 0 to 1.
type colour struct{ r, g, b float64 }

func parseColour(s string) colour {
	if len(s) == 4 {
		s = string([]byte{'#', s[1], s[1], s[2], s[2], s[3], s[3]})
	}
	channel := func(i int) float64 {
		v, _ := strconv.ParseUint(s[i:i+2], 16, 8)
		return float64(v) / 255
	}
	return colour{channel(1), channel(3), channel(5)}
}

func (c colour) String() string {
	b := func(f float64) int { return int(math.Round(f * 255)) }
	return fmt.Sprintf("#%02x%02x%02x", b(c.r), b(c.g), b(c.b))
}

// lighter returns the same hue two hundredths lighter, in HSL. White stays.
func (c colour) lighter() colour {
	top, low := max(c.r, c.g, c.b), min(c.r, c.g, c.b)
	light := (top + low) / 2
	target := math.Min(1, light+.02)
	saturation := 0.0
	if top > low {
		saturation = math.Min(darkColouring, (top-low)/(1-math.Abs(2*light-1)))
	}
	spread := saturation * (1 - math.Abs(2*target-1))
	channel := func(f float64) float64 {
		if top == low {
			return target
		}
		return target - spread/2 + (f-low)/(top-low)*spread
	}
	return colour{channel(c.r), channel(c.g), channel(c.b)}
}

// luminance is the relative luminance of WCAG 2.2.
func (c colour) luminance() float64 {
	lin := func(f float64) float64 {
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.r) + 0.7152*lin(c.g) + 0.0722*lin(c.b)
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b colour) float64 {
	la, lb := a.luminance(), b.luminance()
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}
