package sitefile

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/yamldoc"
)

// Texts is a text by language. "name: Mail" is short for the text in the
// default language.
type Texts map[string]string

// UnmarshalYAML reads either form.
func (t *Texts) UnmarshalYAML(n *yaml.Node) error {
	*t = Texts{}
	switch n.Kind {
	case yaml.ScalarNode:
		(*t)[""] = n.Value
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i+1].Kind != yaml.ScalarNode {
				return yamldoc.Hinted{Err: errors.New("each language has one text"), Line: n.Content[i].Line}
			}
			(*t)[n.Content[i].Value] = strings.TrimSpace(n.Content[i+1].Value)
		}
	default:
		return yamldoc.Hinted{Err: errors.New("this is a list, not a text"), Hint: "write a text, or {en: …, de: …}"}
	}
	return nil
}

// in returns the texts by language, with what had no language in lang.
func (t Texts) in(lang string) map[string]string {
	m := map[string]string{}
	for l, s := range t {
		if l == "" {
			l = lang
		}
		if s != "" {
			m[l] = s
		}
	}
	return m
}
