package source

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	quiet        = 50 * time.Millisecond // editors write a file in several steps
	longestQuiet = 500 * time.Millisecond
	pollAlone    = time.Second      // without notifications
	pollBeside   = 15 * time.Second // beside them: network folders notify nobody
)

// A watcher tells of changes. Looking at every file takes long in a large
// folder, so that after a notification only the next poll does it. It then
// tells again of what was notified, which the reader finds unchanged.
type watcher struct {
	source *Source
	notify *fsnotify.Watcher // nil when the system has none to give
	print  uint64
}

func newWatcher(s *Source) *watcher {
	w := &watcher{source: s, print: fingerprint(s.fsys)}
	if n, err := fsnotify.NewWatcher(); err == nil {
		w.notify = n
		if !w.add(".") {
			w.stopNotifications()
		}
	}
	return w
}

func (w *watcher) stopNotifications() {
	if w.notify != nil {
		w.notify.Close()
		w.notify = nil
	}
}

// add watches a folder and all folders in it; false when the system has run
// out of watches.
func (w *watcher) add(name string) bool {
	ok := true
	fs.WalkDir(w.source.fsys, name, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if d.IsDir() {
			if skip(p) {
				return fs.SkipDir
			}
			if err := w.notify.Add(filepath.Join(w.source.dir, filepath.FromSlash(p))); err != nil {
				ok = false
				return fs.SkipAll
			}
		}
		return nil
	})
	return ok
}

// skip names what is never content: hidden files, and so also Git's folder and
// the temporary files of Write.
func skip(p string) bool {
	base := p[strings.LastIndexByte(p, '/')+1:]
	return base != "." && strings.HasPrefix(base, ".")
}

func (w *watcher) run(ctx context.Context, changed func()) {
	defer w.stopNotifications()
	changed() // between the reader's first look and ours anything may have happened
	for {
		interval := pollBeside
		var events chan fsnotify.Event
		var errs chan error
		if w.notify != nil {
			events, errs = w.notify.Events, w.notify.Errors
		} else {
			interval = pollAlone
		}
		timer := time.NewTimer(interval)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case e := <-events:
			if w.relevant(e) {
				w.settle(ctx)
				changed()
			}
		case <-errs: // an overflow: something happened that was not told
			changed()
		case <-timer.C:
			if p := fingerprint(w.source.fsys); p != w.print {
				w.print = p
				changed()
			}
		}
		timer.Stop()
	}
}

func (w *watcher) relevant(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod || skip(filepath.ToSlash(e.Name)) {
		return false
	}
	if e.Has(fsnotify.Create) {
		if rel, err := filepath.Rel(w.source.dir, e.Name); err == nil {
			if !w.add(filepath.ToSlash(rel)) {
				w.stopNotifications()
			}
		}
	}
	return true
}

// settle waits until nothing more happens for a moment.
func (w *watcher) settle(ctx context.Context) {
	end := time.After(longestQuiet)
	for w.notify != nil {
		select {
		case <-ctx.Done():
			return
		case e := <-w.notify.Events:
			w.relevant(e)
		case <-time.After(quiet):
			return
		case <-end:
			return
		}
	}
}

// fingerprint changes when any file's name, size or time of change does.
func fingerprint(fsys fs.FS) uint64 {
	h := fnv.New64a()
	fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			fmt.Fprintf(h, "%s\x00!\n", p)
			return nil
		}
		if skip(p) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintf(h, "%s\x00%d\x00%d\n", p, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return h.Sum64()
}
