package server_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signpost/articles"
	"signpost/internal/content/status"
	"signpost/internal/content/status/edit"
)

// A fact is something that a post can say, in the four ways of saying it: by
// the command's arguments, the API's JSON, the fields of the form, and the
// lines of the file.
type fact struct {
	name    string
	command []string
	api     string // merged into the JSON of the base
	form    []string
	file    string // "key: value" lines, "# STATE …" for the heading, "> …" for the text, "LANG| …" for the text in a language
}

var newFacts = map[status.Kind][]fact{
	status.Incident: {
		{"nothing else", nil, `{}`, nil, ``},
		{"how bad", []string{"imap=partial"}, `{"affects": ["imap=partial"]}`, []string{"component-imap", "partial"}, `affects: imap=partial`},
		{"a group", []string{"mail=degraded"}, `{"affects": ["mail=degraded"]}`, []string{"component-imap", "", "component-mail", "degraded"}, `affects: mail=degraded`},
		{"what keeps working", []string{"--unaffected", "smtp"}, `{"unaffected": ["smtp"]}`, []string{"component-smtp", "keeps"}, `unaffected: smtp`},
		{"the same in a sentence", []string{"--unaffected-text", "Webmail works."}, `{"unaffected_text": "Webmail works."}`, []string{"unaffected_text", "Webmail works."}, `unaffected_text: Webmail works.`},
		{"a state", []string{"--state", "identified"}, `{"state": "identified"}`, []string{"state", "identified"}, `# identified`},
		{"an estimate", []string{"--eta", "30m-45m"}, `{"eta": "30m-45m"}`, []string{"eta", "30m-45m"}, `# investigating eta=30m-45m`},
		{"the next update", []string{"--next", "30m"}, `{"next": "30m"}`, []string{"next", "30m"}, `# investigating next=30m`},
		{"impact", []string{"--impact", "critical"}, `{"impact": "critical"}`, []string{"impact", "critical"}, `impact: critical`},
		{"mail", []string{"--mail", "at-risk"}, `{"mail": "at-risk"}`, []string{"mail", "at-risk"}, `mail: at-risk`},
		{"supplier", []string{"--supplier", "Example Net"}, `{"supplier": "Example Net"}`, []string{"supplier", "Example Net"}, `supplier: Example Net`},
		{"what to expect", []string{"--expect", "Logins fail."}, `{"expect": "Logins fail."}`, []string{"expect", "Logins fail."}, `expect: Logins fail.`},
		{"who", []string{"--who", "Customers in the north"}, `{"who": "Customers in the north"}`, []string{"who", "Customers in the north"}, `who: Customers in the north`},
		{"action", []string{"--action", "Use webmail."}, `{"action": "Use webmail."}`, []string{"action", "Use webmail."}, `action: Use webmail.`},
		{"workaround", []string{"--workaround", "POP works."}, `{"workaround": "POP works."}`, []string{"workaround", "POP works."}, `workaround: POP works.`},
		{"articles", []string{"--article", "FIRST"}, `{"help": ["FIRST"]}`, []string{"help", "FIRST"}, `help: FIRST`},
		{"pin", []string{"--pin"}, `{"pin": "true"}`, []string{"pin", "true"}, `pin: true`},
		{"pin until", []string{"--pin-until", "2025-06-03 12:00"}, `{"pin": "until 2025-06-03 12:00"}`, []string{"pin_until", "2025-06-03T12:00"}, `pin: until 2025-06-03 12:00`},
		{"expires", []string{"--expires", "2025-06-09 12:00"}, `{"expires": "2025-06-09 12:00"}`, []string{"expires", "2025-06-09T12:00"}, `expires: 2025-06-09 12:00`},
		{"a draft", []string{"--draft"}, `{"draft": true}`, []string{"draft", "true"}, `draft: true`},
		{"scheduled publishing", []string{"--publish", "2031-06-01 10:00"}, `{"publish": "2031-06-01 10:00"}`, []string{"publish", "2031-06-01T10:00"}, `publish: 2031-06-01 10:00`},
		{"about", []string{"--approx"}, `{"approx": true}`, []string{"approx", "true"}, `approx: true`},
		{"over, since nobody knows when", []string{"--over"}, `{"resolved": "unknown"}`, []string{"resolved", "unknown"}, `resolved: unknown`},
		{"another post replaces it", []string{"--superseded-by", "later"}, `{"superseded_by": "later"}`, []string{"superseded_by", "later"}, `superseded_by: later`},
		{"no title", []string{"--title", ""}, `{"title": ""}`, []string{"title", ""}, `title:`},
		{"text in a language", []string{"--message-in", "de=Wir sehen nach."}, `{"texts": {"de": {"text": "Wir sehen nach."}}}`, []string{"text-de", "Wir sehen nach."}, "de| ## {#20250601T0715Z}\nde| Wir sehen nach."},
		{"title in a language", []string{"--title-in", "de=Störung"}, `{"texts": {"de": {"title": "Störung"}}}`, []string{"title-de", "Störung"}, "de| ---\nde| title: Störung\nde| ---"},
		{"a sentence in a language", []string{"--sentence-in", "de.who=Alle"}, `{"texts": {"de": {"who": "Alle"}}}`, []string{"who-de", "Alle"}, "de| ---\nde| who: Alle\nde| ---"},
		{"another language", []string{"--lang", "de"}, `{"lang": "de"}`, []string{"title", "", "text", "", "title-de", "T", "text-de", "Text."}, `lang: de`},
	},
	status.Maintenance: {
		{"nothing else", nil, `{}`, nil, ``},
		{"an end", []string{"!lasts", "2025-06-03 01:00"}, `{"lasts": "", "ends": "2025-06-03 01:00"}`, []string{"lasts", "", "ends", "2025-06-03T01:00"}, "lasts:\nends: 2025-06-03 01:00"},
		{"an unknown end", []string{"!lasts", "unknown"}, `{"lasts": "", "ends": "unknown"}`, []string{"lasts", "", "ends_unknown", "true"}, "lasts:\nends: unknown"},
		{"single periods", []string{"--window", "2025-06-02 22:10/2025-06-02 22:20"}, `{"windows": [{"starts": "2025-06-02 22:10", "ends": "2025-06-02 22:20"}]}`, []string{"window-0-starts", "2025-06-02T22:10", "window-0-ends", "2025-06-02T22:20"}, "windows:\n    - starts: 2025-06-02 22:10\n      ends: 2025-06-02 22:20"},
		{"how it does meanwhile", []string{"imap=degraded"}, `{"affects": ["imap=degraded"]}`, []string{"component-imap", "degraded"}, `affects: imap=degraded`},
	},
	status.Notice: {
		{"what it is about", []string{"imap"}, `{"affects": ["imap"]}`, []string{"component-imap", "named"}, `affects: imap`},
		{"expires", []string{"--expires", "2025-07-01"}, `{"expires": "2025-07-01"}`, []string{"expires", "2025-07-01"}, `expires: 2025-07-01`},
	},
}

// The posts that the facts are added to.
var (
	baseCommand = map[status.Kind][]string{
		status.Incident: {"down", "imap=down"}, status.Maintenance: {"maintenance", "2025-06-02 22:00", "2h", "imap"}, status.Notice: {"notice"},
	}
	baseAPI = map[status.Kind]string{
		status.Incident:    `{"kind": "incident", "title": "T", "text": "Text.", "at": "2025-06-01 09:15", "affects": ["imap=down"]}`,
		status.Maintenance: `{"kind": "maintenance", "title": "T", "text": "Text.", "at": "2025-06-01 09:15", "starts": "2025-06-02 22:00", "lasts": "2h", "affects": ["imap"]}`,
		status.Notice:      `{"kind": "notice", "title": "T", "text": "Text.", "at": "2025-06-01 09:15"}`,
	}
	baseForm = map[status.Kind][]string{
		status.Incident:    {"kind", "incident", "title", "T", "text", "Text.", "at", "2025-06-01T09:15", "component-imap", "down"},
		status.Maintenance: {"kind", "maintenance", "title", "T", "text", "Text.", "at", "2025-06-01T09:15", "starts", "2025-06-02T22:00", "lasts", "2h", "component-imap", "named"},
		status.Notice:      {"kind", "notice", "title", "T", "text", "Text.", "at", "2025-06-01T09:15"},
	}
	baseFile = map[status.Kind]string{
		status.Incident:    "title: T\nkind: incident\nlang: en\naffects: imap=down\n# investigating\n> Text.",
		status.Maintenance: "title: T\nkind: maintenance\nlang: en\nstarts: 2025-06-02 22:00\nlasts: 2h\naffects: imap\n# scheduled\n> Text.",
		status.Notice:      "title: T\nkind: notice\nlang: en\n# published\n> Text.",
	}
)

// A changeFact is what can be said of a post that exists: by the arguments of
// the command, by a call of the API, by a form. In the file an update follows,
// or other lines than before are there.
type changeFact struct {
	kind      status.Kind
	name      string
	command   []string
	call, api string
	mode      string
	form      []string
	update    string // the heading behind its time
	file      string // changed lines
}

var changeFacts = []changeFact{
	{status.Incident, "an update", []string{"add", "identified", "imap=degraded", "--eta", "1h", "--next", "30m"}, "POST /updates", `{"state": "identified", "components": ["imap=degraded"], "eta": "1h", "next": "30m"}`, "update", []string{"state", "identified", "component-imap", "degraded", "eta", "1h", "next", "30m"}, "identified imap=degraded eta=1h next=30m", ""},
	{status.Incident, "an update that changes what mail does", []string{"add", "update", "--set", "mail=delayed"}, "POST /updates", `{"state": "update", "facts": {"mail": "delayed"}}`, "update", []string{"state", "update", "mail", "delayed"}, "update", "mail: delayed"},
	{status.Incident, "an update that corrects", []string{"add", "update", "--corrects", "20250601T0715Z"}, "POST /updates", `{"state": "update", "corrects": "20250601T0715Z"}`, "update", []string{"state", "update", "corrects", "20250601T0715Z"}, "update corrects=20250601T0715Z", ""},
	{status.Incident, "the end", []string{"resolve"}, "POST /updates", `{"state": "resolved"}`, "resolve", []string{"state", "resolved"}, "resolved", ""},
	{status.Maintenance, "a window that is moved", []string{"add", "scheduled", "--starts", "2025-06-03 22:00", "--lasts", "3h"}, "POST /updates", `{"state": "scheduled", "starts": "2025-06-03 22:00", "lasts": "3h"}`, "update", []string{"state", "scheduled", "starts", "2025-06-03T22:00", "lasts", "3h"}, "scheduled starts=2025-06-03T22:00 ends=2025-06-04T01:00", ""},
	{status.Maintenance, "a window that is extended", []string{"add", "extended", "--ends", "2025-06-03 02:00"}, "POST /updates", `{"state": "extended", "ends": "2025-06-03 02:00"}`, "update", []string{"state", "extended", "ends", "2025-06-03T02:00"}, "extended ends=2025-06-03T02:00", ""},
	{status.Maintenance, "a window that is cancelled", []string{"add", "cancelled"}, "POST /updates", `{"state": "cancelled"}`, "update", []string{"state", "cancelled"}, "cancelled", ""},
	{status.Maintenance, "a window that ended early", []string{"resolve"}, "POST /updates", `{"state": "completed"}`, "resolve", []string{"state", "completed"}, "completed", ""},
	{status.Incident, "a corrected text", []string{"edit", "--message", "Better."}, "PUT /updates/latest", `{"text": "Better."}`, "edit", []string{"text", "Better."}, "", "# investigating edited=NOW\n> Better."},
	{status.Incident, "a translated text", []string{"edit", "--lang", "de", "--message", "Besser."}, "PUT /updates/latest", `{"texts": {"de": "Besser."}}`, "edit", []string{"text", "Text.", "text-de", "Besser."}, "", "# investigating edited=NOW\nde| ## {#20250601T0715Z}\nde| Besser."},
	{status.Incident, "other facts", []string{"set", "impact=minor", "help=FIRST", "who=All"}, "PATCH ", `{"facts": {"impact": "minor", "help": "FIRST", "who": "All"}}`, "set", []string{"impact", "minor", "help", "FIRST", "who", "All"}, "", "+help: FIRST\n+impact: minor\n+who: All\n+edited: NOW"},
	{status.Incident, "a sentence in a language", []string{"set", "--sentence-in", "de.action=Warten"}, "PATCH ", `{"texts": {"de": {"action": "Warten"}}}`, "set", []string{"action-de", "Warten"}, "", "+edited: NOW\nde| ---\nde| action: Warten\nde| ---"},
	{status.Maintenance, "periods", []string{"set", "--window", "2025-06-02 22:10/2025-06-02 22:20"}, "PATCH ", `{"windows": [{"starts": "2025-06-02 22:10", "ends": "2025-06-02 22:20"}]}`, "set", []string{"window-0-starts", "2025-06-02T22:10", "window-0-ends", "2025-06-02T22:20"}, "", "+windows:\n    - starts: 2025-06-02 22:10\n      ends: 2025-06-02 22:20\n+edited: NOW"},
}

// keyOrder is how tools order the keys of the front matter.
var keyOrder = strings.Fields("title kind id lang zone date starts ends lasts resolved approx affects unaffected unaffected_text impact mail supplier expect who action workaround help pin expires superseded_by draft publish windows edited")

// at is when the update is written, as people type it, and its id.
func (c changeFact) at() (typed, id string) {
	if c.update == "completed" { // not before it began
		return "2025-06-02 22:30", "20250602T2030Z"
	}
	return "2025-06-01 10:15", "20250601T0815Z"
}

// after is the base of a kind with a change.
func (c changeFact) after() map[string]string {
	base, more, added := baseFile[c.kind], "", ""
	appending := false
	for line := range strings.Lines(c.file) {
		rest, appended := strings.CutPrefix(line, "+")
		if appending = appended || appending && strings.HasPrefix(line, " "); appending {
			added += rest
			continue
		}
		more += line
	}
	if added != "" && !strings.HasSuffix(added, "\n") {
		added += "\n"
	}
	if strings.Contains(more, "# ") { // it takes the place of what was there
		base = regexp.MustCompile(`(?m)^# .*$`).ReplaceAllString(base, "")
	}
	if strings.Contains(more, "> ") {
		base = regexp.MustCompile(`(?m)^> .*$`).ReplaceAllString(base, "")
	}
	files := written(base, more)
	head, body, _ := strings.Cut(files[".md"], "\n---\n")
	files[".md"] = head + "\n" + added + "---\n" + body
	if c.update != "" {
		at, id := c.at()
		files[".md"] += "\n## " + at + " " + c.update + " {#" + id + "}\nMore.\n"
	}
	return files
}

// TestFourWaysOfChanging changes a post by the command, the API and the form.
func TestFourWaysOfChanging(t *testing.T) {
	t.Parallel()
	w := newFourWays(t)
	for _, c := range changeFacts {
		t.Run(string(c.kind)+" "+c.name, func(t *testing.T) {
			before := written(baseFile[c.kind], "")
			slug := strings.NewReplacer("FIRST", w.slug)
			want := c.after()
			want[".md"] = slug.Replace(want[".md"])
			w.readable(t, map[string]string{".md": strings.ReplaceAll(want[".md"], "NOW", "2025-06-02T10:00")})

			w.clear(before)
			at, _ := c.at()
			args := append(slices.Clone(c.command), "--post", w.post)
			for i := range args {
				args[i] = slug.Replace(args[i])
			}
			if c.update != "" {
				args = append(args, "--message", "More.", "--at", at)
			}
			w.command(args...)
			w.same(t, "the command", want)

			w.clear(before)
			method, path, _ := strings.Cut(c.call, " ")
			body := slug.Replace(c.api)
			if c.update != "" {
				body = strings.TrimSuffix(body, "}") + `, "text": "More.", "at": "` + at + `"}`
			}
			w.call(method, "/"+w.post+path, body)
			w.same(t, "the API", want)

			w.clear(before)
			pairs := slices.Clone(c.form)
			for i := range pairs {
				pairs[i] = slug.Replace(pairs[i])
			}
			if c.update != "" {
				pairs = append(pairs, "text", "More.", "at", strings.Replace(at, " ", "T", 1))
			}
			if c.mode == "set" { // the browser sends the fields that were there, too
				pairs = append(pairs, "title", "T", "component-imap", map[status.Kind]string{status.Incident: "down", status.Maintenance: "named"}[c.kind])
				if c.kind == status.Maintenance {
					pairs = append(pairs, "starts", "2025-06-02T22:00", "lasts", "2h")
				}
			}
			w.fill(c.mode+"&id="+w.post, pairs...)
			w.same(t, "the form", want)
		})
	}
}

// written are the files that the lines of base and of a fact describe, by the
// end of their names.
func written(base, more string) map[string]string {
	keys, heading, text := map[string]string{}, "", ""
	langs := map[string]string{}
	last := ""
	for line := range strings.Lines(base + "\n" + more) {
		line = strings.TrimRight(line, "\n")
		lang, rest, translated := strings.Cut(line, "|")
		switch key, value, _ := strings.Cut(line, ":"); {
		case line == "":
		case translated:
			langs[lang] += strings.TrimPrefix(rest, " ") + "\n"
		case strings.HasPrefix(line, "# "):
			heading = "## 2025-06-01 09:15 " + line[2:] + " {#20250601T0715Z}"
		case strings.HasPrefix(line, "> "):
			text += line[2:] + "\n"
		case strings.HasPrefix(line, " "):
			keys[last] += "\n" + line
		default:
			last = key
			keys[key] = line
			if value == "" && key != "windows" {
				delete(keys, key)
			}
		}
	}
	front := ""
	for _, key := range keyOrder {
		if line, ok := keys[key]; ok {
			front += line + "\n"
		}
	}
	files := map[string]string{".md": "---\n" + front + "---\n\n" + heading + "\n" + text}
	for lang, text := range langs {
		files["."+lang+".md"] = text
	}
	return files
}

// fourWays is a server over a small site, and the command beside it.
type fourWays struct {
	*agentSite
	binary string
	slug   string // of an article
	post   string // id of the post that was there before
	posts  int    // so many were
}

func newFourWays(t *testing.T) *fourWays {
	dir := filepath.Join(t.TempDir(), "site")
	if err := os.CopyFS(dir, articles.FS); err != nil {
		t.Fatal(err)
	}
	categories, _ := filepath.Glob(filepath.Join(dir, "help", "*"))
	for _, category := range append(categories, filepath.Join(dir, "status")) { // what is not needed makes every load slower
		if filepath.Base(category) != "spam" {
			os.RemoveAll(category)
		}
	}
	w := &fourWays{agentSite: openAgentSite(t, dir, t.TempDir(), ""), binary: filepath.Join(t.TempDir(), "signpost")}
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", w.binary, "../../cmd/signpost").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	w.hire()
	w.slug = "spam-filter"
	return w
}

// files returns the post that was written last, by the end of the names of its
// files, without the times of changes.
func (w *fourWays) files() map[string]string {
	edited := regexp.MustCompile(`edited(=|: )[-0-9:T]+( [0-9:]+)?`)
	files := map[string]string{}
	fs.WalkDir(os.DirFS(w.dir), "status/2025", func(name string, d fs.DirEntry, _ error) error {
		if d != nil && !d.IsDir() {
			data, err := os.ReadFile(filepath.Join(w.dir, name))
			if err != nil {
				w.t.Fatal(err)
			}
			_, end, _ := strings.Cut(filepath.Base(name), ".")
			files["."+end] = edited.ReplaceAllString(string(data), "edited${1}NOW")
		}
		return nil
	})
	return files
}

// clear takes all posts of the year away, or replaces them by the files of one.
func (w *fourWays) clear(files map[string]string) {
	w.t.Helper()
	w.remove("status/2025")
	w.posts++ // a file that came back would be compared with itself as it was
	w.post = fmt.Sprintf("2025-06-01-t%d", w.posts)
	for end, text := range files {
		writeFile(w.t, w.dir, "status/2025/"+w.post+end, text)
	}
	if err := w.live.Load(); err != nil {
		w.t.Fatal(err)
	}
}

// command runs "signpost status".
func (w *fourWays) command(args ...string) {
	w.t.Helper()
	cmd := exec.CommandContext(w.t.Context(), w.binary, append([]string{"status"}, args...)...)
	cmd.Env = append(os.Environ(), "SIGNPOST_CONTENT="+w.dir, "SIGNPOST_DATA="+w.t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Errorf("signpost status %q: %v: %s", args, err, out)
	}
}

// call asks the API.
func (w *fourWays) call(method, path, body string) {
	w.t.Helper()
	got := w.do(method, "/api/v1/status/posts"+path, body, "Content-Type", "application/json", "Cookie", w.cookie, "User-Agent", browserAgent, "X-CSRF-Token", w.csrf())
	if got.status >= 300 {
		w.t.Errorf("%s %s: %d %s", method, body, got.status, got.body)
	}
}

// fill sends a form with its hidden fields; later pairs replace earlier ones.
func (w *fourWays) fill(do string, pairs ...string) {
	w.t.Helper()
	var names []string
	values := map[string]string{"do": "separate"}
	all := append(w.fields(do), pairs...)
	for i := 0; i < len(all); i += 2 {
		values[all[i]] = all[i+1]
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		names = append(names, name, values[name])
	}
	if got := w.form("/agent/status", names...); got.status != 303 {
		_, wrong, _ := strings.Cut(got.body, `id="write-error">`)
		w.t.Errorf("the form %s %q: %d %.200s", do, pairs, got.status, wrong)
	}
}

// same compares what a way has written with the file.
func (w *fourWays) same(t *testing.T, way string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, w.files()); diff != "" {
		t.Errorf("%s writes something else than the file says (-file +%s):\n%s", way, way, diff)
	}
}

// TestFourWays writes each fact by the command, the API and the form, and
// compares the files with the one that is written by hand.
func TestFourWays(t *testing.T) {
	t.Parallel()
	w := newFourWays(t)
	for _, kind := range []status.Kind{status.Incident, status.Maintenance, status.Notice} {
		for _, f := range newFacts[kind] {
			t.Run(string(kind)+" "+f.name, func(t *testing.T) {
				slug := strings.NewReplacer("FIRST", w.slug)
				want := written(baseFile[kind], slug.Replace(f.file))
				w.readable(t, want)
				w.clear(nil)
				w.command(commandLine(baseCommand[kind], f.command, slug)...)
				w.same(t, "the command", want)

				w.clear(nil)
				merged := map[string]any{}
				for _, body := range []string{baseAPI[kind], slug.Replace(f.api)} {
					if err := json.Unmarshal([]byte(body), &merged); err != nil {
						t.Fatal(err)
					}
				}
				body, _ := json.Marshal(merged)
				w.call("POST", "", string(body))
				w.same(t, "the API", want)

				w.clear(nil)
				pairs := slices.Concat(baseForm[kind], f.form)
				for i := range pairs {
					pairs[i] = slug.Replace(pairs[i])
				}
				w.fill("new", pairs...)
				w.same(t, "the form", want)
			})
		}
	}
}

// readable is the fourth way: the file as it is loads without a problem.
func (w *fourWays) readable(t *testing.T, files map[string]string) {
	t.Helper()
	f := edit.Files{Path: "status/2025/2025-06-01-t.md", Data: []byte(files[".md"])}
	for end, text := range files {
		if lang := strings.Trim(strings.TrimSuffix(end, ".md"), "."); lang != "" {
			f.Texts = map[string][]byte{lang: []byte(text)}
		}
	}
	if _, problems := f.Parse(w.live.Snapshot().Library.StatusConfig(w.now())); problems.HasErrors() {
		t.Errorf("the file has errors: %v\n%s", problems, files[".md"])
	}
}

// commandLine is the command of a post: a component replaces that of the base,
// "!lasts" how long it lasts.
func commandLine(base, more []string, slug *strings.Replacer) []string {
	args := slices.Clone(base)
	var flags []string
	switch {
	case len(more) == 2 && more[0] == "!lasts":
		args[2] = more[1]
	case len(more) == 1 && !strings.HasPrefix(more[0], "-") && len(args) > 1:
		args[len(args)-1] = more[0]
	default:
		flags = more
	}
	args = append(args, "--message", "Text.", "--at", "2025-06-01 09:15")
	if !slices.Contains(flags, "--title") {
		args = append(args, "--title", "T")
	}
	for _, f := range flags {
		args = append(args, slug.Replace(f))
	}
	return args
}
