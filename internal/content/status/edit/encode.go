package edit

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/content/status"
)

var plainDate = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)

// encode writes front matter with its --- lines, keys in a fixed order and
// empty ones left out.
func encode(fm *status.FrontMatter) ([]byte, error) {
	root := &yaml.Node{Kind: yaml.MappingNode}
	add := func(key, value string) {
		if value != "" {
			appendKey(root, key, value)
		}
	}
	add("title", strings.Join(strings.Fields(fm.Title), " "))
	for _, key := range slices.Sorted(maps.Keys(fm.Translations)) {
		add(key, fm.Translations[key])
	}
	for _, kv := range [][2]string{
		{"kind", string(fm.Kind)},
		{"id", fm.ID},
		{"lang", fm.Lang},
		{"zone", fm.Zone},
		{"date", fm.Date},
		{"starts", fm.Starts},
		{"ends", fm.Ends},
		{"lasts", fm.Lasts},
		{"resolved", fm.Resolved},
		{"approx", yes(fm.Approx)},
		{"affects", strings.Join(fm.Affects, " ")},
		{"unaffected", strings.Join(fm.Unaffected, " ")},
		{"unaffected_text", fm.UnaffectedText},
		{"impact", fm.Impact},
		{"mail", string(fm.Mail)},
		{"supplier", fm.Supplier},
		{"expect", fm.Expect},
		{"who", fm.Who},
		{"action", fm.Action},
		{"workaround", fm.Workaround},
		{"help", strings.Join(status.Words(fm.Help), " ")},
		{"pin", fm.Pin},
		{"expires", fm.Expires},
		{"superseded_by", fm.SupersededBy},
		{"draft", yes(fm.Draft)},
		{"publish", fm.Publish},
	} {
		add(kv[0], kv[1])
	}
	if len(fm.Windows) > 0 {
		if err := appendWindows(root, fm.Windows); err != nil {
			return nil, err
		}
	}
	text, err := yaml.Marshal(root)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]byte("---\n"), text, []byte("---\n\n")), nil
}

// appendKey adds a key with a value as people type it.
func appendKey(root *yaml.Node, key, value string) {
	v := &yaml.Node{}
	v.SetString(value)
	if plainDate.MatchString(value) || value == "true" || value == "false" {
		v.Tag = "" // plain
	}
	root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, v)
}

func appendWindows(root *yaml.Node, windows []status.WindowText) error {
	list := &yaml.Node{}
	if err := list.Encode(windows); err != nil {
		return err
	}
	root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "windows"}, list)
	return nil
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return ""
}
