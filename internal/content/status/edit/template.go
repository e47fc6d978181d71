package edit

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	natural "signpost/internal/lang"
	"signpost/internal/locale"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

//go:embed templates
var templateFiles embed.FS

// A Template is a post to start from: outage, degraded, maintenance, spam,
// security, supplier. "{components}" in its texts stands for what is affected.
type Template struct {
	Name string
	Lang string
	status.FrontMatter
	Text string
}

// Templates returns the templates in a language, sorted by name; in English
// when there are none.
func Templates(lang string) []Template {
	var offered []string
	folders, _ := templateFiles.ReadDir("templates")
	for _, f := range folders {
		offered = append(offered, f.Name())
	}
	language := cmp.Or(natural.Match(lang, offered), locale.Reference)
	files, _ := fs.Glob(templateFiles, path.Join("templates", language, "*.md"))
	var list []Template
	for _, file := range files {
		src, err := templateFiles.ReadFile(file)
		if err != nil {
			continue // it is embedded: it can be read
		}
		parts, _ := markdown.Split(file, src)
		var fm status.FrontMatter
		yamldoc.Decode(file, parts.Front, parts.FrontLines, &fm) // without problems: a test sees to it
		list = append(list, Template{
			Name: strings.TrimSuffix(path.Base(file), ".md"), Lang: language, FrontMatter: fm,
			Text: strings.TrimSpace(string(parts.Body)),
		})
	}
	return list
}

// fill takes from the draft's template what the draft leaves empty. A title or
// text that comes from it comes in every language of the site that the template
// is written in.
func (d *Draft) fill(cfg *status.Config) error {
	if d.Template == "" {
		return nil
	}
	t, err := template(d.Template, d.Lang)
	if err != nil {
		return err
	}
	if t.Kind != d.Kind {
		return fmt.Errorf("the template %s is for a post of the kind %s, not %s", d.Template, t.Kind, d.Kind)
	}
	if len(d.Affects) == 0 {
		for _, w := range status.Words(t.Affects) {
			if id, _, _ := strings.Cut(w, "="); cfg.Expand(id) != nil {
				d.Affects = append(d.Affects, w)
			}
		}
	}
	d.translate(cfg)
	set := setter(cfg, d.Affects, d.Lang)
	set(&d.Title, t.Title)
	set(&d.Message, t.Text)
	set(&d.Impact, t.Impact)
	set(&d.Expect, t.Expect)
	set(&d.Who, t.Who)
	set(&d.Action, t.Action)
	set(&d.Workaround, t.Workaround)
	set(&d.UnaffectedText, t.UnaffectedText)
	set(&d.Pin, t.Pin)
	if d.Mail == "" {
		d.Mail = t.Mail
	}
	return nil
}

// placeholder stands in texts for the names of what is affected.
const placeholder = "{components}"

// place puts the names of what is affected into the texts, in each language.
func (d *Draft) place(cfg *status.Config) error {
	waiting := false
	put := func(lang string, fields ...*string) {
		names := namesOf(cfg, d.Affects, lang)
		for _, f := range fields {
			if strings.Contains(*f, placeholder) {
				waiting = waiting || names == ""
				*f = strings.ReplaceAll(*f, placeholder, names)
			}
		}
	}
	put(d.Lang, &d.Title, &d.Message, &d.Expect, &d.Who, &d.Action, &d.Workaround, &d.UnaffectedText)
	d.Texts = maps.Clone(d.Texts)
	for lang, t := range d.Texts {
		put(lang, &t.Title, &t.Message, &t.Expect, &t.Who, &t.Action, &t.Workaround, &t.UnaffectedText)
		d.Texts[lang] = t
	}
	if waiting {
		return fmt.Errorf("name the components: the text says %s", placeholder)
	}
	return nil
}

// setter fills what is empty with a text of a template in a language.
func setter(cfg *status.Config, affects []string, lang string) func(field *string, value string) {
	components := strings.NewReplacer(placeholder, namesOf(cfg, affects, lang))
	return func(field *string, value string) {
		if strings.TrimSpace(*field) == "" {
			*field = components.Replace(value)
		}
	}
}

// translate takes from the template in other languages what the draft is going
// to take from it in its own.
func (d *Draft) translate(cfg *status.Config) {
	texts := maps.Clone(d.Texts)
	for _, lang := range cfg.Languages {
		t, err := template(d.Template, lang)
		if err != nil || lang == d.Lang || natural.Match(lang, []string{t.Lang}) == "" {
			continue // it is not written in that language
		}
		text := texts[lang]
		set := setter(cfg, d.Affects, lang)
		for _, f := range []struct {
			own, to *string
			value   string
		}{
			{&d.Title, &text.Title, t.Title},
			{&d.Message, &text.Message, t.Text},
			{&d.Expect, &text.Expect, t.Expect},
			{&d.Who, &text.Who, t.Who},
			{&d.Action, &text.Action, t.Action},
			{&d.Workaround, &text.Workaround, t.Workaround},
			{&d.UnaffectedText, &text.UnaffectedText, t.UnaffectedText},
		} {
			if strings.TrimSpace(*f.own) == "" {
				set(f.to, f.value)
			}
		}
		if text.Title != "" && d.Translations["title_"+lang] != "" {
			text.Title = ""
		}
		if text != (Text{}) {
			if texts == nil {
				texts = map[string]Text{}
			}
			texts[lang] = text
		}
	}
	d.Texts = texts
}

// template returns a template in a language.
func template(name, lang string) (Template, error) {
	list := Templates(lang)
	i := slices.IndexFunc(list, func(t Template) bool { return t.Name == name })
	if i >= 0 {
		return list[i], nil
	}
	var names []string
	for _, t := range list {
		names = append(names, t.Name)
	}
	return Template{}, fmt.Errorf("there is no template %q (%s)", name, problem.DidYouMean(name, names))
}

// condition is how a component does that the draft names without saying.
func (d *Draft) condition() string {
	switch d.Template {
	case "degraded", "supplier":
		return "degraded"
	}
	return "down"
}

// namesOf lists components for people: "IMAP, POP".
func namesOf(c *status.Config, affects []string, lang string) string {
	var names []string
	for _, w := range affects {
		id, _, _ := strings.Cut(w, "=")
		if name := c.NameIn(id, lang); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
