package ical

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	goical "github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"signpost/internal/content/status"
)

var update = flag.Bool("update", false, "write the goldens")

const hostile = `Mail "stuck" <in> & queue ]]> 📬`

var posts = map[string]string{
	"network": "---\ntitle: '" + hostile + "'\nkind: maintenance\nstarts: 2014-10-06 00:01\nends: 2014-10-06 07:59\naffects: imap=down pop=degraded\n" +
		"unaffected: web-hosting\nexpect: \"About 10 minutes; per router, \\\\ really\"\n---\n## 2014-10-01 10:00 scheduled {#a}\n" +
		strings.Repeat("Ærlig talt, på Østlandet blåser det «kraftig»; også nå. ", 8) + "\n\nSecond paragraph\n## 2014-10-06 07:50 extended ends=08:30 {#b}\nA router needs longer.\n",
	"cancelled": "---\ntitle: Cancelled\nkind: maintenance\nstarts: 2014-11-03\nends: 2014-11-04\naffects: imap\n---\n## 2014-10-05 10:00 scheduled\n## 2014-10-05 11:00 cancelled\n",
	"quiet":     "---\ntitle: Quiet\nkind: maintenance\nimpact: none\nstarts: 2013-05-27 06:00\nlasts: 1h\naffects: pop\n---\nText\n",
	"open":      "---\ntitle: No end\nkind: maintenance\nstarts: 2014-01-09 18:00\nends: unknown\naffects: imap\n---\n",
	"windows":   "---\ntitle: Move\nkind: incident\naffects: imap=degraded\nwindows: [{starts: 2014-04-02 08:00, ends: 2014-04-02 10:00}, {starts: 2014-04-03 09:00, lasts: 2h}]\n---\n## 2014-03-26 investigating\n## 2014-04-11 resolved\n",
	"early":     "---\ntitle: Early\nkind: maintenance\nstarts: 2014-08-01 10:00\nlasts: 2h\naffects: imap\n---\n## 2014-07-30 scheduled\n## 2014-08-01 10:30 completed\n",
	"incident":  "---\ntitle: Not planned\nkind: incident\ndate: 2014-10-06\naffects: imap=down\n---\n",
}

func situation(t testing.TB, at string) *status.BoardState {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Oslo")
	if err != nil {
		t.Fatal(err)
	}
	cfg := status.Config{Zone: zone, Components: []status.Component{{ID: "imap"}, {ID: "pop"}, {ID: "web-hosting"}}}
	var list []*status.Post
	for name, src := range posts {
		p, problems := status.Parse("status/"+name+".md", []byte(src), cfg)
		if p == nil {
			t.Fatal(problems)
		}
		list = append(list, p)
	}
	b, problems := status.NewBoard(cfg, list)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	return b.At(now)
}

func calendar(t testing.TB, at, component string) []byte {
	t.Helper()
	b, err := Write(Calendar{
		Name: "Example Mail: maintenance, planned", Lang: "en", Host: "help.example.com", Self: "https://help.example.com/status/maintenance.ics",
		Provider: "example.com", Organizer: `Example "Mail", support`, Email: "support@example.com", Component: component,
		PostURL: func(id string) string { return "https://help.example.com/status/" + id },
		Text:    func(_ *status.Post, b status.Body) string { return b.Source },
	}, situation(t, at))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	got := calendar(t, "2014-10-06T07:55:00+02:00", "")
	name := filepath.Join("testdata", "maintenance.ics")
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

// RFC 5545, 3.1: lines end with CR LF, hold at most 75 octets, and are valid
// UTF-8 each.
func TestFolding(t *testing.T) {
	b := string(calendar(t, "2014-10-06T07:55:00+02:00", ""))
	folded := false
	for line := range strings.SplitSeq(strings.TrimSuffix(b, "\r\n"), "\r\n") {
		folded = folded || strings.HasPrefix(line, " ")
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || line != strings.ToValidUTF8(line, "?") {
			t.Errorf("line %q", line)
		}
	}
	if !folded {
		t.Error("nothing was folded")
	}
}

func TestStates(t *testing.T) {
	tests := []struct{ at, component, want string }{
		{"2014-10-05T12:00:00+02:00", "", "cancelled CANCELLED CANCELLED 1; network CONFIRMED CONFIRMED 0; early CONFIRMED COMPLETED 1; windows-1 CONFIRMED COMPLETED 1; windows-2 CONFIRMED COMPLETED 1; open CONFIRMED COMPLETED 0; quiet CONFIRMED COMPLETED 0"},
		{"2014-10-06T00:01:00+02:00", "pop", "network CONFIRMED IN-PROCESS 0; quiet CONFIRMED COMPLETED 0"},
		{"2014-10-06T07:55:00+02:00", "pop", "network CONFIRMED IN-PROCESS 1; quiet CONFIRMED COMPLETED 0"},
		{"2014-10-06T08:30:00+02:00", "pop", "network CONFIRMED COMPLETED 1; quiet CONFIRMED COMPLETED 0"},
		{"2014-04-02T09:00:00+02:00", "imap", "early CONFIRMED CONFIRMED 0; network CONFIRMED CONFIRMED 0; windows-1 CONFIRMED IN-PROCESS 0; windows-2 CONFIRMED CONFIRMED 0; open CONFIRMED COMPLETED 0"},
	}
	for _, tt := range tests {
		cal, err := goical.NewDecoder(strings.NewReader(string(calendar(t, tt.at, tt.component)))).Decode()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range cal.Events() {
			uid, _ := e.Props.Text("UID")
			state, _ := e.Props.Text("STATUS")
			note, _ := e.Props.Text("X-MAINTNOTE-STATUS")
			got = append(got, strings.TrimSuffix(uid, "@help.example.com")+" "+state+" "+note+" "+e.Props.Get("SEQUENCE").Value)
		}
		if tt.at == "2014-04-02T09:00:00+02:00" { // announcements without a date are public ever since
			got = keep(got, "windows", "open")
			tt.want = strings.Join(keep(strings.Split(tt.want, "; "), "windows", "open"), "; ")
		}
		if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%s: %s", tt.at, diff)
		}
	}
}

func keep(list []string, prefixes ...string) []string {
	var kept []string
	for _, s := range list {
		for _, p := range prefixes {
			if strings.HasPrefix(s, p) {
				kept = append(kept, s)
			}
		}
	}
	return kept
}

// missing skips a test that needs a real program, or fails it where all
// programs are installed.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("SIGNPOST_REQUIRE_REAL") == "1" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing; .ci/setup installs it", what)
}

type read struct{ UID, Start, End, Summary, Description, Status, Impact string }

// wanted is what every foreign reader has to find in the golden.
func wanted() []read {
	description := "About 10 minutes; per router, \\ really\n\nA router needs longer.\n\n" +
		strings.Repeat("Ærlig talt, på Østlandet blåser det «kraftig»; også nå. ", 8) + "\n\nSecond paragraph"
	return []read{
		{"cancelled@help.example.com", "2014-11-03", "2014-11-05", "Cancelled", "", "CANCELLED", "imap=OUTAGE"},
		{"network@help.example.com", "2014-10-05T22:01:00Z", "2014-10-06T06:30:00Z", hostile, description, "CONFIRMED", "imap=OUTAGE pop=DEGRADED web-hosting=NO-IMPACT"},
		{"early@help.example.com", "2014-08-01T08:00:00Z", "2014-08-01T08:30:00Z", "Early", "", "CONFIRMED", "imap=OUTAGE"},
		{"windows-1@help.example.com", "2014-04-02T06:00:00Z", "2014-04-02T08:00:00Z", "Move", "", "CONFIRMED", "imap=DEGRADED"},
		{"windows-2@help.example.com", "2014-04-03T07:00:00Z", "2014-04-03T09:00:00Z", "Move", "", "CONFIRMED", "imap=DEGRADED"},
		{"open@help.example.com", "2014-01-09T17:00:00Z", "2014-01-10T17:00:00Z", "No end", "", "CONFIRMED", "imap=OUTAGE"},
		{"quiet@help.example.com", "2013-05-27T04:00:00Z", "2013-05-27T05:00:00Z", "Quiet", "Text", "CONFIRMED", "pop=NO-IMPACT"},
	}
}

func compare(t *testing.T, out []byte) {
	t.Helper()
	var got []read
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if diff := cmp.Diff(wanted(), got); diff != "" {
		t.Error(diff)
	}
}

func TestReadByPython(t *testing.T) {
	python := "/usr/bin/python3" // Debian's own: it has Debian's modules
	if exec.Command(python, "-c", "import icalendar").Run() != nil {
		missing(t, "python3-icalendar")
	}
	script := `
import sys, json, datetime, icalendar
def when(e, k):
    if k not in e: return ""
    d = e[k].dt
    return d.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(d, datetime.datetime) else d.isoformat()
cal = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
out = []
for e in cal.walk("VEVENT"):
    assert not e.errors, e.errors
    ids = e["X-MAINTNOTE-OBJECT-ID"]
    if not isinstance(ids, list): ids = [ids]
    out.append(dict(UID=str(e["UID"]), Start=when(e, "DTSTART"), End=when(e, "DTEND"), Summary=str(e["SUMMARY"]), Description=str(e.get("DESCRIPTION", "")),
        Status=str(e["STATUS"]), Impact=" ".join(str(i) + "=" + i.params["X-MAINTNOTE-OBJECT-IMPACT"] for i in ids)))
print(json.dumps(out))
`
	out, err := exec.CommandContext(t.Context(), python, "-c", script, filepath.Join("testdata", "maintenance.ics")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compare(t, out)
}

// circuit-maintenance-parser reads of each event what is read here; an event that
// lacks any of it, or has a day in place of a time, makes the calendar unreadable
// to it. (Our golden has a window known to the day only, so it is not used here.)
func TestReadForNetworkOperators(t *testing.T) {
	python := "/usr/bin/python3"
	if exec.Command(python, "-c", "import icalendar").Run() != nil {
		missing(t, "python3-icalendar")
	}
	file := filepath.Join(t.TempDir(), "maintenance.ics")
	if err := os.WriteFile(file, calendar(t, "2014-09-01T12:00:00+02:00", "imap"), 0o600); err != nil {
		t.Fatal(err)
	}
	script := `
import sys, icalendar
statuses = ["TENTATIVE", "CONFIRMED", "CANCELLED", "IN-PROCESS", "COMPLETED", "RE-SCHEDULED"]
impacts = ["NO-IMPACT", "REDUCED-REDUNDANCY", "DEGRADED", "OUTAGE"]
for e in icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read()).walk("VEVENT"):
    start, end = [round(e[k].dt.timestamp()) for k in ("DTSTART", "DTEND")]
    assert start < end and round(e["DTSTAMP"].dt.timestamp()) > 0 and int(e["SEQUENCE"]) >= 0 and str(e["X-MAINTNOTE-PROVIDER"])
    assert str(e["X-MAINTNOTE-STATUS"]) in statuses and str(e["X-MAINTNOTE-IMPACT"]) in impacts
    ids = e["X-MAINTNOTE-OBJECT-ID"]
    for o in ids if isinstance(ids, list) else [ids]:
        assert str(o) and o.params.get("X-MAINTNOTE-OBJECT-IMPACT", e["X-MAINTNOTE-IMPACT"]) in impacts
    print(e["X-MAINTNOTE-MAINTENANCE-ID"], end - start, e.get("X-MAINTNOTE-END", ""))
`
	out, err := exec.CommandContext(t.Context(), python, "-c", script, file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"open 86400 ESTIMATED\n", "windows-1 7200 \n", "early 1800 \n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestReadByIcalJS(t *testing.T) {
	node, err := exec.LookPath("node")
	module, _ := filepath.Abs("../../../.ci/npm/feeds/node_modules/ical.js/dist/ical.js")
	if _, e := os.Stat(module); err != nil || e != nil {
		missing(t, "node with ical.js")
	}
	script := `
import { readFileSync } from "node:fs";
const { default: ICAL } = await import(process.argv[2]);
const cal = new ICAL.Component(ICAL.parse(readFileSync(process.argv[3], "utf8")));
const when = v => v ? v.toString() : "";
console.log(JSON.stringify(cal.getAllSubcomponents("vevent").map(e => ({
  UID: e.getFirstPropertyValue("uid"), Start: when(e.getFirstPropertyValue("dtstart")), End: when(e.getFirstPropertyValue("dtend")),
  Summary: e.getFirstPropertyValue("summary"), Description: e.getFirstPropertyValue("description") ?? "", Status: e.getFirstPropertyValue("status"),
  Impact: e.getAllProperties("x-maintnote-object-id").map(p => p.getFirstValue() + "=" + p.getParameter("x-maintnote-object-impact")).join(" "),
}))));
`
	file := filepath.Join(t.TempDir(), "read.mjs")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), node, file, module, filepath.Join("testdata", "maintenance.ics")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	compare(t, out)
}

func FuzzText(f *testing.F) {
	f.Add("a;b,c\\n\nd", `Example "Mail"; x`)
	f.Add(strings.Repeat("ø", 80), "^n\r\n")
	f.Fuzz(func(t *testing.T, text, param_ string) {
		var w writer
		w.line("BEGIN", nil, "VCALENDAR")
		w.text("SUMMARY", []param{{"CN", param_}}, "x"+text)
		w.line("END", nil, "VCALENDAR")
		cal, err := goical.NewDecoder(strings.NewReader(w.String())).Decode()
		if err != nil {
			t.Fatalf("%v\n%q", err, w.String())
		}
		got, err := cal.Props.Text("SUMMARY")
		want := strings.Map(func(r rune) rune {
			if r == '\n' {
				return r
			}
			return printable(r)
		}, "x"+strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text))
		if err != nil || got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
	})
}
