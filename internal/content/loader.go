package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"signpost/internal/content/article"
	"signpost/internal/content/asset"
	"signpost/internal/content/lastgood"
	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
	"signpost/internal/content/ownhost"
	"signpost/internal/content/sitefile"
	"signpost/internal/content/status"
	"signpost/internal/locale"
	"signpost/internal/mail/hosted"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// A Loader loads a folder again and again; what has not changed is not parsed
// again. It is used by one goroutine at a time.
type Loader struct {
	mem   *lastgood.Store
	last  map[string]parsed // by path and hash
	next  map[string]parsed
	zone  string             // of the site, with which last was read
	read  map[string]reading // by path
	reads map[string]reading // those of this load

	// Settle is how long a file has to be missing before it counts as removed:
	// what is being replaced by another copy is missing for moments. 0: at once.
	Settle time.Duration
	// TookBack reports whether a file was removed by the program itself, which is
	// never missed. nil: none was.
	TookBack func(path string) bool
	missing  map[string]time.Time // since when a file that was good is missing

	own       []*locale.Own      // catalogues of the folder
	languages []string           // of the site
	texts     *locale.Catalogues // made of both
}

// parsed is what one version of one file gave. Values never change.
type parsed struct {
	value    any
	problems problem.List
}

// NewLoader returns a loader that keeps last good versions in mem.
func NewLoader(mem *lastgood.Store) *Loader { return &Loader{mem: mem} }

// ReadAgain makes the next load read every file, also those that seem to be as
// they were.
func (ld *Loader) ReadAgain() { ld.read = nil }

// Load reads the folder at an instant. The error is about the memory's folder
// only: the library is always usable.
func (ld *Loader) Load(fsys fs.FS, now time.Time) (*Library, error) {
	ld.next = map[string]parsed{}
	entries, problems := ld.inventory(fsys, now)
	b := &build{
		ld: ld, now: now, entries: entries, problems: problems,
		used: map[string][]byte{}, included: map[string]bool{},
		lib: &Library{
			Files: map[string]*File{}, Lists: map[string][]string{}, docs: map[*article.Text]*markdown.Doc{}, parts: map[string]map[string]*markdown.File{},
			folders: map[string]*article.Article{}, names: map[string]*article.Article{}, ids: map[int]*article.Article{}, broken: map[string]bool{}, absent: map[string]*article.Article{},
		},
		absentDirs: map[string]bool{},
	}
	b.hold()
	lost := b.lost()
	b.site()
	b.texts()
	b.removed(lost)
	b.providers()
	b.hosts = ownhost.Of(b.lib.Providers)
	b.partFiles()
	folders := b.folders()
	b.assets()
	b.articles(folders)
	b.posts()
	b.references()
	if e := entries["synonyms.txt"]; e != nil {
		b.lib.Synonyms = e.data
		b.used[e.path] = e.data
	}
	b.fold()
	b.lib.Problems = b.problems
	b.lib.Problems.Sort()
	b.lib.Revision = b.revision()
	err := ld.mem.Save(b.remembered(), b.lib.Removed)
	ld.last, ld.next = ld.next, nil
	return b.lib, err
}

// parse returns what parsing a version of a file gives, from the last load
// when it was the same.
func parse[T any](ld *Loader, name string, src []byte, do func(string, []byte) (T, problem.List)) (T, problem.List) {
	sum := sha256.Sum256(src)
	key := name + "\x00" + string(sum[:])
	p, ok := ld.next[key]
	if !ok {
		if p, ok = ld.last[key]; !ok {
			v, problems := do(name, src)
			p = parsed{v, problems}
		}
		ld.next[key] = p
	}
	return p.value.(T), slices.Clone(p.problems)
}

// build is one load.
type build struct {
	ld       *Loader
	now      time.Time
	entries  map[string]*entry
	problems problem.List
	used     map[string][]byte // the bytes that are served, by path
	included map[string]bool   // parts that an article includes
	hosts    []ownhost.Host
	lib      *Library

	absentDirs map[string]bool // folders of articles that the provider has no use for
}

// either parses the file as it is; with an error, its last good version stands
// in. ok is false when neither can be used.
func either[T any](b *build, e *entry, do func(string, []byte) (T, problem.List)) (v T, ok bool) {
	v, problems := parse(b.ld, e.path, e.data, do)
	if !e.gone {
		b.problems = append(b.problems, problems...)
	}
	if !problems.HasErrors() {
		b.used[e.path] = e.data
		return v, true
	}
	if e.good != nil && string(e.good) != string(e.data) {
		if v, problems := parse(b.ld, e.path, e.good, do); !problems.HasErrors() {
			b.used[e.path] = e.good
			return v, true
		}
	}
	return v, false
}

// of returns the entries of a class by path.
func (b *build) of(c layout.Class) []*entry {
	var list []*entry
	for _, p := range slices.Sorted(maps.Keys(b.entries)) {
		if b.entries[p].class == c {
			list = append(list, b.entries[p])
		}
	}
	return list
}

func (b *build) site() {
	b.lib.Site = sitefile.Default()
	e := b.entries[sitefile.Path]
	if e == nil {
		return
	}
	site, ok := either(b, e, func(_ string, src []byte) (*sitefile.Site, problem.List) { return sitefile.Parse(src) })
	if !ok {
		b.lib.brokenSite = sitefile.Path
	}
	b.lib.Site = site                                  // what could be read of it, at the least
	if zone := site.Zone.String(); zone != b.ld.zone { // dates without a time are read in it
		b.ld.last, b.ld.zone = nil, zone
	}
}

// texts reads the catalogues of the folder, and names languages of the site that
// nobody has texts for.
func (b *build) texts() {
	base := catalogues()
	var own []*locale.Own
	languages := b.lib.Site.Languages
	for _, e := range b.of(layout.Locale) {
		o, ok := either(b, e, base.ParseOwn)
		if !ok && o == nil {
			continue
		}
		own = append(own, o) // what could be read of it, at the least
		if !e.gone && !slices.Contains(languages, o.Tag) {
			b.problems.Warnf(e.path, 0, "add it to languages in site.yaml, or delete the file", "%s is not a language of the site", o.Tag)
		}
	}
	if !slices.Equal(own, b.ld.own) || !slices.Equal(languages, b.ld.languages) || b.ld.texts == nil {
		b.ld.own, b.ld.languages, b.ld.texts = own, languages, base.With(own, languages)
	}
	b.lib.Texts = b.ld.texts
	for _, tag := range languages {
		if !base.Knows(tag) && !slices.ContainsFunc(own, func(o *locale.Own) bool { return o.Tag == tag }) {
			b.problems.Errorf(sitefile.Path, b.lib.Site.Line("languages"),
				"\"signpost new locale "+tag+"\" writes locale/"+tag+".yaml for you to translate",
				"there are no interface texts in %q: its pages have English buttons and sentences", tag)
		}
	}
}

func (b *build) providers() {
	ids := map[string]string{}
	for _, e := range b.of(layout.Provider) {
		p, ok := either(b, e, provider.Load)
		if !ok {
			b.lib.brokenProvider = cmp.Or(b.lib.brokenProvider, e.path)
			continue
		}
		if other, twice := ids[p.ID]; twice {
			b.problems.Errorf(e.path, 1, "give each its own", "the provider %q is already described in %s", p.ID, other)
			continue
		}
		ids[p.ID] = e.path
		b.lib.Providers = append(b.lib.Providers, p)
	}
	for _, p := range b.lib.Providers {
		if e := b.entries[p.Hosted.DomainsFile]; e != nil {
			if domains, ok := either(b, e, hosted.ParseList); ok {
				b.lib.Lists[e.path] = domains
			}
		}
	}
	want := b.lib.Site.DefaultProvider
	if want == "" {
		return
	}
	if _, ok := ids[want]; ok {
		b.lib.brokenProvider = "" // only of customers elsewhere
	} else if b.lib.brokenProvider == "" {
		b.problems.Errorf(sitefile.Path, b.lib.Site.Line("default_provider"), problem.DidYouMean(want, slices.Collect(maps.Keys(ids))), "the default provider %q has no description", want)
	}
	slices.SortStableFunc(b.lib.Providers, func(x, y *provider.Provider) int {
		return cmp.Compare(boolInt(x.ID != want), boolInt(y.ID != want))
	})
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (b *build) partFiles() {
	for _, e := range b.of(layout.Part) {
		if f, ok := either(b, e, parsePart); ok {
			name := path.Base(e.dir)
			if b.lib.parts[name] == nil {
				b.lib.parts[name] = map[string]*markdown.File{}
			}
			b.lib.parts[name][e.lang] = f
		}
	}
}

func parsePart(name string, src []byte) (*markdown.File, problem.List) {
	f, problems := markdown.Parse(name, src)
	if s, _ := markdown.Split(name, src); s.Front != nil {
		problems.Warnf(name, 1, "delete it; an article belongs into help/CATEGORY/SLUG", "this is a piece to include, which has no front matter")
	}
	return f, problems
}

func (b *build) assets() {
	value := (&Reader{Library: b.lib, Lang: b.lib.Site.Languages[0]}).Value
	for _, e := range b.of(layout.Asset) {
		if b.absentDirs[e.dir] {
			continue
		}
		f := &File{Path: e.path, Type: asset.Type(e.path), Data: e.data}
		var problems problem.List
		switch {
		case asset.TakesValues(e.path):
			f.Data, problems = markdown.SubstituteFile(e.path, e.data, value)
			b.hostsIn(e.path, string(e.data), 1, &problems, false)
		case asset.IsPicture(e.path):
			var turned bool
			if f.Data, turned = asset.Strip(e.path, e.data); turned {
				problems.Warnf(e.path, 0, "save it the right way up", "the camera wants this picture turned, which nobody will do")
			}
			var err error
			if f.Width, f.Height, err = asset.Size(e.path, f.Data); err != nil {
				problems.Warnf(e.path, 0, "open it in a picture program and save it again", "the size of this picture cannot be read: %s", err)
			}
		case strings.HasSuffix(e.path, ".css"):
			f.Type = "text/css; charset=utf-8"
		}
		b.problems = append(b.problems, problems...)
		if problems.HasErrors() {
			continue
		}
		f.Hash = hashOf(f.Data)
		b.lib.Files[e.path] = f
		b.used[e.path] = e.data
	}
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:5])
}

func (b *build) posts() {
	cfg := b.lib.StatusConfig(b.now)
	parsePost := func(name string, src []byte) (*status.Post, problem.List) { return status.Parse(name, src, cfg) }
	var posts []*status.Post
	files := map[string]*status.Post{}
	for _, e := range b.of(layout.Post) {
		// Not kept from load to load: what a post may name is in site.yaml.
		post, problems := parsePost(e.path, e.data)
		b.problems = append(b.problems, problems...)
		if !problems.HasErrors() {
			b.used[e.path] = e.data
		} else if e.good != nil {
			if post, problems = parsePost(e.path, e.good); !problems.HasErrors() {
				b.used[e.path] = e.good
			}
		}
		if post != nil && !problems.HasErrors() {
			posts = append(posts, post)
			files[e.path] = post
		}
	}
	for _, e := range b.of(layout.PostText) {
		b.translate(e, files, cfg)
	}
	board, problems := status.NewBoard(cfg, posts)
	b.problems = append(b.problems, problems...)
	b.lib.Board = board
}

// translate gives a post its text in another language. One with an error holds
// back itself only.
func (b *build) translate(e *entry, posts map[string]*status.Post, cfg status.Config) {
	file, _, _ := status.TranslationOf(e.path)
	post := posts[file]
	if post == nil {
		if b.entries[file] == nil {
			b.problems.Warnf(e.path, 0, "name it after the file of its post: ID."+e.lang+".md", "there is no post %s; the file is not used", path.Base(file))
		}
		return
	}
	try := func(src []byte) problem.List {
		t, problems := status.ParseTranslation(e.path, src)
		if t != nil {
			problems = append(problems, post.Translate(t, cfg)...)
		}
		if !problems.HasErrors() {
			b.used[e.path] = src
		}
		return problems
	}
	problems := try(e.data)
	if !e.gone {
		b.problems = append(b.problems, problems...)
	}
	if problems.HasErrors() && e.good != nil && string(e.good) != string(e.data) {
		try(e.good)
	}
}

// revision is a hash of all bytes that are served.
func (b *build) revision() string {
	h := sha256.New()
	for _, p := range slices.Sorted(maps.Keys(b.used)) {
		sum := sha256.Sum256(b.used[p])
		fmt.Fprintf(h, "%s\x00%x\n", p, sum)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// remembered returns the last good versions after this load: what is served
// now, and for what cannot be served what was good before.
func (b *build) remembered() map[string][]byte {
	good := maps.Clone(b.used)
	for p, e := range b.entries {
		if _, ok := good[p]; !ok && e.good != nil && !b.absentDirs[e.dir] {
			good[p] = e.good
		}
	}
	return good
}
