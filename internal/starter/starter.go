// Package starter makes the files of a new site from the sample and from what
// is known of the provider.
//
// [Answers.Files] returns them. Its rule: nothing is published that nobody
// said. What is not known stands in the files as a comment, with the reason;
// values of the sample that have to stay for now are marked with the comment
// "# sample", and [Leftovers] names those that are still there.
package starter

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/mail/address"
	"signpost/internal/mail/discover"
	"signpost/internal/mail/provider"
	"signpost/internal/problem"
)

// Answers are what is known of a new site. The zero value knows nothing.
type Answers struct {
	Name      string         // of the provider, as customers know it
	URL       string         // of the help desk
	Languages []string       // the first is the default; Files adds English when an article has no other text
	Domains   []string       // mail domains, A-labels; the first names the provider
	TimeZone  string         // IANA name
	Uses      []provider.Use // services that are offered; nil: all that are known
	Services  []provider.Service
	Found     *discover.Found // nil when nobody was asked
}

const (
	siteFile   = "site.yaml"
	sampleFile = "providers/example.yaml"
)

// Known reports whether anything was said.
func (a *Answers) Known() bool {
	return a.Name != "" || a.URL != "" || len(a.Languages) > 0 || len(a.Domains) > 0 || a.TimeZone != "" || len(a.Uses) > 0 || len(a.Services) > 0 || a.Found != nil
}

// Files returns the files of a site by path: those of the sample, with a
// site.yaml and a provider description of its own. Posts of the sample are
// about its own provider and left out.
func (a *Answers) Files(sample map[string][]byte) (files map[string][]byte, err error) {
	a.join()
	if a.Languages = a.languages(); !slices.Contains(a.Languages, "en") && !complete(sample, a.Languages) {
		a.Languages = append(slices.Clone(a.Languages), "en") // for articles without another text
	}
	files = map[string][]byte{}
	for name, data := range sample {
		if !strings.HasPrefix(name, "status/") {
			files[name] = data
		}
	}
	delete(files, sampleFile)
	id := "example.com"
	if len(a.Domains) > 0 {
		id = a.Domains[0]
	}
	if files["providers/"+id+".yaml"], err = a.provider(sample[sampleFile]); err != nil {
		return nil, err
	}
	if files[siteFile], err = a.site(sample[siteFile], id); err != nil {
		return nil, err
	}
	inLanguages(files, a.Languages)
	return files, nil
}

// Marked returns the files of the sample with the mark at every value that a
// site of its own has to replace.
func Marked(sample map[string][]byte) (map[string][]byte, error) {
	files := maps.Clone(sample)
	for name, keys := range map[string][]string{
		siteFile:   {"name", "links", "contact"},
		sampleFile: {"provider", "name", "short", "domains", "hosted", "services", "except", "webmail"},
	} {
		doc, m, err := parsed(sample[name])
		if err != nil {
			return nil, err
		}
		mark(m, keys...)
		mark(field(m, "profile"), "organization", "consent")
		if files[name], err = written(doc, nil); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// join adds what was found to what was said, which goes before it.
func (a *Answers) join() {
	if f := a.Found; f != nil {
		if len(a.Domains) == 0 {
			a.Domains = f.Domains
		}
		if a.Name == "" {
			a.Name = f.Name
		}
		for _, s := range f.Services {
			said := slices.ContainsFunc(a.Services, func(o provider.Service) bool { return o.Use == s.Use })
			if !said && (a.Uses == nil || slices.Contains(a.Uses, s.Use)) {
				a.Services = append(a.Services, s)
			}
		}
	}
}

// unknown are services that are offered, but nobody said where.
func (a *Answers) unknown() []provider.Use {
	return slices.DeleteFunc(slices.Clone(a.Uses), func(u provider.Use) bool {
		return slices.ContainsFunc(a.Services, func(s provider.Service) bool { return s.Use == u })
	})
}

// provider writes the description.
func (a *Answers) provider(sample []byte) ([]byte, error) {
	doc, m, err := parsed(sample)
	if err != nil {
		return nil, err
	}
	var rest comments
	if len(a.Domains) == 0 {
		mark(m, "provider", "name", "short", "domains")
		a.sampleServices(m)
	} else {
		set(m, "provider", scalar(a.Domains[0]))
		set(m, "domains", flow(words(a.Domains)))
		set(m, "services", a.services())
		remove(m, "login")
		for _, u := range a.unknown() {
			rest.add("nobody said where "+string(u)+" is; correct this line, and move it to services:", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{guessed(u, a.Domains[0])}})
		}
	}
	if name := a.Name; name != "" || len(a.Domains) > 0 {
		if name == "" {
			name = address.DomainUnicode(a.Domains[0])
		}
		set(m, "name", scalar(name))
		set(m, "short", scalar(a.short(name)))
		rename(field(m, "profile"), name)
	} else {
		mark(field(m, "profile"), "organization")
	}
	if profile := field(m, "profile"); field(profile, "consent").Kind != 0 {
		rest.add("people agree to this text when they install a profile, and nobody has written one yet; correct it, and move it to profile:", mapping("consent", field(profile, "consent")))
		remove(profile, "consent")
	}
	a.oauth(m)
	rest.take(m, "hosted", "customers' own domains are recognised by these; nobody said whether there are any")
	if f := a.Found; f != nil && len(f.MX) > 0 {
		rest.replace("hosted", mapping("hosted", flow(mapping("mx", flow(words(f.MX))))), "these are the mail exchangers of "+a.Domains[0]+" in the DNS; take them if domains of customers use them")
	}
	remove(m, "except")
	rest.take(m, "webmail", "nobody said where the webmail is")
	if f := a.Found; f != nil && f.Webmail != "" {
		rest.drop("webmail")
		set(m, "webmail", scalar(f.Webmail))
	}
	rest.take(m, "vars", "values of articles; without them the articles that need them are left out")
	return written(doc, rest)
}

func (a *Answers) short(name string) string {
	if f := a.Found; f != nil && f.Short != "" && len([]rune(f.Short)) <= 12 {
		return f.Short
	}
	r := []rune(name)
	return strings.TrimSpace(string(r[:min(12, len(r))]))
}

func (a *Answers) oauth(m *yaml.Node) {
	if a.Found == nil || a.Found.OAuth.Issuer == "" {
		return
	}
	o := mapping("issuer", scalar(a.Found.OAuth.Issuer))
	if len(a.Found.OAuth.Scopes) > 0 {
		set(o, "scopes", flow(words(a.Found.OAuth.Scopes)))
	}
	set(m, "oauth", flow(o))
}

func (a *Answers) services() *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for _, s := range a.Services {
		list.Content = append(list.Content, serviceNode(s))
	}
	return list
}

// sampleServices keeps those of the sample that are offered, marked.
func (a *Answers) sampleServices(m *yaml.Node) {
	list := field(m, "services")
	list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool {
		use := provider.Use(field(n, "use").Value)
		return len(a.Uses) > 0 && !slices.Contains(a.Uses, use)
	})
	for _, n := range list.Content {
		n.LineComment = "# sample"
	}
}

// guessed is a service as it might be, for a comment.
func guessed(u provider.Use, domain string) *yaml.Node {
	host := map[provider.Use]string{provider.POP3: "pop", provider.Submit: "smtp", provider.CalDAV: "dav", provider.CardDAV: "dav", provider.JMAP: "api"}[u]
	if host == "" {
		host = string(u)
	}
	s := provider.Service{Use: u, Host: host + "." + domain, Security: provider.TLS, Auth: []provider.Auth{provider.Password}, Login: "{address}"}
	if u == provider.Sieve {
		s.Security = provider.STARTTLS
	}
	if u.HasURL() {
		s.URL = "https://" + s.Host + "/.well-known/" + string(u)
	} else {
		s.Port = provider.DefaultPort(u, s.Security)
	}
	return serviceNode(s)
}

// site writes site.yaml.
func (a *Answers) site(sample []byte, id string) ([]byte, error) {
	doc, m, err := parsed(sample)
	if err != nil {
		return nil, err
	}
	var rest comments
	switch {
	case a.Name != "":
		set(m, "name", scalar(a.Name))
	case len(a.Domains) > 0:
		set(m, "name", scalar(address.DomainUnicode(a.Domains[0])))
	default:
		mark(m, "name")
	}
	set(m, "default_provider", scalar(id))
	set(m, "languages", flow(words(a.Languages)))
	if a.URL != "" {
		set(m, "url", scalar(a.URL))
	} else {
		rest.add("nobody said where customers reach this site; until then it is the address it listens on", mapping("url", scalar("https://help."+id)))
	}
	if a.TimeZone != "" {
		set(m, "time_zone", scalar(a.TimeZone))
	} else {
		rest.take(m, "time_zone", "nobody said it; until then times are in UTC")
	}
	a.components(m, &rest)
	rest.take(m, "links", "your own pages; without them the articles that need them are left out")
	rest.take(m, "contact", "nobody said how customers reach a person")
	rest.take(m, "theme", "your own look")
	return written(doc, rest)
}

func (a *Answers) languages() []string {
	if len(a.Languages) == 0 {
		return []string{"en"}
	}
	return a.Languages
}

// components keeps those whose services are offered.
func (a *Answers) components(m *yaml.Node, rest *comments) {
	list := field(m, "components")
	away := &yaml.Node{Kind: yaml.SequenceNode}
	list.Content = slices.DeleteFunc(list.Content, func(n *yaml.Node) bool {
		services := field(n, "services").Content
		id := field(n, "id").Value
		keep := id == "mail" || id == "network" || slices.ContainsFunc(services, func(s *yaml.Node) bool { return a.offers(provider.Use(s.Value)) })
		if !keep {
			away.Content = append(away.Content, n)
		}
		return !keep
	})
	if len(away.Content) > 0 {
		rest.add("parts of the service that nobody named; move those that you have to components:", away)
	}
}

func (a *Answers) offers(u provider.Use) bool {
	if len(a.Domains) == 0 {
		return len(a.Uses) == 0 || slices.Contains(a.Uses, u)
	}
	return slices.ContainsFunc(a.Services, func(s provider.Service) bool { return s.Use == u })
}

var sampleMark = regexp.MustCompile(`^[ \t]*(?:- )?(.*?)[ \t]+# sample[ \t]*$`)

// Leftovers names the values that are still those of the sample, in site.yaml
// and the provider descriptions of a content folder.
func Leftovers(fsys fs.FS) problem.List {
	var problems problem.List
	names, _ := fs.Glob(fsys, "providers/*.yaml")
	for _, name := range append([]string{siteFile}, names...) {
		src, err := fs.ReadFile(fsys, path.Clean(name))
		if err != nil {
			continue
		}
		for i, line := range bytes.Split(src, []byte("\n")) {
			if m := sampleMark.FindSubmatch(bytes.TrimRight(line, "\r")); m != nil {
				problems.Warnf(name, i+1, `replace it, or delete the comment "# sample" to keep it`, "this value is still that of the sample: %s", fmt.Sprintf("%.80s", m[1]))
			}
		}
	}
	return problems
}
