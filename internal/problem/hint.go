package problem

import "errors"

// hinted is an error with what to do about it.
type hinted struct {
	error
	hint string
}

func (e hinted) Unwrap() error { return e.error }

// Hinted returns the error with what to do about it.
func Hinted(err error, hint string) error { return hinted{err, hint} }

// HintOf returns what to do about an error, or "".
func HintOf(err error) string {
	var h hinted
	if errors.As(err, &h) {
		return h.hint
	}
	return ""
}
