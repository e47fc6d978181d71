package view

import (
	"fmt"

	"signpost/internal/colour"
)

// ThemeCSS returns the stylesheet that gives the pages the accent colour of
// site.yaml, "#1a6b5c", and a lighter shade of it on dark pages. An accent that
// [colour.Accent] refuses is an error.
func ThemeCSS(accent string) ([]byte, error) {
	c, err := colour.Accent(accent)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "@media screen{:root{--accent:%s;--on-accent:%s}}\n@media screen and (prefers-color-scheme:dark){:root{--accent:%s;--on-accent:%s}}\n",
		c.Light, c.OnLight, c.Dark, c.OnDark), nil
}
