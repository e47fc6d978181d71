package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// defaultData is $XDG_STATE_HOME/signpost.
func defaultData() string {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "signpost")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "signpost")
	}
	return filepath.Join(home, ".local", "state", "signpost")
}

// isTerminal reports whether a person watches w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// A progress shows how far long work is: a bar on a terminal, a line every few
// seconds elsewhere. Work that ends at once shows nothing.
type progress struct {
	w    io.Writer
	what string
	tty  bool
	bar  *progressbar.ProgressBar
	last time.Time

	ended bool
}

const quietTime = 2 * time.Second

func newProgress(w io.Writer, what string) *progress {
	return &progress{w: w, what: what, tty: isTerminal(w), last: time.Now()}
}

func (p *progress) update(done, total int) {
	if p.ended {
		return
	}
	if p.bar == nil && time.Since(p.last) < quietTime {
		return
	}
	if !p.tty {
		p.last = time.Now()
		fmt.Fprintf(p.w, "%s: %d of %d\n", p.what, done, total)
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.what),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	p.bar.ChangeMax(total)
	p.bar.Set(done)
}

func (p *progress) done() {
	p.ended = true
	if p.bar != nil {
		p.bar.Finish()
		p.bar = nil
	}
}
