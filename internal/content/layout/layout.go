// Package layout says what a file of a content folder is, by its place.
package layout

import (
	"path"
	"strings"

	"signpost/internal/content/asset"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// SiteFile is where the site file lies in the content folder.
const SiteFile = "site.yaml"

// A Class is what a file is, by its place in the folder.
type Class int

// The classes.
const (
	Unknown Class = iota
	Site
	Provider
	Synonyms
	Text     // help/<category>/<slug>/<language>.md
	Part     // help/parts/<name>/<language>.md
	Asset    // beside a text or part, or named by the theme
	Post     // status/**/*.md
	PostText // status/**/ID.LANG.md: a post in another language
	List     // a list of domains that a provider names
	Locale   // locale/LANG.yaml: texts of the interface
)

// Classify tells from the path what a file is.
func Classify(p string) (c Class, lang string) {
	parts := strings.Split(p, "/")
	name := parts[len(parts)-1]
	markdownFile := strings.HasSuffix(name, ".md")
	switch {
	case p == SiteFile:
		return Site, ""
	case p == "synonyms.txt":
		return Synonyms, ""
	case parts[0] == "providers" && len(parts) == 2 && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")):
		return Provider, ""
	case parts[0] == "locale" && len(parts) == 2 && strings.HasSuffix(name, ".yaml"):
		return Locale, strings.TrimSuffix(name, ".yaml")
	case parts[0] == "providers" && strings.HasSuffix(name, ".txt"):
		return List, ""
	case parts[0] == "status" && len(parts) >= 2 && markdownFile:
		if _, lang, ok := status.TranslationOf(p); ok {
			return PostText, lang
		}
		return Post, ""
	case parts[0] == "help" && len(parts) == 4 && markdownFile:
		if parts[1] == "parts" {
			return Part, strings.TrimSuffix(name, ".md")
		}
		return Text, strings.TrimSuffix(name, ".md")
	case parts[0] == "help" && len(parts) == 4 && asset.Type(name) != "",
		parts[0] != "help" && parts[0] != "status" && parts[0] != "providers" && (asset.Type(name) != "" || strings.HasSuffix(name, ".css")):
		return Asset, ""
	}
	return Unknown, ""
}

// SizeLimit is how large a file of a class may be.
func SizeLimit(c Class) int64 {
	switch c {
	case Asset, List:
		return asset.MaxFile
	case Site, Provider:
		return yamldoc.MaxSize
	case Locale:
		return locale.MaxSize
	default:
		return markdown.MaxSize
	}
}

// NotContent names what may lie at the top of a folder without being content.
func NotContent(p string) bool {
	return !strings.Contains(p, "/") &&
		(strings.HasPrefix(p, "README") || strings.HasPrefix(p, "LICENSE") || strings.HasPrefix(p, "CONTRIBUTING") || path.Ext(p) == ".go")
}

// Hint says where in the folder a file like p belongs.
func Hint(p string) string {
	parts := strings.Split(p, "/")
	switch parts[0] {
	case "help":
		return "articles are help/CATEGORY/SLUG/LANGUAGE.md, with " + strings.Join(asset.Extensions(), " ") + " files beside them"
	case "status":
		return "posts are status/YEAR/NAME.md, with NAME.de.md in other languages beside them"
	case "locale":
		return "texts of the interface are locale/LANGUAGE.yaml"
	case "providers":
		return "a provider is providers/NAME.yaml"
	}
	return problem.DidYouMean(p, []string{SiteFile, "synonyms.txt"})
}

// ArticleFolder reports whether dir can hold an article, and its names.
func ArticleFolder(dir string) (category, slug string, ok bool) {
	parts := strings.Split(dir, "/")
	if len(parts) != 3 || parts[0] != "help" || parts[1] == "parts" {
		return "", "", false
	}
	return parts[1], parts[2], true
}
