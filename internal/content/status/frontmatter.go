package status

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// FrontMatter is the head of a post's file as it is typed. Times are read by
// [walltime.Parse] in the zone of the post.
type FrontMatter struct {
	Title          string       `yaml:"title" json:"title,omitempty" jsonschema:"description=What customers read first\\, without the state; default: made from kind and components in each language"`
	Kind           Kind         `yaml:"kind" json:"kind" jsonschema:"enum=incident,enum=maintenance,enum=notice"`
	ID             string       `yaml:"id" json:"id,omitempty" jsonschema:"description=Default: the file name without .md; set it when renaming the file"`
	Lang           string       `yaml:"lang" json:"lang,omitempty" jsonschema:"description=Language of the texts; default: the first of the site"`
	Zone           string       `yaml:"zone" json:"zone,omitempty" jsonschema:"description=IANA time zone of the times in this file; default: the site's"`
	Date           string       `yaml:"date" json:"date,omitempty" jsonschema:"description=Day for headings that give only a time"`
	Starts         string       `yaml:"starts" json:"starts,omitempty" jsonschema:"description=Maintenance: 2026-12-01 22:00"`
	Ends           string       `yaml:"ends" json:"ends,omitempty" jsonschema:"description=Maintenance: a time, or unknown"`
	Lasts          string       `yaml:"lasts" json:"lasts,omitempty" jsonschema:"description=Maintenance: 2h30m, instead of ends"`
	Windows        []WindowText `yaml:"windows" json:"windows,omitempty" jsonschema:"description=The parts of the time in which something is done"`
	Resolved       string       `yaml:"resolved" json:"resolved,omitempty" jsonschema:"enum=unknown,description=unknown: over, but nobody knows since when"`
	Approx         bool         `yaml:"approx" json:"approx,omitempty" jsonschema:"description=The times are only about right"`
	Affects        []string     `yaml:"affects" json:"affects,omitempty" jsonschema:"description=Components or groups; imap=down"`
	Unaffected     []string     `yaml:"unaffected" json:"unaffected,omitempty" jsonschema:"description=Components or groups that keep working"`
	Impact         string       `yaml:"impact" json:"impact,omitempty" jsonschema:"enum=none,enum=minor,enum=major,enum=critical"`
	Mail           MailSafety   `yaml:"mail" json:"mail,omitempty" jsonschema:"enum=safe,enum=delayed,enum=at-risk,enum=lost"`
	Supplier       string       `yaml:"supplier" json:"supplier,omitempty" jsonschema:"description=The third party whose fault or work it is"`
	Expect         string       `yaml:"expect" json:"expect,omitempty" jsonschema:"description=What customers will notice"`
	Who            string       `yaml:"who" json:"who,omitempty" jsonschema:"description=Who is concerned"`
	UnaffectedText string       `yaml:"unaffected_text" json:"unaffected_text,omitempty"`
	Action         string       `yaml:"action" json:"action,omitempty" jsonschema:"description=What customers should do"`
	Workaround     string       `yaml:"workaround" json:"workaround,omitempty"`
	Help           []string     `yaml:"help" json:"help,omitempty" jsonschema:"description=Slugs of articles"`
	Pin            string       `yaml:"pin" json:"pin,omitempty" jsonschema:"description=true, or until TIME"`
	Expires        string       `yaml:"expires" json:"expires,omitempty" jsonschema:"description=When the post stops being valid"`
	SupersededBy   string       `yaml:"superseded_by" json:"superseded_by,omitempty" jsonschema:"description=Id of the post that replaces this one"`

	Draft   bool   `yaml:"draft" json:"draft,omitempty" jsonschema:"description=Keeps the post from the public"`
	Publish string `yaml:"publish" json:"publish,omitempty" jsonschema:"description=When the post becomes public; default: at once"`

	Edited string `yaml:"edited" json:"edited,omitempty" jsonschema:"description=Last later change of the text above the headings; written by the tools"`

	// Translations are the keys title_xx, expect_xx, who_xx, unaffected_text_xx,
	// action_xx and workaround_xx.
	Translations map[string]string `yaml:"-" json:"translations,omitempty"`
}

// WindowText is one element of "windows".
type WindowText struct {
	Starts string `yaml:"starts" json:"starts"`
	Ends   string `yaml:"ends,omitempty" json:"ends,omitempty"`
	Lasts  string `yaml:"lasts,omitempty" json:"lasts,omitempty"`
}

var (
	topKey        = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_-]*)\s*:`)
	translatedKey = regexp.MustCompile(`^(` + strings.Join(translated, "|") + `)_([a-z]{2,3}(?:-[A-Za-z0-9]+)?)$`)
)

// translated are the keys that exist in several languages.
var translated = []string{"title", "expect", "who", "unaffected_text", "action", "workaround"}

var unknownKey = regexp.MustCompile(`^unknown key "([^"]+)_([A-Za-z-]+)"$`)

// translationHint says what a key that looks like a translation was meant to be.
func translationHint(key, lang string) string {
	if near := problem.Nearest(key, translated); near != "" {
		return fmt.Sprintf("did you mean %q?", near+"_"+strings.ToLower(lang))
	}
	return "translated are " + strings.Join(translated, ", ")
}

// readFront decodes the front matter. Keys like title_de are not known in
// advance, so they are read as a document of their own in which all other
// lines are blank: lines keep their numbers.
func readFront(path string, front []byte, before int) (fm FrontMatter, lines map[string]int, problems problem.List) {
	var main, translations bytes.Buffer
	into := &main
	var keys []string
	for line := range bytes.Lines(front) {
		if m := topKey.FindSubmatch(line); m != nil {
			key := string(m[1])
			keys = append(keys, key)
			into = &main
			if translatedKey.MatchString(key) {
				into = &translations
			}
		}
		other := &translations
		if into == other {
			other = &main
		}
		into.Write(line)
		other.WriteByte('\n')
	}
	doc, problems := yamldoc.Decode(path, main.Bytes(), before, &fm)
	for i, p := range problems {
		if m := unknownKey.FindStringSubmatch(p.Message); m != nil && p.Hint == "" {
			problems[i].Hint = translationHint(m[1], m[2])
		}
	}
	tdoc, more := yamldoc.Decode(path, translations.Bytes(), before, &fm.Translations)
	lines = map[string]int{}
	for _, k := range keys {
		if doc.Has(k) {
			lines[k] = doc.Line(k)
		} else if tdoc.Has(k) {
			lines[k] = tdoc.Line(k)
		}
	}
	for i := range fm.Windows {
		lines["windows."+strconv.Itoa(i)] = doc.Line("windows", i)
	}
	return fm, lines, append(problems, more...)
}

// text collects a sentence and its translations.
func (fm *FrontMatter) text(key, value string) Text {
	t := Text{}
	if value = strings.TrimSpace(value); value != "" {
		t[""] = value
	}
	for k, v := range fm.Translations {
		if m := translatedKey.FindStringSubmatch(k); m != nil && m[1] == key && strings.TrimSpace(v) != "" {
			t[m[2]] = strings.TrimSpace(v)
		}
	}
	return t
}

// Words splits lists that may be typed with spaces or commas.
func Words(list []string) []string {
	var all []string
	for _, item := range list {
		all = append(all, strings.FieldsFunc(item, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' })...)
	}
	return all
}

// ReadFrontMatter returns the head of a post's file as it is typed there; what
// cannot be read stays empty.
func ReadFrontMatter(file string, src []byte) FrontMatter {
	parts, _ := markdown.Split(file, src)
	fm, _, _ := readFront(file, parts.Front, parts.FrontLines)
	return fm
}
