package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// zonePrefix begins the keys that rename a zone's abbreviation, "zone.CEST".
// Only languages that have their own names need them.
const zonePrefix = "zone."

// alonePrefix begins the names of months that stand without a day, for
// languages that inflect them beside one: "październik 2014", but "6 października 2014".
const alonePrefix = "month.alone."

// firstDay is the key of a language's own form of the first day of a month:
// "1er" in French.
const firstDay = "day.1"

// optional reports whether only those languages have a key that need it.
func optional(key string) bool {
	if n, ok := strings.CutPrefix(key, alonePrefix); ok {
		m, err := strconv.Atoi(n)
		return err == nil && m >= 1 && m <= 12 && strconv.Itoa(m) == n
	}
	return key == firstDay || strings.HasPrefix(key, zonePrefix) && len(key) > len(zonePrefix)
}

// Number writes a whole number with the language's grouping.
func (l *Language) Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	if len(s) <= 4 && l.T("number.short") == "plain" || len(s) <= 3 {
		return sign + s
	}
	var groups []string
	for len(s) > 3 {
		groups = append([]string{s[len(s)-3:]}, groups...)
		s = s[:len(s)-3]
	}
	return sign + s + l.T("number.group") + strings.Join(groups, l.T("number.group"))
}

// Percent writes a share from 0 to 1 with two decimals, never rounding up to
// one hundred: an availability of 99.998 % is not 100 %.
func (l *Language) Percent(share float64) string {
	hundredths := int(share * 10000)
	s := fmt.Sprintf("%d%s%02d", hundredths/100, l.T("number.decimal"), hundredths%100)
	if hundredths%100 == 0 {
		s = strconv.Itoa(hundredths / 100)
	}
	return l.T("number.percent", "n", s)
}

// Date writes the day of t in its own zone: "6 October 2014".
func (l *Language) Date(t time.Time) string {
	return l.T("date.day", "day", l.day(t), "month", l.month(t.Month()), "year", strconv.Itoa(t.Year()))
}

// ShortDate is Date without the year: "6 October".
func (l *Language) ShortDate(t time.Time) string {
	return l.T("date.short", "day", l.day(t), "month", l.month(t.Month()))
}

// Weekday writes the day of t with its weekday: "Monday 6 October 2014".
func (l *Language) Weekday(t time.Time) string {
	return l.T("date.weekday", "weekday", l.T("weekday."+strconv.Itoa(int(t.Weekday()))), "date", l.Date(t))
}

// Month writes the month of t: "October 2014".
func (l *Language) Month(t time.Time) string {
	name := l.month(t.Month())
	if key := alonePrefix + strconv.Itoa(int(t.Month())); l.Has(key) {
		name = l.T(key)
	}
	return l.T("date.month", "month", name, "year", strconv.Itoa(t.Year()))
}

func (l *Language) day(t time.Time) string {
	if t.Day() == 1 && l.Has(firstDay) {
		return l.T(firstDay)
	}
	return strconv.Itoa(t.Day())
}

func (l *Language) month(m time.Month) string { return l.T("month." + strconv.Itoa(int(m))) }

// Clock writes the time of day of t in its own zone: "23:30".
func (l *Language) Clock(t time.Time) string {
	return l.T("date.time", "hour", fmt.Sprintf("%02d", t.Hour()), "minute", fmt.Sprintf("%02d", t.Minute()))
}

// Zone writes the abbreviation in force at t, or its offset where the zone has
// no abbreviation: "CEST", "UTC+03:00".
func (l *Language) Zone(t time.Time) string {
	name, offset := t.Zone()
	if strings.ContainsAny(name, "+-0123456789") || name == "" {
		if offset == 0 {
			return "UTC"
		}
		return "UTC" + t.Format("-07:00")
	}
	if l.Has(zonePrefix + name) {
		return l.T(zonePrefix + name)
	}
	return name
}

// DateTime writes the instant in t's own zone with its abbreviation:
// "6 October 2014, 00:01 CEST".
func (l *Language) DateTime(t time.Time) string {
	return l.T("date.full", "date", l.Date(t), "time", l.Clock(t), "zone", l.Zone(t))
}

// TimeZone writes only the time of day with the abbreviation: "00:01 CEST".
func (l *Language) TimeZone(t time.Time) string {
	return l.T("date.clock", "time", l.Clock(t), "zone", l.Zone(t))
}

// Duration writes d in its two largest units: "1 hour 20 minutes". Less than a
// minute is a minute.
func (l *Language) Duration(d time.Duration) string { return l.duration(d, "unit.") }

// Ago writes how long before now t was: "5 minutes ago".
func (l *Language) Ago(t, now time.Time) string {
	return l.T("date.ago", "duration", l.duration(now.Sub(t), "ago."))
}

func (l *Language) duration(d time.Duration, form string) string {
	minutes := max(1, int(d.Round(time.Minute)/time.Minute))
	days, hours, rest := minutes/(24*60), minutes/60%24, minutes%60
	if days > 0 {
		rest = 0
	}
	var parts []string
	for _, u := range []struct {
		unit string
		n    int
	}{{"day", days}, {"hour", hours}, {"minute", rest}} {
		if u.n > 0 {
			parts = append(parts, l.T(form+u.unit, "n", u.n))
		}
	}
	return strings.Join(parts, " ")
}

// List joins words as a sentence does: "IMAP, POP and SMTP".
func (l *Language) List(words []string) string {
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " " + l.T("list.and") + " " + words[n-1]
	}
}
