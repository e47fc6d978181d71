// Package view turns one struct per page into HTML. The structs are plain
// data: whoever fills them needs to know nothing about templates, and the
// templates know nothing about content or state.
//
// [New] parses every template once, for every language; [Renderer.Render]
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
	sets   map[*locale.Language]*template.Template

	mu   sync.Mutex
	last *Renderer // for other catalogues
}

// New parses the templates for every language of the catalogues.
func New(c Config) (*Renderer, error) {
	return newRenderer(c, c.Texts, nil)
}

// newRenderer parses the templates for the languages that are not known yet.
func newRenderer(c Config, texts *locale.Catalogues, known map[*locale.Language]*template.Template) (*Renderer, error) {
	r := &Renderer{config: c, texts: texts, sets: map[*locale.Language]*template.Template{}}
	for _, tag := range texts.Languages() {
		l := texts.For(tag)
		if set := known[l]; set != nil {
			r.sets[l] = set
			continue
		}
		set, err := template.New(tag).Option("missingkey=error").Funcs(functions(l, c.Asset)).ParseFS(c.Templates, "*.html")
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		r.sets[l] = set
	}
	return r, nil
}

// With returns a renderer for the catalogues of a snapshot. The last one is
// kept, so that only a change of the texts costs anything.
func (r *Renderer) With(texts *locale.Catalogues) (*Renderer, error) {
	if texts == r.texts {
		return r, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || r.last.texts != texts {
		next, err := newRenderer(r.config, texts, r.sets)
		if err != nil {
			return nil, err
		}
		r.last = next
	}
	return r.last, nil
}

// Texts returns the catalogues that the pages are written with.
func (r *Renderer) Texts() *locale.Catalogues { return r.texts }

// Render returns the page as HTML in the language of its Chrome.
func (r *Renderer) Render(p Page) ([]byte, error) {
	name, chrome := p.page()
	set := r.sets[r.texts.For(chrome.Lang)]
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, p); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", name, err)
	}
	return b.Bytes(), nil
}
