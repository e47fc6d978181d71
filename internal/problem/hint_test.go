package problem

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestHintOf(t *testing.T) {
	err := fmt.Errorf("reading: %w", Hinted(io.EOF, "look again"))
	if !errors.Is(err, io.EOF) || err.Error() != "reading: EOF" || HintOf(err) != "look again" || HintOf(io.EOF) != "" {
		t.Errorf("%v, hints %q and %q", err, HintOf(err), HintOf(io.EOF))
	}
}
