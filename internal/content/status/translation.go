package status

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"signpost/internal/content/markdown"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// TextFront is the front matter of a post's text in another language: its short
// sentences. It may be missing.
type TextFront struct {
	Title          string `yaml:"title" json:"title,omitempty" jsonschema:"description=What customers read first\\, without the state"`
	Expect         string `yaml:"expect" json:"expect,omitempty" jsonschema:"description=What customers will notice"`
	Who            string `yaml:"who" json:"who,omitempty" jsonschema:"description=Who is concerned"`
	UnaffectedText string `yaml:"unaffected_text" json:"unaffected_text,omitempty" jsonschema:"description=What keeps working"`
	Action         string `yaml:"action" json:"action,omitempty" jsonschema:"description=What customers should do"`
	Workaround     string `yaml:"workaround" json:"workaround,omitempty" jsonschema:"description=What works meanwhile"`
}

// A Translation is the text of a post in another language, the file ID.LANG.md
// beside it. [Post.Translate] joins the two.
type Translation struct {
	Path    string
	Lang    string
	Front   TextFront
	Summary Body
	Updates []TranslatedUpdate // in the order of the file

	lines map[string]int // line of each front matter key
}

// A TranslatedUpdate is the text of one update: "## {#ID}" and what is below.
type TranslatedUpdate struct {
	ID   string
	Body Body
	Line int
}

var translationFile = regexp.MustCompile(`^(.+)\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md$`)

// TranslationOf tells of which post's file a file ID.LANG.md is the text, and
// in which language; ok is false for any other name.
func TranslationOf(file string) (post, lang string, ok bool) {
	dir, name := path.Split(file)
	m := translationFile.FindStringSubmatch(name)
	if m == nil {
		return "", "", false
	}
	return dir + m[1] + ".md", m[2], true
}

// TranslationPath returns the file of a post's text in another language.
func TranslationPath(post, lang string) string {
	return strings.TrimSuffix(post, ".md") + "." + lang + ".md"
}

// ParseTranslation reads a post's text in another language; file is its path
// (see [TranslationOf]). The translation is nil when the problems contain errors.
func ParseTranslation(file string, src []byte) (*Translation, problem.List) {
	post, lang, ok := TranslationOf(file)
	r := &reader{file: file, post: &Post{Path: post}}
	if !ok {
		r.Errorf(file, 1, "name it after the post: ID.de.md", "%q does not say of which post and in which language the text is", path.Base(file))
		return nil, r.List
	}
	t := &Translation{Path: file, Lang: lang, lines: map[string]int{}}
	parts, problems := markdown.Split(file, src)
	if r.List = problems; r.HasErrors() {
		return nil, r.List
	}
	if parts.FrontLines > 0 {
		r.translatedFront(t, parts)
	}
	intro, sections := parts.Sections()
	t.Summary = r.translatedBody(intro.Body, intro.BodyLines, lang)
	for _, s := range sections {
		u := TranslatedUpdate{Line: s.Line, Body: r.translatedBody(s.Body, s.BodyLines, lang)}
		if u.ID, ok = onlyID(s.Heading); !ok {
			r.Errorf(file, s.Line, "write ## {#ID} with the id of the update in "+path.Base(post), "%q is not the heading of a translated update: times, states and components stand only in the post itself", "## "+s.Heading)
			continue
		}
		if slices.ContainsFunc(t.Updates, func(o TranslatedUpdate) bool { return strings.EqualFold(o.ID, u.ID) }) {
			r.Errorf(file, s.Line, "keep one of the two", "the update %q is translated twice", u.ID)
		}
		t.Updates = append(t.Updates, u)
	}
	r.relativeWords(parts, lang)
	if r.HasErrors() {
		return nil, r.List
	}
	return t, r.List
}

// onlyID reads a heading that is nothing but {#ID}.
func onlyID(heading string) (id string, ok bool) {
	m := fixedID.FindStringSubmatch(heading)
	if m == nil || strings.TrimSpace(m[1]) != "" || !idForm.MatchString(m[2]) {
		return "", false
	}
	return m[2], true
}

func (r *reader) translatedBody(text []byte, before int, lang string) Body {
	b := trimBody(text, before)
	b.Path, b.Lang = r.file, lang
	r.underlined(b)
	return b
}

// translatedFront reads the short sentences.
func (r *reader) translatedFront(t *Translation, parts markdown.Source) {
	doc, problems := yamldoc.Decode(r.file, parts.Front, parts.FrontLines, &t.Front)
	for i, p := range problems {
		if strings.HasPrefix(p.Message, "unknown key ") && !strings.HasPrefix(p.Hint, "did you mean") {
			problems[i].Hint = "a translation has " + strings.Join(translated, ", ") + "; all else stands in " + path.Base(r.post.Path)
		}
	}
	r.List = append(r.List, problems...)
	for _, key := range translated {
		if doc.Has(key) {
			t.lines[key] = doc.Line(key)
		}
	}
	t.Front.Title = strings.Join(strings.Fields(t.Front.Title), " ")
	if utf8.RuneCountInString(t.Front.Title) > maxTitle {
		r.Errorf(r.file, t.line("title"), "say the rest in the text", "the title is longer than %d characters", maxTitle)
	}
}

// line is the line of a front matter key, 1 when it is not there.
func (t *Translation) line(key string) int { return max(1, t.lines[key]) }

// sentences are the texts of the front matter by key.
func (f *TextFront) sentences() map[string]string {
	return map[string]string{
		"title": f.Title, "expect": f.Expect, "who": f.Who, "unaffected_text": f.UnaffectedText, "action": f.Action, "workaround": f.Workaround,
	}
}

// sentencesOf are the texts of a post by key.
func (p *Post) sentencesOf() map[string]Text {
	return map[string]Text{
		"title": p.Title, "expect": p.Expect, "who": p.Who, "unaffected_text": p.UnaffectedText, "action": p.Action, "workaround": p.Workaround,
	}
}

// Translate gives a post its text in another language. With an error the post
// stays as it is. An update that the translation lacks is shown in the post's
// language; one that the post lacks is a warning.
func (p *Post) Translate(t *Translation, cfg Config) problem.List {
	var l problem.List
	if t.Lang == p.Lang {
		l.Errorf(t.Path, 1, "name it after the language of its text, or write it into "+path.Base(p.Path), "the post itself is in %q", t.Lang)
		return l
	}
	if len(cfg.Languages) > 0 && !slices.Contains(cfg.Languages, t.Lang) {
		l.Warnf(t.Path, 0, problem.DidYouMean(t.Lang, cfg.Languages), "%q is not a language of this site; the file is not used", t.Lang)
		return l
	}
	texts := p.sentencesOf()
	for _, key := range translated {
		own := key + "_" + t.Lang
		if strings.TrimSpace(t.Front.sentences()[key]) != "" && p.lines[own] > 0 {
			l.Errorf(t.Path, t.line(key), fmt.Sprintf("take one out: %s here, or %s on line %d of %s", key, own, p.lines[own], path.Base(p.Path)), "%s is translated twice", key)
		}
	}
	var ids []string
	for _, u := range p.Updates {
		ids = append(ids, u.ID)
	}
	at := map[int]Body{}
	for _, u := range t.Updates {
		i := slices.IndexFunc(ids, func(id string) bool { return strings.EqualFold(id, u.ID) })
		if i < 0 {
			l.Warnf(t.Path, u.Line, didYouMean(u.ID, ids), "%s has no update %q", path.Base(p.Path), u.ID)
			continue
		}
		at[i] = u.Body
	}
	if l.HasErrors() {
		return l
	}
	for key, s := range t.Front.sentences() {
		if s = strings.TrimSpace(s); s != "" {
			texts[key][t.Lang] = s
		}
	}
	if t.Summary.Source != "" {
		p.Summaries = with(p.Summaries, t.Lang, t.Summary)
	}
	for i, body := range at {
		if body.Source != "" {
			p.Updates[i].Bodies = with(p.Updates[i].Bodies, t.Lang, body)
		}
	}
	if first := &p.Updates[0]; first.Implicit {
		if first.Bodies = nil; len(p.Summaries) > 0 { // its text is the summary
			first.Bodies = p.Summaries
		}
	}
	if p.Translations == nil {
		p.Translations = map[string]string{}
	}
	p.Translations[t.Lang] = t.Path
	return l
}

func with(b Bodies, lang string, body Body) Bodies {
	if b == nil {
		b = Bodies{}
	}
	b[lang] = body
	return b
}
