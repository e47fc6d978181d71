// Package web holds the templates, stylesheets, scripts and interface texts of
// the pages, embedded. [Asset] gives the URL of a static file with a hash of
// its content, so that it can be cached for ever; [Static] is what is served
// under /static/.
//
// The scripts need no more of the server than the forms do, and this:
//
//   - site.js: GET /api/v1/search?q=&lang=&limit= as the public API.
//   - setup.js: POST /setup with address=@DOMAIN answers the page of that
//     domain's settings with {address} {local} {domain} in place of values;
//     the script fills them in, so that the address stays in the page.
//   - agent.js: POST /agent answers the desk with suggestions, of which the
//     script takes the part marked data-answers; POST /api/v1/replies {kind,
//     format, article, lang, platform, address, ticket} with kind article or
//     settings and format link, text, markdown or html answers {url, text,
//     html}; X-CSRF-Token carries the page's token.
//   - widget.js: served as /widget.js; inserts a frame with /widget.
package web

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"sync"
)

//go:embed templates static locale
var files embed.FS

// Templates returns the *.html files.
func Templates() fs.FS { return sub("templates") }

// Static returns the files served under /static/.
func Static() fs.FS { return sub("static") }

// Locale returns the catalogues LANG.yaml.
func Locale() fs.FS { return sub("locale") }

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // only an invalid name fails, and the names are constants
	}
	return f
}

var hashes = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	entries, _ := fs.ReadDir(Static(), ".")
	for _, e := range entries {
		if b, err := fs.ReadFile(Static(), e.Name()); err == nil {
			m[e.Name()] = Hash(b)
		}
	}
	return m
})

// Hash returns the short content hash used in URLs of static files.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// Asset returns the URL of a static file, "/static/site.css?v=HASH", and ""
// when there is no such file. A request whose v is the current hash may be
// answered as immutable.
func Asset(name string) string {
	h, ok := hashes()[name]
	if !ok {
		return ""
	}
	return "/static/" + name + "?v=" + h
}

// AssetHash returns the hash that Asset puts into the URL, "" when there is no
// such file.
func AssetHash(name string) string { return hashes()[name] }
