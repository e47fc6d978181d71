package server

import (
	"io/fs"
	"strings"

	"signpost/internal/view"
	"signpost/web"
)

// The widget is a frame with search and current status for other pages of the
// provider. Its script does nothing but insert the frame, in a sandbox.

// widgetScript answers /widget.js, which keeps its name for ever.
func (r *request) widgetScript() error {
	r.open()
	r.cacheControl(false)
	return r.kept("text/javascript; charset=utf-8", "widget.js", func() ([]byte, error) { return fs.ReadFile(web.Static(), "widget.js") })
}

// widget answers the page in the frame, the only one that may be framed: by
// the pages that site.yaml names.
func (r *request) widget() error {
	ancestors := "'none'"
	if origins := r.snap.Library.Site.EmbedOrigins; len(origins) > 0 {
		ancestors = strings.Join(origins, " ")
	}
	h := r.Response().Header()
	h.Set("Content-Security-Policy", strings.Replace(contentPolicy, "frame-ancestors 'none'", "frame-ancestors "+ancestors, 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return r.page(func() (view.Page, error) {
		p := &view.Widget{Chrome: r.unlisted(r.chrome("")), Popular: r.articleLinks(r.snap.Popular(5))}
		p.Title = r.snap.Library.Site.Name
		p.Level, p.Sentence, _ = r.overall()
		return p, nil
	})
}
