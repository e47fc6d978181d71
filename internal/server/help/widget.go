package help

import (
	"io/fs"
	"strings"

	"signpost/internal/server/edition"
	"signpost/internal/server/exchange"
	"signpost/internal/view"
	"signpost/web"
)

// The widget is a frame with search and current status for other pages of the
// provider. Its script does nothing but insert the frame, in a sandbox.

// WidgetScript answers /widget.js, which keeps its name for ever.
func WidgetScript(r *exchange.Request) error {
	r.Open()
	r.CacheControl(false)
	return r.Kept("text/javascript; charset=utf-8", "widget.js", func() ([]byte, error) { return fs.ReadFile(web.Static(), "widget.js") })
}

// Widget answers the page in the frame, the only one that may be framed: by
// the pages that site.yaml names.
func Widget(r *exchange.Request) error {
	ancestors := "'none'"
	if origins := r.Snap.Library.Site.EmbedOrigins; len(origins) > 0 {
		ancestors = strings.Join(origins, " ")
	}
	h := r.Response().Header()
	h.Set("Content-Security-Policy", strings.Replace(exchange.ContentPolicy, "frame-ancestors 'none'", "frame-ancestors "+ancestors, 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return r.Page(func() (view.Page, error) {
		p := &view.Widget{Chrome: edition.Unlisted(r.Chrome("")), Popular: r.ArticleLinks(r.Snap.Popular(5))}
		p.Title = r.Snap.Library.Site.Name
		p.Level, p.Sentence, _ = r.Overall()
		return p, nil
	})
}
