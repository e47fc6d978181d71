package source

import (
	"bytes"
	"testing"
)

func TestMerge(t *testing.T) {
	for _, tt := range []struct{ name, base, ours, theirs, want string }{
		{"both append", "a\n", "a\nb\n", "a\nc\n", "a\nc\nb\n"},
		{"apart", "a\nb\nc\n", "x\nb\nc\n", "a\nb\ny\n", "x\nb\ny\n"},
		{"apart, the other way", "a\nb\nc\n", "a\nb\ny\n", "x\nz\nb\nc\n", "x\nz\nb\ny\n"},
		{"the same lines", "a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n", ""},
		{"no newline at the end", "a", "a\nb", "a\nc", ""},
		{"nothing new here", "a\n", "a\n", "b\n", "b\n"},
	} {
		got, ok := merge([]byte(tt.base), []byte(tt.ours), []byte(tt.theirs))
		if string(got) != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q %t, want %q", tt.name, got, ok, tt.want)
		}
	}
}

// What one side has left alone becomes what the other has made of it.
func FuzzMerge(f *testing.F) {
	f.Add([]byte("a\nb\n"), []byte("a\nc\nb\n"), []byte("x\na\nb\n"))
	f.Fuzz(func(t *testing.T, base, ours, theirs []byte) {
		merge(base, ours, theirs)
		if got, ok := merge(base, ours, base); !ok || !bytes.Equal(got, ours) {
			t.Errorf("theirs unchanged: %q %t, want %q", got, ok, ours)
		}
	})
}
