package help

import (
	"io/fs"
	"strings"

	"signpost/internal/server/page"
	"signpost/internal/server/web"
	"signpost/internal/view"
	assets "signpost/web"
)

// The widget is a frame with search and current status for other pages of the
// provider. Its script does nothing but insert the frame, in a sandbox.

// WidgetScript answers /widget.js, which keeps its name for ever.
func WidgetScript(r *web.Request) error {
	r.Open()
	r.CacheControl(false)
	return r.SendCached("text/javascript; charset=utf-8", "widget.js", func() ([]byte, error) { return fs.ReadFile(assets.Static(), "widget.js") })
}

// Widget answers the page in the frame, the only one that may be framed: by
// the pages that site.yaml names.
func Widget(r *web.Request) error {
	ancestors := "'none'"
	if origins := r.Page.Snap.Library.Site.EmbedOrigins; len(origins) > 0 {
		ancestors = strings.Join(origins, " ")
	}
	h := r.Response().Header()
	h.Set("Content-Security-Policy", strings.Replace(web.ContentPolicy, "frame-ancestors 'none'", "frame-ancestors "+ancestors, 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return r.SendPage(func() (view.Page, error) {
		p := &view.Widget{Chrome: page.Unlisted(r.Page.Chrome("")), Popular: r.Page.ArticleLinks(r.Page.Snap.Popular(5))}
		p.Title = r.Page.Snap.Library.Site.Name
		p.Level, p.Sentence, _ = r.Page.Overall()
		return p, nil
	})
}
