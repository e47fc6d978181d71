package locale

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// text is a parsed catalogue entry.
type text struct {
	other []segment
	forms map[string][]segment // by plural form, also other; nil = no plural forms
}

// segment is a literal or, when arg is set, the name of an argument.
type segment struct {
	literal string
	arg     string
}

// parse reads a text; forms are the plural forms of its language, all of which
// must be there when any is.
func parse(n *yaml.Node, forms []string) (text, error) {
	switch n.Kind {
	case yaml.ScalarNode:
		segs, err := segments(n.Value)
		return text{other: segs}, err
	case yaml.MappingNode:
		t := text{forms: map[string][]segment{}}
		for i := 0; i+1 < len(n.Content); i += 2 {
			form := n.Content[i].Value
			if !slices.Contains(forms, form) {
				return t, fmt.Errorf("%q is not a plural form of this language; its forms are: %s", form, strings.Join(forms, ", "))
			}
			segs, err := segments(n.Content[i+1].Value)
			if err != nil {
				return t, err
			}
			t.forms[form] = segs
		}
		if len(t.forms) < len(forms) {
			return t, fmt.Errorf("requires the plural forms %s", strings.Join(forms, ", "))
		}
		t.other = t.forms["other"]
		return t, nil
	}
	return text{}, fmt.Errorf("neither a text nor plural forms")
}

func segments(s string) ([]segment, error) {
	out := []segment{}
	for s != "" {
		before, rest, found := strings.Cut(s, "{")
		if before != "" {
			out = append(out, segment{literal: before})
		}
		if !found {
			return out, nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" || strings.ContainsAny(name, " {") {
			return nil, fmt.Errorf("a brace that does not enclose the name of an argument")
		}
		out = append(out, segment{arg: name})
		s = after
	}
	return out, nil
}

func (t text) plural() bool { return t.forms != nil }

func (t text) arguments() []string {
	names := map[string]bool{}
	all := t.other
	for _, form := range t.forms {
		all = slices.Concat(all, form)
	}
	for _, s := range all {
		if s.arg != "" {
			names[s.arg] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// T returns the text of a key. Arguments are pairs of a name and a value;
// whole numbers are written as the language does. In a text with plural forms
// the argument "n", an int, chooses the form.
func (l *Language) T(key string, pairs ...any) string {
	t, ok := l.texts[key]
	if !ok {
		return l.missing(key, pairs)
	}
	segs := t.other
	if n, isInt := argument(pairs, "n").(int); t.plural() && isInt {
		segs = t.forms[l.plural.Form(n)]
	}
	var b strings.Builder
	for _, s := range segs {
		if s.arg == "" {
			b.WriteString(s.literal)
			continue
		}
		switch v := argument(pairs, s.arg).(type) {
		case nil:
			b.WriteString("{" + s.arg + "}")
		case int:
			b.WriteString(l.Number(v))
		default:
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}

// missing is the text of a key that the language lacks.
func (l *Language) missing(key string, pairs []any) string {
	if name, ok := l.languageName(key); ok {
		return name
	}
	if l.reference != nil {
		return l.reference.T(key, pairs...)
	}
	return key
}

// Has reports whether the key exists in this language or the reference.
func (l *Language) Has(key string) bool {
	_, ok := l.texts[key]
	return ok || l.reference != nil && l.reference.Has(key)
}

func argument(pairs []any, name string) any {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return nil
}
