package walltime

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func load(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestParse(t *testing.T) {
	tests := []struct{ zone, text, want string }{
		{"Europe/Oslo", "2014-10-06 00:01", "2014-10-06T00:01:00+02:00"},
		{"Europe/Oslo", "2014-10-06T00:01", "2014-10-06T00:01:00+02:00"},
		{"Europe/Oslo", "2014-10-06", "day 2014-10-06T00:00:00+02:00"},
		{"Europe/Oslo", "18:00", "2014-01-09T18:00:00+01:00"},
		{"Europe/Oslo", "18:00 CET", "2014-01-09T18:00:00+01:00"},
		{"Europe/Oslo", "12:00 -05:00", "2014-01-09T18:00:00+01:00"},
		{"Europe/Oslo", "2014-01-09T17:00Z", "2014-01-09T18:00:00+01:00"},
		{"Europe/Oslo", "2014-10-26 02:59 CEST", "2014-10-26T02:59:00+02:00"},
		{"Europe/Oslo", "2014-10-26 02:00 CET", "2014-10-26T02:00:00+01:00"},
		{"Europe/Oslo", "2014-10-26 03:00", "2014-10-26T03:00:00+01:00"},
		{"Europe/Oslo", "2014-03-30 03:00", "2014-03-30T03:00:00+02:00"},
		{"Europe/Oslo", "2014-03-30 02:00", "2014-03-30 02:00 does not exist in Europe/Oslo: the clocks were put forward; write 2014-03-30 03:00 CEST"},
		{"Europe/Oslo", "2014-10-26 02:00", "2014-10-26 02:00 happens twice in Europe/Oslo: the clocks were put back; write 02:00 CEST or 02:00 CET"},
		{"America/New_York", "2014-03-09 02:30 EST", "2014-03-09 02:30 does not exist in America/New_York: the clocks were put forward; write 2014-03-09 03:30 EDT"},
		{"America/New_York", "2014-03-10 12:00 EST", "EST is not in force in America/New_York on 2014-03-10: it is EDT (-04:00); write 2014-03-10 12:00 EDT"},
		{"Australia/Lord_Howe", "2014-10-05 02:15", "2014-10-05 02:15 does not exist in Australia/Lord_Howe: the clocks were put forward; write 2014-10-05 02:45 +11"},
		{"Australia/Lord_Howe", "2014-04-06 01:45 +10:30", "2014-04-06T01:45:00+10:30"},
		{"America/Sao_Paulo", "2017-10-15", "day 2017-10-15T01:00:00-02:00"},
		{"America/Sao_Paulo", "2017-10-15 01:00 -02", "2017-10-15T01:00:00-02:00"},
		{"Pacific/Apia", "2011-12-30 12:00", "2011-12-30 12:00 does not exist in Pacific/Apia: the clocks were put forward; write 2011-12-31 12:00 +14"},
		{"UTC", "2014-10-06 24:00", `"24:00" is not a time of day; hours go from 00 to 23, minutes from 00 to 59; midnight is 00:00 of the next day`},
		{"UTC", "12 PM", `"12 PM": write the time in 24 hours, as HH:MM; write 12:00`},
		{"UTC", "12:30am", `"12:30am": write the time in 24 hours, as HH:MM; write 00:30`},
		{"UTC", "10:00:30", `"10:00:30": write the time as HH:MM; write 10:00`},
		{"UTC", "2014-1-9 10:00", `"2014-1-9" is not written as a date; write year-month-day with two digits each, as in 2026-12-01`},
		{"UTC", "13/25/2014", `"13/25/2014": write year-month-day; as in 2026-12-01`},
		{"UTC", "25/12/2014", `"25/12/2014": write year-month-day; write 2014-12-25`},
		{"UTC", "12/25/2014 10:00", `"12/25/2014": write year-month-day; write 2014-12-25 10:00`},
		{"UTC", "soon", `"soon" is not a time; write 2026-12-01 22:00, or 22:00`},
		{"UTC", "10:00 +99:00", "+99:00 is not a time of UTC: there it is UTC (+00:00); write 10:00 UTC"},
	}
	for _, tt := range tests {
		m, err := Parse(tt.text, time.Date(2014, 1, 9, 0, 0, 0, 0, time.UTC), load(t, tt.zone))
		got := m.Time.Format(time.RFC3339)
		if m.Day {
			got = "day " + got
		}
		if err != nil {
			got = err.Error()
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s %q: %s", tt.zone, tt.text, diff)
		}
		var te *Error
		if err != nil && !errors.As(err, &te) {
			t.Errorf("%q: the error is a %T", tt.text, err)
		}
	}
}

func TestDurations(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"30m": 30 * time.Minute, "7h58m": 7*time.Hour + 58*time.Minute, "2d": 48 * time.Hour, "1d2h3m": 26*time.Hour + 3*time.Minute,
		"": 0, "0m": 0, "-5m": 0, "30": 0, "1h 30m": 0, "5s": 0, "999d": 0, "m": 0,
	} {
		if d, ok := ParseDuration(s); ok != (want > 0) || ok && d != want {
			t.Errorf("%q: %s %v", s, d, ok)
		}
	}
	for s, want := range map[string]Span{"30m": {30 * time.Minute, 30 * time.Minute}, "30m-45m": {30 * time.Minute, 45 * time.Minute}, "45m-30m": {}, "30m-": {}} {
		if span, ok := ParseSpan(s); ok != (want.Max > 0) || ok && span != want {
			t.Errorf("%q: %v %v", s, span, ok)
		}
	}
}

// Every instant that can be typed is typed so that it is read back.
func TestTyped(t *testing.T) {
	for _, name := range []string{"Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"} {
		zone := load(t, name)
		at := time.Date(2014, 1, 1, 0, 0, 0, 0, time.UTC)
		for ; at.Year() == 2014; at = at.Add(15 * time.Minute) {
			s := Moment{Time: at}.Typed(zone)
			m, err := Parse(s, time.Time{}, zone)
			if err != nil || !m.Time.Equal(at) {
				t.Fatalf("%s: %s was typed %q and read as %s, %v", name, at, s, m.Time, err)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2014-10-06 00:01 CET", "6 AM", "01.04.2014 10:00", "04/01/14", "2014-03-30T02:30", "25:10", "10:00 +01:00", "2014-10-26 02:30"} {
		f.Add(s)
	}
	zone := load(f, "Europe/Oslo")
	day := time.Date(2014, 10, 26, 0, 0, 0, 0, zone)
	f.Fuzz(func(t *testing.T, s string) {
		m, err := Parse(s, day, zone)
		if err == nil {
			back, err := Parse(m.Typed(zone), time.Time{}, zone)
			if err != nil || !back.Time.Equal(m.Time) || back.Day != m.Day {
				t.Fatalf("%q is %s, typed %q, read back as %s: %v", s, m, m.Typed(zone), back, err)
			}
			return
		}
		var te *Error
		if !errors.As(err, &te) {
			t.Fatalf("%q: %T", s, err)
		}
		if te.Fixed == "" {
			return
		}
		// What is offered instead may need a second correction, never a third.
		for range 3 {
			if _, err = Parse(te.Fixed, day, zone); err == nil || !errors.As(err, &te) || te.Fixed == "" {
				return
			}
		}
		t.Fatalf("%q is never right: %q", s, te.Fixed)
	})
}
