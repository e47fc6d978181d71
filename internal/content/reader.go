package content

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/asset"
	"signpost/internal/content/layout"
	"signpost/internal/content/markdown"
	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// A Reader resolves what documents refer to, for one language and one shelf.
// It implements [markdown.Resolver]. A Reader is used by one goroutine.
type Reader struct {
	Library *Library
	Shelf   *Shelf // nil: everything that is there, for checking
	Lang    string
	Root    string // prefix of links in this language: "" or "/de"
	Words   *Words // nil for English
	// Address is the customer's own, for replies; zero shows an example.
	Address address.Address

	checking  bool
	archive   bool // checking a post that is over
	badValues int  // values that could not be resolved, while checking
}

// Words are the words that settings tables and placeholders need, in the
// reader's language.
type Words struct {
	Local    string // local part of the placeholder for the reader's own address: "your.name"
	Server   string
	Port     string
	Security string
	Login    string
	URL      string
	Captions map[provider.Use]string // "Incoming mail (IMAP)"
	Profile  string                  // text of the profile button
}

// WordsIn are the words that texts of the content need, in a language.
func WordsIn(l *locale.Language) *Words {
	w := &Words{
		Local: l.T("content.local"), Server: l.T("setting.host"), Port: l.T("setting.port"),
		Security: l.T("setting.security"), Login: l.T("setting.login"), URL: l.T("setting.url"),
		Profile: l.T("content.profile"), Captions: map[provider.Use]string{},
	}
	for _, u := range []provider.Use{provider.IMAP, provider.POP3, provider.Submit, provider.CalDAV, provider.CardDAV, provider.JMAP, provider.Sieve} {
		w.Captions[u] = l.T("use." + string(u))
	}
	return w
}

// MarkdownTexts are the words that renderings of a body add, in a language.
func MarkdownTexts(l *locale.Language) *markdown.Texts {
	t := &markdown.Texts{
		Note: l.T("markdown.note"), Tip: l.T("markdown.tip"), Warning: l.T("markdown.warning"),
		On: l.T("markdown.on"), And: l.T("markdown.and"), Platforms: map[string]string{},
		SectionLink: l.T("markdown.section"), StepLink: l.T("markdown.step"), Picture: l.T("markdown.picture"),
	}
	for _, p := range markdown.Platforms() {
		t.Platforms[p] = l.T("platform." + p)
	}
	return t
}

func englishWords() *Words {
	return &Words{
		Local: "your.name", Server: "Server", Port: "Port", Security: "Security", Login: "User name", URL: "Address",
		Captions: map[provider.Use]string{}, Profile: "Set up this device",
	}
}

func (r *Reader) words() *Words {
	if r.Words == nil {
		r.Words = englishWords()
	}
	return r.Words
}

// Value returns the value of a variable as text.
func (r *Reader) Value(name, client string) (string, error) {
	v, err := r.value(name, client)
	if err != nil {
		r.badValues++
	}
	return v, err
}

func (r *Reader) value(name, client string) (string, error) {
	p := r.Library.Provider()
	if link, ok := strings.CutPrefix(name, "link."); ok && client == "" {
		if u := r.Library.Site.Links[link]; u != "" {
			return u, nil
		}
		return "", follows(r.Library.brokenSite, markdown.Errorf(problem.DidYouMean(link, slices.Collect(maps.Keys(r.Library.Site.Links))), "there is no link %q in site.yaml", link))
	}
	if p == nil {
		return "", follows(r.Library.brokenProvider, markdown.Errorf("describe the provider in providers/NAME.yaml", "there is no provider to take {{%s}} from", name))
	}
	if name == "address" && client == "" {
		return r.placeholder(p, "{address}"), nil
	}
	key := name
	if client != "" {
		key += " for " + client
	}
	v, err := p.Value(r.Lang, key)
	if err != nil {
		known := append(p.ValueNames(), "address")
		for l := range r.Library.Site.Links {
			known = append(known, "link."+l)
		}
		for _, e := range p.Except {
			known = append(known, string(e.Use)+".host for "+e.Client, string(e.Use)+".port for "+e.Client, string(e.Use)+".security for "+e.Client)
		}
		return "", follows(r.Library.brokenProvider, markdown.Errorf(problem.DidYouMean(key, known), "there is no value {{%s}}", key))
	}
	return r.placeholder(p, v), nil
}

// placeholder writes the reader's own address where it belongs, or an example
// address of the provider.
func (r *Reader) placeholder(p *provider.Provider, v string) string {
	if a := r.Address; !a.IsZero() {
		return provider.Expand(v, a.String(), a.Local, a.Domain)
	}
	local, domain := r.words().Local, address.DomainUnicode(p.Domains[0])
	return strings.NewReplacer("{address}", local+"@"+domain, "{local}", local, "{domain}", domain).Replace(v)
}

// Link resolves a link to an article, to a file or to a fixed page.
func (r *Reader) Link(ref markdown.Ref) (markdown.Link, error) {
	switch ref.Kind {
	case markdown.ByPath:
		return r.linkByPath(ref)
	case markdown.BySite:
		return r.linkBySite(ref)
	default:
		return r.linkByName(ref.Target, ref.Fragment)
	}
}

func (r *Reader) linkByName(name, fragment string) (markdown.Link, error) {
	a, _ := r.Library.find(name)
	if a == nil {
		if a := r.Library.absent[strings.ToLower(name)]; a != nil {
			return r.toAbsent(a)
		}
		if r.Library.broken[strings.ToLower(name)] {
			return markdown.Link{Title: name}, nil // its own file says why
		}
		var slugs []string
		for _, other := range r.Library.ids {
			slugs = append(slugs, other.Slug)
		}
		return markdown.Link{}, markdown.Errorf(problem.DidYouMean(name, slugs), "there is no article %q", name)
	}
	return r.toArticle(a, fragment)
}

// toAbsent is a link to an article that the provider has no use for: its text
// stays.
func (r *Reader) toAbsent(a *article.Article) (markdown.Link, error) {
	title, err := markdown.Substitute(a.In(r.Lang).Head.Title, r.value)
	if err != nil { // it names just what is not offered
		title = strings.ReplaceAll(a.Slug, "-", " ")
	}
	link := markdown.Link{Title: title}
	if missing := r.Library.lacks(a); r.checking && !r.archive && len(missing) > 0 {
		hint := `put the sentence between "::: if ` + missing[0] + `" and ":::"`
		if len(missing) > 1 {
			hint = `put the sentence into blocks, one inside the other: "::: if ` + strings.Join(missing, `", "::: if `) + `"`
		}
		return link, markdown.Warningf(hint, "the link to %s is shown as text: the provider does not offer all that it needs (%s)", a.Slug, strings.Join(missing, ", "))
	}
	return link, nil
}

func (r *Reader) toArticle(a *article.Article, fragment string) (markdown.Link, error) {
	shown := a.In(r.Lang)
	if r.checking {
		if doc := r.docFor(a, shown.Body); fragment != "" && doc != nil && !doc.HasAnchor(fragment) {
			return markdown.Link{}, markdown.Errorf(problem.DidYouMean(fragment, doc.Anchors()), "%s has no anchor %q", a.Slug, fragment)
		}
	}
	if r.Shelf != nil && !r.Shelf.Has(a) {
		return markdown.Link{}, nil // its text stays, and says nothing that the author did not type
	}
	title, _ := markdown.Substitute(shown.Head.Title, r.value)
	return markdown.Link{Href: r.Root + "/help/" + a.Slug, Title: title}, nil
}

// docFor returns the document of a text, while loading even before it was
// that text's turn to be checked.
func (r *Reader) docFor(a *article.Article, t *article.Text) *markdown.Doc {
	if doc := r.Library.docs[t]; doc != nil {
		return doc
	}
	doc := r.Library.loading.expand(r.Library, t.File, t.Lang, a.Kind == article.Howto).doc
	r.Library.docs[t] = doc
	return doc
}

func (r *Reader) linkByPath(ref markdown.Ref) (markdown.Link, error) {
	target := path.Join(path.Dir(ref.From), ref.Target)
	if c, _ := layout.Classify(target); c == layout.Text {
		if _, slug, ok := layout.ArticleFolder(path.Dir(target)); ok {
			link, err := r.linkByName(slug, ref.Fragment)
			if err != nil {
				return link, err
			}
			return link, nil
		}
	}
	if f := r.Library.Files[target]; f != nil {
		return markdown.Link{Href: r.fileURL(f)}, nil
	}
	return markdown.Link{}, markdown.Errorf("links to articles are [[slug]] or [text](../slug/en.md)", "there is no file %q", target)
}

// sitePages are the fixed pages that texts may link to by their path.
var sitePages = []string{"/", "/setup", "/status", "/contact", "/search"}

func (r *Reader) linkBySite(ref markdown.Ref) (markdown.Link, error) {
	p, query, _ := strings.Cut(ref.Target, "?")
	if name, ok := strings.CutPrefix(p, "/help/"); ok {
		return r.linkByName(name, ref.Fragment)
	}
	known := slices.Contains(sitePages, p) || strings.HasPrefix(p, "/setup/") || strings.HasPrefix(p, "/status/")
	if topic, ok := strings.CutPrefix(p, "/topics/"); ok {
		var topics []string
		for _, a := range r.Library.ids {
			topics = append(topics, a.Category)
		}
		if !slices.Contains(topics, topic) {
			slices.Sort(topics)
			return markdown.Link{}, markdown.Errorf(problem.DidYouMean(topic, slices.Compact(topics)), "there is no category %q", topic)
		}
		known = true
	}
	if !known {
		return markdown.Link{}, markdown.Errorf(problem.DidYouMean(p, sitePages), "this site has no page %q", p)
	}
	if query != "" {
		p += "?" + query
	}
	return markdown.Link{Href: r.Root + p}, nil
}

// Image returns a picture beside the file it is named in; a variant for the
// reader's language (step-1.de.png) goes before it.
func (r *Reader) Image(from, name string) (markdown.Image, error) {
	ext := path.Ext(name)
	variant := strings.TrimSuffix(name, ext) + "." + r.Lang + ext
	for _, candidate := range []string{variant, name} {
		if f := r.Library.Files[path.Join(path.Dir(from), candidate)]; f != nil && asset.IsPicture(f.Path) {
			return markdown.Image{Src: r.fileURL(f), Width: f.Width, Height: f.Height, Size: int64(len(f.Data))}, nil
		}
	}
	var there []string
	for p := range r.Library.Files {
		if path.Dir(p) == path.Dir(from) && asset.IsPicture(p) {
			there = append(there, path.Base(p))
		}
	}
	return markdown.Image{}, markdown.Errorf(problem.DidYouMean(name, there), "there is no picture %q beside the file", name)
}

// fileURL is where a file beside an article is served. Its hash lets clients
// keep it for ever.
func (r *Reader) fileURL(f *File) string { return FileURL(f) }

// FileURL returns the site-relative URL of a picture or attached file.
func FileURL(f *File) string { return "/files/" + f.Path + "?v=" + f.Hash }

// Settings returns the table of a service; "smtp.2" is the second one.
func (r *Reader) Settings(service, client string) (markdown.Settings, error) {
	s, err := r.settings(service, client)
	if err != nil {
		r.badValues++
	}
	return s, err
}

func (r *Reader) settings(service, client string) (markdown.Settings, error) {
	p := r.Library.Provider()
	if p == nil {
		return markdown.Settings{}, follows(r.Library.brokenProvider, markdown.Errorf("describe the provider in providers/NAME.yaml", "there is no provider to take the settings from"))
	}
	head, index, _ := strings.Cut(service, ".")
	n := 1
	if index != "" {
		n, _ = strconv.Atoi(index)
	}
	use := provider.UseNamed(head)
	list := p.Account(r.Address, client).All(use)
	if n < 1 || n > len(list) {
		var known []string
		for _, s := range p.Services {
			known = append(known, string(s.Use))
		}
		return markdown.Settings{}, follows(r.Library.brokenProvider, markdown.Errorf(problem.DidYouMean(service, known), "the provider describes no service %q", service))
	}
	return r.Table(p, list[n-1]), nil
}

// Table returns one service as a settings table.
func (r *Reader) Table(p *provider.Provider, s provider.Service) markdown.Settings {
	w := r.words()
	t := markdown.Settings{Caption: w.Captions[s.Use]}
	add := func(label, value string, copy bool) {
		if r.Address.IsZero() { // else the account has filled it in
			value = r.placeholder(p, value)
		}
		t.Rows = append(t.Rows, markdown.Setting{Label: label, Value: value, Copy: copy})
	}
	if s.Use.HasURL() {
		add(w.URL, s.URL, true)
	} else {
		add(w.Server, s.HostUnicode(), true)
		add(w.Port, strconv.Itoa(s.PortNumber()), true)
		add(w.Security, s.SecurityName(), false)
	}
	add(w.Login, s.Login, true)
	return t
}

// Profile returns the button that leads Apple devices to their profile.
func (r *Reader) Profile() (markdown.Profile, error) {
	if r.Library.Provider() == nil {
		r.badValues++
		return markdown.Profile{}, follows(r.Library.brokenProvider, markdown.Errorf("describe the provider in providers/NAME.yaml", "there is no provider to make a profile for"))
	}
	return markdown.Profile{Href: r.Root + "/setup", Text: r.words().Profile}, nil
}
