// Package view turns one struct per page into HTML. The structs are plain
// data: whoever fills them needs to know nothing about templates, and the
// templates know nothing about content or state.
//
// [New] parses every template once; [Renderer.Render]
// writes a page into a buffer, so that an answer is a whole page or an error,
// never half a page. Templates are html/template: every text is escaped for
// the place where it stands. The only exceptions are fields of type [HTML],
// which hold what the Markdown renderer or this package made.
//
// Pages carry no inline script, style or event handler, so that they work
// under a Content-Security-Policy that allows none. Each loads one stylesheet,
// with the operator's theme ([ThemeCSS]) in it, and at most two scripts.
//
// A test walks every template and checks each field, argument and key of the
// catalogues against the structs, and renders every page empty and full.
package view

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"sync"

	"signpost/internal/locale"
)

// Config is what a Renderer needs.
type Config struct {
	Templates fs.FS // *.html
	Texts     *locale.Catalogues
	Asset     func(name string) string // URL of a static file, "" when unknown
}

// Renderer renders pages. It is safe for concurrent use.
type Renderer struct {
	config Config
	texts  *locale.Catalogues
	parsed *template.Template // parsed once, never executed

	mu   sync.Mutex
	sets map[*locale.Language]*template.Template // made when a language is first asked for
	last *Renderer                               // for other catalogues
}

// New parses the templates.
func New(c Config) (*Renderer, error) {
	l := c.Texts.For(c.Texts.Languages()[0])
	parsed, err := template.New("pages").Option("missingkey=error").Funcs(functions(l, c.Asset)).ParseFS(c.Templates, "*.html")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	return &Renderer{config: c, texts: c.Texts, parsed: parsed, sets: map[*locale.Language]*template.Template{}}, nil
}

// With returns a renderer for the catalogues of a snapshot. The last one is
// kept, so that only a change of the texts costs anything.
func (r *Renderer) With(texts *locale.Catalogues) *Renderer {
	if texts == r.texts {
		return r
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || r.last.texts != texts {
		r.last = &Renderer{config: r.config, texts: texts, parsed: r.parsed, sets: maps.Clone(r.sets)}
	}
	return r.last
}

// set returns the templates with the functions of a language.
func (r *Renderer) set(l *locale.Language) (*template.Template, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if set := r.sets[l]; set != nil {
		return set, nil
	}
	set, err := r.parsed.Clone()
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	r.sets[l] = set.Funcs(functions(l, r.config.Asset))
	return r.sets[l], nil
}

// Texts returns the catalogues that the pages are written with.
func (r *Renderer) Texts() *locale.Catalogues { return r.texts }

// Render returns the page as HTML in the language of its Chrome.
func (r *Renderer) Render(p Page) ([]byte, error) {
	name, chrome := p.page()
	set, err := r.set(r.texts.For(chrome.Lang))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, p); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return b.Bytes(), nil
}
