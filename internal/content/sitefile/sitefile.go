// Package sitefile reads site.yaml: the name of the help desk, its languages
// and zone, components, categories, links, contact and theme.
//
// [Parse] always returns a usable [Site]: what is wrong has a problem and its
// default.
package sitefile

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"signpost/internal/colour"
	"signpost/internal/content/article"
	"signpost/internal/content/status"
	"signpost/internal/problem"
	"signpost/internal/yamldoc"
)

// Site is what site.yaml says. Every field has a usable value, whatever the
// file says or does not say.
type Site struct {
	Name            string             // name of the help desk
	URL             string             // absolute address of the site without a slash at the end, "" when not said
	Hosts           []string           // further own host names, lower case
	DefaultProvider string             // id of the provider whose values articles take
	Languages       []string           // the first is the default; never empty
	Zone            *time.Location     // zone of times that people write and read
	Components      []status.Component // what status posts speak of
	Groups          []status.Group     // names for several components
	Categories      []article.Category // in order; folders without an entry come last
	Links           map[string]string  // the provider's own pages: {{link.NAME}}
	Contact         Contact
	ContactTo       string // address that messages of /contact go to; "" is Contact.Email
	Sender          string // address that they, and notices, come from; "" when not said
	EditURL         string // where an article can be edited; {path} is the file
	Legal           Legal
	Theme           Theme
	EmbedOrigins    []string // origins whose pages may embed the widget

	doc *yamldoc.Doc // nil when there is no file
}

// Line returns the line of a key, or of an item of a list below it; 1 when it
// is not there.
func (s *Site) Line(at ...any) int { return s.doc.Line(at...) }

// Contact says how customers reach a person. Every field may be empty.
type Contact struct {
	Hours map[string]string // by language
	Phone string
	Email string
	URL   string
}

// Legal are pages that the law may ask for. Every field may be empty.
type Legal struct {
	Imprint       string `yaml:"imprint"`
	Privacy       string `yaml:"privacy"`
	Accessibility string `yaml:"accessibility"`
}

// Theme is the look that the operator chooses.
type Theme struct {
	Logo   string // path in the content folder
	Accent string // #rrggbb
	CSS    string // path in the content folder
	Links  []ThemeLink
}

// A ThemeLink is a link in header or footer.
type ThemeLink struct {
	Text  map[string]string // by language
	URL   string
	Place string // "header" or "footer"
}

// A File is site.yaml as it is written. The JSON Schema is made from it.
type File struct {
	Name            string            `yaml:"name"`
	URL             string            `yaml:"url"`
	Hosts           []string          `yaml:"hosts"`
	DefaultProvider string            `yaml:"default_provider"`
	Languages       []string          `yaml:"languages"`
	TimeZone        string            `yaml:"time_zone"`
	Components      []ComponentEntry  `yaml:"components"`
	Categories      []CategoryEntry   `yaml:"categories"`
	Links           map[string]string `yaml:"links"`
	Contact         struct {
		Hours Texts  `yaml:"hours"`
		Phone string `yaml:"phone"`
		Email string `yaml:"email"`
		URL   string `yaml:"url"`
	} `yaml:"contact"`
	ContactTo string `yaml:"contact_to" jsonschema_description:"Address that messages of /contact go to. Default: contact.email."`
	Sender    string `yaml:"sender" jsonschema_description:"Address that the site writes from. Default: the user of --smtp."`
	Legal     Legal  `yaml:"legal" jsonschema_description:"Addresses of pages that are linked at the end of every page, and under forms that ask for an address."`
	EditURL   string `yaml:"edit_url"`
	Theme     struct {
		Logo   string `yaml:"logo"`
		Accent string `yaml:"accent"`
		CSS    string `yaml:"css"`
		Links  []struct {
			Text  Texts  `yaml:"text"`
			URL   string `yaml:"url"`
			Place string `yaml:"place"`
		} `yaml:"links"`
	} `yaml:"theme"`
	EmbedOrigins []string `yaml:"embed_origins"`
}

// A ComponentEntry is one entry of components.
type ComponentEntry struct {
	ID       string   `yaml:"id"`
	Name     Texts    `yaml:"name"`
	Group    string   `yaml:"group"`
	Services []string `yaml:"services"`
}

// A CategoryEntry is one entry of categories.
type CategoryEntry struct {
	ID    string `yaml:"id"`
	Name  Texts  `yaml:"name"`
	Order int    `yaml:"order"`
}

var (
	slugPattern     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)
	linkNamePattern = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	accentPattern   = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	hostPattern     = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)
)

// Path is where the file lies in the content folder.
const Path = "site.yaml"

// Default is the site of a folder that says nothing about itself.
func Default() *Site {
	return &Site{Name: "Help", Languages: []string{"en"}, Zone: time.UTC}
}

// Parse reads site.yaml. What is wrong gets a problem and its default.
func Parse(src []byte) (*Site, problem.List) {
	var f File
	doc, problems := yamldoc.Decode(Path, src, 0, &f)
	p := &parser{doc: doc, problems: problems, site: Default()}
	s := p.site
	s.doc = doc
	s.Name = cmp.Or(strings.TrimSpace(f.Name), s.Name)
	s.DefaultProvider = f.DefaultProvider
	s.EditURL = p.httpURL(f.EditURL, "edit_url")
	if u := p.httpURL(f.URL, "url"); u != "" {
		if parsed, _ := url.Parse(u); strings.Trim(parsed.Path, "/") != "" || parsed.RawQuery != "" {
			p.fail("write only scheme and host, for example https://help.example.com", "\"url\" has a path", "url")
		} else {
			s.URL = strings.TrimRight(u, "/")
		}
	}
	p.languages(f.Languages)
	p.zone(f.TimeZone)
	p.hosts(f.Hosts)
	p.components(f.Components)
	p.categories(f.Categories)
	p.links(f.Links)
	s.Contact = Contact{Hours: f.Contact.Hours.in(s.Languages[0]), Phone: f.Contact.Phone, Email: p.email(f.Contact.Email, "contact", "email"), URL: p.httpURL(f.Contact.URL, "contact", "url")}
	s.ContactTo, s.Sender = p.email(f.ContactTo, "contact_to"), p.email(f.Sender, "sender")
	s.Legal = Legal{p.httpURL(f.Legal.Imprint, "legal", "imprint"), p.httpURL(f.Legal.Privacy, "legal", "privacy"), p.httpURL(f.Legal.Accessibility, "legal", "accessibility")}
	p.theme(&f)
	p.embedOrigins(f.EmbedOrigins)
	return s, p.problems
}

type parser struct {
	doc      *yamldoc.Doc
	problems problem.List
	site     *Site
}

func (p *parser) fail(hint, message string, at ...any) {
	p.problems.Errorf(Path, p.doc.Line(at...), hint, "%s", message)
}

// httpURL returns a web address, "" (and a problem unless it is empty) for anything else.
func (p *parser) httpURL(s string, at ...any) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		p.fail("write it as https://host/path", fmt.Sprintf("%q is not a web address", s), at...)
		return ""
	}
	return s
}

// email returns a mail address, "" (and a problem unless it is empty) for anything else.
func (p *parser) email(s string, where ...any) string {
	if s == "" {
		return ""
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || strings.ContainsAny(s, "\"?& ") {
		p.fail("write it as support@example.com", fmt.Sprintf("%q is not a mail address", s), where...)
		return ""
	}
	return s
}

func (p *parser) languages(list []string) {
	var ok []string
	for i, l := range list {
		tag, err := language.Parse(l)
		switch {
		case err != nil || tag.String() != l:
			p.fail("write codes such as en, nb or de", fmt.Sprintf("%q is not a language code", l), "languages", i)
		case slices.Contains(ok, l):
			p.fail("", fmt.Sprintf("the language %q is listed twice", l), "languages", i)
		default:
			ok = append(ok, l)
		}
	}
	if len(ok) > 0 {
		p.site.Languages = ok
	}
}

func (p *parser) zone(name string) {
	if name == "" {
		return
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" || !strings.Contains(name, "/") && name != "UTC" {
		p.fail("write the name of a place, such as Europe/Oslo, or UTC", fmt.Sprintf("%q is not a time zone", name), "time_zone")
		return
	}
	p.site.Zone = zone
}

func (p *parser) hosts(list []string) {
	for i, h := range list {
		h = strings.ToLower(h)
		if _, err := netip.ParseAddr(h); err != nil && !hostPattern.MatchString(h) {
			p.fail("write a host name without scheme and port", fmt.Sprintf("%q is not a host name", h), "hosts", i)
			continue
		}
		p.site.Hosts = append(p.site.Hosts, h)
	}
}

// components reads the list. An entry that others name as their group is a
// group: it stands for all that is in it, and in the groups in it.
func (p *parser) components(list []ComponentEntry) {
	entries := map[string]ComponentEntry{}
	taken := map[string]bool{} // URLs make no difference between A and a
	children := map[string][]string{}
	var order []string
	for i, c := range list {
		switch twice := taken[strings.ToLower(c.ID)]; {
		case !slugPattern.MatchString(c.ID):
			p.fail("use letters, digits, - and _", fmt.Sprintf("%q is not a component id", c.ID), "components", i)
		case twice:
			p.fail("", fmt.Sprintf("the component %q is listed twice", c.ID), "components", i)
		default:
			entries[c.ID], taken[strings.ToLower(c.ID)] = c, true
			order = append(order, c.ID)
			if c.Group != "" {
				children[c.Group] = append(children[c.Group], c.ID)
			}
		}
	}
	var leaves func(id string, depth int) []string
	leaves = func(id string, depth int) (ids []string) {
		if len(children[id]) == 0 {
			return []string{id}
		}
		if depth > len(list) {
			return nil // a loop; reported below
		}
		for _, child := range children[id] {
			ids = append(ids, leaves(child, depth+1)...)
		}
		return ids
	}
	lang := p.site.Languages[0]
	named := func(id string) map[string]string {
		if name := entries[id].Name.in(lang); len(name) > 0 {
			return name
		}
		return map[string]string{lang: id}
	}
	groupSeen := map[string]bool{}
	addGroup := func(id string) {
		if id == "" || groupSeen[id] {
			return
		}
		groupSeen[id] = true
		members := leaves(id, 0)
		if len(members) == 0 {
			p.fail("let one of them stand outside", fmt.Sprintf("the group %q is in itself", id), "components")
			return
		}
		p.site.Groups = append(p.site.Groups, status.Group{ID: id, Name: named(id), Members: members})
	}
	for _, id := range order {
		c := entries[id]
		if len(children[id]) > 0 {
			addGroup(id)
			continue
		}
		addGroup(c.Group)
		p.site.Components = append(p.site.Components, status.Component{ID: id, Name: named(id), Group: c.Group, Services: c.Services})
	}
}

func (p *parser) categories(list []CategoryEntry) {
	seen := map[string]bool{}
	for i, c := range list {
		switch {
		case !slugPattern.MatchString(c.ID):
			p.fail("a category's id is the name of its folder", fmt.Sprintf("%q is not a category id", c.ID), "categories", i)
		case c.ID == "parts":
			p.fail("rename its folder", "help/parts holds pieces to include and is no category", "categories", i)
		case seen[strings.ToLower(c.ID)]:
			p.fail("", fmt.Sprintf("the category %q is listed twice", c.ID), "categories", i)
		default:
			seen[strings.ToLower(c.ID)] = true
			order := c.Order
			if order == 0 {
				order = i + 1
			}
			p.site.Categories = append(p.site.Categories, article.Category{ID: c.ID, Name: c.Name.in(p.site.Languages[0]), Order: order})
		}
	}
	slices.SortStableFunc(p.site.Categories, func(a, b article.Category) int { return cmp.Compare(a.Order, b.Order) })
}

func (p *parser) links(links map[string]string) {
	p.site.Links = map[string]string{}
	for name, target := range links {
		if !linkNamePattern.MatchString(name) {
			p.fail("use small letters, digits and -", fmt.Sprintf("%q cannot be the name of a link", name), "links", name)
		} else if u := p.httpURL(target, "links", name); u != "" {
			p.site.Links[name] = u
		}
	}
}

func (p *parser) theme(f *File) {
	t := &p.site.Theme
	t.Logo, t.CSS = f.Theme.Logo, f.Theme.CSS
	if a := f.Theme.Accent; a != "" {
		if !accentPattern.MatchString(a) {
			p.fail("write six hexadecimal digits in quotes, as in \"#0b6e4f\"", fmt.Sprintf("%q is not a colour", a), "theme", "accent")
		} else if _, err := colour.Accent(a); err != nil {
			p.fail("the pages use their own colour until then", err.Error(), "theme", "accent")
		} else {
			t.Accent = strings.ToLower(a)
		}
	}
	for i, l := range f.Theme.Links {
		place := cmp.Or(l.Place, "footer")
		if place != "header" && place != "footer" {
			p.fail("header or footer", fmt.Sprintf("a link cannot be placed in %q", place), "theme", "links", i, "place")
			continue
		}
		if u := p.httpURL(l.URL, "theme", "links", i, "url"); u != "" {
			t.Links = append(t.Links, ThemeLink{Text: l.Text.in(p.site.Languages[0]), URL: u, Place: place})
		}
	}
}

func (p *parser) embedOrigins(list []string) {
	for i, o := range list {
		u, err := url.Parse(o)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || o != u.Scheme+"://"+u.Host {
			p.fail("write https://host, without a path", fmt.Sprintf("%q is not an origin", o), "embed_origins", i)
			continue
		}
		p.site.EmbedOrigins = append(p.site.EmbedOrigins, o)
	}
}
