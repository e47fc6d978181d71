package edit

import (
	"bytes"
	"slices"
	"strings"

	"signpost/internal/content/status"
)

// newText is the file of a new post's text in another language; nil when there
// is nothing to say.
func newText(t Text, id string) ([]byte, error) {
	front, err := withSentences(nil, t.TextFront)
	if err != nil || strings.TrimSpace(t.Message) == "" {
		return front, err
	}
	return withUpdate(front, id, []string{id}, t.Message), nil
}

// withSentences changes the short sentences of a text; those that are "" stay.
// A nil text is a new one.
func withSentences(src []byte, f status.TextFront) ([]byte, error) {
	h := cut("", plain(src))
	for _, kv := range [][2]string{
		{"title", strings.Join(strings.Fields(f.Title), " ")},
		{"expect", f.Expect},
		{"who", f.Who},
		{"unaffected_text", f.UnaffectedText},
		{"action", f.Action},
		{"workaround", f.Workaround},
	} {
		if value := strings.TrimSpace(kv[1]); value != "" {
			if err := h.set(kv[0], value); err != nil {
				return nil, err
			}
		}
	}
	if len(h.lines) == 0 && len(h.body) == 0 {
		return nil, nil
	}
	return h.bytes(), nil
}

// withUpdate gives a text in another language the translation of an update (""
// as the id: what stands above the headings), in the order of ids, the post's.
// An empty message takes it away; nil is returned when nothing is left.
func withUpdate(src []byte, id string, ids []string, message string) []byte {
	text := plain(src)
	starts, headings, body := offsets("", text)
	intro := strings.Trim(string(text[body:starts[0]]), " \t\n")
	parts := map[string]string{}
	var order []string
	for i, heading := range headings {
		h := bytes.TrimSpace(text[starts[i]:starts[i+1]])
		_, rest, _ := bytes.Cut(h, []byte("\n"))
		own := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(heading), "{#"), "}")
		order = append(order, own)
		parts[own] = string(rest)
	}
	same := func(other string) func(string) bool {
		return func(x string) bool { return strings.EqualFold(x, other) }
	}
	switch i := slices.IndexFunc(order, same(id)); {
	case id == "":
		intro = strings.Trim(section("", message), "\n")
	case strings.TrimSpace(message) == "" && i >= 0:
		order = slices.Delete(order, i, i+1)
	case strings.TrimSpace(message) == "":
	case i >= 0:
		parts[order[i]] = message
	default:
		at := len(order)
		place := slices.IndexFunc(ids, same(id))
		for at > 0 && slices.IndexFunc(ids, same(order[at-1])) > place {
			at--
		}
		order = slices.Insert(order, at, id)
		parts[id] = message
	}
	out := bytes.Clone(text[:body])
	pieces := []string{}
	if intro != "" {
		pieces = append(pieces, intro+"\n")
	}
	for _, own := range order {
		pieces = append(pieces, section("## {#"+own+"}", parts[own]))
	}
	if len(out) == 0 && len(pieces) == 0 {
		return nil
	}
	if len(out) > 0 && len(pieces) > 0 {
		out = append(out, '\n')
	}
	return append(out, strings.Join(pieces, "\n")...)
}
