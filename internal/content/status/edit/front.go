package edit

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/problem"
)

// revisable are the keys of the front matter that tools change; the translated
// ones also with a language, as in title_de.
var revisable = []string{
	"title", "expect", "who", "unaffected_text", "action", "workaround", "affects", "unaffected", "impact", "mail", "supplier",
	"help", "pin", "expires", "superseded_by", "starts", "ends", "lasts", "approx", "resolved", "draft", "publish",
}

// silent are those whose change readers are not told of.
var silent = []string{"help", "pin", "expires", "superseded_by", "draft", "publish"}

// A head is the front matter of a file, cut so that one key can be changed while
// all other lines stay.
type head struct {
	lines [][]byte // of the YAML, each with its end
	body  []byte   // what is below
}

// cut separates the front matter of a text with LF line ends.
func cut(file string, text []byte) head {
	parts, _ := markdown.Split(file, text)
	h := head{body: parts.Body}
	for line := range bytes.Lines(parts.Front) {
		h.lines = append(h.lines, bytes.Clone(line))
	}
	return h
}

// set gives a key a value; "" takes it away.
func (h *head) set(key, value string) error {
	var line []byte
	if value != "" {
		root := &yaml.Node{Kind: yaml.MappingNode}
		appendKey(root, key, value)
		var err error
		if line, err = yaml.Marshal(root); err != nil {
			return err
		}
	}
	h.replace(key, line)
	return nil
}

// replace puts lines in the place of a key, at the end when it is not there.
func (h *head) replace(key string, lines []byte) {
	from := slices.IndexFunc(h.lines, func(line []byte) bool {
		name, _, ok := strings.Cut(string(line), ":")
		return ok && strings.TrimRight(name, " \t") == key
	})
	if from < 0 {
		if len(lines) > 0 {
			h.lines = append(h.lines, lines)
		}
		return
	}
	to := from + 1
	for to < len(h.lines) && continues(h.lines[to]) {
		to++
	}
	for to > from+1 && len(bytes.TrimSpace(h.lines[to-1])) == 0 {
		to--
	}
	var in [][]byte
	if len(lines) > 0 {
		in = [][]byte{lines}
	}
	h.lines = slices.Replace(h.lines, from, to, in...)
}

// continues reports whether a line belongs to the key above it: it is empty,
// indented, or an item of a list.
func continues(line []byte) bool {
	trimmed := bytes.TrimSpace(line)
	return len(trimmed) == 0 || line[0] == ' ' || line[0] == '\t' || trimmed[0] == '-' && (len(trimmed) == 1 || trimmed[1] == ' ')
}

// bytes puts the file together again.
func (h *head) bytes() []byte {
	if len(h.lines) == 0 {
		return h.body
	}
	text := []byte("---\n")
	for _, line := range h.lines {
		text = append(text, line...)
	}
	if text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	return slices.Concat(text, []byte("---\n"), h.body)
}

// fact reports whether a key can be changed, and whether readers are told.
func fact(key string) (told bool, err error) {
	base := key
	for _, t := range translatedKeys {
		if strings.HasPrefix(key, t+"_") && !slices.Contains(revisable, key) {
			base = t
		}
	}
	if !slices.Contains(revisable, base) {
		hint := problem.DidYouMean(key, revisable)
		if hint == "" {
			hint = "these can be: " + strings.Join(revisable, ", ")
		}
		return false, fmt.Errorf("%q cannot be changed (%s)", key, hint)
	}
	return !slices.Contains(silent, base), nil
}

var translatedKeys = []string{"title", "expect", "who", "unaffected_text", "action", "workaround"}

// revise changes keys of a front matter. told says that readers have to be.
func (h *head) revise(facts map[string]string) (told bool, err error) {
	for _, key := range slices.Sorted(maps.Keys(facts)) {
		tell, err := fact(key)
		if err != nil {
			return false, err
		}
		told = told || tell
		if err := h.set(key, strings.TrimSpace(facts[key])); err != nil {
			return false, err
		}
	}
	return told, nil
}

// windows replaces the windows.
func (h *head) windows(list []status.WindowText) error {
	if len(list) == 0 {
		h.replace("windows", nil)
		return nil
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	if err := appendWindows(root, list); err != nil {
		return err
	}
	lines, err := yaml.Marshal(root)
	if err != nil {
		return err
	}
	h.replace("windows", lines)
	return nil
}
