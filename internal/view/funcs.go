package view

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"signpost/internal/locale"
)

// functions returns what templates can call. Those bound to a language are the
// reason why there is a set of templates for each.
func functions(l *locale.Language, asset func(string) string) template.FuncMap {
	return template.FuncMap{
		"t":    l.T,
		"num":  l.Number,
		"list": l.List,
		"dir":  func() string { return l.Dir },
		"side": func(lang string) template.HTMLAttr { // for a text in a language that runs the other way
			if dir := locale.Direction(lang); dir != l.Dir {
				return template.HTMLAttr(`dir="` + dir + `"`)
			}
			return ""
		},
		"apple":       func(device string) bool { return slices.Contains([]string{"iphone", "ipad", "mac"}, device) },
		"asset":       asset,
		"args":        pairs,
		"runs":        runs,
		"width":       func(days []Day) int { return max(1, len(days)*dayWidth-1) },
		"bars":        bars,
		"domain":      example,
		"bookmarklet": bookmarklet,
	}
}

// pairs hands several values to a template: {{template "x" args "a" .A "b" .B}}.
func pairs(kv ...any) (map[string]any, error) {
	m := map[string]any{}
	if len(kv)%2 != 0 {
		return nil, fmt.Errorf("args: a name without a value")
	}
	for i := 0; i < len(kv); i += 2 {
		name, ok := kv[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: a name that is no text")
		}
		m[name] = kv[i+1]
	}
	return m, nil
}

// example is an address that a visitor might type.
func example(domains []string) string {
	if len(domains) == 0 {
		return "name@example.com"
	}
	return "name@" + strings.ToLower(domains[0])
}

// bookmarklet opens the desk with the text that is marked in any other page.
// The text travels in the fragment, which no server sees.
func bookmarklet(host, root string) template.URL {
	target := template.JSEscapeString(host + root + "/agent#text=")
	return template.URL("javascript:void(open('" + target + "'+encodeURIComponent(getSelection())))")
}
