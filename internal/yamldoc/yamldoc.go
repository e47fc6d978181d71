// Package yamldoc reads YAML that people write by hand into Go structs, and
// says for everything it does not understand where it stands and what was
// probably meant.
//
// [Decode] is strict: an unknown or repeated key, a value of the wrong type or
// shape is an error with its line. It goes on after an error, so that a file
// is complained about once. Anchors and aliases are refused, because nobody
// needs them here and they are how a small file becomes a large one.
//
// Struct fields are named by their `yaml:"key"` tag. A type may read itself by
// having UnmarshalYAML(*yaml.Node) error; its error gets the line of the node.
package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"signpost/internal/problem"
)

// MaxSize is the largest YAML text that is read, in bytes.
const MaxSize = 1 << 20

// A Doc is a YAML document that has been read. It knows on which line of the
// file everything stands.
type Doc struct {
	path   string
	offset int // lines of the file before the document
	root   *yaml.Node
}

// Line returns the line of the file of the node reached by keys (strings) and
// indices (ints); the line of the nearest parent when there is no such node.
// For a key of a mapping it is the line of the key.
func (d *Doc) Line(steps ...any) int {
	if d == nil || d.root == nil {
		return 1
	}
	n, line := d.root, d.root.Line
	for _, step := range steps {
		next, nextLine := child(n, step)
		if next == nil {
			break
		}
		n, line = next, nextLine
	}
	return line + d.offset
}

// Has reports whether the document has a value, even an empty one, at the steps.
func (d *Doc) Has(steps ...any) bool {
	if d == nil || d.root == nil {
		return false
	}
	n := d.root
	for _, step := range steps {
		if n, _ = child(n, step); n == nil {
			return false
		}
	}
	return true
}

func child(n *yaml.Node, step any) (*yaml.Node, int) {
	switch s := step.(type) {
	case string:
		if n.Kind == yaml.MappingNode {
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == s {
					return n.Content[i+1], n.Content[i].Line
				}
			}
		}
	case int:
		if n.Kind == yaml.SequenceNode && s >= 0 && s < len(n.Content) {
			return n.Content[s], n.Content[s].Line
		}
	}
	return nil, 0
}

// Decode reads src, one YAML document, into the struct that into points to.
// The document begins after offset lines of the file at path, so that lines in
// problems are lines of the file. Whatever could be read is set, even when
// problems are returned.
func Decode(path string, src []byte, offset int, into any) (*Doc, problem.List) {
	d := &decoder{path: path, offset: offset}
	doc := &Doc{path: path, offset: offset}
	if len(src) > MaxSize {
		d.fail(1, "split it into several files", "the YAML text has %d bytes; at most %d are read", len(src), MaxSize)
		return doc, d.problems
	}
	if !utf8.Valid(src) {
		d.fail(1+bytes.Count(src[:validPrefix(src)], []byte("\n")), "save the file as UTF-8", "the text is not UTF-8")
		return doc, d.problems
	}
	dec := yaml.NewDecoder(bytes.NewReader(src))
	var root yaml.Node
	switch err := dec.Decode(&root); {
	case errors.Is(err, io.EOF):
		return doc, d.problems
	case err != nil:
		line, message := syntaxError(err)
		d.fail(line, syntaxHint(src, line), "this is not YAML: %s", message)
		return doc, d.problems
	}
	var more yaml.Node
	if err := dec.Decode(&more); err == nil {
		d.fail(more.Line, "keep one document in a file", "a second YAML document begins here")
	}
	if len(root.Content) == 0 {
		return doc, d.problems
	}
	doc.root = root.Content[0]
	if !d.refuseAliases(doc.root) {
		return doc, d.problems
	}
	if isNull(doc.root) {
		return doc, d.problems
	}
	d.value(doc.root, reflect.ValueOf(into).Elem(), "")
	return doc, d.problems
}

func validPrefix(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

func syntaxError(err error) (line int, message string) {
	m := yamlLine.FindStringSubmatch(strings.SplitN(err.Error(), "\n", 2)[0])
	if m == nil {
		return 1, err.Error()
	}
	line, _ = strconv.Atoi(m[1])
	return max(line, 1), m[2]
}

type decoder struct {
	path     string
	offset   int
	problems problem.List
}

func (d *decoder) fail(line int, hint, format string, args ...any) {
	d.problems.Errorf(d.path, line+d.offset, hint, format, args...)
}

func (d *decoder) refuseAliases(n *yaml.Node) bool {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		d.fail(n.Line, "write the value out", "anchors and aliases (& and *) are not allowed")
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = d.refuseAliases(c) && ok
	}
	return ok
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

var unmarshalerType = reflect.TypeFor[yaml.Unmarshaler]()

// value reads n into v. where is the key that leads here, for messages.
func (d *decoder) value(n *yaml.Node, v reflect.Value, where string) {
	if v.CanAddr() && v.Addr().Type().Implements(unmarshalerType) {
		if err := v.Addr().Interface().(yaml.Unmarshaler).UnmarshalYAML(n); err != nil {
			d.unmarshalError(n, where, err)
		}
		return
	}
	if isNull(n) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.value(n, p.Elem(), where)
		v.Set(p)
	case reflect.Struct:
		d.structure(n, v, where)
	case reflect.Map:
		d.mapping(n, v, where)
	case reflect.Slice:
		d.sequence(n, v, where)
	default:
		d.scalar(n, v, where)
	}
}

// A Hinted error of UnmarshalYAML carries what to do about it.
type Hinted struct {
	Err  error
	Hint string
	Line int // line of the document, 0 for the line of the node
}

func (h Hinted) Error() string { return h.Err.Error() }

func (h Hinted) Unwrap() error { return h.Err }

func (d *decoder) unmarshalError(n *yaml.Node, where string, err error) {
	line, hint := n.Line, ""
	var h Hinted
	if errors.As(err, &h) {
		hint = h.Hint
		if h.Line > 0 {
			line = h.Line
		}
	}
	d.fail(line, hint, "%s: %s", label(where), err)
}

func label(where string) string {
	if where == "" {
		return "the document"
	}
	return strconv.Quote(where)
}

func (d *decoder) structure(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.MappingNode {
		d.fail(n.Line, "write one \"key: value\" a line", "%s should have keys and values, not %s", label(where), describe(n))
		return
	}
	fields := map[string]int{}
	var names []string
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if name != "" && name != "-" {
			fields[name] = i
			names = append(names, name)
		}
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if !d.once(seen, key) {
			continue
		}
		f, ok := fields[key.Value]
		if !ok {
			d.fail(key.Line, problem.DidYouMean(key.Value, names), "unknown key %q", key.Value)
			continue
		}
		d.value(val, v.Field(f), key.Value)
	}
}

func (d *decoder) once(seen map[string]int, key *yaml.Node) bool {
	if key.Kind != yaml.ScalarNode {
		d.fail(key.Line, "", "a key must be a word, not %s", describe(key))
		return false
	}
	if first, dup := seen[key.Value]; dup {
		d.fail(key.Line, "", "the key %q stands here a second time; it is already on line %d", key.Value, first+d.offset)
		return false
	}
	seen[key.Value] = key.Line
	return true
}

func (d *decoder) mapping(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.MappingNode {
		d.fail(n.Line, "write one \"key: value\" a line", "%s should have keys and values, not %s", label(where), describe(n))
		return
	}
	m := reflect.MakeMap(v.Type())
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		if !d.once(seen, key) {
			continue
		}
		elem := reflect.New(v.Type().Elem()).Elem()
		d.value(val, elem, key.Value)
		m.SetMapIndex(reflect.ValueOf(key.Value).Convert(v.Type().Key()), elem)
	}
	v.Set(m)
}

// syntaxHint names the usual cause of a line that is not YAML; the library often
// complains about the line after it.
func syntaxHint(src []byte, line int) string {
	lines := strings.Split(string(src), "\n")
	for n := max(line-1, 1); n <= min(line, len(lines)); n++ {
		text := lines[n-1]
		switch indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))]; {
		case strings.Contains(indent, "\t"):
			return "a line begins with a tab; indent with blanks"
		case strings.Contains(text, "\u00a0"):
			return "a no-break blank stands there; write an ordinary one"
		}
	}
	return "check the indentation, and put values that contain : or # in quotes"
}

func (d *decoder) sequence(n *yaml.Node, v reflect.Value, where string) {
	items := n.Content
	if n.Kind == yaml.ScalarNode {
		items = []*yaml.Node{n} // "auth: apop" is a list of one
	} else if n.Kind != yaml.SequenceNode {
		d.fail(n.Line, "write [a, b] or one \"- item\" a line", "%s should be a list, not %s", label(where), describe(n))
		return
	}
	s := reflect.MakeSlice(v.Type(), len(items), len(items))
	for i, item := range items {
		d.value(item, s.Index(i), where)
	}
	v.Set(s)
}

func (d *decoder) scalar(n *yaml.Node, v reflect.Value, where string) {
	if n.Kind != yaml.ScalarNode {
		d.fail(n.Line, "", "%s should be %s, not %s", label(where), kindName(v.Kind()), describe(n))
		return
	}
	if v.Kind() == reflect.String {
		v.SetString(n.Value) // 1.10 and yes stay what was typed
		return
	}
	var err error
	switch {
	case (v.CanInt() || v.CanUint()) && n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		err = strconv.ErrSyntax
	case v.CanInt(): // the library takes 9.5 for 9, and 0012 for the octal number 10
		var i int64
		if i, err = strconv.ParseInt(n.Value, 10, v.Type().Bits()); err == nil {
			v.SetInt(i)
		}
	case v.CanUint():
		var u uint64
		if u, err = strconv.ParseUint(n.Value, 10, v.Type().Bits()); err == nil {
			v.SetUint(u)
		}
	default:
		err = n.Decode(v.Addr().Interface())
	}
	if err != nil {
		d.fail(n.Line, "", "%s should be %s, not %q", label(where), kindName(v.Kind()), n.Value)
	}
}

func kindName(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	default:
		return "text"
	}
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	default:
		return fmt.Sprintf("%q", n.Value)
	}
}
