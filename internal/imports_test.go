package internal_test

import (
	"cmp"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// allowed says which own packages a package may import, by their paths below
// internal; "x/" is x and everything below it. problem, yamldoc, durable, lang and
// locale are low enough for everyone. What is not listed may import nothing of ours.
var allowed = map[string][]string{
	"problem": {}, "yamldoc": {}, "lang": {}, "locale": {}, "durable": {}, "listen": {}, "relay": {}, "limit": {}, "mail/dnsclient": {},
	// Leaves
	"mail/address": {}, "ticket": {"ticket/"}, "ticket/": {"ticket/"}, "token": {}, "content/markdown/syntax": {}, "feed": {}, "colour": {},
	"search": {"search/"}, "search/": {"search/"},
	"notify": {},
	"state":  {"state/", "notify", "token"}, "state/": {"state/", "notify", "token", "mail/address"},
	"feed/atom": {"feed"}, "feed/jsonfeed": {"feed"}, "feed/rss": {"feed"},
	// What a mail program has to know
	"mail/provider":   {"mail/address"},
	"mail/hosted":     {"mail/provider", "mail/address"},
	"mail/autoconfig": {"mail/provider", "mail/address"}, "mail/autodiscover": {"mail/provider", "mail/address"},
	"mail/mobileconfig": {"mail/provider", "mail/address"}, "mail/pacc": {"mail/provider", "mail/address"},
	"mail/dnsrecord": {"mail/provider", "mail/address"}, "mail/clientfile": {"mail/provider", "mail/address"},
	"mail/verify":   {"mail/provider", "mail/address", "mail/dnsclient"},
	"mail/discover": {"mail/provider", "mail/address", "mail/autoconfig", "mail/dnsclient", "mail/verify"},
	"mail/format":   {"mail/"},
	"starter":       {"mail/provider", "mail/address", "mail/discover"},
	// Content
	"content/markdown":        {"content/markdown/syntax"},
	"content/article":         {"content/markdown"},
	"content/status/walltime": {},
	"content/status":          {"content/markdown", "content/status/walltime"},
	"content/status/uptime":   {"content/status", "content/status/walltime"},
	"content/status/edit":     {"content/markdown", "content/status", "content/status/walltime"},
	"content/source":          {"content/source/"},
	"content/source/change":   {},
	"content/source/links":    {},
	"content/source/ledger":   {"content/source/change"},
	"content/source/folder":   {"content/source/change", "content/source/links"},
	"content/source/gitrepo":  {"content/source/links"},
	"content/asset":           {},
	"content/sitefile":        {"content/article", "content/status", "colour"},
	"content/seen":            {"content/status", "durable"},
	"content/layout":          {"content/asset", "content/markdown", "content/sitefile", "content/status"},
	"content/lastgood":        {"content/asset", "content/source"},
	"content/ownhost":         {"mail/provider"},
	"content":                 {"content/", "mail/provider", "mail/hosted", "mail/address"},
	"feed/ical":               {"content/status"}, "feed/statuspage": {"content/status", "content/status/walltime"}, "feed/badge": {"content/status"},
	// Above
	"site":         {"content", "content/", "mail/", "search", "state"},
	"auth":         {"limit", "state", "token"},
	"webhook":      {"mail/verify"},
	"contact":      {"relay", "webhook"},
	"notify/":      {"notify", "notify/", "content/status", "relay", "state/notices", "webhook"},
	"view":         {"colour"},
	"suggest":      {"content", "content/", "mail/", "search", "site", "ticket"},
	"statusclient": {"content", "content/"},
	"doctor":       {"content", "content/", "listen", "mail/", "relay", "state", "token"},
	"relevance":    {"suggest", "search", "site", "state", "ticket"},
	// The handlers of the server: below them the request and what surrounds every
	// page; none imports another, but for what the table says.
	"server/page":       {"content", "content/", "suggest", "site", "view"},
	"server/web":        {"server/page", "auth", "limit", "content", "content/", "search", "site", "state", "ticket", "view"},
	"server/status":     {"server/page", "server/web", "content/", "feed", "feed/", "view"},
	"server/help":       {"server/page", "server/web", "contact", "limit", "relay", "ticket", "content", "content/", "feed", "feed/atom", "suggest", "token", "mail/", "search", "site", "state", "view"},
	"server/setup":      {"server/page", "server/web", "content", "content/", "suggest", "token", "mail/", "view"},
	"server/agent":      {"server/page", "server/web", "auth", "content", "content/", "suggest", "token", "mail/address", "search", "site", "state", "ticket", "view"},
	"server/statusedit": {"server/page", "server/web", "auth", "content", "content/", "token", "view"},
	"server/notices":    {"server/page", "server/web", "content", "content/status", "mail/address", "mail/hosted", "notify", "notify/", "relay", "site", "token", "view", "webhook"},
	"server/mcp":        {"server/page", "server/web", "content/", "suggest", "mail/", "search", "ticket"},
	"server/openapi":    {},
	"server":            {"server/", "auth", "contact", "limit", "notify", "relay", "suggest", "feed/statuspage", "token", "mail/", "site", "state", "view"},
}

// free may be imported by every package.
var free = []string{"problem", "yamldoc", "lang", "locale", "durable"}

// rooms are the libraries that stay in one package.
var rooms = map[string]string{
	"github.com/labstack/echo":        "server/web",
	"github.com/blevesearch/":         "search",
	"github.com/yuin/goldmark":        "content/markdown",
	"database/sql":                    "state",
	"modernc.org/sqlite":              "state",
	"github.com/jackc/pgx":            "state",
	"github.com/pressly/goose":        "state",
	"howett.net/plist":                "mail/mobileconfig",
	"github.com/smallstep/pkcs7":      "mail/mobileconfig",
	"github.com/go-git/":              "content/source",
	"github.com/coreos/go-oidc":       "auth",
	"github.com/modelcontextprotocol": "server/mcp",
	"github.com/gofrs/flock":          "durable",
	"github.com/wneessen/go-mail":     "relay",
}

// testOnly names packages that only tests use; they may import what they test.
func testOnly(pkg string) bool {
	base := path.Base(pkg)
	return strings.HasSuffix(base, "test") || base == "hostile" || base == "foreign"
}

func TestImports(t *testing.T) {
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "tools") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		pkg := filepath.ToSlash(filepath.Dir(p))
		if testOnly(pkg) {
			return nil
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), p, src, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			checkImport(t, p, pkg, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImport(t *testing.T, file, pkg, name string) {
	for library, room := range rooms {
		if strings.HasPrefix(name, library) && pkg != room && !strings.HasPrefix(pkg, room+"/") {
			t.Errorf("%s imports %s, whose room is %s", file, name, room)
		}
	}
	own, ok := strings.CutPrefix(name, "signpost/internal/")
	if !ok || slices.Contains(free, own) {
		return
	}
	list, known := allowed[pkg]
	for parent := pkg; !known && parent != "."; {
		parent = path.Dir(parent)
		list, known = allowed[parent+"/"]
	}
	if !known {
		t.Errorf("%s: the package %s is not in the table of allowed imports", file, pkg)
		return
	}
	if !slices.ContainsFunc(list, func(a string) bool {
		return own == strings.TrimSuffix(a, "/") || strings.HasSuffix(a, "/") && strings.HasPrefix(own, a)
	}) {
		t.Errorf("%s imports %s, which the table does not allow", file, name)
	}
}

// maxLayers is how long a chain of imports among our own packages may be, the
// command included.
const maxLayers = 12

// TestLayers measures the longest chain of imports that the program has.
func TestLayers(t *testing.T) {
	imports := map[string][]string{}
	for _, root := range []string{".", "../cmd"} {
		err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == "tools") {
				return cmp.Or(err, fs.SkipDir)
			}
			if d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			pkg := filepath.ToSlash(filepath.Dir(p))
			for _, spec := range f.Imports {
				name, _ := strconv.Unquote(spec.Path.Value)
				if own, ok := strings.CutPrefix(name, "signpost/internal/"); ok {
					imports[pkg] = append(imports[pkg], own)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	chains := map[string][]string{}
	var longest func(pkg string) []string
	longest = func(pkg string) []string {
		if chain, ok := chains[pkg]; ok {
			return chain
		}
		var below []string
		for _, own := range imports[pkg] {
			if chain := longest(own); len(chain) > len(below) {
				below = chain
			}
		}
		chains[pkg] = append([]string{pkg}, below...)
		return chains[pkg]
	}
	chain := longest("../cmd/signpost")
	t.Logf("%d layers: %s", len(chain), strings.Join(chain, " -> "))
	if len(chain) < 5 {
		t.Error("the imports were not read")
	}
	if len(chain) > maxLayers {
		t.Errorf("%d layers, at most %d", len(chain), maxLayers)
	}
}
