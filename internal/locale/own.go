package locale

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"signpost/internal/lang"
	"signpost/internal/problem"
)

// Own is a catalogue of a content folder: a language that the program does not
// have, or an operator's own words for some keys of one that it has.
type Own struct {
	Tag   string
	texts map[string]text
}

// ParseOwn reads the file LANG.yaml of a content folder. The name is its path,
// for messages. Keys that cannot be used are errors; a language of its own that
// lacks keys is a warning, since English stands in for them.
func (c *Catalogues) ParseOwn(name string, src []byte) (*Own, problem.List) {
	o := &Own{Tag: strings.TrimSuffix(path.Base(name), ".yaml"), texts: map[string]text{}}
	var problems problem.List
	if _, err := language.Parse(o.Tag); err != nil || !langTag.MatchString(o.Tag) {
		problems.Errorf(name, 0, "name the file after its language, such as fr.yaml or pt-BR.yaml", "%q is not the tag of a language", o.Tag)
		return o, problems
	}
	if len(src) > MaxSize {
		problems.Errorf(name, 0, "leave out what is not a text of the interface", "the file is larger than %d KB", MaxSize>>10)
		return o, problems
	}
	pairs, err := flat(src)
	if err != nil {
		problems.Errorf(name, 1, "write one line for each text: KEY: TEXT", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		return o, problems
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		c.ownText(o, name, pairs[i], pairs[i+1], &problems)
	}
	if !c.Knows(o.Tag) {
		var missing []string
		for _, key := range c.Keys() {
			if _, ok := o.texts[key]; !ok && !derivedKey(key) {
				missing = append(missing, key)
			}
		}
		if len(missing) > 0 {
			problems.Warnf(name, 0, "translate them; the first is "+missing[0], "%d texts are missing, and are shown in English", len(missing))
		}
	}
	return o, problems
}

// langTag is how tags of languages are written here (RFC 5646, without what is
// private).
var langTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// flat returns the keys and values of a mapping, none for an empty file.
func flat(src []byte) ([]*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(src, &doc); err != nil {
		return nil, err
	}
	switch {
	case len(doc.Content) == 0 || doc.Content[0].Kind == yaml.ScalarNode && doc.Content[0].Value == "":
		return nil, nil
	case doc.Content[0].Kind != yaml.MappingNode:
		return nil, errors.New("not a list of keys and texts")
	}
	return doc.Content[0].Content, nil
}

// ownText takes over one text, or says why it cannot be used.
func (c *Catalogues) ownText(o *Own, name string, key, value *yaml.Node, problems *problem.List) {
	ref, known := c.languages[Reference].texts[key.Value]
	if _, twice := o.texts[key.Value]; twice {
		problems.Errorf(name, key.Line, "delete one of them", "%q is there twice", key.Value)
		return
	}
	if !known {
		hint := problem.DidYouMean(key.Value, c.Keys())
		if value.Kind == yaml.MappingNode {
			hint = "keys are not nested: write setup.title: TEXT"
		}
		problems.Errorf(name, key.Line, hint, "there is no text %q", problem.Printable(key.Value))
		return
	}
	t, err := parse(value, lang.PluralOf(o.Tag).Forms())
	if err != nil {
		problems.Errorf(name, value.Line, "\"signpost new locale "+o.Tag+"\" shows the forms of this language", "%s: %s", key.Value, err)
		return
	}
	for _, arg := range t.arguments() {
		if !slices.Contains(ref.arguments(), arg) {
			problems.Errorf(name, value.Line, fmt.Sprintf("it has: {%s}", strings.Join(ref.arguments(), "} {")), "%s has no argument {%s}", key.Value, problem.Printable(arg))
			return
		}
	}
	if t.plural() && !ref.plural() {
		problems.Errorf(name, value.Line, "write one text", "%s counts nothing, so that it has no plural forms", key.Value)
		return
	}
	o.texts[key.Value] = t
}

// derivedKey reports whether a text can be had without a catalogue: names of
// languages are known from Unicode's CLDR, the direction from the script.
func derivedKey(key string) bool {
	return strings.HasPrefix(key, "lang.") || key == "language.name" || key == "language.dir"
}

// Knows reports whether there are interface texts for a tag or for its base
// language.
func (c *Catalogues) Knows(tag string) bool { return lang.Match(tag, c.tags) != "" }

// With returns the catalogues with those of a content folder. A language of
// the site that nobody has texts for has the English ones under its own name
// and direction. Without anything to add it returns c itself.
func (c *Catalogues) With(own []*Own, languages []string) *Catalogues {
	with := &Catalogues{languages: maps.Clone(c.languages), own: map[string]bool{}}
	for _, o := range own {
		if len(o.texts) == 0 {
			continue
		}
		l := &Language{Tag: o.Tag, texts: o.texts, plural: lang.PluralOf(o.Tag), reference: c.languages[Reference]}
		if old := c.languages[lang.Match(o.Tag, c.tags)]; old != nil {
			l.texts, l.reference = maps.Clone(old.texts), old.reference
			maps.Copy(l.texts, o.texts)
		}
		with.languages[o.Tag], with.own[o.Tag] = l, true
	}
	known := slices.Sorted(maps.Keys(with.languages))
	for _, tag := range languages {
		if lang.Match(tag, known) == "" {
			with.languages[tag], with.own[tag] = &Language{Tag: tag, texts: map[string]text{}, plural: lang.PluralOf(Reference), reference: c.languages[Reference]}, true
		}
	}
	if len(with.own) == 0 {
		return c
	}
	if ref := with.languages[Reference]; with.own[Reference] { // English of the operator's own stands in for what others lack
		for tag, l := range with.languages {
			if tag != Reference {
				adapted := *l
				adapted.reference = ref
				with.languages[tag], with.own[tag] = &adapted, true
			}
		}
	}
	with.tags = slices.Sorted(maps.Keys(with.languages))
	for tag := range with.own {
		with.languages[tag].describe()
	}
	return with
}

// describe gives a language its name and direction: as its texts say, else as
// CLDR and the script do.
func (l *Language) describe() {
	tag, err := language.Parse(l.Tag)
	if _, ok := l.texts["language.name"]; ok {
		l.Name = l.T("language.name")
	} else if l.Name = display.Self.Name(tag); err != nil || l.Name == "" {
		l.Name = l.Tag
	}
	if _, ok := l.texts["language.dir"]; ok {
		l.Dir = l.T("language.dir")
		return
	}
	l.Dir = Direction(l.Tag)
}

// Direction returns how the language of a tag is written: "rtl" for those whose
// script runs from right to left, else "ltr".
func Direction(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return "ltr"
	}
	if script, _ := t.Script(); slices.Contains(rightToLeft, script.String()) {
		return "rtl"
	}
	return "ltr"
}

// rightToLeft are the scripts in use that run from right to left (Unicode
// Standard, chapter 9 and 19).
var rightToLeft = []string{"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"}

// languageName returns the name of a language in l, for a key such as "lang.fr"
// that no catalogue has.
func (l *Language) languageName(key string) (string, bool) {
	code, ok := strings.CutPrefix(key, "lang.")
	if !ok {
		return "", false
	}
	tag, err := language.Parse(code)
	if err != nil {
		return "", false
	}
	own, err := language.Parse(l.Tag)
	if err == nil {
		if namer := display.Languages(own); namer != nil {
			if name := namer.Name(tag); name != "" {
				return name, true
			}
		}
	}
	name := display.Self.Name(tag)
	return name, name != ""
}

// Draft returns a catalogue for translators: the keys of the reference with its
// texts, and the plural forms that the language has. For a language that the
// program has, every line is a comment, so that single words can be changed.
func (c *Catalogues) Draft(tag string) []byte {
	var b strings.Builder
	l, mark := c.languages[Reference], ""
	if own := c.languages[lang.Match(tag, c.tags)]; own != nil && len(own.texts) > 0 {
		l, mark = own, "# "
		fmt.Fprintf(&b, "# The texts of the interface in %s. Take the mark from a line to change its text.\n", l.Name)
	} else {
		fmt.Fprintf(&b, "# The texts of the interface, to be translated. {names} stay as they are.\n# A line that is left out is shown in English.\n")
	}
	forms := lang.PluralOf(tag).Forms()
	for _, key := range c.Keys() {
		t := c.languages[Reference].texts[key]
		if own, ok := l.texts[key]; ok {
			t = own
		}
		if mark == "" && derivedKey(key) {
			continue
		}
		if !t.plural() {
			fmt.Fprintf(&b, "%s%s: %s\n", mark, key, quoted(t.other))
			continue
		}
		fmt.Fprintf(&b, "%s%s:\n", mark, key)
		for _, form := range forms {
			segs, ok := t.forms[form]
			if !ok {
				segs = t.other
			}
			fmt.Fprintf(&b, "%s  %s: %s\n", mark, form, quoted(segs))
		}
	}
	return []byte(b.String())
}

// quoted writes a text as a YAML scalar of one line.
func quoted(segs []segment) string {
	var b strings.Builder
	for _, s := range segs {
		if s.arg != "" {
			b.WriteString("{" + s.arg + "}")
			continue
		}
		b.WriteString(s.literal)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(b.String()) + `"`
}
