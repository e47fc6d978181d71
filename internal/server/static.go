package server

import (
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"signpost/internal/view"
	"signpost/web"
)

const (
	forEver   = "public, max-age=31536000, immutable"
	fileCSP   = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
	shortTime = "public, max-age=300"
)

// static answers the program's own files.
func (r *request) static() error {
	name := r.Param("name")
	hash := web.AssetHash(name)
	if hash == "" {
		return errNotFound
	}
	r.cacheControl(r.QueryParam("v") == hash)
	r.forFrames()
	contentType := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".js") {
		contentType = "text/javascript; charset=utf-8"
	}
	return r.kept(contentType, "static "+name, func() ([]byte, error) { return fs.ReadFile(web.Static(), name) })
}

// forFrames lets the widget load a file: its frame is sandboxed, and so of no
// origin, not even this one.
func (r *request) forFrames() {
	r.Response().Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
}

func (r *request) cacheControl(immutable bool) {
	v := shortTime
	if immutable {
		v = forEver
	}
	r.Response().Header().Set("Cache-Control", v)
}

// file answers pictures and attached files of the content. They run in a
// sandbox of their own: an SVG with a script in it is a picture and no more.
func (r *request) file() error {
	name := r.Param("*")
	f := r.snap.Help.File(name)
	if f == nil {
		return errNotFound
	}
	h := r.Response().Header()
	if strings.HasPrefix(f.Type, "text/css") {
		if f.Path != r.snap.Library.Site.Theme.CSS {
			return errNotFound
		}
	} else {
		h.Set("Content-Security-Policy", fileCSP)
	}
	if strings.HasPrefix(f.Type, "text/plain") || f.Type == "application/pdf" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // feeds and replies show the pictures
	r.cacheControl(r.QueryParam("v") == f.Hash)
	return r.kept(f.Type, "file "+name, func() ([]byte, error) { return f.Data, nil })
}

// A themeCache keeps the stylesheet in the operator's accent colour: the
// program's own and the theme's lines in one, which saves each visitor a request.
type themeCache struct {
	mu     sync.Mutex
	accent string
	css    []byte
	err    error
}

func (t *themeCache) get(accent string) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.accent != accent {
		t.accent = accent
		var theme, base []byte
		if theme, t.err = view.ThemeCSS(accent); t.err == nil {
			base, t.err = fs.ReadFile(web.Static(), "site.css")
		}
		t.css = slices.Concat(base, theme)
	}
	return t.css, t.err
}

// themeVersion changes with the colour and with the program's stylesheet.
func themeVersion(accent string) string {
	return strings.TrimPrefix(accent, "#") + "-" + web.AssetHash("site.css")
}

func (r *request) theme() error {
	accent := r.snap.Library.Site.Theme.Accent
	if accent == "" {
		return errNotFound
	}
	css, err := r.s.themes.get(accent)
	if err != nil {
		return errNotFound // check and the log say why
	}
	r.cacheControl(r.QueryParam("v") == themeVersion(accent))
	r.forFrames()
	return r.kept("text/css; charset=utf-8", "theme", func() ([]byte, error) { return css, nil })
}

// style shows every element, for those who work on the pages.
func (r *request) style() error {
	return r.fresh(http.StatusOK, view.NewStyle(r.chrome(""), r.words(), view.At(r.words(), r.now)))
}
