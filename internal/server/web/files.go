package web

import (
	"io/fs"
	"mime"
	"path"
	"strings"

	"signpost/internal/server/page"
	"signpost/web"
)

// Static answers the program's own files.
func Static(r *Request) error {
	name := r.Param("name")
	hash := web.AssetHash(name)
	if hash == "" {
		return ErrNotFound
	}
	r.CacheControl(r.QueryParam("v") == hash)
	r.forFrames()
	contentType := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".js") {
		contentType = "text/javascript; charset=utf-8"
	}
	return r.sendKept(contentType, "static "+name, true, func() ([]byte, error) { return fs.ReadFile(web.Static(), name) })
}

// forFrames lets the widget load a file: its frame is sandboxed, and so of no
// origin, not even this one.
func (r *Request) forFrames() {
	r.Response().Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// File answers pictures and attached files of the content. They run in a
// sandbox of their own: an SVG with a script in it is a picture and no more.
func File(r *Request) error {
	name := r.Param("*")
	f := r.Page.Snap.Help.File(name)
	if f == nil {
		return ErrNotFound
	}
	h := r.Response().Header()
	if strings.HasPrefix(f.Type, "text/css") {
		if f.Path != r.Page.Snap.Library.Site.Theme.CSS {
			return ErrNotFound
		}
	} else {
		h.Set("Content-Security-Policy", FilePolicy)
	}
	if strings.HasPrefix(f.Type, "text/plain") || f.Type == "application/pdf" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(name)}))
	}
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // feeds and replies show the pictures
	r.CacheControl(r.QueryParam("v") == f.Hash)
	return r.SendCached(f.Type, "file "+name, func() ([]byte, error) { return f.Data, nil })
}

// Theme answers the program's stylesheet in the operator's accent colour.
func Theme(r *Request) error {
	accent := r.Page.Snap.Library.Site.Theme.Accent
	if accent == "" {
		return ErrNotFound
	}
	css, err := r.Page.ThemeCSS()
	if err != nil {
		return ErrNotFound // check and the log say why
	}
	r.CacheControl(r.QueryParam("v") == page.ThemeVersion(accent))
	r.forFrames()
	return r.SendCached("text/css; charset=utf-8", "theme", func() ([]byte, error) { return css, nil })
}
