package statusedit

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"testing"

	"signpost/internal/content/source/change"
	"signpost/internal/server/web"
)

// Every reason has an answer of its own; what a writer can do nothing about is
// never called the writer's mistake.
func TestEveryReasonHasAnAnswer(t *testing.T) {
	for _, r := range change.Reasons() {
		var e *web.Error
		if err := postError(fmt.Errorf("outer: %w", &change.Error{Reason: r, Path: "status/a.md", Err: errors.New("why")}), ""); !errors.As(err, &e) {
			t.Fatalf("%q: %v", string(r), err)
		}
		if e.Status != statusOf[r] || e.Status < 409 || e.Status == http.StatusUnprocessableEntity || e.Cause != string(r) || e.Hint == "" || e.Detail == "" {
			t.Errorf("%q: %+v", string(r), e)
		}
	}
	for _, tt := range []struct {
		err    error
		match  string
		status int
	}{
		{change.Conflict, "hash", http.StatusPreconditionFailed},
		{change.Conflict, "", http.StatusConflict},
		{change.NoSpace, "hash", http.StatusInsufficientStorage},
		{errors.New("typed"), "", http.StatusUnprocessableEntity},
		{&os.PathError{Op: "open", Path: "x", Err: errors.New("strange")}, "", http.StatusInternalServerError},
	} {
		if got := web.AsError(postError(tt.err, tt.match)).Status; got != tt.status {
			t.Errorf("%v with the match %q: %d, want %d", tt.err, tt.match, got, tt.status)
		}
	}
}
