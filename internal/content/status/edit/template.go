package edit

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
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

// fill takes from the draft's template what the draft leaves empty. Without a
// template only a missing title is made.
func (d *Draft) fill(cfg *status.Config) error {
	list := Templates(d.Lang)
	name := d.Template
	if name == "" {
		if d.Title != "" {
			return nil
		}
		if name = d.usual(); name == "" {
			return fmt.Errorf("a notice needs a title")
		}
	}
	i := slices.IndexFunc(list, func(t Template) bool { return t.Name == name })
	if i < 0 {
		var names []string
		for _, t := range list {
			names = append(names, t.Name)
		}
		return fmt.Errorf("there is no template %q (%s)", name, problem.DidYouMean(name, names))
	}
	t := list[i]
	if d.Template != "" && t.Kind != d.Kind {
		return fmt.Errorf("the template %s is for a post of the kind %s, not %s", name, t.Kind, d.Kind)
	}
	if len(d.Affects) == 0 && d.Template != "" {
		for _, w := range status.Words(t.Affects) {
			if id, _, _ := strings.Cut(w, "="); cfg.Expand(id) != nil {
				d.Affects = append(d.Affects, w)
			}
		}
	}
	components := strings.NewReplacer("{components}", namesOf(cfg, d.Affects, d.Lang))
	set := func(field *string, value string) {
		if strings.TrimSpace(*field) == "" {
			*field = components.Replace(value)
		}
	}
	set(&d.Title, t.Title)
	if d.Template == "" {
		return nil
	}
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

// condition is how a component does that the draft names without saying.
func (d *Draft) condition() string {
	switch d.Template {
	case "degraded", "supplier":
		return "degraded"
	}
	return "down"
}

// usual names the template whose title fits a draft without one.
func (d *Draft) usual() string {
	switch d.Kind {
	case status.Notice:
		return ""
	case status.Maintenance:
		return "maintenance"
	}
	for _, w := range d.Affects {
		if _, condition, _ := strings.Cut(w, "="); condition == "" || condition == "down" {
			return "outage"
		}
	}
	return "degraded"
}

// namesOf lists components for people: "IMAP, POP".
func namesOf(c *status.Config, affects []string, lang string) string {
	var names []string
	for _, w := range affects {
		id, _, _ := strings.Cut(w, "=")
		name := id
		for _, x := range c.Components {
			if x.ID == id {
				name = nameIn(x.Name, lang, c.Languages, id)
			}
		}
		for _, g := range c.Groups {
			if g.ID == id {
				name = nameIn(g.Name, lang, c.Languages, id)
			}
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func nameIn(names map[string]string, lang string, others []string, id string) string {
	for _, l := range append([]string{lang}, others...) {
		if n := names[l]; n != "" {
			return n
		}
	}
	return id
}
