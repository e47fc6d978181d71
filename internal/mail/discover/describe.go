package discover

import (
	"bytes"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
)

// The sample's articles speak of these; what a domain does not publish is
// guessed, and marked as a guess.
var spokenOf = []struct {
	use      provider.Use
	name     string // below the domain
	security provider.Security
}{
	{provider.IMAP, "imap", provider.TLS},
	{provider.POP3, "pop", provider.TLS},
	{provider.Submit, "smtp", provider.TLS},
	{provider.CalDAV, "dav", ""},
	{provider.CardDAV, "dav", ""},
	{provider.Sieve, "", provider.STARTTLS},
}

// guess adds the services and mail exchangers that are missing, and names them.
func (r *Found) guess() []string {
	var guesses []string
	domain := r.Domains[0]
	r.published = len(r.Services)
	add := func(s provider.Service, label string) {
		s.Auth, s.Login = []provider.Auth{provider.Password}, "{address}"
		r.Services = append(r.Services, s)
		guesses = append(guesses, label)
	}
	for _, g := range spokenOf {
		if _, ok := r.first(g.use); ok {
			continue
		}
		s := provider.Service{Use: g.use, Host: g.name + "." + domain, Security: g.security}
		if g.use == provider.Sieve {
			imap, _ := r.first(provider.IMAP)
			s.Host = imap.Host
		}
		if g.use.HasURL() {
			s.URL, s.Host = "https://"+s.Host+"/.well-known/"+string(g.use), ""
		}
		s.Port = provider.DefaultPort(s.Use, s.Security)
		add(s, string(g.use))
	}
	if submit, _ := r.first(provider.Submit); r.count(provider.Submit) == 1 {
		other := provider.STARTTLS
		if submit.Security == provider.STARTTLS {
			other = provider.TLS
		}
		add(provider.Service{Use: provider.Submit, Host: submit.Host, Security: other, Port: provider.DefaultPort(provider.Submit, other)}, "the second submit")
	}
	for n := len(r.mx) + 1; n <= 2; n++ {
		r.mx = append(r.mx, "mx"+strconv.Itoa(n)+"."+domain)
		guesses = append(guesses, "the mail exchanger "+r.mx[n-1])
	}
	return append(guesses, "hosted.spf", "hosted.dkim")
}

func (r *Found) first(u provider.Use) (provider.Service, bool) {
	for _, s := range r.Services {
		if s.Use == u {
			return s, true
		}
	}
	return provider.Service{}, false
}

func (r *Found) count(u provider.Use) int {
	n := 0
	for _, s := range r.Services {
		if s.Use == u {
			n++
		}
	}
	return n
}

// Describe writes the description over the sample's, whose own values and
// articles stay. It adds what the articles speak of and the domain does not
// publish, and names these guesses.
func (r *Found) Describe(sample []byte) (src []byte, guesses []string, err error) {
	guesses = r.guess()
	src, err = r.file(sample)
	return src, guesses, err
}

func (r *Found) file(sample []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(sample, &doc); err != nil {
		return nil, err
	}
	m := doc.Content[0]
	domain := r.Domains[0]
	name := r.name
	if name == "" {
		name = address.DomainUnicode(domain)
	}
	short := r.short
	if short == "" || len([]rune(short)) > 12 {
		short = string([]rune(name)[:min(12, len([]rune(name)))])
	}
	hosted := mapping(
		"mx", flow(words(r.mx)), "spf", scalar("spf."+domain),
		"dkim", flow(mapping("sel1", scalar("sel1.dkim."+domain), "sel2", scalar("sel2.dkim."+domain))))
	field(hosted, "spf").LineComment = "# a guess: what your customers put into their DNS"
	field(hosted, "dkim").LineComment = "# a guess"
	services := &yaml.Node{Kind: yaml.SequenceNode}
	for i, s := range r.Services {
		item := serviceNode(s)
		if i >= r.published {
			item.LineComment = "# a guess: not published by " + domain
		}
		services.Content = append(services.Content, item)
	}
	set(m, "provider", scalar(domain))
	set(m, "name", scalar(name))
	set(m, "short", scalar(short))
	set(m, "domains", flow(words(r.Domains)))
	set(m, "hosted", hosted)
	set(m, "services", services)
	remove(m, "except")
	if remove(m, "webmail"); r.webmail != "" {
		set(m, "webmail", scalar(r.webmail))
	}
	rename(field(m, "profile"), name)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

func scalar(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func words(list []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, s := range list {
		n.Content = append(n.Content, scalar(s))
	}
	return n
}

// mapping makes a mapping of names, each followed by its value, a *yaml.Node.
func mapping(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i+1 < len(pairs); i += 2 {
		set(n, pairs[i].(string), pairs[i+1].(*yaml.Node))
	}
	return n
}

func flow(n *yaml.Node) *yaml.Node {
	n.Style = yaml.FlowStyle
	return n
}

// field returns the value of a key, an empty node when there is none.
func field(m *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return &yaml.Node{}
}

func set(m *yaml.Node, key string, value *yaml.Node) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content[i+1] = value
			return
		}
	}
	m.Content = append(m.Content, scalar(key), value)
}

func remove(m *yaml.Node, key string) {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			m.Content = append(m.Content[:i], m.Content[i+2:]...)
			return
		}
	}
}

// rename puts the provider's name in the place of the sample's, in every
// language.
func rename(n *yaml.Node, name string) {
	if n.Kind == yaml.ScalarNode {
		n.Value = strings.NewReplacer("Example Mail", name, "Eksempelpost", name, "Beispielpost", name).Replace(n.Value)
	}
	for _, c := range n.Content {
		rename(c, name)
	}
}

// serviceNode is one line of services; what is usual is left out.
func serviceNode(s provider.Service) *yaml.Node {
	n := mapping("use", scalar(string(s.Use)))
	if s.Use.HasURL() {
		set(n, "url", scalar(s.URL))
	} else {
		set(n, "host", scalar(address.DomainUnicode(s.Host)))
		if s.Security != provider.TLS {
			set(n, "security", scalar(string(s.Security)))
		}
		if s.Port != provider.DefaultPort(s.Use, s.Security) {
			set(n, "port", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(s.Port)})
		}
	}
	if len(s.Auth) != 1 || s.Auth[0] != provider.Password {
		var auth []string
		for _, a := range s.Auth {
			auth = append(auth, string(a))
		}
		set(n, "auth", flow(words(auth)))
	}
	if s.Login != "{address}" {
		set(n, "login", scalar(s.Login))
	}
	return flow(n)
}
