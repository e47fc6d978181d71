package page

import (
	"io/fs"
	"slices"
	"strings"
	"sync"

	"signpost/internal/view"
	"signpost/web"
)

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

// ThemeVersion changes with the colour and with the program's stylesheet.
func ThemeVersion(accent string) string {
	return strings.TrimPrefix(accent, "#") + "-" + web.AssetHash("site.css")
}

// ThemeCSS is the program's stylesheet in the operator's accent colour.
func (e Context) ThemeCSS() ([]byte, error) {
	return e.by.themes.get(e.Snap.Library.Site.Theme.Accent)
}
