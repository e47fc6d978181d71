package starter

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/mail/address"
	"signpost/internal/mail/provider"
)

// comments are the parts of a file that stand in it as a comment, in order.
type comments []comment

type comment struct {
	key, why string
	node     *yaml.Node
}

func (c *comments) add(why string, n *yaml.Node) { *c = append(*c, comment{"", why, n}) }

// take moves a key of the sample into the comments.
func (c *comments) take(m *yaml.Node, key, why string) {
	if n := field(m, key); n.Kind != 0 {
		remove(m, key)
		*c = append(*c, comment{key, why, mapping(key, n)})
	}
}

func (c comments) replace(key string, n *yaml.Node, why string) {
	for i := range c {
		if c[i].key == key {
			c[i].node, c[i].why = n, why
		}
	}
}

func (c *comments) drop(key string) {
	for i := range *c {
		if (*c)[i].key == key {
			*c = append((*c)[:i], (*c)[i+1:]...)
			return
		}
	}
}

// parsed reads a YAML file whose root is a mapping.
func parsed(src []byte) (doc, root *yaml.Node, err error) {
	doc = &yaml.Node{}
	if err := yaml.Unmarshal(src, doc); err != nil {
		return nil, nil, err
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, nil, errors.New("the sample's file has no keys")
	}
	return doc, doc.Content[0], nil
}

// written encodes a file, with what is not known below it as comments.
func written(doc *yaml.Node, rest comments) ([]byte, error) {
	out, err := encoded(doc)
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(out)
	for _, c := range rest {
		text, err := encoded(c.node)
		if err != nil {
			return nil, err
		}
		b.WriteString("\n# Not published: " + c.why + "\n")
		for line := range strings.Lines(string(text)) {
			if line = strings.TrimRight(line, "\n"); !strings.HasPrefix(strings.TrimSpace(line), "#") && line != "" {
				b.WriteString("# " + line + "\n")
			}
		}
	}
	return b.Bytes(), nil
}

func encoded(n *yaml.Node) ([]byte, error) {
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		return nil, err
	}
	return b.Bytes(), enc.Close()
}

// mark says of values that they are the sample's.
func mark(m *yaml.Node, keys ...string) {
	for _, key := range keys {
		n := field(m, key)
		switch {
		case n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle == 0:
			for i := 0; i+1 < len(n.Content); i += 2 {
				n.Content[i+1].LineComment = "# sample"
			}
		case n.Kind == yaml.SequenceNode && n.Style&yaml.FlowStyle == 0:
			for _, item := range n.Content {
				item.LineComment = "# sample"
			}
		case n.Kind != 0:
			n.LineComment = "# sample"
		}
	}
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
	if s.LeaveOnServer > 0 {
		set(n, "leave-on-server", scalar(strconv.Itoa(int(s.LeaveOnServer.Hours()/24))+"d"))
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
