package change_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"signpost/internal/content/source/change"
)

func TestEveryReasonHasASentenceAndAHint(t *testing.T) {
	for _, r := range change.Reasons() {
		if r.Error() == "" || r.Hint() == "" {
			t.Errorf("%q: %q, %q", string(r), r.Error(), r.Hint())
		}
	}
}

func TestClassify(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want change.Reason
	}{
		{syscall.EROFS, change.ReadOnly},
		{syscall.ENOSPC, change.NoSpace},
		{syscall.EDQUOT, change.NoSpace},
		{syscall.EACCES, change.Permission},
		{syscall.EPERM, change.Permission},
		{syscall.ESTALE, change.Gone},
		{syscall.ENOTCONN, change.Gone},
		{syscall.EISDIR, ""},
		{change.Conflict, change.Conflict},
	} {
		err := change.Classify("status/a.md", &fs.PathError{Op: "openat", Path: "/srv/secret/place", Err: tt.err})
		got, hint := change.ReasonOf(err)
		if got != tt.want || (hint == "") != (tt.want == "") {
			t.Errorf("%v: %q with the hint %q, want %q", tt.err, string(got), hint, string(tt.want))
		}
		if tt.want != "" && !errors.Is(err, tt.want) {
			t.Errorf("%v is not %v", err, tt.want)
		}
		if strings.HasPrefix(err.Error(), "status/a.md: ") && strings.Contains(err.Error(), "/srv/secret") {
			t.Errorf("the error names a place of this machine: %v", err)
		}
	}
	if change.Classify("a", nil) != nil {
		t.Error("nil has a reason")
	}
	if again := change.Classify("b", fmt.Errorf("outer: %w", change.Classify("a", os.ErrPermission))); !errors.Is(again, change.Permission) || strings.Contains(again.Error(), "b:") {
		t.Errorf("classified twice: %v", again)
	}
}

func TestValid(t *testing.T) {
	for _, tt := range []struct {
		changes []change.Change
		want    string
	}{
		{nil, "nothing is to be changed"},
		{[]change.Change{{Path: "../a", Data: []byte{}}}, "not a path within"},
		{[]change.Change{{Path: ".", Data: []byte{}}}, "not a path within"},
		{[]change.Change{{Path: "a", Data: []byte{}}, {Path: "a", Expected: "x"}}, "twice"},
		{[]change.Change{{Path: "a"}}, "only a version that was read"},
		{[]change.Change{{Path: "a", Data: []byte{}}, {Path: "b", Expected: "x"}}, ""},
	} {
		err := change.Valid(tt.changes)
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.changes, err, tt.want)
		}
	}
}

func TestCurrent(t *testing.T) {
	fsys := fstest.MapFS{"a": {Data: []byte("one")}, "dir/b": {Data: []byte("x")}}
	one := change.Hash([]byte("one"))
	for _, tt := range []struct {
		c          change.Change
		done, fits bool
	}{
		{change.Change{Path: "a", Expected: one, Data: []byte("two")}, false, true},
		{change.Change{Path: "a", Expected: "", Data: []byte("two")}, false, false},
		{change.Change{Path: "a", Expected: "other", Data: []byte("two")}, false, false},
		{change.Change{Path: "a", Expected: "other", Data: []byte("one")}, true, true},
		{change.Change{Path: "a", Expected: one}, false, true},
		{change.Change{Path: "a", Expected: "other"}, false, false},
		{change.Change{Path: "new", Data: []byte{}}, false, true},
		{change.Change{Path: "gone", Expected: one, Data: []byte("two")}, false, false},
		{change.Change{Path: "gone", Expected: one}, true, true},
	} {
		_, done, err := tt.c.Current(fsys)
		if done != tt.done || (err == nil) != tt.fits || err != nil && !errors.Is(err, change.Conflict) {
			t.Errorf("%+v: done %v, %v", tt.c, done, err)
		}
	}
	if _, _, err := (change.Change{Path: "dir", Expected: one, Data: []byte{}}).Current(fsys); err == nil || errors.Is(err, change.Conflict) {
		t.Errorf("a folder: %v", err)
	}
}
