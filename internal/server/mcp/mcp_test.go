package mcp

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"signpost/internal/server/web"
)

func TestToolThatPanics(t *testing.T) {
	var log bytes.Buffer
	app := &web.App{Log: slog.New(slog.NewTextHandler(&log, nil))}
	_, err := sheltered(app, "suggest", "a customer's words", func(string) (int, error) { panic("out of range") })
	if err == nil || strings.Contains(err.Error(), "range") {
		t.Errorf("the caller gets %v", err)
	}
	if text := log.String(); !strings.Contains(text, "tool=suggest") || !strings.Contains(text, "out of range") || strings.Contains(text, "customer's words") {
		t.Errorf("the log says %q", text)
	}
	refused := errors.New("no")
	if n, err := sheltered(app, "suggest", 1, func(n int) (int, error) { return n, refused }); n != 1 || !errors.Is(err, refused) {
		t.Errorf("%d, %v", n, err)
	}
}
