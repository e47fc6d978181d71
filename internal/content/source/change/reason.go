package change

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"signpost/internal/problem"
)

// A Reason is why content cannot be written. It is an error itself, for
// [errors.Is]. Its text is a stable word that programs may compare.
type Reason string

// The reasons.
const (
	ReadOnly    Reason = "read-only"    // nobody can write there: a read-only file system, a tool's folder, the sample
	NoSpace     Reason = "no-space"     // the disk or the quota is full
	Permission  Reason = "permission"   // this user may not write there
	Gone        Reason = "gone"         // the folder is missing or empty, or its disk does not answer
	Conflict    Reason = "conflict"     // the file is not the version that the writer started from
	PendingPush Reason = "pending-push" // it is kept here and waits for the repository elsewhere
)

// Reasons returns all reasons.
func Reasons() []Reason { return []Reason{ReadOnly, NoSpace, Permission, Gone, Conflict, PendingPush} }

var sentences = map[Reason]struct{ text, hint string }{
	ReadOnly:    {"the content is read-only", "mount the folder so that it can be written, or serve a Git repository: --content git+https://…"},
	NoSpace:     {"no space is left where the content is", "delete what is not needed there, or enlarge the disk or the quota"},
	Permission:  {"this program may not write where the content is", "give its user write access to the content folder and all folders in it"},
	Gone:        {"the content folder cannot be reached", "put the folder back, or mount its disk again"},
	Conflict:    {"someone else has changed the file meanwhile", "look at their version and try again"},
	PendingPush: {"the change is kept here and waits to be pushed to the repository", "see that the repository can be reached and takes pushes from this server"},
}

// Error implements error with a sentence for people.
func (r Reason) Error() string { return sentences[r].text }

// Hint says what to do about it.
func (r Reason) Hint() string { return sentences[r].hint }

// An Error is a write that failed, or one that cannot succeed.
type Error struct {
	Reason Reason
	Path   string // of the file; "" for all of the content
	Err    error  // what the system says; may be nil
	Advice string // what to do, when it is more than the reason's own hint
}

// Error implements error.
func (e *Error) Error() string {
	text := e.Reason.Error()
	if e.Path != "" {
		text = e.Path + ": " + text
	}
	if e.Err != nil {
		text += ": " + plain(e.Err)
	}
	return text
}

// Unwrap gives [errors.Is] both the reason and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Reason}
	}
	return []error{e.Reason, e.Err}
}

// Hint says what to do about it.
func (e *Error) Hint() string {
	if e.Advice != "" {
		return e.Advice
	}
	return e.Reason.Hint()
}

// ReasonOf returns why a write failed and what to do; "" for an error that has
// no reason of this package.
func ReasonOf(err error) (r Reason, hint string) {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason, e.Hint()
	}
	if errors.As(err, &r) {
		return r, r.Hint()
	}
	return "", ""
}

// unreachable are what the system says of a disk or a share that is not there.
var unreachable = []error{syscall.EIO, syscall.ENXIO, syscall.ENODEV, syscall.ESTALE, syscall.ENOTCONN, syscall.ETIMEDOUT, fs.ErrClosed}

// Classify gives an error of the system its reason. An error that has one, or
// whose reason is not known, stays as it is.
func Classify(path string, err error) error {
	if err == nil {
		return nil
	}
	if r, _ := ReasonOf(err); r != "" {
		return err
	}
	reason := Reason("")
	switch {
	case errors.Is(err, syscall.EROFS):
		reason = ReadOnly
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		reason = NoSpace
	case errors.Is(err, fs.ErrPermission):
		reason = Permission
	}
	for _, e := range unreachable {
		if reason == "" && errors.Is(err, e) {
			reason = Gone
		}
	}
	if reason == "" {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return &Error{Reason: reason, Path: path, Err: err}
}

// plain says what went wrong without the paths of this machine, control
// characters apart.
func plain(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return problem.Printable(err.Error())
}
