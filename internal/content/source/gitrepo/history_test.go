package gitrepo

import (
	"slices"
	"strings"
	"testing"
)

func line(mode, name string, hash byte) string {
	return mode + " " + name + "\x00" + strings.Repeat(string(rune(hash)), 20)
}

func TestUnlike(t *testing.T) {
	a, b := line("100644", "a", 1), line("100644", "b", 1)
	dir, file := line("40000", "b", 2), line("100644", "b.md", 3)
	for _, tt := range []struct{ before, now, gone, made string }{
		{"", a + b, "", "a b"},
		{a + b, "", "a b", ""},
		{a + b, a + b, "", ""},
		{a + b, a + line("100644", "b", 2), "b", "b"},
		{a + file, a + file + dir, "", "b"}, // a folder sorts as "b/", after "b.md"
		{a + b, a + file + dir, "b", "b.md b"},
	} {
		gone, made, err := unlike([]byte(tt.before), []byte(tt.now))
		if err != nil || names(gone) != tt.gone || names(made) != tt.made {
			t.Errorf("%q -> %q: gone %q, made %q, %v", tt.before, tt.now, names(gone), names(made), err)
		}
	}
	if _, _, err := unlike(nil, []byte(a[:10])); err == nil {
		t.Error("a tree that is cut off")
	}
}

func names(entries []treeEntry) string {
	var list []string
	for _, e := range entries {
		list = append(list, e.name)
	}
	return strings.Join(list, " ")
}

func FuzzUnlike(f *testing.F) {
	f.Add([]byte(line("100644", "a", 1)), []byte(line("40000", "a", 1)))
	f.Fuzz(func(t *testing.T, before, now []byte) {
		gone, made, err := unlike(before, now)
		if err != nil {
			return
		}
		if slices.Equal(before, now) && len(gone)+len(made) > 0 {
			t.Errorf("a tree differs from itself: %v %v", gone, made)
		}
	})
}
