package colour

import (
	"math"
	"strings"
	"testing"
)

func TestAccent(t *testing.T) {
	for _, accent := range []string{"#0b6070", "#a11", "#00408F", "#000000", "#6a1b9a", "#0000ff", "#6f6f6f"} {
		s, err := Accent(accent)
		if err != nil {
			t.Errorf("%s: %v", accent, err)
			continue
		}
		// What comes out must be readable: on its page, and under its text.
		for _, pair := range []struct {
			text, page string
			least      float64
		}{{s.Light, lightPage, minContrast}, {s.OnLight, s.Light, minContrast}, {s.Dark, darkPage, darkContrast - .1}, {s.OnDark, s.Dark, darkContrast - .1}} {
			if c := contrast(parseColour(pair.text), parseColour(pair.page)); c < pair.least {
				t.Errorf("%s: %s on %s has the contrast %.2f", accent, pair.text, pair.page, c)
			}
		}
	}
	for accent, want := range map[string]string{
		"#ffd400": "contrast 1.3",
		"red":     "write it as #rrggbb",
		"#12":     "write it as #rrggbb",
		"#fff}*{": "write it as #rrggbb",
		"":        "write it as #rrggbb",
	} {
		if _, err := Accent(accent); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", accent, err, want)
		}
	}
}

// The ratios that WCAG's own formula gives.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#767676", "#fff", 4.54}, {"#f00", "#fff", 4}} {
		if got := contrast(parseColour(c.a), parseColour(c.b)); math.Abs(got-c.want) > .01 {
			t.Errorf("%s on %s: %.2f, want %.2f", c.a, c.b, got, c.want)
		}
	}
}

func FuzzAccent(f *testing.F) {
	f.Add("#0b6070")
	f.Add("#fff")
	f.Fuzz(func(t *testing.T, accent string) {
		if s, err := Accent(accent); err == nil && (len(s.Light) != 7 || len(s.Dark) != 7) {
			t.Errorf("%q: %v", accent, s)
		}
	})
}
